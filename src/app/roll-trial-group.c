/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-trial-group.h"

#include <glib/gi18n.h>

#include "app/roll-format.h"
#include "app/roll-help-text.h"
#include "scan/roll-trial.h"

#define LONGEST_TEXT 1000

struct _RollTrialGroup
{
  AdwPreferencesGroup parent_instance;

  AdwEntryRow *computer_row;
  GtkButton *test_button;
  GtkWidget *result_box;
  GtkImage *result_icon;
  GtkLabel *result_label;
  GtkWidget *spinner;
  GtkListBox *ladder;

  GPtrArray *steps;  /* (element-type GtkWidget): rows, in the order of the steps */
  gboolean typed;    /* the computer, by the person */
  gboolean suggesting;
  gboolean asked;    /* for a credential */
  GCancellable *trying; /* (nullable) */
};

enum
{
  WANTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollTrialGroup, roll_trial_group, ADW_TYPE_PREFERENCES_GROUP)

/* A trial under way; one that was stopped may still tell something. */
typedef struct
{
  RollTrialGroup *group;
  GCancellable *cancellable;
  gpointer keeper;
  GDestroyNotify free_keeper;
} Run;

static void
run_free (Run *run)
{
  if (run->keeper != NULL)
    run->free_keeper (run->keeper);
  g_object_unref (run->cancellable);
  g_object_unref (run->group);
  g_free (run);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Run, run_free)

static gboolean
is_busy (RollTrialGroup *self)
{
  return self->asked || self->trying != NULL;
}

static void
update (RollTrialGroup *self)
{
  const char *computer = gtk_editable_get_text (GTK_EDITABLE (self->computer_row));

  gtk_button_set_label (self->test_button, is_busy (self) ? _("S_top") : _("_Test"));
  gtk_button_set_use_underline (self->test_button, TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->test_button), is_busy (self) || *computer != '\0');
  gtk_widget_set_visible (self->spinner, is_busy (self));
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), is_busy (self));
}

/* --- The ladder --- */

static char *
describe_step (const RollStepRecord *record)
{
  g_autofree char *duration = roll_format_duration (record->duration_us);
  g_autofree char *error = roll_help_error_meaning (record->error);

  return *error != '\0' ? g_strdup_printf ("%s · %s", error, duration) : g_steal_pointer (&duration);
}

static void
set_step (GtkWidget *row, const RollStepRecord *record)
{
  gboolean failed = record->error.space != ROLL_ERROR_SPACE_NONE;
  GtkWidget *icon = g_object_get_data (G_OBJECT (row), "icon");
  g_autofree char *description = describe_step (record);
  g_autofree char *label = NULL;

  gtk_image_set_from_icon_name (GTK_IMAGE (icon), failed ? "roll-rpc-call-cancelled-symbolic" : "roll-success-symbolic");
  gtk_widget_remove_css_class (icon, failed ? "success" : "error");
  gtk_widget_add_css_class (icon, failed ? "error" : "success");
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), roll_step_label (record->step));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), description);
  label = g_strdup_printf ("%s: %s, %s", roll_step_label (record->step), failed ? _("Failed") : _("Went well"), description);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

static GtkWidget *
new_step (void)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *icon = gtk_image_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 4);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), icon);
  g_object_set_data (G_OBJECT (row), "icon", icon);
  return row;
}

static void
clear_steps (RollTrialGroup *self)
{
  for (guint i = 0; i < self->steps->len; i++)
    gtk_list_box_remove (self->ladder, self->steps->pdata[i]);
  g_ptr_array_set_size (self->steps, 0);
  gtk_widget_hide (GTK_WIDGET (self->ladder));
  gtk_widget_hide (self->result_box);
}

static void
on_step (guint place, const RollStepRecord *record, gpointer user_data)
{
  const Run *run = user_data;
  RollTrialGroup *self = run->group;

  if (self->trying != run->cancellable)
    return;
  if (place == self->steps->len)
    {
      GtkWidget *row = new_step ();

      g_ptr_array_add (self->steps, row);
      gtk_list_box_append (self->ladder, row);
      gtk_widget_show (GTK_WIDGET (self->ladder));
    }
  if (place < self->steps->len)
    set_step (self->steps->pdata[place], record);
}

/* --- What came of it --- */

static void
show_result (RollTrialGroup *self, gboolean works, const char *text)
{
  gtk_image_set_from_icon_name (self->result_icon, works ? "emblem-ok-symbolic" : "dialog-warning-symbolic");
  gtk_widget_remove_css_class (GTK_WIDGET (self->result_icon), works ? "warning" : "success");
  gtk_widget_add_css_class (GTK_WIDGET (self->result_icon), works ? "success" : "warning");
  gtk_label_set_label (self->result_label, text);
  gtk_widget_show (self->result_box);
}

static char *
describe_result (const RollTrial *trial)
{
  g_autoptr (GPtrArray) attempts = NULL;
  g_autofree char *sentence = NULL;

  if (trial->computer->status == ROLL_STATUS_SUCCESS || trial->computer->status == ROLL_STATUS_NO_CREDENTIALS)
    return roll_trial_sentence (trial);
  attempts = g_ptr_array_new ();
  g_ptr_array_add (attempts, trial->attempt);
  sentence = roll_help_sentence (trial->computer, attempts);
  return g_strdup_printf ("%s. %s", roll_status_label (trial->computer->status), sentence);
}

static void
on_tried (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Run) run = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (RollTrial) trial = roll_trial_finish (result, &error);
  RollTrialGroup *self = run->group;
  g_autofree char *text = NULL;

  if (self->trying != run->cancellable)
    return;
  g_clear_object (&self->trying);
  update (self);
  text = trial != NULL ? describe_result (trial) : g_strdup (error->message);
  show_result (self, trial != NULL && trial->computer->status == ROLL_STATUS_SUCCESS, text);
}

static void
stop (RollTrialGroup *self)
{
  self->asked = FALSE;
  if (self->trying != NULL)
    g_cancellable_cancel (self->trying);
  g_clear_object (&self->trying);
}

static void
on_test_clicked (GtkWidget *widget, RollTrialGroup *self)
{
  if (is_busy (self))
    {
      stop (self);
      update (self);
      show_result (self, FALSE, _("The trial was stopped."));
      return;
    }
  if (*gtk_editable_get_text (GTK_EDITABLE (self->computer_row)) == '\0')
    return;
  clear_steps (self);
  self->asked = TRUE;
  update (self);
  g_signal_emit (self, signals[WANTED], 0);
}

static void
on_computer_changed (AdwEntryRow *row, RollTrialGroup *self)
{
  if (!self->suggesting)
    self->typed = *gtk_editable_get_text (GTK_EDITABLE (row)) != '\0';
  update (self);
}

/* --- Object --- */

static gboolean
roll_trial_group_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ROLL_TRIAL_GROUP (widget)->computer_row));
}

static void
roll_trial_group_dispose (GObject *object)
{
  stop (ROLL_TRIAL_GROUP (object));
  G_OBJECT_CLASS (roll_trial_group_parent_class)->dispose (object);
}

static void
roll_trial_group_finalize (GObject *object)
{
  g_ptr_array_unref (ROLL_TRIAL_GROUP (object)->steps);
  G_OBJECT_CLASS (roll_trial_group_parent_class)->finalize (object);
}

static void
roll_trial_group_class_init (RollTrialGroupClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_trial_group_dispose;
  G_OBJECT_CLASS (klass)->finalize = roll_trial_group_finalize;
  widget_class->grab_focus = roll_trial_group_grab_focus;
  signals[WANTED] = g_signal_new ("wanted", ROLL_TYPE_TRIAL_GROUP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-trial-group.ui");
  gtk_widget_class_bind_template_child (widget_class, RollTrialGroup, computer_row);
  gtk_widget_class_bind_template_child (widget_class, RollTrialGroup, test_button);
  gtk_widget_class_bind_template_child (widget_class, RollTrialGroup, result_box);
  gtk_widget_class_bind_template_child (widget_class, RollTrialGroup, result_icon);
  gtk_widget_class_bind_template_child (widget_class, RollTrialGroup, result_label);
  gtk_widget_class_bind_template_child (widget_class, RollTrialGroup, spinner);
  gtk_widget_class_bind_template_child (widget_class, RollTrialGroup, ladder);
  gtk_widget_class_bind_template_callback (widget_class, on_test_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_computer_changed);
}

static void
roll_trial_group_init (RollTrialGroup *self)
{
  self->steps = g_ptr_array_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_text_set_max_length (GTK_TEXT (gtk_editable_get_delegate (GTK_EDITABLE (self->computer_row))), LONGEST_TEXT);
  update (self);
}

void
roll_trial_group_suggest (RollTrialGroup *self, const char *computer)
{
  g_return_if_fail (ROLL_IS_TRIAL_GROUP (self));

  if (self->typed || is_busy (self) || self->steps->len > 0)
    return;
  self->suggesting = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->computer_row), computer != NULL ? computer : "");
  self->suggesting = FALSE;
}

void
roll_trial_group_begin (RollTrialGroup *self, RollCredential *credential, const RollScanOptions *options, gpointer keeper,
                        GDestroyNotify free_keeper)
{
  Run *run;

  g_return_if_fail (ROLL_IS_TRIAL_GROUP (self) && credential != NULL && options != NULL);

  if (!self->asked)
    {
      if (keeper != NULL)
        free_keeper (keeper);
      return;
    }
  self->asked = FALSE;
  self->trying = g_cancellable_new ();
  run = g_new0 (Run, 1);
  *run = (Run) { g_object_ref (self), g_object_ref (self->trying), keeper, free_keeper };
  roll_trial_async (credential, gtk_editable_get_text (GTK_EDITABLE (self->computer_row)), options, on_step, self->trying,
                    on_tried, run);
  update (self);
}

void
roll_trial_group_fail (RollTrialGroup *self, const char *message)
{
  g_return_if_fail (ROLL_IS_TRIAL_GROUP (self) && message != NULL);

  if (!self->asked)
    return;
  self->asked = FALSE;
  update (self);
  show_result (self, FALSE, message);
}

void
roll_trial_group_reset (RollTrialGroup *self)
{
  g_return_if_fail (ROLL_IS_TRIAL_GROUP (self));

  stop (self);
  clear_steps (self);
  update (self);
}
