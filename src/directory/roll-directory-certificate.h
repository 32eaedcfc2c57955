/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RollDirectoryCertificate: one that could not be verified, for a person to look at. All texts are printable and of bounded length.
 * @server: whose it is, lower case, without a port: "dc1.corp.example", "10.0.0.1"
 * @names: the host names and addresses it was made for, separated by ", "; "" when it has none
 * @fingerprint: SHA-256 of the certificate, "3F:2A:…"
 * @not_before, @not_after: seconds since 1970, UTC
 * @reason: why it was not verified, a sentence or several
 * @replaces: (nullable): the fingerprint that was accepted for this server before: somebody may be in between now
 */
typedef struct
{
  char *server;
  char *subject;
  char *issuer;
  char *names;
  char *fingerprint;
  gint64 not_before;
  gint64 not_after;
  char *reason;
  char *replaces;
} RollDirectoryCertificate;

RollDirectoryCertificate *roll_directory_certificate_copy (const RollDirectoryCertificate *certificate);
void roll_directory_certificate_free (RollDirectoryCertificate *certificate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollDirectoryCertificate, roll_directory_certificate_free)

/**
 * roll_directory_fingerprint_parse: 64 hexadecimal digits; case, colons and blanks do not count.
 *
 * Returns: (transfer full): "3F:2A:…". Errors: G_IO_ERROR_INVALID_ARGUMENT
 */
char *roll_directory_fingerprint_parse (const char *text, GError **error);

/*
 * The certificates that were accepted, one for each server, in $XDG_CONFIG_HOME/rollcall/certificates, which is the user's alone.
 * Small and local, so these may be called from any thread.
 */

/* From now on, for this server, instead of what was accepted for it before. Errors: G_IO_ERROR, G_FILE_ERROR: why it could not be kept. */
gboolean roll_directory_certificate_accept (const RollDirectoryCertificate *certificate, GError **error);
/* What was not there is forgotten as well. */
gboolean roll_directory_certificate_forget (const char *server, GError **error);
/* (transfer full) (nullable): the fingerprint; NULL also when the file can't be read: nothing is accepted then */
char *roll_directory_certificate_accepted (const char *server);
/* (transfer full): the servers that have one */
char **roll_directory_certificate_servers (void);

G_END_DECLS
