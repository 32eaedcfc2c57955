/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-computer-item.h"

#include "app/roll-format.h"
#include "app/roll-status-look.h"

struct _RollComputerItem
{
  GObject parent_instance;

  RollComputer *computer;
};

enum
{
  PROP_0,
  PROP_NAME,
  PROP_ADDRESS,
  PROP_STATUS,
  PROP_SIGN,
  PROP_SIGN_CLASSES,
  PROP_STEP,
  PROP_ATTEMPTS,
  PROP_DURATION,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RollComputerItem, roll_computer_item, G_TYPE_OBJECT)

static void
roll_computer_item_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  const RollComputer *computer = ROLL_COMPUTER_ITEM (object)->computer;
  char buffer[ROLL_ADDRESS_STRLEN];

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, computer->target);
      break;
    case PROP_ADDRESS:
      g_value_set_string (value, roll_address_format (&computer->address, buffer));
      break;
    case PROP_STATUS:
      g_value_set_string (value, roll_status_label (computer->status));
      break;
    case PROP_SIGN:
      g_value_set_string (value, roll_status_look (computer->status)->sign);
      break;
    case PROP_SIGN_CLASSES:
      g_value_set_boxed (value, roll_status_look (computer->status)->classes);
      break;
    case PROP_STEP:
      g_value_set_string (value, computer->step != ROLL_STEP_NONE ? roll_step_label (computer->step) : "");
      break;
    case PROP_ATTEMPTS:
      g_value_take_string (value, computer->attempts > 0 ? roll_format_count (computer->attempts) : NULL);
      break;
    case PROP_DURATION:
      g_value_take_string (value, computer->started_at > 0 ? roll_format_duration (computer->duration_us) : NULL);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_computer_item_finalize (GObject *object)
{
  RollComputerItem *self = ROLL_COMPUTER_ITEM (object);

  roll_computer_unref (self->computer);
  G_OBJECT_CLASS (roll_computer_item_parent_class)->finalize (object);
}

static void
roll_computer_item_class_init (RollComputerItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = roll_computer_item_get_property;
  object_class->finalize = roll_computer_item_finalize;

  properties[PROP_NAME] = g_param_spec_string ("name", NULL, NULL, NULL, flags);
  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL, flags);
  properties[PROP_STATUS] = g_param_spec_string ("status", NULL, NULL, NULL, flags);
  properties[PROP_SIGN] = g_param_spec_string ("sign", NULL, NULL, NULL, flags);
  properties[PROP_SIGN_CLASSES] = g_param_spec_boxed ("sign-classes", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_STEP] = g_param_spec_string ("step", NULL, NULL, NULL, flags);
  properties[PROP_ATTEMPTS] = g_param_spec_string ("attempts", NULL, NULL, NULL, flags);
  properties[PROP_DURATION] = g_param_spec_string ("duration", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
roll_computer_item_init (RollComputerItem *self)
{
}

RollComputerItem *
roll_computer_item_new (RollComputer *computer)
{
  RollComputerItem *self = g_object_new (ROLL_TYPE_COMPUTER_ITEM, NULL);

  self->computer = roll_computer_ref (computer);
  return self;
}

RollComputer *
roll_computer_item_get_computer (RollComputerItem *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTER_ITEM (self), NULL);

  return self->computer;
}

void
roll_computer_item_set_computer (RollComputerItem *self, RollComputer *computer)
{
  g_return_if_fail (ROLL_IS_COMPUTER_ITEM (self));

  if (self->computer == computer)
    return;
  roll_computer_unref (self->computer);
  self->computer = roll_computer_ref (computer);
  for (guint i = PROP_ADDRESS; i < N_PROPS; i++)
    g_object_notify_by_pspec (G_OBJECT (self), properties[i]);
}
