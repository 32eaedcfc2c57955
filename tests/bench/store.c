/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <locale.h>
#include <stdlib.h>

#include "measure.h"
#include "diagnosis/roll-likely-cause.h"
#include "report/roll-csv.h"
#include "report/roll-sheet.h"
#include "store-fixture.h"

/*
 * What the store costs: bench-store [COMPUTERS]. Figures move with the machine; compare within one run.
 */

/* --- Writing -------------------------------------------------------------------------------------------- */

static double
cost_of_making (guint n)
{
  double start = cpu_seconds ();

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (RollComputer) computer = store_fixture_computer (i, ROLL_STATUS_CONNECTION_REFUSED, 1);
      g_autoptr (RollAttempt) attempt = store_fixture_attempt (computer);
    }
  return cpu_seconds () - start;
}

static gint64
write_fast (StoreFixture *fixture, guint n, gboolean read)
{
  gint64 scan = store_fixture_add_scan (fixture, n);
  RollJournal *journal = roll_store_begin (fixture->store, scan, NULL, NULL, NULL);
  TallyReader reader = { fixture->store, scan, 0 };
  GThread *thread = read ? g_thread_new ("read", read_tallies, &reader) : NULL;
  double making = cost_of_making (n);
  double cpu = cpu_seconds (), wall = wall_seconds ();

  for (guint i = 0; i < n; i++)
    store_fixture_post (journal, i, ROLL_STATUS_CONNECTION_REFUSED, 1);
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
  cpu = cpu_seconds () - cpu - making;
  wall = wall_seconds () - wall;
  g_atomic_int_set (&reader.stop, 1);
  if (thread != NULL)
    g_thread_join (thread);
  g_print ("%-44s %8u   %.0f/s   %.2f µs CPU each%s\n", read ? "written, with somebody reading" : "written",
           n, n / wall, cpu / n * 1e6, read ? ", the reader's included" : "");
  return scan;
}

static void
write_slowly (StoreFixture *fixture, guint n)
{
  gint64 scan = store_fixture_add_scan (fixture, n);
  RollJournal *journal = roll_store_begin (fixture->store, scan, NULL, NULL, NULL);
  g_autoptr (GArray) times = g_array_new (FALSE, FALSE, sizeof (double));
  double wall = wall_seconds ();

  for (guint i = 0; i < n; i++)
    {
      double start = wall_seconds ();
      double took;

      store_fixture_post (journal, i, ROLL_STATUS_CONNECTION_REFUSED, 1);
      roll_journal_flush (journal, NULL, NULL);
      took = wall_seconds () - start;
      g_array_append_val (times, took);
    }
  wall = wall_seconds () - wall;
  roll_journal_end (journal, ROLL_SCAN_FINISHED, NULL);
  print_times ("one commit per computer", times);
  g_print ("%-44s %8.0f/s\n", "", n / wall);
}

/* --- Reading -------------------------------------------------------------------------------------------- */

typedef struct
{
  RollSheet *sheet;
  RollLikelyCauses *causes;
} Export;

static gboolean
write_row (RollComputer *computer, gpointer user_data)
{
  Export *export = user_data;

  roll_sheet_add_computer (export->sheet, computer, roll_likely_causes_get (export->causes, computer, NULL));
  return TRUE;
}

static void
export_csv (StoreFixture *fixture, gint64 scan, guint n)
{
  g_autofree char *path = g_build_filename (fixture->folder, "out.csv", NULL);
  double cpu, wall;
  RollLikelyCauses *causes;
  RollSheet *sheet;
  long before;

  forget_peak ();
  before = memory_kb ("VmRSS:");
  cpu = cpu_seconds ();
  wall = wall_seconds ();
  sheet = roll_sheet_open (path, ROLL_SHEET_CSV, FALSE, NULL, NULL);
  roll_sheet_begin_computers (sheet);
  causes = roll_likely_causes_new (fixture->store, scan, NULL, NULL);
  roll_store_foreach_computer (fixture->store, scan, 0, write_row, &(Export) { sheet, causes }, NULL);
  roll_likely_causes_free (causes);
  roll_sheet_close (sheet, NULL);
  wall = wall_seconds () - wall;
  g_print ("%-44s %8u   %.2f s, %.2f s CPU, %.1f MB more memory, %.0f bytes a row\n",
           "rows to CSV from the store", n, wall, cpu_seconds () - cpu,
           (double) (memory_kb ("VmHWM:") - before) / 1024, (double) file_size (path) / n);
}

static void
write_twelve_columns (StoreFixture *fixture, guint n)
{
  g_autofree char *path = g_build_filename (fixture->folder, "twelve.csv", NULL);
  double wall = wall_seconds ();
  RollCsv *csv = roll_csv_open (path, FALSE, NULL);

  for (guint i = 0; i < n; i++)
    {
      for (guint k = 0; k < 8; k++)
        roll_csv_cell (csv, k % 2 == 0 ? "127.20.30.40" : "Failed – Connection Refused, as, it, were");
      for (guint k = 0; k < 4; k++)
        roll_csv_cell_number (csv, i + k);
      roll_csv_end_row (csv);
    }
  roll_csv_close (csv, NULL);
  g_print ("%-44s %8u   %.2f s\n", "rows of 12 cells to CSV", n, wall_seconds () - wall);
}

static void
find_last (StoreFixture *fixture, gint64 scan, guint n)
{
  g_autoptr (RollComputer) last = store_fixture_computer (n - 1, ROLL_STATUS_SUCCESS, 1);
  double wall = wall_seconds ();

  g_ptr_array_unref (roll_store_find_computers (fixture->store, scan, last->target, NULL));
  g_print ("%-44s %8u   %.1f ms\n", "found by name among", n, (wall_seconds () - wall) * 1e3);
}

static void
delete_scan (StoreFixture *fixture, gint64 scan, guint n)
{
  double wall = wall_seconds ();

  roll_store_delete_scan (fixture->store, scan, NULL);
  g_print ("%-44s %8u   %.2f s\n", "computers deleted with their scan", n, wall_seconds () - wall);
}

int
main (int argc, char **argv)
{
  guint n = argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : 200000;
  StoreFixture fixture = { 0 };
  gint64 scan;

  setlocale (LC_ALL, "");
  store_fixture_set_up (&fixture, NULL);
  scan = write_fast (&fixture, n, FALSE);
  store_fixture_reopen (&fixture);
  g_print ("%-44s %8.0f\n", "bytes per computer on disk", (double) file_size (fixture.path) / n);
  write_fast (&fixture, n, TRUE);
  write_slowly (&fixture, 1000);
  find_last (&fixture, scan, n);
  export_csv (&fixture, scan, n);
  write_twelve_columns (&fixture, n);
  delete_scan (&fixture, scan, n);
  store_fixture_tear_down (&fixture, NULL);
  return 0;
}
