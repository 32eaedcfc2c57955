/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gssapi/gssapi.h>

#include "directory/roll-directory-wait.h"

G_BEGIN_DECLS

/*
 * A logon with Kerberos: SASL GSSAPI (RFC 4752), with the ticket got beforehand. libkrb5 can't be kept from waiting for a KDC: that
 * goes on in a thread of its own, and is left to itself when nobody waits for it any more.
 */
typedef struct _RollDirectoryKerberos RollDirectoryKerberos;

/**
 * roll_directory_kerberos_new:
 * @credential: (nullable): NULL or without a password: the tickets of the user who runs the program
 * @domain: (nullable): for an account that has no realm
 * @host: of the service, "dc1.corp.example"
 *
 * Errors: ROLL_DIRECTORY_ERROR_KERBEROS, CLOCK, PASSWORD, ACCOUNT, as roll_directory_wait_poll()
 */
RollDirectoryKerberos *roll_directory_kerberos_new (const RollCredential *credential, const char *domain, const char *host,
                                                    const RollDirectoryWait *wait, GError **error);
void roll_directory_kerberos_free (RollDirectoryKerberos *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollDirectoryKerberos, roll_directory_kerberos_free)

/**
 * roll_directory_kerberos_step: what to answer to the server's token.
 * @token: (nullable): NULL at first
 *
 * Returns: (transfer full): maybe empty
 */
GBytes *roll_directory_kerberos_step (RollDirectoryKerberos *self, GBytes *token, GError **error);
/* The server is who it should be, and has agreed to seal everything. */
gboolean roll_directory_kerberos_is_complete (RollDirectoryKerberos *self);
/* (transfer full) */
gss_ctx_id_t roll_directory_kerberos_steal_context (RollDirectoryKerberos *self);

G_END_DECLS
