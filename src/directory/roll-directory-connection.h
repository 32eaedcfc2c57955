/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <ldap.h>

#include "directory/roll-directory-wire.h"

G_BEGIN_DECLS

/* A conversation with one domain controller, logged on. It blocks; one thread at a time. */
typedef struct
{
  LDAP *ldap;
  RollDirectoryWire *wire;
  char *server; /* "dc1.corp.example:389" */
  char *base;   /* "DC=corp,DC=example" */
} RollDirectoryConnection;

/**
 * roll_directory_connection_new: to the first server that answers; nowhere else is the account tried.
 *
 * Errors: see roll_directory_open_async()
 */
RollDirectoryConnection *roll_directory_connection_new (const RollDirectoryOptions *options, RollDirectoryWait *wait,
                                                        RollDirectoryCertificate **ret_certificate, GError **error);
void roll_directory_connection_free (RollDirectoryConnection *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollDirectoryConnection, roll_directory_connection_free)

/**
 * roll_directory_connection_wait: the next message of an exchange.
 *
 * Returns: (transfer full): for ldap_msgfree(). Errors: UNREACHABLE: it was closed; PROTOCOL, as roll_directory_wait_poll()
 */
LDAPMessage *roll_directory_connection_wait (RollDirectoryConnection *self, int id, const RollDirectoryWait *wait, GError **error);
/* Why libldap could not do it. Returns FALSE. */
gboolean roll_directory_connection_fail (RollDirectoryConnection *self, const RollDirectoryWait *wait, GError **error);

/* Logs on. Errors: see roll_directory_open_async(). A simple bind without TLS is refused here, whatever happened before. */
gboolean roll_directory_connection_bind (RollDirectoryConnection *self, const RollDirectoryOptions *options, const char *host,
                                         const RollDirectoryWait *wait, GError **error);

G_END_DECLS
