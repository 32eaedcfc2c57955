/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/roll-computer-item.h"
#include "app/roll-computer-table.h"

G_BEGIN_DECLS

/**
 * RollComputersModel: the computers that are shown, in the order they are shown in, and which of them are selected: what
 * the column view has as its model. Rows that are no longer shown are no longer selected.
 *
 * GTK 4.8 keeps the widgets of 200 rows and makes them anew for all rows that are said to have changed; that would hold
 * the window up. So the items are not the computers but the rows: in another order, others stand in the same rows.
 *
 * ::items-changed, ::selection-changed: as GTK's
 */
#define ROLL_TYPE_COMPUTERS_MODEL (roll_computers_model_get_type ())
G_DECLARE_FINAL_TYPE (RollComputersModel, roll_computers_model, ROLL, COMPUTERS_MODEL, GObject)

RollComputersModel *roll_computers_model_new (void);

/* Forgets the order: nothing is shown. @table: (nullable) */
void roll_computers_model_set_table (RollComputersModel *self, RollComputerTable *table);
RollComputerTable *roll_computers_model_get_table (RollComputersModel *self); /* (nullable) (transfer none) */

/**
 * roll_computers_model_set_order:
 * @order: (transfer full) (element-type guint32): ordinals
 * @from_top: the list is to be read from its top; otherwise the anchor's row stays with its computer
 */
void roll_computers_model_set_order (RollComputersModel *self, GArray *order, gboolean from_top);

/* Some computers have a newer state: the rows show it. */
void roll_computers_model_update (RollComputersModel *self);

/* The position of the row that is to stay where it is when others come and go; G_MAXUINT: the top. */
typedef guint (*RollAnchorFunc) (gpointer user_data);
void roll_computers_model_set_anchor_func (RollComputersModel *self, RollAnchorFunc func, gpointer user_data);

/* How many are shown, also while the list still grows to them. */
guint roll_computers_model_get_n_shown (RollComputersModel *self);
gboolean roll_computers_model_is_growing (RollComputersModel *self);

/* (transfer full) (element-type guint32): ordinals of the selected computers as they are shown. */
GArray *roll_computers_model_get_selected (RollComputersModel *self);

/* (transfer full) (element-type guint32): all that pass the filter, as they are shown. */
GArray *roll_computers_model_get_shown (RollComputersModel *self);

guint roll_computers_model_get_ordinal (RollComputersModel *self, guint position);
/* Where the computer is shown; GTK_INVALID_LIST_POSITION when it is not. */
guint roll_computers_model_find (RollComputersModel *self, guint ordinal);

G_END_DECLS
