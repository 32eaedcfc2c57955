/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-strata.h"

#include <glib/gi18n-lib.h>

#include "report/roll-tally-table.h"
#include "status/roll-verdict.h"

#define MINUTE_US ((gint64) 60 * G_USEC_PER_SEC)

const char *
roll_strata_title (RollStrata strata)
{
  switch (strata)
    {
    case ROLL_STRATA_SUBNET:
      return _("By Subnet");
    case ROLL_STRATA_SYSTEM:
      return _("By Operating System");
    case ROLL_STRATA_OU:
      return _("By Organizational Unit");
    case ROLL_STRATA_STEP:
      return _("By the Step Where It Stopped");
    case ROLL_STRATA_TIME:
    default:
      return _("By Time");
    }
}

static char *
subnet_key (const RollComputer *computer)
{
  g_autofree char *subnet = roll_subnet_label (&computer->address);

  return g_strdup (*subnet != '\0' ? subnet : _("No address"));
}

/* The build alone is known of a computer that only said who it is. */
static char *
system_key (const RollComputer *computer)
{
  const RollFacts *facts = computer->facts;

  if (facts != NULL && facts->os != NULL)
    return g_strdup (facts->os);
  if (facts != NULL && facts->os_build != NULL)
    return g_strdup_printf (_("Windows, build %s"), facts->os_build);
  return g_strdup (_("Not known"));
}

static char *
time_key (const RollComputer *computer, gint64 step_us)
{
  gint64 done = computer->started_at + computer->duration_us;
  g_autoptr (GDateTime) date = NULL;

  if (computer->started_at <= 0 || step_us <= 0)
    return NULL;
  date = g_date_time_new_from_unix_local ((done - done % step_us) / G_USEC_PER_SEC);
  return date != NULL ? g_date_time_format (date, "%Y-%m-%d %H:%M") : NULL;
}

char *
roll_strata_key (RollStrata strata, const RollComputer *computer, gint64 step_us)
{
  g_return_val_if_fail (computer != NULL, NULL);

  switch (strata)
    {
    case ROLL_STRATA_SUBNET:
      return subnet_key (computer);
    case ROLL_STRATA_SYSTEM:
      return system_key (computer);
    case ROLL_STRATA_OU:
      return computer->directory != NULL ? g_strdup (computer->directory->ou) : NULL;
    case ROLL_STRATA_STEP:
      return roll_status_is_failure (computer->status) ? g_strdup (roll_step_label (computer->step)) : NULL;
    case ROLL_STRATA_TIME:
    default:
      return time_key (computer, step_us);
    }
}

gint64
roll_strata_time_step (gint64 span_us, guint n)
{
  static const gint64 steps[] = { MINUTE_US, 5 * MINUTE_US, 15 * MINUTE_US, 60 * MINUTE_US, 6 * 60 * MINUTE_US };

  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    if (span_us / steps[i] < n)
      return steps[i];
  return 24 * 60 * MINUTE_US;
}
