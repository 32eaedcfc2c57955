/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-address.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <string.h>

/* One row of IANA's special-purpose registries (RFC 6890 and its successors). */
typedef struct
{
  guint8 prefix[16];
  guint8 bits;
  gboolean is_public;
} SpecialNetwork;

/* The longest prefix of what overlaps comes first. What is not listed is public. */
static const SpecialNetwork special_ipv4[] = {
  { { 192, 0, 0, 9 }, 32, TRUE },   /* Port Control Protocol anycast */
  { { 192, 0, 0, 10 }, 32, TRUE },  /* TURN anycast */
  { { 192, 0, 0 }, 24, FALSE },     /* IETF protocol assignments */
  { { 0 }, 8, FALSE },              /* this network */
  { { 10 }, 8, FALSE },             /* private */
  { { 100, 64 }, 10, FALSE },       /* shared by carriers */
  { { 127 }, 8, FALSE },            /* loopback */
  { { 169, 254 }, 16, FALSE },      /* link-local */
  { { 172, 16 }, 12, FALSE },       /* private */
  { { 192, 0, 2 }, 24, FALSE },     /* documentation */
  { { 192, 168 }, 16, FALSE },      /* private */
  { { 198, 18 }, 15, FALSE },       /* benchmarks */
  { { 198, 51, 100 }, 24, FALSE },  /* documentation */
  { { 203, 0, 113 }, 24, FALSE },   /* documentation */
  { { 224 }, 3, FALSE },            /* multicast, reserved, limited broadcast */
};

/* What is not listed is not public: only 2000::/3 is given out as global unicast. */
static const SpecialNetwork special_ipv6[] = {
  { { 0, 0x64, 0xff, 0x9b }, 96, TRUE },                /* IPv4/IPv6 translation */
  { { 0x20, 0x01, 0, 0x01, [15] = 1 }, 128, TRUE },     /* Port Control Protocol anycast */
  { { 0x20, 0x01, 0, 0x01, [15] = 2 }, 128, TRUE },     /* TURN anycast */
  { { 0x20, 0x01, 0, 0x01, [15] = 3 }, 128, TRUE },     /* DNS-SD SRP anycast */
  { { 0x20, 0x01, 0, 0x04, 0x01, 0x12 }, 48, TRUE },    /* AS112 */
  { { 0x20, 0x01, 0, 0 }, 32, TRUE },                   /* Teredo: leads out */
  { { 0x20, 0x01, 0, 0x03 }, 32, TRUE },                /* AMT */
  { { 0x20, 0x01, 0, 0x20 }, 28, TRUE },                /* ORCHIDv2 */
  { { 0x20, 0x01, 0, 0x30 }, 28, TRUE },                /* drone remote id */
  { { 0x20, 0x01 }, 23, FALSE },                        /* IETF protocol assignments */
  { { 0x20, 0x01, 0x0d, 0xb8 }, 32, FALSE },            /* documentation */
  { { 0x3f, 0xff }, 20, FALSE },                        /* documentation */
  { { 0x20 }, 3, TRUE },                                /* global unicast */
};

static gboolean
has_prefix (const guint8 *bytes, const guint8 *prefix, guint bits)
{
  guint whole = bits / 8;
  guint8 mask = (guint8) (0xff00 >> (bits % 8));

  if (memcmp (bytes, prefix, whole) != 0)
    return FALSE;
  return bits % 8 == 0 || ((bytes[whole] ^ prefix[whole]) & mask) == 0;
}

static gboolean
is_ipv4_mapped (const RollAddress *address)
{
  static const guint8 mapped[16] = { [10] = 0xff, [11] = 0xff };

  return address->family == AF_INET6 && has_prefix (address->bytes, mapped, 96);
}

/* The kernel sends IPv4 to a mapped address (::ffff:8.8.8.8), so that is what it is judged as. */
static RollAddress
unmap (const RollAddress *address)
{
  RollAddress plain = { .family = AF_INET };

  if (!is_ipv4_mapped (address))
    return *address;
  memcpy (plain.bytes, address->bytes + 12, 4);
  return plain;
}

static gboolean
takes_scope (const RollAddress *address)
{
  gboolean link_local = address->bytes[0] == 0xfe && (address->bytes[1] & 0xc0) == 0x80;
  gboolean link_multicast = address->bytes[0] == 0xff && (address->bytes[1] & 0x0f) <= 2;

  return link_local || link_multicast;
}

static gboolean
parse_scope (const char *text, guint32 *ret_scope_id)
{
  guint64 number;
  guint32 index = if_nametoindex (text);

  if (index == 0)
    {
      if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT32, &number, NULL))
        return FALSE;
      index = (guint32) number;
    }
  *ret_scope_id = index;
  return TRUE;
}

/**
 * roll_address_parse:
 * @text: "1.2.3.4" in four decimal numbers without leading zeros; "2001:db8::1"; a link-local IPv6 address
 *   may name its interface: "fe80::1%eth0", "fe80::1%2"
 */
gboolean
roll_address_parse (const char *text, RollAddress *ret_address)
{
  RollAddress address = { 0 };
  char head[INET6_ADDRSTRLEN];
  const char *percent;
  gsize length;

  g_return_val_if_fail (text != NULL && ret_address != NULL, FALSE);

  percent = strchr (text, '%');
  length = percent != NULL ? (gsize) (percent - text) : strlen (text);
  if (length >= sizeof head)
    return FALSE;
  memcpy (head, text, length);
  head[length] = '\0';

  if (percent == NULL && inet_pton (AF_INET, head, address.bytes) == 1)
    address.family = AF_INET;
  else if (inet_pton (AF_INET6, head, address.bytes) == 1)
    address.family = AF_INET6;
  else
    return FALSE;

  if (percent != NULL && (!takes_scope (&address) || !parse_scope (percent + 1, &address.scope_id)))
    return FALSE;
  *ret_address = address;
  return TRUE;
}

gboolean
roll_port_parse (const char *text, guint16 *ret_port)
{
  guint64 port;

  g_return_val_if_fail (text != NULL && ret_port != NULL, FALSE);

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &port, NULL))
    return FALSE;
  *ret_port = (guint16) port;
  return TRUE;
}

static void
append_scope (char buffer[ROLL_ADDRESS_STRLEN], guint32 scope_id)
{
  char name[IF_NAMESIZE];
  gsize length = strlen (buffer);

  if (if_indextoname (scope_id, name) != NULL)
    g_snprintf (buffer + length, ROLL_ADDRESS_STRLEN - length, "%%%s", name);
  else
    g_snprintf (buffer + length, ROLL_ADDRESS_STRLEN - length, "%%%u", scope_id);
}

const char *
roll_address_format (const RollAddress *address, char buffer[ROLL_ADDRESS_STRLEN])
{
  g_return_val_if_fail (address != NULL && buffer != NULL, "");

  buffer[0] = '\0';
  if (address->family == AF_INET || address->family == AF_INET6)
    inet_ntop (address->family, address->bytes, buffer, ROLL_ADDRESS_STRLEN);
  if (address->family == AF_INET6 && address->scope_id != 0)
    append_scope (buffer, address->scope_id);
  return buffer;
}

gboolean
roll_address_equal (const RollAddress *a, const RollAddress *b)
{
  return roll_address_compare (a, b) == 0;
}

static gsize
n_bytes (const RollAddress *address)
{
  return address->family == AF_INET ? 4 : address->family == AF_INET6 ? 16 : 0;
}

gint
roll_address_compare (const RollAddress *a, const RollAddress *b)
{
  gint order;

  g_return_val_if_fail (a != NULL && b != NULL, 0);

  if (a->family != b->family)
    return n_bytes (a) < n_bytes (b) ? -1 : 1;
  order = memcmp (a->bytes, b->bytes, n_bytes (a));
  if (order == 0 && a->family == AF_INET6 && a->scope_id != b->scope_id)
    order = a->scope_id < b->scope_id ? -1 : 1;
  return order;
}

/* Returns: the length for connect(), 0 for an address that is none. */
socklen_t
roll_address_to_sockaddr (const RollAddress *address, guint16 port, struct sockaddr_storage *ret)
{
  g_return_val_if_fail (address != NULL && ret != NULL, 0);

  memset (ret, 0, sizeof *ret);
  if (address->family == AF_INET)
    {
      struct sockaddr_in *in = (struct sockaddr_in *) ret;

      in->sin_family = AF_INET;
      in->sin_port = htons (port);
      memcpy (&in->sin_addr, address->bytes, 4);
      return sizeof *in;
    }
  if (address->family == AF_INET6)
    {
      struct sockaddr_in6 *in6 = (struct sockaddr_in6 *) ret;

      in6->sin6_family = AF_INET6;
      in6->sin6_port = htons (port);
      in6->sin6_scope_id = address->scope_id;
      memcpy (&in6->sin6_addr, address->bytes, 16);
      return sizeof *in6;
    }
  return 0;
}

/**
 * roll_address_from_sockaddr:
 * @ret_port: (nullable):
 *
 * Returns: FALSE when @sa is neither IPv4 nor IPv6
 */
gboolean
roll_address_from_sockaddr (const struct sockaddr *sa, RollAddress *ret_address, guint16 *ret_port)
{
  RollAddress address = { 0 };
  guint16 port;

  g_return_val_if_fail (sa != NULL && ret_address != NULL, FALSE);

  if (sa->sa_family == AF_INET)
    {
      const struct sockaddr_in *in = (const struct sockaddr_in *) sa;

      memcpy (address.bytes, &in->sin_addr, 4);
      port = ntohs (in->sin_port);
    }
  else if (sa->sa_family == AF_INET6)
    {
      const struct sockaddr_in6 *in6 = (const struct sockaddr_in6 *) sa;

      memcpy (address.bytes, &in6->sin6_addr, 16);
      address.scope_id = in6->sin6_scope_id;
      port = ntohs (in6->sin6_port);
    }
  else
    return FALSE;

  address.family = sa->sa_family;
  *ret_address = address;
  if (ret_port != NULL)
    *ret_port = port;
  return TRUE;
}

gboolean
roll_address_is_loopback (const RollAddress *address)
{
  static const guint8 ipv6_loopback[16] = { [15] = 1 };
  RollAddress plain;

  g_return_val_if_fail (address != NULL, FALSE);

  plain = unmap (address);
  if (plain.family == AF_INET)
    return plain.bytes[0] == 127;
  return plain.family == AF_INET6 && memcmp (plain.bytes, ipv6_loopback, 16) == 0;
}

static gboolean
look_up (const RollAddress *address, const SpecialNetwork *networks, gsize n_networks, gboolean otherwise)
{
  for (gsize i = 0; i < n_networks; i++)
    if (has_prefix (address->bytes, networks[i].prefix, networks[i].bits))
      return networks[i].is_public;
  return otherwise;
}

gboolean
roll_address_is_public (const RollAddress *address)
{
  RollAddress plain;

  g_return_val_if_fail (address != NULL, FALSE);

  plain = unmap (address);
  if (plain.family == AF_INET)
    return look_up (&plain, special_ipv4, G_N_ELEMENTS (special_ipv4), TRUE);
  if (plain.family == AF_INET6)
    return look_up (&plain, special_ipv6, G_N_ELEMENTS (special_ipv6), FALSE);
  return FALSE;
}

guint
roll_address_public_run (const RollAddress *address)
{
  RollAddress plain;
  const SpecialNetwork *networks = special_ipv6;
  gsize n_networks = G_N_ELEMENTS (special_ipv6);
  guint block = 120;

  g_return_val_if_fail (address != NULL && address->family != AF_UNSPEC, 1);

  plain = unmap (address);
  if (plain.family == AF_INET)
    {
      networks = special_ipv4;
      n_networks = G_N_ELEMENTS (special_ipv4);
      block = 24;
    }
  for (gsize i = 0; i < n_networks; i++)
    if (networks[i].bits > block && has_prefix (plain.bytes, networks[i].prefix, block))
      return 1;
  return 256 - plain.bytes[block / 8];
}
