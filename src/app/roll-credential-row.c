/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-credential-row.h"

#include <glib/gi18n.h>

struct _RollCredentialRow
{
  AdwActionRow parent_instance;

  GtkWidget *handle;
  GtkWidget *edit_button;
  GtkWidget *remove_button;
  GtkWidget *check; /* (nullable) */
  RollVaultEntry *entry;
};

enum
{
  TOGGLED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollCredentialRow, roll_credential_row, ADW_TYPE_ACTION_ROW)

/* --- What it says --- */

static const char *
describe_protocols (const char *protocols)
{
  if (g_ascii_strcasecmp (protocols, "ntlm") == 0)
    return _("NTLM only");
  if (g_ascii_strcasecmp (protocols, "kerberos") == 0)
    return _("Kerberos only");
  if (g_ascii_strncasecmp (protocols, "ntlm", 4) == 0)
    return _("NTLM before Kerberos");
  return NULL;
}

char *
roll_credential_describe (const RollVaultEntry *entry)
{
  g_autoptr (GString) text = g_string_new (entry->account);
  g_auto (GStrv) places = g_strsplit_set (entry->scope, ";,\n", -1);
  g_autofree char *joined = g_strjoinv (", ", places);
  const char *protocols = describe_protocols (entry->protocols);

  if (*entry->scope == '\0')
    g_string_append_printf (text, " · %s", _("everywhere"));
  else
    /* Translators: networks and names, such as “only 10.1.0.0/16, corp.example” */
    g_string_append_printf (text, _(" · only %s"), joined);
  if (protocols != NULL)
    g_string_append_printf (text, " · %s", protocols);
  if (entry->session)
    g_string_append_printf (text, " · %s", _("for this session only"));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* @label: (transfer full) */
static void
set_label (GtkWidget *widget, char *label)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_free (label);
}

void
roll_credential_row_set_entry (RollCredentialRow *self, RollVaultEntry *entry)
{
  g_autofree char *description = NULL;

  g_return_if_fail (ROLL_IS_CREDENTIAL_ROW (self) && entry != NULL);

  roll_vault_entry_ref (entry);
  g_clear_pointer (&self->entry, roll_vault_entry_unref);
  self->entry = entry;
  description = roll_credential_describe (entry);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), entry->name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), description);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self), description);
  set_label (GTK_WIDGET (self), g_strdup_printf ("%s, %s", entry->name, description));
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->edit_button), "s", entry->id);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (self->remove_button), "s", entry->id);
  /* Translators: for a screen reader: the name of a credential */
  set_label (self->edit_button, g_strdup_printf (_("Edit %s"), entry->name));
  set_label (self->remove_button, g_strdup_printf (_("Remove %s"), entry->name));
  if (self->check != NULL)
    set_label (self->check, g_strdup_printf (_("Use %s"), entry->name));
}

RollVaultEntry *
roll_credential_row_get_entry (RollCredentialRow *self)
{
  g_return_val_if_fail (ROLL_IS_CREDENTIAL_ROW (self), NULL);

  return self->entry;
}

/* --- Choosing --- */

static void
on_toggled (GtkCheckButton *check, RollCredentialRow *self)
{
  g_signal_emit (self, signals[TOGGLED], 0);
}

void
roll_credential_row_set_chosen (RollCredentialRow *self, gboolean chosen)
{
  g_return_if_fail (ROLL_IS_CREDENTIAL_ROW (self));

  if (self->check != NULL)
    gtk_check_button_set_active (GTK_CHECK_BUTTON (self->check), chosen);
}

gboolean
roll_credential_row_is_chosen (RollCredentialRow *self)
{
  g_return_val_if_fail (ROLL_IS_CREDENTIAL_ROW (self), FALSE);

  return self->check != NULL && gtk_check_button_get_active (GTK_CHECK_BUTTON (self->check));
}

/* --- Object --- */

static void
roll_credential_row_finalize (GObject *object)
{
  g_clear_pointer (&ROLL_CREDENTIAL_ROW (object)->entry, roll_vault_entry_unref);
  G_OBJECT_CLASS (roll_credential_row_parent_class)->finalize (object);
}

static void
roll_credential_row_class_init (RollCredentialRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = roll_credential_row_finalize;
  signals[TOGGLED] = g_signal_new ("toggled", ROLL_TYPE_CREDENTIAL_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-credential-row.ui");
  gtk_widget_class_bind_template_child (widget_class, RollCredentialRow, handle);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialRow, edit_button);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialRow, remove_button);
}

static void
roll_credential_row_init (RollCredentialRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
roll_credential_row_new (gboolean choosing)
{
  RollCredentialRow *self = g_object_new (ROLL_TYPE_CREDENTIAL_ROW, NULL);

  if (!choosing)
    return GTK_WIDGET (self);
  self->check = gtk_check_button_new ();
  gtk_widget_set_valign (self->check, GTK_ALIGN_CENTER);
  g_signal_connect (self->check, "toggled", G_CALLBACK (on_toggled), self);
  adw_action_row_add_prefix (ADW_ACTION_ROW (self), self->check);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->check);
  return GTK_WIDGET (self);
}
