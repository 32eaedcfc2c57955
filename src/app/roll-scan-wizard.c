/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-scan-wizard.h"

#include <glib/gi18n.h>

#include "app/roll-accounts-page.h"
#include "app/roll-directory-page.h"
#include "app/roll-file-page.h"
#include "app/roll-find-page.h"
#include "app/roll-networks-page.h"
#include "app/roll-options-page.h"
#include "app/roll-profile-work.h"
#include "app/roll-summary-page.h"

struct _RollScanWizard
{
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkButton *back_button;
  GtkButton *next_button;
  GtkInfoBar *error_bar;
  GtkLabel *error_label;
  AdwLeaflet *leaflet;
  RollFindPage *find_page;
  RollFilePage *file_page;
  RollDirectoryPage *directory_page;
  RollNetworksPage *networks_page;
  RollAccountsPage *accounts_page;
  RollSummaryPage *summary_page;
  RollOptionsPage *options_page;

  GPtrArray *trail; /* (element-type RollWizardPage): those one came by, the one that is shown last */
  const RollTargetSource *edited; /* (nullable): the find page's, whose page is open */
  char *wanted_profile; /* (nullable): that is being read */
  gboolean starting;
  gboolean disposed;
  gboolean hurry; /* to the summary, as far as nothing is missing */
};

enum
{
  START,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollScanWizard, roll_scan_wizard, ADW_TYPE_WINDOW)

/* --- From page to page --- */

static RollWizardPage *
get_page (RollScanWizard *self)
{
  return self->trail->pdata[self->trail->len - 1];
}

/* What was entered on a page left by Back is not always right. */
static gboolean
all_is_right (RollScanWizard *self)
{
  return roll_wizard_page_get_ready (ROLL_WIZARD_PAGE (self->find_page))
         && roll_wizard_page_get_ready (ROLL_WIZARD_PAGE (self->accounts_page))
         && roll_wizard_page_get_ready (ROLL_WIZARD_PAGE (self->options_page));
}

static void
update_buttons (RollScanWizard *self)
{
  RollWizardPage *page = get_page (self);
  const char *action = roll_wizard_page_get_action (page);
  gboolean right = page != ROLL_WIZARD_PAGE (self->summary_page) ? roll_wizard_page_get_ready (page)
                                                                 : all_is_right (self);

  gtk_button_set_label (self->back_button, self->trail->len > 1 ? _("Back") : _("Cancel"));
  gtk_button_set_label (self->next_button, action != NULL ? action : _("Next"));
  gtk_widget_set_sensitive (GTK_WIDGET (self->next_button), right && !self->starting);
}

static void
sum_up (RollScanWizard *self)
{
  const RollScanFormCheck *check = roll_find_page_get_check (self->find_page);
  g_autoptr (GPtrArray) credentials = roll_accounts_page_get_forecast (self->accounts_page);
  g_autoptr (RollScanOptions) options = roll_options_page_get_options (self->options_page);
  g_autofree char *text = roll_options_page_describe (self->options_page);

  options->probe_only = credentials == NULL;
  roll_summary_page_set_scan (self->summary_page, check->list, credentials, options, text);
}

static void
show_page (RollScanWizard *self)
{
  RollWizardPage *page = get_page (self);

  if (page == ROLL_WIZARD_PAGE (self->summary_page))
    sum_up (self);
  if (page == ROLL_WIZARD_PAGE (self->accounts_page))
    {
      g_autoptr (RollScanOptions) options = roll_options_page_get_options (self->options_page);

      roll_accounts_page_set_options (self->accounts_page, options);
    }
  gtk_info_bar_set_revealed (self->error_bar, FALSE);
  adw_leaflet_set_visible_child (self->leaflet, GTK_WIDGET (page));
  adw_window_title_set_subtitle (self->title, roll_wizard_page_get_title (page));
  update_buttons (self);
  roll_wizard_page_arrive (page);
  gtk_widget_grab_focus (GTK_WIDGET (page));
}

static void
push (RollScanWizard *self, RollWizardPage *page)
{
  g_ptr_array_add (self->trail, page);
  show_page (self);
}

static void
go_back (RollScanWizard *self)
{
  if (self->trail->len == 1)
    {
      gtk_window_close (GTK_WINDOW (self));
      return;
    }
  self->hurry = FALSE;
  g_ptr_array_set_size (self->trail, (int) self->trail->len - 1);
  show_page (self);
}

static gboolean
needs_account (RollScanWizard *self)
{
  return !roll_wizard_page_get_ready (ROLL_WIZARD_PAGE (self->accounts_page));
}

static void start_scan (RollScanWizard *self);
static void take_source (RollScanWizard *self, RollWizardPage *page);

static void
go_on (RollScanWizard *self)
{
  RollWizardPage *page = get_page (self);

  if (!gtk_widget_get_sensitive (GTK_WIDGET (self->next_button)) || !roll_wizard_page_leave (page))
    return;
  if (page == ROLL_WIZARD_PAGE (self->find_page))
    {
      gboolean hurry = self->hurry && !needs_account (self);

      self->hurry = FALSE;
      push (self, ROLL_WIZARD_PAGE (self->accounts_page));
      if (hurry)
        push (self, ROLL_WIZARD_PAGE (self->summary_page));
    }
  else if (page == ROLL_WIZARD_PAGE (self->accounts_page))
    push (self, ROLL_WIZARD_PAGE (self->summary_page));
  else if (page == ROLL_WIZARD_PAGE (self->summary_page))
    start_scan (self);
  else
    {
      take_source (self, page);
      go_back (self);
    }
}

static void
on_options (RollSummaryPage *page, RollScanWizard *self)
{
  push (self, ROLL_WIZARD_PAGE (self->options_page));
}

/* --- The ways to find computers --- */

static void
open_file_page (RollScanWizard *self, const RollTargetSource *source)
{
  self->edited = source;
  if (source != NULL)
    roll_file_page_set_file (self->file_page, source->path, source->column);
  push (self, ROLL_WIZARD_PAGE (self->file_page));
  if (roll_file_page_is_empty (self->file_page))
    roll_file_page_choose (self->file_page);
}

static gboolean
is_table (const char *path)
{
  g_autofree char *folded = g_ascii_strdown (path, -1);

  return g_str_has_suffix (folded, ".csv") || g_str_has_suffix (folded, ".tsv");
}

/* Of one table the column is chosen; whatever else comes is taken for lists, and says so where it is not. */
void
roll_scan_wizard_add_files (RollScanWizard *self, GFile **files, guint n_files)
{
  g_return_if_fail (ROLL_IS_SCAN_WIZARD (self));

  g_ptr_array_set_size (self->trail, 1);
  show_page (self);
  for (guint i = 0; i < n_files; i++)
    {
      g_autofree char *path = g_file_get_path (files[i]);

      if (path == NULL)
        continue;
      if (n_files > 1 || !is_table (path))
        roll_find_page_add_source (self->find_page, NULL, roll_target_source_new_file (path, NULL));
      else
        {
          roll_file_page_set_file (self->file_page, path, NULL);
          open_file_page (self, NULL);
        }
    }
}

static void
on_way (RollFindPage *page, int kind, const RollTargetSource *source, RollScanWizard *self)
{
  if (kind == ROLL_SOURCE_FILE)
    open_file_page (self, source);
  if (kind == ROLL_SOURCE_DIRECTORY)
    {
      g_autoptr (RollScanOptions) options = roll_options_page_get_options (self->options_page);

      self->edited = source;
      roll_directory_page_open (self->directory_page, options->dns);
      push (self, ROLL_WIZARD_PAGE (self->directory_page));
    }
  if (kind == ROLL_SOURCE_NETWORKS)
    {
      self->edited = source;
      roll_networks_page_open (self->networks_page, source);
      push (self, ROLL_WIZARD_PAGE (self->networks_page));
    }
}

/* What a page beside the way was opened for. */
static void
take_source (RollScanWizard *self, RollWizardPage *page)
{
  RollTargetSource *source = NULL;

  if (page == ROLL_WIZARD_PAGE (self->file_page))
    source = roll_file_page_get_source (self->file_page);
  if (page == ROLL_WIZARD_PAGE (self->directory_page))
    source = roll_directory_page_get_source (self->directory_page);
  if (page == ROLL_WIZARD_PAGE (self->networks_page))
    source = roll_networks_page_get_source (self->networks_page);
  if (source == NULL)
    return;
  roll_find_page_add_source (self->find_page, self->edited, source);
  roll_file_page_clear (self->file_page);
  self->edited = NULL;
}

/* --- Profiles --- */

static void
on_profiles_listed (RollScanWizard *self)
{
  roll_summary_page_set_profiles (self->summary_page, roll_find_page_get_profiles (self->find_page));
}

static void
on_profile_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollScanWizard *self = ROLL_SCAN_WIZARD (source);
  g_autoptr (GError) error = NULL;

  roll_profile_change_finish (result, &error);
  if (self->disposed)
    return;
  roll_summary_page_profile_saved (self->summary_page, error);
  roll_find_page_refresh_profiles (self->find_page);
}

static void
on_save_profile (RollSummaryPage *page, const char *name, RollScanWizard *self)
{
  RollProfile *profile = roll_profile_new (name, roll_find_page_get_form (self->find_page),
                                           roll_options_page_get_options (self->options_page));

  roll_accounts_page_to_profile (self->accounts_page, profile);
  profile->options->probe_only = profile->accounts == ROLL_PROFILE_NOBODY;
  roll_profile_save_async (self, profile, on_profile_saved);
}

static void
fill_in (RollScanWizard *self, const RollProfile *profile)
{
  gboolean known;

  g_ptr_array_set_size (self->trail, 1);
  show_page (self);
  roll_find_page_set_form (self->find_page, profile->form);
  roll_options_page_set_options (self->options_page, profile->options);
  roll_accounts_page_from_profile (self->accounts_page, profile);
  roll_summary_page_set_name (self->summary_page, "");
  known = roll_profile_is_one_of (profile->name, roll_find_page_get_profiles (self->find_page));
  roll_summary_page_set_profile (self->summary_page, known ? profile->name : "");
  self->hurry = TRUE;
  roll_find_page_go_on_when_checked (self->find_page);
}

static void
on_fill_in_response (AdwMessageDialog *dialog, const char *response, RollScanWizard *self)
{
  if (g_str_equal (response, "replace"))
    fill_in (self, g_object_get_data (G_OBJECT (dialog), "profile"));
}

void
roll_scan_wizard_fill_in (RollScanWizard *self, RollProfile *profile)
{
  GtkWidget *dialog;

  g_return_if_fail (ROLL_IS_SCAN_WIZARD (self) && profile != NULL);

  if (roll_find_page_is_empty (self->find_page))
    {
      fill_in (self, profile);
      roll_profile_free (profile);
      return;
    }
  dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Replace What Was Entered?"), NULL);
  adw_message_dialog_format_body (ADW_MESSAGE_DIALOG (dialog),
                                  _("The computers and options of “%s” take the place of those entered so far."), profile->name);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Cancel"), "replace", _("_Replace"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "replace", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_object_set_data_full (G_OBJECT (dialog), "profile", profile, (GDestroyNotify) roll_profile_free);
  g_signal_connect (dialog, "response", G_CALLBACK (on_fill_in_response), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
show_error (RollScanWizard *self, const char *message)
{
  gtk_label_set_label (self->error_label, message);
  gtk_info_bar_set_revealed (self->error_bar, TRUE);
}

/* The one that was chosen last counts. */
static void
on_profile_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollScanWizard *self = ROLL_SCAN_WIZARD (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (RollProfile) profile = roll_profile_load_finish (result, &error);

  if (self->disposed || g_strcmp0 (roll_profile_work_get_name (result, NULL), self->wanted_profile) != 0)
    return;
  g_clear_pointer (&self->wanted_profile, g_free);
  if (profile != NULL)
    roll_scan_wizard_fill_in (self, g_steal_pointer (&profile));
  else
    show_error (self, error->message);
}

static void
on_profile (RollFindPage *page, const char *name, RollScanWizard *self)
{
  g_free (self->wanted_profile);
  self->wanted_profile = g_strdup (name);
  roll_profile_load_async (self, name, on_profile_loaded);
}

/* --- Start --- */

static RollScanPlan *
make_plan (RollScanWizard *self, GPtrArray *credentials)
{
  const RollScanFormCheck *check = roll_find_page_get_check (self->find_page);
  RollScanOptions *options = roll_options_page_get_options (self->options_page);
  RollScanPlan *plan = roll_scan_plan_new (roll_target_list_ref (check->list), options);

  plan->credentials = credentials;
  plan->name = roll_summary_page_get_name (self->summary_page);
  options->probe_only = credentials == NULL;
  return plan;
}

static void
set_starting (RollScanWizard *self, gboolean starting)
{
  self->starting = starting;
  update_buttons (self);
}

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollScanWizard) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *credentials = roll_accounts_page_load_finish (ROLL_ACCOUNTS_PAGE (source), result, &error);

  if (error != NULL)
    roll_scan_wizard_failed (self, error->message);
  else if (!gtk_widget_get_visible (GTK_WIDGET (self)))
    {
      g_clear_pointer (&credentials, g_ptr_array_unref);
      set_starting (self, FALSE);
    }
  else
    g_signal_emit (self, signals[START], 0, make_plan (self, credentials));
}

/* The keyring may ask for its password first. */
static void
emit_start (RollScanWizard *self)
{
  gtk_info_bar_set_revealed (self->error_bar, FALSE);
  set_starting (self, TRUE);
  roll_accounts_page_load_async (self->accounts_page, on_loaded, g_object_ref (self));
}

static void
on_public_response (AdwMessageDialog *dialog, const char *response, RollScanWizard *self)
{
  if (g_str_equal (response, "scan"))
    emit_start (self);
}

static void
confirm_public (RollScanWizard *self, guint n_public)
{
  g_autofree char *text = roll_find_page_describe_public (n_public);
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
start_scan (RollScanWizard *self)
{
  guint n_public = roll_find_page_get_check (self->find_page)->n_public;

  if (n_public > 0)
    confirm_public (self, n_public);
  else
    emit_start (self);
}

static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_on (ROLL_SCAN_WIZARD (widget));
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_back (ROLL_SCAN_WIZARD (widget));
}

static void
on_error_closed (GtkInfoBar *bar, int response, RollScanWizard *self)
{
  gtk_info_bar_set_revealed (bar, FALSE);
}

static void
on_hidden (GtkWidget *widget, RollScanWizard *self)
{
  roll_accounts_page_forget_password (self->accounts_page);
  roll_directory_page_forget_password (self->directory_page);
}

static void
on_shown (GtkWidget *widget, RollScanWizard *self)
{
  g_ptr_array_set_size (self->trail, 1);
  roll_find_page_refresh_profiles (self->find_page);
  show_page (self);
}

void
roll_scan_wizard_begun (RollScanWizard *self)
{
  g_autoptr (RollScanForm) nothing = roll_scan_form_new ("", "");

  g_return_if_fail (ROLL_IS_SCAN_WIZARD (self));

  roll_find_page_set_form (self->find_page, nothing);
  roll_summary_page_set_name (self->summary_page, "");
  roll_summary_page_set_profile (self->summary_page, "");
  set_starting (self, FALSE);
  gtk_window_close (GTK_WINDOW (self));
}

void
roll_scan_wizard_failed (RollScanWizard *self, const char *message)
{
  g_return_if_fail (ROLL_IS_SCAN_WIZARD (self));

  show_error (self, message);
  set_starting (self, FALSE);
}

/* --- Object --- */

static void
roll_scan_wizard_dispose (GObject *object)
{
  ROLL_SCAN_WIZARD (object)->disposed = TRUE;
  G_OBJECT_CLASS (roll_scan_wizard_parent_class)->dispose (object);
}

static void
roll_scan_wizard_finalize (GObject *object)
{
  g_free (ROLL_SCAN_WIZARD (object)->wanted_profile);
  g_ptr_array_unref (ROLL_SCAN_WIZARD (object)->trail);
  G_OBJECT_CLASS (roll_scan_wizard_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RollScanWizard, title);
  gtk_widget_class_bind_template_child (widget_class, RollScanWizard, back_button);
  gtk_widget_class_bind_template_child (widget_class, RollScanWizard, next_button);
  gtk_widget_class_bind_template_child (widget_class, RollScanWizard, error_bar);
  gtk_widget_class_bind_template_child (widget_class, RollScanWizard, error_label);
  gtk_widget_class_bind_template_child (widget_class, RollScanWizard, leaflet);
  gtk_widget_class_bind_template_child (widget_class, RollScanWizard, find_page);
  gtk_widget_class_bind_template_child (widget_class, RollScanWizard, file_page);
  gtk_widget_class_bind_template_child (widget_class, RollScanWizard, directory_page);
  gtk_widget_class_bind_template_child (widget_class, RollScanWizard, networks_page);
  gtk_widget_class_bind_template_child (widget_class, RollScanWizard, accounts_page);
  gtk_widget_class_bind_template_child (widget_class, RollScanWizard, summary_page);
  gtk_widget_class_bind_template_child (widget_class, RollScanWizard, options_page);
  gtk_widget_class_bind_template_callback (widget_class, go_back);
  gtk_widget_class_bind_template_callback (widget_class, go_on);
  gtk_widget_class_bind_template_callback (widget_class, on_way);
  gtk_widget_class_bind_template_callback (widget_class, on_profile);
  gtk_widget_class_bind_template_callback (widget_class, on_profiles_listed);
  gtk_widget_class_bind_template_callback (widget_class, on_save_profile);
  gtk_widget_class_bind_template_callback (widget_class, on_options);
  gtk_widget_class_bind_template_callback (widget_class, on_error_closed);
  gtk_widget_class_bind_template_callback (widget_class, on_hidden);
  gtk_widget_class_bind_template_callback (widget_class, on_shown);
}

static void
bind_keys (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "wizard.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "wizard.back", NULL, back_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "wizard.back", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "wizard.back", NULL);
}

static void
roll_scan_wizard_class_init (RollScanWizardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_scan_wizard_dispose;
  G_OBJECT_CLASS (klass)->finalize = roll_scan_wizard_finalize;
  signals[START] = g_signal_new ("start", ROLL_TYPE_SCAN_WIZARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_POINTER);
  g_type_ensure (ROLL_TYPE_FILE_PAGE);
  g_type_ensure (ROLL_TYPE_FIND_PAGE);
  g_type_ensure (ROLL_TYPE_DIRECTORY_PAGE);
  g_type_ensure (ROLL_TYPE_NETWORKS_PAGE);
  g_type_ensure (ROLL_TYPE_ACCOUNTS_PAGE);
  g_type_ensure (ROLL_TYPE_SUMMARY_PAGE);
  g_type_ensure (ROLL_TYPE_OPTIONS_PAGE);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-scan-wizard.ui");
  bind_template (widget_class);
  bind_keys (widget_class);
}

static void
watch_pages (RollScanWizard *self)
{
  g_autoptr (GtkSelectionModel) pages = adw_leaflet_get_pages (self->leaflet);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (pages)); i++)
    {
      g_autoptr (AdwLeafletPage) item = g_list_model_get_item (G_LIST_MODEL (pages), i);
      GtkWidget *page = adw_leaflet_page_get_child (item);

      g_signal_connect_object (page, "notify::ready", G_CALLBACK (update_buttons), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (page, "go-on", G_CALLBACK (go_on), self, G_CONNECT_SWAPPED);
    }
}

static void
roll_scan_wizard_init (RollScanWizard *self)
{
  self->trail = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_ptr_array_add (self->trail, self->find_page);
  roll_wizard_add_next_shortcut (GTK_WIDGET (self));
  watch_pages (self);
  update_buttons (self);
}

GtkWidget *
roll_scan_wizard_new (GtkWindow *parent, RollVault *vault, RollLibrary *library)
{
  RollScanWizard *self = g_object_new (ROLL_TYPE_SCAN_WIZARD, "transient-for", parent, NULL);

  roll_accounts_page_set_vault (self->accounts_page, vault, library);
  roll_directory_page_set_vault (self->directory_page, vault);
  return GTK_WIDGET (self);
}
