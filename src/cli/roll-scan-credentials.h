/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-scan-arguments.h"

G_BEGIN_DECLS

/*
 * What the scan logs on with: the file of --credentials, else the practice network's own account for a scan of it; none
 * is said aloud, as no computer will then tell anything, and refused for a scan that goes on. Core dumps are off from here on.
 *
 * Returns: (transfer full) (element-type RollCredential): may be empty; NULL: a mistake was named
 */
GPtrArray *roll_scan_credentials_load (const RollScanArguments *arguments, gboolean practice, gboolean probe_only);

G_END_DECLS
