/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-compare-window.h"

#include <glib/gi18n.h>

#include "app/roll-export-chooser.h"
#include "app/roll-format.h"
#include "app/roll-rows-window.h"
#include "app/roll-scans-popover.h"
#include "scan/roll-compare.h"

struct _RollCompareWindow
{
  AdwWindow parent_instance;

  AdwComboRow *other_row;
  AdwPreferencesGroup *group;
  GtkStack *stack;
  GtkLabel *remarks_label;
  AdwStatusPage *error_page;
  GtkWidget *export_button;
  AdwToastOverlay *toasts;

  RollStore *store;
  GPtrArray *others; /* (element-type RollScanInfo): those it can be compared with */
  RollScanInfo *scan;
  GtkWidget *rows[ROLL_N_CHANGE_GROUPS];
  GBytes *tables[ROLL_N_CHANGE_GROUPS];
  GCancellable *cancellable;
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (RollCompareWindow, roll_compare_window, ADW_TYPE_WINDOW)

/* --- Comparing, in a thread --- */

typedef struct
{
  RollStore *store;
  gint64 before;
  gint64 after;
  char *path; /* (nullable): where the table goes; NULL: into the rows */
  RollSheet *sheet;
  RollRowSet *rows[ROLL_N_CHANGE_GROUPS];
  GBytes *tables[ROLL_N_CHANGE_GROUPS];
  RollCompareTotals totals;
} Comparison;

static void
comparison_free (gpointer data)
{
  Comparison *self = data;

  g_object_unref (self->store);
  g_free (self->path);
  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    {
      g_clear_pointer (&self->rows[i], roll_row_set_free);
      g_clear_pointer (&self->tables[i], g_bytes_unref);
    }
  g_free (self);
}

static RollCimValue
text_value (const char *text)
{
  return (RollCimValue) { .type = ROLL_CIM_STRING, .null = text == NULL, .text = (char *) text };
}

/* More than fits into memory is in the exported table. */
static void
add_row (Comparison *self, const RollChange *change)
{
  char address[ROLL_ADDRESS_STRLEN];
  g_autofree char *before = change->before != NULL ? roll_change_value_text (change->field, change->before) : NULL;
  g_autofree char *after = change->after != NULL ? roll_change_value_text (change->field, change->after) : NULL;
  const RollCimValue values[] = {
    text_value (change->computer->target),
    text_value (roll_address_format (&change->computer->address, address)),
    text_value (change->item != NULL ? change->item : roll_change_field_label (change->field)),
    text_value (before),
    text_value (after),
  };

  roll_row_set_add (self->rows[change->group], values);
}

static gboolean
on_change (const RollChange *change, gpointer user_data)
{
  Comparison *self = user_data;

  if (self->sheet == NULL)
    add_row (self, change);
  else
    roll_sheet_add_change (self->sheet, change);
  return self->sheet == NULL || !roll_sheet_failed (self->sheet);
}

static gboolean
compare_into_rows (Comparison *self, GCancellable *cancellable, GError **error)
{
  const char *columns[] = { _("Computer"), _("Address"), _("What"), _("Before"), _("After"), NULL };

  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    self->rows[i] = roll_row_set_new (columns);
  if (!roll_compare_scans (self->store, self->before, self->after, on_change, self, NULL, cancellable, &self->totals, error))
    return FALSE;
  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    self->tables[i] = roll_row_set_to_bytes (self->rows[i]);
  return TRUE;
}

static gboolean
compare_into_file (Comparison *self, GCancellable *cancellable, GError **error)
{
  self->sheet = roll_sheet_open (self->path, ROLL_SHEET_CSV, FALSE, NULL, error);
  if (self->sheet == NULL)
    return FALSE;
  roll_sheet_begin_changes (self->sheet);
  if (roll_compare_scans (self->store, self->before, self->after, on_change, self, NULL, cancellable, &self->totals, error))
    return roll_sheet_close (self->sheet, error);
  roll_sheet_discard (self->sheet);
  return FALSE;
}

static void
compare_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Comparison *self = task_data;
  GError *error = NULL;
  gboolean good = self->path != NULL ? compare_into_file (self, cancellable, &error)
                                     : compare_into_rows (self, cancellable, &error);

  if (good)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static const RollScanInfo *
get_other (RollCompareWindow *self)
{
  guint place = adw_combo_row_get_selected (self->other_row);

  return place < self->others->len ? self->others->pdata[place] : NULL;
}

/* The one that was begun first is the earlier one, whichever is shown. @path: (nullable) */
static void
start (RollCompareWindow *self, const char *path, GAsyncReadyCallback callback)
{
  const RollScanInfo *other = get_other (self);
  Comparison *comparison;
  g_autoptr (GTask) task = NULL;

  if (other == NULL)
    return;
  comparison = g_new0 (Comparison, 1);
  task = g_task_new (self, self->cancellable, callback, NULL);
  comparison->store = g_object_ref (self->store);
  comparison->before = MIN (self->scan->id, other->id);
  comparison->after = MAX (self->scan->id, other->id);
  comparison->path = g_strdup (path);
  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, comparison, comparison_free);
  g_task_run_in_thread (task, compare_thread);
}

/* --- What came out --- */

static void
show_remarks (RollCompareWindow *self, const RollCompareTotals *totals)
{
  g_autofree char *matched = roll_format_count (totals->n_matched);
  g_autofree char *changed = roll_format_count (totals->n_changed);
  g_autofree char *inventory = roll_format_count (totals->n_inventory);
  g_autofree char *first = g_strdup_printf (ngettext ("%s computer is in both scans; changed: %s.",
                                                      "%s computers are in both scans; changed: %s.", totals->n_matched),
                                            matched, changed);
  g_autofree char *second = g_strdup_printf (ngettext ("Hardware and programs can be compared of %s computer.",
                                                       "Hardware and programs can be compared of %s computers.",
                                                       totals->n_inventory), inventory);
  g_autofree char *text = g_strdup_printf ("%s %s", first, second);

  gtk_label_set_label (self->remarks_label, text);
}

static void
show_groups (RollCompareWindow *self, Comparison *comparison)
{
  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    {
      guint n = comparison->totals.n_changes[i];
      g_autofree char *count = roll_format_count (n);

      g_clear_pointer (&self->tables[i], g_bytes_unref);
      self->tables[i] = g_steal_pointer (&comparison->tables[i]);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self->rows[i]), count);
      gtk_widget_set_sensitive (self->rows[i], n > 0);
    }
}

static void
on_compared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollCompareWindow *self = ROLL_COMPARE_WINDOW (source);
  Comparison *comparison = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      adw_status_page_set_description (self->error_page, error->message);
      gtk_stack_set_visible_child_name (self->stack, "error");
      return;
    }
  show_remarks (self, &comparison->totals);
  show_groups (self, comparison);
  gtk_widget_set_sensitive (self->export_button, TRUE);
  gtk_stack_set_visible_child_name (self->stack, "groups");
}

static void
on_other_changed (RollCompareWindow *self)
{
  if (self->others == NULL || get_other (self) == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  gtk_widget_set_sensitive (self->export_button, FALSE);
  gtk_stack_set_visible_child_name (self->stack, "comparing");
  start (self, NULL, on_compared);
}

static void
on_row_activated (AdwActionRow *row, RollCompareWindow *self)
{
  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    if (self->rows[i] == GTK_WIDGET (row) && self->tables[i] != NULL)
      gtk_window_present (GTK_WINDOW (roll_rows_window_new (GTK_WINDOW (self), self->scan->name,
                                                            roll_change_group_label ((RollChangeGroup) i), self->tables[i])));
}

/* --- Export --- */

static void
on_exported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollCompareWindow *self = ROLL_COMPARE_WINDOW (source);
  Comparison *comparison = g_task_get_task_data (G_TASK (result));
  g_autofree char *file = g_filename_display_basename (comparison->path);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    text = g_strdup_printf (_("The changes were exported to “%s”"), file);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  else
    text = g_strdup (error->message);
  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (text));
}

static void
on_export_response (GtkNativeDialog *chooser, int response, RollCompareWindow *self)
{
  g_autoptr (GFile) file = NULL;
  g_autofree char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL)
    path = g_file_get_path (file);
  g_clear_object (&self->chooser);
  if (path != NULL)
    start (self, path, on_exported);
}

static void
on_export_clicked (GtkButton *button, RollCompareWindow *self)
{
  g_autofree char *name = roll_export_file_name (self->scan->name, ".csv");

  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Export Changes"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE,
                                               _("_Export"), NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_export_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

/* --- Object --- */

static void
roll_compare_window_dispose (GObject *object)
{
  RollCompareWindow *self = ROLL_COMPARE_WINDOW (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->chooser);
  g_clear_object (&self->store);
  g_clear_pointer (&self->others, g_ptr_array_unref);
  g_clear_pointer (&self->scan, roll_scan_info_free);
  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    g_clear_pointer (&self->tables[i], g_bytes_unref);
  G_OBJECT_CLASS (roll_compare_window_parent_class)->dispose (object);
}

static void
roll_compare_window_class_init (RollCompareWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_compare_window_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-compare-window.ui");
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, other_row);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, group);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, remarks_label);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, error_page);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, export_button);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, toasts);
  gtk_widget_class_bind_template_callback (widget_class, on_other_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_export_clicked);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
roll_compare_window_init (RollCompareWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    {
      self->rows[i] = adw_action_row_new ();
      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->rows[i]), roll_change_group_label ((RollChangeGroup) i));
      adw_action_row_add_suffix (ADW_ACTION_ROW (self->rows[i]), gtk_image_new_from_icon_name ("go-next-symbolic"));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self->rows[i]), TRUE);
      g_signal_connect (self->rows[i], "activated", G_CALLBACK (on_row_activated), self);
      adw_preferences_group_add (self->group, self->rows[i]);
    }
}

/* All but the one that is shown. */
static void
list_others (RollCompareWindow *self, RollLibrary *library, gint64 scan_id)
{
  GPtrArray *scans = roll_library_get_scans (library);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autoptr (GPtrArray) others = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_scan_info_free);

  for (guint i = 0; i < scans->len; i++)
    {
      const RollScanInfo *info = scans->pdata[i];
      g_autofree char *description = roll_scan_info_describe (info, NULL);
      g_autofree char *name = g_strdup_printf ("%s (%s)", info->name, description);

      if (info->id == scan_id)
        continue;
      g_ptr_array_add (others, roll_scan_info_copy (info));
      gtk_string_list_append (names, name);
    }
  adw_combo_row_set_model (self->other_row, G_LIST_MODEL (names));
  self->others = g_steal_pointer (&others);
}

GtkWidget *
roll_compare_window_new (GtkWindow *parent, RollLibrary *library, gint64 scan_id)
{
  RollCompareWindow *self = g_object_new (ROLL_TYPE_COMPARE_WINDOW, "transient-for", parent, NULL);

  self->store = g_object_ref (roll_library_get_store (library));
  self->scan = roll_scan_info_copy (roll_library_find (library, scan_id));
  list_others (self, library, scan_id);
  on_other_changed (self);
  return GTK_WIDGET (self);
}
