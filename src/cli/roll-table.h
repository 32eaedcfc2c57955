/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/* Columns as wide as their widest cell, counted in terminal cells. Filled row by row. */
typedef struct _RollTable RollTable;

typedef enum
{
  ROLL_TABLE_LEFT,
  ROLL_TABLE_RIGHT,
} RollTableAlign;

RollTable *roll_table_new (void);
void roll_table_free (RollTable *table);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollTable, roll_table_free)

void roll_table_add_column (RollTable *table, const char *title, RollTableAlign align);
void roll_table_add_cell (RollTable *table, const char *text); /* made harmless; NULL: empty */
void roll_table_add_number (RollTable *table, gint64 number);  /* with the locale's grouping */
/* A line across all columns between the rows, for a group; "" leaves one blank. */
void roll_table_add_heading (RollTable *table, const char *text);
/* Titles are left out when all of them are empty. */
void roll_table_print (RollTable *table, FILE *stream);

G_END_DECLS
