/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-computers-model.h"

/* A list grows in small steps, a frame apart, while GTK makes the widgets of its rows. */
#define ROWS_KEPT_BY_GTK 220
#define GROW_STEP 48
#define GROW_PAUSE_MS 20

#define NOWHERE G_MAXUINT

/* An item that GTK holds, and where its row stands; the model does not keep it alive. */
typedef struct
{
  RollComputersModel *model;
  RollComputerItem *item;
  guint position; /* NOWHERE when its row has gone */
} LiveItem;

struct _RollComputersModel
{
  GObject parent_instance;

  RollComputerTable *table;
  GArray *order;           /* (element-type guint32): ordinals as they are shown */
  guint n_rows;            /* of them, those that GTK has been told of */
  GByteArray *selected;    /* one flag per ordinal */
  GPtrArray *live;         /* (element-type LiveItem) */
  GHashTable *by_position; /* of the live ones that have a row */
  guint grow_source;

  RollAnchorFunc anchor_func;
  gpointer anchor_data;
};

static void list_model_iface_init (GListModelInterface *iface);
static void selection_model_iface_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (RollComputersModel, roll_computers_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_iface_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL, selection_model_iface_init))

static guint32
nth (const GArray *order, guint position)
{
  return g_array_index (order, guint32, position);
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
  return ROLL_COMPUTERS_MODEL (model)->n_rows;
}

static void
item_gone (gpointer data, GObject *item)
{
  LiveItem *live = data;
  RollComputersModel *self = live->model;

  if (live->position != NOWHERE)
    g_hash_table_remove (self->by_position, GUINT_TO_POINTER (live->position));
  g_ptr_array_remove_fast (self->live, live);
}

static RollComputerItem *
add_item (RollComputersModel *self, guint position)
{
  LiveItem *live = g_new0 (LiveItem, 1);

  live->model = self;
  live->item =
      roll_computer_item_new (self->table, roll_computer_table_get_computer (self->table, nth (self->order, position)));
  live->position = position;
  g_object_weak_ref (G_OBJECT (live->item), item_gone, live);
  g_ptr_array_add (self->live, live);
  g_hash_table_insert (self->by_position, GUINT_TO_POINTER (position), live);
  return live->item;
}

static gpointer
get_item (GListModel *model, guint position)
{
  RollComputersModel *self = ROLL_COMPUTERS_MODEL (model);
  LiveItem *live;

  if (position >= self->n_rows)
    return NULL;
  live = g_hash_table_lookup (self->by_position, GUINT_TO_POINTER (position));
  return live != NULL ? g_object_ref (live->item) : add_item (self, position);
}

static void
list_model_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
move_items (RollComputersModel *self, guint position, guint removed, guint added)
{
  g_hash_table_remove_all (self->by_position);
  for (guint i = 0; i < self->live->len; i++)
    {
      LiveItem *live = self->live->pdata[i];

      if (live->position != NOWHERE && live->position >= position)
        live->position = live->position < position + removed ? NOWHERE : live->position - removed + added;
      if (live->position != NOWHERE)
        g_hash_table_insert (self->by_position, GUINT_TO_POINTER (live->position), live);
    }
}

/* Rows come or go; the ones behind keep their computers. */
static void
splice (RollComputersModel *self, guint position, guint removed, guint added)
{
  if (removed == 0 && added == 0)
    return;
  self->n_rows = self->n_rows - removed + added;
  move_items (self, position, removed, added);
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

/* --- Selection model --- */

static gboolean
is_selected (GtkSelectionModel *model, guint position)
{
  RollComputersModel *self = ROLL_COMPUTERS_MODEL (model);

  return position < self->n_rows && self->selected->data[nth (self->order, position)] != 0;
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model, guint position, guint n_items)
{
  RollComputersModel *self = ROLL_COMPUTERS_MODEL (model);
  GtkBitset *selection = gtk_bitset_new_empty ();
  guint end = (guint) MIN ((guint64) position + n_items, self->n_rows);

  for (guint i = position; i < end; i++)
    if (self->selected->data[nth (self->order, i)] != 0)
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

  for (gboolean more = gtk_bitset_iter_init_first (&iter, mask, &position); more && position < self->n_rows;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      guint8 *flag = &self->selected->data[nth (self->order, position)];
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

static void
keep_selected (RollComputersModel *self, const GArray *shown)
{
  g_autofree guint8 *old = g_memdup2 (self->selected->data, self->selected->len);
  guint count = self->table != NULL ? roll_computer_table_get_count (self->table) : 0;
  guint old_count = self->selected->len;

  g_byte_array_set_size (self->selected, count);
  if (count > 0)
    memset (self->selected->data, 0, count);
  for (guint i = 0; i < shown->len; i++)
    if (nth (shown, i) < old_count)
      self->selected->data[nth (shown, i)] = old[nth (shown, i)];
}

/* --- Order --- */

static void
stop_growing (RollComputersModel *self)
{
  g_clear_handle_id (&self->grow_source, g_source_remove);
}

static gboolean
grow (gpointer user_data)
{
  RollComputersModel *self = user_data;
  guint next = self->n_rows + GROW_STEP;

  if (next < MIN (ROWS_KEPT_BY_GTK, self->order->len))
    {
      splice (self, self->n_rows, 0, GROW_STEP);
      return G_SOURCE_CONTINUE;
    }
  self->grow_source = 0;
  splice (self, self->n_rows, 0, self->order->len - self->n_rows);
  return G_SOURCE_REMOVE;
}

static void
start_growing (RollComputersModel *self)
{
  guint missing = self->order->len - self->n_rows;

  if (missing == 0)
    return;
  if (self->n_rows >= ROWS_KEPT_BY_GTK)
    {
      splice (self, self->n_rows, 0, missing);
      return;
    }
  if (self->n_rows < GROW_STEP)
    splice (self, self->n_rows, 0, MIN (missing, GROW_STEP - self->n_rows));
  if (self->n_rows < self->order->len)
    self->grow_source = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, GROW_PAUSE_MS, grow, self, NULL);
}

static guint
find_in (const GArray *order, guint ordinal)
{
  for (guint i = 0; i < order->len; i++)
    if (nth (order, i) == ordinal)
      return i;
  return NOWHERE;
}

/* By how many rows the anchor's computer moves. */
static int
anchor_shift (RollComputersModel *self, const GArray *order)
{
  guint position = self->anchor_func != NULL ? self->anchor_func (self->anchor_data) : NOWHERE;
  guint found;

  if (position >= self->n_rows)
    return 0;
  found = find_in (order, nth (self->order, position));
  return found != NOWHERE ? (int) found - (int) position : 0;
}

static gboolean
same_order (const GArray *a, const GArray *b)
{
  return a->len == b->len && (a->len == 0 || memcmp (a->data, b->data, a->len * sizeof (guint32)) == 0);
}

/* Rows go at the end, come or go at the beginning as the anchor wants it, and come at the end. */
static void
replace_order (RollComputersModel *self, GArray *order, int shift)
{
  guint length = (guint) ((int) order->len - shift); /* before the beginning is moved */

  if (self->n_rows > length)
    splice (self, length, self->n_rows - length, 0);
  g_array_unref (self->order);
  self->order = order;
  if (shift > 0)
    splice (self, 0, 0, (guint) shift);
  else if (shift < 0)
    splice (self, 0, (guint) -shift, 0);
  roll_computers_model_update (self);
  if (self->n_rows > 0)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 0, self->n_rows);
  start_growing (self);
}

void
roll_computers_model_set_order (RollComputersModel *self, GArray *order, gboolean from_top)
{
  g_return_if_fail (ROLL_IS_COMPUTERS_MODEL (self));

  keep_selected (self, order);
  if (same_order (self->order, order))
    {
      g_array_unref (order);
      return;
    }
  stop_growing (self);
  replace_order (self, order, from_top ? 0 : anchor_shift (self, order));
}

void
roll_computers_model_update (RollComputersModel *self)
{
  g_return_if_fail (ROLL_IS_COMPUTERS_MODEL (self));

  for (guint i = 0; i < self->live->len; i++)
    {
      LiveItem *live = self->live->pdata[i];

      if (live->position != NOWHERE)
        roll_computer_item_set_computer (live->item,
                                         roll_computer_table_get_computer (self->table,
                                                                           nth (self->order, live->position)));
    }
}

void
roll_computers_model_set_anchor_func (RollComputersModel *self, RollAnchorFunc func, gpointer user_data)
{
  g_return_if_fail (ROLL_IS_COMPUTERS_MODEL (self));

  self->anchor_func = func;
  self->anchor_data = user_data;
}

/* --- Object --- */

static void
roll_computers_model_dispose (GObject *object)
{
  RollComputersModel *self = ROLL_COMPUTERS_MODEL (object);

  stop_growing (self);
  g_clear_object (&self->table);
  G_OBJECT_CLASS (roll_computers_model_parent_class)->dispose (object);
}

static void
roll_computers_model_finalize (GObject *object)
{
  RollComputersModel *self = ROLL_COMPUTERS_MODEL (object);

  for (guint i = 0; i < self->live->len; i++)
    {
      LiveItem *live = self->live->pdata[i];

      g_object_weak_unref (G_OBJECT (live->item), item_gone, live);
    }
  g_ptr_array_unref (self->live);
  g_hash_table_unref (self->by_position);
  g_array_unref (self->order);
  g_byte_array_unref (self->selected);
  G_OBJECT_CLASS (roll_computers_model_parent_class)->finalize (object);
}

static void
roll_computers_model_class_init (RollComputersModelClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = roll_computers_model_dispose;
  G_OBJECT_CLASS (klass)->finalize = roll_computers_model_finalize;
}

static void
roll_computers_model_init (RollComputersModel *self)
{
  self->order = g_array_new (FALSE, FALSE, sizeof (guint32));
  self->selected = g_byte_array_new ();
  self->live = g_ptr_array_new_with_free_func (g_free);
  self->by_position = g_hash_table_new (NULL, NULL);
}

RollComputersModel *
roll_computers_model_new (void)
{
  return g_object_new (ROLL_TYPE_COMPUTERS_MODEL, NULL);
}

/* The old positions mean nothing in another table: the view is emptied before it can ask for one of them. */
void
roll_computers_model_set_table (RollComputersModel *self, RollComputerTable *table)
{
  g_return_if_fail (ROLL_IS_COMPUTERS_MODEL (self));

  stop_growing (self);
  g_array_set_size (self->order, 0);
  splice (self, 0, self->n_rows, 0);
  g_set_object (&self->table, table);
  g_byte_array_set_size (self->selected, 0);
}

RollComputerTable *
roll_computers_model_get_table (RollComputersModel *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTERS_MODEL (self), NULL);

  return self->table;
}

guint
roll_computers_model_get_n_shown (RollComputersModel *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTERS_MODEL (self), 0);

  return self->order->len;
}

gboolean
roll_computers_model_is_growing (RollComputersModel *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTERS_MODEL (self), FALSE);

  return self->n_rows < self->order->len;
}

GArray *
roll_computers_model_get_selected (RollComputersModel *self)
{
  GArray *ordinals = g_array_new (FALSE, FALSE, sizeof (guint32));

  g_return_val_if_fail (ROLL_IS_COMPUTERS_MODEL (self), ordinals);

  for (guint i = 0; i < self->n_rows; i++)
    {
      guint32 ordinal = nth (self->order, i);

      if (self->selected->data[ordinal] != 0)
        g_array_append_val (ordinals, ordinal);
    }
  return ordinals;
}

GArray *
roll_computers_model_get_shown (RollComputersModel *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTERS_MODEL (self), g_array_new (FALSE, FALSE, sizeof (guint32)));

  return g_array_copy (self->order);
}

guint
roll_computers_model_get_ordinal (RollComputersModel *self, guint position)
{
  g_return_val_if_fail (ROLL_IS_COMPUTERS_MODEL (self), 0);
  g_return_val_if_fail (position < self->n_rows, 0);

  return nth (self->order, position);
}

guint
roll_computers_model_find (RollComputersModel *self, guint ordinal)
{
  g_return_val_if_fail (ROLL_IS_COMPUTERS_MODEL (self), GTK_INVALID_LIST_POSITION);

  return find_in (self->order, ordinal);
}
