/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-computer.h"
#include "scan/roll-conversation.h"

G_BEGIN_DECLS

/*
 * Conversations, many at once, each on a thread of its own as long as it lasts. Threads are made as they are needed, up to a number.
 */
typedef struct _RollSessionPool RollSessionPool;

/**
 * RollSession: one attempt at one computer from the open port on. All owned by it; what is taken out is set to NULL.
 * @plan: (nullable): NULL before it is prepared, when nothing has been asked yet
 * @socket: connected to the endpoint mapper; -1: to be connected
 * @since: monotonic: when it was made; @begun: when a thread took it up
 */
typedef struct
{
  RollComputer *computer;
  RollAttempt *attempt;
  RollPlan *plan;
  int socket;
  gint64 since;
  gint64 begun;
  RollConversationEnd end;
} RollSession;

RollSession *roll_session_new (RollComputer *computer, RollAttempt *attempt, RollPlan *plan, int socket);
void roll_session_free (RollSession *session);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollSession, roll_session_free)

/* Both on a thread of the pool; any number at once. */
typedef struct
{
  /* Sets what is left to ask of @session's computer. FALSE: it can't be known now, and @end says so */
  gboolean (*prepare) (RollSession *session, gpointer user_data);
  /* It is over: @session (transfer full) */
  void (*done) (RollSession *session, gpointer user_data);
} RollSessionCallbacks;

/**
 * RollSessionPoolOptions:
 * @jobs: sessions at once
 * @network_jobs: of them in one network, an IPv4 /24 or an IPv6 /64: its line may be thin; 0: no limit
 * @credentials: (element-type RollCredential): borrowed as long as the pool lives, like @budget and @n_reading
 */
typedef struct
{
  guint jobs;
  guint network_jobs;
  guint16 port;
  guint connect_timeout_ms;
  guint watchdog_ms;
  GPtrArray *credentials;
  RollLogonBudget *budget;
  guint *n_reading; /* (nullable): as in RollConversationOptions */
} RollSessionPoolOptions;


/* Once, before the program has threads: hundreds of them make malloc() keep much more than they need. */
void roll_session_pool_limit_arenas (void);

/* @options, @callbacks: copied. Errors: no descriptor, no thread */
RollSessionPool *roll_session_pool_new (const RollSessionPoolOptions *options, const RollSessionCallbacks *callbacks,
                                        gpointer user_data, GError **error);
/* Waits for all sessions; roll_session_pool_stop() makes that short. */
void roll_session_pool_free (RollSessionPool *self);

/* @session: (transfer full): begins at once or as soon as another one is over */
void roll_session_pool_add (RollSessionPool *self, RollSession *session);

/* How many more sessions there may be before sockets wait longer than it takes to open others. */
int roll_session_pool_get_room (RollSessionPool *self);

/* Sessions under way, those that wait for any of these to end, and those that wait for one of their network. */
typedef struct
{
  guint running;
  guint queued;
  guint network;
} RollSessionCounts;

void roll_session_pool_get_counts (RollSessionPool *self, RollSessionCounts *ret_counts); /* any thread */

/* Any thread: no session begins while it is paused, and none that waits is charged with the time; those under way go on. */
void roll_session_pool_set_paused (RollSessionPool *self, gboolean paused);

/* Any thread: what is under way comes back as cancelled, within a second. */
void roll_session_pool_stop (RollSessionPool *self);

G_END_DECLS
