/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * RollDonut: shares of a whole as a ring, the total in its middle. One tab stop; arrow keys, Home and End go from slice
 * to slice, Enter or Space activates one, as a click does. Its accessible description has all numbers.
 *
 * ::slice-activated (guint index): an index as in the counts, see roll_status_look_nth()
 */
#define ROLL_TYPE_DONUT (roll_donut_get_type ())
G_DECLARE_FINAL_TYPE (RollDonut, roll_donut, ROLL, DONUT, GtkWidget)

/* @counts: ROLL_N_LOOKS numbers in the order of display, copied. */
void roll_donut_set_counts (RollDonut *self, const guint *counts);

/* The slices that stand out, as bits of their indices; 0: all alike. */
void roll_donut_set_marked (RollDonut *self, guint32 marked);

/* Index of the slice that arrow keys have reached, or -1. */
int roll_donut_get_focused (RollDonut *self);

G_END_DECLS
