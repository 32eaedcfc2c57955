/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

/* Computers that are tested again: what was found before is kept, and the present test is told apart from it. */

static void
end (RollJournal *journal)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (roll_journal_end (journal, ROLL_SCAN_FINISHED, &error));
  g_assert_no_error (error);
}

/* 0: access denied at the fourth attempt; 1: success, two classes; 2: refused. */
static gint64
make_scan (StoreFixture *fixture)
{
  gint64 scan = store_fixture_add_scan (fixture, 4);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  RollComputer *well = store_fixture_computer (1, ROLL_STATUS_SUCCESS, 1);
  RollAttempt *attempt = store_fixture_attempt (well);

  for (guint i = 1; i <= 4; i++)
    store_fixture_post (journal, 0, i < 4 ? ROLL_STATUS_WAITING_FOR_RETRY : ROLL_STATUS_ACCESS_DENIED, i);
  well->facts = roll_facts_new ();
  well->facts->os = g_strdup ("Windows");
  store_fixture_add_class (attempt, "bios", ROLL_CLASS_COLLECTED, 1);
  store_fixture_add_class (attempt, "service", ROLL_CLASS_COLLECTED, 2);
  roll_journal_post_attempt (journal, well, attempt);
  store_fixture_post (journal, 2, ROLL_STATUS_CONNECTION_REFUSED, 1);
  end (journal);
  return scan;
}

static GPtrArray *
reopen (RollJournal *journal, guint first, guint last)
{
  g_autoptr (GArray) ordinals = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GError) error = NULL;
  GPtrArray *rows;

  for (guint32 i = first; i <= last; i++)
    g_array_append_val (ordinals, i);
  rows = roll_journal_reopen (journal, ordinals, &error);
  g_assert_no_error (error);
  return rows;
}

static GPtrArray *
get_rounds (StoreFixture *fixture, gint64 scan, guint ordinal)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *rounds = roll_store_get_rounds (fixture->store, scan, ordinal, &error);

  g_assert_no_error (error);
  return rounds;
}

static void
assert_attempts (StoreFixture *fixture, gint64 scan, guint ordinal, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) attempts = roll_store_get_attempts (fixture->store, scan, ordinal, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (attempts->len, ==, n);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (((RollAttempt *) attempts->pdata[i])->number, ==, i + 1);
}

static guint
tally_of (StoreFixture *fixture, gint64 scan, RollStatus status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) tally = roll_store_tally (fixture->store, scan, &error);
  guint count = 0, n_entries = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < tally->len; i++)
    if (g_array_index (tally, RollTally, i).status == status)
      {
        count = g_array_index (tally, RollTally, i).count;
        n_entries++;
      }
  g_assert_cmpuint (n_entries, <=, 1);
  return count;
}

static void
test_what_was_found_is_kept (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = make_scan (fixture);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  g_autoptr (GPtrArray) rows = reopen (journal, 0, 0);
  g_autoptr (GPtrArray) rounds = NULL;
  const RollComputer *row;
  RollStoreRound *round;

  g_assert_cmpuint (rows->len, ==, 1);
  row = rows->pdata[0];
  g_assert_cmpint (row->status, ==, ROLL_STATUS_NOT_STARTED);
  g_assert_cmpuint (row->attempts, ==, 0);
  assert_attempts (fixture, scan, 0, 0);
  assert_attempts (fixture, scan, 2, 1);
  store_fixture_post (journal, 0, ROLL_STATUS_WAITING_FOR_RETRY, 1);
  store_fixture_post (journal, 0, ROLL_STATUS_SUCCESS, 2);
  end (journal);

  assert_attempts (fixture, scan, 0, 2);
  rounds = get_rounds (fixture, scan, 0);
  g_assert_cmpuint (rounds->len, ==, 1);
  round = rounds->pdata[0];
  g_assert_cmpint (round->computer->status, ==, ROLL_STATUS_ACCESS_DENIED);
  g_assert_cmpuint (round->computer->attempts, ==, 4);
  g_assert_cmpstr (round->computer->target, ==, "127.20.0.0");
  g_assert_cmpuint (round->attempts->len, ==, 4);
  g_assert_cmpuint (((RollAttempt *) round->attempts->pdata[3])->number, ==, 4);
  g_assert_cmpuint (((RollAttempt *) round->attempts->pdata[3])->steps->len, >, 0);
  g_ptr_array_unref (rounds);
  rounds = get_rounds (fixture, scan, 2);
  g_assert_cmpuint (rounds->len, ==, 0);
}

static void
test_rounds_stay_in_order (StoreFixture *fixture, gconstpointer data)
{
  static const RollStatus found[] = { ROLL_STATUS_CONNECTION_REFUSED, ROLL_STATUS_CONNECTION_TIMEOUT,
                                      ROLL_STATUS_MACHINE_NOT_FOUND };
  gint64 scan = make_scan (fixture);
  g_autoptr (GPtrArray) rounds = NULL;

  for (guint i = 1; i <= G_N_ELEMENTS (found); i++)
    {
      RollJournal *journal = store_fixture_begin (fixture, scan);
      g_autoptr (GPtrArray) rows = reopen (journal, 2, 2);

      g_assert_cmpuint (rows->len, ==, 1);
      store_fixture_post (journal, 2, i < G_N_ELEMENTS (found) ? found[i] : ROLL_STATUS_SUCCESS, 1);
      end (journal);
    }
  rounds = get_rounds (fixture, scan, 2);
  g_assert_cmpuint (rounds->len, ==, G_N_ELEMENTS (found));
  for (guint i = 0; i < rounds->len; i++)
    {
      const RollStoreRound *round = rounds->pdata[i];

      g_assert_cmpint (round->computer->status, ==, found[i]);
      g_assert_cmpuint (round->attempts->len, ==, 1);
      g_assert_cmpint (((RollAttempt *) round->attempts->pdata[0])->status, ==, found[i]);
    }
}

static void
test_counts_stay_right (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = make_scan (fixture);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  g_autoptr (GPtrArray) rows = reopen (journal, 0, 3); /* the last one has no row */

  g_assert_cmpuint (rows->len, ==, 3);
  g_assert_cmpuint (tally_of (fixture, scan, ROLL_STATUS_NOT_STARTED), ==, 4);
  g_assert_cmpuint (tally_of (fixture, scan, ROLL_STATUS_ACCESS_DENIED), ==, 0);
  for (guint i = 0; i < 3; i++)
    store_fixture_post (journal, i, ROLL_STATUS_CONNECTION_TIMEOUT, 1);
  end (journal);
  g_assert_cmpuint (tally_of (fixture, scan, ROLL_STATUS_CONNECTION_TIMEOUT), ==, 3);
  g_assert_cmpuint (tally_of (fixture, scan, ROLL_STATUS_NOT_STARTED), ==, 1);
}

/* Cut short before anything was asked, it is made again: there is nothing new to be kept. */
static void
test_made_ready_twice (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = make_scan (fixture);
  g_autoptr (GPtrArray) rounds = NULL;

  for (guint i = 0; i < 2; i++)
    {
      RollJournal *journal = store_fixture_begin (fixture, scan);
      g_autoptr (GPtrArray) rows = reopen (journal, 0, 1);

      g_assert_cmpuint (rows->len, ==, 2);
      end (journal);
    }
  g_assert_cmpuint (tally_of (fixture, scan, ROLL_STATUS_NOT_STARTED), ==, 3);
  rounds = get_rounds (fixture, scan, 0);
  g_assert_cmpuint (rounds->len, ==, 1);
}

static void
assert_class (StoreFixture *fixture, gint64 scan, guint n, RollClassOutcome outcome, gboolean earlier)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) classes = roll_store_get_classes (fixture->store, scan, 1, &error);
  const RollClassResult *result;

  g_assert_no_error (error);
  result = classes->pdata[n];
  g_assert_cmpint (result->outcome, ==, outcome);
  g_assert_cmpint (result->earlier, ==, earlier);
}

static void
test_what_was_collected_stays_until_it_is_collected_again (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = make_scan (fixture);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  g_autoptr (GPtrArray) rows = reopen (journal, 1, 1);
  RollComputer *computer = store_fixture_computer (1, ROLL_STATUS_SUCCESS, 1);
  RollAttempt *attempt = store_fixture_attempt (computer);
  const RollComputer *row = rows->pdata[0];

  g_assert_cmpstr (row->facts->os, ==, "Windows");
  assert_class (fixture, scan, 0, ROLL_CLASS_COLLECTED, TRUE);
  assert_class (fixture, scan, 1, ROLL_CLASS_COLLECTED, TRUE);
  store_fixture_add_class (attempt, "bios", ROLL_CLASS_COLLECTED, 3);
  store_fixture_add_class (attempt, "service", ROLL_CLASS_FAILED, 0);
  roll_journal_post_attempt (journal, computer, attempt);
  end (journal);
  assert_class (fixture, scan, 0, ROLL_CLASS_COLLECTED, FALSE);
  assert_class (fixture, scan, 1, ROLL_CLASS_COLLECTED, TRUE);
}

static void
test_what_the_ports_told_goes_the_rest_stays (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = make_scan (fixture);
  g_autoptr (RollFinding) ports = roll_finding_new (2, "ports", "port-445=open");
  g_autoptr (RollFinding) told = roll_finding_new (2, "check-script", "{}");
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GPtrArray) findings = NULL;
  RollJournal *journal;

  g_assert_true (roll_store_put_finding (fixture->store, scan, ports, NULL));
  g_assert_true (roll_store_put_finding (fixture->store, scan, told, NULL));
  journal = store_fixture_begin (fixture, scan);
  rows = reopen (journal, 2, 2);
  end (journal);
  findings = roll_store_get_findings (fixture->store, scan, 2, NULL);
  g_assert_cmpuint (findings->len, ==, 1);
  g_assert_cmpstr (((RollFinding *) findings->pdata[0])->kind, ==, "check-script");
}

static gboolean
count_attempt (RollComputer *computer, const RollAttempt *attempt, gpointer user_data)
{
  *(guint *) user_data += 1;
  return TRUE;
}

static void
test_an_export_has_the_present_test (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = make_scan (fixture);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  g_autoptr (GPtrArray) rows = reopen (journal, 0, 2);
  guint n = 0;

  store_fixture_post (journal, 0, ROLL_STATUS_SUCCESS, 1);
  end (journal);
  g_assert_true (roll_store_foreach_attempt (fixture->store, scan, count_attempt, &n, NULL));
  g_assert_cmpuint (n, ==, 1);
  g_assert_true (roll_store_delete_scan (fixture->store, scan, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, StoreFixture, NULL, store_fixture_set_up, test, store_fixture_tear_down)
  ADD ("/store/rounds/kept", test_what_was_found_is_kept);
  ADD ("/store/rounds/order", test_rounds_stay_in_order);
  ADD ("/store/rounds/counts", test_counts_stay_right);
  ADD ("/store/rounds/twice", test_made_ready_twice);
  ADD ("/store/rounds/collected", test_what_was_collected_stays_until_it_is_collected_again);
  ADD ("/store/rounds/findings", test_what_the_ports_told_goes_the_rest_stays);
  ADD ("/store/rounds/export", test_an_export_has_the_present_test);

  return g_test_run ();
}
