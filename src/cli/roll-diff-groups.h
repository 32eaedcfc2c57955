/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "report/roll-change-texts.h"

G_BEGIN_DECLS

/*
 * Changes for people: what happened to many computers alike is one line with their number and the names of some. The
 * memory it takes is bounded; of what does not fit the number is kept.
 */
typedef struct _RollDiffGroups RollDiffGroups;

RollDiffGroups *roll_diff_groups_new (void);
void roll_diff_groups_free (RollDiffGroups *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollDiffGroups, roll_diff_groups_free)

void roll_diff_groups_add (RollDiffGroups *self, const RollChangeTexts *change);
/* The groups with something in them, each headed and with its commonest changes first. */
void roll_diff_groups_print (RollDiffGroups *self, FILE *stream);
/* Whether lines were left out. */
gboolean roll_diff_groups_is_cut (RollDiffGroups *self);

G_END_DECLS
