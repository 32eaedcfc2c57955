/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "directory/roll-directory-wait.h"
#include "inventory/roll-address.h"

G_BEGIN_DECLS

#define ROLL_DIRECTORY_SERVERS_MAX 16
#define ROLL_DIRECTORY_ADDRESSES_MAX 4 /* of one server */

typedef struct
{
  char *host;
  guint16 port; /* of LDAP */
  guint16 priority;
  guint16 weight;
} RollDirectoryServer;
void roll_directory_server_free (RollDirectoryServer *server);

/**
 * roll_directory_dns_find: the domain controllers of a domain, in the order they are to be tried (RFC 2782).
 * @name_servers: (nullable): instead of the system's
 *
 * Those whose name is not in the domain are left out: a certificate for such a name proves nothing about this domain, and DNS
 * itself can be forged.
 *
 * Returns: (transfer full) (element-type RollDirectoryServer): at least one
 *
 * Errors: ROLL_DIRECTORY_ERROR_NO_DNS, NO_SERVER, as roll_directory_wait_poll()
 */
GPtrArray *roll_directory_dns_find (const char *domain, char **name_servers, const RollDirectoryWait *wait, GError **error);

/* (transfer full) (element-type RollAddress): at least one. Errors: as above */
GArray *roll_directory_dns_resolve (const char *host, char **name_servers, const RollDirectoryWait *wait, GError **error);

/* In the order of RFC 2782. */
void roll_directory_dns_sort (GPtrArray *servers);

G_END_DECLS
