/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sqlite3.h>

#include "faulty-vfs.h"
#include "store-fixture.h"

#define N_COMPUTERS 60

/* A disk that fails for good is mended once the journal has complained. */
static void
mend_when_told (GPtrArray *computers, const GError *error, gpointer user_data)
{
  guint *n_rows = user_data;

  *n_rows += computers->len;
  if (error != NULL)
    faulty_vfs_mend ();
}

static gboolean
scan_once (StoreFixture *fixture, gint64 scan, guint *n_rows, GError **error)
{
  RollJournal *journal = roll_store_begin (fixture->store, scan, mend_when_told, n_rows, error);

  if (journal == NULL)
    return FALSE;
  for (guint i = 0; i < N_COMPUTERS; i++)
    {
      RollComputer *computer = store_fixture_computer (i, ROLL_STATUS_SUCCESS, 1);
      RollAttempt *attempt = store_fixture_attempt (computer);

      store_fixture_add_class (attempt, "Win32_BIOS", ROLL_CLASS_COLLECTED, 1);
      roll_journal_post_attempt (journal, computer, attempt);
    }
  return roll_journal_end (journal, ROLL_SCAN_FINISHED, error);
}

static void
assert_whole (StoreFixture *fixture, gint64 scan, guint n_rows, gboolean finished)
{
  g_autoptr (RollScanInfo) info = NULL;
  g_autoptr (GError) error = NULL;
  sqlite3 *db = NULL;
  sqlite3_stmt *stmt = NULL;

  store_fixture_reopen (fixture);
  info = roll_store_get_scan (fixture->store, scan, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (info->n_done, ==, n_rows);
  if (finished)
    g_assert_cmpint (info->state, ==, ROLL_SCAN_FINISHED);
  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  sqlite3_prepare_v2 (db, "PRAGMA integrity_check", -1, &stmt, NULL);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  g_assert_cmpstr ((const char *) sqlite3_column_text (stmt, 0), ==, "ok");
  sqlite3_finalize (stmt);
  sqlite3_close (db);
}

/* One scan in which the @nth call fails. FALSE when it has fewer. */
static gboolean
try_writing (guint nth, gboolean for_good)
{
  StoreFixture fixture = { 0 };
  g_autoptr (GError) error = NULL;
  gboolean failed, finished;
  guint n_rows = 0;
  gint64 scan;

  faulty_vfs_mend ();
  store_fixture_set_up (&fixture, NULL);
  scan = store_fixture_add_scan (&fixture, N_COMPUTERS);
  faulty_vfs_arm (nth, for_good);
  finished = scan_once (&fixture, scan, &n_rows, &error);
  failed = faulty_vfs_has_failed ();
  faulty_vfs_mend ();

  /* The scan could not begin, or it was stored to the last row. */
  if (finished)
    g_assert_cmpuint (n_rows, ==, N_COMPUTERS);
  else
    g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_FAILED);
  assert_whole (&fixture, scan, n_rows, finished);
  store_fixture_tear_down (&fixture, NULL);
  return failed;
}

static void
test_any_call_may_fail_while_writing (gconstpointer for_good)
{
  guint step = for_good != NULL ? 3 : 1;
  guint nth = 1;

  while (try_writing (nth, for_good != NULL))
    nth += step;
  g_assert_cmpuint (nth, >, 20);
}

static gboolean
count_row (RollComputer *computer, gpointer n_rows)
{
  ++*(guint *) n_rows;
  return TRUE;
}

static gboolean
count_class (RollComputer *computer, const RollClassResult *result, gpointer n_rows)
{
  ++*(guint *) n_rows;
  return TRUE;
}

/* Opens and reads everything; an error, or all of it. */
static void
open_and_read (const char *path, gint64 scan)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollStore) store = roll_store_open (path, FALSE, &error);
  guint n_rows = 0;

  if (store == NULL)
    g_assert_error (error, ROLL_STORE_ERROR, error->code);
  else if (roll_store_foreach_computer (store, scan, 0, count_row, &n_rows, &error) &&
           roll_store_foreach_class (store, scan, "Win32_BIOS", count_class, &n_rows, &error))
    g_assert_cmpuint (n_rows, ==, 2 * N_COMPUTERS);
  else
    g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_FAILED);
}

static void
test_any_call_may_fail_while_opening_and_reading (void)
{
  StoreFixture fixture = { 0 };
  guint n_rows = 0, nth = 0;
  gint64 scan;

  store_fixture_set_up (&fixture, NULL);
  scan = store_fixture_add_scan (&fixture, N_COMPUTERS);
  g_assert_true (scan_once (&fixture, scan, &n_rows, NULL));
  g_clear_object (&fixture.store);
  do
    {
      nth++;
      faulty_vfs_arm (nth, nth % 2 == 0);
      open_and_read (fixture.path, scan);
    }
  while (faulty_vfs_has_failed ());
  g_assert_cmpuint (nth, >, 5);
  store_fixture_tear_down (&fixture, NULL);
}

/* A new database: whatever fails, the next try finds something it can go on from. */
static void
test_any_call_may_fail_while_creating (void)
{
  gboolean failed;
  guint nth = 0;

  do
    {
      StoreFixture fixture = { 0 };
      g_autoptr (GError) error = NULL;
      g_autoptr (RollStore) store = NULL;
      g_autofree char *path = NULL;

      faulty_vfs_mend ();
      store_fixture_set_up (&fixture, NULL);
      path = g_build_filename (fixture.folder, "new.db", NULL);
      nth++;
      faulty_vfs_arm (nth, nth % 2 == 0);
      store = roll_store_open (path, FALSE, &error);
      failed = faulty_vfs_has_failed ();
      faulty_vfs_mend ();
      if (store == NULL)
        store = roll_store_open (path, FALSE, NULL);
      g_assert_nonnull (store);
      g_clear_object (&store);
      store_fixture_tear_down (&fixture, NULL);
    }
  while (failed);
  g_assert_cmpuint (nth, >, 5);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  faulty_vfs_install ();
  g_test_add_data_func ("/store/faults/write-once", GINT_TO_POINTER (FALSE),
                        test_any_call_may_fail_while_writing);
  g_test_add_data_func ("/store/faults/write-for-good", GINT_TO_POINTER (TRUE),
                        test_any_call_may_fail_while_writing);
  g_test_add_func ("/store/faults/read", test_any_call_may_fail_while_opening_and_reading);
  g_test_add_func ("/store/faults/create", test_any_call_may_fail_while_creating);
  return g_test_run ();
}
