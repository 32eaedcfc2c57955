/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "status/roll-causes-rule.h"
#include "status/roll-error.h"
#include "status/roll-status.h"

G_BEGIN_DECLS

/*
 * The troubleshooting knowledge: one page per status, from data/causes.xml. Everything here is loaded once,
 * immutable and lives as long as the program. Texts are in the user's language (gettext), plain text with
 * `commands` in their own fields, never inside sentences.
 */

typedef enum
{
  ROLL_PRIOR_LOW,
  ROLL_PRIOR_MEDIUM,
  ROLL_PRIOR_HIGH,
} RollPrior;

typedef enum
{
  ROLL_RISK_HARMLESS,  /* green */
  ROLL_RISK_OPENS,     /* amber: opens access or changes settings; scope it */
  ROLL_RISK_WEAKENS,   /* red: weakens security or may damage */
} RollRisk;

/* A command to run, or advice without one. @where: on this machine or on the target. */
typedef struct
{
  const char *text;                /* what it does, in words */
  const char *command; /* nullable: what to copy */
  gboolean on_target;
} RollCheck;

typedef struct
{
  const char *id;                  /* FX.1 or derived, stable; nullable */
  const char *text;
  const char *command; /* nullable */
  const char *undo;    /* nullable */
  const char *undo_command; /* nullable */
  RollRisk risk;
  gboolean on_target;
} RollFix;

/* How much a hint weighs that applies; roll-causes-rank.h has the numbers. */
typedef enum
{
  ROLL_STRENGTH_WEAK,
  ROLL_STRENGTH_USUAL,
  ROLL_STRENGTH_DECISIVE, /* it says so itself, or rules it out */
} RollStrength;

typedef struct
{
  const char *text;     /* what would have been seen, in words */
  const char *rule;     /* nullable: when it applies; roll-causes-rule.h has the language */
  const RollRule *when; /* the same for the program; NULL: only a person can see it */
  RollStrength strength;
  gboolean raises;      /* speaks for the cause, or against it */
} RollEvidenceHint;

typedef struct
{
  const char *id;     /* "AD.3": stable key */
  RollPrior prior;
  const char *text;   /* one or two sentences */
  const RollEvidenceHint *hints; guint n_hints;
  const RollCheck *checks; guint n_checks;
  const RollFix *fixes; guint n_fixes;
} RollCause;

typedef struct
{
  RollStatus status;
  const char *meaning;      /* what happened, one or two sentences */
  const char *retry;        /* the answer to "tried again?": "No.", "Yes, later in the scan, ..." */
  const char *steps;        /* the answer to "where?": step(s), a sentence or list for people */
  const char * const *numbers; /* NULL-terminated error texts as shown: "ETIMEDOUT", "0x80070005" */
  const RollCause *causes; guint n_causes; /* by prior, highest first */
  const RollCheck *checks; guint n_checks; /* of the page, not of one cause */
  const RollFix *fixes; guint n_fixes;
  const char * const *false_friends; /* NULL-terminated */
} RollStatusPage;

/* Returns: (nullable): NULL for states. Success has a page too (gaps: filtered, partial). */
const RollStatusPage *roll_causes_page (RollStatus status);

/**
 * roll_causes_find:
 * @ret_status: (out) (optional): the first page that has the cause; some pages share causes
 *
 * Returns: (nullable):
 */
const RollCause *roll_causes_find (const char *cause_id, RollStatus *ret_status);

/**
 * roll_causes_pages_for_error:
 *
 * Returns: (transfer full) (element-type RollStatus): statuses whose page lists the error, in the order of a
 *   conversation, then those that roll_verdict() gives for it at some step, the likeliest first
 */
GArray *roll_causes_pages_for_error (RollErrorNumber error);

const char *roll_risk_id (RollRisk risk);       /* "harmless", "opens-access", "weakens-security" */
const char *roll_risk_label (RollRisk risk);    /* in the user's language */
const char *roll_prior_id (RollPrior prior);    /* "low" ... */

G_END_DECLS
