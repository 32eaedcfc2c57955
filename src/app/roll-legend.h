/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * RollLegend: the statuses that occur, under the headings of their groups.
 *
 * ::row-chosen (guint index): an index as in the counts
 */
#define ROLL_TYPE_LEGEND (roll_legend_get_type ())
G_DECLARE_FINAL_TYPE (RollLegend, roll_legend, ROLL, LEGEND, GtkWidget)

void roll_legend_set_counts (RollLegend *self, const guint *counts);
void roll_legend_set_marked (RollLegend *self, guint32 marked); /* bits of indices */

G_END_DECLS
