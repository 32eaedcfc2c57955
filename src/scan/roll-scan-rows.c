/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan.h"

RollTargetList *
roll_scan_load_targets (RollStore *store, gint64 scan_id, GError **error)
{
  g_autoptr (RollTargetList) targets = roll_target_list_new ();
  g_auto (GStrv) includes = NULL;
  g_auto (GStrv) excludes = NULL;

  if (!roll_store_get_entries (store, scan_id, &includes, &excludes, error))
    return NULL;

  for (guint i = 0; includes[i] != NULL; i++)
    if (!roll_target_list_add (targets, includes[i], error))
      return NULL;
  for (guint i = 0; excludes[i] != NULL; i++)
    if (!roll_target_list_exclude (targets, excludes[i], error))
      return NULL;
  return g_steal_pointer (&targets);
}

/* Walks the stored rows and the target list side by side: both are in order of the ordinals. */
typedef struct
{
  RollTargetIter iter;
  RollTarget target;
  gboolean more;
  GHashTable *directory;
  RollStoreComputerFunc func;
  gpointer user_data;
  gboolean ended; /* by the caller's function */
} Merge;

RollComputer *
roll_scan_make_untouched (const RollTarget *target, GHashTable *directory)
{
  RollDirectoryFacts *facts = directory != NULL ? g_hash_table_lookup (directory, GUINT_TO_POINTER (target->ordinal)) : NULL;
  RollComputer *computer = roll_computer_new (target->ordinal, target->text);

  computer->address = target->address;
  computer->directory = facts != NULL ? roll_directory_facts_ref (facts) : NULL;
  return computer;
}

static void
merge_step (Merge *merge)
{
  merge->more = roll_target_iter_next (&merge->iter, &merge->target);
}

static gboolean
emit_untouched (Merge *merge, guint64 before_ordinal)
{
  for (; merge->more && merge->target.ordinal < before_ordinal; merge_step (merge))
    {
      g_autoptr (RollComputer) untouched = roll_scan_make_untouched (&merge->target, merge->directory);

      if (!merge->func (untouched, merge->user_data))
        return FALSE;
    }
  return TRUE;
}

static gboolean
on_stored_row (RollComputer *computer, gpointer user_data)
{
  Merge *merge = user_data;

  merge->ended = !emit_untouched (merge, computer->ordinal) || !merge->func (computer, merge->user_data);
  if (merge->more && merge->target.ordinal == computer->ordinal)
    merge_step (merge);
  return !merge->ended;
}

gboolean
roll_scan_foreach_computer (RollStore *store, gint64 scan_id, RollStoreComputerFunc func, gpointer user_data,
                            GError **error)
{
  g_autoptr (RollScanInfo) info = NULL;
  g_autoptr (RollTargetList) targets = NULL;
  g_autoptr (GHashTable) directory = NULL;
  Merge merge = { .func = func, .user_data = user_data };

  info = roll_store_get_scan (store, scan_id, error);
  if (info == NULL)
    return FALSE;
  /* Every target has a row: the list, which may be long, is not needed. */
  if (info->n_done == info->n_targets)
    return roll_store_foreach_computer (store, info->id, 0, func, user_data, error);

  targets = roll_scan_load_targets (store, info->id, error);
  if (targets == NULL)
    return FALSE;
  directory = merge.directory = roll_store_get_directory (store, info->id, error);
  if (directory == NULL)
    return FALSE;
  roll_target_iter_init (&merge.iter, targets, 0);
  merge_step (&merge);
  if (!roll_store_foreach_computer (store, info->id, 0, on_stored_row, &merge, error))
    return FALSE;
  if (!merge.ended)
    emit_untouched (&merge, G_MAXUINT64);
  return TRUE;
}
