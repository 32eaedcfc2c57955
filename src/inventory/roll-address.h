/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <netinet/in.h>
#include <sys/socket.h>

G_BEGIN_DECLS

/* An IPv4 or IPv6 address as plain data; family AF_UNSPEC (0) means none. */
typedef struct
{
  guint16 family; /* AF_INET, AF_INET6 or AF_UNSPEC */
  guint32 scope_id; /* IPv6 link-local only */
  guint8 bytes[16]; /* network order; IPv4 in the first four */
} RollAddress;

#define ROLL_ADDRESS_STRLEN 64 /* enough for any formatted address with a scope */

gboolean roll_address_parse (const char *text, RollAddress *ret_address); /* strict: "1.2.3.4", "fe80::1%eth0" */
const char *roll_address_format (const RollAddress *address, char buffer[ROLL_ADDRESS_STRLEN]); /* "" for none */
gboolean roll_port_parse (const char *text, guint16 *ret_port); /* strict: "1" to "65535" */
gboolean roll_address_equal (const RollAddress *a, const RollAddress *b);
gint roll_address_compare (const RollAddress *a, const RollAddress *b); /* IPv4 before IPv6, then numeric */
socklen_t roll_address_to_sockaddr (const RollAddress *address, guint16 port, struct sockaddr_storage *ret);
gboolean roll_address_from_sockaddr (const struct sockaddr *sa, RollAddress *ret_address, guint16 *ret_port);
gboolean roll_address_is_loopback (const RollAddress *address);
/* Globally routable by IANA's registries, so not private, shared, link-local, loopback or documentation. */
gboolean roll_address_is_public (const RollAddress *address);
/* How many addresses from @address on, this one included and at most 256, are as public as it is. */
guint roll_address_public_run (const RollAddress *address);

G_END_DECLS
