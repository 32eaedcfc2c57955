/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-wizard-page.h"

G_BEGIN_DECLS

/* RollAccountsPage: what a scan logs on with. */
#define ROLL_TYPE_ACCOUNTS_PAGE (roll_accounts_page_get_type ())
G_DECLARE_FINAL_TYPE (RollAccountsPage, roll_accounts_page, ROLL, ACCOUNTS_PAGE, RollWizardPage)

/* (transfer full) (nullable) (element-type RollCredential): NULL: only look which computers answer */
GPtrArray *roll_accounts_page_get_credentials (RollAccountsPage *self);

void roll_accounts_page_forget_password (RollAccountsPage *self);

G_END_DECLS
