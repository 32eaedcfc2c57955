/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gnutls/gnutls.h>

#include "directory/roll-directory-wait.h"

G_BEGIN_DECLS

/* A handshake over a connected socket, and a look at the certificate. */
typedef struct
{
  gnutls_session_t session;
  gnutls_certificate_credentials_t credentials;
} RollDirectoryTls;

/* See roll_directory_wire_start_tls(). Nothing but the handshake itself has been sent when this returns. */
gboolean roll_directory_tls_start (RollDirectoryTls *tls, int fd, const char *host, char **accepted, const RollDirectoryWait *wait,
                                   RollDirectoryCertificate **ret_certificate, GError **error);
void roll_directory_tls_clear (RollDirectoryTls *tls);

G_END_DECLS
