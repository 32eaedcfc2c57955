/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/roll-library.h"
#include "app/roll-session.h"
#include "scan/roll-profile.h"
#include "vault/roll-vault.h"

G_BEGIN_DECLS

/**
 * RollScanWizard: New Scan. Which computers, with which accounts, a look at what will happen, Start. Pages beside this
 * way are shown to those who ask for them. Nothing that was entered is lost until a scan has begun.
 *
 * ::start (RollScanPlan *plan): (transfer full) a scan is wanted; end it with roll_scan_wizard_begun() or
 *   roll_scan_wizard_failed()
 */
#define ROLL_TYPE_SCAN_WIZARD (roll_scan_wizard_get_type ())
G_DECLARE_FINAL_TYPE (RollScanWizard, roll_scan_wizard, ROLL, SCAN_WIZARD, AdwWindow)

GtkWidget *roll_scan_wizard_new (GtkWindow *parent, RollVault *vault, RollLibrary *library);

/* Fills in all of it, and shows the summary; asks before it takes the place of what was entered. @profile: (transfer full) */
void roll_scan_wizard_fill_in (RollScanWizard *self, RollProfile *profile);

void roll_scan_wizard_add_files (RollScanWizard *self, GFile **files, guint n_files);

/* The scan runs: closes the wizard and forgets what was entered. */
void roll_scan_wizard_begun (RollScanWizard *self);
/* It could not be started: says why; everything entered stays. */
void roll_scan_wizard_failed (RollScanWizard *self, const char *message);

G_END_DECLS
