/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-strata-counts.h"

#include <string.h>

#define TIME_BARS 24

static gint64
done_at (const RollComputer *computer)
{
  return computer->started_at > 0 ? computer->started_at + computer->duration_us : 0;
}

static gint64
choose_time_step (const RollRowSnapshot *snapshot)
{
  gint64 first = G_MAXINT64, last = 0;

  for (guint i = 0; i < snapshot->n_rows; i++)
    {
      gint64 at = done_at (snapshot->rows[i]);

      if (at <= 0)
        continue;
      first = MIN (first, at);
      last = MAX (last, at);
    }
  return roll_strata_time_step (last > first ? last - first : 0, TIME_BARS);
}

static void
count_one (RollStrataCounts *counts, const RollComputer *computer)
{
  counts->all[roll_status_look_index (computer->status)]++;
  counts->n_computers++;
  for (guint s = 0; s < ROLL_N_STRATA; s++)
    {
      g_autofree char *key = roll_strata_key ((RollStrata) s, computer, counts->time_step_us);

      if (key != NULL)
        roll_tally_table_add (counts->of[s].table, key, computer->status);
    }
}

static gint
compare_keys (gconstpointer a, gconstpointer b)
{
  return strcmp ((*(const RollTallyRow *const *) a)->key, (*(const RollTallyRow *const *) b)->key);
}

static RollStrataCounts *
count (const RollRowSnapshot *snapshot)
{
  RollStrataCounts *counts = g_new0 (RollStrataCounts, 1);

  counts->time_step_us = choose_time_step (snapshot);
  for (guint s = 0; s < ROLL_N_STRATA; s++)
    counts->of[s].table = roll_tally_table_new ();
  for (guint i = 0; i < snapshot->n_rows; i++)
    count_one (counts, snapshot->rows[i]);
  for (guint s = 0; s < ROLL_N_STRATA; s++)
    {
      RollStrataCount *one = &counts->of[s];

      one->rows = roll_tally_table_top (one->table, s == ROLL_STRATA_TIME ? G_MAXUINT : ROLL_STRATA_BARS, &one->rest,
                                        &one->n_rest);
    }
  g_ptr_array_sort (counts->of[ROLL_STRATA_TIME].rows, compare_keys);
  return counts;
}

void
roll_strata_counts_free (RollStrataCounts *counts)
{
  if (counts == NULL)
    return;
  for (guint s = 0; s < ROLL_N_STRATA; s++)
    {
      g_ptr_array_unref (counts->of[s].rows);
      roll_tally_table_free (counts->of[s].table);
    }
  g_free (counts);
}

static void
count_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_task_return_pointer (task, count (task_data), (GDestroyNotify) roll_strata_counts_free);
}

void
roll_strata_counts_async (RollComputerTable *table, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (table, NULL, callback, user_data);

  g_task_set_source_tag (task, roll_strata_counts_async);
  /* Released in the callback, on the main thread. */
  g_task_set_task_data (task, roll_computer_table_hold (table), NULL);
  g_task_run_in_thread (task, count_thread);
}

RollStrataCounts *
roll_strata_counts_finish (GAsyncResult *result)
{
  roll_row_snapshot_release (g_task_get_task_data (G_TASK (result)));
  return g_task_propagate_pointer (G_TASK (result), NULL);
}

/* --- Who is in one ------------------------------------------------------------------------------------------- */

typedef struct
{
  RollRowSnapshot *snapshot;
  RollStrata strata;
  char *key;
  gint64 time_step_us;
} Search;

static void
search_free (gpointer data)
{
  Search *search = data;

  g_free (search->key);
  g_free (search);
}

static void
find_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Search *search = task_data;
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; i < search->snapshot->n_rows && !g_cancellable_is_cancelled (cancellable); i++)
    {
      g_autofree char *own = roll_strata_key (search->strata, search->snapshot->rows[i], search->time_step_us);

      if (g_strcmp0 (own, search->key) == 0)
        g_array_append_val (found, i);
    }
  g_task_return_pointer (task, g_steal_pointer (&found), (GDestroyNotify) g_array_unref);
}

void
roll_strata_find_async (RollComputerTable *table, RollStrata strata, const char *key, gint64 time_step_us,
                        GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (table, cancellable, callback, user_data);
  Search *search = g_new0 (Search, 1);

  search->snapshot = roll_computer_table_hold (table); /* released in the callback, on the main thread */
  search->strata = strata;
  search->key = g_strdup (key);
  search->time_step_us = time_step_us;
  g_task_set_source_tag (task, roll_strata_find_async);
  g_task_set_task_data (task, search, search_free);
  g_task_run_in_thread (task, find_thread);
}

GArray *
roll_strata_find_finish (GAsyncResult *result, char **ret_key)
{
  Search *search = g_task_get_task_data (G_TASK (result));

  roll_row_snapshot_release (search->snapshot);
  *ret_key = g_steal_pointer (&search->key);
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
