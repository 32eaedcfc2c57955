/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/roll-computers-query.h"

G_BEGIN_DECLS

/**
 * RollComputersView: the list of computers: searched, filtered, sorted, copied. Where there is
 * little room only the columns that matter most are shown.
 *
 *
 * ::computer-chosen (guint ordinal): one computer alone is selected; G_MAXUINT: none or several
 * ::computer-activated (guint ordinal, gboolean evidence): its help, or its evidence, is wanted
 * ::filter-lifted (): the filter by status or group was lifted here
 */
#define ROLL_TYPE_COMPUTERS_VIEW (roll_computers_view_get_type ())
G_DECLARE_FINAL_TYPE (RollComputersView, roll_computers_view, ROLL, COMPUTERS_VIEW, GtkWidget)

/* Stays in use over all scans: the table is what changes. (transfer none) */
RollComputersQuery *roll_computers_view_get_query (RollComputersView *self);

/* One status or none (-1): an index of the order of display. */
void roll_computers_view_set_status (RollComputersView *self, int index);

/* Only computers that have something in common, @title says what; @ordinals: (nullable) (element-type guint): NULL: all */
void roll_computers_view_set_group (RollComputersView *self, const char *title, GArray *ordinals);

/* Forgets what was searched for. */
void roll_computers_view_clear_search (RollComputersView *self);

void roll_computers_view_focus_search (RollComputersView *self);
void roll_computers_view_focus_list (RollComputersView *self);

G_END_DECLS
