/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "status/roll-causes.h"

G_BEGIN_DECLS

/*
 * The causes of a status in the order of the evidence. Each cause starts from its prior and is multiplied by what was seen;
 * both count in powers of two, so that only whole numbers are added:
 *
 *   prior      low 1, medium 2, high 4
 *   for        weak × 2, usual × 4, decisive × 256
 *   against    weak ÷ 2, usual ÷ 8, decisive ÷ 256
 *
 * A hint that does not apply, or can't be judged as a fact is missing, changes nothing: what was not looked at is no evidence.
 * Decisive is an answer that names the cause, or a fact that rules it out. Against weighs more than for, as a hint against
 * mostly says that a cause can't be, while one for says that it may. Of equal causes the higher prior comes first, then the
 * order of the page.
 */

/* How likely a cause is among those of its page. */
typedef enum
{
  ROLL_LIKELIHOOD_UNLIKELY, /* below a tenth */
  ROLL_LIKELIHOOD_POSSIBLE,
  ROLL_LIKELIHOOD_LIKELY,   /* from four tenths on */
} RollLikelihood;

const char *roll_likelihood_id (RollLikelihood likelihood); /* "unlikely", "possible", "likely" */
const char *roll_likelihood_label (RollLikelihood likelihood); /* in the user's language */

/**
 * RollRankedCause:
 * @weight: prior times evidence, as a power of two
 * @speaks_for, @speaks_against: (element-type RollEvidenceHint): those that apply
 * @undecided: (element-type RollEvidenceHint): those that a missing fact keeps open
 * @missing: (element-type RollFactId): these facts, in the order of their ids; roll_fact_label() words them
 */
typedef struct
{
  const RollCause *cause;
  int weight;
  RollLikelihood likelihood;
  GPtrArray *speaks_for;
  GPtrArray *speaks_against;
  GPtrArray *undecided;
  GArray *missing;
} RollRankedCause;

/**
 * roll_causes_rank:
 *
 * Returns: (transfer full) (element-type RollRankedCause): all causes of the page, the likeliest first; empty for states
 */
GPtrArray *roll_causes_rank (RollStatus status, const RollFactSet *facts);

/* Something else that speaks for or against one of them: @hint must live as long; they are put in order anew. */
void roll_causes_add_evidence (GPtrArray *ranked, const char *cause_id, const RollEvidenceHint *hint);

/* Returns: (nullable): the first of them, without making the list: for exports of many computers. */
const RollCause *roll_causes_top (RollStatus status, const RollFactSet *facts);

/* What is not known of all that would help to tell the causes apart: (element-type RollFactId) (transfer full) */
GArray *roll_causes_list_missing (GPtrArray *ranked);

/* Returns: (transfer full) (nullable): “Not known: whether …; whether ….”, NULL when nothing is missing */
char *roll_causes_missing_text (GArray *missing);

/* The check and the fix to begin with: of the causes in their order, else of the page. (nullable) */
const RollCheck *roll_causes_first_check (RollStatus status, GPtrArray *ranked, gboolean on_target);
const RollFix *roll_causes_first_fix (RollStatus status, GPtrArray *ranked);

/* How many of @ranked, (element-type RollRankedCause), are shown at first: those that may well be it, and never fewer than some. */
guint roll_causes_count_shown (GPtrArray *ranked);

G_END_DECLS
