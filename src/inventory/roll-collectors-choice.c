/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "inventory/roll-collectors.h"

static const RollCollectorGroup *
find_group (const char *id)
{
  guint n;
  const RollCollectorGroup *groups = roll_collector_groups (&n);

  for (guint i = 0; i < n; i++)
    if (g_ascii_strcasecmp (groups[i].id, id) == 0)
      return &groups[i];
  return NULL;
}

/* (transfer full) */
static char *
list_ids (void)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new ();
  guint n_groups, n_collectors;
  const RollCollectorGroup *groups = roll_collector_groups (&n_groups);
  const RollCollector *collectors = roll_collectors (&n_collectors);

  for (guint i = 0; i < n_groups; i++)
    g_ptr_array_add (ids, (gpointer) groups[i].id);
  for (guint i = 0; i < n_collectors; i++)
    if (find_group (collectors[i].id) == NULL)
      g_ptr_array_add (ids, (gpointer) collectors[i].id);
  g_ptr_array_add (ids, NULL);
  return g_strjoinv (", ", (char **) ids->pdata);
}

/* Sets what @id stands for in @chosen, one for each collector. */
static gboolean
mark (const char *id, gboolean *chosen, gboolean value)
{
  const RollCollectorGroup *group = find_group (id);
  const RollCollector *first = group != NULL ? group->collectors : roll_collectors_find (id);
  guint n = group != NULL ? group->n_collectors : 1;

  for (guint i = 0; first != NULL && i < n; i++)
    chosen[first + i - roll_collectors (NULL)] = value;
  return first != NULL;
}

static gboolean
mark_all (const char *const *ids, gboolean *chosen, gboolean value, GError **error)
{
  for (; ids != NULL && *ids != NULL; ids++)
    if (!mark (*ids, chosen, value))
      {
        g_autofree char *known = list_ids ();

        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                     _ ("“%s” is nothing that can be collected. There is: %s."), *ids, known);
        return FALSE;
      }
  return TRUE;
}

gboolean
roll_collectors_choose (const char *const *collect, const char *const *skip, char ***ret_skipped, GError **error)
{
  guint n;
  const RollCollector *collectors = roll_collectors (&n);
  g_autofree gboolean *chosen = g_new0 (gboolean, n);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) skipped = NULL;

  g_return_val_if_fail (ret_skipped != NULL, FALSE);

  for (guint i = 0; i < n; i++)
    chosen[i] = collect == NULL;
  if (!mark_all (collect, chosen, TRUE, error) || !mark_all (skip, chosen, FALSE, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    if (!chosen[i])
      g_strv_builder_add (builder, collectors[i].id);
  skipped = g_strv_builder_end (builder);
  if (g_strv_length (skipped) == n)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _ ("Nothing is left to collect. Leave out less."));
      return FALSE;
    }
  *ret_skipped = skipped[0] != NULL ? g_steal_pointer (&skipped) : NULL;
  return TRUE;
}
