/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <ifaddrs.h>

G_BEGIN_DECLS

#define ROLL_OWN_NETWORK_BITS_MIN 16 /* a wider one, 65,536 addresses and more, is nobody's neighbourhood */

/**
 * RollOwnNetwork: a subnet that this machine has an address in.
 * @entry: as a target: "10.1.2.0/24"
 * @interface: "eth0"
 * @n_addresses: that would be asked; 0 when it is left out
 * @reason: (nullable): why it is left out, a sentence
 */
typedef struct
{
  char *entry;
  char *interface;
  guint n_addresses;
  char *reason;
} RollOwnNetwork;

void roll_own_network_free (RollOwnNetwork *network);

/* (transfer full) (element-type RollOwnNetwork): of interfaces that are up, each once, without the loopback's. Errors: G_IO_ERROR */
GPtrArray *roll_own_networks (GError **error);
/* The same from what getifaddrs() gave. */
GPtrArray *roll_own_networks_of (const struct ifaddrs *addresses);

G_END_DECLS
