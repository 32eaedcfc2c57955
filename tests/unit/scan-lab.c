/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "codec/roll-row-set.h"
#include "inventory/roll-collectors.h"
#include "lab/roll-lab-catalogue.h"
#include "lab/roll-lab-query.h"
#include "lab/roll-lab.h"

/* Whole inventories of the practice network, over its sockets: statuses, attempts, and what the simulated computers say they were asked. */

#define WATCHDOG_MS 1500
#define ATTEMPTS 4

typedef struct
{
  char *folder;
  RollStore *store;
  RollLab *lab;
  const RollLabComputer *computers;
  guint n_computers;
  GPtrArray *credentials;
  GArray *asked; /* (element-type guint): which of the computers, by ordinal of the scan */
  gint64 id;
  gboolean finished;
  GError *error;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  fixture->folder = g_dir_make_tmp ("rollcall-lab-XXXXXX", &error);
  g_assert_no_error (error);
  path = g_build_filename (fixture->folder, "rollcall.db", NULL);
  fixture->store = roll_store_open (path, FALSE, &error);
  g_assert_no_error (error);
  fixture->lab = roll_lab_new (ROLL_LAB_COMPUTERS + ROLL_LAB_ODD_COMPUTERS);
  fixture->computers = roll_lab_get_computers (fixture->lab, &fixture->n_computers);
  g_assert_true (roll_lab_start (fixture->lab, &error));
  g_assert_no_error (error);
  fixture->credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  fixture->asked = g_array_new (FALSE, FALSE, sizeof (guint));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  roll_lab_free (fixture->lab);
  g_clear_object (&fixture->store);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->folder);
  g_ptr_array_unref (fixture->credentials);
  g_array_unref (fixture->asked);
  g_clear_error (&fixture->error);
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
on_finished (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;

  roll_scan_run_finish (ROLL_SCAN (source), result, &fixture->error);
  fixture->finished = TRUE;
}

static void
ask (Fixture *fixture, guint computer)
{
  g_array_append_val (fixture->asked, computer);
}

/* Of those that are asked the addresses, and the names of the ones that have none or need one. */
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
  scan = roll_scan_new (fixture->store, targets, options, NULL, TRUE, &error);
  g_assert_no_error (error);
  fixture->id = roll_scan_get_id (scan);
  roll_scan_set_credentials (scan, fixture->credentials);
  roll_scan_run_async (scan, NULL, on_finished, fixture);
  while (!fixture->finished)
    g_main_context_iteration (NULL, TRUE);
  g_assert_no_error (fixture->error);
}

static RollComputer *
get_row (Fixture *fixture, guint ordinal)
{
  g_autoptr (GError) error = NULL;
  RollComputer *row = roll_store_get_computer (fixture->store, fixture->id, ordinal, &error);

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

static guint
find_property (const RollLabTable *table, const char *name)
{
  guint i = 0;

  while (i < table->properties->len && !g_str_equal (g_array_index (table->properties, RollLabProperty, i).name, name))
    i++;
  return i;
}

/* Keys that have the value without which they are none. */
static guint
count_keys (const RollLabMachine *machine, const RollCollector *collector, const RollLabTable *table)
{
  guint n_rows = roll_lab_table_count (table, machine);
  guint property = find_property (table, collector->require);
  guint n = 0;

  for (guint row = 0; property < table->properties->len && row < n_rows; row++)
    {
      g_auto (RollCimValue) value = { 0 };

      roll_lab_table_get (table, machine, row, property, &value);
      n += !value.null && value.text[0] != '\0';
    }
  return n;
}

static guint
count_registry (const RollLabMachine *machine, const RollCollector *collector)
{
  const GPtrArray *tables = roll_lab_catalogue_keys ();
  guint n = 0;

  for (guint i = 0; i < tables->len; i++)
    for (guint j = 0; collector->keys[j] != NULL; j++)
      {
        const RollLabTable *table = g_ptr_array_index (tables, i);

        if (g_ascii_strcasecmp (table->name, collector->keys[j]) == 0 && roll_lab_table_is_on (table, machine))
          n += count_keys (machine, collector, table);
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
  else if (!g_str_equal (collector->id, "sql-server")) /* its values stand below its keys */
    g_assert_cmpuint (result->n_rows, ==, count_registry (machine, collector));
}

static void
compare_inventory (Fixture *fixture, guint ordinal, guint computer)
{
  g_autoptr (RollLabMachine) machine = roll_lab_machine_new (fixture->lab, computer);
  g_autoptr (GPtrArray) classes = roll_store_get_classes (fixture->store, fixture->id, ordinal, NULL);
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

/* --- The usual forty -------------------------------------------------------------------------------------------------- */

/* Everything a scan ever calls: none of it changes anything on a computer. */
static const char *const read_only[] = {
  "IObjectExporter.1", /* SimplePing */
  "IObjectExporter.2", /* ComplexPing */
  "IObjectExporter.5", /* ServerAlive2 */
  "IRemoteSCMActivator.4", /* RemoteCreateInstance */
  "IActivation.0", /* RemoteActivation */
  "IRemUnknown.3", "IRemUnknown.5", /* RemQueryInterface, RemRelease */
  "IRemUnknown2.3", "IRemUnknown2.5",
  "IWbemLevel1Login.6", /* NTLMLogin */
  "IWbemServices.6", /* GetObject */
  "IWbemServices.20", /* ExecQuery */
  "IWbemServices.24 EnumKey",
  "IWbemServices.24 GetStringValue",
  "IWbemServices.24 GetExpandedStringValue",
  "IWbemServices.24 GetMultiStringValue",
  "IWbemServices.24 GetDWORDValue",
  "IWbemServices.24 GetQWORDValue",
  "IEnumWbemClassObject.4", /* Next */
  "IWbemFetchSmartEnum.3", /* GetSmartEnum */
  "IWbemWCOSmartEnum.3", /* Next */
};

static void
check_calls (Fixture *fixture)
{
  g_autoptr (GHashTable) calls = roll_lab_get_calls (fixture->lab);
  GHashTableIter iter;
  gpointer call, count;

  g_assert_cmpuint (g_hash_table_size (calls), >, 10);
  g_hash_table_iter_init (&iter, calls);
  while (g_hash_table_iter_next (&iter, &call, &count))
    {
      gboolean known = FALSE;

      for (guint i = 0; i < G_N_ELEMENTS (read_only); i++)
        known = known || g_str_equal (call, read_only[i]);
      if (!known)
        g_error ("%s is called, which is not on the list of what only reads", (char *) call);
    }
}

/* What is asked again, and how often. */
static guint
expected_attempts (const RollLabComputer *computer, const RollComputer *row)
{
  if (computer->naming == ROLL_LAB_NAME_FAILS)
    return ATTEMPTS;
  switch ((int) computer->expected_inventory)
    {
    case ROLL_STATUS_SUCCESS:
      return row->attempts;
    case ROLL_STATUS_RPC_CALL_FAILED:
    case ROLL_STATUS_RPC_CALL_CANCELLED:
    case ROLL_STATUS_SHUTTING_DOWN:
    case ROLL_STATUS_WMI_QUERY_TIMEOUT:
    case ROLL_STATUS_OTHER_REASONS:
      return ATTEMPTS;
    default:
      return 1;
    }
}

static gboolean
is_address (const char *target)
{
  RollAddress address;

  return roll_address_parse (target, &address);
}

static void
check_counts (Fixture *fixture, guint ordinal, guint index)
{
  const RollLabComputer *computer = &fixture->computers[index];
  g_autoptr (RollComputer) row = get_row (fixture, ordinal);
  g_autoptr (GPtrArray) attempts = roll_store_get_attempts (fixture->store, fixture->id, ordinal, NULL);
  RollLabCounts counts;

  g_assert_cmpuint (row->attempts, ==, expected_attempts (computer, row));
  g_assert_cmpuint (attempts->len, ==, row->attempts);
  roll_lab_get_counts (fixture->lab, index, &counts);
  if (computer->expected_inventory == ROLL_STATUS_NO_CREDENTIALS)
    g_assert_cmpuint (counts.connections, ==, 0);
  else if (computer->expected_inventory == ROLL_STATUS_SUCCESS)
    {
      g_assert_cmpuint (counts.connections, ==, 2 * row->attempts);
      g_assert_cmpuint (counts.refused_logons, ==, 0);
    }
  else if (computer->expected_inventory == ROLL_STATUS_ACCESS_DENIED)
    g_assert_cmpuint (counts.refused_logons, ==, 1);
  else /* to greet and to log on; who is known by address only is asked for his name as well */
    g_assert_cmpuint (counts.connections, <=, (is_address (computer->target) ? 3 : 2) * row->attempts);
}

static void
test_usual (Fixture *fixture, gconstpointer data)
{
  guint n_good = 0;

  /* The one whose name nobody ever answers for takes its time: the command line's tests have it. */
  for (guint i = 0; i < ROLL_LAB_COMPUTERS; i++)
    if (fixture->computers[i].naming != ROLL_LAB_NAME_SILENT)
      ask (fixture, i);
  add_usual_credential (fixture);
  run_scan (fixture);
  for (guint i = 0; i < fixture->asked->len; i++)
    {
      guint index = g_array_index (fixture->asked, guint, i);
      g_autoptr (RollComputer) row = get_row (fixture, i);

      g_test_message ("%s: %d", row->target, (int) row->status);
      g_assert_cmpint (row->status, ==, fixture->computers[index].expected_inventory);
      check_counts (fixture, i, index);
      if (row->status != ROLL_STATUS_SUCCESS)
        continue;
      compare_inventory (fixture, i, index);
      n_good++;
    }
  g_assert_cmpuint (n_good, ==, 8);
  check_calls (fixture);
}

/* --- The odd ones ------------------------------------------------------------------------------------------------------ */

static void
test_odd (Fixture *fixture, gconstpointer data)
{
  for (guint i = ROLL_LAB_COMPUTERS; i < fixture->n_computers; i++)
    ask (fixture, i);
  add_usual_credential (fixture);
  run_scan (fixture);
  for (guint i = 0; i < fixture->asked->len; i++)
    {
      const RollLabComputer *computer = &fixture->computers[g_array_index (fixture->asked, guint, i)];
      g_autoptr (RollComputer) row = get_row (fixture, i);

      g_test_message ("%s, %s: %d", row->target, computer->remark, (int) row->status);
      g_assert_cmpint (row->status, ==, computer->expected_inventory);
      g_assert_cmpuint (row->attempts, <=, ATTEMPTS);
    }
  check_calls (fixture);
}

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
  classes = roll_store_get_classes (fixture->store, fixture->id, 0, NULL);
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

static void
test_second_credential (Fixture *fixture, gconstpointer data)
{
  guint index = find_computer (fixture, "knows the second account only");
  g_autoptr (RollComputer) row = NULL;
  RollLabCounts counts;

  ask (fixture, index);
  add_usual_credential (fixture);
  add_credential (fixture, "second", ROLL_LAB_SECOND_ACCOUNT, ROLL_LAB_SECOND_PASSWORD, NULL);
  run_scan (fixture);
  row = get_row (fixture, 0);
  g_assert_cmpint (row->status, ==, ROLL_STATUS_SUCCESS);
  g_assert_cmpstr (row->credential, ==, "second");
  roll_lab_get_counts (fixture->lab, index, &counts);
  g_assert_cmpuint (counts.refused_logons, ==, 1);
}

/* Names and addresses that a computer hands out are never connected to: the one there counts. */
static void
test_foreign_addresses (Fixture *fixture, gconstpointer data)
{
  guint index = find_computer (fixture, "names addresses of others as its own");

  ask (fixture, index);
  add_usual_credential (fixture);
  run_scan (fixture);
  for (guint i = 0; i < fixture->n_computers; i++)
    {
      RollLabCounts counts;

      roll_lab_get_counts (fixture->lab, i, &counts);
      g_assert_cmpuint (counts.object_connections, ==, i == index ? 1 : 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/scan-lab/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("usual", test_usual);
  ADD ("odd", test_odd);
  ADD ("class-hangs", test_class_hangs);
  ADD ("second-credential", test_second_credential);
  ADD ("foreign-addresses", test_foreign_addresses);
  return g_test_run ();
}
