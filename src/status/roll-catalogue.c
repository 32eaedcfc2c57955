/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-catalogue-reader.h"

static const RollElement *
find_element (GMarkupParseContext *context)
{
  const GSList *stack = g_markup_parse_context_get_element_stack (context);

  return roll_catalogue_element (stack->data, stack->next != NULL ? stack->next->data : NULL);
}

static void
on_start_element (GMarkupParseContext *context,
                  const char *name,
                  const char **names,
                  const char **values,
                  gpointer user_data,
                  GError **error)
{
  RollParser *reader = user_data;
  const RollElement *element = find_element (context);

  g_string_truncate (reader->text, 0);
  if (element == NULL || reader->in_ref)
    roll_markup_fail (error, "<%s> may not stand here", name);
  else if (element->start (reader, name, names, values, error))
    return;
  roll_markup_prefix_line (context, error);
}

static void
on_end_element (GMarkupParseContext *context, const char *name, gpointer user_data, GError **error)
{
  RollParser *reader = user_data;
  const RollElement *element = find_element (context);

  g_assert (element != NULL);
  if (reader->in_ref)
    reader->in_ref = FALSE;
  else if (element->end != NULL && !element->end (reader, name, error))
    roll_markup_prefix_line (context, error);
  g_string_truncate (reader->text, 0);
}

static void
on_text (GMarkupParseContext *context, const char *text, gsize length, gpointer user_data, GError **error)
{
  RollParser *reader = user_data;
  const RollElement *element = find_element (context);

  g_assert (element != NULL);
  roll_markup_take_text (context, element->name, text, length, element->holds_text ? reader->text : NULL, error);
}

static RollCatalogue *
catalogue_new (void)
{
  RollCatalogue *self = g_new0 (RollCatalogue, 1);

  self->texts = g_string_chunk_new (16 * 1024);
  self->blocks = g_ptr_array_new_with_free_func (g_free);
  self->pages = g_ptr_array_new_with_free_func (g_free);
  self->causes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->checks = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->fixes = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  self->rules = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_rule_free);
  return self;
}

void
roll_catalogue_free (RollCatalogue *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->rules);
  g_hash_table_unref (self->fixes);
  g_hash_table_unref (self->checks);
  g_hash_table_unref (self->causes);
  g_ptr_array_unref (self->pages);
  g_ptr_array_unref (self->blocks);
  g_string_chunk_free (self->texts);
  g_free (self);
}

RollCatalogue *
roll_catalogue_parse (const char *data, gsize length, GError **error)
{
  static const GMarkupParser parser = { on_start_element, on_end_element, on_text, NULL, NULL };
  g_autoptr (RollCatalogue) self = NULL;
  g_autoptr (GMarkupParseContext) context = NULL;
  RollParser reader;
  gboolean ok;

  g_return_val_if_fail (data != NULL, NULL);

  self = catalogue_new ();
  roll_parser_init (&reader, self);
  context = g_markup_parse_context_new (&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &reader, NULL);
  ok = g_markup_parse_context_parse (context, data, (gssize) length, error) &&
       g_markup_parse_context_end_parse (context, error);
  roll_parser_clear (&reader);
  return ok ? g_steal_pointer (&self) : NULL;
}

const RollStatusPage *
roll_catalogue_page (const RollCatalogue *self, RollStatus status)
{
  g_return_val_if_fail (self != NULL, NULL);

  for (guint i = 0; i < self->pages->len; i++)
    {
      const RollStatusPage *page = g_ptr_array_index (self->pages, i);

      if (page->status == status)
        return page;
    }
  return NULL;
}
