/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-rate.h"

#define NS_PER_US 1000

void
roll_rate_init (RollRate *rate, guint per_second, guint burst)
{
  g_return_if_fail (rate != NULL);
  g_return_if_fail (burst > 0);

  rate->interval_ns = per_second > 0 ? G_GINT64_CONSTANT (1000000000) / per_second : 0;
  rate->window_ns = rate->interval_ns * burst;
  rate->full_ns = 0;
}

gboolean
roll_rate_take (RollRate *rate, gint64 now)
{
  gint64 full_ns = MAX (rate->full_ns, now * NS_PER_US) + rate->interval_ns;

  if (full_ns - now * NS_PER_US > rate->window_ns)
    return FALSE;
  rate->full_ns = full_ns;
  return TRUE;
}

gint64
roll_rate_ready_at (const RollRate *rate, gint64 now)
{
  gint64 ready_ns = rate->full_ns + rate->interval_ns - rate->window_ns;

  return MAX (now, (ready_ns + NS_PER_US - 1) / NS_PER_US);
}
