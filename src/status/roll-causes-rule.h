/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

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

typedef enum
{
  ROLL_FACT_FLAG,     /* stands alone: "same-subnet" */
  ROLL_FACT_WORD,     /* one of the words of the fact */
  ROLL_FACT_TEXT,     /* free: an ICMP "type/code" */
  ROLL_FACT_ERROR,    /* what roll_error_lookup() finds: ETIMEDOUT, 0x80070005 */
  ROLL_FACT_NUMBER,
  ROLL_FACT_PERCENT,
  ROLL_FACT_DURATION,
} RollFactKind;

typedef struct
{
  const char *name;
  RollFactKind kind;
  const char *words; /* (nullable): of a WORD, separated by blanks */
} RollFact;

/* Every fact a rule may ask for; what each means stands beside it in the source. */
const RollFact *roll_causes_facts (guint *ret_count);

/**
 * roll_causes_rule_check:
 *
 * Errors: G_MARKUP_ERROR_INVALID_CONTENT, naming the place in the rule.
 */
gboolean roll_causes_rule_check (const char *rule, GError **error);

G_END_DECLS
