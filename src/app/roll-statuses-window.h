/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "status/roll-status.h"

G_BEGIN_DECLS

/* RollStatusesWindow: every status and its help, also without a scan; searchable by name, code, id and error number. */
#define ROLL_TYPE_STATUSES_WINDOW (roll_statuses_window_get_type ())
G_DECLARE_FINAL_TYPE (RollStatusesWindow, roll_statuses_window, ROLL, STATUSES_WINDOW, AdwWindow)

GtkWidget *roll_statuses_window_new (GtkApplication *application);

G_END_DECLS
