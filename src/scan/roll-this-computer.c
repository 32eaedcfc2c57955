/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-this-computer.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include "inventory/roll-address.h"

#define ADDRESSES_MAX 16

/* What others see of it: no loopback, nothing that is of one link only. */
static gboolean
append_address (GString *text, const struct ifaddrs *interface)
{
  RollAddress address;
  char buffer[ROLL_ADDRESS_STRLEN];

  if (interface->ifa_addr == NULL || (interface->ifa_flags & IFF_UP) == 0
      || !roll_address_from_sockaddr (interface->ifa_addr, &address, NULL) || address.scope_id != 0
      || roll_address_is_loopback (&address))
    return FALSE;
  g_string_append_printf (text, "%s%s", text->len > 0 ? "," : "", roll_address_format (&address, buffer));
  return TRUE;
}

char *
roll_this_computer_describe (void)
{
  g_autoptr (GString) addresses = g_string_new (NULL);
  struct ifaddrs *interfaces = NULL;
  guint n = 0;

  if (getifaddrs (&interfaces) == 0)
    for (const struct ifaddrs *i = interfaces; i != NULL && n < ADDRESSES_MAX; i = i->ifa_next)
      n += append_address (addresses, i) ? 1 : 0;
  if (interfaces != NULL)
    freeifaddrs (interfaces);
  return g_strdup_printf ("host=%s%s%s", g_get_host_name (), addresses->len > 0 ? " addresses=" : "", addresses->str);
}
