/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fake-wmi.h"
#include "inventory/roll-collectors.h"
#include "store-fixture.h"

/* Whole scans, retries and all, of computers whose port opens and that answer the rest as they are told. */

#define RESULT ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_HRESULT
#define EVER 1, G_MAXUINT
#define WBEM_E_SHUTTING_DOWN 0x80041033
#define WBEM_E_ACCESS_DENIED 0x80041003
#define N_WATCHED 40

typedef struct
{
  StoreFixture parent;
  int listener;
  RollScanOptions *options;
  GPtrArray *credentials;
  GCancellable *cancellable;
  const char *stop_at;     /* stops the scan once a computer has been asked this */
  FakeComputer *watched[N_WATCHED + 1];
  GString *notices;
  guint n_in_flight_max;
  gint64 id;
  GError *error;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t length = sizeof address;

  store_fixture_set_up (&fixture->parent, NULL);
  fixture->listener = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (fixture->listener, (struct sockaddr *) &address, sizeof address), ==, 0);
  g_assert_cmpint (listen (fixture->listener, 4096), ==, 0);
  g_assert_cmpint (getsockname (fixture->listener, (struct sockaddr *) &address, &length), ==, 0);

  fixture->options = roll_scan_options_new ();
  fixture->options->port = ntohs (address.sin_port);
  fixture->options->retry_delay_ms = 1;
  fixture->options->watchdog_ms = 50;
  fixture->options->jobs = 8;
  fixture->credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  fixture->cancellable = g_cancellable_new ();
  fixture->notices = g_string_new (NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  close (fixture->listener);
  roll_scan_options_free (fixture->options);
  g_ptr_array_unref (fixture->credentials);
  g_clear_object (&fixture->cancellable);
  g_string_free (fixture->notices, TRUE);
  g_clear_error (&fixture->error);
  fake_reset ();
  store_fixture_tear_down (&fixture->parent, NULL);
}

static void
add_credential (Fixture *fixture, const char *name, const char *scope)
{
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (fixture->credentials, roll_credential_new (name, "CORP\\user", roll_secret_new ("secret", 6), scope,
                                                              "ntlm", &error));
  g_assert_no_error (error);
}

static void
on_notice (RollScan *scan, const char *kind, const char *text, Fixture *fixture)
{
  g_string_append_printf (fixture->notices, "%s ", kind);
}

static void
on_progress (RollScan *scan, Fixture *fixture)
{
  RollProgress progress;

  roll_scan_get_progress (scan, &progress);
  g_assert_cmpuint (progress.n_in_flight, <=, progress.n_targets);
  fixture->n_in_flight_max = MAX (fixture->n_in_flight_max, progress.n_in_flight);
  roll_progress_clear (&progress);
  for (guint i = 0; fixture->stop_at != NULL && fixture->watched[i] != NULL; i++)
    if (fake_count_calls (fixture->watched[i], fixture->stop_at) > 0)
      g_cancellable_cancel (fixture->cancellable);
}

static void
run (Fixture *fixture, RollScan *scan)
{
  RollProgress progress;

  fixture->id = roll_scan_get_id (scan);
  g_clear_error (&fixture->error);
  roll_scan_set_credentials (scan, fixture->credentials);
  g_signal_connect (scan, "notice", G_CALLBACK (on_notice), fixture);
  g_signal_connect (scan, "progress", G_CALLBACK (on_progress), fixture);
  store_fixture_run (scan, fixture->cancellable, &fixture->error);
  roll_scan_get_progress (scan, &progress);
  g_assert_cmpuint (progress.n_in_flight, ==, 0);
  roll_progress_clear (&progress);
}

static void
scan (Fixture *fixture, const char *entry)
{
  g_autoptr (RollTargetList) targets = roll_target_list_new ();
  g_autoptr (RollScan) scan = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (roll_target_list_add (targets, entry, &error));
  scan = roll_scan_new (fixture->parent.store, targets, fixture->options, NULL, FALSE, &error);
  g_assert_no_error (error);
  run (fixture, scan);
}

static void
resume (Fixture *fixture)
{
  g_autoptr (RollScan) scan = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_object (&fixture->cancellable);
  fixture->cancellable = g_cancellable_new ();
  fixture->stop_at = NULL;
  scan = roll_scan_resume (fixture->parent.store, fixture->id, &error);
  g_assert_no_error (error);
  run (fixture, scan);
}

static RollComputer *
get_computer (Fixture *fixture, guint ordinal)
{
  g_autoptr (GError) error = NULL;
  RollComputer *computer = roll_store_get_computer (fixture->parent.store, fixture->id, ordinal, &error);

  g_assert_no_error (error);
  g_assert_nonnull (computer);
  return computer;
}

static RollClassOutcome
get_outcome (Fixture *fixture, const char *id)
{
  g_autoptr (GPtrArray) classes = roll_store_get_classes (fixture->parent.store, fixture->id, 0, NULL);

  for (guint i = 0; i < classes->len; i++)
    if (g_str_equal (((RollClassResult *) g_ptr_array_index (classes, i))->id, id))
      return ((RollClassResult *) g_ptr_array_index (classes, i))->outcome;
  return 0;
}

static void
assert_computer (Fixture *fixture, RollStatus status, guint attempts, guint collected, guint planned)
{
  g_autoptr (RollComputer) computer = get_computer (fixture, 0);
  g_autoptr (GPtrArray) stored = roll_store_get_attempts (fixture->parent.store, fixture->id, 0, NULL);

  g_assert_no_error (fixture->error);
  g_assert_cmpint (computer->status, ==, status);
  g_assert_cmpuint (computer->attempts, ==, attempts);
  g_assert_cmpuint (stored->len, ==, attempts);
  g_assert_cmpuint (computer->classes_collected, ==, collected);
  g_assert_cmpuint (computer->classes_planned, ==, planned);
}

static guint
count_collectors (void)
{
  guint n;

  roll_collectors (&n);
  return n;
}

static void
test_success (Fixture *fixture, gconstpointer data)
{
  guint n = count_collectors ();
  g_autoptr (RollComputer) computer = NULL;

  fake_add (9);
  add_credential (fixture, "admin", NULL);
  scan (fixture, "127.0.0.9");
  assert_computer (fixture, ROLL_STATUS_SUCCESS, 1, n, n);
  computer = get_computer (fixture, 0);
  g_assert_cmpstr (computer->credential, ==, "admin");
  g_assert_cmpstr (computer->facts->os, ==, "Windows");
  g_assert_cmpint (computer->step, ==, ROLL_STEP_NONE);
}

/* Four attempts and no fifth. */
static void
test_shutting_down (Fixture *fixture, gconstpointer data)
{
  FakeComputer *fake = fake_add (9);
  g_autoptr (RollComputer) computer = NULL;

  fake_fail (fake, "activate", EVER, RESULT, WBEM_E_SHUTTING_DOWN);
  add_credential (fixture, "admin", NULL);
  scan (fixture, "127.0.0.9");
  assert_computer (fixture, ROLL_STATUS_SHUTTING_DOWN, 4, 0, count_collectors ());
  g_assert_cmpuint (fake_get_n_conversations (fake), ==, 4);
  computer = get_computer (fixture, 0);
  g_assert_cmpint (computer->step, ==, ROLL_STEP_ACTIVATE);
  g_assert_cmphex (computer->error.number, ==, WBEM_E_SHUTTING_DOWN);
}

/* And none but the first for what asking again does not change. */
static void
test_no_second_attempt (Fixture *fixture, gconstpointer data)
{
  FakeComputer *fake = fake_add (9);

  fake_fail (fake, "connect-object", EVER, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ERRNO, ECONNREFUSED);
  add_credential (fixture, "admin", NULL);
  scan (fixture, "127.0.0.9");
  assert_computer (fixture, ROLL_STATUS_RPC_SERVER_UNAVAILABLE, 1, 0, count_collectors ());
  g_assert_cmpuint (fake_get_n_conversations (fake), ==, 1);
}

/* One class hangs for good: the others are had all the same, each once, and the computer is a success. */
static void
test_class_hangs (Fixture *fixture, gconstpointer data)
{
  guint n = count_collectors ();
  FakeComputer *fake = fake_add (9);

  fake_hang (fake, "query Win32_BIOS", EVER);
  add_credential (fixture, "admin", NULL);
  scan (fixture, "127.0.0.9");
  assert_computer (fixture, ROLL_STATUS_SUCCESS, 4, n - 1, n);
  g_assert_cmpint (get_outcome (fixture, "Win32_BIOS"), ==, ROLL_CLASS_TIMED_OUT);
  g_assert_cmpuint (fake_count_calls (fake, "query Win32_BIOS"), ==, 4);
  g_assert_cmpuint (fake_count_calls (fake, "query Win32_OperatingSystem"), ==, 1);
  g_assert_cmpuint (fake_count_calls (fake, "query Win32_Service"), ==, 1);
}

static void
test_all_hangs (Fixture *fixture, gconstpointer data)
{
  fake_hang (fake_add (9), "negotiate", EVER);
  add_credential (fixture, "admin", NULL);
  scan (fixture, "127.0.0.9");
  assert_computer (fixture, ROLL_STATUS_WMI_QUERY_TIMEOUT, 4, 0, count_collectors ());
}

/* What was collected stays, whatever the next attempt comes to. */
static void
test_gone_between_attempts (Fixture *fixture, gconstpointer data)
{
  guint n = count_collectors ();
  FakeComputer *fake = fake_add (9);

  fake_fail (fake, "query Win32_BIOS", EVER, RESULT, WBEM_E_SHUTTING_DOWN);
  fake_fail (fake, "connect-object", 2, 9, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ERRNO, ECONNREFUSED);
  add_credential (fixture, "admin", NULL);
  scan (fixture, "127.0.0.9");
  assert_computer (fixture, ROLL_STATUS_SUCCESS, 2, 2, n);
  g_assert_cmpint (get_outcome (fixture, "Win32_OperatingSystem"), ==, ROLL_CLASS_COLLECTED);
}

/* The same credential again, and before the others. */
static void
test_credential_remembered (Fixture *fixture, gconstpointer data)
{
  FakeComputer *fake = fake_add (9);
  g_autofree char *calls = NULL;

  fake_accept (fake, "second");
  fake_fail (fake, "query Win32_BIOS", 1, 1, RESULT, WBEM_E_SHUTTING_DOWN);
  add_credential (fixture, "first", NULL);
  add_credential (fixture, "second", NULL);
  scan (fixture, "127.0.0.9");
  calls = fake_get_calls (fake, "authenticate ");
  g_assert_cmpstr (calls, ==, "authenticate first ntlm\nauthenticate second ntlm\nauthenticate second ntlm\n");
}

/* No credential, no packet. */
static void
test_nobody_to_log_on_as (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollComputer) computer = NULL;
  g_autoptr (GPtrArray) attempts = NULL;

  fake_add (9);
  add_credential (fixture, "elsewhere", "10.0.0.0/8");
  scan (fixture, "127.0.0.8/30");
  assert_computer (fixture, ROLL_STATUS_NO_CREDENTIALS, 1, 0, 0);
  computer = get_computer (fixture, 0);
  g_assert_cmpint (computer->step, ==, ROLL_STEP_NONE);
  g_assert_cmpuint (computer->error.number, ==, ROLL_ENGINE_ERROR_NO_CREDENTIALS);
  attempts = roll_store_get_attempts (fixture->parent.store, fixture->id, 0, NULL);
  g_assert_cmpuint (((RollAttempt *) g_ptr_array_index (attempts, 0))->steps->len, ==, 0);
}

/* A name may turn out to be of a network that a credential is for, or not: then nobody connects to it. */
static void
test_name_out_of_scope (Fixture *fixture, gconstpointer data)
{
  FakeComputer *fake = fake_add (1);
  g_autoptr (RollComputer) computer = NULL;
  g_autoptr (GPtrArray) attempts = NULL;

  add_credential (fixture, "elsewhere", "10.0.0.0/8");
  scan (fixture, "localhost");
  assert_computer (fixture, ROLL_STATUS_NO_CREDENTIALS, 1, 0, 0);
  attempts = roll_store_get_attempts (fixture->parent.store, fixture->id, 0, NULL);
  for (guint i = 0; i < ((RollAttempt *) g_ptr_array_index (attempts, 0))->steps->len; i++)
    g_assert_cmpint (g_array_index (((RollAttempt *) g_ptr_array_index (attempts, 0))->steps, RollStepRecord, i).step, ==,
                     ROLL_STEP_RESOLVE);
  g_assert_cmpuint (fake_get_n_conversations (fake), ==, 0);
}

/* A shortage of this machine costs the computer no attempt. */
static void
test_our_own_fault (Fixture *fixture, gconstpointer data)
{
  guint n = count_collectors ();
  FakeComputer *fake = fake_add (9);

  fake_fail (fake, "connect-object", 1, 1, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ERRNO, EMFILE);
  add_credential (fixture, "admin", NULL);
  scan (fixture, "127.0.0.9");
  assert_computer (fixture, ROLL_STATUS_SUCCESS, 1, n, n);
  g_assert_cmpuint (fake_get_n_conversations (fake), ==, 2);
  g_assert_cmpstr (fixture->notices->str, ==, "out-of-files out-of-files-over ");
}

/* More computers than sessions: never more at once, all asked, each once. */
static void
test_many (Fixture *fixture, gconstpointer data)
{
  FakeComputer *fakes[254];

  for (guint i = 0; i < G_N_ELEMENTS (fakes); i++)
    {
      fakes[i] = fake_add ((guint8) (i + 1));
      fake_delay (fakes[i], "activate", 10);
    }
  fixture->options->jobs = 5;
  add_credential (fixture, "admin", NULL);
  scan (fixture, "127.0.0.0/24");
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fake_get_most_at_once (), ==, 5);
  for (guint i = 0; i < G_N_ELEMENTS (fakes); i++)
    {
      g_autoptr (RollComputer) computer = get_computer (fixture, i);

      g_assert_cmpint (computer->status, ==, ROLL_STATUS_SUCCESS);
      g_assert_cmpuint (fake_get_n_conversations (fakes[i]), ==, 1);
    }
  /* Computers are not begun long before there is a session for them. */
  g_assert_cmpuint (fixture->n_in_flight_max, <, 40);
}

/* How many of the first @n computers were connected once more when their turn came. */
static guint
count_reconnected (Fixture *fixture, guint n)
{
  guint n_reconnected = 0;

  for (guint ordinal = 0; ordinal < n; ordinal++)
    {
      g_autoptr (GPtrArray) attempts = roll_store_get_attempts (fixture->parent.store, fixture->id, ordinal, NULL);
      const RollAttempt *attempt = g_ptr_array_index (attempts, 0);

      for (guint i = 0; i < attempt->steps->len; i++)
        n_reconnected += g_strcmp0 (g_array_index (attempt->steps, RollStepRecord, i).detail, "again=waited") == 0;
    }
  return n_reconnected;
}

/* All of one network: so many at once as its line is thought to bear, and the others after them; those far behind are not
 * kept connected meanwhile. */
static void
test_one_network (Fixture *fixture, gconstpointer data)
{
  FakeComputer *fakes[40];

  for (guint i = 0; i < G_N_ELEMENTS (fakes); i++)
    {
      fakes[i] = fake_add ((guint8) (i + 1));
      fake_delay (fakes[i], "activate", 5);
    }
  fixture->options->jobs = 16;
  fixture->options->network_jobs = 3;
  add_credential (fixture, "admin", NULL);
  scan (fixture, "127.0.0.1-127.0.0.40");
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (fake_get_most_at_once (), ==, 3);
  for (guint i = 0; i < G_N_ELEMENTS (fakes); i++)
    g_assert_cmpuint (fake_get_n_conversations (fakes[i]), ==, 1);
  g_assert_cmpuint (count_reconnected (fixture, G_N_ELEMENTS (fakes)), >, 0);
}

/* Stopped while most of them wait for the others of their network. */
static void
test_one_network_stopped (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < N_WATCHED; i++)
    {
      fixture->watched[i] = fake_add ((guint8) (i + 1));
      fake_hang (fixture->watched[i], "activate", EVER);
    }
  fixture->options->watchdog_ms = 600000;
  fixture->options->network_jobs = 2;
  fixture->stop_at = "activate";
  add_credential (fixture, "admin", NULL);
  scan (fixture, "127.0.0.1-127.0.0.40");
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fake_get_most_at_once (), <=, 2);
}

/* What was collected before the stop is kept and not asked again. */
static void
test_stop_and_resume (Fixture *fixture, gconstpointer data)
{
  guint n = count_collectors ();
  FakeComputer *fake = fake_add (9);

  fake_hang (fake, "query Win32_Share", 1, 1);
  fixture->options->watchdog_ms = 600000;
  fixture->watched[0] = fake;
  fixture->stop_at = "query Win32_Share";
  add_credential (fixture, "admin", NULL);
  scan (fixture, "127.0.0.9");
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (get_outcome (fixture, "Win32_BIOS"), ==, ROLL_CLASS_COLLECTED);

  resume (fixture);
  assert_computer (fixture, ROLL_STATUS_SUCCESS, 1, n, n);
  g_assert_cmpuint (fake_count_calls (fake, "query Win32_BIOS"), ==, 1);
  g_assert_cmpuint (fake_count_calls (fake, "query Win32_Share"), ==, 2);
}

/* Between two attempts: the plan, the number of attempts and the credential are as they were. */
static void
test_resume_between_attempts (Fixture *fixture, gconstpointer data)
{
  guint n = count_collectors ();
  FakeComputer *fake = fake_add (9);
  g_autofree char *calls = NULL;

  fake_accept (fake, "second");
  fake_fail (fake, "query Win32_BIOS", EVER, RESULT, WBEM_E_SHUTTING_DOWN);
  fixture->watched[0] = fake;
  fixture->stop_at = "query Win32_BIOS";
  fixture->options->retry_delay_ms = 300;
  add_credential (fixture, "first", NULL);
  add_credential (fixture, "second", NULL);
  scan (fixture, "127.0.0.9");
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  resume (fixture);
  assert_computer (fixture, ROLL_STATUS_SUCCESS, 4, n - 1, n);
  g_assert_cmpint (get_outcome (fixture, "Win32_BIOS"), ==, ROLL_CLASS_FAILED);
  g_assert_cmpuint (fake_count_calls (fake, "query Win32_OperatingSystem"), ==, 1);
  g_assert_cmpuint (fake_count_calls (fake, "query Win32_BIOS"), ==, 4);
  g_assert_cmpuint (fake_count_calls (fake, "authenticate first"), ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/scan-sessions/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("success", test_success);
  ADD ("shutting-down", test_shutting_down);
  ADD ("no-second-attempt", test_no_second_attempt);
  ADD ("class-hangs", test_class_hangs);
  ADD ("all-hangs", test_all_hangs);
  ADD ("gone-between-attempts", test_gone_between_attempts);
  ADD ("credential-remembered", test_credential_remembered);
  ADD ("nobody-to-log-on-as", test_nobody_to_log_on_as);
  ADD ("name-out-of-scope", test_name_out_of_scope);
  ADD ("our-own-fault", test_our_own_fault);
  ADD ("many", test_many);
  ADD ("one-network", test_one_network);
  ADD ("one-network-stopped", test_one_network_stopped);
  ADD ("stop-and-resume", test_stop_and_resume);
  ADD ("resume-between-attempts", test_resume_between_attempts);
  return g_test_run ();
}
