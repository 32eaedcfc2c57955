/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/roll-library.h"
#include "scan/roll-scan.h"
#include "vault/roll-vault.h"

G_BEGIN_DECLS

/**
 * RollCredentialWizard: a credential is made or edited: account and password, where and how it is used, a trial, and where it
 * is kept. Nothing is saved before the last page, nothing typed is lost on the way back.
 *
 * ::saved (RollVaultEntry *entry): as it is kept now; the wizard closes itself
 */
#define ROLL_TYPE_CREDENTIAL_WIZARD (roll_credential_wizard_get_type ())
G_DECLARE_FINAL_TYPE (RollCredentialWizard, roll_credential_wizard, ROLL, CREDENTIAL_WIZARD, AdwWindow)

/**
 * roll_credential_wizard_new:
 * @library: (nullable): the scans, the last of which the preview and the trial speak of
 * @edited: (nullable): what is to be changed; NULL: a new one
 */
GtkWidget *roll_credential_wizard_new (GtkWindow *parent, RollVault *vault, RollLibrary *library, RollVaultEntry *edited);

/* @options: (nullable): the trial asks by their port and name servers, instead of the last scan's. Copied */
void roll_credential_wizard_set_options (RollCredentialWizard *self, const RollScanOptions *options);

G_END_DECLS
