/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-wizard-page.h"
#include "scan/roll-target-source.h"
#include "vault/roll-vault.h"

G_BEGIN_DECLS

/* RollDirectoryPage: computers that Active Directory knows: asked, chosen by place, filtered. */
#define ROLL_TYPE_DIRECTORY_PAGE (roll_directory_page_get_type ())
G_DECLARE_FINAL_TYPE (RollDirectoryPage, roll_directory_page, ROLL, DIRECTORY_PAGE, RollWizardPage)

void roll_directory_page_set_vault (RollDirectoryPage *self, RollVault *vault);

/* @name_servers: (nullable): instead of the system's */
void roll_directory_page_open (RollDirectoryPage *self, char **name_servers);

/* The computers that passed. (transfer full) */
RollTargetSource *roll_directory_page_get_source (RollDirectoryPage *self);

void roll_directory_page_forget_password (RollDirectoryPage *self);

G_END_DECLS
