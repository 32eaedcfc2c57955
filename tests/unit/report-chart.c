/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "report/roll-chart.h"
#include "report/roll-html.h"

/* What is no well-formed XML ends the test. */
static void
assert_well_formed (const char *xml)
{
  const GMarkupParser parser = { NULL };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
  g_autoptr (GError) error = NULL;

  g_markup_parse_context_parse (context, xml, (gssize) strlen (xml), &error);
  g_assert_no_error (error);
  g_markup_parse_context_end_parse (context, &error);
  g_assert_no_error (error);
}

/* Nothing but the name of the format looks like an address, and nothing is run. */
static void
assert_stands_alone (const char *svg)
{
  g_autoptr (GRegex) asks = g_regex_new ("(href|src|url\\(|@import|<script|\\son\\w+=)", G_REGEX_CASELESS, 0, NULL);
  g_auto (GStrv) parts = g_strsplit (svg, "http://www.w3.org/2000/svg", -1);
  g_autofree char *rest = g_strjoinv ("", parts);

  g_assert_false (g_regex_match (asks, rest, 0, NULL));
  g_assert_null (strstr (rest, "://"));
}

static guint
count_parts (const char *text, const char *part)
{
  guint n = 0;

  for (const char *at = text; (at = strstr (at, part)) != NULL; at += strlen (part))
    n++;
  return n;
}

static void
test_donut (void)
{
  guint counts[ROLL_N_LOOKS] = { 0 };
  RollChart chart = { "Statuses", roll_chart_status_series (), ROLL_N_LOOKS, NULL, 1, counts, TRUE };
  g_autofree char *nothing = roll_chart_donut (&chart);

  assert_well_formed (nothing);
  g_assert_cmpuint (count_parts (nothing, "<path"), ==, 0);
  counts[roll_status_look_index (ROLL_STATUS_SUCCESS)] = 5;
  g_autofree char *whole = roll_chart_donut (&chart);
  assert_well_formed (whole);
  g_assert_nonnull (strstr (whole, "aria-label=\"Statuses. Success: 5 (100.0 %)\""));
  counts[roll_status_look_index (ROLL_STATUS_ACCESS_DENIED)] = 15;
  counts[roll_status_look_index (ROLL_STATUS_NOT_STARTED)] = 20;
  g_autofree char *three = roll_chart_donut (&chart);
  assert_well_formed (three);
  assert_stands_alone (three);
  g_assert_cmpuint (count_parts (three, "<title>"), ==, 3);
  g_assert_cmpuint (count_parts (three, "class=\"on-colour\""), ==, 3);
  g_assert_nonnull (strstr (three, "Failed – Access Denied: 15 (37.5 %)"));
  g_assert_nonnull (strstr (three, ">40</text>"));
  g_autofree char *file = roll_chart_donut_file (&chart);
  assert_well_formed (file);
  assert_stands_alone (file);
  g_assert_cmpuint (count_parts (file, "rx=\"3\""), ==, 3);
}

static void
test_bars (void)
{
  const char *labels[] = { "10.1.2.0/24", "</svg><script>alert(1)</script>\x1b\xe2\x80\xae\xff" };
  guint counts[2 * ROLL_N_LOOKS] = { 0 };
  RollChart chart = { "By \"subnet\" & <more>", roll_chart_status_series (), ROLL_N_LOOKS, labels, 2, counts, TRUE };

  counts[0] = 3;
  counts[ROLL_N_LOOKS] = 1;
  counts[ROLL_N_LOOKS + 6] = G_MAXINT32;
  counts[ROLL_N_LOOKS + 7] = G_MAXINT32;
  g_autofree char *bars = roll_chart_bars (&chart);
  g_autofree char *file = roll_chart_bars_file (&chart);
  assert_well_formed (bars);
  assert_well_formed (file);
  assert_stands_alone (bars);
  assert_stands_alone (file);
  g_assert_null (strstr (bars, "<script"));
  g_assert_nonnull (strstr (bars, "&lt;script&gt;alert(1)&lt;/script&gt;\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd</text>"));
  g_assert_nonnull (strstr (bars, "Success: 1 (&lt;0.1 %)"));
  chart.n_bars = 0;
  g_autofree char *none = roll_chart_bars (&chart);
  assert_well_formed (none);
}

static void
test_signs (void)
{
  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    {
      g_autofree char *sign = roll_chart_sign (roll_chart_status_series ()[i].sign, 16);

      assert_well_formed (sign);
      g_assert_true (strstr (sign, "<path") != NULL || strstr (sign, "<circle") != NULL || strstr (sign, "<rect") != NULL);
    }
}

static void
test_text (void)
{
  g_autoptr (GString) html = g_string_new (NULL);

  roll_html_text (html, NULL);
  roll_html_text (html, "a&b<c>\"d\"'e'\n\x7f\xc3(\xe2\x80\xa8é東");
  g_assert_cmpstr (html->str, ==, "a&amp;b&lt;c&gt;&quot;d&quot;&#39;e&#39; \xef\xbf\xbd\xef\xbf\xbd(\xef\xbf\xbdé東");
  g_string_truncate (html, 0);
  roll_html_add (html, "<p>", "<", "</p>", NULL);
  g_assert_cmpstr (html->str, ==, "<p>&lt;</p>");
}

/* The colours of the window and of what is exported are the same. */
static void
test_colours (void)
{
  for (guint dark = 0; dark < 2; dark++)
    {
      g_autofree char *path = g_build_filename (g_getenv ("ROLL_SOURCE_ROOT"), "ui", dark ? "style-dark.css" : "style.css", NULL);
      g_autofree char *css = NULL;

      g_assert_true (g_file_get_contents (path, &css, NULL, NULL));
      for (guint i = 0; i < ROLL_N_LOOKS; i++)
        {
          RollStatus status = roll_status_look_status (i);
          g_autofree char *line = g_strdup_printf ("@define-color status-%s %s;", roll_status_info ((int) status)->id,
                                                   roll_status_colour (status, dark != 0));

          g_assert_nonnull (strstr (css, line));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chart/donut", test_donut);
  g_test_add_func ("/chart/bars", test_bars);
  g_test_add_func ("/chart/signs", test_signs);
  g_test_add_func ("/chart/text", test_text);
  g_test_add_func ("/chart/colours", test_colours);
  return g_test_run ();
}
