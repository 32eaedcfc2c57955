/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-summary.h"

#include <glib/gi18n.h>

#include "cli/roll-database.h"
#include "cli/roll-table.h"
#include "cli/roll-terminal.h"

const char *
roll_summary_state_id (const RollScanInfo *info)
{
  return info->interrupted ? "interrupted" : roll_scan_state_id (info->state);
}

const char *
roll_summary_state_label (const RollScanInfo *info)
{
  if (info->interrupted)
    return _ ("interrupted");
  if (info->state == ROLL_SCAN_RUNNING)
    return _ ("running");
  return info->state == ROLL_SCAN_STOPPED ? _ ("stopped") : _ ("finished");
}

void
roll_summary_print_head (FILE *stream, const RollScanInfo *info)
{
  g_autofree char *title = info->name ? g_strdup_printf (_ ("Scan %lld: %s"), (long long) info->id, info->name)
                                      : g_strdup_printf (_ ("Scan %lld"), (long long) info->id);
  g_autofree char *marked =
      info->practice ? g_strdup_printf (_ ("%s (practice)"), title) : g_steal_pointer (&title);
  g_autofree char *started = roll_terminal_time (info->started_at ? info->started_at : info->created_at);
  g_autoptr (GString) facts = g_string_new (started);

  g_string_append_printf (facts, ", %s", roll_summary_state_label (info));
  if (info->state != ROLL_SCAN_RUNNING && info->finished_at > info->started_at)
    {
      g_autofree char *duration = roll_terminal_duration (info->finished_at - info->started_at);
      g_string_append_printf (facts, _ (", took %s"), duration);
    }
  g_string_append_printf (facts, ", ");
  g_string_append_printf (facts, _ ("%'u of %'u computers done"), info->n_done, info->n_targets);

  roll_terminal_heading (stream, marked);
  roll_terminal_print (stream, "%s", facts->str);
}

static char *
share_text (guint count, guint total)
{
  double share = total ? 100.0 * count / total : 0;

  /* A share that is there is never shown as nothing, one with a rest never as everything. */
  if (count > 0 && share < 0.1)
    return g_strdup (_ ("<0.1 %"));
  if (count < total && share > 99.9)
    return g_strdup (_ (">99.9 %"));
  return g_strdup_printf (_ ("%.1f %%"), share);
}

static void
add_tally_row (RollTable *table, const RollTally *tally, guint total)
{
  g_autofree char *share = share_text (tally->count, total);
  g_autofree char *code =
      tally->status >= ROLL_STATUS_SUCCESS ? g_strdup_printf ("%d", (int) tally->status) : g_strdup ("");

  roll_table_add_cell (table, code);
  roll_table_add_cell (table, roll_status_label (tally->status));
  roll_table_add_number (table, tally->count);
  roll_table_add_cell (table, share);
}

#define UNFINISHED (ROLL_SUMMARY_N_GROUPS - 1)

guint
roll_summary_group (RollStatus status)
{
  if (status == ROLL_STATUS_SUCCESS || status == ROLL_STATUS_REACHABLE)
    return 0;
  if (status < ROLL_STATUS_SUCCESS)
    return UNFINISHED;
  return (guint) roll_status_info ((int) status)->layer;
}

const char *
roll_summary_group_label (guint group)
{
  if (group == 0)
    return _ ("Success");
  return group == UNFINISHED ? _ ("Not finished") : roll_layer_label ((RollLayer) group);
}

static guint
total_of (GArray *tally)
{
  guint total = 0;

  for (guint i = 0; i < tally->len; i++)
    total += g_array_index (tally, RollTally, i).count;
  return total;
}

static void
add_group (RollTable *table, GArray *tally, guint group, guint total)
{
  gboolean begun = FALSE;

  for (guint i = 0; i < tally->len; i++)
    {
      const RollTally *row = &g_array_index (tally, RollTally, i);
      if (row->count == 0 || roll_summary_group (row->status) != group)
        continue;
      if (!begun)
        roll_table_add_heading (table, roll_summary_group_label (group));
      begun = TRUE;
      add_tally_row (table, row, total);
    }
}

void
roll_summary_print_tally (FILE *stream, GArray *tally)
{
  g_autoptr (RollTable) table = roll_table_new ();
  guint total = total_of (tally);

  roll_table_add_column (table, _ ("Code"), ROLL_TABLE_RIGHT);
  roll_table_add_column (table, _ ("Status"), ROLL_TABLE_LEFT);
  roll_table_add_column (table, _ ("Computers"), ROLL_TABLE_RIGHT);
  roll_table_add_column (table, _ ("Share"), ROLL_TABLE_RIGHT);
  for (guint group = 0; group < ROLL_SUMMARY_N_GROUPS; group++)
    add_group (table, tally, group, total);
  roll_table_print (table, stream);
}

/* The failure met most often; 0 when there is none. */
static RollStatus
commonest_failure (GArray *tally)
{
  const RollTally *found = NULL;

  for (guint i = 0; i < tally->len; i++)
    {
      const RollTally *row = &g_array_index (tally, RollTally, i);
      if (roll_status_is_failure (row->status) && row->count > (found ? found->count : 0))
        found = row;
    }
  return found ? found->status : ROLL_STATUS_SUCCESS;
}

void
roll_summary_print_next (FILE *stream, const RollScanInfo *info, GArray *tally, const char *database)
{
  g_autofree char *with = roll_database_hint (database);
  const char *program = g_get_prgname ();
  RollStatus failure = commonest_failure (tally);

  if (failure != ROLL_STATUS_SUCCESS)
    roll_terminal_print (stream, _ ("Why and what to do:  %s explain %d"), program, (int) failure);
  roll_terminal_print (stream, _ ("One computer:        %s show%s %lld COMPUTER"), program, with,
                       (long long) info->id);
  roll_terminal_print (stream, _ ("As a table:          %s export%s %lld --csv FILE"), program, with,
                       (long long) info->id);
  if (info->state != ROLL_SCAN_FINISHED && (info->interrupted || info->state == ROLL_SCAN_STOPPED))
    roll_terminal_print (stream, _ ("Go on with it:       %s scan%s --resume %lld"), program, with,
                         (long long) info->id);
}

void
roll_summary_json_tally (RollJson *json, GArray *tally)
{
  roll_json_begin_array (json, "statuses");
  for (guint i = 0; i < tally->len; i++)
    {
      const RollTally *row = &g_array_index (tally, RollTally, i);
      roll_json_begin_object (json, NULL);
      roll_json_status (json, row->status);
      roll_json_number (json, "count", row->count);
      roll_json_end_object (json);
    }
  roll_json_end_array (json);
}

void
roll_summary_json (RollJson *json, const RollScanInfo *info, GArray *tally)
{
  roll_json_number (json, "scan", info->id);
  roll_json_string (json, "name", info->name);
  roll_json_string (json, "state", roll_summary_state_id (info));
  roll_json_boolean (json, "practice", info->practice);
  roll_json_boolean (json, "probe_only", info->probe_only);
  roll_json_number (json, "targets", info->n_targets);
  roll_json_number (json, "done", info->n_done);
  roll_json_time (json, "created_at", info->created_at);
  roll_json_time (json, "started_at", info->started_at);
  roll_json_time (json, "finished_at", info->state != ROLL_SCAN_RUNNING ? info->finished_at : 0);
  if (tally)
    roll_summary_json_tally (json, tally);
}
