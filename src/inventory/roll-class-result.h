/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-attempt.h"

G_BEGIN_DECLS

/* What became of one collector on one computer. Stored: append only. */
typedef enum
{
  ROLL_CLASS_COLLECTED = 1,
  ROLL_CLASS_FAILED = 2,    /* @error is this class's result: no such class, access denied */
  ROLL_CLASS_TIMED_OUT = 3, /* no progress, on a computer that had answered before */
  ROLL_CLASS_ABANDONED = 4, /* an error of the retry class struck; it is asked again, after the others */
} RollClassOutcome;

const char *roll_class_outcome_id (RollClassOutcome outcome); /* "collected", "failed", "timed-out", "abandoned" */
RollClassOutcome roll_class_outcome_from_id (const char *id);

/**
 * RollClassResult: of one collector in one attempt. Owned by one holder.
 * @id: the collector's
 * @attempt: the number of the attempt; set by the store when it is read from there
 * @earlier: it is of an earlier test of the computer, from before it was tested again; likewise
 * @step: where it failed: QUERY, LOGIN_DEFAULT, REGISTRY; NONE when collected
 * @rows: (nullable): of roll_row_set_to_bytes(), when collected
 */
typedef struct
{
  char *id;
  guint attempt;
  gboolean earlier;
  RollClassOutcome outcome;
  RollStep step;
  RollSaidBy said_by;
  RollErrorNumber error;
  gint64 started_at;  /* microseconds since the epoch */
  gint64 duration_us;
  guint n_rows;
  GBytes *rows;
} RollClassResult;

RollClassResult *roll_class_result_new (const char *id);
void roll_class_result_free (RollClassResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollClassResult, roll_class_result_free)

G_END_DECLS
