/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-target-list.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

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
read_new (void)
{
  Read read = { roll_target_list_new () };

  read.problems = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_target_problem_free);
  return read;
}

static Read
read_text (const char *text, gsize length)
{
  Read read = read_new ();

  g_assert_cmpint (roll_target_list_add_text (read.list, text, length, read.problems, &read.error), ==,
                   read.error == NULL);
  return read;
}

static Read
read_path (const char *path)
{
  Read read = read_new ();

  g_assert_cmpint (roll_target_list_add_file (read.list, path, read.problems, &read.error), ==,
                   read.error == NULL);
  return read;
}

static Read
read_file_with (const char *text, gssize length)
{
  g_autofree char *folder = g_dir_make_tmp ("roll-targets-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "list.txt", NULL);
  Read read;

  g_assert_true (g_file_set_contents (path, text, length, NULL));
  read = read_path (path);
  g_unlink (path);
  g_rmdir (folder);
  return read;
}

static void
assert_fails (Read *read, const char *part)
{
  g_assert_error (read->error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_FILE);
  if (strstr (read->error->message, part) == NULL)
    g_error ("“%s” is not about “%s”", read->error->message, part);
  g_assert_true (g_utf8_validate (read->error->message, -1, NULL));
  g_assert_cmpuint (roll_target_list_get_count (read->list), ==, 0);
}

static void
assert_problem (Read *read, guint i, guint line, const char *text, const char *part)
{
  RollTargetProblem *problem;

  g_assert_cmpuint (i, <, read->problems->len);
  problem = read->problems->pdata[i];
  g_assert_cmpuint (problem->line, ==, line);
  g_assert_cmpstr (problem->text, ==, text);
  if (strstr (problem->reason, part) == NULL)
    g_error ("“%s” is not about “%s”", problem->reason, part);
}

static void
assert_targets (Read *read, const char *expected)
{
  g_auto (GStrv) includes = roll_target_list_get_includes (read->list);
  g_autofree char *text = g_strjoinv (" ", includes);

  g_assert_no_error (read->error);
  g_assert_cmpstr (text, ==, expected);
}

static void
test_lines (void)
{
  const char *text = "\xef\xbb\xbf# computers of the lab\r\n"
                     "\r\n"
                     "pc1.lab.example\r\n"
                     "  pc2\t# second row\r\n"
                     "pc#3\r\n"
                     "\t \r\n"
                     "# \xff is no matter here\n"
                     "10.1.2.10-11 #\n"
                     "10.1.2.300\n"
                     "pc\xe4\n"
                     "#\n"
                     "PC1.lab.example.";
  g_auto (Read) read = read_text (text, strlen (text));

  assert_targets (&read, "pc1.lab.example pc2 10.1.2.10-10.1.2.11");
  g_assert_cmpuint (roll_target_list_get_n_duplicates (read.list), ==, 1);
  g_assert_cmpuint (read.problems->len, ==, 3);
  assert_problem (&read, 0, 5, "pc#3", "“#”");
  assert_problem (&read, 1, 9, "10.1.2.300", "255");
  assert_problem (&read, 2, 10, "pc\xef\xbf\xbd", "UTF-8");
}

static void
test_utf16 (void)
{
  static const char little[] = "\xff\xfep\0c\0001\0\r\0\n\0p\0c\0002\0";
  static const char big[] = "\xfe\xff\0p\0c\0001\0\n\0p\0c\0002";
  static const char broken[] = "\xff\xfep\0\x00\xd8";
  g_auto (Read) read_little = read_text (little, sizeof little - 1);
  g_auto (Read) read_big = read_text (big, sizeof big - 1);
  g_auto (Read) read_broken = read_text (broken, sizeof broken - 1);

  assert_targets (&read_little, "pc1 pc2");
  assert_targets (&read_big, "pc1 pc2");
  assert_fails (&read_broken, "not a text");
}

static void
test_nul (void)
{
  static const char text[] = "pc1\npc2\npc\0003\n";
  g_auto (Read) read = read_text (text, sizeof text - 1);

  assert_fails (&read, "line 3");
}

/* What is shown of a wrong line is short and harmless to a terminal, whatever the line was. */
static void
test_problem_text (void)
{
  g_autofree char *name = g_strnfill (300, 'x');
  g_autofree char *line = g_strnfill (100000, 'y');
  g_autofree char *text = g_strconcat (name, "\n", line, "\npc\033[31m\nü@ü\n", NULL);
  g_auto (Read) read = read_text (text, strlen (text));
  RollTargetProblem *problem;

  g_assert_no_error (read.error);
  g_assert_cmpuint (read.problems->len, ==, 4);
  problem = read.problems->pdata[0];
  g_assert_nonnull (strstr (problem->reason, "300 characters"));
  g_assert_cmpint (g_utf8_strlen (problem->text, -1), ==, 61);
  problem = read.problems->pdata[1];
  g_assert_nonnull (strstr (problem->reason, "too long"));
  g_assert_cmpint (g_utf8_strlen (problem->text, -1), ==, 61);
  assert_problem (&read, 2, 3, "pc\xef\xbf\xbd[31m", "U+001B");
  assert_problem (&read, 3, 4, "ü@ü", "person");
}

static void
test_seven_wrong (void)
{
  static const char *const wrong[] = {
    "10.1.2.300", "pc 7", "http://pc7/", "10.0.0.0/8", "\\\\PC7", "10.1.2.9-3", "pc7..example",
  };
  GString *text = g_string_new (NULL);
  g_auto (Read) read = { 0 };

  for (guint i = 1; i <= 100000; i++)
    if (i % 13000 == 0)
      g_string_append_printf (text, "%s\n", wrong[i / 13000 - 1]);
    else
      g_string_append_printf (text, "pc-%06u.corp.example\n", i);
  read = read_text (text->str, text->len);
  g_string_free (text, TRUE);

  g_assert_no_error (read.error);
  g_assert_cmpuint (roll_target_list_get_count (read.list), ==, 99993);
  g_assert_cmpuint (read.problems->len, ==, 7);
  for (guint i = 0; i < 7; i++)
    assert_problem (&read, i, (i + 1) * 13000, wrong[i], "");
}

/* Without a limit a wrong file of 64 MB would fill the memory with sentences. */
static void
test_only_wrong (void)
{
  GString *text = g_string_new ("pc1\n");
  g_auto (Read) read = { 0 };

  for (guint i = 0; i <= ROLL_TARGETS_PROBLEMS_MAX; i++)
    g_string_append (text, "!\n");
  read = read_text (text->str, text->len);
  assert_fails (&read, "not a list");
  g_assert_true (roll_target_list_add_text (read.list, text->str + 4, 20000, NULL, NULL));
  g_string_free (text, TRUE);
}

/* A text that is refused leaves no trace: what was there still merges, what was not is new. */
static void
test_taken_back (void)
{
  g_auto (Read) read = read_text ("pc1\n10.1.2.0-9\n", 15);
  static const char wrong[] = "10.1.2.10-20\npc2\npc1\n10.1.2.3\n10.32.0.0/12\n10.48.0.0/12\n";

  g_assert_no_error (read.error);
  g_assert_false (roll_target_list_add_text (read.list, wrong, strlen (wrong), NULL, &read.error));
  g_assert_error (read.error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_TOO_MANY);
  g_clear_error (&read.error);
  assert_targets (&read, "pc1 10.1.2.0-10.1.2.9");
  g_assert_cmpuint (roll_target_list_get_n_duplicates (read.list), ==, 0);
  g_assert_true (roll_target_list_add_text (read.list, "10.1.2.5-12\npc2\npc1\n", 20, NULL, NULL));
  assert_targets (&read, "pc1 10.1.2.0-10.1.2.12 pc2");
  g_assert_cmpuint (roll_target_list_get_n_duplicates (read.list), ==, 1);
}

static void
test_files (void)
{
  g_auto (Read) good = read_file_with ("pc1\r\npc2", -1);
  g_auto (Read) empty = read_file_with ("", 0);
  g_auto (Read) comments = read_file_with ("# nothing\n\n   \n", -1);
  g_auto (Read) bom = read_file_with ("\xef\xbb\xbf", -1);
  g_auto (Read) wrong = read_file_with ("10.1.2.300\n", -1);
  g_auto (Read) nul = read_file_with ("\0\0\0", 3);

  assert_targets (&good, "pc1 pc2");
  assert_fails (&empty, "no targets");
  g_assert_nonnull (strstr (empty.error->message, "list.txt"));
  assert_fails (&comments, "no targets");
  assert_fails (&bom, "no targets");
  g_assert_no_error (wrong.error);
  assert_problem (&wrong, 0, 1, "10.1.2.300", "255");
  assert_fails (&nul, "line 1");
}

static void
test_no_files (void)
{
  g_auto (Read) missing = read_path ("/nonexistent/list.txt");
  g_auto (Read) folder = read_path ("/");
  g_auto (Read) none = read_path ("/dev/null");
  g_auto (Read) endless = read_path ("/dev/zero");
  g_auto (Read) odd = read_path ("/nonexistent/\xff");

  assert_fails (&missing, "no such file");
  assert_fails (&folder, "folder");
  assert_fails (&none, "no targets");
  assert_fails (&endless, "64 MB");
  assert_fails (&odd, "no such file");
}

static void
test_not_permitted (void)
{
  g_autofree char *folder = g_dir_make_tmp ("roll-targets-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "list.txt", NULL);
  g_auto (Read) read = { 0 };

  g_assert_true (g_file_set_contents (path, "pc1\n", -1, NULL));
  g_assert_cmpint (g_chmod (path, 0), ==, 0);
  /* Root may read everything, but not under another user's name. */
  setfsuid (geteuid () == 0 ? 65534 : geteuid ());
  read = read_path (path);
  setfsuid (geteuid ());
  g_unlink (path);
  g_rmdir (folder);
  assert_fails (&read, "cannot be read");
}

/* A file that is only large, without a byte on the disk. */
static void
test_large (void)
{
  g_autofree char *folder = g_dir_make_tmp ("roll-targets-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "list.txt", NULL);
  g_auto (Read) read = { 0 };

  g_assert_true (g_file_set_contents (path, "", 0, NULL));
  g_assert_cmpint (truncate (path, ROLL_TARGETS_FILE_MAX + 1), ==, 0);
  read = read_path (path);
  g_unlink (path);
  g_rmdir (folder);
  assert_fails (&read, "64 MB");
}

static gpointer
write_slowly (gpointer data)
{
  FILE *pipe = g_fopen (data, "w");

  g_assert_nonnull (pipe);
  fputs ("pc1\npc", pipe);
  fflush (pipe);
  g_usleep (20000);
  fputs ("2\n", pipe);
  fclose (pipe);
  return NULL;
}

static void
test_pipe (void)
{
  g_autofree char *folder = g_dir_make_tmp ("roll-targets-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "pipe", NULL);
  g_auto (Read) read = { 0 };
  GThread *writer;

  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  writer = g_thread_new ("writer", write_slowly, path);
  read = read_path (path);
  g_thread_join (writer);
  g_unlink (path);
  g_rmdir (folder);
  assert_targets (&read, "pc1 pc2");
}

static void
test_standard_input (void)
{
  int ends[2], before = dup (STDIN_FILENO);
  g_auto (Read) read = { 0 };
  g_auto (Read) nothing = { 0 };

  g_assert_cmpint (pipe (ends), ==, 0);
  g_assert_cmpint (write (ends[1], "pc1\n10.1.2.3", 12), ==, 12);
  close (ends[1]);
  dup2 (ends[0], STDIN_FILENO);
  close (ends[0]);
  read = read_path ("-");
  nothing = read_path ("-");
  dup2 (before, STDIN_FILENO);
  close (before);
  assert_targets (&read, "pc1 10.1.2.3");
  assert_fails (&nothing, "standard input");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/target-texts/lines", test_lines);
  g_test_add_func ("/target-texts/utf-16", test_utf16);
  g_test_add_func ("/target-texts/nul", test_nul);
  g_test_add_func ("/target-texts/problem-text", test_problem_text);
  g_test_add_func ("/target-texts/seven-wrong", test_seven_wrong);
  g_test_add_func ("/target-texts/only-wrong", test_only_wrong);
  g_test_add_func ("/target-texts/taken-back", test_taken_back);
  g_test_add_func ("/target-texts/files", test_files);
  g_test_add_func ("/target-texts/files/none", test_no_files);
  g_test_add_func ("/target-texts/files/not-permitted", test_not_permitted);
  g_test_add_func ("/target-texts/files/large", test_large);
  g_test_add_func ("/target-texts/files/pipe", test_pipe);
  g_test_add_func ("/target-texts/files/standard-input", test_standard_input);
  return g_test_run ();
}
