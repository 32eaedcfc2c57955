/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/roll-store.h"

G_BEGIN_DECLS

typedef enum
{
  ROLL_RESULTS_COMPUTERS,
  ROLL_RESULTS_STEPS,
} RollResults;

/**
 * roll_results_write_csv:
 * @path: "-": standard output
 *
 * Errors: the store's and the file's; G_IO_ERROR_CANCELLED.
 */
gboolean roll_results_write_csv (RollStore *store,
                                 gint64 scan_id,
                                 RollResults what,
                                 const char *path,
                                 gboolean raw,
                                 GCancellable *cancellable,
                                 GError **error);

G_END_DECLS
