/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-scan-arguments.h"
#include "scan/roll-profile.h"

G_BEGIN_DECLS

/* FALSE: what has no meaning beside --profile was named. */
gboolean roll_scan_profile_check (const RollScanArguments *arguments);

/* The profile; the credentials it names are put into @arguments, unless others are there. NULL: why was said */
RollProfile *roll_scan_profile_load (RollScanArguments *arguments);

/**
 * roll_scan_profile_get_targets: as the profile has them; wrong entries are named on standard error.
 *
 * Returns: (transfer full) (nullable): NULL: none is left, or a file is no use
 */
RollTargetList *roll_scan_profile_get_targets (const RollProfile *profile, guint *ret_wrong);

G_END_DECLS
