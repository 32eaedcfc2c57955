/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "status/roll-status.h"

G_BEGIN_DECLS

/* How a status looks and where it stands: the same in the donut, the legend, the list and the help. */

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

/**
 * RollStatusLook:
 * @status: in the order of display: good ends, then failures by code, then what is not finished
 * @group: heading it stands under
 * @sign: name of the symbolic icon
 * @classes: (array zero-terminated=1): the style class that sets the colour; it is also the colour's name
 */
typedef struct
{
  RollStatus status;
  RollGroup group;
  char *sign;
  char *classes[2];
} RollStatusLook;

/* Index in the order of display, 0 to ROLL_N_LOOKS - 1. A number that is no status looks like “other reasons”. */
guint roll_status_look_index (RollStatus status);
const RollStatusLook *roll_status_look (RollStatus status);
const RollStatusLook *roll_status_look_nth (guint index);

/* The heading, in the user's language. */
const char *roll_group_label (RollGroup group);

G_END_DECLS
