/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-computers-query.h"

/* While a scan runs, an order is worked out anew at most this often, and never more than a twentieth of the time. */
#define REFRESH_INTERVAL_US (250 * 1000)
#define REFRESH_SHARE 20

/* A view that is scrolled far down goes back to its top before rows are taken from under it: two frames. */
#define SETTLE_US (34 * 1000)

struct _RollComputersQuery
{
  GObject parent_instance;

  RollComputerTable *table;
  RollComputersModel *model;
  RollRowFilter filter;
  RollRowSort sort;

  GCancellable *job;   /* the order being worked out */
  GArray *ready;       /* it is there, but the view has not settled */
  guint ready_source;
  guint refresh_source;
  gboolean from_top;   /* the order that comes is the answer to another question */
  gint64 asked;        /* when it was asked */
  gint64 last_applied;
  gint64 last_cost;
};

enum
{
  PROP_0,
  PROP_BUSY,
  N_PROPS,
};

enum
{
  BEGUN_ANEW,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollComputersQuery, roll_computers_query, G_TYPE_OBJECT)

static void
notify_busy (RollComputersQuery *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

/* --- An order, worked out --- */

typedef struct
{
  RollRowSnapshot *snapshot;
  RollRowFilter filter;
  RollRowSort sort;
} Job;

/* The snapshot has gone back by then, on the main thread. */
static void
job_free (gpointer data)
{
  Job *job = data;

  g_free (job->filter.search);
  g_clear_pointer (&job->filter.only, g_array_unref);
  g_free (job);
}

static void
apply_order (RollComputersQuery *self, GArray *order)
{
  gint64 before = g_get_monotonic_time ();
  gboolean from_top = self->from_top;

  self->from_top = FALSE;
  roll_computers_model_set_order (self->model, order, from_top);
  self->last_applied = g_get_monotonic_time ();
  self->last_cost = self->last_applied - before;
  notify_busy (self);
}

static gboolean
apply_ready (gpointer user_data)
{
  RollComputersQuery *self = user_data;

  self->ready_source = 0;
  apply_order (self, g_steal_pointer (&self->ready));
  return G_SOURCE_REMOVE;
}

static void
run_job (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Job *job = task_data;
  GArray *order = roll_row_order (job->snapshot->rows, job->snapshot->n_rows, &job->filter, &job->sort, cancellable);

  if (order != NULL)
    g_task_return_pointer (task, order, (GDestroyNotify) g_array_unref);
  else
    g_task_return_error_if_cancelled (task);
}

static void
job_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollComputersQuery *self = ROLL_COMPUTERS_QUERY (source);
  GTask *task = G_TASK (result);
  Job *job = g_task_get_task_data (task);
  g_autoptr (GArray) order = g_task_propagate_pointer (task, NULL);
  gint64 settle = self->asked + SETTLE_US - g_get_monotonic_time ();

  roll_row_snapshot_release (job->snapshot);
  if (order == NULL || g_task_get_cancellable (task) != self->job)
    return;
  g_clear_object (&self->job);
  if (!self->from_top || settle <= 0)
    {
      apply_order (self, g_steal_pointer (&order));
      return;
    }
  self->ready = g_steal_pointer (&order);
  self->ready_source = g_timeout_add ((guint) (settle / 1000 + 1), apply_ready, self);
}

static void
cancel_job (RollComputersQuery *self)
{
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  g_clear_handle_id (&self->ready_source, g_source_remove);
  g_clear_pointer (&self->ready, g_array_unref);
  if (self->job != NULL)
    g_cancellable_cancel (self->job);
  g_clear_object (&self->job);
}

static void
start_job (RollComputersQuery *self)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  cancel_job (self);
  if (self->table == NULL)
    return;
  job = g_new0 (Job, 1);
  job->snapshot = roll_computer_table_hold (self->table);
  job->filter.statuses = self->filter.statuses;
  job->filter.search = g_strdup (self->filter.search);
  job->filter.only = self->filter.only != NULL ? g_array_ref (self->filter.only) : NULL;
  job->sort = self->sort;
  self->job = g_cancellable_new ();
  task = g_task_new (self, self->job, job_done, NULL);
  g_task_set_source_tag (task, start_job);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run_job);
  notify_busy (self);
}

/* --- When --- */

static gboolean
refresh_now (gpointer user_data)
{
  RollComputersQuery *self = user_data;

  self->refresh_source = 0;
  start_job (self);
  return G_SOURCE_REMOVE;
}

/* An answer that is under way is not thrown away for a newer one; a scan would never show any. */
static void
schedule_refresh (RollComputersQuery *self)
{
  gint64 wait;

  if (self->refresh_source != 0)
    return;
  wait = self->last_applied + MAX (REFRESH_INTERVAL_US, self->last_cost * REFRESH_SHARE) - g_get_monotonic_time ();
  if (self->job != NULL || self->ready != NULL)
    wait = MAX (wait, REFRESH_INTERVAL_US);
  self->refresh_source = g_timeout_add ((guint) (MAX (wait, 0) / 1000), refresh_now, self);
}

static void
ask (RollComputersQuery *self)
{
  self->from_top = TRUE;
  self->asked = g_get_monotonic_time ();
  g_signal_emit (self, signals[BEGUN_ANEW], 0);
  start_job (self);
}

static gboolean
depends_on_state (RollComputersQuery *self)
{
  return self->filter.statuses != 0 || self->filter.search != NULL
         || (self->sort.column != ROLL_COLUMN_TARGET_ORDER && self->sort.column != ROLL_COLUMN_NAME);
}

static void
table_changed (RollComputersQuery *self)
{
  roll_computers_model_update (self->model);
  if (depends_on_state (self))
    schedule_refresh (self);
}

static gboolean
shows_everything (RollComputersQuery *self)
{
  return self->filter.statuses == 0 && self->filter.search == NULL && self->filter.only == NULL
         && self->sort.column == ROLL_COLUMN_TARGET_ORDER;
}

static GArray *
target_order (guint count)
{
  GArray *order = g_array_sized_new (FALSE, FALSE, sizeof (guint32), count);

  for (guint32 i = 0; i < count; i++)
    g_array_append_val (order, i);
  return order;
}

/* As the targets were given is known without working it out. */
static void
answer_at_once (RollComputersQuery *self)
{
  cancel_job (self);
  self->from_top = FALSE;
  roll_computers_model_set_order (self->model, target_order (roll_computer_table_get_count (self->table)), FALSE);
  notify_busy (self);
}

static void
table_appended (RollComputersQuery *self)
{
  if (shows_everything (self))
    answer_at_once (self);
  else
    schedule_refresh (self);
}

static void
table_replaced (RollComputersQuery *self)
{
  cancel_job (self);
  roll_computers_model_set_table (self->model, self->table);
  if (self->table == NULL)
    return;
  if (shows_everything (self))
    answer_at_once (self);
  else
    ask (self);
}

/* --- Object --- */

static void
roll_computers_query_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, roll_computers_query_is_busy (ROLL_COMPUTERS_QUERY (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_computers_query_dispose (GObject *object)
{
  RollComputersQuery *self = ROLL_COMPUTERS_QUERY (object);

  cancel_job (self);
  if (self->table != NULL)
    g_signal_handlers_disconnect_by_data (self->table, self);
  g_clear_object (&self->table);
  G_OBJECT_CLASS (roll_computers_query_parent_class)->dispose (object);
}

static void
roll_computers_query_finalize (GObject *object)
{
  RollComputersQuery *self = ROLL_COMPUTERS_QUERY (object);

  g_object_unref (self->model);
  g_free (self->filter.search);
  g_clear_pointer (&self->filter.only, g_array_unref);
  G_OBJECT_CLASS (roll_computers_query_parent_class)->finalize (object);
}

static void
roll_computers_query_class_init (RollComputersQueryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = roll_computers_query_get_property;
  object_class->dispose = roll_computers_query_dispose;
  object_class->finalize = roll_computers_query_finalize;

  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[BEGUN_ANEW] = g_signal_new ("begun-anew", ROLL_TYPE_COMPUTERS_QUERY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 0);
}

static void
roll_computers_query_init (RollComputersQuery *self)
{
  self->model = roll_computers_model_new ();
}

RollComputersQuery *
roll_computers_query_new (void)
{
  return g_object_new (ROLL_TYPE_COMPUTERS_QUERY, NULL);
}

RollComputersModel *
roll_computers_query_get_model (RollComputersQuery *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTERS_QUERY (self), NULL);

  return self->model;
}

void
roll_computers_query_set_table (RollComputersQuery *self, RollComputerTable *table)
{
  g_return_if_fail (ROLL_IS_COMPUTERS_QUERY (self));

  if (self->table == table)
    return;
  if (self->table != NULL)
    g_signal_handlers_disconnect_by_data (self->table, self);
  g_set_object (&self->table, table);
  if (table != NULL)
    {
      g_signal_connect_swapped (table, "changed", G_CALLBACK (table_changed), self);
      g_signal_connect_swapped (table, "replaced", G_CALLBACK (table_replaced), self);
      g_signal_connect_swapped (table, "appended", G_CALLBACK (table_appended), self);
    }
  table_replaced (self);
}

RollComputerTable *
roll_computers_query_get_table (RollComputersQuery *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTERS_QUERY (self), NULL);

  return self->table;
}

void
roll_computers_query_set_statuses (RollComputersQuery *self, guint32 statuses)
{
  g_return_if_fail (ROLL_IS_COMPUTERS_QUERY (self));

  if (self->filter.statuses == statuses)
    return;
  self->filter.statuses = statuses;
  ask (self);
}

void
roll_computers_query_set_only (RollComputersQuery *self, GArray *only)
{
  g_return_if_fail (ROLL_IS_COMPUTERS_QUERY (self));

  if (self->filter.only == only)
    return;
  g_clear_pointer (&self->filter.only, g_array_unref);
  self->filter.only = only != NULL ? g_array_ref (only) : NULL;
  ask (self);
}

void
roll_computers_query_set_search (RollComputersQuery *self, const char *search)
{
  g_autofree char *stripped = g_strstrip (g_strdup (search != NULL ? search : ""));
  const char *wanted = *stripped != '\0' ? stripped : NULL;

  g_return_if_fail (ROLL_IS_COMPUTERS_QUERY (self));

  if (g_strcmp0 (self->filter.search, wanted) == 0)
    return;
  g_free (self->filter.search);
  self->filter.search = g_strdup (wanted);
  ask (self);
}

void
roll_computers_query_set_sort (RollComputersQuery *self, RollColumn column, gboolean descending)
{
  g_return_if_fail (ROLL_IS_COMPUTERS_QUERY (self));

  if (self->sort.column == column && self->sort.descending == descending)
    return;
  self->sort.column = column;
  self->sort.descending = descending;
  ask (self);
}

gboolean
roll_computers_query_is_busy (RollComputersQuery *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTERS_QUERY (self), FALSE);

  return self->job != NULL || self->ready != NULL || self->refresh_source != 0;
}
