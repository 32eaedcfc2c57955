/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-target-source.h"

#include <string.h>

#include "scan/roll-target-table.h"

RollTargetSource *
roll_target_source_new_file (const char *path, const char *column)
{
  RollTargetSource *source = g_new0 (RollTargetSource, 1);

  g_return_val_if_fail (path != NULL, source);

  source->kind = ROLL_SOURCE_FILE;
  source->path = g_strdup (path);
  source->column = g_strdup (column);
  return source;
}

RollTargetSource *
roll_target_source_new_entries (RollSourceKind kind, const char *const *entries, const char *origin)
{
  RollTargetSource *source = g_new0 (RollTargetSource, 1);

  g_return_val_if_fail (kind != ROLL_SOURCE_FILE && entries != NULL, source);

  source->kind = kind;
  source->entries = g_strdupv ((char **) entries);
  source->origin = g_strdup (origin);
  return source;
}

static void
unref_facts (gpointer facts)
{
  if (facts != NULL)
    roll_directory_facts_unref (facts);
}

RollTargetSource *
roll_target_source_new_directory (GPtrArray *computers, const char *origin)
{
  RollTargetSource *source = g_new0 (RollTargetSource, 1);

  g_return_val_if_fail (computers != NULL, source);

  source->kind = ROLL_SOURCE_DIRECTORY;
  source->entries = g_new0 (char *, computers->len + 1);
  source->facts = g_ptr_array_new_full (computers->len, unref_facts);
  source->origin = g_strdup (origin);
  for (guint i = 0; i < computers->len; i++)
    {
      const RollDirectoryComputer *computer = computers->pdata[i];

      source->entries[i] = g_strdup (computer->host);
      g_ptr_array_add (source->facts, roll_directory_computer_get_facts (computer));
    }
  return source;
}

void
roll_target_source_get_lasting (const RollTargetSource *source, char ***ret_places, char ***ret_systems)
{
  guint n = source->facts != NULL ? source->facts->len : 0;

  *ret_places = g_new0 (char *, n + 1);
  *ret_systems = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      const RollDirectoryFacts *facts = source->facts->pdata[i];

      (*ret_places)[i] = g_strdup (facts != NULL && facts->ou != NULL ? facts->ou : "");
      (*ret_systems)[i] = g_strdup (facts != NULL && facts->system != NULL ? facts->system : "");
    }
}

void
roll_target_source_set_lasting (RollTargetSource *source, char **places, char **systems)
{
  guint n = g_strv_length (source->entries);

  if (places == NULL || systems == NULL || g_strv_length (places) != n || g_strv_length (systems) != n)
    return;
  g_clear_pointer (&source->facts, g_ptr_array_unref);
  source->facts = g_ptr_array_new_full (n, unref_facts);
  for (guint i = 0; i < n; i++)
    g_ptr_array_add (source->facts,
                     roll_directory_facts_new (places[i], systems[i], 0, ROLL_DIRECTORY_ACCOUNT_UNKNOWN));
}

RollTargetSource *
roll_target_source_copy (const RollTargetSource *source)
{
  RollTargetSource *copy;

  g_return_val_if_fail (source != NULL, NULL);

  copy = g_new0 (RollTargetSource, 1);
  copy->kind = source->kind;
  copy->path = g_strdup (source->path);
  copy->column = g_strdup (source->column);
  copy->entries = g_strdupv (source->entries);
  copy->facts = source->facts != NULL ? g_ptr_array_ref (source->facts) : NULL;
  copy->origin = g_strdup (source->origin);
  return copy;
}

void
roll_target_source_free (RollTargetSource *source)
{
  if (source == NULL)
    return;
  g_free (source->path);
  g_free (source->column);
  g_strfreev (source->entries);
  g_clear_pointer (&source->facts, g_ptr_array_unref);
  g_free (source->origin);
  g_free (source);
}

static gboolean
equal_entries (char **a, char **b)
{
  if (a == NULL || b == NULL)
    return a == b;
  return g_strv_equal ((const char *const *) a, (const char *const *) b);
}

gboolean
roll_target_source_equal (const RollTargetSource *a, const RollTargetSource *b)
{
  g_return_val_if_fail (a != NULL && b != NULL, FALSE);

  return a->kind == b->kind && g_strcmp0 (a->path, b->path) == 0 && g_strcmp0 (a->column, b->column) == 0
         && g_strcmp0 (a->origin, b->origin) == 0 && equal_entries (a->entries, b->entries);
}

gboolean
roll_target_source_add_to (const RollTargetSource *source, RollTargetList *list, GPtrArray *problems, GError **error)
{
  g_autofree char *text = NULL;

  g_return_val_if_fail (source != NULL && list != NULL, FALSE);

  if (source->kind == ROLL_SOURCE_FILE && source->column != NULL)
    return roll_target_list_add_table (list, source->path, source->column, problems, error);
  if (source->kind == ROLL_SOURCE_FILE)
    return roll_target_list_add_file (list, source->path, problems, error);
  text = g_strjoinv ("\n", source->entries);
  if (!roll_target_list_add_text (list, text, strlen (text), problems, error))
    return FALSE;
  for (guint i = 0; source->facts != NULL && i < source->facts->len; i++)
    if (source->facts->pdata[i] != NULL)
      roll_target_list_set_facts (list, source->entries[i], source->facts->pdata[i]);
  return TRUE;
}
