/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-wizard-page.h"

typedef struct
{
  char *title;
  char *action;
  gboolean ready;
} RollWizardPagePrivate;

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_ACTION,
  PROP_READY,
  N_PROPS,
};

enum
{
  GO_ON,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (RollWizardPage, roll_wizard_page, ADW_TYPE_BIN)

static RollWizardPagePrivate *
get_private (RollWizardPage *self)
{
  return roll_wizard_page_get_instance_private (self);
}

static void
roll_wizard_page_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  RollWizardPagePrivate *priv = get_private (ROLL_WIZARD_PAGE (object));

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, priv->title);
      break;
    case PROP_ACTION:
      g_value_set_string (value, priv->action);
      break;
    case PROP_READY:
      g_value_set_boolean (value, priv->ready);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_wizard_page_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  RollWizardPage *self = ROLL_WIZARD_PAGE (object);
  RollWizardPagePrivate *priv = get_private (self);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_free (priv->title);
      priv->title = g_value_dup_string (value);
      break;
    case PROP_ACTION:
      g_free (priv->action);
      priv->action = g_value_dup_string (value);
      break;
    case PROP_READY:
      roll_wizard_page_set_ready (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_wizard_page_finalize (GObject *object)
{
  RollWizardPagePrivate *priv = get_private (ROLL_WIZARD_PAGE (object));

  g_free (priv->title);
  g_free (priv->action);
  G_OBJECT_CLASS (roll_wizard_page_parent_class)->finalize (object);
}

static void
arrive_anyway (RollWizardPage *self)
{
}

static gboolean
leave_anyway (RollWizardPage *self)
{
  return TRUE;
}

static void
roll_wizard_page_class_init (RollWizardPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = roll_wizard_page_get_property;
  object_class->set_property = roll_wizard_page_set_property;
  object_class->finalize = roll_wizard_page_finalize;
  klass->arrive = arrive_anyway;
  klass->leave = leave_anyway;
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_ACTION] = g_param_spec_string ("action", NULL, NULL, NULL, flags);
  properties[PROP_READY] = g_param_spec_boolean ("ready", NULL, NULL, TRUE, flags | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[GO_ON] = g_signal_new ("go-on", ROLL_TYPE_WIZARD_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

static void
roll_wizard_page_init (RollWizardPage *self)
{
  get_private (self)->ready = TRUE;
}

const char *
roll_wizard_page_get_title (RollWizardPage *self)
{
  g_return_val_if_fail (ROLL_IS_WIZARD_PAGE (self), NULL);

  return get_private (self)->title;
}

const char *
roll_wizard_page_get_action (RollWizardPage *self)
{
  g_return_val_if_fail (ROLL_IS_WIZARD_PAGE (self), NULL);

  return get_private (self)->action;
}

gboolean
roll_wizard_page_get_ready (RollWizardPage *self)
{
  g_return_val_if_fail (ROLL_IS_WIZARD_PAGE (self), FALSE);

  return get_private (self)->ready;
}

void
roll_wizard_page_set_ready (RollWizardPage *self, gboolean ready)
{
  g_return_if_fail (ROLL_IS_WIZARD_PAGE (self));

  if (get_private (self)->ready == ready)
    return;
  get_private (self)->ready = ready;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_READY]);
}

void
roll_wizard_page_go_on (RollWizardPage *self)
{
  g_return_if_fail (ROLL_IS_WIZARD_PAGE (self));

  g_signal_emit (self, signals[GO_ON], 0);
}

void
roll_wizard_page_arrive (RollWizardPage *self)
{
  g_return_if_fail (ROLL_IS_WIZARD_PAGE (self));

  ROLL_WIZARD_PAGE_GET_CLASS (self)->arrive (self);
}

gboolean
roll_wizard_page_leave (RollWizardPage *self)
{
  g_return_val_if_fail (ROLL_IS_WIZARD_PAGE (self), FALSE);

  return ROLL_WIZARD_PAGE_GET_CLASS (self)->leave (self);
}

void
roll_wizard_add_next_shortcut (GtkWidget *wizard)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>Return|<Control>KP_Enter"),
                                            gtk_named_action_new ("wizard.next"));

  g_return_if_fail (GTK_IS_WIDGET (wizard));

  /* Before a text view takes it for the end of a line. */
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (controller), shortcut);
  gtk_widget_add_controller (wizard, controller);
}
