/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "inventory/roll-computer.h"

G_BEGIN_DECLS

/**
 * RollInventoryPage: what was collected from a computer: the key facts, and per class its rows, which it opens, or why
 * there are none.
 */
#define ROLL_TYPE_INVENTORY_PAGE (roll_inventory_page_get_type ())
G_DECLARE_FINAL_TYPE (RollInventoryPage, roll_inventory_page, ROLL, INVENTORY_PAGE, GtkWidget)

/* @classes: (nullable) (element-type RollClassResult): with their rows; NULL while they are being read */
void roll_inventory_page_show (RollInventoryPage *self, RollComputer *computer, GPtrArray *classes);

G_END_DECLS
