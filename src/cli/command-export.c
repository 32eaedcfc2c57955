/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-cli.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-collected.h"
#include "cli/roll-database.h"
#include "cli/roll-interrupt.h"
#include "scan/roll-export.h"

static RollExit
export_scan (const char *database, gint64 id, const RollExport *what, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollStore) store = roll_database_open (database);
  g_autoptr (RollScanInfo) info = store ? roll_database_get_scan (store, id, database) : NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  if (!info)
    return ROLL_EXIT_FAILED;
  roll_interrupt_cancel_with (cancellable);
  if (roll_export_write (store, info->id, what, path, NULL, cancellable, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return ROLL_EXIT_OK;
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ? ROLL_EXIT_STOPPED : roll_database_failed (error);
}

static gboolean
parse_what (const char *text, RollExport *what)
{
  if (!text || g_ascii_strcasecmp (text, "computers") == 0)
    return TRUE;
  what->table = ROLL_EXPORT_STEPS;
  if (g_ascii_strcasecmp (text, "steps") == 0)
    return TRUE;
  what->table = ROLL_EXPORT_COLLECTED;
  return roll_collected_find ("export", text, "computers, steps, ", &what->collector);
}

static RollExit
redact_and_export (const char *database, gint64 id, RollExport *what, const char *path, gboolean redact)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollRedactor) redactor = redact ? roll_redactor_load (NULL, &error) : NULL;

  if (redact && !redactor)
    return roll_database_failed (error);
  what->redactor = redactor;
  return export_scan (database, id, what, path);
}

RollExit
roll_command_export (char **words)
{
  g_autofree char *database = NULL;
  g_autofree char *csv = NULL;
  g_autofree char *json_lines = NULL;
  g_autofree char *what_text = NULL;
  g_auto (GStrv) rest = NULL;
  gboolean raw = FALSE;
  gboolean redact = FALSE;
  const GOptionEntry entries[] = {
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &csv, N_ ("Write a table here; - is standard output"), N_ ("FILE") },
    { "csv-raw", 0, 0, G_OPTION_ARG_NONE, &raw,
      N_ ("Leave cells alone that a spreadsheet would take for a formula"), NULL },
    { "jsonl", 0, 0, G_OPTION_ARG_FILENAME, &json_lines, N_ ("Write JSON lines here, an object a row; - is standard output"),
      N_ ("FILE") },
    { "what", 0, 0, G_OPTION_ARG_FILENAME, &what_text,
      N_ ("One row per computer (the default), per step, or per row of what was collected"),
      N_ ("computers|steps|software|CLASS") },
    { "redact", 0, 0, G_OPTION_ARG_NONE, &redact,
      N_ ("Write tokens instead of names, addresses, domains, users, accounts, serial numbers and all text that is not known to "
          "be harmless; statuses, errors, times, sizes, kinds of hardware, Windows, services and programs stay"), NULL },
    ROLL_DATABASE_OPTION (database),
    G_OPTION_ENTRY_NULL,
  };
  RollExport what = { .table = ROLL_EXPORT_COMPUTERS };
  RollExit status;
  gint64 id;

  roll_interrupt_start ();
  if (!roll_arguments_parse ("export", entries, _ ("Without ID: the newest scan."), words, &rest, &status))
    return status;
  if (!roll_arguments_only_scan_id ("export", database, rest, &id) || !parse_what (what_text, &what))
    return ROLL_EXIT_USAGE;
  if (!csv && !json_lines)
    return roll_arguments_wrong ("export",
                                 _ ("Say where to write with --csv FILE, or --csv - for standard output."));
  if (csv && json_lines)
    return roll_arguments_wrong ("export", _ ("--csv and --jsonl are two different files: write one after the other."));
  if (json_lines && raw)
    return roll_arguments_wrong ("export", _ ("--csv-raw is for tables: JSON lines have every text as it is."));
  what.format = json_lines ? ROLL_SHEET_JSON_LINES : ROLL_SHEET_CSV;
  what.raw = raw;
  return redact_and_export (database, id, &what, csv ? csv : json_lines, redact);
}
