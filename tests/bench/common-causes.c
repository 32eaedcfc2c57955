/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include "diagnosis/roll-common-causes.h"
#include "diagnosis/roll-symptoms.h"
#include "measure.h"
#include "store-fixture.h"

/*
 * What it costs to look for common causes: bench-common-causes [COMPUTERS], in 400 subnets; every tenth
 * subnet is silent. Beside it the least that could be done: reading all attempts. Goals: 100,000 computers within two seconds
 * and 64 MB.
 */

#define SUBNETS 400

static void
add_step (RollAttempt *attempt, RollStep step, RollErrorNumber error, const char *detail)
{
  RollStepRecord *record = roll_attempt_add_step (attempt, step);

  record->started_at = attempt->started_at;
  record->duration_us = 1000;
  record->error = error;
  record->peer = g_strdup ("10.1.2.3:135");
  record->detail = g_strdup (detail);
}

static void
post (RollJournal *journal, guint n)
{
  static const char logon[] = "credential=Domain_admin protocol=ntlm account=domain computer=PC dns=pc.corp.example "
                              "domain=corp.example build=19045 clock=2025-11-22T07:03:20Z";
  static const RollErrorNumber timed_out = { ROLL_ERROR_SPACE_ERRNO, ETIMEDOUT };
  guint subnet = n % SUBNETS;
  gboolean silent = subnet % 10 == 0 || n % 17 == 0;
  g_autofree char *target = g_strdup_printf ("pc%u.site%u.corp.example", n, subnet);
  g_autofree char *address = g_strdup_printf ("10.%u.%u.%u", subnet >> 8, subnet & 255, n / SUBNETS % 250);
  RollComputer *computer = roll_computer_new (n, target);
  RollAttempt *attempt = roll_attempt_new (1);

  roll_address_parse (address, &computer->address);
  computer->status = attempt->status = silent ? ROLL_STATUS_CONNECTION_TIMEOUT : ROLL_STATUS_SUCCESS;
  computer->step = silent ? ROLL_STEP_CONNECT : ROLL_STEP_NONE;
  computer->error = silent ? timed_out : ROLL_ERROR_NUMBER_NONE;
  computer->attempts = 1;
  computer->started_at = attempt->started_at = G_GINT64_CONSTANT (1763795000000000) + n * 1000;
  add_step (attempt, ROLL_STEP_RESOLVE, ROLL_ERROR_NUMBER_NONE, "asked=A rcode=NOERROR tries=1");
  add_step (attempt, ROLL_STEP_CONNECT, computer->error, NULL);
  for (guint step = ROLL_STEP_NEGOTIATE; !silent && step <= ROLL_STEP_QUERY; step++)
    add_step (attempt, (RollStep) step, ROLL_ERROR_NUMBER_NONE, step == ROLL_STEP_AUTHENTICATE ? logon : "classes=30 rows=600");
  roll_journal_post_attempt (journal, computer, attempt);
}

static gboolean
pass (RollComputer *computer, const RollAttempt *attempt, gpointer user_data)
{
  return TRUE;
}

static void
print (const char *what, guint n, double wall, double cpu)
{
  g_print ("%-44s %8u   %.2f s   %.2f s CPU   %ld MB at the most\n", what, n, wall, cpu, memory_kb ("VmHWM:") / 1024);
}

int
main (int argc, char **argv)
{
  guint n = argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : 100000;
  StoreFixture fixture = { 0 };
  g_autoptr (GPtrArray) groups = NULL;
  RollJournal *journal;
  gint64 scan;
  double wall, cpu;

  store_fixture_set_up (&fixture, NULL);
  scan = store_fixture_add_scan (&fixture, n);
  journal = roll_store_begin (fixture.store, scan, NULL, NULL, NULL);
  for (guint i = 0; i < n; i++)
    post (journal, i);
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);

  forget_peak ();
  wall = wall_seconds (), cpu = cpu_seconds ();
  roll_store_foreach_attempt (fixture.store, scan, pass, NULL, NULL);
  print ("all attempts read", n, wall_seconds () - wall, cpu_seconds () - cpu);
  forget_peak ();
  wall = wall_seconds (), cpu = cpu_seconds ();
  groups = roll_common_causes_find (fixture.store, scan, NULL, NULL);
  print ("common causes found", n, wall_seconds () - wall, cpu_seconds () - cpu);
  g_print ("%-44s %8u   %zu bytes for each computer\n", "groups", groups->len, sizeof (RollSymptom));
  store_fixture_tear_down (&fixture, NULL);
  return 0;
}
