/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inventory/roll-detail.h"
#include "lab/roll-lab.h"
#include "scan/roll-logon-budget.h"
#include "store-fixture.h"

/* Whole scans of the practice network, whose computers count the logons that reach them. */

#define MANY 500
#define MORE 1500
#define SOME 30
#define LAB_COMPUTERS 3000 /* of which so many answer */

typedef struct
{
  StoreFixture parent;
  RollLab *lab;
  guint n_computers;
  RollTargetList *targets;
  guint n_members;   /* targets that log on at the domain, and are well */
  RollScanOptions *options;
  GPtrArray *credentials;
  GHashTable *notices; /* kind -> how often */
  GCancellable *cancellable; /* (nullable): stops the scan at the first notice */
  gint64 id;
  GError *error;
} Fixture;

/* --- What leaves this machine ------------------------------------------------------------------------------------ */

static int n_ntlm; /* atomic: NTLM messages, of either side */

ssize_t __real_send (int fd, const void *bytes, size_t length, int flags);
ssize_t __wrap_send (int fd, const void *bytes, size_t length, int flags);

ssize_t
__wrap_send (int fd, const void *bytes, size_t length, int flags)
{
  if (memmem (bytes, length, "NTLMSSP", 8) != NULL)
    g_atomic_int_inc (&n_ntlm);
  return __real_send (fd, bytes, length, flags);
}

/* --- The network and the scan ------------------------------------------------------------------------------------ */

/* Whoever hangs or hangs up is not what this is about. */
static gboolean
is_wanted (const RollLabComputer *computer)
{
  if (computer->naming != ROLL_LAB_NAME_KNOWN || computer->door != ROLL_LAB_DOOR_OPEN)
    return FALSE;
  return computer->remark == NULL || computer->expected_inventory == ROLL_STATUS_ACCESS_DENIED;
}

static void
choose_targets (Fixture *fixture)
{
  guint n;
  const RollLabComputer *computers = roll_lab_get_computers (fixture->lab, &n);

  fixture->targets = roll_target_list_new ();
  for (guint i = 0; i < n && roll_target_list_get_count (fixture->targets) < fixture->n_computers; i++)
    if (is_wanted (&computers[i]))
      {
        g_assert_true (roll_target_list_add (fixture->targets, computers[i].target, NULL));
        fixture->n_members += computers[i].remark == NULL;
      }
  g_assert_cmpuint (roll_target_list_get_count (fixture->targets), ==, fixture->n_computers);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  const char *dns[] = { NULL, NULL };

  fixture->n_computers = GPOINTER_TO_UINT (data);
  store_fixture_set_up (&fixture->parent, NULL);
  fixture->lab = roll_lab_new (LAB_COMPUTERS);
  roll_lab_start (fixture->lab, &error);
  g_assert_no_error (error);
  choose_targets (fixture);

  dns[0] = roll_lab_get_dns (fixture->lab);
  fixture->options = roll_scan_options_new ();
  fixture->options->port = roll_lab_get_port (fixture->lab);
  fixture->options->dns = g_strdupv ((char **) dns);
  fixture->options->retries = 0;
  fixture->options->jobs = 64;
  fixture->credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  fixture->notices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  roll_lab_free (fixture->lab);
  roll_target_list_unref (fixture->targets);
  roll_scan_options_free (fixture->options);
  g_ptr_array_unref (fixture->credentials);
  g_hash_table_unref (fixture->notices);
  store_fixture_tear_down (&fixture->parent, NULL);
}

static void
add_credential (Fixture *fixture, const char *name, const char *account, const char *password, const char *protocols)
{
  RollSecret *secret = roll_secret_new (password, strlen (password));
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (fixture->credentials, roll_credential_new (name, account, secret, NULL, protocols, &error));
  g_assert_no_error (error);
}

static void
on_notice (RollScan *scan, const char *kind, const char *text, Fixture *fixture)
{
  guint n = GPOINTER_TO_UINT (g_hash_table_lookup (fixture->notices, kind));

  g_test_message ("%s: %s", kind, text);
  g_hash_table_insert (fixture->notices, g_strdup (kind), GUINT_TO_POINTER (n + 1));
  g_cancellable_cancel (fixture->cancellable);
}

static void
run_scan (Fixture *fixture, RollScan *run)
{
  fixture->id = roll_scan_get_id (run);
  roll_scan_set_credentials (run, fixture->credentials);
  g_signal_connect (run, "notice", G_CALLBACK (on_notice), fixture);
  store_fixture_run (run, fixture->cancellable, &fixture->error);
}

static void
scan (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollScan) run
      = roll_scan_new (fixture->parent.store, fixture->targets, fixture->options, "scan", TRUE, &error);

  g_assert_no_error (error);
  run_scan (fixture, run);
}

static void
resume (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollScan) run = roll_scan_resume (fixture->parent.store, fixture->id, &error);

  g_assert_no_error (error);
  run_scan (fixture, run);
}

static RollLabCounts
total_counts (Fixture *fixture)
{
  RollLabCounts total = { 0 };

  for (guint i = 0; i < LAB_COMPUTERS; i++)
    {
      RollLabCounts counts;

      roll_lab_get_counts (fixture->lab, i, &counts);
      total.connections += counts.connections;
      total.logons += counts.logons;
      total.refused_logons += counts.refused_logons;
    }
  return total;
}

/* --- What became of the computers -------------------------------------------------------------------------------- */

typedef struct
{
  guint n_success;
  guint n_refused; /* by themselves */
  guint n_resting;
  guint n_second;  /* successes of the second account */
} Outcome;

static gboolean
count_computer (RollComputer *computer, gpointer user_data)
{
  Outcome *outcome = user_data;

  if (computer->status == ROLL_STATUS_SUCCESS)
    {
      outcome->n_success++;
      outcome->n_second += g_strcmp0 (computer->credential, "second") == 0;
      return TRUE;
    }
  g_assert_cmpint (computer->status, ==, ROLL_STATUS_ACCESS_DENIED);
  if (computer->error.space == ROLL_ERROR_SPACE_ENGINE)
    {
      g_assert_cmpuint (computer->error.number, ==, ROLL_ENGINE_ERROR_ACCOUNT_RESTING);
      g_assert_cmpint (computer->step, ==, ROLL_STEP_AUTHENTICATE);
      outcome->n_resting++;
    }
  else
    outcome->n_refused++;
  return TRUE;
}

static Outcome
get_outcome (Fixture *fixture)
{
  Outcome outcome = { 0 };

  g_assert_true (
      roll_store_foreach_computer (fixture->parent.store, fixture->id, 0, count_computer, &outcome, NULL));
  g_test_message ("%u successes (%u of the second account), %u refused, %u not tried", outcome.n_success, outcome.n_second,
                  outcome.n_refused, outcome.n_resting);
  return outcome;
}

/* Why it was not tried, in its own evidence. */
static gboolean
check_evidence (RollComputer *computer, const RollAttempt *attempt, gpointer user_data)
{
  guint *n_resting = user_data;

  for (guint i = 0; i < attempt->steps->len; i++)
    {
      const RollStepRecord *record = &g_array_index (attempt->steps, RollStepRecord, i);
      g_autofree char *account = roll_detail_get (record->detail, "account");
      g_autofree char *by = roll_detail_get (record->detail, "by");
      g_autofree char *refused = roll_detail_get (record->detail, "refused");
      g_autofree char *until = roll_detail_get (record->detail, "until");

      if (g_strcmp0 (account, "resting") != 0)
        continue;
      g_assert_cmpint (record->step, ==, ROLL_STEP_AUTHENTICATE);
      g_assert_cmpstr (refused, ==, "2");
      g_assert_nonnull (strchr (by, ','));
      g_assert_nonnull (until);
      ++*n_resting;
    }
  return TRUE;
}

static void
assert_notices (Fixture *fixture, guint n_resting)
{
  g_assert_cmpuint (GPOINTER_TO_UINT (g_hash_table_lookup (fixture->notices, "account-resting")), ==, n_resting);
  g_assert_cmpuint (g_hash_table_size (fixture->notices), ==, n_resting > 0);
}

/* --- Tests ------------------------------------------------------------------------------------------------------- */

static void
test_wrong_password (Fixture *fixture, gconstpointer data)
{
  guint n_resting = 0;
  RollLabCounts counts;
  Outcome outcome;

  add_credential (fixture, "wrong", ROLL_LAB_ACCOUNT, "wrong", "ntlm");
  scan (fixture);
  g_assert_no_error (fixture->error);
  counts = total_counts (fixture);
  outcome = get_outcome (fixture);
  g_assert_cmpuint (counts.refused_logons, ==, ROLL_LOGON_FAILURES);
  g_assert_cmpuint (counts.logons, ==, 0);
  g_assert_cmpuint (outcome.n_refused, ==, ROLL_LOGON_FAILURES);
  g_assert_cmpuint (outcome.n_resting, ==, fixture->n_computers - ROLL_LOGON_FAILURES);
  g_assert_true (
      roll_store_foreach_attempt (fixture->parent.store, fixture->id, check_evidence, &n_resting, NULL));
  g_assert_cmpuint (n_resting, ==, fixture->n_computers - ROLL_LOGON_FAILURES);
  assert_notices (fixture, 1);
}

/* One account by both names of its domain: the computers tell that they are. */
static void
test_two_names (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other_name = g_strconcat (ROLL_LAB_DOMAIN, strchr (ROLL_LAB_ACCOUNT, '\\'), NULL);

  add_credential (fixture, "wrong", ROLL_LAB_ACCOUNT, "wrong", "ntlm");
  add_credential (fixture, "wrong too", other_name, "wrong", "ntlm");
  scan (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (total_counts (fixture).refused_logons, ==, ROLL_LOGON_FAILURES);
  g_assert_cmpuint (get_outcome (fixture).n_success, ==, 0);
}

/* What was refused before a scan was stopped counts on when it is resumed. */
static void
test_resumed (Fixture *fixture, gconstpointer data)
{
  Outcome outcome;

  add_credential (fixture, "wrong", ROLL_LAB_ACCOUNT, "wrong", "ntlm");
  fixture->options->jobs = 1;
  fixture->cancellable = g_cancellable_new ();
  scan (fixture);
  if (fixture->error == NULL)
    {
      g_test_skip ("the scan was over before it could be stopped");
      return;
    }
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->cancellable);

  resume (fixture);
  g_assert_no_error (fixture->error);
  outcome = get_outcome (fixture);
  g_assert_cmpuint (outcome.n_resting, ==, fixture->n_computers - ROLL_LOGON_FAILURES);
  g_assert_cmpuint (total_counts (fixture).refused_logons, ==, ROLL_LOGON_FAILURES);
}

/* The second account takes the inventory while the first one rests. */
static void
test_second_account_goes_on (Fixture *fixture, gconstpointer data)
{
  Outcome outcome;

  add_credential (fixture, "wrong", ROLL_LAB_ACCOUNT, "wrong", "ntlm");
  add_credential (fixture, "second", ROLL_LAB_SECOND_ACCOUNT, ROLL_LAB_SECOND_PASSWORD, "ntlm");
  scan (fixture);
  g_assert_no_error (fixture->error);
  outcome = get_outcome (fixture);
  g_assert_cmpuint (outcome.n_second, ==, outcome.n_success);
  g_assert_cmpuint (outcome.n_success, >=, fixture->n_members);
  /* Computers that know neither, beside the two. */
  g_assert_cmpuint (total_counts (fixture).refused_logons, <=,
                    ROLL_LOGON_FAILURES + fixture->n_computers - outcome.n_success);
  assert_notices (fixture, 1);
}

/* Computers that do not know the account do not make it rest where it is known. */
static void
test_right_password (Fixture *fixture, gconstpointer data)
{
  Outcome outcome;

  add_credential (fixture, "right", ROLL_LAB_ACCOUNT, ROLL_LAB_PASSWORD, "ntlm");
  n_ntlm = 0;
  scan (fixture);
  g_assert_no_error (fixture->error);
  outcome = get_outcome (fixture);
  g_assert_cmpuint (outcome.n_success, ==, fixture->n_members);
  g_assert_cmpuint (outcome.n_resting, ==, 0);
  g_assert_cmpuint (total_counts (fixture).refused_logons, >, 0);
  g_assert_cmpint (n_ntlm, >, 0);
  assert_notices (fixture, 0);
}

/* No realm is known to this machine, and no KDC: the account can't log on, and NTLM is no way out. */
static void
test_kerberos_only (Fixture *fixture, gconstpointer data)
{
  add_credential (fixture, "tickets", "scanner@" ROLL_LAB_DOMAIN, ROLL_LAB_PASSWORD, "kerberos");
  n_ntlm = 0;
  scan (fixture);
  g_assert_no_error (fixture->error);
  g_assert_cmpuint (get_outcome (fixture).n_refused, ==, fixture->n_computers);
  g_assert_cmpint (n_ntlm, ==, 0);
  g_assert_cmpuint (total_counts (fixture).logons, ==, 0);
}

#define ADD(path, n_computers, function)                                                                              \
  g_test_add ("/scan-accounts/" path, Fixture, GUINT_TO_POINTER (n_computers), set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_autofree char *settings = NULL;
  int fd = g_file_open_tmp ("rollcall-krb5-XXXXXX", &settings, NULL);
  static const char text[] = "[libdefaults]\n dns_lookup_kdc = false\n dns_lookup_realm = false\n";
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (write (fd, text, sizeof text - 1), ==, sizeof text - 1);
  close (fd);
  g_setenv ("KRB5_CONFIG", settings, TRUE);

  ADD ("wrong-password", MANY, test_wrong_password);
  ADD ("two-names", MANY, test_two_names);
  ADD ("resumed", MORE, test_resumed);
  ADD ("second-account", SOME, test_second_account_goes_on);
  ADD ("right-password", SOME, test_right_password);
  ADD ("kerberos-only", SOME, test_kerberos_only);
  status = g_test_run ();
  g_unlink (settings);
  return status;
}
