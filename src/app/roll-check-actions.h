/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "store/roll-store.h"

G_BEGIN_DECLS

/* The script that looks for causes on a target: to take along, and to bring back what it printed. */

/* Puts the script on the clipboard of @widget. */
void roll_check_copy (GtkWidget *widget);

/* Asks where to save the script, and saves it. */
void roll_check_save (GtkWidget *widget);

/* Asks for the file that the script printed. @callback: GFile or NULL */
typedef void (*RollCheckChosen) (GFile *file, gpointer user_data);
void roll_check_choose (GtkWidget *widget, RollCheckChosen callback, gpointer user_data);

/**
 * roll_check_take_async: reads what the script printed in a worker thread and keeps it with @computer.
 * @file: (nullable): where it is
 * @text: (nullable): it itself, where there is no file
 *
 * Errors: of a file that can't be read, those of roll_check_parse() and the store's.
 */
void roll_check_take_async (GFile *file, const char *text, RollStore *store, gint64 scan_id, RollComputer *computer, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
gboolean roll_check_take_finish (GAsyncResult *result, GError **error);

/* Above the window of @widget, if it is still there. */
void roll_check_show_error (GtkWidget *widget, const char *message);

G_END_DECLS
