/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "wmi-session.h"

#define QUERY "SELECT Name, Size FROM Practice_Row"

typedef struct
{
  guint n;
  guint last; /* this many are enough; 0: all */
} Rows;

/* Each row has the values of its number, in order. */
static gboolean
check_row (RollWmiObject *object, gpointer user_data)
{
  Rows *rows = user_data;
  g_autofree char *name = g_strdup_printf ("Row %u “ü”", rows->n);

  g_assert_cmpstr (roll_wmi_class_get_name (roll_wmi_object_get_class (object)), ==, "Practice_Row");
  g_assert_cmpstr (roll_wmi_object_get (object, "Name")->text, ==, name);
  g_assert_true (roll_wmi_object_get (object, "Size")->uint == G_MAXUINT64 - rows->n);
  g_assert_true (roll_wmi_object_get (object, "Nothing")->null);
  rows->n++;
  return rows->n != rows->last;
}

static guint
query (WmiSession *session, GError **error)
{
  Rows rows = { 0 };

  roll_wmi_query (session->cimv2, QUERY, FALSE, check_row, &rows, error);
  return rows.n;
}

/* Returns: the server, at rest; each query went well and gave back what it got */
static WmiSession *
check_queries (WmiServerPlan plan, guint n_rows, guint n_queries)
{
  WmiSession *session;

  plan.n_rows = n_rows;
  session = wmi_session_start (&plan, WMI_SESSION_LOGIN_CIMV2);
  for (guint i = 0; i < n_queries; i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (query (session, &error), ==, n_rows);
      g_assert_no_error (error);
    }
  roll_dcom_release (session->dcom);
  wmi_server_stop_serving (session->server);
  g_assert_cmpuint (wmi_server_get_references (session->server), ==, 0);
  return session;
}

static void
check_all_lengths (WmiServerPlan plan)
{
  static const guint lengths[] = { 0, 1, 49, 50, 51, 100, 500 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    wmi_session_free (check_queries (plan, lengths[i], 2));
}

static void
test_smart (void)
{
  g_autoptr (WmiSession) session = check_queries ((WmiServerPlan) { 0 }, 250, 3);

  g_assert_cmpuint (wmi_server_count_calls (session->server, "IWbemWCOSmartEnum 3"), ==, 15);
  g_assert_cmpuint (wmi_server_count_calls (session->server, "IEnumWbemClassObject 4"), ==, 0);
  check_all_lengths ((WmiServerPlan) { 0 });
  check_all_lengths ((WmiServerPlan) { .rows_with_s_ok = TRUE });
  check_all_lengths ((WmiServerPlan) { .rows_at_once = 7 }); /* WBEM_S_TIMEDOUT with rows */
  check_all_lengths ((WmiServerPlan) { .single = TRUE });
  check_all_lengths ((WmiServerPlan) { .fragment_bytes = 333 });
}

/* E_NOINTERFACE: asked once per computer. */
static void
test_not_smart (void)
{
  g_autoptr (WmiSession) session = check_queries ((WmiServerPlan) { .no_smart = TRUE }, 250, 3);

  g_assert_cmpuint (wmi_server_count_calls (session->server, "IRemUnknown2 3 IWbemFetchSmartEnum"), ==, 1);
  g_assert_cmpuint (wmi_server_count_calls (session->server, "IWbemWCOSmartEnum 3"), ==, 0);
  g_assert_cmpuint (wmi_server_count_calls (session->server, "IEnumWbemClassObject 4"), ==, 15);
  check_all_lengths ((WmiServerPlan) { .no_smart = TRUE });
  check_all_lengths ((WmiServerPlan) { .no_smart = TRUE, .rows_with_s_ok = TRUE });
  check_all_lengths ((WmiServerPlan) { .no_smart = TRUE, .rows_at_once = 7 });
}

/* Whatever is said on the way to smart enumeration, there is Next. */
static void
test_smart_refused (void)
{
  static const WmiServerTrouble troubles[] = {
    { WMI_SERVER_FAULT, &ROLL_IID_REM_UNKNOWN2, ROLL_OPNUM_REM_QUERY_INTERFACE, 0, 0x1c010002 },
    { WMI_SERVER_RESULT, &ROLL_IID_WBEM_FETCH_SMART_ENUM, ROLL_OPNUM_GET_SMART_ENUM, 0, 0x80004001 },
    { WMI_SERVER_FAULT, &ROLL_IID_WBEM_FETCH_SMART_ENUM, ROLL_OPNUM_GET_SMART_ENUM, 0, 5 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      const WmiServerPlan plan = { .trouble = troubles[i], .n_rows = 120 };
      g_autoptr (WmiSession) session = wmi_session_start (&plan, WMI_SESSION_LOGIN_CIMV2);
      g_autoptr (GError) error = NULL;

      g_assert_cmpuint (query (session, &error), ==, 120);
      g_assert_no_error (error);
      wmi_server_stop_serving (session->server);
      g_assert_cmpuint (wmi_server_count_calls (session->server, "IEnumWbemClassObject 4"), ==, 3);
    }
}

/* As Windows: an interface is offered from the moment on that an object handed it out. */
static void
test_late_interfaces (void)
{
  g_autoptr (WmiSession) session = check_queries ((WmiServerPlan) { .late_interfaces = TRUE }, 250, 2);

  g_assert_cmpuint (wmi_server_count_calls (session->server, "IWbemWCOSmartEnum 3"), ==, 10);
}

static void
test_not_yet (void)
{
  wmi_session_free (check_queries ((WmiServerPlan) { .not_yet = 2 }, 150, 1));
  wmi_session_free (check_queries ((WmiServerPlan) { .not_yet = 2, .no_smart = TRUE }, 150, 1));
}

/* "Not yet" for ever is no progress. The computer still answers, so the conversation goes on. */
static void
check_never (WmiServerPlan plan)
{
  g_autoptr (WmiSession) session = wmi_session_new (&plan, 400);
  g_autoptr (GError) error = NULL;
  guint n_asked;

  g_assert_cmpint (wmi_session_run (session, WMI_SESSION_QUERY, &error), ==, WMI_SESSION_QUERY);
  wmi_session_assert_error (error, ROLL_RPC_ERROR_TIMED_OUT, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_WATCHDOG);
  g_assert_true (wmi_session_take_step (session, WMI_SESSION_LOGIN_DEFAULT, NULL));
  g_assert_true (wmi_session_take_step (session, WMI_SESSION_REGISTRY, NULL));
  roll_dcom_release (session->dcom);
  wmi_server_stop_serving (session->server);
  g_assert_cmpuint (wmi_server_get_references (session->server), ==, 0);
  n_asked = wmi_server_count_calls (session->server, "IWbemWCOSmartEnum 3")
            + wmi_server_count_calls (session->server, "IEnumWbemClassObject 4");
  g_assert_cmpuint (n_asked, >, 1);
  g_assert_cmpuint (n_asked, <, 20); /* and not as fast as both can */
}

static void
test_never (void)
{
  check_never ((WmiServerPlan) { .not_yet = G_MAXUINT });
  check_never ((WmiServerPlan) { .not_yet = G_MAXUINT, .no_smart = TRUE });
  check_never ((WmiServerPlan) { .not_yet = G_MAXUINT, .waits_not_yet = TRUE });
}

static void
test_endless (void)
{
  g_autoptr (WmiSession) session = wmi_session_start (&(WmiServerPlan) { .endless = TRUE }, WMI_SESSION_LOGIN_CIMV2);
  g_autoptr (GError) error = NULL;
  guint n = query (session, &error);

  wmi_session_assert_error (error, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED);
  g_assert_cmpuint (n, >, 1000);
  g_assert_cmpuint (n, <=, ROLL_WMI_MAX_ROWS + 100);
  g_assert_true (wmi_session_take_step (session, WMI_SESSION_LOGIN_DEFAULT, NULL));
}

/* Rows that trickle are progress, but not for ever. */
static void
test_too_slow (void)
{
  const WmiServerPlan plan = { .endless = TRUE, .rows_at_once = 1, .not_yet = 1 };
  g_autoptr (WmiSession) session = wmi_session_new (&plan, 100);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (wmi_session_run (session, WMI_SESSION_QUERY, &error), ==, WMI_SESSION_QUERY);
  wmi_session_assert_error (error, ROLL_RPC_ERROR_TIMED_OUT, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_WATCHDOG);
}

/* Two calls for a row or two, and many come as well. */
static void
test_few (void)
{
  static const guint n_rows[] = { 0, 1, 2, 120 };

  for (guint i = 0; i < G_N_ELEMENTS (n_rows); i++)
    {
      const WmiServerPlan plan = { .n_rows = n_rows[i] };
      g_autoptr (WmiSession) session = wmi_session_start (&plan, WMI_SESSION_LOGIN_CIMV2);
      g_autoptr (GError) error = NULL;
      Rows rows = { 0 };

      g_assert_true (roll_wmi_query (session->cimv2, QUERY, TRUE, check_row, &rows, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (rows.n, ==, n_rows[i]);
      roll_dcom_release (session->dcom);
      wmi_server_stop_serving (session->server);
      g_assert_cmpuint (wmi_server_get_references (session->server), ==, 0);
      g_assert_cmpuint (wmi_server_count_calls (session->server, "IEnumWbemClassObject 4"), ==, n_rows[i] / 50 + 1);
      g_assert_cmpuint (wmi_server_count_calls (session->server, "IRemUnknown2 3 IWbemFetchSmartEnum"), ==, 0);
    }
}

static void
check_stopped (WmiServerPlan plan, guint last)
{
  g_autoptr (WmiSession) session = NULL;
  g_autoptr (GError) error = NULL;
  Rows rows = { .last = last };

  plan.n_rows = 500;
  session = wmi_session_start (&plan, WMI_SESSION_LOGIN_CIMV2);
  g_assert_true (roll_wmi_query (session->cimv2, QUERY, FALSE, check_row, &rows, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (rows.n, ==, last);
  g_assert_cmpuint (query (session, &error), ==, 500);
  roll_dcom_release (session->dcom);
  wmi_server_stop_serving (session->server);
  g_assert_cmpuint (wmi_server_get_references (session->server), ==, 0);
}

static void
test_stopped (void)
{
  check_stopped ((WmiServerPlan) { 0 }, 1);
  check_stopped ((WmiServerPlan) { 0 }, 150);
  check_stopped ((WmiServerPlan) { .no_smart = TRUE }, 1);
  check_stopped ((WmiServerPlan) { .no_smart = TRUE }, 100);
}

/* The error of one query is that of one: the next goes well, and what the first got is given back. */
static void
test_after_an_error (void)
{
  static const WmiServerTrouble troubles[] = {
    { WMI_SERVER_RESULT, &ROLL_IID_WBEM_SERVICES, ROLL_OPNUM_EXEC_QUERY, 1, 0x80041010 },
    { WMI_SERVER_RESULT, &ROLL_IID_WBEM_WCO_SMART_ENUM, ROLL_OPNUM_SMART_NEXT, 1, 0x80041010 },
    { WMI_SERVER_FAULT, &ROLL_IID_WBEM_WCO_SMART_ENUM, ROLL_OPNUM_SMART_NEXT, 1, 0x1c010014 },
    { WMI_SERVER_GARBAGE, &ROLL_IID_WBEM_WCO_SMART_ENUM, ROLL_OPNUM_SMART_NEXT, 1, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      const WmiServerPlan plan = { .trouble = troubles[i], .n_rows = 50 };
      g_autoptr (WmiSession) session = wmi_session_start (&plan, WMI_SESSION_QUERY);

      g_assert_cmpuint (query (session, NULL), ==, 0);
      g_assert_true (wmi_session_take_step (session, WMI_SESSION_LOGIN_DEFAULT, NULL));
      roll_dcom_release (session->dcom);
      wmi_server_stop_serving (session->server);
      g_assert_cmpuint (wmi_server_get_references (session->server), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wmi/query/smart", test_smart);
  g_test_add_func ("/wmi/query/not-smart", test_not_smart);
  g_test_add_func ("/wmi/query/few", test_few);
  g_test_add_func ("/wmi/query/smart-refused", test_smart_refused);
  g_test_add_func ("/wmi/query/late-interfaces", test_late_interfaces);
  g_test_add_func ("/wmi/query/not-yet", test_not_yet);
  g_test_add_func ("/wmi/query/never", test_never);
  g_test_add_func ("/wmi/query/endless", test_endless);
  g_test_add_func ("/wmi/query/too-slow", test_too_slow);
  g_test_add_func ("/wmi/query/stopped", test_stopped);
  g_test_add_func ("/wmi/query/after-an-error", test_after_an_error);
  return g_test_run ();
}
