/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan.h"

#include <string.h>
#include <unistd.h>

#include "codec/roll-row-set.h"
#include "inventory/roll-collectors.h"
#include "lab/roll-lab-query.h"
#include "lab/roll-lab.h"
#include "store-fixture.h"

/* Inventories of the practice network: each value as the computer holds it, the order of classes, scans that are stopped half-way. */

#define WATCHDOG_MS 1500
#define ATTEMPTS 4

typedef struct
{
  StoreFixture parent;
  RollLab *lab;
  const RollLabComputer *computers;
  guint n_computers;
  GPtrArray *credentials;
  GArray *asked; /* (element-type guint): which of the computers, by ordinal of the scan */
  gint64 id;
  GCancellable *cancellable;
  guint stop_after; /* so many computers that are done; 0: never */
  GError *error;
} Fixture;

#define MANY 240

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_fixture_set_up (&fixture->parent, NULL);
  fixture->lab = roll_lab_new (data != NULL ? GPOINTER_TO_UINT (data) : ROLL_LAB_COMPUTERS + ROLL_LAB_ODD_COMPUTERS);
  fixture->computers = roll_lab_get_computers (fixture->lab, &fixture->n_computers);
  g_assert_true (roll_lab_start (fixture->lab, &error));
  g_assert_no_error (error);
  fixture->credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  fixture->asked = g_array_new (FALSE, FALSE, sizeof (guint));
  fixture->cancellable = g_cancellable_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  roll_lab_free (fixture->lab);
  g_ptr_array_unref (fixture->credentials);
  g_array_unref (fixture->asked);
  g_object_unref (fixture->cancellable);
  g_clear_error (&fixture->error);
  store_fixture_tear_down (&fixture->parent, NULL);
}

static void
add_credential (Fixture *fixture, const char *name, const char *account, const char *password, const char *scope)
{
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (fixture->credentials,
                   roll_credential_new (name, account, roll_secret_new (password, strlen (password)), scope, NULL, &error));
  g_assert_no_error (error);
}

static void
add_usual_credential (Fixture *fixture)
{
  add_credential (fixture, "usual", ROLL_LAB_ACCOUNT, ROLL_LAB_PASSWORD, ROLL_LAB_ACCOUNT_SCOPE);
}

static void
ask (Fixture *fixture, guint computer)
{
  g_array_append_val (fixture->asked, computer);
}

static void
on_progress (RollScan *scan, Fixture *fixture)
{
  RollProgress progress;

  roll_scan_get_progress (scan, &progress);
  if (fixture->stop_after > 0 && progress.n_done >= fixture->stop_after)
    g_cancellable_cancel (fixture->cancellable);
  roll_progress_clear (&progress);
}

static void
run (Fixture *fixture, RollScan *scan)
{
  fixture->id = roll_scan_get_id (scan);
  g_clear_error (&fixture->error);
  roll_scan_set_credentials (scan, fixture->credentials);
  g_signal_connect (scan, "progress", G_CALLBACK (on_progress), fixture);
  store_fixture_run (scan, fixture->cancellable, &fixture->error);
}

static void
run_scan (Fixture *fixture)
{
  g_autoptr (RollTargetList) targets = roll_target_list_new ();
  g_autoptr (RollScanOptions) options = roll_scan_options_new ();
  g_autoptr (RollScan) scan = NULL;
  g_autoptr (GError) error = NULL;
  const char *servers[] = { roll_lab_get_dns (fixture->lab), NULL };

  for (guint i = 0; i < fixture->asked->len; i++)
    g_assert_true (roll_target_list_add (targets, fixture->computers[g_array_index (fixture->asked, guint, i)].target, &error));
  g_assert_cmpuint (roll_target_list_get_count (targets), ==, fixture->asked->len);
  options->port = roll_lab_get_port (fixture->lab);
  options->dns = g_strdupv ((char **) servers);
  options->connect_timeout_ms = 300;
  options->watchdog_ms = WATCHDOG_MS;
  options->retry_delay_ms = 20;
  options->jobs = 64;
  scan = roll_scan_new (fixture->parent.store, targets, options, NULL, TRUE, &error);
  g_assert_no_error (error);
  run (fixture, scan);
}

static RollComputer *
get_row (Fixture *fixture, guint ordinal)
{
  g_autoptr (GError) error = NULL;
  RollComputer *row = roll_store_get_computer (fixture->parent.store, fixture->id, ordinal, &error);

  g_assert_no_error (error);
  return row;
}

/* --- What a simulated computer holds -------------------------------------------------------------------------------- */

static guint
namespace_of (const RollCollector *collector)
{
  return g_str_equal (collector->namespace_, "root/cimv2") ? ROLL_LAB_NAMESPACE_CIMV2 : ROLL_LAB_NAMESPACE_SECURITY;
}

static gboolean
is_clock (const RollCollectorProperty *property)
{
  return g_str_equal (property->name, "LocalDateTime");
}

/* Every row and every value, in order. Returns: how many rows; the class is not there at all: 0 */
static guint
compare_query (const RollLabMachine *machine, const RollCollector *collector, const RollRowSet *rows)
{
  g_autofree char *wql = roll_collector_query_all (collector);
  guint32 hresult;
  g_autoptr (RollLabQuery) query = roll_lab_query_new (machine, namespace_of (collector), wql, &hresult);
  RollWmiObject *object;
  guint n = 0;

  g_assert_nonnull (query);
  for (; (object = roll_lab_query_next (query)) != NULL; n++)
    {
      g_assert_cmpuint (n, <, roll_row_set_get_n_rows (rows));
      for (guint i = 0; i < collector->n_properties; i++)
        {
          const RollCimValue *value = roll_wmi_object_get (object, collector->properties[i].name);
          const RollCimValue *stored = roll_row_set_get (rows, n, i);

          if (value == NULL)
            g_assert_cmpuint (stored->type, ==, ROLL_CIM_NONE);
          else if (!roll_cim_value_equal (value, stored) && !is_clock (&collector->properties[i]))
            {
              g_autofree char *held = roll_cim_value_to_text (value);
              g_autofree char *got = roll_cim_value_to_text (stored);

              g_error ("%s.%s of row %u is “%s”, the computer holds “%s”", collector->id, collector->properties[i].name, n,
                       got, held);
            }
        }
      roll_wmi_object_unref (object);
    }
  return n;
}

static gboolean
is_whole (const RollClassResult *result, const RollCollector *collector)
{
  return result->outcome == ROLL_CLASS_COLLECTED || collector->optional;
}

static void
compare_class (const RollLabMachine *machine, const RollClassResult *result)
{
  const RollCollector *collector = roll_collectors_find (result->id);
  g_autoptr (RollRowSet) rows = NULL;
  const char *problem;

  g_assert_true (is_whole (result, collector));
  if (result->outcome != ROLL_CLASS_COLLECTED)
    return;
  rows = roll_row_set_from_bytes (result->rows, &problem);
  g_assert_nonnull (rows);
  g_assert_cmpuint (roll_row_set_get_n_rows (rows), ==, result->n_rows);
  if (collector->kind == ROLL_COLLECTOR_QUERY)
    g_assert_cmpuint (result->n_rows, ==, compare_query (machine, collector, rows));
}

static void
compare_inventory (Fixture *fixture, guint ordinal, guint computer)
{
  g_autoptr (RollLabMachine) machine = roll_lab_machine_new (fixture->lab, computer);
  g_autoptr (GPtrArray) classes = roll_store_get_classes (fixture->parent.store, fixture->id, ordinal, NULL);
  g_autoptr (RollComputer) row = get_row (fixture, ordinal);
  guint n_collectors;

  roll_collectors (&n_collectors);
  g_assert_cmpuint (classes->len, ==, n_collectors);
  g_assert_cmpuint (row->classes_collected, ==, row->classes_planned);
  g_assert_nonnull (row->facts);
  g_assert_cmpstr (row->facts->computer_name, ==, machine->netbios);
  for (guint i = 0; i < classes->len; i++)
    compare_class (machine, g_ptr_array_index (classes, i));
}

/* --- Values -------------------------------------------------------------------------------------------------------------- */

/* What the computers of the practice network hold, each value with its type, is what the store has afterwards. */
static void
test_values (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < ROLL_LAB_COMPUTERS; i++)
    if (fixture->computers[i].expected_inventory == ROLL_STATUS_SUCCESS
        && fixture->computers[i].naming == ROLL_LAB_NAME_KNOWN)
      ask (fixture, i);
  g_assert_cmpuint (fixture->asked->len, ==, 7);
  add_usual_credential (fixture);
  run_scan (fixture);
  g_assert_no_error (fixture->error);
  for (guint i = 0; i < fixture->asked->len; i++)
    compare_inventory (fixture, i, g_array_index (fixture->asked, guint, i));
}

/* --- The order of classes ------------------------------------------------------------------------------------------------ */

static guint
find_computer (Fixture *fixture, const char *remark)
{
  for (guint i = 0; i < fixture->n_computers; i++)
    if (g_strcmp0 (fixture->computers[i].remark, remark) == 0)
      return i;
  g_error ("no computer of the practice network is such that it %s", remark);
}

/* One class hangs: it is asked after the others, four times, and they are asked once. */
static void
test_class_hangs (Fixture *fixture, gconstpointer data)
{
  guint index = find_computer (fixture, "hangs when asked for its volumes");
  g_autoptr (GPtrArray) classes = NULL;
  gboolean before = TRUE;
  guint n_queries = 0;
  RollLabCounts counts;

  ask (fixture, index);
  add_usual_credential (fixture);
  run_scan (fixture);
  g_assert_no_error (fixture->error);
  classes = roll_store_get_classes (fixture->parent.store, fixture->id, 0, NULL);
  for (guint i = 0; i < classes->len; i++)
    {
      const RollClassResult *result = g_ptr_array_index (classes, i);

      n_queries += roll_collectors_find (result->id)->kind == ROLL_COLLECTOR_QUERY;
      if (g_str_equal (result->id, "Win32_Volume"))
        {
          g_assert_cmpint (result->outcome, ==, ROLL_CLASS_TIMED_OUT);
          g_assert_cmpuint (result->attempt, ==, ATTEMPTS);
          before = FALSE;
        }
      else
        g_assert_cmpuint (result->attempt, ==, before ? 1 : 2);
    }
  roll_lab_get_counts (fixture->lab, index, &counts);
  /* One query for each class, and three more for the one. */
  g_assert_cmpuint (counts.queries, ==, n_queries + ATTEMPTS - 1);
  g_assert_cmpuint (counts.connections, ==, 2 * ATTEMPTS);
}

/* Names and addresses that a computer hands out are never connected to: the one there counts. */
static void
test_foreign_addresses (Fixture *fixture, gconstpointer data)
{
  guint index = find_computer (fixture, "names addresses of others as its own");

  ask (fixture, index);
  add_usual_credential (fixture);
  run_scan (fixture);
  g_assert_no_error (fixture->error);
  for (guint i = 0; i < fixture->n_computers; i++)
    {
      RollLabCounts counts;

      roll_lab_get_counts (fixture->lab, i, &counts);
      g_assert_cmpuint (counts.object_connections, ==, i == index ? 1 : 0);
    }
}

/* --- Stopped half-way, twice, and taken up again ----------------------------------------------------------------------------- */

static gboolean
is_quick (const RollLabComputer *computer)
{
  return computer->expected_inventory != ROLL_STATUS_WMI_QUERY_TIMEOUT
         && (computer->naming == ROLL_LAB_NAME_KNOWN || computer->naming == ROLL_LAB_NAME_RETIRED);
}

static void
test_stopped (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < fixture->n_computers; i++)
    if (is_quick (&fixture->computers[i]) && (i < ROLL_LAB_COMPUTERS || i >= ROLL_LAB_COMPUTERS + ROLL_LAB_ODD_COMPUTERS))
      ask (fixture, i);
  add_usual_credential (fixture);
  fixture->stop_after = 60;
  run_scan (fixture);
  for (guint stops = 1; g_error_matches (fixture->error, G_IO_ERROR, G_IO_ERROR_CANCELLED); stops++)
    {
      g_autoptr (RollScan) scan = NULL;
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (stops, <=, 2);
      g_cancellable_reset (fixture->cancellable);
      fixture->stop_after = stops == 1 ? 90 : 0;
      scan = roll_scan_resume (fixture->parent.store, fixture->id, &error);
      g_assert_no_error (error);
      run (fixture, scan);
    }
  g_assert_no_error (fixture->error);
  for (guint i = 0; i < fixture->asked->len; i++)
    {
      const RollLabComputer *computer = &fixture->computers[g_array_index (fixture->asked, guint, i)];
      g_autoptr (RollComputer) row = get_row (fixture, i);

      g_test_message ("%s: %d", row->target, (int) row->status);
      g_assert_cmpint (row->status, ==, computer->expected_inventory);
      g_assert_cmpuint (row->attempts, <=, ATTEMPTS);
      if (row->status == ROLL_STATUS_SUCCESS)
        compare_inventory (fixture, i, g_array_index (fixture->asked, guint, i));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/scan-lab/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("values", test_values);
  ADD ("class-hangs", test_class_hangs);
  ADD ("foreign-addresses", test_foreign_addresses);
  g_test_add ("/scan-lab/stopped", Fixture, GUINT_TO_POINTER (MANY), set_up, test_stopped, tear_down);
  return g_test_run ();
}
