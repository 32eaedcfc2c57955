/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-summary-page.h"

#include <glib/gi18n.h>

#include "app/roll-find-page.h"
#include "app/roll-format.h"
#include "scan/roll-forecast.h"
#include "scan/roll-profile.h"
#include "status/roll-status.h"

struct _RollSummaryPage
{
  RollWizardPage parent_instance;

  AdwEntryRow *name_row;
  AdwActionRow *targets_row;
  AdwActionRow *public_row;
  AdwActionRow *duration_row;
  AdwActionRow *options_row;
  GtkListBox *accounts_list;
  AdwActionRow *names_sent_row;
  AdwActionRow *calls_sent_row;
  AdwEntryRow *profile_row;
  AdwActionRow *profile_reason;
  char **profiles; /* (nullable): those there are */
  GtkButton *save_button;

  GCancellable *counting; /* the one that counts; NULL when it is done */
};

enum
{
  OPTIONS,
  SAVE_PROFILE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollSummaryPage, roll_summary_page, ROLL_TYPE_WIZARD_PAGE)

/* --- Counting --- */

typedef struct
{
  RollTargetList *targets;
  GPtrArray *credentials; /* (nullable) */
  RollScanOptions *options;
} Question;

static void
question_free (Question *question)
{
  roll_target_list_unref (question->targets);
  g_clear_pointer (&question->credentials, g_ptr_array_unref);
  roll_scan_options_free (question->options);
  g_free (question);
}

static void
count_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Question *question = task_data;

  g_task_return_pointer (task, roll_forecast_new (question->targets, question->credentials, question->options,
                                                  cancellable),
                         (GDestroyNotify) roll_forecast_free);
}

static char *
describe_kinds (const RollForecast *forecast)
{
  guint n_addresses = forecast->n_targets - forecast->n_names;
  g_autofree char *names = roll_format_count (forecast->n_names);
  g_autofree char *addresses = roll_format_count (n_addresses);
  g_autofree char *by_name = g_strdup_printf (ngettext ("%s by name", "%s by name", forecast->n_names), names);
  g_autofree char *by_address = g_strdup_printf (ngettext ("%s by address", "%s by address", n_addresses), addresses);

  if (n_addresses == 0 || forecast->n_names == 0)
    return g_strdup (n_addresses == 0 ? by_name : by_address);
  return g_strdup_printf ("%s · %s", by_name, by_address);
}

static char *
describe_duration (const RollForecast *forecast)
{
  g_autofree char *silence = roll_format_duration (forecast->silence_us);
  g_autofree char *all = roll_format_duration (forecast->silence_us + forecast->inventory_us);

  if (forecast->inventory_us == 0)
    return g_strdup_printf (_("At worst about %s, if nobody answers. Usually much less."), silence);
  return g_strdup_printf (_("About %s if nobody answers; about %s if all let us in but slowly. Usually much less."),
                          silence, all);
}

static char *
count_computers (guint n)
{
  g_autofree char *count = roll_format_count (n);

  return g_strdup_printf (ngettext ("%s computer", "%s computers", n), count);
}

/* Known at once; the rows keep their places while the rest is counted. */
static void
show_count (RollSummaryPage *self, guint n_targets)
{
  g_autofree char *title = count_computers (n_targets);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->targets_row), title);
  if (adw_action_row_get_subtitle (self->targets_row) == NULL)
    adw_action_row_set_subtitle (self->targets_row, _("Counting…"));
  if (adw_action_row_get_subtitle (self->duration_row) == NULL)
    adw_action_row_set_subtitle (self->duration_row, _("Counting…"));
}

static void
show_targets (RollSummaryPage *self, const RollForecast *forecast)
{
  g_autofree char *kinds = describe_kinds (forecast);
  g_autofree char *public_text = roll_find_page_describe_public (forecast->n_public);
  g_autofree char *duration = describe_duration (forecast);

  adw_action_row_set_subtitle (self->targets_row, kinds);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->public_row), public_text);
  gtk_widget_set_visible (GTK_WIDGET (self->public_row), forecast->n_public > 0);
  adw_action_row_set_subtitle (self->duration_row, duration);
}

static void
add_account (RollSummaryPage *self, const char *icon, const char *title, const char *subtitle)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), gtk_image_new_from_icon_name (icon));
  gtk_widget_set_focusable (row, FALSE);
  gtk_list_box_append (self->accounts_list, row);
}

static void
show_accounts (RollSummaryPage *self, const RollForecast *forecast, GPtrArray *credentials)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->accounts_list))) != NULL)
    gtk_list_box_remove (self->accounts_list, child);
  if (credentials == NULL)
    add_account (self, "changes-prevent-symbolic", _("Nobody"),
                 _("No password leaves this computer. The scan says who answers and takes no inventory."));
  for (guint i = 0; credentials != NULL && i < credentials->len; i++)
    {
      const RollCredential *credential = credentials->pdata[i];
      g_autofree char *count = count_computers (forecast->counts[i]);

      add_account (self, "dialog-password-symbolic", credential->name, count);
    }
  if (credentials != NULL && forecast->n_unsure > 0)
    {
      g_autofree char *count = count_computers (forecast->n_unsure);

      add_account (self, "dialog-question-symbolic", count,
                   _("Known by name only: whether their credential may be used is decided by their address."));
    }
  if (credentials != NULL && forecast->n_without > 0)
    {
      g_autofree char *count = count_computers (forecast->n_without);
      g_autofree char *text = g_strdup_printf (_("No credential may be used there: they would end as “%s” (%d)."),
                                               roll_status_label (ROLL_STATUS_NO_CREDENTIALS),
                                               ROLL_STATUS_NO_CREDENTIALS);

      add_account (self, "dialog-warning-symbolic", count, text);
    }
}

static void
show_sent (RollSummaryPage *self, const RollForecast *forecast, const Question *question)
{
  g_autofree char *servers = question->options->dns != NULL ? g_strjoinv (", ", question->options->dns) : NULL;
  g_autofree char *names = g_strdup_printf (_("The names of the computers, in clear, to %s."),
                                            servers != NULL ? servers : _("those of this system"));
  g_autofree char *calls = NULL;

  adw_action_row_set_subtitle (self->names_sent_row, names);
  gtk_widget_set_visible (GTK_WIDGET (self->names_sent_row), forecast->n_names > 0);
  if (question->credentials == NULL)
    calls = g_strdup_printf (_("A connection to TCP port %u and nothing else."), question->options->port);
  else
    calls = g_strdup_printf (_("A connection to TCP port %u; where it answers, a logon by Kerberos or NTLM, in which the "
                               "password itself is not sent, and encrypted questions. Nothing is changed there."),
                             question->options->port);
  adw_action_row_set_subtitle (self->calls_sent_row, calls);
}

static void
stop_counting (RollSummaryPage *self)
{
  if (self->counting != NULL)
    g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
}

static void
count_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollSummaryPage *self = ROLL_SUMMARY_PAGE (source);
  const Question *question = g_task_get_task_data (G_TASK (result));
  g_autoptr (RollForecast) forecast = g_task_propagate_pointer (G_TASK (result), NULL);

  if (forecast == NULL || g_task_get_cancellable (G_TASK (result)) != self->counting)
    return;
  g_clear_object (&self->counting);
  show_targets (self, forecast);
  show_accounts (self, forecast, question->credentials);
  show_sent (self, forecast, question);
}

void
roll_summary_page_set_scan (RollSummaryPage *self, RollTargetList *targets, GPtrArray *credentials,
                            const RollScanOptions *options, const char *options_text)
{
  Question *question;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (ROLL_IS_SUMMARY_PAGE (self) && targets != NULL && options != NULL);

  adw_action_row_set_subtitle (self->options_row, options_text);
  show_count (self, roll_target_list_get_count (targets));
  stop_counting (self);
  self->counting = g_cancellable_new ();
  question = g_new0 (Question, 1);
  question->targets = roll_target_list_ref (targets);
  question->credentials = credentials != NULL ? g_ptr_array_ref (credentials) : NULL;
  question->options = roll_scan_options_copy (options);
  task = g_task_new (self, self->counting, count_done, NULL);
  g_task_set_source_tag (task, roll_summary_page_set_scan);
  g_task_set_task_data (task, question, (GDestroyNotify) question_free);
  g_task_run_in_thread (task, count_thread);
}

char *
roll_summary_page_get_name (RollSummaryPage *self)
{
  g_autofree char *name = NULL;

  g_return_val_if_fail (ROLL_IS_SUMMARY_PAGE (self), NULL);

  name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name_row))));
  return *name != '\0' ? g_steal_pointer (&name) : NULL;
}

void
roll_summary_page_set_name (RollSummaryPage *self, const char *name)
{
  g_return_if_fail (ROLL_IS_SUMMARY_PAGE (self));

  gtk_editable_set_text (GTK_EDITABLE (self->name_row), name);
}

static void
on_options_activated (AdwActionRow *row, RollSummaryPage *self)
{
  g_signal_emit (self, signals[OPTIONS], 0);
}

/* --- Profile --- */

static void
show_reason (RollSummaryPage *self, const char *text)
{
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->profile_reason), text);
  gtk_widget_set_visible (GTK_WIDGET (self->profile_reason), *text != '\0');
}

static void
update_save_button (RollSummaryPage *self)
{
  const char *name = gtk_editable_get_text (GTK_EDITABLE (self->profile_row));
  gboolean there = roll_profile_is_one_of (name, (const char *const *) self->profiles);

  gtk_widget_set_sensitive (GTK_WIDGET (self->save_button), roll_profile_check_name (name, NULL));
  gtk_button_set_label (self->save_button, there ? _("Update") : _("Save"));
}

static void
on_profile_changed (AdwEntryRow *row, RollSummaryPage *self)
{
  const char *name = gtk_editable_get_text (GTK_EDITABLE (row));
  g_autoptr (GError) error = NULL;
  gboolean right = roll_profile_check_name (name, &error);

  update_save_button (self);
  show_reason (self, right || *name == '\0' ? "" : error->message);
  if (right || *name == '\0')
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
}

static void
on_save_profile (RollSummaryPage *self)
{
  if (gtk_widget_get_sensitive (GTK_WIDGET (self->save_button)))
    g_signal_emit (self, signals[SAVE_PROFILE], 0, gtk_editable_get_text (GTK_EDITABLE (self->profile_row)));
}

void
roll_summary_page_profile_saved (RollSummaryPage *self, const GError *error)
{
  g_return_if_fail (ROLL_IS_SUMMARY_PAGE (self));

  on_profile_changed (self->profile_row, self);
  show_reason (self, error != NULL ? error->message : _("Saved."));
}

void
roll_summary_page_set_profiles (RollSummaryPage *self, const char *const *names)
{
  g_return_if_fail (ROLL_IS_SUMMARY_PAGE (self));

  g_strfreev (self->profiles);
  self->profiles = g_strdupv ((char **) names);
  update_save_button (self);
}

void
roll_summary_page_set_profile (RollSummaryPage *self, const char *name)
{
  g_return_if_fail (ROLL_IS_SUMMARY_PAGE (self));

  gtk_editable_set_text (GTK_EDITABLE (self->profile_row), name);
}

/* --- Object --- */

static gboolean
roll_summary_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ROLL_SUMMARY_PAGE (widget)->name_row));
}

static void
roll_summary_page_dispose (GObject *object)
{
  stop_counting (ROLL_SUMMARY_PAGE (object));
  g_clear_pointer (&ROLL_SUMMARY_PAGE (object)->profiles, g_strfreev);
  G_OBJECT_CLASS (roll_summary_page_parent_class)->dispose (object);
}

static void
roll_summary_page_class_init (RollSummaryPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_summary_page_dispose;
  widget_class->grab_focus = roll_summary_page_grab_focus;
  signals[OPTIONS] = g_signal_new ("options", ROLL_TYPE_SUMMARY_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[SAVE_PROFILE] = g_signal_new ("save-profile", ROLL_TYPE_SUMMARY_PAGE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-summary-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RollSummaryPage, name_row);
  gtk_widget_class_bind_template_child (widget_class, RollSummaryPage, targets_row);
  gtk_widget_class_bind_template_child (widget_class, RollSummaryPage, public_row);
  gtk_widget_class_bind_template_child (widget_class, RollSummaryPage, duration_row);
  gtk_widget_class_bind_template_child (widget_class, RollSummaryPage, options_row);
  gtk_widget_class_bind_template_child (widget_class, RollSummaryPage, accounts_list);
  gtk_widget_class_bind_template_child (widget_class, RollSummaryPage, names_sent_row);
  gtk_widget_class_bind_template_child (widget_class, RollSummaryPage, calls_sent_row);
  gtk_widget_class_bind_template_child (widget_class, RollSummaryPage, profile_row);
  gtk_widget_class_bind_template_child (widget_class, RollSummaryPage, profile_reason);
  gtk_widget_class_bind_template_child (widget_class, RollSummaryPage, save_button);
  gtk_widget_class_bind_template_callback (widget_class, on_options_activated);
  gtk_widget_class_bind_template_callback (widget_class, on_profile_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_save_profile);
  gtk_widget_class_bind_template_callback (widget_class, roll_wizard_page_go_on);
}

static void
roll_summary_page_init (RollSummaryPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
