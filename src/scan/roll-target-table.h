/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/roll-target-list.h"

G_BEGIN_DECLS

/* Targets from a column of a table: a CSV file as spreadsheets and other programs write it. */

#define ROLL_TARGET_TABLE_ROWS 8 /* that are shown before one chooses */

/**
 * RollTargetTable: a look at a file.
 * @n_columns: 1: it is a plain list, with one target per line
 * @has_header: whether the first row looks like the names of the columns
 * @best: the column that looks most like computers
 * @rows: (element-type GStrv): the first ones, all with @n_columns cells, the names of the columns among them
 */
typedef struct
{
  char delimiter;
  guint n_columns;
  gboolean has_header;
  guint best;
  GPtrArray *rows;
} RollTargetTable;

/* Errors: ROLL_TARGET_ERROR_FILE */
RollTargetTable *roll_target_table_look (const char *path, GError **error);
RollTargetTable *roll_target_table_look_at (const char *text, gsize length, GError **error);
void roll_target_table_free (RollTargetTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollTargetTable, roll_target_table_free)

/**
 * roll_target_table_column: how a column is written for roll_target_list_add_table().
 *
 * Returns: (transfer full): its name in the first row, or its number when @with_header is FALSE or that name is not its own
 */
char *roll_target_table_column (const RollTargetTable *table, guint column, gboolean with_header);

/* Which one that means: a name in the first row, or else a number. Returns: FALSE: none of them */
gboolean roll_target_table_find (const RollTargetTable *table, const char *column, guint *ret_column,
                                 gboolean *ret_with_header);

/**
 * roll_target_list_add_table:
 * @column: the name of a column in the first row, in any case; or, of a table without names, its number from 1 on
 * @problems: (element-type RollTargetProblem): wrong cells are appended with their lines, the right ones kept; empty ones are
 *   passed over
 *
 * Errors: ROLL_TARGET_ERROR FILE and TOO_MANY; the list is then unchanged
 */
gboolean roll_target_list_add_table (RollTargetList *self, const char *path, const char *column, GPtrArray *problems,
                                     GError **error);
gboolean roll_target_list_add_table_text (RollTargetList *self, const char *text, gsize length, const char *column,
                                          GPtrArray *problems, GError **error);

G_END_DECLS
