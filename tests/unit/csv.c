/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "report/roll-csv.h"
#include "store-fixture.h"

typedef struct
{
  char *folder;
  char *path;
} Folder;

static void
set_up (Folder *folder, gconstpointer data)
{
  folder->folder = g_dir_make_tmp ("rollcall-csv-XXXXXX", NULL);
  folder->path = g_build_filename (folder->folder, "out.csv", NULL);
}

static void
tear_down (Folder *folder, gconstpointer data)
{
  remove_folder (folder->folder);
  g_free (folder->folder);
  g_free (folder->path);
}

static RollCsv *
open_csv (const char *path, gboolean raw)
{
  g_autoptr (GError) error = NULL;
  RollCsv *csv = roll_csv_open (path, raw, &error);

  g_assert_no_error (error);
  return csv;
}

static void
close_csv (RollCsv *csv)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (roll_csv_failed (csv));
  roll_csv_close (csv, &error);
  g_assert_no_error (error);
}

static void
assert_content (const char *path, const char *expected)
{
  g_autofree char *content = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &content, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (content, ==, expected);
}

/* Only @name is in the folder: no temporary file stayed behind. */
static void
assert_alone (Folder *folder, const char *name)
{
  g_autoptr (GDir) dir = g_dir_open (folder->folder, 0, NULL);

  g_assert_cmpstr (g_dir_read_name (dir), ==, name);
  g_assert_null (g_dir_read_name (dir));
}

static void
write_row (RollCsv *csv, const char *const *cells)
{
  for (guint i = 0; cells[i] != NULL; i++)
    roll_csv_cell (csv, cells[i]);
  roll_csv_end_row (csv);
}

/* --- Cells ---------------------------------------------------------------------------------------------- */

static void
test_cells_are_quoted_where_needed (Folder *folder, gconstpointer data)
{
  const char *plain[] = { "pc1", "", "with blank", "it's", "Büro", "a=b", NULL };
  const char *quoted[] = { "a,b", "a\"b", "a\rb", "a\nb", "\"", "\"\"", NULL };
  const char *empty[] = { "", NULL };
  RollCsv *csv = open_csv (folder->path, FALSE);

  write_row (csv, plain);
  write_row (csv, quoted);
  write_row (csv, empty);
  roll_csv_cell (csv, NULL);
  roll_csv_cell (csv, NULL);
  roll_csv_end_row (csv);
  close_csv (csv);
  assert_content (folder->path, "pc1,,with blank,it's,Büro,a=b\r\n"
                                "\"a,b\",\"a\"\"b\",\"a\rb\",\"a\nb\",\"\"\"\",\"\"\"\"\"\"\r\n"
                                "\"\"\r\n"
                                ",\r\n");
}

static void
test_formulas_are_defused_but_not_numbers (Folder *folder, gconstpointer data)
{
  const char *cells[] = { "=1+1", "+1", "-1", "@x", "\tx", "\rx", "=\"a,b\"", "1-1", NULL };
  RollCsv *csv = open_csv (folder->path, FALSE);

  write_row (csv, cells);
  roll_csv_cell_number (csv, -1);
  roll_csv_cell_number (csv, 0);
  roll_csv_cell_number (csv, G_MININT64);
  roll_csv_cell_number (csv, G_MAXINT64);
  roll_csv_end_row (csv);
  close_csv (csv);
  assert_content (folder->path, "'=1+1,'+1,'-1,'@x,'\tx,\"'\rx\",\"'=\"\"a,b\"\"\",1-1\r\n"
                                "-1,0,-9223372036854775808,9223372036854775807\r\n");

  csv = open_csv (folder->path, TRUE);
  write_row (csv, cells);
  close_csv (csv);
  assert_content (folder->path, "=1+1,+1,-1,@x,\tx,\"\rx\",\"=\"\"a,b\"\"\",1-1\r\n");
}

static void
test_cells_larger_than_the_buffer (Folder *folder, gconstpointer data)
{
  g_autofree char *long_text = g_strnfill (200001, 'x');
  g_autofree char *expected = NULL;
  RollCsv *csv = open_csv (folder->path, FALSE);

  long_text[1000] = '"';
  roll_csv_cell (csv, "first");
  roll_csv_cell (csv, long_text);
  roll_csv_end_row (csv);
  close_csv (csv);
  long_text[1000] = '\0';
  expected = g_strconcat ("first,\"", long_text, "\"\"", long_text + 1001, "\"\r\n", NULL);
  assert_content (folder->path, expected);
}

/* --- Files ---------------------------------------------------------------------------------------------- */

static mode_t
mode_of (const char *path)
{
  struct stat info;

  g_assert_cmpint (lstat (path, &info), ==, 0);
  return info.st_mode & 07777;
}

static void
test_a_file_appears_only_when_whole (Folder *folder, gconstpointer data)
{
  RollCsv *csv = open_csv (folder->path, FALSE);

  roll_csv_cell (csv, "new");
  roll_csv_end_row (csv);
  g_assert_false (g_file_test (folder->path, G_FILE_TEST_EXISTS));
  close_csv (csv);
  g_assert_cmpint (mode_of (folder->path), ==, 0600);
  assert_alone (folder, "out.csv");

  csv = open_csv (folder->path, FALSE);
  roll_csv_cell (csv, "newer");
  roll_csv_discard (csv);
  assert_content (folder->path, "new\r\n");
  assert_alone (folder, "out.csv");
}

static void
test_a_replaced_file_keeps_its_mode (Folder *folder, gconstpointer data)
{
  RollCsv *csv;

  g_assert_true (g_file_set_contents (folder->path, "old", -1, NULL));
  g_assert_cmpint (chmod (folder->path, 0644), ==, 0);
  csv = open_csv (folder->path, FALSE);
  roll_csv_cell (csv, "new");
  roll_csv_end_row (csv);
  close_csv (csv);
  assert_content (folder->path, "new\r\n");
  g_assert_cmpint (mode_of (folder->path), ==, 0644);
}

static void
test_links_stay_links (Folder *folder, gconstpointer data)
{
  g_autofree char *link_path = g_build_filename (folder->folder, "link.csv", NULL);
  g_autofree char *second = g_build_filename (folder->folder, "second.csv", NULL);
  RollCsv *csv;

  g_assert_cmpint (symlink ("out.csv", link_path), ==, 0); /* dangling first */
  g_assert_cmpint (symlink (link_path, second), ==, 0);
  for (guint i = 0; i < 2; i++)
    {
      csv = open_csv (second, FALSE);
      roll_csv_cell_number (csv, i);
      roll_csv_end_row (csv);
      close_csv (csv);
      g_assert_true (g_file_test (link_path, G_FILE_TEST_IS_SYMLINK));
      g_assert_true (g_file_test (second, G_FILE_TEST_IS_SYMLINK));
      g_assert_false (g_file_test (folder->path, G_FILE_TEST_IS_SYMLINK));
      assert_content (folder->path, i == 0 ? "0\r\n" : "1\r\n");
    }
}

static void
assert_open_fails (const char *path, gint code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (roll_csv_open (path, FALSE, &error));
  g_assert_error (error, G_IO_ERROR, code);
  g_assert_nonnull (strstr (error->message, path));
}

static void
test_what_cannot_be_opened_is_said (Folder *folder, gconstpointer data)
{
  g_autofree char *below = g_build_filename (folder->path, "x.csv", NULL);
  g_autofree char *loop = g_build_filename (folder->folder, "loop", NULL);
  g_autofree char *nowhere = g_build_filename (folder->folder, "none", "x.csv", NULL);

  g_assert_true (g_file_set_contents (folder->path, "old", -1, NULL));
  g_assert_cmpint (symlink ("loop", loop), ==, 0);
  assert_open_fails (folder->folder, G_IO_ERROR_IS_DIRECTORY);
  assert_open_fails (below, G_IO_ERROR_NOT_DIRECTORY);
  assert_open_fails (nowhere, G_IO_ERROR_NOT_FOUND);
}

static void
test_devices_are_written_in_place (Folder *folder, gconstpointer data)
{
  RollCsv *csv = open_csv ("/dev/null", FALSE);

  roll_csv_cell (csv, "x");
  roll_csv_end_row (csv);
  close_csv (csv);
  g_assert_true (g_file_test ("/dev/null", G_FILE_TEST_EXISTS));
}

static void
fill (RollCsv *csv)
{
  for (guint i = 0; i < 100000 && !roll_csv_failed (csv); i++)
    {
      roll_csv_cell (csv, "0123456789");
      roll_csv_end_row (csv);
    }
}

static void
test_a_full_disk_leaves_the_old_file (Folder *folder, gconstpointer data)
{
  struct rlimit old, small = { 100000, RLIM_INFINITY };
  g_autoptr (GError) error = NULL;
  RollCsv *csv;

  g_assert_true (g_file_set_contents (folder->path, "old", -1, NULL));
  signal (SIGXFSZ, SIG_IGN);
  getrlimit (RLIMIT_FSIZE, &old);
  small.rlim_max = old.rlim_max;
  csv = open_csv (folder->path, FALSE);
  setrlimit (RLIMIT_FSIZE, &small);
  fill (csv);
  g_assert_true (roll_csv_failed (csv));
  setrlimit (RLIMIT_FSIZE, &old);
  g_assert_false (roll_csv_close (csv, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, g_strerror (EFBIG)));
  assert_content (folder->path, "old");
  assert_alone (folder, "out.csv");

  csv = open_csv ("/dev/full", FALSE);
  roll_csv_cell (csv, "x");
  g_clear_error (&error);
  g_assert_false (roll_csv_close (csv, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NO_SPACE);
}

/* Runs @write with standard output going into a pipe nobody reads, or into a file. */
static void
test_standard_output (Folder *folder, gconstpointer data)
{
  int saved = dup (STDOUT_FILENO);
  g_autoptr (GError) error = NULL;
  int pipe_fds[2];
  RollCsv *csv;

  signal (SIGPIPE, SIG_IGN);
  g_assert_cmpint (pipe (pipe_fds), ==, 0);
  dup2 (pipe_fds[1], STDOUT_FILENO);
  close (pipe_fds[0]);
  close (pipe_fds[1]);
  csv = roll_csv_open ("-", FALSE, NULL);
  fill (csv);
  roll_csv_close (csv, &error);
  dup2 (saved, STDOUT_FILENO);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);

  g_assert_nonnull (freopen (folder->path, "w", stdout));
  csv = roll_csv_open ("-", FALSE, NULL);
  roll_csv_cell (csv, "x");
  roll_csv_end_row (csv);
  g_clear_error (&error);
  roll_csv_close (csv, &error);
  dup2 (saved, STDOUT_FILENO);
  close (saved);
  g_assert_no_error (error);
  assert_content (folder->path, "x\r\n");
}

/* --- Times ---------------------------------------------------------------------------------------------- */

static void
assert_time (gint64 us, const char *expected)
{
  g_autofree char *text = roll_time_format_utc (us);

  g_assert_cmpstr (text, ==, expected);
}

static void
test_times (void)
{
  assert_time (0, "");
  assert_time (G_GINT64_CONSTANT (1763795000123456), "2025-11-22T07:03:20.123Z");
  assert_time (1, "1970-01-01T00:00:00.000Z");
  assert_time (-1, "1969-12-31T23:59:59.999Z");
  assert_time (G_GINT64_CONSTANT (951782400000000), "2000-02-29T00:00:00.000Z");
  assert_time (G_GINT64_CONSTANT (4107542399999999), "2100-02-28T23:59:59.999Z");
  assert_time (G_MAXINT64, "");
  assert_time (G_MININT64, "");
  for (gint64 day = -200000; day < 200000; day += 97)
    {
      g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (day * 86400 + 3661);
      g_autofree char *expected = g_date_time_format (time, "%Y-%m-%dT%H:%M:%S.000Z");

      assert_time ((day * 86400 + 3661) * G_USEC_PER_SEC, expected);
    }
}

#define add(path, func) g_test_add (path, Folder, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/csv/cells/quoted", test_cells_are_quoted_where_needed);
  add ("/csv/cells/formulas", test_formulas_are_defused_but_not_numbers);
  add ("/csv/cells/long", test_cells_larger_than_the_buffer);
  add ("/csv/file/whole", test_a_file_appears_only_when_whole);
  add ("/csv/file/mode", test_a_replaced_file_keeps_its_mode);
  add ("/csv/file/links", test_links_stay_links);
  add ("/csv/file/refused", test_what_cannot_be_opened_is_said);
  add ("/csv/file/devices", test_devices_are_written_in_place);
  add ("/csv/file/full-disk", test_a_full_disk_leaves_the_old_file);
  add ("/csv/file/standard-output", test_standard_output);
  g_test_add_func ("/csv/times", test_times);
  return g_test_run ();
}
