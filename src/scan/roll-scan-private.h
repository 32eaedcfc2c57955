/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdatomic.h>

#include "scan/roll-scan-ports.h"
#include "scan/roll-scan-tracker.h"
#include "scan/roll-scan.h"
#include "scan/roll-scheduler.h"
#include "scan/roll-session-pool.h"
#include "scan/roll-sieve.h"

G_BEGIN_DECLS

/* How the last computers that were probed did, the older the less: how many of the next ones will open. */
typedef struct
{
  guint n_probing;
  double n_opened;
  double n_tried;
} RollScanLane;

struct _RollScan
{
  GObject parent_instance;

  RollStore *store;
  RollScanInfo *info;
  RollTargetList *targets;
  RollScanOptions *options;
  GPtrArray *credentials; /* (element-type RollCredential) */
  GMainContext *context;
  RollScanTracker *tracker;
  GArray *again;           /* (nullable) (element-type guint32): those to be tested again, sorted; nobody else is asked */
  GHashTable *known_facts; /* (nullable): ordinal -> RollFacts of these: a failure takes nothing of it away */
  GHashTable *directory;   /* (nullable): ordinal -> RollDirectoryFacts, while it runs */

  gboolean used; /* a scan object runs once */
  RollJournal *journal;
  RollScheduler *scheduler; /* of the sieve's thread while that runs */
  RollSieve *sieve;
  RollLogonBudget *budget; /* as long as the pool */
  RollSessionPool *pool; /* (nullable): a scan that only probes has none */
  int n_in_flight; /* atomic: being resolved, connected or asked */
  int n_sessions;  /* atomic: those of them that were handed to the pool */
  guint may_follow; /* atomic: of which kinds there may be more, now or later, beside these */
  int n_not_asked; /* atomic: through a fault of this machine */
  gint64 paused_since; /* monotonic, 0: not paused; under the lock */
  gint64 paused_us;    /* in all, until the last pause ended; likewise */
  int n_put_back; /* atomic: of those that wait in the scheduler, for an account */
  guint n_reading; /* atomic: sessions that have logged on */
  _Atomic gint64 next_retry, last_retry; /* when they are due, monotonic; 0: there is none */
  RollScanLane lanes[2]; /* addresses, names; of the sieve's thread */
  RollScanPorts *ports;  /* (nullable): side probes; of the sieve's thread while that runs */
  GSource *tick;

  GMutex lock;
  GPtrArray *committed; /* (element-type RollComputer), for the next tick; under the lock */
  GPtrArray *notices;   /* for the next tick, likewise */
  GHashTable *plans;    /* ordinal -> RollPlan, of computers that wait for another attempt; likewise */
  int n_returned;       /* atomic: its length */
  GArray *returned;     /* what sessions give back to the scheduler; likewise */
  const char *trouble;  /* (nullable): of this machine, as sessions last met it; likewise */
};

gint roll_scan_compare_ordinals (gconstpointer a, gconstpointer b); /* of guint32 */

/* scan: any thread. @text: (transfer full) */
void roll_scan_give_notice (RollScan *self, const char *kind, char *text);
void roll_scan_on_committed (GPtrArray *computers, const GError *error, gpointer user_data);

/* Monotonic, but standing still while the scan is paused. */
gint64 roll_scan_get_clock (RollScan *self);

void roll_scan_note_waiting (RollScan *self); /* on the sieve's thread */

/* run */
gboolean roll_scan_run_blocking (RollScan *self, GCancellable *cancellable, GError **error);
/* A thing that happened to the whole scan: stored and told. */
void roll_scan_on_event (const char *kind, const char *detail, gpointer user_data);

#define ROLL_SCAN_ALL_KINDS (ROLL_SIEVE_NAMES | ROLL_SIEVE_ADDRESSES)
#define ROLL_SCAN_LANE(self, names) (&(self)->lanes[(names) ? 1 : 0])

/* outcome: what an attempt comes to, in the only place where that is decided */
RollStatus roll_scan_judge (RollScan *self, guint attempt, const RollPlan *plan, RollVerdict verdict);
/* Stores @computer and @attempt, both (transfer full), with what @plan, (nullable), knows. */
void roll_scan_settle (RollScan *self, RollComputer *computer, RollAttempt *attempt, const RollPlan *plan,
                       RollStatus status, const RollFailure *failure);

/* More files than one session has open at once, and what else the program needs. */
#define ROLL_SCAN_FILES_SHARE 8

/* sessions */
GArray *roll_scan_sessions_new_returned (void);
gboolean roll_scan_sessions_start (RollScan *self, GError **error);
void roll_scan_sessions_stop (RollScan *self);
void roll_scan_sessions_end (RollScan *self); /* waits for all */
/* On the sieve's thread: */
RollSieveKinds roll_scan_sessions_get_room (RollScan *self); /* of which kinds more may be probed */
void roll_scan_sessions_note_probe (RollScan *self, const RollSieveResult *result);
void roll_scan_sessions_begin (RollScan *self, const RollSieveResult *result); /* takes its job and socket */
void roll_scan_sessions_take_back (RollScan *self);
void roll_scan_sessions_keep_plan (RollScan *self, guint32 ordinal, RollPlan *plan);
RollPlan *roll_scan_sessions_take_plan (RollScan *self, guint32 ordinal);

G_END_DECLS
