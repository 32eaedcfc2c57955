/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-rows-window.h"

#include <glib/gi18n.h>

#include "app/roll-format.h"
#include "app/roll-rows-model.h"
#include "app/roll-rows-query.h"

#define CHAR_WIDTH 8 /* pixels, about */
#define PADDING 28
#define MIN_CHARS 6
#define MAX_CHARS 42
#define TITLES G_MAXUINT /* instead of a row */

struct _RollRowsWindow
{
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  GtkWidget *copy_button;
  GtkSearchEntry *search_entry;
  GtkLabel *count_label;
  GtkStack *stack;
  GtkColumnView *column_view;
  AdwStatusPage *error_page;

  RollRowsTable *table;         /* NULL until it is unpacked */
  RollRowsModel *model;
  GArray *order;                /* (nullable): of all rows; NULL: as they are */
  guint sort_column;            /* still to be sorted by, or ROLL_ROWS_UNSORTED */
  gboolean descending;
  guint probed;                 /* the column whose sorter was asked */
  GCancellable *querying;       /* (nullable) */
  GtkSelectionModel *selection;
  char *search;                 /* folded; NULL: none */
  GCancellable *cancellable;
};

G_DEFINE_FINAL_TYPE (RollRowsWindow, roll_rows_window, ADW_TYPE_WINDOW)

/* --- Search --- */

static void
update_count (RollRowsWindow *self)
{
  guint shown = roll_rows_model_get_n_rows (self->model);
  guint total = roll_rows_table_get_n_rows (self->table);
  g_autofree char *shown_text = roll_format_count (shown);
  g_autofree char *total_text = roll_format_count (total);
  g_autofree char *text = NULL;

  if (shown < total)
    /* Translators: rows shown, rows in all */
    text = g_strdup_printf (_("%s of %s"), shown_text, total_text);
  else if (roll_rows_table_is_turned (self->table))
    text = g_strdup_printf (ngettext ("%s property", "%s properties", total), total_text);
  else
    text = g_strdup_printf (ngettext ("%s row", "%s rows", total), total_text);
  gtk_label_set_label (self->count_label, text);
}

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollRowsWindow *self = ROLL_ROWS_WINDOW (source);
  g_autoptr (RollRowsAnswer) answer = roll_rows_query_finish (result);

  if (answer == NULL || self->model == NULL)
    return;
  self->sort_column = ROLL_ROWS_UNSORTED;
  g_clear_pointer (&self->order, g_array_unref);
  self->order = g_array_ref (answer->order);
  roll_rows_model_set_rows (self->model, answer->shown);
  update_count (self);
}

/* The last one counts; what an earlier one was to be sorted by is not forgotten. */
static void
ask (RollRowsWindow *self)
{
  if (self->table == NULL)
    return;
  g_cancellable_cancel (self->querying);
  g_clear_object (&self->querying);
  self->querying = g_cancellable_new ();
  roll_rows_query_async (self->table, self->order, self->sort_column, self->descending, self->search, self, self->querying,
                         on_answer);
}

static void
on_search_changed (GtkSearchEntry *entry, RollRowsWindow *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  g_clear_pointer (&self->search, g_free);
  if (*text != '\0')
    self->search = g_utf8_casefold (text, -1);
  ask (self);
}

static void
on_stop_search (GtkSearchEntry *entry, RollRowsWindow *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (entry)) == '\0')
    gtk_window_close (GTK_WINDOW (self));
  else
    gtk_editable_set_text (GTK_EDITABLE (entry), "");
}

static void
on_search_activate (GtkSearchEntry *entry, RollRowsWindow *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

/* --- Copy --- */

/* A tab or a line of its own would look like another cell. */
static void
append_cell (GString *text, const char *cell)
{
  g_autofree char *copy = g_strdup (cell);

  g_string_append (text, g_strdelimit (copy, "\t\r\n", ' '));
}

static void
append_line (RollRowsWindow *self, GString *text, guint position)
{
  for (guint column = 0; column < roll_rows_table_get_n_columns (self->table); column++)
    {
      if (column > 0)
        g_string_append_c (text, '\t');
      append_cell (text, position == TITLES
                             ? roll_rows_table_get_title (self->table, column)
                             : roll_rows_table_get (self->table, roll_rows_model_get_row (self->model, position), column));
    }
  g_string_append_c (text, '\n');
}

/* The selected rows, or all that are shown. */
static void
copy_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  RollRowsWindow *self = ROLL_ROWS_WINDOW (widget);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GtkBitset) selected = NULL;
  guint n_items;

  if (self->table == NULL)
    return;
  selected = gtk_selection_model_get_selection (self->selection);
  n_items = roll_rows_model_get_n_rows (self->model);
  append_line (self, text, TITLES);
  for (guint i = 0; i < n_items; i++)
    if (gtk_bitset_is_empty (selected) || gtk_bitset_contains (selected, i))
      append_line (self, text, i);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text->str);
}

/* --- Columns --- */

/* Asked by GTK's sorter to compare the window with something else, a column's sorter says instead that it was asked. */
static int
probe_sort (gconstpointer a, gconstpointer b, gpointer column)
{
  if (!ROLL_IS_ROWS_WINDOW ((gpointer) a))
    return 0;
  ROLL_ROWS_WINDOW ((gpointer) a)->probed = GPOINTER_TO_UINT (column);
  return -1;
}

/* GTK 4.8 does not tell which header was clicked: whose sorter is asked first, and how the answer comes out, does. */
static void
on_sorter_changed (GtkSorter *sorter, GtkSorterChange change, RollRowsWindow *self)
{
  if (self->model == NULL)
    return;
  self->probed = ROLL_ROWS_UNSORTED;
  self->descending = gtk_sorter_compare (sorter, self, self->column_view) == GTK_ORDERING_LARGER;
  self->sort_column = self->probed;
  if (self->probed == ROLL_ROWS_UNSORTED) /* by nothing: as they were stored */
    g_clear_pointer (&self->order, g_array_unref);
  ask (self);
}

static void
set_up_cell (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer column)
{
  GtkWidget *text = gtk_inscription_new (NULL);

  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (text), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_nat_lines (GTK_INSCRIPTION (text), 1);
  gtk_list_item_set_child (list_item, text);
}

/* GTK 4.8 names the row itself after its widget class; a screen reader would say that. */
static void
name_row (GtkWidget *cell, const char *text)
{
  GtkWidget *row = cell;

  while (row != NULL && !g_str_equal (gtk_widget_get_css_name (row), "row"))
    row = gtk_widget_get_parent (row);
  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/* What does not fit into one line of the column is there in full when pointed at. */
static void
bind_cell (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer column)
{
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  const char *text = roll_rows_item_get_text (gtk_list_item_get_item (list_item), GPOINTER_TO_UINT (column));
  gboolean is_long = strlen (text) > MAX_CHARS || strchr (text, '\n') != NULL;

  gtk_inscription_set_text (GTK_INSCRIPTION (cell), text);
  gtk_widget_set_tooltip_text (cell, is_long ? text : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (cell), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  if (GPOINTER_TO_UINT (column) == 0)
    name_row (cell, text);
}

static GtkColumnViewColumn *
add_column (RollRowsWindow *self, guint column)
{
  gpointer data = GUINT_TO_POINTER (column);
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  g_autoptr (GtkColumnViewColumn) view_column = NULL;
  g_autoptr (GtkCustomSorter) sorter = gtk_custom_sorter_new (probe_sort, data, NULL);
  guint chars = CLAMP (roll_rows_table_get_width (self->table, column), MIN_CHARS, MAX_CHARS);

  g_signal_connect (factory, "setup", G_CALLBACK (set_up_cell), data);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cell), data);
  view_column = gtk_column_view_column_new (roll_rows_table_get_title (self->table, column), factory);
  gtk_column_view_column_set_sorter (view_column, GTK_SORTER (sorter));
  gtk_column_view_column_set_resizable (view_column, TRUE);
  gtk_column_view_column_set_fixed_width (view_column, (int) chars * CHAR_WIDTH + PADDING);
  gtk_column_view_append_column (self->column_view, view_column);
  return view_column;
}

static void
show_table (RollRowsWindow *self)
{
  self->model = roll_rows_model_new (self->table);
  for (guint column = 0; column < roll_rows_table_get_n_columns (self->table); column++)
    add_column (self, column);
  if (roll_rows_table_is_turned (self->table))
    {
      g_autoptr (GtkColumnViewColumn) last = g_list_model_get_item (gtk_column_view_get_columns (self->column_view), 1);

      gtk_column_view_column_set_fixed_width (last, -1);
      gtk_column_view_column_set_expand (last, TRUE);
    }
  g_signal_connect_object (gtk_column_view_get_sorter (self->column_view), "changed", G_CALLBACK (on_sorter_changed), self, 0);
  self->selection = GTK_SELECTION_MODEL (gtk_multi_selection_new (G_LIST_MODEL (g_object_ref (self->model))));
  gtk_column_view_set_model (self->column_view, self->selection);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rows.copy", TRUE);
  gtk_stack_set_visible_child_name (self->stack, "table");
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
  if (self->search != NULL) /* typed meanwhile */
    ask (self);
  update_count (self);
}

/* --- Unpacking --- */

static void
unpack_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const char *problem = NULL;
  RollRowsTable *table = roll_rows_table_new (task_data, &problem);

  if (table != NULL)
    g_task_return_pointer (task, table, (GDestroyNotify) roll_rows_table_unref);
  else
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                             _("What was collected is damaged in the database: %s. Scan the computer again."), problem);
}

static void
unpacked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollRowsWindow *self = ROLL_ROWS_WINDOW (source);
  g_autoptr (GError) error = NULL;
  RollRowsTable *table = g_task_propagate_pointer (G_TASK (result), &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (table != NULL)
    {
      self->table = table;
      show_table (self);
      return;
    }
  adw_status_page_set_description (self->error_page, error->message);
  gtk_stack_set_visible_child_name (self->stack, "error");
}

static void
unpack (RollRowsWindow *self, GBytes *rows)
{
  g_autoptr (GTask) task = g_task_new (self, self->cancellable, unpacked, NULL);

  g_task_set_source_tag (task, unpack);
  g_task_set_task_data (task, g_bytes_ref (rows), (GDestroyNotify) g_bytes_unref);
  g_task_run_in_thread (task, unpack_thread);
}

/* --- Object --- */

/* GTK 4.8 goes from row to row with Tab: the arrow keys are for that. */
static gboolean
on_list_key (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, RollRowsWindow *self)
{
  if (keyval == GDK_KEY_Tab && (state & GDK_SHIFT_MASK) == 0)
    return gtk_widget_grab_focus (self->copy_button);
  if (keyval == GDK_KEY_ISO_Left_Tab || keyval == GDK_KEY_Tab)
    return gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  return FALSE;
}

static void
search_action (GtkWidget *widget, const char *name, GVariant *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (ROLL_ROWS_WINDOW (widget)->search_entry));
}

static void
roll_rows_window_dispose (GObject *object)
{
  RollRowsWindow *self = ROLL_ROWS_WINDOW (object);

  g_cancellable_cancel (self->cancellable);
  if (self->column_view != NULL)
    gtk_column_view_set_model (self->column_view, NULL);
  g_clear_object (&self->selection);
  g_clear_object (&self->model);
  g_cancellable_cancel (self->querying);
  g_clear_object (&self->querying);
  G_OBJECT_CLASS (roll_rows_window_parent_class)->dispose (object);
}

static void
roll_rows_window_finalize (GObject *object)
{
  RollRowsWindow *self = ROLL_ROWS_WINDOW (object);

  g_clear_pointer (&self->table, roll_rows_table_unref);
  g_clear_pointer (&self->order, g_array_unref);
  g_free (self->search);
  g_object_unref (self->cancellable);
  G_OBJECT_CLASS (roll_rows_window_parent_class)->finalize (object);
}

static void
roll_rows_window_class_init (RollRowsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_rows_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = roll_rows_window_finalize;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-rows-window.ui");
  gtk_widget_class_bind_template_child (widget_class, RollRowsWindow, title);
  gtk_widget_class_bind_template_child (widget_class, RollRowsWindow, copy_button);
  gtk_widget_class_bind_template_child (widget_class, RollRowsWindow, search_entry);
  gtk_widget_class_bind_template_child (widget_class, RollRowsWindow, count_label);
  gtk_widget_class_bind_template_child (widget_class, RollRowsWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, RollRowsWindow, column_view);
  gtk_widget_class_bind_template_child (widget_class, RollRowsWindow, error_page);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, on_list_key);
  gtk_widget_class_install_action (widget_class, "rows.copy", NULL, copy_action);
  gtk_widget_class_install_action (widget_class, "rows.search", NULL, search_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "rows.copy", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "rows.search", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_w, GDK_CONTROL_MASK, "window.close", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
roll_rows_window_init (RollRowsWindow *self)
{
  self->cancellable = g_cancellable_new ();
  self->sort_column = ROLL_ROWS_UNSORTED;
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rows.copy", FALSE);
  gtk_search_entry_set_key_capture_widget (self->search_entry, GTK_WIDGET (self->column_view));
}

GtkWidget *
roll_rows_window_new (GtkWindow *parent, const char *computer, const char *label, GBytes *rows)
{
  RollRowsWindow *self;
  g_autofree char *title = NULL;

  g_return_val_if_fail (rows != NULL, NULL);

  /* Translators: of a window: what it shows, of which computer */
  title = g_strdup_printf (_("%s – %s"), label, computer);
  self = g_object_new (ROLL_TYPE_ROWS_WINDOW, "transient-for", parent, "title", title, NULL);
  gtk_window_set_default_size (GTK_WINDOW (self), CLAMP (gtk_widget_get_width (GTK_WIDGET (parent)), 360, 900), 600);
  adw_window_title_set_title (self->title, label);
  adw_window_title_set_subtitle (self->title, computer);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->column_view), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  unpack (self, rows);
  return GTK_WIDGET (self);
}
