/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * RollBreakdown: the donut and its legend: how many computers have which status.
 *
 * ::status-chosen (guint index): a slice or a row was activated; an index as in the counts
 */
#define ROLL_TYPE_BREAKDOWN (roll_breakdown_get_type ())
G_DECLARE_FINAL_TYPE (RollBreakdown, roll_breakdown, ROLL, BREAKDOWN, GtkWidget)

void roll_breakdown_set_counts (RollBreakdown *self, const guint *counts); /* ROLL_N_LOOKS of them */
void roll_breakdown_set_marked (RollBreakdown *self, guint32 marked);      /* bits of indices */

G_END_DECLS
