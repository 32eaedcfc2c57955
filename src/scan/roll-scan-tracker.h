/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/roll-scan.h"

G_BEGIN_DECLS

/*
 * Where a running scan is, kept up to date from what has been committed. Any thread; locked inside.
 */
typedef struct _RollScanTracker RollScanTracker;

RollScanTracker *roll_scan_tracker_new (guint n_targets);
void roll_scan_tracker_free (RollScanTracker *self);

/* A row that was on disk before this run, or that has just been committed. */
void roll_scan_tracker_count (RollScanTracker *self, const RollComputer *computer);

/* The clock starts: what was counted before belongs to an earlier run and not to the rate. */
void roll_scan_tracker_start (RollScanTracker *self, gint64 now);

/* @n_in_flight: being asked right now. @retry_at: monotonic time before which nothing more happens; 0 for none. */
void roll_scan_tracker_get (RollScanTracker *self, gint64 now, guint n_in_flight, gint64 retry_at,
                            RollProgress *ret_progress);

G_END_DECLS
