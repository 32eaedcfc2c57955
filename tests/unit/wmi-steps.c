/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "wmi-session.h"
#include "wmi/roll-dcom-private.h"

#define E_ACCESSDENIED 0x80070005

/* --- What goes well ---------------------------------------------------------------------------------------------- */

/* All that a session calls, and that each of these only reads. What is not named here must not be called. */
static void
test_whole_session (void)
{
  static const char *const reading[] = {
    "IObjectExporter 5",                  /* ServerAlive2 */
    "IRemoteSCMActivator 4",              /* RemoteCreateInstance */
    "IWbemLevel1Login 6 //./root/cimv2",  /* NTLMLogin */
    "IWbemLevel1Login 6 //./root/default",
    "IWbemServices 6 StdRegProv",         /* GetObject */
    "IWbemServices 20",                   /* ExecQuery */
    "IWbemServices 24 EnumKey",           /* ExecMethod */
    "IWbemServices 24 GetStringValue",
    "IRemUnknown2 3 IWbemFetchSmartEnum", /* RemQueryInterface */
    "IRemUnknown2 5",                     /* RemRelease */
    "IWbemFetchSmartEnum 3",              /* GetSmartEnum */
    "IWbemWCOSmartEnum 3",                /* Next */
    NULL,
  };
  g_autoptr (WmiSession) session
      = wmi_session_start (&(WmiServerPlan) { .n_rows = 250 }, WMI_SESSION_N_STEPS - 1);
  GPtrArray *calls;

  g_assert_cmpuint (roll_dcom_get_object_port (session->dcom), ==, wmi_server_get_object_port (session->server));
  roll_dcom_release (session->dcom);
  wmi_server_stop_serving (session->server);
  calls = wmi_server_get_calls (session->server);
  for (guint i = 0; i < calls->len; i++)
    if (!g_strv_contains (reading, g_ptr_array_index (calls, i)))
      g_error ("a call that is not known to read only: %s", (const char *) g_ptr_array_index (calls, i));
  for (guint i = 0; reading[i] != NULL; i++)
    g_assert_cmpuint (wmi_server_count_calls (session->server, reading[i]), >, 0);
  g_assert_cmpuint (wmi_server_count_calls (session->server, "IWbemWCOSmartEnum 3"), ==, 5);
  g_assert_cmpuint (wmi_server_get_references (session->server), ==, 0);
  g_assert_cmpuint (wmi_server_get_version (session->server), ==, 7);
}

static void
check_facts (const RollNtlmChallenge *challenge)
{
  g_assert_nonnull (challenge);
  g_assert_cmpstr (challenge->nb_computer, ==, "PC1");
  g_assert_cmpstr (challenge->nb_domain, ==, "PRACTICE");
  g_assert_cmpstr (challenge->dns_computer, ==, "pc1.practice.example");
  g_assert_cmpstr (challenge->dns_domain, ==, "practice.example");
  g_assert_cmpuint (challenge->build, ==, WMI_SERVER_BUILD);
  g_assert_true (challenge->has_timestamp);
}

static void
test_evidence (void)
{
  g_autoptr (WmiSession) session = wmi_session_new (&(WmiServerPlan) { 0 }, WMI_SESSION_WATCHDOG_MS);
  const RollDualStrings *names = roll_dcom_get_names (session->dcom);
  g_autoptr (GError) error = NULL;
  const RollNtlmChallenge *challenge;

  g_assert_null (roll_dcom_get_challenge (session->dcom));
  g_assert_cmpuint (roll_dcom_get_version (session->dcom).minor, ==, 7);
  g_assert_cmpuint (roll_dcom_get_server_version (session->dcom).major, ==, 0);
  g_assert_cmpuint (names->strings->len, ==, 0);
  g_assert_cmpuint (roll_dcom_get_object_port (session->dcom), ==, 0);

  wmi_session_run (session, WMI_SESSION_ASK_NAME, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (names->strings->len, ==, 2);
  g_assert_cmpstr (g_array_index (names->strings, RollStringBinding, 0).address, ==, "PC1");
  challenge = roll_dcom_get_challenge (session->dcom);
  check_facts (challenge);
  /* It is the same one for good: names in it may be in use. */
  g_assert_true (wmi_session_take_step (session, WMI_SESSION_AUTHENTICATE, NULL));
  g_assert_true (roll_dcom_get_challenge (session->dcom) == challenge);
  check_facts (challenge);
}

/* A challenge tells who is there also where nobody asked before, and where the logon is refused. */
static void
test_evidence_of_a_logon (void)
{
  g_autoptr (WmiSession) session = wmi_session_new (&(WmiServerPlan) { 0 }, WMI_SESSION_WATCHDOG_MS);
  g_autoptr (GError) error = NULL;

  roll_credential_unref (session->credential);
  session->credential = session->logon.credential = wmi_server_credential ("wrong");
  g_assert_true (wmi_session_take_step (session, WMI_SESSION_AUTHENTICATE, NULL));
  g_assert_false (wmi_session_take_step (session, WMI_SESSION_ACTIVATE, &error));
  wmi_session_assert_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_WIN32, 5);
  check_facts (roll_dcom_get_challenge (session->dcom));
}

static void
test_versions (void)
{
  static const struct
  {
    RollComVersion theirs;
    guint minor;
  } cases[] = { { { 5, 1 }, 1 }, { { 5, 6 }, 6 }, { { 5, 7 }, 7 }, { { 5, 9 }, 7 }, { { 6, 0 }, 7 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WmiSession) session
          = wmi_session_start (&(WmiServerPlan) { .version = cases[i].theirs }, WMI_SESSION_LOGIN_CIMV2);

      g_assert_cmpuint (roll_dcom_get_version (session->dcom).major, ==, 5);
      g_assert_cmpuint (roll_dcom_get_version (session->dcom).minor, ==, cases[i].minor);
      g_assert_cmpuint (roll_dcom_get_server_version (session->dcom).minor, ==, cases[i].theirs.minor);
      wmi_server_stop_serving (session->server);
      g_assert_cmpuint (wmi_server_get_version (session->server), ==, cases[i].minor);
    }
}

static void
test_old_activator (void)
{
  g_autoptr (WmiSession) session
      = wmi_session_start (&(WmiServerPlan) { .old_activator = TRUE, .n_rows = 3 }, WMI_SESSION_QUERY);

  wmi_server_stop_serving (session->server);
  g_assert_cmpuint (wmi_server_count_calls (session->server, "IActivation 0"), ==, 1);
}

/* It is offered, but an operation of it is not known: nca_s_op_rng_error. */
static void
test_activator_without_operation (void)
{
  const WmiServerPlan plan = { .trouble = { WMI_SERVER_FAULT, &ROLL_IID_SCM_ACTIVATOR, 4, 0, 0x1c010002 } };
  g_autoptr (WmiSession) session = wmi_session_new (&plan, WMI_SESSION_WATCHDOG_MS);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (wmi_session_run (session, WMI_SESSION_AUTHENTICATE, &error), ==, WMI_SESSION_N_STEPS);
  /* The very first answer behind NTLM's last word is read as its refusal: an unsigned fault could be nothing else. */
  g_assert_false (wmi_session_take_step (session, WMI_SESSION_ACTIVATE, &error));
  wmi_session_assert_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_NCA, 0x1c010002);
}

static void
test_small_fragments (void)
{
  g_autoptr (WmiSession) session = wmi_session_start (&(WmiServerPlan) { .fragment_bytes = 100, .n_rows = 50 },
                                                      WMI_SESSION_N_STEPS - 1);

  g_assert_nonnull (session->registry);
}

/* A second credential: all begins anew, and nothing of the first try is left. */
static void
test_second_credential (void)
{
  g_autoptr (WmiSession) session = wmi_session_new (&(WmiServerPlan) { .n_rows = 3 }, WMI_SESSION_WATCHDOG_MS);
  g_autoptr (RollCredential) wrong = wmi_server_credential ("wrong");
  g_autoptr (GError) error = NULL;

  session->logon.credential = wrong;
  g_assert_cmpint (wmi_session_run (session, WMI_SESSION_ACTIVATE, &error), ==, WMI_SESSION_ACTIVATE);
  g_clear_error (&error);
  session->logon.credential = session->credential;
  for (WmiSessionStep step = WMI_SESSION_AUTHENTICATE; step <= WMI_SESSION_AUTHENTICATE_OBJECT; step++)
    g_assert_true (wmi_session_take_step (session, step, NULL));
  /* Refused at the object: shows at the first call, as what it is. */
  session->logon.credential = wrong;
  g_assert_true (wmi_session_take_step (session, WMI_SESSION_CONNECT_OBJECT, NULL));
  g_assert_true (wmi_session_take_step (session, WMI_SESSION_AUTHENTICATE_OBJECT, NULL));
  g_assert_false (wmi_session_take_step (session, WMI_SESSION_LOGIN_CIMV2, &error));
  wmi_session_assert_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_WIN32, 5);
  g_clear_error (&error);
  session->logon.credential = session->credential;
  for (WmiSessionStep step = WMI_SESSION_AUTHENTICATE; step <= WMI_SESSION_QUERY; step++)
    g_assert_true (wmi_session_take_step (session, step, &error));
}

/* --- Bindings ---------------------------------------------------------------------------------------------------- */

/* Addresses of others: none of them is ever connected to, or this would never end. */
static void
test_foreign_bindings (void)
{
  static const char *const bindings[] = { "10.99.99.99[%u]", "192.0.2.1[%u]", "DC1[%u]", NULL };
  g_autoptr (WmiSession) session
      = wmi_session_start (&(WmiServerPlan) { .bindings = bindings, .n_rows = 3 }, WMI_SESSION_QUERY);

  g_assert_cmpuint (roll_dcom_get_object_port (session->dcom), ==, wmi_server_get_object_port (session->server));
}

static void
test_no_binding (void)
{
  static const char *const bindings[][4] = { { NULL }, { "PC1", NULL }, { "PC1[0]", "PC1[65536]", "PC1[x]", NULL } };

  for (guint i = 0; i < G_N_ELEMENTS (bindings); i++)
    {
      g_autoptr (WmiSession) session
          = wmi_session_new (&(WmiServerPlan) { .bindings = bindings[i] }, WMI_SESSION_WATCHDOG_MS);
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (wmi_session_run (session, WMI_SESSION_QUERY, &error), ==, WMI_SESSION_CONNECT_OBJECT);
      wmi_session_assert_error (error, ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_NO_BINDING);
    }
}

static void
test_object_port (void)
{
  static const struct
  {
    WmiServerPlan plan;
    RollRpcError code;
    guint32 number;
    RollSaidBy said_by;
  } cases[] = { { { .closed_port = TRUE }, ROLL_RPC_ERROR_TRANSPORT, ECONNREFUSED, ROLL_SAID_BY_PEER },
                { { .silent_port = TRUE }, ROLL_RPC_ERROR_TIMED_OUT, ETIMEDOUT, ROLL_SAID_BY_NOBODY } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WmiSession) session = wmi_session_new (&cases[i].plan, WMI_SESSION_WATCHDOG_MS);
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (wmi_session_run (session, WMI_SESSION_QUERY, &error), ==, WMI_SESSION_CONNECT_OBJECT);
      wmi_session_assert_error (error, cases[i].code, ROLL_ERROR_SPACE_ERRNO, cases[i].number);
      g_assert_cmpint (roll_rpc_error_get_said_by (error), ==, cases[i].said_by);
    }
}

/* --- What goes wrong --------------------------------------------------------------------------------------------- */

/* The call of each step that can go wrong. */
static const struct
{
  WmiSessionStep step;
  const RollUuid *iid;
  guint16 opnum;
  guint after;
  gboolean first; /* behind NTLM's last word: a fault is its refusal */
} calls[] = {
  { WMI_SESSION_NEGOTIATE, &ROLL_IID_OBJECT_EXPORTER, ROLL_OPNUM_SERVER_ALIVE2, 0, FALSE },
  { WMI_SESSION_ACTIVATE, &ROLL_IID_SCM_ACTIVATOR, ROLL_OPNUM_REMOTE_CREATE_INSTANCE, 0, TRUE },
  { WMI_SESSION_LOGIN_CIMV2, &ROLL_IID_WBEM_LEVEL1_LOGIN, ROLL_OPNUM_NTLM_LOGIN, 0, TRUE },
  { WMI_SESSION_QUERY, &ROLL_IID_WBEM_SERVICES, ROLL_OPNUM_EXEC_QUERY, 0, FALSE },
  { WMI_SESSION_QUERY, &ROLL_IID_WBEM_WCO_SMART_ENUM, ROLL_OPNUM_SMART_NEXT, 0, FALSE },
  { WMI_SESSION_QUERY, &ROLL_IID_WBEM_WCO_SMART_ENUM, ROLL_OPNUM_SMART_NEXT, 1, FALSE },
  { WMI_SESSION_LOGIN_DEFAULT, &ROLL_IID_WBEM_LEVEL1_LOGIN, ROLL_OPNUM_NTLM_LOGIN, 1, FALSE },
  { WMI_SESSION_REGISTRY, &ROLL_IID_WBEM_SERVICES, ROLL_OPNUM_GET_OBJECT, 0, FALSE },
  { WMI_SESSION_KEYS, &ROLL_IID_WBEM_SERVICES, ROLL_OPNUM_EXEC_METHOD, 0, FALSE },
  { WMI_SESSION_VALUES, &ROLL_IID_WBEM_SERVICES, ROLL_OPNUM_EXEC_METHOD, 1, FALSE },
};

static WmiServerPlan
plan_of (guint i, WmiServerAction action, guint32 number)
{
  return (WmiServerPlan) { .trouble = { action, calls[i].iid, calls[i].opnum, calls[i].after, number }, .n_rows = 250 };
}

static void
check_failure (guint i, WmiServerAction action, guint32 number, guint watchdog_ms, RollRpcError code,
               RollErrorSpace space, guint32 expected)
{
  const WmiServerPlan plan = plan_of (i, action, number);
  g_autoptr (WmiSession) session = wmi_session_new (&plan, watchdog_ms);
  g_autoptr (GError) error = NULL;

  g_test_message ("step %u, opnum %u, action %u", calls[i].step, calls[i].opnum, action);
  g_assert_cmpint (wmi_session_run (session, WMI_SESSION_N_STEPS - 1, &error), ==, calls[i].step);
  wmi_session_assert_error (error, code, space, expected);
  g_assert_cmpint (roll_rpc_error_get_said_by (error), ==,
                   action == WMI_SERVER_SILENT ? ROLL_SAID_BY_NOBODY : ROLL_SAID_BY_PEER);
}

static void
test_faults (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      RollRpcError code = calls[i].first ? ROLL_RPC_ERROR_REFUSED : ROLL_RPC_ERROR_FAULT;

      check_failure (i, WMI_SERVER_FAULT, 5, WMI_SESSION_WATCHDOG_MS, code, ROLL_ERROR_SPACE_WIN32, 5);
      check_failure (i, WMI_SERVER_FAULT, 0x1c010014, WMI_SESSION_WATCHDOG_MS, code, ROLL_ERROR_SPACE_NCA, 0x1c010014);
    }
}

/* Logged on, but not let in. */
static void
test_results (void)
{
  for (guint i = 1; i < G_N_ELEMENTS (calls); i++)
    {
      check_failure (i, WMI_SERVER_RESULT, E_ACCESSDENIED, WMI_SESSION_WATCHDOG_MS, ROLL_RPC_ERROR_RESULT,
                     ROLL_ERROR_SPACE_HRESULT, E_ACCESSDENIED);
      check_failure (i, WMI_SERVER_RESULT, 0x8004100e, WMI_SESSION_WATCHDOG_MS, ROLL_RPC_ERROR_RESULT,
                     ROLL_ERROR_SPACE_HRESULT, 0x8004100e);
    }
  check_failure (0, WMI_SERVER_RESULT, 1722, WMI_SESSION_WATCHDOG_MS, ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_WIN32, 1722);
}

static void
test_ends (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    check_failure (i, WMI_SERVER_CLOSE, 0, WMI_SESSION_WATCHDOG_MS, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ENGINE,
                   ROLL_ENGINE_ERROR_END_OF_STREAM);
}

static void
test_malformed (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      check_failure (i, WMI_SERVER_GARBAGE, 0, WMI_SESSION_WATCHDOG_MS, ROLL_RPC_ERROR_PROTOCOL,
                     ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED);
      check_failure (i, WMI_SERVER_EMPTY, 0, WMI_SESSION_WATCHDOG_MS, ROLL_RPC_ERROR_PROTOCOL,
                     ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED);
    }
}

/* Longer than a step takes on a slow day. */
#define PATIENT_WATCHDOG_MS 3000

static gpointer
wait_in_vain (gpointer data)
{
  check_failure (GPOINTER_TO_UINT (data), WMI_SERVER_SILENT, 0, PATIENT_WATCHDOG_MS, ROLL_RPC_ERROR_TIMED_OUT,
                 ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_WATCHDOG);
  return NULL;
}

/* All at once, as each takes so long. */
static void
test_silence (void)
{
  GThread *threads[G_N_ELEMENTS (calls)];

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    threads[i] = g_thread_new ("silence", wait_in_vain, GUINT_TO_POINTER (i));
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    g_thread_join (threads[i]);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (50000);
  wmi_session_cancel (data);
  return NULL;
}

static void
check_cancel (const WmiServerPlan *plan, WmiSessionStep step)
{
  g_autoptr (WmiSession) session = wmi_session_new (plan, 0);
  GThread *thread = g_thread_new ("cancel", cancel_soon, session);
  gint64 start = g_get_monotonic_time ();
  g_autoptr (GError) error = NULL;

  /* The first steps may be over before it strikes or not; the last one is the one that hangs. */
  g_assert_cmpint (wmi_session_run (session, WMI_SESSION_N_STEPS - 1, &error), <=, step);
  wmi_session_assert_error (error, ROLL_RPC_ERROR_CANCELLED, ROLL_ERROR_SPACE_ERRNO, ECANCELED);
  g_test_message ("cancelled at step %u after %.0f ms", step, (double) (g_get_monotonic_time () - start) / 1000);
  g_thread_join (thread);
}

/* Without a watchdog only the cancelling ends these. */
static void
test_cancel (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      const WmiServerPlan plan = plan_of (i, WMI_SERVER_SILENT, 0);

      check_cancel (&plan, calls[i].step);
    }
  check_cancel (&(WmiServerPlan) { .silent_port = TRUE }, WMI_SESSION_CONNECT_OBJECT);
  check_cancel (&(WmiServerPlan) { .not_yet = G_MAXUINT }, WMI_SESSION_QUERY);
}

static void
test_not_offered (void)
{
  static const struct
  {
    WmiServerPlan plan;
    WmiSessionStep step;
  } cases[] = { { { .no_exporter = TRUE }, WMI_SESSION_NEGOTIATE },
                { { .no_activator = TRUE }, WMI_SESSION_AUTHENTICATE },
                { { .no_activator = TRUE, .no_exporter = TRUE }, WMI_SESSION_NEGOTIATE } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (WmiSession) session = wmi_session_new (&cases[i].plan, WMI_SESSION_WATCHDOG_MS);
      g_autoptr (GError) error = NULL;

      g_assert_cmpint (wmi_session_run (session, WMI_SESSION_QUERY, &error), ==, cases[i].step);
      wmi_session_assert_error (error, ROLL_RPC_ERROR_REJECTED, ROLL_ERROR_SPACE_ENGINE,
                                ROLL_ENGINE_ERROR_INTERFACE_REJECTED);
    }
}

/* Whatever is in an answer, a session ends as one of the ways a session can end. */
static void
test_mutations (void)
{
  const char *wanted = g_getenv ("ROLL_MUTATIONS");
  guint n = wanted != NULL ? (guint) g_ascii_strtoull (wanted, NULL, 10) : 400;
  guint ends[WMI_SESSION_N_STEPS + 1] = { 0 };

  for (guint seed = 1; seed <= n; seed++)
    {
      const WmiServerPlan plan = { .n_rows = 120, .n_columns = 3, .no_smart = seed % 2 == 0, .mutations = seed };
      g_autoptr (WmiSession) session = wmi_session_new (&plan, 200);
      g_autoptr (GError) error = NULL;
      WmiSessionStep step = wmi_session_run (session, WMI_SESSION_N_STEPS - 1, &error);

      ends[step]++;
      if (step == WMI_SESSION_N_STEPS)
        continue;
      g_assert_true (error->domain == ROLL_RPC_ERROR);
      g_assert_cmpint (roll_rpc_error_get_number (error).space, !=, ROLL_ERROR_SPACE_NONE);
      roll_dcom_release (session->dcom);
    }
  for (guint i = 0; i <= WMI_SESSION_N_STEPS; i++)
    g_test_message ("ended at step %u: %u", i, ends[i]);
  g_assert_cmpuint (ends[WMI_SESSION_N_STEPS], <, n);
}

/* The greeting may be refused and the logon still be welcome. */
static void
test_without_greeting (void)
{
  g_autoptr (WmiSession) session
      = wmi_session_new (&(WmiServerPlan) { .no_exporter = TRUE, .n_rows = 3 }, WMI_SESSION_WATCHDOG_MS);

  g_assert_false (wmi_session_take_step (session, WMI_SESSION_NEGOTIATE, NULL));
  for (WmiSessionStep step = WMI_SESSION_AUTHENTICATE; step <= WMI_SESSION_QUERY; step++)
    g_assert_true (wmi_session_take_step (session, step, NULL));
}

/* --- Pings ------------------------------------------------------------------------------------------------------- */

static void
check_pings (const WmiServerPlan *plan, const char *complex_ping, const char *simple_ping)
{
  g_autoptr (WmiSession) session = wmi_session_start (plan, WMI_SESSION_LOGIN_CIMV2);

  session->dcom->ping_us = session->dcom->next_ping = 1;
  for (guint i = 0; i < 3; i++)
    g_assert_true (roll_dcom_ping (session->dcom, NULL));
  g_assert_true (wmi_session_take_step (session, WMI_SESSION_LOGIN_DEFAULT, NULL));
  session->dcom->ping_us = session->dcom->next_ping = G_MAXINT64 / 2;
  g_assert_true (wmi_session_take_step (session, WMI_SESSION_REGISTRY, NULL));
  session->dcom->next_ping = 1;
  g_assert_true (roll_dcom_ping (session->dcom, NULL));
  wmi_server_stop_serving (session->server);
  /* The first one, and one with what came later; those in between change nothing. */
  g_assert_cmpuint (wmi_server_count_calls (session->server, complex_ping), ==, 2);
  g_assert_cmpuint (wmi_server_count_calls (session->server, simple_ping), ==, 3);
}

static void
test_pings (void)
{
  check_pings (&(WmiServerPlan) { 0 }, "IObjectExporter 2 logged on", "IObjectExporter 1 logged on");
  /* The connection of the activation is gone: another one does. */
  check_pings (&(WmiServerPlan) { .no_pings = TRUE }, "IObjectExporter 2", "IObjectExporter 1");
}

/* A computer that does not care for pings is not asked in vain for long, and goes on. */
static void
test_pings_refused (void)
{
  const WmiServerPlan plan
      = { .trouble = { WMI_SERVER_FAULT, &ROLL_IID_OBJECT_EXPORTER, ROLL_OPNUM_COMPLEX_PING, 0, 5 }, .n_rows = 3 };
  g_autoptr (WmiSession) session = wmi_session_start (&plan, WMI_SESSION_LOGIN_CIMV2);

  session->dcom->next_ping = 1;
  g_assert_true (wmi_session_take_step (session, WMI_SESSION_QUERY, NULL));
}

/* --- Logons ------------------------------------------------------------------------------------------------------ */

static void
test_kerberos_without_names (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollCredential) credential
      = roll_credential_new ("Name", "NOWHERE\\scanner", roll_secret_new ("x", 1), NULL, "kerberos", &error);
  RollLogon logon = { credential, ROLL_PROTOCOL_KERBEROS, NULL, -1, 1000 };

  g_assert_null (roll_logon_new_security (&logon, &error));
  wmi_session_assert_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_HRESULT, 0x80090303);
  g_clear_error (&error);
  logon.host = "10.1.2.3";
  g_assert_null (roll_logon_new_security (&logon, &error));
  wmi_session_assert_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_HRESULT, 0x80090303);
  g_clear_error (&error);
  logon.host = "pc1.practice.example";
  g_assert_null (roll_logon_new_security (&logon, &error));
  wmi_session_assert_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_HRESULT, 0x80090311);
  g_assert_cmpint (roll_rpc_error_get_said_by (error), ==, ROLL_SAID_BY_THIS_MACHINE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wmi/steps/whole-session", test_whole_session);
  g_test_add_func ("/wmi/steps/evidence", test_evidence);
  g_test_add_func ("/wmi/steps/evidence/of-a-logon", test_evidence_of_a_logon);
  g_test_add_func ("/wmi/steps/versions", test_versions);
  g_test_add_func ("/wmi/steps/old-activator", test_old_activator);
  g_test_add_func ("/wmi/steps/activator-without-operation", test_activator_without_operation);
  g_test_add_func ("/wmi/steps/small-fragments", test_small_fragments);
  g_test_add_func ("/wmi/steps/second-credential", test_second_credential);
  g_test_add_func ("/wmi/steps/bindings/foreign", test_foreign_bindings);
  g_test_add_func ("/wmi/steps/bindings/none", test_no_binding);
  g_test_add_func ("/wmi/steps/object-port", test_object_port);
  g_test_add_func ("/wmi/steps/faults", test_faults);
  g_test_add_func ("/wmi/steps/results", test_results);
  g_test_add_func ("/wmi/steps/ends", test_ends);
  g_test_add_func ("/wmi/steps/malformed", test_malformed);
  g_test_add_func ("/wmi/steps/silence", test_silence);
  g_test_add_func ("/wmi/steps/cancel", test_cancel);
  g_test_add_func ("/wmi/steps/not-offered", test_not_offered);
  g_test_add_func ("/wmi/steps/mutations", test_mutations);
  g_test_add_func ("/wmi/steps/without-greeting", test_without_greeting);
  g_test_add_func ("/wmi/steps/pings", test_pings);
  g_test_add_func ("/wmi/steps/pings/refused", test_pings_refused);
  g_test_add_func ("/wmi/logon/kerberos-without-names", test_kerberos_without_names);
  return g_test_run ();
}
