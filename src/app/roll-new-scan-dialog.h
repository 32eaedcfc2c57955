/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/roll-session.h"

G_BEGIN_DECLS

/**
 * RollNewScanDialog: what to scan and how. Checked while it is typed; nothing typed is lost until a scan has begun.
 *
 * ::start (RollScanPlan *plan): (transfer full) a scan is wanted; end it with roll_new_scan_dialog_begun() or
 *   roll_new_scan_dialog_failed()
 */
#define ROLL_TYPE_NEW_SCAN_DIALOG (roll_new_scan_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RollNewScanDialog, roll_new_scan_dialog, ROLL, NEW_SCAN_DIALOG, AdwWindow)

GtkWidget *roll_new_scan_dialog_new (GtkWindow *parent);

void roll_new_scan_dialog_add_files (RollNewScanDialog *self, GFile **files, guint n_files);

/* The scan runs: closes the dialog and forgets what was typed. */
void roll_new_scan_dialog_begun (RollNewScanDialog *self);
/* It could not be started: says why; everything typed stays. */
void roll_new_scan_dialog_failed (RollNewScanDialog *self, const char *message);

G_END_DECLS
