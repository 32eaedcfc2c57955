/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "diagnosis/roll-diagnosis.h"

G_BEGIN_DECLS

/*
 * The likeliest cause of each computer of a scan, one after the other, for exports of any length: what is stored of those that
 * failed is read a piece of some hundred computers at a time. One thread at a time; blocks.
 */
typedef struct _RollLikelyCauses RollLikelyCauses;

RollLikelyCauses *roll_likely_causes_new (RollStore *store, gint64 scan_id, GCancellable *cancellable, GError **error);
void roll_likely_causes_free (RollLikelyCauses *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollLikelyCauses, roll_likely_causes_free)

/**
 * roll_likely_causes_get:
 * @computer: in order of ordinals, or it takes longer
 *
 * Returns: (nullable): NULL without an error for a computer that did not fail
 */
const RollCause *roll_likely_causes_get (RollLikelyCauses *self, const RollComputer *computer, GError **error);

G_END_DECLS
