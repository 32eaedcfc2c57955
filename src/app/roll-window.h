/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* RollWindow: the main window. */
#define ROLL_TYPE_WINDOW (roll_window_get_type ())
G_DECLARE_FINAL_TYPE (RollWindow, roll_window, ROLL, WINDOW, AdwApplicationWindow)

RollWindow *roll_window_new (GtkApplication *application);

G_END_DECLS
