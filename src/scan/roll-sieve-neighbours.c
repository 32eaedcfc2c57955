/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <unistd.h>

#include "scan/roll-sieve-private.h"

/*
 * The kernel keeps 1,024 neighbours of a family at most (gc_thresh3). Each address of our own subnets takes
 * an entry for the three seconds it is asked for in vain, and one that has answered keeps it for up to 45;
 * where there is no room for another the SYN is dropped and nobody is told, so live computers are lost, and
 * the rest of this machine can't reach new neighbours either. Hence: new addresses at a fifth of the table a
 * second after a burst of a quarter of it, and only while an eighth of it stays free, which is looked up as
 * we go. Others may use the table unseen (containers share it), so each connect must also find its entry
 * there at once; if it does not, it is taken back and waits.
 */
#define BURST(limit) ((limit) / 4)
#define RATE(limit) ((limit) *200 / 1024)
#define OURS(limit) ((limit) - (limit) / 8)
/* Each is a broadcast to the whole link, three times over: no faster than with a table of this size, however
 * large it is. And looking through a large one takes time. */
#define LARGE_TABLE 4096
#define SMALL_TABLE 32
#define LOOK_EVERY (100 * 1000)
#define LOOK_EVERY_LARGE (1000 * 1000)
/* Where others keep the table full for good, so many in flight at least: each finds out by itself. */
#define TRICKLE 16
/* Less room than a 64th for two seconds is worth telling. */
#define ROOMY 64
#define SHORT_FOR (2 * G_USEC_PER_SEC)
/* When no connect at all finds its entry for so long, it is not room that is missing: a rule of this
 * machine's firewall drops what we send, for instance. Then we go on without looking. */
#define BLIND_AFTER (10 * G_USEC_PER_SEC)
/* When the kernel, by default, has asked three times a second apart and given up. It tells the socket, but no
 * more than 50 at once and 1,000 a second. */
#define GIVEN_UP (3200 * 1000)

void
roll_sieve_neighbours_init (RollSieve *self, RollSieveLaneId id, int family, guint rate)
{
  RollSieveLane *lane = &self->lanes[id];
  guint limit = roll_subnets_get_neighbour_limit (family);
  guint paced = CLAMP (limit, SMALL_TABLE, LARGE_TABLE);
  guint link_rate = rate > 0 ? MIN (rate, RATE (paced)) : RATE (paced);

  roll_rate_init (&lane->rate, link_rate, BURST (paced));
  lane->family = family;
  lane->neighbours = OURS (limit);
  lane->look_every = limit > LARGE_TABLE ? LOOK_EVERY_LARGE : LOOK_EVERY;
}

/* The user wonders why it has become slow. */
static void
note_room (RollSieve *self, RollSieveLane *lane, guint room)
{
  lane->room = room;
  lane->looked = self->now;
  if (room >= lane->neighbours / ROOMY)
    lane->short_since = 0;
  else if (lane->short_since == 0)
    lane->short_since = self->now;
  else if (self->now - lane->short_since >= SHORT_FOR)
    roll_sieve_trouble_neighbours (self, lane->family);
}

static void
look (RollSieve *self, RollSieveLane *lane)
{
  guint busy = MAX (roll_subnets_count_neighbours (self->subnets, lane->family), lane->in_flight);

  /* Nobody has waited meanwhile. */
  if (self->now - lane->looked > SHORT_FOR)
    lane->short_since = 0;
  note_room (self, lane, lane->neighbours > busy ? lane->neighbours - busy : 0);
  if (lane->room == 0 && lane->in_flight < TRICKLE)
    lane->room = TRICKLE - lane->in_flight;
}

/* Of a lane of our own subnets, with somebody waiting. */
gboolean
roll_sieve_neighbours_have_room (RollSieve *self, RollSieveLane *lane)
{
  if (self->now - lane->looked >= lane->look_every)
    look (self, lane);
  return lane->room > 0;
}

gint64
roll_sieve_neighbours_ready_at (RollSieve *self, RollSieveLane *lane)
{
  return lane->room > 0 ? self->now : lane->looked + lane->look_every;
}

/* A connect has been begun: FALSE when the table had no room for its address, so that nothing was sent. */
gboolean
roll_sieve_neighbours_took_in (RollSieve *self, RollSieveSlot *slot)
{
  RollSieveLane *lane = &self->lanes[slot->lane];

  if (roll_subnets_get_neighbour (self->subnets, slot->interface, &slot->address) != ROLL_NEIGHBOUR_MISSING)
    {
      slot->had_entry = TRUE;
      lane->missing_since = 0;
      return TRUE;
    }
  slot->had_entry = FALSE;
  if (lane->missing_since == 0)
    lane->missing_since = self->now;
  if (self->now - lane->missing_since >= BLIND_AFTER)
    return TRUE;
  note_room (self, lane, 0);
  return FALSE;
}

/* When silence of a neighbour can be told from silence of a computer; G_MAXINT64: not before the time-out. */
gint64
roll_sieve_neighbours_check_at (RollSieve *self, RollSieveSlot *slot)
{
  if (slot->interface == 0 || self->connect_timeout <= GIVEN_UP)
    return G_MAXINT64;
  return slot->started + GIVEN_UP;
}

/* An entry is only thrown out after the kernel has given up. */
gboolean
roll_sieve_neighbours_gave_up (RollSieve *self, RollSieveSlot *slot)
{
  RollNeighbour neighbour;

  if (!slot->had_entry)
    return FALSE;
  neighbour = roll_subnets_get_neighbour (self->subnets, slot->interface, &slot->address);
  return neighbour == ROLL_NEIGHBOUR_DEAD || neighbour == ROLL_NEIGHBOUR_MISSING;
}

/* Whether anybody is there behind the silence. */
const char *
roll_sieve_neighbours_detail (RollSieve *self, RollSieveSlot *slot)
{
  if (slot->interface == 0)
    return NULL;
  switch (roll_subnets_get_neighbour (self->subnets, slot->interface, &slot->address))
    {
    case ROLL_NEIGHBOUR_ASKED:
    case ROLL_NEIGHBOUR_DEAD:
      return "neighbour=no-answer";
    case ROLL_NEIGHBOUR_ANSWERED:
      return "neighbour=answered";
    case ROLL_NEIGHBOUR_MISSING:
      return slot->had_entry ? "neighbour=no-answer" : "neighbour=not-asked";
    case ROLL_NEIGHBOUR_UNKNOWN:
    default:
      return NULL;
    }
}
