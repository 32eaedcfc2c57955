/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "status/roll-status-display.h"

G_BEGIN_DECLS

/*
 * Charts as SVG, from plain numbers. What a colour means a sign says too, every shape has its number as a title, and the whole a
 * description with all of them. Nothing in it is fetched from elsewhere.
 */

/**
 * RollChartSeries: what one colour stands for.
 * @label: in the user's language
 * @colour, @dark_colour: "#rrggbb", for a light and a dark ground
 * @sign: (nullable): the id of a status whose sign it bears: "access-denied"
 */
typedef struct
{
  const char *label;
  const char *colour;
  const char *dark_colour;
  const char *sign;
} RollChartSeries;

/* The statuses in their order of display, ROLL_N_LOOKS of them. */
const RollChartSeries *roll_chart_status_series (void);

/**
 * RollChart:
 * @title: what it shows, in the user's language
 * @series: @n_series of them
 * @labels: (nullable): of @n_bars bars; any text; a donut has none and counts as one bar
 * @counts: @n_bars times @n_series
 * @legend: with a legend, for a picture that stands alone
 */
typedef struct
{
  const char *title;
  const RollChartSeries *series;
  guint n_series;
  const char *const *labels;
  guint n_bars;
  const guint *counts;
  gboolean legend;
} RollChart;

/* An <svg> element; (transfer full). The donut keeps its form when it is scaled, bars are as wide as their place. */
char *roll_chart_donut (const RollChart *chart);
/* Each bar as long as the longest, all shares of its own total. */
char *roll_chart_bars (const RollChart *chart);

/* The same as a file: with the declaration, a legend and a style of its own. (transfer full) */
char *roll_chart_donut_file (const RollChart *chart);
char *roll_chart_bars_file (const RollChart *chart);

/* The sign of a status as an <svg> element of class "sign", in the colour of the text. (transfer full) */
char *roll_chart_sign (const char *id, guint size);
/* Style for the elements of all charts in a document: the colours of a dark ground. (transfer full) */
char *roll_chart_style (const RollChartSeries *series, guint n_series);

/* "12,345" and "12.3 %", as the user's language writes them; a share that is there is never nothing, one with a rest never all.
 * (transfer full) */
char *roll_chart_count_text (guint count);
char *roll_chart_share_text (guint count, guint64 total);

G_END_DECLS
