/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-scan-arguments.h"

G_BEGIN_DECLS

/*
 * What the scan logs on with: those of --credential in their order, then those of --credentials in theirs. Without either it is the
 * practice network's own account for a scan of it; else none, which is said aloud, as no computer will then tell anything, and
 * refused for a scan that goes on. Core dumps are off from here on.
 *
 * Returns: (transfer full) (element-type RollCredential): may be empty; NULL: a mistake was named, or the person stopped;
 *   *ret_exit is what to return
 */
GPtrArray *roll_scan_credentials_load (const RollScanArguments *arguments, gboolean practice, gboolean probe_only,
                                       RollExit *ret_exit);

G_END_DECLS
