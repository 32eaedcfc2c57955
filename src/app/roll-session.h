/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-computer-table.h"
#include "scan/roll-scan.h"

G_BEGIN_DECLS

typedef enum
{
  ROLL_SESSION_LOADING,  /* rows are still being read */
  ROLL_SESSION_IDLE,     /* all there, nothing runs */
  ROLL_SESSION_STARTING,
  ROLL_SESSION_RUNNING,
  ROLL_SESSION_STOPPING,
  ROLL_SESSION_FAILED,   /* could not be opened or started: roll_session_get_error() */
} RollSessionState;

/**
 * RollSession: one scan as the window shows it: its rows, and the run of it if it is running. Everything that waits for
 * the disk or the network happens in other threads; signals come on the main thread.
 *
 * ::changed (): another state, other information
 * ::progress (): the numbers of a running scan
 * ::notice (const char *kind, const char *text): something to tell; @text NULL: it has passed
 * ::ended (): the run is over, see roll_session_get_error() for why it could not go on
 */
#define ROLL_TYPE_SESSION (roll_session_get_type ())
G_DECLARE_FINAL_TYPE (RollSession, roll_session, ROLL, SESSION, GObject)

/* Opens a stored scan and reads its rows. */
RollSession *roll_session_open (RollStore *store, const RollScanInfo *info);

/* What a new scan is made of; plain data, owned by the session once it is given away. */
typedef struct
{
  RollTargetList *targets;
  RollScanOptions *options;
  GPtrArray *credentials; /* (nullable) (element-type RollCredential): kept in memory as long as the scan is shown */
  char *name;     /* (nullable) */
  gboolean practice;
  gpointer keeper; /* (nullable): something that must live as long as the scan runs, such as the practice network */
  GDestroyNotify free_keeper;
} RollScanPlan;

RollScanPlan *roll_scan_plan_new (RollTargetList *targets, RollScanOptions *options); /* (transfer full) both */
void roll_scan_plan_free (RollScanPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollScanPlan, roll_scan_plan_free)

/* Stores a new scan and runs it. @plan: (transfer full) */
RollSession *roll_session_start (RollStore *store, RollScanPlan *plan);

/* Something that must live as long as the next run, such as the practice network. @keeper: (transfer full) */
void roll_session_set_keeper (RollSession *self, gpointer keeper, GDestroyNotify free_keeper);

/* What the last run logged on with, as long as this session lasts. (transfer none) (nullable) (element-type RollCredential) */
GPtrArray *roll_session_get_credentials (RollSession *self);

/**
 * roll_session_test_again: tests computers once more; only when roll_session_can_test_again(). ::ended comes when it is over, and
 * roll_session_describe_tests() says what came of it.
 * @ordinals: (element-type guint32)
 * @credentials: (transfer full) (nullable):
 */
void roll_session_test_again (RollSession *self, GArray *ordinals, GPtrArray *credentials);
gboolean roll_session_can_test_again (RollSession *self);
/* "pc1: Failed – Connection Timeout before, now Success"; (transfer full) (nullable): NULL when the last run was no such test */
char *roll_session_describe_tests (RollSession *self);

/**
 * roll_session_resume: goes on with an interrupted or stopped scan; only when idle.
 * @credentials: (transfer full) (nullable): what was logged on with is stored nowhere, so it is needed anew
 */
void roll_session_resume (RollSession *self, GPtrArray *credentials);
void roll_session_stop (RollSession *self);

/* Pauses a running scan, and lets it go on. */
void roll_session_set_paused (RollSession *self, gboolean paused);
gboolean roll_session_is_paused (RollSession *self);

RollSessionState roll_session_get_state (RollSession *self);
gboolean roll_session_is_active (RollSession *self); /* starting, running or stopping */
/* (nullable): what a run does that is not stored, in the user's language: “Paused”, “Stopping” */
const char *roll_session_get_state_label (RollSession *self);
gboolean roll_session_can_resume (RollSession *self);
RollStore *roll_session_get_store (RollSession *self);
const RollScanInfo *roll_session_get_info (RollSession *self);
RollComputerTable *roll_session_get_table (RollSession *self);
const GError *roll_session_get_error (RollSession *self); /* (nullable) */

/* A newer state of the stored information: the scan was renamed. */
void roll_session_set_info (RollSession *self, const RollScanInfo *info);

/**
 * RollSessionProgress:
 * @fraction: 0 to 1, never smaller than before
 * @remaining_us: -1 when not known
 * @activity: who waits for what, one sentence, or ""
 * @busy: something is still under way
 */
typedef struct
{
  double fraction;
  guint n_targets;
  guint n_done;
  guint n_waiting;
  guint n_in_flight;
  gint64 elapsed_us;
  gint64 remaining_us;
  char *activity;
  gboolean busy;
} RollSessionProgress;

const RollSessionProgress *roll_session_get_progress (RollSession *self);

G_END_DECLS
