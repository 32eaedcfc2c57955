/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "vault/roll-vault.h"

G_BEGIN_DECLS

/**
 * RollCredentialRow: one credential of the list. Its buttons activate "credentials.edit" and "credentials.remove" with its id.
 *
 * ::toggled (): was chosen, or not any more
 */
#define ROLL_TYPE_CREDENTIAL_ROW (roll_credential_row_get_type ())
G_DECLARE_FINAL_TYPE (RollCredentialRow, roll_credential_row, ROLL, CREDENTIAL_ROW, AdwActionRow)

/* @choosing: it has a check box, which is what a click anywhere is for; otherwise a click edits */
GtkWidget *roll_credential_row_new (gboolean choosing);

void roll_credential_row_set_entry (RollCredentialRow *self, RollVaultEntry *entry);
RollVaultEntry *roll_credential_row_get_entry (RollCredentialRow *self); /* (transfer none) */

void roll_credential_row_set_chosen (RollCredentialRow *self, gboolean chosen);
gboolean roll_credential_row_is_chosen (RollCredentialRow *self);

/* Where and how it is used, in the user's language. (transfer full) */
char *roll_credential_describe (const RollVaultEntry *entry);

G_END_DECLS
