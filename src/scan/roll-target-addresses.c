/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-target-entry.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define IPV4(a, b, c, d) { 0, (G_GUINT64_CONSTANT (0xffff00) + (a)) << 24 | (b) << 16 | (c) << 8 | (d) }
#define IPV6_MULTICAST G_GUINT64_CONSTANT (0xff00000000000000)

/* Addresses no computer has. */
static const struct
{
  RollInterval interval;
  const char *reason;
} nobodys[] = {
  { { IPV4 (0, 0, 0, 0), IPV4 (0, 255, 255, 255) },
    N_("Addresses that begin with 0 do not belong to a computer.") },
  { { IPV4 (224, 0, 0, 0), IPV4 (239, 255, 255, 255) },
    N_("Multicast addresses do not belong to a computer.") },
  { { IPV4 (255, 255, 255, 255), IPV4 (255, 255, 255, 255) },
    N_("The broadcast address does not belong to a computer.") },
  { { IPV4 (240, 0, 0, 0), IPV4 (255, 255, 255, 254) },
    N_("Addresses from 240 on are reserved and do not belong to a computer.") },
  { { { 0, 0 }, { 0, 0 } },
    N_("The address “::” does not belong to a computer.") },
  { { { IPV6_MULTICAST, 0 }, { G_MAXUINT64, G_MAXUINT64 } },
    N_("Multicast addresses do not belong to a computer.") },
};

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error_literal (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_SYNTAX, reason);
  return FALSE;
}

static gboolean
is_ipv4 (const RollAddress *address)
{
  return address->family == AF_INET;
}

static gboolean
is_link_local (const RollAddress *address)
{
  return !is_ipv4 (address) && address->bytes[0] == 0xfe && (address->bytes[1] & 0xc0) == 0x80;
}

/* What cannot be told apart from another address, or would never match one as an exclusion. */
static gboolean
check_form (const RollAddress *address, gboolean needs_interface, GError **error)
{
  static const guint8 zeros[6] = { 0 };

  if (!is_ipv4 (address) && roll_position_is_ipv4 (roll_position_from_address (address)))
    return refuse (error, _("Write this as an IPv4 address, such as 10.1.2.3."));
  if (!is_link_local (address))
    return TRUE;
  if (memcmp (address->bytes + 2, zeros, sizeof zeros) != 0)
    return refuse (error, _("A link-local address begins with “fe80::”."));
  if (needs_interface && address->scope_id == 0)
    return refuse (error, _("Add the network interface to a link-local address: fe80::1%eth0."));
  return TRUE;
}

static gboolean
check_owner (const RollInterval *interval, GError **error)
{
  for (gsize i = 0; i < G_N_ELEMENTS (nobodys); i++)
    if (roll_interval_overlaps (interval, &nobodys[i].interval))
      return refuse (error, _(nobodys[i].reason));
  return TRUE;
}

static gboolean
check_size (const RollInterval *interval, GError **error)
{
  guint64 span = roll_interval_span (interval);
  g_autofree char *size = NULL;

  if (span < ROLL_TARGETS_MAX)
    return TRUE;
  size = span == G_MAXUINT64 ? g_strdup ("2⁶⁴") : g_strdup_printf ("%'" G_GUINT64_FORMAT, span + 1);
  if (span == G_MAXUINT64)
    g_set_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_TOO_MANY,
                 /* Translators: %s is 2⁶⁴, %'d is 1,048,576 */
                 _("These are %s addresses or more, and one scan takes %'d targets. Give smaller parts."),
                 size, ROLL_TARGETS_MAX);
  else
    g_set_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_TOO_MANY,
                 /* Translators: %s is a number such as 16,777,214, %'d is 1,048,576 */
                 _("These are %s addresses, and one scan takes %'d targets. Scan it in smaller parts."),
                 size, ROLL_TARGETS_MAX);
  return FALSE;
}

static gboolean
check_interval (const RollInterval *interval, RollTargetUse use, GError **error)
{
  return use == ROLL_TARGET_EXCLUDE || (check_size (interval, error) && check_owner (interval, error));
}

static guint
address_bits (const RollAddress *address)
{
  return is_ipv4 (address) ? 32 : 128;
}

static gboolean
is_mask (const RollAddress *mask, guint *ret_bits)
{
  guint32 number = (guint32) roll_position_from_address (mask).low;
  guint bits = 32 - (number == 0 ? 32 : (guint) g_bit_nth_lsf (number, -1));

  if (!is_ipv4 (mask) || number != (guint32) (G_GUINT64_CONSTANT (0xffffffff00000000) >> bits))
    return FALSE;
  *ret_bits = bits;
  return TRUE;
}

static gboolean
parse_bits (const RollAddress *address, const char *text, guint *ret_bits, GError **error)
{
  RollAddress mask;
  guint64 number;
  guint bits;

  if (g_ascii_string_to_unsigned (text, 10, 0, address_bits (address), &number, NULL))
    {
      *ret_bits = (guint) number;
      return TRUE;
    }
  if (roll_address_parse (text, &mask) && is_mask (&mask, &bits))
    g_set_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_SYNTAX,
                 /* Translators: “/%2$u” is what to write for “/%1$s”: “/24” for “/255.255.255.0” */
                 _("In place of “/%1$s” write “/%2$u”."), text, bits);
  else
    g_set_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_SYNTAX,
                 _("The number after “/” goes from 0 to %u."), address_bits (address));
  return FALSE;
}

/* The network @address lies in, whole. */
static RollInterval
network_of (const RollAddress *address, guint bits)
{
  guint free_bits = address_bits (address) - bits;
  RollPosition position = roll_position_from_address (address), mask = { 0, 0 };

  /* What stands in front of the last 64 bits is the interface, not a part of the network. */
  if (address->scope_id != 0)
    free_bits = MIN (free_bits, 64);
  mask.low = free_bits >= 64 ? G_MAXUINT64 : (G_GUINT64_CONSTANT (1) << free_bits) - 1;
  if (free_bits > 64)
    mask.high = free_bits == 128 ? G_MAXUINT64 : (G_GUINT64_CONSTANT (1) << (free_bits - 64)) - 1;
  return (RollInterval) {
    { position.high & ~mask.high, position.low & ~mask.low },
    { position.high | mask.high, position.low | mask.low },
  };
}

static gboolean
parse_network (char *head, const char *tail, RollTargetUse use, RollInterval *ret_interval, GError **error)
{
  RollAddress address;
  RollInterval interval;
  guint bits;

  if (!roll_address_parse (head, &address))
    return FALSE;
  if (!parse_bits (&address, tail, &bits, error) || !check_form (&address, bits > 10, error))
    return FALSE;
  interval = network_of (&address, bits);
  if (use == ROLL_TARGET_INCLUDE && is_ipv4 (&address) && bits < 31)
    {
      interval.first = roll_position_plus (interval.first, 1);
      interval.last = roll_position_minus (interval.last, 1);
    }
  if (!check_interval (&interval, use, error))
    return FALSE;
  *ret_interval = interval;
  return TRUE;
}

/* The end of a range: an address, or the last number of an IPv4 address. */
static gboolean
parse_range_end (const RollAddress *first, const char *text, RollAddress *ret_last, GError **error)
{
  RollAddress last = *first;
  guint64 number;

  if (is_ipv4 (first) && text[0] != '0' && g_ascii_string_to_unsigned (text, 10, 0, 255, &number, NULL))
    last.bytes[3] = (guint8) number;
  else if (!roll_address_parse (text, &last))
    return refuse (error, is_ipv4 (first)
                            ? _("A range ends with an address or a number up to 255: 10.1.2.10-99.")
                            : _("A range ends with a whole address: 2001:db8::1-2001:db8::99."));
  if (last.family != first->family)
    return refuse (error, _("A range goes from one IPv4 address to another, or from one IPv6 to another."));
  if (last.scope_id == 0 && is_link_local (&last))
    last.scope_id = first->scope_id;
  if (last.scope_id != first->scope_id)
    return refuse (error, _("Both ends of a range are on the same network interface."));
  *ret_last = last;
  return TRUE;
}

static gboolean
parse_range (const RollAddress *first, const char *tail, RollTargetUse use, RollInterval *ret_interval,
             GError **error)
{
  RollAddress last;
  RollInterval interval;

  if (!check_form (first, TRUE, error) || !parse_range_end (first, tail, &last, error) ||
      !check_form (&last, TRUE, error))
    return FALSE;
  interval.first = roll_position_from_address (first);
  interval.last = roll_position_from_address (&last);
  if (roll_position_compare (interval.first, interval.last) > 0)
    return refuse (error, _("The range runs backwards: write the lower address first."));
  if (!check_interval (&interval, use, error))
    return FALSE;
  *ret_interval = interval;
  return TRUE;
}

/* An interface may have a hyphen in its name (fe80::1%br-lan), so every hyphen that an address can end at may be the
 * range's. */
static gboolean
find_range (char *text, RollAddress *ret_first, const char **ret_tail)
{
  for (char *hyphen = strchr (text, '-'); hyphen != NULL && hyphen - text < ROLL_ADDRESS_STRLEN;
       hyphen = strchr (hyphen + 1, '-'))
    {
      gboolean is_address;

      *hyphen = '\0';
      is_address = roll_address_parse (text, ret_first);
      *hyphen = '-';
      *ret_tail = hyphen + 1;
      if (is_address)
        return TRUE;
    }
  return FALSE;
}

gboolean
roll_target_parse_addresses (const char *text, RollTargetUse use, RollInterval *ret_interval,
                             GError **error)
{
  g_autofree char *copy = NULL;
  char *slash;
  const char *tail;
  RollAddress address;
  RollInterval interval;

  /* No address form begins otherwise, and most entries are names. */
  if (!g_ascii_isxdigit (text[0]) && text[0] != ':')
    return FALSE;
  if (roll_address_parse (text, &address))
    {
      if (!check_form (&address, TRUE, error))
        return FALSE;
      interval.first = interval.last = roll_position_from_address (&address);
      if (!check_interval (&interval, use, error))
        return FALSE;
      *ret_interval = interval;
      return TRUE;
    }

  copy = g_strdup (text);
  slash = strchr (copy, '/');
  if (slash != NULL)
    {
      *slash = '\0';
      return parse_network (copy, slash + 1, use, ret_interval, error);
    }
  return find_range (copy, &address, &tail) && parse_range (&address, tail, use, ret_interval, error);
}
