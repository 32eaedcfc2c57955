/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "inventory/roll-credential.h"

G_BEGIN_DECLS

#define ROLL_KEY_FILE_MAX 65536 /* bytes */

/**
 * roll_key_file_read: credentials from a file that nobody else can read, in its order
 *
 *   [credential Domain admin]
 *   username=CORP\scanner
 *   password=...
 *   scope=10.1.0.0/16;*.corp.example
 *   protocols=kerberos;ntlm
 *
 * Empty lines and those that begin with # do not count, nor does white space around a value. A value is taken as it
 * stands, a backslash means itself. Without a password it must say protocols=kerberos: the user's own tickets.
 *
 * Returns: (transfer full) (element-type RollCredential): one at least
 *
 * Errors: G_IO_ERROR: PERMISSION_DENIED for a file others can read, INVALID_DATA with the line, group and key of a
 *   mistake, or why it can't be opened. No text of an error has a password in it.
 */
GPtrArray *roll_key_file_read (const char *path, GError **error);

G_END_DECLS
