/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/roll-library.h"

G_BEGIN_DECLS

/**
 * RollCompareWindow: what changed between a scan and another one, which is chosen here: a number for each group of changes, a
 * table behind it to search and copy, and all of it as CSV. It is compared in a worker thread.
 */
#define ROLL_TYPE_COMPARE_WINDOW (roll_compare_window_get_type ())
G_DECLARE_FINAL_TYPE (RollCompareWindow, roll_compare_window, ROLL, COMPARE_WINDOW, AdwWindow)

/* @scan_id: of a scan of @library that has at least one other */
GtkWidget *roll_compare_window_new (GtkWindow *parent, RollLibrary *library, gint64 scan_id);

G_END_DECLS
