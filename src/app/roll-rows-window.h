/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * RollRowsWindow: what a collector found on one computer, as a table: searched, sorted, copied. It is unpacked by a
 * worker thread.
 */
#define ROLL_TYPE_ROWS_WINDOW (roll_rows_window_get_type ())
G_DECLARE_FINAL_TYPE (RollRowsWindow, roll_rows_window, ROLL, ROWS_WINDOW, AdwWindow)

/* @label: what the rows are; @rows: of roll_row_set_to_bytes() */
GtkWidget *roll_rows_window_new (GtkWindow *parent, const char *computer, const char *label, GBytes *rows);

G_END_DECLS
