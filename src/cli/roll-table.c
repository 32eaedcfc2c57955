/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-table.h"

#include "cli/roll-terminal.h"

#define MAX_CELLS 60 /* a name longer than this must not push the other columns away */

typedef struct
{
  char *title;
  RollTableAlign align;
  guint width;
} Column;

struct _RollTable
{
  GArray *columns;      /* (element-type Column) */
  GPtrArray *cells;     /* (element-type utf8), row after row */
  GHashTable *headings; /* number of the cell they stand before: text */
};

static void
column_clear (gpointer data)
{
  g_free (((Column *) data)->title);
}

RollTable *
roll_table_new (void)
{
  RollTable *table = g_new0 (RollTable, 1);

  table->columns = g_array_new (FALSE, FALSE, sizeof (Column));
  g_array_set_clear_func (table->columns, column_clear);
  table->cells = g_ptr_array_new_with_free_func (g_free);
  table->headings = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return table;
}

void
roll_table_free (RollTable *table)
{
  g_array_unref (table->columns);
  g_ptr_array_unref (table->cells);
  g_hash_table_unref (table->headings);
  g_free (table);
}

void
roll_table_add_column (RollTable *table, const char *title, RollTableAlign align)
{
  Column column = { g_strdup (title), align, roll_terminal_cells (title) };

  g_array_append_val (table->columns, column);
}

void
roll_table_add_cell (RollTable *table, const char *text)
{
  guint i = table->cells->len % table->columns->len;
  Column *column = &g_array_index (table->columns, Column, i);
  g_autofree char *clean = roll_terminal_clean (text ? text : "");
  gboolean last = i + 1 == table->columns->len;
  char *cell = last ? g_steal_pointer (&clean) : roll_terminal_truncate (clean, MAX_CELLS);

  column->width = MAX (column->width, roll_terminal_cells (cell));
  g_ptr_array_add (table->cells, cell);
}

void
roll_table_add_number (RollTable *table, gint64 number)
{
  g_autofree char *text = g_strdup_printf ("%'" G_GINT64_FORMAT, number);

  roll_table_add_cell (table, text);
}

void
roll_table_add_heading (RollTable *table, const char *text)
{
  g_hash_table_insert (table->headings, GUINT_TO_POINTER (table->cells->len), g_strdup (text));
}

static void
pad (FILE *stream, guint cells)
{
  fprintf (stream, "%*s", (int) cells, "");
}

static void
print_cell (RollTable *table, guint i, const char *text, FILE *stream)
{
  const Column *column = &g_array_index (table->columns, Column, i);
  guint missing = column->width - roll_terminal_cells (text);

  if (i > 0)
    pad (stream, 2);
  if (column->align == ROLL_TABLE_RIGHT)
    pad (stream, missing);
  fputs (text, stream);
  if (column->align == ROLL_TABLE_LEFT && i + 1 < table->columns->len)
    pad (stream, missing);
}

static void
print_titles (RollTable *table, FILE *stream)
{
  gboolean bold = roll_terminal_has_colour (stream);
  gboolean any = FALSE;

  for (guint i = 0; i < table->columns->len; i++)
    any = any || *g_array_index (table->columns, Column, i).title;
  if (!any)
    return;

  fputs (bold ? "\033[1m" : "", stream);
  for (guint i = 0; i < table->columns->len; i++)
    print_cell (table, i, g_array_index (table->columns, Column, i).title, stream);
  fputs (bold ? "\033[0m\n" : "\n", stream);
}

void
roll_table_print (RollTable *table, FILE *stream)
{
  guint n = table->columns->len;

  print_titles (table, stream);
  for (guint i = 0; i < table->cells->len; i++)
    {
      const char *heading = g_hash_table_lookup (table->headings, GUINT_TO_POINTER (i));
      if (heading)
        roll_terminal_heading (stream, heading);
      print_cell (table, i % n, g_ptr_array_index (table->cells, i), stream);
      if ((i + 1) % n == 0)
        fputc ('\n', stream);
    }
}
