/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-library.h"
#include "app/roll-wizard-page.h"
#include "scan/roll-profile.h"
#include "vault/roll-vault.h"

G_BEGIN_DECLS

/* RollAccountsPage: what a scan logs on with: credentials that are kept, an account for this scan only, or nothing. */
#define ROLL_TYPE_ACCOUNTS_PAGE (roll_accounts_page_get_type ())
G_DECLARE_FINAL_TYPE (RollAccountsPage, roll_accounts_page, ROLL, ACCOUNTS_PAGE, RollWizardPage)

/* @library: (nullable) */
void roll_accounts_page_set_vault (RollAccountsPage *self, RollVault *vault, RollLibrary *library);

/* What the trial of a credential asks with. */
void roll_accounts_page_set_options (RollAccountsPage *self, const RollScanOptions *options);

/* Who would log on, for a forecast; those kept are without their passwords. (transfer full) (nullable) (element-type
 * RollCredential): NULL: only look which computers answer */
GPtrArray *roll_accounts_page_get_forecast (RollAccountsPage *self);

/**
 * roll_accounts_page_load_async: with their passwords, from the keyring where they are kept there.
 *
 * Errors: those of roll_vault_load_async()
 */
void roll_accounts_page_load_async (RollAccountsPage *self, GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full) (nullable) (element-type RollCredential): NULL without an error: only look which computers answer */
GPtrArray *roll_accounts_page_load_finish (RollAccountsPage *self, GAsyncResult *result, GError **error);

/* What a profile keeps of it, and the other way round. */
void roll_accounts_page_to_profile (RollAccountsPage *self, RollProfile *profile);
void roll_accounts_page_from_profile (RollAccountsPage *self, const RollProfile *profile);

void roll_accounts_page_forget_password (RollAccountsPage *self);

G_END_DECLS
