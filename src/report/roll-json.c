/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-json.h"

#include <math.h>

#include "report/roll-csv.h"
#include "report/roll-html.h"

struct _RollJson
{
  GString *text;
  gboolean comma;      /* something stands before in the same object or array */
  gboolean line_ended; /* what is there was taken */
};

RollJson *
roll_json_new (void)
{
  RollJson *json = g_new0 (RollJson, 1);

  json->text = g_string_new (NULL);
  return json;
}

void
roll_json_free (RollJson *json)
{
  g_string_free (json->text, TRUE);
  g_free (json);
}

static void
append_escape (GString *text, gunichar c)
{
  if (c > 0xffff)
    g_string_append_printf (text, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10), 0xdc00 + (c & 0x3ff));
  else
    g_string_append_printf (text, "\\u%04x", c);
}

static void
append_text (GString *text, const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);

  g_string_append_c (text, '"');
  for (const char *p = valid; *p; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);
      if (c == '"' || c == '\\')
        g_string_append_c (text, '\\');
      if (roll_text_is_harmless (c))
        g_string_append_unichar (text, c);
      else
        append_escape (text, c);
    }
  g_string_append_c (text, '"');
}

static void
begin (RollJson *json, const char *key)
{
  if (json->line_ended)
    {
      g_string_truncate (json->text, 0);
      json->line_ended = json->comma = FALSE;
    }
  if (json->comma)
    g_string_append_c (json->text, ',');
  if (key)
    {
      append_text (json->text, key);
      g_string_append_c (json->text, ':');
    }
  json->comma = TRUE;
}

static void
open_bracket (RollJson *json, const char *key, char bracket)
{
  begin (json, key);
  g_string_append_c (json->text, bracket);
  json->comma = FALSE;
}

static void
close_bracket (RollJson *json, char bracket)
{
  g_string_append_c (json->text, bracket);
  json->comma = TRUE;
}

void
roll_json_begin_object (RollJson *json, const char *key)
{
  open_bracket (json, key, '{');
}

void
roll_json_end_object (RollJson *json)
{
  close_bracket (json, '}');
}

void
roll_json_begin_array (RollJson *json, const char *key)
{
  open_bracket (json, key, '[');
}

void
roll_json_end_array (RollJson *json)
{
  close_bracket (json, ']');
}

void
roll_json_string (RollJson *json, const char *key, const char *value)
{
  if (!value || !*value)
    {
      roll_json_null (json, key);
      return;
    }
  begin (json, key);
  append_text (json->text, value);
}

void
roll_json_number (RollJson *json, const char *key, gint64 value)
{
  begin (json, key);
  g_string_append_printf (json->text, "%" G_GINT64_FORMAT, value);
}

void
roll_json_unsigned (RollJson *json, const char *key, guint64 value)
{
  begin (json, key);
  g_string_append_printf (json->text, "%" G_GUINT64_FORMAT, value);
}

void
roll_json_real (RollJson *json, const char *key, double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  begin (json, key);
  g_string_append (json->text, g_ascii_formatd (text, sizeof text, "%.6g", value));
}

void
roll_json_text (RollJson *json, const char *key, const char *text)
{
  begin (json, key);
  append_text (json->text, text);
}

static void
put_array (RollJson *json, const char *key, const RollCimArray *array)
{
  roll_json_begin_array (json, key);
  for (guint i = 0; i < array->n; i++)
    roll_json_value (json, NULL, &array->items[i]);
  roll_json_end_array (json);
}

/* As the CSV has it; what JSON has no number for is null. */
static void
put_real (RollJson *json, const char *key, const RollCimValue *value)
{
  g_autofree char *text = roll_cim_value_to_text (value);

  if (!isfinite (value->real))
    {
      roll_json_null (json, key);
      return;
    }
  begin (json, key);
  g_string_append (json->text, text);
}

static void
put_other (RollJson *json, const char *key, const RollCimValue *value)
{
  g_autofree char *text = roll_cim_value_to_text (value);

  roll_json_text (json, key, text);
}

static void
put_set_value (RollJson *json, const char *key, const RollCimValue *value)
{
  switch ((int) value->type)
    {
    case ROLL_CIM_SINT8:
    case ROLL_CIM_SINT16:
    case ROLL_CIM_SINT32:
    case ROLL_CIM_SINT64:
      roll_json_number (json, key, value->sint);
      break;
    case ROLL_CIM_UINT8:
    case ROLL_CIM_UINT16:
    case ROLL_CIM_UINT32:
    case ROLL_CIM_UINT64:
    case ROLL_CIM_CHAR16:
      roll_json_unsigned (json, key, value->uint);
      break;
    case ROLL_CIM_REAL32:
    case ROLL_CIM_REAL64:
      put_real (json, key, value);
      break;
    case ROLL_CIM_BOOLEAN:
      roll_json_boolean (json, key, value->sint != 0);
      break;
    default: /* texts, datetimes, references, objects */
      put_other (json, key, value);
      break;
    }
}

void
roll_json_value (RollJson *json, const char *key, const RollCimValue *value)
{
  if (value->type == ROLL_CIM_NONE)
    return;
  if (value->null)
    roll_json_null (json, key);
  else if (value->type & ROLL_CIM_ARRAY)
    put_array (json, key, value->array);
  else
    put_set_value (json, key, value);
}

void
roll_json_boolean (RollJson *json, const char *key, gboolean value)
{
  begin (json, key);
  g_string_append (json->text, value ? "true" : "false");
}

void
roll_json_null (RollJson *json, const char *key)
{
  begin (json, key);
  g_string_append (json->text, "null");
}

void
roll_json_time (RollJson *json, const char *key, gint64 us)
{
  g_autofree char *text = roll_time_format_utc (us);

  roll_json_string (json, key, text);
}

const char *
roll_json_end_line (RollJson *json, gsize *ret_length)
{
  g_string_append_c (json->text, '\n');
  *ret_length = json->text->len;
  json->line_ended = TRUE;
  return json->text->str;
}
