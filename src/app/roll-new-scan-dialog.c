/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-new-scan-dialog.h"

#include <glib/gi18n.h>

#include "app/roll-format.h"
#include "app/roll-logon-group.h"
#include "app/roll-scan-form.h"

#define CHECK_DELAY_MS 200
#define DEFAULT_TIMEOUT_MS 3500

struct _RollNewScanDialog
{
  AdwWindow parent_instance;

  GtkWidget *start_button;
  GtkInfoBar *error_bar;
  GtkLabel *error_label;
  GtkTextBuffer *targets_buffer;
  GtkWidget *targets_view;
  GtkWidget *placeholder;
  GtkListBox *files_list;
  GtkLabel *count_label;
  GtkWidget *public_box;
  GtkLabel *public_label;
  GtkListBox *problems_list;
  RollLogonGroup *logon_group;
  AdwEntryRow *exclusions_row;
  AdwEntryRow *name_row;
  AdwEntryRow *servers_row;
  AdwPreferencesRow *servers_error;
  GtkSpinButton *timeout_spin;
  GtkSpinButton *port_spin;

  GPtrArray *files;       /* (element-type GFile) */
  guint check_source;
  GCancellable *checking; /* the check that counts; NULL when all that was typed is checked */
  RollScanFormCheck *check;
  gboolean start_when_checked;
  gboolean starting;
  GtkFileChooserNative *chooser;
};

enum
{
  START,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollNewScanDialog, roll_new_scan_dialog, ADW_TYPE_WINDOW)

static void schedule_check (RollNewScanDialog *self);
static void start_scan (RollNewScanDialog *self);

/* --- What the check found --- */

static GtkWidget *
new_problem_row (const RollFormProblem *problem)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *place = roll_form_problem_place (problem);
  g_autofree char *title = problem->text != NULL ? g_strdup_printf ("%s: %s", place, problem->text) : g_strdup (place);
  GtkWidget *icon = gtk_image_new_from_icon_name ("dialog-warning-symbolic");

  gtk_widget_add_css_class (icon, "warning");
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), problem->reason);
  gtk_widget_set_focusable (row, FALSE);
  return row;
}

static void
clear_list (GtkListBox *list)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, child);
}

static void
show_problems (RollNewScanDialog *self)
{
  const RollScanFormCheck *check = self->check;

  clear_list (self->problems_list);
  for (guint i = 0; i < check->problems->len; i++)
    gtk_list_box_append (self->problems_list, new_problem_row (check->problems->pdata[i]));
  if (check->n_problems > check->problems->len)
    {
      guint more = check->n_problems - check->problems->len;
      GtkWidget *row = adw_action_row_new ();
      g_autofree char *count = roll_format_count (more);
      g_autofree char *title = g_strdup_printf (ngettext ("%s more entry is wrong", "%s more entries are wrong", more),
                                                count);

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
      gtk_list_box_append (self->problems_list, row);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->problems_list), check->n_problems > 0);
}

static char *
describe_count (const RollScanFormCheck *check)
{
  GString *text = g_string_new (NULL);
  g_autofree char *targets = roll_format_count (check->n_targets);
  g_autofree char *duplicates = roll_format_count (check->n_duplicates);
  g_autofree char *problems = roll_format_count (check->n_problems);

  g_string_append_printf (text, ngettext ("%s computer", "%s computers", check->n_targets), targets);
  if (check->n_duplicates > 0)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, ngettext ("%s entry was there before", "%s entries were there before",
                                              check->n_duplicates), duplicates);
    }
  if (check->n_problems > 0)
    {
      g_string_append (text, " · ");
      g_string_append_printf (text, ngettext ("%s wrong entry is left out", "%s wrong entries are left out",
                                              check->n_problems), problems);
    }
  return g_string_free (text, FALSE);
}

static char *
describe_public (guint n_public)
{
  g_autofree char *count = roll_format_count (n_public);

  return g_strdup_printf (ngettext ("%s address is on the internet, not in a private network.",
                                    "%s addresses are on the internet, not in a private network.", n_public),
                          count);
}

static void
update_start (RollNewScanDialog *self)
{
  gboolean right = self->check != NULL && self->check->n_targets > 0 && roll_logon_group_is_right (self->logon_group)
                   && !gtk_widget_get_visible (GTK_WIDGET (self->servers_error));

  gtk_widget_set_sensitive (self->start_button, right && !self->starting);
}

static void
show_check (RollNewScanDialog *self)
{
  g_autofree char *count = describe_count (self->check);
  g_autofree char *public_text = describe_public (self->check->n_public);

  gtk_label_set_label (self->count_label, count);
  gtk_label_set_label (self->public_label, public_text);
  gtk_widget_set_visible (self->public_box, self->check->n_public > 0);
  show_problems (self);
  update_start (self);
}

/* --- Checking --- */

static void
stop_checking (RollNewScanDialog *self)
{
  g_clear_handle_id (&self->check_source, g_source_remove);
  if (self->checking != NULL)
    g_cancellable_cancel (self->checking);
  g_clear_object (&self->checking);
}

static void
check_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_task_return_pointer (task, roll_scan_form_check (task_data), (GDestroyNotify) roll_scan_form_check_free);
}

static void
check_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollNewScanDialog *self = ROLL_NEW_SCAN_DIALOG (source);
  g_autoptr (RollScanFormCheck) check = g_task_propagate_pointer (G_TASK (result), NULL);

  if (check == NULL || g_task_get_cancellable (G_TASK (result)) != self->checking)
    return;
  g_clear_object (&self->checking);
  g_clear_pointer (&self->check, roll_scan_form_check_free);
  self->check = g_steal_pointer (&check);
  show_check (self);
  if (self->start_when_checked)
    start_scan (self);
}

static char *
get_targets_text (RollNewScanDialog *self)
{
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (self->targets_buffer, &start, &end);
  return gtk_text_buffer_get_text (self->targets_buffer, &start, &end, FALSE);
}

static char **
get_paths (RollNewScanDialog *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->files->len; i++)
    {
      g_autofree char *path = g_file_get_path (self->files->pdata[i]);

      if (path != NULL)
        g_strv_builder_add (builder, path);
    }
  return g_strv_builder_end (builder);
}

static gboolean
check_now (gpointer user_data)
{
  RollNewScanDialog *self = user_data;
  RollScanForm *form = g_new0 (RollScanForm, 1);
  g_autoptr (GTask) task = NULL;

  self->check_source = 0;
  form->targets = get_targets_text (self);
  form->files = get_paths (self);
  form->exclusions = g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->exclusions_row)));
  task = g_task_new (self, self->checking, check_done, NULL);
  g_task_set_source_tag (task, check_now);
  g_task_set_task_data (task, form, (GDestroyNotify) roll_scan_form_free);
  g_task_run_in_thread (task, check_thread);
  return G_SOURCE_REMOVE;
}

static void
schedule_check (RollNewScanDialog *self)
{
  stop_checking (self);
  self->start_when_checked = FALSE;
  self->checking = g_cancellable_new ();
  self->check_source = g_timeout_add (CHECK_DELAY_MS, check_now, self);
}

static void
on_targets_changed (GtkTextBuffer *buffer, RollNewScanDialog *self)
{
  gtk_widget_set_visible (self->placeholder, gtk_text_buffer_get_char_count (buffer) == 0);
  schedule_check (self);
}

static void
on_servers_changed (AdwEntryRow *row, RollNewScanDialog *self)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) servers = roll_scan_form_name_servers (gtk_editable_get_text (GTK_EDITABLE (row)), &error);

  adw_preferences_row_set_title (self->servers_error, error != NULL ? error->message : "");
  gtk_widget_set_visible (GTK_WIDGET (self->servers_error), error != NULL);
  if (error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  update_start (self);
}

/* --- Files --- */

static void show_files (RollNewScanDialog *self);

static void
on_remove_file (GtkButton *button, RollNewScanDialog *self)
{
  g_ptr_array_remove (self->files, g_object_get_data (G_OBJECT (button), "file"));
  show_files (self);
  schedule_check (self);
}

static GtkWidget *
new_file_row (RollNewScanDialog *self, GFile *file)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("list-remove-symbolic");
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *display = g_filename_display_name (name);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), display);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name ("text-x-generic-symbolic"));
  gtk_widget_set_tooltip_text (button, _("Remove File"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  g_object_set_data_full (G_OBJECT (button), "file", g_object_ref (file), g_object_unref);
  g_signal_connect (button, "clicked", G_CALLBACK (on_remove_file), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

static void
show_files (RollNewScanDialog *self)
{
  clear_list (self->files_list);
  for (guint i = 0; i < self->files->len; i++)
    gtk_list_box_append (self->files_list, new_file_row (self, self->files->pdata[i]));
  gtk_widget_set_visible (GTK_WIDGET (self->files_list), self->files->len > 0);
}

static gboolean
has_file (RollNewScanDialog *self, GFile *file)
{
  for (guint i = 0; i < self->files->len; i++)
    if (g_file_equal (self->files->pdata[i], file))
      return TRUE;
  return FALSE;
}

void
roll_new_scan_dialog_add_files (RollNewScanDialog *self, GFile **files, guint n_files)
{
  g_return_if_fail (ROLL_IS_NEW_SCAN_DIALOG (self));

  for (guint i = 0; i < n_files; i++)
    if (!has_file (self, files[i]))
      g_ptr_array_add (self->files, g_object_ref (files[i]));
  show_files (self);
  schedule_check (self);
}

static void
on_chooser_response (GtkNativeDialog *chooser, int response, RollNewScanDialog *self)
{
  g_autoptr (GListModel) files = gtk_file_chooser_get_files (GTK_FILE_CHOOSER (chooser));

  for (guint i = 0; response == GTK_RESPONSE_ACCEPT && i < g_list_model_get_n_items (files); i++)
    {
      g_autoptr (GFile) file = g_list_model_get_item (files, i);

      roll_new_scan_dialog_add_files (self, &file, 1);
    }
  g_clear_object (&self->chooser);
}

static void
on_choose_clicked (GtkButton *button, RollNewScanDialog *self)
{
  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Choose Files With Targets"), GTK_WINDOW (self),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_file_chooser_set_select_multiple (GTK_FILE_CHOOSER (self->chooser), TRUE);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_chooser_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* --- Start --- */

static RollScanPlan *
make_plan (RollNewScanDialog *self)
{
  RollScanOptions *options = roll_scan_options_new ();
  RollScanPlan *plan = roll_scan_plan_new (roll_target_list_ref (self->check->list), options);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));

  plan->credentials = roll_logon_group_get_credentials (self->logon_group);
  options->probe_only = plan->credentials == NULL;
  options->port = (guint16) gtk_spin_button_get_value_as_int (self->port_spin);
  options->connect_timeout_ms = (guint) (gtk_spin_button_get_value (self->timeout_spin) * 1000 + 0.5);
  options->dns = roll_scan_form_name_servers (gtk_editable_get_text (GTK_EDITABLE (self->servers_row)), NULL);
  plan->name = *name != '\0' ? g_strdup (name) : NULL;
  return plan;
}

static void
set_starting (RollNewScanDialog *self, gboolean starting)
{
  self->starting = starting;
  update_start (self);
}

static void
emit_start (RollNewScanDialog *self)
{
  gtk_info_bar_set_revealed (self->error_bar, FALSE);
  set_starting (self, TRUE);
  g_signal_emit (self, signals[START], 0, make_plan (self));
}

static void
on_public_response (AdwMessageDialog *dialog, const char *response, RollNewScanDialog *self)
{
  if (g_str_equal (response, "scan"))
    emit_start (self);
}

static void
confirm_public (RollNewScanDialog *self)
{
  g_autofree char *text = describe_public (self->check->n_public);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Scan Public Addresses?"), NULL);

  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog),
                                  _("%s Scan only what you are responsible for: others may take it for an attack."),
                                  text);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "scan", _("_Scan"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "scan", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (on_public_response), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
start_scan (RollNewScanDialog *self)
{
  self->start_when_checked = FALSE;
  if (!gtk_widget_get_sensitive (self->start_button))
    return;
  if (self->check->n_public > 0)
    confirm_public (self);
  else
    emit_start (self);
}

/* What was typed a moment ago is checked first: the scan is of what stands there now. */
static void
request_start (RollNewScanDialog *self)
{
  if (self->checking != NULL)
    self->start_when_checked = TRUE;
  else
    start_scan (self);
}

static void
on_start_clicked (GtkButton *button, RollNewScanDialog *self)
{
  request_start (self);
}

static void
start_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  request_start (ROLL_NEW_SCAN_DIALOG (widget));
}

static void
on_cancel_clicked (GtkButton *button, RollNewScanDialog *self)
{
  gtk_window_close (GTK_WINDOW (self));
}

static void
on_error_closed (GtkInfoBar *bar, int response, RollNewScanDialog *self)
{
  gtk_info_bar_set_revealed (bar, FALSE);
}

static void
on_hidden (GtkWidget *widget, RollNewScanDialog *self)
{
  roll_logon_group_forget_password (self->logon_group);
}

/* Tab goes on to the next field; nobody lists computers with tabs. */
static void
on_shown (GtkWidget *widget, RollNewScanDialog *self)
{
  gtk_widget_grab_focus (self->targets_view);
}

void
roll_new_scan_dialog_begun (RollNewScanDialog *self)
{
  g_return_if_fail (ROLL_IS_NEW_SCAN_DIALOG (self));

  gtk_text_buffer_set_text (self->targets_buffer, "", 0);
  gtk_editable_set_text (GTK_EDITABLE (self->exclusions_row), "");
  gtk_editable_set_text (GTK_EDITABLE (self->name_row), "");
  g_ptr_array_set_size (self->files, 0);
  show_files (self);
  schedule_check (self);
  set_starting (self, FALSE);
  gtk_window_close (GTK_WINDOW (self));
}

void
roll_new_scan_dialog_failed (RollNewScanDialog *self, const char *message)
{
  g_return_if_fail (ROLL_IS_NEW_SCAN_DIALOG (self));

  gtk_label_set_label (self->error_label, message);
  gtk_info_bar_set_revealed (self->error_bar, TRUE);
  set_starting (self, FALSE);
}

/* --- Object --- */

static void
roll_new_scan_dialog_dispose (GObject *object)
{
  RollNewScanDialog *self = ROLL_NEW_SCAN_DIALOG (object);

  stop_checking (self);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->check, roll_scan_form_check_free);
  g_clear_pointer (&self->files, g_ptr_array_unref);
  G_OBJECT_CLASS (roll_new_scan_dialog_parent_class)->dispose (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, start_button);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, error_bar);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, error_label);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, targets_buffer);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, targets_view);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, placeholder);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, files_list);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, count_label);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, public_box);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, public_label);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, problems_list);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, logon_group);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, exclusions_row);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, servers_row);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, servers_error);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, timeout_spin);
  gtk_widget_class_bind_template_child (widget_class, RollNewScanDialog, port_spin);
  gtk_widget_class_bind_template_callback (widget_class, on_targets_changed);
  gtk_widget_class_bind_template_callback (widget_class, schedule_check);
  gtk_widget_class_bind_template_callback (widget_class, on_servers_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_start_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_error_closed);
  gtk_widget_class_bind_template_callback (widget_class, on_hidden);
  gtk_widget_class_bind_template_callback (widget_class, on_shown);
  gtk_widget_class_bind_template_callback (widget_class, request_start);
  gtk_widget_class_bind_template_callback (widget_class, update_start);
}

static void
roll_new_scan_dialog_class_init (RollNewScanDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_new_scan_dialog_dispose;
  signals[START] = g_signal_new ("start", ROLL_TYPE_NEW_SCAN_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_POINTER);
  g_type_ensure (ROLL_TYPE_LOGON_GROUP);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-new-scan-dialog.ui");
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "new-scan.start", NULL, start_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_CONTROL_MASK, "new-scan.start", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, GDK_CONTROL_MASK, "new-scan.start", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
roll_new_scan_dialog_init (RollNewScanDialog *self)
{
  self->files = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_spin_button_set_value (self->timeout_spin, DEFAULT_TIMEOUT_MS / 1000.0);
  gtk_spin_button_set_value (self->port_spin, 135);
  schedule_check (self);
}

GtkWidget *
roll_new_scan_dialog_new (GtkWindow *parent)
{
  return g_object_new (ROLL_TYPE_NEW_SCAN_DIALOG, "transient-for", parent, NULL);
}
