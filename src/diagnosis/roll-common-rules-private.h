/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "diagnosis/roll-common-rules.h"

G_BEGIN_DECLS

struct _RollCommonRules
{
  GArray *rules;                     /* (element-type RollCommonRule) */
  GPtrArray *teams;                  /* (element-type RollCommonTeam) */
  const char *where[ROLL_N_SHARED];  /* (nullable) */
  GPtrArray *blocks;                 /* arrays the rules point to */
  GStringChunk *texts;
};

G_END_DECLS
