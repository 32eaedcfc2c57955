/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-cli.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-database.h"
#include "cli/roll-resting.h"
#include "cli/roll-interrupt.h"
#include "cli/roll-summary.h"
#include "scan/roll-report.h"

static void
print_text (const RollScanInfo *info, GArray *tally, const RollResting *resting, const char *database)
{
  roll_summary_print_head (stdout, info);
  fputc ('\n', stdout);
  roll_summary_print_tally (stdout, tally);
  fputc ('\n', stdout);
  roll_resting_print (stdout, resting);
  roll_summary_print_next (stdout, info, tally, database);
}

static void
print_json (const RollScanInfo *info, GArray *tally, const RollResting *resting)
{
  g_autoptr (RollJson) json = roll_json_new ();

  roll_json_begin_object (json, NULL);
  roll_json_string (json, "event", "summary");
  roll_summary_json (json, info, tally);
  roll_resting_json (json, resting);
  roll_json_end_object (json);
  roll_json_flush_line (json);
}

static RollExit
write_html (RollStore *store, gint64 id, const char *path, gboolean redact)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollRedactor) redactor = redact ? roll_redactor_load (NULL, &error) : NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  if (redact && !redactor)
    return roll_database_failed (error);
  roll_interrupt_cancel_with (cancellable);
  if (roll_report_write_html (store, id, path, redactor, NULL, cancellable, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return ROLL_EXIT_OK;
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? ROLL_EXIT_STOPPED : roll_database_failed (error);
}

static RollExit
report (const char *database, gint64 id, const char *html, gboolean redact, gboolean as_json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollStore) store = roll_database_open (database);
  g_autoptr (RollScanInfo) info = store ? roll_database_get_scan (store, id) : NULL;

  if (!info)
    return ROLL_EXIT_FAILED;
  if (html)
    return write_html (store, info->id, html, redact);
  g_autoptr (GArray) tally = roll_store_tally (store, info->id, &error);
  g_auto (RollResting) resting = { NULL };
  if (!tally || !roll_resting_load (store, info->id, &resting, &error))
    return roll_database_failed (error);
  if (as_json)
    print_json (info, tally, &resting);
  else
    print_text (info, tally, &resting, database);
  return ROLL_EXIT_OK;
}

RollExit
roll_command_report (char **words)
{
  g_autofree char *database = NULL;
  g_autofree char *html = NULL;
  g_auto (GStrv) rest = NULL;
  gboolean as_json = FALSE;
  gboolean redact = FALSE;
  const GOptionEntry entries[] = {
    ROLL_DATABASE_OPTION (database),
    { "html", 0, 0, G_OPTION_ARG_FILENAME, &html,
      N_ ("Write a page with charts, failed computers and what to do; - is standard output"), N_ ("FILE") },
    { "redact", 0, 0, G_OPTION_ARG_NONE, &redact,
      N_ ("In the page, tokens instead of names, addresses, accounts, domains and serial numbers"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("One JSON object"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  RollExit status;
  gint64 id;

  roll_interrupt_start ();
  if (!roll_arguments_parse ("report", entries, _ ("Without ID: the newest scan."), words, &rest, &status))
    return status;
  if (!roll_arguments_only_scan_id ("report", rest, &id))
    return ROLL_EXIT_USAGE;
  if (html && as_json)
    return roll_arguments_wrong ("report", _ ("--html and --json are two different reports: choose one."));
  if (redact && !html)
    return roll_arguments_wrong ("report", _ ("--redact is for the page: add --html FILE."));
  return report (database, id, html, redact, as_json);
}
