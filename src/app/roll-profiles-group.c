/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-profiles-group.h"

#include <glib/gi18n.h>

#include "scan/roll-profile.h"

#define NAME "profile" /* of a row, a button or a dialog */

struct _RollProfilesGroup
{
  AdwPreferencesGroup parent_instance;

  AdwExpanderRow *expander;

  GPtrArray *rows; /* (element-type GtkWidget): in @expander */
};

enum
{
  CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollProfilesGroup, roll_profiles_group, ADW_TYPE_PREFERENCES_GROUP)

static const char *
get_name (gpointer object)
{
  return g_object_get_data (object, NAME);
}

static void
set_name (gpointer object, const char *name)
{
  g_object_set_data_full (object, NAME, g_strdup (name), g_free);
}

static GtkWidget *
new_dialog (RollProfilesGroup *self, const char *heading, const char *name)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (root), heading, NULL);

  set_name (dialog, name);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"));
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  return dialog;
}

/* --- Rename --- */

static void
on_rename_text (GtkEditable *entry, AdwMessageDialog *dialog)
{
  g_autoptr (GError) error = NULL;
  const char *name = gtk_editable_get_text (entry);
  gboolean right = roll_profile_check_name (name, &error);

  if (right && g_strcmp0 (name, get_name (dialog)) != 0 && roll_profile_exists (name))
    g_set_error (&error, G_IO_ERROR, G_IO_ERROR_EXISTS, _("There is a profile “%s” already. Type another name."), name);
  adw_message_dialog_set_body (dialog, error != NULL ? error->message : "");
  adw_message_dialog_set_response_enabled (dialog, "rename", error == NULL);
}

static void
on_rename_response (AdwMessageDialog *dialog, const char *response, RollProfilesGroup *self)
{
  GtkWidget *entry = adw_message_dialog_get_extra_child (dialog);

  if (!g_str_equal (response, "rename"))
    return;
  roll_profile_rename (get_name (dialog), gtk_editable_get_text (GTK_EDITABLE (entry)), NULL);
  roll_profiles_group_refresh (self);
}

static void
on_rename_clicked (GtkButton *button, RollProfilesGroup *self)
{
  GtkWidget *dialog = new_dialog (self, _("Rename Profile"), get_name (button));
  GtkWidget *entry = gtk_entry_new ();

  gtk_editable_set_text (GTK_EDITABLE (entry), get_name (button));
  gtk_entry_set_max_length (GTK_ENTRY (entry), ROLL_PROFILE_NAME_MAX);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name of the profile"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "rename", _("_Rename"));
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "rename", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "rename");
  g_signal_connect (entry, "changed", G_CALLBACK (on_rename_text), dialog);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_rename_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}

/* --- Delete --- */

static void
on_delete_response (AdwMessageDialog *dialog, const char *response, RollProfilesGroup *self)
{
  if (!g_str_equal (response, "delete"))
    return;
  roll_profile_delete (get_name (dialog), NULL);
  roll_profiles_group_refresh (self);
}

static void
on_delete_clicked (GtkButton *button, RollProfilesGroup *self)
{
  GtkWidget *dialog = new_dialog (self, _("Delete Profile?"), get_name (button));

  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog),
                                  _("“%s” is deleted for good. Scans that were made with it stay."), get_name (button));
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "delete", _("_Delete"));
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_delete_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- Rows --- */

static void
on_row_activated (AdwActionRow *row, RollProfilesGroup *self)
{
  g_signal_emit (self, signals[CHOSEN], 0, get_name (row));
}

static void
add_button (RollProfilesGroup *self, GtkWidget *row, const char *icon, const char *tooltip, const char *name, GCallback func)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_tooltip_text (button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip, -1);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  set_name (button, name);
  g_signal_connect (button, "clicked", func, self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static GtkWidget *
new_row (RollProfilesGroup *self, const char *name)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *rename_text = g_strdup_printf (_("Rename “%s”"), name);
  g_autofree char *delete_text = g_strdup_printf (_("Delete “%s”"), name);

  set_name (row, name);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), name);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 2);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  add_button (self, row, "document-edit-symbolic", rename_text, name, G_CALLBACK (on_rename_clicked));
  add_button (self, row, "user-trash-symbolic", delete_text, name, G_CALLBACK (on_delete_clicked));
  g_signal_connect (row, "activated", G_CALLBACK (on_row_activated), self);
  return row;
}

void
roll_profiles_group_refresh (RollProfilesGroup *self)
{
  g_auto (GStrv) names = roll_profile_list ();
  g_autofree char *count = NULL;
  guint n = g_strv_length (names);

  g_return_if_fail (ROLL_IS_PROFILES_GROUP (self));

  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (self->expander, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *row = new_row (self, names[i]);

      adw_expander_row_add_row (self->expander, row);
      g_ptr_array_add (self->rows, row);
    }
  count = g_strdup_printf (ngettext ("%u profile", "%u profiles", n), n);
  adw_expander_row_set_subtitle (self->expander, count);
  gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
}

/* --- Object --- */

static void
roll_profiles_group_finalize (GObject *object)
{
  g_ptr_array_unref (ROLL_PROFILES_GROUP (object)->rows);
  G_OBJECT_CLASS (roll_profiles_group_parent_class)->finalize (object);
}

static void
roll_profiles_group_class_init (RollProfilesGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = roll_profiles_group_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", ROLL_TYPE_PROFILES_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-profiles-group.ui");
  gtk_widget_class_bind_template_child (widget_class, RollProfilesGroup, expander);
}

static void
roll_profiles_group_init (RollProfilesGroup *self)
{
  self->rows = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_hide (GTK_WIDGET (self));
}
