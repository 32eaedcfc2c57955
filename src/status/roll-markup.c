/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-markup.h"

gboolean
roll_markup_fail (GError **error, const char *format, ...)
{
  va_list args;

  if (error == NULL)
    return FALSE;
  va_start (args, format);
  *error = g_error_new_valist (G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, format, args);
  va_end (args);
  return FALSE;
}

void
roll_markup_prefix_line (GMarkupParseContext *context, GError **error)
{
  int line, column;

  g_markup_parse_context_get_position (context, &line, &column);
  /* The parser stands behind the tag; a line feed there is counted already, as column 1. */
  g_prefix_error (error, "Error on line %d: ", column == 1 ? line - 1 : line);
}

void
roll_markup_take_text (GMarkupParseContext *context, const char *element, const char *text, gsize length,
                       GString *ret_text, GError **error)
{
  if (ret_text != NULL)
    {
      g_string_append_len (ret_text, text, (gssize) length);
      return;
    }
  for (gsize at = 0; at < length; at++)
    if (!g_ascii_isspace (text[at]))
      {
        roll_markup_fail (error, "<%s> may not hold text", element);
        roll_markup_prefix_line (context, error);
        return;
      }
}
