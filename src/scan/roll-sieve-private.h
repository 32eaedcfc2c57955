/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdatomic.h>

#include "scan/roll-deadlines.h"
#include "scan/roll-rate.h"
#include "scan/roll-sieve.h"
#include "scan/roll-subnets.h"

G_BEGIN_DECLS

/* One kind of way to an address, with what may go that way. */
typedef enum
{
  ROLL_LANE_LOOPBACK,
  ROLL_LANE_ROUTED,
  ROLL_LANE_LINK_IPV4, /* this machine's own subnets */
  ROLL_LANE_LINK_IPV6,
} RollSieveLaneId;
#define ROLL_N_LANES 4

typedef struct
{
  RollRate rate;
  guint in_flight;
  GQueue waiting;   /* (element-type RollSieveSlot): linked by their own link */
  GQueue behind;    /* likewise: with a port of their own, taken when nobody else waits here */
  int family;       /* of a lane of our own subnets; else AF_UNSPEC, and no more is set */
  guint neighbours; /* entries of the neighbour table that may be in use when we begin another */
  guint room;       /* what was left of them when we looked, less what was begun since */
  gint64 looked;
  gint64 look_every;
  gint64 short_since;   /* how long the table has held us up; 0: it does not */
  gint64 missing_since; /* how long no connect has found its entry in it; 0: the last one did */
} RollSieveLane;

/* Trouble of this machine, never charged to a target. */
typedef enum
{
  ROLL_TROUBLE_FILES,
  ROLL_TROUBLE_MEMORY,
  ROLL_TROUBLE_PORTS,
  ROLL_TROUBLE_NETWORK,
  ROLL_TROUBLE_PERMISSION,
  ROLL_TROUBLE_NEIGHBOURS,
  ROLL_TROUBLE_NONE,
} RollSieveTroubleKind;

/* What becomes of an address that met with trouble. */
typedef enum
{
  ROLL_TROUBLE_NOT_OURS,        /* it was none: the error is the result */
  ROLL_TROUBLE_WAITED_OUT,      /* the slot has been put back */
  ROLL_TROUBLE_OF_THIS_ADDRESS, /* others get out: it is unreachable from here */
  ROLL_TROUBLE_FOR_GOOD,        /* nobody gets out, and that will not change by waiting */
} RollSieveTroubleAnswer;

typedef struct
{
  gboolean told; /* the event is out, its "-over" is not */
  gint64 last;
} RollSieveTrouble;

/* How one try at one address ended. */
typedef struct
{
  int number; /* errno; 0: connected */
  RollSaidBy said_by;
  char *detail; /* (nullable) (transfer full) */
} RollSieveOutcome;

/* A job under way. It is in one queue at a time, through its own link. */
typedef struct
{
  GList link;
  RollSieveJob job;
  RollAddress *addresses; /* of a name with several; NULL: @address alone */
  guint n_addresses;
  guint i_address;
  RollAddress address; /* the one being tried */
  guint32 index;
  int fd;
  guint interface; /* of an address on one of our subnets; else 0 */
  guint8 lane;
  gboolean had_entry; /* in the neighbour table, when the connect was begun */
  guint8 setbacks;    /* trouble of this machine met with this address */
  guint8 best_rank;   /* of what follows; 0: nothing yet */
  RollSaidBy best_said_by;
  int best_number;
  RollAddress best_address;
  guint64 opened_before; /* connects that worked when the first setback came */
  gint64 begun;          /* the attempt, monotonic */
  gint64 started;        /* this try, monotonic */
  gint64 started_at;     /* this try, wall clock */
  gint64 gives_up;       /* when this try times out */
  RollDeadline deadline; /* the next thing to do about it: look at the neighbour, time out, take up again */
} RollSieveSlot;

struct _RollSieve
{
  RollSieveCallbacks callbacks;
  gpointer user_data;
  GThread *thread;
  guint16 port;
  guint probes;
  gint64 connect_timeout;
  int epoll_fd;
  int wake_fd;
  RollResolver *resolver;
  RollSubnets *subnets;
  gint64 subnets_stale; /* when to read them again; G_MAXINT64: they are fresh */
  gint64 now;

  /* What may be pulled: END and LATER of each kind, as next() said. */
  guint ended; /* RollSieveKinds */
  gint64 names_later;
  gint64 addresses_later;

  GPtrArray *slots; /* blocks of them */
  GQueue unused;
  GQueue resolving;
  GQueue connecting;
  GQueue parked;           /* for a while, after trouble of this machine */
  RollDeadlines deadlines; /* of both */
  RollSieveLane lanes[ROLL_N_LANES];
  guint n_waiting; /* in the lanes */

  guint cap; /* connects at most; below @probes while this machine is short of something */
  gint64 cap_changed;
  gint64 gate;          /* no connect before this time */
  gint64 pause;         /* the next one's length */
  guint in_a_row;       /* connects this machine refused since the last one that worked */
  gint64 trouble_since; /* the first of those */
  guint64 opened;       /* connects this machine did not refuse */
  gint64 opened_last;
  RollSieveTrouble troubles[ROLL_TROUBLE_NONE];

  gint64 paused_since; /* 0: it is not paused */

  atomic_bool stopping;
  atomic_bool pause_wanted;
  atomic_uint n_resolving;
  atomic_uint n_connecting;
  atomic_ullong n_syns;
};

/* slots */
RollSieveSlot *roll_sieve_slot_new (RollSieve *self);
void roll_sieve_slot_free (RollSieve *self, RollSieveSlot *slot);
RollSieveSlot *roll_sieve_slot_get (RollSieve *self, guint32 index);
guint16 roll_sieve_slot_port (RollSieve *self, const RollSieveSlot *slot);

/* lanes */
void roll_sieve_lanes_init (RollSieve *self, guint rate);
void roll_sieve_lanes_add (RollSieve *self, RollSieveSlot *slot); /* at the end, in the lane of its address */
void roll_sieve_lanes_put_back (RollSieve *self, RollSieveSlot *slot); /* at the head of its lane */
void roll_sieve_lanes_shift (RollSieve *self, gint64 since); /* the time since then does not count for who waits */
RollSieveSlot *roll_sieve_lanes_take (RollSieve *self); /* (nullable): one that may start now */
gint64 roll_sieve_lanes_ready_at (RollSieve *self);

/* neighbours */
void roll_sieve_neighbours_init (RollSieve *self, RollSieveLaneId id, int family, guint rate);
gboolean roll_sieve_neighbours_have_room (RollSieve *self, RollSieveLane *lane);
gint64 roll_sieve_neighbours_ready_at (RollSieve *self, RollSieveLane *lane);
gboolean roll_sieve_neighbours_took_in (RollSieve *self, RollSieveSlot *slot);
gint64 roll_sieve_neighbours_check_at (RollSieve *self, RollSieveSlot *slot);
gboolean roll_sieve_neighbours_gave_up (RollSieve *self, RollSieveSlot *slot);
const char *roll_sieve_neighbours_detail (RollSieve *self, RollSieveSlot *slot);

/* feed */
void roll_sieve_feed_pause (RollSieve *self); /* begins or ends one, as is wanted */
void roll_sieve_feed_again (RollSieve *self); /* next() may have something now */
gboolean roll_sieve_feed (RollSieve *self);   /* TRUE: there is more to do at once */
gint64 roll_sieve_feed_ready_at (RollSieve *self);
gboolean roll_sieve_feed_finished (RollSieve *self);
void roll_sieve_resolved (gpointer query_data,
                          const RollAddress *addresses,
                          guint n_addresses,
                          RollErrorNumber error,
                          gpointer user_data);

/* connect */
void roll_sieve_connect (RollSieve *self, RollSieveSlot *slot);
void roll_sieve_connect_ready (RollSieve *self, RollSieveSlot *slot, guint32 epoll_events);
void roll_sieve_connect_due (RollSieve *self, RollSieveSlot *slot);

/* result: the slot is in no queue; the outcome's detail is taken */
void roll_sieve_try_ended (RollSieve *self, RollSieveSlot *slot, const RollSieveOutcome *outcome);
void roll_sieve_not_found (RollSieve *self, RollSieveSlot *slot, RollErrorNumber error);
void roll_sieve_not_admitted (RollSieve *self, RollSieveSlot *slot);
void roll_sieve_cancel_all (RollSieve *self);

/* evidence */
void roll_sieve_evidence_want (int fd, int family);
void roll_sieve_evidence_read (RollSieve *self, RollSieveSlot *slot, RollSieveOutcome *inout_outcome);

/* trouble */
RollSieveTroubleAnswer roll_sieve_trouble (RollSieve *self, RollSieveSlot *slot, int number);
void roll_sieve_trouble_neighbours (RollSieve *self, int family);
const char *roll_sieve_errno_name (int number);
const char *roll_sieve_trouble_kind (int number); /* of the event; (nullable): no trouble of this machine */
void roll_sieve_no_trouble (RollSieve *self); /* a connect was begun */
void roll_sieve_trouble_unpark (RollSieve *self, RollSieveSlot *slot);
void roll_sieve_trouble_dispatch (RollSieve *self);
gint64 roll_sieve_trouble_ready_at (RollSieve *self);
void roll_sieve_trouble_end (RollSieve *self);

/* loop */
gpointer roll_sieve_run (gpointer data);

#define ROLL_SIEVE_TAG_CONNECT 0u
#define ROLL_SIEVE_TAG_WAKE 1u
#define ROLL_SIEVE_TAG_SUBNETS 2u
#define ROLL_SIEVE_TAG_RESOLVER 3u

G_END_DECLS
