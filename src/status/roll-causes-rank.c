/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-causes-rank.h"

#include <glib/gi18n-lib.h>

#define SHOWN_MIN 3 /* causes */

static int
prior_weight (RollPrior prior)
{
  return prior == ROLL_PRIOR_HIGH ? 2 : prior == ROLL_PRIOR_MEDIUM ? 1 : 0;
}

static int
hint_weight (const RollEvidenceHint *hint)
{
  static const int for_it[] = { 1, 2, 8 };
  static const int against_it[] = { -1, -3, -8 };

  return hint->raises ? for_it[hint->strength] : against_it[hint->strength];
}

static RollTruth
judge_hint (const RollEvidenceHint *hint, const RollFactSet *facts, guint8 *missing)
{
  return hint->when != NULL ? roll_rule_judge (hint->when, facts, missing) : ROLL_TRUTH_NO;
}

/* --- One cause -------------------------------------------------------------------------------------------------- */

static RollRankedCause *
ranked_new (const RollCause *cause)
{
  RollRankedCause *self = g_new0 (RollRankedCause, 1);

  self->cause = cause;
  self->weight = prior_weight (cause->prior);
  self->speaks_for = g_ptr_array_new ();
  self->speaks_against = g_ptr_array_new ();
  self->undecided = g_ptr_array_new ();
  self->missing = g_array_new (FALSE, FALSE, sizeof (RollFactId));
  return self;
}

static void
ranked_free (RollRankedCause *self)
{
  g_ptr_array_unref (self->speaks_for);
  g_ptr_array_unref (self->speaks_against);
  g_ptr_array_unref (self->undecided);
  g_array_unref (self->missing);
  g_free (self);
}

static void
add_missing (GArray *missing, const guint8 *flags)
{
  for (guint i = 0; i < ROLL_N_FACTS; i++)
    if (flags[i])
      g_array_append_val (missing, i);
}

static RollRankedCause *
rank_one (const RollCause *cause, const RollFactSet *facts)
{
  RollRankedCause *self = ranked_new (cause);
  guint8 missing[ROLL_N_FACTS] = { 0 };

  for (guint i = 0; i < cause->n_hints; i++)
    {
      const RollEvidenceHint *hint = &cause->hints[i];
      RollTruth truth = judge_hint (hint, facts, missing);

      if (truth == ROLL_TRUTH_UNKNOWN)
        g_ptr_array_add (self->undecided, (gpointer) hint);
      if (truth != ROLL_TRUTH_YES)
        continue;
      self->weight += hint_weight (hint);
      g_ptr_array_add (hint->raises ? self->speaks_for : self->speaks_against, (gpointer) hint);
    }
  add_missing (self->missing, missing);
  return self;
}

/* --- All of a page ---------------------------------------------------------------------------------------------- */

static int
heavier_first (gconstpointer a, gconstpointer b)
{
  const RollRankedCause *left = *(RollRankedCause *const *) a, *right = *(RollRankedCause *const *) b;

  if (left->weight != right->weight)
    return right->weight - left->weight;
  if (left->cause->prior != right->cause->prior)
    return (int) right->cause->prior - (int) left->cause->prior;
  /* The causes of a page are one array. */
  return left->cause < right->cause ? -1 : 1;
}

/* Two to the power of @weight, but for a factor that all share. */
static double
share_of (int weight)
{
  return (double) (G_GUINT64_CONSTANT (1) << CLAMP (weight + 31, 0, 62));
}

static void
set_likelihoods (GPtrArray *ranked)
{
  double sum = 0;

  for (guint i = 0; i < ranked->len; i++)
    sum += share_of (((RollRankedCause *) g_ptr_array_index (ranked, i))->weight);
  for (guint i = 0; i < ranked->len; i++)
    {
      RollRankedCause *one = g_ptr_array_index (ranked, i);
      double share = share_of (one->weight) / sum;

      one->likelihood = share >= 0.4   ? ROLL_LIKELIHOOD_LIKELY
                        : share >= 0.1 ? ROLL_LIKELIHOOD_POSSIBLE
                                       : ROLL_LIKELIHOOD_UNLIKELY;
    }
}

GPtrArray *
roll_causes_rank (RollStatus status, const RollFactSet *facts)
{
  GPtrArray *ranked = g_ptr_array_new_with_free_func ((GDestroyNotify) ranked_free);
  const RollStatusPage *page = roll_causes_page (status);

  g_return_val_if_fail (facts != NULL, ranked);

  for (guint i = 0; page != NULL && i < page->n_causes; i++)
    g_ptr_array_add (ranked, rank_one (&page->causes[i], facts));
  g_ptr_array_sort (ranked, heavier_first);
  set_likelihoods (ranked);
  return ranked;
}

void
roll_causes_add_evidence (GPtrArray *ranked, const char *cause_id, const RollEvidenceHint *hint)
{
  g_return_if_fail (ranked != NULL && cause_id != NULL && hint != NULL);

  for (guint i = 0; i < ranked->len; i++)
    {
      RollRankedCause *one = g_ptr_array_index (ranked, i);

      if (g_strcmp0 (one->cause->id, cause_id) != 0)
        continue;
      one->weight += hint_weight (hint);
      g_ptr_array_add (hint->raises ? one->speaks_for : one->speaks_against, (gpointer) hint);
    }
  g_ptr_array_sort (ranked, heavier_first);
  set_likelihoods (ranked);
}

const RollCause *
roll_causes_top (RollStatus status, const RollFactSet *facts)
{
  const RollStatusPage *page = roll_causes_page (status);
  const RollCause *top = NULL;
  int most = G_MININT;

  g_return_val_if_fail (facts != NULL, NULL);

  /* By prior, highest first: so the first of equals is the right one. */
  for (guint i = 0; page != NULL && i < page->n_causes; i++)
    {
      const RollCause *cause = &page->causes[i];
      int weight = prior_weight (cause->prior);

      for (guint j = 0; j < cause->n_hints; j++)
        if (judge_hint (&cause->hints[j], facts, NULL) == ROLL_TRUTH_YES)
          weight += hint_weight (&cause->hints[j]);
      if (weight <= most)
        continue;
      most = weight;
      top = cause;
    }
  return top;
}

/* --- What to tell of it ----------------------------------------------------------------------------------------- */

GArray *
roll_causes_list_missing (GPtrArray *ranked)
{
  GArray *missing = g_array_new (FALSE, FALSE, sizeof (RollFactId));
  guint8 flags[ROLL_N_FACTS] = { 0 };

  g_return_val_if_fail (ranked != NULL, missing);

  for (guint i = 0; i < ranked->len; i++)
    {
      const RollRankedCause *one = g_ptr_array_index (ranked, i);

      for (guint j = 0; j < one->missing->len; j++)
        flags[g_array_index (one->missing, RollFactId, j)] = 1;
    }
  add_missing (missing, flags);
  return missing;
}

char *
roll_causes_missing_text (GArray *missing)
{
  g_autoptr (GString) list = g_string_new (NULL);
  const char *last = NULL;

  g_return_val_if_fail (missing != NULL, NULL);

  for (guint i = 0; i < missing->len; i++)
    {
      const char *label = roll_fact_label (g_array_index (missing, RollFactId, i));

      /* ICMP and ICMPv6 are two facts and one thing to know. */
      if (g_strcmp0 (label, last) == 0)
        continue;
      g_string_append_printf (list, "%s%s", last != NULL ? "; " : "", label);
      last = label;
    }
  /* Translators: a list of what the scan could not find out: “Not known: whether port 445 answers; the time of day.” */
  return last != NULL ? g_strdup_printf (_("Not known: %s."), list->str) : NULL;
}

const RollCheck *
roll_causes_first_check (RollStatus status, GPtrArray *ranked, gboolean on_target)
{
  const RollStatusPage *page = roll_causes_page (status);

  g_return_val_if_fail (ranked != NULL, NULL);

  for (guint i = 0; i < ranked->len; i++)
    {
      const RollCause *cause = ((RollRankedCause *) g_ptr_array_index (ranked, i))->cause;

      for (guint j = 0; j < cause->n_checks; j++)
        if (cause->checks[j].on_target == on_target)
          return &cause->checks[j];
    }
  for (guint i = 0; page != NULL && i < page->n_checks; i++)
    if (page->checks[i].on_target == on_target)
      return &page->checks[i];
  return NULL;
}

const RollFix *
roll_causes_first_fix (RollStatus status, GPtrArray *ranked)
{
  const RollStatusPage *page = roll_causes_page (status);

  g_return_val_if_fail (ranked != NULL, NULL);

  for (guint i = 0; i < ranked->len; i++)
    {
      const RollCause *cause = ((RollRankedCause *) g_ptr_array_index (ranked, i))->cause;

      if (cause->n_fixes > 0)
        return &cause->fixes[0];
    }
  return page != NULL && page->n_fixes > 0 ? &page->fixes[0] : NULL;
}

static const struct
{
  const char *id;
  const char *label;
} likelihoods[] = {
  [ROLL_LIKELIHOOD_UNLIKELY] = { "unlikely", N_("Unlikely") },
  [ROLL_LIKELIHOOD_POSSIBLE] = { "possible", N_("Possible") },
  [ROLL_LIKELIHOOD_LIKELY] = { "likely", N_("Likely") },
};

const char *
roll_likelihood_id (RollLikelihood likelihood)
{
  g_return_val_if_fail ((guint) likelihood < G_N_ELEMENTS (likelihoods), "");

  return likelihoods[likelihood].id;
}

const char *
roll_likelihood_label (RollLikelihood likelihood)
{
  g_return_val_if_fail ((guint) likelihood < G_N_ELEMENTS (likelihoods), "");

  return _(likelihoods[likelihood].label);
}

guint
roll_causes_count_shown (GPtrArray *ranked)
{
  guint n = 0;

  while (n < ranked->len
         && (n < SHOWN_MIN
             || ((const RollRankedCause *) g_ptr_array_index (ranked, n))->likelihood != ROLL_LIKELIHOOD_UNLIKELY))
    n++;
  return n;
}
