/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-compare-window.h"

#include <glib/gi18n.h>

#include "app/roll-chosen-path.h"
#include "app/roll-export-bar.h"
#include "app/roll-export-chooser.h"
#include "app/roll-format.h"
#include "app/roll-rows-window.h"
#include "app/roll-scans-popover.h"
#include "scan/roll-compare.h"

#define TICK_MS 100

struct _RollCompareWindow
{
  AdwWindow parent_instance;

  AdwComboRow *other_row;
  AdwActionRow *before_row;
  AdwActionRow *after_row;
  AdwPreferencesGroup *group;
  GtkStack *stack;
  GtkLabel *remarks_label;
  AdwStatusPage *error_page;
  GtkProgressBar *progress_bar;
  GtkWidget *again_button;
  GtkWidget *export_button;
  AdwToastOverlay *toasts;
  RollExportBar *export_bar;

  RollStore *store;
  GPtrArray *others; /* (element-type RollScanInfo): those it can be compared with */
  RollScanInfo *scan;
  GtkWidget *rows[ROLL_N_CHANGE_GROUPS];
  GBytes *tables[ROLL_N_CHANGE_GROUPS];
  GCancellable *cancellable;
  struct _Comparison *comparison; /* (nullable): the one that is waited for */
  guint tick_source;
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (RollCompareWindow, roll_compare_window, ADW_TYPE_WINDOW)

/* --- Comparing, in a thread --- */

typedef struct _Comparison
{
  RollStore *store;
  gint64 before;
  gint64 after;
  RollRowSet *rows[ROLL_N_CHANGE_GROUPS];
  GBytes *tables[ROLL_N_CHANGE_GROUPS];
  guint n_listed[ROLL_N_CHANGE_GROUPS]; /* more than fits into a table is in the exported one */
  RollCompareTotals totals;
  RollWorkProgress progress;
} Comparison;

static void
clear_rows (Comparison *self)
{
  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    g_clear_pointer (&self->rows[i], roll_row_set_free);
}

static void
comparison_free (gpointer data)
{
  Comparison *self = data;

  g_object_unref (self->store);
  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    g_clear_pointer (&self->tables[i], g_bytes_unref);
  g_free (self);
}

static RollCimValue
text_value (const char *text)
{
  return (RollCimValue) { .type = ROLL_CIM_STRING, .null = text == NULL, .text = (char *) text };
}

static gboolean
add_row (const RollChange *change, gpointer user_data)
{
  Comparison *self = user_data;
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

  self->n_listed[change->group] += roll_row_set_add (self->rows[change->group], values);
  return TRUE;
}

/* What is large is made and freed in this thread. */
static void
compare_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const char *columns[] = { _("Computer"), _("Address"), _("What"), _("Before"), _("After"), NULL };
  Comparison *self = task_data;
  GError *error = NULL;
  gboolean good;

  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    self->rows[i] = roll_row_set_new (columns);
  good = roll_compare_scans (self->store, self->before, self->after, add_row, self, &self->progress, cancellable,
                             &self->totals, &error);
  for (guint i = 0; good && i < ROLL_N_CHANGE_GROUPS; i++)
    self->tables[i] = roll_row_set_to_bytes (self->rows[i]);
  clear_rows (self);
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

static char *
describe_group (guint n_changes, guint n_listed)
{
  g_autofree char *changes = roll_format_count (n_changes);
  g_autofree char *listed = roll_format_count (n_listed);

  if (n_listed == n_changes)
    return g_steal_pointer (&changes);
  return g_strdup_printf (_("%s, of which the first %s are listed. Export the changes to have all of them."), changes, listed);
}

static void
show_groups (RollCompareWindow *self, Comparison *comparison)
{
  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    {
      guint n = comparison->totals.n_changes[i];
      g_autofree char *count = describe_group (n, comparison->n_listed[i]);

      g_clear_pointer (&self->tables[i], g_bytes_unref);
      self->tables[i] = g_steal_pointer (&comparison->tables[i]);
      adw_action_row_set_subtitle (ADW_ACTION_ROW (self->rows[i]), count);
      gtk_widget_set_sensitive (self->rows[i], n > 0);
    }
}

static void
show_message (RollCompareWindow *self, const char *text)
{
  g_autofree char *markup = g_markup_escape_text (text, -1);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (markup));
}

static void
update_export (RollCompareWindow *self)
{
  gboolean compared = g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "groups") == 0;

  gtk_widget_set_sensitive (self->export_button, compared && !roll_export_bar_is_busy (self->export_bar));
}

static void
show_page (RollCompareWindow *self, const char *name)
{
  gtk_stack_set_visible_child_name (self->stack, name);
  update_export (self);
}

static void
end_work (RollCompareWindow *self)
{
  g_clear_handle_id (&self->tick_source, g_source_remove);
  self->comparison = NULL;
}

/* One that another took the place of, or whose window is gone, has nothing to show. */
static void
on_compared (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollCompareWindow *self = ROLL_COMPARE_WINDOW (source);
  Comparison *comparison = g_task_get_task_data (G_TASK (result));
  g_autofree char *markup = NULL;
  g_autoptr (GError) error = NULL;

  if (comparison != self->comparison)
    return;
  end_work (self);
  if (g_task_propagate_boolean (G_TASK (result), &error))
    {
      show_remarks (self, &comparison->totals);
      show_groups (self, comparison);
      show_page (self, "groups");
      return;
    }
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      show_page (self, "cancelled");
      gtk_widget_grab_focus (self->again_button);
      return;
    }
  markup = g_markup_escape_text (error->message, -1);
  adw_status_page_set_description (self->error_page, markup);
  show_page (self, "error");
}

static gboolean
on_tick (gpointer user_data)
{
  RollCompareWindow *self = user_data;

  gtk_progress_bar_set_fraction (self->progress_bar, roll_work_progress_get_fraction (&self->comparison->progress));
  return G_SOURCE_CONTINUE;
}

static void
show_scan (AdwActionRow *row, const RollScanInfo *info)
{
  g_autofree char *description = roll_scan_info_describe (info, NULL);
  g_autofree char *name = g_strdup_printf ("%s (%s)", info->name, description);
  /* Translators: for a screen reader: "Before: First (Nov 22, 14:00)" */
  g_autofree char *label = g_strdup_printf (_("%s: %s"), adw_preferences_row_get_title (ADW_PREFERENCES_ROW (row)), name);

  adw_action_row_set_subtitle (row, name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

/* The one that was begun first is the earlier one, whichever is shown. */
static void
start (RollCompareWindow *self, const RollScanInfo *other)
{
  Comparison *comparison = g_new0 (Comparison, 1);
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, on_compared, NULL);

  comparison->store = g_object_ref (self->store);
  comparison->before = MIN (self->scan->id, other->id);
  comparison->after = MAX (self->scan->id, other->id);
  show_scan (self->before_row, self->scan->id < other->id ? self->scan : other);
  show_scan (self->after_row, self->scan->id < other->id ? other : self->scan);
  self->comparison = comparison;
  self->tick_source = g_timeout_add (TICK_MS, on_tick, self);
  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, comparison, comparison_free);
  g_task_run_in_thread (task, compare_thread);
}

static void
compare (RollCompareWindow *self)
{
  const RollScanInfo *other = self->others != NULL ? get_other (self) : NULL;

  if (other == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  end_work (self);
  gtk_progress_bar_set_fraction (self->progress_bar, 0);
  show_page (self, "comparing");
  start (self, other);
}

static void
on_cancel_clicked (RollCompareWindow *self)
{
  g_cancellable_cancel (self->cancellable);
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
on_export_response (GtkNativeDialog *chooser, int response, RollCompareWindow *self)
{
  const RollScanInfo *other = get_other (self);
  g_autofree char *problem = NULL;
  g_autofree char *path = roll_chosen_path (chooser, response, &problem);
  gboolean redacted;
  RollExport what = roll_export_chooser_get (GTK_FILE_CHOOSER (chooser), &redacted);

  g_clear_object (&self->chooser);
  if (problem != NULL)
    show_message (self, problem);
  if (path == NULL || other == NULL)
    return;
  what.before = MIN (self->scan->id, other->id);
  roll_export_bar_start (self->export_bar, self->store, MAX (self->scan->id, other->id), what, redacted, path);
  update_export (self);
}

static void
on_export_clicked (GtkButton *button, RollCompareWindow *self)
{
  if (self->chooser != NULL)
    return;
  self->chooser = roll_export_chooser_new (GTK_WINDOW (self), ROLL_EXPORT_AS_CHANGES, self->scan);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_export_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_export_ended (RollExportBar *bar, const char *message, gboolean failed, RollCompareWindow *self)
{
  if (self->store == NULL)
    return;
  show_message (self, message);
  update_export (self);
}

/* --- Object --- */

/* Closed: what is under way holds the window until it has ended. */
static void
roll_compare_window_unrealize (GtkWidget *widget)
{
  RollCompareWindow *self = ROLL_COMPARE_WINDOW (widget);

  roll_export_bar_cancel (self->export_bar);
  g_cancellable_cancel (self->cancellable);
  end_work (self);
  GTK_WIDGET_CLASS (roll_compare_window_parent_class)->unrealize (widget);
}

static void
roll_compare_window_dispose (GObject *object)
{
  RollCompareWindow *self = ROLL_COMPARE_WINDOW (object);

  end_work (self);
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
  widget_class->unrealize = roll_compare_window_unrealize;
  g_type_ensure (ROLL_TYPE_EXPORT_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-compare-window.ui");
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, other_row);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, before_row);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, after_row);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, group);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, remarks_label);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, error_page);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, progress_bar);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, again_button);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, export_button);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, RollCompareWindow, export_bar);
  gtk_widget_class_bind_template_callback (widget_class, compare);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_export_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_export_ended);
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
  compare (self);
  return GTK_WIDGET (self);
}
