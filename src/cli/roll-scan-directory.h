/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-scan-arguments.h"
#include "scan/roll-target-source.h"

G_BEGIN_DECLS

/* FALSE: a mistake in the options about Active Directory was named; also when there are some without --from-ad. */
gboolean roll_scan_directory_check (const RollScanArguments *arguments);

/**
 * roll_scan_directory_find: the computers that Active Directory knows, waited for. What each filter left is told on standard error,
 *   and so is what went wrong.
 *
 * Returns: (transfer full) (nullable): names, with what is known of them; none without --from-ad; NULL: *ret_exit is what to return
 */
RollTargetSource *roll_scan_directory_find (const RollScanArguments *arguments, RollExit *ret_exit);

G_END_DECLS
