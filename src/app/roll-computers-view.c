/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-computers-view.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "app/roll-cell.h"
#include "app/roll-computer-text.h"
#include "app/roll-format.h"
#include "app/roll-settings.h"
#include "app/roll-status-look.h"

/* Asked by GTK's sorter to compare two rows, a column's sorter says instead that it was asked. */
typedef struct
{
  RollComputersView *view;
  RollColumn column;
} Probe;

struct _RollComputersView
{
  GtkWidget parent_instance;

  GtkWidget *box;
  GtkSearchEntry *search_entry;
  GtkLabel *count_label;
  GtkWidget *filter_button;
  GtkImage *filter_sign;
  GtkLabel *filter_label;
  GtkStack *stack;
  GtkColumnView *column_view;
  GtkColumnViewColumn *name_column;
  GtkColumnViewColumn *address_column;
  GtkColumnViewColumn *status_column;
  GtkColumnViewColumn *step_column;
  GtkColumnViewColumn *attempts_column;
  GtkColumnViewColumn *os_column;
  GtkColumnViewColumn *duration_column;
  GMenuModel *context_menu;
  GtkWidget *popover;

  RollComputersQuery *query;
  RollComputersModel *model; /* of the query */
  GSimpleActionGroup *actions;
  Probe probes[ROLL_N_COLUMNS];
  RollColumn probed;
  RollColumn sorted_by;
  int column_widths[ROLL_N_COLUMNS]; /* of the hidden ones */
  int width; /* that the columns were chosen for */
  guint width_source;
};

enum
{
  COMPUTER_CHOSEN,
  COMPUTER_ACTIVATED,
  FILTER_LIFTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollComputersView, roll_computers_view, GTK_TYPE_WIDGET)

static GtkColumnViewColumn *
get_column (RollComputersView *self, RollColumn column)
{
  GtkColumnViewColumn *columns[ROLL_N_COLUMNS] = {
    NULL, self->name_column, self->address_column, self->status_column,
    self->step_column, self->attempts_column, self->os_column, self->duration_column,
  };

  return columns[column];
}

/* --- What is shown --- */

static void
update_count (RollComputersView *self)
{
  RollComputerTable *table = roll_computers_model_get_table (self->model);
  guint total = table != NULL ? roll_computer_table_get_count (table) : 0;
  guint shown = roll_computers_model_get_n_shown (self->model);
  g_autofree char *total_text = roll_format_count (total);
  g_autofree char *shown_text = roll_format_count (shown);
  g_autofree char *text = NULL;

  if (shown == total)
    text = g_strdup_printf (ngettext ("%s computer", "%s computers", total), total_text);
  else
    /* Translators: computers shown, computers in all */
    text = g_strdup_printf (_("%s of %s"), shown_text, total_text);
  gtk_label_set_label (self->count_label, text);
  if (!roll_computers_query_is_busy (self->query))
    gtk_stack_set_visible_child_name (self->stack, shown > 0 || total == 0 ? "list" : "nothing");
}

static void
emit_chosen (RollComputersView *self)
{
  g_autoptr (GArray) selected = roll_computers_model_get_selected (self->model);

  g_signal_emit (self, signals[COMPUTER_CHOSEN], 0,
                 selected->len == 1 ? g_array_index (selected, guint32, 0) : G_MAXUINT);
}

static void
on_items_changed (GListModel *model, guint position, guint removed, guint added, RollComputersView *self)
{
  update_count (self);
}

/* The row that has the focus, else the first one that can be seen, unless the list is at its top. */
static guint
find_anchor (gpointer user_data)
{
  RollComputersView *self = user_data;
  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->column_view));
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  RollComputerItem *item = focus != NULL ? roll_cell_find_item (focus) : NULL;
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (self->model));

  if (item != NULL)
    return roll_computers_model_find (self->model, roll_computer_item_get_computer (item)->ordinal);
  if (gtk_adjustment_get_value (adjustment) <= 0 || gtk_adjustment_get_upper (adjustment) <= 0)
    return G_MAXUINT;
  return (guint) (gtk_adjustment_get_value (adjustment) / gtk_adjustment_get_upper (adjustment) * n_rows);
}

static void
on_begun_anew (RollComputersView *self)
{
  gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->column_view)), 0);
}

static void
on_busy_changed (RollComputersQuery *query, GParamSpec *pspec, RollComputersView *self)
{
  if (!roll_computers_query_is_busy (query))
    update_count (self);
}

static void
on_search_changed (GtkSearchEntry *entry, RollComputersView *self)
{
  roll_computers_query_set_search (self->query, gtk_editable_get_text (GTK_EDITABLE (entry)));
}

static void
on_search_activate (GtkSearchEntry *entry, RollComputersView *self)
{
  /* A hidden page of a stack takes the keyboard too, and nothing gives it back. */
  if (g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "list") == 0)
    gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

static void
on_stop_search (GtkSearchEntry *entry, RollComputersView *self)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

static void
on_filter_clicked (GtkButton *button, RollComputersView *self)
{
  g_signal_emit (self, signals[FILTER_LIFTED], 0);
}

static void
on_activate (GtkColumnView *view, guint position, RollComputersView *self)
{
  g_signal_emit (self, signals[COMPUTER_ACTIVATED], 0, roll_computers_model_get_ordinal (self->model, position),
                 FALSE);
}

/* --- Order --- */

static int
probe_sort (gconstpointer a, gconstpointer b, gpointer user_data)
{
  Probe *probe = user_data;

  if (probe->view->probed == ROLL_COLUMN_TARGET_ORDER)
    probe->view->probed = probe->column;
  return GTK_ORDERING_SMALLER;
}

static void show_sort (RollComputersView *self, RollColumn column, gboolean descending);

/* GTK 4.8 does not tell which header was clicked: whose sorter is asked first, and how the answer comes out, does. */
static void
on_sorter_changed (GtkSorter *sorter, GtkSorterChange change, RollComputersView *self)
{
  GSettings *settings = roll_settings_get ();
  gboolean descending;

  /* The columns go one by one when the view does. */
  if (self->model == NULL)
    return;
  self->probed = ROLL_COLUMN_TARGET_ORDER;
  descending = gtk_sorter_compare (sorter, self, self->column_view) == GTK_ORDERING_LARGER;
  roll_computers_query_set_sort (self->query, self->probed, descending);
  show_sort (self, self->probed, descending);
  if (settings == NULL)
    return;
  g_settings_set_string (settings, "sort-column", roll_column_id (self->probed));
  g_settings_set_boolean (settings, "sort-descending", descending);
}

static void
set_up_sorters (RollComputersView *self)
{
  for (guint i = ROLL_COLUMN_NAME; i < ROLL_N_COLUMNS; i++)
    {
      g_autoptr (GtkCustomSorter) sorter = NULL;

      self->probes[i] = (Probe) { self, (RollColumn) i };
      sorter = gtk_custom_sorter_new (probe_sort, &self->probes[i], NULL);
      gtk_column_view_column_set_sorter (get_column (self, (RollColumn) i), GTK_SORTER (sorter));
    }
  g_signal_connect_object (gtk_column_view_get_sorter (self->column_view), "changed", G_CALLBACK (on_sorter_changed),
                           self, 0);
}

static void
sort_by (RollComputersView *self, RollColumn column, gboolean descending)
{
  gtk_column_view_sort_by_column (self->column_view, get_column (self, column),
                                  descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

static void
change_sort (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  RollComputersView *self = user_data;

  sort_by (self, roll_column_from_id (g_variant_get_string (state, NULL)), FALSE);
}

static void
change_reverse (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  RollComputersView *self = user_data;

  sort_by (self, self->sorted_by, g_variant_get_boolean (state));
}

static void
show_sort (RollComputersView *self, RollColumn column, gboolean descending)
{
  GAction *sort = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "sort");
  GAction *reverse = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "reverse");

  self->sorted_by = column;
  g_simple_action_set_state (G_SIMPLE_ACTION (sort), g_variant_new_string (roll_column_id (column)));
  g_simple_action_set_state (G_SIMPLE_ACTION (reverse), g_variant_new_boolean (descending));
  g_simple_action_set_enabled (G_SIMPLE_ACTION (reverse), column != ROLL_COLUMN_TARGET_ORDER);
}

static void
restore_sort (RollComputersView *self)
{
  g_autofree char *id = NULL;
  RollColumn column;

  if (roll_settings_get () == NULL)
    return;
  id = g_settings_get_string (roll_settings_get (), "sort-column");
  column = roll_column_from_id (id);
  if (column != ROLL_COLUMN_TARGET_ORDER)
    sort_by (self, column, g_settings_get_boolean (roll_settings_get (), "sort-descending"));
}

/* --- Cells --- */

static void
set_up_cell (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer column)
{
  gtk_list_item_set_child (list_item, roll_cell_new ((RollColumn) GPOINTER_TO_UINT (column)));
}

static void
bind_cell (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer column)
{
  roll_cell_set_item (ROLL_CELL (gtk_list_item_get_child (list_item)), gtk_list_item_get_item (list_item));
}

static void
unbind_cell (GtkSignalListItemFactory *factory, GtkListItem *list_item, gpointer column)
{
  roll_cell_set_item (ROLL_CELL (gtk_list_item_get_child (list_item)), NULL);
}

/* Signals and not expressions in the .ui file: those take ten times as long for each of the 1,200 cells GTK keeps. */
static void
set_up_factories (RollComputersView *self)
{
  for (guint i = ROLL_COLUMN_NAME; i < ROLL_N_COLUMNS; i++)
    {
      g_autoptr (GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

      g_signal_connect (factory, "setup", G_CALLBACK (set_up_cell), GUINT_TO_POINTER (i));
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cell), GUINT_TO_POINTER (i));
      g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cell), GUINT_TO_POINTER (i));
      gtk_column_view_column_set_factory (get_column (self, (RollColumn) i), factory);
    }
}

/* --- Columns --- */

/* What can be hidden, and the width of the view in pixels that it needs. */
static const struct
{
  RollColumn column;
  int width;
} optional_columns[] = {
  { ROLL_COLUMN_ADDRESS, 480 },
  { ROLL_COLUMN_DURATION, 560 },
  { ROLL_COLUMN_OS, 760 },
  { ROLL_COLUMN_STEP, 920 },
  { ROLL_COLUMN_ATTEMPTS, 1000 },
};

static char *
column_action (RollColumn column)
{
  return g_strconcat ("show-", roll_column_id (column), NULL);
}

static gboolean
is_wanted (RollComputersView *self, RollColumn column)
{
  g_autofree char *name = column_action (column);
  g_autoptr (GVariant) state = g_action_group_get_action_state (G_ACTION_GROUP (self->actions), name);

  return g_variant_get_boolean (state);
}

/* GTK 4.8 keeps room for a hidden column of a fixed width: it is given none meanwhile. */
static void
set_column_visible (RollComputersView *self, RollColumn column, gboolean visible)
{
  GtkColumnViewColumn *view_column = get_column (self, column);

  if (gtk_column_view_column_get_visible (view_column) == visible)
    return;
  if (!visible)
    self->column_widths[column] = gtk_column_view_column_get_fixed_width (view_column);
  gtk_column_view_column_set_fixed_width (view_column, visible ? self->column_widths[column] : 0);
  gtk_column_view_column_set_visible (view_column, visible);
}

static void
update_columns (RollComputersView *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (optional_columns); i++)
    set_column_visible (self, optional_columns[i].column,
                        self->width >= optional_columns[i].width && is_wanted (self, optional_columns[i].column));
}

static void
save_columns (RollComputersView *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) hidden = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (optional_columns); i++)
    if (!is_wanted (self, optional_columns[i].column))
      g_strv_builder_add (builder, roll_column_id (optional_columns[i].column));
  hidden = g_strv_builder_end (builder);
  if (roll_settings_get () != NULL)
    g_settings_set_strv (roll_settings_get (), "hidden-columns", (const char *const *) hidden);
}

static void
change_column (GSimpleAction *action, GVariant *state, gpointer user_data)
{
  RollComputersView *self = user_data;

  g_simple_action_set_state (action, state);
  update_columns (self);
  save_columns (self);
}

static void
add_column_actions (RollComputersView *self)
{
  g_auto (GStrv) hidden = NULL;

  if (roll_settings_get () != NULL)
    hidden = g_settings_get_strv (roll_settings_get (), "hidden-columns");
  for (guint i = 0; i < G_N_ELEMENTS (optional_columns); i++)
    {
      g_autofree char *name = column_action (optional_columns[i].column);
      gboolean shown = hidden == NULL
                       || !g_strv_contains ((const char *const *) hidden, roll_column_id (optional_columns[i].column));
      g_autoptr (GSimpleAction) action = g_simple_action_new_stateful (name, NULL, g_variant_new_boolean (shown));

      g_signal_connect (action, "change-state", G_CALLBACK (change_column), self);
      g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
    }
}

/* --- Actions on what is selected --- */

static void
copy (RollComputersView *self, RollCopyWhat what)
{
  g_autoptr (GArray) selected = roll_computers_model_get_selected (self->model);
  g_autofree char *text = NULL;

  if (selected->len == 0)
    return;
  text = roll_computers_copy (roll_computers_model_get_table (self->model), selected, what);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text);
}

static void
copy_names (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  copy (user_data, ROLL_COPY_NAMES);
}

static void
copy_rows (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  copy (user_data, ROLL_COPY_ROWS);
}

static void
show_selected (RollComputersView *self, gboolean evidence)
{
  g_autoptr (GArray) selected = roll_computers_model_get_selected (self->model);

  if (selected->len == 1)
    g_signal_emit (self, signals[COMPUTER_ACTIVATED], 0, g_array_index (selected, guint32, 0), evidence);
}

static void
show_help (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  show_selected (user_data, FALSE);
}

static void
show_evidence (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  show_selected (user_data, TRUE);
}

/* @ordinals: (element-type guint32): the window knows how */
static void
test_again (RollComputersView *self, GArray *ordinals)
{
  GVariant *parameter = g_variant_new_fixed_array (G_VARIANT_TYPE_UINT32, ordinals->data, ordinals->len, sizeof (guint32));

  if (ordinals->len > 0)
    gtk_widget_activate_action_variant (GTK_WIDGET (self), "win.test-again", parameter);
  else
    g_variant_unref (g_variant_ref_sink (parameter));
}

static void
test_selected (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  RollComputersView *self = user_data;
  g_autoptr (GArray) selected = roll_computers_model_get_selected (self->model);

  test_again (self, selected);
}

static void
test_shown (GSimpleAction *action, GVariant *parameter, gpointer user_data)
{
  RollComputersView *self = user_data;
  g_autoptr (GArray) shown = roll_computers_model_get_shown (self->model);

  test_again (self, shown);
}

static const GActionEntry action_entries[] = {
  { .name = "test-again", .activate = test_selected },
  { .name = "test-shown", .activate = test_shown },
  { .name = "copy-names", .activate = copy_names },
  { .name = "copy-rows", .activate = copy_rows },
  { .name = "show-help", .activate = show_help },
  { .name = "show-evidence", .activate = show_evidence },
  { .name = "sort", .parameter_type = "s", .state = "''", .change_state = change_sort },
  { .name = "reverse", .state = "false", .change_state = change_reverse },
};

static void
enable_actions (RollComputersView *self)
{
  g_autoptr (GArray) selected = roll_computers_model_get_selected (self->model);
  static const char *const for_one[] = { "show-help", "show-evidence" };
  static const char *const for_some[] = { "copy-names", "copy-rows", "test-again" };

  for (guint i = 0; i < G_N_ELEMENTS (for_one); i++)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions),
                                                                              for_one[i])),
                                 selected->len == 1);
  for (guint i = 0; i < G_N_ELEMENTS (for_some); i++)
    g_simple_action_set_enabled (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions),
                                                                              for_some[i])),
                                 selected->len > 0);
}

static void
on_selection_changed (GtkSelectionModel *model, guint position, guint n_items, RollComputersView *self)
{
  enable_actions (self);
  emit_chosen (self);
}

/* --- Context menu --- */

/* GTK 4.8 gives the keyboard to the first button of the window. */
static void
on_menu_closed (GtkPopover *popover, RollComputersView *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

static void
popup_at (RollComputersView *self, double x, double y)
{
  enable_actions (self);
  if (self->popover == NULL)
    {
      self->popover = gtk_popover_menu_new_from_model (self->context_menu);
      gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
      gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
      gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
      g_signal_connect (self->popover, "closed", G_CALLBACK (on_menu_closed), self);
    }
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover), &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
on_secondary_pressed (GtkGestureClick *gesture, int n_press, double x, double y, RollComputersView *self)
{
  GtkWidget *view = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (gesture));
  GtkWidget *picked = gtk_widget_pick (view, x, y, GTK_PICK_DEFAULT);
  RollComputerItem *item = picked != NULL ? roll_cell_find_item (picked) : NULL;
  guint position = GTK_INVALID_LIST_POSITION;
  double own_x, own_y;

  if (item != NULL)
    position = roll_computers_model_find (self->model, roll_computer_item_get_computer (item)->ordinal);
  if (position == GTK_INVALID_LIST_POSITION)
    return;
  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  if (!gtk_selection_model_is_selected (GTK_SELECTION_MODEL (self->model), position))
    gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->model), position, TRUE);
  gtk_widget_grab_focus (roll_cell_find_row (picked));
  gtk_widget_translate_coordinates (view, GTK_WIDGET (self), x, y, &own_x, &own_y);
  popup_at (self, own_x, own_y);
}

static gboolean
on_menu_key (GtkWidget *column_view, GVariant *args, gpointer user_data)
{
  RollComputersView *self = user_data;
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (column_view));
  graphene_rect_t bounds;

  if (focus == NULL || !gtk_widget_compute_bounds (focus, GTK_WIDGET (self), &bounds))
    return FALSE;
  popup_at (self, (double) bounds.origin.x + 24, (double) (bounds.origin.y + bounds.size.height));
  return TRUE;
}

/* --- Object --- */

static gboolean
apply_width (gpointer user_data)
{
  RollComputersView *self = user_data;

  self->width_source = 0;
  update_columns (self);
  return G_SOURCE_REMOVE;
}

static void
roll_computers_view_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  RollComputersView *self = ROLL_COMPUTERS_VIEW (widget);

  gtk_widget_size_allocate (self->box, &(GtkAllocation) { 0, 0, width, height }, baseline);
  if (self->popover != NULL)
    gtk_popover_present (GTK_POPOVER (self->popover));
  if (self->width == width)
    return;
  /* Columns must not come and go during the allocation itself. */
  self->width = width;
  if (self->width_source == 0)
    self->width_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, apply_width, self, NULL);
}

static void
roll_computers_view_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum, int *natural,
                             int *minimum_baseline, int *natural_baseline)
{
  gtk_widget_measure (ROLL_COMPUTERS_VIEW (widget)->box, orientation, for_size, minimum, natural, minimum_baseline,
                      natural_baseline);
}

static void
roll_computers_view_dispose (GObject *object)
{
  RollComputersView *self = ROLL_COMPUTERS_VIEW (object);

  if (self->query != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->query, self);
      g_signal_handlers_disconnect_by_data (self->model, self);
      roll_computers_model_set_anchor_func (self->model, NULL, NULL);
    }
  g_clear_handle_id (&self->width_source, g_source_remove);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
  g_clear_pointer (&self->box, gtk_widget_unparent);
  g_clear_object (&self->model);
  g_clear_object (&self->query);
  g_clear_object (&self->actions);
  G_OBJECT_CLASS (roll_computers_view_parent_class)->dispose (object);
}

/* GTK 4.8 goes from row to row with Tab, 100,000 times: the arrow keys are for that, and Tab goes on to what is next. */
static gboolean
roll_computers_view_focus (GtkWidget *widget, GtkDirectionType direction)
{
  RollComputersView *self = ROLL_COMPUTERS_VIEW (widget);
  GtkWidget *focus = gtk_root_get_focus (gtk_widget_get_root (widget));
  gboolean in_list = focus != NULL && gtk_widget_is_ancestor (focus, GTK_WIDGET (self->column_view));

  if (in_list && direction == GTK_DIR_TAB_FORWARD)
    return FALSE;
  if (in_list && direction == GTK_DIR_TAB_BACKWARD)
    return gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
  return GTK_WIDGET_CLASS (roll_computers_view_parent_class)->focus (widget, direction);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, box);
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, count_label);
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, filter_button);
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, filter_sign);
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, filter_label);
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, stack);
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, column_view);
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, name_column);
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, address_column);
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, status_column);
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, step_column);
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, attempts_column);
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, os_column);
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, duration_column);
  gtk_widget_class_bind_template_child (widget_class, RollComputersView, context_menu);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activate);
  gtk_widget_class_bind_template_callback (widget_class, on_stop_search);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_clicked);
  gtk_widget_class_bind_template_callback (widget_class, on_activate);
}

static void
roll_computers_view_class_init (RollComputersViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_computers_view_dispose;
  widget_class->size_allocate = roll_computers_view_size_allocate;
  widget_class->measure = roll_computers_view_measure;
  widget_class->focus = roll_computers_view_focus;
  signals[COMPUTER_CHOSEN] = g_signal_new ("computer-chosen", ROLL_TYPE_COMPUTERS_VIEW, G_SIGNAL_RUN_LAST, 0, NULL,
                                           NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[COMPUTER_ACTIVATED] = g_signal_new ("computer-activated", ROLL_TYPE_COMPUTERS_VIEW, G_SIGNAL_RUN_LAST, 0,
                                              NULL, NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_BOOLEAN);
  signals[FILTER_LIFTED] = g_signal_new ("filter-lifted", ROLL_TYPE_COMPUTERS_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-computers-view.ui");
  bind_template (widget_class);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK, "computers.copy-rows", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_c, GDK_CONTROL_MASK | GDK_SHIFT_MASK,
                                       "computers.copy-names", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_ALT_MASK, "computers.show-evidence", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_t, GDK_CONTROL_MASK, "computers.test-again", NULL);
}

static void
add_context_gesture (RollComputersView *self)
{
  GtkGesture *click = gtk_gesture_click_new ();

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
  g_signal_connect (click, "pressed", G_CALLBACK (on_secondary_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), GTK_EVENT_CONTROLLER (click));
}

static void
add_key (GtkShortcutController *keys, guint key, GdkModifierType modifiers, GtkShortcutAction *action)
{
  gtk_shortcut_controller_add_shortcut (keys, gtk_shortcut_new (gtk_keyval_trigger_new (key, modifiers), action));
}

/* What is typed in the list goes to the search; these must not, although its entry has a meaning for them. */
static void
add_list_keys (RollComputersView *self)
{
  GtkEventController *controller = gtk_shortcut_controller_new ();
  GtkShortcutController *keys = GTK_SHORTCUT_CONTROLLER (controller);

  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  add_key (keys, GDK_KEY_F10, GDK_SHIFT_MASK, gtk_callback_action_new (on_menu_key, self, NULL));
  add_key (keys, GDK_KEY_Menu, 0, gtk_callback_action_new (on_menu_key, self, NULL));
  add_key (keys, GDK_KEY_c, GDK_CONTROL_MASK, gtk_named_action_new ("computers.copy-rows"));
  gtk_widget_add_controller (GTK_WIDGET (self->column_view), controller);
}

static void
roll_computers_view_init (RollComputersView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->query = roll_computers_query_new ();
  self->model = g_object_ref (roll_computers_query_get_model (self->query));
  roll_computers_model_set_anchor_func (self->model, find_anchor, self);
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), action_entries, G_N_ELEMENTS (action_entries), self);
  add_column_actions (self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "computers", G_ACTION_GROUP (self->actions));
  update_columns (self);
  set_up_factories (self);
  set_up_sorters (self);
  restore_sort (self);
  add_context_gesture (self);
  add_list_keys (self);
  gtk_search_entry_set_key_capture_widget (self->search_entry, GTK_WIDGET (self->column_view));
  g_signal_connect (self->model, "items-changed", G_CALLBACK (on_items_changed), self);
  g_signal_connect (self->model, "selection-changed", G_CALLBACK (on_selection_changed), self);
  g_signal_connect_swapped (self->query, "begun-anew", G_CALLBACK (on_begun_anew), self);
  g_signal_connect (self->query, "notify::busy", G_CALLBACK (on_busy_changed), self);
  gtk_column_view_set_model (self->column_view, GTK_SELECTION_MODEL (self->model));
  enable_actions (self);
  update_count (self);
}

RollComputersQuery *
roll_computers_view_get_query (RollComputersView *self)
{
  g_return_val_if_fail (ROLL_IS_COMPUTERS_VIEW (self), NULL);

  return self->query;
}

static void
show_filter (RollComputersView *self, const char *sign, const char *const *classes, const char *text)
{
  /* Translators: for a screen reader: a button that lifts the filter named before */
  g_autofree char *name = g_strdup_printf (_("%s: Show All Computers"), text);

  gtk_image_set_from_icon_name (self->filter_sign, sign);
  gtk_widget_set_css_classes (GTK_WIDGET (self->filter_sign), (const char **) classes);
  gtk_label_set_label (self->filter_label, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->filter_button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
roll_computers_view_set_status (RollComputersView *self, int index)
{
  const RollStatusLook *look;

  g_return_if_fail (ROLL_IS_COMPUTERS_VIEW (self));
  g_return_if_fail (index < ROLL_N_LOOKS);

  roll_computers_query_set_statuses (self->query, index >= 0 ? 1u << index : 0);
  gtk_widget_set_visible (self->filter_button, index >= 0);
  if (index < 0)
    return;
  look = roll_status_look_nth ((guint) index);
  show_filter (self, look->sign, (const char *const *) look->classes, roll_status_label (look->status));
}

void
roll_computers_view_set_group (RollComputersView *self, const char *title, GArray *ordinals)
{
  static const char *const no_classes[] = { NULL };

  g_return_if_fail (ROLL_IS_COMPUTERS_VIEW (self));

  roll_computers_query_set_only (self->query, ordinals);
  gtk_widget_set_visible (self->filter_button, ordinals != NULL);
  if (ordinals == NULL)
    return;
  show_filter (self, "view-list-symbolic", no_classes, title);
}

void
roll_computers_view_focus_search (RollComputersView *self)
{
  g_return_if_fail (ROLL_IS_COMPUTERS_VIEW (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->search_entry));
}

void
roll_computers_view_focus_list (RollComputersView *self)
{
  g_return_if_fail (ROLL_IS_COMPUTERS_VIEW (self));

  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

void
roll_computers_view_clear_search (RollComputersView *self)
{
  g_return_if_fail (ROLL_IS_COMPUTERS_VIEW (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
}
