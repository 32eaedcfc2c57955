/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/roll-vault.h"

G_BEGIN_DECLS

/*
 * A keyring of the test's own: GNOME Keyring on a session bus that nobody else is on, with its files in a folder that goes with
 * it; or libsecret's file backend where SECRET_BACKEND says so. No desktop is there, so no question can be shown.
 */
typedef struct
{
  char *folder;
  GSubprocess *daemon;
  RollVault *vault;
} Keyring;

#define KEYRING_PASSWORD "the keyring's own"

gboolean keyring_is_file (void);
/* Once, before anything else. */
void keyring_begin (void);
void keyring_end (void);

void keyring_set_up (Keyring *keyring, gconstpointer data);
void keyring_tear_down (Keyring *keyring, gconstpointer data);
void keyring_start (Keyring *keyring, gboolean unlocked);
void keyring_stop (Keyring *keyring);
void keyring_lock (Keyring *keyring);

/* Someone of that name is on the bus and never answers anything, until it is given to silent_service_free(). */
typedef struct _SilentService SilentService;
SilentService *silent_service_new (const char *name);
/* Takes calls of this one: their answer is empty, and nothing comes of it. */
void silent_service_accept (SilentService *self, const char *method);
void silent_service_free (SilentService *self);

/* The calls of the vault, waited for. */
GPtrArray *vault_list (RollVault *vault, gboolean unlock, GError **ret_trouble);
RollVaultEntry *vault_save (RollVault *vault, RollVaultEntry *entry, const char *password, gboolean session, GError **error);
gboolean vault_remove (RollVault *vault, RollVaultEntry *entry, GError **error);
GPtrArray *vault_load (RollVault *vault, GPtrArray *entries, GError **error);

/* Good ones */
RollVaultEntry *entry_new (const char *name);
RollVaultEntry *vault_add (RollVault *vault, const char *name, const char *password);

G_END_DECLS
