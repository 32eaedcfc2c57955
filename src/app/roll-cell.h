/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * RollCell: a cell of the computers list. It shows one line of text and, where it has one, a sign before it, and knows
 * where its row stands, so that a click can be told a computer.
 *
 * :text, :sign (an icon name), :sign-classes
 * :position of the row
 */
#define ROLL_TYPE_CELL (roll_cell_get_type ())
G_DECLARE_FINAL_TYPE (RollCell, roll_cell, ROLL, CELL, GtkWidget)

/* Position of the row that @widget stands in; GTK_INVALID_LIST_POSITION when it stands in none. */
guint roll_cell_find_position (GtkWidget *widget);

G_END_DECLS
