/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-rows-table.h"

#include <glib/gi18n.h>
#include <string.h>

#include "codec/roll-row-set.h"

#define KEY_COLUMN "Key"

struct _RollRowsTable
{
  gatomicrefcount ref_count;
  guint n_rows;
  guint n_columns;
  gboolean turned;
  char **titles;
  guint *widths;
  char **cells; /* row by row */
};

/* The columns that have a value, then where it was found, then the empty ones. */
static guint *
order_columns (const RollRowSet *rows, const char *const *names, guint n_columns)
{
  guint n_rows = roll_row_set_get_n_rows (rows);
  guint *order = g_new (guint, n_columns + 1);
  guint n = 0;

  for (guint pass = 0; pass < 3; pass++)
    for (guint column = 0; column < n_columns; column++)
      {
        gboolean empty = TRUE;
        guint wanted;

        for (guint row = 0; row < n_rows && empty; row++)
          {
            const RollCimValue *value = roll_row_set_get (rows, row, column);

            empty = value->type == ROLL_CIM_NONE || value->null;
          }
        wanted = empty ? 2 : strcmp (names[column], KEY_COLUMN) == 0 ? 1 : 0;
        if (wanted == pass)
          order[n++] = column;
      }
  return order;
}

static void
set_size (RollRowsTable *self, guint n_rows, guint n_columns)
{
  self->n_rows = n_rows;
  self->n_columns = n_columns;
  self->titles = g_new0 (char *, n_columns);
  self->widths = g_new0 (guint, n_columns);
  self->cells = g_new0 (char *, (gsize) n_rows * n_columns);
}

static void
fill (RollRowsTable *self, const RollRowSet *rows, const char *const *names, const guint *order)
{
  for (guint column = 0; column < self->n_columns; column++)
    self->titles[column] = g_strdup (names[order[column]]);
  for (guint row = 0; row < self->n_rows; row++)
    for (guint column = 0; column < self->n_columns; column++)
      self->cells[row * self->n_columns + column] =
          roll_cim_value_to_text (roll_row_set_get (rows, row, order[column]));
}

static void
fill_turned (RollRowsTable *self, const RollRowSet *rows, const char *const *names, const guint *order)
{
  self->turned = TRUE;
  self->titles[0] = g_strdup (_("Property"));
  self->titles[1] = g_strdup (_("Value"));
  for (guint row = 0; row < self->n_rows; row++)
    {
      self->cells[row * 2] = g_strdup (names[order[row]]);
      self->cells[row * 2 + 1] = roll_cim_value_to_text (roll_row_set_get (rows, 0, order[row]));
    }
}

static void
measure (RollRowsTable *self)
{
  for (guint column = 0; column < self->n_columns; column++)
    {
      self->widths[column] = (guint) g_utf8_strlen (self->titles[column], -1);
      for (guint row = 0; row < self->n_rows; row++)
        self->widths[column] = MAX (self->widths[column],
                                    (guint) g_utf8_strlen (self->cells[row * self->n_columns + column], -1));
    }
}

RollRowsTable *
roll_rows_table_new (GBytes *bytes, const char **ret_problem)
{
  g_autoptr (RollRowSet) rows = roll_row_set_from_bytes (bytes, ret_problem);
  g_autofree guint *order = NULL;
  const char *const *names;
  RollRowsTable *self;
  guint n_columns;

  if (rows == NULL)
    return NULL;
  self = g_new0 (RollRowsTable, 1);
  g_atomic_ref_count_init (&self->ref_count);
  names = roll_row_set_get_columns (rows, &n_columns);
  order = order_columns (rows, names, n_columns);
  if (roll_row_set_get_n_rows (rows) == 1)
    {
      set_size (self, n_columns, 2);
      fill_turned (self, rows, names, order);
    }
  else
    {
      set_size (self, roll_row_set_get_n_rows (rows), n_columns);
      fill (self, rows, names, order);
    }
  measure (self);
  return self;
}

RollRowsTable *
roll_rows_table_ref (RollRowsTable *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
roll_rows_table_unref (RollRowsTable *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  for (guint i = 0; i < self->n_columns; i++)
    g_free (self->titles[i]);
  for (gsize i = 0; i < (gsize) self->n_rows * self->n_columns; i++)
    g_free (self->cells[i]);
  g_free (self->titles);
  g_free (self->widths);
  g_free (self->cells);
  g_free (self);
}

guint
roll_rows_table_get_n_rows (RollRowsTable *self)
{
  return self->n_rows;
}

guint
roll_rows_table_get_n_columns (RollRowsTable *self)
{
  return self->n_columns;
}

gboolean
roll_rows_table_is_turned (RollRowsTable *self)
{
  return self->turned;
}

const char *
roll_rows_table_get_title (RollRowsTable *self, guint column)
{
  g_return_val_if_fail (column < self->n_columns, "");

  return self->titles[column];
}

guint
roll_rows_table_get_width (RollRowsTable *self, guint column)
{
  g_return_val_if_fail (column < self->n_columns, 0);

  return self->widths[column];
}

const char *
roll_rows_table_get (RollRowsTable *self, guint row, guint column)
{
  g_return_val_if_fail (row < self->n_rows && column < self->n_columns, "");

  return self->cells[row * self->n_columns + column];
}

gboolean
roll_rows_table_row_has (RollRowsTable *self, guint row, const char *folded)
{
  for (guint column = 0; column < self->n_columns; column++)
    {
      g_autofree char *text = g_utf8_casefold (roll_rows_table_get (self, row, column), -1);

      if (strstr (text, folded) != NULL)
        return TRUE;
    }
  return FALSE;
}
