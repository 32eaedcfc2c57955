/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-json.h"
#include "diagnosis/roll-common-causes.h"

G_BEGIN_DECLS

/* What failures have in common, as `report` tells it. @groups: (element-type RollCommonCause) */
void roll_common_print (FILE *stream, GPtrArray *groups, const RollScanInfo *info, const char *database);
void roll_common_json (RollJson *json, GPtrArray *groups);

G_END_DECLS
