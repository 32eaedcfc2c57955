/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/roll-status-look.h"

G_BEGIN_DECLS

/* RollLegendRow: one status of the legend: sign, label, number and share. */
#define ROLL_TYPE_LEGEND_ROW (roll_legend_row_get_type ())
G_DECLARE_FINAL_TYPE (RollLegendRow, roll_legend_row, ROLL, LEGEND_ROW, GtkListBoxRow)

GtkWidget *roll_legend_row_new (guint index);
guint roll_legend_row_get_index (RollLegendRow *self);
void roll_legend_row_set_count (RollLegendRow *self, guint count, guint total);
guint roll_legend_row_get_count (RollLegendRow *self);
void roll_legend_row_set_marked (RollLegendRow *self, gboolean marked);

G_END_DECLS
