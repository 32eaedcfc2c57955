/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/roll-store.h"

G_BEGIN_DECLS

#define ROLL_COVERAGE_NAMES 3

/**
 * RollCoverage: which computers of a scan a credential may be used on.
 * @names: (array zero-terminated=1): the first ROLL_COVERAGE_NAMES of them
 * @computer: (nullable): the one of them that a trial says most about: its port 135 was open
 */
typedef struct
{
  guint n_targets;
  guint n_covered;
  char **names;
  char *computer;
} RollCoverage;

void roll_coverage_free (RollCoverage *coverage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollCoverage, roll_coverage_free)

/**
 * roll_coverage_async: counts in a worker thread.
 * @scope: places that can be read; "": everywhere
 */
void roll_coverage_async (RollStore *store, gint64 scan_id, const char *scope, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data);
RollCoverage *roll_coverage_finish (GAsyncResult *result, GError **error);

/* The same without a thread. */
RollCoverage *roll_coverage_count (RollStore *store, gint64 scan_id, const char *scope, GCancellable *cancellable,
                                   GError **error);

/* (transfer full): @scan: its name */
char *roll_coverage_describe (const RollCoverage *coverage, const char *scan);

G_END_DECLS
