/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-place.h"

struct _RollPlace
{
  GObject parent_instance;

  char *dn;
  char *name;
  guint depth;
  gboolean chosen;
};

enum
{
  PROP_0,
  PROP_CHOSEN,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (RollPlace, roll_place, G_TYPE_OBJECT)

static void
roll_place_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_CHOSEN:
      g_value_set_boolean (value, ROLL_PLACE (object)->chosen);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_place_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  RollPlace *self = ROLL_PLACE (object);

  switch (prop_id)
    {
    case PROP_CHOSEN:
      if (self->chosen == g_value_get_boolean (value))
        break;
      self->chosen = !self->chosen;
      g_object_notify_by_pspec (object, pspec);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_place_finalize (GObject *object)
{
  RollPlace *self = ROLL_PLACE (object);

  g_free (self->dn);
  g_free (self->name);
  G_OBJECT_CLASS (roll_place_parent_class)->finalize (object);
}

static void
roll_place_class_init (RollPlaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = roll_place_get_property;
  object_class->set_property = roll_place_set_property;
  object_class->finalize = roll_place_finalize;
  properties[PROP_CHOSEN] = g_param_spec_boolean ("chosen", NULL, NULL, FALSE,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
roll_place_init (RollPlace *self)
{
}

RollPlace *
roll_place_new (const RollDirectoryContainer *container, guint depth, gboolean chosen)
{
  RollPlace *self = g_object_new (ROLL_TYPE_PLACE, NULL);

  self->dn = g_strdup (container->dn);
  self->name = g_strdup (container->name);
  self->depth = depth;
  self->chosen = chosen;
  return self;
}

const char *
roll_place_get_dn (RollPlace *self)
{
  return self->dn;
}

const char *
roll_place_get_name (RollPlace *self)
{
  return self->name;
}

guint
roll_place_get_depth (RollPlace *self)
{
  return self->depth;
}

gboolean
roll_place_get_chosen (RollPlace *self)
{
  return self->chosen;
}
