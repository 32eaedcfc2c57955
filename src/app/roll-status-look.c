/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-status-look.h"

static const RollStatusLook *
get_looks (void)
{
  static RollStatusLook looks[ROLL_N_LOOKS];
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (guint i = 0; i < ROLL_N_LOOKS; i++)
        {
          const RollStatusInfo *info = roll_status_info ((int) roll_status_look_status (i));

          g_assert (info != NULL);
          looks[i].status = info->status;
          looks[i].group = roll_status_group (info->status);
          looks[i].sign = g_strdup_printf ("roll-%s-symbolic", info->id);
          looks[i].classes[0] = g_strdup_printf ("status-%s", info->id);
        }
      g_once_init_leave (&ready, 1);
    }
  return looks;
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
