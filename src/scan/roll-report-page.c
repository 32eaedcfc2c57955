/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "report/roll-chart.h"
#include "report/roll-csv.h"
#include "report/roll-html.h"
#include "scan/roll-report-private.h"
#include "scan/roll-report-resource.h"
#include "status/roll-resource.h"

#define MAX_BARS 12

/* --- Head ----------------------------------------------------------------------------------------------- */

/* (transfer full) */
static char *
make_style (void)
{
  g_autoptr (GBytes) bytes = g_resource_lookup_data (roll_resource_get (roll_report_get_resource),
                                                     "/io/github/rollcall/Rollcall/report.css", G_RESOURCE_LOOKUP_FLAGS_NONE,
                                                     NULL);
  g_autofree char *charts = roll_chart_style (roll_chart_status_series (), ROLL_N_LOOKS);
  GString *style;

  g_assert (bytes != NULL);
  style = g_string_new_len (g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes));
  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    {
      const char *colour = roll_chart_status_series ()[i].colour;

      g_string_append_printf (style, ".t%s{color:%s}", colour + 1, colour);
    }
  g_string_append (style, charts);
  return g_string_free (style, FALSE);
}

/* Only this style may be used, nothing may be run and nothing be fetched, whatever stands in the page. (transfer full) */
static char *
make_policy (const char *style)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 digest[32];
  gsize length = sizeof digest;
  g_autofree char *hash = NULL;

  g_checksum_update (checksum, (const guchar *) style, -1);
  g_checksum_get_digest (checksum, digest, &length);
  hash = g_base64_encode (digest, length);
  return g_strdup_printf ("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'", hash);
}

static char *
title_of (const RollReport *report)
{
  if (report->redactor != NULL || report->info->name == NULL)
    return g_strdup_printf (_("Scan %lld"), (long long) report->info->id);
  return g_strdup (report->info->name);
}

static void
add_head (GString *html, const RollReport *report)
{
  g_autofree char *title = title_of (report);
  g_autofree char *style = make_style ();
  g_autofree char *policy = make_policy (style);

  /* Translators: the code of your language, for screen readers and hyphenation */
  roll_html_add (html, "<!DOCTYPE html>\n<html lang=\"", _("en"), "\">\n<head>\n<meta charset=\"utf-8\" />\n", NULL);
  g_string_append_printf (html, "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\" />\n", policy);
  g_string_append (html, "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n"
                         "<meta name=\"color-scheme\" content=\"light dark\" />\n<meta name=\"referrer\" content=\"no-referrer\" />\n");
  roll_html_add (html, "<title>", title, "</title>\n", NULL);
  g_string_append_printf (html, "<style>%s</style>\n</head>\n<body>\n", style);
}

static char *
duration_text (gint64 us)
{
  gint64 seconds = us / G_USEC_PER_SEC;

  if (seconds < 60)
    return g_strdup_printf (_("%lld s"), (long long) seconds);
  return g_strdup_printf (_("%lld min %02lld s"), (long long) (seconds / 60), (long long) (seconds % 60));
}

static void
add_when (GString *html, const RollReport *report)
{
  const RollScanInfo *info = report->info;
  gint64 began = info->started_at != 0 ? info->started_at : info->created_at;
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc (began / G_USEC_PER_SEC);
  g_autoptr (GDateTime) local = utc != NULL ? g_date_time_to_local (utc) : NULL;
  g_autofree char *text = local != NULL ? g_date_time_format (local, "%x %X %Z") : g_strdup ("");

  roll_html_add (html, "<p class=\"soft\">", text, "", NULL);
  if (info->state != ROLL_SCAN_RUNNING && info->finished_at > began)
    {
      g_autofree char *duration = duration_text (info->finished_at - began);

      roll_html_add (html, ", ", _("took"), " ", duration, "", NULL);
    }
  g_string_append (html, "</p>\n");
}

static void
add_note (GString *html, const char *text)
{
  roll_html_add (html, "<p class=\"note\">", text, "</p>\n", NULL);
}

static void
add_key (GString *html, guint count, guint total, const char *label)
{
  g_autofree char *number = roll_chart_count_text (count);
  g_autofree char *share = roll_chart_share_text (count, total);

  roll_html_add (html, "<div><b>", number, "</b> ", label, "", NULL);
  if (count != total)
    roll_html_add (html, " <span class=\"soft\">", share, "</span>", NULL);
  g_string_append (html, "</div>\n");
}

static void
add_summary (GString *html, const RollReport *report)
{
  g_autofree char *title = title_of (report);

  roll_html_add (html, "<header>\n<h1>", title, "</h1>\n", NULL);
  add_when (html, report);
  if (report->info->practice)
    add_note (html, _("This is the practice network: its computers exist only inside Rollcall."));
  if (report->redactor != NULL)
    add_note (html, _("Names, addresses, accounts, domains, organizational units and serial numbers are replaced by tokens. The "
                      "same token is the same thing, and addresses that begin alike are in one network."));
  if (report->info->n_done < report->total)
    add_note (html, _("The scan did not come to its end: not all computers have a result."));
  g_string_append (html, "</header>\n<div class=\"keys\">\n");
  add_key (html, report->total, report->total, ngettext ("computer", "computers", report->total));
  add_key (html, report->answered, report->total, _("successful"));
  add_key (html, report->failed, report->total, _("failed"));
  if (report->total > report->answered + report->failed)
    add_key (html, report->total - report->answered - report->failed, report->total, _("not finished"));
  g_string_append (html, "</div>\n");
}

/* --- Breakdown ------------------------------------------------------------------------------------------ */

static void
add_status_row (GString *html, const RollReport *report, guint index)
{
  const RollChartSeries *series = &roll_chart_status_series ()[index];
  RollStatus status = roll_status_look_status (index);
  g_autofree char *sign = roll_chart_sign (series->sign, 16);
  g_autofree char *code = status >= ROLL_STATUS_SUCCESS ? g_strdup_printf ("%d", (int) status) : g_strdup ("");
  g_autofree char *count = roll_chart_count_text (report->counts[index]);
  g_autofree char *share = roll_chart_share_text (report->counts[index], report->total);

  g_string_append_printf (html, "<tr><td><span class=\"t%s\">%s</span> ", series->colour + 1, sign);
  if (report->failures[index] != NULL)
    roll_html_add (html, "<a href=\"#status-", series->sign, "\">", series->label, "</a>", NULL);
  else
    roll_html_add (html, "", series->label, "", NULL);
  roll_html_add (html, "</td><td class=\"n\">", code, "</td><td class=\"n\">", count, "</td><td class=\"n\">", share,
                 "</td></tr>\n", NULL);
}

static void
add_breakdown (GString *html, const RollReport *report)
{
  RollChart chart = { _("Statuses"), roll_chart_status_series (), ROLL_N_LOOKS, NULL, 1, report->counts, FALSE };
  g_autofree char *donut = roll_chart_donut (&chart);
  int group = -1;

  roll_html_add (html, "<section>\n<h2>", _("Breakdown"), "</h2>\n<div class=\"pair\">\n", NULL);
  g_string_append_printf (html, "%s\n<div class=\"wide\">\n<table>\n", donut);
  roll_html_add (html, "<thead><tr><th>", _("Status"), "</th><th class=\"n\">", _("Code"), "</th><th class=\"n\">", _("Computers"),
                 "</th><th class=\"n\">", _("Share"), "</th></tr></thead>\n<tbody>\n", NULL);
  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    if (report->counts[i] > 0)
      {
        RollGroup its_group = roll_status_group (roll_status_look_status (i));

        if ((int) its_group != group)
          roll_html_add (html, "<tr class=\"group\"><th colspan=\"4\">", roll_group_label (its_group), "</th></tr>\n", NULL);
        group = (int) its_group;
        add_status_row (html, report, i);
      }
  g_string_append (html, "</tbody>\n</table>\n</div>\n</div>\n</section>\n");
}

/* --- Bars ----------------------------------------------------------------------------------------------- */

/* Of the statuses in @rows the ones there are, as "Success 12, Failed – Access Denied 3". */
static void
add_row_words (GString *html, const RollTallyRow *row)
{
  gboolean first = TRUE;

  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    if (row->counts[i] > 0)
      {
        g_autofree char *count = roll_chart_count_text (row->counts[i]);

        roll_html_add (html, first ? "" : ", ", roll_chart_status_series ()[i].label, " ", count, "", NULL);
        first = FALSE;
      }
}

static void
add_row (GString *html, const char *label, const RollTallyRow *row)
{
  g_autofree char *total = roll_chart_count_text (row->total);
  g_autofree char *failed = roll_chart_count_text (row->failed);

  roll_html_add (html, "<tr><td><bdi>", label, "</bdi></td><td class=\"n\">", total, "</td><td class=\"n\">", failed,
                 "</td><td>", NULL);
  add_row_words (html, row);
  g_string_append (html, "</td></tr>\n");
}

static void
add_table (GString *html, const char *what, char **labels, GPtrArray *rows)
{
  roll_html_add (html, "<div class=\"scroll\"><table>\n<thead><tr><th>", what, "</th><th class=\"n\">", _("Computers"),
                 "</th><th class=\"n\">", _("Failed"), "</th><th>", _("Statuses"), "</th></tr></thead>\n<tbody>\n", NULL);
  for (guint i = 0; i < rows->len; i++)
    add_row (html, labels[i], g_ptr_array_index (rows, i));
  g_string_append (html, "</tbody>\n</table></div>\n</section>\n");
}

typedef char *(*LabelFunc) (const RollReport *report, const char *key);

static char *
show_as_is (const RollReport *report, const char *key)
{
  return g_strdup (key);
}

static char *
show_network (const RollReport *report, const char *key)
{
  return report->redactor != NULL ? roll_redactor_network (report->redactor, key) : g_strdup (key);
}

static char *
show_place (const RollReport *report, const char *key)
{
  return roll_report_show (report, ROLL_PRIVATE_OU, key, NULL);
}

static char *
show_text (const RollReport *report, const char *key)
{
  return roll_report_show (report, ROLL_PRIVATE_TEXT, key, NULL);
}

static void
add_bars (GString *html, const RollReport *report, RollTallyTable *table, const char *title, const char *what, LabelFunc label)
{
  RollTallyRow rest;
  guint n_rest;
  g_autoptr (GPtrArray) rows = roll_tally_table_top (table, MAX_BARS, &rest, &n_rest);
  guint n = rows->len + (rest.total > 0);
  g_autofree guint *counts = g_new0 (guint, MAX (n, 1) * ROLL_N_LOOKS);
  g_auto (GStrv) labels = g_new0 (char *, n + 1);
  RollChart chart = { title, roll_chart_status_series (), ROLL_N_LOOKS, (const char *const *) labels, n, counts, FALSE };

  if (n == 0)
    return;
  for (guint i = 0; i < rows->len; i++)
    labels[i] = label (report, ((RollTallyRow *) g_ptr_array_index (rows, i))->key);
  if (rest.total > 0)
    {
      labels[rows->len] = n_rest > 0 ? g_strdup_printf (ngettext ("%u other", "%u others", n_rest), n_rest) : g_strdup (_("Others"));
      g_ptr_array_add (rows, g_memdup2 (&rest, sizeof rest));
    }
  for (guint i = 0; i < n; i++)
    memcpy (counts + i * ROLL_N_LOOKS, ((RollTallyRow *) g_ptr_array_index (rows, i))->counts, sizeof rest.counts);
  g_autofree char *bars = roll_chart_bars (&chart);
  roll_html_add (html, "<section>\n<h2>", title, "</h2>\n", NULL);
  g_string_append_printf (html, "%s\n", bars);
  add_table (html, what, labels, rows);
}

/* --- The whole ------------------------------------------------------------------------------------------ */

static void
flush (GString *html, RollOutputFile *file)
{
  roll_output_file_put (file, html->str, html->len);
  g_string_truncate (html, 0);
}

void
roll_report_page (const RollReport *report, RollOutputFile *file)
{
  g_autoptr (GString) html = g_string_new (NULL);
  char now[ROLL_TIME_STRLEN];

  add_head (html, report);
  add_summary (html, report);
  add_breakdown (html, report);
  roll_report_common (report, html);
  add_bars (html, report, report->subnets, _("By subnet"), _("Subnet"), show_network);
  add_bars (html, report, report->systems, _("By operating system"), _("Operating system"), show_text);
  add_bars (html, report, report->places, _("By organizational unit"), _("Organizational unit"), show_place);
  add_bars (html, report, report->steps, _("Where the failed ones stopped"), _("Step"), show_as_is);
  flush (html, file);
  if (!roll_report_failures (report, file))
    return;
  roll_html_add (html, "<footer>\n<p class=\"soft\">", _("Made by Rollcall"), " " ROLL_VERSION ", ",
                 roll_time_print_utc (g_get_real_time (), now), "</p>\n</footer>\n</body>\n</html>\n", NULL);
  flush (html, file);
}
