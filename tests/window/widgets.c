/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Every widget by itself, on a display: its template, its keyboard, what it tells a screen reader, and that it goes. */

#include <adwaita.h>
#include <unistd.h>

#include "app/roll-advice.h"
#include "app/roll-application.h"
#include "app/roll-breakdown.h"
#include "app/roll-charts-window.h"
#include "app/roll-command.h"
#include "app/roll-compare-window.h"
#include "app/roll-computers-view.h"
#include "app/roll-credential-wizard.h"
#include "app/roll-credentials-list.h"
#include "app/roll-credentials-window.h"
#include "app/roll-donut.h"
#include "app/roll-evidence-page.h"
#include "app/roll-export-bar.h"
#include "app/roll-help-page.h"
#include "app/roll-help-pane.h"
#include "app/roll-legend-row.h"
#include "app/roll-legend.h"
#include "app/roll-scan-wizard.h"
#include "app/roll-notices.h"
#include "app/roll-results.h"
#include "app/roll-scan-view.h"
#include "app/roll-scans-popover.h"
#include "app/roll-status-look.h"
#include "app/roll-statuses-window.h"
#include "app/roll-window.h"
#include "report/roll-donut-geometry.h"
#include "status/roll-causes.h"

static void
iterate (guint ms)
{
  gint64 end = g_get_monotonic_time () + (gint64) ms * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (1000);
}

static GtkWidget *
show_in_window (GtkWidget *child, int width, int height)
{
  GtkWidget *window = gtk_window_new ();

  gtk_window_set_default_size (GTK_WINDOW (window), width, height);
  gtk_window_set_child (GTK_WINDOW (window), child);
  gtk_window_present (GTK_WINDOW (window));
  iterate (80);
  return window;
}

static void
close_window (GtkWidget *window)
{
  gtk_window_destroy (GTK_WINDOW (window));
  iterate (40);
}

/* --- Every template --- */

static void
test_every_widget_is_made_shown_and_freed (void)
{
  const GType types[] = {
    ROLL_TYPE_BREAKDOWN, ROLL_TYPE_COMMAND, ROLL_TYPE_COMPUTERS_VIEW, ROLL_TYPE_DONUT, ROLL_TYPE_EVIDENCE_PAGE,
    ROLL_TYPE_EXPORT_BAR, ROLL_TYPE_HELP_PAGE, ROLL_TYPE_HELP_PANE, ROLL_TYPE_LEGEND, ROLL_TYPE_NOTICES,
    ROLL_TYPE_RESULTS, ROLL_TYPE_SCAN_VIEW, ROLL_TYPE_ADVICE, ROLL_TYPE_CREDENTIALS_LIST,
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      GtkWidget *widget = g_object_ref_sink (g_object_new (types[i], NULL));
      GtkWidget *window = show_in_window (widget, 700, 500);

      close_window (window);
      g_test_message ("%s", g_type_name (types[i]));
      g_assert_finalize_object (widget);
    }
}

static void
test_every_window_is_made_shown_and_freed (void)
{
  const GType types[] = {
    ROLL_TYPE_SCAN_WIZARD, ROLL_TYPE_STATUSES_WINDOW, ROLL_TYPE_CREDENTIALS_WINDOW, ROLL_TYPE_CREDENTIAL_WIZARD,
  };

  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      GtkWidget *window = g_object_new (types[i], NULL);
      gpointer weak = window;

      g_object_add_weak_pointer (G_OBJECT (window), &weak);
      gtk_window_present (GTK_WINDOW (window));
      iterate (300);
      close_window (window);
      g_test_message ("%s", g_type_name (types[i]));
      g_assert_null (weak);
    }
}

/* --- Donut --- */

static void
test_slices_share_the_ring (void)
{
  const guint counts[] = { 1, 0, 99998, 1 };
  const guint halves[] = { 5, 5 };
  g_autoptr (GArray) slices = roll_donut_slices (counts, G_N_ELEMENTS (counts));
  g_autoptr (GArray) two = roll_donut_slices (halves, 2);
  g_autoptr (GArray) none = roll_donut_slices (counts + 1, 1);
  double at = 0;

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpint (roll_donut_hit (none, 50, 100, 75, 0), ==, -1);
  g_assert_cmpuint (slices->len, ==, 3);
  for (guint i = 0; i < slices->len; i++)
    {
      const RollSlice *slice = &g_array_index (slices, RollSlice, i);

      g_assert_cmpfloat_with_epsilon (slice->start, at, 1e-9);
      g_assert_cmpfloat (slice->end - slice->start, >, 0.009);
      at = slice->end;
    }
  g_assert_cmpfloat (at, ==, 1.0);
  g_assert_cmpint (roll_donut_hit (two, 50, 100, 75, 0), ==, 0);
  g_assert_cmpint (roll_donut_hit (two, 50, 100, -75, 0), ==, 1);
  g_assert_cmpint (roll_donut_hit (two, 50, 100, 0, 0), ==, -1);
  g_assert_cmpint (roll_donut_hit (two, 50, 100, 101, 0), ==, -1);
}

static gboolean
press (GtkWidget *widget, guint keyval)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      gboolean handled = FALSE;

      if (!GTK_IS_EVENT_CONTROLLER_KEY (controller))
        continue;
      g_signal_emit_by_name (controller, "key-pressed", keyval, 0, 0, &handled);
      return handled;
    }
  return FALSE;
}

static void
note_index (GtkWidget *widget, guint index, int *chosen)
{
  *chosen = (int) index;
}

static void
test_the_donut_by_keyboard (void)
{
  GtkWidget *donut = g_object_new (ROLL_TYPE_DONUT, NULL);
  GtkWidget *window = show_in_window (donut, 300, 300);
  guint counts[ROLL_N_LOOKS] = { 0 };
  int refused = (int) roll_status_look_index (ROLL_STATUS_CONNECTION_REFUSED);
  int reachable = (int) roll_status_look_index (ROLL_STATUS_REACHABLE);
  int chosen = -1;

  g_signal_connect (donut, "slice-activated", G_CALLBACK (note_index), &chosen);
  gtk_test_accessible_assert_role (donut, GTK_ACCESSIBLE_ROLE_IMG);
  counts[reachable] = 10;
  counts[refused] = 30;
  roll_donut_set_counts (ROLL_DONUT (donut), counts);
  gtk_test_accessible_assert_property (donut, GTK_ACCESSIBLE_PROPERTY_LABEL, "Statuses of 40 computers");
  gtk_test_accessible_assert_property (donut, GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                       "Reachable: 10 (25.0 %); Failed – Connection Refused: 30 (75.0 %)");

  g_assert_true (press (donut, GDK_KEY_Right));
  g_assert_cmpint (roll_donut_get_focused (ROLL_DONUT (donut)), ==, reachable);
  g_assert_true (press (donut, GDK_KEY_Right));
  g_assert_cmpint (roll_donut_get_focused (ROLL_DONUT (donut)), ==, refused);
  gtk_test_accessible_assert_property (donut, GTK_ACCESSIBLE_PROPERTY_LABEL,
                                       "Failed – Connection Refused: 30 (75.0 %)");
  g_assert_true (press (donut, GDK_KEY_Return));
  g_assert_cmpint (chosen, ==, refused);
  g_assert_true (press (donut, GDK_KEY_Right));
  g_assert_cmpint (roll_donut_get_focused (ROLL_DONUT (donut)), ==, reachable);
  g_assert_true (press (donut, GDK_KEY_End));
  g_assert_true (press (donut, GDK_KEY_space));
  g_assert_cmpint (chosen, ==, refused);
  g_assert_false (press (donut, GDK_KEY_x));

  /* A slice that comes before does not take the focus. */
  counts[0] = 5;
  roll_donut_set_counts (ROLL_DONUT (donut), counts);
  g_assert_cmpint (roll_donut_get_focused (ROLL_DONUT (donut)), ==, refused);
  counts[refused] = 0;
  roll_donut_set_counts (ROLL_DONUT (donut), counts);
  g_assert_cmpint (roll_donut_get_focused (ROLL_DONUT (donut)), ==, -1);
  iterate (60);
  close_window (window);
}

/* --- Legend --- */

static guint
count_visible_rows (GtkWidget *legend)
{
  GtkWidget *list = gtk_widget_get_first_child (legend);
  guint n = 0;

  for (GtkWidget *row = gtk_widget_get_first_child (list); row != NULL; row = gtk_widget_get_next_sibling (row))
    if (ROLL_IS_LEGEND_ROW (row) && gtk_widget_get_child_visible (row))
      n++;
  return n;
}

static void
test_the_legend_has_what_occurs (void)
{
  GtkWidget *legend = g_object_new (ROLL_TYPE_LEGEND, NULL);
  GtkWidget *window = show_in_window (legend, 300, 500);
  GtkListBox *list = GTK_LIST_BOX (gtk_widget_get_first_child (legend));
  guint counts[ROLL_N_LOOKS] = { 0 };
  guint timeout = roll_status_look_index (ROLL_STATUS_CONNECTION_TIMEOUT);
  GtkListBoxRow *row;
  int chosen = -1;

  g_signal_connect (legend, "row-chosen", G_CALLBACK (note_index), &chosen);
  counts[timeout] = 3;
  counts[ROLL_N_LOOKS - 1] = 1;
  roll_legend_set_counts (ROLL_LEGEND (legend), counts);
  g_assert_cmpuint (count_visible_rows (legend), ==, 2);
  row = gtk_list_box_get_row_at_index (list, 0);
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL, "Failed – Connection Timeout: 3 (75.0 %)");
  g_assert_nonnull (gtk_list_box_row_get_header (row));
  gtk_widget_activate (GTK_WIDGET (row));
  g_assert_cmpint (chosen, ==, (int) timeout);

  roll_legend_set_marked (ROLL_LEGEND (legend), 1u << timeout);
  gtk_test_accessible_assert_state (row, GTK_ACCESSIBLE_STATE_SELECTED, TRUE);
  counts[timeout] = 4;
  counts[ROLL_N_LOOKS - 1] = 0;
  roll_legend_set_counts (ROLL_LEGEND (legend), counts);
  g_assert_cmpuint (count_visible_rows (legend), ==, 1);
  gtk_test_accessible_assert_property (row, GTK_ACCESSIBLE_PROPERTY_LABEL, "Failed – Connection Timeout: 4 (100 %)");
  close_window (window);
}

/* --- Help --- */

static guint
count_descendants (GtkWidget *widget, GType type)
{
  guint n = g_type_is_a (G_OBJECT_TYPE (widget), type) ? 1 : 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    n += count_descendants (child, type);
  return n;
}

static void
test_every_status_has_a_help_page (void)
{
  GtkWidget *page = g_object_new (ROLL_TYPE_HELP_PAGE, NULL);
  GtkWidget *window = show_in_window (page, 400, 600);

  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    {
      RollStatus status = roll_status_look_nth (i)->status;
      const RollStatusPage *texts = roll_causes_page (status);

      roll_help_page_show_status (ROLL_HELP_PAGE (page), status, NULL);
      g_assert_cmpuint (count_descendants (page, ADW_TYPE_EXPANDER_ROW), ==, texts != NULL ? texts->n_causes : 0);
      g_assert_cmpuint (count_descendants (page, ROLL_TYPE_ADVICE), >=, texts != NULL ? texts->n_checks : 0);
      iterate (5);
    }
  close_window (window);
}

/* --- The list --- */

static GPtrArray *
make_rows (guint n_rows)
{
  GPtrArray *rows = g_ptr_array_new ();

  for (guint32 i = 0; i < n_rows; i++)
    {
      g_autofree char *name = g_strdup_printf ("pc%u", i);
      RollComputer *computer = roll_computer_new (i, name);

      computer->status = i % 4 == 0 ? ROLL_STATUS_CONNECTION_REFUSED : ROLL_STATUS_REACHABLE;
      g_ptr_array_add (rows, computer);
    }
  return rows;
}

static void
wait_for_query (RollComputersQuery *query)
{
  do
    iterate (60);
  while (roll_computers_query_is_busy (query)
         || roll_computers_model_is_growing (roll_computers_query_get_model (query)));
  iterate (60);
}

static void
test_a_header_click_sorts (void)
{
  GtkWidget *view = g_object_new (ROLL_TYPE_COMPUTERS_VIEW, NULL);
  GtkWidget *window = show_in_window (view, 900, 500);
  RollComputersQuery *query = roll_computers_view_get_query (ROLL_COMPUTERS_VIEW (view));
  RollComputersModel *model = roll_computers_query_get_model (query);
  g_autoptr (RollComputerTable) table = roll_computer_table_new ();
  GtkWidget *column_view = view;
  g_autoptr (GtkColumnViewColumn) status = NULL;

  while (!GTK_IS_COLUMN_VIEW (column_view))
    {
      GtkWidget *next = gtk_widget_get_first_child (column_view);

      while (next != NULL && count_descendants (next, GTK_TYPE_COLUMN_VIEW) == 0)
        next = gtk_widget_get_next_sibling (next);
      g_assert_nonnull (next);
      column_view = next;
    }
  roll_computer_table_take_rows (table, make_rows (1000));
  roll_computers_query_set_table (query, table);
  wait_for_query (query);
  g_assert_cmpuint (roll_computers_model_get_ordinal (model, 0), ==, 0);

  status = g_list_model_get_item (gtk_column_view_get_columns (GTK_COLUMN_VIEW (column_view)), 2);
  gtk_column_view_sort_by_column (GTK_COLUMN_VIEW (column_view), status, GTK_SORT_ASCENDING);
  wait_for_query (query);
  g_assert_cmpuint (roll_computers_model_get_ordinal (model, 0), ==, 1);
  gtk_column_view_sort_by_column (GTK_COLUMN_VIEW (column_view), status, GTK_SORT_DESCENDING);
  wait_for_query (query);
  g_assert_cmpuint (roll_computers_model_get_ordinal (model, 0), ==, 0);
  g_assert_cmpuint (roll_computers_model_get_ordinal (model, 1), ==, 4);
  gtk_widget_activate_action (view, "computers.sort", "s", "");
  wait_for_query (query);
  g_assert_cmpuint (roll_computers_model_get_ordinal (model, 1), ==, 1);

  roll_computers_view_set_status (ROLL_COMPUTERS_VIEW (view),
                                  (int) roll_status_look_index (ROLL_STATUS_CONNECTION_REFUSED));
  wait_for_query (query);
  g_assert_cmpuint (roll_computers_model_get_n_shown (model), ==, 250);
  close_window (window);
}

/* --- Charts --- */

static void
note_group (RollChartsWindow *charts, const char *title, GArray *ordinals, GString *groups)
{
  g_string_append_printf (groups, "%s %u\n", title, ordinals->len);
}

static GtkWidget *
find_row (GtkWidget *widget, const char *key)
{
  GtkWidget *found = GTK_IS_LIST_BOX_ROW (widget) && g_strcmp0 (g_object_get_data (G_OBJECT (widget), "key"), key) == 0
                         ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_row (child, key);
  return found;
}

static void
choose_bar (GtkWidget *charts, const char *key)
{
  GtkWidget *row;

  while ((row = find_row (charts, key)) == NULL)
    iterate (5);
  g_signal_emit_by_name (gtk_widget_get_parent (row), "row-activated", row);
}

static void
test_the_bar_chosen_last_counts (void)
{
  GtkWidget *parent = show_in_window (gtk_label_new (NULL), 400, 300);
  g_autoptr (RollComputerTable) table = roll_computer_table_new ();
  g_autoptr (GString) groups = g_string_new (NULL);
  g_autofree char *expected = g_strdup_printf ("%s 5000\n", roll_step_label (0));
  GtkWidget *charts;
  gpointer weak;

  roll_computer_table_take_rows (table, make_rows (20000));
  charts = weak = roll_charts_window_new (GTK_WINDOW (parent), table, "Test");
  g_object_add_weak_pointer (G_OBJECT (charts), &weak);
  g_signal_connect (charts, "group-chosen", G_CALLBACK (note_group), groups);
  gtk_window_present (GTK_WINDOW (charts));
  choose_bar (charts, "No address");
  choose_bar (charts, "Not known");
  choose_bar (charts, roll_step_label (0));
  while (groups->len == 0)
    iterate (20);
  iterate (60);
  g_assert_cmpstr (groups->str, ==, expected);

  /* Closed before it is found out: nothing is left of it. */
  choose_bar (charts, "No address");
  gtk_window_destroy (GTK_WINDOW (charts));
  while (weak != NULL)
    iterate (20);
  close_window (parent);
}

/* --- Comparing --- */

static gint64
add_scan (RollStore *store, const char *range, guint n_targets)
{
  g_autoptr (RollScanInfo) info = roll_scan_info_new ();
  g_autoptr (GError) error = NULL;

  info->name = g_strdup (range);
  info->n_targets = n_targets;
  roll_store_add_scan (store, info, (const char *const[]) { range, NULL }, NULL, NULL, &error);
  g_assert_no_error (error);
  return info->id;
}

static void
note_opened (GObject *library, GAsyncResult *result, gpointer opened)
{
  *(gboolean *) opened = roll_library_open_finish (ROLL_LIBRARY (library), result, NULL);
}

/* Two networks of which nobody was asked yet: all of the later one are new, all of the earlier one are gone. */
static RollLibrary *
open_library (void)
{
  RollLibrary *library = roll_library_new ();
  gboolean opened = FALSE;

  roll_library_open_async (library, note_opened, &opened);
  while (!opened)
    iterate (20);
  if (roll_library_get_scans (library)->len == 0)
    {
      add_scan (roll_library_get_store (library), "10.0.0.0/16", 65534);
      add_scan (roll_library_get_store (library), "10.1.0.0/16", 65534);
    }
  roll_library_refresh (library);
  while (roll_library_get_scans (library)->len < 2)
    iterate (20);
  return library;
}

static GtkWidget *
find_button (GtkWidget *widget, const char *label)
{
  GtkWidget *found = NULL;

  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), label) == 0)
    return gtk_widget_get_mapped (widget) ? widget : NULL;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child, label);
  return found;
}

static GtkWidget *
wait_for_button (GtkWidget *window, const char *label)
{
  GtkWidget *button;

  while ((button = find_button (window, label)) == NULL)
    iterate (5);
  return button;
}

static gboolean
has_subtitle (GtkWidget *widget, const char *subtitle)
{
  gboolean found = ADW_IS_ACTION_ROW (widget)
                   && g_strcmp0 (adw_action_row_get_subtitle (ADW_ACTION_ROW (widget)), subtitle) == 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && !found;
       child = gtk_widget_get_next_sibling (child))
    found = has_subtitle (child, subtitle);
  return found;
}

static void
test_a_comparison_is_cancelled_and_made_again (void)
{
  g_autoptr (RollLibrary) library = open_library ();
  gint64 id = ((RollScanInfo *) roll_library_get_scans (library)->pdata[0])->id;
  GtkWidget *parent = show_in_window (gtk_label_new (NULL), 400, 300);
  GtkWidget *window = roll_compare_window_new (GTK_WINDOW (parent), library, id);
  g_autofree char *count = g_strdup_printf ("%'u", 65534u);
  gpointer weak = window;

  g_object_add_weak_pointer (G_OBJECT (window), &weak);
  gtk_window_present (GTK_WINDOW (window));
  g_signal_emit_by_name (wait_for_button (window, "Cancel"), "clicked");
  g_signal_emit_by_name (wait_for_button (window, "Compare Again"), "clicked");
  while (!has_subtitle (window, count))
    iterate (20);
  g_assert_null (find_button (window, "Cancel"));

  /* Closed while it compares: nothing is left of it. */
  close_window (window);
  window = roll_compare_window_new (GTK_WINDOW (parent), library, id);
  gtk_window_present (GTK_WINDOW (window));
  wait_for_button (window, "Cancel");
  close_window (window);
  while (weak != NULL)
    iterate (20);
  close_window (parent);
}

/* --- What the check script printed --- */

/* A drop as GTK hands it over, of one kind of value or the other. */
static void
drop (GtkWidget *pane, GType type, gconstpointer content)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (pane);
  g_auto (GValue) value = G_VALUE_INIT;

  g_value_init (&value, type);
  if (type == G_TYPE_STRING)
    g_value_set_string (&value, content);
  else
    g_value_set_boxed (&value, content);
  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);
      gboolean taken = FALSE;

      if (!GTK_IS_DROP_TARGET (controller))
        continue;
      g_signal_emit_by_name (controller, "drop", &value, 0.0, 0.0, &taken);
      g_assert_true (taken);
    }
}

static void
drop_paths (GtkWidget *pane, const char *path, const char *other_path)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) other = other_path != NULL ? g_file_new_for_path (other_path) : NULL;
  g_autoptr (GSList) files = g_slist_prepend (NULL, other != NULL ? other : file);

  if (other != NULL)
    files = g_slist_prepend (files, file);
  drop (pane, GDK_TYPE_FILE_LIST, files);
}

/* What is said of it, in a dialog that is closed then. */
static void
assert_refused (const char *sentence)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWindow *dialog = NULL;
  const char *text;

  while (dialog == NULL)
    {
      iterate (5);
      for (guint i = 0; i < g_list_model_get_n_items (windows) && dialog == NULL; i++)
        {
          g_autoptr (GtkWindow) window = g_list_model_get_item (windows, i);

          dialog = ADW_IS_MESSAGE_DIALOG (window) ? window : NULL;
        }
    }
  text = adw_message_dialog_get_body (ADW_MESSAGE_DIALOG (dialog));
  g_test_message ("%s", text);
  g_assert_nonnull (strstr (text, sentence));
  gtk_window_destroy (dialog);
  iterate (20);
}

static char *
write_file (const char *name, const char *content)
{
  char *path = g_build_filename (g_get_user_cache_dir (), name, NULL);

  g_assert_true (g_file_set_contents (path, content, -1, NULL));
  return path;
}

#define PRINTED(computer) "{\"rollcall-check\":1,\"computer\":\"" computer "\",\"results\":[{\"cause\":\"CRF.5\",\"found\":true}]}"

static void
refuse_bad_drops (GtkWidget *pane, const char *good)
{
  g_autofree char *wrong = write_file ("wrong.json", "{\"rollcall-check\": 1, ");
  g_autofree char *other = write_file ("other.json", PRINTED ("PC2"));
  g_autofree char *large = write_file ("large.json", "");

  drop_paths (pane, wrong, NULL);
  assert_refused ("it is not JSON. Run it again");
  drop_paths (pane, other, NULL);
  assert_refused ("“PC2”, which is not pc1. Give it to that computer");
  g_assert_cmpint (truncate (large, 100 << 20), ==, 0);
  drop_paths (pane, large, NULL);
  assert_refused ("larger than a megabyte");
  drop_paths (pane, g_get_user_cache_dir (), NULL);
  assert_refused ("is a folder. Give the file");
  drop_paths (pane, "/dev/zero", NULL);
  assert_refused ("Give the file that the check script printed");
  drop_paths (pane, "/nonexistent/check.json", NULL);
  assert_refused ("Check that the file is there");
  drop_paths (pane, good, other);
  assert_refused ("several files. Drop the one");
  drop (pane, G_TYPE_STRING, "Guten Tag");
  assert_refused ("it is not JSON. Run it again");
}

static guint
count_findings (RollStore *store, gint64 scan)
{
  g_autoptr (GPtrArray) findings = roll_store_get_findings (store, scan, 0, NULL);

  return findings != NULL ? findings->len : G_MAXUINT;
}

/* It was asked, and refused the connection. */
static void
store_result (RollStore *store, gint64 scan)
{
  g_autoptr (GError) error = NULL;
  RollJournal *journal = roll_store_begin (store, scan, NULL, NULL, &error);
  RollComputer *computer = roll_computer_new (0, "pc1");
  RollAttempt *attempt = roll_attempt_new (1);

  g_assert_no_error (error);
  computer->status = attempt->status = ROLL_STATUS_CONNECTION_REFUSED;
  computer->attempts = 1;
  roll_attempt_add_step (attempt, ROLL_STEP_CONNECT);
  roll_journal_post_attempt (journal, computer, attempt);
  g_assert_true (roll_journal_end (journal, ROLL_SCAN_FINISHED, &error));
}

static void
test_what_is_dropped_on_a_computer (void)
{
  g_autoptr (RollLibrary) library = open_library ();
  RollStore *store = roll_library_get_store (library);
  gint64 id = add_scan (store, "pc1", 1);
  GtkWidget *pane = g_object_new (ROLL_TYPE_HELP_PANE, NULL);
  GtkWidget *window = show_in_window (pane, 400, 600);
  g_autofree char *good = write_file ("good.json", PRINTED ("PC1"));
  g_autoptr (RollScanInfo) info = NULL;
  g_autoptr (RollSession) session = NULL;

  store_result (store, id);
  info = roll_store_get_scan (store, id, NULL);
  session = roll_session_open (store, info);
  while (roll_session_get_state (session) != ROLL_SESSION_IDLE)
    iterate (20);
  drop_paths (pane, good, NULL);
  assert_refused ("Choose the computer in the list first");
  roll_help_pane_show_computer (ROLL_HELP_PANE (pane), session, 0);
  iterate (60);
  refuse_bad_drops (pane, good);
  g_assert_cmpuint (count_findings (store, id), ==, 0);
  drop_paths (pane, good, NULL);
  while (count_findings (store, id) < 1)
    iterate (20);
  drop (pane, G_TYPE_STRING, "{\"rollcall-check\":1,\"results\":[{\"cause\":\"CRF.4\",\"found\":true}]}");
  iterate (300);
  close_window (window);
}

/* --- Layout --- */

static void
test_the_window_fits_a_telephone (void)
{
  GtkWidget *results = g_object_new (ROLL_TYPE_RESULTS, NULL);
  GtkWidget *window = show_in_window (results, 360, 640);
  g_autoptr (RollComputerTable) table = roll_computer_table_new ();
  GtkWidget *breakdown = gtk_widget_get_first_child (results);
  GtkWidget *list = gtk_widget_get_next_sibling (breakdown);
  graphene_rect_t above, below;
  int minimum;

  roll_computer_table_take_rows (table, make_rows (300));
  roll_results_set_table (ROLL_RESULTS (results), table);
  iterate (300);
  gtk_widget_measure (results, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  g_assert_cmpint (minimum, <=, 360);
  g_assert_true (gtk_widget_compute_bounds (breakdown, results, &above));
  g_assert_true (gtk_widget_compute_bounds (list, results, &below));
  g_assert_cmpfloat ((double) below.origin.y, >=, (double) (above.origin.y + above.size.height));
  g_assert_cmpfloat ((double) below.size.height, >, 200);
  roll_results_set_table (ROLL_RESULTS (results), NULL);
  close_window (window);

  results = g_object_new (ROLL_TYPE_RESULTS, NULL);
  window = show_in_window (results, 1000, 640);
  breakdown = gtk_widget_get_first_child (results);
  g_assert_true (gtk_widget_compute_bounds (breakdown, results, &above));
  g_assert_true (gtk_widget_compute_bounds (gtk_widget_get_next_sibling (breakdown), results, &below));
  g_assert_cmpfloat ((double) below.origin.x, >=, (double) (above.origin.x + above.size.width));
  g_assert_cmpfloat_with_epsilon ((double) below.origin.y, 0, 0.1);
  close_window (window);
}

int
main (int argc, char **argv)
{
  g_autoptr (RollApplication) application = NULL;

  g_setenv ("GTK_A11Y", "test", TRUE);
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  /* Its style and its icons come with the application. */
  application = roll_application_new ();
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));

  g_test_add_func ("/widgets/templates", test_every_widget_is_made_shown_and_freed);
  g_test_add_func ("/widgets/windows", test_every_window_is_made_shown_and_freed);
  g_test_add_func ("/widgets/slices", test_slices_share_the_ring);
  g_test_add_func ("/widgets/donut", test_the_donut_by_keyboard);
  g_test_add_func ("/widgets/legend", test_the_legend_has_what_occurs);
  g_test_add_func ("/widgets/help", test_every_status_has_a_help_page);
  g_test_add_func ("/widgets/sort", test_a_header_click_sorts);
  g_test_add_func ("/widgets/charts", test_the_bar_chosen_last_counts);
  g_test_add_func ("/widgets/compare", test_a_comparison_is_cancelled_and_made_again);
  g_test_add_func ("/widgets/drop", test_what_is_dropped_on_a_computer);
  g_test_add_func ("/widgets/telephone", test_the_window_fits_a_telephone);
  return g_test_run ();
}
