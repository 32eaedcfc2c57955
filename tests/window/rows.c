/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Which computers are shown, in which order, and how the list hears of it. No display. */

#include "app/roll-computers-query.h"

#include <arpa/inet.h>

#include "app/roll-computer-text.h"
#include "app/roll-status-look.h"

#define N_MANY 100000

static RollComputer *
new_computer (guint32 ordinal, const char *target, const char *address, RollStatus status)
{
  RollComputer *computer = roll_computer_new (ordinal, target);

  if (address != NULL)
    g_assert_true (roll_address_parse (address, &computer->address));
  computer->status = status;
  return computer;
}

static GPtrArray *
new_rows (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) roll_computer_unref);
}

static GPtrArray *
make_few (void)
{
  GPtrArray *rows = new_rows ();

  g_ptr_array_add (rows, new_computer (0, "PC10", "10.0.0.9", ROLL_STATUS_CONNECTION_REFUSED));
  g_ptr_array_add (rows, new_computer (1, "pc2", "10.0.0.10", ROLL_STATUS_REACHABLE));
  g_ptr_array_add (rows, new_computer (2, "gone", NULL, ROLL_STATUS_MACHINE_NOT_FOUND));
  g_ptr_array_add (rows, new_computer (3, "10.0.1.7", "10.0.1.7", ROLL_STATUS_CONNECTION_TIMEOUT));
  g_ptr_array_add (rows, new_computer (4, "10.0.1.20", "10.0.1.20", ROLL_STATUS_CONNECTION_TIMEOUT));
  g_ptr_array_add (rows, new_computer (5, "2001:db8::1", "2001:db8::1", ROLL_STATUS_NOT_STARTED));
  for (guint i = 0; i < rows->len; i++)
    {
      RollComputer *computer = rows->pdata[i];

      computer->attempts = i % 3;
      computer->duration_us = 1000 - (gint64) i;
      computer->step = computer->status > 0 ? ROLL_STEP_CONNECT : ROLL_STEP_NONE;
    }
  return rows;
}

static void
assert_order (GPtrArray *rows, guint32 statuses, const char *search, RollColumn column, gboolean descending,
              const char *expected)
{
  RollRowFilter filter = { statuses, (char *) search };
  RollRowSort sort = { column, descending };
  g_autoptr (GArray) order = roll_row_order ((RollComputer *const *) rows->pdata, rows->len, &filter, &sort, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < order->len; i++)
    g_string_append_printf (text, "%s%u", i > 0 ? " " : "", g_array_index (order, guint32, i));
  g_assert_cmpstr (text->str, ==, expected);
}

static void
test_filters (void)
{
  g_autoptr (GPtrArray) rows = make_few ();
  guint32 timeout = 1u << roll_status_look_index (ROLL_STATUS_CONNECTION_TIMEOUT);
  guint32 refused = 1u << roll_status_look_index (ROLL_STATUS_CONNECTION_REFUSED);

  assert_order (rows, 0, NULL, ROLL_COLUMN_TARGET_ORDER, FALSE, "0 1 2 3 4 5");
  assert_order (rows, timeout, NULL, ROLL_COLUMN_TARGET_ORDER, FALSE, "3 4");
  assert_order (rows, timeout | refused, NULL, ROLL_COLUMN_TARGET_ORDER, FALSE, "0 3 4");
  assert_order (rows, 0, "PC", ROLL_COLUMN_TARGET_ORDER, FALSE, "0 1");
  assert_order (rows, 0, "10.0.1", ROLL_COLUMN_TARGET_ORDER, FALSE, "3 4");
  assert_order (rows, 0, "10.0.0.1", ROLL_COLUMN_TARGET_ORDER, FALSE, "1");
  assert_order (rows, 0, "refused", ROLL_COLUMN_TARGET_ORDER, FALSE, "0");
  assert_order (rows, 0, "  pc \t refused ", ROLL_COLUMN_TARGET_ORDER, FALSE, "0");
  assert_order (rows, 0, "2001:DB8", ROLL_COLUMN_TARGET_ORDER, FALSE, "5");
  assert_order (rows, timeout, "pc", ROLL_COLUMN_TARGET_ORDER, FALSE, "");
}

/* Some alone, as a common cause has them; also ones that are not there yet. */
static void
test_only_some (void)
{
  g_autoptr (GPtrArray) rows = make_few ();
  g_autoptr (GArray) only = g_array_new (FALSE, FALSE, sizeof (guint));
  RollRowFilter filter = { .only = only };
  RollRowSort sort = { ROLL_COLUMN_TARGET_ORDER, FALSE };
  g_autoptr (GArray) order = NULL;
  g_autoptr (GArray) searched = NULL;
  static const guint wanted[] = { 0, 3, 4, 1000 };

  g_array_append_vals (only, wanted, G_N_ELEMENTS (wanted));
  order = roll_row_order ((RollComputer *const *) rows->pdata, rows->len, &filter, &sort, NULL);
  g_assert_cmpmem (order->data, order->len * sizeof (guint32), wanted, 3 * sizeof (guint32));
  filter.search = (char *) "10.0.1.2";
  searched = roll_row_order ((RollComputer *const *) rows->pdata, rows->len, &filter, &sort, NULL);
  g_assert_cmpuint (searched->len, ==, 1);
  g_assert_cmpuint (g_array_index (searched, guint32, 0), ==, 4);
}

static void
test_sorts (void)
{
  g_autoptr (GPtrArray) rows = make_few ();

  assert_order (rows, 0, NULL, ROLL_COLUMN_NAME, FALSE, "3 4 5 2 1 0");
  assert_order (rows, 0, NULL, ROLL_COLUMN_NAME, TRUE, "4 3 5 0 1 2");
  assert_order (rows, 0, NULL, ROLL_COLUMN_ADDRESS, FALSE, "0 1 3 4 5 2");
  assert_order (rows, 0, NULL, ROLL_COLUMN_ADDRESS, TRUE, "4 3 1 0 5 2");
  assert_order (rows, 0, NULL, ROLL_COLUMN_STATUS, FALSE, "1 2 3 4 0 5");
  assert_order (rows, 0, NULL, ROLL_COLUMN_STATUS, TRUE, "5 0 3 4 2 1");
  assert_order (rows, 0, NULL, ROLL_COLUMN_ATTEMPTS, FALSE, "0 3 1 4 2 5");
  assert_order (rows, 0, NULL, ROLL_COLUMN_DURATION, FALSE, "5 4 3 2 1 0");
}

static void
set_inventory (RollComputer *computer, const char *name, const char *os, guint n_collected)
{
  computer->status = ROLL_STATUS_SUCCESS;
  computer->facts = roll_facts_new ();
  roll_facts_set (computer->facts, "computer-name", name);
  roll_facts_set (computer->facts, "os", os);
  computer->classes_planned = 27;
  computer->classes_collected = n_collected;
}

static void
test_inventories (void)
{
  g_autoptr (GPtrArray) rows = make_few ();
  g_autofree char *partial = NULL;
  g_autofree char *whole = NULL;

  set_inventory (rows->pdata[1], "PC2", "Microsoft Windows 11 Pro", 25);
  set_inventory (rows->pdata[3], "FILES", "Microsoft Windows Server 2022 Standard", 27);
  set_inventory (rows->pdata[4], "SMALL", "Microsoft Windows 7 Ultimate", 27);
  assert_order (rows, 0, "server 2022", ROLL_COLUMN_TARGET_ORDER, FALSE, "3");
  assert_order (rows, 0, "files", ROLL_COLUMN_TARGET_ORDER, FALSE, "3");
  assert_order (rows, 0, "windows 10.0.1", ROLL_COLUMN_TARGET_ORDER, FALSE, "3 4");
  assert_order (rows, 0, NULL, ROLL_COLUMN_OS, FALSE, "4 1 3 0 2 5");
  assert_order (rows, 0, NULL, ROLL_COLUMN_OS, TRUE, "3 1 4 0 2 5");
  assert_order (rows, 0, NULL, ROLL_COLUMN_STATUS, FALSE, "3 4 1 2 0 5");
  partial = roll_computer_text (rows->pdata[1], ROLL_COLUMN_STATUS, 3);
  g_assert_cmpstr (partial, ==, "Success, 25 of 27");
  whole = roll_computer_text (rows->pdata[3], ROLL_COLUMN_STATUS, 3);
  g_assert_cmpstr (whole, ==, "Success");
  g_assert_cmpstr (roll_computer_get_os (rows->pdata[1]), ==, "Windows 11 Pro");
  g_assert_cmpstr (roll_computer_get_os (rows->pdata[0]), ==, "");
}

static void
test_names_compare_as_people_count (void)
{
  g_assert_cmpint (roll_natural_compare ("pc2", "PC10"), <, 0);
  g_assert_cmpint (roll_natural_compare ("pc002", "pc2"), ==, 0);
  g_assert_cmpint (roll_natural_compare ("pc2a", "pc2"), >, 0);
  g_assert_cmpint (roll_natural_compare ("pc99999999999999999999998", "pc99999999999999999999999"), <, 0);
  g_assert_cmpint (roll_natural_compare ("", "a"), <, 0);
  g_assert_cmpint (roll_natural_compare ("a1b2", "a1b10"), <, 0);
}

/* --- The list --- */

static void
wait_for (RollComputersQuery *query)
{
  while (roll_computers_query_is_busy (query)
         || roll_computers_model_is_growing (roll_computers_query_get_model (query)))
    g_main_context_iteration (NULL, TRUE);
}

static const char *
target_at (RollComputersQuery *query, guint position)
{
  GListModel *model = G_LIST_MODEL (roll_computers_query_get_model (query));
  g_autoptr (RollComputerItem) item = g_list_model_get_item (model, position);

  return item != NULL ? roll_computer_item_get_computer (item)->target : NULL;
}

/* Keeps account of items-changed, as a view does, and knows at any time how many rows there must be. */
static void
count_rows (GListModel *model, guint position, guint removed, guint added, guint *n_rows)
{
  g_assert_cmpuint (position + removed, <=, *n_rows);
  *n_rows = *n_rows - removed + added;
  g_assert_cmpuint (g_list_model_get_n_items (model), ==, *n_rows);
  for (guint i = position; i < MIN (position + added, position + 5); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (model, i);

      g_assert_nonnull (item);
    }
}

static GPtrArray *
make_many (void)
{
  GPtrArray *rows = new_rows ();

  for (guint32 i = 0; i < N_MANY; i++)
    {
      g_autofree char *name = g_strdup_printf ("pc%u", (i * 7919) % N_MANY);
      RollComputer *computer = roll_computer_new (i, name);
      guint32 address = htonl (0x0a000000u + (i * 104729u) % N_MANY);

      computer->address.family = AF_INET;
      memcpy (computer->address.bytes, &address, sizeof address);
      computer->status = i % 5 == 0 ? ROLL_STATUS_CONNECTION_REFUSED : ROLL_STATUS_CONNECTION_TIMEOUT;
      g_ptr_array_add (rows, computer);
    }
  return rows;
}

static void
test_many_rows (void)
{
  g_autoptr (RollComputerTable) table = roll_computer_table_new ();
  g_autoptr (RollComputersQuery) query = roll_computers_query_new ();
  GListModel *model = G_LIST_MODEL (roll_computers_query_get_model (query));
  guint n_rows = 0;

  g_signal_connect (model, "items-changed", G_CALLBACK (count_rows), &n_rows);
  roll_computer_table_take_rows (table, make_many ());
  roll_computers_query_set_table (query, table);
  wait_for (query);
  g_assert_cmpuint (n_rows, ==, N_MANY);
  g_assert_cmpstr (target_at (query, 1), ==, "pc7919");

  roll_computers_query_set_statuses (query, 1u << roll_status_look_index (ROLL_STATUS_CONNECTION_REFUSED));
  wait_for (query);
  g_assert_cmpuint (n_rows, ==, N_MANY / 5);

  roll_computers_query_set_sort (query, ROLL_COLUMN_NAME, FALSE);
  wait_for (query);
  g_assert_cmpuint (n_rows, ==, N_MANY / 5);
  for (guint i = 0; i < n_rows; i++)
    {
      g_autofree char *expected = g_strdup_printf ("pc%u", i * 5);

      g_assert_cmpstr (target_at (query, i), ==, expected);
    }

  roll_computers_query_set_statuses (query, 0);
  roll_computers_query_set_sort (query, ROLL_COLUMN_NAME, TRUE);
  wait_for (query);
  g_assert_cmpuint (n_rows, ==, N_MANY);
  g_assert_cmpstr (target_at (query, 0), ==, "pc99999");
  g_assert_cmpstr (target_at (query, N_MANY - 1), ==, "pc0");

  roll_computers_query_set_search (query, "pc4711");
  wait_for (query);
  g_assert_cmpuint (n_rows, ==, 11); /* pc4711 and pc47110 to pc47119 */

  roll_computers_query_set_table (query, NULL);
  g_assert_cmpuint (n_rows, ==, 0);
}

/* Rows that are looked at, as GTK holds them, follow what happens to the computers behind them. */
static void
test_rows_follow_a_running_scan (void)
{
  g_autoptr (RollComputerTable) table = roll_computer_table_new ();
  g_autoptr (RollComputersQuery) query = roll_computers_query_new ();
  g_autoptr (GPtrArray) changes = new_rows ();
  g_autoptr (RollComputerItem) first = NULL;
  GListModel *model = G_LIST_MODEL (roll_computers_query_get_model (query));
  guint n_rows = 0;

  g_signal_connect (model, "items-changed", G_CALLBACK (count_rows), &n_rows);
  roll_computer_table_take_rows (table, make_few ());
  roll_computers_query_set_table (query, table);
  roll_computers_query_set_statuses (query, 1u << roll_status_look_index (ROLL_STATUS_CONNECTION_TIMEOUT));
  wait_for (query);
  g_assert_cmpuint (n_rows, ==, 2);
  first = g_list_model_get_item (model, 0);

  g_ptr_array_add (changes, new_computer (0, "PC10", "10.0.0.9", ROLL_STATUS_CONNECTION_TIMEOUT));
  g_ptr_array_add (changes, new_computer (4, "10.0.1.20", "10.0.1.20", ROLL_STATUS_REACHABLE));
  g_ptr_array_add (changes, new_computer (77, "stray", NULL, ROLL_STATUS_REACHABLE));
  roll_computer_table_update (table, changes);
  wait_for (query);
  g_assert_cmpuint (n_rows, ==, 2);
  g_assert_cmpstr (target_at (query, 0), ==, "PC10");
  g_assert_cmpstr (target_at (query, 1), ==, "10.0.1.7");
  g_assert_cmpstr (roll_computer_item_get_computer (first)->target, ==, "PC10");
  g_assert_cmpuint (roll_computer_table_get_counts (table)[roll_status_look_index (ROLL_STATUS_CONNECTION_TIMEOUT)], ==,
                    2);
}

static guint
anchor_at_one (gpointer user_data)
{
  return 1;
}

/* What the person looks at stays with its row when computers come before it. */
static void
test_the_anchor_stays (void)
{
  g_autoptr (RollComputerTable) table = roll_computer_table_new ();
  g_autoptr (RollComputersModel) model = roll_computers_model_new ();
  static const guint32 before[] = { 1, 3, 5 };
  static const guint32 after[] = { 0, 1, 2, 3, 4 };
  static const guint32 last[] = { 3, 5 };
  GArray *order = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (RollComputerItem) item = NULL;
  guint n_rows = 0;

  g_signal_connect (model, "items-changed", G_CALLBACK (count_rows), &n_rows);
  roll_computer_table_take_rows (table, make_few ());
  roll_computers_model_set_table (model, table);
  roll_computers_model_set_order (model, g_array_append_vals (order, before, 3), TRUE);
  roll_computers_model_set_anchor_func (model, anchor_at_one, NULL);
  item = g_list_model_get_item (G_LIST_MODEL (model), 1);
  g_assert_cmpuint (roll_computer_item_get_computer (item)->ordinal, ==, 3);

  order = g_array_new (FALSE, FALSE, sizeof (guint32));
  roll_computers_model_set_order (model, g_array_append_vals (order, after, 5), FALSE);
  g_assert_cmpuint (n_rows, ==, 5);
  g_assert_cmpuint (roll_computer_item_get_computer (item)->ordinal, ==, 3);
  g_assert_true (g_list_model_get_item (G_LIST_MODEL (model), 3) == (gpointer) item);
  g_object_unref (item);

  roll_computers_model_set_anchor_func (model, NULL, NULL);
  order = g_array_new (FALSE, FALSE, sizeof (guint32));
  roll_computers_model_set_order (model, g_array_append_vals (order, last, 2), TRUE);
  g_assert_cmpuint (n_rows, ==, 2);
}

static void
test_selection_follows_computers_and_hidden_ones_are_not_selected (void)
{
  g_autoptr (RollComputerTable) table = roll_computer_table_new ();
  g_autoptr (RollComputersQuery) query = roll_computers_query_new ();
  RollComputersModel *model = roll_computers_query_get_model (query);
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (model);
  g_autoptr (GArray) selected = NULL;

  roll_computer_table_take_rows (table, make_few ());
  roll_computers_query_set_table (query, table);
  wait_for (query);
  gtk_selection_model_select_item (selection, 0, TRUE);
  gtk_selection_model_select_item (selection, 3, FALSE);
  g_assert_true (gtk_selection_model_is_selected (selection, 0));
  g_assert_false (gtk_selection_model_is_selected (selection, 1));
  g_assert_true (gtk_selection_model_is_selected (selection, 3));

  roll_computers_query_set_sort (query, ROLL_COLUMN_NAME, FALSE);
  wait_for (query);
  g_assert_true (gtk_selection_model_is_selected (selection, 0)); /* 10.0.1.7 */
  g_assert_true (gtk_selection_model_is_selected (selection, 5)); /* PC10 */
  g_assert_false (gtk_selection_model_is_selected (selection, 3));

  roll_computers_query_set_search (query, "pc");
  wait_for (query);
  roll_computers_query_set_search (query, NULL);
  wait_for (query);
  selected = roll_computers_model_get_selected (model);
  g_assert_cmpuint (selected->len, ==, 1);
  g_assert_cmpuint (g_array_index (selected, guint32, 0), ==, 0);

  gtk_selection_model_select_all (selection);
  g_array_unref (selected);
  selected = roll_computers_model_get_selected (model);
  g_assert_cmpuint (selected->len, ==, 6);
  gtk_selection_model_unselect_all (selection);
  g_array_unref (selected);
  selected = roll_computers_model_get_selected (model);
  g_assert_cmpuint (selected->len, ==, 0);
}

/* A snapshot that a worker reads survives the rows it was taken of. */
static void
test_snapshots_outlive_their_rows (void)
{
  g_autoptr (RollComputerTable) table = roll_computer_table_new ();
  g_autoptr (GPtrArray) changes = new_rows ();
  RollRowSnapshot *snapshot;

  roll_computer_table_take_rows (table, make_few ());
  snapshot = roll_computer_table_hold (table);
  g_ptr_array_add (changes, new_computer (0, "PC10", NULL, ROLL_STATUS_REACHABLE));
  roll_computer_table_update (table, changes);
  roll_computer_table_take_rows (table, new_rows ());
  g_assert_cmpuint (snapshot->n_rows, ==, 6);
  g_assert_cmpint (snapshot->rows[0]->status, ==, ROLL_STATUS_CONNECTION_REFUSED);
  g_assert_cmpstr (snapshot->rows[5]->target, ==, "2001:db8::1");
  roll_row_snapshot_release (snapshot);
}

static void
test_rows_that_arrive_in_batches (void)
{
  g_autoptr (RollComputerTable) table = roll_computer_table_new ();
  g_autoptr (RollComputersQuery) query = roll_computers_query_new ();
  guint n_rows = 0;

  g_signal_connect (roll_computers_query_get_model (query), "items-changed", G_CALLBACK (count_rows), &n_rows);
  roll_computers_query_set_table (query, table);
  for (guint32 batch = 0; batch < 10; batch++)
    {
      GPtrArray *rows = new_rows ();

      for (guint32 i = 0; i < 700; i++)
        g_ptr_array_add (rows, new_computer (batch * 700 + i, "pc", NULL,
                                             i % 2 == 0 ? ROLL_STATUS_REACHABLE : ROLL_STATUS_CONNECTION_TIMEOUT));
      roll_computer_table_append_rows (table, rows);
      if (batch == 4)
        roll_computers_query_set_statuses (query, 1u << roll_status_look_index (ROLL_STATUS_REACHABLE));
    }
  wait_for (query);
  g_assert_cmpuint (n_rows, ==, 3500);
  roll_computers_query_set_statuses (query, 0);
  wait_for (query);
  g_assert_cmpuint (n_rows, ==, 7000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rows/filters", test_filters);
  g_test_add_func ("/rows/only-some", test_only_some);
  g_test_add_func ("/rows/sorts", test_sorts);
  g_test_add_func ("/rows/inventories", test_inventories);
  g_test_add_func ("/rows/natural", test_names_compare_as_people_count);
  g_test_add_func ("/rows/many", test_many_rows);
  g_test_add_func ("/rows/running", test_rows_follow_a_running_scan);
  g_test_add_func ("/rows/anchor", test_the_anchor_stays);
  g_test_add_func ("/rows/selection", test_selection_follows_computers_and_hidden_ones_are_not_selected);
  g_test_add_func ("/rows/snapshots", test_snapshots_outlive_their_rows);
  g_test_add_func ("/rows/batches", test_rows_that_arrive_in_batches);
  return g_test_run ();
}
