/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-json.h"
#include "store/roll-store.h"

G_BEGIN_DECLS

/* The accounts of a scan that had to rest, and how many computers were not tried for that. */
typedef struct
{
  GPtrArray *texts; /* (element-type utf8): a sentence or two each */
  guint n_not_tried;
} RollResting;

gboolean roll_resting_load (RollStore *store, gint64 scan_id, RollResting *ret_resting, GError **error);
void roll_resting_clear (RollResting *resting);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RollResting, roll_resting_clear)

void roll_resting_print (FILE *stream, const RollResting *resting); /* nothing when none had to */
void roll_resting_json (RollJson *json, const RollResting *resting); /* fields of the summary */

G_END_DECLS
