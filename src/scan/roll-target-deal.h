/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/roll-target-list.h"

G_BEGIN_DECLS

/*
 * Who has not been asked yet, in the order of the list, or dealt out like cards: one from each of many stretches of it in
 * turn. What stands together in a list is often together in a network as well, whose line bears only so many sessions at
 * once: dealt out, the networks are asked beside each other, and all parts of the list end together.
 */
typedef struct _RollTargetDeal RollTargetDeal;

/**
 * roll_target_deal_new:
 * @targets: not to be changed any more
 * @known: (nullable): a bit for each ordinal, the lowest of a byte first: these are left out; borrowed, not to be changed
 * @spread: deal them out; up to 256 keep their order all the same
 */
RollTargetDeal *roll_target_deal_new (RollTargetList *targets, RollTargetKinds kinds, const guint8 *known, gboolean spread);
void roll_target_deal_free (RollTargetDeal *self);

gboolean roll_target_deal_has_more (const RollTargetDeal *self);
/* @ret_target: its text is valid until the next one */
gboolean roll_target_deal_next (RollTargetDeal *self, RollTarget *ret_target);

G_END_DECLS
