/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-class-result.h"
#include "inventory/roll-computer.h"

G_BEGIN_DECLS

/* What the inventory of a computer says, in the user's language. */

typedef struct
{
  const char *label;
  char *value;
} RollKeyFact;

/* Name, system, model, memory: those that are known, in human units. (transfer full) (element-type RollKeyFact) */
GPtrArray *roll_inventory_key_facts (const RollFacts *facts);

/* “Installed software”; the id of what this version does not know. */
const char *roll_inventory_label (const RollClassResult *result);

/* What a computer need not have, and has not: no failure. */
gboolean roll_inventory_is_absent (const RollClassResult *result);

/* “230 rows”, or what went wrong. (transfer full) */
char *roll_inventory_result (const RollClassResult *result);

/* Whether nothing failed of what was asked for; what a computer does not have is no failure. */
gboolean roll_inventory_is_whole (const RollComputer *computer);

/* “25 of 27 parts”, “All 27 parts”. (transfer full) */
char *roll_inventory_completeness (const RollComputer *computer);

G_END_DECLS
