/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-file-page.h"

#include <glib/gi18n.h>

#include "app/roll-chosen-path.h"
#include "app/roll-problem-rows.h"
#include "scan/roll-scan-form.h"
#include "scan/roll-target-table.h"

#define CELL_CHARACTERS 30

struct _RollFilePage
{
  RollWizardPage parent_instance;

  AdwActionRow *file_row;
  AdwComboRow *column_row;
  GtkWidget *header_row;
  GtkSwitch *header_switch;
  GtkWidget *preview_group;
  GtkGrid *preview_grid;
  GtkLabel *count_label;
  GtkListBox *problems_list;

  char *path;
  RollTargetTable *table;
  char *wanted;           /* (nullable): the column to choose once the file was looked at */
  gboolean showing;       /* what is chosen now was not chosen by the person */
  GCancellable *reading;  /* the one that counts */
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (RollFilePage, roll_file_page, ROLL_TYPE_WIZARD_PAGE)

static GCancellable *
begin_reading (RollFilePage *self)
{
  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();
  roll_wizard_page_set_ready (ROLL_WIZARD_PAGE (self), FALSE);
  return self->reading;
}

static gboolean
is_table (RollFilePage *self)
{
  return self->table != NULL && self->table->n_columns > 1;
}

RollTargetSource *
roll_file_page_get_source (RollFilePage *self)
{
  g_autofree char *column = NULL;

  g_return_val_if_fail (ROLL_IS_FILE_PAGE (self) && self->path != NULL, NULL);

  if (is_table (self))
    column = roll_target_table_column (self->table, adw_combo_row_get_selected (self->column_row),
                                       gtk_switch_get_active (self->header_switch));
  return roll_target_source_new_file (self->path, column);
}

/* --- What is in it --- */

static void
check_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_task_return_pointer (task, roll_scan_form_check (task_data), (GDestroyNotify) roll_scan_form_check_free);
}

static void
check_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RollFilePage *self = ROLL_FILE_PAGE (object);
  g_autoptr (RollScanFormCheck) check = g_task_propagate_pointer (G_TASK (result), NULL);
  g_autofree char *count = NULL;

  if (check == NULL || g_task_get_cancellable (G_TASK (result)) != self->reading)
    return;
  g_clear_object (&self->reading);
  count = roll_problem_rows_describe (check);
  gtk_label_set_label (self->count_label, count);
  roll_problem_rows_show (self->problems_list, check);
  roll_wizard_page_set_ready (ROLL_WIZARD_PAGE (self), check->n_targets > 0);
}

static void
check_choice (RollFilePage *self)
{
  RollScanForm *form = roll_scan_form_new ("", "");
  g_autoptr (GTask) task = g_task_new (self, begin_reading (self), check_done, NULL);

  g_ptr_array_add (form->sources, roll_file_page_get_source (self));
  g_task_set_source_tag (task, check_choice);
  g_task_set_task_data (task, form, (GDestroyNotify) roll_scan_form_free);
  g_task_run_in_thread (task, check_thread);
}

/* --- The first rows --- */

static void
clear_preview (RollFilePage *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->preview_grid))) != NULL)
    gtk_grid_remove (self->preview_grid, child);
}

static void
add_cell (RollFilePage *self, const char *text, guint column, guint row)
{
  GtkWidget *label = gtk_label_new (text);
  gboolean header = row == 0 && gtk_switch_get_active (self->header_switch);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_label_set_single_line_mode (GTK_LABEL (label), TRUE);
  gtk_label_set_width_chars (GTK_LABEL (label), (int) MIN (g_utf8_strlen (text, -1), 12));
  gtk_label_set_max_width_chars (GTK_LABEL (label), CELL_CHARACTERS);
  if (header)
    gtk_widget_add_css_class (label, "heading");
  if (column != adw_combo_row_get_selected (self->column_row))
    gtk_widget_add_css_class (label, "dim-label");
  else
    gtk_widget_add_css_class (label, "accent");
  gtk_grid_attach (self->preview_grid, label, (int) column, (int) row, 1, 1);
}

static void
show_preview (RollFilePage *self)
{
  clear_preview (self);
  for (guint row = 0; row < self->table->rows->len; row++)
    for (guint column = 0; column < MIN (self->table->n_columns, 50); column++)
      add_cell (self, ((char **) self->table->rows->pdata[row])[column], column, row);
}

static char *
name_column (RollFilePage *self, guint column)
{
  char **first = self->table->rows->pdata[0];

  if (!gtk_switch_get_active (self->header_switch) || *first[column] == '\0')
    return g_strdup_printf (_("Column %u"), column + 1);
  return g_utf8_substring (first[column], 0, MIN (g_utf8_strlen (first[column], -1), CELL_CHARACTERS));
}

static void
show_columns (RollFilePage *self)
{
  guint chosen = adw_combo_row_get_selected (self->column_row);
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);

  for (guint i = 0; i < self->table->n_columns; i++)
    gtk_string_list_take (names, name_column (self, i));
  adw_combo_row_set_model (self->column_row, G_LIST_MODEL (names));
  if (chosen < self->table->n_columns)
    adw_combo_row_set_selected (self->column_row, chosen);
}

static const char *
describe_delimiter (char delimiter)
{
  switch (delimiter)
    {
    case ';':
      return _("A table, separated by semicolons");
    case '\t':
      return _("A table, separated by tabs");
    case ',':
      return _("A table, separated by commas");
    default:
      return _("A table");
    }
}

/* The one of the source that is edited, or else what looks most like it. */
static guint
choose_column (RollFilePage *self)
{
  guint column;

  if (self->wanted != NULL && roll_target_table_find (self->table, self->wanted, &column, &self->table->has_header))
    return column;
  return self->table->best;
}

static void
show_table (RollFilePage *self)
{
  gboolean table = is_table (self);

  self->showing = TRUE;
  adw_action_row_set_subtitle (self->file_row, table ? describe_delimiter (self->table->delimiter)
                                                     : _("A list, one computer per line"));
  gtk_widget_set_visible (GTK_WIDGET (self->column_row), table);
  gtk_widget_set_visible (self->header_row, table);
  gtk_widget_set_visible (self->preview_group, table);
  if (table)
    {
      guint column = choose_column (self);

      gtk_switch_set_active (self->header_switch, self->table->has_header);
      show_columns (self);
      adw_combo_row_set_selected (self->column_row, column);
      show_preview (self);
    }
  self->showing = FALSE;
  check_choice (self);
}

static void
look_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  RollTargetTable *table = roll_target_table_look (task_data, &error);

  if (table != NULL)
    g_task_return_pointer (task, table, (GDestroyNotify) roll_target_table_free);
  else
    g_task_return_error (task, error);
}

static void
look_done (GObject *object, GAsyncResult *result, gpointer user_data)
{
  RollFilePage *self = ROLL_FILE_PAGE (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (RollTargetTable) table = NULL;

  if (g_task_get_cancellable (G_TASK (result)) != self->reading)
    return;
  table = g_task_propagate_pointer (G_TASK (result), &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->table = g_steal_pointer (&table);
  if (self->table != NULL)
    show_table (self);
  else
    adw_action_row_set_subtitle (self->file_row, error->message);
}

static void
hide_contents (RollFilePage *self)
{
  g_clear_pointer (&self->table, roll_target_table_free);
  gtk_widget_hide (GTK_WIDGET (self->column_row));
  gtk_widget_hide (self->header_row);
  gtk_widget_hide (self->preview_group);
  gtk_widget_hide (GTK_WIDGET (self->problems_list));
  gtk_label_set_label (self->count_label, "");
}

void
roll_file_page_clear (RollFilePage *self)
{
  g_return_if_fail (ROLL_IS_FILE_PAGE (self));

  begin_reading (self);
  g_clear_pointer (&self->path, g_free);
  hide_contents (self);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->file_row), _("No file is chosen"));
  adw_action_row_set_subtitle (self->file_row,
                               _("A text file with one computer per line, or a table saved as CSV"));
}

gboolean
roll_file_page_is_empty (RollFilePage *self)
{
  g_return_val_if_fail (ROLL_IS_FILE_PAGE (self), TRUE);

  return self->path == NULL;
}

void
roll_file_page_set_file (RollFilePage *self, const char *path, const char *column)
{
  g_autofree char *name = NULL;
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (ROLL_IS_FILE_PAGE (self) && path != NULL);

  name = g_filename_display_basename (path);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->file_row), name);
  adw_action_row_set_subtitle (self->file_row, _("Reading…"));
  g_free (self->path);
  self->path = g_strdup (path);
  g_free (self->wanted);
  self->wanted = g_strdup (column);
  hide_contents (self);
  task = g_task_new (self, begin_reading (self), look_done, NULL);
  g_task_set_source_tag (task, roll_file_page_set_file);
  g_task_set_task_data (task, g_strdup (path), g_free);
  g_task_run_in_thread (task, look_thread);
}

static void
on_column_changed (AdwComboRow *row, GParamSpec *pspec, RollFilePage *self)
{
  if (self->showing || !is_table (self) || adw_combo_row_get_selected (row) >= self->table->n_columns)
    return;
  show_preview (self);
  check_choice (self);
}

static void
on_header_changed (GtkSwitch *header, GParamSpec *pspec, RollFilePage *self)
{
  if (self->showing || !is_table (self))
    return;
  self->showing = TRUE;
  show_columns (self);
  self->showing = FALSE;
  show_preview (self);
  check_choice (self);
}

/* --- Choosing a file --- */

static void
on_chooser_response (GtkNativeDialog *chooser, int response, RollFilePage *self)
{
  g_autofree char *problem = NULL;
  g_autofree char *path = roll_chosen_path (chooser, response, &problem);

  g_clear_object (&self->chooser);
  if (path != NULL)
    roll_file_page_set_file (self, path, NULL);
  else if (problem != NULL)
    adw_action_row_set_subtitle (self->file_row, problem);
}

void
roll_file_page_choose (RollFilePage *self)
{
  GtkRoot *root;

  g_return_if_fail (ROLL_IS_FILE_PAGE (self));

  root = gtk_widget_get_root (GTK_WIDGET (self));
  if (self->chooser != NULL)
    return;
  self->chooser = gtk_file_chooser_native_new (_("Choose a File With Computers"), GTK_WINDOW (root),
                                               GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_chooser_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
on_choose_clicked (GtkButton *button, RollFilePage *self)
{
  roll_file_page_choose (self);
}

/* --- Object --- */

static gboolean
roll_file_page_grab_focus (GtkWidget *widget)
{
  return gtk_widget_grab_focus (GTK_WIDGET (ROLL_FILE_PAGE (widget)->file_row));
}

static void
roll_file_page_dispose (GObject *object)
{
  RollFilePage *self = ROLL_FILE_PAGE (object);

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->chooser);
  g_clear_pointer (&self->table, roll_target_table_free);
  g_clear_pointer (&self->path, g_free);
  g_clear_pointer (&self->wanted, g_free);
  G_OBJECT_CLASS (roll_file_page_parent_class)->dispose (object);
}

static void
roll_file_page_class_init (RollFilePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_file_page_dispose;
  widget_class->grab_focus = roll_file_page_grab_focus;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-file-page.ui");
  gtk_widget_class_bind_template_child (widget_class, RollFilePage, file_row);
  gtk_widget_class_bind_template_child (widget_class, RollFilePage, column_row);
  gtk_widget_class_bind_template_child (widget_class, RollFilePage, header_row);
  gtk_widget_class_bind_template_child (widget_class, RollFilePage, header_switch);
  gtk_widget_class_bind_template_child (widget_class, RollFilePage, preview_group);
  gtk_widget_class_bind_template_child (widget_class, RollFilePage, preview_grid);
  gtk_widget_class_bind_template_child (widget_class, RollFilePage, count_label);
  gtk_widget_class_bind_template_child (widget_class, RollFilePage, problems_list);
  gtk_widget_class_bind_template_callback (widget_class, on_column_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_header_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_clicked);
}

static void
roll_file_page_init (RollFilePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
