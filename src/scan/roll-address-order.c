/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-address-order.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#define ANY_PORT 135 /* connecting UDP needs one, and sends nothing */
#define SCOPE_LINK 2
#define SCOPE_SITE 5
#define SCOPE_GLOBAL 14

typedef struct
{
  guint32 address; /* host order */
  guint32 mask;
} LocalNetwork;

struct _RollAddressOrder
{
  GArray *networks; /* (element-type LocalNetwork), IPv4 */
  gboolean ipv6;
};

typedef struct
{
  guint8 prefix[16];
  guint8 bits;
  guint8 label;
  guint8 precedence;
} Policy;

/*
 * The C library's defaults, see gai.conf(5): older than RFC 6724's in that a unique local address comes before IPv4.
 * The longest prefix stands first.
 */
static const Policy policies[] = {
  { { [15] = 1 }, 128, 0, 50 },                     /* ::1 */
  { { [10] = 0xff, 0xff }, 96, 4, 10 },             /* IPv4 */
  { { 0 }, 96, 3, 20 },                             /* IPv4-compatible */
  { { 0x20, 0x01, 0, 0 }, 32, 7, 40 },              /* Teredo */
  { { 0x20, 0x02 }, 16, 2, 30 },                    /* 6to4 */
  { { 0xfe, 0xc0 }, 10, 5, 40 },                    /* site-local */
  { { 0xfc }, 7, 6, 40 },                           /* unique local */
  { { 0 }, 0, 1, 40 },
};

/* A destination with the source address the kernel would take, and what the rules compare. */
typedef struct
{
  RollAddress address;
  gboolean usable;
  gboolean scope_matches;
  gboolean label_matches;
  guint precedence;
  guint scope;
  guint common; /* leading bits that source and destination share */
  guint index;
} Ranked;

RollAddressOrder *
roll_address_order_new (void)
{
  RollAddressOrder *self = g_new0 (RollAddressOrder, 1);
  struct ifaddrs *all = NULL;

  self->networks = g_array_new (FALSE, FALSE, sizeof (LocalNetwork));
  if (getifaddrs (&all) != 0)
    return self;
  for (struct ifaddrs *i = all; i; i = i->ifa_next)
    {
      if (!i->ifa_addr || !(i->ifa_flags & IFF_UP))
        continue;
      if (i->ifa_addr->sa_family == AF_INET && i->ifa_netmask)
        {
          LocalNetwork network = { ntohl (((struct sockaddr_in *) i->ifa_addr)->sin_addr.s_addr),
                                   ntohl (((struct sockaddr_in *) i->ifa_netmask)->sin_addr.s_addr) };
          g_array_append_val (self->networks, network);
        }
      else if (i->ifa_addr->sa_family == AF_INET6 && !(i->ifa_flags & IFF_LOOPBACK))
        self->ipv6 |= !IN6_IS_ADDR_LINKLOCAL (&((struct sockaddr_in6 *) i->ifa_addr)->sin6_addr);
    }
  freeifaddrs (all);
  return self;
}

void
roll_address_order_free (RollAddressOrder *self)
{
  g_array_unref (self->networks);
  g_free (self);
}

gboolean
roll_address_order_has_ipv6 (RollAddressOrder *self)
{
  return self->ipv6;
}

static guint32
ipv4 (const RollAddress *address)
{
  return (guint32) address->bytes[0] << 24 | (guint32) address->bytes[1] << 16 | (guint32) address->bytes[2] << 8
         | address->bytes[3];
}

static guint
common_bits (const guint8 *a, const guint8 *b, guint bits)
{
  guint n = 0;

  while (n < bits && ((a[n / 8] ^ b[n / 8]) & (0x80 >> (n % 8))) == 0)
    n++;
  return n;
}

static const Policy *
find_policy (const RollAddress *address)
{
  guint8 mapped[16] = { [10] = 0xff, 0xff };
  const guint8 *bytes = address->bytes;
  const Policy *policy = policies;

  if (address->family == AF_INET)
    {
      memcpy (mapped + 12, address->bytes, 4);
      bytes = mapped;
    }
  while (common_bits (bytes, policy->prefix, policy->bits) < policy->bits)
    policy++;
  return policy;
}

static guint
find_scope (const RollAddress *address)
{
  const guint8 *bytes = address->bytes;

  if (address->family == AF_INET)
    return bytes[0] == 127 || (bytes[0] == 169 && bytes[1] == 254) ? SCOPE_LINK : SCOPE_GLOBAL;
  if (bytes[0] == 0xff)
    return bytes[1] & 0xf;
  if (roll_address_is_loopback (address) || (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80))
    return SCOPE_LINK;
  return bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0xc0 ? SCOPE_SITE : SCOPE_GLOBAL;
}

/* The source address the kernel would use; FALSE: there is no way to @address. */
static gboolean
find_source (const RollAddress *address, RollAddress *ret_source)
{
  struct sockaddr_storage sa;
  socklen_t length = roll_address_to_sockaddr (address, ANY_PORT, &sa);
  int fd = socket (address->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  gboolean found = fd != -1 && connect (fd, (struct sockaddr *) &sa, length) == 0;

  length = sizeof sa;
  found = found && getsockname (fd, (struct sockaddr *) &sa, &length) == 0
          && roll_address_from_sockaddr ((struct sockaddr *) &sa, ret_source, NULL);
  if (fd != -1)
    close (fd);
  return found;
}

/* IPv4 prefixes mean nothing beyond a network of this machine's own: there a longer match would always pick the same
 * one of several servers. */
static guint
find_common (RollAddressOrder *self, const RollAddress *source, const RollAddress *address)
{
  if (address->family == AF_INET6)
    return common_bits (source->bytes, address->bytes, 128);
  for (guint i = 0; i < self->networks->len; i++)
    {
      const LocalNetwork *network = &g_array_index (self->networks, LocalNetwork, i);
      if (network->address == ipv4 (source) && ((ipv4 (source) ^ ipv4 (address)) & network->mask) == 0)
        return common_bits (source->bytes, address->bytes, 32);
    }
  return 0;
}

static void
rank (RollAddressOrder *self, const RollAddress *address, guint index, Ranked *ret)
{
  RollAddress source;
  const Policy *policy = find_policy (address);

  *ret = (Ranked) { .address = *address, .index = index, .precedence = policy->precedence,
                    .scope = find_scope (address) };
  ret->usable = find_source (address, &source);
  if (!ret->usable)
    return;
  ret->scope_matches = find_scope (&source) == ret->scope;
  ret->label_matches = find_policy (&source)->label == policy->label;
  ret->common = find_common (self, &source, address);
}

/* The rules of RFC 6724 6 by their numbers; 3, 4 and 7 need to know more of the source than an unprivileged program
 * is told cheaply. */
static int
compare (gconstpointer left, gconstpointer right)
{
  const Ranked *a = left;
  const Ranked *b = right;

  if (a->usable != b->usable) /* 1 */
    return a->usable ? -1 : 1;
  if (a->scope_matches != b->scope_matches) /* 2 */
    return a->scope_matches ? -1 : 1;
  if (a->label_matches != b->label_matches) /* 5 */
    return a->label_matches ? -1 : 1;
  if (a->precedence != b->precedence) /* 6 */
    return a->precedence > b->precedence ? -1 : 1;
  if (a->scope != b->scope) /* 8 */
    return a->scope < b->scope ? -1 : 1;
  if (a->address.family == b->address.family && a->common != b->common) /* 9 */
    return a->common > b->common ? -1 : 1;
  return a->index < b->index ? -1 : 1; /* 10 */
}

void
roll_address_order_sort (RollAddressOrder *self, RollAddress *addresses, guint n_addresses)
{
  g_autofree Ranked *ranked = NULL;

  if (n_addresses < 2)
    return;
  ranked = g_new (Ranked, n_addresses);
  for (guint i = 0; i < n_addresses; i++)
    rank (self, &addresses[i], i, &ranked[i]);
  qsort (ranked, n_addresses, sizeof *ranked, compare);
  for (guint i = 0; i < n_addresses; i++)
    addresses[i] = ranked[i].address;
}
