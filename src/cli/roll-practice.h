/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab/roll-lab.h"
#include "scan/roll-scan.h"

G_BEGIN_DECLS

/* The practice network as something to scan. */

RollLab *roll_practice_start (guint n_computers, GError **error);
/* The one a stored scan was made of: as many computers on the same port. */
RollLab *roll_practice_start_again (const RollScanInfo *info, GError **error);

RollTargetList *roll_practice_get_targets (RollLab *lab);                /* (transfer full) */
void roll_practice_set_options (RollLab *lab, RollScanOptions *options); /* its port and its name server */

/* Nobody shall take it for the real thing. */
void roll_practice_announce (void);

G_END_DECLS
