/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "report/roll-chart.h"
#include "report/roll-html.h"
#include "scan/roll-report-private.h"
#include "status/roll-causes.h"

#define FLUSH_SIZE 65536

/* --- What to do ----------------------------------------------------------------------------------------- */

static void
add_item (GString *html, const char *term, const char *text, const char *command)
{
  if (text == NULL || *text == '\0')
    return;
  roll_html_add (html, "<dt>", term, "</dt><dd>", text, "", NULL);
  if (command != NULL && *command != '\0')
    roll_html_add (html, "<code>", command, "</code>", NULL);
  g_string_append (html, "</dd>\n");
}

/* Of the cause, or where it has none of the page. */
static const RollCheck *
find_check (const RollStatusPage *page, const RollCause *cause, gboolean on_target)
{
  for (guint i = 0; cause != NULL && i < cause->n_checks; i++)
    if (cause->checks[i].on_target == on_target)
      return &cause->checks[i];
  for (guint i = 0; i < page->n_checks; i++)
    if (page->checks[i].on_target == on_target)
      return &page->checks[i];
  return NULL;
}

static void
add_fix (GString *html, const RollFix *fix)
{
  g_autofree char *term = g_strdup_printf (_("What to do (%s)"), roll_risk_label (fix->risk));

  add_item (html, term, fix->text, fix->command);
  add_item (html, _("Undo"), fix->undo, fix->undo_command);
}

void
roll_report_advice (GString *html, const RollStatusPage *page, const RollCause *cause)
{
  const RollCheck *here = find_check (page, cause, FALSE);
  const RollCheck *there = find_check (page, cause, TRUE);

  g_string_append (html, "<dl>\n");
  add_item (html, _("Likely cause"), cause != NULL ? cause->text : NULL, NULL);
  if (here != NULL)
    add_item (html, _("Check here"), here->text, here->command);
  if (there != NULL)
    add_item (html, _("Check on the target"), there->text, there->command);
  if (cause != NULL && cause->n_fixes > 0)
    add_fix (html, &cause->fixes[0]);
  else if (page->n_fixes > 0)
    add_fix (html, &page->fixes[0]);
  g_string_append (html, "</dl>\n");
}

/* --- The computers -------------------------------------------------------------------------------------- */

static void
add_computer (GString *html, const RollReport *report, const RollComputer *computer)
{
  char address[ROLL_ADDRESS_STRLEN];
  const char *name = computer->facts != NULL ? computer->facts->computer_name : NULL;
  g_autofree char *target = roll_report_show (report, ROLL_PRIVATE_NAME, computer->target, computer);
  g_autofree char *shown_address = roll_report_show (report, ROLL_PRIVATE_ADDRESS,
                                                     roll_address_format (&computer->address, address), computer);
  g_autofree char *shown_name = roll_report_show (report, ROLL_PRIVATE_NAME, name, computer);
  g_autofree char *error = computer->error.space != ROLL_ERROR_SPACE_NONE ? roll_error_format (computer->error) : NULL;
  const char *symbol = error != NULL ? roll_error_name (computer->error) : NULL;
  g_autofree char *attempts = roll_chart_count_text (computer->attempts);

  roll_html_add (html, "<tr><td><bdi>", target, "</bdi></td><td>", shown_address, "</td><td><bdi>",
                 shown_name != NULL ? shown_name : "", "</bdi></td><td>", roll_step_label (computer->step), "</td><td>",
                 error != NULL ? error : "", "", NULL);
  if (symbol != NULL && g_strcmp0 (symbol, error) != 0)
    roll_html_add (html, " ", symbol, "", NULL);
  roll_html_add (html, "</td><td class=\"n\">", attempts, "</td></tr>\n", NULL);
}

static void
flush (GString *html, RollOutputFile *file)
{
  roll_output_file_put (file, html->str, html->len);
  g_string_truncate (html, 0);
}

static void
begin_section (GString *html, const RollReport *report, guint index)
{
  const RollChartSeries *series = &roll_chart_status_series ()[index];
  const RollStatusPage *page = roll_causes_page (roll_status_look_status (index));
  g_autofree char *sign = roll_chart_sign (series->sign, 18);
  g_autofree char *count = roll_chart_count_text (report->counts[index]);
  g_autofree char *code = g_strdup_printf ("%d", (int) roll_status_look_status (index));

  g_string_append_printf (html, "<section id=\"status-%s\">\n<h3><span class=\"t%s\">%s</span> ", series->sign,
                          series->colour + 1, sign);
  roll_html_add (html, "", series->label, " <span class=\"soft\">", code, " · ", count, " ",
                 ngettext ("computer", "computers", report->counts[index]), "</span></h3>\n", NULL);
  if (page != NULL)
    roll_html_add (html, "<p>", page->meaning, "</p>\n", NULL);
}

static gboolean
add_listed (GString *html, const RollReport *report, const RollReportFailure *failure, RollOutputFile *file, guint *n_written)
{
  add_computer (html, report, failure->computer);
  if (html->len > FLUSH_SIZE)
    flush (html, file);
  return roll_report_goes_on (report, ROLL_REPORT_WRITE, ++*n_written, report->n_listed) && !roll_output_file_failed (file);
}

/* Those with one cause: what to do stands above them once. */
static gboolean
add_cause (GString *html, const RollReport *report, guint index, const RollCause *cause, RollOutputFile *file, guint *n_written)
{
  const RollStatusPage *page = roll_causes_page (roll_status_look_status (index));
  GArray *failures = report->failures[index];

  if (page != NULL)
    roll_report_advice (html, page, cause);
  roll_html_add (html, "<div class=\"scroll\"><table>\n<thead><tr><th>", _("Computer"), "</th><th>", _("Address"), "</th><th>",
                 _("Name"), "</th><th>", _("Stopped at"), "</th><th>", _("Error"), "</th><th class=\"n\">", _("Attempts"),
                 "</th></tr></thead>\n<tbody>\n", NULL);
  for (guint i = 0; i < failures->len; i++)
    {
      const RollReportFailure *failure = &g_array_index (failures, RollReportFailure, i);

      if (failure->cause == cause && !add_listed (html, report, failure, file, n_written))
        return FALSE;
    }
  g_string_append (html, "</tbody>\n</table></div>\n");
  return TRUE;
}

/* (transfer container) (element-type RollCause): in the order of the first computer; NULL among them for what has none */
static GPtrArray *
list_causes (GArray *failures)
{
  GPtrArray *causes = g_ptr_array_new ();

  for (guint i = 0; i < failures->len; i++)
    {
      gpointer cause = (gpointer) g_array_index (failures, RollReportFailure, i).cause;

      if (!g_ptr_array_find (causes, cause, NULL))
        g_ptr_array_add (causes, cause);
    }
  return causes;
}

static void
add_rest (GString *html, guint rest)
{
  g_autofree char *count = roll_chart_count_text (rest);
  g_autofree char *text = g_strdup_printf (ngettext ("%s more computer is in the exported table.",
                                                     "%s more computers are in the exported table.", rest), count);

  roll_html_add (html, "<p class=\"soft\">", text, "</p>\n", NULL);
}

static gboolean
add_section (GString *html, const RollReport *report, guint index, RollOutputFile *file, guint *n_written)
{
  GArray *failures = report->failures[index];
  g_autoptr (GPtrArray) causes = list_causes (failures);

  begin_section (html, report, index);
  for (guint i = 0; i < causes->len; i++)
    if (!add_cause (html, report, index, g_ptr_array_index (causes, i), file, n_written))
      return FALSE;
  if (failures->len < report->counts[index])
    add_rest (html, report->counts[index] - failures->len);
  g_string_append (html, "</section>\n");
  return TRUE;
}

gboolean
roll_report_failures (const RollReport *report, RollOutputFile *file)
{
  g_autoptr (GString) html = g_string_new (NULL);
  guint n_written = 0;

  if (report->failed == 0)
    return TRUE;
  roll_html_add (html, "<h2>", _("Computers that failed"), "</h2>\n", NULL);
  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    if (report->failures[i] != NULL && !add_section (html, report, i, file, &n_written))
      return FALSE;
  flush (html, file);
  return TRUE;
}
