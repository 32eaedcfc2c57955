/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <libintl.h>
#include <locale.h>
#include <string.h>

#include "status/roll-causes.h"
#include "status/roll-verdict.h"

/* A catalogue of messages as gettext reads it from a .mo file: sorted msgids, no hash table. */
typedef struct
{
  const char *msgid;
  const char *msgstr;
} Message;

static void
append_number (GString *mo, guint32 number)
{
  g_string_append_len (mo, (const char *) &number, sizeof number);
}

static void
append_table (GString *mo, const char *const *texts, guint n, guint32 *offset)
{
  for (guint i = 0; i < n; i++)
    {
      append_number (mo, (guint32) strlen (texts[i]));
      append_number (mo, *offset);
      *offset += (guint32) strlen (texts[i]) + 1;
    }
}

static GString *
build_mo (const Message *messages, guint n)
{
  GString *mo = g_string_new (NULL);
  g_autofree const char **ids = g_new (const char *, n);
  g_autofree const char **strings = g_new (const char *, n);
  guint32 header = 7 * sizeof (guint32), table = n * 2 * sizeof (guint32), offset = header + 2 * table;

  for (guint i = 0; i < n; i++)
    {
      ids[i] = messages[i].msgid;
      strings[i] = messages[i].msgstr;
    }
  append_number (mo, 0x950412de);
  append_number (mo, 0);
  append_number (mo, n);
  append_number (mo, header);
  append_number (mo, header + table);
  append_number (mo, 0);
  append_number (mo, 0);
  append_table (mo, ids, n, &offset);
  append_table (mo, strings, n, &offset);
  for (guint i = 0; i < n; i++)
    g_string_append_len (mo, ids[i], (gssize) strlen (ids[i]) + 1);
  for (guint i = 0; i < n; i++)
    g_string_append_len (mo, strings[i], (gssize) strlen (strings[i]) + 1);
  return mo;
}

static const Message messages[] = {
  { "", "Content-Type: text/plain; charset=UTF-8\n" },
  { "Connect to port 135", "[Port 135 anrufen]" },
  { "Failed – Connection Refused", "[Abgewiesen]" },
  { "Network", "[Netz]" },
  { "See which ports answer, and how.", "[Welche Ports antworten]" },
  { "Somebody answered at the address, but turned the connection to port 135 away at once.",
    "[Jemand sagte nein.]" },
  { "The connection was refused: nothing accepts it on that port.", "[Verbindung abgewiesen.]" },
};

static char *
write_catalogue (const char *root)
{
  g_autofree char *directory = g_build_filename (root, "C.UTF-8", "LC_MESSAGES", NULL);
  char *path = g_build_filename (directory, GETTEXT_PACKAGE ".mo", NULL);
  g_autoptr (GError) error = NULL;
  GString *mo = build_mo (messages, G_N_ELEMENTS (messages));

  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  g_file_set_contents (path, mo->str, (gssize) mo->len, &error);
  g_assert_no_error (error);
  g_string_free (mo, TRUE);
  return path;
}

static void
test_texts_come_translated (void)
{
  const RollStatusPage *page = roll_causes_page (ROLL_STATUS_CONNECTION_REFUSED);
  const RollErrorNumber refused = { ROLL_ERROR_SPACE_ERRNO, 111 };
  g_autofree char *shown = roll_error_format (refused);

  g_assert_cmpstr (page->meaning, ==, "[Jemand sagte nein.]");
  g_assert_cmpstr (page->checks[0].text, ==, "[Welche Ports antworten]");
  g_assert_true (g_str_has_prefix (page->checks[0].command, "nmap "));
  g_assert_cmpstr (page->retry, ==, "No.");
  g_assert_cmpstr (roll_status_label (ROLL_STATUS_CONNECTION_REFUSED), ==, "[Abgewiesen]");
  g_assert_cmpstr (roll_layer_label (ROLL_LAYER_NETWORK), ==, "[Netz]");
  g_assert_cmpstr (roll_step_label (ROLL_STEP_CONNECT), ==, "[Port 135 anrufen]");
  g_assert_cmpstr (roll_error_meaning (refused), ==, "[Verbindung abgewiesen.]");

  /* What the CSV carries stays English. */
  g_assert_cmpstr (roll_status_info (103)->label, ==, "Failed – Connection Refused");
  g_assert_cmpstr (roll_error_name (refused), ==,
                   "The connection was refused: nothing accepts it on that port.");
  g_assert_cmpstr (shown, ==, "ECONNREFUSED");
}

static void
test_labels_are_found_in_both_languages (void)
{
  g_assert_cmpint (roll_status_find ("[abgewiesen]")->status, ==, 103);
  g_assert_cmpint (roll_status_find ("failed - connection refused")->status, ==, 103);
}

int
main (int argc, char **argv)
{
  g_autofree char *root = g_dir_make_tmp ("rollcall-test-XXXXXX", NULL);
  g_autofree char *path = NULL;
  int result;

  g_test_init (&argc, &argv, NULL);
  path = write_catalogue (root);
  g_unsetenv ("LANGUAGE");
  if (setlocale (LC_ALL, "C.UTF-8") == NULL)
    g_error ("the locale C.UTF-8 is missing");
  bindtextdomain (GETTEXT_PACKAGE, root);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  g_test_add_func ("/status/translation/texts-come-translated", test_texts_come_translated);
  g_test_add_func ("/status/translation/labels-in-both-languages", test_labels_are_found_in_both_languages);
  result = g_test_run ();
  for (guint depth = 0; depth < 4; depth++)
    {
      g_autofree char *parent = g_path_get_dirname (path);

      g_remove (path);
      g_free (path);
      path = g_steal_pointer (&parent);
    }
  return result;
}
