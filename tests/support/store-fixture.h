/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <sys/resource.h>

#include "scan/roll-scan.h"

G_BEGIN_DECLS

/* A folder of the test's own with a store in it. */
typedef struct
{
  char *folder;
  char *path; /* folder/rollcall.db */
  RollStore *store;
} StoreFixture;

void store_fixture_set_up (StoreFixture *fixture, gconstpointer data);    /* opens a new store */
void store_fixture_tear_down (StoreFixture *fixture, gconstpointer data); /* removes folder and all */
/* Closes and opens again. */
void store_fixture_reopen (StoreFixture *fixture);
/* A scan of @n_targets targets with one entry; its id. */
gint64 store_fixture_add_scan (StoreFixture *fixture, guint n_targets);

/* The scan's journal, for somebody who hears nothing of it. */
RollJournal *store_fixture_begin (StoreFixture *fixture, gint64 scan);

/* Computer @ordinal, "127.20.x.y", as a refused connect leaves it, or with any other status. */
RollComputer *store_fixture_computer (guint32 ordinal, RollStatus status, guint attempts);
RollAttempt *store_fixture_attempt (RollComputer *computer);
/* Both, posted. */
void store_fixture_post (RollJournal *journal, guint32 ordinal, RollStatus status, guint attempts);

/*
 * What became of a collector, at the end of the attempt's list. What was collected has @n_rows rows and bytes that tell
 * the id and the attempt; the rest failed with 0x800706ba while it was queried.
 */
RollClassResult *store_fixture_add_class (RollAttempt *attempt, const char *id, RollClassOutcome outcome, guint n_rows);

/* Runs it to its end. */
gboolean store_fixture_run (RollScan *scan, GCancellable *cancellable, GError **error);

/* Of a file this process writes: a disk that is full. */
void limit_file_size (rlim_t size);
void remove_folder (const char *folder);

G_END_DECLS
