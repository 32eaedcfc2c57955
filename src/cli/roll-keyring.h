/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-cli.h"
#include "vault/roll-vault.h"

G_BEGIN_DECLS

/*
 * The keyring, waited for: whoever waits long is told why, and SIGINT ends it. What goes wrong is named on stderr, and
 * *ret_exit is what to return then. From the first call on core dumps are off.
 */

/* (transfer full) (element-type RollVaultEntry): in order; NULL: it could not be used */
GPtrArray *roll_keyring_list (RollVault *vault, RollExit *ret_exit);
gboolean roll_keyring_save (RollVault *vault, RollVaultEntry *entry, RollSecret *password, RollExit *ret_exit);
gboolean roll_keyring_remove (RollVault *vault, RollVaultEntry *entry, RollExit *ret_exit);

/* (nullable): that of this name */
RollVaultEntry *roll_keyring_find (GPtrArray *entries, const char *name);
/* Says that there is none, and what there is. */
RollExit roll_keyring_unknown (const char *name);

/* (transfer full) (element-type RollCredential): those of these names, in this order */
GPtrArray *roll_keyring_load (char **names, RollExit *ret_exit);

G_END_DECLS
