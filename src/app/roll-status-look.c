/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-status-look.h"

#include <glib/gi18n.h>

static const RollStatus display_order[ROLL_N_LOOKS] = {
  ROLL_STATUS_SUCCESS,
  ROLL_STATUS_REACHABLE,
  ROLL_STATUS_MACHINE_NOT_FOUND,
  ROLL_STATUS_CONNECTION_TIMEOUT,
  ROLL_STATUS_CONNECTION_REFUSED,
  ROLL_STATUS_HOST_UNREACHABLE,
  ROLL_STATUS_ACCESS_DENIED,
  ROLL_STATUS_RPC_SERVER_UNAVAILABLE,
  ROLL_STATUS_RPC_CALL_FAILED,
  ROLL_STATUS_RPC_CALL_CANCELLED,
  ROLL_STATUS_CIMV2_INVALID_NAMESPACE,
  ROLL_STATUS_CIMV2_NAMESPACE_NOT_FOUND,
  ROLL_STATUS_CIMV2_INVALID_PARAMETER,
  ROLL_STATUS_STDREGPROV_INVALID_NAMESPACE,
  ROLL_STATUS_STDREGPROV_NAMESPACE_NOT_FOUND,
  ROLL_STATUS_STDREGPROV_INVALID_PARAMETER,
  ROLL_STATUS_SHUTTING_DOWN,
  ROLL_STATUS_WMI_QUERY_TIMEOUT,
  ROLL_STATUS_NO_CREDENTIALS,
  ROLL_STATUS_OTHER_REASONS,
  ROLL_STATUS_WAITING_FOR_RETRY,
  ROLL_STATUS_IN_PROGRESS,
  ROLL_STATUS_STOPPED,
  ROLL_STATUS_NOT_STARTED,
};

static RollGroup
find_group (const RollStatusInfo *info)
{
  if (info->status == ROLL_STATUS_SUCCESS || info->status == ROLL_STATUS_REACHABLE)
    return ROLL_GROUP_SUCCESS;
  switch (info->layer)
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

static const RollStatusLook *
get_looks (void)
{
  static RollStatusLook looks[ROLL_N_LOOKS];
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (guint i = 0; i < ROLL_N_LOOKS; i++)
        {
          const RollStatusInfo *info = roll_status_info (display_order[i]);

          g_assert (info != NULL);
          looks[i].status = info->status;
          looks[i].group = find_group (info);
          looks[i].sign = g_strdup_printf ("roll-%s-symbolic", info->id);
          looks[i].classes[0] = g_strdup_printf ("status-%s", info->id);
        }
      g_once_init_leave (&ready, 1);
    }
  return looks;
}

guint
roll_status_look_index (RollStatus status)
{
  guint fallback = 0;

  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    {
      if (display_order[i] == status)
        return i;
      if (display_order[i] == ROLL_STATUS_OTHER_REASONS)
        fallback = i;
    }
  return fallback;
}

const RollStatusLook *
roll_status_look (RollStatus status)
{
  return &get_looks ()[roll_status_look_index (status)];
}

const RollStatusLook *
roll_status_look_nth (guint index)
{
  g_return_val_if_fail (index < ROLL_N_LOOKS, NULL);

  return &get_looks ()[index];
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
