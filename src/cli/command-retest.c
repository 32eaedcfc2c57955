/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-cli.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-database.h"
#include "cli/roll-interrupt.h"
#include "cli/roll-json.h"
#include "cli/roll-scan-stored.h"
#include "cli/roll-table.h"
#include "cli/roll-terminal.h"

#define MAX_PRINTED 50

typedef struct
{
  RollStore *store;
  RollScanInfo *info;
  GArray *statuses;  /* (element-type RollStatus) */
  GArray *ordinals;  /* (element-type guint32): chosen */
  GArray *before;    /* (element-type RollStatus): of these, in their order */
  RollScanArguments *arguments;
  const char *with; /* for a command to type next: the database */
} Retest;

static void
choose (Retest *self, const RollComputer *computer)
{
  for (guint i = 0; i < self->ordinals->len; i++)
    if (g_array_index (self->ordinals, guint32, i) == computer->ordinal)
      return;
  g_array_append_val (self->ordinals, computer->ordinal);
  g_array_append_val (self->before, computer->status);
}

static gboolean
choose_by_status (RollComputer *computer, gpointer user_data)
{
  Retest *self = user_data;

  for (guint i = 0; i < self->statuses->len; i++)
    if (g_array_index (self->statuses, RollStatus, i) == computer->status)
      {
        g_array_append_val (self->ordinals, computer->ordinal);
        g_array_append_val (self->before, computer->status);
        break;
      }
  return TRUE;
}

static gboolean
choose_by_name (Retest *self, const char *text, GError **error)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autoptr (GPtrArray) found = roll_store_find_computers (self->store, self->info->id, valid, error);

  if (!found)
    return FALSE;
  if (found->len == 0)
    g_set_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND,
                 _ ("“%s” was not tested in scan %lld (%s). “%s list%s” shows the other scans."), valid,
                 (long long) self->info->id, self->info->name, g_get_prgname (), self->with);
  for (guint i = 0; i < found->len; i++)
    choose (self, g_ptr_array_index (found, i));
  return found->len > 0;
}

static gboolean
choose_all (Retest *self, char **names, GError **error)
{
  if (self->statuses->len > 0
      && !roll_scan_foreach_computer (self->store, self->info->id, choose_by_status, self, error))
    return FALSE;
  for (; *names; names++)
    if (!choose_by_name (self, *names, error))
      return FALSE;
  if (self->ordinals->len > 0)
    return TRUE;
  g_set_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND,
               _ ("No computer of scan %lld (%s) has such a status. “%s report%s” shows which there are."),
               (long long) self->info->id, self->info->name, g_get_prgname (), self->with);
  return FALSE;
}

/* --- Before and after --- */

static void
print_text (const Retest *self, GPtrArray *after)
{
  g_autoptr (RollTable) table = roll_table_new ();

  roll_table_add_column (table, _ ("Computer"), ROLL_TABLE_LEFT);
  roll_table_add_column (table, _ ("Before"), ROLL_TABLE_LEFT);
  roll_table_add_column (table, _ ("Now"), ROLL_TABLE_LEFT);
  for (guint i = 0; i < MIN (after->len, MAX_PRINTED); i++)
    {
      const RollComputer *computer = g_ptr_array_index (after, i);

      roll_table_add_cell (table, computer->target);
      roll_table_add_cell (table, roll_status_label (g_array_index (self->before, RollStatus, i)));
      roll_table_add_cell (table, roll_status_label (computer->status));
    }
  roll_table_print (table, stdout);
  if (after->len > MAX_PRINTED)
    roll_terminal_print (stdout, ngettext ("and %'u more", "and %'u more", after->len - MAX_PRINTED),
                         after->len - MAX_PRINTED);
}

static void
print_json (const Retest *self, GPtrArray *after)
{
  g_autoptr (RollJson) json = roll_json_new ();

  for (guint i = 0; i < after->len; i++)
    {
      const RollComputer *computer = g_ptr_array_index (after, i);

      roll_json_begin_object (json, NULL);
      roll_json_string (json, "event", "retest");
      roll_json_number (json, "scan", self->info->id);
      roll_json_string (json, "target", computer->target);
      roll_json_string (json, "before", roll_status_info (g_array_index (self->before, RollStatus, i))->id);
      roll_json_string (json, "after", roll_status_info (computer->status)->id);
      roll_json_end_object (json);
      roll_json_flush_line (json);
    }
}

static RollExit
print_changes (const Retest *self)
{
  g_autoptr (GPtrArray) after = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_computer_unref);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < self->ordinals->len; i++)
    {
      guint32 ordinal = g_array_index (self->ordinals, guint32, i);
      RollComputer *computer = roll_store_get_computer (self->store, self->info->id, ordinal, &error);

      if (!computer)
        return roll_database_failed (error);
      g_ptr_array_add (after, computer);
    }
  if (self->arguments->as_json)
    print_json (self, after);
  else
    print_text (self, after);
  return ROLL_EXIT_OK;
}

static RollExit
run (Retest *self, char **names)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollScan) scan = NULL;
  RollExit status;

  if (choose_all (self, names, &error))
    scan = roll_scan_test_again (self->store, self->info->id, self->ordinals, &error);
  if (!scan)
    return roll_database_failed (error);
  status = roll_scan_stored_run (self->arguments, self->store, scan, TRUE);
  return status == ROLL_EXIT_OK ? print_changes (self) : status;
}

/* --- The command line --- */

static gboolean
add_status (GArray *statuses, const char *text)
{
  const RollStatusInfo *info = roll_status_find (text);

  if (info)
    g_array_append_val (statuses, info->status);
  else
    roll_arguments_wrong ("retest", _ ("“%s” is no status. Give its number or id: 102 or connection-timeout."), text);
  return info != NULL;
}

/* A number in front of the computers, or beside --status, is the scan's. */
static gboolean
split_words (char **words, gboolean by_status, gint64 *ret_id, char ***ret_names)
{
  guint n = g_strv_length (words);
  gboolean has_id = n > 0 && (n > 1 || by_status) && roll_arguments_scan_id (words[0], ret_id);

  *ret_names = has_id ? words + 1 : words;
  if (**ret_names || by_status)
    return TRUE;
  roll_arguments_wrong ("retest", _ ("Which computers? Name them, or choose with --status."));
  return FALSE;
}

static const char *const description = N_ (
    "COMPUTER is a target of the scan or an address; a network is chosen by its computers. Without ID: the newest scan.\n"
    "What was found before is kept: “show” has it.");

static gboolean
parse (char **words, RollScanArguments *a, char ***ret_statuses, char ***ret_rest, RollExit *ret_exit)
{
  const GOptionEntry entries[] = {
    { "status", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, ret_statuses,
      N_ ("All computers that ended with this status, repeatable"), N_ ("CODE|ID") },
    { "credentials", 0, 0, G_OPTION_ARG_FILENAME, &a->credentials,
      N_ ("A file with the accounts to log on with, which only you can read"), N_ ("FILE") },
    { "credential", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->keyring,
      N_ ("A credential of the keyring, repeatable, in order; before those of --credentials"), N_ ("NAME") },
    ROLL_DATABASE_OPTION (a->database),
    { "json", 0, 0, G_OPTION_ARG_NONE, &a->as_json,
      N_ ("Events and summary as JSON lines on standard output"), NULL },
    G_OPTION_ENTRY_NULL,
  };

  return roll_arguments_parse ("retest", entries, _ (description), words, ret_rest, ret_exit);
}

static RollExit
open_and_run (RollScanArguments *arguments, GArray *statuses, gint64 id, char **names)
{
  g_autoptr (RollStore) store = roll_database_open_for_writing (arguments->database);
  g_autoptr (RollScanInfo) info = store ? roll_database_get_scan (store, id, arguments->database) : NULL;
  g_autoptr (GArray) ordinals = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) before = g_array_new (FALSE, FALSE, sizeof (RollStatus));
  g_autofree char *with = roll_database_hint (arguments->database);
  Retest retest = { store, info, statuses, ordinals, before, arguments, with };

  return info ? run (&retest, names) : ROLL_EXIT_FAILED;
}

RollExit
roll_command_retest (char **words)
{
  g_auto (RollScanArguments) arguments = { 0 };
  g_auto (GStrv) given = NULL;
  g_auto (GStrv) rest = NULL;
  g_autoptr (GArray) statuses = g_array_new (FALSE, FALSE, sizeof (RollStatus));
  RollExit status;
  char **names;
  gint64 id = 0;

  roll_interrupt_start ();
  if (!parse (words, &arguments, &given, &rest, &status))
    return status;
  arguments.resume = TRUE;
  for (char **one = given; one && *one; one++)
    if (!add_status (statuses, *one))
      return ROLL_EXIT_USAGE;
  if (!split_words (rest, statuses->len > 0, &id, &names))
    return ROLL_EXIT_USAGE;
  return open_and_run (&arguments, statuses, id, names);
}
