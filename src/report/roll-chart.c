/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-chart.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#include "report/roll-chart-private.h"
#include "report/roll-chart-signs-resource.h"
#include "report/roll-donut-geometry.h"
#include "report/roll-html.h"
#include "status/roll-resource.h"

/* The donut's own units. */
#define DONUT_OUTER 96.0
#define DONUT_INNER 66.0
#define GAP 1.2
#define SIGN_MIN_TURNS 0.035 /* a narrower slice has no room for its sign */
#define SIGN_SIZE 14.0

const RollChartSeries *
roll_chart_status_series (void)
{
  static RollChartSeries series[ROLL_N_LOOKS];
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (guint i = 0; i < ROLL_N_LOOKS; i++)
        {
          RollStatus status = roll_status_look_status (i);

          series[i].label = roll_status_label (status);
          series[i].colour = roll_status_colour (status, FALSE);
          series[i].dark_colour = roll_status_colour (status, TRUE);
          series[i].sign = roll_status_info ((int) status)->id;
        }
      g_once_init_leave (&ready, 1);
    }
  return series;
}

/* --- Words and numbers ---------------------------------------------------------------------------------- */

char *
roll_chart_count_text (guint count)
{
  return g_strdup_printf ("%'u", count);
}

char *
roll_chart_share_text (guint count, guint64 total)
{
  double share = total > 0 ? 100.0 * count / (double) total : 0;

  if (count > 0 && share < 0.1)
    return g_strdup (_("<0.1 %"));
  if (count < total && share > 99.9)
    return g_strdup (_(">99.9 %"));
  return g_strdup_printf (_("%.1f %%"), share);
}

/* Numbers in SVG have a point whatever the language. */
void
roll_chart_number (GString *svg, double number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append (svg, g_ascii_formatd (buffer, sizeof buffer, "%.3f", number));
}

guint64
roll_chart_total (const RollChart *chart, guint bar)
{
  guint64 total = 0;

  for (guint i = 0; i < chart->n_series; i++)
    total += chart->counts[bar * chart->n_series + i];
  return total;
}

/* "Success: 12 (80.0 %)" (transfer full) */
char *
roll_chart_describe (const RollChart *chart, guint bar, guint series)
{
  guint n = chart->counts[bar * chart->n_series + series];
  g_autofree char *count = roll_chart_count_text (n);
  g_autofree char *share = roll_chart_share_text (n, roll_chart_total (chart, bar));

  /* Translators: a status, how many computers, their share */
  return g_strdup_printf (_("%s: %s (%s)"), chart->series[series].label, count, share);
}

static void
describe_bar (GString *text, const RollChart *chart, guint bar)
{
  gboolean first = TRUE;

  for (guint i = 0; i < chart->n_series; i++)
    if (chart->counts[bar * chart->n_series + i] > 0)
      {
        g_autofree char *one = roll_chart_describe (chart, bar, i);

        g_string_append_printf (text, "%s%s", first ? "" : "; ", one);
        first = FALSE;
      }
}

/* The title, and all numbers for those who can't see the picture. */
void
roll_chart_begin (GString *svg, const RollChart *chart, const char *attributes)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint bar = 0; bar < chart->n_bars; bar++)
    {
      if (chart->labels != NULL)
        g_string_append_printf (all, "%s%s: ", bar > 0 ? ". " : "", chart->labels[bar]);
      describe_bar (all, chart, bar);
    }
  g_string_append_printf (svg, "<svg xmlns=\"http://www.w3.org/2000/svg\" %s role=\"img\" aria-label=\"", attributes);
  roll_html_add (svg, "", chart->title, ". ", all->str, "\">", NULL);
}

/* --- Signs ---------------------------------------------------------------------------------------------- */

/* What stands in the icon's file between its outermost tags. */
static char *
load_sign (const char *id)
{
  g_autofree char *path = g_strconcat ("/io/github/rollcall/Rollcall/signs/", id, NULL);
  g_autoptr (GBytes) bytes = g_resource_lookup_data (roll_resource_get (roll_chart_signs_get_resource), path,
                                                     G_RESOURCE_LOOKUP_FLAGS_NONE, NULL);
  g_autofree char *file = NULL;
  const char *begin, *end;

  g_return_val_if_fail (bytes != NULL, g_strdup (""));

  file = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  begin = strchr (strstr (file, "<svg"), '>') + 1;
  end = strstr (begin, "</svg>");
  return g_strndup (begin, (gsize) (end - begin));
}

char *
roll_chart_sign (const char *id, guint size)
{
  g_autofree char *body = load_sign (id);

  return g_strdup_printf ("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"sign\" width=\"%u\" height=\"%u\" viewBox=\"0 0 16 16\" "
                          "fill=\"currentColor\" aria-hidden=\"true\">%s</svg>", size, size, body);
}

void
roll_chart_put_sign (GString *svg, const char *id, double x, double y, double size)
{
  g_autofree char *body = load_sign (id);

  g_string_append (svg, "<g class=\"on-colour\" fill=\"#fff\" transform=\"translate(");
  roll_chart_number (svg, x);
  g_string_append_c (svg, ' ');
  roll_chart_number (svg, y);
  g_string_append (svg, ") scale(");
  roll_chart_number (svg, size / 16.0);
  g_string_append_printf (svg, ")\">%s</g>", body);
}

/* --- Colours -------------------------------------------------------------------------------------------- */

/* The attributes of a shape; the class lets a style have its say on a dark ground. */
void
roll_chart_colour (GString *svg, const RollChartSeries *series)
{
  g_string_append_printf (svg, " fill=\"%s\" class=\"c%s\"", series->colour, series->colour + 1);
}

char *
roll_chart_style (const RollChartSeries *series, guint n_series)
{
  GString *style = g_string_new ("@media screen and (prefers-color-scheme:dark){.on-colour{fill:#1c1c20}");

  for (guint i = 0; i < n_series; i++)
    g_string_append_printf (style, ".c%s{fill:%s}.t%s{color:%s}", series[i].colour + 1, series[i].dark_colour,
                            series[i].colour + 1, series[i].dark_colour);
  g_string_append (style, "}");
  return g_string_free (style, FALSE);
}

/* --- The donut ------------------------------------------------------------------------------------------ */

static void
put_point (GString *svg, const char *before, double radius, double turn)
{
  g_string_append (svg, before);
  roll_chart_number (svg, radius * sin (turn * 2 * G_PI));
  g_string_append_c (svg, ' ');
  roll_chart_number (svg, -radius * cos (turn * 2 * G_PI));
}

/* A ring is two circles, as an arc from a point to itself is nothing. */
static void
put_ring (GString *svg)
{
  g_string_append (svg, "M0 -96A96 96 0 1 1 0 96A96 96 0 1 1 0 -96M0 -66A66 66 0 1 0 0 66A66 66 0 1 0 0 -66");
}

static void
put_arc (GString *svg, double radius, double turn, gboolean large, gboolean clockwise)
{
  g_string_append (svg, "A");
  roll_chart_number (svg, radius);
  g_string_append_c (svg, ' ');
  roll_chart_number (svg, radius);
  g_string_append_printf (svg, " 0 %d %d ", large, clockwise);
  put_point (svg, "", radius, turn);
}

/* The gap is as wide inside as outside, so it takes more of the angle inside. */
static void
put_outline (GString *svg, const RollSlice *slice)
{
  double outer_gap = GAP / 2 / (DONUT_OUTER * 2 * G_PI);
  double inner_gap = GAP / 2 / (DONUT_INNER * 2 * G_PI);
  gboolean large = slice->end - slice->start > 0.5;

  if (slice->end - slice->start >= 1.0)
    {
      put_ring (svg);
      return;
    }
  put_point (svg, "M", DONUT_OUTER, slice->start + outer_gap);
  put_arc (svg, DONUT_OUTER, slice->end - outer_gap, large, TRUE);
  put_point (svg, "L", DONUT_INNER, slice->end - inner_gap);
  put_arc (svg, DONUT_INNER, slice->start + inner_gap, large, FALSE);
  g_string_append_c (svg, 'Z');
}

static void
put_slice (GString *svg, const RollChart *chart, const RollSlice *slice)
{
  const RollChartSeries *series = &chart->series[slice->index];
  g_autofree char *title = roll_chart_describe (chart, 0, slice->index);
  double middle = (slice->start + slice->end) / 2 * 2 * G_PI;
  double radius = (DONUT_OUTER + DONUT_INNER) / 2;

  g_string_append (svg, "<path fill-rule=\"evenodd\"");
  roll_chart_colour (svg, series);
  g_string_append (svg, " d=\"");
  put_outline (svg, slice);
  roll_html_add (svg, "\"><title>", title, "</title></path>", NULL);
  if (series->sign != NULL && slice->end - slice->start >= SIGN_MIN_TURNS)
    roll_chart_put_sign (svg, series->sign, radius * sin (middle) - SIGN_SIZE / 2, -radius * cos (middle) - SIGN_SIZE / 2,
                         SIGN_SIZE);
}

/* Around 0, 0. */
void
roll_chart_put_donut (GString *svg, const RollChart *chart)
{
  g_autoptr (GArray) slices = roll_donut_slices (chart->counts, chart->n_series);
  guint total = (guint) roll_chart_total (chart, 0);
  g_autofree char *count = roll_chart_count_text (total);

  for (guint i = 0; i < slices->len; i++)
    put_slice (svg, chart, &g_array_index (slices, RollSlice, i));
  roll_html_add (svg, "<text y=\"2\" text-anchor=\"middle\" font-size=\"30\" font-weight=\"600\" fill=\"currentColor\">", count,
                 "</text><text y=\"22\" text-anchor=\"middle\" font-size=\"12\" fill=\"currentColor\">",
                 ngettext ("computer", "computers", total), "</text>", NULL);
}

char *
roll_chart_donut (const RollChart *chart)
{
  GString *svg = g_string_new (NULL);

  g_return_val_if_fail (chart != NULL && chart->n_bars == 1, NULL);

  roll_chart_begin (svg, chart, "class=\"donut\" viewBox=\"-100 -100 200 200\"");
  roll_chart_put_donut (svg, chart);
  g_string_append (svg, "</svg>");
  return g_string_free (svg, FALSE);
}
