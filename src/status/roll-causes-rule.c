/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-causes-rule.h"

#include <string.h>

#define MAX_DEPTH 16

typedef enum
{
  NODE_FACT,
  NODE_NOT, /* of its only child */
  NODE_ALL,
  NODE_ANY,
} NodeKind;

typedef enum
{
  OP_EQUAL,
  OP_NOT_EQUAL,
  OP_LESS,
  OP_LESS_OR_EQUAL,
  OP_GREATER,
  OP_GREATER_OR_EQUAL,
} Op;

static const char *const op_texts[] = { "=", "!=", "<", "<=", ">", ">=" };

/* Of a fact: what it is compared with. One list is used, as its kind says. */
struct _RollRule
{
  NodeKind kind;
  GPtrArray *children; /* (nullable) (element-type RollRule) */
  RollFactId fact;
  Op op;
  gint64 amount;
  GPtrArray *words; /* (nullable) (element-type char *) */
  GArray *errors;   /* (nullable) (element-type RollErrorNumber) */
};

typedef struct
{
  const char *rule;
  const char *p;
  char token[64]; /* "" at the end */
  guint depth;
} Scanner;

static RollRule *parse_any (Scanner *s, GError **error);

static RollRule *
rule_new (NodeKind kind)
{
  RollRule *self = g_new0 (RollRule, 1);

  self->kind = kind;
  if (kind != NODE_FACT)
    self->children = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_rule_free);
  return self;
}

void
roll_rule_free (RollRule *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->children, g_ptr_array_unref);
  g_clear_pointer (&self->words, g_ptr_array_unref);
  g_clear_pointer (&self->errors, g_array_unref);
  g_free (self);
}

static gboolean
fail (Scanner *s, GError **error, const char *problem)
{
  g_set_error (error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "rule “%s”, before character %d: %s",
               s->rule, (int) (s->p - s->rule) + 1, problem);
  return FALSE;
}

/* A token is one bracket or comma, an operator, or a run of everything else. */
static gboolean
advance (Scanner *s, GError **error)
{
  const char *start;
  gsize length;

  s->p += strspn (s->p, " ");
  start = s->p;
  if (*start != '\0' && strchr ("(),", *start) != NULL)
    length = 1;
  else if (strchr ("=!<>", *start) != NULL)
    length = strspn (start, "=!<>");
  else
    length = strcspn (start, " (),=!<>");
  if (length >= sizeof s->token)
    return fail (s, error, "a word is too long");
  memcpy (s->token, start, length);
  s->token[length] = '\0';
  s->p += length;
  return TRUE;
}

static gboolean
is_one_of (const char *const *words, guint n_words, const char *word, guint *ret_index)
{
  for (guint i = 0; i < n_words; i++)
    if (strcmp (words[i], word) == 0)
      {
        *ret_index = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
add_word (RollRule *node, const RollFact *fact, const char *token)
{
  g_auto (GStrv) words = fact->words != NULL ? g_strsplit (fact->words, " ", -1) : NULL;

  if (words != NULL ? !g_strv_contains ((const char *const *) words, token) : !g_ascii_isalnum (*token))
    return FALSE;
  if (node->words == NULL)
    node->words = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (node->words, g_strdup (token));
  return TRUE;
}

/* A bare number may mean several errors. */
static gboolean
add_errors (RollRule *node, const char *token)
{
  g_autoptr (GArray) found = roll_error_lookup (token);

  if (node->errors == NULL)
    node->errors = g_array_new (FALSE, FALSE, sizeof (RollErrorNumber));
  g_array_append_vals (node->errors, found->data, found->len);
  return found->len > 0;
}

/* As a fact set counts: microseconds, hundredths of a per cent. */
static gboolean
set_amount (RollRule *node, RollFactKind kind, const char *token)
{
  static const char *const units[] = { "ms", "s", "min", "h", "d" };
  static const gint64 lengths[] = { 1000, 1, 60, 3600, 86400 };
  const char *unit = token + strspn (token, "0123456789");
  guint i = 0;

  if (unit == token || unit - token > 9)
    return FALSE;
  node->amount = g_ascii_strtoll (token, NULL, 10);
  if (kind == ROLL_FACT_KIND_NUMBER)
    return *unit == '\0';
  if (kind == ROLL_FACT_KIND_PERCENT)
    {
      node->amount *= 100;
      return strcmp (unit, "%") == 0;
    }
  if (!is_one_of (units, G_N_ELEMENTS (units), unit, &i))
    return FALSE;
  node->amount *= i == 0 ? lengths[i] : lengths[i] * G_USEC_PER_SEC;
  return TRUE;
}

static gboolean
add_value (RollRule *node, const RollFact *fact, const char *token)
{
  switch (fact->kind)
    {
    case ROLL_FACT_KIND_WORD:
    case ROLL_FACT_KIND_TEXT:
      return add_word (node, fact, token);
    case ROLL_FACT_KIND_ERROR:
      return add_errors (node, token);
    case ROLL_FACT_KIND_NUMBER:
    case ROLL_FACT_KIND_PERCENT:
    case ROLL_FACT_KIND_DURATION:
      return set_amount (node, fact->kind, token);
    case ROLL_FACT_KIND_FLAG:
    default:
      return FALSE;
    }
}

static gboolean
is_amount (const RollFact *fact)
{
  return fact->kind == ROLL_FACT_KIND_NUMBER || fact->kind == ROLL_FACT_KIND_PERCENT
         || fact->kind == ROLL_FACT_KIND_DURATION;
}

static gboolean
parse_values (Scanner *s, RollRule *node, const RollFact *fact, GError **error)
{
  do
    {
      if (!advance (s, error))
        return FALSE;
      if (!add_value (node, fact, s->token))
        return fail (s, error, "the value does not fit the fact");
      if (!advance (s, error))
        return FALSE;
    }
  while (!is_amount (fact) && strcmp (s->token, ",") == 0);
  return TRUE;
}

static gboolean
parse_fact (Scanner *s, RollRule *node, GError **error)
{
  const RollFact *fact;
  guint op;

  if (!roll_fact_find (s->token, &node->fact))
    return fail (s, error, "unknown fact");
  fact = roll_fact_info (node->fact);
  if (!advance (s, error))
    return FALSE;
  if (fact->kind == ROLL_FACT_KIND_FLAG)
    return TRUE;
  if (!is_one_of (op_texts, is_amount (fact) ? G_N_ELEMENTS (op_texts) : OP_LESS, s->token, &op))
    return fail (s, error, "the operator does not fit the fact");
  node->op = (Op) op;
  return parse_values (s, node, fact, error);
}

static RollRule *
parse_bracket (Scanner *s, GError **error)
{
  g_autoptr (RollRule) node = NULL;

  if (++s->depth > MAX_DEPTH)
    fail (s, error, "too many brackets");
  else if (advance (s, error))
    node = parse_any (s, error);
  if (node == NULL)
    return NULL;
  if (strcmp (s->token, ")") != 0)
    {
      fail (s, error, "a “)” is missing");
      return NULL;
    }
  s->depth--;
  return advance (s, error) ? g_steal_pointer (&node) : NULL;
}

static RollRule *
parse_one (Scanner *s, GError **error)
{
  g_autoptr (RollRule) node = NULL;
  gboolean negated = FALSE;

  for (; strcmp (s->token, "not") == 0; negated = !negated)
    if (!advance (s, error))
      return NULL;
  if (strcmp (s->token, "(") == 0)
    node = parse_bracket (s, error);
  else
    {
      node = rule_new (NODE_FACT);
      if (!parse_fact (s, node, error))
        return NULL;
    }
  if (node != NULL && negated)
    {
      RollRule *not_ = rule_new (NODE_NOT);

      g_ptr_array_add (not_->children, g_steal_pointer (&node));
      return not_;
    }
  return g_steal_pointer (&node);
}

/* Parts with @word between them. */
static RollRule *
parse_chain (Scanner *s, const char *word, NodeKind kind, RollRule *(*parse_part) (Scanner *s, GError **error),
             GError **error)
{
  g_autoptr (RollRule) node = rule_new (kind);

  for (;;)
    {
      RollRule *part = parse_part (s, error);

      if (part == NULL)
        return NULL;
      g_ptr_array_add (node->children, part);
      if (strcmp (s->token, word) != 0)
        return g_steal_pointer (&node);
      if (!advance (s, error))
        return NULL;
    }
}

static RollRule *
parse_all (Scanner *s, GError **error)
{
  return parse_chain (s, "and", NODE_ALL, parse_one, error);
}

static RollRule *
parse_any (Scanner *s, GError **error)
{
  return parse_chain (s, "or", NODE_ANY, parse_all, error);
}

RollRule *
roll_rule_parse (const char *text, GError **error)
{
  Scanner s = { .rule = text, .p = text };
  g_autoptr (RollRule) rule = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  if (advance (&s, error))
    rule = parse_any (&s, error);
  if (rule == NULL)
    return NULL;
  if (*s.token == '\0')
    return g_steal_pointer (&rule);
  fail (&s, error, "expected “and”, “or” or the end");
  return NULL;
}

/* --- Judging ---------------------------------------------------------------------------------------------------- */

static gboolean
is_among (const RollRule *self, const RollFactSet *facts)
{
  for (guint i = 0; self->words != NULL && i < self->words->len; i++)
    if (strcmp (g_ptr_array_index (self->words, i), roll_fact_set_get_text (facts, self->fact)) == 0)
      return TRUE;
  for (guint i = 0; self->errors != NULL && i < self->errors->len; i++)
    if (roll_fact_set_has_error (facts, self->fact, g_array_index (self->errors, RollErrorNumber, i)))
      return TRUE;
  return FALSE;
}

static gboolean
compares (const RollRule *self, gint64 amount)
{
  switch (self->op)
    {
    case OP_LESS:
      return amount < self->amount;
    case OP_LESS_OR_EQUAL:
      return amount <= self->amount;
    case OP_GREATER:
      return amount > self->amount;
    case OP_GREATER_OR_EQUAL:
      return amount >= self->amount;
    case OP_NOT_EQUAL:
      return amount != self->amount;
    case OP_EQUAL:
    default:
      return amount == self->amount;
    }
}

static RollTruth
judge_fact (const RollRule *self, const RollFactSet *facts)
{
  const RollFact *fact = roll_fact_info (self->fact);
  gboolean holds;

  if (!roll_fact_set_has (facts, self->fact))
    return ROLL_TRUTH_UNKNOWN;
  if (fact->kind == ROLL_FACT_KIND_FLAG)
    holds = roll_fact_set_get_amount (facts, self->fact) != 0;
  else if (is_amount (fact))
    holds = compares (self, roll_fact_set_get_amount (facts, self->fact));
  else
    holds = is_among (self, facts) == (self->op == OP_EQUAL);
  return holds ? ROLL_TRUTH_YES : ROLL_TRUTH_NO;
}

static RollTruth
judge (const RollRule *self, const RollFactSet *facts)
{
  RollTruth truth = self->kind == NODE_ANY ? ROLL_TRUTH_NO : ROLL_TRUTH_YES;

  if (self->kind == NODE_FACT)
    return judge_fact (self, facts);
  if (self->kind == NODE_NOT)
    return (RollTruth) (ROLL_TRUTH_YES - judge (g_ptr_array_index (self->children, 0), facts));
  for (guint i = 0; i < self->children->len; i++)
    {
      RollTruth part = judge (g_ptr_array_index (self->children, i), facts);

      truth = self->kind == NODE_ANY ? MAX (truth, part) : MIN (truth, part);
    }
  return truth;
}

/* Twice where it matters: only parts that keep the answer open have something missing. */
static void
collect_missing (const RollRule *self, const RollFactSet *facts, guint8 *missing)
{
  if (judge (self, facts) != ROLL_TRUTH_UNKNOWN)
    return;
  if (self->kind == NODE_FACT)
    missing[self->fact] = 1;
  for (guint i = 0; self->children != NULL && i < self->children->len; i++)
    collect_missing (g_ptr_array_index (self->children, i), facts, missing);
}

RollTruth
roll_rule_judge (const RollRule *self, const RollFactSet *facts, guint8 *missing)
{
  RollTruth truth;

  g_return_val_if_fail (self != NULL && facts != NULL, ROLL_TRUTH_UNKNOWN);

  truth = judge (self, facts);
  if (truth == ROLL_TRUTH_UNKNOWN && missing != NULL)
    collect_missing (self, facts, missing);
  return truth;
}
