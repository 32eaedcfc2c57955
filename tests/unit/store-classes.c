/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "codec/roll-row-set.h"
#include "store-fixture.h"

static void
flush (RollJournal *journal)
{
  g_assert_true (roll_journal_flush (journal, NULL, NULL));
}

/* One letter per class of an attempt: "C", "F", "T", "A" behind its id: "bios C, service A". */
static void
post_classes (RollJournal *journal, guint ordinal, guint number, RollStatus status, const char *classes)
{
  RollComputer *computer = store_fixture_computer (ordinal, status, number);
  RollAttempt *attempt;
  g_auto (GStrv) words = g_strsplit (classes, ", ", -1);

  computer->started_at += number * 1000000;
  attempt = store_fixture_attempt (computer);
  for (guint i = 0; words[i] != NULL; i++)
    {
      char *letter = strchr (words[i], ' ') + 1;
      RollClassOutcome outcome = (RollClassOutcome) (strchr ("CFTA", *letter) - "CFTA" + 1);

      letter[-1] = '\0';
      store_fixture_add_class (attempt, words[i], outcome, number);
    }
  roll_journal_post_attempt (journal, computer, attempt);
}

static GPtrArray *
get_classes (StoreFixture *fixture, gint64 scan, guint ordinal)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *classes = roll_store_get_classes (fixture->store, scan, ordinal, &error);

  g_assert_no_error (error);
  return classes;
}

/* The same letters, with the number of the attempt: "bios C1, service A1". */
static void
assert_classes (StoreFixture *fixture, gint64 scan, guint ordinal, const char *expected)
{
  g_autoptr (GPtrArray) classes = get_classes (fixture, scan, ordinal);
  g_autoptr (GString) found = g_string_new (NULL);

  for (guint i = 0; i < classes->len; i++)
    {
      const RollClassResult *result = g_ptr_array_index (classes, i);

      g_string_append_printf (found, "%s%s %c%u", i > 0 ? ", " : "", result->id, " CFTA"[result->outcome],
                              result->attempt);
    }
  g_assert_cmpstr (found->str, ==, expected);
}

static void
test_results_come_back_as_they_were (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 1);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  g_autoptr (GPtrArray) classes = NULL;
  const RollClassResult *result;
  RollAttempt *attempt = roll_attempt_new (3);
  RollClassResult *posted = store_fixture_add_class (attempt, "Win32_Größe", ROLL_CLASS_COLLECTED, 70000);

  g_bytes_unref (posted->rows);
  posted->rows = g_bytes_new ("a\0b\xff", 4);
  posted->started_at = G_GINT64_CONSTANT (1763795000123456);
  posted->duration_us = G_GINT64_CONSTANT (5000000000);
  posted = store_fixture_add_class (attempt, "empty", ROLL_CLASS_COLLECTED, 0);
  g_bytes_unref (posted->rows);
  posted->rows = g_bytes_new (NULL, 0);
  posted = store_fixture_add_class (attempt, "software", ROLL_CLASS_TIMED_OUT, 0);
  posted->step = ROLL_STEP_REGISTRY;
  posted->said_by = ROLL_SAID_BY_NOBODY;
  posted->error = (RollErrorNumber) { ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_WATCHDOG };
  roll_journal_post_attempt (journal, store_fixture_computer (0, ROLL_STATUS_SUCCESS, 3), attempt);
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
  store_fixture_reopen (fixture);

  classes = get_classes (fixture, scan, 0);
  g_assert_cmpuint (classes->len, ==, 3);
  result = g_ptr_array_index (classes, 0);
  g_assert_cmpstr (result->id, ==, "Win32_Größe");
  g_assert_cmpuint (result->attempt, ==, 3);
  g_assert_cmpint (result->outcome, ==, ROLL_CLASS_COLLECTED);
  g_assert_cmpint (result->step, ==, ROLL_STEP_NONE);
  g_assert_cmpint (result->error.space, ==, ROLL_ERROR_SPACE_NONE);
  g_assert_cmpuint (result->n_rows, ==, 70000);
  g_assert_cmpint (result->started_at, ==, G_GINT64_CONSTANT (1763795000123456));
  g_assert_cmpint (result->duration_us, ==, G_GINT64_CONSTANT (5000000000));
  g_assert_cmpmem (g_bytes_get_data (result->rows, NULL), g_bytes_get_size (result->rows), "a\0b\xff", 4);
  result = g_ptr_array_index (classes, 1);
  g_assert_cmpuint (g_bytes_get_size (result->rows), ==, 0);
  result = g_ptr_array_index (classes, 2);
  g_assert_cmpint (result->outcome, ==, ROLL_CLASS_TIMED_OUT);
  g_assert_cmpint (result->step, ==, ROLL_STEP_REGISTRY);
  g_assert_cmpint (result->said_by, ==, ROLL_SAID_BY_NOBODY);
  g_assert_cmpint (result->error.space, ==, ROLL_ERROR_SPACE_ENGINE);
  g_assert_cmpuint (result->error.number, ==, ROLL_ENGINE_ERROR_WATCHDOG);
  g_assert_null (result->rows);
}

static void
test_the_best_result_stands (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 10);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  g_autoptr (GPtrArray) classes = NULL;
  const RollClassResult *bios;

  post_classes (journal, 4, 1, ROLL_STATUS_WAITING_FOR_RETRY, "bios C, service A");
  flush (journal);
  assert_classes (fixture, scan, 4, "bios C1, service A1");
  post_classes (journal, 4, 2, ROLL_STATUS_WAITING_FOR_RETRY, "disk F, share A");
  post_classes (journal, 4, 3, ROLL_STATUS_WAITING_FOR_RETRY, "service A, bios F, share T");
  flush (journal);
  assert_classes (fixture, scan, 4, "bios C1, service A3, disk F2, share T3");
  post_classes (journal, 4, 4, ROLL_STATUS_SUCCESS, "service C, disk A, share F, bios A");
  flush (journal);
  assert_classes (fixture, scan, 4, "bios C1, service C4, disk A4, share F4");
  classes = get_classes (fixture, scan, 4);
  bios = g_ptr_array_index (classes, 0);
  g_assert_cmpmem (g_bytes_get_data (bios->rows, NULL), g_bytes_get_size (bios->rows), "bios of attempt 1", 17);
  assert_classes (fixture, scan, 5, "");
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
}

/* Stopped by the user and made again under the same number: what it had collected is not asked again. */
static void
test_an_attempt_made_again_loses_nothing (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 10);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  g_autoptr (GPtrArray) attempts = NULL;

  post_classes (journal, 0, 1, ROLL_STATUS_STOPPED, "bios C, disk C");
  roll_journal_end (journal, ROLL_SCAN_STOPPED, NULL);
  journal = store_fixture_begin (fixture, scan);
  post_classes (journal, 0, 1, ROLL_STATUS_SUCCESS, "service C, share F");
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
  assert_classes (fixture, scan, 0, "bios C1, disk C1, service C1, share F1");
  attempts = roll_store_get_attempts (fixture->store, scan, 0, NULL);
  g_assert_cmpuint (attempts->len, ==, 1);
}

/* What was abandoned moves to the end of the plan: in the order of the abandoning, not of the first asking. */
static void
test_a_plan_can_be_made_again (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 10);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  g_autoptr (GPtrArray) classes = NULL;
  const RollClassResult *first, *second;

  post_classes (journal, 0, 1, ROLL_STATUS_WAITING_FOR_RETRY, "bios C, disk A");
  post_classes (journal, 0, 2, ROLL_STATUS_WAITING_FOR_RETRY, "service A");
  post_classes (journal, 0, 3, ROLL_STATUS_WAITING_FOR_RETRY, "disk A");
  roll_journal_end (journal, ROLL_SCAN_RUNNING, NULL); /* as a killed process leaves it */
  store_fixture_reopen (fixture);
  assert_classes (fixture, scan, 0, "bios C1, disk A3, service A2");
  classes = get_classes (fixture, scan, 0);
  first = g_ptr_array_index (classes, 2);
  second = g_ptr_array_index (classes, 1);
  g_assert_cmpint (first->started_at, <, second->started_at);
}

typedef struct
{
  GString *seen;
  guint stop_after;
} Seen;

static gboolean
see (RollComputer *computer, const RollClassResult *result, gpointer user_data)
{
  Seen *seen = user_data;

  g_assert_cmpint (computer->address.family, ==, AF_INET);
  g_assert_cmpint (computer->started_at, >, 0);
  g_string_append_printf (seen->seen, "%u:%s ", computer->ordinal, result->id);
  return --seen->stop_after > 0;
}

static void
assert_foreach (StoreFixture *fixture, gint64 scan, const char *collector, guint stop_after, const char *expected)
{
  Seen seen = { g_string_new (NULL), stop_after };
  g_autoptr (GError) error = NULL;

  g_assert_true (roll_store_foreach_class (fixture->store, scan, collector, see, &seen, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (seen.seen->str, ==, expected);
  g_string_free (seen.seen, TRUE);
}

static void
test_over_all_computers (StoreFixture *fixture, gconstpointer data)
{
  gint64 other = store_fixture_add_scan (fixture, 10);
  gint64 scan = store_fixture_add_scan (fixture, 10);
  RollJournal *journal = store_fixture_begin (fixture, other);

  post_classes (journal, 1, 1, ROLL_STATUS_SUCCESS, "bios C");
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
  journal = store_fixture_begin (fixture, scan);
  post_classes (journal, 7, 1, ROLL_STATUS_SUCCESS, "service C, bios C");
  post_classes (journal, 2, 1, ROLL_STATUS_SUCCESS, "bios C, software F");
  post_classes (journal, 7, 2, ROLL_STATUS_SUCCESS, "disk A, bios C");
  store_fixture_post (journal, 3, ROLL_STATUS_CONNECTION_REFUSED, 1);
  flush (journal);
  assert_foreach (fixture, scan, NULL, 100, "2:bios 2:software 7:service 7:bios 7:disk ");
  assert_foreach (fixture, scan, NULL, 3, "2:bios 2:software 7:service ");
  assert_foreach (fixture, scan, "bios", 100, "2:bios 7:bios ");
  assert_foreach (fixture, scan, "bios", 1, "2:bios ");
  assert_foreach (fixture, scan, "BIOS", 100, ""); /* as stored */
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
}

static void
test_a_deleted_scan_takes_them_along (StoreFixture *fixture, gconstpointer data)
{
  gint64 doomed = store_fixture_add_scan (fixture, 10);
  RollJournal *journal = store_fixture_begin (fixture, doomed);
  g_autoptr (GError) error = NULL;

  post_classes (journal, 1, 1, ROLL_STATUS_SUCCESS, "bios C");
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
  g_assert_true (roll_store_delete_scan (fixture->store, doomed, &error));
  g_assert_no_error (error);
  g_assert_null (roll_store_get_classes (fixture->store, doomed, 1, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (roll_store_foreach_class (fixture->store, doomed, NULL, see, NULL, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
}

/* The rows of a real row set pass unchanged. */
static void
test_row_sets_pass_unchanged (StoreFixture *fixture, gconstpointer data)
{
  const char *columns[] = { "Name", "Size", NULL };
  g_autoptr (RollRowSet) rows = roll_row_set_new (columns);
  g_autoptr (RollRowSet) read = NULL;
  g_autoptr (GPtrArray) classes = NULL;
  gint64 scan = store_fixture_add_scan (fixture, 1);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  RollAttempt *attempt = roll_attempt_new (1);
  RollClassResult *posted;

  for (guint i = 0; i < 1000; i++)
    {
      g_autofree char *name = g_strdup_printf ("Größe %u Ω", i);
      RollCimValue values[] = { { .type = ROLL_CIM_STRING, .text = name },
                                { .type = ROLL_CIM_UINT64, .uint = G_MAXUINT64 - i } };

      roll_row_set_add (rows, values);
    }
  posted = store_fixture_add_class (attempt, "disk", ROLL_CLASS_COLLECTED, 1000);
  g_bytes_unref (posted->rows);
  posted->rows = roll_row_set_to_bytes (rows);
  roll_journal_post_attempt (journal, store_fixture_computer (0, ROLL_STATUS_SUCCESS, 1), attempt);
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);

  classes = get_classes (fixture, scan, 0);
  read = roll_row_set_from_bytes (((RollClassResult *) classes->pdata[0])->rows, NULL);
  g_assert_nonnull (read);
  g_assert_cmpuint (roll_row_set_get_n_rows (read), ==, 1000);
  for (guint i = 0; i < 1000; i++)
    for (guint j = 0; j < 2; j++)
      g_assert_true (roll_cim_value_equal (roll_row_set_get (read, i, j), roll_row_set_get (rows, i, j)));
}

/* --- Much at once --------------------------------------------------------------------------------------- */

#define BIG ((gsize) 1 << 20)

static void
post_big (RollJournal *journal, guint ordinal)
{
  RollComputer *computer = store_fixture_computer (ordinal, ROLL_STATUS_SUCCESS, 1);
  RollAttempt *attempt = store_fixture_attempt (computer);
  RollClassResult *result = store_fixture_add_class (attempt, "software", ROLL_CLASS_COLLECTED, 2000);

  g_bytes_unref (result->rows);
  result->rows = g_bytes_new_take (g_malloc0 (BIG), BIG);
  roll_journal_post_attempt (journal, computer, attempt);
}

static gpointer
post_many_big (gpointer journal)
{
  for (guint i = 0; i < 100; i++)
    post_big (journal, i);
  return NULL;
}

static void
hold_up (GPtrArray *computers, const GError *error, gpointer user_data)
{
  GMutex *gate = user_data;

  g_mutex_lock (gate);
  g_mutex_unlock (gate);
}

/* While the disk does not keep up, who posts waits: memory holds some ten megabytes, not all that is collected. */
static void
test_big_results_wait_outside (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 100);
  GMutex gate;
  RollJournal *journal;
  GThread *thread;
  guint backlog;

  g_mutex_init (&gate);
  g_mutex_lock (&gate);
  journal = roll_store_begin (fixture->store, scan, hold_up, &gate, NULL);
  thread = g_thread_new ("post", post_many_big, journal);
  while (roll_journal_get_backlog (journal) < 32)
    g_usleep (1000);
  g_usleep (50000);
  backlog = roll_journal_get_backlog (journal);
  g_assert_cmpuint (backlog, ==, 32);
  g_mutex_unlock (&gate);
  g_thread_join (thread);
  g_assert_true (roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL));
  assert_classes (fixture, scan, 99, "software C1");
  g_mutex_clear (&gate);
}

#define add(path, func)                                                                                      \
  g_test_add (path, StoreFixture, NULL, store_fixture_set_up, func, store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/store/classes/round-trip", test_results_come_back_as_they_were);
  add ("/store/classes/best", test_the_best_result_stands);
  add ("/store/classes/made-again", test_an_attempt_made_again_loses_nothing);
  add ("/store/classes/plan", test_a_plan_can_be_made_again);
  add ("/store/classes/foreach", test_over_all_computers);
  add ("/store/classes/deleted", test_a_deleted_scan_takes_them_along);
  add ("/store/classes/row-sets", test_row_sets_pass_unchanged);
  add ("/store/classes/back-pressure", test_big_results_wait_outside);
  return g_test_run ();
}
