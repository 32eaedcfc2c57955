/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-address.h"
#include "inventory/roll-secret.h"

G_BEGIN_DECLS

typedef enum
{
  ROLL_PROTOCOL_KERBEROS = 1,
  ROLL_PROTOCOL_NTLM = 2,
} RollProtocol;

/**
 * RollCredential: an account to log on with. Atomically refcounted, immutable once made.
 * @name: the friendly name, the only thing of it that is stored, shown and exported
 * @user: without domain or realm
 * @domain: "CORP", or "" for a local account (".\user") and for user@realm
 * @realm: of user@realm; NULL otherwise
 * @password: (nullable): NULL: the ticket cache of the user who runs the program
 * @scope: (nullable): rules "10.1.0.0/16", "*.corp.example", "corp.example" (with all below it), "pc1"; NULL: everywhere
 * @protocols: in the order they are tried, 0-terminated; only those that can be: a local account has no Kerberos, and without
 *   a password there is no NTLM
 */
typedef struct
{
  gatomicrefcount ref_count;
  char *name;
  char *user;
  char *domain;
  char *realm;
  RollSecret *password;
  char **scope;
  RollProtocol protocols[3];
} RollCredential;

/**
 * roll_credential_new:
 * @account: DOMAIN\user, user@realm, .\user, or a bare user, which is local; (nullable) without a password
 * @password: (transfer full) (nullable):
 * @scope, @protocols: (nullable): as in a key file, "10.1.0.0/16;*.corp.example", "kerberos;ntlm"
 *
 * Errors: G_IO_ERROR_INVALID_ARGUMENT: what is wrong with which of them
 */
RollCredential *roll_credential_new (const char *name, const char *account, RollSecret *password, const char *scope,
                                     const char *protocols, GError **error);
RollCredential *roll_credential_ref (RollCredential *credential);
void roll_credential_unref (RollCredential *credential);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollCredential, roll_credential_unref)

/* An account of each computer's own: .\user. */
gboolean roll_credential_is_local (const RollCredential *credential);

/* "domain", "local" or, of the local ones, "builtin-administrator" where it has its English name. */
const char *roll_credential_kind_id (const RollCredential *credential);

/* Whether it may be used there. @target: as the user gave it; @address: of AF_UNSPEC while not known: a network may fit then. */
gboolean roll_credential_applies (const RollCredential *credential, const char *target, const RollAddress *address);

G_END_DECLS
