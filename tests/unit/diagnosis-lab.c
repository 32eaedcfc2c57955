/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "diagnosis/roll-diagnosis.h"
#include "diagnosis/roll-ports.h"
#include "lab/roll-lab.h"
#include "scan/roll-scan.h"
#include "store-fixture.h"

/* The practice network scanned: the cause that comes first is the one that a simulated computer was made with. */

typedef struct
{
  StoreFixture parent;
  RollLab *lab;
  const RollLabComputer *computers;
  guint n_computers;
  GPtrArray *credentials;
  RollScanOptions *options;
  gint64 id;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_fixture_set_up (&fixture->parent, NULL);
  fixture->lab = roll_lab_new (ROLL_LAB_COMPUTERS + ROLL_LAB_ODD_COMPUTERS);
  fixture->computers = roll_lab_get_computers (fixture->lab, &fixture->n_computers);
  roll_lab_start (fixture->lab, &error);
  g_assert_no_error (error);
  fixture->credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  g_ptr_array_add (fixture->credentials, roll_lab_new_credential ());
  fixture->options = roll_scan_options_new ();
  fixture->options->port = roll_lab_get_port (fixture->lab);
  fixture->options->side_ports = roll_lab_get_side_ports (fixture->lab);
  fixture->options->dns = g_strsplit (roll_lab_get_dns (fixture->lab), " ", -1);
  fixture->options->connect_timeout_ms = 300;
  fixture->options->watchdog_ms = 1500;
  fixture->options->retry_delay_ms = 20;
  fixture->options->retries = 2;
  fixture->options->jobs = 64;
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  roll_lab_free (fixture->lab);
  roll_scan_options_free (fixture->options);
  g_ptr_array_unref (fixture->credentials);
  store_fixture_tear_down (&fixture->parent, NULL);
}

/* A name server that is silent takes long to be given up: once is enough. */
static gboolean
is_asked (Fixture *fixture, guint computer)
{
  return !fixture->options->probe_only || fixture->computers[computer].naming == ROLL_LAB_NAME_KNOWN;
}

static void
run_scan (Fixture *fixture)
{
  g_autoptr (RollTargetList) targets = roll_target_list_new ();
  g_autoptr (RollScan) scan = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < fixture->n_computers; i++)
    if (is_asked (fixture, i))
      g_assert_true (roll_target_list_add (targets, fixture->computers[i].target, &error));
  scan = roll_scan_new (fixture->parent.store, targets, fixture->options, NULL, TRUE, &error);
  g_assert_no_error (error);
  fixture->id = roll_scan_get_id (scan);
  roll_scan_set_credentials (scan, fixture->credentials);
  store_fixture_run (scan, NULL, &error);
  g_assert_no_error (error);
}

static void
explain (const RollDiagnosis *diagnosis)
{
  for (guint i = 0; i < MIN (diagnosis->ranked->len, 3); i++)
    {
      const RollRankedCause *one = g_ptr_array_index (diagnosis->ranked, i);

      g_test_message ("  %s weight %d, %u for, %u against", one->cause->id, one->weight, one->speaks_for->len,
                      one->speaks_against->len);
    }
  for (guint i = 0; i < ROLL_N_FACTS; i++)
    {
      g_autofree char *text = roll_fact_set_format (diagnosis->facts, (RollFactId) i);

      if (*text != '\0')
        g_test_message ("    %s", text);
    }
}

static gboolean
is_right (Fixture *fixture, guint ordinal, const RollSurroundings *surroundings)
{
  const RollLabComputer *computer = &fixture->computers[ordinal];
  g_autoptr (GError) error = NULL;
  g_autoptr (RollComputer) row = roll_store_get_computer (fixture->parent.store, fixture->id, ordinal, &error);
  g_autoptr (RollDiagnosis) diagnosis = NULL;
  const RollCause *top;

  g_assert_no_error (error);
  g_assert_cmpint (row->status, ==, computer->expected_inventory);
  if (!roll_status_is_failure (row->status))
    return TRUE;
  diagnosis = roll_diagnosis_load (fixture->parent.store, fixture->id, row, surroundings, &error);
  g_assert_no_error (error);
  top = ((RollRankedCause *) g_ptr_array_index (diagnosis->ranked, 0))->cause;
  g_assert_true (top == roll_causes_top (row->status, diagnosis->facts));
  if (g_strcmp0 (top->id, computer->cause) == 0)
    return TRUE;
  g_test_message ("%s (%s): %s instead of %s", computer->target, roll_status_info (row->status)->id, top->id,
                  computer->cause);
  explain (diagnosis);
  return FALSE;
}

static void
test_the_cause_is_found (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollSurroundings) surroundings = NULL;
  g_autoptr (GHashTable) statuses = g_hash_table_new (NULL, NULL);
  g_autoptr (GError) error = NULL;
  guint n_wrong = 0;

  run_scan (fixture);
  surroundings = roll_surroundings_load (fixture->parent.store, fixture->id, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < fixture->n_computers; i++)
    {
      n_wrong += is_right (fixture, i, surroundings) ? 0 : 1;
      if (roll_status_is_failure (fixture->computers[i].expected_inventory))
        g_hash_table_add (statuses, GINT_TO_POINTER (fixture->computers[i].expected_inventory));
    }
  g_assert_cmpuint (n_wrong, ==, 0);
  g_assert_cmpuint (g_hash_table_size (statuses), ==, 18);
}

static char *
get_ports (Fixture *fixture, guint ordinal)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) findings = roll_store_get_findings (fixture->parent.store, fixture->id, ordinal, &error);

  g_assert_no_error (error);
  if (findings->len == 0)
    return NULL;
  g_assert_cmpuint (findings->len, ==, 1);
  return g_strdup (((RollFinding *) g_ptr_array_index (findings, 0))->detail);
}

static char *
state_of (const RollLabComputer *computer, guint port)
{
  gboolean silent = computer->door == ROLL_LAB_DOOR_SILENT;

  return g_strdup ((computer->open_ports & port) != 0 ? "open" : silent ? "silent" : "closed");
}

static char *
expected_ports (const RollLabComputer *computer)
{
  g_autofree char *ssh = state_of (computer, ROLL_LAB_PORT_22);
  g_autofree char *rpc = state_of (computer, 0);
  g_autofree char *smb = state_of (computer, ROLL_LAB_PORT_445);
  g_autofree char *rdp = state_of (computer, ROLL_LAB_PORT_3389);
  g_autofree char *winrm = state_of (computer, ROLL_LAB_PORT_5985);

  if (computer->expected != ROLL_STATUS_CONNECTION_TIMEOUT && computer->expected != ROLL_STATUS_CONNECTION_REFUSED)
    return NULL;
  return g_strdup_printf ("22=%s 135=%s 445=%s 3389=%s 5985=%s", ssh, rpc, smb, rdp, winrm);
}

static void
test_other_ports_of_those_that_failed (Fixture *fixture, gconstpointer data)
{
  gboolean without = data != NULL;

  fixture->options->probe_only = TRUE;
  fixture->options->no_side_probes = without;
  run_scan (fixture);
  for (guint i = 0, ordinal = 0; i < fixture->n_computers; i++)
    {
      g_autofree char *expected = without ? NULL : expected_ports (&fixture->computers[i]);
      g_autofree char *found = NULL;

      if (!is_asked (fixture, i))
        continue;
      found = get_ports (fixture, ordinal++);
      g_test_message ("%s", fixture->computers[i].target);
      g_assert_cmpstr (found, ==, expected);
    }
}

#define add(path, data, func) g_test_add (path, Fixture, data, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/diagnosis/lab/causes", NULL, test_the_cause_is_found);
  add ("/diagnosis/lab/ports", NULL, test_other_ports_of_those_that_failed);
  add ("/diagnosis/lab/no-side-probes", "without", test_other_ports_of_those_that_failed);
  return g_test_run ();
}
