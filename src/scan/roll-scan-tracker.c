/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan-tracker.h"

/* The rate is taken over the last ten seconds: one sample a second. */
#define N_SAMPLES 11
#define SAMPLE_US G_USEC_PER_SEC
/* So many sessions back their mean length is taken. */
#define MEAN_OF 200
/* Less than this says nothing about the rest. */
#define ESTIMATE_AFTER_US (2 * G_USEC_PER_SEC)

typedef struct
{
  gint64 at;
  guint n_done;
} Sample;

struct _RollScanTracker
{
  GMutex lock;
  guint n_targets;
  guint n_done;
  guint n_waiting;
  GArray *tally;        /* (element-type RollTally), in order of code, without NOT_STARTED */
  GHashTable *unsettled; /* ordinal -> status of rows that may still change; a few */
  gint64 started_at;
  double mean_session_us; /* of the last ones, more or less */
  guint n_sessions;
  Sample samples[N_SAMPLES];
  guint n_samples;
};

RollScanTracker *
roll_scan_tracker_new (guint n_targets)
{
  RollScanTracker *self = g_new0 (RollScanTracker, 1);

  g_mutex_init (&self->lock);
  self->n_targets = n_targets;
  self->tally = g_array_new (FALSE, FALSE, sizeof (RollTally));
  self->unsettled = g_hash_table_new (NULL, NULL);
  return self;
}

void
roll_scan_tracker_free (RollScanTracker *self)
{
  g_array_unref (self->tally);
  g_hash_table_unref (self->unsettled);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
may_change (RollStatus status)
{
  return status == ROLL_STATUS_STOPPED || !roll_status_is_final (status);
}

static void
add_to_tally (GArray *tally, RollStatus status, int change)
{
  RollTally fresh = { status, 0 };
  guint i;

  for (i = 0; i < tally->len; i++)
    {
      RollTally *entry = &g_array_index (tally, RollTally, i);

      if (entry->status < status)
        continue;
      if (entry->status > status)
        g_array_insert_val (tally, i, fresh);
      break;
    }
  if (i == tally->len)
    g_array_append_val (tally, fresh);

  g_array_index (tally, RollTally, i).count += (guint) change;
  if (g_array_index (tally, RollTally, i).count == 0)
    g_array_remove_index (tally, i);
}

static void
move_count (RollScanTracker *self, RollStatus status, int change)
{
  add_to_tally (self->tally, status, change);
  if (status == ROLL_STATUS_WAITING_FOR_RETRY)
    self->n_waiting += (guint) change;
  else if (!may_change (status))
    self->n_done += (guint) change;
}

void
roll_scan_tracker_count (RollScanTracker *self, const RollComputer *computer)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gpointer key = GUINT_TO_POINTER (computer->ordinal);
  gpointer earlier;

  if (g_hash_table_steal_extended (self->unsettled, key, NULL, &earlier))
    move_count (self, (RollStatus) GPOINTER_TO_INT (earlier), -1);
  if (may_change (computer->status))
    g_hash_table_insert (self->unsettled, key, GINT_TO_POINTER ((int) computer->status));
  move_count (self, computer->status, 1);
}

void
roll_scan_tracker_start (RollScanTracker *self, gint64 now)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->started_at = now;
  self->samples[0] = (Sample) { now, self->n_done };
  self->n_samples = 1;
}

static void
take_sample (RollScanTracker *self, gint64 now)
{
  if (self->n_samples == 0 || now - self->samples[self->n_samples - 1].at < SAMPLE_US)
    return;
  if (self->n_samples == N_SAMPLES)
    memmove (self->samples, self->samples + 1, sizeof (Sample) * --self->n_samples);
  self->samples[self->n_samples++] = (Sample) { now, self->n_done };
}

static double
rate_of (RollScanTracker *self, gint64 now)
{
  gint64 span = self->n_samples > 0 ? now - self->samples[0].at : 0;

  return span > 0 ? (double) (self->n_done - self->samples[0].n_done) * G_USEC_PER_SEC / (double) span : 0;
}

void
roll_scan_tracker_note_session (RollScanTracker *self, gint64 duration_us)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->n_sessions += self->n_sessions < MEAN_OF;
  self->mean_session_us += ((double) duration_us - self->mean_session_us) / self->n_sessions;
}

/* The sessions that are there one after the other, as many at once as may be. */
static gint64
estimate_sessions (RollScanTracker *self, const RollScanSituation *situation)
{
  if (situation->n_sessions == 0 || situation->jobs == 0 || self->n_sessions == 0)
    return -1;
  return (gint64) (self->mean_session_us * MAX ((double) situation->n_sessions / situation->jobs, 1));
}

static gint64
estimate_remaining (RollScanTracker *self, const RollProgress *progress, const RollScanSituation *situation, gint64 now)
{
  guint n_left = self->n_targets - self->n_done;
  gint64 remaining = -1;

  if (n_left == 0)
    return 0;
  if (progress->elapsed_us >= ESTIMATE_AFTER_US && progress->per_second > 0)
    remaining = (gint64) (n_left / progress->per_second * G_USEC_PER_SEC);
  if (progress->elapsed_us >= ESTIMATE_AFTER_US)
    remaining = MAX (remaining, estimate_sessions (self, situation));
  if (situation->retries_end > now)
    remaining = MAX (remaining, situation->retries_end - now + (gint64) self->mean_session_us);
  return remaining;
}

void
roll_scan_tracker_get (RollScanTracker *self, gint64 now, const RollScanSituation *situation, RollProgress *ret_progress)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  guint n_rows = 0;

  take_sample (self, now);
  *ret_progress = (RollProgress) {
    .n_targets = self->n_targets,
    .n_done = self->n_done,
    .n_waiting = self->n_waiting,
    .n_in_flight = situation->n_in_flight,
    .per_second = rate_of (self, now),
    .elapsed_us = self->started_at > 0 ? now - self->started_at : 0,
    .tally = g_array_copy (self->tally),
  };

  for (guint i = 0; i < self->tally->len; i++)
    n_rows += g_array_index (self->tally, RollTally, i).count;
  if (n_rows < self->n_targets)
    add_to_tally (ret_progress->tally, ROLL_STATUS_NOT_STARTED, (int) (self->n_targets - n_rows));
  ret_progress->remaining_us = estimate_remaining (self, ret_progress, situation, now);
}

void
roll_progress_clear (RollProgress *progress)
{
  g_clear_pointer (&progress->tally, g_array_unref);
  roll_activity_clear (&progress->activity);
}
