/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-conversation.h"

#include <errno.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "codec/roll-row-set.h"
#include "fake-wmi.h"
#include "inventory/roll-detail.h"

/* One attempt at one computer that answers as it is told. */

#define RESULT ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_HRESULT
#define EVER 1, G_MAXUINT
#define WBEM_E_FAILED 0x80041001
#define WBEM_E_NOT_FOUND 0x80041002
#define WBEM_E_ACCESS_DENIED 0x80041003
#define WBEM_E_INVALID_NAMESPACE 0x8004100e
#define WBEM_E_INVALID_CLASS 0x80041010
#define WBEM_E_INVALID_QUERY 0x80041017
#define WBEM_E_SHUTTING_DOWN 0x80041033

typedef struct
{
  FakeComputer *computer;
  RollConversationOptions options;
  RollPlan *plan;
  RollAttempt *attempt;
  RollConversationEnd end;
  guint n_collectors;
  guint n_attempts;
} Fixture;

static void
on_event (const char *kind, const char *detail, gpointer user_data)
{
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  RollLogonBudgetOptions budget = { .failures = ROLL_LOGON_FAILURES, .window_ms = ROLL_LOGON_WINDOW_MS, .event = on_event };

  fixture->computer = fake_add (9);
  fixture->options.target = "127.0.0.9";
  fixture->options.port = 135;
  fixture->options.connect_timeout_ms = 1000;
  fixture->options.watchdog_ms = 50;
  fixture->options.cancel_fd = eventfd (0, EFD_CLOEXEC);
  fixture->options.credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  g_assert_true (roll_address_parse ("127.0.0.9", &fixture->options.address));
  budget.credentials = fixture->options.credentials;
  fixture->options.budget = roll_logon_budget_new (&budget);
  fixture->plan = roll_plan_new (NULL);
  roll_collectors (&fixture->n_collectors);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_pointer (&fixture->attempt, roll_attempt_free);
  roll_plan_free (fixture->plan);
  roll_logon_budget_free (fixture->options.budget);
  g_ptr_array_unref (fixture->options.credentials);
  close (fixture->options.cancel_fd);
  fake_reset ();
}

static void
add_credential (Fixture *fixture, const char *name, const char *account, const char *scope, const char *protocols)
{
  g_autoptr (GError) error = NULL;
  RollCredential *credential = roll_credential_new (name, account, roll_secret_new ("secret", 6), scope, protocols, &error);

  g_assert_no_error (error);
  g_ptr_array_add (fixture->options.credentials, credential);
}

static void
add_ntlm (Fixture *fixture, const char *name)
{
  add_credential (fixture, name, "CORP\\user", NULL, "ntlm");
}

static void
converse (Fixture *fixture)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  g_clear_pointer (&fixture->attempt, roll_attempt_free);
  fixture->attempt = roll_attempt_new (++fixture->n_attempts);
  roll_converse (&fixture->options, fd, fixture->plan, fixture->attempt, &fixture->end);
  g_assert_cmpint (close (fd), ==, -1); /* it was taken */
}

static void
assert_end (Fixture *fixture, RollStatus status, RollAction action, RollStep step, guint32 number)
{
  g_assert_false (fixture->end.cancelled);
  g_assert_cmpint (fixture->end.verdict.status, ==, status);
  g_assert_cmpint (fixture->end.verdict.action, ==, action);
  g_assert_cmpint (fixture->end.failure.step, ==, step);
  g_assert_cmphex (fixture->end.failure.error.number, ==, number);
}

static void
assert_success (Fixture *fixture, guint n_collected)
{
  assert_end (fixture, ROLL_STATUS_SUCCESS, ROLL_ACTION_FINISH, ROLL_STEP_NONE, 0);
  g_assert_cmpuint (fixture->plan->n_collected, ==, n_collected);
}

static void
assert_calls (Fixture *fixture, const char *prefix, const char *expected)
{
  g_autofree char *calls = fake_get_calls (fixture->computer, prefix);

  g_assert_cmpstr (calls, ==, expected);
}

static guint
place_of_step (Fixture *fixture, RollStep step)
{
  guint i = 0;

  while (i < fixture->attempt->steps->len && g_array_index (fixture->attempt->steps, RollStepRecord, i).step != step)
    i++;
  return i;
}

static gboolean
has_step (Fixture *fixture, RollStep step)
{
  return place_of_step (fixture, step) < fixture->attempt->steps->len;
}

static RollStepRecord *
find_step (Fixture *fixture, RollStep step)
{
  g_assert_true (has_step (fixture, step));
  return &g_array_index (fixture->attempt->steps, RollStepRecord, place_of_step (fixture, step));
}

static guint
place_of_class (Fixture *fixture, const char *id)
{
  guint i = 0;

  g_assert_nonnull (fixture->attempt->classes);
  while (i < fixture->attempt->classes->len
         && !g_str_equal (((RollClassResult *) g_ptr_array_index (fixture->attempt->classes, i))->id, id))
    i++;
  return i;
}

static gboolean
has_class (Fixture *fixture, const char *id)
{
  return place_of_class (fixture, id) < fixture->attempt->classes->len;
}

static RollClassResult *
find_class (Fixture *fixture, const char *id)
{
  g_assert_true (has_class (fixture, id));
  return g_ptr_array_index (fixture->attempt->classes, place_of_class (fixture, id));
}

static void
assert_fact (RollStepRecord *record, const char *key, const char *expected)
{
  g_autofree char *value = roll_detail_get (record->detail, key);

  g_assert_cmpstr (value, ==, expected);
}

/* What the contract says happens, in its order. */
static void
test_as_the_protocol_has_it (Fixture *fixture, gconstpointer data)
{
  static const RollStep order[] = {
    ROLL_STEP_NEGOTIATE,      ROLL_STEP_AUTHENTICATE,        ROLL_STEP_ACTIVATE,
    ROLL_STEP_CONNECT_OBJECT, ROLL_STEP_AUTHENTICATE_OBJECT, ROLL_STEP_LOGIN_CIMV2,
    ROLL_STEP_QUERY,          ROLL_STEP_LOGIN_DEFAULT,       ROLL_STEP_REGISTRY,
  };
  const RollCollector *collectors = roll_collectors (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);

  add_ntlm (fixture, "Domain admin");
  converse (fixture);
  assert_success (fixture, fixture->n_collectors);
  g_assert_cmpuint (fixture->plan->n_planned, ==, fixture->n_collectors);

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    g_assert_cmpint (g_array_index (fixture->attempt->steps, RollStepRecord, i).step, ==, order[i]);
  g_assert_cmpstr (find_step (fixture, ROLL_STEP_NEGOTIATE)->peer, ==, "127.0.0.9:135");
  g_assert_cmpstr (find_step (fixture, ROLL_STEP_QUERY)->peer, ==, "127.0.0.9:49664");
  assert_fact (find_step (fixture, ROLL_STEP_NEGOTIATE), "com", "5.7");
  assert_fact (find_step (fixture, ROLL_STEP_AUTHENTICATE), "credential", "Domain_admin");
  assert_fact (find_step (fixture, ROLL_STEP_AUTHENTICATE), "protocol", "ntlm");
  g_assert_cmpstr (fixture->plan->credential, ==, "Domain admin");

  for (guint i = 0; i < fixture->n_collectors; i++)
    if (collectors[i].kind == ROLL_COLLECTOR_QUERY)
      g_string_append_printf (expected, "query %s\n", collectors[i].class_name);
  assert_calls (fixture, "query", expected->str);
  assert_calls (fixture, "login root/default", "login root/default\n");
  assert_calls (fixture, "get", "get StdRegProv\n");
  assert_calls (fixture, "release", "release\n");
}

static void
test_rows_and_facts (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollRowSet) rows = NULL;
  const RollCollector *software = roll_collectors_find ("software");
  const char *problem = NULL;

  fake_set_rows (fixture->computer, "Win32_Processor", 2);
  fake_set_rows (fixture->computer, "Win32_Service", 230);
  fake_set_rows (fixture->computer, "Win32_DiskDrive", 0);
  fake_set_rows (fixture->computer, software->keys[0], 70);
  add_ntlm (fixture, "admin");
  converse (fixture);
  assert_success (fixture, fixture->n_collectors);

  g_assert_cmpuint (find_class (fixture, "Win32_Service")->n_rows, ==, 230);
  g_assert_cmpuint (find_class (fixture, "Win32_DiskDrive")->n_rows, ==, 0);
  g_assert_cmpint (find_class (fixture, "Win32_DiskDrive")->outcome, ==, ROLL_CLASS_COLLECTED);
  g_assert_cmpuint (find_class (fixture, "software")->n_rows, ==, 71);
  rows = roll_row_set_from_bytes (find_class (fixture, "software")->rows, &problem);
  g_assert_nonnull (rows);
  g_assert_cmpstr (roll_row_set_get (rows, 69, 0)->text, ==,
                   "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\key 69");
  g_assert_cmpstr (roll_row_set_get (rows, 69, 1)->text, ==,
                   "SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\key 69 DisplayName");
  g_clear_pointer (&rows, roll_row_set_free);
  /* A value may stand below the row's key. */
  rows = roll_row_set_from_bytes (find_class (fixture, "sql-server")->rows, &problem);
  g_assert_cmpstr (roll_row_set_get (rows, 0, 0)->text, ==, "SOFTWARE\\Microsoft\\Microsoft SQL Server\\key 0");
  g_assert_cmpstr (roll_row_set_get (rows, 0, 1)->text, ==, "SOFTWARE\\Microsoft\\Microsoft SQL Server\\key 0\\Setup Edition");

  g_assert_cmpuint (fixture->plan->facts->cores, ==, 8);
  g_assert_cmpstr (fixture->plan->facts->computer_name, ==, "Win32_ComputerSystem 0");
  g_assert_cmpstr (fixture->plan->facts->os, ==, "Windows");
}

/* A Windows that lacks a property refuses the query, once. */
static void
test_everything_instead (Fixture *fixture, gconstpointer data)
{
  fake_fail (fixture->computer, "query Win32_BIOS", EVER, RESULT, WBEM_E_INVALID_QUERY);
  fake_fail (fixture->computer, "query Win32_Share", EVER, RESULT, WBEM_E_INVALID_QUERY);
  fake_fail (fixture->computer, "query-all Win32_Share", EVER, RESULT, WBEM_E_INVALID_QUERY);
  add_ntlm (fixture, "admin");
  converse (fixture);
  assert_success (fixture, fixture->n_collectors - 1);
  assert_calls (fixture, "query-all", "query-all Win32_BIOS\nquery-all Win32_Share\n");
  g_assert_cmpuint (find_class (fixture, "Win32_BIOS")->n_rows, ==, 1);
  g_assert_cmphex (find_class (fixture, "Win32_Share")->error.number, ==, WBEM_E_INVALID_QUERY);
}

/* --- Logging on ----------------------------------------------------------------------------------------------------- */

static void
test_credentials_in_order (Fixture *fixture, gconstpointer data)
{
  add_ntlm (fixture, "first");
  add_credential (fixture, "elsewhere", "CORP\\other", "10.0.0.0/8;*.corp.example", "ntlm");
  add_ntlm (fixture, "third");
  add_ntlm (fixture, "fourth");
  fake_accept (fixture->computer, "third");
  converse (fixture);
  assert_success (fixture, fixture->n_collectors);
  assert_calls (fixture, "authenticate ", "authenticate first ntlm\nauthenticate third ntlm\n");
  g_assert_cmpstr (fixture->plan->credential, ==, "third");
  /* The next time the one that worked goes first, and nobody else is tried. */
  roll_plan_free (fixture->plan);
  fixture->plan = roll_plan_new (NULL);
  fixture->plan->credential = g_strdup ("third");
  converse (fixture);
  assert_calls (fixture, "authenticate ", "authenticate first ntlm\nauthenticate third ntlm\nauthenticate third ntlm\n");
}

static void
test_all_refused (Fixture *fixture, gconstpointer data)
{
  add_ntlm (fixture, "first");
  add_ntlm (fixture, "second");
  fake_accept (fixture->computer, "nobody");
  fake_set_names (fixture->computer, "PC9", "pc9.corp.example", "corp.example");
  converse (fixture);
  assert_end (fixture, ROLL_STATUS_ACCESS_DENIED, ROLL_ACTION_FINISH, ROLL_STEP_AUTHENTICATE, 5);
  g_assert_cmpuint (fake_count_calls (fixture->computer, "authenticate "), ==, 2);
  g_assert_cmpuint (fake_count_calls (fixture->computer, "activate"), ==, 0);
  g_assert_cmpstr (fixture->plan->credential, ==, "second");
  /* Refused, but it has said who it is. */
  g_assert_cmpstr (fixture->plan->facts->computer_name, ==, "PC9");
  g_assert_cmpstr (fixture->plan->facts->domain, ==, "corp.example");
  assert_fact (find_step (fixture, ROLL_STEP_AUTHENTICATE), "dns", "pc9.corp.example");
  assert_fact (find_step (fixture, ROLL_STEP_AUTHENTICATE), "build", "19045");
  assert_fact (find_step (fixture, ROLL_STEP_AUTHENTICATE), "clock", "2024-12-30T02:40:00Z");
}

/* A right password without rights says more than the wrong one that came after it. */
static void
test_furthest_refusal_counts (Fixture *fixture, gconstpointer data)
{
  add_ntlm (fixture, "user");
  add_ntlm (fixture, "wrong");
  fake_accept (fixture->computer, "user");
  fake_fail (fixture->computer, "activate", EVER, RESULT, 0x80070005);
  converse (fixture);
  assert_end (fixture, ROLL_STATUS_ACCESS_DENIED, ROLL_ACTION_FINISH, ROLL_STEP_ACTIVATE, 0x80070005);
}

/* --- Accounts that are not to be locked ----------------------------------------------------------------------------- */

/* Another conversation, of a computer of its own. */
static void
converse_anew (Fixture *fixture)
{
  roll_plan_free (fixture->plan);
  fixture->plan = roll_plan_new (NULL);
  converse (fixture);
}

/* It is known before any connection of a logon that the account rests; the next account is as good as ever. */
static void
test_account_rests (Fixture *fixture, gconstpointer data)
{
  RollStepRecord *record;

  add_ntlm (fixture, "wrong");
  fake_fail (fixture->computer, "activate", 1, 2, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_WIN32, 5);
  converse (fixture);
  converse_anew (fixture);
  assert_end (fixture, ROLL_STATUS_ACCESS_DENIED, ROLL_ACTION_FINISH, ROLL_STEP_AUTHENTICATE, 5);
  converse_anew (fixture);
  assert_end (fixture, ROLL_STATUS_ACCESS_DENIED, ROLL_ACTION_FINISH, ROLL_STEP_AUTHENTICATE,
              ROLL_ENGINE_ERROR_ACCOUNT_RESTING);
  g_assert_cmpuint (fake_count_calls (fixture->computer, "authenticate "), ==, 2);
  record = find_step (fixture, ROLL_STEP_AUTHENTICATE);
  assert_fact (record, "credential", "wrong");
  assert_fact (record, "account", "resting");
  assert_fact (record, "refused", "2");
  assert_fact (record, "by", "127.0.0.9,127.0.0.9");
  g_assert_cmpint (record->said_by, ==, ROLL_SAID_BY_THIS_MACHINE);
  g_assert_null (record->peer);

  add_credential (fixture, "right", "CORP\\other", NULL, "ntlm");
  converse_anew (fixture);
  assert_success (fixture, fixture->n_collectors);
  g_assert_cmpstr (fixture->plan->credential, ==, "right");
}

/* The password was right: what the account may not do there is no reason to save it. */
static void
test_rights_are_not_passwords (Fixture *fixture, gconstpointer data)
{
  add_ntlm (fixture, "user");
  fake_fail (fixture->computer, "activate", EVER, RESULT, 0x80070005);
  for (guint i = 0; i < 50; i++)
    converse_anew (fixture);
  assert_end (fixture, ROLL_STATUS_ACCESS_DENIED, ROLL_ACTION_FINISH, ROLL_STEP_ACTIVATE, 0x80070005);
  g_assert_cmpuint (fake_count_calls (fixture->computer, "activate"), ==, 50);
}

/* Neither is trouble of the computer. */
static void
test_trouble_is_no_refusal (Fixture *fixture, gconstpointer data)
{
  add_ntlm (fixture, "user");
  fake_fail (fixture->computer, "activate", 1, 10, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ENGINE,
             ROLL_ENGINE_ERROR_END_OF_STREAM);
  fake_fail (fixture->computer, "activate", 11, 20, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_NCA, 0x1c010014);
  for (guint i = 0; i < 20; i++)
    converse_anew (fixture);
  g_assert_cmpuint (fake_count_calls (fixture->computer, "activate"), ==, 20);
  converse_anew (fixture);
  assert_success (fixture, fixture->n_collectors);
}

/* The second association's logon counts as well. */
static void
test_refused_at_the_object_port (Fixture *fixture, gconstpointer data)
{
  guint n = ROLL_LOGON_ROW * ROLL_LOGON_FAILURES;

  add_ntlm (fixture, "user");
  fake_fail (fixture->computer, "login root/cimv2", EVER, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_WIN32, 5);
  /* Each time the first one is accepted. */
  for (guint i = 0; i < 3 * n; i++)
    converse_anew (fixture);
  assert_end (fixture, ROLL_STATUS_ACCESS_DENIED, ROLL_ACTION_FINISH, ROLL_STEP_AUTHENTICATE_OBJECT, 5);
}

static void
test_locked_at_the_kdc (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    guint32 number;
    guint n_asked; /* until it rests */
    const char *reason;
  } cases[] = { { 6, 1, "unknown" }, { 18, 1, "locked" }, { 23, 1, "expired" }, { 24, 2, NULL }, { 156, 5, NULL } };
  static const char *const accounts[] = { "a@CORP.EXAMPLE", "b@CORP.EXAMPLE", "c@CORP.EXAMPLE", "d@CORP.EXAMPLE",
                                          "e@CORP.EXAMPLE" };

  fixture->options.target = "pc9.corp.example";
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *call = g_strdup_printf ("authenticate %s pc9.corp.example", accounts[i]);

      g_ptr_array_set_size (fixture->options.credentials, 0);
      add_credential (fixture, accounts[i], accounts[i], NULL, "kerberos");
      fake_fail (fixture->computer, call, EVER, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_KERBEROS, cases[i].number);
      for (guint j = 0; j < 5; j++)
        converse_anew (fixture);
      g_test_message ("%u", cases[i].number);
      g_assert_cmpuint (fake_count_calls (fixture->computer, call), ==, cases[i].n_asked);
      if (cases[i].reason != NULL)
        assert_fact (find_step (fixture, ROLL_STEP_AUTHENTICATE), "reason", cases[i].reason);
    }
}

/* While another session tries the account, this computer is put back, not judged; and nothing has been tried. */
static void
test_put_back (Fixture *fixture, gconstpointer data)
{
  RollCredential *credential;
  g_autofree char *facts = NULL;
  RollLogonUse other;

  add_ntlm (fixture, "user");
  credential = g_ptr_array_index (fixture->options.credentials, 0);
  roll_logon_budget_enter (fixture->options.budget, credential, "pc1", &fixture->options.address, -1, 0, &other, &facts);
  converse (fixture);
  g_assert_true (fixture->end.put_back);
  g_assert_cmpuint (fake_count_calls (fixture->computer, "authenticate "), ==, 0);
  roll_logon_budget_leave (&other);
  converse (fixture);
  g_assert_false (fixture->end.put_back);
  assert_success (fixture, fixture->n_collectors);
}

/* A computer in no domain decides by itself: what it refuses says nothing of a domain's account. */
static void
test_refused_outside_of_the_domain (Fixture *fixture, gconstpointer data)
{
  RollCredential *credential;
  g_autofree char *facts = NULL;
  RollLogonUse member;

  add_ntlm (fixture, "user");
  credential = g_ptr_array_index (fixture->options.credentials, 0);
  converse (fixture); /* known to be right: nobody has to wait */
  fake_set_names (fixture->computer, "PC9", "PC9", NULL);
  fake_fail (fixture->computer, "activate", EVER, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_WIN32, 5);
  for (guint i = 0; i < 2 * ROLL_LOGON_ROW * ROLL_LOGON_FAILURES; i++)
    converse_anew (fixture);
  assert_end (fixture, ROLL_STATUS_ACCESS_DENIED, ROLL_ACTION_FINISH, ROLL_STEP_AUTHENTICATE, 5);
  g_assert_cmpint (roll_logon_budget_enter (fixture->options.budget, credential, "pc1", &fixture->options.address, -1, 0,
                                            &member, &facts), ==, ROLL_LOGON_MAY);
  g_assert_false (member.trying);
  roll_logon_budget_leave (&member);
}

/* NTLM's last word has no answer: its refusal comes with the first call, and is one of the logon all the same. */
static void
test_silent_refusal (Fixture *fixture, gconstpointer data)
{
  fake_fail (fixture->computer, "activate", 1, 1, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_WIN32, 5);
  fake_fail (fixture->computer, "login root/cimv2", 1, 1, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_WIN32, 5);
  add_ntlm (fixture, "first");
  converse (fixture);
  assert_end (fixture, ROLL_STATUS_ACCESS_DENIED, ROLL_ACTION_FINISH, ROLL_STEP_AUTHENTICATE, 5);
  g_assert_false (has_step (fixture, ROLL_STEP_ACTIVATE));
  converse (fixture);
  assert_end (fixture, ROLL_STATUS_ACCESS_DENIED, ROLL_ACTION_FINISH, ROLL_STEP_AUTHENTICATE_OBJECT, 5);
  g_assert_false (has_step (fixture, ROLL_STEP_LOGIN_CIMV2));
}

/* A fault in the same place that says nothing of the account is one of the call. */
static void
test_too_busy_for_the_first_call (Fixture *fixture, gconstpointer data)
{
  fake_fail (fixture->computer, "activate", EVER, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_NCA, 0x1c010014);
  add_ntlm (fixture, "first");
  converse (fixture);
  assert_end (fixture, ROLL_STATUS_OTHER_REASONS, ROLL_ACTION_RETRY, ROLL_STEP_ACTIVATE, 0x1c010014);
}

static void
test_another_computer (Fixture *fixture, gconstpointer data)
{
  fake_set_names (fixture->computer, "PC9", "pc9.corp.example", "corp.example");
  add_ntlm (fixture, "admin");
  fixture->options.target = "pc8.corp.example";
  converse (fixture);
  assert_fact (find_step (fixture, ROLL_STEP_AUTHENTICATE), "differs-from", "pc8.corp.example");
  fixture->options.target = "pc9";
  converse (fixture);
  g_assert_false (has_step (fixture, ROLL_STEP_AUTHENTICATE));
}

static void
test_kerberos_by_name (Fixture *fixture, gconstpointer data)
{
  fixture->options.target = "pc9.corp.example";
  add_credential (fixture, "admin", "user@CORP.EXAMPLE", NULL, NULL);
  fake_fail (fixture->computer, "authenticate admin pc9.corp.example", EVER, ROLL_RPC_ERROR_REFUSED,
             ROLL_ERROR_SPACE_KERBEROS, 7);
  converse (fixture);
  assert_success (fixture, fixture->n_collectors);
  assert_calls (fixture, "authenticate ", "authenticate admin pc9.corp.example\nauthenticate admin ntlm\n");
  assert_calls (fixture, "ask-name", "");
}

/* A KDC that knows better is not asked a second time by way of the computer: that would count as a bad logon again. */
static void
test_kerberos_wrong_password (Fixture *fixture, gconstpointer data)
{
  fixture->options.target = "pc9.corp.example";
  add_credential (fixture, "admin", "user@CORP.EXAMPLE", NULL, NULL);
  fake_fail (fixture->computer, "authenticate admin pc9.corp.example", EVER, ROLL_RPC_ERROR_REFUSED,
             ROLL_ERROR_SPACE_KERBEROS, 24);
  converse (fixture);
  assert_end (fixture, ROLL_STATUS_ACCESS_DENIED, ROLL_ACTION_FINISH, ROLL_STEP_AUTHENTICATE, 24);
  assert_calls (fixture, "authenticate ", "authenticate admin pc9.corp.example\n");
}

/* An address has no name: the computer is asked for it. */
static void
test_kerberos_by_address (Fixture *fixture, gconstpointer data)
{
  fake_set_names (fixture->computer, "PC9", "pc9.corp.example", "corp.example");
  add_credential (fixture, "admin", "user@CORP.EXAMPLE", NULL, NULL);
  converse (fixture);
  assert_success (fixture, fixture->n_collectors);
  assert_calls (fixture, "a", "ask-name\nauthenticate admin pc9.corp.example\nactivate\nauthenticate-object\n");
}

static void
test_kerberos_lacks_something (Fixture *fixture, gconstpointer data)
{
  add_credential (fixture, "admin", "user@CORP.EXAMPLE", NULL, NULL);
  converse (fixture);
  assert_success (fixture, fixture->n_collectors);
  assert_calls (fixture, "authenticate ", "authenticate admin ntlm\n");
  assert_fact (find_step (fixture, ROLL_STEP_AUTHENTICATE), "kerberos", "no-name");
}

/* Where only Kerberos is allowed, no message of NTLM is sent, not even one that asks for the name. */
static void
test_kerberos_only (Fixture *fixture, gconstpointer data)
{
  add_credential (fixture, "admin", "user@CORP.EXAMPLE", NULL, "kerberos");
  converse (fixture);
  assert_end (fixture, ROLL_STATUS_ACCESS_DENIED, ROLL_ACTION_FINISH, ROLL_STEP_AUTHENTICATE, 0x80090303);
  assert_calls (fixture, "a", "");
}

static void
test_nobody_to_log_on_as (Fixture *fixture, gconstpointer data)
{
  add_credential (fixture, "elsewhere", "CORP\\user", "10.0.0.0/8", "ntlm");
  converse (fixture);
  assert_end (fixture, ROLL_STATUS_NO_CREDENTIALS, ROLL_ACTION_FINISH, ROLL_STEP_NONE, ROLL_ENGINE_ERROR_NO_CREDENTIALS);
  assert_calls (fixture, "neg", "");
}

/* The greeting is optional; whoever refuses it may welcome the logon. */
static void
test_greeting_refused (Fixture *fixture, gconstpointer data)
{
  fake_fail (fixture->computer, "negotiate", EVER, ROLL_RPC_ERROR_FAULT, ROLL_ERROR_SPACE_WIN32, 5);
  add_ntlm (fixture, "admin");
  converse (fixture);
  assert_success (fixture, fixture->n_collectors);
  g_assert_cmpuint (find_step (fixture, ROLL_STEP_NEGOTIATE)->error.number, ==, 5);
}

/* --- Classes -------------------------------------------------------------------------------------------------------- */

static void
test_class_results (Fixture *fixture, gconstpointer data)
{
  fake_fail (fixture->computer, "query Win32_BIOS", EVER, RESULT, WBEM_E_INVALID_CLASS);
  fake_fail (fixture->computer, "query Win32_Share", EVER, RESULT, WBEM_E_ACCESS_DENIED);
  fake_fail (fixture->computer, "query Win32_ServerFeature", EVER, RESULT, WBEM_E_INVALID_CLASS);
  fake_fail (fixture->computer, "query Win32_UserProfile", EVER, RESULT, WBEM_E_FAILED);
  fake_fail (fixture->computer, "login root/SecurityCenter2", EVER, RESULT, WBEM_E_INVALID_NAMESPACE);
  add_ntlm (fixture, "admin");
  converse (fixture);
  assert_success (fixture, fixture->n_collectors - 6);
  /* What the computer need not have is not missed. */
  g_assert_cmpuint (fixture->plan->n_planned, ==, fixture->n_collectors - 3);
  assert_calls (fixture, "login root/S", "login root/SecurityCenter2\n");
  g_assert_cmpint (find_class (fixture, "Win32_Share")->outcome, ==, ROLL_CLASS_FAILED);
  g_assert_cmpint (find_class (fixture, "Win32_Share")->step, ==, ROLL_STEP_QUERY);
  g_assert_cmphex (find_class (fixture, "FirewallProduct")->error.number, ==, WBEM_E_INVALID_NAMESPACE);
}

/* What is left out is not asked, nor missed. */
static void
test_what_is_skipped (Fixture *fixture, gconstpointer data)
{
  static const char *const skipped[] = { "Win32_Service", "software", "no-longer-there", NULL };

  roll_plan_free (fixture->plan);
  fixture->plan = roll_plan_new (skipped);
  add_ntlm (fixture, "admin");
  converse (fixture);
  assert_success (fixture, fixture->n_collectors - 2);
  g_assert_cmpuint (fixture->plan->n_planned, ==, fixture->n_collectors - 2);
  g_assert_false (has_class (fixture, "Win32_Service"));
  g_assert_false (has_class (fixture, "software"));
  assert_calls (fixture, "query Win32_Service", "");
}

/* It answered all that it was asked, though it has none of it. */
static void
test_nothing_of_the_little_there (Fixture *fixture, gconstpointer data)
{
  static const char *const collect[] = { "security", NULL };
  g_auto (GStrv) skipped = NULL;

  g_assert_true (roll_collectors_choose (collect, NULL, &skipped, NULL));
  roll_plan_free (fixture->plan);
  fixture->plan = roll_plan_new ((const char *const *) skipped);
  fake_fail (fixture->computer, "login root/SecurityCenter2", EVER, RESULT, WBEM_E_INVALID_NAMESPACE);
  add_ntlm (fixture, "admin");
  converse (fixture);
  assert_success (fixture, 0);
  g_assert_cmpuint (fixture->plan->n_planned, ==, 0);
}

static void
test_all_denied (Fixture *fixture, gconstpointer data)
{
  fake_fail (fixture->computer, "query*", EVER, RESULT, WBEM_E_ACCESS_DENIED);
  fake_fail (fixture->computer, "keys*", EVER, ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_WIN32, 5);
  fake_fail (fixture->computer, "values*", EVER, ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_WIN32, 5);
  fake_fail (fixture->computer, "login root/SecurityCenter2", EVER, RESULT, WBEM_E_INVALID_NAMESPACE);
  add_ntlm (fixture, "admin");
  converse (fixture);
  g_assert_cmpint (fixture->end.verdict.status, ==, ROLL_STATUS_ACCESS_DENIED);
  g_assert_cmpint (fixture->end.verdict.action, ==, ROLL_ACTION_FINISH);
}

static void
test_nothing_collected (Fixture *fixture, gconstpointer data)
{
  fake_fail (fixture->computer, "query Win32_BIOS", EVER, RESULT, WBEM_E_INVALID_CLASS);
  fake_fail (fixture->computer, "query*", EVER, RESULT, WBEM_E_ACCESS_DENIED);
  fake_fail (fixture->computer, "login root/default", EVER, ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_WIN32, 5);
  add_ntlm (fixture, "admin");
  converse (fixture);
  g_assert_cmpint (fixture->end.verdict.status, ==, ROLL_STATUS_OTHER_REASONS);
  g_assert_cmpint (fixture->end.verdict.action, ==, ROLL_ACTION_FINISH);
}

static void
test_registry_alone_is_broken (Fixture *fixture, gconstpointer data)
{
  fake_fail (fixture->computer, "login root/default", EVER, RESULT, WBEM_E_INVALID_NAMESPACE);
  add_ntlm (fixture, "admin");
  converse (fixture);
  g_assert_cmpint (fixture->end.verdict.status, ==, ROLL_STATUS_SUCCESS);
  g_assert_cmpint (find_class (fixture, "software")->outcome, ==, ROLL_CLASS_FAILED);
  g_assert_cmpint (find_class (fixture, "software")->step, ==, ROLL_STEP_LOGIN_DEFAULT);
  assert_calls (fixture, "login root/d", "login root/default\n");
  g_assert_true (has_class (fixture, "AntiVirusProduct"));
}

static void
test_registry_is_all_that_is_known (Fixture *fixture, gconstpointer data)
{
  fake_fail (fixture->computer, "query*", EVER, RESULT, WBEM_E_INVALID_CLASS);
  fake_fail (fixture->computer, "get StdRegProv", EVER, RESULT, WBEM_E_NOT_FOUND);
  add_ntlm (fixture, "admin");
  converse (fixture);
  assert_end (fixture, ROLL_STATUS_STDREGPROV_NAMESPACE_NOT_FOUND, ROLL_ACTION_FINISH, ROLL_STEP_REGISTRY, WBEM_E_NOT_FOUND);
}

/* The next account may be let in where this one is not: it is asked for nothing else. */
static void
test_registry_for_the_next_account (Fixture *fixture, gconstpointer data)
{
  fake_fail (fixture->computer, "login root/default", 1, 1, ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_HRESULT, WBEM_E_ACCESS_DENIED);
  add_ntlm (fixture, "reader");
  add_ntlm (fixture, "admin");
  converse (fixture);
  assert_success (fixture, fixture->n_collectors);
  g_assert_cmpuint (fake_count_calls (fixture->computer, "authenticate "), ==, 2);
  g_assert_cmpuint (fake_count_calls (fixture->computer, "query Win32_Service"), ==, 1);
  g_assert_cmpstr (fixture->plan->credential, ==, "reader");
}

static void
test_registry_for_nobody (Fixture *fixture, gconstpointer data)
{
  fake_fail (fixture->computer, "login root/default", EVER, RESULT, WBEM_E_ACCESS_DENIED);
  add_ntlm (fixture, "reader");
  converse (fixture);
  g_assert_cmpint (fixture->end.verdict.status, ==, ROLL_STATUS_SUCCESS);
  g_assert_cmpuint (fixture->plan->n_left, ==, 0);
  g_assert_cmphex (find_class (fixture, "software")->error.number, ==, WBEM_E_ACCESS_DENIED);
  g_assert_cmpint (find_class (fixture, "software")->outcome, ==, ROLL_CLASS_FAILED);
}

/* --- Abandoned and taken up again ------------------------------------------------------------------------------------- */

static void
test_abandoned_at_once (Fixture *fixture, gconstpointer data)
{
  const RollCollector *collectors = roll_collectors (NULL);
  g_autoptr (GString) expected = g_string_new (NULL);

  fake_fail (fixture->computer, "query Win32_BIOS", 1, 1, RESULT, WBEM_E_SHUTTING_DOWN);
  add_ntlm (fixture, "admin");
  converse (fixture);
  assert_end (fixture, ROLL_STATUS_SHUTTING_DOWN, ROLL_ACTION_RETRY, ROLL_STEP_QUERY, WBEM_E_SHUTTING_DOWN);
  g_assert_cmpuint (fixture->plan->n_collected, ==, 2);
  g_assert_cmpint (find_class (fixture, "Win32_BIOS")->outcome, ==, ROLL_CLASS_ABANDONED);
  assert_calls (fixture, "query", "query Win32_ComputerSystem\nquery Win32_OperatingSystem\nquery Win32_BIOS\n");
  assert_calls (fixture, "release", "");

  converse (fixture);
  assert_success (fixture, fixture->n_collectors);
  g_string_append (expected, "query Win32_ComputerSystem\nquery Win32_OperatingSystem\nquery Win32_BIOS\n");
  for (guint i = 3; i < fixture->n_collectors; i++)
    if (collectors[i].kind == ROLL_COLLECTOR_QUERY)
      g_string_append_printf (expected, "query %s\n", collectors[i].class_name);
  g_string_append (expected, "query Win32_BIOS\n");
  assert_calls (fixture, "query", expected->str);
}

static void
test_watchdog (Fixture *fixture, gconstpointer data)
{
  fake_hang (fixture->computer, "query Win32_Share", EVER);
  add_ntlm (fixture, "admin");
  converse (fixture);
  assert_end (fixture, ROLL_STATUS_WMI_QUERY_TIMEOUT, ROLL_ACTION_RETRY, ROLL_STEP_QUERY, ROLL_ENGINE_ERROR_WATCHDOG);
  converse (fixture);
  assert_end (fixture, ROLL_STATUS_WMI_QUERY_TIMEOUT, ROLL_ACTION_RETRY, ROLL_STEP_QUERY, ROLL_ENGINE_ERROR_WATCHDOG);
  g_assert_cmpuint (fixture->plan->n_left, ==, 1);
  g_assert_cmpuint (fixture->plan->n_collected, ==, fixture->n_collectors - 1);
}

/* A namespace that hangs holds up all its classes: next time the others come first. */
static void
test_namespace_hangs (Fixture *fixture, gconstpointer data)
{
  fake_hang (fixture->computer, "login root/default", 1, 1);
  add_ntlm (fixture, "admin");
  converse (fixture);
  assert_end (fixture, ROLL_STATUS_WMI_QUERY_TIMEOUT, ROLL_ACTION_RETRY, ROLL_STEP_LOGIN_DEFAULT, ROLL_ENGINE_ERROR_WATCHDOG);
  g_assert_cmpint (find_class (fixture, "sql-server")->outcome, ==, ROLL_CLASS_ABANDONED);
  g_assert_cmpstr (roll_plan_get (fixture->plan, 0)->id, ==, "AntiVirusProduct");
  converse (fixture);
  assert_success (fixture, fixture->n_collectors);
}

/* What is stored makes the same plan. */
static void
test_plan_restored (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) stored = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_class_result_free);
  g_autoptr (RollPlan) plan = roll_plan_new (NULL);

  fake_fail (fixture->computer, "query Win32_BIOS", EVER, RESULT, WBEM_E_SHUTTING_DOWN);
  fake_fail (fixture->computer, "query Win32_Processor", EVER, RESULT, WBEM_E_INVALID_CLASS);
  fake_fail (fixture->computer, "query Win32_DiskDrive", EVER, RESULT, WBEM_E_SHUTTING_DOWN);
  add_ntlm (fixture, "admin");
  for (guint i = 0; i < 2; i++)
    {
      converse (fixture);
      g_ptr_array_extend_and_steal (stored, g_steal_pointer (&fixture->attempt->classes));
    }
  roll_plan_restore (plan, stored);
  g_assert_cmpuint (plan->n_collected, ==, fixture->plan->n_collected);
  g_assert_cmpuint (plan->n_left, ==, fixture->plan->n_left);
  g_assert_cmpmem (plan->order, plan->n_left * sizeof *plan->order, fixture->plan->order,
                   fixture->plan->n_left * sizeof *fixture->plan->order);
  g_assert_cmpstr (roll_plan_get (plan, plan->n_left - 1)->id, ==, "Win32_DiskDrive");
}

static void
test_endless (Fixture *fixture, gconstpointer data)
{
  fake_set_rows (fixture->computer, "Win32_Service", 10000000);
  add_ntlm (fixture, "admin");
  converse (fixture);
  assert_end (fixture, ROLL_STATUS_RPC_CALL_FAILED, ROLL_ACTION_RETRY, ROLL_STEP_QUERY, ROLL_ENGINE_ERROR_MALFORMED);
}

static void
test_cancelled (Fixture *fixture, gconstpointer data)
{
  guint64 one = 1;

  fake_hang (fixture->computer, "query Win32_Service", EVER);
  fixture->options.watchdog_ms = 60000;
  add_ntlm (fixture, "admin");
  g_assert_cmpint (write (fixture->options.cancel_fd, &one, sizeof one), ==, sizeof one);
  converse (fixture);
  g_assert_true (fixture->end.cancelled);
  g_assert_false (has_class (fixture, "Win32_Service"));
  g_assert_true (has_class (fixture, "Win32_BIOS"));
}

/* Out of files at the second connection. */
static void
test_our_own_fault (Fixture *fixture, gconstpointer data)
{
  fake_fail (fixture->computer, "connect-object", EVER, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ERRNO, EMFILE);
  add_ntlm (fixture, "admin");
  add_ntlm (fixture, "another");
  converse (fixture);
  g_assert_cmpint (fixture->end.verdict.action, ==, ROLL_ACTION_OUR_FAULT);
  g_assert_cmpuint (fake_count_calls (fixture->computer, "authenticate "), ==, 1);
  g_assert_null (fixture->attempt->classes);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, function) g_test_add ("/scan-conversation/" path, Fixture, NULL, set_up, function, tear_down)
  ADD ("as-the-protocol-has-it", test_as_the_protocol_has_it);
  ADD ("rows-and-facts", test_rows_and_facts);
  ADD ("everything-instead", test_everything_instead);
  ADD ("credentials-in-order", test_credentials_in_order);
  ADD ("all-refused", test_all_refused);
  ADD ("furthest-refusal-counts", test_furthest_refusal_counts);
  ADD ("silent-refusal", test_silent_refusal);
  ADD ("accounts/rests", test_account_rests);
  ADD ("accounts/rights-are-not-passwords", test_rights_are_not_passwords);
  ADD ("accounts/trouble-is-no-refusal", test_trouble_is_no_refusal);
  ADD ("accounts/refused-at-the-object-port", test_refused_at_the_object_port);
  ADD ("accounts/locked-at-the-kdc", test_locked_at_the_kdc);
  ADD ("accounts/put-back", test_put_back);
  ADD ("accounts/outside-of-the-domain", test_refused_outside_of_the_domain);
  ADD ("too-busy-for-the-first-call", test_too_busy_for_the_first_call);
  ADD ("another-computer", test_another_computer);
  ADD ("kerberos-by-name", test_kerberos_by_name);
  ADD ("kerberos-wrong-password", test_kerberos_wrong_password);
  ADD ("kerberos-by-address", test_kerberos_by_address);
  ADD ("kerberos-lacks-something", test_kerberos_lacks_something);
  ADD ("kerberos-only", test_kerberos_only);
  ADD ("nobody-to-log-on-as", test_nobody_to_log_on_as);
  ADD ("greeting-refused", test_greeting_refused);
  ADD ("class-results", test_class_results);
  ADD ("skipped", test_what_is_skipped);
  ADD ("nothing-of-the-little-there", test_nothing_of_the_little_there);
  ADD ("all-denied", test_all_denied);
  ADD ("nothing-collected", test_nothing_collected);
  ADD ("registry-alone-is-broken", test_registry_alone_is_broken);
  ADD ("registry-is-all-that-is-known", test_registry_is_all_that_is_known);
  ADD ("registry-for-the-next-account", test_registry_for_the_next_account);
  ADD ("registry-for-nobody", test_registry_for_nobody);
  ADD ("abandoned-at-once", test_abandoned_at_once);
  ADD ("watchdog", test_watchdog);
  ADD ("namespace-hangs", test_namespace_hangs);
  ADD ("plan-restored", test_plan_restored);
  ADD ("endless", test_endless);
  ADD ("cancelled", test_cancelled);
  ADD ("our-own-fault", test_our_own_fault);
  return g_test_run ();
}
