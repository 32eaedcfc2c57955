/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/roll-computer-item.h"
#include "app/roll-row-order.h"

G_BEGIN_DECLS

/**
 * RollCell: one column of one row of the computers list. GTK keeps 200 rows ready around what can be seen, so a cell is
 * one widget that draws its line of text and its sign by itself, and works them out only when it is drawn.
 */
#define ROLL_TYPE_CELL (roll_cell_get_type ())
G_DECLARE_FINAL_TYPE (RollCell, roll_cell, ROLL, CELL, GtkWidget)

GtkWidget *roll_cell_new (RollColumn column);

/* @item: (nullable) */
void roll_cell_set_item (RollCell *self, RollComputerItem *item);

/* The item of the row that @widget stands in. (transfer none) (nullable) */
RollComputerItem *roll_cell_find_item (GtkWidget *widget);

/* That row itself. (transfer none) (nullable) */
GtkWidget *roll_cell_find_row (GtkWidget *widget);

G_END_DECLS
