/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Targets from a column of a table: what spreadsheets and other programs write, and what nobody should. */

#include <glib/gstdio.h>
#include <string.h>

#include "report/roll-csv-reader.h"
#include "scan/roll-target-table.h"

/* Rows as "cell|cell", with the line in front: "1:a|b 2:c|d"; a fault as "!" and its text. (transfer full) */
static char *
read_bytes (const char *text, gsize length, char delimiter)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollCsvReader) reader = roll_csv_reader_new (text, length, delimiter, &error);
  GString *all = g_string_new (NULL);

  while (reader != NULL && roll_csv_reader_next (reader, &error))
    {
      g_string_append_printf (all, "%s%u:", all->len > 0 ? "\n" : "", roll_csv_reader_get_line (reader));
      for (guint i = 0; i < roll_csv_reader_get_n_cells (reader); i++)
        g_string_append_printf (all, "%s%s", i > 0 ? "|" : "", roll_csv_reader_get_cell (reader, i));
    }
  if (error != NULL)
    g_string_append_printf (all, "!%s", error->message);
  return g_string_free (all, FALSE);
}

static void
assert_rows (const char *text, const char *expected)
{
  g_autofree char *rows = read_bytes (text, strlen (text), 0);

  g_assert_cmpstr (rows, ==, expected);
}

static void
test_separators_are_found (void)
{
  assert_rows ("a,b\nc,d\n", "1:a|b\n2:c|d");
  assert_rows ("a;b,x\nc;d,y\ne;f\n", "1:a|b,x\n2:c|d,y\n3:e|f");
  assert_rows ("a\tb c\nd\te f", "1:a|b c\n2:d|e f");
  assert_rows ("sep=;\r\na,x;b\r\n", "2:a,x|b");
  assert_rows ("just\nnames\n", "1:just\n2:names");
  assert_rows ("", "");
  {
    g_autofree char *rows = read_bytes (NULL, 0, 0);

    g_assert_cmpstr (rows, ==, "");
  }
}

static void
test_quotes (void)
{
  assert_rows ("\"a, b\",c\n\"d \"\"e\"\"\",\"f\"\n", "1:a, b|c\n2:d \"e\"|f");
  assert_rows ("\"two\r\nlines\",x\r\nnext,y\r\n", "1:two\r\nlines|x\n3:next|y");
  assert_rows ("a\"b,c\n", "1:a\"b|c");
  assert_rows ("a,b\n\n,\nc,\"d\"e\n", "1:a|b\n4:c|de");
  assert_rows ("a,b\r\rc,d", "1:a|b\n3:c|d");
}

static void
test_faults_say_where (void)
{
  g_autofree char *long_cell = g_strnfill (ROLL_CSV_CELL_MAX + 2, 'a');
  g_autofree char *wide = g_strnfill (ROLL_CSV_COLUMNS_MAX, ',');
  g_autofree char *open = read_bytes ("a,b\n\"c,d\ne,f\n", 13, ',');
  g_autofree char *too_long = read_bytes (long_cell, strlen (long_cell), 0);
  g_autofree char *too_wide = read_bytes (wide, strlen (wide), ',');
  g_autofree char *nul = read_bytes ("a\0b", 3, 0);

  g_assert_nonnull (strstr (open, "!Line 2: a quotation mark is opened here and not closed."));
  g_assert_nonnull (strstr (too_long, "!Line 1: the cell is too long."));
  g_assert_nonnull (strstr (too_wide, "!Line 1: there are more than 1,024 columns."));
  g_assert_nonnull (strstr (nul, "NUL"));
}

static void
test_encodings (void)
{
  const char utf16[] = "\xff\xfeN\0;\0I\0\r\0\n\0\xe4\0;\0" "1\0";
  g_autofree char *wide = read_bytes (utf16, sizeof utf16 - 1, 0);
  g_autofree char *windows = read_bytes ("Gr\xf6\xdf" "e;b\n", 8, 0);
  g_autofree char *marked = read_bytes ("\xef\xbb\xbf" "a,b", 6, 0);

  g_assert_cmpstr (wide, ==, "1:N|I\n2:ä|1");
  g_assert_cmpstr (windows, ==, "1:Größe|b");
  g_assert_cmpstr (marked, ==, "1:a|b");
}

static void
assert_look (const char *text, guint n_columns, gboolean has_header, guint best, const char *column)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollTargetTable) table = roll_target_table_look_at (text, strlen (text), &error);
  g_autofree char *written = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (table->n_columns, ==, n_columns);
  g_assert_cmpint (table->has_header, ==, has_header);
  g_assert_cmpuint (table->best, ==, best);
  written = roll_target_table_column (table, table->best, table->has_header);
  g_assert_cmpstr (written, ==, column);
}

static void
test_the_column_of_computers_is_found (void)
{
  assert_look ("Site,Name,IP\nBerlin,pc1,10.0.0.1\n", 3, TRUE, 1, "Name");
  assert_look ("Standort;Rechner X\nBerlin;10.0.0.1\nBonn;10.0.0.2\n", 2, TRUE, 1, "Rechner X");
  assert_look ("Berlin,10.0.0.1\nBonn,10.0.0.2\n", 2, FALSE, 1, "2");
  assert_look ("a,DNSHostName,Name\nx,pc1.corp.example,pc1\n", 3, TRUE, 1, "DNSHostName");
  assert_look ("Name,Name\npc1,10.0.0.1\n", 2, TRUE, 1, "2");
  assert_look ("pc1\npc2\n", 1, FALSE, 0, "1");
}

static void
assert_found (const char *column, gboolean found, guint expected, gboolean with_header)
{
  static const char text[] = "Site,3,Größe\nx,pc1,y\n";
  g_autoptr (RollTargetTable) table = roll_target_table_look_at (text, sizeof text - 1, NULL);
  gboolean header;
  guint place = 0;

  g_assert_cmpint (roll_target_table_find (table, column, &place, &header), ==, found);
  g_assert_cmpuint (place, ==, expected);
  g_assert_cmpint (found && header, ==, with_header);
}

/* As when its targets are read: what was chosen before is chosen again. */
static void
test_a_column_is_found_again (void)
{
  assert_found ("SITE", TRUE, 0, TRUE);
  assert_found ("GRÖSSE", TRUE, 2, TRUE);
  assert_found ("2", TRUE, 1, FALSE);
  assert_found ("3", TRUE, 1, TRUE);
  assert_found ("4", FALSE, 0, FALSE);
  assert_found ("0", FALSE, 0, FALSE);
  assert_found ("Host", FALSE, 0, FALSE);
}

typedef struct
{
  RollTargetList *list;
  GPtrArray *problems;
  GError *error;
} Read;

static void
read_clear (Read *read)
{
  roll_target_list_unref (read->list);
  g_ptr_array_unref (read->problems);
  g_clear_error (&read->error);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Read, read_clear)

static Read
read_column (const char *text, const char *column)
{
  Read read = { roll_target_list_new () };

  read.problems = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_target_problem_free);
  g_assert_cmpint (roll_target_list_add_table_text (read.list, text, strlen (text), column, read.problems, &read.error),
                   ==, read.error == NULL);
  return read;
}

static void
test_wrong_rows_are_listed_with_their_lines (void)
{
  g_auto (Read) read = read_column ("Name;Site\npc1;\"two\nlines\"\nwhat!is;x\n;nothing\n10.0.0.0/30;x\nPC1.;again\n",
                                    "name");
  const RollTargetProblem *problem;

  g_assert_no_error (read.error);
  g_assert_cmpuint (roll_target_list_get_count (read.list), ==, 3);
  g_assert_cmpuint (roll_target_list_get_n_duplicates (read.list), ==, 1);
  g_assert_cmpuint (read.problems->len, ==, 1);
  problem = read.problems->pdata[0];
  g_assert_cmpuint (problem->line, ==, 4);
  g_assert_cmpstr (problem->text, ==, "what!is");
}

static void
test_columns_by_number (void)
{
  g_auto (Read) read = read_column ("Berlin,10.0.0.1\nBonn,10.0.0.2\n", "2");
  g_auto (Read) none = read_column ("Berlin,10.0.0.1\n", "3");
  g_auto (Read) named = read_column ("Site,Name\nBonn,pc1\n", "Computer");
  g_auto (Read) empty = read_column ("Site,Name\nBonn,\n", "Name");

  g_assert_cmpuint (roll_target_list_get_count (read.list), ==, 2);
  g_assert_error (none.error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_FILE);
  g_assert_nonnull (strstr (named.error->message, "no column “Computer”. Its first row has “Site”, “Name”."));
  g_assert_nonnull (strstr (empty.error->message, "nothing in the column"));
}

/* A sentence on a window or in JSON is UTF-8, wherever a long name in it is cut, and bells do not ring. */
static void
test_names_of_columns_are_cut_between_letters (void)
{
  g_autofree char *cut = g_strnfill (80, 'x');
  g_autoptr (GString) text = g_string_new ("\a");

  for (guint i = 0; i < 80; i++)
    g_string_append (text, "é");
  g_string_append (text, ",");
  g_string_append (text, cut);
  cut[60] = '\0';
  {
    g_auto (Read) read = read_column (text->str, "Name");
    g_autofree char *shortened = g_strconcat ("“", cut, "…”", NULL);

    g_assert_error (read.error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_FILE);
    g_assert_true (g_utf8_validate (read.error->message, -1, NULL));
    g_assert_nonnull (strstr (read.error->message, "“\uFFFDéé"));
    g_assert_nonnull (strstr (read.error->message, "é…”"));
    g_assert_nonnull (strstr (read.error->message, shortened));
  }
}

/* What was right in front of the fault is not kept: nobody knows what is missing. */
static void
test_a_broken_table_changes_nothing (void)
{
  g_auto (Read) read = read_column ("Name,Site\npc1,a\npc2,\"b\n", "Name");
  GString *text = g_string_new ("Name,Site\npc1,x\n");

  g_assert_nonnull (strstr (read.error->message, "Line 3"));
  g_assert_cmpuint (roll_target_list_get_count (read.list), ==, 0);
  for (guint i = 0; i <= ROLL_TARGETS_PROBLEMS_MAX; i++)
    g_string_append (text, "no good!,x\n");
  {
    g_auto (Read) wrong = read_column (text->str, "Name");

    g_assert_nonnull (strstr (wrong.error->message, "this is not a column of computers"));
    g_assert_cmpuint (roll_target_list_get_count (wrong.list), ==, 0);
  }
  g_string_free (text, TRUE);
}

static void
test_files (void)
{
  g_autofree char *folder = g_dir_make_tmp ("roll-tables-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "list.csv", NULL);
  g_autoptr (RollTargetList) list = roll_target_list_new ();
  g_autoptr (RollTargetTable) none = NULL;
  g_autoptr (GError) error = NULL;

  none = roll_target_table_look (path, &error);
  g_assert_null (none);
  g_assert_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_FILE);
  g_assert_true (g_file_set_contents (path, "Name,Site\npc1,a\npc2,b\n", -1, NULL));
  g_assert_true (roll_target_list_add_table (list, path, "NAME", NULL, NULL));
  g_assert_cmpuint (roll_target_list_get_count (list), ==, 2);
  g_remove (path);
  g_rmdir (folder);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/target-tables/separators", test_separators_are_found);
  g_test_add_func ("/target-tables/quotes", test_quotes);
  g_test_add_func ("/target-tables/faults", test_faults_say_where);
  g_test_add_func ("/target-tables/encodings", test_encodings);
  g_test_add_func ("/target-tables/column", test_the_column_of_computers_is_found);
  g_test_add_func ("/target-tables/found-again", test_a_column_is_found_again);
  g_test_add_func ("/target-tables/wrong-rows", test_wrong_rows_are_listed_with_their_lines);
  g_test_add_func ("/target-tables/numbers", test_columns_by_number);
  g_test_add_func ("/target-tables/cut-names", test_names_of_columns_are_cut_between_letters);
  g_test_add_func ("/target-tables/broken", test_a_broken_table_changes_nothing);
  g_test_add_func ("/target-tables/files", test_files);
  return g_test_run ();
}
