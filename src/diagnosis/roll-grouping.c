/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "diagnosis/roll-grouping.h"

#include <math.h>

/* A stratum with fewer says nothing about how often a failure is met elsewhere. */
#define COMPARABLE 5
/* Met at least so many times as often as elsewhere. */
#define LIFT_MIN 2.0
/*
 * That chance did it must be less likely than one in so many, for any of the strata that were looked at: a failure that
 * strikes each computer with the rate of elsewhere strikes a share s of n of them with a probability below
 * exp (-n D(s || rate)), by Chernoff.
 */
#define CHANCE 1000.0
/* Where there is nothing to compare with. */
#define USUAL_RATE 0.2
/* Where each finding speaks for itself. */
#define SPEAKING_RATE 0.1
#define STRONG_LIFT 10.0
#define GROUPS_MAX 100

typedef struct
{
  guint among;
  guint failing;
} Count;

/* What may become a group. */
typedef struct
{
  const RollCommonRule *rule;
  RollShared stratum;
  guint32 number;
  guint32 split;   /* 0: not told apart */
  gint64 since;    /* 0: all the time */
  double elsewhere;
  double rate;     /* elsewhere, or what is taken for it */
  double strength;
} Candidate;

/* The rows of each value of a stratum. */
typedef struct
{
  guint32 *rows;
  guint32 *starts; /* of each number, and the end */
} Index;

typedef struct
{
  const RollSymptoms *symptoms;
  const RollCommonRules *rules;
  guint16 *among;     /* of each row: bits of rules */
  guint16 *failing;
  guint8 *explained;  /* of each row of a computer */
  Index indices[ROLL_N_SHARED];
  GArray *candidates; /* (element-type Candidate) */
} Grouping;

static const RollSymptom *
row_at (const Grouping *self, guint i)
{
  return &g_array_index (self->symptoms->rows, RollSymptom, i);
}

static gboolean
any_holds (const RollCondition *conditions, guint n, const RollSymptom *symptom)
{
  for (guint i = 0; i < n; i++)
    if (roll_condition_holds (&conditions[i], symptom))
      return TRUE;
  return FALSE;
}

static void
apply_rule (const RollCommonRule *rule, guint16 bit, const RollSymptom *row, guint16 *among, guint16 *failing)
{
  if ((row->further && !rule->every_logon) || (rule->n_among > 0 && !any_holds (rule->among, rule->n_among, row)))
    return;
  *among |= bit;
  if (any_holds (rule->failing, rule->n_failing, row) && !any_holds (rule->unless, rule->n_unless, row))
    *failing |= bit;
}

static void
apply_rules (Grouping *self)
{
  guint n_rules;
  const RollCommonRule *rules = roll_common_rules_get (self->rules, &n_rules);

  g_assert (n_rules <= 16);
  for (guint i = 0; i < self->symptoms->rows->len; i++)
    for (guint r = 0; r < n_rules; r++)
      apply_rule (&rules[r], (guint16) (1u << r), row_at (self, i), &self->among[i], &self->failing[i]);
}

/* --- Statistics ----------------------------------------------------------------------------------------------- */

/* How far a share is from the rate (Kullback and Leibler), in nats; 0 where it is not above it. */
static double
divergence (double share, double rate)
{
  double d = share * log (share / rate);

  if (share <= rate)
    return 0;
  return share < 1 ? d + (1 - share) * log ((1 - share) / (1 - rate)) : d;
}

static gboolean
is_share (const RollCommonRule *rule, Count count)
{
  return count.failing >= MAX (rule->least, 1) && count.failing * 100.0 >= (double) rule->share * count.among;
}

/* Strata that are struck themselves say nothing of what is usual. */
static Count
count_elsewhere (const RollCommonRule *rule, const Count *counts, guint n)
{
  Count others = { 0 };

  for (guint i = 1; i < n; i++)
    if (counts[i].among >= COMPARABLE && !is_share (rule, counts[i]))
      {
        others.among += counts[i].among;
        others.failing += counts[i].failing;
      }
  return others;
}

static gboolean
judge (Candidate *candidate, Count count, Count others, guint n_strata)
{
  const RollCommonRule *rule = candidate->rule;
  double share = (double) count.failing / count.among;
  gboolean compared = others.among >= COMPARABLE;

  candidate->elsewhere = compared ? (double) others.failing / others.among : -1;
  if (rule->share == 0)
    candidate->rate = SPEAKING_RATE;
  else
    /* Not seen in n is not never. */
    candidate->rate = compared ? (others.failing + 1.0) / (others.among + 2.0) : USUAL_RATE;
  candidate->strength = rule->share == 0 ? count.failing * divergence (1, SPEAKING_RATE)
                                         : count.among * divergence (share, candidate->rate);
  if (rule->share == 0)
    return TRUE;
  if (!compared)
    return !rule->compared;
  return candidate->elsewhere * 100 <= rule->elsewhere && share >= LIFT_MIN * candidate->elsewhere
         && candidate->strength >= log (CHANCE * MAX (n_strata, 1));
}

/* --- Candidates ----------------------------------------------------------------------------------------------- */

static void
consider (Grouping *self, Candidate *candidate, Count count, Count others, guint n_strata)
{
  if (is_share (candidate->rule, count) && judge (candidate, count, others, n_strata))
    g_array_append_val (self->candidates, *candidate);
}

static Count *
count_strata (Grouping *self, guint bit, RollShared stratum, guint n)
{
  Count *counts = g_new0 (Count, n);

  for (guint i = 0; i < self->symptoms->rows->len; i++)
    {
      Count *count = &counts[row_at (self, i)->strata[stratum]];

      count->among += (self->among[i] & bit) != 0;
      count->failing += (self->failing[i] & bit) != 0;
    }
  return counts;
}

static guint
count_comparable (const Count *counts, guint n)
{
  guint n_comparable = 0;

  for (guint i = 1; i < n; i++)
    n_comparable += counts[i].among >= COMPARABLE;
  return n_comparable;
}

static void
consider_counts (Grouping *self, Candidate candidate, const Count *counts, guint n, guint n_strata)
{
  Count others = count_elsewhere (candidate.rule, counts, n);

  for (guint i = 1; i < n; i++)
    {
      candidate.number = i;
      consider (self, &candidate, counts[i], others, n_strata);
    }
}

static void
consider_strata (Grouping *self, const RollCommonRule *rule, guint bit, RollShared stratum)
{
  guint n = roll_symptoms_count (self->symptoms, stratum);
  g_autofree Count *counts = count_strata (self, bit, stratum, n);

  consider_counts (self, (Candidate) { .rule = rule, .stratum = stratum }, counts, n, count_comparable (counts, n));
}

/* Told apart by a second thing: counts of the failing by both, of the others by the first. */
static void
consider_split (Grouping *self, const RollCommonRule *rule, guint bit, RollShared stratum)
{
  guint n = roll_symptoms_count (self->symptoms, stratum), n_split = roll_symptoms_count (self->symptoms, rule->split);
  g_autofree Count *all = count_strata (self, bit, stratum, n);
  guint n_strata = count_comparable (all, n);

  for (guint32 split = 1; split < n_split; split++)
    {
      g_autofree Count *counts = g_new0 (Count, n);

      for (guint i = 0; i < n; i++)
        counts[i].among = all[i].among;
      for (guint i = 0; i < self->symptoms->rows->len; i++)
        if ((self->failing[i] & bit) != 0 && row_at (self, i)->strata[rule->split] == split)
          counts[row_at (self, i)->strata[stratum]].failing++;
      consider_counts (self, (Candidate) { .rule = rule, .stratum = stratum, .split = split }, counts, n,
                       n_strata * (n_split - 1));
    }
}

/* --- From a moment on ----------------------------------------------------------------------------------------- */

static void
make_index (Grouping *self, RollShared stratum)
{
  Index *index = &self->indices[stratum];
  guint n = roll_symptoms_count (self->symptoms, stratum), n_rows = self->symptoms->rows->len;
  g_autofree guint32 *at = NULL;

  if (index->rows != NULL)
    return;
  index->rows = g_new (guint32, MAX (n_rows, 1));
  index->starts = g_new0 (guint32, n + 1);
  for (guint i = 0; i < n_rows; i++)
    index->starts[row_at (self, i)->strata[stratum] + 1]++;
  for (guint i = 0; i < n; i++)
    index->starts[i + 1] += index->starts[i];
  at = g_memdup2 (index->starts, sizeof (guint32) * (n + 1));
  for (guint32 i = 0; i < n_rows; i++)
    index->rows[at[row_at (self, i)->strata[stratum]]++] = i;
}

/* After the last computer that it did not strike, all others were struck: since when, and how it was before. */
static gint64
find_turn (Grouping *self, guint bit, RollShared stratum, guint32 number, Count *ret_after, Count *ret_before)
{
  const Index *index = &self->indices[stratum];
  gint64 last_well = 0, first = 0;

  for (guint32 i = index->starts[number]; i < index->starts[number + 1]; i++)
    if ((self->among[index->rows[i]] & bit) != 0 && (self->failing[index->rows[i]] & bit) == 0)
      last_well = MAX (last_well, row_at (self, index->rows[i])->at);
  *ret_after = *ret_before = (Count) { 0 };
  for (guint32 i = index->starts[number]; i < index->starts[number + 1]; i++)
    {
      guint32 row = index->rows[i];
      gint64 at = row_at (self, row)->at;
      Count *count = at > last_well ? ret_after : ret_before;

      if ((self->among[row] & bit) == 0)
        continue;
      count->among++;
      count->failing += (self->failing[row] & bit) != 0;
      if (at > last_well && (first == 0 || at < first))
        first = at;
    }
  return first;
}

static void
consider_turns (Grouping *self, const RollCommonRule *rule, guint bit, RollShared stratum)
{
  guint n = roll_symptoms_count (self->symptoms, stratum);

  make_index (self, stratum);
  for (guint32 i = 1; i < n; i++)
    {
      Candidate candidate = { .rule = rule, .stratum = stratum, .number = i };
      Count after, before;

      candidate.since = find_turn (self, bit, stratum, i, &after, &before);
      /* All the time is no turn. */
      if (before.among >= COMPARABLE && !is_share (rule, before))
        consider (self, &candidate, after, before, MAX (before.among, n));
    }
}

static void
find_candidates (Grouping *self)
{
  guint n_rules;
  const RollCommonRule *rules = roll_common_rules_get (self->rules, &n_rules);

  for (guint r = 0; r < n_rules; r++)
    for (guint s = 0; s < rules[r].n_strata; s++)
      {
        if (rules[r].split != ROLL_SHARED_SCAN)
          consider_split (self, &rules[r], 1u << r, rules[r].strata[s]);
        else
          consider_strata (self, &rules[r], 1u << r, rules[r].strata[s]);
        if (rules[r].since)
          consider_turns (self, &rules[r], 1u << r, rules[r].strata[s]);
      }
}

/* --- The strongest explains ----------------------------------------------------------------------------------- */

static gint
stronger_first (gconstpointer a, gconstpointer b)
{
  double x = ((const Candidate *) a)->strength, y = ((const Candidate *) b)->strength;

  return x > y ? -1 : x < y;
}

static gboolean
is_of (const Grouping *self, const Candidate *candidate, guint bit, guint32 row)
{
  return (self->among[row] & bit) != 0 && (row_at (self, row)->further || !self->explained[row])
         && (candidate->since == 0 || row_at (self, row)->at >= candidate->since);
}

static gboolean
is_struck (const Grouping *self, const Candidate *candidate, guint bit, guint32 row)
{
  return (self->failing[row] & bit) != 0
         && (candidate->split == 0 || row_at (self, row)->strata[candidate->rule->split] == candidate->split);
}

static RollConfidence
confidence_of (const Candidate *candidate, double lift)
{
  if (candidate->rule->share == 0)
    return ROLL_CONFIDENCE_STRONG;
  if (candidate->elsewhere < 0)
    return ROLL_CONFIDENCE_ALONE;
  return lift >= STRONG_LIFT ? ROLL_CONFIDENCE_STRONG : ROLL_CONFIDENCE_LIKELY;
}

static char *
make_id (const RollCommonCause *group)
{
  const char *stratum = roll_shared_id (group->stratum);

  if (group->class_name != NULL)
    return g_strjoin (":", group->rule->id, stratum, group->name, group->class_name, NULL);
  return g_strjoin (":", group->rule->id, stratum, group->name, NULL);
}

static void
add_ordinal (GArray *ordinals, guint ordinal)
{
  /* Of a computer there may be several rows, one after the other. */
  if (ordinals->len == 0 || g_array_index (ordinals, guint, ordinals->len - 1) != ordinal)
    g_array_append_val (ordinals, ordinal);
}

/* Those that a stronger group has explained are left out: (nullable): NULL when too few are left. */
static RollCommonCause *
make_group (Grouping *self, const Candidate *candidate, guint bit)
{
  const Index *index = &self->indices[candidate->stratum];
  g_autoptr (RollCommonCause) group = g_new0 (RollCommonCause, 1);
  Count count;

  g_atomic_ref_count_init (&group->ref_count);
  group->members = g_array_new (FALSE, FALSE, sizeof (guint));
  group->counter_examples = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint32 i = index->starts[candidate->number]; i < index->starts[candidate->number + 1]; i++)
    if (is_of (self, candidate, bit, index->rows[i]))
      {
        if (is_struck (self, candidate, bit, index->rows[i]))
          add_ordinal (group->members, row_at (self, index->rows[i])->ordinal);
        else if (candidate->rule->share > 0)
          add_ordinal (group->counter_examples, row_at (self, index->rows[i])->ordinal);
      }
  count = (Count) { group->members->len + group->counter_examples->len, group->members->len };
  if (!is_share (candidate->rule, count))
    return NULL;
  group->rule = candidate->rule;
  group->stratum = candidate->stratum;
  group->share = (double) count.failing / count.among;
  group->elsewhere = candidate->rule->share > 0 ? candidate->elsewhere : -1;
  group->lift = group->elsewhere >= 0 ? group->share / candidate->rate : 0;
  group->strength = candidate->strength;
  group->since = candidate->since;
  group->confidence = confidence_of (candidate, group->lift);
  return g_steal_pointer (&group);
}

static void
name_group (Grouping *self, const Candidate *candidate, RollCommonCause *group)
{
  group->name = roll_symptoms_name (self->symptoms, candidate->stratum, candidate->number);
  if (candidate->split != 0)
    group->class_name = roll_symptoms_name (self->symptoms, candidate->rule->split, candidate->split);
  group->from = g_strdup (self->symptoms->from);
  group->id = make_id (group);
  group->sentence = roll_common_cause_make_sentence (self->rules, group, group->name);
}

static void
mark_explained (Grouping *self, const Candidate *candidate, guint bit)
{
  const Index *index = &self->indices[candidate->stratum];

  for (guint32 i = index->starts[candidate->number]; i < index->starts[candidate->number + 1]; i++)
    if (is_of (self, candidate, bit, index->rows[i]) && is_struck (self, candidate, bit, index->rows[i]))
      self->explained[index->rows[i]] = TRUE;
}

static GPtrArray *
take_strongest (Grouping *self)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_common_cause_unref);
  guint n_rules;
  const RollCommonRule *rules = roll_common_rules_get (self->rules, &n_rules);

  g_array_sort (self->candidates, stronger_first);
  for (guint i = 0; i < self->candidates->len && groups->len < GROUPS_MAX; i++)
    {
      const Candidate *candidate = &g_array_index (self->candidates, Candidate, i);
      guint bit = 1u << (candidate->rule - rules);
      RollCommonCause *group;

      make_index (self, candidate->stratum);
      group = make_group (self, candidate, bit);
      if (group == NULL)
        continue;
      name_group (self, candidate, group);
      mark_explained (self, candidate, bit);
      g_ptr_array_add (groups, group);
    }
  return groups;
}

GPtrArray *
roll_grouping_find (const RollSymptoms *symptoms, const RollCommonRules *rules)
{
  guint n = MAX (symptoms->rows->len, 1);
  Grouping self = {
    .symptoms = symptoms,
    .rules = rules,
    .among = g_new0 (guint16, n),
    .failing = g_new0 (guint16, n),
    .explained = g_new0 (guint8, n),
    .candidates = g_array_new (FALSE, FALSE, sizeof (Candidate)),
  };
  GPtrArray *groups;

  apply_rules (&self);
  find_candidates (&self);
  groups = take_strongest (&self);
  for (guint i = 0; i < ROLL_N_SHARED; i++)
    {
      g_free (self.indices[i].rows);
      g_free (self.indices[i].starts);
    }
  g_array_unref (self.candidates);
  g_free (self.among);
  g_free (self.failing);
  g_free (self.explained);
  return groups;
}
