/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "scan/roll-export.h"

G_BEGIN_DECLS

typedef enum
{
  ROLL_EXPORT_AS_CSV,
  ROLL_EXPORT_AS_JSON_LINES,
  ROLL_EXPORT_AS_REPORT,
  ROLL_EXPORT_AS_CHANGES, /* the caller sets since which scan */
} RollExportKind;

/* Asks for a file, for what to write into it and whether without names. (transfer full) */
GtkFileChooserNative *roll_export_chooser_new (GtkWindow *parent, RollExportKind kind, const RollScanInfo *info);
/* What was chosen in it. */
RollExport roll_export_chooser_get (GtkFileChooser *chooser, gboolean *ret_redacted);

/* A file name for a scan's name, without characters that make trouble. @ending: ".csv" (transfer full) */
char *roll_export_file_name (const char *scan_name, const char *ending);

G_END_DECLS
