/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-session.h"
#include "diagnosis/roll-common-causes.h"

G_BEGIN_DECLS

/**
 * RollCommonFinder: looks for what the failures of a session's scan have in common: when all is there, when the scan
 * ends, and now and then while it runs. In a worker thread.
 *
 * ::found (): other groups, or none any more
 */
#define ROLL_TYPE_COMMON_FINDER (roll_common_finder_get_type ())
G_DECLARE_FINAL_TYPE (RollCommonFinder, roll_common_finder, ROLL, COMMON_FINDER, GObject)

RollCommonFinder *roll_common_finder_new (void);

void roll_common_finder_set_session (RollCommonFinder *self, RollSession *session); /* (nullable) */
RollSession *roll_common_finder_get_session (RollCommonFinder *self); /* (nullable) (transfer none) */

/* (transfer none) (element-type RollCommonCause): the strongest first */
GPtrArray *roll_common_finder_get_groups (RollCommonFinder *self);

G_END_DECLS
