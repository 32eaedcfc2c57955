/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "wmi-session.h"

static WmiSession *
start (WmiServerPlan plan)
{
  return wmi_session_start (&plan, WMI_SESSION_REGISTRY);
}

static void
test_keys (void)
{
  g_autoptr (WmiSession) session = start ((WmiServerPlan) { 0 });
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) many = roll_registry_enum_keys (session->registry, "2000", &error);
  g_auto (GStrv) none = roll_registry_enum_keys (session->registry, "0", &error);
  g_auto (GStrv) missing = roll_registry_enum_keys (session->registry, "missing", &error);

  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (many), ==, 2000);
  g_assert_cmpstr (many[1999], ==, "2000-1999");
  g_assert_cmpuint (g_strv_length (none), ==, 0);
  g_assert_cmpuint (g_strv_length (missing), ==, 0);

  g_assert_null (roll_registry_enum_keys (session->registry, "denied", &error));
  wmi_session_assert_error (error, ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_WIN32, 5);
  g_clear_error (&error);
  g_assert_null (roll_registry_enum_keys (session->registry, "broken", &error));
  wmi_session_assert_error (error, ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_WIN32, 1018);
  g_clear_error (&error);
  g_assert_null (roll_registry_enum_keys (session->registry, "20001", &error));
  wmi_session_assert_error (error, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED);
}

/* The names a computer gives are asked for next: whatever their length, they end this computer's session at most. */
static void
test_long_names (void)
{
  g_autoptr (WmiSession) session = start ((WmiServerPlan) { 0 });
  g_autofree char *digit = g_strnfill (5000, '0'), *huge = g_strnfill (600000, 'x');
  g_autoptr (GError) error = NULL;

  digit[4999] = '1'; /* one name, and it begins with this */
  g_assert_null (roll_registry_enum_keys (session->registry, digit, &error));
  wmi_session_assert_error (error, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (roll_registry_enum_keys (session->registry, huge, &error));
  wmi_session_assert_error (error, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED);
}

static void
clear (RollRegistryValue *values, guint n)
{
  for (guint i = 0; i < n; i++)
    roll_cim_value_clear (&values[i].value);
}

static void
test_values (void)
{
  g_autoptr (WmiSession) session = start ((WmiServerPlan) { 0 });
  g_autoptr (GError) error = NULL;
  RollRegistryValue values[] = {
    { "key", "Name", ROLL_CIM_STRING },
    { "key", "Expanded", ROLL_CIM_STRING },
    { "key", "Number", ROLL_CIM_UINT32 },
    { "key", "Texts", ROLL_CIM_STRING | ROLL_CIM_ARRAY },
    { "key", "Big", ROLL_CIM_UINT64 }, /* the computer is too old to have the method */
    { "key", "Missing", ROLL_CIM_STRING },
    { "key", "Denied", ROLL_CIM_STRING },
    { "broken", "Name", ROLL_CIM_STRING },
    { "missing", "Name", ROLL_CIM_UINT32 },
    { "ключ", "Имя", ROLL_CIM_STRING },
  };

  g_assert_true (roll_registry_get_values (session->registry, values, G_N_ELEMENTS (values), &error));
  g_assert_no_error (error);
  g_assert_cmpstr (values[0].value.text, ==, "Name of key");
  g_assert_cmpstr (values[1].value.text, ==, "Expanded of key");
  g_assert_cmphex (values[2].value.uint, ==, 0xffffffff);
  g_assert_cmpuint (values[3].value.array->n, ==, 3);
  g_assert_cmpstr (values[3].value.array->items[2].text, ==, "key-2");
  for (guint i = 4; i < 9; i++)
    {
      g_assert_true (values[i].value.null);
      g_assert_cmpuint (values[i].value.type, ==, values[i].type);
    }
  g_assert_cmpstr (values[9].value.text, ==, "Имя of ключ");
  clear (values, G_N_ELEMENTS (values));
  wmi_server_stop_serving (session->server);
  g_assert_cmpuint (wmi_server_count_calls (session->server, "IWbemServices 24 GetExpandedStringValue"), ==, 2);
}

/* Of many values of a key only those are asked for that it has, by the method that fits. */
static void
test_listed (void)
{
  g_autoptr (WmiSession) session = start ((WmiServerPlan) { .lists_values = TRUE });
  g_autoptr (GError) error = NULL;
  RollRegistryValue values[] = {
    { "key", "Name", ROLL_CIM_STRING },     { "key", "Other", ROLL_CIM_STRING },
    { "key", "Number", ROLL_CIM_UINT32 },   { "missing", "Name", ROLL_CIM_STRING },
    { "missing", "Other", ROLL_CIM_STRING },{ "missing", "Number", ROLL_CIM_UINT32 },
    { "few", "Name", ROLL_CIM_STRING },     { "few", "Other", ROLL_CIM_STRING },
    { "odd", "Name", ROLL_CIM_STRING },     { "odd", "Other", ROLL_CIM_STRING },
    { "odd", "Number", ROLL_CIM_UINT32 },   { "denied", "Name", ROLL_CIM_STRING },
    { "denied", "Other", ROLL_CIM_STRING }, { "denied", "Number", ROLL_CIM_UINT32 },
  };

  g_assert_true (roll_registry_get_values (session->registry, values, G_N_ELEMENTS (values), &error));
  g_assert_no_error (error);
  g_assert_cmpstr (values[0].value.text, ==, "Name of key");
  g_assert_true (values[1].value.null);
  g_assert_cmphex (values[2].value.uint, ==, 0xffffffff);
  for (guint i = 3; i < 6; i++)
    g_assert_true (values[i].value.null && values[i].value.type == values[i].type);
  g_assert_cmpstr (values[7].value.text, ==, "Other of few");
  g_assert_cmpstr (values[8].value.text, ==, "Name of odd");
  g_assert_cmpstr (values[9].value.text, ==, "Other of odd");
  clear (values, G_N_ELEMENTS (values));
  wmi_server_stop_serving (session->server);
  g_assert_cmpuint (wmi_server_count_calls (session->server, "IWbemServices 24 EnumValues"), ==, 4);
  g_assert_cmpuint (wmi_server_count_calls (session->server, "IWbemServices 24 GetExpandedStringValue"), ==, 1);
  g_assert_cmpuint (wmi_server_count_calls (session->server, "IWbemServices 24 GetStringValue"), ==, 6);
  g_assert_cmpuint (wmi_server_count_calls (session->server, "IWbemServices 24 GetDWORDValue"), ==, 3);
}

/* Where nothing of any key may be read there is nothing to go on with, also when its values can't be listed. */
static void
test_denied_list (void)
{
  g_autoptr (WmiSession) session = start ((WmiServerPlan) { .lists_values = TRUE });
  g_autoptr (GError) error = NULL;
  RollRegistryValue values[]
      = { { "denied", "A", ROLL_CIM_STRING }, { "denied", "B", ROLL_CIM_UINT32 }, { "denied", "C", ROLL_CIM_STRING } };

  g_assert_false (roll_registry_get_values (session->registry, values, G_N_ELEMENTS (values), &error));
  wmi_session_assert_error (error, ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_WIN32, 5);
}

/* One key that must not be read is no error; nothing but such is one. */
static void
test_denied (void)
{
  g_autoptr (WmiSession) session = start ((WmiServerPlan) { 0 });
  g_autoptr (GError) error = NULL;
  RollRegistryValue values[] = { { "denied", "A", ROLL_CIM_STRING }, { "denied", "B", ROLL_CIM_UINT32 } };

  g_assert_false (roll_registry_get_values (session->registry, values, 2, &error));
  wmi_session_assert_error (error, ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_WIN32, 5);
  g_assert_true (values[0].value.null && values[1].value.null);
  g_assert_true (roll_registry_get_values (session->registry, values, 0, NULL));
}

static guint
check_many (WmiServerPlan plan)
{
  const guint n = 1000;
  g_autofree RollRegistryValue *values = g_new0 (RollRegistryValue, n);
  g_autoptr (GPtrArray) keys = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (WmiSession) session = start (plan);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_ptr_array_add (keys, g_strdup_printf ("%u", i));
      values[i] = (RollRegistryValue) { g_ptr_array_index (keys, i), i % 3 == 0 ? "Expanded" : "Name", ROLL_CIM_STRING };
    }
  g_assert_true (roll_registry_get_values (session->registry, values, n, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *expected = g_strdup_printf ("%s of %u", values[i].name, i);

      g_assert_cmpstr (values[i].value.text, ==, expected);
    }
  clear (values, n);
  wmi_server_stop_serving (session->server);
  return wmi_server_get_most_in_flight (session->server);
}

static void
test_in_flight (void)
{
  g_assert_cmpuint (check_many ((WmiServerPlan) { 0 }), >, 4);
  g_assert_cmpuint (check_many ((WmiServerPlan) { .single = TRUE }), ==, 1);
  check_many ((WmiServerPlan) { .fragment_bytes = 500 });
}

/* One of many calls in flight fails: all is told as that, and the conversation goes on. */
static void
test_failure_in_flight (void)
{
  static const struct
  {
    WmiServerAction action;
    guint32 number;
    RollRpcError code;
    RollErrorSpace space;
    guint32 expected;
    gboolean goes_on;
  } cases[] = {
    { WMI_SERVER_RESULT, 0x8004106c, ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_HRESULT, 0x8004106c, TRUE },
    { WMI_SERVER_FAULT, 0x1c010014, ROLL_RPC_ERROR_FAULT, ROLL_ERROR_SPACE_NCA, 0x1c010014, TRUE },
    { WMI_SERVER_GARBAGE, 0, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED, TRUE },
    { WMI_SERVER_CLOSE, 0, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_NONE, 0, FALSE }, /* an end or a reset */
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const guint n = 200;
      const WmiServerTrouble trouble
          = { cases[i].action, &ROLL_IID_WBEM_SERVICES, ROLL_OPNUM_EXEC_METHOD, 100, cases[i].number };
      g_autofree RollRegistryValue *values = g_new0 (RollRegistryValue, n);
      g_autoptr (WmiSession) session = start ((WmiServerPlan) { .trouble = trouble });
      g_autoptr (GError) error = NULL;

      for (guint j = 0; j < n; j++)
        values[j] = (RollRegistryValue) { "key", "Name", ROLL_CIM_STRING };
      g_assert_false (roll_registry_get_values (session->registry, values, n, &error));
      g_assert_error (error, ROLL_RPC_ERROR, (int) cases[i].code);
      if (cases[i].goes_on)
        wmi_session_assert_error (error, cases[i].code, cases[i].space, cases[i].expected);
      for (guint j = 0; j < n; j++)
        g_assert_true (values[j].value.null);
      g_assert_true (wmi_session_take_step (session, WMI_SESSION_LOGIN_CIMV2, NULL) == cases[i].goes_on);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/wmi/registry/keys", test_keys);
  g_test_add_func ("/wmi/registry/keys/long-names", test_long_names);
  g_test_add_func ("/wmi/registry/values", test_values);
  g_test_add_func ("/wmi/registry/listed", test_listed);
  g_test_add_func ("/wmi/registry/denied", test_denied);
  g_test_add_func ("/wmi/registry/denied-list", test_denied_list);
  g_test_add_func ("/wmi/registry/in-flight", test_in_flight);
  g_test_add_func ("/wmi/registry/failure-in-flight", test_failure_in_flight);
  return g_test_run ();
}
