/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-cli.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-common.h"
#include "cli/roll-database.h"
#include "cli/roll-interrupt.h"
#include "cli/roll-resting.h"
#include "cli/roll-summary.h"
#include "cli/roll-terminal.h"
#include "scan/roll-report.h"

typedef struct
{
  RollScanInfo *info;
  GArray *tally;
  RollResting resting;
  GPtrArray *groups;
} Report;

static void
report_clear (Report *report)
{
  g_clear_pointer (&report->info, roll_scan_info_free);
  g_clear_pointer (&report->tally, g_array_unref);
  roll_resting_clear (&report->resting);
  g_clear_pointer (&report->groups, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Report, report_clear)

static void
print_text (const Report *report, const char *database)
{
  roll_summary_print_head (stdout, report->info);
  fputc ('\n', stdout);
  roll_summary_print_tally (stdout, report->tally);
  fputc ('\n', stdout);
  roll_resting_print (stdout, &report->resting);
  roll_common_print (stdout, report->groups, report->info, database);
  roll_summary_print_next (stdout, report->info, report->tally, database);
}

static void
print_json (const Report *report)
{
  g_autoptr (RollJson) json = roll_json_new ();

  roll_json_begin_object (json, NULL);
  roll_json_string (json, "event", "summary");
  roll_summary_json (json, report->info, report->tally);
  roll_resting_json (json, &report->resting);
  roll_common_json (json, report->groups);
  roll_json_end_object (json);
  roll_json_flush_line (json);
}

static RollExit
print_report (RollStore *store, Report *report, gboolean as_json, const char *database)
{
  g_autoptr (GError) error = NULL;

  report->tally = roll_store_tally (store, report->info->id, &error);
  if (!report->tally || !roll_resting_load (store, report->info->id, &report->resting, &error))
    return roll_database_failed (error);
  if (as_json)
    print_json (report);
  else
    print_text (report, database);
  return ROLL_EXIT_OK;
}

/* --- Files and tickets ------------------------------------------------------------------------------------------ */

static RollExit
write_html (RollStore *store, gint64 id, const char *path, RollRedactor *redactor)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  roll_interrupt_cancel_with (cancellable);
  if (roll_report_write_html (store, id, path, redactor, NULL, cancellable, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return ROLL_EXIT_OK;
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? ROLL_EXIT_STOPPED : roll_database_failed (error);
}

static RollExit
print_ticket (RollStore *store, const Report *report, guint number, RollRedactor *redactor, const char *database)
{
  g_autofree char *with = roll_database_hint (database);
  g_autoptr (GError) error = NULL;
  g_autofree char *ticket = NULL;

  if (number > report->groups->len)
    {
      roll_terminal_error (ngettext ("Scan %lld has %u common cause. See %s report%s.",
                                     "Scan %lld has %u common causes. See %s report%s.", report->groups->len),
                           (long long) report->info->id, report->groups->len, g_get_prgname (), with);
      return ROLL_EXIT_FAILED;
    }
  ticket = roll_common_cause_ticket (g_ptr_array_index (report->groups, number - 1), store, report->info->id, redactor,
                                     &error);
  if (!ticket)
    return roll_database_failed (error);
  g_auto (GStrv) lines = g_strsplit (ticket, "\n", -1);
  for (guint i = 0; lines[i] && (*lines[i] || lines[i + 1]); i++)
    roll_terminal_print (stdout, "%s", lines[i]);
  return ROLL_EXIT_OK;
}

/* What is wanted of a scan. */
typedef struct
{
  char *html;
  gboolean redact;
  gboolean as_json;
  guint ticket; /* 0: none */
} Wanted;

static RollExit
report (const char *database, gint64 id, const Wanted *wanted)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollStore) store = roll_database_open (database);
  g_auto (Report) found = { .info = store ? roll_database_get_scan (store, id, database) : NULL };
  g_autoptr (RollRedactor) redactor = NULL;

  if (!found.info)
    return ROLL_EXIT_FAILED;
  if (wanted->redact && !(redactor = roll_redactor_load (NULL, &error)))
    return roll_database_failed (error);
  if (wanted->html)
    return write_html (store, found.info->id, wanted->html, redactor);
  found.groups = roll_common_causes_find (store, found.info->id, NULL, &error);
  if (!found.groups)
    return roll_database_failed (error);
  if (wanted->ticket > 0)
    return print_ticket (store, &found, wanted->ticket, redactor, database);
  return print_report (store, &found, wanted->as_json, database);
}

static RollExit
check (const Wanted *wanted)
{
  if (wanted->html && wanted->as_json)
    return roll_arguments_wrong ("report", _ ("--html and --json are two different reports: choose one."));
  if (wanted->ticket > 0 && (wanted->html || wanted->as_json))
    return roll_arguments_wrong ("report", _ ("--ticket is a text of its own: leave out --html and --json."));
  if (wanted->redact && !wanted->html && wanted->ticket == 0)
    return roll_arguments_wrong ("report", _ ("--redact is for the page and for tickets: add --html FILE or --ticket NUMBER."));
  return ROLL_EXIT_OK;
}

RollExit
roll_command_report (char **words)
{
  g_autofree char *database = NULL, *html = NULL, *ticket = NULL;
  g_auto (GStrv) rest = NULL;
  Wanted wanted = { 0 };
  const GOptionEntry entries[] = {
    ROLL_DATABASE_OPTION (database),
    { "html", 0, 0, G_OPTION_ARG_FILENAME, &html,
      N_ ("Write a page with charts, failed computers and what to do; - is standard output"), N_ ("FILE") },
    { "ticket", 0, 0, G_OPTION_ARG_FILENAME, &ticket,
      N_ ("Only the text for a ticket about this common cause, with the list of computers"), N_ ("NUMBER") },
    { "redact", 0, 0, G_OPTION_ARG_NONE, &wanted.redact,
      N_ ("In page and ticket, tokens instead of names, addresses, accounts, domains, organizational units and serial numbers"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &wanted.as_json, N_ ("One JSON object"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  RollExit status;
  gint64 id;

  roll_interrupt_start ();
  if (!roll_arguments_parse ("report", entries, _ ("Without ID: the newest scan."), words, &rest, &status))
    return status;
  if (!roll_arguments_only_scan_id ("report", database, rest, &id))
    return ROLL_EXIT_USAGE;
  if (!roll_arguments_number ("report", "--ticket", ticket, 1, 1000, &wanted.ticket))
    return ROLL_EXIT_USAGE;
  wanted.html = html;
  status = check (&wanted);
  return status == ROLL_EXIT_OK ? report (database, id, &wanted) : status;
}
