/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-status.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The dashes are MAP's own: five labels carry U+2013, thirteen a hyphen. */
static const RollStatusInfo results[] = {
  { ROLL_STATUS_SUCCESS, "success",
    N_("Success"), ROLL_LAYER_NONE, ROLL_RETRY_NO },
  { ROLL_STATUS_MACHINE_NOT_FOUND, "machine-not-found",
    N_("Failed – Machine not found"), ROLL_LAYER_NETWORK, ROLL_RETRY_SOME_ERRORS },
  { ROLL_STATUS_CONNECTION_TIMEOUT, "connection-timeout",
    N_("Failed – Connection Timeout"), ROLL_LAYER_NETWORK, ROLL_RETRY_NO },
  { ROLL_STATUS_CONNECTION_REFUSED, "connection-refused",
    N_("Failed – Connection Refused"), ROLL_LAYER_NETWORK, ROLL_RETRY_NO },
  { ROLL_STATUS_HOST_UNREACHABLE, "host-unreachable",
    N_("Failed - Host Unreachable"), ROLL_LAYER_NETWORK, ROLL_RETRY_NO },
  { ROLL_STATUS_ACCESS_DENIED, "access-denied",
    N_("Failed – Access Denied"), ROLL_LAYER_DCOM, ROLL_RETRY_NO },
  { ROLL_STATUS_RPC_SERVER_UNAVAILABLE, "rpc-server-unavailable",
    N_("Failed - RPC Server Unavailable"), ROLL_LAYER_DCOM, ROLL_RETRY_NO },
  { ROLL_STATUS_RPC_CALL_FAILED, "rpc-call-failed",
    N_("Failed - RPC call failed"), ROLL_LAYER_DCOM, ROLL_RETRY_YES },
  { ROLL_STATUS_RPC_CALL_CANCELLED, "rpc-call-cancelled",
    N_("Failed - RPC call cancelled"), ROLL_LAYER_DCOM, ROLL_RETRY_YES },
  { ROLL_STATUS_CIMV2_INVALID_NAMESPACE, "cimv2-invalid-namespace",
    N_("Failed - Invalid CIMv2 WMI Namespace"), ROLL_LAYER_WMI, ROLL_RETRY_NO },
  { ROLL_STATUS_CIMV2_NAMESPACE_NOT_FOUND, "cimv2-namespace-not-found",
    N_("Failed - CIMv2 WMI Namespace not found"), ROLL_LAYER_WMI, ROLL_RETRY_NO },
  { ROLL_STATUS_CIMV2_INVALID_PARAMETER, "cimv2-invalid-parameter",
    N_("Failed - CIMv2 WMI Namespace invalid parameter"), ROLL_LAYER_WMI, ROLL_RETRY_NO },
  { ROLL_STATUS_STDREGPROV_INVALID_NAMESPACE, "stdregprov-invalid-namespace",
    N_("Failed - Invalid StdRegProv WMI Namespace"), ROLL_LAYER_WMI, ROLL_RETRY_NO },
  { ROLL_STATUS_STDREGPROV_NAMESPACE_NOT_FOUND, "stdregprov-namespace-not-found",
    N_("Failed - StdRegProv WMI Namespace not found"), ROLL_LAYER_WMI, ROLL_RETRY_NO },
  { ROLL_STATUS_STDREGPROV_INVALID_PARAMETER, "stdregprov-invalid-parameter",
    N_("Failed - StdRegProv WMI Namespace invalid parameter"), ROLL_LAYER_WMI, ROLL_RETRY_NO },
  { ROLL_STATUS_SHUTTING_DOWN, "shutting-down",
    N_("Failed - Computer shutting down"), ROLL_LAYER_WMI, ROLL_RETRY_YES },
  { ROLL_STATUS_WMI_QUERY_TIMEOUT, "wmi-query-timeout",
    N_("Failed - WMI query time out"), ROLL_LAYER_WMI, ROLL_RETRY_YES },
  { ROLL_STATUS_NO_CREDENTIALS, "no-credentials",
    N_("Failed - No credentials provided"), ROLL_LAYER_ENGINE, ROLL_RETRY_NO },
  { ROLL_STATUS_OTHER_REASONS, "other-reasons",
    N_("Failed – Other Reasons"), ROLL_LAYER_WMI, ROLL_RETRY_SOME_ERRORS },
};

static const RollStatusInfo states[] = {
  { ROLL_STATUS_NOT_STARTED, "not-started", N_("Not started"), ROLL_LAYER_NONE, ROLL_RETRY_NO },
  { ROLL_STATUS_IN_PROGRESS, "in-progress", N_("In progress"), ROLL_LAYER_NONE, ROLL_RETRY_NO },
  { ROLL_STATUS_WAITING_FOR_RETRY, "waiting-for-retry", N_("Waiting for retry"), ROLL_LAYER_NONE,
    ROLL_RETRY_NO },
  { ROLL_STATUS_STOPPED, "stopped", N_("Stopped"), ROLL_LAYER_NONE, ROLL_RETRY_NO },
  { ROLL_STATUS_REACHABLE, "reachable", N_("Reachable"), ROLL_LAYER_NONE, ROLL_RETRY_NO },
};

const RollStatusInfo *
roll_status_results (guint *ret_count)
{
  g_return_val_if_fail (ret_count != NULL, NULL);

  *ret_count = G_N_ELEMENTS (results);
  return results;
}

const RollStatusInfo *
roll_status_states (guint *ret_count)
{
  g_return_val_if_fail (ret_count != NULL, NULL);

  *ret_count = G_N_ELEMENTS (states);
  return states;
}

typedef gboolean (*InfoMatch) (const RollStatusInfo *info, gconstpointer data);

static const RollStatusInfo *
find_info (InfoMatch matches, gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    if (matches (&results[i], data))
      return &results[i];
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (matches (&states[i], data))
      return &states[i];
  return NULL;
}

static gboolean
has_number (const RollStatusInfo *info, gconstpointer data)
{
  return (int) info->status == *(const int *) data;
}

const RollStatusInfo *
roll_status_info (int status)
{
  return find_info (has_number, &status);
}

static gboolean
is_dash_or_space (gunichar c)
{
  return g_unichar_isspace (c) || c == 0x2212 || g_unichar_type (c) == G_UNICODE_DASH_PUNCTUATION;
}

/* Folds case, and runs of dashes and spaces to one hyphen, so that ids and labels compare alike. */
static char *
fold (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  GString *key = g_string_new (NULL);
  gboolean gap = FALSE;

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      if (is_dash_or_space (c))
        {
          gap = TRUE;
          continue;
        }
      if (gap && key->len > 0)
        g_string_append_c (key, '-');
      gap = FALSE;
      g_string_append_unichar (key, c);
    }
  return g_string_free (key, FALSE);
}

static gboolean
label_matches (const char *label, const char *key)
{
  g_autofree char *folded = fold (label);

  if (strcmp (folded, key) == 0)
    return TRUE;
  return g_str_has_prefix (folded, "failed-") && strcmp (folded + strlen ("failed-"), key) == 0;
}

static gboolean
has_name (const RollStatusInfo *info, gconstpointer data)
{
  return strcmp (info->id, data) == 0 || label_matches (info->label, data) ||
         label_matches (_(info->label), data);
}

const RollStatusInfo *
roll_status_find (const char *text)
{
  g_autofree char *trimmed = NULL;
  g_autofree char *key = NULL;
  gint64 number;

  g_return_val_if_fail (text != NULL, NULL);

  if (!g_utf8_validate (text, -1, NULL))
    return NULL;
  trimmed = g_strstrip (g_strdup (text));
  if (g_ascii_string_to_signed (trimmed, 10, G_MININT, G_MAXINT, &number, NULL))
    return roll_status_info ((int) number);
  key = fold (trimmed);
  return find_info (has_name, key);
}

const char *
roll_status_label (RollStatus status)
{
  const RollStatusInfo *info = roll_status_info (status);

  g_return_val_if_fail (info != NULL, "");

  return _(info->label);
}

gboolean
roll_status_is_final (RollStatus status)
{
  return roll_status_info (status) != NULL && status != ROLL_STATUS_NOT_STARTED &&
         status != ROLL_STATUS_IN_PROGRESS && status != ROLL_STATUS_WAITING_FOR_RETRY;
}

gboolean
roll_status_is_failure (RollStatus status)
{
  return status > ROLL_STATUS_SUCCESS && roll_status_info (status) != NULL;
}

static const struct
{
  const char *id;
  const char *label;
} layers[] = {
  [ROLL_LAYER_NONE] = { "none", N_("None") },
  [ROLL_LAYER_NETWORK] = { "network", N_("Network") },
  [ROLL_LAYER_DCOM] = { "dcom", N_("DCOM") },
  [ROLL_LAYER_WMI] = { "wmi", N_("WMI") },
  [ROLL_LAYER_ENGINE] = { "engine", N_("Rollcall") },
};

const char *
roll_layer_id (RollLayer layer)
{
  g_return_val_if_fail ((guint) layer < G_N_ELEMENTS (layers), "");

  return layers[layer].id;
}

const char *
roll_layer_label (RollLayer layer)
{
  g_return_val_if_fail ((guint) layer < G_N_ELEMENTS (layers), "");

  return _(layers[layer].label);
}
