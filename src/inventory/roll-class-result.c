/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-class-result.h"

static const char *const outcome_ids[] = { "", "collected", "failed", "timed-out", "abandoned" };

const char *
roll_class_outcome_id (RollClassOutcome outcome)
{
  return (guint) outcome < G_N_ELEMENTS (outcome_ids) ? outcome_ids[outcome] : "";
}

RollClassOutcome
roll_class_outcome_from_id (const char *id)
{
  for (guint i = 1; i < G_N_ELEMENTS (outcome_ids); i++)
    if (g_str_equal (id, outcome_ids[i]))
      return i;
  return 0;
}

RollClassResult *
roll_class_result_new (const char *id)
{
  RollClassResult *result = g_new0 (RollClassResult, 1);

  result->id = g_strdup (id);
  return result;
}

void
roll_class_result_free (RollClassResult *result)
{
  if (result == NULL)
    return;
  g_free (result->id);
  g_clear_pointer (&result->rows, g_bytes_unref);
  g_free (result);
}
