/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/roll-logon-budget.h"

G_BEGIN_DECLS

/* What is known of one account of a budget: plain data, without a clock and without a lock. Times are
 * monotonic microseconds. */

typedef struct
{
  gint64 at;
  RollCredential *credential; /* borrowed from the scan's */
  char *computer;
} RollLogonRefusal;

/* A password that was accepted. */
typedef struct
{
  RollCredential *credential; /* borrowed from the scan's */
  gint64 accepted_at;
  guint n_refused; /* in a row, since */
} RollLogonKnown;

typedef struct _RollLogonAccount RollLogonAccount;

struct _RollLogonAccount
{
  char *key;
  gboolean local;
  RollLogonAccount *united_with; /* (nullable): the one that counts instead: two spellings turned out to be one account */
  guint n_united;                /* how often that happened to this one */
  guint n_uses;
  guint n_trying;      /* uses of passwords not known to be right, that have not heard */
  gint64 trying_since; /* the last of them */
  GArray *refusals;    /* (element-type RollLogonRefusal): of passwords not known to be right, oldest first */
  GArray *known;       /* (element-type RollLogonKnown) */
  RollLogonOutcome barred; /* why it rests whatever was counted; UNKNOWN: it does not */
  guint n_barred;      /* refusals that led to that */
  gint64 barred_at;
  char *barred_by;
  const RollCredential *told; /* that it rests; NULL: not told */
};

/* An "@" may stand in a name, a backslash may not. @domain: as roll_logon_account_domain() or another name of it */
char *roll_logon_account_key (const RollCredential *credential, const char *domain, const RollAddress *address);
/* Of an account that is not local; in one case of letters. */
char *roll_logon_account_domain (const RollCredential *credential);

RollLogonAccount *roll_logon_account_new (const RollCredential *credential, const char *key);
void roll_logon_account_free (RollLogonAccount *self);

/* @computer: as a fact */
void roll_logon_account_add_refusal (RollLogonAccount *self, RollCredential *credential, const char *computer, gint64 at);
/* Returns: whether there were any */
gboolean roll_logon_account_forget_refusals (RollLogonAccount *self, const RollCredential *credential);
RollLogonKnown *roll_logon_account_find_known (RollLogonAccount *self, const RollCredential *credential); /* (nullable) */
RollLogonKnown *roll_logon_account_add_known (RollLogonAccount *self, RollCredential *credential);
void roll_logon_account_forget_known (RollLogonAccount *self, RollLogonKnown *known);
void roll_logon_account_bar (RollLogonAccount *self, RollLogonOutcome why, const char *computer, gint64 at);
void roll_logon_account_lift_bar (RollLogonAccount *self);
/* From now on @other counts instead of @self. */
void roll_logon_account_unite (RollLogonAccount *self, RollLogonAccount *other);
/* What was before @since is as if it had not been. */
void roll_logon_account_forget_old (RollLogonAccount *self, gint64 since);

gboolean roll_logon_account_is_resting (RollLogonAccount *self, const RollCredential *credential, guint failures);
/* Since when, of one that rests. */
gint64 roll_logon_account_rests_since (RollLogonAccount *self);
/* "refused=2 reason=locked by=PC1,PC2" */
void roll_logon_account_describe_rest (RollLogonAccount *self, GString *text);
RollLogonOutcome roll_logon_reason_from_id (const char *id);

/* Facts are separated by blanks, and computers by commas. (transfer full) */
char *roll_logon_make_fact (const char *text);

G_END_DECLS
