/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* RollWindow: the main window: the start page, or a scan. */
#define ROLL_TYPE_WINDOW (roll_window_get_type ())
G_DECLARE_FINAL_TYPE (RollWindow, roll_window, ROLL, WINDOW, AdwApplicationWindow)

RollWindow *roll_window_new (GtkApplication *application);

/* Opens New Scan with files of targets. */
void roll_window_open_files (RollWindow *self, GFile **files, guint n_files);

G_END_DECLS
