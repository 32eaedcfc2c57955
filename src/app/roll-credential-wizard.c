/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-credential-wizard.h"

#include <glib/gi18n.h>

#include "app/roll-account-form.h"
#include "app/roll-places-form.h"
#include "app/roll-practice.h"
#include "app/roll-trial-group.h"
#include "app/roll-wizard-page.h"

struct _RollCredentialWizard
{
  AdwWindow parent_instance;

  GtkWidget *cancel_button;
  GtkWidget *back_button;
  GtkWidget *next_button;
  GtkWidget *save_button;
  AdwWindowTitle *title;
  GtkInfoBar *error_bar;
  GtkLabel *error_label;
  AdwLeaflet *leaflet;
  GtkWidget *account_page;
  GtkWidget *places_page;
  GtkWidget *keep_page;
  RollAccountForm *account_form;
  RollPlacesForm *places_form;
  RollTrialGroup *trial_group;
  GtkCheckButton *keyring_check;
  GtkCheckButton *session_check;
  AdwActionRow *keyring_row;

  RollVault *vault;
  RollLibrary *library;     /* (nullable) */
  RollVaultEntry *edited;   /* (nullable) */
  RollScanOptions *options; /* (nullable) */
  GCancellable *cancellable; /* of all that is waited for; the window is gone */
  gboolean saving;
};

enum
{
  SAVED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollCredentialWizard, roll_credential_wizard, ADW_TYPE_WINDOW)

/* --- Pages --- */

static GtkWidget *
get_page (RollCredentialWizard *self)
{
  return adw_leaflet_get_visible_child (self->leaflet);
}

static void
update (RollCredentialWizard *self)
{
  GtkWidget *page = get_page (self);
  gboolean first = page == self->account_page;
  gboolean last = page == self->keep_page;
  const char *title = self->edited != NULL ? _("Edit Credential") : _("Add Credential");
  static const char *const names[] = { N_("Account"), N_("Use"), N_("Test and Keep") };

  adw_window_title_set_title (self->title, title);
  adw_window_title_set_subtitle (self->title, _(names[first ? 0 : last ? 2 : 1]));
  gtk_widget_set_visible (self->cancel_button, first);
  gtk_widget_set_visible (self->back_button, !first);
  gtk_widget_set_visible (self->next_button, !last);
  gtk_widget_set_visible (self->save_button, last);
  gtk_widget_set_sensitive (self->save_button, !self->saving);
  gtk_widget_set_sensitive (self->back_button, !self->saving);
  gtk_widget_set_sensitive (GTK_WIDGET (self->leaflet), !self->saving);
}

static void
go_to (RollCredentialWizard *self, GtkWidget *page)
{
  g_autofree char *account = roll_account_form_get_account (self->account_form);

  gtk_info_bar_set_revealed (self->error_bar, FALSE);
  roll_places_form_set_account (self->places_form, account);
  if (page != self->keep_page)
    roll_trial_group_reset (self->trial_group);
  adw_leaflet_set_visible_child (self->leaflet, page);
  update (self);
  if (page == self->account_page)
    gtk_widget_grab_focus (GTK_WIDGET (self->account_form));
  else
    gtk_widget_grab_focus (page == self->places_page ? GTK_WIDGET (self->places_form) : GTK_WIDGET (self->trial_group));
}

static void save (RollCredentialWizard *self);

/* What is wrong or missing is said where it stands. */
static void
go_on (RollCredentialWizard *self)
{
  GtkWidget *page = get_page (self);

  if (self->saving)
    return;
  if (page == self->keep_page)
    save (self);
  else if (page == self->account_page && roll_account_form_insist (self->account_form))
    go_to (self, self->places_page);
  else if (page == self->places_page && roll_places_form_insist (self->places_form))
    go_to (self, self->keep_page);
}

static void
on_discard_response (AdwMessageDialog *dialog, const char *response, RollCredentialWizard *self)
{
  if (g_str_equal (response, "discard"))
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
ask_to_discard (RollCredentialWizard *self)
{
  GtkWidget *dialog = adw_message_dialog_new (GTK_WINDOW (self), _("Discard What Was Typed?"),
                                              _("The credential has not been saved."));

  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (dialog), "cancel", _("_Go On Typing"), "discard", _("_Discard"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (dialog), "discard", ADW_RESPONSE_DESTRUCTIVE);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  adw_message_dialog_set_close_response (ADW_MESSAGE_DIALOG (dialog), "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (on_discard_response), self);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
leave (RollCredentialWizard *self)
{
  if (roll_account_form_is_touched (self->account_form) || roll_places_form_is_touched (self->places_form))
    ask_to_discard (self);
  else
    gtk_window_destroy (GTK_WINDOW (self));
}

static void
go_back (RollCredentialWizard *self)
{
  GtkWidget *page = get_page (self);

  if (self->saving)
    return;
  if (page == self->account_page)
    leave (self);
  else
    go_to (self, page == self->keep_page ? self->places_page : self->account_page);
}

static void
next_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_on (ROLL_CREDENTIAL_WIZARD (widget));
}

static void
back_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  go_back (ROLL_CREDENTIAL_WIZARD (widget));
}

/* However it is closed, nothing typed goes without a question. */
static gboolean
roll_credential_wizard_close_request (GtkWindow *window)
{
  RollCredentialWizard *self = ROLL_CREDENTIAL_WIZARD (window);

  if (!self->saving)
    leave (self);
  return TRUE;
}

static void
on_error_closed (GtkInfoBar *bar, int response, RollCredentialWizard *self)
{
  gtk_info_bar_set_revealed (bar, FALSE);
}

static void
show_error (RollCredentialWizard *self, const char *message)
{
  gtk_label_set_label (self->error_label, message);
  gtk_info_bar_set_revealed (self->error_bar, TRUE);
}

/* --- What was typed --- */

static RollVaultEntry *
make_entry (RollCredentialWizard *self, GError **error)
{
  g_autofree char *account = roll_account_form_get_account (self->account_form);
  g_autofree char *name = roll_account_form_get_name (self->account_form);
  g_autofree char *scope = roll_places_form_get_scope (self->places_form);

  return roll_vault_entry_new (self->edited, name, account, scope, roll_places_form_get_protocols (self->places_form), error);
}

/* Goes on with the password: the one that was typed, or else the one that is kept. @password: (transfer full) (nullable) */
typedef void (*WithPassword) (RollCredentialWizard *self, RollSecret *password, const GError *error);

typedef struct
{
  RollCredentialWizard *wizard;
  WithPassword then;
} Loading;

static void
on_loaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Loading *loading = user_data;
  g_autoptr (RollCredentialWizard) self = loading->wizard;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) credentials = roll_vault_load_finish (ROLL_VAULT (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  loading->then (self, credentials != NULL ? roll_secret_ref (((RollCredential *) credentials->pdata[0])->password) : NULL,
                 error);
}

static void
with_password (RollCredentialWizard *self, WithPassword then)
{
  RollSecret *password = roll_account_form_get_password (self->account_form);
  g_autoptr (GPtrArray) entries = NULL;
  Loading *loading;

  if (password != NULL)
    {
      then (self, password, NULL);
      return;
    }
  entries = g_ptr_array_new ();
  g_ptr_array_add (entries, self->edited);
  loading = g_new0 (Loading, 1);
  *loading = (Loading) { g_object_ref (self), then };
  roll_vault_load_async (self->vault, entries, self->cancellable, on_loaded, loading);
}

/* --- The trial --- */

static const RollScanInfo *
get_last_scan (RollCredentialWizard *self)
{
  GPtrArray *scans = self->library != NULL ? roll_library_get_scans (self->library) : NULL;

  return scans != NULL && scans->len > 0 ? scans->pdata[0] : NULL;
}

static RollScanOptions *
get_options (RollCredentialWizard *self)
{
  const RollScanInfo *info = get_last_scan (self);
  RollScanOptions *options = NULL;

  if (self->options != NULL)
    return roll_scan_options_copy (self->options);
  if (info != NULL)
    options = roll_scan_options_from_text (info->options, NULL);
  return options != NULL ? options : roll_scan_options_new ();
}

typedef struct
{
  RollCredentialWizard *wizard;
  RollCredential *credential;
} Trial;

/* Where its port is taken, the practice network may run already. */
static void
on_practice_started (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Trial *trial = user_data;
  g_autoptr (RollCredentialWizard) self = trial->wizard;
  g_autoptr (RollCredential) credential = trial->credential;
  g_autoptr (GError) error = NULL;
  RollPracticeNetwork *network = roll_practice_start_again_finish (result, &error);
  g_autoptr (RollScanOptions) options = get_options (self);

  if (g_cancellable_is_cancelled (self->cancellable))
    g_clear_pointer (&network, roll_practice_network_free);
  else if (network == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    roll_trial_group_fail (self->trial_group, error->message);
  else
    roll_trial_group_begin (self->trial_group, credential, options, network, roll_practice_network_free);
}

static void
try_with_password (RollCredentialWizard *self, RollSecret *password, const GError *trouble)
{
  g_autoptr (RollSecret) owned = password;
  g_autoptr (GError) error = NULL;
  g_autoptr (RollVaultEntry) entry = password != NULL ? make_entry (self, &error) : NULL;
  g_autoptr (RollCredential) credential = NULL;
  g_autoptr (RollScanOptions) options = get_options (self);
  const RollScanInfo *info = get_last_scan (self);
  Trial *trial;

  if (entry != NULL)
    credential = roll_vault_entry_get_credential (entry, g_steal_pointer (&owned), &error);
  if (credential == NULL)
    {
      roll_trial_group_fail (self->trial_group, trouble != NULL ? trouble->message : error->message);
      return;
    }
  if (self->options != NULL || info == NULL || !info->practice)
    {
      roll_trial_group_begin (self->trial_group, credential, options, NULL, NULL);
      return;
    }
  trial = g_new0 (Trial, 1);
  *trial = (Trial) { g_object_ref (self), g_steal_pointer (&credential) };
  roll_practice_start_again_async (info, on_practice_started, trial);
}

static void
on_trial_wanted (RollTrialGroup *group, RollCredentialWizard *self)
{
  with_password (self, try_with_password);
}

static void
on_places_changed (RollPlacesForm *form, RollCredentialWizard *self)
{
  roll_trial_group_suggest (self->trial_group, roll_places_form_get_computer (form));
}

/* --- Saving --- */

static void
end_saving (RollCredentialWizard *self)
{
  self->saving = FALSE;
  update (self);
}

static gboolean
is_about_keyring (const GError *error)
{
  return error->domain == ROLL_VAULT_ERROR && error->code != ROLL_VAULT_ERROR_EXISTS;
}

/* Everything typed stays. Where it is the keyring's fault there is another way. */
static void
fail_to_save (RollCredentialWizard *self, const GError *error)
{
  g_autofree char *message = NULL;
  gboolean other_way = is_about_keyring (error) && !gtk_check_button_get_active (self->session_check);

  end_saving (self);
  message = other_way ? g_strdup_printf ("%s %s", error->message, _("Or keep the credential for this session only."))
                      : g_strdup (error->message);
  show_error (self, message);
  gtk_widget_grab_focus (other_way ? GTK_WIDGET (self->session_check) : self->save_button);
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollCredentialWizard) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RollVaultEntry) entry = roll_vault_save_finish (ROLL_VAULT (source), result, &error);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  if (entry == NULL)
    {
      fail_to_save (self, error);
      return;
    }
  g_signal_emit (self, signals[SAVED], 0, entry);
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
save_with_password (RollCredentialWizard *self, RollSecret *password, const GError *trouble)
{
  g_autoptr (RollSecret) owned = password;
  g_autoptr (GError) error = NULL;
  g_autoptr (RollVaultEntry) entry = trouble == NULL ? make_entry (self, &error) : NULL;

  if (entry == NULL)
    fail_to_save (self, trouble != NULL ? trouble : error);
  else
    roll_vault_save_async (self->vault, entry, password, gtk_check_button_get_active (self->session_check), NULL, on_saved,
                           g_object_ref (self));
}

/* A password that stays in the keyring is not taken out of it. */
static void
save (RollCredentialWizard *self)
{
  gboolean session = gtk_check_button_get_active (self->session_check);

  gtk_info_bar_set_revealed (self->error_bar, FALSE);
  roll_trial_group_reset (self->trial_group);
  self->saving = TRUE;
  update (self);
  if (self->edited != NULL && !(session && !self->edited->session))
    save_with_password (self, roll_account_form_get_password (self->account_form), NULL);
  else
    with_password (self, save_with_password);
}

/* --- Object --- */

/* Names that are taken, and whether there is a keyring. */
static void
on_listed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollCredentialWizard) self = user_data;
  g_autoptr (GError) trouble = NULL;
  g_autoptr (GPtrArray) entries = roll_vault_list_finish (ROLL_VAULT (source), result, &trouble);

  if (g_cancellable_is_cancelled (self->cancellable))
    return;
  roll_account_form_set_others (self->account_form, entries);
  if (trouble == NULL)
    return;
  adw_action_row_set_subtitle (self->keyring_row, trouble->message);
  if (g_error_matches (trouble, ROLL_VAULT_ERROR, ROLL_VAULT_ERROR_NO_SERVICE) && self->edited == NULL)
    gtk_check_button_set_active (self->session_check, TRUE);
}

static void
roll_credential_wizard_dispose (GObject *object)
{
  RollCredentialWizard *self = ROLL_CREDENTIAL_WIZARD (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  if (self->account_form != NULL)
    {
      roll_account_form_forget_password (self->account_form);
      roll_trial_group_reset (self->trial_group);
    }
  self->account_form = NULL;
  g_clear_object (&self->vault);
  g_clear_object (&self->library);
  G_OBJECT_CLASS (roll_credential_wizard_parent_class)->dispose (object);
}

static void
roll_credential_wizard_finalize (GObject *object)
{
  RollCredentialWizard *self = ROLL_CREDENTIAL_WIZARD (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->edited, roll_vault_entry_unref);
  g_clear_pointer (&self->options, roll_scan_options_free);
  G_OBJECT_CLASS (roll_credential_wizard_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-credential-wizard.ui");
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, back_button);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, next_button);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, save_button);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, title);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, error_bar);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, error_label);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, leaflet);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, account_page);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, places_page);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, keep_page);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, account_form);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, places_form);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, trial_group);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, keyring_check);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, session_check);
  gtk_widget_class_bind_template_child (widget_class, RollCredentialWizard, keyring_row);
  gtk_widget_class_bind_template_callback (widget_class, go_on);
  gtk_widget_class_bind_template_callback (widget_class, on_places_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_trial_wanted);
  gtk_widget_class_bind_template_callback (widget_class, on_error_closed);
}

static void
roll_credential_wizard_class_init (RollCredentialWizardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_credential_wizard_dispose;
  G_OBJECT_CLASS (klass)->finalize = roll_credential_wizard_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = roll_credential_wizard_close_request;
  signals[SAVED] = g_signal_new ("saved", ROLL_TYPE_CREDENTIAL_WIZARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_POINTER);
  g_type_ensure (ROLL_TYPE_ACCOUNT_FORM);
  g_type_ensure (ROLL_TYPE_PLACES_FORM);
  g_type_ensure (ROLL_TYPE_TRIAL_GROUP);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_DIALOG);
  bind_template (widget_class);
  gtk_widget_class_install_action (widget_class, "wizard.next", NULL, next_action);
  gtk_widget_class_install_action (widget_class, "wizard.back", NULL, back_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "wizard.back", NULL);
}

static void
roll_credential_wizard_init (RollCredentialWizard *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  roll_wizard_add_next_shortcut (GTK_WIDGET (self));
  update (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->account_form));
}

static void
set_edited (RollCredentialWizard *self, RollVaultEntry *edited)
{
  self->edited = roll_vault_entry_ref (edited);
  roll_account_form_set_edited (self->account_form, edited);
  roll_places_form_set_edited (self->places_form, edited);
  gtk_check_button_set_active (edited->session ? self->session_check : self->keyring_check, TRUE);
  update (self);
}

GtkWidget *
roll_credential_wizard_new (GtkWindow *parent, RollVault *vault, RollLibrary *library, RollVaultEntry *edited)
{
  RollCredentialWizard *self;

  g_return_val_if_fail (ROLL_IS_VAULT (vault), NULL);

  self = g_object_new (ROLL_TYPE_CREDENTIAL_WIZARD, "transient-for", parent, NULL);
  g_set_object (&self->vault, vault);
  g_set_object (&self->library, library);
  if (edited != NULL)
    set_edited (self, edited);
  roll_places_form_set_library (self->places_form, library);
  roll_vault_list_async (vault, FALSE, self->cancellable, on_listed, g_object_ref (self));
  return GTK_WIDGET (self);
}

void
roll_credential_wizard_set_options (RollCredentialWizard *self, const RollScanOptions *options)
{
  g_return_if_fail (ROLL_IS_CREDENTIAL_WIZARD (self));

  g_clear_pointer (&self->options, roll_scan_options_free);
  self->options = options != NULL ? roll_scan_options_copy (options) : NULL;
}
