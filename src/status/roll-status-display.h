/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "status/roll-status.h"

G_BEGIN_DECLS

/* In which order statuses are shown, under which heading and in which colour: the same in the window and in what is exported. */

typedef enum
{
  ROLL_GROUP_SUCCESS,
  ROLL_GROUP_NETWORK,
  ROLL_GROUP_DCOM,
  ROLL_GROUP_WMI,
  ROLL_GROUP_IN_PROGRESS,
} RollGroup;

#define ROLL_N_GROUPS 5
#define ROLL_N_LOOKS 24 /* nineteen results and five states */

/* Index in the order of display, 0 to ROLL_N_LOOKS - 1: good ends, then failures by code, then what is not finished. A number
 * that is no status looks like “other reasons”. */
guint roll_status_look_index (RollStatus status);
RollStatus roll_status_look_status (guint index);
RollGroup roll_status_group (RollStatus status);
/* The heading, in the user's language. */
const char *roll_group_label (RollGroup group);

/* "#006644": told apart also by the colour-blind, each has its sign besides. @dark: for a dark ground; style.css has the same. */
const char *roll_status_colour (RollStatus status, gboolean dark);

G_END_DECLS
