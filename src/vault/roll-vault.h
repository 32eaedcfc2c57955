/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "vault/roll-vault-entry.h"

G_BEGIN_DECLS

/*
 * The credentials of this user: kept in the keyring through libsecret, and nowhere else, or for this session only, in memory.
 * Whoever lists, saves or loads need not know which.
 *
 * Each credential is an item of the keyring of its own; its password is the item's secret, the rest are attributes. All calls are
 * asynchronous, answer in the caller's main context, and answer within the time allowed, whatever the keyring does.
 *
 * ::changed (): roll_vault_list_async() may say something else now: saved or removed here, or, once roll_vault_watch() was called,
 *   by another program, or the keyring was locked, unlocked, started or ended
 */
#define ROLL_TYPE_VAULT (roll_vault_get_type ())
G_DECLARE_FINAL_TYPE (RollVault, roll_vault, ROLL, VAULT, GObject)

#define ROLL_VAULT_TIMEOUT_MS (120 * 1000) /* somebody has to find and type the keyring's password */

/* Each with a sentence that says what to do. */
#define ROLL_VAULT_ERROR (roll_vault_error_quark ())
typedef enum
{
  ROLL_VAULT_ERROR_NO_SERVICE, /* nobody keeps secrets here, or there is no session bus */
  ROLL_VAULT_ERROR_LOCKED,     /* and it was not to be asked for its password */
  ROLL_VAULT_ERROR_DISMISSED,  /* it stayed locked: the question was closed, or could not be shown */
  ROLL_VAULT_ERROR_TIMED_OUT,
  ROLL_VAULT_ERROR_NOT_FOUND,  /* removed by another program */
  ROLL_VAULT_ERROR_EXISTS,     /* another one has that name */
  ROLL_VAULT_ERROR_FAILED,     /* what the keyring says of it is in the text */
} RollVaultError;
GQuark roll_vault_error_quark (void);

RollVault *roll_vault_new (void);

/* Listens to the keyring, without starting one; in the thread's main context. */
void roll_vault_watch (RollVault *self);

/* For each call to come. */
void roll_vault_set_timeout (RollVault *self, guint timeout_ms);

/**
 * roll_vault_list_async:
 * @unlock: a locked keyring may ask the person for its password; otherwise that is ROLL_VAULT_ERROR_LOCKED
 */
void roll_vault_list_async (RollVault *self, gboolean unlock, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);

/**
 * roll_vault_list_finish:
 * @ret_trouble: why those of the keyring are missing: ROLL_VAULT_ERROR, or G_IO_ERROR_CANCELLED
 *
 * Returns: (transfer full) (element-type RollVaultEntry): in order; never NULL: those of this session are there in any case
 */
GPtrArray *roll_vault_list_finish (RollVault *self, GAsyncResult *result, GError **ret_trouble);

/**
 * roll_vault_save_async: a new one, or an edited or moved one.
 * @password: (nullable): the one that is kept already
 * @session: for this session only. One of the same id in the keyring is left there, and hidden meanwhile
 *
 * Errors: ROLL_VAULT_ERROR, G_IO_ERROR_CANCELLED; G_IO_ERROR_INVALID_ARGUMENT for the password
 */
void roll_vault_save_async (RollVault *self, RollVaultEntry *entry, RollSecret *password, gboolean session,
                            GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full): as it is kept now, with its place */
RollVaultEntry *roll_vault_save_finish (RollVault *self, GAsyncResult *result, GError **error);

/* Errors: ROLL_VAULT_ERROR, NOT_FOUND also when somebody else was faster; G_IO_ERROR_CANCELLED */
void roll_vault_remove_async (RollVault *self, RollVaultEntry *entry, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data);
gboolean roll_vault_remove_finish (RollVault *self, GAsyncResult *result, GError **error);

/**
 * roll_vault_load_async: with their passwords. What has been loaded stays good whatever becomes of the keyring.
 * @entries: (element-type RollVaultEntry): in the order wanted
 *
 * Errors: ROLL_VAULT_ERROR, NOT_FOUND with the name of the one that is gone; G_IO_ERROR_CANCELLED
 */
void roll_vault_load_async (RollVault *self, GPtrArray *entries, GCancellable *cancellable, GAsyncReadyCallback callback,
                            gpointer user_data);
/* (transfer full) (element-type RollCredential) */
GPtrArray *roll_vault_load_finish (RollVault *self, GAsyncResult *result, GError **error);

/* Within src/vault: @text is the keyring's own, or the name that the error is about. */
void roll_vault_set_error (GError **error, RollVaultError code, const char *text);

G_END_DECLS
