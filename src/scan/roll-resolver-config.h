/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/roll-resolver.h"

G_BEGIN_DECLS

/* Whom to ask and which names to try: resolv.conf(5), or what the user gave instead. */

#define ROLL_NAME_SERVERS_MAX 8
#define ROLL_SEARCH_DOMAINS_MAX 16
#define ROLL_NAME_MAX 253 /* characters of a name in DNS, RFC 1035 2.3.4 */

typedef struct
{
  RollAddress address;
  guint16 port;
} RollServerAddress;

/* "10.0.0.53", "10.0.0.53:5353", "fe80::1%eth0", "[::1]:53". Errors: G_IO_ERROR_INVALID_ARGUMENT */
gboolean roll_server_address_parse (const char *text, RollServerAddress *ret_server, GError **error);

typedef struct
{
  GArray *servers;   /* (element-type RollServerAddress), at least one */
  GPtrArray *search; /* (element-type utf8), without dots at their ends */
  guint ndots;
} RollResolverConfig;

/* Errors: G_IO_ERROR_INVALID_ARGUMENT for a name server that is no address and for a search domain that is none. */
RollResolverConfig *roll_resolver_config_new (const RollResolverOptions *options, GError **error);
/* From the text of a resolv.conf; lines that mean nothing are skipped, as the C library does. */
RollResolverConfig *roll_resolver_config_new_from_text (const char *text);
void roll_resolver_config_free (RollResolverConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollResolverConfig, roll_resolver_config_free)

/**
 * roll_resolver_config_get_candidate: the @index-th name to ask for when @name is looked for.
 *
 * In the C library's order: a name with at least ndots dots as it is and then with each search domain, any other
 * the other way round; one with a dot at its end only as it is.
 *
 * Returns: (transfer full) (nullable): without a dot at its end; NULL after the last
 */
char *roll_resolver_config_get_candidate (const RollResolverConfig *self, const char *name, guint index);

/* Whether DNS can carry it: labels of 1 to 63 bytes, ROLL_NAME_MAX in all, no blanks, control bytes, backslashes. */
gboolean roll_name_is_valid (const char *name);

G_END_DECLS
