/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "app/roll-computer-table.h"
#include "report/roll-strata.h"
#include "report/roll-tally-table.h"

G_BEGIN_DECLS

/**
 * RollStrataCounts: the computers of a table, counted by what they have in common.
 * @rows: (element-type RollTallyRow): those that are shown, by failures; of TIME by time
 * @rest: all others, without a key; @n_rest: how many rows that is
 * @time_step_us: how long a stratum of TIME is
 */
typedef struct
{
  GPtrArray *rows;
  RollTallyRow rest;
  guint n_rest;
  RollTallyTable *table;
} RollStrataCount;

typedef struct
{
  RollStrataCount of[ROLL_N_STRATA];
  guint all[ROLL_N_LOOKS];
  guint n_computers;
  gint64 time_step_us;
} RollStrataCounts;

#define ROLL_STRATA_BARS 12 /* more are summed up as the rest */

/* In a worker thread. */
void roll_strata_counts_async (RollComputerTable *table, GAsyncReadyCallback callback, gpointer user_data);
RollStrataCounts *roll_strata_counts_finish (GAsyncResult *result); /* (transfer full) */
void roll_strata_counts_free (RollStrataCounts *counts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollStrataCounts, roll_strata_counts_free)

/* Looks up the computers of one stratum, in a worker thread. */
void roll_strata_find_async (RollComputerTable *table, RollStrata strata, const char *key, gint64 time_step_us,
                             GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
/*
 * (transfer full) (nullable) (element-type guint): ordinals, ascending; NULL: it was cancelled. Must be called in any case.
 * @ret_key: (out) (transfer full): which stratum it was
 */
GArray *roll_strata_find_finish (GAsyncResult *result, char **ret_key);

G_END_DECLS
