/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-csv-reader.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define SAMPLE_ROWS 20
#define SAMPLE_BYTES 65536

struct _RollCsvReader
{
  char *converted; /* (nullable) */
  const char *at;
  const char *end;
  guint line;      /* the one @at stands in */
  char delimiter;

  guint row_line;
  GString *bytes;  /* of the row, each cell with a NUL behind it */
  GArray *cells;   /* (element-type guint): where each begins in @bytes */
};

static gboolean G_GNUC_PRINTF (2, 3)
fail (GError **error, const char *format, ...)
{
  va_list arguments;

  va_start (arguments, format);
  g_propagate_error (error, g_error_new_valist (G_IO_ERROR, G_IO_ERROR_INVALID_DATA, format, arguments));
  va_end (arguments);
  return FALSE;
}

/* --- Encoding --- */

/* What is no UTF-8 comes from an older program on Windows. */
static char *
convert (const char *text, gsize length, gsize *ret_length)
{
  gboolean utf16 = length >= 2 && (memcmp (text, "\xff\xfe", 2) == 0 || memcmp (text, "\xfe\xff", 2) == 0);
  char *converted = NULL;

  if (utf16)
    converted = g_convert (text, (gssize) (length & ~(gsize) 1), "UTF-8", "UTF-16", NULL, ret_length, NULL);
  else if (!g_utf8_validate_len (text, length, NULL) && memchr (text, '\0', length) == NULL)
    converted = g_convert_with_fallback (text, (gssize) length, "UTF-8", "WINDOWS-1252", NULL, NULL, ret_length, NULL);
  if (converted == NULL && !g_utf8_validate_len (text, length, NULL) && memchr (text, '\0', length) == NULL)
    {
      converted = g_utf8_make_valid (text, (gssize) length);
      *ret_length = strlen (converted);
    }
  return converted;
}

static void
skip_mark (RollCsvReader *self)
{
  if (self->end - self->at >= 3 && memcmp (self->at, "\xef\xbb\xbf", 3) == 0)
    self->at += 3;
}

/* --- Rows --- */

static gboolean
is_line_end (char character)
{
  return character == '\n' || character == '\r';
}

/* Over one end of a line, however it is written. */
static void
skip_line_end (RollCsvReader *self)
{
  if (self->at < self->end && *self->at == '\r')
    self->at++;
  else if (self->at < self->end && *self->at == '\n')
    {
      self->at++;
      self->line++;
      return;
    }
  if (self->at < self->end && *self->at == '\n')
    self->at++;
  self->line++;
}

/* Behind the opening quote; two quotes are one. */
static gboolean
read_quoted (RollCsvReader *self, gsize start, GError **error)
{
  guint opened = self->line;

  while (self->at < self->end)
    {
      if (*self->at == '"' && self->at + 1 < self->end && self->at[1] == '"')
        self->at++;
      else if (*self->at == '"')
        {
          self->at++;
          return TRUE;
        }
      if (*self->at == '\n' || (*self->at == '\r' && (self->at + 1 == self->end || self->at[1] != '\n')))
        self->line++;
      g_string_append_c (self->bytes, *self->at++);
      if (self->bytes->len - start > ROLL_CSV_CELL_MAX)
        return fail (error, _("Line %u: the cell is too long. Look for a quotation mark that is not closed."), opened);
    }
  return fail (error, _("Line %u: a quotation mark is opened here and not closed. Close it, or take it out."), opened);
}

static void
strip_cell (RollCsvReader *self, gsize start)
{
  const char *bytes = self->bytes->str;
  gsize first = start;

  while (first < self->bytes->len && g_ascii_isspace (bytes[first]))
    first++;
  g_string_erase (self->bytes, (gssize) start, (gssize) (first - start));
  while (self->bytes->len > start && g_ascii_isspace (self->bytes->str[self->bytes->len - 1]))
    g_string_truncate (self->bytes, self->bytes->len - 1);
}

/* Stops at the delimiter, at the end of the line or of the text. Quotes count only where a cell begins. */
static gboolean
read_cell (RollCsvReader *self, GError **error)
{
  gsize start = self->bytes->len;
  guint offset = (guint) start;

  while (self->at < self->end && (*self->at == ' ' || (*self->at == '\t' && self->delimiter != '\t')))
    self->at++;
  if (self->at < self->end && *self->at == '"')
    {
      self->at++;
      if (!read_quoted (self, start, error))
        return FALSE;
    }
  while (self->at < self->end && *self->at != self->delimiter && !is_line_end (*self->at))
    {
      g_string_append_c (self->bytes, *self->at++);
      if (self->bytes->len - start > ROLL_CSV_CELL_MAX)
        return fail (error, _("Line %u: the cell is too long. This is not a table."), self->line);
    }
  strip_cell (self, start);
  if (self->cells->len == ROLL_CSV_COLUMNS_MAX)
    return fail (error, _("Line %u: there are more than 1,024 columns. This is not a table."), self->line);
  g_array_append_val (self->cells, offset);
  g_string_append_c (self->bytes, '\0');
  return TRUE;
}

static gboolean
read_row (RollCsvReader *self, GError **error)
{
  g_string_truncate (self->bytes, 0);
  g_array_set_size (self->cells, 0);
  self->row_line = self->line;
  for (;;)
    {
      if (!read_cell (self, error))
        {
          self->at = self->end;
          g_array_set_size (self->cells, 0);
          return FALSE;
        }
      if (self->at == self->end)
        return TRUE;
      if (*self->at != self->delimiter)
        break;
      self->at++;
    }
  skip_line_end (self);
  return TRUE;
}

static gboolean
has_something (RollCsvReader *self)
{
  for (guint i = 0; i < self->cells->len; i++)
    if (*roll_csv_reader_get_cell (self, i) != '\0')
      return TRUE;
  return FALSE;
}

gboolean
roll_csv_reader_next (RollCsvReader *self, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  while (self->at < self->end)
    {
      if (!read_row (self, error))
        return FALSE;
      if (has_something (self))
        return TRUE;
    }
  g_array_set_size (self->cells, 0);
  return FALSE;
}

guint
roll_csv_reader_get_line (RollCsvReader *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->row_line;
}

guint
roll_csv_reader_get_n_cells (RollCsvReader *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->cells->len;
}

const char *
roll_csv_reader_get_cell (RollCsvReader *self, guint column)
{
  g_return_val_if_fail (self != NULL, NULL);

  return column < self->cells->len ? self->bytes->str + g_array_index (self->cells, guint, column) : "";
}

/* --- What separates the cells --- */

/* How many of the first rows have as many cells as the first one, and that is more than one. */
static guint
count_alike (RollCsvReader *self, char delimiter, guint *ret_columns)
{
  const RollCsvReader before = *self;
  guint alike = 0;

  *ret_columns = 0;
  self->delimiter = delimiter;
  if ((gsize) (self->end - self->at) > SAMPLE_BYTES)
    self->end = self->at + SAMPLE_BYTES;
  for (guint row = 0; row < SAMPLE_ROWS && roll_csv_reader_next (self, NULL); row++)
    {
      if (row == 0)
        *ret_columns = self->cells->len;
      alike += self->cells->len == *ret_columns && *ret_columns > 1;
    }
  self->at = before.at;
  self->end = before.end;
  self->line = before.line;
  return alike;
}

static char
find_delimiter (RollCsvReader *self)
{
  const char candidates[] = { ',', ';', '\t', '|' };
  guint best_alike = 0, best_columns = 0;
  char best = ',';

  for (guint i = 0; i < G_N_ELEMENTS (candidates); i++)
    {
      guint columns;
      guint alike = count_alike (self, candidates[i], &columns);

      if (alike < best_alike || (alike == best_alike && columns <= best_columns))
        continue;
      best = candidates[i];
      best_alike = alike;
      best_columns = columns;
    }
  return best;
}

/* Excel's own way to say it, in a first line of its own. Returns: 0 when there is none */
static char
read_separator_line (RollCsvReader *self)
{
  char delimiter;

  if (self->end - self->at < 6 || g_ascii_strncasecmp (self->at, "sep=", 4) != 0 || !is_line_end (self->at[5]))
    return 0;
  delimiter = self->at[4];
  if (delimiter == '"' || is_line_end (delimiter))
    return 0;
  self->at += 5;
  skip_line_end (self);
  return delimiter;
}

RollCsvReader *
roll_csv_reader_new (const char *text, gsize length, char delimiter, GError **error)
{
  g_autoptr (RollCsvReader) self = g_new0 (RollCsvReader, 1);
  gsize converted_length = 0;
  char said;

  g_return_val_if_fail (text != NULL || length == 0, NULL);

  self->bytes = g_string_new (NULL);
  self->cells = g_array_new (FALSE, FALSE, sizeof (guint));
  self->line = 1;
  if (length > ROLL_CSV_TEXT_MAX)
    {
      fail (error, _("It is larger than %u MB. Split it into several lists."), ROLL_CSV_TEXT_MAX / (1024u * 1024u));
      return NULL;
    }
  if (length > 0)
    self->converted = convert (text, length, &converted_length);
  else
    text = "";
  self->at = self->converted != NULL ? self->converted : text;
  self->end = self->at + (self->converted != NULL ? converted_length : length);
  if (self->at < self->end && memchr (self->at, '\0', (gsize) (self->end - self->at)) != NULL)
    {
      fail (error, _("It is not a text: there are NUL bytes in it. Save the table as CSV."));
      return NULL;
    }
  skip_mark (self);
  said = read_separator_line (self);
  self->delimiter = delimiter != 0 ? delimiter : said != 0 ? said : find_delimiter (self);
  return g_steal_pointer (&self);
}

void
roll_csv_reader_free (RollCsvReader *self)
{
  if (self == NULL)
    return;
  g_free (self->converted);
  g_string_free (self->bytes, TRUE);
  g_array_unref (self->cells);
  g_free (self);
}

char
roll_csv_reader_get_delimiter (RollCsvReader *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->delimiter;
}
