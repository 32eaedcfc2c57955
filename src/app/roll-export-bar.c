/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-export-bar.h"

#include <glib/gi18n.h>

#include "app/roll-format.h"

#define TICK_MS 100

struct _RollExportBar
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkLabel *label;
  GtkProgressBar *progress_bar;

  GCancellable *cancellable; /* NULL when nothing is written */
  guint tick_source;
  RollWorkProgress progress;
};

enum
{
  ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollExportBar, roll_export_bar, GTK_TYPE_WIDGET)

/* --- Writing --- */

typedef struct
{
  RollStore *store;
  gint64 scan_id;
  RollExport what;
  gboolean redacted;
  char *path;
} Export;

static void
export_free (gpointer data)
{
  Export *export = data;

  g_object_unref (export->store);
  g_free (export->path);
  g_free (export);
}

static void
export_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Export *export = task_data;
  GError *error = NULL;
  g_autoptr (RollRedactor) redactor = export->redacted ? roll_redactor_load (NULL, &error) : NULL;

  export->what.redactor = redactor;
  if (error == NULL
      && roll_export_write (export->store, export->scan_id, &export->what, export->path,
                            &ROLL_EXPORT_BAR (source)->progress, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* (transfer full) */
static char *
describe_done (const Export *export, guint n_rows, const char *file)
{
  g_autofree char *count = roll_format_count (n_rows);

  if (export->what.table == ROLL_EXPORT_REPORT)
    return g_strdup_printf (_("The report was saved as “%s”"), file);
  if (export->what.table == ROLL_EXPORT_CHANGES)
    return g_strdup_printf (ngettext ("%s change was exported to “%s”", "%s changes were exported to “%s”", n_rows), count, file);
  if (export->what.table == ROLL_EXPORT_COMPUTERS)
    return g_strdup_printf (ngettext ("%s computer was exported to “%s”", "%s computers were exported to “%s”", n_rows),
                            count, file);
  return g_strdup_printf (ngettext ("%s row was exported to “%s”", "%s rows were exported to “%s”", n_rows), count, file);
}

static void
export_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollExportBar *self = ROLL_EXPORT_BAR (source);
  Export *export = g_task_get_task_data (G_TASK (result));
  g_autofree char *file = g_filename_display_basename (export->path);
  g_autofree char *message = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->tick_source, g_source_remove);
  gtk_widget_hide (GTK_WIDGET (self));
  if (g_task_propagate_boolean (G_TASK (result), &error))
    message = describe_done (export, (guint) g_atomic_int_get (&self->progress.n_rows), file);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    message = g_strdup (_("The export was cancelled; no file was written"));
  else
    message = g_strdup_printf (_("“%s” could not be written. %s"), file, error->message);
  g_signal_emit (self, signals[ENDED], 0, message,
                 error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED));
}

static gboolean
on_tick (gpointer user_data)
{
  RollExportBar *self = user_data;

  gtk_progress_bar_set_fraction (self->progress_bar, roll_work_progress_get_fraction (&self->progress));
  return G_SOURCE_CONTINUE;
}

void
roll_export_bar_start (RollExportBar *self, RollStore *store, gint64 scan_id, RollExport what,
                       gboolean redacted, const char *path)
{
  Export *export;
  g_autofree char *file = g_filename_display_basename (path);
  g_autofree char *text = g_strdup_printf (_("Exporting to “%s”…"), file);
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (ROLL_IS_EXPORT_BAR (self));
  g_return_if_fail (self->cancellable == NULL);

  export = g_new0 (Export, 1);
  export->store = g_object_ref (store);
  export->scan_id = scan_id;
  export->what = what;
  export->redacted = redacted;
  export->path = g_strdup (path);
  self->cancellable = g_cancellable_new ();
  self->progress = (RollWorkProgress) { 0 };
  gtk_label_set_label (self->label, text);
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  gtk_widget_show (GTK_WIDGET (self));
  self->tick_source = g_timeout_add (TICK_MS, on_tick, self);
  task = g_task_new (self, self->cancellable, export_done, NULL);
  g_task_set_source_tag (task, roll_export_bar_start);
  /* A file that stands is not disowned by a cancel that came too late. */
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, export, export_free);
  g_task_run_in_thread (task, export_thread);
}

void
roll_export_bar_cancel (RollExportBar *self)
{
  g_return_if_fail (ROLL_IS_EXPORT_BAR (self));

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
}

gboolean
roll_export_bar_is_busy (RollExportBar *self)
{
  g_return_val_if_fail (ROLL_IS_EXPORT_BAR (self), FALSE);

  return self->cancellable != NULL;
}

/* --- Object --- */

static void
on_cancel_clicked (GtkButton *button, RollExportBar *self)
{
  roll_export_bar_cancel (self);
}

static void
roll_export_bar_dispose (GObject *object)
{
  RollExportBar *self = ROLL_EXPORT_BAR (object);

  g_clear_handle_id (&self->tick_source, g_source_remove);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->cancellable);
  G_OBJECT_CLASS (roll_export_bar_parent_class)->dispose (object);
}

static void
roll_export_bar_class_init (RollExportBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_export_bar_dispose;
  signals[ENDED] = g_signal_new ("ended", ROLL_TYPE_EXPORT_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                 G_TYPE_STRING, G_TYPE_BOOLEAN);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-export-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, RollExportBar, box);
  gtk_widget_class_bind_template_child (widget_class, RollExportBar, label);
  gtk_widget_class_bind_template_child (widget_class, RollExportBar, progress_bar);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
roll_export_bar_init (RollExportBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
