/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-window.h"

#include <glib/gi18n.h>

#include "app/roll-application.h"
#include "app/roll-charts-window.h"
#include "app/roll-chosen-path.h"
#include "app/roll-credentials-window.h"
#include "app/roll-compare-window.h"
#include "app/roll-export-bar.h"
#include "app/roll-export-chooser.h"
#include "app/roll-go-on.h"
#include "app/roll-library.h"
#include "app/roll-scan-wizard.h"
#include "app/roll-practice.h"
#include "app/roll-scan-view.h"
#include "app/roll-scans-popover.h"
#include "app/roll-session.h"
#include "app/roll-settings.h"

#define NARROW 560 /* pixels: below it the header has room for the most important only */
#define LEAST_WIDTH 360 /* pixels: what the narrow header, and all below it, fits into */
#define SCAN_ENDED "scan-ended" /* the notification */
#define SCAN_KEY "scan"         /* on a dialog: the RollScanInfo it is about */

struct _RollWindow
{
  AdwApplicationWindow parent_instance;

  AdwToastOverlay *toasts;
  GtkStack *stack;
  AdwStatusPage *error_page;
  GtkWidget *title_stack;
  GtkWidget *scan_button;
  GtkLabel *name_label;
  GtkLabel *description_label;
  RollScansPopover *scans_popover;
  GtkWidget *new_scan_button;
  GtkButton *stop_button;
  GtkButton *pause_button;
  GtkWidget *resume_button;
  GtkWidget *export_button;
  GtkWidget *help_button;
  GtkWidget *start_button; /* New Scan, on the start page */
  RollScanView *scan_view;
  RollExportBar *export_bar;

  RollLibrary *library;
  RollSession *shown;   /* NULL: the start page */
  RollSession *running; /* NULL: no scan runs */
  RollScanWizard *new_scan;
  GtkFileChooserNative *chooser;
  gboolean closing;
  gboolean narrow;
  guint narrow_source;
  gulong painted_handler;
};

G_DEFINE_FINAL_TYPE (RollWindow, roll_window, ADW_TYPE_APPLICATION_WINDOW)

static void
enable (RollWindow *self, const char *action, gboolean enabled)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), action, enabled);
}

static void
show_message (RollWindow *self, const char *message)
{
  g_autofree char *markup = g_markup_escape_text (message, -1);
  AdwToast *toast = adw_toast_new (markup);

  adw_toast_set_timeout (toast, 5);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

/* An error is read at leisure, not caught in five seconds. */
static void
show_error (RollWindow *self, const char *heading, const char *message)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), heading, message);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- Header --- */

static void
update_title (RollWindow *self)
{
  const RollScanInfo *info;
  g_autofree char *description = NULL;
  g_autofree char *accessible = NULL;

  gtk_stack_set_visible_child_name (GTK_STACK (self->title_stack), self->shown != NULL ? "scan" : "program");
  if (self->shown == NULL)
    return;
  info = roll_session_get_info (self->shown);
  description = info->id != 0 ? roll_scan_info_describe (info, roll_session_get_state_label (self->shown))
                              : g_strdup (_("Starting…"));
  gtk_label_set_label (self->name_label, info->name);
  gtk_label_set_label (self->description_label, description);
  gtk_widget_set_tooltip_text (self->scan_button, description);
  /* Translators: for a screen reader: which scan is shown */
  accessible = g_strdup_printf (_("Scan: %s, %s"), info->name, description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scan_button), GTK_ACCESSIBLE_PROPERTY_LABEL, accessible, -1);
}

static void
update_pause_button (RollWindow *self, gboolean paused)
{
  const char *label = paused ? _("Continue") : _("Pause");

  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->pause_button), paused ? "win.unpause" : "win.pause");
  gtk_button_set_icon_name (self->pause_button, paused ? "media-playback-start-symbolic" : "media-playback-pause-symbolic");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->pause_button),
                               paused ? _("Continue the Scan") : _("Pause the Scan; What Is Under Way Ends First"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->pause_button), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static void
update_actions (RollWindow *self)
{
  gboolean active = self->shown != NULL && roll_session_is_active (self->shown);
  gboolean stopping = active && roll_session_get_state (self->shown) == ROLL_SESSION_STOPPING;
  gboolean running = active && roll_session_get_state (self->shown) == ROLL_SESSION_RUNNING;
  gboolean paused = running && roll_session_is_paused (self->shown);
  gboolean resumable = self->shown != NULL && roll_session_can_resume (self->shown);
  gboolean stored = self->shown != NULL && roll_session_get_info (self->shown)->id != 0;

  enable (self, "win.stop", active && !stopping);
  enable (self, "win.pause", running && !paused);
  enable (self, "win.unpause", running && paused);
  enable (self, "win.resume", resumable && self->running == NULL);
  enable (self, "win.export", stored && !roll_export_bar_is_busy (self->export_bar));
  enable (self, "win.alike", stored && !active && !roll_session_get_info (self->shown)->practice);
  enable (self, "win.export-json-lines", stored && !roll_export_bar_is_busy (self->export_bar));
  enable (self, "win.compare", stored && !active);
  enable (self, "win.export-report", stored && !roll_export_bar_is_busy (self->export_bar));
  enable (self, "win.rename", stored);
  enable (self, "win.delete", stored && !active);
  enable (self, "win.search", self->shown != NULL);
  enable (self, "win.charts", self->shown != NULL);
  enable (self, "win.help", self->shown != NULL);
  enable (self, "win.new-scan", roll_library_get_store (self->library) != NULL);
  enable (self, "win.practice", roll_library_get_store (self->library) != NULL && self->running == NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->stop_button), active);
  gtk_widget_set_visible (GTK_WIDGET (self->pause_button), running);
  update_pause_button (self, paused);
  gtk_widget_set_visible (self->new_scan_button, !self->narrow);
  if (self->narrow)
    gtk_button_set_icon_name (self->stop_button, "media-playback-stop-symbolic");
  else
    gtk_button_set_label (self->stop_button, _("Stop"));
  gtk_widget_set_visible (self->resume_button, resumable && !self->narrow);
  gtk_widget_set_visible (self->export_button, self->shown != NULL && !self->narrow);
  gtk_widget_set_visible (self->help_button, self->shown != NULL && !self->narrow);
}

static void
update_scans (RollWindow *self)
{
  gint64 id = self->shown != NULL ? roll_session_get_info (self->shown)->id : 0;

  roll_scans_popover_set_scans (self->scans_popover, roll_library_get_scans (self->library), id, self->running);
}

static void
update_header (RollWindow *self)
{
  update_title (self);
  update_actions (self);
  update_scans (self);
}

/* --- Which scan is shown --- */

static void
show_session (RollWindow *self, RollSession *session)
{
  gboolean from_start = self->shown == NULL;

  if (self->shown != NULL)
    g_signal_handlers_disconnect_by_func (self->shown, update_header, self);
  if (self->shown != NULL && self->shown != self->running)
    roll_session_stop (self->shown);
  g_set_object (&self->shown, session);
  roll_scan_view_set_session (self->scan_view, session);
  if (session != NULL)
    g_signal_connect_swapped (session, "changed", G_CALLBACK (update_header), self);
  gtk_stack_set_visible_child_name (self->stack, session != NULL ? "scan" : "start");
  update_header (self);
  if (session == NULL)
    gtk_widget_grab_focus (self->start_button);
  if (from_start && session != NULL)
    roll_scan_view_focus_list (self->scan_view);
}

static void
show_scan (RollWindow *self, const RollScanInfo *info)
{
  g_autoptr (RollSession) session = NULL;

  if (self->shown != NULL && roll_session_get_info (self->shown)->id == info->id)
    return;
  if (self->running != NULL && roll_session_get_info (self->running)->id == info->id)
    session = g_object_ref (self->running);
  else
    session = roll_session_open (roll_library_get_store (self->library), info);
  show_session (self, session);
}

static void
show_newest (RollWindow *self)
{
  GPtrArray *scans = roll_library_get_scans (self->library);

  if (scans->len > 0)
    show_scan (self, scans->pdata[0]);
  else
    show_session (self, NULL);
}

static void
on_scan_chosen (RollScansPopover *popover, gint64 id, RollWindow *self)
{
  const RollScanInfo *info = roll_library_find (self->library, id);

  if (info != NULL)
    show_scan (self, info);
}

static void
on_library_changed (RollWindow *self)
{
  const RollScanInfo *info = NULL;

  if (self->shown != NULL && roll_session_get_info (self->shown)->id != 0)
    info = roll_library_find (self->library, roll_session_get_info (self->shown)->id);
  if (info != NULL && !roll_session_is_active (self->shown))
    roll_session_set_info (self->shown, info);
  else if (self->shown != NULL && info == NULL && !roll_session_is_active (self->shown))
    show_newest (self);
  update_header (self);
}

static void
on_library_failed (RollLibrary *library, const char *message, RollWindow *self)
{
  show_error (self, _("The Change Could Not Be Saved"), message);
}

/* --- Running a scan --- */

static void
notify_ended (RollWindow *self, RollSession *session)
{
  const RollScanInfo *info = roll_session_get_info (session);
  g_autoptr (GNotification) notification = NULL;
  g_autofree char *description = roll_scan_info_describe (info, NULL);
  const char *title = _("Scan Finished");

  if (gtk_window_is_active (GTK_WINDOW (self)) || self->closing)
    return;
  if (roll_session_get_error (session) != NULL)
    title = _("Scan Could Not Go On");
  else if (info->state == ROLL_SCAN_STOPPED)
    title = _("Scan Stopped");
  notification = g_notification_new (title);
  g_notification_set_body (notification, description);
  g_notification_set_default_action (notification, "app.present");
  g_application_send_notification (G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))), SCAN_ENDED, notification);
}

static void
show_tests (RollWindow *self, RollSession *session)
{
  g_autofree char *text = roll_session_get_error (session) == NULL ? roll_session_describe_tests (session) : NULL;

  if (text != NULL && session == self->shown)
    show_message (self, text);
}

static void
on_running_ended (RollSession *session, RollWindow *self)
{
  g_signal_handlers_disconnect_by_data (session, self);
  if (session == self->shown)
    g_signal_connect_swapped (session, "changed", G_CALLBACK (update_header), self);
  g_clear_object (&self->running);
  if (self->closing)
    {
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }
  if (roll_session_get_state (session) != ROLL_SESSION_FAILED)
    notify_ended (self, session);
  show_tests (self, session);
  roll_library_refresh (self->library);
  update_header (self);
}

/* A new scan shows itself once it is stored; until then New Scan stays open with everything in it. */
static void
on_running_changed (RollSession *session, RollWindow *self)
{
  RollSessionState state = roll_session_get_state (session);

  if (state == ROLL_SESSION_STARTING || session == self->shown)
    return;
  if (state == ROLL_SESSION_FAILED)
    {
      const char *message = roll_session_get_error (session)->message;

      if (self->new_scan != NULL && gtk_widget_get_visible (GTK_WIDGET (self->new_scan)))
        roll_scan_wizard_failed (self->new_scan, message);
      else
        show_error (self, _("The Scan Could Not Be Started"), message);
      return;
    }
  if (self->new_scan != NULL && gtk_widget_get_visible (GTK_WIDGET (self->new_scan)))
    roll_scan_wizard_begun (self->new_scan);
  if (state == ROLL_SESSION_RUNNING)
    {
      show_session (self, session);
      roll_scan_view_show_all (self->scan_view);
      roll_library_refresh (self->library);
    }
}

static void
run (RollWindow *self, RollSession *session)
{
  g_set_object (&self->running, session);
  g_signal_connect (session, "ended", G_CALLBACK (on_running_ended), self);
  g_signal_connect (session, "changed", G_CALLBACK (on_running_changed), self);
  update_header (self);
}

static void
start_plan (RollWindow *self, RollScanPlan *plan)
{
  g_autoptr (RollSession) session = roll_session_start (roll_library_get_store (self->library), plan);

  run (self, session);
}

static void
on_new_scan_start (RollScanWizard *dialog, gpointer plan, RollWindow *self)
{
  if (self->running == NULL)
    {
      start_plan (self, plan);
      return;
    }
  roll_scan_plan_free (plan);
  roll_scan_wizard_failed (dialog, _("Another scan is running. Wait until it has ended, or stop it first."));
}

static RollVault *
get_vault (RollWindow *self)
{
  return roll_application_get_vault (ROLL_APPLICATION (gtk_window_get_application (GTK_WINDOW (self))));
}

static RollScanWizard *
present_new_scan (RollWindow *self)
{
  if (self->new_scan == NULL)
    {
      self->new_scan = ROLL_SCAN_WIZARD (roll_scan_wizard_new (GTK_WINDOW (self), get_vault (self), self->library));
      g_signal_connect (self->new_scan, "start", G_CALLBACK (on_new_scan_start), self);
    }
  gtk_window_present (GTK_WINDOW (self->new_scan));
  return self->new_scan;
}

static void
new_scan_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  present_new_scan (ROLL_WINDOW (widget));
}

/* --- A new scan like the one that is shown --- */

typedef struct
{
  RollStore *store;
  RollScanInfo *info;
} Model;

static void
model_free (Model *model)
{
  g_object_unref (model->store);
  roll_scan_info_free (model->info);
  g_free (model);
}

static void
alike_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Model *model = task_data;
  GError *error = NULL;
  RollProfile *profile = roll_profile_of_scan (model->store, model->info, &error);

  if (profile != NULL)
    g_task_return_pointer (task, profile, (GDestroyNotify) roll_profile_free);
  else
    g_task_return_error (task, error);
}

static void
on_alike (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollWindow *self = ROLL_WINDOW (source);
  g_autoptr (GError) error = NULL;
  RollProfile *profile = g_task_propagate_pointer (G_TASK (result), &error);

  if (profile == NULL)
    show_error (self, _("The Scan Could Not Be Read"), error->message);
  else if (self->closing)
    roll_profile_free (profile);
  else
    roll_scan_wizard_fill_in (present_new_scan (self), profile);
}

static void
alike_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RollWindow *self = ROLL_WINDOW (widget);
  g_autoptr (GTask) task = g_task_new (self, NULL, on_alike, NULL);
  Model *model = g_new (Model, 1);

  g_task_set_source_tag (task, alike_action);
  model->store = g_object_ref (roll_session_get_store (self->shown));
  model->info = roll_scan_info_copy (roll_session_get_info (self->shown));
  g_task_set_task_data (task, model, (GDestroyNotify) model_free);
  g_task_run_in_thread (task, alike_thread);
}

void
roll_window_open_files (RollWindow *self, GFile **files, guint n_files)
{
  g_return_if_fail (ROLL_IS_WINDOW (self));

  roll_scan_wizard_add_files (present_new_scan (self), files, n_files);
}

static void
on_practice_planned (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RollScanPlan) plan = roll_practice_plan_finish (result, &error);

  if (plan == NULL)
    show_error (self, _("The Practice Network Could Not Be Started"), error->message);
  else if (self->running == NULL && !self->closing)
    start_plan (self, g_steal_pointer (&plan));
  update_actions (self);
}

static void
practice_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  enable (ROLL_WINDOW (widget), "win.practice", FALSE);
  roll_practice_plan_async (on_practice_planned, g_object_ref (widget));
}

static void
stop_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  roll_session_stop (ROLL_WINDOW (widget)->shown);
}

static void
pause_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  roll_session_set_paused (ROLL_WINDOW (widget)->shown, g_str_equal (name, "win.pause"));
}

/* What is to be done once the account, or the practice network, is there. */
typedef struct
{
  RollWindow *window;
  GArray *ordinals; /* (nullable): to be tested again; NULL: the scan goes on */
} Errand;

static void
do_errand (Errand *errand, RollSession *session, GPtrArray *credentials)
{
  run (errand->window, session);
  if (errand->ordinals != NULL)
    roll_session_test_again (session, errand->ordinals, credentials);
  else
    roll_session_resume (session, credentials);
}

/* The scan may have been deleted, or another one begun, meanwhile. */
static gboolean
is_possible (const Errand *errand, RollSession *session)
{
  RollWindow *self = errand->window;

  return !self->closing && self->shown == session && self->running == NULL
         && (errand->ordinals != NULL ? roll_session_can_test_again (session) : roll_session_can_resume (session));
}

static void
on_prepared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Errand *errand = user_data;
  g_autoptr (RollWindow) self = errand->window;
  g_autoptr (GPtrArray) credentials = NULL;
  g_autoptr (GError) error = NULL;

  if (!roll_go_on_prepare_finish (result, &credentials, &error))
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        show_error (self, _("The Scan Could Not Be Started"), error->message);
    }
  else if (is_possible (errand, ROLL_SESSION (source)))
    do_errand (errand, ROLL_SESSION (source), g_steal_pointer (&credentials));
  g_clear_pointer (&errand->ordinals, g_array_unref);
  g_free (errand);
}

/* @ordinals: (transfer full) (nullable) */
static void
prepare (RollWindow *self, GArray *ordinals)
{
  Errand *errand = g_new (Errand, 1);

  errand->window = g_object_ref (self);
  errand->ordinals = ordinals;
  roll_go_on_prepare_async (GTK_WINDOW (self), self->shown, ordinals != NULL, on_prepared, errand);
}

static void
resume_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  prepare (ROLL_WINDOW (widget), NULL);
}

static gboolean
can_test_again (RollWindow *self)
{
  if (self->shown != NULL && self->running == NULL && roll_session_can_test_again (self->shown))
    return TRUE;
  show_message (self, _("Computers can be tested again when no scan is running."));
  return FALSE;
}

static void
test_again_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RollWindow *self = ROLL_WINDOW (widget);
  GArray *ordinals;
  guint n_computers;
  gsize n;
  const guint32 *given = g_variant_get_fixed_array (parameter, &n, sizeof (guint32));

  if (!can_test_again (self))
    return;
  n_computers = roll_computer_table_get_count (roll_session_get_table (self->shown));
  ordinals = g_array_new (FALSE, FALSE, sizeof (guint32));
  for (gsize i = 0; i < n; i++)
    if (given[i] < n_computers)
      g_array_append_val (ordinals, given[i]);
  prepare (self, ordinals);
}

static void
on_test_again (RollScanView *view, GArray *ordinals, RollWindow *self)
{
  if (can_test_again (self))
    prepare (self, g_array_copy (ordinals));
}

/* --- Charts --- */

static void
on_chart_group_chosen (RollChartsWindow *charts, const char *title, GArray *ordinals, RollWindow *self)
{
  RollComputerTable *table = g_object_get_data (G_OBJECT (charts), "table");

  if (self->shown != NULL && roll_session_get_table (self->shown) == table)
    roll_scan_view_show_group (self->scan_view, title, ordinals);
}

static void
compare_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RollWindow *self = ROLL_WINDOW (widget);
  gint64 id = roll_session_get_info (self->shown)->id;

  if (roll_library_find (self->library, id) == NULL || roll_library_get_scans (self->library)->len < 2)
    show_message (self, _("There is no other scan to compare with yet"));
  else
    gtk_window_present (GTK_WINDOW (roll_compare_window_new (GTK_WINDOW (self), self->library, id)));
}

static void
charts_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RollWindow *self = ROLL_WINDOW (widget);
  RollComputerTable *table = roll_session_get_table (self->shown);
  GtkWidget *charts = roll_charts_window_new (GTK_WINDOW (self), table, roll_session_get_info (self->shown)->name);

  g_object_set_data_full (G_OBJECT (charts), "table", g_object_ref (table), g_object_unref);
  g_signal_connect_object (charts, "group-chosen", G_CALLBACK (on_chart_group_chosen), self, 0);
  gtk_window_present (GTK_WINDOW (charts));
}

/* --- Credentials --- */

static void
credentials_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RollWindow *self = ROLL_WINDOW (widget);

  gtk_window_present (GTK_WINDOW (roll_credentials_window_new (GTK_WINDOW (self), get_vault (self), self->library)));
}

/* --- Dialogs about a scan --- */

/* Another scan may be shown once the dialog is answered. */
static void
remember_scan (RollWindow *self, GObject *dialog)
{
  g_object_set_data_full (dialog, SCAN_KEY, roll_scan_info_copy (roll_session_get_info (self->shown)),
                          (GDestroyNotify) roll_scan_info_free);
}

static gint64
remembered_scan (AdwMessageDialog *dialog)
{
  return ((const RollScanInfo *) g_object_get_data (G_OBJECT (dialog), SCAN_KEY))->id;
}

/* --- Export --- */

static void
on_export_response (GtkNativeDialog *chooser, int response, RollWindow *self)
{
  g_autofree char *problem = NULL;
  g_autofree char *path = roll_chosen_path (chooser, response, &problem);
  g_autoptr (RollScanInfo) info = g_object_steal_data (G_OBJECT (chooser), SCAN_KEY);
  gboolean redacted;
  RollExport what = roll_export_chooser_get (GTK_FILE_CHOOSER (chooser), &redacted);

  g_clear_object (&self->chooser);
  if (problem != NULL)
    show_error (self, _("The File Could Not Be Written"), problem);
  if (path == NULL)
    return;
  roll_export_bar_start (self->export_bar, roll_library_get_store (self->library), info->id, what, redacted, path);
  update_actions (self);
}

static void
export_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RollWindow *self = ROLL_WINDOW (widget);
  RollExportKind kind = g_str_equal (name, "win.export")              ? ROLL_EXPORT_AS_CSV
                        : g_str_equal (name, "win.export-json-lines") ? ROLL_EXPORT_AS_JSON_LINES
                                                                      : ROLL_EXPORT_AS_REPORT;

  if (self->chooser != NULL)
    return;
  self->chooser = roll_export_chooser_new (GTK_WINDOW (self), kind, roll_session_get_info (self->shown));
  remember_scan (self, G_OBJECT (self->chooser));
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_export_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_export_ended (RollExportBar *bar, const char *message, gboolean failed, RollWindow *self)
{
  if (failed)
    show_error (self, _("The File Could Not Be Written"), message);
  else
    show_message (self, message);
  update_actions (self);
}

/* --- Rename and delete --- */

static void
on_rename_response (AdwMessageDialog *dialog, const char *response, RollWindow *self)
{
  GtkWidget *entry = adw_message_dialog_get_extra_child (dialog);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  if (g_str_equal (response, "rename"))
    roll_library_rename (self->library, remembered_scan (dialog), name);
}

static void
on_new_name_changed (GtkEditable *entry, AdwMessageDialog *dialog)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (entry)));

  adw_message_dialog_set_response_enabled (dialog, "rename", *name != '\0');
}

static void
rename_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RollWindow *self = ROLL_WINDOW (widget);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Rename Scan"), NULL);
  GtkWidget *entry = gtk_entry_new ();

  gtk_editable_set_text (GTK_EDITABLE (entry), roll_session_get_info (self->shown)->name);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name of the scan"), -1);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), entry);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "rename", _("_Rename"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "rename", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "rename");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  remember_scan (self, G_OBJECT (dialog));
  g_signal_connect (entry, "changed", G_CALLBACK (on_new_name_changed), dialog);
  g_signal_connect (dialog, "response", G_CALLBACK (on_rename_response), self);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}

static void
on_delete_response (AdwMessageDialog *dialog, const char *response, RollWindow *self)
{
  if (g_str_equal (response, "delete"))
    roll_library_delete (self->library, remembered_scan (dialog));
}

static void
delete_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RollWindow *self = ROLL_WINDOW (widget);
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Delete Scan?"), NULL);

  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog),
                                  _("“%s” and all its results are deleted for good. Export it first if you need them."),
                                  roll_session_get_info (self->shown)->name);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "delete", _("_Delete"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "delete", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  remember_scan (self, G_OBJECT (dialog));
  g_signal_connect (dialog, "response", G_CALLBACK (on_delete_response), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* --- Other actions --- */

static void
search_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  roll_scan_view_focus_search (ROLL_WINDOW (widget)->scan_view);
}

static void
help_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  RollWindow *self = ROLL_WINDOW (widget);
  gboolean visible;

  g_object_get (self->scan_view, "help-visible", &visible, NULL);
  g_object_set (self->scan_view, "help-visible", !visible, NULL);
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, RollWindow *self)
{
  GSList *files = g_value_get_boxed (value);
  g_autoptr (GPtrArray) array = g_ptr_array_new ();

  if (roll_library_get_store (self->library) == NULL)
    return FALSE;
  for (GSList *l = files; l != NULL; l = l->next)
    g_ptr_array_add (array, l->data);
  if (array->len > 0)
    roll_window_open_files (self, (GFile **) array->pdata, array->len);
  return array->len > 0;
}

/* --- Opening the store, once the first frame is on the screen --- */

static void
on_opened (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollWindow) self = user_data;
  g_autofree char *markup = NULL;
  g_autoptr (GError) error = NULL;

  if (self->closing)
    return;
  if (roll_library_open_finish (self->library, result, &error))
    {
      show_newest (self);
      return;
    }
  markup = g_markup_escape_text (error->message, -1);
  adw_status_page_set_description (self->error_page, markup);
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static void
open_library (RollWindow *self)
{
  roll_library_open_async (self->library, on_opened, g_object_ref (self));
}

static void
retry_action (GtkWidget *widget, const char *action, GVariant *parameter)
{
  open_library (ROLL_WINDOW (widget));
}

static void
on_painted (GdkFrameClock *clock, RollWindow *self)
{
  g_signal_handler_disconnect (clock, self->painted_handler);
  self->painted_handler = 0;
  g_debug ("The first frame is painted");
  open_library (self);
}

static void
roll_window_realize (GtkWidget *widget)
{
  RollWindow *self = ROLL_WINDOW (widget);

  GTK_WIDGET_CLASS (roll_window_parent_class)->realize (widget);
  if (roll_library_get_store (self->library) == NULL && self->painted_handler == 0)
    self->painted_handler = g_signal_connect (gtk_widget_get_frame_clock (widget), "after-paint",
                                              G_CALLBACK (on_painted), self);
}

/* --- Size and end --- */

static gboolean
apply_narrow (gpointer user_data)
{
  RollWindow *self = user_data;

  self->narrow_source = 0;
  update_actions (self);
  return G_SOURCE_REMOVE;
}

/* What is shown must not change during the allocation itself. */
static void
roll_window_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RollWindow *self = ROLL_WINDOW (widget);
  gboolean narrow = width < NARROW;

  GTK_WIDGET_CLASS (roll_window_parent_class)->size_allocate (widget, width, height, baseline);
  if (narrow == self->narrow)
    return;
  self->narrow = narrow;
  if (self->narrow_source == 0)
    self->narrow_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, apply_narrow, self, NULL);
}

/* What does not fit any more goes once the window is narrow, so it must not keep it from becoming that. */
static void
roll_window_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                     int *minimum_baseline, int *natural_baseline)
{
  GtkWidget *content;
  int least;

  GTK_WIDGET_CLASS (roll_window_parent_class)->measure (widget, orientation, for_size, minimum, natural,
                                                        minimum_baseline, natural_baseline);
  content = gtk_widget_get_first_child (widget);
  if (orientation != GTK_ORIENTATION_HORIZONTAL || content == NULL)
    return;
  gtk_widget_measure (content, orientation, -1, &least, NULL, NULL, NULL);
  *minimum -= MAX (least - LEAST_WIDTH, 0);
}

/* Who looks at the window knows by now that the scan has ended. */
static void
on_active_changed (RollWindow *self)
{
  GApplication *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));

  if (application != NULL && gtk_window_is_active (GTK_WINDOW (self)))
    g_application_withdraw_notification (application, SCAN_ENDED);
}

/* A running scan is stopped first, so that it can be resumed; the window is gone from sight at once. */
static gboolean
roll_window_close_request (GtkWindow *window)
{
  RollWindow *self = ROLL_WINDOW (window);

  if (GTK_WINDOW_CLASS (roll_window_parent_class)->close_request (window))
    return TRUE;
  self->closing = TRUE;
  roll_export_bar_cancel (self->export_bar);
  gtk_widget_hide (GTK_WIDGET (self));
  if (self->running == NULL)
    return FALSE;
  roll_session_stop (self->running);
  return TRUE;
}

static void
roll_window_dispose (GObject *object)
{
  RollWindow *self = ROLL_WINDOW (object);

  g_clear_handle_id (&self->narrow_source, g_source_remove);
  if (self->new_scan != NULL)
    gtk_window_destroy (GTK_WINDOW (self->new_scan));
  self->new_scan = NULL;
  g_clear_object (&self->chooser);
  if (self->shown != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->shown, self);
      roll_session_stop (self->shown);
    }
  g_clear_object (&self->shown);
  g_clear_object (&self->running);
  if (self->library != NULL)
    g_signal_handlers_disconnect_by_data (self->library, self);
  g_clear_object (&self->library);
  G_OBJECT_CLASS (roll_window_parent_class)->dispose (object);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.new-scan", NULL, new_scan_action);
  gtk_widget_class_install_action (widget_class, "win.alike", NULL, alike_action);
  gtk_widget_class_install_action (widget_class, "win.practice", NULL, practice_action);
  gtk_widget_class_install_action (widget_class, "win.stop", NULL, stop_action);
  gtk_widget_class_install_action (widget_class, "win.pause", NULL, pause_action);
  gtk_widget_class_install_action (widget_class, "win.unpause", NULL, pause_action);
  gtk_widget_class_install_action (widget_class, "win.resume", NULL, resume_action);
  gtk_widget_class_install_action (widget_class, "win.credentials", NULL, credentials_action);
  gtk_widget_class_install_action (widget_class, "win.charts", NULL, charts_action);
  gtk_widget_class_install_action (widget_class, "win.compare", NULL, compare_action);
  gtk_widget_class_install_action (widget_class, "win.test-again", "au", test_again_action);
  gtk_widget_class_install_action (widget_class, "win.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "win.export-json-lines", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "win.export-report", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "win.rename", NULL, rename_action);
  gtk_widget_class_install_action (widget_class, "win.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.help", NULL, help_action);
  gtk_widget_class_install_action (widget_class, "win.retry", NULL, retry_action);
}

static void
roll_window_class_init (RollWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_window_dispose;
  widget_class->realize = roll_window_realize;
  widget_class->measure = roll_window_measure;
  widget_class->size_allocate = roll_window_size_allocate;
  GTK_WINDOW_CLASS (klass)->close_request = roll_window_close_request;
  g_type_ensure (ROLL_TYPE_EXPORT_BAR);
  g_type_ensure (ROLL_TYPE_SCANS_POPOVER);
  g_type_ensure (ROLL_TYPE_SCAN_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-window.ui");
  gtk_widget_class_bind_template_child (widget_class, RollWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, error_page);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, title_stack);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, scan_button);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, name_label);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, description_label);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, scans_popover);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, new_scan_button);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, stop_button);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, pause_button);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, resume_button);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, export_button);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, help_button);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, start_button);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, scan_view);
  gtk_widget_class_bind_template_child (widget_class, RollWindow, export_bar);
  gtk_widget_class_bind_template_callback (widget_class, on_scan_chosen);
  gtk_widget_class_bind_template_callback (widget_class, on_export_ended);
  install_actions (widget_class);
}

static void
bind_settings (RollWindow *self)
{
  GSettings *settings = roll_settings_get ();

  if (settings == NULL)
    return;
  g_settings_bind (settings, "window-width", self, "default-width", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-height", self, "default-height", G_SETTINGS_BIND_DEFAULT);
  g_settings_bind (settings, "window-maximized", self, "maximized", G_SETTINGS_BIND_DEFAULT);
}

static void
add_drop_target (RollWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
roll_window_init (RollWindow *self)
{
  int width, height;

  self->library = roll_library_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_object_bind_property (self->scan_view, "help-visible", self->help_button, "active",
                          G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
  g_signal_connect_swapped (self->library, "changed", G_CALLBACK (on_library_changed), self);
  g_signal_connect (self->scan_view, "test-again", G_CALLBACK (on_test_again), self);
  g_signal_connect (self->library, "failed", G_CALLBACK (on_library_failed), self);
  g_signal_connect (self, "notify::is-active", G_CALLBACK (on_active_changed), NULL);
  bind_settings (self);
  gtk_window_get_default_size (GTK_WINDOW (self), &width, &height);
  self->narrow = width < NARROW;
  add_drop_target (self);
  update_actions (self);
}

RollWindow *
roll_window_new (GtkApplication *application)
{
  return g_object_new (ROLL_TYPE_WINDOW, "application", application, NULL);
}
