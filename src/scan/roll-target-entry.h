/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/roll-interval-set.h"
#include "scan/roll-target-list.h"

G_BEGIN_DECLS

#define ROLL_TARGET_NAME_MAX 253   /* RFC 1035, without the trailing dot */
#define ROLL_TARGET_LABEL_MAX 63
#define ROLL_TARGET_ENTRY_MAX 2048 /* bytes: four a character for a name whose length can still be told */

typedef enum
{
  ROLL_TARGET_ENTRY_NAME,
  ROLL_TARGET_ENTRY_PATTERN, /* only as an exclusion */
  ROLL_TARGET_ENTRY_ADDRESSES,
} RollTargetEntryKind;

/* One entry, understood. */
typedef struct
{
  RollTargetEntryKind kind;
  char name[ROLL_TARGET_NAME_MAX + 2]; /* or the pattern; ASCII, a trailing dot kept */
  RollInterval interval;
} RollTargetEntry;

typedef enum
{
  ROLL_TARGET_INCLUDE, /* a network without its own and its broadcast address */
  ROLL_TARGET_EXCLUDE, /* a network whole and of any size, names with * and ? */
} RollTargetUse;

/* @text: without blanks around it, @length bytes, any bytes but NUL. Errors: SYNTAX, TOO_MANY. */
gboolean roll_target_entry_parse (const char *text, gsize length, RollTargetUse use,
                                  RollTargetEntry *ret_entry, GError **error);

/* A name as DNS takes it; a label of digits only cannot be the last. */
gboolean roll_target_is_name (const char *text);

/* Letters, digits and - _ . of a name, and * ? of which there is one at least; not something like 10.1.2.* */
gboolean roll_target_is_pattern (const char *text);

/* Whether @name fits @pattern, whatever the case; a trailing dot of @name does not count. */
gboolean roll_target_pattern_matches (const char *pattern, const char *name);

/* Why @text is no entry at all. Returns: (transfer full): a sentence in the user's language */
char *roll_target_reason (const char *text, RollTargetUse use);

/* Networks, ranges and single addresses. FALSE without an error: @text is something else. */
gboolean roll_target_parse_addresses (const char *text, RollTargetUse use, RollInterval *ret_interval,
                                      GError **error);

/* The other way: the shortest entry that means just these addresses. Returns: (transfer full): */
char *roll_target_format_interval (const RollInterval *interval, RollTargetUse use);

G_END_DECLS
