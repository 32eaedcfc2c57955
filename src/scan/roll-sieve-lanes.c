/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-sieve-private.h"

/* Each address goes by one of four lanes, so that what holds up one kind does not hold up the others. */

void
roll_sieve_lanes_init (RollSieve *self, guint rate)
{
  roll_rate_init (&self->lanes[ROLL_LANE_LOOPBACK].rate, 0, 1);
  roll_rate_init (&self->lanes[ROLL_LANE_ROUTED].rate, rate, ROLL_SIEVE_BURST);
  roll_sieve_neighbours_init (self, ROLL_LANE_LINK_IPV4, AF_INET, rate);
  roll_sieve_neighbours_init (self, ROLL_LANE_LINK_IPV6, AF_INET6, rate);
}

static RollSieveLaneId
choose_lane (RollSieve *self, RollSieveSlot *slot)
{
  if (roll_address_is_loopback (&slot->address))
    return ROLL_LANE_LOOPBACK;
  switch (roll_subnets_find_way (self->subnets, &slot->address, &slot->interface))
    {
    case ROLL_WAY_OWN:
      return ROLL_LANE_LOOPBACK;
    case ROLL_WAY_NEIGHBOUR:
      return slot->address.family == AF_INET ? ROLL_LANE_LINK_IPV4 : ROLL_LANE_LINK_IPV6;
    case ROLL_WAY_ROUTED:
    default:
      return ROLL_LANE_ROUTED;
    }
}

static GQueue *
queue_of (RollSieve *self, RollSieveSlot *slot)
{
  RollSieveLane *lane = &self->lanes[slot->lane];

  return slot->job.side_port != 0 ? &lane->behind : &lane->waiting;
}

void
roll_sieve_lanes_add (RollSieve *self, RollSieveSlot *slot)
{
  slot->interface = 0;
  slot->lane = choose_lane (self, slot);
  g_queue_push_tail_link (queue_of (self, slot), &slot->link);
  self->n_waiting++;
}

void
roll_sieve_lanes_put_back (RollSieve *self, RollSieveSlot *slot)
{
  g_queue_push_head_link (queue_of (self, slot), &slot->link);
  self->n_waiting++;
}

static void
shift (RollSieve *self, GQueue *queue, gint64 since)
{
  for (GList *l = queue->head; l != NULL; l = l->next)
    {
      RollSieveSlot *slot = l->data;

      if (slot->begun != 0)
        slot->begun += self->now - MAX (slot->begun, since);
    }
}

void
roll_sieve_lanes_shift (RollSieve *self, gint64 since)
{
  shift (self, &self->parked, since);
  for (guint i = 0; i < ROLL_N_LANES; i++)
    shift (self, &self->lanes[i].waiting, since);
}

static gboolean
is_empty (const RollSieveLane *lane)
{
  return lane->waiting.length == 0 && lane->behind.length == 0;
}

static gboolean
may_start (RollSieve *self, RollSieveLane *lane)
{
  if (is_empty (lane))
    return FALSE;
  if (lane->family != AF_UNSPEC && !roll_sieve_neighbours_have_room (self, lane))
    return FALSE;
  return roll_rate_take (&lane->rate, self->now);
}

RollSieveSlot *
roll_sieve_lanes_take (RollSieve *self)
{
  if (self->n_waiting == 0)
    return NULL;
  for (guint i = 0; i < ROLL_N_LANES; i++)
    {
      RollSieveLane *lane = &self->lanes[i];

      if (!may_start (self, lane))
        continue;
      if (lane->family != AF_UNSPEC)
        lane->room--;
      self->n_waiting--;
      return g_queue_pop_head_link (lane->waiting.length > 0 ? &lane->waiting : &lane->behind)->data;
    }
  return NULL;
}

gint64
roll_sieve_lanes_ready_at (RollSieve *self)
{
  gint64 earliest = G_MAXINT64;

  for (guint i = 0; i < ROLL_N_LANES; i++)
    {
      RollSieveLane *lane = &self->lanes[i];
      gint64 ready;

      if (is_empty (lane))
        continue;
      ready = roll_rate_ready_at (&lane->rate, self->now);
      if (lane->family != AF_UNSPEC)
        ready = MAX (ready, roll_sieve_neighbours_ready_at (self, lane));
      earliest = MIN (earliest, ready);
    }
  return earliest;
}
