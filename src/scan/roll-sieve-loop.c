/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sys/epoll.h>
#include <unistd.h>

#include "scan/roll-sieve-private.h"

#define EVENTS 256
/* Routes change in swarms (a VPN, a routing daemon): read them when it has calmed down. */
#define SUBNETS_DELAY (1 * G_USEC_PER_SEC)
/* The clock of epoll is in milliseconds of an int. */
#define WAIT_MAX (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

static gboolean
is_stopping (RollSieve *self)
{
  return atomic_load_explicit (&self->stopping, memory_order_acquire);
}

/* One-shot: no more news until the last ones have been read. */
static void
watch_subnets (RollSieve *self, int operation)
{
  int fd = roll_subnets_get_fd (self->subnets);
  struct epoll_event event = {
    .events = EPOLLIN | EPOLLONESHOT,
    .data.u64 = (guint64) ROLL_SIEVE_TAG_SUBNETS << 32,
  };

  self->subnets_stale = G_MAXINT64;
  if (fd >= 0)
    epoll_ctl (self->epoll_fd, operation, fd, &event);
}

static void
refresh_subnets (RollSieve *self)
{
  if (self->now < self->subnets_stale)
    return;
  roll_subnets_refresh (self->subnets);
  watch_subnets (self, EPOLL_CTL_MOD);
}

static void
take_event (RollSieve *self, const struct epoll_event *event)
{
  guint32 low = (guint32) event->data.u64;
  guint64 count;

  switch ((guint32) (event->data.u64 >> 32))
    {
    case ROLL_SIEVE_TAG_CONNECT:
      roll_sieve_connect_ready (self, roll_sieve_slot_get (self, low), event->events);
      break;
    case ROLL_SIEVE_TAG_WAKE:
      if (read (self->wake_fd, &count, sizeof count) > 0)
        roll_sieve_feed_again (self);
      break;
    case ROLL_SIEVE_TAG_SUBNETS:
      self->subnets_stale = self->now + SUBNETS_DELAY;
      break;
    case ROLL_SIEVE_TAG_RESOLVER:
      roll_resolver_ready (self->resolver, (int) low, event->events);
      break;
    default:
      g_assert_not_reached ();
    }
}

static gint64
next_turn (RollSieve *self)
{
  gint64 earliest = MIN (roll_sieve_feed_ready_at (self), roll_sieve_trouble_ready_at (self));
  RollDeadline *first = roll_deadlines_first (&self->deadlines);

  if (first != NULL)
    earliest = MIN (earliest, first->due);
  earliest = MIN (earliest, self->subnets_stale);
  return MIN (earliest, roll_resolver_deadline (self->resolver));
}

static void
wait_for_events (RollSieve *self, gboolean at_once)
{
  struct epoll_event events[EVENTS];
  gint64 wait = at_once ? 0 : next_turn (self) - self->now;
  int n_events;

  wait = CLAMP (wait, 0, WAIT_MAX);
  n_events = epoll_wait (self->epoll_fd, events, EVENTS, (int) ((wait + 999) / 1000));
  self->now = g_get_monotonic_time ();
  /* None of these ends another's connect, and none begins one: an event always finds its own slot. */
  for (int i = 0; i < n_events && !is_stopping (self); i++)
    take_event (self, &events[i]);
}

static void
dispatch_deadlines (RollSieve *self)
{
  RollDeadline *first;

  while ((first = roll_deadlines_first (&self->deadlines)) != NULL && first->due <= self->now)
    {
      RollSieveSlot *slot = (RollSieveSlot *) ((guint8 *) first - offsetof (RollSieveSlot, deadline));

      roll_deadlines_remove (&self->deadlines, first);
      if (slot->fd >= 0)
        roll_sieve_connect_due (self, slot);
      else
        roll_sieve_trouble_unpark (self, slot);
    }
}

static void
dispatch_timers (RollSieve *self)
{
  dispatch_deadlines (self);
  roll_sieve_trouble_dispatch (self);
  refresh_subnets (self);
  if (roll_resolver_deadline (self->resolver) <= self->now)
    roll_resolver_dispatch (self->resolver, self->now);
}

gpointer
roll_sieve_run (gpointer data)
{
  RollSieve *self = data;

  self->now = g_get_monotonic_time ();
  watch_subnets (self, EPOLL_CTL_ADD);
  while (!is_stopping (self))
    {
      gboolean more;

      roll_sieve_feed_pause (self);
      more = roll_sieve_feed (self);
      if (!more && roll_sieve_feed_finished (self))
        break;
      wait_for_events (self, more);
      dispatch_timers (self);
    }

  /* Open questions hold on to attempts that are about to be given back. */
  g_clear_pointer (&self->resolver, roll_resolver_free);
  roll_sieve_cancel_all (self);
  roll_sieve_trouble_end (self);
  return NULL;
}
