/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "codec/roll-wmio.h"
#include "report/roll-sheet.h"
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

static RollSheet *
open_sheet (const char *path)
{
  g_autoptr (GError) error = NULL;
  RollSheet *sheet = roll_sheet_open (path, ROLL_SHEET_CSV, FALSE, NULL, &error);

  g_assert_no_error (error);
  return sheet;
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

static const RollCause *
first_cause (const RollComputer *computer)
{
  return roll_status_is_failure (computer->status) ? &roll_causes_page (computer->status)->causes[0] : NULL;
}

static void
test_computers_table (CsvFixture *fixture, gconstpointer data)
{
  g_autoptr (RollComputer) refused = store_fixture_computer (258, ROLL_STATUS_CONNECTION_REFUSED, 1);
  g_autoptr (RollComputer) waiting = roll_computer_new (0, "-pc,1");
  g_autoptr (RollComputer) reached = store_fixture_computer (259, ROLL_STATUS_SUCCESS, 1);
  g_auto (GStrv) rows = NULL;
  RollSheet *sheet = open_sheet (fixture->path);

  refused->duration_us = 3400567;
  roll_sheet_begin_computers (sheet);
  roll_sheet_add_computer (sheet, refused, first_cause (refused));
  roll_sheet_add_computer (sheet, waiting, first_cause (waiting));
  roll_sheet_add_computer (sheet, reached, first_cause (reached));
  g_assert_true (roll_sheet_close (sheet, NULL));
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
test_computers_with_an_inventory (CsvFixture *fixture, gconstpointer data)
{
  g_autoptr (RollComputer) full = store_fixture_computer (258, ROLL_STATUS_SUCCESS, 2);
  g_autoptr (RollComputer) poor = store_fixture_computer (259, ROLL_STATUS_OTHER_REASONS, 4);
  g_auto (GStrv) rows = NULL;
  RollSheet *sheet = open_sheet (fixture->path);

  full->credential = g_strdup ("Domain admin");
  full->classes_collected = 26;
  full->classes_planned = 27;
  full->facts = roll_facts_new ();
  full->facts->computer_name = g_strdup ("PC258");
  full->facts->domain = g_strdup ("corp.example");
  full->facts->os = g_strdup ("Microsoft Windows 11 Pro");
  full->facts->os_version = g_strdup ("10.0.22631");
  full->facts->os_build = g_strdup ("22631");
  full->facts->manufacturer = g_strdup ("Contoso, Inc.");
  full->facts->model = g_strdup ("=7");
  full->facts->serial_number = g_strdup ("00042");
  full->facts->processors = 1;
  full->facts->cores = 8;
  full->facts->memory_bytes = G_MAXUINT64;
  poor->classes_planned = 27;
  roll_sheet_add_computer (sheet, full, first_cause (full));
  roll_sheet_add_computer (sheet, poor, first_cause (poor));
  g_assert_true (roll_sheet_close (sheet, NULL));
  rows = read_rows (fixture->path, 2);
  g_assert_cmpstr (rows[0], ==,
                   "127.20.1.2,127.20.1.2,PC258,corp.example,0,success,Success,,,,2,Domain admin,26,27,"
                   "Microsoft Windows 11 Pro,10.0.22631,22631,\"Contoso, Inc.\",'=7,00042,1,8,18446744073709551615,"
                   "2025-11-22T07:03:20.123Z,1,,");
  g_assert_nonnull (strstr (rows[1], ",4,,0,27,,,,,,,,,,2025"));
}

static const char *const disk_columns[] = { "Name", "Size", "Offset", "Ratio", "Made", "Compressed", "Parts", "Gone", NULL };

static RollRowSet *
make_disks (void)
{
  /* An older version asked for less, and in another order. */
  const char *columns[] = { "Size", "name", "Offset", "Ratio", "Made", "Compressed", "Parts", NULL };
  RollCimValue parts[] = { { .type = ROLL_CIM_STRING, .text = (char *) "a;1" }, { .type = ROLL_CIM_STRING, .null = TRUE } };
  RollCimArray array = { 2, parts };
  RollCimValue full[] = {
    { .type = ROLL_CIM_UINT64, .uint = G_MAXUINT64 },
    { .type = ROLL_CIM_STRING, .text = (char *) "-Größe \"C:\"\r\nΩ" },
    { .type = ROLL_CIM_SINT64, .sint = G_MININT64 },
    { .type = ROLL_CIM_REAL64, .real = -1.5 },
    { .type = ROLL_CIM_DATETIME, .text = (char *) "20251122070320.123456+060" },
    { .type = ROLL_CIM_BOOLEAN, .sint = 1 },
    { .type = ROLL_CIM_STRING | ROLL_CIM_ARRAY, .array = &array },
  };
  RollCimValue empty[] = {
    { .type = ROLL_CIM_UINT64, .null = TRUE }, { .type = ROLL_CIM_STRING, .text = (char *) "" },
    { .type = ROLL_CIM_NONE },                 { .type = ROLL_CIM_NONE },
    { .type = ROLL_CIM_DATETIME, .null = TRUE }, { .type = ROLL_CIM_BOOLEAN, .sint = 0 },
    { .type = ROLL_CIM_STRING | ROLL_CIM_ARRAY, .null = TRUE },
  };
  RollRowSet *rows = roll_row_set_new (columns);

  g_assert_true (roll_row_set_add (rows, full));
  g_assert_true (roll_row_set_add (rows, empty));
  return rows;
}

static void
test_collected_table (CsvFixture *fixture, gconstpointer data)
{
  g_autoptr (RollComputer) computer = store_fixture_computer (258, ROLL_STATUS_SUCCESS, 1);
  g_autoptr (RollRowSet) rows = make_disks ();
  g_autofree char *content = NULL;
  RollSheet *sheet = open_sheet (fixture->path);

  roll_sheet_begin_collected (sheet, "disks", disk_columns);
  roll_sheet_add_collected (sheet, computer, rows);
  computer->facts = roll_facts_new ();
  computer->facts->computer_name = g_strdup ("PC258");
  roll_sheet_add_collected (sheet, computer, rows);
  g_assert_true (roll_sheet_close (sheet, NULL));
  g_assert_true (g_file_get_contents (fixture->path, &content, NULL, NULL));
#define FULL "\"'-Größe \"\"C:\"\"\r\nΩ\",18446744073709551615,-9223372036854775808,-1.5,20251122070320.123456+060,true,a;1; ,\r\n"
#define EMPTY ",,,,,false,,\r\n"
  g_assert_cmpstr (content, ==,
                   "target,address,computer_name,Name,Size,Offset,Ratio,Made,Compressed,Parts,Gone\r\n"
                   "127.20.1.2,127.20.1.2,," FULL "127.20.1.2,127.20.1.2,," EMPTY
                   "127.20.1.2,127.20.1.2,PC258," FULL "127.20.1.2,127.20.1.2,PC258," EMPTY);
}

static void
test_steps_table (CsvFixture *fixture, gconstpointer data)
{
  g_autoptr (RollComputer) computer = store_fixture_computer (258, ROLL_STATUS_CONNECTION_REFUSED, 2);
  g_autoptr (RollAttempt) attempt = store_fixture_attempt (computer);
  g_auto (GStrv) rows = NULL;
  RollSheet *sheet = open_sheet (fixture->path);

  roll_attempt_add_step (attempt, ROLL_STEP_NEGOTIATE)->detail = g_strdup ("a=1 b=2");
  roll_sheet_begin_steps (sheet);
  roll_sheet_add_steps (sheet, computer, attempt);
  g_assert_true (roll_sheet_close (sheet, NULL));
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
  add ("/csv/tables/inventory", test_computers_with_an_inventory);
  add ("/csv/tables/collected", test_collected_table);
  add ("/csv/tables/steps", test_steps_table);
  return g_test_run ();
}
