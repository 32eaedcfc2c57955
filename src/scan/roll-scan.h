/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "inventory/roll-credential.h"
#include "scan/roll-activity.h"
#include "scan/roll-target-list.h"
#include "store/roll-store.h"

G_BEGIN_DECLS

/* How a scan is done; plain data, strings owned. */
typedef struct
{
  guint16 port;             /* the endpoint mapper's; 135 */
  guint probes;             /* simultaneous connects */
  guint connect_timeout_ms;
  guint rate;               /* new connects a second, routed networks; 0: no limit */
  guint jobs;               /* simultaneous sessions; 256 */
  guint network_jobs;       /* of them in one network, a /24 or, of IPv6, a /64; 64; 0: no limit */
  guint watchdog_ms;        /* no progress for this long ends an attempt; 300,000 */
  guint retries;            /* 3 */
  guint retry_delay_ms;     /* 30,000 */
  guint logon_failures;     /* refused logons of one account that are borne ... */
  guint logon_window_ms;    /* ... within this time, before it rests; see roll-logon-budget.h */
  gboolean probe_only;
  gboolean no_side_probes;  /* else other ports of computers that failed on the port are tried, to explain it */
  guint16 side_ports;       /* the first of four that stand for 22, 445, 3389 and 5985; 0: these themselves, if @port is 135 */
  char **skipped;           /* (nullable) ids of collectors that are left out; roll_collectors_choose() makes it */
  char **dns;               /* (nullable) name servers instead of the system's */
  char **dns_search;        /* (nullable) */
} RollScanOptions;

RollScanOptions *roll_scan_options_new (void); /* the defaults */
RollScanOptions *roll_scan_options_copy (const RollScanOptions *options);
void roll_scan_options_free (RollScanOptions *options);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollScanOptions, roll_scan_options_free)
char *roll_scan_options_to_text (const RollScanOptions *options); /* for the store */
RollScanOptions *roll_scan_options_from_text (const char *text, GError **error); /* @text (nullable): as stored */
/* Whether a scan can be run so. Errors: G_IO_ERROR_INVALID_ARGUMENT. */
guint roll_scan_options_retries_of (const char *text); /* @text as stored; 0 when it can't be read */
/* “Waiting for retry (1 of 3)”, of @retries; the label of any other status. (transfer full) */
char *roll_scan_status_text (const RollComputer *computer, guint retries);
gboolean roll_scan_options_check (const RollScanOptions *options, GError **error);

/* Where a running scan is. Counts are of committed rows, except what is in flight. */
typedef struct
{
  guint n_targets;
  guint n_done;          /* with a final status */
  guint n_waiting;       /* for a retry */
  guint n_in_flight;     /* being resolved, connected or asked right now */
  RollActivity activity; /* who of them waits for what */
  gboolean paused;       /* roll_activity_is_busy() says whether anything still goes on */
  double per_second;     /* finished, over the last ten seconds */
  gint64 elapsed_us;     /* without the pauses */
  /* Estimate; -1 when not known yet. From the rate, but no less than waiting for the last retry takes, and sessions of mean length. */
  gint64 remaining_us;
  GArray *tally;         /* (element-type RollTally), in order of code */
} RollProgress;
void roll_progress_clear (RollProgress *progress);

#define ROLL_TYPE_SCAN (roll_scan_get_type ())
G_DECLARE_FINAL_TYPE (RollScan, roll_scan, ROLL, SCAN, GObject)

/**
 * RollScan: one scan being run. Signals, all on the main context that was the thread's default when it was made:
 *
 * ::committed (GPtrArray *computers): rows now stored, batched, at most 10 times a second
 * ::progress (): roll_scan_get_progress() has news, at most 10 times a second
 * ::notice (const char *kind, const char *text): something the user should know, text translated: a silent name server,
 *   this machine out of open files, the disk full; kind is stable, "...-over" when it has passed
 */

/* A new scan, stored at once. Errors: the store's; an empty list is refused. */
RollScan *roll_scan_new (RollStore *store, RollTargetList *targets, const RollScanOptions *options, const char *name,
                         gboolean practice, GError **error);
/* An interrupted or stopped one, with its own options. @id 0: the newest that is not finished. */
RollScan *roll_scan_resume (RollStore *store, gint64 id, GError **error);

/**
 * roll_scan_test_again: some computers of a stored scan once more, with its own options; all else stays as it is. What was found
 * of them before is kept as an earlier round, see roll_store_get_rounds(). Progress is that of these computers. When it is cut
 * short, a resume goes on with it.
 * @ordinals: (element-type guint32): in any order
 */
RollScan *roll_scan_test_again (RollStore *store, gint64 id, GArray *ordinals, GError **error);

/**
 * roll_scan_set_credentials: what to log on with, in the order they are tried; before it runs. They are not stored: a scan that is
 * resumed is given them anew.
 * @credentials: (element-type RollCredential): those that apply to a computer are tried on it; none: 309
 */
void roll_scan_set_credentials (RollScan *self, GPtrArray *credentials);

gint64 roll_scan_get_id (RollScan *self);
const char *roll_scan_get_name (RollScan *self);
RollTargetList *roll_scan_get_targets (RollScan *self); /* (transfer none) */

/**
 * roll_scan_run_async:
 * @cancellable: stops the scan: sockets are closed within a second, what was collected is kept, the state is `stopped`
 */
void roll_scan_run_async (RollScan *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/* FALSE with G_IO_ERROR_CANCELLED when it was stopped by the user, or why it could not go on. */
gboolean roll_scan_run_finish (RollScan *self, GAsyncResult *result, GError **error);

/**
 * roll_scan_pause: from now on nothing is begun: no name is asked for, no connect, no session. What is under way ends by itself, as the
 * watchdog sees to it: to break it off would mean to ask the computer for all of it once more. Nothing is charged to a computer, nor
 * does the time count for the estimate. Before it runs, or while; a paused scan may be stopped, and is resumed like any other.
 *
 * A scan that has nothing left to begin ends, paused or not.
 */
void roll_scan_pause (RollScan *self);
void roll_scan_unpause (RollScan *self);
gboolean roll_scan_is_paused (RollScan *self);

void roll_scan_get_progress (RollScan *self, RollProgress *ret_progress);

/* Rebuilds the target list of a stored scan. */
RollTargetList *roll_scan_load_targets (RollStore *store, gint64 scan_id, GError **error);

/**
 * roll_scan_make_untouched: (transfer full): the row of a target that has not been reached.
 * @directory: (nullable): of roll_store_get_directory() or roll_target_list_get_directory()
 */
RollComputer *roll_scan_make_untouched (const RollTarget *target, GHashTable *directory);

/**
 * roll_scan_foreach_computer: all targets of a stored scan in target order, the ones never reached as NOT_STARTED.
 */
gboolean roll_scan_foreach_computer (RollStore *store, gint64 scan_id, RollStoreComputerFunc func, gpointer user_data,
                                     GError **error);

G_END_DECLS
