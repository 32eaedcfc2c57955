/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-format.h"

#include <glib.h>

#include "app/roll-computer-text.h"
#include "app/roll-export-chooser.h"
#include "app/roll-status-look.h"
#include "app/roll-status-search.h"

#define assert_text(expected, made)                  \
  G_STMT_START                                       \
  {                                                  \
    g_autofree char *text_made = (made);             \
    g_assert_cmpstr (text_made, ==, (expected));     \
  }                                                  \
  G_STMT_END

static void
test_a_share_is_never_nothing_nor_all_without_being_it (void)
{
  assert_text ("0 %", roll_format_share (0, 16382));
  assert_text ("0.1 %", roll_format_share (1, 100000));
  assert_text ("12.5 %", roll_format_share (5, 40));
  assert_text ("99.9 %", roll_format_share (99999, 100000));
  assert_text ("100 %", roll_format_share (7, 7));
  assert_text ("0 %", roll_format_share (0, 0));
  assert_text ("50.0 %", roll_format_share (2000000000u, 4000000000u));
}

static void
test_durations_keep_two_figures (void)
{
  assert_text ("0.0 ms", roll_format_duration (0));
  assert_text ("0.03 ms", roll_format_duration (31));
  assert_text ("0.4 ms", roll_format_duration (449));
  assert_text ("35 ms", roll_format_duration (35200));
  assert_text ("3.5 s", roll_format_duration (3500000));
  assert_text ("1 min 0 s", roll_format_duration (59990000));
  assert_text ("2 min 5 s", roll_format_duration (125000000));
  assert_text ("1 h 3 min", roll_format_duration ((gint64) 3780 * 1000000));
  assert_text ("0.0 ms", roll_format_duration (-5));
}

static void
test_the_remaining_time_is_coarse (void)
{
  assert_text ("", roll_format_remaining (-1));
  assert_text ("a few seconds left", roll_format_remaining (100));
  assert_text ("about 15 seconds left", roll_format_remaining (11 * 1000000));
  assert_text ("about 15 seconds left", roll_format_remaining (15 * 1000000));
  assert_text ("about 1 minute left", roll_format_remaining (75 * 1000000));
  assert_text ("about 59 minutes left", roll_format_remaining ((gint64) 59 * 60 * 1000000));
  assert_text ("about 2 hours left", roll_format_remaining ((gint64) 110 * 60 * 1000000));
}

static void
test_progress_leaves_out_what_is_not (void)
{
  assert_text ("0 of 1 computer", roll_format_progress (0, 1, 0, -1));
  assert_text ("3 of 40 computers · 1 waits for another try · about 10 seconds left",
               roll_format_progress (3, 40, 1, 9000000));
  assert_text ("40 of 40 computers", roll_format_progress (40, 40, 0, 0));
}

static void
test_every_status_has_a_look_of_its_own (void)
{
  guint n;
  const RollStatusInfo *results = roll_status_results (&n);

  for (guint i = 0; i < n; i++)
    g_assert_cmpint (roll_status_look (results[i].status)->status, ==, results[i].status);
  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    {
      const RollStatusLook *look = roll_status_look_nth (i);

      g_assert_cmpuint (roll_status_look_index (look->status), ==, i);
      for (guint k = 0; k < i; k++)
        g_assert_cmpstr (look->sign, !=, roll_status_look_nth (k)->sign);
      if (i > 0)
        g_assert_cmpint (look->group, >=, roll_status_look_nth (i - 1)->group);
    }
  g_assert_cmpint (roll_status_look ((RollStatus) 12345)->status, ==, ROLL_STATUS_OTHER_REASONS);
}

static void
assert_found (const char *text, RollStatus first, guint at_least)
{
  g_autoptr (RollStatusMatches) matches = roll_status_search (text);

  g_assert_cmpuint (matches->statuses->len, >=, at_least);
  g_assert_cmpint (g_array_index (matches->statuses, RollStatus, 0), ==, first);
}

static void
test_statuses_are_found_by_name_code_id_and_number (void)
{
  g_autoptr (RollStatusMatches) all = roll_status_search ("");
  g_autoptr (RollStatusMatches) none = roll_status_search ("certainly nothing");
  g_autoptr (RollStatusMatches) number = roll_status_search (" 0x80070005 ");
  g_autoptr (RollStatusMatches) code = roll_status_search ("102");

  g_assert_cmpuint (all->statuses->len, ==, ROLL_N_LOOKS);
  g_assert_cmpuint (none->statuses->len, ==, 0);
  g_assert_cmpuint (number->error.number, !=, 0);
  g_assert_cmpint (code->error.space, ==, ROLL_ERROR_SPACE_NONE);
  g_assert_cmpuint (code->statuses->len, ==, 1);
  assert_found ("refused", ROLL_STATUS_CONNECTION_REFUSED, 1);
  assert_found ("TIMEOUT connection", ROLL_STATUS_CONNECTION_TIMEOUT, 1);
  assert_found ("103", ROLL_STATUS_CONNECTION_REFUSED, 1);
  assert_found ("access-denied", ROLL_STATUS_ACCESS_DENIED, 1);
  assert_found ("Failed - Access Denied", ROLL_STATUS_ACCESS_DENIED, 1);
  assert_found ("0x80070005", ROLL_STATUS_ACCESS_DENIED, 1);
  assert_found ("1722", ROLL_STATUS_RPC_SERVER_UNAVAILABLE, 1);
  assert_found ("ECONNREFUSED", ROLL_STATUS_CONNECTION_REFUSED, 1);
  assert_found ("reachable", ROLL_STATUS_REACHABLE, 2);
}

static void
test_file_names_make_no_trouble (void)
{
  assert_text ("Berlin.csv", roll_export_file_name ("Berlin", ".csv"));
  assert_text ("10.1.2.0-24.csv", roll_export_file_name ("10.1.2.0/24", ".csv"));
  assert_text ("rollcall.csv", roll_export_file_name ("../../etc/passwd", ".csv"));
  assert_text ("rollcall.csv", roll_export_file_name (" ", ".csv"));
}

static void
test_rows_are_copied_as_a_table (void)
{
  g_autoptr (RollComputerTable) table = roll_computer_table_new ();
  GPtrArray *rows = g_ptr_array_new ();
  g_autoptr (GArray) ordinals = g_array_new (FALSE, FALSE, sizeof (guint32));
  RollComputer *failed = roll_computer_new (0, "pc1");
  RollComputer *waiting = roll_computer_new (2, "pc3");

  g_assert_true (roll_address_parse ("10.0.0.1", &failed->address));
  failed->status = ROLL_STATUS_CONNECTION_REFUSED;
  failed->step = ROLL_STEP_CONNECT;
  failed->error = (RollErrorNumber) { ROLL_ERROR_SPACE_ERRNO, 111 };
  failed->attempts = 1;
  failed->started_at = 1;
  failed->duration_us = 400;
  failed->facts = roll_facts_new ();
  roll_facts_set (failed->facts, "os", "Microsoft Windows 11 Pro");
  g_ptr_array_add (rows, failed);
  g_ptr_array_add (rows, roll_computer_new (1, "pc2"));
  waiting->status = ROLL_STATUS_WAITING_FOR_RETRY;
  waiting->attempts = 1;
  g_ptr_array_add (rows, waiting);
  roll_computer_table_take_rows (table, rows);
  roll_computer_table_set_retries (table, 3);
  for (guint32 i = 0; i < 3; i++)
    g_array_append_val (ordinals, i);

  assert_text ("pc1\npc2\npc3", roll_computers_copy (table, ordinals, ROLL_COPY_NAMES));
  assert_text ("pc1\t10.0.0.1\tFailed – Connection Refused\tConnect to port 135\t1\tWindows 11 Pro\t0.4 ms\tECONNREFUSED\n"
               "pc2\t\tNot started\t\t\t\t\t\n"
               "pc3\t\tWaiting for retry (1 of 3)\t\t1\t\t\t",
               roll_computers_copy (table, ordinals, ROLL_COPY_ROWS));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/formats/share", test_a_share_is_never_nothing_nor_all_without_being_it);
  g_test_add_func ("/formats/duration", test_durations_keep_two_figures);
  g_test_add_func ("/formats/remaining", test_the_remaining_time_is_coarse);
  g_test_add_func ("/formats/progress", test_progress_leaves_out_what_is_not);
  g_test_add_func ("/formats/looks", test_every_status_has_a_look_of_its_own);
  g_test_add_func ("/formats/search", test_statuses_are_found_by_name_code_id_and_number);
  g_test_add_func ("/formats/file-names", test_file_names_make_no_trouble);
  g_test_add_func ("/formats/copy", test_rows_are_copied_as_a_table);
  return g_test_run ();
}
