/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-computer.h"

G_BEGIN_DECLS

/* What computers are counted by in charts and reports. */
typedef enum
{
  ROLL_STRATA_SUBNET,
  ROLL_STRATA_SYSTEM, /* the operating system */
  ROLL_STRATA_OU,     /* the place in Active Directory, where it is known */
  ROLL_STRATA_STEP,   /* where it stopped */
  ROLL_STRATA_TIME,   /* when it was done */
} RollStrata;

#define ROLL_N_STRATA 5

const char *roll_strata_title (RollStrata strata); /* in the user's language: "By Subnet" */

/**
 * roll_strata_key:
 * @step_us: of TIME: how long one stratum is, in microseconds
 *
 * Returns: (transfer full) (nullable): the stratum's name, in the user's language; NULL: the computer belongs to none. Those of TIME
 *   sort by it.
 */
char *roll_strata_key (RollStrata strata, const RollComputer *computer, gint64 step_us);

/* The least usual length, from a minute to a day, of which at most @n make @span_us. */
gint64 roll_strata_time_step (gint64 span_us, guint n);

G_END_DECLS
