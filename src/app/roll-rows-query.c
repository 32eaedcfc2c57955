/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-rows-query.h"

#include "app/roll-row-order.h"

typedef struct
{
  RollRowsTable *table;
  GArray *order; /* (nullable) */
  guint column;
  gboolean descending;
  char *search; /* (nullable) */
} Query;

static void
query_free (gpointer data)
{
  Query *query = data;

  roll_rows_table_unref (query->table);
  g_clear_pointer (&query->order, g_array_unref);
  g_free (query->search);
  g_free (query);
}

void
roll_rows_answer_free (RollRowsAnswer *answer)
{
  g_array_unref (answer->order);
  g_array_unref (answer->shown);
  g_free (answer);
}

static int
compare_rows (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Query *query = user_data;
  int order = roll_natural_compare (roll_rows_table_get (query->table, *(const guint *) a, query->column),
                                    roll_rows_table_get (query->table, *(const guint *) b, query->column));

  return query->descending ? -order : order;
}

static GArray *
sort (Query *query)
{
  guint n_rows = roll_rows_table_get_n_rows (query->table);
  GArray *order = g_array_sized_new (FALSE, FALSE, sizeof (guint), n_rows);

  for (guint i = 0; i < n_rows; i++)
    {
      guint row = query->order != NULL ? g_array_index (query->order, guint, i) : i;

      g_array_append_val (order, row);
    }
  if (query->column != ROLL_ROWS_UNSORTED)
    g_array_sort_with_data (order, compare_rows, query);
  return order;
}

static GArray *
search (const Query *query, GArray *order, GCancellable *cancellable)
{
  GArray *shown;

  if (query->search == NULL)
    return g_array_ref (order);
  shown = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < order->len && !g_cancellable_is_cancelled (cancellable); i++)
    if (roll_rows_table_row_has (query->table, g_array_index (order, guint, i), query->search))
      g_array_append_val (shown, g_array_index (order, guint, i));
  return shown;
}

static void
query_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  RollRowsAnswer *answer = g_new (RollRowsAnswer, 1);

  answer->order = sort (task_data);
  answer->shown = search (task_data, answer->order, cancellable);
  g_task_return_pointer (task, answer, (GDestroyNotify) roll_rows_answer_free);
}

void
roll_rows_query_async (RollRowsTable *table, GArray *order, guint column, gboolean descending, const char *search,
                       gpointer source, GCancellable *cancellable, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (source, cancellable, callback, NULL);
  Query *query = g_new (Query, 1);

  *query = (Query) { roll_rows_table_ref (table), order != NULL ? g_array_ref (order) : NULL, column, descending,
                     g_strdup (search) };
  g_task_set_source_tag (task, roll_rows_query_async);
  g_task_set_task_data (task, query, query_free);
  g_task_run_in_thread (task, query_thread);
}

RollRowsAnswer *
roll_rows_query_finish (GAsyncResult *result)
{
  return g_task_propagate_pointer (G_TASK (result), NULL);
}
