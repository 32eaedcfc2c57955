/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * RollRowsTable: the rows of a collector as a table shows them, all text. Atomically refcounted, immutable: made by a
 * worker thread, shown by another. A single row is turned: a property with its value on each line.
 * Columns without any value come last, and so does where in the registry a row was found.
 */
typedef struct _RollRowsTable RollRowsTable;

/* @rows: of roll_row_set_to_bytes(); NULL with @ret_problem, a static text, for bytes that are none */
RollRowsTable *roll_rows_table_new (GBytes *rows, const char **ret_problem);
RollRowsTable *roll_rows_table_ref (RollRowsTable *table);
void roll_rows_table_unref (RollRowsTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollRowsTable, roll_rows_table_unref)

guint roll_rows_table_get_n_rows (RollRowsTable *table);
guint roll_rows_table_get_n_columns (RollRowsTable *table);
gboolean roll_rows_table_is_turned (RollRowsTable *table);
const char *roll_rows_table_get_title (RollRowsTable *table, guint column);
guint roll_rows_table_get_width (RollRowsTable *table, guint column); /* characters of its longest text */
const char *roll_rows_table_get (RollRowsTable *table, guint row, guint column);

/* @folded: of g_utf8_casefold() */
gboolean roll_rows_table_row_has (RollRowsTable *table, guint row, const char *folded);

G_END_DECLS
