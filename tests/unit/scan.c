/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "scan/roll-target-source.h"
#include "store-fixture.h"

#define LONGER_THAN_AN_END_TRIES_MS 6000

/* A whole scan of addresses of this machine, into a database of its own. */

typedef struct
{
  StoreFixture parent;
  GHashTable *committed; /* ordinal -> final status, as announced */
  guint n_progress;
  gboolean finished;
  gboolean ok;
  GError *error;
  GCancellable *cancellable;
  guint stop_after; /* committed computers; 0: never */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  store_fixture_set_up (&fixture->parent, NULL);
  fixture->committed = g_hash_table_new (NULL, NULL);
  fixture->cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_hash_table_unref (fixture->committed);
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->cancellable);
  store_fixture_tear_down (&fixture->parent, NULL);
}

/* A listener on 127.0.0.9 and a port that is closed on the other addresses of 127.0.0.0/8. */
static int
listen_on (guint16 *ret_port)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t length = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_assert_cmpint (inet_pton (AF_INET, "127.0.0.9", &address.sin_addr), ==, 1);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (fd, 16), ==, 0);
  g_assert_cmpint (getsockname (fd, (struct sockaddr *) &address, &length), ==, 0);
  *ret_port = ntohs (address.sin_port);
  return fd;
}

static void
on_committed (RollScan *scan, GPtrArray *computers, Fixture *fixture)
{
  g_assert_false (fixture->finished);
  for (guint i = 0; i < computers->len; i++)
    {
      RollComputer *computer = g_ptr_array_index (computers, i);
      gpointer key = GUINT_TO_POINTER (computer->ordinal + 1);

      if (roll_status_is_final (computer->status) && computer->status != ROLL_STATUS_STOPPED)
        g_assert_true (g_hash_table_insert (fixture->committed, key, GINT_TO_POINTER ((int) computer->status)));
    }
  if (fixture->stop_after > 0 && g_hash_table_size (fixture->committed) >= fixture->stop_after)
    g_cancellable_cancel (fixture->cancellable);
}

static void
on_progress (RollScan *scan, Fixture *fixture)
{
  RollProgress progress;
  guint n_rows = 0;

  roll_scan_get_progress (scan, &progress);
  for (guint i = 0; i < progress.tally->len; i++)
    n_rows += g_array_index (progress.tally, RollTally, i).count;
  g_assert_cmpuint (n_rows, ==, progress.n_targets);
  g_assert_cmpuint (progress.n_done, <=, progress.n_targets);
  fixture->n_progress++;
  roll_progress_clear (&progress);
}

static void
on_finished (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->ok = roll_scan_run_finish (ROLL_SCAN (source), result, &fixture->error);
  fixture->finished = TRUE;
}

static void
run (Fixture *fixture, RollScan *scan)
{
  fixture->finished = FALSE;
  g_signal_connect (scan, "committed", G_CALLBACK (on_committed), fixture);
  g_signal_connect (scan, "progress", G_CALLBACK (on_progress), fixture);
  roll_scan_run_async (scan, fixture->cancellable, on_finished, fixture);
  while (!fixture->finished)
    g_main_context_iteration (NULL, TRUE);
}

static RollScan *
make_scan (Fixture *fixture, const char *entry, guint16 port, guint probes, gboolean probe_only)
{
  g_autoptr (RollTargetList) targets = roll_target_list_new ();
  g_autoptr (RollScanOptions) options = roll_scan_options_new ();
  g_autoptr (GError) error = NULL;
  RollScan *scan;

  g_assert_true (roll_target_list_add (targets, entry, &error));
  options->port = port;
  options->probes = probes;
  options->probe_only = probe_only;
  scan = roll_scan_new (fixture->parent.store, targets, options, NULL, FALSE, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (roll_scan_get_name (scan), ==, entry);
  return scan;
}

static guint
stored (Fixture *fixture, gint64 id, RollStatus status)
{
  g_autoptr (GArray) tally = roll_store_tally (fixture->parent.store, id, NULL);

  for (guint i = 0; i < tally->len; i++)
    if (g_array_index (tally, RollTally, i).status == status)
      return g_array_index (tally, RollTally, i).count;
  return 0;
}

static RollScanState
state_of (Fixture *fixture, gint64 id)
{
  g_autoptr (RollScanInfo) info = roll_store_get_scan (fixture->parent.store, id, NULL);

  g_assert_false (info->interrupted);
  return info->state;
}

static void
test_probe_only (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollScan) scan = NULL;
  guint16 port;
  int fd = listen_on (&port);

  scan = make_scan (fixture, "127.0.0.0/27", port, 64, TRUE);
  run (fixture, scan);
  g_assert_no_error (fixture->error);
  g_assert_true (fixture->ok);
  g_assert_cmpuint (g_hash_table_size (fixture->committed), ==, 30);
  g_assert_cmpuint (fixture->n_progress, >, 0);
  g_assert_cmpuint (stored (fixture, roll_scan_get_id (scan), ROLL_STATUS_CONNECTION_REFUSED), ==, 29);
  g_assert_cmpuint (stored (fixture, roll_scan_get_id (scan), ROLL_STATUS_REACHABLE), ==, 1);
  g_assert_cmpint (state_of (fixture, roll_scan_get_id (scan)), ==, ROLL_SCAN_FINISHED);
  close (fd);
}

/* Without any credential that is known before the first packet. */
static void
test_no_credentials (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollScan) scan = NULL;
  guint16 port;
  int fd = listen_on (&port);

  scan = make_scan (fixture, "127.0.0.0/27", port, 64, FALSE);
  run (fixture, scan);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (stored (fixture, roll_scan_get_id (scan), ROLL_STATUS_NO_CREDENTIALS), ==, 30);
  g_assert_cmpint (fcntl (fd, F_SETFL, O_NONBLOCK), ==, 0);
  g_assert_cmpint (accept (fd, NULL, NULL), ==, -1);
  close (fd);
}

static void
test_stop_and_resume (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollScan) scan = NULL;
  g_autoptr (RollScan) resumed = NULL;
  g_autoptr (GError) error = NULL;
  guint16 port;
  int fd = listen_on (&port);
  guint n_before;

  fixture->stop_after = 1;
  scan = make_scan (fixture, "127.1.0.0/16", port, 1, TRUE);
  run (fixture, scan);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  n_before = g_hash_table_size (fixture->committed);
  g_assert_cmpuint (n_before, >, 0);
  g_assert_cmpuint (n_before, <, 65534);
  g_assert_cmpint (state_of (fixture, roll_scan_get_id (scan)), ==, ROLL_SCAN_STOPPED);
  g_assert_cmpuint (stored (fixture, roll_scan_get_id (scan), ROLL_STATUS_CONNECTION_REFUSED), ==, n_before);

  /* Nothing is asked twice: the committed handler asserts that each computer ends once. */
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->cancellable);
  fixture->stop_after = 0;
  resumed = roll_scan_resume (fixture->parent.store, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpint (roll_scan_get_id (resumed), ==, roll_scan_get_id (scan));
  run (fixture, resumed);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (g_hash_table_size (fixture->committed), ==, 65534);
  g_assert_cmpuint (stored (fixture, roll_scan_get_id (scan), ROLL_STATUS_CONNECTION_REFUSED), ==, 65534);
  g_assert_cmpint (state_of (fixture, roll_scan_get_id (scan)), ==, ROLL_SCAN_FINISHED);

  g_clear_object (&resumed);
  resumed = roll_scan_resume (fixture->parent.store, roll_scan_get_id (scan), &error);
  g_assert_null (resumed);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  close (fd);
}

static void
test_stopped_before_it_began (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollScan) scan = make_scan (fixture, "127.0.0.0/24", 9, 64, TRUE);

  g_cancellable_cancel (fixture->cancellable);
  run (fixture, scan);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (state_of (fixture, roll_scan_get_id (scan)), ==, ROLL_SCAN_STOPPED);
}

static void
note_ou (RollScan *scan, GPtrArray *computers, GString *seen)
{
  for (guint i = 0; i < computers->len; i++)
    {
      const RollComputer *computer = computers->pdata[i];

      g_string_append_printf (seen, "%s=%s ", computer->target, computer->directory != NULL ? computer->directory->ou : "-");
    }
}

static gboolean
note_stored_ou (RollComputer *computer, gpointer user_data)
{
  g_autoptr (GPtrArray) one = g_ptr_array_new ();

  g_ptr_array_add (one, computer);
  note_ou (NULL, one, user_data);
  return TRUE;
}

/* Kept from the start, by place among the targets, and told with each result: also when the scan is resumed or tests are made again. */
static void
test_what_the_directory_told (Fixture *fixture, gconstpointer data)
{
  RollDirectoryComputer told[] = { { .host = "pc2.invalid", .ou = "Sales/Berlin" }, { .host = "PC3.invalid", .ou = "Paris" } };
  g_autoptr (GPtrArray) computers = g_ptr_array_new ();
  g_autoptr (RollTargetSource) source = NULL, copy = NULL;
  g_autoptr (RollTargetList) targets = roll_target_list_new ();
  g_autoptr (RollScanOptions) options = roll_scan_options_new ();
  g_autoptr (RollScan) scan = NULL, again = NULL;
  g_autoptr (GArray) ordinals = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  const char *servers[] = { "127.0.0.1:9", NULL };
  const guint32 second = 2;

  g_ptr_array_add (computers, &told[0]);
  g_ptr_array_add (computers, &told[1]);
  source = roll_target_source_new_directory (computers, "invalid");
  copy = roll_target_source_copy (source);
  g_clear_pointer (&source, roll_target_source_free);
  g_assert_true (roll_target_list_add (targets, "pc1.invalid", NULL));
  g_assert_true (roll_target_list_add (targets, "127.0.0.1", NULL));
  g_assert_true (roll_target_list_exclude (targets, "pc1.*", NULL));
  g_assert_true (roll_target_list_add (targets, "pc3.INVALID", NULL));
  g_assert_true (roll_target_source_add_to (copy, targets, NULL, &error));
  options->probe_only = TRUE;
  options->port = 9;
  options->retries = 0;
  options->dns = g_strdupv ((char **) servers);
  scan = roll_scan_new (fixture->parent.store, targets, options, NULL, FALSE, &error);
  g_assert_no_error (error);

  g_assert_true (roll_scan_foreach_computer (fixture->parent.store, roll_scan_get_id (scan), note_stored_ou, seen, &error));
  g_assert_cmpstr (seen->str, ==, "127.0.0.1=- pc3.INVALID=Paris pc2.invalid=Sales/Berlin ");
  g_string_truncate (seen, 0);
  g_signal_connect (scan, "committed", G_CALLBACK (note_ou), seen);
  g_cancellable_cancel (fixture->cancellable);
  run (fixture, scan);
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->cancellable);
  g_clear_object (&scan);

  scan = roll_scan_resume (fixture->parent.store, 0, &error);
  g_signal_connect (scan, "committed", G_CALLBACK (note_ou), seen);
  run (fixture, scan);
  g_assert_no_error (fixture->error);
  g_assert_nonnull (strstr (seen->str, "pc3.INVALID=Paris "));
  g_assert_nonnull (strstr (seen->str, "pc2.invalid=Sales/Berlin "));
  g_assert_nonnull (strstr (seen->str, "127.0.0.1=- "));

  g_hash_table_remove_all (fixture->committed);
  g_array_append_val (ordinals, second);
  again = roll_scan_test_again (fixture->parent.store, roll_scan_get_id (scan), ordinals, &error);
  g_string_truncate (seen, 0);
  g_signal_connect (again, "committed", G_CALLBACK (note_ou), seen);
  run (fixture, again);
  g_assert_no_error (fixture->error);
  g_assert_true (g_str_has_suffix (seen->str, "pc2.invalid=Sales/Berlin "));
}

static void
test_nothing_to_scan (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollTargetList) targets = roll_target_list_new ();
  g_autoptr (RollScanOptions) options = roll_scan_options_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (roll_target_list_add (targets, "10.0.0.1", NULL));
  g_assert_true (roll_target_list_exclude (targets, "10.0.0.0/8", NULL));
  g_assert_null (roll_scan_new (fixture->parent.store, targets, options, NULL, FALSE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (roll_scan_resume (fixture->parent.store, 0, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
}

/* As in a damaged file. */
static void
test_other_targets_than_at_first (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollScanInfo) info = roll_scan_info_new ();
  g_autoptr (RollScanOptions) options = roll_scan_options_new ();
  const char *const includes[] = { "127.0.0.1", "127.0.0.2", NULL };
  g_autoptr (GError) error = NULL;

  info->n_targets = 3;
  info->state = ROLL_SCAN_STOPPED;
  info->options = roll_scan_options_to_text (options);
  g_assert_true (roll_store_add_scan (fixture->parent.store, info, includes, NULL, NULL, &error));
  g_assert_null (roll_scan_resume (fixture->parent.store, info->id, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

/* Neither begun nor gone on with: it would stop at once, each time. */
static void
test_bad_name_server (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollTargetList) targets = roll_target_list_new ();
  g_autoptr (RollScanOptions) options = roll_scan_options_new ();
  g_autoptr (RollScanInfo) info = roll_scan_info_new ();
  g_autoptr (GPtrArray) scans = NULL;
  g_autoptr (GError) error = NULL;
  const char *servers[] = { "not an address", NULL };
  const char *const includes[] = { "pc1", NULL };

  g_assert_true (roll_target_list_add (targets, "pc1", NULL));
  options->dns = g_strdupv ((char **) servers);
  g_assert_null (roll_scan_new (fixture->parent.store, targets, options, "named", FALSE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  scans = roll_store_list_scans (fixture->parent.store, NULL);
  g_assert_cmpuint (scans->len, ==, 0);

  g_clear_error (&error);
  info->n_targets = 1;
  info->state = ROLL_SCAN_STOPPED;
  info->options = roll_scan_options_to_text (options);
  g_assert_true (roll_store_add_scan (fixture->parent.store, info, includes, NULL, NULL, NULL));
  g_assert_null (roll_scan_resume (fixture->parent.store, 0, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "not an address"));
}

/* Targets without a row come out of the list, in their place. */
static gboolean
collect (RollComputer *computer, gpointer user_data)
{
  GString *text = user_data;

  g_string_append_printf (text, "%u=%s:%d ", computer->ordinal, computer->target, (int) computer->status);
  return computer->ordinal != 3;
}

static void
test_rows_in_target_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollScan) scan = make_scan (fixture, "10.0.0.1-10.0.0.5", 135, 64, TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) text = g_string_new (NULL);
  RollJournal *journal
      = roll_store_begin (fixture->parent.store, roll_scan_get_id (scan), NULL, NULL, &error);
  RollComputer *computer = roll_computer_new (2, "10.0.0.3");

  g_assert_no_error (error);
  computer->status = ROLL_STATUS_REACHABLE;
  roll_journal_post_attempt (journal, computer, roll_attempt_new (1));
  g_assert_true (roll_journal_end (journal, ROLL_SCAN_STOPPED, &error));

  g_assert_true (
      roll_scan_foreach_computer (fixture->parent.store, roll_scan_get_id (scan), collect, text, &error));
  g_assert_cmpstr (text->str, ==, "0=10.0.0.1:-1 1=10.0.0.2:-1 2=10.0.0.3:-5 3=10.0.0.4:-1 ");
}

static gboolean
give_space (gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_false (fixture->finished);
  limit_file_size (RLIM_INFINITY);
  return G_SOURCE_REMOVE;
}

static void
on_notice (RollScan *scan, const char *kind, const char *text, Fixture *fixture)
{
  if (g_str_equal (kind, "store-trouble"))
    g_timeout_add (LONGER_THAN_AN_END_TRIES_MS, give_space, fixture);
}

/* All have been asked, and the disk is full: the scan waits for room and loses nothing. */
static void
test_disk_full_at_the_end (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollScan) scan = make_scan (fixture, "127.0.4.0/22", 9, 64, TRUE);
  g_autofree char *log = g_strconcat (roll_store_get_path (fixture->parent.store), "-wal", NULL);
  struct stat info;

  g_signal_connect (scan, "notice", G_CALLBACK (on_notice), fixture);
  g_assert_cmpint (stat (log, &info), ==, 0);
  limit_file_size ((rlim_t) info.st_size + 32768); /* enough to begin */
  run (fixture, scan);
  limit_file_size (RLIM_INFINITY);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (stored (fixture, roll_scan_get_id (scan), ROLL_STATUS_CONNECTION_REFUSED), ==, 1022);
  g_assert_cmpint (state_of (fixture, roll_scan_get_id (scan)), ==, ROLL_SCAN_FINISHED);
}

static void
test_clock_set_back (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollScan) scan = make_scan (fixture, "127.0.0.1", 9, 64, TRUE);
  g_autoptr (RollScan) resumed = NULL;
  g_autoptr (RollComputer) after = NULL;
  g_autoptr (GError) error = NULL;
  RollJournal *journal
      = roll_store_begin (fixture->parent.store, roll_scan_get_id (scan), NULL, NULL, &error);
  RollComputer *computer = roll_computer_new (0, "127.0.0.1");

  g_assert_no_error (error);
  computer->status = ROLL_STATUS_STOPPED;
  computer->attempts = 1;
  computer->started_at = g_get_real_time () + G_TIME_SPAN_DAY;
  roll_journal_post_attempt (journal, computer, roll_attempt_new (1));
  g_assert_true (roll_journal_end (journal, ROLL_SCAN_STOPPED, &error));

  resumed = roll_scan_resume (fixture->parent.store, roll_scan_get_id (scan), &error);
  g_assert_no_error (error);
  run (fixture, resumed);
  g_assert_no_error (fixture->error);
  after = roll_store_get_computer (fixture->parent.store, roll_scan_get_id (scan), 0, &error);
  g_assert_cmpint (after->duration_us, >=, 0);
  g_assert_cmpint (after->duration_us, <, G_TIME_SPAN_DAY / 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  signal (SIGXFSZ, SIG_IGN);

#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/scan/probe-only", test_probe_only);
  ADD ("/scan/no-credentials", test_no_credentials);
  ADD ("/scan/stop-and-resume", test_stop_and_resume);
  ADD ("/scan/stopped-before-it-began", test_stopped_before_it_began);
  ADD ("/scan/what-the-directory-told", test_what_the_directory_told);
  ADD ("/scan/nothing-to-scan", test_nothing_to_scan);
  ADD ("/scan/other-targets-than-at-first", test_other_targets_than_at_first);
  ADD ("/scan/bad-name-server", test_bad_name_server);
  ADD ("/scan/rows-in-target-order", test_rows_in_target_order);
  ADD ("/scan/disk-full-at-the-end", test_disk_full_at_the_end);
  ADD ("/scan/clock-set-back", test_clock_set_back);
  return g_test_run ();
}
