/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-cli.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-database.h"
#include "cli/roll-resting.h"
#include "cli/roll-summary.h"

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
report (const char *database, gint64 id, gboolean as_json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollStore) store = roll_database_open (database);
  g_autoptr (RollScanInfo) info = store ? roll_database_get_scan (store, id) : NULL;

  if (!info)
    return ROLL_EXIT_FAILED;
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
  g_auto (GStrv) rest = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    ROLL_DATABASE_OPTION (database),
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("One JSON object"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  RollExit status;
  gint64 id;

  if (!roll_arguments_parse ("report", entries, _ ("Without ID: the newest scan."), words, &rest, &status))
    return status;
  if (!roll_arguments_only_scan_id ("report", rest, &id))
    return ROLL_EXIT_USAGE;
  return report (database, id, as_json);
}
