/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "status/roll-status.h"

#define EN_DASH "\xe2\x80\x93"

/* The contract, written down a second time so that a slip in the program's table is seen. */
static const struct
{
  int code;
  const char *id;
  const char *label;
  RollLayer layer;
  RollRetryClass retry;
} contract[] = {
  { 0, "success", "Success", ROLL_LAYER_NONE, ROLL_RETRY_NO },
  { 101, "machine-not-found", "Failed " EN_DASH " Machine not found", ROLL_LAYER_NETWORK,
    ROLL_RETRY_SOME_ERRORS },
  { 102, "connection-timeout", "Failed " EN_DASH " Connection Timeout", ROLL_LAYER_NETWORK, ROLL_RETRY_NO },
  { 103, "connection-refused", "Failed " EN_DASH " Connection Refused", ROLL_LAYER_NETWORK, ROLL_RETRY_NO },
  { 104, "host-unreachable", "Failed - Host Unreachable", ROLL_LAYER_NETWORK, ROLL_RETRY_NO },
  { 201, "access-denied", "Failed " EN_DASH " Access Denied", ROLL_LAYER_DCOM, ROLL_RETRY_NO },
  { 202, "rpc-server-unavailable", "Failed - RPC Server Unavailable", ROLL_LAYER_DCOM, ROLL_RETRY_NO },
  { 203, "rpc-call-failed", "Failed - RPC call failed", ROLL_LAYER_DCOM, ROLL_RETRY_YES },
  { 204, "rpc-call-cancelled", "Failed - RPC call cancelled", ROLL_LAYER_DCOM, ROLL_RETRY_YES },
  { 301, "cimv2-invalid-namespace", "Failed - Invalid CIMv2 WMI Namespace", ROLL_LAYER_WMI, ROLL_RETRY_NO },
  { 302, "cimv2-namespace-not-found", "Failed - CIMv2 WMI Namespace not found", ROLL_LAYER_WMI,
    ROLL_RETRY_NO },
  { 303, "cimv2-invalid-parameter", "Failed - CIMv2 WMI Namespace invalid parameter", ROLL_LAYER_WMI,
    ROLL_RETRY_NO },
  { 304, "stdregprov-invalid-namespace", "Failed - Invalid StdRegProv WMI Namespace", ROLL_LAYER_WMI,
    ROLL_RETRY_NO },
  { 305, "stdregprov-namespace-not-found", "Failed - StdRegProv WMI Namespace not found", ROLL_LAYER_WMI,
    ROLL_RETRY_NO },
  { 306, "stdregprov-invalid-parameter", "Failed - StdRegProv WMI Namespace invalid parameter",
    ROLL_LAYER_WMI, ROLL_RETRY_NO },
  { 307, "shutting-down", "Failed - Computer shutting down", ROLL_LAYER_WMI, ROLL_RETRY_YES },
  { 308, "wmi-query-timeout", "Failed - WMI query time out", ROLL_LAYER_WMI, ROLL_RETRY_YES },
  { 309, "no-credentials", "Failed - No credentials provided", ROLL_LAYER_ENGINE, ROLL_RETRY_NO },
  { 399, "other-reasons", "Failed " EN_DASH " Other Reasons", ROLL_LAYER_WMI, ROLL_RETRY_SOME_ERRORS },
};

static void
test_results_are_the_contract (void)
{
  guint n = 0;
  const RollStatusInfo *results = roll_status_results (&n);
  guint en_dashes = 0;

  g_assert_cmpuint (n, ==, 19);
  g_assert_cmpuint (n, ==, G_N_ELEMENTS (contract));
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpint (results[i].status, ==, contract[i].code);
      g_assert_cmpstr (results[i].id, ==, contract[i].id);
      g_assert_cmpstr (results[i].label, ==, contract[i].label);
      g_assert_cmpint (results[i].layer, ==, contract[i].layer);
      g_assert_cmpint (results[i].retry, ==, contract[i].retry);
      g_assert_true (roll_status_info (contract[i].code) == &results[i]);
      en_dashes += strstr (results[i].label, EN_DASH) != NULL;
    }
  g_assert_cmpuint (en_dashes, ==, 5);
}

static void
test_states_stay_apart (void)
{
  static const char *const ids[] = { "not-started", "in-progress", "waiting-for-retry", "stopped",
                                     "reachable" };
  guint n = 0;
  const RollStatusInfo *states = roll_status_states (&n);

  g_assert_cmpuint (n, ==, G_N_ELEMENTS (ids));
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpint (states[i].status, ==, -1 - (int) i);
      g_assert_cmpstr (states[i].id, ==, ids[i]);
      g_assert_true (roll_status_find (ids[i]) == &states[i]);
      g_assert_false (roll_status_is_failure (states[i].status));
      g_assert_cmpint (roll_status_is_final (states[i].status), ==, i >= 3);
    }
}

static void
test_find_takes_what_people_type (void)
{
  static const struct
  {
    const char *text;
    int code;
  } cases[] = {
    { "103", 103 },
    { " 103\n", 103 },
    { "0", 0 },
    { "connection-refused", 103 },
    { "Connection-Refused", 103 },
    { "Failed " EN_DASH " Connection Refused", 103 },
    { "Failed - Connection Refused", 103 },
    { "failed-connection refused", 103 },
    { "FAILED \xe2\x80\x94 CONNECTION REFUSED", 103 },
    { "Failed \xe2\x88\x92  Host\tUnreachable ", 104 },
    { "access denied", 201 },
    { "Failed - Invalid CIMv2 WMI Namespace", 301 },
    { "success", 0 },
    { "Reachable", -5 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const RollStatusInfo *info = roll_status_find (cases[i].text);

      g_assert_nonnull (info);
      g_assert_cmpint (info->status, ==, cases[i].code);
    }
}

static void
test_find_refuses_the_rest (void)
{
  static const char *const texts[] = { "",         " ",        "-",
                                       "100",      "103.0",    "9999999999999999999999",
                                       "failed",   "Failed -", "connection",
                                       "Successo", "\xff\xfe", "103 104" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_assert_null (roll_status_find (texts[i]));
  g_assert_null (roll_status_info (1));
  g_assert_null (roll_status_info (-6));
  g_assert_false (roll_status_is_final ((RollStatus) 1));
  g_assert_false (roll_status_is_failure ((RollStatus) 100));
}

static void
test_every_label_finds_itself (void)
{
  guint n = 0;
  const RollStatusInfo *results = roll_status_results (&n);

  for (guint i = 0; i < n; i++)
    {
      g_assert_true (roll_status_find (results[i].label) == &results[i]);
      g_assert_true (roll_status_find (results[i].id) == &results[i]);
      g_assert_cmpstr (roll_status_label (results[i].status), ==, results[i].label);
      g_assert_true (roll_status_is_final (results[i].status));
      g_assert_cmpint (roll_status_is_failure (results[i].status), ==, i > 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/status/results-are-the-contract", test_results_are_the_contract);
  g_test_add_func ("/status/states-stay-apart", test_states_stay_apart);
  g_test_add_func ("/status/find/takes-what-people-type", test_find_takes_what_people_type);
  g_test_add_func ("/status/find/refuses-the-rest", test_find_refuses_the_rest);
  g_test_add_func ("/status/find/every-label-finds-itself", test_every_label_finds_itself);
  return g_test_run ();
}
