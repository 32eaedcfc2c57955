/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-status-display.h"

#include <glib/gi18n-lib.h>

typedef struct
{
  RollStatus status;
  const char *light;
  const char *dark;
} Look;

static const Look looks[ROLL_N_LOOKS] = {
  { ROLL_STATUS_SUCCESS, "#006644", "#33b27f" },
  { ROLL_STATUS_REACHABLE, "#1a9c74", "#45c79c" },
  { ROLL_STATUS_MACHINE_NOT_FOUND, "#00579c", "#5a9ee6" },
  { ROLL_STATUS_CONNECTION_TIMEOUT, "#3793d1", "#a3d8f8" },
  { ROLL_STATUS_CONNECTION_REFUSED, "#c07f00", "#f2b134" },
  { ROLL_STATUS_HOST_UNREACHABLE, "#b8588f", "#e79bc5" },
  { ROLL_STATUS_ACCESS_DENIED, "#d5460a", "#ff7b47" },
  { ROLL_STATUS_RPC_SERVER_UNAVAILABLE, "#8f3b00", "#c9793f" },
  { ROLL_STATUS_RPC_CALL_FAILED, "#d95579", "#f29ab4" },
  { ROLL_STATUS_RPC_CALL_CANCELLED, "#6a4c93", "#ab8fd6" },
  { ROLL_STATUS_CIMV2_INVALID_NAMESPACE, "#7a5195", "#b48ed0" },
  { ROLL_STATUS_CIMV2_NAMESPACE_NOT_FOUND, "#a05fbf", "#d3a3ee" },
  { ROLL_STATUS_CIMV2_INVALID_PARAMETER, "#4f3070", "#8f6bb5" },
  { ROLL_STATUS_STDREGPROV_INVALID_NAMESPACE, "#5d7f00", "#9cc23a" },
  { ROLL_STATUS_STDREGPROV_NAMESPACE_NOT_FOUND, "#7f9a00", "#c3dd68" },
  { ROLL_STATUS_STDREGPROV_INVALID_PARAMETER, "#3d5400", "#7a9a2a" },
  { ROLL_STATUS_SHUTTING_DOWN, "#546e7a", "#90a8b5" },
  { ROLL_STATUS_WMI_QUERY_TIMEOUT, "#7d6608", "#c7ab45" },
  { ROLL_STATUS_NO_CREDENTIALS, "#ad1457", "#f06292" },
  { ROLL_STATUS_OTHER_REASONS, "#37373c", "#d0d0d6" },
  { ROLL_STATUS_WAITING_FOR_RETRY, "#a67f00", "#d9c25b" },
  { ROLL_STATUS_IN_PROGRESS, "#77767b", "#9a9aa0" },
  { ROLL_STATUS_STOPPED, "#8f8e94", "#8a8a90" },
  { ROLL_STATUS_NOT_STARTED, "#c3c2c7", "#5e5c64" },
};

guint
roll_status_look_index (RollStatus status)
{
  guint fallback = 0;

  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    {
      if (looks[i].status == status)
        return i;
      if (looks[i].status == ROLL_STATUS_OTHER_REASONS)
        fallback = i;
    }
  return fallback;
}

RollStatus
roll_status_look_status (guint index)
{
  g_return_val_if_fail (index < ROLL_N_LOOKS, ROLL_STATUS_OTHER_REASONS);

  return looks[index].status;
}

const char *
roll_status_colour (RollStatus status, gboolean dark)
{
  const Look *look = &looks[roll_status_look_index (status)];

  return dark ? look->dark : look->light;
}

RollGroup
roll_status_group (RollStatus status)
{
  const RollStatusInfo *info = roll_status_info ((int) status);

  if (status == ROLL_STATUS_SUCCESS || status == ROLL_STATUS_REACHABLE)
    return ROLL_GROUP_SUCCESS;
  switch (info != NULL ? info->layer : ROLL_LAYER_ENGINE)
    {
    case ROLL_LAYER_NETWORK:
      return ROLL_GROUP_NETWORK;
    case ROLL_LAYER_DCOM:
      return ROLL_GROUP_DCOM;
    case ROLL_LAYER_WMI:
    case ROLL_LAYER_ENGINE:
      return ROLL_GROUP_WMI;
    case ROLL_LAYER_NONE:
    default:
      return ROLL_GROUP_IN_PROGRESS;
    }
}

const char *
roll_group_label (RollGroup group)
{
  switch (group)
    {
    case ROLL_GROUP_SUCCESS:
      return _("Success");
    case ROLL_GROUP_NETWORK:
      return _("Network");
    case ROLL_GROUP_DCOM:
      return _("DCOM");
    case ROLL_GROUP_WMI:
      return _("WMI");
    case ROLL_GROUP_IN_PROGRESS:
    default:
      return _("In Progress");
    }
}
