/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/roll-collect.h"
#include "scan/roll-conversation.h"
#include "wmi/roll-logon.h"

G_BEGIN_DECLS

#define ROLL_NAMESPACE_CIMV2 "root/cimv2"
#define ROLL_NAMESPACE_DEFAULT "root/default"

/* A namespace that was logged in to, or in vain. */
typedef struct
{
  const char *name;
  RollWmi *wmi;
  RollRegistry *registry; /* (nullable) */
  RollStep failed_at;
  GError *error;
} RollNamespace;

typedef struct
{
  const RollConversationOptions *options;
  RollPlan *plan;
  RollAttempt *attempt;
  RollConversationEnd *end;
  RollDcom *dcom;
  GPtrArray *namespaces; /* (element-type RollNamespace): of the present logon */
  GPtrArray *notes;      /* (element-type char *): facts for the record of the present step */
  gint64 begun;          /* the present step: monotonic */
  gint64 begun_at;       /* wall clock */
  RollFailure last;      /* of the last step, when it failed */
  const char *lacking;   /* what Kerberos was not tried for, to be told with the next logon */
  RollLogonUse use;      /* of the account of the present logon */
  gboolean tried;        /* to log on, in this attempt */
  gint64 gave_way_us;    /* to others who may find out whether a password is right */
  gboolean over;
  gboolean logged_on;    /* with any credential: there is an inventory */
  gboolean introduced;   /* the computer's own names are in the evidence */
  gsize room;            /* bytes that this attempt may still keep */
  RollFailure put_off;   /* why classes were left for another credential */
  guint run_record;      /* of classes collected one after the other: its place, from 1 */
  guint run_classes;
  guint run_rows;
} RollConversation;

/* evidence */
void roll_conversation_begin_step (RollConversation *self);
/* A fact for the record of the present step; blanks in @value are replaced. */
void roll_conversation_note (RollConversation *self, const char *key, const char *value);
/* Facts as they are to stand in the record, separated by blanks; (transfer full) */
void roll_conversation_note_facts (RollConversation *self, char *facts);
void roll_conversation_note_names (RollConversation *self);
void roll_conversation_note_computer (RollConversation *self);
/* Records the step, and judges @error (transfer full) (nullable). Returns: whether the conversation may go on */
gboolean roll_conversation_end_step (RollConversation *self, RollStep step, GError *error);
void roll_conversation_record (RollConversation *self, RollStep step, const GError *error);
/* Returns: (transfer full): a copy, and of an error from elsewhere one that has a number */
RollFailure roll_conversation_failure (RollStep step, const GError *error);
void roll_conversation_judge (RollConversation *self, const RollFailure *failure, const GError *error);

/* logon: what the budget of the account says, and is told */
gboolean roll_conversation_may_log_on (RollConversation *self, const RollLogon *logon);
gboolean roll_conversation_may_prove (RollConversation *self, const RollLogon *logon); /* once more, on port 135 */
/* @answered: the last step was one that nobody gets an answer to before the logon has been checked. @error: (nullable) */
void roll_conversation_report_logon (RollConversation *self, const RollLogon *logon, gboolean answered, const GError *error);
void roll_conversation_end_logon (RollConversation *self);

/* inventory */
void roll_conversation_take_inventory (RollConversation *self);
/* Those that no credential may read are settled as well. */
void roll_conversation_settle_rest (RollConversation *self);
void roll_namespace_free (RollNamespace *self);

G_END_DECLS
