/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-interval-set.h"

#include <string.h>

#define IPV4_BASE (G_GUINT64_CONSTANT (0xffff) << 32)
#define LINK_LOCAL (0xfe80 >> 6)
#define SCOPE_SHIFT 16
#define SCOPE_MASK (G_GUINT64_CONSTANT (0xffffffff) << SCOPE_SHIFT)

static gboolean
is_link_local (RollPosition position)
{
  return position.high >> 54 == LINK_LOCAL;
}

gboolean
roll_position_is_ipv4 (RollPosition position)
{
  return position.high == 0 && position.low >> 32 == IPV4_BASE >> 32;
}

RollPosition
roll_position_from_address (const RollAddress *address)
{
  RollPosition position = { 0 };

  if (address->family == AF_INET)
    {
      guint32 number;

      memcpy (&number, address->bytes, 4);
      position.low = IPV4_BASE | GUINT32_FROM_BE (number);
      return position;
    }

  memcpy (&position.high, address->bytes, 8);
  memcpy (&position.low, address->bytes + 8, 8);
  position.high = GUINT64_FROM_BE (position.high);
  position.low = GUINT64_FROM_BE (position.low);
  if (is_link_local (position))
    position.high |= (guint64) address->scope_id << SCOPE_SHIFT;
  return position;
}

void
roll_position_to_address (RollPosition position, RollAddress *ret_address)
{
  RollAddress address = { .family = AF_INET6 };

  if (roll_position_is_ipv4 (position))
    {
      guint32 number = GUINT32_TO_BE ((guint32) position.low);

      address.family = AF_INET;
      memcpy (address.bytes, &number, 4);
      *ret_address = address;
      return;
    }

  if (is_link_local (position))
    {
      address.scope_id = (guint32) (position.high >> SCOPE_SHIFT);
      position.high &= ~SCOPE_MASK;
    }
  position.high = GUINT64_TO_BE (position.high);
  position.low = GUINT64_TO_BE (position.low);
  memcpy (address.bytes, &position.high, 8);
  memcpy (address.bytes + 8, &position.low, 8);
  *ret_address = address;
}

gint
roll_position_compare (RollPosition a, RollPosition b)
{
  if (a.high != b.high)
    return a.high < b.high ? -1 : 1;
  return a.low < b.low ? -1 : a.low > b.low;
}

RollPosition
roll_position_plus (RollPosition position, guint64 n)
{
  RollPosition sum = { position.high, position.low + n };

  if (sum.low < position.low)
    sum.high++;
  return sum;
}

RollPosition
roll_position_minus (RollPosition position, guint64 n)
{
  RollPosition difference = { position.high, position.low - n };

  if (difference.low > position.low)
    difference.high--;
  return difference;
}

gboolean
roll_interval_overlaps (const RollInterval *a, const RollInterval *b)
{
  return roll_position_compare (a->first, b->last) <= 0 && roll_position_compare (b->first, a->last) <= 0;
}

guint64
roll_interval_span (const RollInterval *interval)
{
  guint64 high = interval->last.high - interval->first.high;

  if (interval->last.low < interval->first.low)
    high--;
  return high > 0 ? G_MAXUINT64 : interval->last.low - interval->first.low;
}

/* The tree holds its intervals by their first position, as keys only. */
struct _RollIntervalSet
{
  GTree *tree;
};

static gint
compare_first (gconstpointer a, gconstpointer b, gpointer user_data)
{
  return roll_position_compare (((const RollInterval *) a)->first, ((const RollInterval *) b)->first);
}

RollIntervalSet *
roll_interval_set_new (void)
{
  RollIntervalSet *self = g_new0 (RollIntervalSet, 1);

  self->tree = g_tree_new_full (compare_first, NULL, g_free, NULL);
  return self;
}

void
roll_interval_set_free (RollIntervalSet *self)
{
  if (self == NULL)
    return;
  g_tree_unref (self->tree);
  g_free (self);
}

void
roll_interval_set_clear (RollIntervalSet *self)
{
  g_tree_remove_all (self->tree);
}

gboolean
roll_interval_set_is_empty (RollIntervalSet *self)
{
  return g_tree_nnodes (self->tree) == 0;
}

/* The first interval that ends at @position or behind it. */
static GTreeNode *
find_from (RollIntervalSet *self, RollPosition position)
{
  RollInterval key = { position, position };
  GTreeNode *node = g_tree_upper_bound (self->tree, &key);
  GTreeNode *before = node != NULL ? g_tree_node_previous (node) : g_tree_node_last (self->tree);

  if (before != NULL)
    {
      const RollInterval *interval = g_tree_node_key (before);

      if (roll_position_compare (interval->last, position) >= 0)
        return before;
    }
  return node;
}

static gboolean
is_lowest (RollPosition position)
{
  return position.high == 0 && position.low == 0;
}

static gboolean
is_highest (RollPosition position)
{
  return position.high == G_MAXUINT64 && position.low == G_MAXUINT64;
}

/* What overlaps or touches is taken out and becomes part of what goes in. */
void
roll_interval_set_add (RollIntervalSet *self, const RollInterval *interval)
{
  RollInterval whole = *interval, reach = *interval;
  GTreeNode *node;

  g_return_if_fail (roll_position_compare (interval->first, interval->last) <= 0);

  if (!is_lowest (reach.first))
    reach.first = roll_position_minus (reach.first, 1);
  if (!is_highest (reach.last))
    reach.last = roll_position_plus (reach.last, 1);

  while ((node = find_from (self, reach.first)) != NULL)
    {
      RollInterval there = *(const RollInterval *) g_tree_node_key (node);

      if (!roll_interval_overlaps (&there, &reach))
        break;
      if (roll_position_compare (there.first, whole.first) < 0)
        whole.first = there.first;
      if (roll_position_compare (there.last, whole.last) > 0)
        whole.last = there.last;
      g_tree_remove (self->tree, &there);
    }
  g_tree_insert (self->tree, g_memdup2 (&whole, sizeof whole), NULL);
}

void
roll_interval_set_uncovered (RollIntervalSet *self, const RollInterval *interval, GArray *pieces)
{
  RollInterval rest = *interval;

  for (GTreeNode *node = find_from (self, rest.first); node != NULL; node = g_tree_node_next (node))
    {
      const RollInterval *there = g_tree_node_key (node);

      if (roll_position_compare (there->first, rest.last) > 0)
        break;
      if (roll_position_compare (rest.first, there->first) < 0)
        {
          RollInterval piece = { rest.first, roll_position_minus (there->first, 1) };

          g_array_append_val (pieces, piece);
        }
      if (roll_position_compare (there->last, rest.last) >= 0)
        return;
      rest.first = roll_position_plus (there->last, 1);
    }
  g_array_append_val (pieces, rest);
}

void
roll_interval_set_list (RollIntervalSet *self, GArray *intervals)
{
  for (GTreeNode *node = g_tree_node_first (self->tree); node != NULL; node = g_tree_node_next (node))
    g_array_append_vals (intervals, g_tree_node_key (node), 1);
}
