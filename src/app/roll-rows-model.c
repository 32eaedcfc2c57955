/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-rows-model.h"

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

guint
roll_rows_item_get_row (RollRowsItem *self)
{
  g_return_val_if_fail (ROLL_IS_ROWS_ITEM (self), 0);

  return self->row;
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
  return roll_rows_table_get_n_rows (ROLL_ROWS_MODEL (model)->table);
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
  item->row = position;
  return item;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = get_item_type;
  interface->get_n_items = get_n_items;
  interface->get_item = get_item;
}

static void
roll_rows_model_finalize (GObject *object)
{
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
  return self;
}
