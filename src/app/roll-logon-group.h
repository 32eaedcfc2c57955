/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "inventory/roll-credential.h"

G_BEGIN_DECLS

/**
 * RollLogonGroup: an account and its password, checked as they are typed, with the reason beside them. From the first
 * letter of a password on this process leaves no core dump.
 *
 * :required whether there must be an account
 *
 * ::changed (): see roll_logon_group_is_right()
 * ::activated (): Enter in the last entry
 */
#define ROLL_TYPE_LOGON_GROUP (roll_logon_group_get_type ())
G_DECLARE_FINAL_TYPE (RollLogonGroup, roll_logon_group, ROLL, LOGON_GROUP, AdwPreferencesGroup)

gboolean roll_logon_group_is_right (RollLogonGroup *self);
gboolean roll_logon_group_is_empty (RollLogonGroup *self);

/* As typed. (transfer full) */
char *roll_logon_group_get_account (RollLogonGroup *self);
void roll_logon_group_set_account (RollLogonGroup *self, const char *account);

/* What was typed, named by its account. (transfer full) (nullable) (element-type RollCredential): NULL for no account */
GPtrArray *roll_logon_group_get_credentials (RollLogonGroup *self);

void roll_logon_group_forget_password (RollLogonGroup *self);

/**
 * roll_logon_check: what is wrong with an account.
 *
 * Returns: (transfer full) (nullable): the reason, in the user's language
 */
char *roll_logon_check (const char *account);

G_END_DECLS
