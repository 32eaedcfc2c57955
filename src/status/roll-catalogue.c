/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-catalogue-reader.h"

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
  g_autoptr (RollCatalogue) self = NULL;
  RollParser reader;
  gboolean ok;

  g_return_val_if_fail (data != NULL, NULL);

  self = catalogue_new ();
  roll_parser_init (&reader, self);
  ok = roll_catalogue_read (&reader, data, length, error);
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
