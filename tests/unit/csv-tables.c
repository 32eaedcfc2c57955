/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "report/roll-csv.h"
#include "store-fixture.h"

typedef struct
{
  char *folder;
  char *path;
} CsvFixture;

static void
set_up (CsvFixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("rollcall-csv-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "out.csv", NULL);
}

static void
tear_down (CsvFixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static RollCsv *
open_csv (const char *path)
{
  g_autoptr (GError) error = NULL;
  RollCsv *csv = roll_csv_open (path, FALSE, &error);

  g_assert_no_error (error);
  return csv;
}

static char **
read_rows (const char *path, guint n_expected)
{
  g_autofree char *content = NULL;
  char **rows;

  g_assert_true (g_file_get_contents (path, &content, NULL, NULL));
  g_assert_true (g_str_has_suffix (content, "\r\n"));
  content[strlen (content) - 2] = '\0';
  rows = g_strsplit (content, "\r\n", -1);
  g_assert_cmpuint (g_strv_length (rows), ==, n_expected);
  return rows;
}

static void
test_computers_table (CsvFixture *fixture, gconstpointer data)
{
  g_autoptr (RollComputer) refused = store_fixture_computer (258, ROLL_STATUS_CONNECTION_REFUSED, 1);
  g_autoptr (RollComputer) waiting = roll_computer_new (0, "-pc,1");
  g_autoptr (RollComputer) reached = store_fixture_computer (259, ROLL_STATUS_SUCCESS, 1);
  g_auto (GStrv) rows = NULL;
  RollCsv *csv = open_csv (fixture->path);

  refused->duration_us = 3400567;
  roll_csv_computers_header (csv);
  roll_csv_computers_row (csv, refused);
  roll_csv_computers_row (csv, waiting);
  roll_csv_computers_row (csv, reached);
  g_assert_true (roll_csv_close (csv, NULL));
  rows = read_rows (fixture->path, 4);
  g_assert_cmpstr (
      rows[0], ==,
      "target,address,computer_name,domain,status_code,status_id,status,step,error,error_name,attempts,"
      "credential,classes_collected,classes_planned,os,os_version,os_build,manufacturer,model,"
      "serial_number,processors,cores,memory_bytes,started_at,duration_ms,likely_cause,advice");
  g_assert_true (g_str_has_prefix (rows[1], "127.20.1.2,127.20.1.2,,,103,connection-refused,"
                                            "Failed – Connection Refused,connect,ECONNREFUSED,"));
  g_assert_nonnull (strstr (rows[1], ",1,,,,,,,,,,,,,2025-11-22T07:03:20.123Z,3400,"));
  g_assert_false (g_str_has_suffix (rows[1], ","));
  g_assert_true (g_str_has_prefix (rows[2], "\"'-pc,1\",,,,,not-started,"));
  g_assert_true (g_str_has_suffix (rows[2], ",,,,0,,,,,,,,,,,,,,,,"));
  g_assert_true (g_str_has_prefix (rows[3], "127.20.1.3,127.20.1.3,,,0,success,Success,,,,1,"));
  g_assert_true (g_str_has_suffix (rows[3], "Z,1,,"));
}

static void
test_steps_table (CsvFixture *fixture, gconstpointer data)
{
  g_autoptr (RollComputer) computer = store_fixture_computer (258, ROLL_STATUS_CONNECTION_REFUSED, 2);
  g_autoptr (RollAttempt) attempt = store_fixture_attempt (computer);
  g_auto (GStrv) rows = NULL;
  RollCsv *csv = open_csv (fixture->path);

  roll_attempt_add_step (attempt, ROLL_STEP_NEGOTIATE)->detail = g_strdup ("a=1 b=2");
  roll_csv_steps_header (csv);
  roll_csv_steps_rows (csv, computer, attempt);
  g_assert_true (roll_csv_close (csv, NULL));
  rows = read_rows (fixture->path, 3);
  g_assert_cmpstr (rows[0], ==,
                   "target,address,attempt,step,started_at,duration_us,peer,said_by,error,error_name,detail");
  g_assert_true (g_str_has_prefix (rows[1], "127.20.1.2,127.20.1.2,2,connect,2025-11-22T07:03:20.123Z,1200,"
                                            "127.20.1.2:135,peer,ECONNREFUSED,"));
  g_assert_cmpstr (rows[2], ==, "127.20.1.2,127.20.1.2,2,negotiate,,0,,,,,a=1 b=2");
}

#define add(path, func) g_test_add (path, CsvFixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/csv/tables/computers", test_computers_table);
  add ("/csv/tables/steps", test_steps_table);
  return g_test_run ();
}
