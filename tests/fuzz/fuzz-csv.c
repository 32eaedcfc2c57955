/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "fuzz.h"
#include "report/roll-csv-reader.h"
#include "scan/roll-target-table.h"

static void
read_all (const char *text, gsize size, char delimiter)
{
  g_autoptr (RollCsvReader) reader = roll_csv_reader_new (text, size, delimiter, NULL);
  guint line = 0;

  while (reader != NULL && roll_csv_reader_next (reader, NULL))
    {
      g_assert_cmpuint (roll_csv_reader_get_line (reader), >, line);
      line = roll_csv_reader_get_line (reader);
      g_assert_cmpuint (roll_csv_reader_get_n_cells (reader), <=, ROLL_CSV_COLUMNS_MAX);
      for (guint i = 0; i < roll_csv_reader_get_n_cells (reader); i++)
        g_assert_cmpuint (strlen (roll_csv_reader_get_cell (reader, i)), <=, ROLL_CSV_CELL_MAX);
    }
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *text = g_memdup2 (data, size);
  g_autoptr (RollTargetTable) table = roll_target_table_look_at (text, size, NULL);

  read_all (text, size, 0);
  read_all (text, size, ';');
  for (guint i = 0; table != NULL && i < MIN (table->n_columns, 4); i++)
    {
      g_autoptr (RollTargetList) list = roll_target_list_new ();
      g_autofree char *column = roll_target_table_column (table, i, table->has_header);

      roll_target_list_add_table_text (list, text, size, column, NULL, NULL);
    }
  return 0;
}
