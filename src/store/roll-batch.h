/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/roll-store-private.h"

G_BEGIN_DECLS

/* One posted thing: a computer with its attempt, an event, or a finding. */
typedef struct
{
  RollComputer *computer;
  RollAttempt *attempt;
  RollStoreEvent *event;
  RollFinding *finding;
  gsize n_bytes; /* of what was collected */
} RollRecord;

void roll_record_clear (RollRecord *record);

/*
 * The writing half of a journal: prepared statements and the counts that go with them. Used by one thread.
 */
typedef struct _RollBatch RollBatch;

RollBatch *roll_batch_new (RollStore *store, gint64 scan_id);
void roll_batch_free (RollBatch *batch);

/**
 * roll_batch_write:
 *
 * Stores @records in one transaction, together with the tallies. On failure nothing of it is stored, and the
 * same records may be given again.
 */
gboolean roll_batch_write (RollBatch *batch, const RollRecord *records, guint n_records, GError **error);

/* Sets the scan's state and, as it implies, its times. A running scan must still be there: else NOT_FOUND. */
gboolean roll_batch_write_state (RollBatch *batch, RollScanState state, GError **error);

/* Moves what the write-ahead log holds into the file, as far as readers let it. */
void roll_batch_checkpoint (RollBatch *batch);

G_END_DECLS
