/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "status/roll-fact-set.h"

G_BEGIN_DECLS

/*
 * The rules of evidence in data/causes.xml: when a hint applies to a computer that failed.
 *
 *   rule       = all *( "or" all )
 *   all        = one *( "and" one )
 *   one        = "not" one / "(" rule ")" / flag / fact op value *( "," value )
 *   op         = "=" / "!=" / "<" / "<=" / ">" / ">="   words and lists: only "=" (one of), "!=" (none of)
 *   value      = word / error / number / number "%" / number unit
 *   unit       = "ms" / "s" / "min" / "h" / "d"
 *
 * A fact that the scan does not have is unknown, and so is what is said of it, negated or not; "and" and "or"
 * decide as usual where the known parts suffice. A rule that stays unknown does not apply.
 */

typedef struct _RollRule RollRule;

/**
 * roll_rule_parse:
 *
 * Errors: G_MARKUP_ERROR_INVALID_CONTENT, naming the place in the rule.
 */
RollRule *roll_rule_parse (const char *text, GError **error);
void roll_rule_free (RollRule *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollRule, roll_rule_free)

typedef enum
{
  ROLL_TRUTH_NO,
  ROLL_TRUTH_UNKNOWN,
  ROLL_TRUTH_YES,
} RollTruth;

/**
 * roll_rule_judge:
 * @missing: (nullable): ROLL_N_FACTS bytes; where the answer is UNKNOWN, that of each fact that would be needed is set to 1
 */
RollTruth roll_rule_judge (const RollRule *self, const RollFactSet *facts, guint8 *missing);

G_END_DECLS
