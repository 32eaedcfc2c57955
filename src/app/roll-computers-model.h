/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/roll-computer-table.h"
#include "app/roll-row-order.h"

G_BEGIN_DECLS

/**
 * RollComputersModel: the rows of a table that pass the filter, in order, with their selection: what the column view
 * shows. Filtering and sorting happen in a worker thread; the rows change hands in one go when the new order is there.
 * Rows that are filtered out are no longer selected.
 *
 * :busy whether a new order is being worked out
 */
#define ROLL_TYPE_COMPUTERS_MODEL (roll_computers_model_get_type ())
G_DECLARE_FINAL_TYPE (RollComputersModel, roll_computers_model, ROLL, COMPUTERS_MODEL, GObject)

RollComputersModel *roll_computers_model_new (void);

void roll_computers_model_set_table (RollComputersModel *self, RollComputerTable *table);
RollComputerTable *roll_computers_model_get_table (RollComputersModel *self); /* (nullable) (transfer none) */

void roll_computers_model_set_statuses (RollComputersModel *self, guint32 statuses); /* see RollRowFilter */
guint32 roll_computers_model_get_statuses (RollComputersModel *self);
void roll_computers_model_set_search (RollComputersModel *self, const char *search);
void roll_computers_model_set_sort (RollComputersModel *self, RollColumn column, gboolean descending);

gboolean roll_computers_model_is_busy (RollComputersModel *self);

/* (transfer full) (element-type guint32): ordinals of the selected rows as they are shown. */
GArray *roll_computers_model_get_selected (RollComputersModel *self);

/* Ordinal of the row at @position. */
guint roll_computers_model_get_ordinal (RollComputersModel *self, guint position);
/* Where the row of @ordinal is shown; GTK_INVALID_LIST_POSITION when it is not. */
guint roll_computers_model_find (RollComputersModel *self, guint ordinal);

G_END_DECLS
