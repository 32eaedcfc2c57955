/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-computer.h"
#include "scan/roll-sieve.h"
#include "scan/roll-target-list.h"

G_BEGIN_DECLS

/*
 * Which computer is asked next: fresh targets, then those that wait for another attempt, no sooner than the retry
 * delay. Names and addresses run in lanes of their own so that a silent name server holds up only names.
 * Lives on the sieve's thread after it has been filled; no locks, no I/O.
 */
typedef struct _RollScheduler RollScheduler;

/* @spread: fresh targets are taken from all over the list, see roll-target-deal.h; else in its order */
RollScheduler *roll_scheduler_new (RollTargetList *targets, guint retry_delay_ms, gboolean spread);
void roll_scheduler_free (RollScheduler *self);

/**
 * roll_scheduler_restrict: nobody else is asked. Before the first row is restored; only those among them are to be.
 * @ordinals: (element-type guint32):
 */
void roll_scheduler_restrict (RollScheduler *self, GArray *ordinals);

/**
 * roll_scheduler_restore: takes a row of an earlier run into account, before anything is taken or looked for.
 * Finished computers are not asked again, waiting ones keep their attempts and their pause, an attempt that was
 * stopped, or that failed through this machine's own fault, is made again under its old number.
 * @now_real: g_get_real_time()
 */
void roll_scheduler_restore (RollScheduler *self, const RollComputer *computer, gint64 now_real);

/**
 * roll_scheduler_next:
 * @now: monotonic microseconds
 * @ret_job: on JOB: a new attempt, and a new RollComputer as data (transfer full), attempts and started_at filled in
 * @ret_when: on LATER
 */
RollSieveNext roll_scheduler_next (RollScheduler *self, RollSieveKinds kinds, gint64 now, RollSieveJob *ret_job,
                                   gint64 *ret_when);

/* Whether there is any job of @kinds, now or later. */
gboolean roll_scheduler_has_more (RollScheduler *self, RollSieveKinds kinds);

/* Queues @computer for another attempt after the retry delay; only its plain values are kept. */
void roll_scheduler_retry (RollScheduler *self, const RollComputer *computer, gint64 now);

/**
 * roll_scheduler_repeat: queues @computer for the same attempt once more: this machine was the reason that it came to nothing.
 * @due: monotonic
 * @for_account: or an account that somebody else was trying
 */
void roll_scheduler_repeat (RollScheduler *self, const RollComputer *computer, gint64 due, gboolean for_account);

/* Who waits: @next_retry, @last_retry: monotonic, 0 when nobody waits for a retry. */
typedef struct
{
  int n_for_account;
  gint64 next_retry;
  gint64 last_retry;
} RollSchedulerWaiting;

void roll_scheduler_get_waiting (RollScheduler *self, RollSchedulerWaiting *ret_waiting);

G_END_DECLS
