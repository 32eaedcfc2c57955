/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lab/roll-lab.h"
#include "store-fixture.h"

/* Scans of the practice network that are paused: nothing begins, nothing is lost, nothing is charged to a computer. */

#define COMPUTERS 100
#define THINK_MS 5
#define JOBS 4
#define QUIET_TICKS 8
#define PATH_VARIABLE "ROLL_TEST_DATABASE"
#define DNS_VARIABLE "ROLL_TEST_DNS"
#define PORT_VARIABLE "ROLL_TEST_PORT"

typedef struct
{
  StoreFixture parent;
  RollLab *lab;
  const RollLabComputer *computers;
  guint n_computers;
  GPtrArray *credentials;
  GCancellable *cancellable;
  RollScan *scan;
  gint64 id;
  guint pause_after;  /* so many computers; G_MAXUINT: never */
  gboolean stops;     /* rather than goes on */
  gboolean dies;      /* likewise */
  guint n_quiet;      /* ticks in a row */
  guint n_connections; /* when it had become quiet */
  gint64 clock_us;
  guint n_pauses;
  GError *error;
} Fixture;

static void
add_credential (Fixture *fixture)
{
  fixture->credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  g_ptr_array_add (fixture->credentials, roll_lab_new_credential ());
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_fixture_set_up (&fixture->parent, NULL);
  fixture->lab = roll_lab_new (COMPUTERS);
  roll_lab_set_think_time (fixture->lab, THINK_MS);
  fixture->computers = roll_lab_get_computers (fixture->lab, &fixture->n_computers);
  g_assert_true (roll_lab_start (fixture->lab, &error));
  g_assert_no_error (error);
  add_credential (fixture);
  fixture->cancellable = g_cancellable_new ();
  fixture->pause_after = G_MAXUINT;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->scan);
  roll_lab_free (fixture->lab);
  g_ptr_array_unref (fixture->credentials);
  g_object_unref (fixture->cancellable);
  g_clear_error (&fixture->error);
  store_fixture_tear_down (&fixture->parent, NULL);
}

static guint
count_connections (Fixture *fixture)
{
  guint n = 0;

  for (guint i = 0; fixture->lab != NULL && i < fixture->n_computers; i++)
    {
      RollLabCounts counts;

      roll_lab_get_counts (fixture->lab, i, &counts);
      n += counts.connections + counts.object_connections;
    }
  return n;
}

/* What was under way is over: for a while now nothing must have happened. */
static void
go_on (Fixture *fixture, const RollProgress *progress)
{
  if (fixture->dies)
    raise (SIGKILL);
  g_assert_cmpuint (count_connections (fixture), ==, fixture->n_connections);
  g_assert_cmpint (progress->elapsed_us, ==, fixture->clock_us);
  fixture->n_pauses++;
  fixture->n_quiet = 0;
  if (fixture->stops)
    g_cancellable_cancel (fixture->cancellable);
  else
    {
      fixture->pause_after = fixture->n_pauses < 3 ? progress->n_done + fixture->n_computers / 5 : G_MAXUINT;
      roll_scan_unpause (fixture->scan);
    }
}

static void
watch_pause (Fixture *fixture, const RollProgress *progress)
{
  g_assert_true (roll_scan_is_paused (fixture->scan));
  if (roll_activity_is_busy (&progress->activity))
    g_assert_cmpuint (fixture->n_quiet, ==, 0);
  else if (fixture->n_quiet++ == 1)
    {
      fixture->n_connections = count_connections (fixture);
      fixture->clock_us = progress->elapsed_us;
    }
  else if (fixture->n_quiet == QUIET_TICKS)
    go_on (fixture, progress);
}

static void
on_progress (RollScan *scan, Fixture *fixture)
{
  RollProgress progress;

  roll_scan_get_progress (scan, &progress);
  if (progress.paused)
    watch_pause (fixture, &progress);
  else if (progress.n_done >= fixture->pause_after)
    roll_scan_pause (scan);
  roll_progress_clear (&progress);
}

/* Those that fail at once and those that are well; who needs a time-out is not what this is about. */
static gboolean
is_quick (const RollLabComputer *computer)
{
  return computer->naming == ROLL_LAB_NAME_KNOWN && computer->door != ROLL_LAB_DOOR_SILENT
         && (computer->remark == NULL || computer->expected_inventory == ROLL_STATUS_RPC_CALL_FAILED
             || computer->expected_inventory == ROLL_STATUS_OTHER_REASONS
             || computer->expected_inventory == ROLL_STATUS_ACCESS_DENIED);
}

static void
begin (Fixture *fixture, guint16 port, const char *dns)
{
  g_autoptr (RollTargetList) targets = roll_target_list_new ();
  g_autoptr (RollScanOptions) options = roll_scan_options_new ();
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < fixture->n_computers; i++)
    if (is_quick (&fixture->computers[i]))
      g_assert_true (roll_target_list_add (targets, fixture->computers[i].target, NULL));
  options->port = port;
  options->dns = g_strsplit (dns, " ", -1);
  options->jobs = JOBS;
  options->retry_delay_ms = 100;
  options->watchdog_ms = ROLL_LAB_WATCHDOG_MS;
  fixture->scan = roll_scan_new (fixture->parent.store, targets, options, "paused", TRUE, &error);
  g_assert_no_error (error);
  fixture->id = roll_scan_get_id (fixture->scan);
}

static void
run (Fixture *fixture)
{
  roll_scan_set_credentials (fixture->scan, fixture->credentials);
  g_signal_connect (fixture->scan, "progress", G_CALLBACK (on_progress), fixture);
  store_fixture_run (fixture->scan, fixture->cancellable, &fixture->error);
}

typedef struct
{
  Fixture *fixture;
  guint n;
} Check;

static const RollLabComputer *
find_computer (Fixture *fixture, const char *target)
{
  for (guint i = 0; i < fixture->n_computers; i++)
    if (strcmp (fixture->computers[i].target, target) == 0)
      return &fixture->computers[i];
  g_assert_not_reached ();
}

static gboolean
check_computer (RollComputer *computer, gpointer user_data)
{
  Check *check = user_data;
  const RollLabComputer *expected = find_computer (check->fixture, computer->target);

  g_test_message ("%s: %s", computer->target, expected->remark);
  g_assert_cmpint (computer->status, ==, expected->expected_inventory);
  check->n++;
  return TRUE;
}

/* All ended as they would have undisturbed. */
static void
check_all (Fixture *fixture)
{
  Check check = { fixture };

  g_assert_no_error (fixture->error);
  g_assert_true (roll_store_foreach_computer (fixture->parent.store, fixture->id, 0, check_computer, &check, NULL));
  g_assert_cmpuint (check.n, ==, roll_target_list_get_count (roll_scan_get_targets (fixture->scan)));
}

static void
test_nothing_begins (Fixture *fixture, gconstpointer data)
{
  begin (fixture, roll_lab_get_port (fixture->lab), roll_lab_get_dns (fixture->lab));
  roll_scan_pause (fixture->scan);
  g_assert_true (roll_scan_is_paused (fixture->scan));
  run (fixture);
  g_assert_cmpuint (fixture->n_pauses, >=, 2); /* before the first connect, and under way */
  check_all (fixture);
}

static gboolean
check_attempt (RollComputer *computer, const RollAttempt *attempt, gpointer user_data)
{
  g_assert_cmpint (attempt->duration_us, <=, *(gint64 *) user_data);
  return TRUE;
}

/* Who waited for a session while the scan was paused did not take longer for that. */
static void
test_nothing_is_charged (Fixture *fixture, gconstpointer data)
{
  RollProgress progress;

  begin (fixture, roll_lab_get_port (fixture->lab), roll_lab_get_dns (fixture->lab));
  fixture->pause_after = 1;
  run (fixture);
  g_assert_cmpuint (fixture->n_pauses, >=, 1);
  check_all (fixture);
  roll_scan_get_progress (fixture->scan, &progress);
  g_test_message ("%" G_GINT64_FORMAT " ms without pauses", progress.elapsed_us / 1000);
  g_assert_true (roll_store_foreach_attempt (fixture->parent.store, fixture->id, check_attempt, &progress.elapsed_us, NULL));
  roll_progress_clear (&progress);
}

static void
resume (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&fixture->scan);
  g_clear_error (&fixture->error);
  g_clear_object (&fixture->cancellable);
  fixture->cancellable = g_cancellable_new ();
  fixture->pause_after = G_MAXUINT;
  fixture->scan = roll_scan_resume (fixture->parent.store, 0, &error);
  g_assert_no_error (error);
  fixture->id = roll_scan_get_id (fixture->scan);
  run (fixture);
  check_all (fixture);
}

static void
test_stopped_while_paused (Fixture *fixture, gconstpointer data)
{
  begin (fixture, roll_lab_get_port (fixture->lab), roll_lab_get_dns (fixture->lab));
  fixture->pause_after = 5;
  fixture->stops = TRUE;
  run (fixture);
  g_assert_error (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (fixture->n_pauses, ==, 1);
  fixture->stops = FALSE;
  resume (fixture);
}

/* Nothing is left to begin: it ends by itself. */
static void
test_paused_too_late (Fixture *fixture, gconstpointer data)
{
  begin (fixture, roll_lab_get_port (fixture->lab), roll_lab_get_dns (fixture->lab));
  fixture->pause_after = roll_target_list_get_count (roll_scan_get_targets (fixture->scan)) - 1;
  fixture->n_pauses = 2;
  run (fixture);
  check_all (fixture);
}

/* In a process of its own, that does not survive it. */
static void
test_victim (void)
{
  Fixture fixture = { .dies = TRUE, .pause_after = 5, .cancellable = g_cancellable_new () };
  g_autoptr (RollLab) lab = roll_lab_new (COMPUTERS);
  g_autoptr (GError) error = NULL;

  if (g_getenv (PATH_VARIABLE) == NULL)
    {
      g_test_skip ("started by another test only");
      return;
    }
  fixture.computers = roll_lab_get_computers (lab, &fixture.n_computers);
  fixture.parent.store = roll_store_open (g_getenv (PATH_VARIABLE), FALSE, &error);
  g_assert_no_error (error);
  add_credential (&fixture);
  begin (&fixture, (guint16) atoi (g_getenv (PORT_VARIABLE)), g_getenv (DNS_VARIABLE));
  run (&fixture);
}

static void
test_killed_while_paused (Fixture *fixture, gconstpointer data)
{
  g_autofree char *port = g_strdup_printf ("%u", roll_lab_get_port (fixture->lab));

  g_clear_object (&fixture->parent.store);
  g_setenv (PATH_VARIABLE, fixture->parent.path, TRUE);
  g_setenv (PORT_VARIABLE, port, TRUE);
  g_setenv (DNS_VARIABLE, roll_lab_get_dns (fixture->lab), TRUE);
  g_test_trap_subprocess ("/scan-pause/victim", 0, 0);
  g_test_trap_assert_failed ();
  g_unsetenv (PATH_VARIABLE);
  store_fixture_reopen (&fixture->parent);
  resume (fixture);
}

#define ADD(path, function) g_test_add ("/scan-pause/" path, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("nothing-begins", test_nothing_begins);
  ADD ("nothing-is-charged", test_nothing_is_charged);
  ADD ("stopped", test_stopped_while_paused);
  ADD ("too-late", test_paused_too_late);
  g_test_add_func ("/scan-pause/victim", test_victim);
  ADD ("killed", test_killed_while_paused);
  return g_test_run ();
}
