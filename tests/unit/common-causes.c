/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnosis/roll-common-causes.h"

#include <errno.h>
#include <string.h>

#include "status/roll-causes.h"
#include "store-fixture.h"

/* Groups among computers that were made up, and none where there is only chance. */

#define START G_GINT64_CONSTANT (1763795000000000)

typedef struct
{
  StoreFixture parent;
  gint64 scan;
  RollJournal *journal;
  guint n;
  GPtrArray *groups;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  store_fixture_set_up (&fixture->parent, NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->groups, g_ptr_array_unref);
  store_fixture_tear_down (&fixture->parent, NULL);
}

/* @directory: (nullable) (element-type guint32 RollDirectoryFacts): what Active Directory told of those that will come */
static void
begin_with (Fixture *fixture, GHashTable *directory)
{
  g_autoptr (RollScanInfo) info = roll_scan_info_new ();
  g_autoptr (GError) error = NULL;

  fixture->n = 0;
  info->name = g_strdup ("Test");
  info->n_targets = 100000;
  g_assert_true (roll_store_add_scan (fixture->parent.store, info, NULL, NULL, directory, &error));
  fixture->scan = info->id;
  fixture->journal = roll_store_begin (fixture->parent.store, fixture->scan, NULL, NULL, &error);
  g_assert_no_error (error);
}

static void
begin (Fixture *fixture)
{
  begin_with (fixture, NULL);
}

static void
look (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (roll_journal_end (g_steal_pointer (&fixture->journal), ROLL_SCAN_FINISHED, &error));
  g_assert_no_error (error);
  g_clear_pointer (&fixture->groups, g_ptr_array_unref);
  fixture->groups = roll_common_causes_find (fixture->parent.store, fixture->scan, NULL, &error);
  g_assert_no_error (error);
}

/* --- Making computers up ---------------------------------------------------------------------------------------- */

/* One computer: as many of these as the case needs. */
typedef struct
{
  guint subnet;          /* 10.1.SUBNET.x */
  const char *suffix;    /* (nullable): by address */
  RollStatus status;
  RollStep step;         /* where it stopped */
  RollErrorNumber error;
  const char *logon;     /* (nullable): facts of the step authenticate */
  const char *domain;
  const char *build;
  const char *class_name; /* (nullable): that hung */
  const char *first;     /* (nullable): facts of an account that was refused before */
  gint64 at;             /* 0: one every 100 ms */
} Made;

/* Of @n computers from @first on. */
static void
tell (GHashTable *directory, guint first, guint n, const char *ou, gint64 days, RollDirectoryAccount account)
{
  for (guint i = first; i < first + n; i++)
    g_hash_table_insert (directory, GUINT_TO_POINTER (i),
                         roll_directory_facts_new (ou, NULL, days >= 0 ? START - days * 86400 * G_USEC_PER_SEC : 0, account));
}

static GHashTable *
new_directory (void)
{
  return g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) roll_directory_facts_unref);
}

#define TIMED_OUT { ROLL_ERROR_SPACE_ERRNO, ETIMEDOUT }
#define DENIED { ROLL_ERROR_SPACE_HRESULT, 0x80070005 }
#define WATCHDOG { ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_WATCHDOG }

static void
add_step (RollAttempt *attempt, RollStep step, RollErrorNumber error, const char *detail)
{
  RollStepRecord *record = roll_attempt_add_step (attempt, step);

  record->started_at = attempt->started_at;
  record->duration_us = 1000;
  record->error = error;
  record->detail = g_strdup (detail);
}

static void
add_steps (RollAttempt *attempt, const Made *made)
{
  const RollStep last = made->step != ROLL_STEP_NONE ? made->step : ROLL_STEP_QUERY;

  if (made->first != NULL)
    add_step (attempt, ROLL_STEP_AUTHENTICATE, (RollErrorNumber) DENIED, made->first);
  for (guint step = ROLL_STEP_CONNECT; step <= last; step++)
    {
      RollErrorNumber error = step == made->step ? made->error : ROLL_ERROR_NUMBER_NONE;

      add_step (attempt, (RollStep) step, error, step == ROLL_STEP_AUTHENTICATE ? made->logon : NULL);
    }
  if (made->class_name != NULL)
    {
      g_autofree char *detail = g_strdup_printf ("class=%s", made->class_name);

      add_step (attempt, ROLL_STEP_QUERY, (RollErrorNumber) WATCHDOG, detail);
    }
}

static char *
name_of (const Made *made, guint n, const char *address)
{
  return made->suffix != NULL ? g_strdup_printf ("pc%u.%s", n, made->suffix) : g_strdup (address);
}

static void
add_one (Fixture *fixture, const Made *made)
{
  guint n = fixture->n++;
  g_autofree char *address = g_strdup_printf ("10.1.%u.%u", made->subnet, 1 + n % 250);
  g_autofree char *target = name_of (made, n, address);
  RollComputer *computer = roll_computer_new (n, target);
  RollAttempt *attempt = roll_attempt_new (1);

  if (made->status != ROLL_STATUS_MACHINE_NOT_FOUND)
    roll_address_parse (address, &computer->address);
  computer->status = attempt->status = made->status;
  computer->step = made->step;
  computer->error = made->error;
  computer->attempts = 1;
  computer->started_at = attempt->started_at = made->at != 0 ? made->at : START + n * (G_USEC_PER_SEC / 10);
  computer->duration_us = attempt->duration_us = 1000;
  if (made->domain != NULL || made->build != NULL)
    {
      computer->facts = roll_facts_new ();
      computer->facts->domain = g_strdup (made->domain);
      computer->facts->os_build = g_strdup (made->build);
    }
  add_steps (attempt, made);
  roll_journal_post_attempt (fixture->journal, computer, attempt);
}

static void
add (Fixture *fixture, guint n, Made made)
{
  for (guint i = 0; i < n; i++)
    add_one (fixture, &made);
}

#define CORP "corp.example"
#define LOGON "credential=scanner account=domain protocol=ntlm computer=PC"
#define WELL(at_subnet) (Made) { .subnet = at_subnet, .suffix = CORP, .logon = LOGON, .domain = CORP, .build = "19045" }
#define SILENT(at_subnet)                                                                                             \
  (Made) { .subnet = at_subnet, .suffix = CORP, .status = ROLL_STATUS_CONNECTION_TIMEOUT, .step = ROLL_STEP_CONNECT,  \
           .error = TIMED_OUT }

static const RollCommonCause *
only_group (Fixture *fixture)
{
  for (guint i = 1; i < fixture->groups->len; i++)
    g_test_message ("also %s", ((RollCommonCause *) g_ptr_array_index (fixture->groups, i))->id);
  g_assert_cmpuint (fixture->groups->len, ==, 1);
  return g_ptr_array_index (fixture->groups, 0);
}

static const RollCommonCause *
find_group (Fixture *fixture, const char *id)
{
  for (guint i = 0; i < fixture->groups->len; i++)
    {
      const RollCommonCause *group = g_ptr_array_index (fixture->groups, i);

      if (strcmp (group->id, id) == 0)
        return group;
    }
  g_error ("no group %s", id);
}

/* --- Each rule -------------------------------------------------------------------------------------------------- */

static void
test_silent_subnet (Fixture *fixture, gconstpointer data)
{
  const RollCommonCause *group;

  begin (fixture);
  add (fixture, 40, WELL (1));
  add (fixture, 38, SILENT (2));
  add (fixture, 2, WELL (2));
  add (fixture, 40, WELL (3));
  add (fixture, 3, SILENT (3));
  look (fixture);
  group = only_group (fixture);
  g_assert_cmpstr (group->id, ==, "F.2:subnet:10.1.2.0/24");
  g_assert_cmpuint (group->members->len, ==, 38);
  g_assert_cmpuint (g_array_index (group->members, guint, 0), ==, 40);
  g_assert_cmpuint (group->counter_examples->len, ==, 2);
  g_assert_cmpuint (g_array_index (group->counter_examples, guint, 1), ==, 79);
  g_assert_cmpfloat_with_epsilon (group->share, 0.95, 1e-9);
  g_assert_cmpfloat_with_epsilon (group->elsewhere, 3.0 / 83, 1e-9);
  g_assert_cmpint (group->confidence, ==, ROLL_CONFIDENCE_STRONG);
  g_assert_true (g_str_has_prefix (group->sentence, "In subnet 10.1.2.0/24 hardly any computer answers"));
}

/* One subnet alone is not said to be worse than others. */
static void
test_nobody_answers (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  add (fixture, 12, SILENT (2));
  look (fixture);
  g_assert_cmpstr (only_group (fixture)->id, ==, "F.2:subnet:10.1.2.0/24");
  g_assert_cmpint (only_group (fixture)->confidence, ==, ROLL_CONFIDENCE_ALONE);
  g_assert_null (strstr (only_group (fixture)->sentence, "elsewhere"));
}

/* Four computers, or three of four, are no common cause. */
static void
test_too_few (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  add (fixture, 100, WELL (1));
  add (fixture, 4, SILENT (2));
  add (fixture, 30, SILENT (3));
  add (fixture, 10, WELL (3));
  look (fixture);
  g_assert_cmpuint (fixture->groups->len, ==, 0);
}

/* Nobody knows whether somebody lives at the addresses of a range. */
static void
test_empty_addresses (Fixture *fixture, gconstpointer data)
{
  Made silent = SILENT (2);

  silent.suffix = NULL;
  begin (fixture);
  add (fixture, 100, WELL (1));
  add (fixture, 200, silent);
  look (fixture);
  g_assert_cmpuint (fixture->groups->len, ==, 0);
}

/* ... but where other ports of theirs answer, somebody does. */
static void
test_filtered_subnet (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  Made silent = SILENT (2);
  const RollCommonCause *group;

  silent.suffix = NULL;
  begin (fixture);
  add (fixture, 100, WELL (1));
  add (fixture, 60, silent);
  for (guint i = 110; i < 150; i++)
    roll_journal_post_finding (fixture->journal, i, "ports", i % 2 ? "445=open 3389=silent" : "445=closed 3389=open");
  look (fixture);
  group = only_group (fixture);
  g_assert_cmpstr (group->id, ==, "F.1:subnet:10.1.2.0/24");
  g_assert_cmpuint (group->members->len, ==, 40);
  g_assert_cmpuint (g_array_index (group->members, guint, 0), ==, 110);
  g_assert_cmpstr (group->rule->team->id, ==, "firewall");
}

/* What strikes all subnets is told once. */
static void
test_told_once (Fixture *fixture, gconstpointer data)
{
  const RollCommonCause *group;

  begin (fixture);
  for (guint subnet = 1; subnet <= 10; subnet++)
    add (fixture, subnet == 4 ? 7 : 20,
         (Made) { .subnet = subnet, .suffix = CORP, .logon = LOGON, .domain = CORP,
                  .status = ROLL_STATUS_RPC_SERVER_UNAVAILABLE, .step = ROLL_STEP_CONNECT_OBJECT, .error = TIMED_OUT });
  add (fixture, 13, WELL (4));
  look (fixture);
  group = only_group (fixture);
  g_assert_cmpstr (group->rule->id, ==, "F.3");
  g_assert_cmpuint (group->members->len, ==, 187);
  g_assert_cmpuint (group->counter_examples->len, ==, 13);
  g_assert_cmpint (group->confidence, ==, ROLL_CONFIDENCE_ALONE);
}

static void
test_bad_account (Fixture *fixture, gconstpointer data)
{
  const RollCommonCause *group;

  begin (fixture);
  add (fixture, 60, WELL (1));
  add (fixture, 2, (Made) { .subnet = 1, .suffix = CORP, .status = ROLL_STATUS_ACCESS_DENIED,
                            .step = ROLL_STEP_AUTHENTICATE, .error = DENIED, .logon = LOGON });
  /* One is refused everywhere; on half of them the next one works. */
  add (fixture, 10, (Made) { .subnet = 2, .suffix = CORP, .status = ROLL_STATUS_ACCESS_DENIED,
                             .step = ROLL_STEP_AUTHENTICATE, .error = DENIED,
                             .logon = "credential=Old_one account=domain protocol=ntlm computer=PC" });
  add (fixture, 10, (Made) { .subnet = 2, .suffix = CORP, .logon = LOGON,
                             .first = "credential=Old_one account=domain protocol=ntlm computer=PC" });
  look (fixture);
  group = only_group (fixture);
  g_assert_cmpstr (group->id, ==, "F.5:account:Old_one");
  g_assert_cmpuint (group->members->len, ==, 20);
  g_assert_cmpuint (group->counter_examples->len, ==, 0);
  g_assert_cmpstr (group->rule->causes[0], ==, "AD.1");
}

/* An account that worked, until its password was changed. */
static void
test_account_from_a_moment_on (Fixture *fixture, gconstpointer data)
{
  const RollCommonCause *group;

  begin (fixture);
  add (fixture, 60, WELL (1));
  add (fixture, 12, (Made) { .subnet = 1, .suffix = CORP, .status = ROLL_STATUS_ACCESS_DENIED,
                             .step = ROLL_STEP_AUTHENTICATE, .error = DENIED, .logon = LOGON });
  look (fixture);
  group = only_group (fixture);
  g_assert_cmpstr (group->id, ==, "F.5:account:scanner");
  g_assert_cmpuint (group->members->len, ==, 12);
  g_assert_cmpint (group->since, >=, START + 60 * (G_USEC_PER_SEC / 10));
  g_assert_nonnull (strstr (group->sentence, "It worked until"));
}

static Made
denied_late (guint subnet, const char *logon)
{
  return (Made) { .subnet = subnet, .suffix = CORP, .status = ROLL_STATUS_ACCESS_DENIED, .step = ROLL_STEP_ACTIVATE,
                  .error = DENIED, .logon = logon, .domain = CORP };
}

static void
test_local_accounts (Fixture *fixture, gconstpointer data)
{
  const RollCommonCause *group;

  begin (fixture);
  add (fixture, 60, WELL (1));
  add (fixture, 1, denied_late (1, LOGON));
  add (fixture, 9, denied_late (1, "credential=Workgroup account=local protocol=ntlm computer=PC"));
  add (fixture, 9, denied_late (2, "credential=Second account=local protocol=ntlm computer=PC"));
  add (fixture, 9, WELL (2));
  look (fixture);
  group = only_group (fixture);
  g_assert_cmpstr (group->id, ==, "F.6:account-kind:local");
  g_assert_cmpuint (group->members->len, ==, 18);
}

static void
test_missing_rights (Fixture *fixture, gconstpointer data)
{
  Made denied = denied_late (2, LOGON);
  const RollCommonCause *group;

  denied.suffix = "branch.corp.example";
  begin (fixture);
  add (fixture, 60, WELL (1));
  add (fixture, 10, WELL (2));
  add (fixture, 8, denied);
  look (fixture);
  group = only_group (fixture);
  g_assert_cmpstr (group->id, ==, "F.7:suffix:branch.corp.example");
  g_assert_cmpuint (group->members->len, ==, 8);
}

/* Those of one place in the directory, whatever their names and subnets are. */
static void
test_missing_rights_in_one_place (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) directory = new_directory ();
  Made denied = denied_late (2, LOGON);
  const RollCommonCause *group;
  g_autoptr (RollRedactor) redactor = roll_redactor_new ((const guint8 *) "0123456789abcdef0123456789abcdef");
  g_autofree char *sentence = NULL, *ticket = NULL;
  g_autoptr (GError) error = NULL;

  tell (directory, 0, 30, "Sales/Berlin", 5, ROLL_DIRECTORY_ACCOUNT_ENABLED);
  tell (directory, 30, 8, "Sales/Branch \x1b[2J", 5, ROLL_DIRECTORY_ACCOUNT_ENABLED);
  begin_with (fixture, directory);
  add (fixture, 20, WELL (1));
  add (fixture, 10, WELL (2));
  add (fixture, 4, denied);
  denied.subnet = 1;
  add (fixture, 4, denied);
  look (fixture);
  group = only_group (fixture);
  g_assert_cmpstr (group->id, ==, "F.7:ou:Sales/Branch \xef\xbf\xbd[2J");
  g_assert_cmpuint (group->members->len, ==, 8);
  g_assert_true (g_str_has_prefix (group->sentence, "In the organizational unit Sales/Branch"));
  sentence = roll_common_cause_redact_sentence (group, redactor);
  g_assert_null (strstr (sentence, "Branch"));
  g_assert_nonnull (strstr (sentence, "unit ou-"));
  ticket = roll_common_cause_ticket (group, fixture->parent.store, fixture->scan, redactor, &error);
  g_assert_null (strstr (ticket, "Branch"));
}

/* What computers call their domain may be anything. */
static void
test_hostile_domain (Fixture *fixture, gconstpointer data)
{
  Made denied = denied_late (2, LOGON);
  g_autofree char *domain = g_strdup_printf ("evil\nSubject: pay\x1b[2J%0300d", 7);
  g_autoptr (GError) error = NULL;
  g_autofree char *ticket = NULL;

  denied.suffix = NULL;
  denied.domain = domain;
  begin (fixture);
  add (fixture, 20, WELL (2));
  add (fixture, 30, WELL (1));
  add (fixture, 8, denied);
  look (fixture);
  g_assert_true (g_str_has_prefix (only_group (fixture)->id, "F.7:domain:evil\xef\xbf\xbdsubject: pay\xef\xbf\xbd[2j000"));
  g_assert_cmpuint (strlen (only_group (fixture)->name), <, 260);
  ticket = roll_common_cause_ticket (only_group (fixture), fixture->parent.store, fixture->scan, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (strstr (ticket, "\nsubject: pay"));
  g_assert_null (strchr (ticket, 0x1b));
}

static void
test_refused_ntlm (Fixture *fixture, gconstpointer data)
{
  Made kerberos = WELL (1);
  Made ntlm = { .subnet = 1, .suffix = CORP, .status = ROLL_STATUS_ACCESS_DENIED, .step = ROLL_STEP_AUTHENTICATE,
                .error = { ROLL_ERROR_SPACE_NTSTATUS, 0xc0000418 }, .logon = LOGON };

  kerberos.logon = "credential=scanner account=domain protocol=kerberos";
  begin (fixture);
  for (guint i = 0; i < 15; i++)
    {
      add (fixture, 2, kerberos);
      add (fixture, 1, ntlm);
    }
  look (fixture);
  g_assert_cmpstr (only_group (fixture)->id, ==, "F.8:protocol:ntlm");
  g_assert_cmpuint (only_group (fixture)->members->len, ==, 15);
}

static void
test_old_names (Fixture *fixture, gconstpointer data)
{
  const RollCommonCause *group;

  begin (fixture);
  add (fixture, 60, WELL (1));
  add (fixture, 4, (Made) { .subnet = 1, .suffix = CORP, .status = ROLL_STATUS_ACCESS_DENIED,
                            .step = ROLL_STEP_AUTHENTICATE, .error = DENIED,
                            .logon = LOGON " differs-from=other" });
  add (fixture, 3, (Made) { .subnet = 1, .suffix = CORP, .logon = LOGON " differs-from=other" });
  look (fixture);
  group = only_group (fixture);
  g_assert_cmpstr (group->id, ==, "F.9:scan:scan");
  g_assert_cmpuint (group->members->len, ==, 7);
  g_assert_cmpuint (group->counter_examples->len, ==, 0);
}

static void
test_unknown_names (Fixture *fixture, gconstpointer data)
{
  begin (fixture);
  add (fixture, 60, WELL (1));
  add (fixture, 12, (Made) { .suffix = "old.example", .status = ROLL_STATUS_MACHINE_NOT_FOUND, .step = ROLL_STEP_RESOLVE,
                             .error = { ROLL_ERROR_SPACE_DNS, 4 } });
  look (fixture);
  g_assert_cmpstr (only_group (fixture)->id, ==, "F.10:suffix:old.example");
}

#define UNKNOWN_NAME                                                                                                  \
  (Made) { .suffix = CORP, .status = ROLL_STATUS_MACHINE_NOT_FOUND, .step = ROLL_STEP_RESOLVE,                         \
           .error = { ROLL_ERROR_SPACE_DNS, 4 } }

/* Told apart from those whose names should be known. */
static void
test_retired (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) directory = new_directory ();
  Made unanswered = UNKNOWN_NAME;
  const RollCommonCause *group;

  unanswered.error.number = 3; /* the name server failed: that tells nothing of the name */
  tell (directory, 0, 60, "Sales", 10, ROLL_DIRECTORY_ACCOUNT_ENABLED);
  tell (directory, 60, 6, "Old", 91, ROLL_DIRECTORY_ACCOUNT_ENABLED);
  tell (directory, 66, 3, "Old", 10, ROLL_DIRECTORY_ACCOUNT_DISABLED);
  tell (directory, 69, 3, "Sales", 90, ROLL_DIRECTORY_ACCOUNT_ENABLED);
  tell (directory, 72, 3, "Old", -1, ROLL_DIRECTORY_ACCOUNT_ENABLED); /* never */
  tell (directory, 75, 3, "Old", 400, ROLL_DIRECTORY_ACCOUNT_ENABLED);
  begin_with (fixture, directory);
  add (fixture, 60, WELL (1));
  add (fixture, 15, UNKNOWN_NAME);
  add (fixture, 3, unanswered);
  look (fixture);
  group = only_group (fixture);
  g_assert_cmpstr (group->id, ==, "F.15:ou:Old");
  g_assert_cmpuint (group->members->len, ==, 9);
  g_assert_cmpuint (g_array_index (group->members, guint, 0), ==, 60);
  g_assert_cmpuint (group->counter_examples->len, ==, 0);
  g_assert_cmpstr (group->rule->causes[0], ==, "MNF.1");
}

/* The name server that does not know a whole domain is not explained by the few that are retired. */
static void
test_retired_among_unknown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) directory = new_directory ();

  tell (directory, 0, 50, "Sales", 1, ROLL_DIRECTORY_ACCOUNT_ENABLED);
  tell (directory, 50, 10, "Sales", 200, ROLL_DIRECTORY_ACCOUNT_ENABLED);
  begin_with (fixture, directory);
  add (fixture, 60, UNKNOWN_NAME);
  look (fixture);
  g_assert_cmpuint (fixture->groups->len, ==, 2);
  g_assert_cmpuint (find_group (fixture, "F.10:suffix:" CORP)->members->len, ==, 50);
  g_assert_cmpuint (find_group (fixture, "F.15:ou:Sales")->members->len, ==, 10);
}

static void
test_hanging_class (Fixture *fixture, gconstpointer data)
{
  Made hangs = WELL (1);
  const RollCommonCause *group;

  hangs.build = "22631";
  hangs.class_name = "Win32_Volume";
  begin (fixture);
  add (fixture, 60, WELL (1));
  add (fixture, 20, hangs);
  hangs.build = "19045";
  add (fixture, 2, hangs);
  hangs.build = "22631";
  hangs.class_name = "Win32_Share";
  add (fixture, 2, hangs);
  look (fixture);
  group = only_group (fixture);
  g_assert_cmpstr (group->id, ==, "F.11:build:22631:Win32_Volume");
  g_assert_cmpuint (group->members->len, ==, 20);
  g_assert_cmpuint (group->counter_examples->len, ==, 2);
  g_assert_nonnull (strstr (group->sentence, "Win32_Volume"));
}

/* At the same seconds, and at the same minute. */
static void
test_at_once (Fixture *fixture, gconstpointer data)
{
  Made cancelled = { .subnet = 1, .suffix = CORP, .status = ROLL_STATUS_RPC_CALL_CANCELLED, .step = ROLL_STEP_LOGIN_CIMV2,
                     .error = { ROLL_ERROR_SPACE_HRESULT, 0x80010002 }, .logon = LOGON, .at = START + (gint64) 3600 * G_USEC_PER_SEC };
  Made leaving = { .subnet = 2, .suffix = CORP, .status = ROLL_STATUS_SHUTTING_DOWN, .step = ROLL_STEP_LOGIN_CIMV2,
                   .error = { ROLL_ERROR_SPACE_HRESULT, 0x80041033 }, .logon = LOGON, .at = START + (gint64) 7200 * G_USEC_PER_SEC };

  begin (fixture);
  add (fixture, 600, WELL (1));
  add (fixture, 20, cancelled);
  add (fixture, 10, leaving);
  look (fixture);
  g_assert_cmpuint (fixture->groups->len, ==, 2);
  g_assert_cmpstr (((RollCommonCause *) g_ptr_array_index (fixture->groups, 0))->rule->id, ==, "F.12");
  g_assert_cmpstr (((RollCommonCause *) g_ptr_array_index (fixture->groups, 1))->rule->id, ==, "F.13");
}

static void
test_clocks (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GDateTime) right = g_date_time_new_from_unix_utc (START / G_USEC_PER_SEC + 30);
  g_autoptr (GDateTime) wrong = g_date_time_new_from_unix_utc (START / G_USEC_PER_SEC - 1000);
  g_autofree char *right_text = g_date_time_format (right, LOGON " clock=%Y-%m-%dT%H:%M:%SZ");
  g_autofree char *wrong_text = g_date_time_format (wrong, LOGON " clock=%Y-%m-%dT%H:%M:%SZ");
  Made well = WELL (1), late = WELL (2);

  well.logon = right_text;
  late.logon = wrong_text;
  begin (fixture);
  add (fixture, 60, well);
  add (fixture, 30, late);
  look (fixture);
  g_assert_cmpstr (only_group (fixture)->id, ==, "F.14:subnet:10.1.2.0/24");
  g_assert_cmpuint (only_group (fixture)->members->len, ==, 30);
}

static void
test_other_networks (Fixture *fixture, gconstpointer data)
{
  const RollCommonCause *group;
  g_autoptr (GError) error = NULL;
  g_autofree char *ticket = NULL;

  begin (fixture);
  roll_journal_post_event (fixture->journal, "begun", "host=scanner1 addresses=10.1.1.77 networks=127.0.0.0/8,10.1.1.0/24");
  add (fixture, 30, WELL (1));
  for (guint subnet = 2; subnet <= 12; subnet++)
    {
      add (fixture, 4, SILENT (subnet));
      add (fixture, subnet % 3 == 0, WELL (subnet));
    }
  look (fixture);
  group = only_group (fixture);
  g_assert_cmpstr (group->id, ==, "F.4:network:other");
  g_assert_cmpuint (group->members->len, ==, 44);
  g_assert_cmpuint (group->counter_examples->len, ==, 4);
  ticket = roll_common_cause_ticket (group, fixture->parent.store, fixture->scan, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (ticket, "scanner1 (10.1.1.77)"));
}

/* --- Overlaps --------------------------------------------------------------------------------------------------- */

/* Computers are explained once, by what explains most of them; the rest of the others stays. */
static void
test_overlap (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint n = 0;

  begin (fixture);
  for (guint subnet = 1; subnet <= 6; subnet++)
    add (fixture, 30, WELL (subnet));
  add (fixture, 30, SILENT (7));
  /* Rights are missing in a domain, and in one subnet local accounts are denied. */
  for (guint i = 0; i < 20; i++)
    {
      Made denied = denied_late (8, i < 10 ? "credential=w account=local protocol=ntlm computer=PC" : LOGON);

      denied.suffix = "branch.example";
      denied.domain = "branch.example";
      add (fixture, 1, denied);
    }
  look (fixture);
  for (guint i = 0; i < fixture->groups->len; i++)
    {
      const RollCommonCause *group = g_ptr_array_index (fixture->groups, i);

      g_test_message ("%s %u", group->id, group->members->len);
      for (guint j = 0; j < group->members->len; j++)
        g_assert_true (g_hash_table_add (seen, GUINT_TO_POINTER (g_array_index (group->members, guint, j) + 1)));
      n += group->members->len;
    }
  g_assert_cmpuint (n, ==, 50);
  g_assert_cmpuint (fixture->groups->len, ==, 3);
  g_assert_cmpuint (find_group (fixture, "F.2:subnet:10.1.7.0/24")->members->len, ==, 30);
  g_assert_cmpuint (find_group (fixture, "F.6:account-kind:local")->members->len, ==, 10);
  g_assert_cmpuint (find_group (fixture, "F.7:suffix:branch.example")->members->len, ==, 10);
}

/* --- Chance ----------------------------------------------------------------------------------------------------- */

static Made
chance (GRand *random, const guint *permille)
{
  static const char *const builds[] = { "19045", "22631", "20348" };
  static const char *const logons[] = { LOGON, "credential=branch account=domain protocol=kerberos computer=PC",
                                        "credential=local account=local protocol=ntlm computer=PC" };
  static const Made failures[] = {
    { .status = ROLL_STATUS_MACHINE_NOT_FOUND, .step = ROLL_STEP_RESOLVE, .error = { ROLL_ERROR_SPACE_DNS, 4 } },
    { .status = ROLL_STATUS_CONNECTION_TIMEOUT, .step = ROLL_STEP_CONNECT, .error = TIMED_OUT },
    { .status = ROLL_STATUS_ACCESS_DENIED, .step = ROLL_STEP_AUTHENTICATE, .error = DENIED },
    { .status = ROLL_STATUS_ACCESS_DENIED, .step = ROLL_STEP_ACTIVATE, .error = DENIED },
    { .status = ROLL_STATUS_RPC_SERVER_UNAVAILABLE, .step = ROLL_STEP_CONNECT_OBJECT, .error = TIMED_OUT },
    { .status = ROLL_STATUS_RPC_CALL_CANCELLED, .step = ROLL_STEP_LOGIN_CIMV2, .error = { ROLL_ERROR_SPACE_HRESULT, 0x80010002 } },
    { .status = ROLL_STATUS_SHUTTING_DOWN, .step = ROLL_STEP_LOGIN_CIMV2, .error = { ROLL_ERROR_SPACE_HRESULT, 0x80041033 } },
    { .status = ROLL_STATUS_WMI_QUERY_TIMEOUT, .step = ROLL_STEP_QUERY, .error = WATCHDOG, .class_name = "Win32_Volume" },
  };
  Made made = { 0 };
  guint at = (guint) g_rand_int_range (random, 0, 1000);

  for (guint i = 0; i < G_N_ELEMENTS (failures); i++)
    {
      if (at < permille[i])
        {
          made = failures[i];
          break;
        }
      at -= permille[i];
    }
  made.subnet = (guint) g_rand_int_range (random, 1, 40);
  made.suffix = made.subnet % 2 ? CORP : "branch.example";
  made.domain = made.suffix;
  made.build = builds[g_rand_int_range (random, 0, G_N_ELEMENTS (builds))];
  made.logon = logons[g_rand_int_range (random, 0, G_N_ELEMENTS (logons))];
  return made;
}

/* Failures that strike anybody, rarely or often, share nothing. */
static void
test_no_group_in_noise (Fixture *fixture, gconstpointer data)
{
  guint n_found = 0;

  for (guint32 seed = 1; seed <= 200; seed++)
    {
      g_autoptr (GRand) random = g_rand_new_with_seed (seed);
      guint n = (guint) g_rand_int_range (random, 50, 600);
      guint permille[8];

      for (guint i = 0; i < G_N_ELEMENTS (permille); i++)
        permille[i] = (guint) g_rand_int_range (random, 0, i < 2 ? 250 : 70);
      begin (fixture);
      for (guint i = 0; i < n; i++)
        add (fixture, 1, chance (random, permille));
      look (fixture);
      for (guint i = 0; i < fixture->groups->len; i++)
        {
          const RollCommonCause *group = g_ptr_array_index (fixture->groups, i);

          g_test_message ("seed %u of %u: %s: %u and %u, elsewhere %f, strength %f", seed, n, group->id, group->members->len,
                          group->counter_examples->len, group->elsewhere, group->strength);
        }
      n_found += fixture->groups->len;
    }
  g_assert_cmpuint (n_found, ==, 0);
}

/* --- Tickets ---------------------------------------------------------------------------------------------------- */

static void
test_ticket (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *ticket = NULL;
  g_autofree char *redacted = NULL;
  g_autoptr (RollRedactor) redactor = roll_redactor_new ((const guint8 *) "0123456789abcdef0123456789abcdef");

  begin (fixture);
  roll_journal_post_event (fixture->journal, "begun", "host=scanner1 addresses=10.9.1.20 networks=10.9.1.0/24");
  add (fixture, 40, WELL (1));
  add (fixture, 20, SILENT (2));
  add (fixture, 1, WELL (2));
  look (fixture);
  ticket = roll_common_cause_ticket (only_group (fixture), fixture->parent.store, fixture->scan, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 61; i++)
    {
      g_autofree char *name = g_strdup_printf (" pc%u.corp.example ", i);

      g_assert_cmpint (strstr (ticket, name) != NULL, ==, i >= 40);
    }
  g_assert_nonnull (strstr (ticket, "To: Firewall and network team"));
  g_assert_nonnull (strstr (ticket, "10.1.2.0/24"));
  g_assert_nonnull (strstr (ticket, "scanner1 (10.9.1.20)"));
  g_assert_nonnull (strstr (ticket, "TCP 135"));
  g_assert_nonnull (strstr (ticket, "20 of 21 computers (95 %), elsewhere 0 %"));
  g_assert_nonnull (strstr (ticket, "ETIMEDOUT"));
  g_assert_null (strchr (ticket, '{'));

  redacted = roll_common_cause_ticket (only_group (fixture), fixture->parent.store, fixture->scan, redactor, &error);
  g_assert_no_error (error);
  g_assert_null (strstr (redacted, "corp.example"));
  g_assert_null (strstr (redacted, "10.1."));
  g_assert_null (strstr (redacted, "10.9."));
  g_assert_null (strstr (redacted, "scanner1"));
  g_assert_nonnull (strstr (redacted, "  pc-"));
  g_assert_nonnull (strstr (redacted, "In subnet net-"));
}

/* --- The rules -------------------------------------------------------------------------------------------------- */

#define HEAD "<common-causes>\n<team id='t'>T</team>\n"
#define RULE "<common-cause id='F.1' strata='scan' causes='CTO.1' team='t'"
#define BODY "<failing step='connect'/>\n<title>T</title><sentence>S</sentence><ask>A</ask>"
#define TAIL "</common-cause></common-causes>"

static void
test_spoilt_rules_are_refused (void)
{
  static const struct
  {
    const char *text;
    int line;
  } cases[] = {
    { "<causes/>", 1 },
    { HEAD "<common-cause/></common-causes>", 3 },
    { HEAD "<common-cause id='G.1' strata='scan' causes='CTO.1' team='t'/></common-causes>", 3 },
    { HEAD "<common-cause id='F.1' strata='floor' causes='CTO.1' team='t'/></common-causes>", 3 },
    { HEAD "<common-cause id='F.1' strata='scan' causes='CTO.99' team='t'/></common-causes>", 3 },
    { HEAD "<common-cause id='F.1' strata='scan' causes='CTO.1' team='u'/></common-causes>", 3 },
    { HEAD RULE " share='101'/></common-causes>", 3 },
    { HEAD RULE " least='few'/></common-causes>", 3 },
    { HEAD RULE " since='no'/></common-causes>", 3 },
    { HEAD RULE ">" TAIL, 3 },
    { HEAD RULE "><failing step='nap'/>" BODY TAIL, 3 },
    { HEAD RULE "><failing status='tired'/>" BODY TAIL, 3 },
    { HEAD RULE "><failing open='136'/>" BODY TAIL, 3 },
    { HEAD RULE "><failing/>" BODY TAIL, 3 },
    { HEAD RULE ">" BODY "<ask>B</ask>" TAIL, 4 },
    { HEAD RULE ">" BODY "<sentence alone='no'>B</sentence>" TAIL, 4 },
    { HEAD RULE ">" BODY "</common-cause>\n" RULE ">" BODY TAIL, 5 },
    { HEAD "<stratum id='room'>In room</stratum></common-causes>", 3 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *prefix = g_strdup_printf ("Error on line %d", cases[i].line);

      g_test_message ("%s", cases[i].text);
      g_assert_null (roll_common_rules_parse (cases[i].text, strlen (cases[i].text), &error));
      g_assert_nonnull (error);
      if (!g_str_has_prefix (error->message, prefix))
        g_error ("“%s” is no “%s”", error->message, prefix);
    }
}

/* Every rule can be told: its words are there for each stratum it is looked for in, with nothing left to fill in. */
static void
test_rules_are_whole (void)
{
  guint n;
  const RollCommonRule *rules = roll_common_rules_get (roll_common_rules (), &n);

  g_assert_cmpuint (n, ==, 15);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("F.%u", i + 1);

      g_assert_cmpstr (rules[i].id, ==, id);
      g_assert_nonnull (rules[i].causes[0]);
      for (guint j = 0; j < rules[i].n_strata; j++)
        g_assert_cmpstr (roll_common_rules_where (roll_common_rules (), rules[i].strata[j]), !=, "");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/common-causes/" path, Fixture, NULL, set_up, func, tear_down)
  g_test_add_func ("/common-causes/rules/spoilt", test_spoilt_rules_are_refused);
  g_test_add_func ("/common-causes/rules/whole", test_rules_are_whole);
  ADD ("silent-subnet", test_silent_subnet);
  ADD ("nobody-answers", test_nobody_answers);
  ADD ("too-few", test_too_few);
  ADD ("empty-addresses", test_empty_addresses);
  ADD ("filtered-subnet", test_filtered_subnet);
  ADD ("told-once", test_told_once);
  ADD ("bad-account", test_bad_account);
  ADD ("account-from-a-moment-on", test_account_from_a_moment_on);
  ADD ("local-accounts", test_local_accounts);
  ADD ("missing-rights", test_missing_rights);
  ADD ("missing-rights-in-one-place", test_missing_rights_in_one_place);
  ADD ("hostile-domain", test_hostile_domain);
  ADD ("refused-ntlm", test_refused_ntlm);
  ADD ("old-names", test_old_names);
  ADD ("unknown-names", test_unknown_names);
  ADD ("retired", test_retired);
  ADD ("retired-among-unknown", test_retired_among_unknown);
  ADD ("hanging-class", test_hanging_class);
  ADD ("at-once", test_at_once);
  ADD ("clocks", test_clocks);
  ADD ("other-networks", test_other_networks);
  ADD ("overlap", test_overlap);
  ADD ("noise", test_no_group_in_noise);
  ADD ("ticket", test_ticket);
  return g_test_run ();
}
