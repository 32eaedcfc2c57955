/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

static void
post_computer (RollJournal *journal, guint ordinal)
{
  RollComputer *computer = store_fixture_computer (ordinal, ROLL_STATUS_CONNECTION_TIMEOUT, 1);

  roll_journal_post_attempt (journal, computer, store_fixture_attempt (computer));
}

static void
assert_findings (StoreFixture *fixture, gint64 scan, guint ordinal, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = roll_store_get_findings (fixture->store, scan, ordinal, &error);
  g_autoptr (GString) text = g_string_new (NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < findings->len; i++)
    {
      const RollFinding *finding = g_ptr_array_index (findings, i);

      g_assert_cmpuint (finding->ordinal, ==, ordinal);
      g_assert_cmpint (finding->at, >, 0);
      g_string_append_printf (text, "%s%s(%s)", i > 0 ? " " : "", finding->kind,
                              finding->detail != NULL ? finding->detail : "");
    }
  g_assert_cmpstr (text->str, ==, expected);
}

/* What is about no computer must not hold up the others. */
static void
test_a_journal_stores_them (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 10);
  RollJournal *journal = roll_store_begin (fixture->store, scan, NULL, NULL, NULL);
  g_autoptr (GError) error = NULL;

  post_computer (journal, 1);
  roll_journal_post_finding (journal, 1, "ports", "445=open");
  roll_journal_post_finding (journal, 1, "other", NULL);
  roll_journal_post_finding (journal, 2, "ports", "445=open");
  roll_journal_post_finding (journal, 1, "ports", "445=silent");
  post_computer (journal, 3);
  g_assert_true (roll_journal_end (journal, ROLL_SCAN_FINISHED, &error));
  g_assert_no_error (error);
  assert_findings (fixture, scan, 1, "other() ports(445=silent)");
  assert_findings (fixture, scan, 2, "");
  assert_findings (fixture, scan, 3, "");
}

static void
test_an_attempt_made_again_keeps_them (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 10);
  RollJournal *journal = roll_store_begin (fixture->store, scan, NULL, NULL, NULL);

  post_computer (journal, 1);
  roll_journal_post_finding (journal, 1, "ports", "445=open");
  post_computer (journal, 1);
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
  assert_findings (fixture, scan, 1, "ports(445=open)");
}

static void
test_one_is_put_directly (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 10);
  RollJournal *journal = roll_store_begin (fixture->store, scan, NULL, NULL, NULL);
  g_autoptr (RollFinding) finding = roll_finding_new (4, "check-script", "{ \"a\": 1 }");
  g_autoptr (GError) error = NULL;

  post_computer (journal, 4);
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
  g_assert_true (roll_store_put_finding (fixture->store, scan, finding, &error));
  g_assert_no_error (error);
  assert_findings (fixture, scan, 4, "check-script({ \"a\": 1 })");

  finding->ordinal = 5;
  g_assert_false (roll_store_put_finding (fixture->store, scan, finding, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (roll_store_put_finding (fixture->store, scan + 1, finding, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
}

static gboolean
count_two (const RollFinding *finding, gpointer user_data)
{
  GArray *ordinals = user_data;

  g_assert_cmpstr (finding->kind, ==, "ports");
  g_array_append_val (ordinals, finding->ordinal);
  return ordinals->len < 2;
}

static void
test_over_all_computers (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 100);
  RollJournal *journal = roll_store_begin (fixture->store, scan, NULL, NULL, NULL);
  g_autoptr (GArray) ordinals = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GError) error = NULL;

  for (guint i = 9; i < 100; i -= 3)
    {
      post_computer (journal, i);
      roll_journal_post_finding (journal, i, "ports", NULL);
      roll_journal_post_finding (journal, i, "aside", NULL);
    }
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
  g_assert_true (roll_store_foreach_finding (fixture->store, scan, "ports", 1, count_two, ordinals, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (ordinals->len, ==, 2);
  g_assert_cmpuint (g_array_index (ordinals, guint32, 0), ==, 3);
  g_assert_cmpuint (g_array_index (ordinals, guint32, 1), ==, 6);
}

static void
test_a_deleted_scan_takes_them_along (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 10), other = store_fixture_add_scan (fixture, 10);
  gint64 scans[] = { scan, other };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 2; i++)
    {
      RollJournal *journal = roll_store_begin (fixture->store, scans[i], NULL, NULL, NULL);

      post_computer (journal, 1);
      roll_journal_post_finding (journal, 1, "ports", "445=open");
      roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
    }
  g_assert_true (roll_store_delete_scan (fixture->store, scan, &error));
  g_assert_no_error (error);
  g_assert_null (roll_store_get_findings (fixture->store, scan, 1, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
  assert_findings (fixture, other, 1, "ports(445=open)");
}

#define add(path, func)                                                                                      \
  g_test_add (path, StoreFixture, NULL, store_fixture_set_up, func, store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/store/findings/journal", test_a_journal_stores_them);
  add ("/store/findings/made-again", test_an_attempt_made_again_keeps_them);
  add ("/store/findings/put", test_one_is_put_directly);
  add ("/store/findings/foreach", test_over_all_computers);
  add ("/store/findings/deleted", test_a_deleted_scan_takes_them_along);
  return g_test_run ();
}
