/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "inventory/roll-credential.h"

G_BEGIN_DECLS

#define ROLL_VAULT_MAX_NAME 100     /* characters; longer ones fit neither a list nor a line of evidence */
#define ROLL_VAULT_MAX_ACCOUNT 256  /* characters; Active Directory's limit for a logon name */
#define ROLL_VAULT_MAX_SCOPE 4096   /* characters */
#define ROLL_VAULT_MAX_PASSWORD 256 /* characters; Windows stores no longer ones */

/**
 * RollVaultEntry: a credential as it is kept, without its password. Atomically refcounted, immutable once made.
 * @id: stays the same whatever else is changed
 * @name: the friendly name
 * @account: as typed: DOMAIN\user, user@realm, .\user
 * @scope: as in a key file; "": everywhere
 * @protocols: as in a key file; "": the usual ones
 * @order: entries are tried and shown in the order of these, by strcmp(); "" before it is saved: the last one
 * @session: for this session only: never written anywhere
 */
typedef struct
{
  gatomicrefcount ref_count;
  char *id;
  char *name;
  char *account;
  char *scope;
  char *protocols;
  char *order;
  gboolean session;
} RollVaultEntry;

/**
 * roll_vault_entry_new: what a person typed, checked.
 * @edited: (nullable): the entry that it takes the place of
 * @name: white space at its ends does not count
 * @scope, @protocols: (nullable):
 *
 * Errors: G_IO_ERROR_INVALID_ARGUMENT: what is wrong with which of them
 */
RollVaultEntry *roll_vault_entry_new (const RollVaultEntry *edited, const char *name, const char *account,
                                      const char *scope, const char *protocols, GError **error);

/**
 * roll_vault_entry_new_moved: the same entry at another place; saving it without a password moves it.
 * @after, @before: (nullable): its neighbours there, as they were listed
 */
RollVaultEntry *roll_vault_entry_new_moved (const RollVaultEntry *entry, const RollVaultEntry *after,
                                            const RollVaultEntry *before);

RollVaultEntry *roll_vault_entry_ref (RollVaultEntry *entry);
void roll_vault_entry_unref (RollVaultEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollVaultEntry, roll_vault_entry_unref)

/* By their place: below zero when @a comes first */
int roll_vault_entry_compare (const RollVaultEntry *a, const RollVaultEntry *b);

/* The same name, however its letters with marks are written. */
gboolean roll_vault_entry_has_name (const RollVaultEntry *entry, const char *name);

/* Errors: G_IO_ERROR_INVALID_ARGUMENT: what is wrong with it, for beside the input. */
gboolean roll_vault_name_check (const char *name, GError **error);
gboolean roll_vault_password_check (const RollSecret *password, GError **error);

/* (transfer full): what a scan logs on with */
RollCredential *roll_vault_entry_get_credential (const RollVaultEntry *entry, RollSecret *password, GError **error);

G_END_DECLS
