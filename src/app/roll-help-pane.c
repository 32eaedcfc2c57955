/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-help-pane.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "app/roll-check-actions.h"
#include "app/roll-evidence-page.h"
#include "app/roll-help-page.h"
#include "app/roll-inventory-page.h"

struct _RollHelpPane
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *title_label;
  GtkWidget *check_button;
  GtkStack *stack;
  AdwViewStack *pages;
  AdwViewSwitcher *switcher;
  RollHelpPage *help_page;
  RollEvidencePage *evidence_page;
  AdwViewStackPage *inventory_stack_page;
  RollInventoryPage *inventory_page;

  RollSession *session;   /* (nullable): of the computer */
  RollComputer *computer; /* NULL when a status is shown */
  GCancellable *reading;
  RollSurroundings *surroundings; /* (nullable): of the scan that was shown last */
  gint64 surroundings_scan;
  gint64 surroundings_until; /* monotonic time from which on they are out of date */
};

enum
{
  CLOSE_WANTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollHelpPane, roll_help_pane, GTK_TYPE_WIDGET)

static void
stop_reading (RollHelpPane *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static void
on_close_clicked (GtkButton *button, RollHelpPane *self)
{
  g_signal_emit (self, signals[CLOSE_WANTED], 0);
}

/* --- The check script --- */

static void
copy_check_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  roll_check_copy (widget);
}

static void
save_check_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  roll_check_save (widget);
}

/* Which computer it was given to, as another one may be shown when it has been read. */
typedef struct
{
  RollHelpPane *pane;
  RollSession *session;
  RollComputer *computer;
} CheckTask;

static void
on_check_taken (GObject *source, GAsyncResult *result, gpointer user_data)
{
  CheckTask *task = user_data;
  g_autoptr (GError) error = NULL;

  if (!roll_check_take_finish (result, &error))
    roll_check_show_error (GTK_WIDGET (task->pane), error->message);
  else if (task->pane->computer == task->computer && task->pane->box != NULL)
    roll_help_pane_look_again (task->pane, task->session);
  roll_computer_unref (task->computer);
  g_object_unref (task->session);
  g_object_unref (task->pane);
  g_free (task);
}

/* A file or, without one, the text itself. */
static void
take_check (RollHelpPane *self, GFile *file, const char *text)
{
  CheckTask *task;

  if (self->computer == NULL || self->session == NULL)
    {
      roll_check_show_error (GTK_WIDGET (self), _("Choose the computer in the list first that the check script was run on."));
      return;
    }
  task = g_new (CheckTask, 1);
  *task = (CheckTask) { g_object_ref (self), g_object_ref (self->session), roll_computer_ref (self->computer) };
  roll_check_take_async (file, text, roll_session_get_store (self->session), roll_session_get_info (self->session)->id,
                         self->computer, NULL, on_check_taken, task);
}

static void
on_check_chosen (GFile *file, gpointer user_data)
{
  g_autoptr (RollHelpPane) self = user_data;

  if (file != NULL)
    take_check (self, file, NULL);
}

static void
read_check_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  roll_check_choose (widget, on_check_chosen, g_object_ref (widget));
}

static gboolean
on_drop (GtkDropTarget *target, const GValue *value, double x, double y, RollHelpPane *self)
{
  GSList *files;

  if (G_VALUE_HOLDS_STRING (value))
    {
      take_check (self, NULL, g_value_get_string (value));
      return TRUE;
    }
  files = g_value_get_boxed (value);
  if (files != NULL && files->next == NULL)
    take_check (self, files->data, NULL);
  else
    roll_check_show_error (GTK_WIDGET (self), _("These are several files. Drop the one that the check script printed on this "
                                                "computer; the others belong to theirs."));
  return TRUE;
}

static void
add_drop_target (RollHelpPane *self)
{
  GtkDropTarget *target = gtk_drop_target_new (G_TYPE_INVALID, GDK_ACTION_COPY);
  GType types[] = { GDK_TYPE_FILE_LIST, G_TYPE_STRING };

  gtk_drop_target_set_gtypes (target, types, G_N_ELEMENTS (types));
  g_signal_connect (target, "drop", G_CALLBACK (on_drop), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
}

static void
set_session (RollHelpPane *self, RollSession *session)
{
  g_set_object (&self->session, session);
  gtk_widget_set_visible (self->check_button, session != NULL);
}

static void
roll_help_pane_dispose (GObject *object)
{
  RollHelpPane *self = ROLL_HELP_PANE (object);

  stop_reading (self);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->session);
  g_clear_pointer (&self->computer, roll_computer_unref);
  g_clear_pointer (&self->surroundings, roll_surroundings_unref);
  G_OBJECT_CLASS (roll_help_pane_parent_class)->dispose (object);
}

static void
roll_help_pane_class_init (RollHelpPaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_help_pane_dispose;
  signals[CLOSE_WANTED] = g_signal_new ("close-wanted", ROLL_TYPE_HELP_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 0);
  g_type_ensure (ROLL_TYPE_HELP_PAGE);
  g_type_ensure (ROLL_TYPE_EVIDENCE_PAGE);
  g_type_ensure (ROLL_TYPE_INVENTORY_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-help-pane.ui");
  gtk_widget_class_bind_template_child (widget_class, RollHelpPane, box);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPane, title_label);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPane, check_button);
  gtk_widget_class_install_action (widget_class, "check.copy", NULL, copy_check_action);
  gtk_widget_class_install_action (widget_class, "check.save", NULL, save_check_action);
  gtk_widget_class_install_action (widget_class, "check.read", NULL, read_check_action);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPane, stack);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPane, pages);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPane, switcher);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPane, help_page);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPane, evidence_page);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPane, inventory_stack_page);
  gtk_widget_class_bind_template_child (widget_class, RollHelpPane, inventory_page);
  gtk_widget_class_bind_template_callback (widget_class, on_close_clicked);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
roll_help_pane_init (RollHelpPane *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_drop_target (self);
  roll_help_pane_show_nothing (self);
}

void
roll_help_pane_show_nothing (RollHelpPane *self)
{
  g_return_if_fail (ROLL_IS_HELP_PANE (self));

  stop_reading (self);
  g_clear_pointer (&self->computer, roll_computer_unref);
  set_session (self, NULL);
  gtk_label_set_label (self->title_label, _("Help"));
  gtk_widget_hide (GTK_WIDGET (self->switcher));
  gtk_stack_set_visible_child_name (self->stack, "nothing");
}

void
roll_help_pane_show_status (RollHelpPane *self, RollStatus status, const char *const *likely)
{
  g_return_if_fail (ROLL_IS_HELP_PANE (self));

  stop_reading (self);
  g_clear_pointer (&self->computer, roll_computer_unref);
  set_session (self, NULL);
  gtk_label_set_label (self->title_label, _("Help"));
  gtk_widget_hide (GTK_WIDGET (self->switcher));
  adw_view_stack_set_visible_child_name (self->pages, "help");
  roll_help_page_show_status (self->help_page, status, likely);
  gtk_stack_set_visible_child_name (self->stack, "pages");
}

/* --- A computer --- */

/* Most computers that failed have none. */
static void
show_inventory (RollHelpPane *self, gboolean visible)
{
  if (!visible && g_strcmp0 (adw_view_stack_get_visible_child_name (self->pages), "inventory") == 0)
    adw_view_stack_set_visible_child_name (self->pages, "help");
  adw_view_stack_page_set_visible (self->inventory_stack_page, visible);
}

/* While a scan runs, what is around a computer changes; it takes a moment to be counted. */
#define SURROUNDINGS_AGE (5 * G_TIME_SPAN_SECOND)

typedef struct
{
  RollStore *store;
  gint64 scan_id;
  RollComputer *computer;
  RollSurroundings *surroundings; /* (nullable): NULL: to be counted */
} Reading;

static void
reading_free (gpointer data)
{
  Reading *reading = data;

  g_object_unref (reading->store);
  roll_computer_unref (reading->computer);
  g_clear_pointer (&reading->surroundings, roll_surroundings_unref);
  g_free (reading);
}

/* What the database has of a computer. */
typedef struct
{
  GPtrArray *attempts;
  GPtrArray *classes;
  GPtrArray *rounds;
  RollSurroundings *surroundings;
  RollDiagnosis *diagnosis;
} Found;

static void
found_free (gpointer data)
{
  Found *found = data;

  g_clear_pointer (&found->attempts, g_ptr_array_unref);
  g_clear_pointer (&found->classes, g_ptr_array_unref);
  g_clear_pointer (&found->rounds, g_ptr_array_unref);
  g_clear_pointer (&found->surroundings, roll_surroundings_unref);
  g_clear_pointer (&found->diagnosis, roll_diagnosis_free);
  g_free (found);
}

static gboolean
diagnose (Reading *reading, Found *found, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) findings =
      roll_store_get_findings (reading->store, reading->scan_id, reading->computer->ordinal, error);

  if (findings == NULL)
    return FALSE;
  found->surroundings = reading->surroundings != NULL
                            ? roll_surroundings_ref (reading->surroundings)
                            : roll_surroundings_load (reading->store, reading->scan_id, cancellable, error);
  if (found->surroundings == NULL)
    return FALSE;
  found->diagnosis = roll_diagnosis_new (reading->computer, found->attempts, found->classes, findings, found->surroundings);
  return TRUE;
}

static void
read_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Reading *reading = task_data;
  guint ordinal = reading->computer->ordinal;
  GError *error = NULL;
  Found *found = g_new0 (Found, 1);

  found->attempts = roll_store_get_attempts (reading->store, reading->scan_id, ordinal, &error);
  if (found->attempts != NULL)
    found->classes = roll_store_get_classes (reading->store, reading->scan_id, ordinal, &error);
  if (found->classes != NULL)
    found->rounds = roll_store_get_rounds (reading->store, reading->scan_id, ordinal, &error);
  if (found->rounds != NULL && diagnose (reading, found, cancellable, &error))
    {
      g_task_return_pointer (task, found, found_free);
      return;
    }
  found_free (found);
  g_task_return_error (task, error);
}

static void
keep_surroundings (RollHelpPane *self, RollSurroundings *surroundings)
{
  if (self->surroundings == surroundings)
    return;
  g_clear_pointer (&self->surroundings, roll_surroundings_unref);
  self->surroundings = roll_surroundings_ref (surroundings);
}

static guint
get_retries (RollHelpPane *self)
{
  return roll_computer_table_get_retries (roll_session_get_table (self->session));
}

static void
read_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollHelpPane *self = ROLL_HELP_PANE (source);
  g_autoptr (GError) error = NULL;
  Found *found = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  g_clear_object (&self->reading);
  if (found == NULL)
    {
      roll_evidence_page_show_error (self->evidence_page, error->message);
      return;
    }
  keep_surroundings (self, found->surroundings);
  roll_help_page_show_computer (self->help_page, self->computer, get_retries (self), found->attempts,
                                g_steal_pointer (&found->diagnosis));
  roll_evidence_page_show (self->evidence_page, self->computer, found->attempts);
  roll_evidence_page_show_earlier (self->evidence_page, found->rounds);
  roll_inventory_page_show (self->inventory_page, self->computer, found->classes);
  show_inventory (self, self->computer->facts != NULL || found->classes->len > 0);
  found_free (found);
}

/* Those at hand, unless they are of another scan or the scan has gone on meanwhile. */
static void
choose_surroundings (RollHelpPane *self, RollSession *session, Reading *reading)
{
  gint64 now = g_get_monotonic_time ();

  if (self->surroundings_scan == reading->scan_id && now < self->surroundings_until && self->surroundings != NULL)
    {
      reading->surroundings = roll_surroundings_ref (self->surroundings);
      return;
    }
  self->surroundings_scan = reading->scan_id;
  self->surroundings_until = roll_session_is_active (session) ? now + SURROUNDINGS_AGE : G_MAXINT64;
  g_clear_pointer (&self->surroundings, roll_surroundings_unref);
}

static void
read_attempts (RollHelpPane *self, RollSession *session)
{
  Reading *reading = g_new0 (Reading, 1);
  g_autoptr (GTask) task = NULL;

  reading->store = g_object_ref (roll_session_get_store (session));
  reading->scan_id = roll_session_get_info (session)->id;
  reading->computer = roll_computer_ref (self->computer);
  choose_surroundings (self, session, reading);
  self->reading = g_cancellable_new ();
  task = g_task_new (self, self->reading, read_done, NULL);
  g_task_set_source_tag (task, read_attempts);
  g_task_set_task_data (task, reading, reading_free);
  g_task_run_in_thread (task, read_thread);
}

void
roll_help_pane_show_computer (RollHelpPane *self, RollSession *session, guint ordinal)
{
  RollComputer *computer;

  g_return_if_fail (ROLL_IS_HELP_PANE (self));

  computer = roll_computer_table_get_computer (roll_session_get_table (session), ordinal);
  if (computer == self->computer)
    return;
  stop_reading (self);
  g_clear_pointer (&self->computer, roll_computer_unref);
  set_session (self, session);
  self->computer = roll_computer_ref (computer);
  gtk_label_set_label (self->title_label, computer->target);
  gtk_widget_show (GTK_WIDGET (self->switcher));
  roll_help_page_show_computer (self->help_page, computer, get_retries (self), NULL, NULL);
  roll_evidence_page_show (self->evidence_page, computer, NULL);
  roll_inventory_page_show (self->inventory_page, computer, NULL);
  show_inventory (self, computer->facts != NULL || computer->classes_collected > 0);
  gtk_stack_set_visible_child_name (self->stack, "pages");
  read_attempts (self, session);
}

void
roll_help_pane_look_again (RollHelpPane *self, RollSession *session)
{
  g_return_if_fail (ROLL_IS_HELP_PANE (self));

  self->surroundings_until = 0;
  if (self->computer == NULL)
    return;
  stop_reading (self);
  read_attempts (self, session);
}

void
roll_help_pane_show_evidence (RollHelpPane *self)
{
  g_return_if_fail (ROLL_IS_HELP_PANE (self));

  adw_view_stack_set_visible_child_name (self->pages, "evidence");
}
