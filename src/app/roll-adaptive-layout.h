/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * RollAdaptiveLayout: two children, side by side where there is room for it, otherwise the first above the second.
 *
 * :threshold width in pixels from which on they stand side by side
 * :first-width width of the first child beside the second
 * :first-share of the height, the most that the first child gets above the second
 */
#define ROLL_TYPE_ADAPTIVE_LAYOUT (roll_adaptive_layout_get_type ())
G_DECLARE_FINAL_TYPE (RollAdaptiveLayout, roll_adaptive_layout, ROLL, ADAPTIVE_LAYOUT, GtkLayoutManager)

G_END_DECLS
