/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "status/roll-error.h"

G_BEGIN_DECLS

/*
 * What is known of one computer that failed, as the rules of evidence in data/causes.xml ask for it. Ids are not
 * stored: they may be sorted anew. Each has its name in the rules, and what it means, in roll-fact-set.c.
 */
typedef enum
{
  /* Where the last attempt ended. */
  ROLL_FACT_STEP,
  ROLL_FACT_ERROR,
  ROLL_FACT_SAID_BY,
  ROLL_FACT_ICMP,
  ROLL_FACT_ICMP6,
  ROLL_FACT_ROUTE,
  ROLL_FACT_SCOPE,
  ROLL_FACT_ELAPSED,
  ROLL_FACT_ATTEMPTS,
  ROLL_FACT_SAME_CLASS,
  ROLL_FACT_OTHER_CLASSES,
  ROLL_FACT_HOUR,

  /* The target. */
  ROLL_FACT_TARGET,
  ROLL_FACT_ADDRESS,
  ROLL_FACT_SAME_SUBNET,
  ROLL_FACT_NEIGHBOUR,
  ROLL_FACT_GATEWAY,
  ROLL_FACT_ADDRESSES,
  ROLL_FACT_OS,
  ROLL_FACT_OS_BUILD,
  ROLL_FACT_CLOCK_SKEW,
  ROLL_FACT_NAME_MISMATCH,
  ROLL_FACT_DOMAIN_MISMATCH,
  ROLL_FACT_DYNAMIC_PORT,
  ROLL_FACT_FOREIGN_BINDINGS,
  ROLL_FACT_ANONYMOUS,

  /* What Active Directory told of it when the scan was made. */
  ROLL_FACT_LAST_LOGON_DAYS,
  ROLL_FACT_DIRECTORY_ENABLED,

  /* Other ports, tried after the failure; 135 was tried again later. */
  ROLL_FACT_PORT_22,
  ROLL_FACT_PORT_135,
  ROLL_FACT_PORT_445,
  ROLL_FACT_PORT_3389,
  ROLL_FACT_PORT_5985,

  /* The account. */
  ROLL_FACT_ACCOUNT,
  ROLL_FACT_PROTOCOL,
  ROLL_FACT_PROTECTION,
  ROLL_FACT_LOCAL_ACCOUNTS,
  ROLL_FACT_DOMAIN_ACCOUNTS,
  ROLL_FACT_NTLM,
  ROLL_FACT_KERBEROS,
  ROLL_FACT_ACCOUNT_REFUSED,
  ROLL_FACT_ACCOUNT_KNOWN,
  ROLL_FACT_CREDENTIALS,

  /* Other computers of the scan that ended with the same status. */
  ROLL_FACT_SHARE_SCAN,
  ROLL_FACT_SHARE_SUBNET,
  ROLL_FACT_SHARE_OWN_SUBNETS,
  ROLL_FACT_SHARE_DOMAIN,
  ROLL_FACT_SHARE_OU,
  ROLL_FACT_SHARE_BUILD,
  ROLL_FACT_SAME_SECOND,
  ROLL_FACT_SAME_MINUTE,
} RollFactId;
#define ROLL_N_FACTS (ROLL_FACT_SAME_MINUTE + 1)

typedef enum
{
  ROLL_FACT_KIND_FLAG,     /* stands alone: "same-subnet" */
  ROLL_FACT_KIND_WORD,     /* one of the words of the fact */
  ROLL_FACT_KIND_TEXT,     /* free: an ICMP "type/code" */
  ROLL_FACT_KIND_ERROR,    /* what roll_error_lookup() finds: ETIMEDOUT, 0x80070005; there may be several */
  ROLL_FACT_KIND_NUMBER,
  ROLL_FACT_KIND_PERCENT,
  ROLL_FACT_KIND_DURATION,
} RollFactKind;

typedef struct
{
  const char *name;
  RollFactKind kind;
  const char *words; /* (nullable): of a WORD, separated by blanks */
  const char *label; /* msgid: what is not known where it is missing, "whether port 445 answers" */
} RollFact;

const RollFact *roll_fact_info (RollFactId id);
gboolean roll_fact_find (const char *name, RollFactId *ret_id);
const char *roll_fact_label (RollFactId id); /* in the user's language */

/* Facts with their values; what was never set is unknown. Not thread-safe. */
typedef struct _RollFactSet RollFactSet;

RollFactSet *roll_fact_set_new (void);
void roll_fact_set_clear (RollFactSet *self); /* for the next computer */
void roll_fact_set_free (RollFactSet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollFactSet, roll_fact_set_free)

gboolean roll_fact_set_has (const RollFactSet *self, RollFactId id);

/* Each for facts of its kind. */
void roll_fact_set_flag (RollFactSet *self, RollFactId id, gboolean value);
void roll_fact_set_word (RollFactSet *self, RollFactId id, const char *word); /* one that the fact does not know: ignored */
void roll_fact_set_text (RollFactSet *self, RollFactId id, const char *text);
void roll_fact_set_error (RollFactSet *self, RollFactId id, RollErrorNumber error); /* one more; none: ignored */
void roll_fact_set_number (RollFactSet *self, RollFactId id, gint64 number);
void roll_fact_set_percent (RollFactSet *self, RollFactId id, guint n, guint total); /* of none: stays unknown */
void roll_fact_set_duration (RollFactSet *self, RollFactId id, gint64 us); /* without its sign */

/* Values for comparing. */
gint64 roll_fact_set_get_amount (const RollFactSet *self, RollFactId id); /* flag, number; us; 1/100 of a per cent */
const char *roll_fact_set_get_text (const RollFactSet *self, RollFactId id); /* word, text */
gboolean roll_fact_set_has_error (const RollFactSet *self, RollFactId id, RollErrorNumber error);

/* Returns: (transfer full): the value as a rule would have it, "same-subnet", "port-445 = open"; "" when unknown */
char *roll_fact_set_format (const RollFactSet *self, RollFactId id);

G_END_DECLS
