/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gssapi/gssapi.h>
#include <lber.h>

#include "directory/roll-directory-wait.h"
#include "inventory/roll-address.h"

G_BEGIN_DECLS

/*
 * The bytes between libldap and a server: plain at first, then over TLS or sealed with Kerberos. It is ours, not libldap's, so
 * that no setting of libldap's files can weaken it, a certificate is looked at before anything else is sent, and
 * every wait can be cancelled.
 */
typedef struct _RollDirectoryWire RollDirectoryWire;

/* Connects. Errors: ROLL_DIRECTORY_ERROR_UNREACHABLE, as roll_directory_wait_poll(). */
RollDirectoryWire *roll_directory_wire_new (const RollAddress *address, guint16 port, const RollDirectoryWait *wait, GError **error);
void roll_directory_wire_free (RollDirectoryWire *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollDirectoryWire, roll_directory_wire_free)

/* For libldap. The wire is not freed with it, and outlives it. */
extern Sockbuf_IO roll_directory_wire_io;
int roll_directory_wire_get_fd (RollDirectoryWire *self); /* for poll() alone */

/* Before each exchange: what may come in until the next time. Beyond that the connection breaks. */
void roll_directory_wire_allow (RollDirectoryWire *self, gsize bytes, const RollDirectoryWait *wait);
/* The server or the network closed it; FALSE while libldap gives up: what came was too much or made no sense. */
gboolean roll_directory_wire_has_ended (RollDirectoryWire *self);

/**
 * roll_directory_wire_start_tls:
 * @host: whose certificate is wanted
 * @accepted: (nullable): fingerprints that are accepted whatever else is wrong
 * @ret_certificate: (transfer full): with ROLL_DIRECTORY_ERROR_CERTIFICATE
 *
 * After a failure nothing can be sent any more.
 *
 * Errors: ROLL_DIRECTORY_ERROR_TLS, CERTIFICATE, as roll_directory_wait_poll()
 */
gboolean roll_directory_wire_start_tls (RollDirectoryWire *self, const char *host, char **accepted, const RollDirectoryWait *wait,
                                        RollDirectoryCertificate **ret_certificate, GError **error);
/* Over TLS, with a certificate that was verified or accepted. */
gboolean roll_directory_wire_is_safe (RollDirectoryWire *self);

/* From now on all is sealed and must be. @context: (transfer full) */
void roll_directory_wire_start_sealing (RollDirectoryWire *self, gss_ctx_id_t context);

G_END_DECLS
