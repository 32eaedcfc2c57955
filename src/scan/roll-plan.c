/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-plan.h"

#include "status/roll-verdict.h"

#define WBEM_E_NOT_FOUND 0x80041002
#define WBEM_E_INVALID_NAMESPACE 0x8004100e
#define WBEM_E_INVALID_CLASS 0x80041010

static gboolean
is_skipped (const RollCollector *collector, const char *const *skipped)
{
  return skipped != NULL && g_strv_contains (skipped, collector->id);
}

RollPlan *
roll_plan_new (const char *const *skipped)
{
  RollPlan *plan = g_new0 (RollPlan, 1);
  guint n_collectors;
  const RollCollector *collectors = roll_collectors (&n_collectors);

  plan->order = g_new (guint16, n_collectors);
  for (guint i = 0; i < n_collectors; i++)
    if (!is_skipped (&collectors[i], skipped))
      plan->order[plan->n_left++] = (guint16) i;
  plan->n_planned = plan->n_left;
  return plan;
}

RollPlan *
roll_plan_new_stored (const RollComputer *computer)
{
  RollPlan *plan = g_new0 (RollPlan, 1);

  plan->stored = TRUE;
  plan->n_planned = computer->classes_planned;
  plan->n_collected = computer->classes_collected;
  plan->facts = roll_facts_copy (computer->facts);
  plan->credential = g_strdup (computer->credential);
  return plan;
}

void
roll_plan_free (RollPlan *plan)
{
  if (plan == NULL)
    return;
  g_free (plan->order);
  roll_facts_free (plan->facts);
  g_free (plan->credential);
  g_free (plan);
}

const RollCollector *
roll_plan_get (const RollPlan *plan, guint n)
{
  guint n_collectors;
  const RollCollector *collectors = roll_collectors (&n_collectors);

  g_return_val_if_fail (n < plan->n_left, NULL);

  return &collectors[plan->order[n]];
}

gboolean
roll_plan_is_absence (const RollCollector *collector, RollErrorNumber error)
{
  return collector->optional && error.space == ROLL_ERROR_SPACE_HRESULT &&
         (error.number == WBEM_E_NOT_FOUND || error.number == WBEM_E_INVALID_NAMESPACE ||
          error.number == WBEM_E_INVALID_CLASS);
}

static gboolean
find (const RollPlan *plan, const RollCollector *collector, guint *ret_n)
{
  for (guint i = 0; i < plan->n_left; i++)
    if (roll_plan_get (plan, i) == collector)
      {
        *ret_n = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
is_of_computer (const RollFailure *failure)
{
  return failure->error.space != ROLL_ERROR_SPACE_NONE
         && roll_verdict (failure->step, failure->error).action == ROLL_ACTION_FINISH;
}

static void
count (RollPlan *plan, const RollCollector *collector, const RollClassResult *result)
{
  RollFailure failure = { result->step, result->said_by, result->error };

  if (result->outcome == ROLL_CLASS_COLLECTED)
    {
      plan->n_collected++;
      return;
    }
  if (roll_plan_is_absence (collector, result->error))
    {
      plan->n_planned--;
      return;
    }
  if (roll_verdict (failure.step, failure.error).status == ROLL_STATUS_ACCESS_DENIED)
    plan->n_denied++;
  if (!is_of_computer (&plan->failure))
    plan->failure = failure;
}

RollStatus
roll_plan_get_status (const RollPlan *plan)
{
  /* It may have nothing of the little that is asked for. */
  if (plan->n_collected > 0 || plan->n_planned == 0)
    return ROLL_STATUS_SUCCESS;
  if (is_of_computer (&plan->failure))
    return roll_verdict (plan->failure.step, plan->failure.error).status;
  return plan->n_denied > 0 && plan->n_denied == plan->n_planned ? ROLL_STATUS_ACCESS_DENIED
                                                                               : ROLL_STATUS_OTHER_REASONS;
}

void
roll_plan_take (RollPlan *plan, const RollClassResult *result)
{
  const RollCollector *collector;
  guint16 index;
  guint n;

  g_return_if_fail (plan != NULL && result != NULL);

  collector = roll_collectors_find (result->id);
  if (collector == NULL || !find (plan, collector, &n))
    return;
  index = plan->order[n];
  plan->n_left--;
  memmove (plan->order + n, plan->order + n + 1, (plan->n_left - n) * sizeof *plan->order);
  if (result->outcome == ROLL_CLASS_ABANDONED)
    plan->order[plan->n_left++] = index;
  else
    count (plan, collector, result);
}

static gint
compare_start (gconstpointer a, gconstpointer b)
{
  const RollClassResult *left = *(RollClassResult *const *) a, *right = *(RollClassResult *const *) b;

  return (left->started_at > right->started_at) - (left->started_at < right->started_at);
}

/* Of the abandoned ones the last abandoned is the last again. */
void
roll_plan_restore (RollPlan *plan, GPtrArray *results)
{
  g_autoptr (GPtrArray) sorted = g_ptr_array_copy (results, NULL, NULL);

  g_ptr_array_set_free_func (sorted, NULL);
  g_ptr_array_sort (sorted, compare_start);
  for (guint i = 0; i < sorted->len; i++)
    {
      const RollClassResult *result = g_ptr_array_index (sorted, i);

      if (!result->earlier)
        roll_plan_take (plan, result);
    }
}
