/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store-fixture.h"
#include "store/roll-schema.h"

static sqlite3 *
open_sqlite (const char *path)
{
  sqlite3 *db = NULL;

  g_assert_cmpint (sqlite3_open_v2 (path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL), ==,
                   SQLITE_OK);
  return db;
}

static void
exec (sqlite3 *db, const char *sql)
{
  char *message = NULL;

  sqlite3_exec (db, sql, NULL, NULL, &message);
  g_assert_cmpstr (message, ==, NULL);
}

static void
exec_file (const char *path, const char *sql)
{
  sqlite3 *db = open_sqlite (path);

  exec (db, sql);
  sqlite3_close (db);
}

static int
query_int (const char *path, const char *sql)
{
  sqlite3 *db = open_sqlite (path);
  sqlite3_stmt *stmt = NULL;
  int value;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  value = sqlite3_column_int (stmt, 0);
  sqlite3_finalize (stmt);
  sqlite3_close (db);
  return value;
}

static void
assert_refused (const char *path, gboolean read_only, gint code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollStore) store = roll_store_open (path, read_only, &error);

  g_assert_null (store);
  g_assert_error (error, ROLL_STORE_ERROR, code);
  g_assert_nonnull (strstr (error->message, "“"));
}

static char *
in_folder (StoreFixture *fixture, const char *name)
{
  return g_build_filename (fixture->folder, name, NULL);
}

/* --- Names and modes ------------------------------------------------------------------------------------ */

static mode_t
mode_of (const char *path)
{
  struct stat info;

  g_assert_cmpint (stat (path, &info), ==, 0);
  return info.st_mode & 0777;
}

static void
test_all_files_are_private (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *folder = in_folder (fixture, "a/b");
  g_autofree char *path = in_folder (fixture, "a/b/rollcall.db");
  g_autoptr (RollStore) store = NULL;
  g_autoptr (RollScanInfo) info = roll_scan_info_new ();
  g_autoptr (GDir) dir = NULL;
  mode_t mask = umask (0);
  RollJournal *journal;
  const char *name;
  guint n_files = 0;

  store = roll_store_open (path, FALSE, NULL);
  g_assert_cmpstr (roll_store_get_path (store), ==, path);
  roll_store_add_scan (store, info, NULL, NULL, NULL, NULL);
  journal = roll_store_begin (store, info->id, NULL, NULL, NULL);
  g_assert_nonnull (journal);
  umask (mask);

  g_assert_cmpint (mode_of (folder), ==, 0700);
  dir = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (folder, name, NULL);

      g_assert_cmpint (mode_of (file), ==, 0600);
      n_files++;
    }
  g_assert_cmpuint (n_files, ==, 4); /* itself, -wal, -shm, -claims */
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
}

static void
test_a_file_others_can_read_is_closed_to_them (StoreFixture *fixture, gconstpointer data)
{
  chmod (fixture->path, 0644);
  store_fixture_reopen (fixture);
  g_assert_cmpint (mode_of (fixture->path), ==, 0600);
}

static void
test_the_default_path (void)
{
  g_autofree char *expected = g_build_filename (g_get_user_data_dir (), "rollcall", "rollcall.db", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RollStore) store = NULL;

  assert_refused (NULL, TRUE, ROLL_STORE_ERROR_NOT_FOUND);
  store = roll_store_open (NULL, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (roll_store_get_path (store), ==, expected);
  g_assert_cmpint (mode_of (expected), ==, 0600);
}

static void
test_links (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *link_path = in_folder (fixture, "link.db");
  g_autofree char *folder_link = in_folder (fixture, "folder");
  g_autofree char *through = in_folder (fixture, "folder/rollcall.db");
  g_autoptr (GError) error = NULL;
  g_autoptr (RollStore) store = NULL;

  g_assert_cmpint (symlink (fixture->path, link_path), ==, 0);
  assert_refused (link_path, FALSE, ROLL_STORE_ERROR_FAILED);
  assert_refused (link_path, TRUE, ROLL_STORE_ERROR_FAILED);
  g_assert_cmpint (symlink (fixture->folder, folder_link), ==, 0);
  store = roll_store_open (through, FALSE, &error);
  g_assert_no_error (error);
}

static void
test_what_is_no_store_is_refused_unchanged (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *text = in_folder (fixture, "text");
  g_autofree char *other = in_folder (fixture, "other.db");
  g_autofree char *fifo = in_folder (fixture, "fifo");
  g_autofree char *below = in_folder (fixture, "text/rollcall.db");
  g_autofree char *nul = in_folder (fixture, "zeros");
  g_autofree char *before = NULL, *after = NULL;
  gsize length, length_after;

  g_assert_true (
      g_file_set_contents (text,
                           "Not a database, but long enough to hold what a header would need. ....."
                           "....................................................................",
                           -1, NULL));
  g_assert_true (g_file_set_contents (nul, "\0\0\0\0\0\0\0\0", 8, NULL));
  exec_file (other, "CREATE TABLE scans (id INTEGER); PRAGMA user_version = 1");
  g_assert_true (g_file_get_contents (other, &before, &length, NULL));
  g_assert_cmpint (mkfifo (fifo, 0600), ==, 0);
  assert_refused (text, FALSE, ROLL_STORE_ERROR_NOT_A_STORE);
  assert_refused (text, TRUE, ROLL_STORE_ERROR_NOT_A_STORE);
  assert_refused (nul, FALSE, ROLL_STORE_ERROR_NOT_A_STORE);
  assert_refused (other, FALSE, ROLL_STORE_ERROR_NOT_A_STORE);
  assert_refused (fifo, FALSE, ROLL_STORE_ERROR_NOT_A_STORE);
  assert_refused (fixture->folder, FALSE, ROLL_STORE_ERROR_NOT_A_STORE);
  assert_refused (below, FALSE, ROLL_STORE_ERROR_FAILED);
  g_assert_true (g_file_get_contents (other, &after, &length_after, NULL));
  g_assert_cmpmem (before, length, after, length_after);
}

static void
post_with_classes (RollJournal *journal, guint ordinal)
{
  RollComputer *computer = store_fixture_computer (ordinal, ROLL_STATUS_SUCCESS, 1);
  RollAttempt *attempt = store_fixture_attempt (computer);

  computer->facts = roll_facts_new ();
  computer->facts->os = g_strdup ("Windows");
  store_fixture_add_class (attempt, "Win32_BIOS", ROLL_CLASS_COLLECTED, 1);
  store_fixture_add_class (attempt, "Win32_Service", ROLL_CLASS_FAILED, 0);
  roll_journal_post_attempt (journal, computer, attempt);
}

/* --- Reading only --------------------------------------------------------------------------------------- */

static void
test_reading_only_makes_nothing (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *missing = in_folder (fixture, "none/rollcall.db");
  g_autofree char *folder = in_folder (fixture, "none");
  g_autofree char *claims = in_folder (fixture, "rollcall.db-claims");
  gint64 scan = store_fixture_add_scan (fixture, 7);
  g_autoptr (RollStore) store = NULL;
  g_autoptr (RollScanInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  assert_refused (missing, TRUE, ROLL_STORE_ERROR_NOT_FOUND);
  g_assert_false (g_file_test (folder, G_FILE_TEST_EXISTS));

  store = roll_store_open (fixture->path, TRUE, &error);
  g_assert_no_error (error);
  info = roll_store_get_scan (store, scan, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (info->n_targets, ==, 7);
  g_assert_false (roll_store_rename_scan (store, scan, "x", &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_null (roll_store_begin (store, scan, NULL, NULL, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_false (roll_store_delete_scan (store, scan, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_FAILED);
  g_assert_false (g_file_test (claims, G_FILE_TEST_EXISTS));
}

/* As somebody who may read but not write; the system's own user would be let through. */
static void
test_without_permission_subprocess (void)
{
  const char *path = g_getenv ("STORE_PATH");
  g_autoptr (RollStore) store = NULL;
  g_autoptr (GPtrArray) scans = NULL;
  g_autoptr (GError) error = NULL;

  if (geteuid () == 0)
    g_assert_cmpint (setresuid (65534, 65534, 65534), ==, 0);
  assert_refused (path, FALSE, ROLL_STORE_ERROR_FAILED);
  store = roll_store_open (path, TRUE, &error);
  g_assert_no_error (error);
  scans = roll_store_list_scans (store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scans->len, ==, 1);
}

static void
test_without_permission (StoreFixture *fixture, gconstpointer data)
{
  store_fixture_add_scan (fixture, 1);
  g_clear_object (&fixture->store);
  chmod (fixture->path, 0444);
  chmod (fixture->folder, 0555);
  g_setenv ("STORE_PATH", fixture->path, TRUE);
  g_test_trap_subprocess ("/store/files/without-permission/subprocess", 0, 0);
  chmod (fixture->folder, 0700);
  g_test_trap_assert_passed ();
}

static void
test_a_deletion_cut_short_is_finished_by_the_next (StoreFixture *fixture, gconstpointer data)
{
  gint64 half = store_fixture_add_scan (fixture, 100);
  gint64 other = store_fixture_add_scan (fixture, 1);
  RollJournal *journal = roll_store_begin (fixture->store, half, NULL, NULL, NULL);
  g_autoptr (GPtrArray) scans = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 100; i++)
    post_with_classes (journal, i);
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
  exec_file (fixture->path, "UPDATE scans SET state = 3 WHERE id = 1");
  g_assert_null (roll_store_get_scan (fixture->store, half, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  scans = roll_store_list_scans (fixture->store, NULL);
  g_assert_cmpuint (scans->len, ==, 1);

  g_assert_true (roll_store_delete_scan (fixture->store, other, &error));
  g_assert_cmpint (query_int (fixture->path,
                              "SELECT (SELECT count(*) FROM scans) + (SELECT count(*) FROM computers) +"
                              " (SELECT count(*) FROM steps) + (SELECT count(*) FROM classes) +"
                              " (SELECT count(*) FROM tallies)"),
                   ==, 0);
}

/* --- Versions ------------------------------------------------------------------------------------------- */

static void
test_a_cut_short_creation_is_finished (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *empty = in_folder (fixture, "empty.db");
  g_autofree char *header = in_folder (fixture, "header.db");
  g_autoptr (RollStore) first = NULL;
  g_autoptr (RollStore) second = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  assert_refused (empty, TRUE, ROLL_STORE_ERROR_NOT_FOUND); /* nothing was ever stored in it */
  exec_file (header, "PRAGMA journal_mode = WAL; CREATE TABLE t (x); DROP TABLE t");
  first = roll_store_open (empty, FALSE, &error);
  g_assert_no_error (error);
  second = roll_store_open (header, FALSE, &error);
  g_assert_no_error (error);
}

static void
test_a_newer_file_is_refused (StoreFixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->store);
  g_assert_cmpint (query_int (fixture->path, "PRAGMA user_version"), ==, 5);
  exec_file (fixture->path, "PRAGMA user_version = 6");
  assert_refused (fixture->path, FALSE, ROLL_STORE_ERROR_NEWER);
  assert_refused (fixture->path, TRUE, ROLL_STORE_ERROR_NEWER);
  exec_file (fixture->path, "PRAGMA user_version = -1");
  assert_refused (fixture->path, FALSE, ROLL_STORE_ERROR_FAILED);
}

static void
test_an_older_file_is_backed_up_and_brought_up (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = in_folder (fixture, "old.db");
  g_autofree char *backup = in_folder (fixture, "old.db.version-0.backup");
  g_autoptr (RollStore) store = NULL;
  g_autoptr (GPtrArray) scans = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *sql =
      g_strdup_printf ("PRAGMA application_id = %d; CREATE TABLE kept (x); INSERT INTO kept"
                       " VALUES (42)",
                       ROLL_SCHEMA_APPLICATION_ID);

  exec_file (path, sql);
  assert_refused (path, TRUE, ROLL_STORE_ERROR_OLDER);
  store = roll_store_open (path, FALSE, &error);
  g_assert_no_error (error);
  scans = roll_store_list_scans (store, &error);
  g_assert_no_error (error);
  g_assert_cmpint (query_int (path, "PRAGMA user_version"), ==, 5);
  g_assert_cmpint (query_int (path, "SELECT x FROM kept"), ==, 42);
  g_assert_cmpint (query_int (backup, "PRAGMA user_version"), ==, 0);
  g_assert_cmpint (query_int (backup, "SELECT x FROM kept"), ==, 42);
  g_assert_cmpint (mode_of (backup), ==, 0600);
}

/* As the first version left them: a scan of three, one of them refused, one waiting for its second attempt. */
static const char version_1_rows[] =
    "INSERT INTO scans VALUES (1, 'Old', 1, 0, 1, 1000, 2000, 3000, 3, '{''port'': <uint16 135>}');"
    "INSERT INTO scan_entries VALUES (1, 0, 0, '127.20.0.0/30');"
    "INSERT INTO computers VALUES (1, 0, '127.20.0.1', x'7f140001', 103, 2, 2, 1, 111, 1, 2100, 50);"
    "INSERT INTO computers VALUES (1, 1, 'pc2', NULL, -3, 1, 4, 2, 12, 1, 2200, 60);"
    "INSERT INTO attempts VALUES (1, 0, 1, 103, 2100, 50);"
    "INSERT INTO attempts VALUES (1, 1, 1, -3, 2200, 60);"
    "INSERT INTO steps VALUES (1, 0, 1, 0, 2, 2, 7, 40, 1, 111, '127.20.0.1:135', NULL);"
    "INSERT INTO events (scan, at, kind, detail) VALUES (1, 2500, 'name-server-silent', 'server=10.0.0.53');"
    "INSERT INTO tallies VALUES (1, 103, 1), (1, -3, 1);";

/* As the second version left them: the scan of the first gone on, something collected. */
static const char version_2_rows[] =
    "UPDATE computers SET credential = 'Admin', classes_collected = 1, classes_planned = 2 WHERE ordinal = 1;"
    "INSERT INTO classes (scan, ordinal, collector, attempt, outcome, step, said_by, error_space, error_number,"
    " started_at, duration_us, n_rows) VALUES (1, 1, 'Win32_BIOS', 1, 2, 9, 2, 4, 2147749904, 5, 6, 0);";

static char *
make_old (StoreFixture *fixture, guint version)
{
  char *path = in_folder (fixture, "old.db");
  sqlite3 *db = open_sqlite (path);
  g_autoptr (GError) error = NULL;
  guint n;

  exec (db, "PRAGMA journal_mode = WAL");
  roll_schema_migrate (db, roll_schema_migrations (&n), 1, &error);
  g_assert_no_error (error);
  exec (db, version_1_rows);
  if (version > 1)
    {
      g_autofree char *stamp = g_strdup_printf ("PRAGMA user_version = %u", version);

      for (guint i = 1; i < version; i++)
        exec (db, roll_schema_migrations (&n)[i].sql);
      exec (db, version_2_rows);
      exec (db, stamp);
    }
  sqlite3_close (db);
  g_assert_cmpint (query_int (path, "PRAGMA user_version"), ==, (int) version);
  return path;
}

static void
collect_from (RollStore *store, gint64 scan, guint ordinal)
{
  RollJournal *journal = roll_store_begin (store, scan, NULL, NULL, NULL);

  post_with_classes (journal, ordinal);
  g_assert_true (roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL));
}

static void
test_the_first_version_goes_on (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_old (fixture, 1);
  g_autofree char *backup = g_strconcat (path, ".version-1.backup", NULL);
  g_autoptr (RollStore) store = NULL;
  g_autoptr (RollComputer) computer = NULL;
  g_autoptr (GPtrArray) attempts = NULL;
  g_autoptr (GPtrArray) classes = NULL;
  g_autoptr (GError) error = NULL;

  assert_refused (path, TRUE, ROLL_STORE_ERROR_OLDER); /* nothing is migrated by who only reads */
  g_assert_false (g_file_test (backup, G_FILE_TEST_EXISTS));
  store = roll_store_open (path, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (query_int (backup, "PRAGMA user_version"), ==, 1);
  g_assert_cmpint (query_int (backup, "SELECT count(*) FROM computers"), ==, 2);
  g_assert_cmpint (mode_of (backup), ==, 0600);

  computer = roll_store_get_computer (store, 1, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (computer->target, ==, "127.20.0.1");
  g_assert_cmpint (computer->status, ==, ROLL_STATUS_CONNECTION_REFUSED);
  g_assert_null (computer->credential);
  g_assert_null (computer->facts);
  g_assert_cmpuint (computer->classes_planned, ==, 0);
  attempts = roll_store_get_attempts (store, 1, 0, &error);
  g_assert_cmpuint (attempts->len, ==, 1);
  classes = roll_store_get_classes (store, 1, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (classes->len, ==, 0);

  collect_from (store, 1, 1);
  g_clear_pointer (&classes, g_ptr_array_unref);
  classes = roll_store_get_classes (store, 1, 1, &error);
  g_assert_cmpuint (classes->len, ==, 2);
  g_assert_cmpint (query_int (path, "SELECT count(*) FROM pragma_foreign_key_check"), ==, 0);
}

static void
test_the_second_version_goes_on (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = make_old (fixture, 2);
  g_autofree char *backup = g_strconcat (path, ".version-2.backup", NULL);
  g_autoptr (RollStore) store = NULL;
  g_autoptr (RollComputer) computer = NULL;
  g_autoptr (GPtrArray) classes = NULL;
  g_autoptr (GPtrArray) findings = NULL;
  g_autoptr (RollFinding) finding = roll_finding_new (0, "ports", "445=open");
  g_autoptr (GError) error = NULL;

  assert_refused (path, TRUE, ROLL_STORE_ERROR_OLDER);
  store = roll_store_open (path, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (query_int (backup, "PRAGMA user_version"), ==, 2);
  g_assert_cmpint (query_int (backup, "SELECT count(*) FROM classes"), ==, 1);
  computer = roll_store_get_computer (store, 1, 1, &error);
  g_assert_cmpstr (computer->credential, ==, "Admin");
  classes = roll_store_get_classes (store, 1, 1, &error);
  g_assert_cmpuint (classes->len, ==, 1);

  findings = roll_store_get_findings (store, 1, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (findings->len, ==, 0);
  g_assert_true (roll_store_put_finding (store, 1, finding, &error));
  g_assert_no_error (error);
  g_assert_cmpint (query_int (path, "SELECT count(*) FROM findings"), ==, 1);
  g_assert_cmpint (query_int (path, "SELECT count(*) FROM pragma_foreign_key_check"), ==, 0);
}

/* Whatever came before, what Active Directory tells is kept from now on; of the scans that are there it told nothing. */
static void
test_any_version_goes_on_to_this_one (StoreFixture *fixture, gconstpointer data)
{
  for (guint version = 1; version <= 4; version++)
    {
      g_autofree char *path = make_old (fixture, version);
      g_autofree char *backup = g_strdup_printf ("%s.version-%u.backup", path, version);
      g_autoptr (RollComputer) computer = NULL;
      g_autoptr (GHashTable) directory = NULL;
      g_autoptr (RollStore) store = NULL;
      g_autoptr (GError) error = NULL;

      store = roll_store_open (path, FALSE, &error);
      g_assert_no_error (error);
      g_assert_cmpint (query_int (path, "PRAGMA user_version"), ==, 5);
      g_assert_cmpint (query_int (backup, "PRAGMA user_version"), ==, (int) version);
      computer = roll_store_get_computer (store, 1, 0, &error);
      g_assert_no_error (error);
      g_assert_null (computer->directory);
      directory = roll_store_get_directory (store, 1, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (g_hash_table_size (directory), ==, 0);
      g_assert_cmpint (query_int (path, "SELECT count(*) FROM pragma_foreign_key_check"), ==, 0);
      g_clear_object (&store);
      g_assert_cmpint (g_unlink (path), ==, 0);
      g_assert_cmpint (g_unlink (backup), ==, 0);
    }
}

static const RollMigration good_migrations[] = {
  { 1, "CREATE TABLE a (x); INSERT INTO a VALUES (1)" },
  { 2, "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = 2" },
  { 3, "CREATE TABLE b AS SELECT x + y AS z FROM a" },
};

static const RollMigration bad_migrations[] = {
  { 1, "CREATE TABLE a (x); INSERT INTO a VALUES (1)" },
  { 2, "ALTER TABLE a ADD COLUMN y; UPDATE a SET y = 2" },
  { 3, "DELETE FROM a; CREATE TABLE nonsense" },
};

static int
count_commit (void *n_commits)
{
  ++*(guint *) n_commits;
  return 0;
}

static void
test_migrations_are_whole_or_not_at_all (StoreFixture *fixture, gconstpointer data)
{
  g_autofree char *path = in_folder (fixture, "steps.db");
  g_autofree char *backup = in_folder (fixture, "steps.db.version-1.backup");
  g_autofree char *second = in_folder (fixture, "steps.db.version-1.backup-2");
  g_autofree char *third = in_folder (fixture, "steps.db.version-1.backup-3");
  guint n_commits = 0;
  g_autoptr (GError) error = NULL;
  sqlite3 *db = open_sqlite (path);

  g_assert_true (roll_schema_migrate (db, good_migrations, 1, &error));
  g_assert_false (g_file_test (backup, G_FILE_TEST_EXISTS)); /* nothing was there to lose */
  g_assert_false (roll_schema_migrate (db, bad_migrations, 3, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_cmpint (query_int (path, "PRAGMA user_version"), ==, 1);
  g_assert_cmpint (query_int (path, "SELECT count(*) FROM pragma_table_info('a')"), ==, 1);
  g_assert_cmpint (query_int (backup, "SELECT x FROM a"), ==, 1);

  g_assert_false (roll_schema_migrate (db, bad_migrations, 3, NULL));
  sqlite3_commit_hook (db, count_commit, &n_commits);
  g_assert_true (roll_schema_migrate (db, good_migrations, 3, &error));
  g_assert_true (roll_schema_migrate (db, good_migrations, 3, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_commits, ==, 1); /* nobody ever sees a version in between */
  g_assert_cmpint (query_int (path, "SELECT z FROM b"), ==, 3);
  g_assert_cmpint (query_int (second, "PRAGMA user_version"), ==, 1);
  g_assert_cmpint (query_int (third, "PRAGMA user_version"), ==, 1);
  sqlite3_close (db);
}

/* --- Damage --------------------------------------------------------------------------------------------- */

static gboolean
see_computer (RollComputer *computer, gpointer data)
{
  g_assert_nonnull (roll_status_info ((int) computer->status));
  return TRUE;
}

static gboolean
see_attempt (RollComputer *computer, const RollAttempt *attempt, gpointer data)
{
  g_assert_nonnull (roll_status_info ((int) attempt->status));
  return TRUE;
}

static gboolean
see_class (RollComputer *computer, const RollClassResult *result, gpointer data)
{
  g_assert_nonnull (result->id);
  g_assert_cmpstr (roll_class_outcome_id (result->outcome), !=, "");
  return TRUE;
}

static void
forget_error (GError **error, gboolean good)
{
  if (!good)
    g_assert_nonnull (*error);
  g_clear_error (error);
}

/* Asks for everything; each question is answered or refused with a reason. */
static void
use_all (RollStore *store, gint64 scan)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) scans = roll_store_list_scans (store, &error);
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) attempts = NULL;
  g_autoptr (GPtrArray) classes = NULL;
  g_autoptr (GPtrArray) events = NULL;
  g_autoptr (GArray) tallies = NULL;
  g_auto (GStrv) includes = NULL;

  forget_error (&error, scans != NULL);
  forget_error (&error, roll_store_foreach_computer (store, scan, 0, see_computer, NULL, &error));
  forget_error (&error, roll_store_foreach_attempt (store, scan, see_attempt, NULL, &error));
  forget_error (&error, roll_store_foreach_class (store, scan, NULL, see_class, NULL, &error));
  forget_error (&error, roll_store_foreach_class (store, scan, "Win32_BIOS", see_class, NULL, &error));
  classes = roll_store_get_classes (store, scan, 7, &error);
  forget_error (&error, classes != NULL);
  found = roll_store_find_computers (store, scan, "127.20.0.7", &error);
  forget_error (&error, found != NULL);
  attempts = roll_store_get_attempts (store, scan, 7, &error);
  forget_error (&error, attempts != NULL);
  events = roll_store_get_events (store, scan, &error);
  forget_error (&error, events != NULL);
  tallies = roll_store_tally (store, scan, &error);
  forget_error (&error, tallies != NULL);
  forget_error (&error, roll_store_get_entries (store, scan, &includes, NULL, &error));
}

static void
damage (GRand *rand, guint8 *bytes, gsize *length)
{
  guint n_bytes = 1u << g_rand_int_range (rand, 0, 8);
  gsize at = (gsize) (g_rand_double (rand) * g_rand_double (rand) * (double) *length);

  if (g_rand_int_range (rand, 0, 8) == 0)
    *length = at;
  for (guint i = 0; i < n_bytes && *length > 0; i++)
    bytes[(at + (gsize) g_rand_int_range (rand, 0, 4096)) % *length] = (guint8) g_rand_int (rand);
}

static void
test_a_damaged_file_breaks_nothing (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 3000);
  RollJournal *journal = roll_store_begin (fixture->store, scan, NULL, NULL, NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed ((guint32) g_test_rand_int ());
  g_autofree char *content = NULL;
  gsize length;

  for (guint i = 0; i < 300; i++)
    post_with_classes (journal, i);
  roll_journal_post_event (journal, "kind", "detail=1");
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
  g_clear_object (&fixture->store);
  g_assert_true (g_file_get_contents (fixture->path, &content, &length, NULL));

  for (guint i = 0; i < 300; i++)
    {
      g_autofree guint8 *copy = g_memdup2 (content, length);
      g_autoptr (RollStore) store = NULL;
      g_autoptr (GError) error = NULL;
      gsize new_length = length;

      damage (rand, copy, &new_length);
      g_assert_true (g_file_set_contents (fixture->path, (char *) copy, (gssize) new_length, NULL));
      store = roll_store_open (fixture->path, i % 2 == 0, &error);
      if (store == NULL)
        g_assert_error (error, ROLL_STORE_ERROR, error->code);
      else
        use_all (store, scan);
    }
}

static const char *const hostile_sql[] = {
  "DROP TABLE computers",
  "DROP TABLE scans; CREATE VIEW scans AS SELECT 1 AS id",
  "DROP TABLE tallies; CREATE TABLE tallies (scan, status, count); INSERT INTO tallies VALUES (1, 'x', 'y')",
  "DROP TABLE computers; CREATE TABLE computers (scan, ordinal, target, address, status, step, said_by, "
  "error_space,"
  " error_number, attempts, started_at, duration_us);"
  " INSERT INTO computers VALUES (1, -1, NULL, 'abc', 77, 99, 99, 99, -1, 1e300, 'x', x'00')",
  "UPDATE scans SET state = -5",
  "UPDATE scans SET targets = -5",
  "UPDATE scans SET name = CAST (x'ff00fe' AS TEXT)",
  "UPDATE computers SET status = 4711",
  "UPDATE computers SET step = 12",
  "UPDATE computers SET said_by = -1",
  "UPDATE computers SET error_space = 10",
  "UPDATE computers SET error_number = 4294967296",
  "UPDATE computers SET address = zeroblob (5)",
  "UPDATE computers SET target = CAST (x'c328' AS TEXT)",
  "UPDATE computers SET classes_collected = -1",
  "UPDATE computers SET classes_planned = 65535",
  "UPDATE computers SET cores = 4294967296",
  "UPDATE computers SET memory_bytes = -1, os = CAST (x'ff' AS TEXT), credential = CAST (x'c328' AS TEXT)",
  "UPDATE classes SET outcome = 0",
  "UPDATE classes SET outcome = 5",
  "UPDATE classes SET attempt = -1",
  "UPDATE classes SET n_rows = 4294967296",
  "UPDATE classes SET collector = CAST (x'ff' || ordinal || outcome AS TEXT)",
  "UPDATE classes SET rows = zeroblob (0)",
  "UPDATE classes SET step = 99, error_space = 99",
  "UPDATE classes SET ordinal = 2999",
  "DROP TABLE classes",
  "DROP TABLE classes; CREATE TABLE classes (id, scan, ordinal, collector, attempt, outcome, step, said_by, error_space,"
  " error_number, started_at, duration_us, n_rows, rows); INSERT INTO classes VALUES (1, 1, 7, 'Win32_BIOS', 1, 1, 0, 0, 0,"
  " 0, 0, 0, 1, 'text'), (2, 1, 7, NULL, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1.5)",
  "UPDATE computers SET started_at = -9223372036854775808, duration_us = 9223372036854775807",
  "UPDATE attempts SET status = 1, started_at = 9223372036854775807",
  "UPDATE steps SET step = -1",
  "UPDATE steps SET offset_us = 9223372036854775807, peer = zeroblob (9), detail = CAST (x'ff' AS TEXT)",
  "UPDATE tallies SET count = 9223372036854775807",
  "UPDATE tallies SET count = -1, status = -9223372036854775808",
  "CREATE TRIGGER t AFTER INSERT ON computers BEGIN DELETE FROM scans; END",
};

static void
test_a_hostile_file_breaks_nothing (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 3000);
  RollJournal *journal = roll_store_begin (fixture->store, scan, NULL, NULL, NULL);
  g_autofree char *content = NULL;
  gsize length;

  post_with_classes (journal, 7);
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
  g_clear_object (&fixture->store);
  g_assert_true (g_file_get_contents (fixture->path, &content, &length, NULL));

  for (guint i = 0; i < G_N_ELEMENTS (hostile_sql); i++)
    {
      sqlite3 *db;

      g_assert_true (g_file_set_contents (fixture->path, content, (gssize) length, NULL));
      db = open_sqlite (fixture->path);
      exec (db, "PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON");
      sqlite3_exec (db, hostile_sql[i], NULL, NULL, NULL);
      sqlite3_close (db);
      store_fixture_reopen (fixture);
      use_all (fixture->store, scan);
      journal = roll_store_begin (fixture->store, scan, NULL, NULL, NULL);
      if (journal != NULL)
        roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
      g_clear_object (&fixture->store);
    }
}

#define add(path, func)                                                                                      \
  g_test_add (path, StoreFixture, NULL, store_fixture_set_up, func, store_fixture_tear_down)

int
main (int argc, char **argv)
{
  g_autofree char *home = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  if (!g_test_subprocess ())
    {
      home = g_dir_make_tmp ("rollcall-home-XXXXXX", NULL);
      g_setenv ("XDG_DATA_HOME", home, TRUE);
    }
  add ("/store/files/private", test_all_files_are_private);
  add ("/store/files/closed-to-others", test_a_file_others_can_read_is_closed_to_them);
  g_test_add_func ("/store/files/default-path", test_the_default_path);
  add ("/store/files/links", test_links);
  add ("/store/files/no-store", test_what_is_no_store_is_refused_unchanged);
  add ("/store/files/read-only", test_reading_only_makes_nothing);
  g_test_add_func ("/store/files/without-permission/subprocess", test_without_permission_subprocess);
  add ("/store/files/without-permission", test_without_permission);
  add ("/store/files/deletion-cut-short", test_a_deletion_cut_short_is_finished_by_the_next);
  add ("/store/version/cut-short", test_a_cut_short_creation_is_finished);
  add ("/store/version/newer", test_a_newer_file_is_refused);
  add ("/store/version/older", test_an_older_file_is_backed_up_and_brought_up);
  add ("/store/version/first", test_the_first_version_goes_on);
  add ("/store/version/second", test_the_second_version_goes_on);
  add ("/store/version/any", test_any_version_goes_on_to_this_one);
  add ("/store/version/migrations", test_migrations_are_whole_or_not_at_all);
  add ("/store/damage/random", test_a_damaged_file_breaks_nothing);
  add ("/store/damage/hostile", test_a_hostile_file_breaks_nothing);
  result = g_test_run ();
  if (home != NULL)
    remove_folder (home);
  return result;
}
