/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-scan-arguments.h"

G_BEGIN_DECLS

/**
 * roll_scan_stored_run: a scan of the store that goes on, or is made again in part: what it logs on with is stored nowhere and
 * loaded anew, and the practice network is built up again around a scan of it.
 */
RollExit roll_scan_stored_run (const RollScanArguments *arguments, RollStore *store, RollScan *scan, gboolean in_part);

G_END_DECLS
