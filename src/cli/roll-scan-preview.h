/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-credential.h"
#include "scan/roll-target-list.h"

G_BEGIN_DECLS

/* Says for each target which credentials would be tried on it, in order, and by which protocols. Sends nothing and
 * asks nobody, so that of a name and a network it can only say "maybe". @credentials: (element-type RollCredential) */
void roll_scan_preview_print (RollTargetList *targets, GPtrArray *credentials, gboolean as_json);

G_END_DECLS
