/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-rows-table.h"

G_BEGIN_DECLS

/* Sorting and searching a table that may have 100,000 rows, in a worker thread. */

/**
 * RollRowsAnswer:
 * @order: (element-type guint): all rows, sorted
 * @shown: (element-type guint): those that have what is searched for, in that order
 */
typedef struct
{
  GArray *order;
  GArray *shown;
} RollRowsAnswer;

void roll_rows_answer_free (RollRowsAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollRowsAnswer, roll_rows_answer_free)

#define ROLL_ROWS_UNSORTED G_MAXUINT

/**
 * roll_rows_query_async:
 * @order: (nullable): the one there was; rows that are alike keep it. NULL: as they are stored
 * @column: to sort by, or ROLL_ROWS_UNSORTED
 * @search: (nullable): of g_utf8_casefold()
 */
void roll_rows_query_async (RollRowsTable *table, GArray *order, guint column, gboolean descending, const char *search,
                            gpointer source, GCancellable *cancellable, GAsyncReadyCallback callback);
RollRowsAnswer *roll_rows_query_finish (GAsyncResult *result); /* (nullable): NULL: it was cancelled */

G_END_DECLS
