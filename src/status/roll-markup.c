/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-markup.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef struct
{
  RollMarkup *parser;
  const RollMarkupElement *elements;
  guint n_elements;
} Reading;

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

/* GMarkup's own errors have it; G_MARKUP_PREFIX_ERROR_POSITION does not reach those of an end tag. */
static void
prefix_line (GMarkupParseContext *context, GError **error)
{
  int line, column;

  g_markup_parse_context_get_position (context, &line, &column);
  /* The parser stands behind the tag; a line feed there is counted already, as column 1. */
  g_prefix_error (error, "Error on line %d: ", column == 1 ? line - 1 : line);
}

static const RollMarkupElement *
find_element (const Reading *reading, GMarkupParseContext *context)
{
  const GSList *stack = g_markup_parse_context_get_element_stack (context);
  const char *parent = stack->next != NULL ? stack->next->data : NULL;

  for (guint i = 0; i < reading->n_elements; i++)
    if (strcmp (reading->elements[i].name, stack->data) == 0 && g_strcmp0 (reading->elements[i].parent, parent) == 0)
      return &reading->elements[i];
  return NULL;
}

static gboolean
start (const RollMarkupElement *element, RollMarkup *parser, const char **names, const char **values, GError **error)
{
  if (element->start != NULL)
    return element->start (parser, element->name, names, values, error);
  return g_markup_collect_attributes (element->name, names, values, error, G_MARKUP_COLLECT_INVALID, NULL);
}

static void
on_start_element (GMarkupParseContext *context, const char *name, const char **names, const char **values,
                  gpointer user_data, GError **error)
{
  Reading *reading = user_data;
  const RollMarkupElement *element = find_element (reading, context);

  g_string_truncate (reading->parser->text, 0);
  if (element == NULL || reading->parser->empty)
    roll_markup_fail (error, "<%s> may not stand here", name);
  else if (start (element, reading->parser, names, values, error))
    return;
  prefix_line (context, error);
}

static void
on_end_element (GMarkupParseContext *context, const char *name, gpointer user_data, GError **error)
{
  Reading *reading = user_data;
  const RollMarkupElement *element = find_element (reading, context);

  g_assert (element != NULL);
  if (reading->parser->empty)
    reading->parser->empty = FALSE;
  else if (element->end != NULL && !element->end (reading->parser, name, error))
    prefix_line (context, error);
}

static void
on_text (GMarkupParseContext *context, const char *text, gsize length, gpointer user_data, GError **error)
{
  Reading *reading = user_data;
  const RollMarkupElement *element = find_element (reading, context);

  g_assert (element != NULL);
  if (element->holds_text)
    {
      g_string_append_len (reading->parser->text, text, (gssize) length);
      return;
    }
  for (gsize at = 0; at < length; at++)
    if (!g_ascii_isspace (text[at]))
      {
        roll_markup_fail (error, "<%s> may not hold text", element->name);
        prefix_line (context, error);
        return;
      }
}

gboolean
roll_markup_parse (RollMarkup *parser, const RollMarkupElement *elements, guint n_elements, const char *data, gsize length,
                   GError **error)
{
  static const GMarkupParser callbacks = { on_start_element, on_end_element, on_text, NULL, NULL };
  Reading reading = { parser, elements, n_elements };
  g_autoptr (GMarkupParseContext) context
      = g_markup_parse_context_new (&callbacks, G_MARKUP_TREAT_CDATA_AS_TEXT, &reading, NULL);
  gboolean good;

  parser->text = g_string_new (NULL);
  good = g_markup_parse_context_parse (context, data, (gssize) length, error)
         && g_markup_parse_context_end_parse (context, error);
  g_string_free (g_steal_pointer (&parser->text), TRUE);
  return good;
}

gboolean
roll_markup_take (const RollMarkup *parser, const char *element, gboolean translated, GStringChunk *texts,
                  const char **field, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (parser->text->str, " \t\r\n", -1);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    if (*words[i] != '\0')
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", words[i]);
  if (text->len == 0)
    return roll_markup_fail (error, "<%s> is empty", element);
  if (*field != NULL)
    return roll_markup_fail (error, "<%s> is there twice", element);
  *field = g_string_chunk_insert_const (texts, translated ? _ (text->str) : text->str);
  return TRUE;
}
