/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan-private.h"

/* --- Pausing ---------------------------------------------------------------------------------------------------- */

static void
set_paused (RollScan *self, gboolean paused)
{
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&self->lock);
  if (paused != (self->paused_since != 0))
    {
      self->paused_us += paused ? 0 : now - self->paused_since;
      self->paused_since = paused ? now : 0;
      if (self->pool != NULL)
        roll_session_pool_set_paused (self->pool, paused);
      if (self->sieve != NULL)
        roll_sieve_set_paused (self->sieve, paused);
    }
  g_mutex_unlock (&self->lock);
}

void
roll_scan_pause (RollScan *self)
{
  g_return_if_fail (ROLL_IS_SCAN (self));

  set_paused (self, TRUE);
}

void
roll_scan_unpause (RollScan *self)
{
  g_return_if_fail (ROLL_IS_SCAN (self));

  set_paused (self, FALSE);
}

gboolean
roll_scan_is_paused (RollScan *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (ROLL_IS_SCAN (self), FALSE);

  locker = g_mutex_locker_new (&self->lock);
  return self->paused_since != 0;
}

static gint64
get_clock (RollScan *self, gint64 now)
{
  return (self->paused_since != 0 ? self->paused_since : now) - self->paused_us;
}

gint64
roll_scan_get_clock (RollScan *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  return get_clock (self, g_get_monotonic_time ());
}

/* --- Who waits for what ----------------------------------------------------------------------------------------- */

void
roll_scan_note_waiting (RollScan *self)
{
  RollSchedulerWaiting waiting;

  roll_scheduler_get_waiting (self->scheduler, &waiting);
  g_atomic_int_set (&self->n_put_back, waiting.n_for_account);
  atomic_store_explicit (&self->next_retry, waiting.next_retry, memory_order_relaxed);
  atomic_store_explicit (&self->last_retry, waiting.last_retry, memory_order_relaxed);
}

/* Of numbers that were read one after the other. */
static guint
less (guint n, guint part)
{
  return n - MIN (n, part);
}

/* Under the lock. */
static void
look_at_sessions (RollScan *self, RollActivity *ret)
{
  RollSessionCounts sessions;

  if (self->pool == NULL)
    return;
  roll_session_pool_get_counts (self->pool, &sessions);
  ret->queued = sessions.queued;
  ret->network = sessions.network;
  ret->account = roll_logon_budget_get_waiting (self->budget, &ret->account_name);
  ret->reading = MIN ((guint) g_atomic_int_get (&self->n_reading), sessions.running);
  ret->logging_on = less (sessions.running - ret->reading, ret->account);
  ret->put_back = (guint) g_atomic_int_get (&self->n_put_back);
}

/* Under the lock. */
static void
look_at_sieve (RollScan *self, guint n_in_sieve, RollActivity *ret)
{
  RollSieveStats stats;

  if (self->sieve == NULL)
    return;
  roll_sieve_get_stats (self->sieve, &stats);
  ret->resolving = MIN (stats.resolving, n_in_sieve);
  ret->connecting = MIN (stats.connecting, n_in_sieve - ret->resolving);
  ret->to_connect = n_in_sieve - ret->resolving - ret->connecting;
}

void
roll_scan_get_progress (RollScan *self, RollProgress *ret_progress)
{
  gint64 now = g_get_monotonic_time (), next_retry, last_retry, clock;
  RollActivity activity = { 0 };
  RollScanSituation situation = { 0 };
  guint n_sessions;

  g_return_if_fail (ROLL_IS_SCAN (self));
  g_return_if_fail (ret_progress != NULL);

  next_retry = atomic_load_explicit (&self->next_retry, memory_order_relaxed);
  last_retry = atomic_load_explicit (&self->last_retry, memory_order_relaxed);
  n_sessions = (guint) g_atomic_int_get (&self->n_sessions);
  situation.n_in_flight = (guint) g_atomic_int_get (&self->n_in_flight);
  g_mutex_lock (&self->lock);
  clock = get_clock (self, now);
  look_at_sessions (self, &activity);
  look_at_sieve (self, less (situation.n_in_flight, n_sessions), &activity);
  g_mutex_unlock (&self->lock);

  situation.n_sessions = n_sessions;
  situation.jobs = self->options->probe_only ? 0 : self->options->jobs;
  situation.retries_end = last_retry > 0 ? last_retry - (now - clock) : 0;
  roll_scan_tracker_get (self->tracker, clock, &situation, ret_progress);
  activity.retry = ret_progress->n_waiting;
  activity.next_retry_us = next_retry > now ? next_retry - now : 0;
  ret_progress->activity = activity;
  ret_progress->paused = roll_scan_is_paused (self);
}
