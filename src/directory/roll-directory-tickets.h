/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/roll-directory-wait.h"
#include "kerberos/roll-tickets.h"

G_BEGIN_DECLS

/* @principal: (nullable): "user@REALM", with @password, into memory; NULL: the user's own. @service: "ldap/dc1.corp.example".
 * Errors: see roll_directory_kerberos_new(). */
RollTickets *roll_directory_get_tickets (const char *principal, RollSecret *password, const char *service,
                                         const RollDirectoryWait *wait, GError **error);

G_END_DECLS
