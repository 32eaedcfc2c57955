/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-address.h"

G_BEGIN_DECLS

/* Which address of several is tried first, and what this machine's own addresses say about that. */
typedef struct _RollAddressOrder RollAddressOrder;

/* Looks at this machine's addresses as they are now. */
RollAddressOrder *roll_address_order_new (void);
void roll_address_order_free (RollAddressOrder *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollAddressOrder, roll_address_order_free)

/* Whether this machine has an IPv6 address that leads anywhere: neither loopback nor link-local. */
gboolean roll_address_order_has_ipv6 (RollAddressOrder *self);

/**
 * roll_address_order_sort: into the order in which getaddrinfo() would give them: RFC 6724, section 6, with the C
 * library's tables. Asks the routing table, sends nothing. Addresses of equal worth keep their order.
 */
void roll_address_order_sort (RollAddressOrder *self, RollAddress *addresses, guint n_addresses);

G_END_DECLS
