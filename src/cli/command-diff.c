/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-cli.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-database.h"
#include "cli/roll-diff-groups.h"
#include "cli/roll-interrupt.h"
#include "cli/roll-json.h"
#include "cli/roll-summary.h"
#include "cli/roll-table.h"
#include "cli/roll-terminal.h"
#include "report/roll-sheet.h"
#include "scan/roll-compare.h"

typedef struct
{
  RollStore *store;
  RollScanInfo *before;
  RollScanInfo *after;
  RollDiffGroups *groups; /* NULL with JSON */
  RollJson *json;         /* NULL without */
  RollSheet *sheet;       /* NULL without */
  RollRedactor *redactor; /* NULL without */
  FILE *stream;           /* for people */
} Diff;

/* --- Each change --- */

static void
json_value (RollJson *json, const char *key, const char *field, const char *value)
{
  static const char *const numbers[] = { "cores", "disk", "memory_bytes", "os_revision", "processors", NULL };

  if (value && *value && g_strv_contains (numbers, field))
    roll_json_unsigned (json, key, g_ascii_strtoull (value, NULL, 10));
  else if (value)
    roll_json_text (json, key, value);
  else
    roll_json_null (json, key);
}

static void
json_change (RollJson *json, const RollChangeTexts *change)
{
  roll_json_begin_object (json, NULL);
  roll_json_string (json, "event", "change");
  roll_json_string (json, "group", roll_change_group_id (change->group));
  roll_json_string (json, "target", change->target);
  roll_json_string (json, "address", change->address);
  roll_json_string (json, "computer_name", change->computer_name);
  roll_json_string (json, "field", change->field);
  roll_json_string (json, "item", change->item);
  json_value (json, "before", change->field, change->before);
  json_value (json, "after", change->field, change->after);
  roll_json_end_object (json);
  roll_json_flush_line (json);
}

static gboolean
take_change (const RollChange *change, gpointer user_data)
{
  Diff *diff = user_data;
  g_auto (RollChangeTexts) texts = { 0 };

  roll_change_texts_init (&texts, change, diff->redactor);
  if (diff->sheet)
    roll_sheet_add_change (diff->sheet, change);
  if (diff->json && !ferror (stdout))
    json_change (diff->json, &texts);
  if (diff->groups)
    roll_diff_groups_add (diff->groups, &texts);
  /* A file is made whole, also when nobody reads standard output any more. */
  return diff->sheet ? !roll_sheet_failed (diff->sheet) : !(diff->json && ferror (stdout));
}

/* --- The whole --- */

static void
print_counts (const Diff *diff, const RollCompareTotals *totals)
{
  g_autoptr (RollTable) table = roll_table_new ();

  roll_table_add_column (table, "", ROLL_TABLE_LEFT);
  roll_table_add_column (table, "", ROLL_TABLE_RIGHT);
  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    {
      roll_table_add_cell (table, roll_change_group_label ((RollChangeGroup) i));
      roll_table_add_number (table, totals->n_changes[i]);
    }
  roll_table_print (table, diff->stream);
}

/* What stands beside the numbers and would else be taken for no change. */
static void
print_remarks (const Diff *diff, const RollCompareTotals *totals)
{
  roll_terminal_print (diff->stream,
                       ngettext ("%'u computer is in both scans, and changed are %'u.",
                                 "%'u computers are in both scans, and changed are %'u.", totals->n_matched),
                       totals->n_matched, totals->n_changed);
  if (totals->n_by_name > 0)
    roll_terminal_print (diff->stream,
                         ngettext ("%'u was found again by its serial number or name.",
                                   "%'u were found again by their serial numbers or names.", totals->n_by_name),
                         totals->n_by_name);
  roll_terminal_print (diff->stream,
                       ngettext ("Hardware and programs: %'u computer has an inventory in both.",
                                 "Hardware and programs: %'u computers have an inventory in both.",
                                 totals->n_inventory),
                       totals->n_inventory);
  if (totals->n_unfinished > 0)
    roll_terminal_print (diff->stream,
                         ngettext ("%'u computer was not asked to the end in one of them: its status is not compared.",
                                   "%'u computers were not asked to the end in one of them: their status is not "
                                   "compared.", totals->n_unfinished),
                         totals->n_unfinished);
}

/* People name scans after places and customers. */
static void
print_head (const Diff *diff, const RollScanInfo *info)
{
  g_autoptr (RollScanInfo) shown = roll_scan_info_copy (info);

  if (diff->redactor)
    g_clear_pointer (&shown->name, g_free);
  roll_summary_print_head (diff->stream, shown);
}

static void
print_text (const Diff *diff, const RollCompareTotals *totals, const char *database)
{
  g_autofree char *with = roll_database_hint (database);

  print_head (diff, diff->before);
  print_head (diff, diff->after);
  fputc ('\n', diff->stream);
  print_remarks (diff, totals);
  fputc ('\n', diff->stream);
  print_counts (diff, totals);
  roll_diff_groups_print (diff->groups, diff->stream);
  if (!roll_diff_groups_is_cut (diff->groups))
    return;
  fputc ('\n', diff->stream);
  roll_terminal_print (diff->stream, _ ("All of it as a table:  %s diff%s %lld %lld --csv FILE%s"), g_get_prgname (), with,
                       (long long) diff->before->id, (long long) diff->after->id, diff->redactor ? " --redact" : "");
}

static void
print_json (const Diff *diff, const RollCompareTotals *totals)
{
  RollJson *json = diff->json;

  roll_json_begin_object (json, NULL);
  roll_json_string (json, "event", "difference");
  roll_json_number (json, "scan_before", diff->before->id);
  roll_json_number (json, "scan_after", diff->after->id);
  roll_json_number (json, "computers_before", totals->n_before);
  roll_json_number (json, "computers_after", totals->n_after);
  roll_json_number (json, "matched", totals->n_matched);
  roll_json_number (json, "matched_by_name", totals->n_by_name);
  roll_json_number (json, "unfinished", totals->n_unfinished);
  roll_json_number (json, "with_inventory", totals->n_inventory);
  roll_json_number (json, "changed", totals->n_changed);
  roll_json_begin_object (json, "changes");
  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    roll_json_number (json, roll_change_group_id ((RollChangeGroup) i), totals->n_changes[i]);
  roll_json_end_object (json);
  roll_json_end_object (json);
  roll_json_flush_line (json);
}

/* Takes the file over, whatever happens. */
static gboolean
run (Diff *diff, RollCompareTotals *totals, GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean good;

  roll_interrupt_cancel_with (cancellable);
  good = roll_compare_scans (diff->store, diff->before->id, diff->after->id, take_change, diff, NULL, cancellable, totals,
                             error);
  if (diff->sheet && good)
    good = roll_sheet_close (diff->sheet, error);
  else
    g_clear_pointer (&diff->sheet, roll_sheet_discard);
  return good;
}

static RollExit
compare (Diff *diff, const char *csv_path, const char *database)
{
  g_autoptr (GError) error = NULL;
  RollCompareTotals totals;

  if (csv_path && !roll_store_check_output (diff->store, csv_path, &error))
    return roll_database_failed (error);
  diff->sheet = csv_path ? roll_sheet_open (csv_path, ROLL_SHEET_CSV, FALSE, diff->redactor, &error) : NULL;
  if (csv_path && !diff->sheet)
    return roll_database_failed (error);
  if (diff->sheet)
    roll_sheet_begin_changes (diff->sheet);
  if (!run (diff, &totals, &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return ROLL_EXIT_STOPPED;
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
        return ROLL_EXIT_OK;
      return roll_database_failed (error);
    }
  if (diff->json)
    print_json (diff, &totals);
  else
    print_text (diff, &totals, database);
  return ROLL_EXIT_OK;
}

static RollExit
open_and_compare (const char *database, const gint64 ids[2], const char *csv_path, gboolean as_json, gboolean redact)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollRedactor) redactor = redact ? roll_redactor_load (NULL, &error) : NULL;
  g_autoptr (RollStore) store = roll_database_open (database);
  g_autoptr (RollScanInfo) before = store ? roll_database_get_scan (store, ids[0], database) : NULL;
  g_autoptr (RollScanInfo) after = before ? roll_database_get_scan (store, ids[1], database) : NULL;
  g_autoptr (RollDiffGroups) groups = as_json ? NULL : roll_diff_groups_new ();
  g_autoptr (RollJson) json = as_json ? roll_json_new () : NULL;
  gboolean table_on_stdout = csv_path && g_str_equal (csv_path, "-");
  Diff diff = { store, before, after, groups, json, NULL, redactor, table_on_stdout ? stderr : stdout };

  if (redact && !redactor)
    return roll_database_failed (error);
  return after ? compare (&diff, csv_path, database) : ROLL_EXIT_FAILED;
}

RollExit
roll_command_diff (char **words)
{
  g_autofree char *database = NULL;
  g_autofree char *csv_path = NULL;
  g_auto (GStrv) rest = NULL;
  gboolean as_json = FALSE;
  gboolean redact = FALSE;
  const GOptionEntry entries[] = {
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &csv_path, N_ ("Write all changes as a table; - is standard output"),
      N_ ("FILE") },
    { "json", 0, 0, G_OPTION_ARG_NONE, &as_json, N_ ("One JSON object per change, then one with the counts"), NULL },
    { "redact", 0, 0, G_OPTION_ARG_NONE, &redact,
      N_ ("Tokens instead of the scans' names and of names, addresses, domains and serial numbers of computers"), NULL },
    ROLL_DATABASE_OPTION (database),
    G_OPTION_ENTRY_NULL,
  };
  RollExit status;
  gint64 ids[2];

  roll_interrupt_start ();
  if (!roll_arguments_parse ("diff", entries, _ ("The earlier scan first. “list” shows the numbers of the scans."), words,
                             &rest, &status))
    return status;
  g_autofree char *with = roll_database_hint (database);
  if (g_strv_length (rest) != 2)
    return roll_arguments_wrong ("diff", _ ("Name two scans by their numbers. “%s list%s” shows them."), g_get_prgname (),
                                 with);
  for (guint i = 0; i < 2; i++)
    if (!roll_arguments_need_scan_id ("diff", database, rest[i], &ids[i]))
      return ROLL_EXIT_USAGE;
  if (as_json && csv_path && g_str_equal (csv_path, "-"))
    return roll_arguments_wrong ("diff", _ ("Both --json and --csv - would write to standard output: choose one."));
  return open_and_compare (database, ids, csv_path, as_json, redact);
}
