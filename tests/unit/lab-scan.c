/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "inventory/roll-collectors.h"
#include "lab/roll-lab.h"
#include "scan/roll-scan.h"
#include "store-fixture.h"

/* Whole scans of the practice network: what each of its computers ends with, what it was asked, and that
 * nothing is lost. */

typedef struct
{
  StoreFixture parent;
  RollLab *lab;
  const RollLabComputer *computers;
  guint n_computers;
  GPtrArray *credentials;
  gboolean by_address; /* no name is looked up: some are known late */
  gint64 scan;
} Fixture;

static void
add_credential (Fixture *fixture, const char *account, const char *password, const char *scope)
{
  g_autoptr (GError) error = NULL;
  RollSecret *secret = roll_secret_new (password, strlen (password));

  g_ptr_array_add (fixture->credentials,
                   roll_credential_new (account, account, secret, scope, "ntlm", &error));
  g_assert_no_error (error);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  store_fixture_set_up (&fixture->parent, NULL);
  fixture->lab = roll_lab_new (ROLL_LAB_COMPUTERS + ROLL_LAB_ODD_COMPUTERS);
  roll_lab_start (fixture->lab, &error);
  g_assert_no_error (error);
  fixture->computers = roll_lab_get_computers (fixture->lab, &fixture->n_computers);
  fixture->credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  add_credential (fixture, ROLL_LAB_ACCOUNT, ROLL_LAB_PASSWORD, ROLL_LAB_ACCOUNT_SCOPE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_ptr_array_unref (fixture->credentials);
  roll_lab_free (fixture->lab);
  store_fixture_tear_down (&fixture->parent, NULL);
}

/* Those from @first to @last that @wanted has; NULL: all. */
static void
scan (Fixture *fixture, guint first, guint last, gboolean (*wanted) (const RollLabComputer *))
{
  g_autoptr (RollTargetList) targets = roll_target_list_new ();
  g_autoptr (RollScanOptions) options = roll_scan_options_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (RollScan) running = NULL;

  for (guint i = first; i <= last; i++)
    if (wanted == NULL || wanted (&fixture->computers[i]))
      {
        const RollLabComputer *computer = &fixture->computers[i];
        char text[ROLL_ADDRESS_STRLEN];
        const char *target = fixture->by_address ? roll_address_format (&computer->address, text) : computer->target;

        g_assert_true (roll_target_list_add (targets, target, NULL));
      }
  options->port = roll_lab_get_port (fixture->lab);
  options->dns = g_strsplit (roll_lab_get_dns (fixture->lab), " ", -1);
  options->connect_timeout_ms = 1000;
  options->watchdog_ms = 2000;
  options->retry_delay_ms = 1;
  running = roll_scan_new (fixture->parent.store, targets, options, "practice", TRUE, &error);
  g_assert_no_error (error);
  roll_scan_set_credentials (running, fixture->credentials);
  fixture->scan = roll_scan_get_id (running);
  store_fixture_run (running, NULL, &error);
  g_assert_no_error (error);
}

/* @ret_attempts: (nullable): how many there were */
static RollStatus
status_of (Fixture *fixture, guint computer, guint *ret_ordinal, guint *ret_attempts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = roll_store_find_computers (fixture->parent.store, fixture->scan,
                                                           fixture->computers[computer].target, &error);
  RollComputer *stored;

  g_assert_no_error (error);
  g_assert_cmpuint (found->len, ==, 1);
  stored = found->pdata[0];
  *ret_ordinal = stored->ordinal;
  *ret_attempts = stored->attempts;
  return stored->status;
}

/* Those that need no watchdog, and no name that is late; the tests of the command line have all of them. */
static gboolean
is_quick (const RollLabComputer *computer)
{
  static const char *const slow[] = { "hangs", "a byte", "no end", "never done", "says nothing", "firewall" };

  if (computer->expected != ROLL_STATUS_REACHABLE || computer->naming != ROLL_LAB_NAME_KNOWN)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (slow); i++)
    if (computer->remark != NULL && strstr (computer->remark, slow[i]) != NULL
        && strstr (computer->remark, "hangs up") == NULL)
      return FALSE;
  return TRUE;
}

static gboolean
is_good (const RollLabComputer *computer)
{
  return computer->expected_inventory == ROLL_STATUS_SUCCESS && computer->remark == NULL;
}

static void
check_statuses (Fixture *fixture, guint first, guint last)
{
  for (guint i = first; i <= last; i++)
    {
      guint ordinal, attempts;

      if (!is_quick (&fixture->computers[i]))
        continue;
      g_test_message ("%s: %s", fixture->computers[i].name, fixture->computers[i].remark);
      g_assert_cmpint (status_of (fixture, i, &ordinal, &attempts), ==,
                       fixture->computers[i].expected_inventory);
      g_assert_cmpuint (attempts, >=, 1);
      g_assert_cmpuint (attempts, <=, 4);
    }
}

/* Nothing here changes anything on a computer. */
static const char *const read_only[] = {
  "IObjectExporter.1",          /* SimplePing */
  "IObjectExporter.2",          /* ComplexPing */
  "IObjectExporter.5",          /* ServerAlive2 */
  "IRemoteSCMActivator.4",      /* RemoteCreateInstance */
  "IActivation.0",              /* RemoteActivation */
  "IRemUnknown.3",              /* RemQueryInterface */
  "IRemUnknown.5",              /* RemRelease */
  "IRemUnknown2.3",
  "IRemUnknown2.5",
  "IWbemLevel1Login.6",         /* NTLMLogin */
  "IWbemServices.6",            /* GetObject */
  "IWbemServices.20",           /* ExecQuery */
  "IEnumWbemClassObject.4",     /* Next */
  "IWbemFetchSmartEnum.3",      /* GetSmartEnum */
  "IWbemWCOSmartEnum.3",        /* Next */
  "IWbemServices.24 EnumKey",
  "IWbemServices.24 EnumValues",
  "IWbemServices.24 GetStringValue",
  "IWbemServices.24 GetExpandedStringValue",
  "IWbemServices.24 GetMultiStringValue",
  "IWbemServices.24 GetDWORDValue",
  "IWbemServices.24 GetQWORDValue",
  NULL,
};

static void
check_calls (Fixture *fixture)
{
  g_autoptr (GHashTable) calls = roll_lab_get_calls (fixture->lab);
  GHashTableIter iter;
  gpointer name, n;

  g_hash_table_iter_init (&iter, calls);
  while (g_hash_table_iter_next (&iter, &name, &n))
    if (!g_strv_contains (read_only, name))
      g_error ("%s is no call that only reads", (const char *) name);
  g_assert_true (g_hash_table_contains (calls, "IWbemServices.20"));
  g_assert_true (g_hash_table_contains (calls, "IWbemServices.24 GetStringValue"));
  g_assert_true (g_hash_table_contains (calls, "IActivation.0"));
}

static void
test_statuses (Fixture *fixture, gconstpointer data)
{
  scan (fixture, 0, fixture->n_computers - 1, is_quick);
  check_statuses (fixture, 0, fixture->n_computers - 1);
  check_calls (fixture);
}

/* --- What was collected -------------------------------------------------------------------------------------------- */

static guint
count_registry (Fixture *fixture, guint computer, const RollCollector *collector)
{
  guint n = 0;

  for (guint i = 0; collector->keys[i] != NULL; i++)
    {
      const RollCollectorProperty *property = collector->properties;
      g_autofree char *value = NULL;

      while (strcmp (property->name, collector->require) != 0)
        property++;
      value = property->subkey == NULL ? g_strdup (property->name)
                                       : g_strconcat (property->subkey, "\\", property->name, NULL);
      n += collector->kind == ROLL_COLLECTOR_SUBKEYS
               ? roll_lab_count_keys (fixture->lab, computer, collector->keys[i], value)
               : (guint) roll_lab_has_value (fixture->lab, computer, collector->keys[i], value);
    }
  return n;
}

/* FALSE: it does not have that class. */
static gboolean
count_rows (Fixture *fixture, guint computer, const RollCollector *collector, guint *ret_n)
{
  g_autofree char *query = NULL;

  if (collector->kind != ROLL_COLLECTOR_QUERY)
    {
      *ret_n = count_registry (fixture, computer, collector);
      return TRUE;
    }
  query = roll_collector_query_all (collector);
  return roll_lab_count_rows (fixture->lab, computer, collector->namespace_, query, ret_n);
}

static const RollClassResult *
find_result (GPtrArray *results, const char *id)
{
  for (guint i = 0; i < results->len; i++)
    if (strcmp (((const RollClassResult *) results->pdata[i])->id, id) == 0)
      return results->pdata[i];
  return NULL;
}

static guint
check_inventory (Fixture *fixture, guint computer)
{
  guint ordinal, attempts, n_collectors, n_rows_of_all = 0;
  const RollCollector *collectors = roll_collectors (&n_collectors);
  g_autoptr (GPtrArray) results = NULL;

  g_assert_cmpint (status_of (fixture, computer, &ordinal, &attempts), ==, ROLL_STATUS_SUCCESS);
  g_assert_cmpuint (attempts, ==, 1);
  results = roll_store_get_classes (fixture->parent.store, fixture->scan, ordinal, NULL);
  for (guint i = 0; i < n_collectors; i++)
    {
      const RollClassResult *result = find_result (results, collectors[i].id);
      guint n_rows;

      g_test_message ("%s: %s", fixture->computers[computer].name, collectors[i].id);
      if (!count_rows (fixture, computer, &collectors[i], &n_rows))
        {
          g_assert_true (collectors[i].optional);
          g_assert_true (result == NULL || result->outcome != ROLL_CLASS_COLLECTED || result->n_rows == 0);
          continue;
        }
      g_assert_nonnull (result);
      g_assert_cmpint (result->outcome, ==, ROLL_CLASS_COLLECTED);
      g_assert_cmpuint (result->n_rows, ==, n_rows);
      n_rows_of_all += n_rows;
    }
  return n_rows_of_all;
}

static void
test_counts (Fixture *fixture, gconstpointer data)
{
  guint n_checked = 0;

  scan (fixture, 0, ROLL_LAB_COMPUTERS - 1, is_good);
  for (guint i = 0; i < ROLL_LAB_COMPUTERS; i++)
    if (is_good (&fixture->computers[i]))
      {
        g_assert_cmpuint (check_inventory (fixture, i), >, 120);
        n_checked++;
      }
  g_assert_cmpuint (n_checked, >=, 6);
}

static guint
find_computer (Fixture *fixture, const char *remark)
{
  for (guint i = 0; i < fixture->n_computers; i++)
    if (g_strcmp0 (fixture->computers[i].remark, remark) == 0)
      return i;
  g_assert_not_reached ();
}

/* Four attempts at one that fails for ever, as many as it takes at one that recovers, and one logon where it
 * is refused. */
static void
test_attempts (Fixture *fixture, gconstpointer data)
{
  const struct
  {
    const char *remark;
    guint n_activations, n_refused, n_queries;
  } cases[] = {
    { "every query fails", 4, 0, 4 },
    { "always too busy", 4, 0, 0 },
    { "too busy for the first two visits", 3, 0, 20 },
    { "the account may not log on there over the network", 0, 1, 0 },
    { "the account may not activate there", 1, 0, 0 },
    { "no account is meant for it", 0, 0, 0 },
  };

  fixture->by_address = TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint computer = find_computer (fixture, cases[i].remark);
      RollLabCounts counts;

      scan (fixture, computer, computer, NULL);
      roll_lab_get_counts (fixture->lab, computer, &counts);
      g_test_message ("%s", cases[i].remark);
      g_assert_cmpuint (counts.activations, ==, cases[i].n_activations);
      g_assert_cmpuint (counts.refused_logons, ==, cases[i].n_refused);
      g_assert_cmpuint (counts.queries, >=, cases[i].n_queries);
      if (cases[i].n_queries < 20)
        g_assert_cmpuint (counts.queries, ==, cases[i].n_queries);
    }
}

static void
test_second_account (Fixture *fixture, gconstpointer data)
{
  guint computer = find_computer (fixture, "knows the second account only"), ordinal, attempts;
  RollLabCounts counts;

  add_credential (fixture, ROLL_LAB_SECOND_ACCOUNT, ROLL_LAB_SECOND_PASSWORD, ROLL_LAB_ACCOUNT_SCOPE);
  scan (fixture, computer, computer, NULL);
  g_assert_cmpint (status_of (fixture, computer, &ordinal, &attempts), ==, ROLL_STATUS_SUCCESS);
  g_assert_cmpuint (attempts, ==, 1);
  roll_lab_get_counts (fixture->lab, computer, &counts);
  g_assert_cmpuint (counts.refused_logons, ==, 1);
  g_assert_cmpuint (counts.logons, ==, 2); /* to the mapper and to WMI */
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Fixture, NULL, set_up, function, tear_down)
  ADD ("/lab-scan/statuses", test_statuses);
  ADD ("/lab-scan/counts", test_counts);
  ADD ("/lab-scan/attempts", test_attempts);
  ADD ("/lab-scan/second-account", test_second_account);
  return g_test_run ();
}
