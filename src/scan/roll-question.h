/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-attempt.h"
#include "scan/roll-name-server.h"

G_BEGIN_DECLS

/*
 * One name being resolved: which of its candidate names is being asked for, what each server has said about that, what
 * it comes to in the end. Knows no clock and no sockets; the resolver drives it.
 */

/* What one server was asked about one candidate, and what came of it. */
typedef struct
{
  gint64 started_at; /* microseconds since the epoch */
  gint64 started;    /* monotonic */
  gint64 replied;    /* the last reply, monotonic; 0: none */
  int error;         /* errno of a question that could not be delivered */
  RollSaidBy error_by;
  gboolean tcp;
  struct
  {
    guint tries;
    int status; /* ARES_ETIMEOUT as long as nothing came */
    int rcode;  /* -1 as long as nothing came */
  } types[ROLL_N_DNS_TYPES];
} RollQuestionServer;

/* How far one record type of the present candidate is. */
typedef struct
{
  gboolean wanted;
  gboolean settled; /* there are addresses, or there are none for sure */
  int status;       /* once settled: ARES_SUCCESS, ARES_ENODATA or ARES_ENOTFOUND */
  guint server;     /* who settled it */
  guint pending;    /* questions out */
  guint failed;     /* bit per server that answered with an error: not asked this again */
  guint unreached;  /* bit per server that could not be asked: maybe later */
} RollQuestionType;

typedef struct
{
  guint refs; /* the resolver's and one for every reply still to come */
  gboolean over;
  char *name;
  RollAttempt *attempt;
  gpointer data;

  guint candidate;
  char *candidate_name;
  RollQuestionType types[ROLL_N_DNS_TYPES];
  RollQuestionServer servers[ROLL_NAME_SERVERS_MAX];
  guint8 order[ROLL_NAME_SERVERS_MAX]; /* in which the servers were asked */
  guint n_order;
  guint server; /* the last one asked */
  guint n_addresses;
  RollAddress addresses[ROLL_N_DNS_TYPES * ROLL_DNS_ADDRESSES_MAX];

  int negative; /* candidates that have no address for sure: ARES_ENODATA, ARES_ENOTFOUND; 0: none so far */
  int trouble;  /* candidates nobody could tell about: the result unless another has addresses; 0: none so far */
  int status;   /* the result, when it is over */

  guint stage;   /* the resolver's: how often it has waited */
  gint64 due;    /* the resolver's: until when, monotonic */
  GQueue *queue; /* the resolver's: where @link is */
  GList link;
} RollQuestion;

RollQuestion *roll_question_new (const char *name, RollAttempt *attempt, gpointer data);
RollQuestion *roll_question_ref (RollQuestion *self);
void roll_question_unref (RollQuestion *self);

/* Forgets what was said about the candidate before. @candidate_name (transfer full) */
void roll_question_begin (RollQuestion *self, guint candidate, char *candidate_name);

typedef enum
{
  ROLL_REPLY_SETTLES, /* its type: there are addresses, or there are none for sure */
  ROLL_REPLY_FAILS,   /* somebody else should be asked */
  ROLL_REPLY_SAYS_NOTHING,
} RollReplyMeaning;

/* Notes that the server number @server is being asked for @type. */
void roll_question_note_asked (RollQuestion *self, guint server, RollDnsType type, gint64 now);
RollReplyMeaning roll_question_take_reply (RollQuestion *self, guint server, const RollDnsReply *reply, gint64 now);

/* Once, however often it is named. */
void roll_question_add_address (RollQuestion *self, const RollAddress *address);
gboolean roll_question_has_addresses (RollQuestion *self, RollDnsType type);
/* Of two c-ares statuses the one that tells more; either may be ARES_SUCCESS for none. */
int roll_dns_status_merge (int a, int b);
/* What the present candidate comes to, now that nothing more is expected. */
int roll_question_get_candidate_status (RollQuestion *self);

/* Appends a RESOLVE record for each server that was asked. */
void roll_question_record (RollQuestion *self, RollNameServer *const *servers, gint64 now);
/* The record of an answer out of the hosts file. */
void roll_question_record_hosts (RollQuestion *self);
/* The record of a candidate for which no server was asked, for @why ("name-server-silent"). @peer (nullable) */
void roll_question_record_unasked (RollQuestion *self, const char *peer, int status, const char *why);

G_END_DECLS
