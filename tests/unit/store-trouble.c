/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store-fixture.h"

/* What a journal's listener heard. */
typedef struct
{
  GMutex lock;
  GCond heard;
  guint n_rows;
  guint n_troubles;
  guint n_recoveries;
  char *message;
} Listener;

static void
hear (GPtrArray *computers, const GError *error, gpointer user_data)
{
  Listener *listener = user_data;

  g_mutex_lock (&listener->lock);
  listener->n_rows += computers->len;
  if (error != NULL)
    {
      g_assert_cmpuint (computers->len, ==, 0);
      listener->n_troubles++;
      g_free (listener->message);
      listener->message = g_strdup (error->message);
    }
  else if (computers->len == 0)
    listener->n_recoveries++;
  g_cond_broadcast (&listener->heard);
  g_mutex_unlock (&listener->lock);
}

static void
wait_for_trouble (Listener *listener)
{
  g_mutex_lock (&listener->lock);
  while (listener->n_troubles == 0)
    g_cond_wait (&listener->heard, &listener->lock);
  g_mutex_unlock (&listener->lock);
}

static void
listener_clear (Listener *listener)
{
  g_free (listener->message);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Listener, listener_clear)

static RollJournal *
begin (StoreFixture *fixture, gint64 scan, Listener *listener)
{
  g_autoptr (GError) error = NULL;
  RollJournal *journal = roll_store_begin (fixture->store, scan, hear, listener, &error);

  g_assert_no_error (error);
  return journal;
}

static void
post_refused (RollJournal *journal, guint first, guint n)
{
  for (guint i = first; i < first + n; i++)
    store_fixture_post (journal, i, ROLL_STATUS_CONNECTION_REFUSED, 1);
}

static void
assert_stored (StoreFixture *fixture, gint64 scan, guint n)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) tallies = roll_store_tally (fixture->store, scan, &error);
  guint n_refused = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < tallies->len; i++)
    if (g_array_index (tallies, RollTally, i).status == ROLL_STATUS_CONNECTION_REFUSED)
      n_refused = g_array_index (tallies, RollTally, i).count;
  g_assert_cmpuint (n_refused, ==, n);
}

static void
end_well (RollJournal *journal)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (roll_journal_end (journal, ROLL_SCAN_FINISHED, &error));
  g_assert_no_error (error);
}

/* --- A disk that is full -------------------------------------------------------------------------------- */

static gpointer
post_more_than_fits (gpointer journal)
{
  post_refused (journal, 100, 20000);
  return NULL;
}

static void
test_full_disk (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 30000);
  g_auto (Listener) listener = { 0 };
  RollJournal *journal = begin (fixture, scan, &listener);
  GThread *thread;
  guint backlog;

  post_refused (journal, 0, 100);
  roll_journal_flush (journal, NULL, NULL);
  limit_file_size (4096);
  thread = g_thread_new ("post", post_more_than_fits, journal);
  wait_for_trouble (&listener);
  g_assert_nonnull (strstr (listener.message, fixture->path));
  g_assert_nonnull (strstr (listener.message, "ulimit"));
  while ((backlog = roll_journal_get_backlog (journal)) < 8192)
    g_usleep (1000);
  g_usleep (50000);
  g_assert_cmpuint (roll_journal_get_backlog (journal), ==, backlog); /* who posts waits */
  assert_stored (fixture, scan, 100); /* and who asks does not */

  limit_file_size (RLIM_INFINITY);
  g_thread_join (thread);
  end_well (journal);
  g_assert_cmpuint (listener.n_rows, ==, 20100);
  g_assert_cmpuint (listener.n_troubles, ==, 1);
  g_assert_cmpuint (listener.n_recoveries, ==, 1);
  assert_stored (fixture, scan, 20100);
}

static void
test_a_scan_can_be_ended_on_a_full_disk (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 30000);
  g_auto (Listener) listener = { 0 };
  RollJournal *journal = begin (fixture, scan, &listener);
  g_autoptr (RollScanInfo) info = NULL;
  g_autoptr (GError) error = NULL;
  GThread *thread;

  post_refused (journal, 0, 100);
  roll_journal_flush (journal, NULL, NULL);
  limit_file_size (4096);
  thread = g_thread_new ("post", post_more_than_fits, journal);
  wait_for_trouble (&listener);
  roll_journal_drain (journal);
  g_thread_join (thread);
  g_assert_false (roll_journal_end (journal, ROLL_SCAN_STOPPED, &error));
  limit_file_size (RLIM_INFINITY);
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, "20000 results"));

  /* What was stored stays, and the scan can be resumed. */
  store_fixture_reopen (fixture);
  assert_stored (fixture, scan, 100);
  info = roll_store_get_scan (fixture->store, scan, NULL);
  g_assert_true (info->interrupted);
}

static gboolean
write_file (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  gboolean good = fd >= 0 && write (fd, text, strlen (text)) == (gssize) strlen (text);

  if (fd >= 0)
    close (fd);
  return good;
}

/* A mount namespace of its own; who is not root gets one in a user namespace, where the system lets them. */
static gboolean
enter_namespace (void)
{
  g_autofree char *uid_map = g_strdup_printf ("0 %u 1", geteuid ());
  g_autofree char *gid_map = g_strdup_printf ("0 %u 1", getegid ());

  if (geteuid () == 0)
    return unshare (CLONE_NEWNS) == 0;
  return unshare (CLONE_NEWNS | CLONE_NEWUSER) == 0 && write_file ("/proc/self/setgroups", "deny") &&
         write_file ("/proc/self/uid_map", uid_map) && write_file ("/proc/self/gid_map", gid_map);
}

static gboolean
mount_small_disk (const char *folder)
{
  return enter_namespace () && mount (NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 &&
         mount ("tmpfs", folder, "tmpfs", 0, "size=1m") == 0;
}

/* Asked of a child, which takes the namespace with it: a subprocess of GTest that skips counts as failed. */
static gboolean
may_mount (const char *folder)
{
  pid_t child = fork ();
  int status;

  if (child == 0)
    _exit (mount_small_disk (folder) ? 0 : 1);
  return child > 0 && waitpid (child, &status, 0) == child && WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

/* With a disk of one megabyte. */
static void
test_a_disk_runs_full_and_gets_space_subprocess (void)
{
  StoreFixture fixture = { 0 };
  g_auto (Listener) listener = { 0 };
  RollJournal *journal;
  GThread *thread;
  gint64 scan;

  g_assert_true (mount_small_disk (g_getenv ("SMALL_DISK")));
  fixture.folder = g_strdup (g_getenv ("SMALL_DISK"));
  fixture.path = g_build_filename (fixture.folder, "rollcall.db", NULL);
  store_fixture_reopen (&fixture);
  scan = store_fixture_add_scan (&fixture, 30000);
  journal = begin (&fixture, scan, &listener);
  thread = g_thread_new ("post", post_more_than_fits, journal);
  wait_for_trouble (&listener);
  g_assert_nonnull (strstr (listener.message, g_strerror (ENOSPC)));
  g_assert_nonnull (strstr (listener.message, "Free some space"));
  g_assert_cmpint (mount ("tmpfs", fixture.folder, "tmpfs", MS_REMOUNT, "size=64m"), ==, 0);
  g_thread_join (thread);
  end_well (journal);
  g_assert_cmpuint (listener.n_rows, ==, 20000);
  assert_stored (&fixture, scan, 20000);
  store_fixture_tear_down (&fixture, NULL); /* all but the mount point, which goes with the namespace */
}

static void
test_a_disk_runs_full_and_gets_space (StoreFixture *fixture, gconstpointer data)
{
  if (!may_mount (fixture->folder))
    {
      g_test_skip ("no mount namespace to be had");
      return;
    }
  g_setenv ("SMALL_DISK", fixture->folder, TRUE);
  g_test_trap_subprocess ("/store/trouble/small-disk/subprocess", 0, 0);
  g_test_trap_assert_passed ();
}

/* --- A disk that is read-only --------------------------------------------------------------------------- */

static void
assert_not_opened (const char *path, gboolean read_only, const char *why)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollStore) store = roll_store_open (path, read_only, &error);

  g_assert_null (store);
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_FAILED);
  g_assert_nonnull (strstr (error->message, why));
}

/* As a program that was killed leaves them. */
static void
copy_with_journal (const char *path, const char *copy)
{
  for (const char *const *suffix = (const char *const[]){ "", "-wal", NULL }; *suffix != NULL; suffix++)
    {
      g_autofree char *from = g_strconcat (path, *suffix, NULL);
      g_autofree char *to = g_strconcat (copy, *suffix, NULL);
      g_autofree char *bytes = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
      g_assert_true (g_file_set_contents (to, bytes, (gssize) length, NULL));
    }
}

static void
test_read_only_disk_subprocess (void)
{
  StoreFixture fixture = { 0 };
  g_autofree char *unclosed = NULL;
  g_autoptr (GPtrArray) scans = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (mount_small_disk (g_getenv ("SMALL_DISK")));
  fixture.folder = g_strdup (g_getenv ("SMALL_DISK"));
  fixture.path = g_build_filename (fixture.folder, "rollcall.db", NULL);
  unclosed = g_build_filename (fixture.folder, "unclosed.db", NULL);
  store_fixture_reopen (&fixture);
  store_fixture_add_scan (&fixture, 1);
  copy_with_journal (fixture.path, unclosed);
  g_clear_object (&fixture.store);
  g_assert_cmpint (mount ("tmpfs", fixture.folder, "tmpfs", MS_REMOUNT | MS_RDONLY, NULL), ==, 0);

  assert_not_opened (fixture.path, FALSE, "mounted read-only");
  fixture.store = roll_store_open (fixture.path, TRUE, &error);
  g_assert_no_error (error);
  scans = roll_store_list_scans (fixture.store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (scans->len, ==, 1);
  assert_not_opened (unclosed, FALSE, "mounted read-only");
  assert_not_opened (unclosed, TRUE, "Copy it");

  g_assert_cmpint (mount ("tmpfs", fixture.folder, "tmpfs", MS_REMOUNT, NULL), ==, 0);
  store_fixture_tear_down (&fixture, NULL);
}

static void
test_read_only_disk (StoreFixture *fixture, gconstpointer data)
{
  if (!may_mount (fixture->folder))
    {
      g_test_skip ("no mount namespace to be had");
      return;
    }
  g_setenv ("SMALL_DISK", fixture->folder, TRUE);
  g_test_trap_subprocess ("/store/trouble/read-only-disk/subprocess", 0, 0);
  g_test_trap_assert_passed ();
}

/* --- Those who wait ------------------------------------------------------------------------------------- */

typedef struct
{
  RollJournal *journal;
  GCancellable *cancellable;
} Flush;

static gpointer
flush_until_cancelled (gpointer data)
{
  Flush *flush = data;
  g_autoptr (GError) error = NULL;

  g_assert_false (roll_journal_flush (flush->journal, flush->cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  return NULL;
}

static void
test_a_flush_can_be_cancelled (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 30000);
  g_auto (Listener) listener = { 0 };
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Flush flush = { begin (fixture, scan, &listener), cancellable };
  GThread *thread;

  limit_file_size (4096);
  post_refused (flush.journal, 0, 100);
  wait_for_trouble (&listener);
  thread = g_thread_new ("flush", flush_until_cancelled, &flush);
  g_usleep (20000);
  g_cancellable_cancel (cancellable);
  g_thread_join (thread);
  flush_until_cancelled (&flush); /* cancelled before it begins */
  limit_file_size (RLIM_INFINITY);
  end_well (flush.journal);
  assert_stored (fixture, scan, 100);
}

/* --- A file that is locked or gone ---------------------------------------------------------------------- */

static void
test_locked_by_another_program (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 30000);
  g_auto (Listener) listener = { 0 };
  RollJournal *journal = begin (fixture, scan, &listener);
  sqlite3 *other = NULL;

  g_assert_cmpint (sqlite3_open (fixture->path, &other), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (other, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
  post_refused (journal, 0, 100);
  wait_for_trouble (&listener);
  g_assert_nonnull (strstr (listener.message, "another program"));
  assert_stored (fixture, scan, 0);
  sqlite3_close (other);
  end_well (journal);
  g_assert_cmpuint (listener.n_rows, ==, 100);
  assert_stored (fixture, scan, 100);
}

static void
test_moved_away_and_put_back (StoreFixture *fixture, gconstpointer data)
{
  gint64 scan = store_fixture_add_scan (fixture, 30000);
  g_autofree char *away = g_strconcat (fixture->path, ".away", NULL);
  g_auto (Listener) listener = { 0 };
  RollJournal *journal = begin (fixture, scan, &listener);

  g_assert_cmpint (g_rename (fixture->path, away), ==, 0);
  post_refused (journal, 0, 100);
  wait_for_trouble (&listener);
  g_assert_nonnull (strstr (listener.message, "moved"));
  g_assert_cmpint (g_rename (away, fixture->path), ==, 0);
  end_well (journal);
  store_fixture_reopen (fixture);
  assert_stored (fixture, scan, 100);
}

/* --- Two scans at once ---------------------------------------------------------------------------------- */

static gpointer
post_slowly (gpointer journal)
{
  for (guint i = 0; i < 30; i++)
    {
      post_refused (journal, i * 100, 100);
      roll_journal_flush (journal, NULL, NULL);
    }
  return NULL;
}

static void
test_two_stores_write_side_by_side (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (RollStore) second = roll_store_open (fixture->path, FALSE, NULL);
  gint64 scans[] = { store_fixture_add_scan (fixture, 3000), store_fixture_add_scan (fixture, 3000) };
  RollJournal *journals[] = { roll_store_begin (fixture->store, scans[0], NULL, NULL, NULL),
                              roll_store_begin (second, scans[1], NULL, NULL, NULL) };
  GThread *threads[2];

  for (guint i = 0; i < 2; i++)
    threads[i] = g_thread_new ("post", post_slowly, journals[i]);
  for (guint i = 0; i < 2; i++)
    {
      g_thread_join (threads[i]);
      end_well (journals[i]);
      assert_stored (fixture, scans[i], 3000);
    }
}

/* --- kill -9 -------------------------------------------------------------------------------------------- */

static void
tell_parent (GPtrArray *computers, const GError *error, gpointer user_data)
{
  for (guint i = 0; i < computers->len; i++)
    {
      guint32 ordinal = ((RollComputer *) computers->pdata[i])->ordinal;

      if (write (STDOUT_FILENO, &ordinal, sizeof ordinal) != sizeof ordinal)
        _exit (1);
    }
}

/* In two attempts: the second collects what was abandoned in the first. */
static void
post_twice (RollJournal *journal, guint32 ordinal)
{
  RollComputer *computer = store_fixture_computer (ordinal, ROLL_STATUS_WAITING_FOR_RETRY, 1);
  RollAttempt *attempt = store_fixture_attempt (computer);

  store_fixture_add_class (attempt, "Win32_BIOS", ROLL_CLASS_COLLECTED, 1);
  store_fixture_add_class (attempt, "Win32_Service", ROLL_CLASS_ABANDONED, 0);
  roll_journal_post_attempt (journal, computer, attempt);
  computer = store_fixture_computer (ordinal, ROLL_STATUS_SUCCESS, 2);
  attempt = store_fixture_attempt (computer);
  store_fixture_add_class (attempt, "Win32_Service", ROLL_CLASS_COLLECTED, 230);
  computer->classes_collected = 2;
  roll_journal_post_attempt (journal, computer, attempt);
}

/* The child: posts until it is killed, from @first on, every third computer in two attempts. */
static G_NORETURN void
write_until_killed (const char *path, guint32 first)
{
  g_autoptr (RollStore) store = roll_store_open (path, FALSE, NULL);
  RollJournal *journal = roll_store_begin (store, 1, tell_parent, NULL, NULL);

  alarm (20);
  for (guint i = first;; i++)
    {
      if (i % 3 == 0)
        post_twice (journal, i);
      else
        store_fixture_post (journal, i, ROLL_STATUS_CONNECTION_REFUSED, 1);
      if (i % 200 == 0)
        g_usleep (2000);
    }
}

/* Reads what the child announces until @deadline, then kills it and reads the rest. */
static void
read_and_kill (GPid pid, int fd, gint64 deadline, GHashTable *announced)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
  gboolean killed = FALSE;
  guint32 ordinal;

  for (;;)
    {
      gint64 left = (deadline - g_get_monotonic_time ()) / 1000;

      if (left <= 0 && !killed)
        killed = kill (pid, SIGKILL) == 0;
      if (!killed && poll (&poll_fd, 1, (int) left) <= 0)
        continue;
      if (read (fd, &ordinal, sizeof ordinal) != sizeof ordinal)
        break;
      g_hash_table_add (announced, GUINT_TO_POINTER (ordinal + 1));
    }
}

static void
run_and_kill (StoreFixture *fixture, guint32 first, GHashTable *announced)
{
  g_autofree char *first_text = g_strdup_printf ("%u", first);
  const char *argv[] = { "/proc/self/exe", "--write-until-killed", fixture->path, first_text, NULL };
  g_autoptr (GError) error = NULL;
  int fd, status;
  GPid pid;

  g_spawn_async_with_pipes (NULL, (char **) argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL,
                            &fd, NULL, &error);
  g_assert_no_error (error);
  read_and_kill (pid, fd, g_get_monotonic_time () + g_test_rand_int_range (5000, 120000), announced);
  close (fd);
  g_assert_cmpint (waitpid (pid, &status, 0), ==, pid);
  g_assert_true (WIFSIGNALED (status));
}

static gboolean
unannounce (RollComputer *computer, gpointer announced)
{
  g_hash_table_remove (announced, GUINT_TO_POINTER (computer->ordinal + 1));
  return TRUE;
}

static void
assert_query (const char *path, const char *sql, const char *expected)
{
  sqlite3 *db = NULL;
  sqlite3_stmt *stmt = NULL;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (stmt), ==, SQLITE_ROW);
  g_assert_cmpstr ((const char *) sqlite3_column_text (stmt, 0), ==, expected);
  sqlite3_finalize (stmt);
  sqlite3_close (db);
}

static void
check_after_kill (StoreFixture *fixture, GHashTable *announced)
{
  g_autoptr (RollScanInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  store_fixture_reopen (fixture);
  info = roll_store_get_scan (fixture->store, 1, &error);
  g_assert_no_error (error);
  g_assert_true (info->state == ROLL_SCAN_STOPPED || info->interrupted);
  roll_store_foreach_computer (fixture->store, 1, 0, unannounce, announced, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_hash_table_size (announced), ==, 0);
  assert_query (fixture->path, "PRAGMA integrity_check", "ok");
  assert_query (fixture->path, "SELECT count(*) FROM pragma_foreign_key_check", "0");
  assert_query (
      fixture->path,
      "SELECT count(*) FROM tallies t WHERE count <> (SELECT count(*) FROM computers c WHERE c.scan = t.scan"
      " AND c.status = t.status)",
      "0");
  assert_query (
      fixture->path,
      "SELECT count(*) FROM computers c WHERE (SELECT count(*) FROM attempts a WHERE a.scan = c.scan AND"
      " a.ordinal = c.ordinal) <> c.attempts",
      "0");
  /* An attempt is stored with all it collected, or not at all. */
  assert_query (fixture->path,
                "SELECT count(*) FROM computers c WHERE (SELECT count(*) FROM classes k WHERE k.scan = c.scan AND"
                " k.ordinal = c.ordinal AND k.outcome = 1) <> max (c.classes_collected, c.status = -3)",
                "0");
}

static guint
next_ordinal (StoreFixture *fixture)
{
  g_autoptr (RollScanInfo) info = roll_store_get_scan (fixture->store, 1, NULL);

  return info->n_done;
}

static void
test_killed_at_random_moments (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) announced = g_hash_table_new (NULL, NULL);
  gint64 scan = store_fixture_add_scan (fixture, 10000000);
  RollJournal *journal;

  g_assert_cmpint (scan, ==, 1);
  journal = roll_store_begin (fixture->store, scan, NULL, NULL, NULL);
  roll_journal_end (journal, ROLL_SCAN_STOPPED, NULL);
  for (guint i = 0; i < 20; i++)
    {
      guint first = next_ordinal (fixture);

      g_clear_object (&fixture->store);
      run_and_kill (fixture, first, announced);
      check_after_kill (fixture, announced);
    }
  g_assert_cmpuint (next_ordinal (fixture), >, 0);
}

#define add(path, func)                                                                                      \
  g_test_add (path, StoreFixture, NULL, store_fixture_set_up, func, store_fixture_tear_down)

int
main (int argc, char **argv)
{
  if (argc == 4 && g_str_equal (argv[1], "--write-until-killed"))
    write_until_killed (argv[2], (guint32) g_ascii_strtoull (argv[3], NULL, 10));
  signal (SIGXFSZ, SIG_IGN);
  g_test_init (&argc, &argv, NULL);
  add ("/store/trouble/full-disk", test_full_disk);
  g_test_add_func ("/store/trouble/small-disk/subprocess", test_a_disk_runs_full_and_gets_space_subprocess);
  add ("/store/trouble/small-disk", test_a_disk_runs_full_and_gets_space);
  g_test_add_func ("/store/trouble/read-only-disk/subprocess", test_read_only_disk_subprocess);
  add ("/store/trouble/read-only-disk", test_read_only_disk);
  add ("/store/trouble/end-on-full-disk", test_a_scan_can_be_ended_on_a_full_disk);
  add ("/store/trouble/cancel-flush", test_a_flush_can_be_cancelled);
  add ("/store/trouble/locked", test_locked_by_another_program);
  add ("/store/trouble/moved", test_moved_away_and_put_back);
  add ("/store/trouble/side-by-side", test_two_stores_write_side_by_side);
  add ("/store/kill", test_killed_at_random_moments);
  return g_test_run ();
}
