/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-rows-table.h"

G_BEGIN_DECLS

/* A row of a RollRowsTable, for the lists of GTK. */
#define ROLL_TYPE_ROWS_ITEM (roll_rows_item_get_type ())
G_DECLARE_FINAL_TYPE (RollRowsItem, roll_rows_item, ROLL, ROWS_ITEM, GObject)

guint roll_rows_item_get_row (RollRowsItem *self);
const char *roll_rows_item_get_text (RollRowsItem *self, guint column);

/* The rows of a table as a list model; each item is made when it is asked for. */
#define ROLL_TYPE_ROWS_MODEL (roll_rows_model_get_type ())
G_DECLARE_FINAL_TYPE (RollRowsModel, roll_rows_model, ROLL, ROWS_MODEL, GObject)

RollRowsModel *roll_rows_model_new (RollRowsTable *table);

G_END_DECLS
