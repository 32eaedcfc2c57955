/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-sieve-private.h"

/* Slots come in blocks that live as long as the sieve, so that an address costs no allocation and an event no
 * search. */
#define BLOCK 256

static void
add_block (RollSieve *self)
{
  RollSieveSlot *block = g_new0 (RollSieveSlot, BLOCK);

  for (guint i = 0; i < BLOCK; i++)
    {
      block[i].index = self->slots->len * BLOCK + i;
      block[i].link.data = &block[i];
      g_queue_push_tail_link (&self->unused, &block[i].link);
    }
  g_ptr_array_add (self->slots, block);
}

RollSieveSlot *
roll_sieve_slot_new (RollSieve *self)
{
  RollSieveSlot *slot;
  guint32 index;

  if (self->unused.length == 0)
    add_block (self);
  /* The last one given back is still in the cache. */
  slot = g_queue_pop_head_link (&self->unused)->data;
  index = slot->index;
  *slot = (RollSieveSlot){ .index = index, .fd = -1 };
  slot->link.data = slot;
  return slot;
}

void
roll_sieve_slot_free (RollSieve *self, RollSieveSlot *slot)
{
  g_assert (slot->fd < 0 && slot->deadline.place == 0);

  g_clear_pointer (&slot->addresses, g_free);
  g_queue_push_head_link (&self->unused, &slot->link);
}

guint16
roll_sieve_slot_port (RollSieve *self, const RollSieveSlot *slot)
{
  return slot->job.side_port != 0 ? slot->job.side_port : self->port;
}

RollSieveSlot *
roll_sieve_slot_get (RollSieve *self, guint32 index)
{
  g_assert (index / BLOCK < self->slots->len);

  return (RollSieveSlot *) g_ptr_array_index (self->slots, index / BLOCK) + index % BLOCK;
}
