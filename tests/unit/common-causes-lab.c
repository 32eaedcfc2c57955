/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "diagnosis/roll-common-causes.h"
#include "inventory/roll-collectors.h"
#include "lab/roll-lab.h"
#include "scan/roll-scan.h"
#include "store-fixture.h"

/* Five common causes in a practice network of five hundred computers, found by a scan as any other. */

typedef struct
{
  StoreFixture parent;
  RollLab *lab;
  const RollLabComputer *computers;
  guint n_computers;
  gint64 scan;
  GPtrArray *groups;
} Fixture;

static GPtrArray *
make_credentials (RollLab *lab)
{
  GPtrArray *credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  guint n;
  const RollLabAccount *accounts = roll_lab_get_accounts (lab, &n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;
      RollSecret *password = roll_secret_new (accounts[i].password, strlen (accounts[i].password));

      g_ptr_array_add (credentials, roll_credential_new (accounts[i].name, accounts[i].account, password,
                                                         accounts[i].scope, "ntlm", &error));
      g_assert_no_error (error);
    }
  return credentials;
}

static RollScanOptions *
make_options (RollLab *lab)
{
  const char *dns[] = { roll_lab_get_dns (lab), NULL };
  const char *collect[] = { "Win32_ComputerSystem", "Win32_OperatingSystem", NULL };
  RollScanOptions *options = roll_scan_options_new ();

  options->port = roll_lab_get_port (lab);
  options->side_ports = roll_lab_get_side_ports (lab);
  options->dns = g_strdupv ((char **) dns);
  options->connect_timeout_ms = 400;
  options->watchdog_ms = 3000;
  options->retries = 1;
  options->retry_delay_ms = 20;
  g_assert_true (roll_collectors_choose (collect, NULL, &options->skipped, NULL));
  return options;
}

static void
scan (Fixture *fixture)
{
  g_autoptr (RollTargetList) targets = roll_target_list_new ();
  g_autoptr (RollScanOptions) options = make_options (fixture->lab);
  g_autoptr (GPtrArray) credentials = make_credentials (fixture->lab);
  g_autoptr (RollScan) run = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < fixture->n_computers; i++)
    g_assert_true (roll_target_list_add (targets, fixture->computers[i].target, &error));
  run = roll_scan_new (fixture->parent.store, targets, options, NULL, TRUE, &error);
  g_assert_no_error (error);
  fixture->scan = roll_scan_get_id (run);
  roll_scan_set_credentials (run, credentials);
  store_fixture_run (run, NULL, &error);
  g_assert_no_error (error);
}

static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *fixture = user_data;
  g_autoptr (GError) error = NULL;

  fixture->groups = roll_common_causes_find_finish (result, &error);
  g_assert_no_error (error);
}

static void
find (Fixture *fixture)
{
  roll_common_causes_find_async (fixture->parent.store, fixture->scan, NULL, on_found, fixture);
  while (fixture->groups == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static gboolean
is_planted (const RollLabComputer *computer, const char *department, const char *cause)
{
  g_autofree char *suffix = g_strconcat (".", department, "." ROLL_LAB_DOMAIN, NULL);

  return g_str_has_suffix (computer->name, suffix) && g_strcmp0 (computer->cause, cause) == 0;
}

/* Just the computers that were made so, in one department. */
static void
assert_group (Fixture *fixture, const char *id, const char *department, const char *cause, guint n_well)
{
  for (guint i = 0; i < fixture->groups->len; i++)
    {
      const RollCommonCause *group = g_ptr_array_index (fixture->groups, i);
      guint at = 0;

      if (strcmp (group->id, id) != 0)
        continue;
      for (guint j = 0; j < fixture->n_computers; j++)
        if (is_planted (&fixture->computers[j], department, cause))
          {
            g_assert_cmpuint (at, <, group->members->len);
            g_assert_cmpuint (g_array_index (group->members, guint, at++), ==, j);
          }
      g_assert_cmpuint (at, ==, group->members->len);
      g_assert_cmpuint (at, >=, 20);
      g_assert_cmpuint (group->counter_examples->len, ==, n_well);
      return;
    }
  g_error ("%s was not found", id);
}

static void
test_five_among_chance (void)
{
  Fixture fixture = { .lab = roll_lab_new_scenario (ROLL_LAB_COMMON_CAUSES) };
  g_autoptr (GError) error = NULL;

  store_fixture_set_up (&fixture.parent, NULL);
  fixture.computers = roll_lab_get_computers (fixture.lab, &fixture.n_computers);
  g_assert_cmpuint (fixture.n_computers, ==, 500);
  g_assert_true (roll_lab_start (fixture.lab, &error));
  g_assert_no_error (error);

  scan (&fixture);
  find (&fixture);
  for (guint i = 0; i < fixture.groups->len; i++)
    {
      const RollCommonCause *group = g_ptr_array_index (fixture.groups, i);
      g_autofree char *count = roll_common_cause_describe_count (group);

      g_test_message ("%s: %s, %s: %s", group->id, count, roll_confidence_id (group->confidence), group->sentence);
    }
  assert_group (&fixture, "F.1:subnet:127.86.3.0/24", "warehouse", "CTO.3", 2);
  assert_group (&fixture, "F.3:subnet:127.86.5.0/24", "servers", "RSU.1", 2);
  assert_group (&fixture, "F.5:account:Branch office", "branch", "AD.1", 0);
  assert_group (&fixture, "F.6:account-kind:local", "workshop", "AD.3", 2);
  assert_group (&fixture, "F.9:scan:scan", "sales", "AD.13", 0);
  g_assert_cmpuint (fixture.groups->len, ==, 5);

  g_ptr_array_unref (fixture.groups);
  roll_lab_free (fixture.lab);
  store_fixture_tear_down (&fixture.parent, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/common-causes/lab/five-among-chance", test_five_among_chance);
  return g_test_run ();
}
