/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-cli.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-database.h"
#include "cli/roll-summary.h"
#include "cli/roll-table.h"
#include "cli/roll-terminal.h"

static void
add_row (RollTable *table, const RollScanInfo *info)
{
  g_autofree char *started = roll_terminal_time (info->started_at ? info->started_at : info->created_at);
  g_autofree char *name =
      info->practice ? g_strdup_printf (_ ("%s (practice)"), info->name) : g_strdup (info->name);

  roll_table_add_number (table, info->id);
  roll_table_add_cell (table, started);
  roll_table_add_cell (table, roll_summary_state_label (info));
  roll_table_add_number (table, info->n_done);
  roll_table_add_number (table, info->n_targets);
  roll_table_add_cell (table, name);
}

static void
print_table (GPtrArray *scans)
{
  g_autoptr (RollTable) table = roll_table_new ();

  roll_table_add_column (table, _ ("Scan"), ROLL_TABLE_RIGHT);
  roll_table_add_column (table, _ ("Started"), ROLL_TABLE_LEFT);
  roll_table_add_column (table, _ ("State"), ROLL_TABLE_LEFT);
  roll_table_add_column (table, _ ("Done"), ROLL_TABLE_RIGHT);
  roll_table_add_column (table, _ ("Computers"), ROLL_TABLE_RIGHT);
  roll_table_add_column (table, _ ("Name"), ROLL_TABLE_LEFT);
  for (guint i = 0; i < scans->len; i++)
    add_row (table, g_ptr_array_index (scans, i));
  roll_table_print (table, stdout);
}

static void
print_json (GPtrArray *scans)
{
  g_autoptr (RollJson) json = roll_json_new ();

  for (guint i = 0; i < scans->len; i++)
    {
      roll_json_begin_object (json, NULL);
      roll_json_string (json, "event", "listed");
      roll_summary_json (json, g_ptr_array_index (scans, i), NULL);
      roll_json_end_object (json);
      roll_json_flush_line (json);
    }
}

static RollExit
list (RollStore *store, gboolean as_json, const char *database)
{
  g_autofree char *with = roll_database_hint (database);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) scans = roll_store_list_scans (store, &error);

  if (!scans)
    return roll_database_failed (error);
  if (as_json)
    print_json (scans);
  else if (scans->len > 0)
    print_table (scans);
  else
    roll_terminal_print (stdout, _ ("No scans yet. “%s scan%s” makes one."), g_get_prgname (), with);
  return ROLL_EXIT_OK;
}

RollExit
roll_command_list (char **words)
{
  g_autofree char *database = NULL;
  gboolean as_json = FALSE;
  const GOptionEntry entries[] = {
    ROLL_DATABASE_OPTION (database),
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("One JSON object per line, newest scan first"), NULL },
    G_OPTION_ENTRY_NULL,
  };
  RollExit status;

  if (!roll_arguments_parse ("list", entries, NULL, words, NULL, &status))
    return status;
  g_autoptr (RollStore) store = roll_database_open (database);
  return store ? list (store, as_json, database) : ROLL_EXIT_FAILED;
}
