/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-rows-model.h"

/* A list grows in small steps, a frame apart, while GTK makes the widgets of its rows. */
#define ROWS_KEPT_BY_GTK 220
#define GROW_STEP 48
#define GROW_PAUSE_MS 20

struct _RollRowsItem
{
  GObject parent_instance;

  RollRowsTable *table;
  guint row;
};

struct _RollRowsModel
{
  GObject parent_instance;

  RollRowsTable *table;
  GArray *rows;  /* (nullable): NULL: all, as they are */
  guint n_added; /* of them, those that the list has */
  guint grow_source;
};

static void list_model_init (GListModelInterface *interface);

G_DEFINE_FINAL_TYPE (RollRowsItem, roll_rows_item, G_TYPE_OBJECT)
G_DEFINE_FINAL_TYPE_WITH_CODE (RollRowsModel, roll_rows_model, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

/* --- A row --- */

static void
roll_rows_item_finalize (GObject *object)
{
  roll_rows_table_unref (ROLL_ROWS_ITEM (object)->table);
  G_OBJECT_CLASS (roll_rows_item_parent_class)->finalize (object);
}

static void
roll_rows_item_class_init (RollRowsItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = roll_rows_item_finalize;
}

static void
roll_rows_item_init (RollRowsItem *self)
{
}

const char *
roll_rows_item_get_text (RollRowsItem *self, guint column)
{
  g_return_val_if_fail (ROLL_IS_ROWS_ITEM (self), "");

  return roll_rows_table_get (self->table, self->row, column);
}

/* --- The list --- */

static GType
get_item_type (GListModel *model)
{
  return ROLL_TYPE_ROWS_ITEM;
}

static guint
get_n_items (GListModel *model)
{
  return ROLL_ROWS_MODEL (model)->n_added;
}

static gpointer
get_item (GListModel *model, guint position)
{
  RollRowsModel *self = ROLL_ROWS_MODEL (model);
  RollRowsItem *item;

  if (position >= get_n_items (model))
    return NULL;
  item = g_object_new (ROLL_TYPE_ROWS_ITEM, NULL);
  item->table = roll_rows_table_ref (self->table);
  item->row = roll_rows_model_get_row (self, position);
  return item;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

guint
roll_rows_model_get_n_rows (RollRowsModel *self)
{
  g_return_val_if_fail (ROLL_IS_ROWS_MODEL (self), 0);

  return self->rows != NULL ? self->rows->len : roll_rows_table_get_n_rows (self->table);
}

guint
roll_rows_model_get_row (RollRowsModel *self, guint position)
{
  g_return_val_if_fail (ROLL_IS_ROWS_MODEL (self) && position < roll_rows_model_get_n_rows (self), 0);

  return self->rows != NULL ? g_array_index (self->rows, guint, position) : position;
}

static gboolean
grow (gpointer user_data)
{
  RollRowsModel *self = user_data;
  guint n_rows = roll_rows_model_get_n_rows (self);
  guint at = self->n_added;

  self->n_added = at + GROW_STEP < MIN (ROWS_KEPT_BY_GTK, n_rows) ? at + GROW_STEP : n_rows;
  if (self->n_added == n_rows)
    self->grow_source = 0;
  g_list_model_items_changed (G_LIST_MODEL (self), at, 0, self->n_added - at);
  return self->n_added < n_rows ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

static void
begin (RollRowsModel *self)
{
  guint n_rows = roll_rows_model_get_n_rows (self);

  g_clear_handle_id (&self->grow_source, g_source_remove);
  self->n_added = MIN (n_rows, GROW_STEP);
  if (self->n_added < n_rows)
    self->grow_source = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, GROW_PAUSE_MS, grow, self, NULL);
}

void
roll_rows_model_set_rows (RollRowsModel *self, GArray *rows)
{
  guint n_before;

  g_return_if_fail (ROLL_IS_ROWS_MODEL (self) && rows != NULL);

  n_before = self->n_added;
  g_clear_pointer (&self->rows, g_array_unref);
  self->rows = g_array_ref (rows);
  begin (self);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->n_added);
}

static void
roll_rows_model_finalize (GObject *object)
{
  g_clear_handle_id (&ROLL_ROWS_MODEL (object)->grow_source, g_source_remove);
  g_clear_pointer (&ROLL_ROWS_MODEL (object)->rows, g_array_unref);
  roll_rows_table_unref (ROLL_ROWS_MODEL (object)->table);
  G_OBJECT_CLASS (roll_rows_model_parent_class)->finalize (object);
}

static void
roll_rows_model_class_init (RollRowsModelClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = roll_rows_model_finalize;
}

static void
roll_rows_model_init (RollRowsModel *self)
{
}

RollRowsModel *
roll_rows_model_new (RollRowsTable *table)
{
  RollRowsModel *self = g_object_new (ROLL_TYPE_ROWS_MODEL, NULL);

  self->table = roll_rows_table_ref (table);
  begin (self);
  return self;
}
