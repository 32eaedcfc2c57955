/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "status/roll-catalogue-reader.h"

#include <string.h>

void
roll_parser_init (RollParser *reader, RollCatalogue *catalogue)
{
  *reader = (RollParser) {
    .catalogue = catalogue,
    .numbers = g_ptr_array_new (),
    .false_friends = g_ptr_array_new (),
    .causes = g_array_new (FALSE, FALSE, sizeof (RollCause)),
    .page_checks = g_array_new (FALSE, FALSE, sizeof (RollCheck)),
    .page_fixes = g_array_new (FALSE, FALSE, sizeof (RollFix)),
    .hints = g_array_new (FALSE, FALSE, sizeof (RollEvidenceHint)),
    .checks = g_array_new (FALSE, FALSE, sizeof (RollCheck)),
    .fixes = g_array_new (FALSE, FALSE, sizeof (RollFix)),
  };
}

void
roll_parser_clear (RollParser *reader)
{
  g_ptr_array_free (reader->numbers, TRUE);
  g_ptr_array_free (reader->false_friends, TRUE);
  g_array_free (reader->causes, TRUE);
  g_array_free (reader->page_checks, TRUE);
  g_array_free (reader->page_fixes, TRUE);
  g_array_free (reader->hints, TRUE);
  g_array_free (reader->checks, TRUE);
  g_array_free (reader->fixes, TRUE);
}

gboolean
roll_parser_find_word (const char *const *words, guint n_words, const char *word, guint *ret_index)
{
  for (guint i = 0; i < n_words; i++)
    if (strcmp (words[i], word) == 0)
      {
        *ret_index = i;
        return TRUE;
      }
  return FALSE;
}

/* "AD.3": two or three capital letters, a dot, a number. */
static gboolean
is_stable_id (const char *id)
{
  gsize letters = strspn (id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  const char *digits = id + letters + 1;

  if (letters < 2 || letters > 3 || id[letters] != '.')
    return FALSE;
  return *digits != '\0' && *digits != '0' && digits[strspn (digits, "0123456789")] == '\0';
}

gboolean
roll_parser_check_new_id (GHashTable *known, const char *id, GError **error)
{
  if (!is_stable_id (id))
    return roll_markup_fail (error, "“%s” is no id like “AD.3”", id);
  if (g_hash_table_contains (known, id))
    return roll_markup_fail (error, "the id “%s” is there twice", id);
  return TRUE;
}

gboolean
roll_parser_take (
    RollParser *reader, const char *element, gboolean translated, const char **field, GError **error)
{
  return roll_markup_take (&reader->markup, element, translated, reader->catalogue->texts, field, error);
}

gpointer
roll_parser_keep_array (RollParser *reader, GArray **array, guint element_size, guint *ret_length)
{
  gpointer block;

  *ret_length = (*array)->len;
  block = g_array_free (*array, FALSE);
  *array = g_array_new (FALSE, FALSE, element_size);
  g_ptr_array_add (reader->catalogue->blocks, block);
  return block;
}

gpointer
roll_parser_keep_strv (RollParser *reader, GPtrArray **array)
{
  gpointer block;

  g_ptr_array_add (*array, NULL);
  block = g_ptr_array_free (*array, FALSE);
  *array = g_ptr_array_new ();
  g_ptr_array_add (reader->catalogue->blocks, block);
  return block;
}

gboolean
roll_parser_parse_where (const char *where, gboolean *ret_on_target, GError **error)
{
  if (strcmp (where, "here") != 0 && strcmp (where, "target") != 0)
    return roll_markup_fail (error, "where is “here” or “target”, not “%s”", where);
  *ret_on_target = *where == 't';
  return TRUE;
}

gboolean
roll_parser_parse_prior (const char *prior, RollPrior *ret_prior, GError **error)
{
  static const char *const words[] = { "low", "medium", "high" };
  guint i;

  if (!roll_parser_find_word (words, G_N_ELEMENTS (words), prior, &i))
    return roll_markup_fail (error, "prior is “low”, “medium” or “high”, not “%s”", prior);
  *ret_prior = (RollPrior) i;
  return TRUE;
}
