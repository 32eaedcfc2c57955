/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-computer-item.h"

struct _RollComputerItem
{
  GObject parent_instance;

  RollComputerTable *table;
  RollComputer *computer;
};

static guint changed_signal;

G_DEFINE_FINAL_TYPE (RollComputerItem, roll_computer_item, G_TYPE_OBJECT)

static void
roll_computer_item_finalize (GObject *object)
{
  roll_computer_unref (ROLL_COMPUTER_ITEM (object)->computer);
  g_object_unref (ROLL_COMPUTER_ITEM (object)->table);
  G_OBJECT_CLASS (roll_computer_item_parent_class)->finalize (object);
}

static void
roll_computer_item_class_init (RollComputerItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = roll_computer_item_finalize;
  changed_signal = g_signal_new ("changed", ROLL_TYPE_COMPUTER_ITEM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
roll_computer_item_init (RollComputerItem *self)
{
}

RollComputerItem *
roll_computer_item_new (RollComputerTable *table, RollComputer *computer)
{
  RollComputerItem *self = g_object_new (ROLL_TYPE_COMPUTER_ITEM, NULL);

  self->table = g_object_ref (table);
  self->computer = roll_computer_ref (computer);
  return self;
}

RollComputer *
roll_computer_item_get_computer (RollComputerItem *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTER_ITEM (self), NULL);

  return self->computer;
}

guint
roll_computer_item_get_retries (RollComputerItem *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTER_ITEM (self), 0);

  return roll_computer_table_get_retries (self->table);
}

void
roll_computer_item_set_computer (RollComputerItem *self, RollComputer *computer)
{
  g_return_if_fail (ROLL_IS_COMPUTER_ITEM (self));

  if (self->computer == computer)
    return;
  roll_computer_unref (self->computer);
  self->computer = roll_computer_ref (computer);
  g_signal_emit (self, changed_signal, 0);
}
