/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "app/roll-computer-table.h"

G_BEGIN_DECLS

#define ROLL_TYPE_COMPUTER_ITEM (roll_computer_item_get_type ())
G_DECLARE_FINAL_TYPE (RollComputerItem, roll_computer_item, ROLL, COMPUTER_ITEM, GObject)

/**
 * RollComputerItem: what stands in one row of the list, for GTK. The row stays while another computer, or a newer state of
 * the same one, takes its place: so GTK keeps its widgets and only draws them anew.
 *
 * ::changed ()
 */
RollComputerItem *roll_computer_item_new (RollComputerTable *table, RollComputer *computer);
guint roll_computer_item_get_retries (RollComputerItem *self); /* of its scan */
RollComputer *roll_computer_item_get_computer (RollComputerItem *self); /* (transfer none) */
void roll_computer_item_set_computer (RollComputerItem *self, RollComputer *computer);

G_END_DECLS
