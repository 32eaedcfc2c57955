/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/roll-chart.h"

G_BEGIN_DECLS

/* What the kinds of charts share. */

void roll_chart_number (GString *svg, double number);
guint64 roll_chart_total (const RollChart *chart, guint bar);
char *roll_chart_describe (const RollChart *chart, guint bar, guint series);
void roll_chart_begin (GString *svg, const RollChart *chart, const char *attributes);
void roll_chart_colour (GString *svg, const RollChartSeries *series);
void roll_chart_put_sign (GString *svg, const char *id, double x, double y, double size);
void roll_chart_put_donut (GString *svg, const RollChart *chart);

G_END_DECLS
