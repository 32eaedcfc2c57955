/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-own-networks.h"

#include <arpa/inet.h>
#include <errno.h>
#include <glib/gi18n-lib.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

void
roll_own_network_free (RollOwnNetwork *network)
{
  if (network == NULL)
    return;
  g_free (network->entry);
  g_free (network->interface);
  g_free (network->reason);
  g_free (network);
}

static gboolean
is_known (GPtrArray *networks, const char *entry)
{
  for (guint i = 0; i < networks->len; i++)
    if (strcmp (((RollOwnNetwork *) networks->pdata[i])->entry, entry) == 0)
      return TRUE;
  return FALSE;
}

static void
add (GPtrArray *networks, const struct ifaddrs *address, const char *entry, guint n_addresses, const char *reason)
{
  RollOwnNetwork *network;

  if (is_known (networks, entry))
    return;
  network = g_new0 (RollOwnNetwork, 1);
  network->entry = g_strdup (entry);
  network->interface = g_utf8_make_valid (address->ifa_name, -1);
  network->n_addresses = reason == NULL ? n_addresses : 0;
  network->reason = g_strdup (reason);
  g_ptr_array_add (networks, network);
}

static void
add_ipv4 (GPtrArray *networks, const struct ifaddrs *address)
{
  guint32 own = ntohl (((const struct sockaddr_in *) (const void *) address->ifa_addr)->sin_addr.s_addr);
  guint32 mask = ntohl (((const struct sockaddr_in *) (const void *) address->ifa_netmask)->sin_addr.s_addr);
  guint bits = (guint) __builtin_popcount (mask);
  struct in_addr network = { htonl (own & mask) };
  g_autofree char *entry = NULL;

  if (mask != (bits > 0 ? 0xffffffffu << (32 - bits) : 0))
    return;
  entry = g_strdup_printf ("%s/%u", inet_ntoa (network), bits);
  if (bits < ROLL_OWN_NETWORK_BITS_MIN)
    add (networks, address, entry, 0, _("More than 65,536 addresses. Type the part of it that has computers."));
  else if (bits > 30)
    add (networks, address, entry, 0, _("There is no room for other computers in it."));
  else
    add (networks, address, entry, (1u << (32 - bits)) - 2, NULL);
}

static void
add_ipv6 (GPtrArray *networks, const struct ifaddrs *address)
{
  const struct sockaddr_in6 *own = (const void *) address->ifa_addr;
  const struct sockaddr_in6 *mask = (const void *) address->ifa_netmask;
  struct in6_addr network = own->sin6_addr;
  char text[INET6_ADDRSTRLEN];
  g_autofree char *entry = NULL;
  guint bits = 0;

  if (IN6_IS_ADDR_LINKLOCAL (&own->sin6_addr))
    return;
  for (guint i = 0; i < 16; i++)
    {
      network.s6_addr[i] &= mask->sin6_addr.s6_addr[i];
      bits += (guint) __builtin_popcount (mask->sin6_addr.s6_addr[i]);
    }
  entry = g_strdup_printf ("%s/%u", inet_ntop (AF_INET6, &network, text, sizeof text), bits);
  add (networks, address, entry, 0, _("An IPv6 network has too many addresses to ask each. Type the names of its computers."));
}

GPtrArray *
roll_own_networks_of (const struct ifaddrs *addresses)
{
  GPtrArray *networks = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_own_network_free);

  for (const struct ifaddrs *address = addresses; address != NULL; address = address->ifa_next)
    {
      if (address->ifa_addr == NULL || address->ifa_netmask == NULL || (address->ifa_flags & IFF_UP) == 0
          || (address->ifa_flags & IFF_LOOPBACK) != 0)
        continue;
      if (address->ifa_addr->sa_family == AF_INET)
        add_ipv4 (networks, address);
      else if (address->ifa_addr->sa_family == AF_INET6)
        add_ipv6 (networks, address);
    }
  return networks;
}

GPtrArray *
roll_own_networks (GError **error)
{
  struct ifaddrs *addresses;
  GPtrArray *networks;

  if (getifaddrs (&addresses) != 0)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), _("The networks of this computer can’t be read: %s"),
                   g_strerror (errno));
      return NULL;
    }
  networks = roll_own_networks_of (addresses);
  freeifaddrs (addresses);
  return networks;
}
