/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "inventory/roll-computer.h"

G_BEGIN_DECLS

/* Which rows are shown and in which order: pure functions, run in a worker thread. */

typedef enum
{
  ROLL_COLUMN_TARGET_ORDER, /* as the targets were given */
  ROLL_COLUMN_NAME,
  ROLL_COLUMN_ADDRESS,
  ROLL_COLUMN_STATUS,
  ROLL_COLUMN_STEP,
  ROLL_COLUMN_ATTEMPTS,
  ROLL_COLUMN_OS,
  ROLL_COLUMN_DURATION,
} RollColumn;

#define ROLL_N_COLUMNS 8

const char *roll_column_id (RollColumn column); /* "name"; "" for the target order; for the settings */
RollColumn roll_column_from_id (const char *id);

/**
 * RollRowFilter:
 * @statuses: bits 1 << roll_status_look_index(); 0: all
 * @search: (nullable): words that must all be found in the name as given or its own, address, status, step
 *   or operating system, case ignored
 * @only: (nullable) (element-type guint): ordinals, ascending; no others
 */
typedef struct
{
  guint32 statuses;
  char *search;
  GArray *only;
} RollRowFilter;

typedef struct
{
  RollColumn column;
  gboolean descending;
} RollRowSort;

/**
 * roll_row_order:
 *
 * Rows that are equal in @sort keep the order of their targets; rows that have no address come last either way.
 *
 * Returns: (transfer full) (element-type guint32): indices into @rows; NULL when cancelled
 */
GArray *roll_row_order (RollComputer *const *rows, guint n_rows, const RollRowFilter *filter,
                        const RollRowSort *sort, GCancellable *cancellable);

/* Case ignored, digits by their value: pc2 before PC10. */
int roll_natural_compare (const char *a, const char *b);

G_END_DECLS
