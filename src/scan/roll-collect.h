/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-row-set.h"
#include "inventory/roll-collectors.h"
#include "inventory/roll-facts.h"
#include "wmi/roll-wmi.h"

G_BEGIN_DECLS

/* What one attempt may keep before it is stored, whatever the computer sends: several times what a big server has. */
#define ROLL_COLLECT_ROOM ((gsize) 16 << 20)

/**
 * roll_collect_query, roll_collect_registry: asks what one collector is after.
 * @inout_room: bytes that may still be kept; a computer that has more never ends: MALFORMED
 *
 * Returns: (transfer full) (nullable): NULL with an error of ROLL_RPC_ERROR
 */
RollRowSet *roll_collect_query (RollWmi *wmi, const RollCollector *collector, gsize *inout_room, GError **error);
RollRowSet *roll_collect_registry (RollRegistry *registry, const RollCollector *collector, gsize *inout_room,
                                   GError **error);

/* Sets what @rows say of the computer; of several rows' texts the first counts. */
void roll_collect_facts (const RollCollector *collector, const RollRowSet *rows, RollFacts *facts);

G_END_DECLS
