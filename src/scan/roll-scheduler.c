/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scheduler.h"

#include <string.h>

#include "scan/roll-target-deal.h"

typedef enum
{
  FOR_RETRY,
  FOR_THIS_MACHINE,
  FOR_ACCOUNT,
} Reason;

/* A computer that waits for another attempt. Its text is looked up in the target list when its turn comes. */
typedef struct
{
  guint32 ordinal;
  guint attempts;    /* made so far */
  gint64 started_at; /* of the first one */
  gint64 due;        /* monotonic */
  Reason reason;
} Waiting;

typedef struct
{
  gboolean names;
  RollTargetDeal *fresh; /* NULL until the first one is wanted: who is known is known then */
  GQueue waiting; /* Waiting, in the order they fall due: the delay is the same for all */
  gboolean unsorted; /* but not yet: rows of an earlier run come in target order */
} Lane;

enum
{
  LANE_ADDRESSES,
  LANE_NAMES,
  N_LANES
};

struct _RollScheduler
{
  RollTargetList *targets;
  gint64 retry_delay_us;
  gboolean spread;
  guint8 *known; /* one bit per ordinal: not fresh; NULL: all are */
  Lane lanes[N_LANES];
  int n_for_account;
  guint turn; /* the lane that is offered first */
};

RollScheduler *
roll_scheduler_new (RollTargetList *targets, guint retry_delay_ms, gboolean spread)
{
  RollScheduler *self = g_new0 (RollScheduler, 1);

  self->targets = roll_target_list_ref (targets);
  self->retry_delay_us = (gint64) retry_delay_ms * 1000;
  self->spread = spread;
  for (guint i = 0; i < N_LANES; i++)
    {
      self->lanes[i].names = i == LANE_NAMES;
      g_queue_init (&self->lanes[i].waiting);
    }
  return self;
}

void
roll_scheduler_free (RollScheduler *self)
{
  for (guint i = 0; i < N_LANES; i++)
    {
      roll_target_deal_free (self->lanes[i].fresh);
      g_queue_clear_full (&self->lanes[i].waiting, g_free);
    }
  g_free (self->known);
  roll_target_list_unref (self->targets);
  g_free (self);
}

static void
mark_known (RollScheduler *self, guint32 ordinal)
{
  if (self->known == NULL)
    self->known = g_malloc0 (roll_target_list_get_count (self->targets) / 8 + 1);
  self->known[ordinal / 8] |= (guint8) (1 << (ordinal % 8));
}

void
roll_scheduler_restrict (RollScheduler *self, GArray *ordinals)
{
  gsize n_bytes = roll_target_list_get_count (self->targets) / 8 + 1;

  g_return_if_fail (self->known == NULL);

  self->known = g_malloc (n_bytes);
  memset (self->known, 0xff, n_bytes);
  for (guint i = 0; i < ordinals->len; i++)
    {
      guint32 ordinal = g_array_index (ordinals, guint32, i);

      self->known[ordinal / 8] &= (guint8) ~(1 << (ordinal % 8));
    }
}

static gboolean
look_up (RollScheduler *self, guint32 ordinal, RollTargetIter *iter, RollTarget *ret_target)
{
  roll_target_iter_init (iter, self->targets, ordinal);
  return roll_target_iter_next (iter, ret_target);
}

static Lane *
lane_of (RollScheduler *self, const RollTarget *target)
{
  return &self->lanes[target->address.family == AF_UNSPEC ? LANE_NAMES : LANE_ADDRESSES];
}

static gint
compare_due (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Waiting *left = a, *right = b;

  return (left->due > right->due) - (left->due < right->due);
}

static void
wait_for_turn (RollScheduler *self, const RollComputer *computer, guint attempts, gint64 due, Reason reason)
{
  RollTargetIter iter;
  RollTarget target;
  Waiting *waiting;
  Lane *lane;

  if (!look_up (self, computer->ordinal, &iter, &target))
    return;

  waiting = g_new (Waiting, 1);
  waiting->ordinal = computer->ordinal;
  waiting->attempts = attempts;
  waiting->started_at = computer->started_at;
  waiting->due = due;
  waiting->reason = reason;
  self->n_for_account += reason == FOR_ACCOUNT;

  lane = lane_of (self, &target);
  if (lane->waiting.tail != NULL && compare_due (lane->waiting.tail->data, waiting, NULL) > 0)
    lane->unsorted = TRUE;
  g_queue_push_tail (&lane->waiting, waiting);
}

void
roll_scheduler_restore (RollScheduler *self, const RollComputer *computer, gint64 now_real)
{
  gint64 now = g_get_monotonic_time ();

  g_return_if_fail (computer->ordinal < roll_target_list_get_count (self->targets));

  mark_known (self, computer->ordinal);
  if (computer->status == ROLL_STATUS_STOPPED || computer->status == ROLL_STATUS_NOT_STARTED)
    wait_for_turn (self, computer, MAX (computer->attempts, 1) - 1, now, FOR_THIS_MACHINE);
  else if (!roll_status_is_final (computer->status))
    {
      guint64 last_end = (guint64) computer->started_at + (guint64) computer->duration_us;
      gint64 left = (gint64) (last_end + (guint64) self->retry_delay_us - (guint64) now_real);

      wait_for_turn (self, computer, computer->attempts, now + CLAMP (left, 0, self->retry_delay_us), FOR_RETRY);
    }
}

void
roll_scheduler_retry (RollScheduler *self, const RollComputer *computer, gint64 now)
{
  wait_for_turn (self, computer, computer->attempts, now + self->retry_delay_us, FOR_RETRY);
}

void
roll_scheduler_repeat (RollScheduler *self, const RollComputer *computer, gint64 due, gboolean for_account)
{
  wait_for_turn (self, computer, MAX (computer->attempts, 1) - 1, due, for_account ? FOR_ACCOUNT : FOR_THIS_MACHINE);
}

static GQueue *
sort_waiting (Lane *lane)
{
  if (lane->unsorted)
    g_queue_sort (&lane->waiting, compare_due, NULL);
  lane->unsorted = FALSE;
  return &lane->waiting;
}

static const Waiting *
find_retry (GList *from, gboolean backwards)
{
  for (GList *l = from; l != NULL; l = backwards ? l->prev : l->next)
    if (((Waiting *) l->data)->reason == FOR_RETRY)
      return l->data;
  return NULL;
}

void
roll_scheduler_get_waiting (RollScheduler *self, RollSchedulerWaiting *ret_waiting)
{
  *ret_waiting = (RollSchedulerWaiting) { .n_for_account = self->n_for_account };
  for (guint i = 0; i < N_LANES; i++)
    {
      GQueue *queue = sort_waiting (&self->lanes[i]);
      const Waiting *next = find_retry (queue->head, FALSE), *last = find_retry (queue->tail, TRUE);

      if (next == NULL)
        continue;
      if (ret_waiting->next_retry == 0 || next->due < ret_waiting->next_retry)
        ret_waiting->next_retry = next->due;
      ret_waiting->last_retry = MAX (ret_waiting->last_retry, last->due);
    }
}

static void
make_job (RollSieveJob *ret_job, const RollTarget *target, guint attempts, gint64 started_at)
{
  RollComputer *computer = roll_computer_new (target->ordinal, target->text);

  computer->attempts = attempts + 1;
  computer->started_at = started_at;

  *ret_job = (RollSieveJob) {
    .ordinal = target->ordinal,
    .name = target->address.family == AF_UNSPEC ? computer->target : NULL,
    .address = target->address,
    .attempt = roll_attempt_new (computer->attempts),
    .data = computer,
  };
}

static RollTargetDeal *
get_fresh (RollScheduler *self, Lane *lane)
{
  RollTargetKinds kinds = lane->names ? ROLL_TARGET_NAMES : ROLL_TARGET_ADDRESSES;

  if (lane->fresh == NULL)
    lane->fresh = roll_target_deal_new (self->targets, kinds, self->known, self->spread);
  return lane->fresh;
}

static gboolean
next_fresh (RollScheduler *self, Lane *lane, RollSieveJob *ret_job)
{
  RollTarget target;

  if (!roll_target_deal_next (get_fresh (self, lane), &target))
    return FALSE;
  make_job (ret_job, &target, 0, 0);
  return TRUE;
}

static RollSieveNext
next_waiting (RollScheduler *self, Lane *lane, gint64 now, RollSieveJob *ret_job, gint64 *ret_when)
{
  Waiting *waiting;
  RollTargetIter iter;
  RollTarget target;

  waiting = g_queue_peek_head (sort_waiting (lane));
  if (waiting == NULL)
    return ROLL_SIEVE_END;
  if (waiting->due > now)
    {
      *ret_when = MIN (*ret_when, waiting->due);
      return ROLL_SIEVE_LATER;
    }

  g_queue_pop_head (&lane->waiting);
  if (!look_up (self, waiting->ordinal, &iter, &target))
    g_assert_not_reached ();
  make_job (ret_job, &target, waiting->attempts, waiting->started_at);
  self->n_for_account -= waiting->reason == FOR_ACCOUNT;
  g_free (waiting);
  return ROLL_SIEVE_JOB;
}

static gboolean
is_of (const Lane *lane, RollSieveKinds kinds)
{
  return (kinds & (lane->names ? ROLL_SIEVE_NAMES : ROLL_SIEVE_ADDRESSES)) != 0;
}

gboolean
roll_scheduler_has_more (RollScheduler *self, RollSieveKinds kinds)
{
  for (guint i = 0; i < N_LANES; i++)
    {
      Lane *lane = &self->lanes[i];

      if (is_of (lane, kinds) && (lane->waiting.length > 0 || roll_target_deal_has_more (get_fresh (self, lane))))
        return TRUE;
    }
  return FALSE;
}

RollSieveNext
roll_scheduler_next (RollScheduler *self, RollSieveKinds kinds, gint64 now, RollSieveJob *ret_job, gint64 *ret_when)
{
  RollSieveNext answer = ROLL_SIEVE_END;

  *ret_when = G_MAXINT64;
  for (guint i = 0; i < N_LANES; i++)
    {
      Lane *lane = &self->lanes[(self->turn + i) % N_LANES];
      RollSieveNext from_lane;

      if (!is_of (lane, kinds))
        continue;
      from_lane = next_fresh (self, lane, ret_job) ? ROLL_SIEVE_JOB
                                                   : next_waiting (self, lane, now, ret_job, ret_when);
      if (from_lane == ROLL_SIEVE_JOB)
        {
          self->turn = lane->names ? LANE_ADDRESSES : LANE_NAMES;
          return ROLL_SIEVE_JOB;
        }
      if (from_lane == ROLL_SIEVE_LATER)
        answer = ROLL_SIEVE_LATER;
    }
  return answer;
}
