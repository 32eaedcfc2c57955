/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan-private.h"

RollStatus
roll_scan_judge (RollScan *self, guint attempt, const RollPlan *plan, RollVerdict verdict)
{
  if (verdict.action == ROLL_ACTION_RETRY && attempt <= self->options->retries)
    return ROLL_STATUS_WAITING_FOR_RETRY;
  /* What was collected before is kept, whatever came after. */
  return plan != NULL && plan->n_collected > 0 ? ROLL_STATUS_SUCCESS : verdict.status;
}

/* Up to the end of @attempt, which is no shorter than the attempt itself, even when the clock was set back meanwhile
 * or the attempt was stopped before it began. */
static gint64
time_since (gint64 started_at, const RollAttempt *attempt)
{
  return attempt->started_at - CLAMP (started_at, 0, attempt->started_at) + attempt->duration_us;
}

static void
fill_in_plan (RollComputer *computer, const RollPlan *plan)
{
  computer->facts = roll_facts_copy (plan->facts);
  computer->credential = g_strdup (plan->credential);
  computer->classes_collected = plan->n_collected;
  computer->classes_planned = plan->n_planned;
}

/* Of a computer that is tested again what it was found to be stays, unless it tells anew. */
static void
keep_facts (RollScan *self, RollComputer *computer)
{
  const RollFacts *before = g_hash_table_lookup (self->known_facts, GUINT_TO_POINTER (computer->ordinal));

  if (before == NULL || (computer->facts != NULL && computer->facts->os != NULL))
    return;
  roll_facts_free (computer->facts);
  computer->facts = roll_facts_copy (before);
}

static void
add_directory (RollScan *self, RollComputer *computer)
{
  RollDirectoryFacts *facts = g_hash_table_lookup (self->directory, GUINT_TO_POINTER (computer->ordinal));

  if (facts != NULL)
    computer->directory = roll_directory_facts_ref (facts);
}

/* There is no next attempt at a class that was abandoned in the last one. */
static void
give_up_abandoned (RollAttempt *attempt)
{
  for (guint i = 0; attempt->classes != NULL && i < attempt->classes->len; i++)
    {
      RollClassResult *result = g_ptr_array_index (attempt->classes, i);

      if (result->outcome != ROLL_CLASS_ABANDONED)
        continue;
      result->outcome = roll_verdict (result->step, result->error).status == ROLL_STATUS_WMI_QUERY_TIMEOUT
                            ? ROLL_CLASS_TIMED_OUT
                            : ROLL_CLASS_FAILED;
    }
}

void
roll_scan_settle (RollScan *self, RollComputer *computer, RollAttempt *attempt, const RollPlan *plan, RollStatus status,
                  const RollFailure *failure)
{
  computer->status = attempt->status = status;
  computer->step = failure->step;
  computer->error = failure->error;
  computer->said_by = failure->said_by;
  if (computer->started_at == 0)
    computer->started_at = attempt->started_at;
  computer->duration_us = time_since (computer->started_at, attempt);
  if (plan != NULL)
    fill_in_plan (computer, plan);
  if (self->known_facts != NULL)
    keep_facts (self, computer);
  if (self->directory != NULL)
    add_directory (self, computer);
  if (roll_status_is_final (status) && status != ROLL_STATUS_STOPPED)
    give_up_abandoned (attempt);
  roll_journal_post_attempt (self->journal, computer, attempt);
}
