/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/roll-computer-table.h"
#include "diagnosis/roll-common-causes.h"

G_BEGIN_DECLS

/**
 * RollCommonRow: one common cause: its sentence, how many computers, how sure; opened also who was not struck, and what
 * can be done about it.
 *
 * ::others-toggled (): whether those that were not struck are to be listed too
 * ::help-wanted (), ::test-wanted (), ::save-wanted ()
 * ::ticket-wanted (gboolean redacted)
 */
#define ROLL_TYPE_COMMON_ROW (roll_common_row_get_type ())
G_DECLARE_FINAL_TYPE (RollCommonRow, roll_common_row, ROLL, COMMON_ROW, GtkListBoxRow)

GtkWidget *roll_common_row_new (void);

/* @table: for the names of those that were not struck */
void roll_common_row_set_group (RollCommonRow *self, RollCommonCause *group, RollComputerTable *table);
RollCommonCause *roll_common_row_get_group (RollCommonRow *self); /* (transfer none) */

void roll_common_row_set_open (RollCommonRow *self, gboolean open);
gboolean roll_common_row_shows_others (RollCommonRow *self);
void roll_common_row_set_can_test (RollCommonRow *self, gboolean can_test);
/* What became of what was asked for. */
void roll_common_row_set_feedback (RollCommonRow *self, const char *text);

G_END_DECLS
