/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-cli.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-collected.h"
#include "cli/roll-database.h"
#include "scan/roll-export.h"

static RollExit
export_scan (const char *database, gint64 id, RollExport what, const char *path, gboolean raw)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollStore) store = roll_database_open (database);
  g_autoptr (RollScanInfo) info = store ? roll_database_get_scan (store, id) : NULL;

  if (!info)
    return ROLL_EXIT_FAILED;
  if (roll_export_write_csv (store, info->id, what, path, raw, NULL, NULL, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return ROLL_EXIT_OK;
  return roll_database_failed (error);
}

static gboolean
parse_what (const char *text, RollExport *ret_what)
{
  *ret_what = (RollExport) { ROLL_EXPORT_COMPUTERS, NULL };
  if (!text || g_ascii_strcasecmp (text, "computers") == 0)
    return TRUE;
  ret_what->table = ROLL_EXPORT_STEPS;
  if (g_ascii_strcasecmp (text, "steps") == 0)
    return TRUE;
  ret_what->table = ROLL_EXPORT_COLLECTED;
  return roll_collected_find ("export", text, "computers, steps, ", &ret_what->collector);
}

RollExit
roll_command_export (char **words)
{
  g_autofree char *database = NULL;
  g_autofree char *path = NULL;
  g_autofree char *what_text = NULL;
  g_auto (GStrv) rest = NULL;
  gboolean raw = FALSE;
  const GOptionEntry entries[] = {
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &path, N_ ("Where to write; - is standard output"), N_ ("FILE") },
    { "csv-raw", 0, 0, G_OPTION_ARG_NONE, &raw,
      N_ ("Leave cells alone that a spreadsheet would take for a formula"), NULL },
    { "what", 0, 0, G_OPTION_ARG_FILENAME, &what_text,
      N_ ("One row per computer (the default), per step, or per row of what was collected"),
      N_ ("computers|steps|software|CLASS") },
    ROLL_DATABASE_OPTION (database),
    G_OPTION_ENTRY_NULL,
  };
  RollExport what;
  RollExit status;
  gint64 id;

  if (!roll_arguments_parse ("export", entries, _ ("Without ID: the newest scan."), words, &rest, &status))
    return status;
  if (!roll_arguments_only_scan_id ("export", rest, &id) || !parse_what (what_text, &what))
    return ROLL_EXIT_USAGE;
  if (!path)
    return roll_arguments_wrong ("export",
                                 _ ("Say where to write with --csv FILE, or --csv - for standard output."));
  return export_scan (database, id, what, path, raw);
}
