/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-charts-window.h"

#include <glib/gi18n.h>

#include "app/roll-chart-bar.h"
#include "app/roll-chart-file.h"
#include "app/roll-chosen-path.h"
#include "app/roll-format.h"
#include "app/roll-rows-window.h"
#include "app/roll-status-look.h"
#include "app/roll-strata-counts.h"
#include "codec/roll-row-set.h"
#include "report/roll-chart.h"

#define REFRESH_MS 2000 /* while the scan runs */
#define OF_STATUS ROLL_N_STRATA /* the chart of all statuses, beside those of the strata */
#define N_CHARTS (ROLL_N_STRATA + 1)

struct _RollChartsWindow
{
  AdwWindow parent_instance;

  AdwWindowTitle *title;
  AdwToastOverlay *toasts;
  GtkBox *groups_box;
  GtkWidget *groups[N_CHARTS];
  GtkListBox *lists[N_CHARTS];

  RollComputerTable *table;
  RollStrataCounts *counts; /* (nullable): not counted yet */
  gboolean counting;
  GCancellable *finding; /* (nullable): of the bar that was chosen last */
  guint refresh_source;
  GtkFileChooserNative *chooser;
  guint saved; /* the chart it is about */
};

enum
{
  GROUP_CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollChartsWindow, roll_charts_window, ADW_TYPE_WINDOW)

static const char *
get_title (guint chart)
{
  return chart == OF_STATUS ? _("By Status") : roll_strata_title ((RollStrata) chart);
}

/* --- In words: "Failed – Connection Timeout 40 (88.9 %), Success 5 (11.1 %)" --- */

static char *
describe_counts (const guint *counts, guint total)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    {
      g_autofree char *count = roll_format_count (counts[i]);
      g_autofree char *share = roll_format_share (counts[i], total);

      if (counts[i] == 0)
        continue;
      g_string_append_printf (text, "%s%s %s (%s)", text->len > 0 ? ", " : "",
                              roll_status_label (roll_status_look_status (i)), count, share);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
describe_total (guint total)
{
  g_autofree char *count = roll_format_count (total);

  return g_strdup_printf (ngettext ("%s computer", "%s computers", total), count);
}

/* --- A bar --- */

/* Another bar may have been chosen meanwhile, or the window closed. */
static void
on_found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollChartsWindow) self = user_data;
  g_autofree char *key = NULL;
  g_autoptr (GArray) ordinals = roll_strata_find_finish (result, &key);

  if (ordinals != NULL && self->table != NULL)
    g_signal_emit (self, signals[GROUP_CHOSEN], 0, key, ordinals);
}

static void
on_row_activated (GtkListBox *list, GtkListBoxRow *row, RollChartsWindow *self)
{
  const char *key = g_object_get_data (G_OBJECT (row), "key");
  RollStrata strata = (RollStrata) GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (list), "chart"));

  if (key == NULL)
    return;
  g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  self->finding = g_cancellable_new ();
  roll_strata_find_async (self->table, strata, key, self->counts->time_step_us, self->finding, on_found, g_object_ref (self));
}

/* Title above, bar and number below: it fits any width. */
static GtkWidget *
new_bar_row (const char *title, const guint *counts, guint total, guint longest)
{
  GtkWidget *row = gtk_list_box_row_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (title);
  g_autofree char *count = roll_format_count (total);
  GtkWidget *number = gtk_label_new (count);
  g_autofree char *words = describe_counts (counts, total);
  g_autofree char *computers = describe_total (total);
  g_autofree char *spoken = g_strdup_printf ("%s: %s. %s", title, computers, words);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_add_css_class (number, "dim-label");
  gtk_widget_add_css_class (number, "numeric");
  gtk_box_append (GTK_BOX (line), label);
  gtk_box_append (GTK_BOX (line), number);
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), roll_chart_bar_new (counts, longest));
  gtk_widget_set_margin_top (box, 9);
  gtk_widget_set_margin_bottom (box, 9);
  gtk_widget_set_margin_start (box, 12);
  gtk_widget_set_margin_end (box, 12);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  gtk_widget_set_tooltip_text (row, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  return row;
}

static void
add_stratum (RollChartsWindow *self, RollStrata strata, const RollTallyRow *tally, guint longest)
{
  GtkWidget *row = new_bar_row (tally->key, tally->counts, tally->total, longest);

  g_object_set_data_full (G_OBJECT (row), "key", g_strdup (tally->key), g_free);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_list_box_append (self->lists[strata], row);
}

static char *
describe_rest (const RollStrataCount *count)
{
  return g_strdup_printf (ngettext ("%u more", "%u more", count->n_rest), count->n_rest);
}

static guint
find_longest (const RollStrataCount *count)
{
  guint longest = count->rest.total;

  for (guint i = 0; i < count->rows->len; i++)
    longest = MAX (longest, ((const RollTallyRow *) count->rows->pdata[i])->total);
  return longest;
}

static void
show_strata (RollChartsWindow *self, RollStrata strata)
{
  const RollStrataCount *count = &self->counts->of[strata];
  guint longest = find_longest (count);

  for (guint i = 0; i < count->rows->len; i++)
    add_stratum (self, strata, count->rows->pdata[i], longest);
  if (count->rest.total > 0)
    {
      g_autofree char *title = describe_rest (count);

      gtk_list_box_append (self->lists[strata], new_bar_row (title, count->rest.counts, count->rest.total, longest));
    }
  gtk_widget_set_visible (self->groups[strata], count->rows->len > 0);
}

static void
show_statuses (RollChartsWindow *self)
{
  gtk_list_box_append (self->lists[OF_STATUS],
                       new_bar_row (_("All computers"), self->counts->all, self->counts->n_computers, 0));
}

static void
clear_rows (RollChartsWindow *self)
{
  GtkListBoxRow *row;

  for (guint chart = 0; chart < N_CHARTS; chart++)
    while ((row = gtk_list_box_get_row_at_index (self->lists[chart], 0)) != NULL)
      gtk_list_box_remove (self->lists[chart], GTK_WIDGET (row));
}

/* --- As a table --- */

static void
set_number (RollCimValue *value, guint number)
{
  value->type = ROLL_CIM_UINT32;
  value->uint = number;
}

static void
add_table_row (RollRowSet *rows, const char *title, const guint *counts, guint total)
{
  RollCimValue values[ROLL_N_LOOKS + 2] = { 0 };
  guint n = 0;

  values[n].type = ROLL_CIM_STRING;
  values[n++].text = (char *) title;
  set_number (&values[n++], total);
  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    set_number (&values[n++], counts[i]);
  roll_row_set_add (rows, values);
}

static RollRowSet *
make_table (RollChartsWindow *self, guint chart)
{
  const char *columns[ROLL_N_LOOKS + 3] = { _("Group"), _("Computers") };
  RollRowSet *rows;

  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    columns[i + 2] = roll_status_label (roll_status_look_status (i));
  rows = roll_row_set_new (columns);
  if (chart == OF_STATUS)
    add_table_row (rows, _("All computers"), self->counts->all, self->counts->n_computers);
  else
    {
      RollTallyRow rest;
      guint n_rest;
      g_autoptr (GPtrArray) all = roll_tally_table_top (self->counts->of[chart].table, G_MAXUINT, &rest, &n_rest);

      for (guint i = 0; i < all->len; i++)
        {
          const RollTallyRow *tally = all->pdata[i];

          add_table_row (rows, tally->key, tally->counts, tally->total);
        }
    }
  return rows;
}

static void
on_table_clicked (GtkButton *button, RollChartsWindow *self)
{
  guint chart = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "chart"));
  g_autoptr (RollRowSet) rows = NULL;
  g_autoptr (GBytes) bytes = NULL;

  if (self->counts == NULL)
    return;
  rows = make_table (self, chart);
  bytes = roll_row_set_to_bytes (rows);
  gtk_window_present (GTK_WINDOW (roll_rows_window_new (GTK_WINDOW (self), adw_window_title_get_subtitle (self->title),
                                                        get_title (chart), bytes)));
}

/* --- As a picture --- */

static char *
make_bars (RollChartsWindow *self, guint chart)
{
  const RollStrataCount *count = &self->counts->of[chart];
  guint n = count->rows->len + (count->rest.total > 0);
  g_autofree const char **labels = g_new0 (const char *, n + 1);
  g_autofree guint *counts = g_new0 (guint, (gsize) n * ROLL_N_LOOKS + 1);
  g_autofree char *rest = describe_rest (count);

  for (guint i = 0; i < n; i++)
    {
      const RollTallyRow *tally = i < count->rows->len ? count->rows->pdata[i] : &count->rest;

      labels[i] = i < count->rows->len ? tally->key : rest;
      memcpy (counts + (gsize) i * ROLL_N_LOOKS, tally->counts, sizeof tally->counts);
    }
  return roll_chart_bars_file (&(RollChart) { .title = get_title (chart), .series = roll_chart_status_series (),
                                              .n_series = ROLL_N_LOOKS, .labels = labels, .n_bars = n, .counts = counts,
                                              .legend = TRUE });
}

static char *
make_svg (RollChartsWindow *self, guint chart)
{
  if (chart != OF_STATUS)
    return make_bars (self, chart);
  return roll_chart_donut_file (&(RollChart) { .title = get_title (chart), .series = roll_chart_status_series (),
                                               .n_series = ROLL_N_LOOKS, .n_bars = 1, .counts = self->counts->all,
                                               .legend = TRUE });
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollChartsWindow) self = user_data;
  g_autoptr (GError) error = NULL;
  gboolean written = roll_chart_file_write_finish (result, &error);

  adw_toast_overlay_add_toast (self->toasts, adw_toast_new (written ? _("The chart is saved.") : error->message));
}

static void
on_save_response (GtkNativeDialog *chooser, int response, RollChartsWindow *self)
{
  g_autofree char *problem = NULL;
  g_autofree char *path = roll_chosen_path (chooser, response, &problem);
  g_autofree char *svg = NULL;

  g_clear_object (&self->chooser);
  if (problem != NULL)
    adw_toast_overlay_add_toast (self->toasts, adw_toast_new (problem));
  if (path == NULL || self->counts == NULL)
    return;
  svg = make_svg (self, self->saved);
  roll_chart_file_write_async (svg, path, on_written, g_object_ref (self));
}

static void
add_filter (GtkFileChooser *chooser, const char *name, const char *pattern)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  gtk_file_filter_add_pattern (filter, pattern);
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
on_save_clicked (GtkButton *button, RollChartsWindow *self)
{
  if (self->chooser != NULL || self->counts == NULL)
    return;
  self->saved = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "chart"));
  self->chooser = gtk_file_chooser_native_new (_("Save Chart"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE,
                                               _("_Save"), NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), "chart.svg");
  add_filter (GTK_FILE_CHOOSER (self->chooser), _("Pictures (a name that ends in .svg or .png)"), "*.[sp][vn]g");
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect (self->chooser, "response", G_CALLBACK (on_save_response), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static GtkWidget *
new_button (RollChartsWindow *self, guint chart, const char *icon, const char *label, GCallback callback)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);
  g_autofree char *accessible = g_strdup_printf ("%s: %s", get_title (chart), label);

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_tooltip_text (button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, accessible, -1);
  g_object_set_data (G_OBJECT (button), "chart", GUINT_TO_POINTER (chart));
  g_signal_connect (button, "clicked", callback, self);
  return button;
}

static void
add_group (RollChartsWindow *self, guint chart)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *buttons = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *list = gtk_list_box_new ();

  adw_preferences_group_set_title (ADW_PREFERENCES_GROUP (group), get_title (chart));
  gtk_box_append (GTK_BOX (buttons), new_button (self, chart, "view-list-bullet-symbolic", _("Show as Table"),
                                                 G_CALLBACK (on_table_clicked)));
  gtk_box_append (GTK_BOX (buttons), new_button (self, chart, "document-save-symbolic", _("Save as Picture…"),
                                                 G_CALLBACK (on_save_clicked)));
  adw_preferences_group_set_header_suffix (ADW_PREFERENCES_GROUP (group), buttons);
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (list), GTK_ACCESSIBLE_PROPERTY_LABEL, get_title (chart), -1);
  g_object_set_data (G_OBJECT (list), "chart", GUINT_TO_POINTER (chart));
  g_signal_connect (list, "row-activated", G_CALLBACK (on_row_activated), self);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), list);
  gtk_box_append (self->groups_box, group);
  self->groups[chart] = group;
  self->lists[chart] = GTK_LIST_BOX (list);
}

/* --- Counting, now and as the scan goes on --- */

static gboolean
is_alive (RollChartsWindow *self)
{
  return self->table != NULL;
}

/* Rows are made anew: the one that has the keyboard keeps it. */
static void
show_counts (RollChartsWindow *self)
{
  GtkWidget *focus = gtk_window_get_focus (GTK_WINDOW (self));
  GtkListBoxRow *row = GTK_IS_LIST_BOX_ROW (focus) ? GTK_LIST_BOX_ROW (focus) : NULL;
  GtkListBox *list = row != NULL ? GTK_LIST_BOX (gtk_widget_get_parent (focus)) : NULL;
  int position = row != NULL ? gtk_list_box_row_get_index (row) : -1;

  clear_rows (self);
  show_statuses (self);
  for (guint s = 0; s < ROLL_N_STRATA; s++)
    show_strata (self, (RollStrata) s);
  row = list != NULL ? gtk_list_box_get_row_at_index (list, position) : NULL;
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
}

static void
on_counted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollChartsWindow) self = user_data;
  RollStrataCounts *counts = roll_strata_counts_finish (result);

  self->counting = FALSE;
  g_clear_pointer (&self->counts, roll_strata_counts_free);
  self->counts = counts;
  if (is_alive (self))
    show_counts (self);
}

static gboolean
count_now (gpointer user_data)
{
  RollChartsWindow *self = user_data;

  self->refresh_source = 0;
  if (self->counting)
    return G_SOURCE_REMOVE;
  self->counting = TRUE;
  roll_strata_counts_async (self->table, on_counted, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void
on_table_changed (RollChartsWindow *self)
{
  if (self->refresh_source == 0)
    self->refresh_source = g_timeout_add (REFRESH_MS, count_now, self);
}

/* --- Object --- */

static void
roll_charts_window_dispose (GObject *object)
{
  RollChartsWindow *self = ROLL_CHARTS_WINDOW (object);

  g_clear_handle_id (&self->refresh_source, g_source_remove);
  if (self->table != NULL)
    g_signal_handlers_disconnect_by_data (self->table, self);
  g_clear_object (&self->table);
  g_cancellable_cancel (self->finding);
  g_clear_object (&self->finding);
  g_clear_object (&self->chooser);
  G_OBJECT_CLASS (roll_charts_window_parent_class)->dispose (object);
}

static void
roll_charts_window_finalize (GObject *object)
{
  RollChartsWindow *self = ROLL_CHARTS_WINDOW (object);

  g_clear_pointer (&self->counts, roll_strata_counts_free);
  G_OBJECT_CLASS (roll_charts_window_parent_class)->finalize (object);
}

static void
roll_charts_window_class_init (RollChartsWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = roll_charts_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = roll_charts_window_finalize;
  signals[GROUP_CHOSEN] = g_signal_new ("group-chosen", ROLL_TYPE_CHARTS_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_ARRAY);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/rollcall/Rollcall/roll-charts-window.ui");
  gtk_widget_class_bind_template_child (widget_class, RollChartsWindow, title);
  gtk_widget_class_bind_template_child (widget_class, RollChartsWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, RollChartsWindow, groups_box);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
roll_charts_window_init (RollChartsWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  add_group (self, OF_STATUS);
  for (guint s = 0; s < ROLL_N_STRATA; s++)
    add_group (self, s);
}

GtkWidget *
roll_charts_window_new (GtkWindow *parent, RollComputerTable *table, const char *name)
{
  RollChartsWindow *self = g_object_new (ROLL_TYPE_CHARTS_WINDOW, "transient-for", parent, NULL);

  self->table = g_object_ref (table);
  adw_window_title_set_subtitle (self->title, name);
  g_signal_connect_swapped (table, "changed", G_CALLBACK (on_table_changed), self);
  g_signal_connect_swapped (table, "appended", G_CALLBACK (on_table_changed), self);
  count_now (self);
  return GTK_WIDGET (self);
}
