/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-chart-private.h"
#include "report/roll-html.h"

/* In pixels. Widths are shares of the place there is, so that text stays as large as it is on a narrow screen. */
#define ROW_HEIGHT 44
#define TEXT_BASE 14
#define BAR_TOP 20
#define BAR_HEIGHT 16
#define SIGN_SIZE 11.0
#define SIGN_MIN_SHARE 5.0 /* of 100: a narrower piece has no room for its sign */

#define FILE_WIDTH 720
#define FILE_MARGIN 20
#define LEGEND_ROW 22

static void
put_share (GString *svg, const char *attribute, double share)
{
  g_string_append_printf (svg, " %s=\"", attribute);
  roll_chart_number (svg, share);
  g_string_append (svg, "%\"");
}

static void
put_piece (GString *svg, const RollChart *chart, guint bar, guint series, double from, double share)
{
  const RollChartSeries *what = &chart->series[series];
  g_autofree char *title = roll_chart_describe (chart, bar, series);

  g_string_append (svg, "<svg overflow=\"visible\"");
  put_share (svg, "x", from);
  put_share (svg, "width", share);
  g_string_append_printf (svg, " height=\"%d\"><rect width=\"100%%\" height=\"%d\"", BAR_HEIGHT, BAR_HEIGHT);
  roll_chart_colour (svg, what);
  roll_html_add (svg, "><title>", title, "</title></rect>", NULL);
  /* The line between two pieces is seen whatever their colours. */
  if (from > 0)
    g_string_append_printf (svg, "<rect class=\"gap\" width=\"1.5\" height=\"%d\" fill=\"#fff\"/>", BAR_HEIGHT);
  if (what->sign != NULL && share >= SIGN_MIN_SHARE)
    roll_chart_put_sign (svg, what->sign, 4, (BAR_HEIGHT - SIGN_SIZE) / 2, SIGN_SIZE);
  g_string_append (svg, "</svg>");
}

static void
put_bar (GString *svg, const RollChart *chart, guint bar, guint y)
{
  guint64 total = roll_chart_total (chart, bar);
  g_autofree char *count = roll_chart_count_text ((guint) MIN (total, G_MAXUINT));
  double at = 0;

  g_string_append_printf (svg, "<svg y=\"%u\" width=\"100%%\" height=\"%d\" font-size=\"13\"><text y=\"%d\" ", y, ROW_HEIGHT,
                          TEXT_BASE);
  roll_html_add (svg, "fill=\"currentColor\">", chart->labels[bar], "</text>", NULL);
  g_string_append_printf (svg, "<text x=\"100%%\" y=\"%d\" text-anchor=\"end\" fill=\"currentColor\">", TEXT_BASE);
  roll_html_add (svg, "", count, "</text>", NULL);
  g_string_append_printf (svg, "<svg y=\"%d\" width=\"100%%\" height=\"%d\">", BAR_TOP, BAR_HEIGHT);
  for (guint i = 0; i < chart->n_series; i++)
    {
      guint n = chart->counts[bar * chart->n_series + i];
      double share = total > 0 ? 100.0 * n / (double) total : 0;

      if (n > 0)
        put_piece (svg, chart, bar, i, at, share);
      at += share;
    }
  g_string_append (svg, "</svg></svg>");
}

char *
roll_chart_bars (const RollChart *chart)
{
  GString *svg = g_string_new (NULL);
  g_autofree char *size = NULL;

  g_return_val_if_fail (chart != NULL && (chart->labels != NULL || chart->n_bars == 0), NULL);

  size = g_strdup_printf ("class=\"bars\" width=\"100%%\" height=\"%u\"", chart->n_bars * ROW_HEIGHT);
  roll_chart_begin (svg, chart, size);
  for (guint i = 0; i < chart->n_bars; i++)
    put_bar (svg, chart, i, i * ROW_HEIGHT);
  g_string_append (svg, "</svg>");
  return g_string_free (svg, FALSE);
}

/* --- Files ---------------------------------------------------------------------------------------------- */

static guint
sum_series (const RollChart *chart, guint series)
{
  guint total = 0;

  for (guint i = 0; i < chart->n_bars; i++)
    total += chart->counts[i * chart->n_series + series];
  return total;
}

static guint
count_legend (const RollChart *chart)
{
  guint n = 0;

  for (guint i = 0; i < chart->n_series; i++)
    n += sum_series (chart, i) > 0;
  return n;
}

static void
put_legend (GString *svg, const RollChart *chart, guint x, guint y)
{
  guint64 total = 0;

  for (guint i = 0; i < chart->n_series; i++)
    total += sum_series (chart, i);
  for (guint i = 0; i < chart->n_series; i++)
    {
      const RollChartSeries *series = &chart->series[i];
      guint n = sum_series (chart, i);
      g_autofree char *count = roll_chart_count_text (n);
      g_autofree char *share = roll_chart_share_text (n, total);

      if (n == 0)
        continue;
      g_string_append_printf (svg, "<g transform=\"translate(%u %u)\"><rect width=\"16\" height=\"16\" rx=\"3\"", x, y);
      roll_chart_colour (svg, series);
      g_string_append (svg, "/>");
      if (series->sign != NULL)
        roll_chart_put_sign (svg, series->sign, 2.5, 2.5, SIGN_SIZE);
      roll_html_add (svg, "<text x=\"24\" y=\"13\" font-size=\"13\" fill=\"currentColor\">", series->label, "  ", count, " (",
                     share, ")</text></g>", NULL);
      y += LEGEND_ROW;
    }
}

/* The ground and the text follow the dark or light of whoever looks at it; on paper it is light. */
static GString *
begin_file (const RollChart *chart, guint height)
{
  GString *svg = g_string_new ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
  g_autofree char *style = roll_chart_style (chart->series, chart->n_series);
  g_autofree char *size = g_strdup_printf ("width=\"%d\" height=\"%u\" font-family=\"sans-serif\" color=\"#1c1c20\"", FILE_WIDTH,
                                           height);

  roll_chart_begin (svg, chart, size);
  g_string_append_printf (svg, "<style>%s@media screen and (prefers-color-scheme:dark){svg{color:#f2f2f4}"
                               ".ground,.gap{fill:#1c1c20}}</style>", style);
  g_string_append (svg, "<rect class=\"ground\" width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
  g_string_append_printf (svg, "<text x=\"%d\" y=\"36\" font-size=\"18\" font-weight=\"600\" fill=\"currentColor\">", FILE_MARGIN);
  roll_html_add (svg, "", chart->title, "</text>", NULL);
  return svg;
}

static char *
end_file (GString *svg)
{
  g_string_append (svg, "</svg>\n");
  return g_string_free (svg, FALSE);
}

char *
roll_chart_donut_file (const RollChart *chart)
{
  GString *svg;
  guint legend = chart->legend ? count_legend (chart) : 0;

  g_return_val_if_fail (chart != NULL && chart->n_bars == 1, NULL);

  svg = begin_file (chart, 60 + MAX (240, legend * LEGEND_ROW + FILE_MARGIN));
  g_string_append (svg, "<g transform=\"translate(130 170)\">");
  roll_chart_put_donut (svg, chart);
  g_string_append (svg, "</g>");
  if (legend > 0)
    put_legend (svg, chart, 270, 70);
  return end_file (svg);
}

char *
roll_chart_bars_file (const RollChart *chart)
{
  GString *svg;
  guint legend = chart->legend ? count_legend (chart) : 0;
  guint below = 60 + chart->n_bars * ROW_HEIGHT;

  g_return_val_if_fail (chart != NULL && (chart->labels != NULL || chart->n_bars == 0), NULL);

  svg = begin_file (chart, below + legend * LEGEND_ROW + FILE_MARGIN);
  g_string_append_printf (svg, "<svg x=\"%d\" y=\"56\" width=\"%d\" height=\"%u\">", FILE_MARGIN, FILE_WIDTH - 2 * FILE_MARGIN,
                          chart->n_bars * ROW_HEIGHT);
  for (guint i = 0; i < chart->n_bars; i++)
    put_bar (svg, chart, i, i * ROW_HEIGHT);
  g_string_append (svg, "</svg>");
  if (legend > 0)
    put_legend (svg, chart, FILE_MARGIN, below);
  return end_file (svg);
}
