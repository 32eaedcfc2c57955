/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-credentials-list.h"

struct _RollCredentialsList
{
  GtkWidget parent_instance;

  RollVault *vault;
  RollLibrary *library;
  gboolean choosing;
  RollScanOptions *options;
};

enum
{
  PROP_0,
  PROP_VAULT,
  PROP_LIBRARY,
  PROP_CHOOSING,
  N_PROPS,
};

enum
{
  CHANGED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollCredentialsList, roll_credentials_list, GTK_TYPE_WIDGET)

static void
roll_credentials_list_dispose (GObject *object)
{
  RollCredentialsList *self = ROLL_CREDENTIALS_LIST (object);

  g_clear_object (&self->vault);
  g_clear_object (&self->library);
  g_clear_pointer (&self->options, roll_scan_options_free);
  G_OBJECT_CLASS (roll_credentials_list_parent_class)->dispose (object);
}

static void
roll_credentials_list_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RollCredentialsList *self = ROLL_CREDENTIALS_LIST (object);

  switch (prop_id)
    {
    case PROP_VAULT:
      g_value_set_object (value, self->vault);
      break;
    case PROP_LIBRARY:
      g_value_set_object (value, self->library);
      break;
    case PROP_CHOOSING:
      g_value_set_boolean (value, self->choosing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_credentials_list_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  RollCredentialsList *self = ROLL_CREDENTIALS_LIST (object);

  switch (prop_id)
    {
    case PROP_VAULT:
      g_set_object (&self->vault, g_value_get_object (value));
      break;
    case PROP_LIBRARY:
      g_set_object (&self->library, g_value_get_object (value));
      break;
    case PROP_CHOOSING:
      self->choosing = g_value_get_boolean (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_credentials_list_class_init (RollCredentialsListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = roll_credentials_list_dispose;
  object_class->get_property = roll_credentials_list_get_property;
  object_class->set_property = roll_credentials_list_set_property;
  properties[PROP_VAULT] = g_param_spec_object ("vault", NULL, NULL, ROLL_TYPE_VAULT,
                                                G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_LIBRARY] = g_param_spec_object ("library", NULL, NULL, ROLL_TYPE_LIBRARY,
                                                  G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  properties[PROP_CHOOSING] = g_param_spec_boolean ("choosing", NULL, NULL, FALSE,
                                                    G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[CHANGED] = g_signal_new ("changed", ROLL_TYPE_CREDENTIALS_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
}

static void
roll_credentials_list_init (RollCredentialsList *self)
{
}

GtkWidget *
roll_credentials_list_new (RollVault *vault, RollLibrary *library, gboolean choosing)
{
  return g_object_new (ROLL_TYPE_CREDENTIALS_LIST, "vault", vault, "library", library, "choosing", choosing, NULL);
}

GPtrArray *
roll_credentials_list_get_chosen (RollCredentialsList *self)
{
  g_return_val_if_fail (ROLL_IS_CREDENTIALS_LIST (self), NULL);

  return g_ptr_array_new_with_free_func ((GDestroyNotify) roll_vault_entry_unref);
}

void
roll_credentials_list_choose (RollCredentialsList *self, const char *const *ids)
{
  g_return_if_fail (ROLL_IS_CREDENTIALS_LIST (self) && ids != NULL);
}

void
roll_credentials_list_set_options (RollCredentialsList *self, const RollScanOptions *options)
{
  g_return_if_fail (ROLL_IS_CREDENTIALS_LIST (self));

  g_clear_pointer (&self->options, roll_scan_options_free);
  self->options = options != NULL ? roll_scan_options_copy (options) : NULL;
}
