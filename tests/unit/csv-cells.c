/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "report/roll-csv.h"

/*
 * For csv-reader.py: cells come on standard input, each ended by a NUL byte, rows by an empty cell named
 * "\x1e". Usage: csv-cells FILE raw|safe
 */
static char *
next_cell (GString *cell)
{
  int byte;

  g_string_truncate (cell, 0);
  while ((byte = getc_unlocked (stdin)) != EOF && byte != '\0')
    g_string_append_c (cell, (char) byte);
  return byte == EOF ? NULL : cell->str;
}

int
main (int argc, char **argv)
{
  g_autoptr (GString) cell = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  RollCsv *csv;
  const char *text;

  if (argc != 3)
    return 2;
  csv = roll_csv_open (argv[1], g_str_equal (argv[2], "raw"), &error);
  while (csv != NULL && (text = next_cell (cell)) != NULL)
    {
      if (g_str_equal (text, "\x1e"))
        roll_csv_end_row (csv);
      else
        roll_csv_cell (csv, text);
    }
  if (csv != NULL && roll_csv_close (csv, &error))
    return 0;
  g_printerr ("%s\n", error->message);
  return 1;
}
