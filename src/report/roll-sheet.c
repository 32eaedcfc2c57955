/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-sheet.h"

#include "report/roll-json.h"
#include "report/roll-output-file.h"
#include "report/roll-sheet-private.h"

struct _RollSheet
{
  RollCsv *csv;         /* one of the two ... */
  RollOutputFile *file; /* ... is there, this one with */
  RollJson *json;
  RollRedactor *redactor;

  GPtrArray *columns;
  guint column; /* of the row that is being written */
  const char *collector;
  const char *const *more;
  GArray *privacy; /* (element-type RollPrivacy): of each of more */
};

/* --- File ----------------------------------------------------------------------------------------------- */

static void
sheet_free (RollSheet *sheet)
{
  g_clear_pointer (&sheet->json, roll_json_free);
  g_ptr_array_unref (sheet->columns);
  g_array_unref (sheet->privacy);
  g_free (sheet);
}

RollSheet *
roll_sheet_open (const char *path, RollSheetFormat format, gboolean raw, RollRedactor *redactor, GError **error)
{
  RollSheet *sheet;

  g_return_val_if_fail (path != NULL, NULL);

  sheet = g_new0 (RollSheet, 1);
  sheet->columns = g_ptr_array_new ();
  sheet->privacy = g_array_new (FALSE, FALSE, sizeof (RollPrivacy));
  sheet->redactor = redactor;
  if (format == ROLL_SHEET_CSV)
    sheet->csv = roll_csv_open (path, raw, error);
  else
    sheet->file = roll_output_file_open (path, error);
  if (sheet->file != NULL)
    sheet->json = roll_json_new ();
  if (sheet->csv != NULL || sheet->file != NULL)
    return sheet;
  sheet_free (sheet);
  return NULL;
}

gboolean
roll_sheet_failed (RollSheet *sheet)
{
  g_return_val_if_fail (sheet != NULL, TRUE);

  return sheet->csv != NULL ? roll_csv_failed (sheet->csv) : roll_output_file_failed (sheet->file);
}

gboolean
roll_sheet_close (RollSheet *sheet, GError **error)
{
  gboolean good;

  g_return_val_if_fail (sheet != NULL, FALSE);

  good = sheet->csv != NULL ? roll_csv_close (sheet->csv, error) : roll_output_file_close (sheet->file, error);
  sheet_free (sheet);
  return good;
}

void
roll_sheet_discard (RollSheet *sheet)
{
  if (sheet == NULL)
    return;
  if (sheet->csv != NULL)
    roll_csv_discard (sheet->csv);
  else
    roll_output_file_discard (sheet->file);
  sheet_free (sheet);
}

/* --- Columns -------------------------------------------------------------------------------------------- */

void
roll_sheet_set_collector (RollSheet *sheet, const char *collector)
{
  sheet->collector = collector;
}

static void
add_more (RollSheet *sheet, const char *const *more)
{
  for (guint i = 0; more[i] != NULL; i++)
    {
      RollPrivacy privacy = roll_privacy_of_column (sheet->collector, more[i]);

      g_ptr_array_add (sheet->columns, (gpointer) more[i]);
      g_array_append_val (sheet->privacy, privacy);
    }
}

void
roll_sheet_set_columns (RollSheet *sheet, const char *const *columns, guint n_columns, const char *const *more)
{
  g_ptr_array_set_size (sheet->columns, 0);
  g_array_set_size (sheet->privacy, 0);
  for (guint i = 0; i < n_columns; i++)
    g_ptr_array_add (sheet->columns, (gpointer) columns[i]);
  sheet->more = more;
  if (more != NULL)
    add_more (sheet, more);
  if (sheet->csv == NULL)
    return;
  for (guint i = 0; i < sheet->columns->len; i++)
    roll_csv_cell (sheet->csv, sheet->columns->pdata[i]);
  roll_csv_end_row (sheet->csv);
}

RollRedactor *
roll_sheet_get_redactor (RollSheet *sheet)
{
  return sheet->redactor;
}

const char *const *
roll_sheet_get_more (RollSheet *sheet)
{
  return sheet->more;
}

RollPrivacy
roll_sheet_get_privacy (RollSheet *sheet, guint column)
{
  return g_array_index (sheet->privacy, RollPrivacy, column);
}

/* --- Cells ---------------------------------------------------------------------------------------------- */

static const char *
next_key (RollSheet *sheet)
{
  g_assert (sheet->column < sheet->columns->len);
  if (sheet->column == 0)
    roll_json_begin_object (sheet->json, NULL);
  return sheet->columns->pdata[sheet->column++];
}

static void
put_text (RollSheet *sheet, const char *text)
{
  if (sheet->csv != NULL)
    roll_csv_cell (sheet->csv, text);
  else
    roll_json_string (sheet->json, next_key (sheet), text);
}

void
roll_sheet_text (RollSheet *sheet, RollPrivacy privacy, const char *text, const RollComputer *computer)
{
  g_autofree char *redacted = NULL;

  if (sheet->redactor != NULL && privacy != ROLL_PRIVATE_NOT)
    text = redacted = roll_redactor_apply (sheet->redactor, privacy, text, computer);
  put_text (sheet, text);
}

void
roll_sheet_empty (RollSheet *sheet)
{
  put_text (sheet, NULL);
}

void
roll_sheet_number (RollSheet *sheet, gint64 number)
{
  if (sheet->csv != NULL)
    roll_csv_cell_number (sheet->csv, number);
  else
    roll_json_number (sheet->json, next_key (sheet), number);
}

void
roll_sheet_count (RollSheet *sheet, guint64 count)
{
  char digits[24];

  if (count == 0)
    roll_sheet_empty (sheet);
  else if (sheet->csv == NULL)
    roll_json_unsigned (sheet->json, next_key (sheet), count);
  else
    {
      g_snprintf (digits, sizeof digits, "%" G_GUINT64_FORMAT, count);
      roll_csv_cell_plain (sheet->csv, digits);
    }
}

void
roll_sheet_time (RollSheet *sheet, gint64 us)
{
  char buffer[ROLL_TIME_STRLEN];

  put_text (sheet, roll_time_print_utc (us, buffer));
}

void
roll_sheet_address (RollSheet *sheet, const RollAddress *address)
{
  char buffer[ROLL_ADDRESS_STRLEN];

  roll_sheet_text (sheet, ROLL_PRIVATE_ADDRESS, roll_address_format (address, buffer), NULL);
}

/* --- Values of WMI -------------------------------------------------------------------------------------- */

static gboolean
is_number (guint16 type)
{
  return type == ROLL_CIM_SINT8 || type == ROLL_CIM_SINT16 || type == ROLL_CIM_SINT32 || type == ROLL_CIM_SINT64 ||
         type == ROLL_CIM_REAL32 || type == ROLL_CIM_REAL64;
}

static void
put_csv_value (RollSheet *sheet, const RollCimValue *value)
{
  g_autofree char *text = roll_cim_value_to_text (value);

  if (is_number (value->type))
    roll_csv_cell_plain (sheet->csv, text);
  else
    roll_csv_cell (sheet->csv, text);
}

static void
put_value (RollSheet *sheet, const RollCimValue *value)
{
  if (sheet->csv != NULL)
    put_csv_value (sheet, value);
  else
    roll_json_value (sheet->json, next_key (sheet), value);
}

/* Texts, references and objects can tell anything; numbers, truth values and times don't tell who or where. */
static void
redact_value (RollSheet *sheet, RollPrivacy privacy, RollCimValue *value, const RollComputer *computer)
{
  guint16 type = value->type & (guint16) ~ROLL_CIM_ARRAY;

  if (value->null || (type != ROLL_CIM_STRING && type != ROLL_CIM_REFERENCE && type != ROLL_CIM_OBJECT))
    return;
  if (value->type & ROLL_CIM_ARRAY)
    {
      for (guint i = 0; i < value->array->n; i++)
        redact_value (sheet, privacy, &value->array->items[i], computer);
      value->type = ROLL_CIM_STRING | ROLL_CIM_ARRAY;
      return;
    }
  g_autofree char *text = roll_cim_value_to_text (value);
  roll_cim_value_clear (value);
  value->type = ROLL_CIM_STRING;
  value->text = roll_redactor_apply (sheet->redactor, privacy, text, computer);
}

void
roll_sheet_value (RollSheet *sheet, RollPrivacy privacy, const RollCimValue *value, const RollComputer *computer)
{
  g_auto (RollCimValue) copy = { 0 };

  if (value == NULL || value->type == ROLL_CIM_NONE || value->null)
    {
      roll_sheet_empty (sheet);
      return;
    }
  if (sheet->redactor != NULL)
    {
      roll_cim_value_copy (value, &copy);
      redact_value (sheet, privacy, &copy, computer);
      value = &copy;
    }
  put_value (sheet, value);
}

void
roll_sheet_end_row (RollSheet *sheet)
{
  const char *line;
  gsize length;

  if (sheet->csv != NULL)
    {
      roll_csv_end_row (sheet->csv);
      return;
    }
  roll_json_end_object (sheet->json);
  sheet->column = 0;
  line = roll_json_end_line (sheet->json, &length);
  roll_output_file_put (sheet->file, line, length);
}
