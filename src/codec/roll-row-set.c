/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-row-set.h"

#include "codec/roll-row-set-bytes.h"

struct _RollRowSet
{
  GStrv columns;
  guint n_columns;
  guint n_rows;
  GArray *cells; /* of RollCimValue, row by row */
  gsize weight;  /* bytes of memory, about; never more than ROLL_ROW_SET_MAX */
};

static RollRowSet *
row_set_new_take (GStrv columns)
{
  RollRowSet *rows = g_new0 (RollRowSet, 1);

  rows->columns = columns;
  rows->n_columns = g_strv_length (columns);
  rows->cells = g_array_new (FALSE, TRUE, sizeof (RollCimValue));
  return rows;
}

RollRowSet *
roll_row_set_new (const char *const *columns)
{
  g_return_val_if_fail (columns != NULL, NULL);

  return row_set_new_take (g_strdupv ((GStrv) columns));
}

void
roll_row_set_free (RollRowSet *rows)
{
  for (guint i = 0; i < rows->cells->len; i++)
    roll_cim_value_clear (&g_array_index (rows->cells, RollCimValue, i));
  g_array_unref (rows->cells);
  g_strfreev (rows->columns);
  g_free (rows);
}

gboolean
roll_row_set_take (RollRowSet *rows, RollCimValue *values)
{
  gsize weight = rows->weight;

  for (guint i = 0; i < rows->n_columns; i++)
    if (!roll_row_set_weigh (&weight, &values[i], 0))
      {
        for (guint n = 0; n < rows->n_columns; n++)
          roll_cim_value_clear (&values[n]);
        return FALSE;
      }
  g_array_append_vals (rows->cells, values, rows->n_columns);
  rows->n_rows++;
  rows->weight = weight;
  return TRUE;
}

gboolean
roll_row_set_add (RollRowSet *rows, const RollCimValue *values)
{
  g_autofree RollCimValue *copies = g_new (RollCimValue, rows->n_columns);

  for (guint i = 0; i < rows->n_columns; i++)
    roll_cim_value_copy (&values[i], &copies[i]);
  return roll_row_set_take (rows, copies);
}

guint
roll_row_set_get_n_rows (const RollRowSet *rows)
{
  return rows->n_rows;
}

const char *const *
roll_row_set_get_columns (const RollRowSet *rows, guint *ret_n)
{
  if (ret_n != NULL)
    *ret_n = rows->n_columns;
  return (const char *const *) rows->columns;
}

const RollCimValue *
roll_row_set_get (const RollRowSet *rows, guint row, guint column)
{
  g_return_val_if_fail (row < rows->n_rows && column < rows->n_columns, NULL);

  return &g_array_index (rows->cells, RollCimValue, row * rows->n_columns + column);
}

int
roll_row_set_find_column (const RollRowSet *rows, const char *name)
{
  for (guint i = 0; i < rows->n_columns; i++)
    if (g_ascii_strcasecmp (rows->columns[i], name) == 0)
      return (int) i;
  return -1;
}

/* --- Bytes ---------------------------------------------------------------------------------------------------------
 * Columns stand one after the other, since what is alike deflates well: first for each row whether it has a value, then
 * the types, one for all rows where they do not differ, then the values.
 */

static void
put_column (RollWriter *writer, const RollRowSet *rows, guint column)
{
  guint16 type = ROLL_CIM_NONE;
  gboolean differ = FALSE;

  for (guint row = 0; row < rows->n_rows; row++)
    {
      const RollCimValue *value = roll_row_set_get (rows, row, column);

      roll_writer_u8 (writer, roll_row_set_state_of (value));
      if (value->type == ROLL_CIM_NONE)
        continue;
      differ = differ || (type != ROLL_CIM_NONE && value->type != type);
      type = value->type;
    }
  roll_writer_u16 (writer, differ ? ROLL_ROW_SET_MIXED : type);
  for (guint row = 0; differ && row < rows->n_rows; row++)
    if (roll_row_set_get (rows, row, column)->type != ROLL_CIM_NONE)
      roll_writer_u16 (writer, roll_row_set_get (rows, row, column)->type);
  for (guint row = 0; row < rows->n_rows; row++)
    roll_row_set_put_value (writer, roll_row_set_get (rows, row, column));
}

GBytes *
roll_row_set_to_bytes (const RollRowSet *rows)
{
  g_auto (RollWriter) writer = { 0 };

  g_return_val_if_fail (rows != NULL, NULL);

  roll_writer_init (&writer, G_MAXUINT32);
  roll_row_set_put_number (&writer, rows->n_columns);
  for (guint i = 0; i < rows->n_columns; i++)
    roll_row_set_put_text (&writer, rows->columns[i]);
  roll_row_set_put_number (&writer, rows->n_rows);
  for (guint column = 0; column < rows->n_columns; column++)
    put_column (&writer, rows, column);
  return roll_row_set_pack (writer.data, writer.length);
}

static GStrv
read_columns (RollReader *reader, gsize *weight)
{
  guint n = roll_row_set_read_count (reader, 1);
  g_auto (GStrv) columns = g_new0 (char *, n + 1);

  for (guint i = 0; i < n && roll_reader_ok (reader); i++)
    columns[i] = roll_row_set_read_text (reader, weight);
  return roll_reader_ok (reader) ? g_steal_pointer (&columns) : NULL;
}

static void
read_column (RollReader *reader, RollRowSet *rows, guint column)
{
  RollReader states = roll_reader_sub (reader, rows->n_rows);
  guint16 common = roll_reader_u16 (reader);

  for (guint row = 0; row < rows->n_rows && roll_reader_ok (reader); row++)
    {
      RollCimValue *cell = &g_array_index (rows->cells, RollCimValue, row * rows->n_columns + column);
      guint8 state = roll_reader_u8 (&states);

      roll_reader_require (reader, state <= ROLL_ROW_SET_VALUE, "a cell is in no known state");
      /* A NULL until its value is read: what is cleared after an error must be whole. */
      cell->null = TRUE;
      if (state == ROLL_ROW_SET_NO_PROPERTY)
        *cell = (RollCimValue) { 0 };
      else if (state == ROLL_ROW_SET_VALUE)
        cell->uint = 1;
      if (state != ROLL_ROW_SET_NO_PROPERTY && common != ROLL_ROW_SET_MIXED)
        cell->type = roll_row_set_check_type (reader, common);
      else if (state != ROLL_ROW_SET_NO_PROPERTY)
        cell->type = roll_row_set_check_type (reader, roll_reader_u16 (reader));
    }
  for (guint row = 0; row < rows->n_rows && roll_reader_ok (reader); row++)
    {
      RollCimValue *cell = &g_array_index (rows->cells, RollCimValue, row * rows->n_columns + column);

      if (cell->null && cell->uint == 1)
        roll_row_set_read_value (reader, &rows->weight, cell->type, cell, 0);
    }
}

static RollRowSet *
read_rows (RollReader *reader)
{
  gsize weight = 0;
  GStrv columns = read_columns (reader, &weight);
  g_autoptr (RollRowSet) rows = NULL;

  if (columns == NULL)
    return NULL;
  rows = row_set_new_take (columns);
  rows->weight = 0;
  /* Each row has a byte in each column. */
  rows->n_rows = roll_row_set_read_count (reader, rows->n_columns);
  roll_row_set_charge (reader, &rows->weight, (gsize) rows->n_rows * rows->n_columns * sizeof (RollCimValue));
  if (!roll_reader_ok (reader))
    {
      rows->n_rows = 0;
      return NULL;
    }
  g_array_set_size (rows->cells, rows->n_rows * rows->n_columns);
  for (guint column = 0; column < rows->n_columns && roll_reader_ok (reader); column++)
    read_column (reader, rows, column);
  roll_reader_require (reader, roll_reader_left (reader) == 0, "there is more than the rows");
  return roll_reader_ok (reader) ? g_steal_pointer (&rows) : NULL;
}

RollRowSet *
roll_row_set_from_bytes (GBytes *bytes, const char **ret_problem)
{
  const char *problem = NULL;
  g_autoptr (GBytes) payload = roll_row_set_unpack (bytes, &problem);
  RollRowSet *rows = NULL;
  RollReader reader;
  gsize length;

  if (payload != NULL)
    {
      const void *data = g_bytes_get_data (payload, &length);

      roll_reader_init (&reader, data, length);
      rows = read_rows (&reader);
      problem = reader.problem;
    }
  if (rows == NULL && ret_problem != NULL)
    *ret_problem = problem;
  return rows;
}
