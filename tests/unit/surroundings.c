/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "diagnosis/roll-diagnosis.h"
#include "diagnosis/roll-likely-cause.h"
#include "diagnosis/roll-ports.h"
#include "store-fixture.h"

/* What the others of a scan tell of one computer, and causes of many computers one after the other. */

#define SECOND G_USEC_PER_SEC

typedef struct
{
  StoreFixture parent;
  gint64 scan;
  RollJournal *journal;
  guint n;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  store_fixture_set_up (&fixture->parent, NULL);
  fixture->scan = store_fixture_add_scan (&fixture->parent, 100000);
  fixture->journal = roll_store_begin (fixture->parent.store, fixture->scan, NULL, NULL, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  store_fixture_tear_down (&fixture->parent, NULL);
}

static RollComputer *
new_computer (Fixture *fixture, const char *target, const char *address, RollStatus status, RollStep step)
{
  RollComputer *computer = roll_computer_new (fixture->n++, target);

  if (address != NULL)
    g_assert_true (roll_address_parse (address, &computer->address));
  computer->status = status;
  computer->step = step;
  computer->attempts = 1;
  computer->started_at = 1000 * SECOND;
  return computer;
}

static void
post (Fixture *fixture, RollComputer *computer)
{
  RollAttempt *attempt = roll_attempt_new (1);

  attempt->status = computer->status;
  attempt->started_at = computer->started_at;
  roll_journal_post_attempt (fixture->journal, computer, attempt);
}

static void
post_many (Fixture *fixture, guint n, const char *network, RollStatus status)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *address = g_strdup_printf ("%s.%u", network, fixture->n + 1);

      post (fixture, new_computer (fixture, address, address, status, ROLL_STEP_CONNECT));
    }
}

static RollSurroundings *
end_and_load (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  RollSurroundings *surroundings;

  g_assert_true (roll_journal_end (fixture->journal, ROLL_SCAN_FINISHED, NULL));
  surroundings = roll_surroundings_load (fixture->parent.store, fixture->scan, NULL, &error);
  g_assert_no_error (error);
  return surroundings;
}

/* "share-subnet = 75%", or "" */
static void
assert_fact (const RollSurroundings *surroundings, const RollComputer *computer, RollFactId id, const char *expected)
{
  g_autoptr (RollFactSet) facts = roll_fact_set_new ();
  g_autofree char *text = NULL;

  roll_surroundings_add_facts (surroundings, computer, facts);
  text = roll_fact_set_format (facts, id);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_shares_leave_the_computer_itself_out (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollSurroundings) surroundings = NULL;
  g_autoptr (RollComputer) silent = NULL;
  g_autoptr (RollComputer) lonely = NULL;

  post_many (fixture, 4, "10.1.1", ROLL_STATUS_CONNECTION_TIMEOUT);
  post_many (fixture, 1, "10.1.1", ROLL_STATUS_SUCCESS);
  post_many (fixture, 4, "10.1.2", ROLL_STATUS_CONNECTION_TIMEOUT);
  post_many (fixture, 11, "10.1.3", ROLL_STATUS_SUCCESS);
  surroundings = end_and_load (fixture);
  silent = roll_store_get_computer (fixture->parent.store, fixture->scan, 0, NULL);
  lonely = roll_store_get_computer (fixture->parent.store, fixture->scan, 5, NULL);
  assert_fact (surroundings, silent, ROLL_FACT_SHARE_SUBNET, "share-subnet = 75%"); /* 3 of 4 others */
  assert_fact (surroundings, silent, ROLL_FACT_SHARE_SCAN, "share-scan = 36%");     /* 7 of 19 */
  assert_fact (surroundings, lonely, ROLL_FACT_SHARE_SUBNET, "");                   /* only 3 others */
  assert_fact (surroundings, silent, ROLL_FACT_SHARE_DOMAIN, "");
  assert_fact (surroundings, silent, ROLL_FACT_SAME_SECOND, "same-second = 7");
}

static void
test_domains_are_those_of_the_names (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollSurroundings) surroundings = NULL;
  g_autoptr (GPtrArray) domains = NULL;
  g_autoptr (RollComputer) first = NULL;

  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *name = g_strdup_printf ("pc%u.Corp.example", i);

      post (fixture, new_computer (fixture, name, NULL, ROLL_STATUS_MACHINE_NOT_FOUND, ROLL_STEP_RESOLVE));
    }
  post (fixture, new_computer (fixture, "short", NULL, ROLL_STATUS_MACHINE_NOT_FOUND, ROLL_STEP_RESOLVE));
  surroundings = end_and_load (fixture);
  domains = roll_surroundings_list (surroundings, ROLL_STRATUM_DOMAIN);
  g_assert_cmpuint (domains->len, ==, 2);
  g_assert_cmpstr (((RollStratum *) g_ptr_array_index (domains, 0))->name, ==, "");
  g_assert_cmpstr (((RollStratum *) g_ptr_array_index (domains, 1))->name, ==, "corp.example");
  first = roll_store_get_computer (fixture->parent.store, fixture->scan, 0, NULL);
  assert_fact (surroundings, first, ROLL_FACT_SHARE_DOMAIN, "share-domain = 100%");
}

/* A scan whose targets Active Directory gave: six in one place, the last of them not used for long. */
static void
begin_from_directory (Fixture *fixture)
{
  g_autoptr (GHashTable) directory
      = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) roll_directory_facts_unref);
  g_autoptr (RollScanInfo) info = roll_scan_info_new ();
  const gint64 day = (gint64) 86400 * SECOND;

  for (guint i = 0; i < 6; i++)
    g_hash_table_insert (directory, GUINT_TO_POINTER (i),
                         roll_directory_facts_new ("Sales/Berlin", NULL, i < 5 ? 396 * day : 100 * day,
                                                   i < 5 ? ROLL_DIRECTORY_ACCOUNT_ENABLED : ROLL_DIRECTORY_ACCOUNT_DISABLED));
  g_assert_true (roll_journal_end (fixture->journal, ROLL_SCAN_FINISHED, NULL));
  info->n_targets = 7;
  g_assert_true (roll_store_add_scan (fixture->parent.store, info, NULL, NULL, directory, NULL));
  fixture->scan = info->id;
  fixture->journal = roll_store_begin (fixture->parent.store, fixture->scan, NULL, NULL, NULL);
}

static void
test_what_the_directory_told (Fixture *fixture, gconstpointer data)
{
  static const char *const expected[][3] = {
    { "last-logon-days = 3", "directory-enabled", "share-ou = 100%" },
    { "last-logon-days = 299", "not directory-enabled", "share-ou = 100%" },
    { "", "", "" },
  };
  static const guint ordinals[] = { 0, 5, 6 };
  g_autoptr (RollSurroundings) surroundings = NULL;

  begin_from_directory (fixture);
  for (guint i = 0; i < 7; i++)
    {
      g_autofree char *name = g_strdup_printf ("pc%u.corp.example", i);
      RollComputer *computer = new_computer (fixture, name, NULL, ROLL_STATUS_MACHINE_NOT_FOUND, ROLL_STEP_RESOLVE);

      computer->started_at = (gint64) 400 * 86400 * SECOND - 1;
      post (fixture, computer);
    }
  surroundings = end_and_load (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (ordinals); i++)
    {
      g_autoptr (RollComputer) computer = roll_store_get_computer (fixture->parent.store, fixture->scan, ordinals[i], NULL);
      g_autoptr (RollDiagnosis) diagnosis = roll_diagnosis_new (computer, NULL, NULL, NULL, surroundings);
      g_autofree char *days = roll_fact_set_format (diagnosis->facts, ROLL_FACT_LAST_LOGON_DAYS);
      g_autofree char *enabled = roll_fact_set_format (diagnosis->facts, ROLL_FACT_DIRECTORY_ENABLED);
      g_autofree char *share = roll_fact_set_format (diagnosis->facts, ROLL_FACT_SHARE_OU);
      const RollRankedCause *first = g_ptr_array_index (diagnosis->ranked, 0);

      g_assert_cmpstr (days, ==, expected[i][0]);
      g_assert_cmpstr (enabled, ==, expected[i][1]);
      g_assert_cmpstr (share, ==, expected[i][2]);
      if (i == 1)
        g_assert_cmpstr (first->cause->id, ==, "MNF.1");
    }
}

static void
test_times_are_compared_exactly (Fixture *fixture, gconstpointer data)
{
  static const gint64 ends[] = { 0, SECOND, SECOND + 1, 60 * SECOND, 61 * SECOND };
  g_autoptr (RollSurroundings) surroundings = NULL;
  g_autoptr (RollComputer) first = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      RollComputer *computer = new_computer (fixture, "pc", NULL, ROLL_STATUS_SHUTTING_DOWN, ROLL_STEP_QUERY);

      computer->duration_us = ends[i];
      post (fixture, computer);
    }
  surroundings = end_and_load (fixture);
  first = roll_store_get_computer (fixture->parent.store, fixture->scan, 0, NULL);
  assert_fact (surroundings, first, ROLL_FACT_SAME_SECOND, "same-second = 1");
  assert_fact (surroundings, first, ROLL_FACT_SAME_MINUTE, "same-minute = 3");
}

static void
post_logon (Fixture *fixture, RollStatus status, RollStep step, RollErrorNumber error)
{
  RollComputer *computer = new_computer (fixture, "pc", NULL, status, step);

  computer->credential = g_strdup ("admin");
  computer->error = error;
  post (fixture, computer);
}

static void
test_accounts (Fixture *fixture, gconstpointer data)
{
  const RollErrorNumber denied = { ROLL_ERROR_SPACE_WIN32, 5 };
  const RollErrorNumber resting = { ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_ACCOUNT_RESTING };
  g_autoptr (RollSurroundings) surroundings = NULL;
  g_autoptr (RollComputer) refused = NULL;
  g_autoptr (RollComputer) only_well = NULL;

  roll_journal_post_event (fixture->journal, ROLL_SCAN_BEGUN_EVENT, "accounts=2 networks=10.9.0.0/16,fd00::/64");
  for (guint i = 0; i < 4; i++)
    post_logon (fixture, ROLL_STATUS_ACCESS_DENIED, ROLL_STEP_AUTHENTICATE, denied);
  for (guint i = 0; i < 10; i++)
    post_logon (fixture, ROLL_STATUS_ACCESS_DENIED, ROLL_STEP_AUTHENTICATE, resting);
  post_logon (fixture, ROLL_STATUS_ACCESS_DENIED, ROLL_STEP_ACTIVATE, denied); /* a good password without rights */
  surroundings = end_and_load (fixture);
  refused = roll_store_get_computer (fixture->parent.store, fixture->scan, 0, NULL);
  only_well = roll_store_get_computer (fixture->parent.store, fixture->scan, 14, NULL);
  assert_fact (surroundings, refused, ROLL_FACT_ACCOUNT_REFUSED, "account-refused = 75%");
  assert_fact (surroundings, refused, ROLL_FACT_ACCOUNT_KNOWN, "account-known");
  assert_fact (surroundings, only_well, ROLL_FACT_ACCOUNT_KNOWN, "not account-known");
  assert_fact (surroundings, refused, ROLL_FACT_CREDENTIALS, "credentials = 2");
}

static void
test_own_subnets (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollSurroundings) surroundings = NULL;
  g_autoptr (RollComputer) near = NULL;
  g_autoptr (RollComputer) far = NULL;

  roll_journal_post_event (fixture->journal, ROLL_SCAN_BEGUN_EVENT, "accounts=0 networks=nonsense,10.8.0.0/99,10.9.0.0/23");
  post_many (fixture, 6, "10.9.1", ROLL_STATUS_SUCCESS);
  post_many (fixture, 1, "10.9.2", ROLL_STATUS_CONNECTION_TIMEOUT);
  surroundings = end_and_load (fixture);
  near = roll_store_get_computer (fixture->parent.store, fixture->scan, 0, NULL);
  far = roll_store_get_computer (fixture->parent.store, fixture->scan, 6, NULL);
  assert_fact (surroundings, near, ROLL_FACT_SAME_SUBNET, "same-subnet");
  assert_fact (surroundings, far, ROLL_FACT_SAME_SUBNET, "not same-subnet");
  assert_fact (surroundings, far, ROLL_FACT_SHARE_OWN_SUBNETS, "share-own-subnets = 0%");
}

/* --- One after the other -------------------------------------------------------------------------------------------- */

static RollAttempt *
new_timeout (const RollComputer *computer)
{
  RollAttempt *attempt = roll_attempt_new (1);
  RollStepRecord *record = roll_attempt_add_step (attempt, ROLL_STEP_CONNECT);

  attempt->status = computer->status;
  attempt->started_at = record->started_at = computer->started_at;
  record->error = computer->error;
  return attempt;
}

static gboolean
check_cause (RollComputer *computer, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  const RollCause *cause = roll_likely_causes_get (user_data, computer, &error);

  g_assert_no_error (error);
  if (computer->status == ROLL_STATUS_SUCCESS)
    g_assert_null (cause);
  else
    g_assert_cmpstr (cause->id, ==, computer->ordinal % 3 == 1 ? "CTO.2" : "CTO.5");
  return TRUE;
}

/* More than one piece, with gaps. */
static void
test_the_likeliest_of_many (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollLikelyCauses) causes = NULL;
  g_autoptr (GError) error = NULL;

  while (fixture->n < 1500)
    {
      guint i = fixture->n;
      g_autofree char *address = g_strdup_printf ("10.%u.1.1", i % 256);
      RollComputer *computer = new_computer (fixture, address, address,
                                             i % 3 == 0 ? ROLL_STATUS_SUCCESS : ROLL_STATUS_CONNECTION_TIMEOUT,
                                             ROLL_STEP_CONNECT);

      computer->error = (RollErrorNumber) { ROLL_ERROR_SPACE_ERRNO, 110 };
      roll_journal_post_attempt (fixture->journal, computer, new_timeout (computer));
      if (i % 3 > 0)
        roll_journal_post_finding (fixture->journal, i, ROLL_PORTS_FINDING,
                                   i % 3 == 1 ? "22=silent 445=open 3389=silent" : "22=open 445=silent 3389=silent");
    }
  g_assert_true (roll_journal_end (fixture->journal, ROLL_SCAN_FINISHED, NULL));
  causes = roll_likely_causes_new (fixture->parent.store, fixture->scan, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (
      roll_store_foreach_computer (fixture->parent.store, fixture->scan, 0, check_cause, causes, &error));
}

#define add(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/diagnosis/surroundings/shares", test_shares_leave_the_computer_itself_out);
  add ("/diagnosis/surroundings/domains", test_domains_are_those_of_the_names);
  add ("/diagnosis/surroundings/directory", test_what_the_directory_told);
  add ("/diagnosis/surroundings/times", test_times_are_compared_exactly);
  add ("/diagnosis/surroundings/accounts", test_accounts);
  add ("/diagnosis/surroundings/own-subnets", test_own_subnets);
  add ("/diagnosis/likely-causes", test_the_likeliest_of_many);
  return g_test_run ();
}
