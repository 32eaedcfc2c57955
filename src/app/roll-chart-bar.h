/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* RollChartBar: shares of a whole side by side, in the colours of the statuses. Who wants it in words asks its row. */
#define ROLL_TYPE_CHART_BAR (roll_chart_bar_get_type ())
G_DECLARE_FINAL_TYPE (RollChartBar, roll_chart_bar, ROLL, CHART_BAR, GtkWidget)

/**
 * roll_chart_bar_new:
 * @counts: ROLL_N_LOOKS of them, in the order of display
 * @longest: the total that would fill the width; 0: its own
 */
GtkWidget *roll_chart_bar_new (const guint *counts, guint longest);

G_END_DECLS
