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

/* How long a session took. */
void roll_scan_tracker_note_session (RollScanTracker *self, gint64 duration_us);

/**
 * RollScanSituation: what is not seen from what has been committed.
 * @n_in_flight: being asked right now; @n_sessions: of those, open, in a session or waiting for one; @jobs: sessions at once
 * @retries_end: monotonic: when the last retry is due; 0 for none
 */
typedef struct
{
  guint n_in_flight;
  guint n_sessions;
  guint jobs;
  gint64 retries_end;
} RollScanSituation;

void roll_scan_tracker_get (RollScanTracker *self, gint64 now, const RollScanSituation *situation, RollProgress *ret_progress);

G_END_DECLS
