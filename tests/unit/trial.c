/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-trial.h"

#include <string.h>

#include "lab/roll-lab.h"

/* A credential is tried on computers of the practice network, each with its own trouble. */

typedef struct
{
  RollLab *lab;
  const RollLabComputer *computers;
  guint n_computers;
  RollScanOptions *options;
  GCancellable *cancellable;
  RollStep cancel_at; /* when this step is told; NONE: at no time */
  GArray *told;       /* (element-type RollStepRecord): as it was told last; texts not kept */
  guint n_told;
  GAsyncResult *result;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->lab = roll_lab_new (ROLL_LAB_COMPUTERS + ROLL_LAB_ODD_COMPUTERS);
  fixture->computers = roll_lab_get_computers (fixture->lab, &fixture->n_computers);
  roll_lab_start (fixture->lab, &error);
  g_assert_no_error (error);
  fixture->options = roll_scan_options_new ();
  fixture->options->port = roll_lab_get_port (fixture->lab);
  fixture->options->dns = g_strsplit (roll_lab_get_dns (fixture->lab), " ", -1);
  fixture->options->connect_timeout_ms = 1000;
  fixture->options->watchdog_ms = 1500;
  fixture->cancellable = g_cancellable_new ();
  fixture->told = g_array_new (FALSE, TRUE, sizeof (RollStepRecord));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  roll_lab_free (fixture->lab);
  roll_scan_options_free (fixture->options);
  g_object_unref (fixture->cancellable);
  g_array_unref (fixture->told);
}

static void
on_step (guint place, const RollStepRecord *record, gpointer user_data)
{
  Fixture *fixture = user_data;

  g_assert_null (fixture->result);
  g_assert_cmpuint (place, <=, fixture->told->len);
  if (place == fixture->told->len)
    g_array_set_size (fixture->told, place + 1);
  g_array_index (fixture->told, RollStepRecord, place) = *record;
  fixture->n_told++;
  if (record->step == fixture->cancel_at)
    g_cancellable_cancel (fixture->cancellable);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ((Fixture *) user_data)->result = g_object_ref (result);
}

static RollTrial *
try_on (Fixture *fixture, const char *target, RollCredential *credential, GError **error)
{
  RollTrial *trial;

  g_array_set_size (fixture->told, 0);
  roll_trial_async (credential, target, fixture->options, on_step, fixture->cancellable, on_done, fixture);
  while (fixture->result == NULL)
    g_main_context_iteration (NULL, TRUE);
  trial = roll_trial_finish (fixture->result, error);
  g_clear_object (&fixture->result);
  return trial;
}

static RollCredential *
credential_new (const char *account, const char *password, const char *scope)
{
  g_autoptr (GError) error = NULL;
  RollCredential *credential =
      roll_credential_new ("Lab", account, roll_secret_new (password, strlen (password)), scope, NULL, &error);

  g_assert_no_error (error);
  return credential;
}

static guint
find_computer (Fixture *fixture, RollStatus expected, gboolean by_name)
{
  guint i = 0;

  while (fixture->computers[i].expected_inventory != expected
         || (strcmp (fixture->computers[i].target, fixture->computers[i].name) == 0) != by_name)
    g_assert_cmpuint (++i, <, fixture->n_computers);
  return i;
}

/* What was told step by step is what stands in the end. */
static void
assert_told (Fixture *fixture, const RollAttempt *attempt)
{
  g_assert_cmpuint (fixture->told->len, ==, attempt->steps->len);
  for (guint i = 0; i < attempt->steps->len; i++)
    {
      const RollStepRecord *told = &g_array_index (fixture->told, RollStepRecord, i);
      const RollStepRecord *record = &g_array_index (attempt->steps, RollStepRecord, i);

      g_assert_cmpint (told->step, ==, record->step);
      g_assert_cmphex (told->error.number, ==, record->error.number);
      g_assert_cmpint (told->duration_us, ==, record->duration_us);
    }
}

static void
test_works (Fixture *fixture, gconstpointer data)
{
  static const RollStep ladder[] = { ROLL_STEP_RESOLVE,        ROLL_STEP_CONNECT,
                                     ROLL_STEP_NEGOTIATE,      ROLL_STEP_AUTHENTICATE,
                                     ROLL_STEP_ACTIVATE,       ROLL_STEP_CONNECT_OBJECT,
                                     ROLL_STEP_AUTHENTICATE_OBJECT, ROLL_STEP_LOGIN_CIMV2 };
  g_autoptr (RollCredential) credential = credential_new (ROLL_LAB_ACCOUNT, ROLL_LAB_PASSWORD, "*.practice.example");
  guint which = find_computer (fixture, ROLL_STATUS_SUCCESS, TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (RollTrial) trial = try_on (fixture, fixture->computers[which].target, credential, &error);
  g_autofree char *sentence = NULL;
  RollLabCounts counts;
  guint place = 0;

  g_assert_no_error (error);
  g_assert_cmpint (trial->computer->status, ==, ROLL_STATUS_SUCCESS);
  g_assert_cmpint (trial->computer->step, ==, ROLL_STEP_NONE);
  for (guint i = 0; i < trial->attempt->steps->len && place < G_N_ELEMENTS (ladder); i++)
    place += g_array_index (trial->attempt->steps, RollStepRecord, i).step == ladder[place];
  g_assert_cmpuint (place, ==, G_N_ELEMENTS (ladder));
  assert_told (fixture, trial->attempt);
  sentence = roll_trial_sentence (trial);
  g_assert_nonnull (strstr (sentence, "works"));
  roll_lab_get_counts (fixture->lab, which, &counts);
  g_assert_cmpuint (counts.queries + counts.methods, ==, 0); /* nothing was read */
  g_assert_cmpuint (counts.refused_logons, ==, 0);
}

static void
test_wrong_password_is_sent_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollCredential) credential = credential_new (ROLL_LAB_ACCOUNT, "wrong", NULL);
  guint which = find_computer (fixture, ROLL_STATUS_SUCCESS, TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (RollTrial) trial = try_on (fixture, fixture->computers[which].target, credential, &error);
  RollLabCounts counts;

  g_assert_no_error (error);
  g_assert_cmpint (trial->computer->status, ==, ROLL_STATUS_ACCESS_DENIED);
  g_assert_cmpint (trial->computer->step, ==, ROLL_STEP_AUTHENTICATE);
  assert_told (fixture, trial->attempt);
  roll_lab_get_counts (fixture->lab, which, &counts);
  g_assert_cmpuint (counts.refused_logons, ==, 1);
}

/* Each trouble ends as it does in a scan, as far as a trial goes. */
static void
test_troubles_are_those_of_a_scan (Fixture *fixture, gconstpointer data)
{
  static const RollStatus statuses[] = {
    ROLL_STATUS_MACHINE_NOT_FOUND, ROLL_STATUS_CONNECTION_REFUSED, ROLL_STATUS_CONNECTION_TIMEOUT,
    ROLL_STATUS_ACCESS_DENIED,     ROLL_STATUS_CIMV2_INVALID_NAMESPACE,
  };
  g_autoptr (RollCredential) credential = credential_new (ROLL_LAB_ACCOUNT, ROLL_LAB_PASSWORD, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    {
      const RollLabComputer *computer = &fixture->computers[find_computer (fixture, statuses[i], TRUE)];
      g_autoptr (GError) error = NULL;
      g_autoptr (RollTrial) trial = try_on (fixture, computer->target, credential, &error);
      g_autofree char *sentence = NULL;

      g_assert_no_error (error);
      g_test_message ("%s", computer->target);
      g_assert_cmpint (trial->computer->status, ==, statuses[i]);
      assert_told (fixture, trial->attempt);
      sentence = roll_trial_sentence (trial);
      g_assert_true (g_str_has_prefix (sentence, roll_status_label (statuses[i])));
    }
}

static void
test_places (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollCredential) names = credential_new (ROLL_LAB_ACCOUNT, ROLL_LAB_PASSWORD, "*.elsewhere.example");
  g_autoptr (RollCredential) network = credential_new (ROLL_LAB_ACCOUNT, ROLL_LAB_PASSWORD, "10.0.0.0/8");
  const RollLabComputer *computer = &fixture->computers[find_computer (fixture, ROLL_STATUS_SUCCESS, TRUE)];
  RollCredential *const credentials[] = { names, network };

  for (guint i = 0; i < G_N_ELEMENTS (credentials); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (RollTrial) trial = try_on (fixture, computer->target, credentials[i], &error);

      g_assert_no_error (error);
      g_assert_cmpint (trial->computer->status, ==, ROLL_STATUS_NO_CREDENTIALS);
      g_assert_cmpuint (trial->attempt->steps->len, ==, i); /* a network is known when the name has been resolved */
    }
}

static void
test_what_is_not_one_computer (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollCredential) credential = credential_new (ROLL_LAB_ACCOUNT, ROLL_LAB_PASSWORD, NULL);
  static const char *const targets[] = { "", "10.0.0.0/24", "10.0.0.1-9", "what!is!this", "a b" };

  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (try_on (fixture, targets[i], credential, &error));
      g_assert_nonnull (error);
      g_assert_cmpuint (strlen (error->message), >, 10);
    }
  g_assert_cmpuint (fixture->n_told, ==, 0);
}

static void
assert_stops_at (Fixture *fixture, RollStep step, const char *target)
{
  g_autoptr (RollCredential) credential = credential_new (ROLL_LAB_ACCOUNT, ROLL_LAB_PASSWORD, NULL);
  g_autoptr (GError) error = NULL;

  fixture->cancel_at = step;
  g_cancellable_reset (fixture->cancellable);
  fixture->options->watchdog_ms = G_MAXINT / 2;
  g_assert_null (try_on (fixture, target, credential, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Wherever it is: before a computer that never answers it would not end at all. */
static void
test_stops (Fixture *fixture, gconstpointer data)
{
  guint silent = 0;
  g_autoptr (RollCredential) credential = credential_new (ROLL_LAB_ACCOUNT, ROLL_LAB_PASSWORD, NULL);
  g_autoptr (GError) error = NULL;

  while (fixture->computers[silent].door != ROLL_LAB_DOOR_OPEN
         || fixture->computers[silent].expected_inventory != ROLL_STATUS_RPC_CALL_CANCELLED)
    g_assert_cmpuint (++silent, <, fixture->n_computers);
  assert_stops_at (fixture, ROLL_STEP_CONNECT, fixture->computers[silent].target);
  assert_stops_at (fixture, ROLL_STEP_RESOLVE, fixture->computers[find_computer (fixture, ROLL_STATUS_SUCCESS, TRUE)].target);

  /* before it has begun */
  g_assert_null (try_on (fixture, "127.86.0.1", credential, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

#define TEST(name, function) g_test_add ("/trial/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  TEST ("works", test_works);
  TEST ("wrong-password", test_wrong_password_is_sent_once);
  TEST ("troubles", test_troubles_are_those_of_a_scan);
  TEST ("places", test_places);
  TEST ("no-computer", test_what_is_not_one_computer);
  TEST ("stop", test_stops);
  return g_test_run ();
}
