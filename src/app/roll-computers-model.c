/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-computers-model.h"

/* While a scan runs, an order is worked out anew at most this often, and never more than a twentieth of the time. */
#define REFRESH_INTERVAL_US (250 * 1000)
#define REFRESH_SHARE 20

struct _RollComputersModel
{
  GObject parent_instance;

  RollComputerTable *table;
  RollRowFilter filter;
  RollRowSort sort;

  GArray *order;        /* (element-type guint32): ordinals as they are shown */
  GByteArray *selected; /* one flag per ordinal */

  GCancellable *job;    /* the order being worked out */
  guint refresh_source;
  gint64 last_applied;
  gint64 last_cost;
  gboolean from_top;    /* another filter or sort was asked for: the list begins anew */
};

enum
{
  PROP_0,
  PROP_BUSY,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void list_model_iface_init (GListModelInterface *iface);
static void selection_model_iface_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RollComputersModel, roll_computers_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, selection_model_iface_init))

static guint32
nth (RollComputersModel *self, guint position)
{
  return g_array_index (self->order, guint32, position);
}

/* --- List model --- */

static GType
get_item_type (GListModel *model)
{
  return ROLL_TYPE_COMPUTER_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return ROLL_COMPUTERS_MODEL (model)->order->len;
}

static gpointer
get_item (GListModel *model, guint position)
{
  RollComputersModel *self = ROLL_COMPUTERS_MODEL (model);

  if (position >= self->order->len)
    return NULL;
  return g_object_ref (roll_computer_table_get_item (self->table, nth (self, position)));
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* --- Selection model --- */

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  RollComputersModel *self = ROLL_COMPUTERS_MODEL (model);

  return position < self->order->len && self->selected->data[nth (self, position)] != 0;
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  RollComputersModel *self = ROLL_COMPUTERS_MODEL (model);
  GtkBitset *selection = gtk_bitset_new_empty ();
  guint end = (guint) MIN ((guint64) position + n_items, self->order->len);

  for (guint i = position; i < end; i++)
    if (self->selected->data[nth (self, i)] != 0)
      gtk_bitset_add (selection, i);
  return selection;
}

static gboolean
set_selection (GtkSelectionModel *model, GtkBitset *selected, GtkBitset *mask)
{
  RollComputersModel *self = ROLL_COMPUTERS_MODEL (model);
  GtkBitsetIter iter;
  guint position;
  guint first = G_MAXUINT;
  guint last = 0;

  for (gboolean more = gtk_bitset_iter_init_first (&iter, mask, &position); more && position < self->order->len;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      guint8 *flag = &self->selected->data[nth (self, position)];
      guint8 wanted = gtk_bitset_contains (selected, position) ? 1 : 0;

      if (*flag == wanted)
        continue;
      *flag = wanted;
      first = MIN (first, position);
      last = position;
    }
  if (first != G_MAXUINT)
    gtk_selection_model_selection_changed (model, first, last - first + 1);
  return TRUE;
}

static void
selection_model_iface_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->set_selection = set_selection;
}

/* --- Order --- */

static void start_job (RollComputersModel *self);

static void
keep_selected (RollComputersModel *self, const GArray *shown)
{
  g_autofree guint8 *old = g_memdup2 (self->selected->data, self->selected->len);

  if (self->selected->len == 0)
    return;
  memset (self->selected->data, 0, self->selected->len);
  for (guint i = 0; i < shown->len; i++)
    {
      guint32 ordinal = g_array_index (shown, guint32, i);

      self->selected->data[ordinal] = old[ordinal];
    }
}

/* Only what lies between the common beginning and the common end is said to have changed: the view stays where it is. */
static void
swap_in_place (RollComputersModel *self, GArray *order)
{
  g_autoptr (GArray) old = g_steal_pointer (&self->order);
  guint shorter = MIN (old->len, order->len);
  guint head = 0;
  guint tail = 0;

  self->order = order;
  while (head < shorter && g_array_index (old, guint32, head) == g_array_index (order, guint32, head))
    head++;
  while (tail < shorter - head
         && g_array_index (old, guint32, old->len - 1 - tail) == g_array_index (order, guint32, order->len - 1 - tail))
    tail++;
  if (head + tail < old->len || head + tail < order->len)
    g_list_model_items_changed (G_LIST_MODEL (self), head, old->len - head - tail, order->len - head - tail);
}

/* Said in two steps, the view lets go of its anchor and does not look for it among 100,000 rows. */
static void
swap_from_top (RollComputersModel *self, GArray *order)
{
  guint old_length = self->order->len;

  g_array_set_size (self->order, 0);
  if (old_length > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, old_length, 0);
  g_array_unref (self->order);
  self->order = order;
  if (order->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, order->len);
}

static void
apply_order (RollComputersModel *self, GArray *order)
{
  gint64 before = g_get_monotonic_time ();

  keep_selected (self, order);
  if (self->from_top)
    swap_from_top (self, order);
  else
    swap_in_place (self, order);
  self->from_top = FALSE;
  self->last_applied = g_get_monotonic_time ();
  self->last_cost = self->last_applied - before;
}

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
  g_free (job);
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
  RollComputersModel *self = ROLL_COMPUTERS_MODEL (source);
  GTask *task = G_TASK (result);
  Job *job = g_task_get_task_data (task);
  g_autoptr (GArray) order = g_task_propagate_pointer (task, NULL);

  roll_row_snapshot_release (job->snapshot);
  if (g_task_get_cancellable (task) != self->job)
    return;
  g_clear_object (&self->job);
  if (order != NULL)
    apply_order (self, g_steal_pointer (&order));
  if (self->refresh_source == 0)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
cancel_job (RollComputersModel *self)
{
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  if (self->job != NULL)
    g_cancellable_cancel (self->job);
  g_clear_object (&self->job);
}

static void
start_job (RollComputersModel *self)
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
  job->sort = self->sort;
  self->job = g_cancellable_new ();
  task = g_task_new (self, self->job, job_done, NULL);
  g_task_set_source_tag (task, start_job);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, run_job);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static gboolean
refresh_now (gpointer user_data)
{
  RollComputersModel *self = user_data;

  self->refresh_source = 0;
  start_job (self);
  return G_SOURCE_REMOVE;
}

static gboolean
order_depends_on_state (RollComputersModel *self)
{
  return self->filter.statuses != 0 || self->filter.search != NULL
         || (self->sort.column != ROLL_COLUMN_TARGET_ORDER && self->sort.column != ROLL_COLUMN_NAME);
}

static void
schedule_refresh (RollComputersModel *self)
{
  gint64 wait;

  if (self->refresh_source != 0)
    return;
  wait = self->last_applied + MAX (REFRESH_INTERVAL_US, self->last_cost * REFRESH_SHARE) - g_get_monotonic_time ();
  if (self->job != NULL)
    wait = MAX (wait, REFRESH_INTERVAL_US);
  self->refresh_source = g_timeout_add ((guint) (MAX (wait, 0) / 1000), refresh_now, self);
}

/* The rows themselves were changed in place; only where they stand may be another. */
static void
table_changed (RollComputersModel *self)
{
  if (order_depends_on_state (self))
    schedule_refresh (self);
}

static gboolean
shows_everything (RollComputersModel *self)
{
  return self->filter.statuses == 0 && self->filter.search == NULL && self->sort.column == ROLL_COLUMN_TARGET_ORDER;
}

static GArray *
target_order (guint count)
{
  GArray *order = g_array_sized_new (FALSE, FALSE, sizeof (guint32), count);

  for (guint32 i = 0; i < count; i++)
    g_array_append_val (order, i);
  return order;
}

static void
begin_anew (RollComputersModel *self)
{
  self->from_top = TRUE;
  if (self->table != NULL && shows_everything (self))
    {
      cancel_job (self);
      apply_order (self, target_order (roll_computer_table_get_count (self->table)));
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
    }
  else
    start_job (self);
}

/* The old positions mean nothing in other rows: the view is emptied before it can ask for one of them. */
static void
table_replaced (RollComputersModel *self)
{
  guint old_length = self->order->len;

  cancel_job (self);
  g_array_set_size (self->order, 0);
  g_byte_array_set_size (self->selected, 0);
  if (old_length > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, old_length, 0);
  if (self->table == NULL)
    return;
  g_byte_array_set_size (self->selected, roll_computer_table_get_count (self->table));
  if (self->selected->len > 0)
    memset (self->selected->data, 0, self->selected->len);
  begin_anew (self);
}

static void
table_appended (RollComputersModel *self, guint before)
{
  guint count = roll_computer_table_get_count (self->table);

  g_byte_array_set_size (self->selected, count);
  memset (self->selected->data + before, 0, count - before);
  if (!shows_everything (self))
    {
      schedule_refresh (self);
      return;
    }
  for (guint32 i = before; i < count; i++)
    g_array_append_val (self->order, i);
  g_list_model_items_changed (G_LIST_MODEL (self), before, 0, count - before);
}

/* --- Object --- */

static void
roll_computers_model_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_BUSY:
      g_value_set_boolean (value, roll_computers_model_is_busy (ROLL_COMPUTERS_MODEL (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_computers_model_dispose (GObject *object)
{
  RollComputersModel *self = ROLL_COMPUTERS_MODEL (object);

  cancel_job (self);
  if (self->table != NULL)
    g_signal_handlers_disconnect_by_data (self->table, self);
  g_clear_object (&self->table);
  G_OBJECT_CLASS (roll_computers_model_parent_class)->dispose (object);
}

static void
roll_computers_model_finalize (GObject *object)
{
  RollComputersModel *self = ROLL_COMPUTERS_MODEL (object);

  g_array_unref (self->order);
  g_byte_array_unref (self->selected);
  g_free (self->filter.search);
  G_OBJECT_CLASS (roll_computers_model_parent_class)->finalize (object);
}

static void
roll_computers_model_class_init (RollComputersModelClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = roll_computers_model_get_property;
  object_class->dispose = roll_computers_model_dispose;
  object_class->finalize = roll_computers_model_finalize;

  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
roll_computers_model_init (RollComputersModel *self)
{
  self->order = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->selected = g_byte_array_new ();
}

RollComputersModel *
roll_computers_model_new (void)
{
  return g_object_new (ROLL_TYPE_COMPUTERS_MODEL, NULL);
}

void
roll_computers_model_set_table (RollComputersModel *self, RollComputerTable *table)
{
  g_return_if_fail (ROLL_IS_COMPUTERS_MODEL (self));

  if (self->table == table)
    return;
  if (self->table != NULL)
    g_signal_handlers_disconnect_by_data (self->table, self);
  /* The old table has to outlive the moment in which the view lets go of its rows. */
  g_autoptr (RollComputerTable) old = g_steal_pointer (&self->table);

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
roll_computers_model_get_table (RollComputersModel *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTERS_MODEL (self), NULL);

  return self->table;
}

void
roll_computers_model_set_statuses (RollComputersModel *self, guint32 statuses)
{
  g_return_if_fail (ROLL_IS_COMPUTERS_MODEL (self));

  if (self->filter.statuses == statuses)
    return;
  self->filter.statuses = statuses;
  begin_anew (self);
}

guint32
roll_computers_model_get_statuses (RollComputersModel *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTERS_MODEL (self), 0);

  return self->filter.statuses;
}

void
roll_computers_model_set_search (RollComputersModel *self, const char *search)
{
  g_autofree char *stripped = g_strstrip (g_strdup (search != NULL ? search : ""));
  const char *wanted = *stripped != '\0' ? stripped : NULL;

  g_return_if_fail (ROLL_IS_COMPUTERS_MODEL (self));

  if (g_strcmp0 (self->filter.search, wanted) == 0)
    return;
  g_free (self->filter.search);
  self->filter.search = g_strdup (wanted);
  begin_anew (self);
}

void
roll_computers_model_set_sort (RollComputersModel *self, RollColumn column, gboolean descending)
{
  g_return_if_fail (ROLL_IS_COMPUTERS_MODEL (self));

  if (self->sort.column == column && self->sort.descending == descending)
    return;
  self->sort.column = column;
  self->sort.descending = descending;
  begin_anew (self);
}

gboolean
roll_computers_model_is_busy (RollComputersModel *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTERS_MODEL (self), FALSE);

  return self->job != NULL || self->refresh_source != 0;
}

GArray *
roll_computers_model_get_selected (RollComputersModel *self)
{
  GArray *ordinals = g_array_new (FALSE, FALSE, sizeof (guint32));

  g_return_val_if_fail (ROLL_IS_COMPUTERS_MODEL (self), ordinals);

  for (guint i = 0; i < self->order->len; i++)
    {
      guint32 ordinal = nth (self, i);

      if (self->selected->data[ordinal] != 0)
        g_array_append_val (ordinals, ordinal);
    }
  return ordinals;
}

guint
roll_computers_model_get_ordinal (RollComputersModel *self, guint position)
{
  g_return_val_if_fail (ROLL_IS_COMPUTERS_MODEL (self), 0);
  g_return_val_if_fail (position < self->order->len, 0);

  return nth (self, position);
}

guint
roll_computers_model_find (RollComputersModel *self, guint ordinal)
{
  g_return_val_if_fail (ROLL_IS_COMPUTERS_MODEL (self), GTK_INVALID_LIST_POSITION);

  for (guint i = 0; i < self->order->len; i++)
    if (nth (self, i) == ordinal)
      return i;
  return GTK_INVALID_LIST_POSITION;
}
