/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-sieve-private.h"

/* Connects begun before the answers of earlier ones are looked at: what is measured should not wait long. */
#define BATCH 64
/* LATER means later. */
#define LATER_AT_LEAST 1000

void
roll_sieve_feed_again (RollSieve *self)
{
  self->ended = 0;
  self->names_later = 0;
  self->addresses_later = 0;
}

static gboolean
may_open (RollSieve *self)
{
  return self->connecting.length < self->cap && self->now >= self->gate && self->paused_since == 0;
}

void
roll_sieve_feed_pause (RollSieve *self)
{
  gboolean wanted = atomic_load_explicit (&self->pause_wanted, memory_order_acquire);

  if (wanted && self->paused_since == 0)
    self->paused_since = self->now;
  else if (!wanted && self->paused_since != 0)
    {
      roll_sieve_lanes_shift (self, self->paused_since);
      self->trouble_since += self->now - self->paused_since;
      self->paused_since = 0;
    }
}

/* Only what the last answers of next() leave open. */
static RollSieveKinds
wanted_kinds (RollSieve *self)
{
  RollSieveKinds kinds = 0;

  if (self->n_waiting + self->parked.length >= self->probes)
    return 0;
  if (self->now >= self->addresses_later && (may_open (self) || self->paused_since != 0))
    kinds |= ROLL_SIEVE_ADDRESSES;
  if (self->now >= self->names_later && roll_resolver_has_room (self->resolver))
    kinds |= ROLL_SIEVE_NAMES;
  return kinds & ~self->ended;
}

static void
accept_job (RollSieve *self, const RollSieveJob *job)
{
  RollSieveSlot *slot = roll_sieve_slot_new (self);

  slot->job = *job;
  if (job->name == NULL)
    {
      slot->address = job->address;
      slot->n_addresses = 1;
      roll_sieve_lanes_add (self, slot);
      return;
    }
  slot->begun = self->now;
  job->attempt->started_at = g_get_real_time ();
  g_queue_push_tail_link (&self->resolving, &slot->link);
  atomic_store_explicit (&self->n_resolving, self->resolving.length, memory_order_relaxed);
  roll_resolver_ask (self->resolver, job->name, job->attempt, slot);
}

/* FALSE when there is no job or no room for one. */
static gboolean
pull (RollSieve *self)
{
  RollSieveKinds kinds = wanted_kinds (self);
  RollSieveJob job = { 0 };
  gint64 when = 0;

  if (kinds == 0)
    return FALSE;
  switch (self->callbacks.next (kinds, &job, &when, self->user_data))
    {
    case ROLL_SIEVE_JOB:
      accept_job (self, &job);
      return TRUE;
    case ROLL_SIEVE_LATER:
      when = MAX (when, self->now + LATER_AT_LEAST);
      if (kinds & ROLL_SIEVE_NAMES)
        self->names_later = when;
      if (kinds & ROLL_SIEVE_ADDRESSES)
        self->addresses_later = when;
      return TRUE; /* the other kind, if only one was asked for */
    case ROLL_SIEVE_END:
      self->ended |= kinds;
      return TRUE;
    default:
      g_assert_not_reached ();
    }
}

gboolean
roll_sieve_feed (RollSieve *self)
{
  for (guint i = 0; i < BATCH; i++)
    {
      RollSieveSlot *slot = may_open (self) ? roll_sieve_lanes_take (self) : NULL;

      if (slot != NULL)
        roll_sieve_connect (self, slot);
      else if (atomic_load_explicit (&self->stopping, memory_order_relaxed) || !pull (self))
        return FALSE;
    }
  return TRUE;
}

gint64
roll_sieve_feed_ready_at (RollSieve *self)
{
  gint64 earliest = G_MAXINT64;

  if (self->names_later > self->now && !(self->ended & ROLL_SIEVE_NAMES))
    earliest = self->names_later;
  if (self->addresses_later > self->now && !(self->ended & ROLL_SIEVE_ADDRESSES))
    earliest = MIN (earliest, self->addresses_later);
  if (self->paused_since != 0)
    return earliest;
  if (self->connecting.length < self->cap)
    earliest = MIN (earliest, MAX (self->gate, roll_sieve_lanes_ready_at (self)));
  if (self->gate > self->now)
    earliest = MIN (earliest, self->gate);
  return earliest;
}

gboolean
roll_sieve_feed_finished (RollSieve *self)
{
  return self->ended == (ROLL_SIEVE_NAMES | ROLL_SIEVE_ADDRESSES) && self->resolving.length == 0 &&
         self->connecting.length == 0 && self->parked.length == 0 && self->n_waiting == 0;
}

/* Not all of them: each may take the whole time-out, and how many a name server gives is not ours to say. */
static guint
keep_admitted (RollSieve *self, const RollSieveJob *job, const RollAddress *addresses, guint n_addresses,
               RollAddress admitted[ROLL_SIEVE_ADDRESSES_MAX])
{
  guint n = 0;

  for (guint i = 0; i < n_addresses && n < ROLL_SIEVE_ADDRESSES_MAX; i++)
    if (self->callbacks.admits == NULL || self->callbacks.admits (job, &addresses[i], self->user_data))
      admitted[n++] = addresses[i];
  return n;
}

void
roll_sieve_resolved (gpointer query_data,
                     const RollAddress *addresses,
                     guint n_addresses,
                     RollErrorNumber error,
                     gpointer user_data)
{
  RollSieve *self = user_data;
  RollSieveSlot *slot = query_data;
  RollAddress admitted[ROLL_SIEVE_ADDRESSES_MAX];

  g_queue_unlink (&self->resolving, &slot->link);
  atomic_store_explicit (&self->n_resolving, self->resolving.length, memory_order_relaxed);
  if (n_addresses == 0)
    {
      roll_sieve_not_found (self, slot, error);
      return;
    }
  slot->address = addresses[0];
  n_addresses = keep_admitted (self, &slot->job, addresses, n_addresses, admitted);
  if (n_addresses == 0)
    {
      roll_sieve_not_admitted (self, slot);
      return;
    }
  addresses = admitted;
  slot->n_addresses = n_addresses;
  slot->address = addresses[0];
  if (slot->n_addresses > 1)
    slot->addresses = g_memdup2 (addresses, slot->n_addresses * sizeof *addresses);
  roll_sieve_lanes_add (self, slot);
}
