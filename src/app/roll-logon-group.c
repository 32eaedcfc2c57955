/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-logon-group.h"

#include <glib/gi18n.h>
#include <string.h>

struct _RollLogonGroup
{
  AdwPreferencesGroup parent_instance;

  AdwEntryRow *account_row;
  AdwEntryRow *password_row;
  AdwPreferencesRow *reason_row;

  gboolean required;
  gboolean right;
};

enum
{
  PROP_0,
  PROP_REQUIRED,
  N_PROPS,
};

enum
{
  CHANGED,
  ACTIVATED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollLogonGroup, roll_logon_group, ADW_TYPE_PREFERENCES_GROUP)

char *
roll_logon_check (const char *account)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollCredential) credential = roll_credential_new (account, account, roll_secret_new ("", 0), NULL, NULL,
                                                               &error);

  return error != NULL ? g_strdup (error->message) : NULL;
}

/* (transfer full) */
static char *
get_account (RollLogonGroup *self)
{
  return g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->account_row))));
}

static gboolean
has_password (RollLogonGroup *self)
{
  return *gtk_editable_get_text (GTK_EDITABLE (self->password_row)) != '\0';
}

/* --- Checking --- */

/* The reason why it is not right yet; what is still to be typed is no mistake. (transfer full) (nullable) */
static char *
find_reason (RollLogonGroup *self, gboolean *ret_mistake)
{
  g_autofree char *account = get_account (self);
  char *mistake = *account != '\0' ? roll_logon_check (account) : NULL;

  *ret_mistake = mistake != NULL;
  if (mistake != NULL)
    return mistake;
  if (*account == '\0' && has_password (self))
    return g_strdup (_("Type the account that the password belongs to."));
  if (*account != '\0' && !has_password (self))
    return g_strdup (_("Type the password of this account."));
  return NULL;
}

static void
update (RollLogonGroup *self)
{
  gboolean mistake;
  g_autofree char *account = get_account (self);
  g_autofree char *reason = find_reason (self, &mistake);

  adw_preferences_row_set_title (self->reason_row, reason != NULL ? reason : "");
  gtk_widget_set_visible (GTK_WIDGET (self->reason_row), reason != NULL);
  if (mistake)
    {
      gtk_widget_add_css_class (GTK_WIDGET (self->account_row), "error");
      gtk_widget_add_css_class (GTK_WIDGET (self->reason_row), "error");
    }
  else
    {
      gtk_widget_remove_css_class (GTK_WIDGET (self->account_row), "error");
      gtk_widget_remove_css_class (GTK_WIDGET (self->reason_row), "error");
    }
  self->right = reason == NULL && (!self->required || *account != '\0');
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
on_account_changed (AdwEntryRow *row, RollLogonGroup *self)
{
  update (self);
}

static void
on_password_changed (AdwEntryRow *row, RollLogonGroup *self)
{
  if (has_password (self))
    roll_secret_forbid_dumps ();
  update (self);
}

static void
on_activated (AdwEntryRow *row, RollLogonGroup *self)
{
  g_signal_emit (self, signals[ACTIVATED], 0);
}

/* --- Object --- */

static gboolean
roll_logon_group_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ROLL_LOGON_GROUP (widget)->account_row));
}

static void
roll_logon_group_get_property (GObject *object, guint prop_id, GValue *value, GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_REQUIRED:
      g_value_set_boolean (value, ROLL_LOGON_GROUP (object)->required);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_logon_group_set_property (GObject *object, guint prop_id, const GValue *value, GParamSpec *pspec)
{
  RollLogonGroup *self = ROLL_LOGON_GROUP (object);

  switch (prop_id)
    {
    case PROP_REQUIRED:
      if (self->required == g_value_get_boolean (value))
        break;
      self->required = !self->required;
      update (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
roll_logon_group_class_init (RollLogonGroupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = roll_logon_group_get_property;
  object_class->set_property = roll_logon_group_set_property;
  widget_class->grab_focus = roll_logon_group_grab_focus;
  properties[PROP_REQUIRED] = g_param_spec_boolean ("required", NULL, NULL, FALSE,
                                                    G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[CHANGED] = g_signal_new ("changed", ROLL_TYPE_LOGON_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[ACTIVATED] = g_signal_new ("activated", ROLL_TYPE_LOGON_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-logon-group.ui");
  gtk_widget_class_bind_template_child (widget_class, RollLogonGroup, account_row);
  gtk_widget_class_bind_template_child (widget_class, RollLogonGroup, password_row);
  gtk_widget_class_bind_template_child (widget_class, RollLogonGroup, reason_row);
  gtk_widget_class_bind_template_callback (widget_class, on_account_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_password_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_activated);
}

static void
roll_logon_group_init (RollLogonGroup *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  update (self);
}

gboolean
roll_logon_group_is_right (RollLogonGroup *self)
{
  g_return_val_if_fail (ROLL_IS_LOGON_GROUP (self), FALSE);

  return self->right;
}

gboolean
roll_logon_group_is_empty (RollLogonGroup *self)
{
  g_return_val_if_fail (ROLL_IS_LOGON_GROUP (self), TRUE);

  return *gtk_editable_get_text (GTK_EDITABLE (self->account_row)) == '\0' && !has_password (self);
}

char *
roll_logon_group_get_account (RollLogonGroup *self)
{
  g_return_val_if_fail (ROLL_IS_LOGON_GROUP (self), NULL);

  return get_account (self);
}

void
roll_logon_group_set_account (RollLogonGroup *self, const char *account)
{
  g_return_if_fail (ROLL_IS_LOGON_GROUP (self));

  gtk_editable_set_text (GTK_EDITABLE (self->account_row), account);
}

GPtrArray *
roll_logon_group_get_credentials (RollLogonGroup *self)
{
  g_autofree char *account = NULL;
  const char *password;
  RollCredential *credential;
  GPtrArray *credentials;

  g_return_val_if_fail (ROLL_IS_LOGON_GROUP (self), NULL);
  g_return_val_if_fail (self->right, NULL);

  account = get_account (self);
  if (*account == '\0')
    return NULL;
  /* The entry's own memory, which GTK neither lets be swapped nor leaves behind: the secret is the only copy. */
  password = gtk_editable_get_text (GTK_EDITABLE (self->password_row));
  credential = roll_credential_new (account, account, roll_secret_new (password, strlen (password)), NULL, NULL, NULL);
  g_assert (credential != NULL);
  credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  g_ptr_array_add (credentials, credential);
  return credentials;
}

void
roll_logon_group_forget_password (RollLogonGroup *self)
{
  g_return_if_fail (ROLL_IS_LOGON_GROUP (self));

  gtk_editable_set_text (GTK_EDITABLE (self->password_row), "");
}
