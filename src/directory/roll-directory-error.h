/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/roll-directory.h"

G_BEGIN_DECLS

/* What a server says, in our words. @code: of LDAP, RFC 4511 4.1.9; @text: (nullable): its own, hostile. They return FALSE. */
gboolean roll_directory_fail_logon (GError **error, const char *peer, int code, const char *text);
gboolean roll_directory_fail_search (GError **error, const char *peer, const char *base, int code, const char *text);
gboolean roll_directory_fail_starttls (GError **error, const char *peer, int code, const char *text);
/* It sent what no domain controller sends, or more of it. */
gboolean roll_directory_fail_protocol (GError **error, const char *peer);
gboolean roll_directory_fail_closed (GError **error, const char *peer);

/* The number behind “data” in what Active Directory says of a refused logon; 0: none */
guint roll_directory_parse_reason (const char *text);

G_END_DECLS
