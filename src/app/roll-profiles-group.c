/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-profiles-group.h"

#include <glib/gi18n.h>

#include "app/roll-profile-work.h"

#define NAME "profile" /* of a row, a button or a dialog */
#define GROUP "group"  /* of a dialog */

struct _RollProfilesGroup
{
  AdwPreferencesGroup parent_instance;

  AdwExpanderRow *expander;

  GPtrArray *rows; /* (element-type GtkWidget): in @expander */
  RollProfileNames *names; /* (nullable): as they were read last */
  gboolean disposed;
};

enum
{
  CHOSEN,
  LISTED,
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

static void
show_error (RollProfilesGroup *self, const char *heading, const GError *error)
{
  GtkWidget *dialog = new_dialog (self, heading, NULL);

  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), error->message);
  adw_message_dialog_set_response_label (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- Rename --- */

static void
on_rename_text (GtkEditable *entry, AdwMessageDialog *dialog)
{
  RollProfilesGroup *self = g_object_get_data (G_OBJECT (dialog), GROUP);
  g_autoptr (GError) error = NULL;
  const char *name = gtk_editable_get_text (entry);
  gboolean right = roll_profile_check_name (name, &error);

  if (right && g_strcmp0 (name, get_name (dialog)) != 0 && roll_profile_is_one_of (name, roll_profiles_group_get_names (self)))
    g_set_error (&error, G_IO_ERROR, G_IO_ERROR_EXISTS, _("There is a profile “%s” already. Type another name."), name);
  adw_message_dialog_set_body (dialog, error != NULL ? error->message : "");
  adw_message_dialog_set_response_enabled (dialog, "rename", error == NULL);
}

static void on_rename_response (AdwMessageDialog *dialog, const char *response, RollProfilesGroup *self);

/* @reason: (nullable): why it could not be done */
static void
ask_name (RollProfilesGroup *self, const char *name, const char *new_name, const char *reason)
{
  GtkWidget *dialog = new_dialog (self, reason != NULL ? _("The Profile Could Not Be Renamed") : _("Rename Profile"), name);
  GtkWidget *entry = gtk_entry_new ();

  g_object_set_data_full (G_OBJECT (dialog), GROUP, g_object_ref (self), g_object_unref);
  gtk_editable_set_text (GTK_EDITABLE (entry), new_name);
  gtk_entry_set_max_length (GTK_ENTRY (entry), ROLL_PROFILE_NAME_MAX);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name of the profile"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "rename", reason != NULL ? _("_Try Again") : _("_Rename"));
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "rename", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "rename");
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (dialog), reason != NULL ? reason : "");
  g_signal_connect (entry, "changed", G_CALLBACK (on_rename_text), dialog);
  g_signal_connect_object (dialog, "response", G_CALLBACK (on_rename_response), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}

/* What was typed is kept when it could not be done. */
static void
on_renamed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollProfilesGroup *self = ROLL_PROFILES_GROUP (source);
  g_autoptr (GError) error = NULL;
  const char *new_name;
  const char *name = roll_profile_work_get_name (result, &new_name);

  if (!roll_profile_change_finish (result, &error) && gtk_widget_get_mapped (GTK_WIDGET (self)))
    ask_name (self, name, new_name, error->message);
  roll_profiles_group_refresh (self);
}

static void
on_rename_response (AdwMessageDialog *dialog, const char *response, RollProfilesGroup *self)
{
  GtkWidget *entry = adw_message_dialog_get_extra_child (dialog);

  if (g_str_equal (response, "rename"))
    roll_profile_rename_async (self, get_name (dialog), gtk_editable_get_text (GTK_EDITABLE (entry)), on_renamed);
}

static void
on_rename_clicked (GtkButton *button, RollProfilesGroup *self)
{
  ask_name (self, get_name (button), get_name (button), NULL);
}

/* --- Delete --- */

static void
on_deleted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollProfilesGroup *self = ROLL_PROFILES_GROUP (source);
  g_autoptr (GError) error = NULL;

  if (!roll_profile_change_finish (result, &error) && gtk_widget_get_mapped (GTK_WIDGET (self)))
    show_error (self, _("The Profile Could Not Be Deleted"), error);
  roll_profiles_group_refresh (self);
}

static void
on_delete_response (AdwMessageDialog *dialog, const char *response, RollProfilesGroup *self)
{
  if (g_str_equal (response, "delete"))
    roll_profile_delete_async (self, get_name (dialog), on_deleted);
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

/* A file that is no profile, or the folder that can't be read. */
static GtkWidget *
new_problem_row (const char *problem)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

  gtk_widget_add_css_class (icon, "warning");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), problem);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

static void
add_row (RollProfilesGroup *self, GtkWidget *row)
{
  adw_expander_row_add_row (self->expander, row);
  g_ptr_array_add (self->rows, row);
}

static char *
describe (guint n_names, guint n_problems)
{
  g_autofree char *names = g_strdup_printf (ngettext ("%u profile", "%u profiles", n_names), n_names);
  g_autofree char *problems = g_strdup_printf (ngettext ("%u can’t be read", "%u can’t be read", n_problems), n_problems);

  return n_problems > 0 ? g_strdup_printf ("%s · %s", names, problems) : g_steal_pointer (&names);
}

static void
show_names (RollProfilesGroup *self)
{
  guint n = g_strv_length (self->names->names);
  guint n_problems = g_strv_length (self->names->problems);
  g_autofree char *text = describe (n, n_problems);

  for (guint i = 0; i < self->rows->len; i++)
    adw_expander_row_remove (self->expander, self->rows->pdata[i]);
  g_ptr_array_set_size (self->rows, 0);
  for (guint i = 0; i < n; i++)
    add_row (self, new_row (self, self->names->names[i]));
  for (guint i = 0; i < n_problems; i++)
    add_row (self, new_problem_row (self->names->problems[i]));
  adw_expander_row_set_subtitle (self->expander, text);
  gtk_widget_set_visible (GTK_WIDGET (self), n + n_problems > 0);
}

static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollProfilesGroup *self = ROLL_PROFILES_GROUP (source);
  g_autoptr (GError) error = NULL;
  RollProfileNames *names = roll_profile_list_finish (result, &error);

  if (self->disposed)
    {
      g_clear_pointer (&names, roll_profile_names_free);
      return;
    }
  if (names == NULL)
    {
      names = g_new0 (RollProfileNames, 1);
      names->names = g_new0 (char *, 1);
      names->problems = g_new0 (char *, 2);
      names->problems[0] = g_strdup (error->message);
    }
  g_clear_pointer (&self->names, roll_profile_names_free);
  self->names = names;
  show_names (self);
  g_signal_emit (self, signals[LISTED], 0);
}

void
roll_profiles_group_refresh (RollProfilesGroup *self)
{
  g_return_if_fail (ROLL_IS_PROFILES_GROUP (self));

  roll_profile_list_async (self, on_listed);
}

const char *const *
roll_profiles_group_get_names (RollProfilesGroup *self)
{
  g_return_val_if_fail (ROLL_IS_PROFILES_GROUP (self), NULL);

  return self->names != NULL ? (const char *const *) self->names->names : NULL;
}

/* --- Object --- */

static void
roll_profiles_group_dispose (GObject *object)
{
  ROLL_PROFILES_GROUP (object)->disposed = TRUE;
  G_OBJECT_CLASS (roll_profiles_group_parent_class)->dispose (object);
}

static void
roll_profiles_group_finalize (GObject *object)
{
  g_clear_pointer (&ROLL_PROFILES_GROUP (object)->names, roll_profile_names_free);
  g_ptr_array_unref (ROLL_PROFILES_GROUP (object)->rows);
  G_OBJECT_CLASS (roll_profiles_group_parent_class)->finalize (object);
}

static void
roll_profiles_group_class_init (RollProfilesGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_profiles_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = roll_profiles_group_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", ROLL_TYPE_PROFILES_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[LISTED] = g_signal_new ("listed", ROLL_TYPE_PROFILES_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
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
