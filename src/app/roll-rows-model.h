/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-rows-table.h"

G_BEGIN_DECLS

/* A row of a RollRowsTable, for the lists of GTK. */
#define ROLL_TYPE_ROWS_ITEM (roll_rows_item_get_type ())
G_DECLARE_FINAL_TYPE (RollRowsItem, roll_rows_item, ROLL, ROWS_ITEM, GObject)

const char *roll_rows_item_get_text (RollRowsItem *self, guint column);

/*
 * The rows of a table as a list model; each item is made when it is asked for. The first ones are added bit by
 * bit, as GTK makes their widgets.
 */
#define ROLL_TYPE_ROWS_MODEL (roll_rows_model_get_type ())
G_DECLARE_FINAL_TYPE (RollRowsModel, roll_rows_model, ROLL, ROWS_MODEL, GObject)

RollRowsModel *roll_rows_model_new (RollRowsTable *table);
/* @rows: (element-type guint): those that are shown, in this order; unchanged from now on */
void roll_rows_model_set_rows (RollRowsModel *self, GArray *rows);
guint roll_rows_model_get_n_rows (RollRowsModel *self); /* also those that are still to be added */
guint roll_rows_model_get_row (RollRowsModel *self, guint position); /* of these */

G_END_DECLS
