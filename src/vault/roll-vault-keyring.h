/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/roll-vault-entry.h"
#include "vault/roll-vault-run.h"

G_BEGIN_DECLS

/* The items of the keyring. All block, on the run's thread; errors are the vault's. */

/* (transfer full) (element-type RollVaultEntry): in order */
GPtrArray *roll_vault_keyring_list (RollVaultRun *run, gboolean unlock, GError **error);

/**
 * roll_vault_keyring_save:
 * @password: (nullable): the one that is there
 * @taken: (element-type RollVaultEntry): further entries whose names are not free
 */
RollVaultEntry *roll_vault_keyring_save (RollVaultRun *run, const RollVaultEntry *entry, const RollSecret *password,
                                         GPtrArray *taken, GError **error);

gboolean roll_vault_keyring_remove (RollVaultRun *run, const RollVaultEntry *entry, GError **error);

/* @credentials: (element-type RollCredential): of the same length as @entries; fills in those that are NULL */
gboolean roll_vault_keyring_load (RollVaultRun *run, GPtrArray *entries, GPtrArray *credentials, GError **error);

/* Of entries */
RollVaultEntry *roll_vault_entry_copy (const RollVaultEntry *entry, const char *order, gboolean session);
const RollVaultEntry *roll_vault_find_namesake (GPtrArray *entries, const RollVaultEntry *entry);
/* The order of one behind all of them, and behind @last. (transfer full) */
char *roll_vault_order_behind (GPtrArray *entries, const char *last);

G_END_DECLS
