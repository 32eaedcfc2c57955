/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/roll-directory-wait.h"

G_BEGIN_DECLS

/* The ticket for one service, and those it needs, in a cache of libkrb5's. */
typedef struct _RollDirectoryTickets RollDirectoryTickets;

/* @principal: (nullable): "user@REALM", with @password, into memory; NULL: the user's own. @service: "ldap/dc1.corp.example".
 * Errors: see roll_directory_kerberos_new(). */
RollDirectoryTickets *roll_directory_tickets_get (const char *principal, RollSecret *password, const char *service,
                                                  const RollDirectoryWait *wait, GError **error);
void roll_directory_tickets_free (RollDirectoryTickets *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollDirectoryTickets, roll_directory_tickets_free)

const char *roll_directory_tickets_cache (const RollDirectoryTickets *self);   /* "MEMORY:..." */
const char *roll_directory_tickets_service (const RollDirectoryTickets *self); /* with its realm */

G_END_DECLS
