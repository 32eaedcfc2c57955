/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "vault/roll-vault.h"

G_BEGIN_DECLS

/**
 * RollAccountForm: an account, its password and a name for both, checked as they are typed, with the reason beside each. From
 * the first letter of a password on this process leaves no core dump.
 *
 * ::changed (): see roll_account_form_is_right()
 * ::activated (): Enter in one of the entries
 */
#define ROLL_TYPE_ACCOUNT_FORM (roll_account_form_get_type ())
G_DECLARE_FINAL_TYPE (RollAccountForm, roll_account_form, ROLL, ACCOUNT_FORM, GtkWidget)

/* What is to be changed; its password is kept unless another one is typed. */
void roll_account_form_set_edited (RollAccountForm *self, RollVaultEntry *edited);
/* @entries: (element-type RollVaultEntry): whose names are taken */
void roll_account_form_set_others (RollAccountForm *self, GPtrArray *entries);

gboolean roll_account_form_is_right (RollAccountForm *self);
/* Says as well what is still to be typed. Returns: whether all is right; otherwise the first that is not has the keyboard */
gboolean roll_account_form_insist (RollAccountForm *self);
gboolean roll_account_form_is_touched (RollAccountForm *self); /* something was typed */

char *roll_account_form_get_account (RollAccountForm *self); /* (transfer full) */
char *roll_account_form_get_name (RollAccountForm *self);    /* (transfer full) */
RollSecret *roll_account_form_get_password (RollAccountForm *self); /* (transfer full) (nullable): NULL: none was typed */
void roll_account_form_forget_password (RollAccountForm *self);

G_END_DECLS
