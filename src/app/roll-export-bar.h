/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "scan/roll-export.h"

G_BEGIN_DECLS

/**
 * RollExportBar: writes a scan's results to a file in a worker thread and shows how far it is; can be cancelled.
 *
 * ::ended (const char *message, gboolean failed): @message says what became of it
 */
#define ROLL_TYPE_EXPORT_BAR (roll_export_bar_get_type ())
G_DECLARE_FINAL_TYPE (RollExportBar, roll_export_bar, ROLL, EXPORT_BAR, GtkWidget)

gboolean roll_export_bar_is_busy (RollExportBar *self);
void roll_export_bar_start (RollExportBar *self, RollStore *store, gint64 scan_id, RollExport what,
                            gboolean redacted, const char *path);
void roll_export_bar_cancel (RollExportBar *self);

G_END_DECLS
