/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-collectors.h"
#include "store/roll-store.h"

G_BEGIN_DECLS

typedef enum
{
  ROLL_RESULTS_COMPUTERS,
  ROLL_RESULTS_STEPS,
  ROLL_RESULTS_COLLECTED,
} RollResultsTable;

/* @collector: of COLLECTED: whose rows */
typedef struct
{
  RollResultsTable table;
  const RollCollector *collector;
} RollResults;

/**
 * roll_results_write_csv:
 * @path: "-": standard output
 *
 * Errors: the store's and the file's; G_IO_ERROR_CANCELLED; G_IO_ERROR_INVALID_DATA for rows that can't be read.
 */
gboolean roll_results_write_csv (RollStore *store,
                                 gint64 scan_id,
                                 RollResults what,
                                 const char *path,
                                 gboolean raw,
                                 GCancellable *cancellable,
                                 GError **error);

G_END_DECLS
