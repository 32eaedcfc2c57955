/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-attempt.h"

/* A name that resolves and a connect; conversations grow the array. */
#define USUAL_STEPS 2

const char *
roll_said_by_id (RollSaidBy said_by)
{
  static const char *const ids[] = { "", "this-machine", "peer", "router", "name-server", "kdc" };

  return (guint) said_by < G_N_ELEMENTS (ids) ? ids[said_by] : "";
}

static void
step_record_clear (gpointer data)
{
  RollStepRecord *record = data;

  g_free (record->peer);
  g_free (record->detail);
}

RollAttempt *
roll_attempt_new (guint number)
{
  RollAttempt *attempt = g_new0 (RollAttempt, 1);

  attempt->number = number;
  attempt->status = ROLL_STATUS_IN_PROGRESS;
  attempt->steps = g_array_sized_new (FALSE, TRUE, sizeof (RollStepRecord), USUAL_STEPS);
  g_array_set_clear_func (attempt->steps, step_record_clear);
  return attempt;
}

void
roll_attempt_free (RollAttempt *attempt)
{
  if (attempt == NULL)
    return;
  g_array_unref (attempt->steps);
  g_clear_pointer (&attempt->classes, g_ptr_array_unref);
  g_free (attempt);
}

RollStepRecord *
roll_attempt_add_step (RollAttempt *attempt, RollStep step)
{
  RollStepRecord *record;

  g_return_val_if_fail (attempt != NULL, NULL);

  g_array_set_size (attempt->steps, attempt->steps->len + 1);
  record = &g_array_index (attempt->steps, RollStepRecord, attempt->steps->len - 1);
  record->step = step;
  return record;
}
