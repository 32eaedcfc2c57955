/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sqlite3.h>
#include <string.h>

#include "store-fixture.h"

#define SECOND ((gint64) G_USEC_PER_SEC)
#define DAY (86400 * SECOND)

static void
exec_file (const char *path, const char *sql)
{
  sqlite3 *db = NULL;
  char *message = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE, NULL), ==, SQLITE_OK);
  sqlite3_exec (db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
  sqlite3_close (db);
}

static int
query_int (const char *path, const char *sql)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *stmt = NULL;
  int value;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READONLY, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  value = sqlite3_column_int (stmt, 0);
  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return value;
}

/* Of computers 0, 2 and 4 of five something is known. */
static GHashTable *
make_directory (void)
{
  GHashTable *directory = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) roll_directory_facts_unref);

  g_hash_table_insert (directory, GUINT_TO_POINTER (0),
                       roll_directory_facts_new ("Sales/Berlin", "Windows 11 Pro", 1700000000 * SECOND,
                                                 ROLL_DIRECTORY_ACCOUNT_ENABLED));
  g_hash_table_insert (directory, GUINT_TO_POINTER (2),
                       roll_directory_facts_new (NULL, NULL, 0, ROLL_DIRECTORY_ACCOUNT_DISABLED));
  g_hash_table_insert (directory, GUINT_TO_POINTER (4),
                       roll_directory_facts_new ("Sales/Berlin", NULL, 0, ROLL_DIRECTORY_ACCOUNT_UNKNOWN));
  return directory;
}

static gint64
add_scan (StoreFixture *fixture, GHashTable *directory)
{
  const char *includes[] = { "127.20.0.0-127.20.0.4", NULL };
  g_autoptr (RollScanInfo) info = roll_scan_info_new ();
  g_autoptr (GError) error = NULL;

  info->name = g_strdup ("From the directory");
  info->n_targets = 5;
  g_assert_true (roll_store_add_scan (fixture->store, info, includes, NULL, directory, &error));
  g_assert_no_error (error);
  return info->id;
}

static RollDirectoryFacts *
look_up (GHashTable *directory, guint ordinal)
{
  return g_hash_table_lookup (directory, GUINT_TO_POINTER (ordinal));
}

static void
assert_first (const RollDirectoryFacts *facts)
{
  g_assert_nonnull (facts);
  g_assert_cmpstr (facts->ou, ==, "Sales/Berlin");
  g_assert_cmpstr (facts->system, ==, "Windows 11 Pro");
  g_assert_cmpint (facts->last_logon, ==, 1700000000 * SECOND);
  g_assert_cmpint (facts->account, ==, ROLL_DIRECTORY_ACCOUNT_ENABLED);
}

/* Also of computers that have not been asked. */
static void
test_it_is_kept_from_the_start (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) told = make_directory ();
  gint64 scan = add_scan (fixture, told), other = store_fixture_add_scan (fixture, 5);
  g_autoptr (GHashTable) kept = NULL, none = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_reopen (fixture);
  kept = roll_store_get_directory (fixture->store, scan, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (kept), ==, 3);
  assert_first (look_up (kept, 0));
  g_assert_null (look_up (kept, 2)->ou);
  g_assert_null (look_up (kept, 2)->system);
  g_assert_cmpint (look_up (kept, 2)->last_logon, ==, 0);
  g_assert_cmpint (look_up (kept, 2)->account, ==, ROLL_DIRECTORY_ACCOUNT_DISABLED);
  g_assert_cmpint (look_up (kept, 4)->account, ==, ROLL_DIRECTORY_ACCOUNT_UNKNOWN);
  g_assert_true (look_up (kept, 4)->ou == look_up (kept, 0)->ou); /* once in memory */
  none = roll_store_get_directory (fixture->store, other, &error);
  g_assert_cmpuint (g_hash_table_size (none), ==, 0);
  g_assert_null (roll_store_get_directory (fixture->store, 999, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
}

static gboolean
note (RollComputer *computer, gpointer user_data)
{
  g_string_append_printf (user_data, "%u:%s ", computer->ordinal,
                          computer->directory != NULL && computer->directory->ou != NULL ? computer->directory->ou : "-");
  return TRUE;
}

/* Attempts come and go, and so do tests: it stays beside every row. */
static void
test_it_comes_with_the_computer (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) told = make_directory ();
  gint64 scan = add_scan (fixture, told);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  g_autoptr (GArray) ordinals = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GPtrArray) found = NULL, again = NULL;
  g_autoptr (RollComputer) computer = NULL;
  g_autoptr (GError) error = NULL;
  const guint32 first = 0;

  for (guint i = 0; i < 5; i++)
    store_fixture_post (journal, i, ROLL_STATUS_CONNECTION_REFUSED, 1);
  g_assert_true (roll_journal_end (journal, ROLL_SCAN_FINISHED, &error));
  computer = roll_store_get_computer (fixture->store, scan, 0, &error);
  assert_first (computer->directory);
  found = roll_store_find_computers (fixture->store, scan, "127.20.0.0", &error);
  g_assert_cmpuint (found->len, ==, 1);
  assert_first (((RollComputer *) found->pdata[0])->directory);
  roll_store_foreach_computer (fixture->store, scan, 0, note, seen, &error);
  g_assert_cmpstr (seen->str, ==, "0:Sales/Berlin 1:- 2:- 3:- 4:Sales/Berlin ");

  journal = store_fixture_begin (fixture, scan);
  g_array_append_val (ordinals, first);
  again = roll_journal_reopen (journal, ordinals, &error);
  g_assert_no_error (error);
  assert_first (((RollComputer *) again->pdata[0])->directory);
  g_assert_true (roll_journal_end (journal, ROLL_SCAN_FINISHED, &error));
}

static void
test_it_goes_with_the_scan (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) told = make_directory ();
  gint64 scan = add_scan (fixture, told), other = add_scan (fixture, told);
  RollJournal *journal = store_fixture_begin (fixture, scan);
  g_autoptr (GError) error = NULL;

  store_fixture_post (journal, 2, ROLL_STATUS_CONNECTION_REFUSED, 1);
  g_assert_true (roll_journal_end (journal, ROLL_SCAN_STOPPED, &error));
  g_assert_true (roll_store_delete_scan (fixture->store, scan, &error));
  g_assert_no_error (error);
  g_assert_cmpint (query_int (fixture->path, "SELECT count(*) FROM directory_facts"), ==, 3);
  g_assert_true (roll_store_delete_scan (fixture->store, other, &error));
  g_assert_cmpint (query_int (fixture->path, "SELECT count(*) FROM directory_facts"), ==, 0);
}

/* A directory may say anything, and so may a file that somebody changed. */
static void
test_absurd_facts_are_none (void)
{
  g_autofree char *long_text = g_strnfill (100000, 'x');
  g_autoptr (RollDirectoryFacts) facts = roll_directory_facts_new (long_text, long_text, 1, ROLL_DIRECTORY_ACCOUNT_UNKNOWN);
  const gint64 times[] = { 0, -1, G_MININT64, G_MAXINT64, 253402300800 * SECOND };

  g_assert_cmpuint (strlen (facts->ou), ==, ROLL_DIRECTORY_OU_MAX);
  g_assert_cmpuint (strlen (facts->system), ==, ROLL_DIRECTORY_SYSTEM_MAX);
  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_autoptr (RollDirectoryFacts) timed = roll_directory_facts_new ("A", NULL, times[i], ROLL_DIRECTORY_ACCOUNT_UNKNOWN);

      g_assert_cmpint (timed->last_logon, ==, 0);
      g_assert_cmpint (roll_directory_facts_get_days (timed, G_MAXINT64), ==, -1);
      g_assert_null (roll_directory_facts_new (NULL, "", times[i], ROLL_DIRECTORY_ACCOUNT_UNKNOWN));
    }
}

static void
test_days_are_whole (void)
{
  g_autoptr (RollDirectoryFacts) facts = roll_directory_facts_new (NULL, NULL, 100 * DAY, ROLL_DIRECTORY_ACCOUNT_UNKNOWN);

  g_assert_cmpint (roll_directory_facts_get_days (facts, 100 * DAY), ==, 0);
  g_assert_cmpint (roll_directory_facts_get_days (facts, 190 * DAY + DAY - 1), ==, 90);
  g_assert_cmpint (roll_directory_facts_get_days (facts, 191 * DAY), ==, 91);
  g_assert_cmpint (roll_directory_facts_get_days (facts, 100 * DAY - 1), ==, -1); /* a clock is wrong */
  g_assert_cmpint (roll_directory_facts_get_days (facts, 0), ==, -1);
  g_assert_cmpint (roll_directory_facts_get_days (NULL, 100 * DAY), ==, -1);
}

static void
test_hostile_rows_are_made_good (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) told = make_directory ();
  gint64 scan = add_scan (fixture, told);
  g_autoptr (GHashTable) kept = NULL;
  g_autoptr (GError) error = NULL;

  exec_file (fixture->path, "UPDATE directory_facts SET ou = CAST (x'ff41fe' AS TEXT), last_logon = -5, enabled = 7,"
                            " system = CAST (zeroblob(70000) AS TEXT) WHERE ordinal = 0;"
                            "UPDATE directory_facts SET ou = NULL, enabled = NULL WHERE ordinal = 4;"
                            "INSERT INTO directory_facts VALUES (1, -3, 'a', 9223372036854775807, NULL, 0),"
                            " (1, 4294967296, 'b', 1, NULL, 0)");
  kept = roll_store_get_directory (fixture->store, scan, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (kept), ==, 2);
  g_assert_true (g_utf8_validate (look_up (kept, 0)->ou, -1, NULL));
  g_assert_null (look_up (kept, 0)->system);
  g_assert_cmpint (look_up (kept, 0)->last_logon, ==, 0);
  g_assert_cmpint (look_up (kept, 0)->account, ==, ROLL_DIRECTORY_ACCOUNT_ENABLED);
}

static void
add (const char *name, void (*test) (StoreFixture *, gconstpointer))
{
  g_test_add (name, StoreFixture, NULL, store_fixture_set_up, test, store_fixture_tear_down);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  add ("/store/directory/from-the-start", test_it_is_kept_from_the_start);
  add ("/store/directory/with-the-computer", test_it_comes_with_the_computer);
  add ("/store/directory/with-the-scan", test_it_goes_with_the_scan);
  add ("/store/directory/hostile", test_hostile_rows_are_made_good);
  g_test_add_func ("/store/directory/absurd", test_absurd_facts_are_none);
  g_test_add_func ("/store/directory/days", test_days_are_whole);
  return g_test_run ();
}
