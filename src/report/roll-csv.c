/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-csv.h"

#include <string.h>

#include "report/roll-output-file.h"

struct _RollCsv
{
  RollOutputFile *file;
  gboolean raw;
  guint column;
  gboolean empty_row; /* so far: nothing in its only cell */
};

RollCsv *
roll_csv_open (const char *path, gboolean raw, GError **error)
{
  RollOutputFile *file;
  RollCsv *csv;

  g_return_val_if_fail (path != NULL, NULL);

  file = roll_output_file_open (path, error);
  if (file == NULL)
    return NULL;
  csv = g_new0 (RollCsv, 1);
  csv->file = file;
  csv->raw = raw;
  return csv;
}

static inline void
put (RollCsv *csv, const char *bytes, gsize length)
{
  roll_output_file_put (csv->file, bytes, length);
}

static void
begin_cell (RollCsv *csv, gboolean empty)
{
  if (csv->column++ > 0)
    put (csv, ",", 1);
  csv->empty_row = csv->column == 1 && empty;
}

/* RFC 4180, 2.6 and 2.7: quotes around, those inside doubled. */
static void
put_quoted (RollCsv *csv, const char *text)
{
  const char *quote;

  while ((quote = strchr (text, '"')) != NULL)
    {
      put (csv, text, (gsize) (quote - text) + 1);
      put (csv, "\"", 1);
      text = quote + 1;
    }
  put (csv, text, strlen (text));
}

static gboolean
is_formula (const char *text)
{
  return *text != '\0' && strchr ("=+-@\t\r", *text) != NULL;
}

static void
put_cell (RollCsv *csv, const char *text, gboolean defuse)
{
  gsize plain = strcspn (text, "\",\r\n");
  gboolean quote = text[plain] != '\0';

  begin_cell (csv, *text == '\0');
  if (quote)
    put (csv, "\"", 1);
  if (defuse)
    put (csv, "'", 1);
  if (quote)
    put_quoted (csv, text);
  else
    put (csv, text, plain);
  if (quote)
    put (csv, "\"", 1);
}

void
roll_csv_cell (RollCsv *csv, const char *text)
{
  g_return_if_fail (csv != NULL);

  if (text == NULL)
    text = "";
  put_cell (csv, text, !csv->raw && is_formula (text));
}

void
roll_csv_cell_plain (RollCsv *csv, const char *text)
{
  g_return_if_fail (csv != NULL);
  g_return_if_fail (text != NULL);

  put_cell (csv, text, FALSE);
}

void
roll_csv_cell_number (RollCsv *csv, gint64 number)
{
  guint64 rest = number < 0 ? -(guint64) number : (guint64) number;
  char digits[24];
  gsize first = sizeof digits;

  g_return_if_fail (csv != NULL);

  do
    digits[--first] = (char) ('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (number < 0)
    digits[--first] = '-';
  begin_cell (csv, FALSE);
  put (csv, digits + first, sizeof digits - first);
}

void
roll_csv_end_row (RollCsv *csv)
{
  g_return_if_fail (csv != NULL);

  /* A line with nothing on it would be no row. */
  if (csv->empty_row)
    put (csv, "\"\"", 2);
  put (csv, "\r\n", 2);
  csv->column = 0;
  csv->empty_row = FALSE;
}

gboolean
roll_csv_failed (RollCsv *csv)
{
  g_return_val_if_fail (csv != NULL, TRUE);

  return roll_output_file_failed (csv->file);
}

gboolean
roll_csv_close (RollCsv *csv, GError **error)
{
  RollOutputFile *file;

  g_return_val_if_fail (csv != NULL, FALSE);

  file = csv->file;
  g_free (csv);
  return roll_output_file_close (file, error);
}

void
roll_csv_discard (RollCsv *csv)
{
  if (csv == NULL)
    return;
  roll_output_file_discard (csv->file);
  g_free (csv);
}
