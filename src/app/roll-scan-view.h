/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/roll-session.h"

G_BEGIN_DECLS

/**
 * RollScanView: a scan: its progress, breakdown and computers, and the help beside them.
 *
 * ::test-again (GArray *ordinals): (element-type guint): these computers are to be tested again; can't be asked for while nobody
 *   has connected
 *
 * :help-visible
 */
#define ROLL_TYPE_SCAN_VIEW (roll_scan_view_get_type ())
G_DECLARE_FINAL_TYPE (RollScanView, roll_scan_view, ROLL, SCAN_VIEW, GtkWidget)

void roll_scan_view_set_session (RollScanView *self, RollSession *session); /* (nullable) */
/* A scan that has just begun is shown whole, whatever the last one was filtered by. */
void roll_scan_view_show_all (RollScanView *self);

/* Only these of its computers. @ordinals: (element-type guint): ascending */
void roll_scan_view_show_group (RollScanView *self, const char *title, GArray *ordinals);

void roll_scan_view_focus_search (RollScanView *self);
void roll_scan_view_focus_list (RollScanView *self);

G_END_DECLS
