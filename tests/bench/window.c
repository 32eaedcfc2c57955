/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The window with 100,000 finished computers: how long filtering, searching and sorting take until they are on the
 * screen, the longest the main loop was held up meanwhile, and how long the frames of scrolling take. Then, with the
 * program as argument, the time from its start to the first frame.
 */

#include <adwaita.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>

#include "app/roll-computers-query.h"
#include "app/roll-computers-view.h"
#include "app/roll-results.h"

#define N_ROWS 100000
#define N_SCROLL_FRAMES 300
#define N_STARTS 5

typedef struct
{
  GtkWidget *window;
  RollResults *results;
  RollComputersQuery *query;
  RollComputersModel *model;
  GtkColumnView *column_view;
  GtkAdjustment *adjustment;

  gint64 frame_began;
  gint64 frame_began_cpu;
  GArray *frames;     /* (element-type double): milliseconds by the clock */
  GArray *frames_cpu; /* and of this thread's work: what a busy machine does not change */

  gint64 last_beat;
  gint64 last_beat_cpu;
  gint64 worst_gap;
  gint64 worst_gap_cpu;
} Bench;

static gint64
get_cpu_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (gint64) now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static GPtrArray *
make_rows (void)
{
  static const struct
  {
    RollStatus status;
    RollStep step;
  } kinds[] = {
    { ROLL_STATUS_CONNECTION_TIMEOUT, ROLL_STEP_CONNECT },  { ROLL_STATUS_REACHABLE, ROLL_STEP_NONE },
    { ROLL_STATUS_CONNECTION_TIMEOUT, ROLL_STEP_CONNECT },  { ROLL_STATUS_CONNECTION_REFUSED, ROLL_STEP_CONNECT },
    { ROLL_STATUS_MACHINE_NOT_FOUND, ROLL_STEP_RESOLVE },   { ROLL_STATUS_REACHABLE, ROLL_STEP_NONE },
    { ROLL_STATUS_HOST_UNREACHABLE, ROLL_STEP_CONNECT },
  };
  GPtrArray *rows = g_ptr_array_new_full (N_ROWS, (GDestroyNotify) roll_computer_unref);

  for (guint32 i = 0; i < N_ROWS; i++)
    {
      g_autofree char *name = g_strdup_printf ("pc-%05u.branch%u.example", (i * 7919) % N_ROWS, i % 200);
      RollComputer *computer = roll_computer_new (i, name);
      guint32 address = g_htonl (0x0a000000u + (i * 104729u) % 0xffffffu);

      computer->address.family = AF_INET;
      memcpy (computer->address.bytes, &address, sizeof address);
      computer->status = kinds[(i * 31) % G_N_ELEMENTS (kinds)].status;
      computer->step = kinds[(i * 31) % G_N_ELEMENTS (kinds)].step;
      computer->attempts = 1 + i % 4;
      computer->started_at = 1000000;
      computer->duration_us = (i * 37) % 3500000;
      g_ptr_array_add (rows, computer);
    }
  return rows;
}

static GtkWidget *
find_widget (GtkWidget *root, GType type)
{
  if (g_type_is_a (G_OBJECT_TYPE (root), type))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_widget (child, type);

      if (found != NULL)
        return found;
    }
  return NULL;
}

/* --- What is measured --- */

static void
before_paint (GdkFrameClock *clock, Bench *bench)
{
  bench->frame_began = g_get_monotonic_time ();
  bench->frame_began_cpu = get_cpu_time ();
}

static void
after_paint (GdkFrameClock *clock, Bench *bench)
{
  double ms = (double) (g_get_monotonic_time () - bench->frame_began) / 1000;
  double ms_cpu = (double) (get_cpu_time () - bench->frame_began_cpu) / 1000;

  g_array_append_val (bench->frames, ms);
  g_array_append_val (bench->frames_cpu, ms_cpu);
}

/* Beats as often as the loop lets it: the longest pause between two beats is the longest stall. */
static gboolean
on_beat (gpointer user_data)
{
  Bench *bench = user_data;
  gint64 now = g_get_monotonic_time ();
  gint64 now_cpu = get_cpu_time ();

  bench->worst_gap = MAX (bench->worst_gap, now - bench->last_beat);
  bench->worst_gap_cpu = MAX (bench->worst_gap_cpu, now_cpu - bench->last_beat_cpu);
  bench->last_beat = now;
  bench->last_beat_cpu = now_cpu;
  return G_SOURCE_CONTINUE;
}

static void
start_measuring (Bench *bench)
{
  g_array_set_size (bench->frames, 0);
  g_array_set_size (bench->frames_cpu, 0);
  bench->last_beat = g_get_monotonic_time ();
  bench->last_beat_cpu = get_cpu_time ();
  bench->worst_gap = 0;
  bench->worst_gap_cpu = 0;
}

static int
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a;
  double y = *(const double *) b;

  return (x > y) - (x < y);
}

static double
percentile (GArray *values, guint percent)
{
  if (values->len == 0)
    return 0;
  g_array_sort (values, compare_doubles);
  return g_array_index (values, double, MIN (values->len - 1, values->len * percent / 100));
}

static void
wait_for_frames (Bench *bench, guint n)
{
  guint end = bench->frames->len + n;
  gint64 give_up = g_get_monotonic_time () + 2 * G_USEC_PER_SEC;

  gtk_widget_queue_draw (bench->window);
  while (bench->frames->len < end && g_get_monotonic_time () < give_up)
    g_main_context_iteration (NULL, TRUE);
}

/* Until the new order is there and drawn. */
static void
finish (Bench *bench, const char *what, gint64 began)
{
  double ms;

  while (roll_computers_query_is_busy (bench->query) || roll_computers_model_is_growing (bench->model))
    g_main_context_iteration (NULL, TRUE);
  wait_for_frames (bench, 1);
  ms = (double) (g_get_monotonic_time () - began) / 1000;
  wait_for_frames (bench, 2);
  printf ("%-26s seen after %6.1f ms, longest stall %5.1f ms (%5.1f ms of work), %6u rows\n", what, ms,
          (double) bench->worst_gap / 1000, (double) bench->worst_gap_cpu / 1000, g_list_model_get_n_items (G_LIST_MODEL (bench->model)));
}

static void
filter (Bench *bench, const char *what, guint32 statuses, const char *search)
{
  gint64 began = g_get_monotonic_time ();

  start_measuring (bench);
  roll_computers_query_set_statuses (bench->query, statuses);
  roll_computers_query_set_search (bench->query, search);
  finish (bench, what, began);
}

/* As a click on the header does, not by the model's back door. */
static void
sort (Bench *bench, const char *what, guint column, GtkSortType direction)
{
  g_autoptr (GtkColumnViewColumn) view_column
      = g_list_model_get_item (gtk_column_view_get_columns (bench->column_view), column);
  gint64 began = g_get_monotonic_time ();

  start_measuring (bench);
  gtk_column_view_sort_by_column (bench->column_view, view_column, direction);
  finish (bench, what, began);
}

static void
scroll (Bench *bench, const char *what, double step)
{
  double upper = gtk_adjustment_get_upper (bench->adjustment) - gtk_adjustment_get_page_size (bench->adjustment);

  gtk_adjustment_set_value (bench->adjustment, 0);
  wait_for_frames (bench, 3);
  start_measuring (bench);
  for (guint i = 0; i < N_SCROLL_FRAMES; i++)
    {
      gtk_adjustment_set_value (bench->adjustment, MIN ((i + 1) * step, upper));
      wait_for_frames (bench, 1);
    }
  printf ("%-26s %u frames: median %.1f ms, 95 %% within %.1f ms (%.1f ms of work), longest %.1f ms (%.1f ms)\n", what,
          bench->frames->len, percentile (bench->frames, 50), percentile (bench->frames, 95),
          percentile (bench->frames_cpu, 95), percentile (bench->frames, 100), percentile (bench->frames_cpu, 100));
}

/* Two thousand rows change in each tenth of a second, as in a scan; a status is filtered, so rows come and go. */
static void
change_rows (Bench *bench, RollComputerTable *table)
{
  gint64 end = g_get_monotonic_time () + 3 * G_USEC_PER_SEC;
  guint32 next = 0;

  start_measuring (bench);
  while (g_get_monotonic_time () < end)
    {
      g_autoptr (GPtrArray) rows = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_computer_unref);
      gint64 pause = g_get_monotonic_time () + 100000;

      for (guint i = 0; i < 2000; i++, next++)
        {
          RollComputer *old = roll_computer_table_get_computer (table, next % N_ROWS);
          RollComputer *computer = roll_computer_new (old->ordinal, old->target);

          computer->address = old->address;
          computer->status = next % 3 == 0 ? ROLL_STATUS_CONNECTION_TIMEOUT : ROLL_STATUS_REACHABLE;
          g_ptr_array_add (rows, computer);
        }
      roll_computer_table_update (table, rows);
      while (g_get_monotonic_time () < pause)
        g_main_context_iteration (NULL, FALSE) ? (void) 0 : g_usleep (200);
    }
  printf ("%-26s longest stall %.1f ms (%.1f ms of work), 95 %% of the frames within %.1f ms (%.1f ms)\n",
          "20,000 changes a second", (double) bench->worst_gap / 1000, (double) bench->worst_gap_cpu / 1000,
          percentile (bench->frames, 95), percentile (bench->frames_cpu, 95));
}

/* --- Start to painted --- */

static double
measure_start (const char *program)
{
  const char *const argv[] = { program, NULL };
  g_auto (GStrv) environment = g_environ_setenv (g_get_environ (), "G_MESSAGES_DEBUG", "rollcall", TRUE);
  g_autoptr (GError) error = NULL;
  g_autofree char *line = NULL;
  double ms = -1;
  GPid pid;
  int out;
  gint64 began = g_get_monotonic_time ();
  FILE *output;
  size_t size = 0;

  if (!g_spawn_async_with_pipes (NULL, (char **) argv, environment, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, NULL,
                                 &out, NULL, &error))
    g_error ("%s", error->message);
  output = fdopen (out, "r");
  while (ms < 0 && getline (&line, &size, output) > 0)
    if (strstr (line, "first frame") != NULL)
      ms = (double) (g_get_monotonic_time () - began) / 1000;
  kill (pid, SIGTERM);
  fclose (output);
  waitpid (pid, NULL, 0);
  return ms;
}

static void
measure_starts (const char *program)
{
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));

  for (guint i = 0; i < N_STARTS; i++)
    {
      double ms = measure_start (program);

      g_array_append_val (times, ms);
    }
  printf ("%-26s median %.0f ms, longest %.0f ms of %d\n", "start to painted", percentile (times, 50),
          percentile (times, 100), N_STARTS);
}

int
main (int argc, char **argv)
{
  Bench bench = {
    .frames = g_array_new (FALSE, FALSE, sizeof (double)),
    .frames_cpu = g_array_new (FALSE, FALSE, sizeof (double)),
  };
  g_autoptr (RollComputerTable) table = NULL;
  GtkWidget *view;
  GdkFrameClock *clock;
  gint64 began;

  if (argc > 1)
    measure_starts (argv[1]);

  adw_init ();
  bench.window = gtk_window_new ();
  bench.results = g_object_new (ROLL_TYPE_RESULTS, NULL);
  gtk_window_set_default_size (GTK_WINDOW (bench.window), 1200, 800);
  gtk_window_set_child (GTK_WINDOW (bench.window), GTK_WIDGET (bench.results));
  view = find_widget (GTK_WIDGET (bench.results), ROLL_TYPE_COMPUTERS_VIEW);
  bench.query = roll_computers_view_get_query (ROLL_COMPUTERS_VIEW (view));
  bench.model = roll_computers_query_get_model (bench.query);
  bench.column_view = GTK_COLUMN_VIEW (find_widget (view, GTK_TYPE_COLUMN_VIEW));
  bench.adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (bench.column_view));
  gtk_window_present (GTK_WINDOW (bench.window));
  clock = gtk_widget_get_frame_clock (bench.window);
  g_signal_connect (clock, "before-paint", G_CALLBACK (before_paint), &bench);
  g_signal_connect (clock, "after-paint", G_CALLBACK (after_paint), &bench);
  wait_for_frames (&bench, 5);
  g_timeout_add_full (G_PRIORITY_HIGH, 1, on_beat, &bench, NULL);

  table = roll_computer_table_new ();
  roll_computer_table_take_rows (table, make_rows ());
  began = g_get_monotonic_time ();
  start_measuring (&bench);
  roll_results_set_table (bench.results, table);
  finish (&bench, "show", began);

  filter (&bench, "filter: a status", 1u << 3, NULL);
  filter (&bench, "filter lifted", 0, NULL);
  filter (&bench, "search: 4711", 0, "4711");
  filter (&bench, "search: branch1 timeout", 0, "branch1 timeout");
  filter (&bench, "search lifted", 0, NULL);
  sort (&bench, "sort: name", 0, GTK_SORT_ASCENDING);
  sort (&bench, "sort: name, descending", 0, GTK_SORT_DESCENDING);
  sort (&bench, "sort: address", 1, GTK_SORT_ASCENDING);
  sort (&bench, "sort: status", 2, GTK_SORT_ASCENDING);
  scroll (&bench, "scroll: 40 pixels a frame", 40);
  scroll (&bench, "scroll: a page a frame", 700);
  scroll (&bench, "scroll: far jumps", 11000);
  filter (&bench, "filter: a status", 1u << 3, NULL);
  change_rows (&bench, table);

  roll_results_set_table (bench.results, NULL);
  gtk_window_destroy (GTK_WINDOW (bench.window));
  g_array_unref (bench.frames);
  g_array_unref (bench.frames_cpu);
  return 0;
}
