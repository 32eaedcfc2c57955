/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-target-entry.h"

/* A network is what differs in nothing but a tail, zeros in its first address and ones in its last. */
static gboolean
is_block (const RollInterval *interval, guint *ret_free_bits)
{
  guint64 high = interval->first.high ^ interval->last.high, low = interval->first.low ^ interval->last.low;

  if ((low & (low + 1)) != 0 || (high & (high + 1)) != 0 || (high != 0 && low != G_MAXUINT64) ||
      (interval->first.low & low) != 0 || (interval->first.high & high) != 0)
    return FALSE;
  *ret_free_bits = (guint) (__builtin_popcountll (high) + __builtin_popcountll (low));
  return TRUE;
}

static char *
format_network (RollPosition position, guint free_bits)
{
  char buffer[ROLL_ADDRESS_STRLEN];
  RollAddress address;

  roll_position_to_address (position, &address);
  return g_strdup_printf ("%s/%u", roll_address_format (&address, buffer),
                          (address.family == AF_INET ? 32 : 128) - free_bits);
}

char *
roll_target_format_interval (const RollInterval *interval, RollTargetUse use)
{
  char first[ROLL_ADDRESS_STRLEN], last[ROLL_ADDRESS_STRLEN];
  RollAddress first_address, last_address;
  RollInterval around = *interval;
  guint free_bits;

  roll_position_to_address (interval->first, &first_address);
  roll_address_format (&first_address, first);
  if (roll_position_compare (interval->first, interval->last) == 0)
    return g_strdup (first);
  if (use == ROLL_TARGET_INCLUDE && first_address.family == AF_INET)
    {
      around.first = roll_position_minus (around.first, 1);
      around.last = roll_position_plus (around.last, 1);
    }
  if (is_block (&around, &free_bits))
    return format_network (around.first, free_bits);
  roll_position_to_address (interval->last, &last_address);
  return g_strconcat (first, "-", roll_address_format (&last_address, last), NULL);
}
