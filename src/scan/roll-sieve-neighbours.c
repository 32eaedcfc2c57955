/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <unistd.h>

#include "scan/roll-sieve-private.h"

/*
 * The kernel keeps 1,024 neighbours of a family at most (gc_thresh3). Each address of our own subnets takes an entry for
 * the three seconds it is asked for in vain, and one that has answered keeps it for up to 45; where there is no room for
 * another the SYN is dropped and nobody is told, so live computers are lost, and the rest of this machine can't reach
 * new neighbours either. Hence: new addresses at a fifth of the table a second after a burst of a quarter of it, and
 * only as many as there is room for, which is looked up as we go.
 */
#define BURST(limit) ((limit) / 4)
#define RATE(limit) ((limit) * 200 / 1024)
#define OURS(limit) ((limit) - (limit) / 8)
/* Each is a broadcast to everybody on the link, three times over: no more than this, however large the table. */
#define NEIGHBOURS_MAX 4096
#define NEIGHBOURS_MIN 32
#define LOOK_EVERY (100 * 1000)
#define GROW_EVERY (1 * G_USEC_PER_SEC)
/* Less room than a 64th for two seconds is worth telling. */
#define ROOMY 64
#define SHORT_FOR (2 * G_USEC_PER_SEC)
/* When the kernel, by default, has asked three times a second apart and given up. It tells the socket, but no more than
 * 50 at once and 1,000 a second. */
#define GIVEN_UP (3200 * 1000)
/* How often an address is tried again because the table may have had no room for it. */
#define PASSES_MAX 5

void
roll_sieve_neighbours_init (RollSieve *self, RollSieveLaneId id, int family, guint rate)
{
  RollSieveLane *lane = &self->lanes[id];
  guint limit = CLAMP (roll_subnets_get_neighbour_limit (family), NEIGHBOURS_MIN, NEIGHBOURS_MAX);
  guint link_rate = rate > 0 ? MIN (rate, RATE (limit)) : RATE (limit);

  roll_rate_init (&lane->rate, link_rate, BURST (limit));
  lane->family = family;
  lane->neighbours = lane->neighbours_max = OURS (limit);
}

/* What somebody else holds of the table may not show, a container's for instance: then less is ours. */
static void
take_less (RollSieve *self, RollSieveLane *lane)
{
  if (self->now - lane->neighbours_changed < GROW_EVERY)
    return;
  lane->neighbours = MAX (lane->neighbours / 2, NEIGHBOURS_MIN);
  lane->neighbours_changed = self->now;
  lane->looked = 0;
}

static void
take_more (RollSieve *self, RollSieveLane *lane)
{
  if (lane->neighbours == lane->neighbours_max || self->now - lane->neighbours_changed < GROW_EVERY)
    return;
  lane->neighbours = MIN (lane->neighbours + lane->neighbours_max / 16, lane->neighbours_max);
  lane->neighbours_changed = self->now;
}

/* The user wonders why it has become slow. */
static void
note_shortage (RollSieve *self, RollSieveLane *lane)
{
  if (lane->room >= lane->neighbours / ROOMY)
    lane->short_since = 0;
  else if (lane->short_since == 0)
    lane->short_since = self->now;
  else if (self->now - lane->short_since >= SHORT_FOR)
    roll_sieve_trouble_neighbours (self, lane->family);
}

static void
look (RollSieve *self, RollSieveLane *lane)
{
  guint busy = roll_subnets_count_neighbours (self->subnets, lane->family);

  if (self->now - lane->looked > SHORT_FOR)
    lane->short_since = 0;
  take_more (self, lane);
  busy = MAX (busy, lane->in_flight);
  lane->room = lane->neighbours > busy ? lane->neighbours - busy : 0;
  lane->looked = self->now;
  note_shortage (self, lane);
}

/* Of a lane of our own subnets, with somebody waiting. */
gboolean
roll_sieve_neighbours_have_room (RollSieve *self, RollSieveLane *lane)
{
  if (self->now - lane->looked >= LOOK_EVERY)
    look (self, lane);
  return lane->room > 0;
}

gint64
roll_sieve_neighbours_ready_at (RollSieve *self, RollSieveLane *lane)
{
  return lane->room > 0 ? self->now : lane->looked + LOOK_EVERY;
}

/* When silence of a neighbour can be told from silence of a computer; G_MAXINT64: not before the time-out. */
gint64
roll_sieve_neighbours_check_at (RollSieve *self, RollSieveSlot *slot)
{
  if (slot->interface == 0 || self->connect_timeout <= GIVEN_UP)
    return G_MAXINT64;
  return slot->started + GIVEN_UP;
}

static RollNeighbour
get_neighbour (RollSieve *self, RollSieveSlot *slot)
{
  return slot->interface != 0 ? roll_subnets_get_neighbour (self->subnets, slot->interface, &slot->address)
                              : ROLL_NEIGHBOUR_UNKNOWN;
}

gboolean
roll_sieve_neighbours_gave_up (RollSieve *self, RollSieveSlot *slot)
{
  return get_neighbour (self, slot) == ROLL_NEIGHBOUR_DEAD;
}

/* The connect has timed out. Silence on our own subnets is ambiguous: nobody there, a firewall, or no room for them. */
void
roll_sieve_neighbours_timed_out (RollSieve *self, RollSieveSlot *slot)
{
  RollSieveOutcome outcome = { ETIMEDOUT, ROLL_SAID_BY_NOBODY, NULL };

  switch (get_neighbour (self, slot))
    {
    case ROLL_NEIGHBOUR_MISSING:
      outcome.detail = g_strdup ("neighbour=forgotten");
      take_less (self, &self->lanes[slot->lane]);
      if (slot->again++ < PASSES_MAX)
        {
          outcome.said_by = ROLL_SAID_BY_THIS_MACHINE;
          roll_sieve_try_again (self, slot, &outcome);
          return;
        }
      break;
    case ROLL_NEIGHBOUR_ASKED:
      outcome.detail = g_strdup ("neighbour=no-answer");
      break;
    case ROLL_NEIGHBOUR_DEAD:
      outcome = (RollSieveOutcome) { EHOSTUNREACH, ROLL_SAID_BY_THIS_MACHINE, g_strdup ("neighbour=no-answer") };
      break;
    case ROLL_NEIGHBOUR_ANSWERED:
      outcome.detail = g_strdup ("neighbour=answered");
      break;
    case ROLL_NEIGHBOUR_UNKNOWN:
    default:
      break;
    }
  roll_sieve_try_ended (self, slot, &outcome);
}
