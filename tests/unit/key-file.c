/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vault/roll-key-file.h"

#define CANARY "Kanarienvogel-17"
#define GOOD "[credential One]\nusername=CORP\\user\npassword=" CANARY "\n"

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("rollcall-keys-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "keys", NULL);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
write_keys (Fixture *fixture, const char *text, gssize length)
{
  g_assert_true (g_file_set_contents (fixture->path, text, length, NULL));
  g_assert_cmpint (chmod (fixture->path, 0600), ==, 0);
}

static GPtrArray *
read_good (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *credentials;

  write_keys (fixture, text, -1);
  credentials = roll_key_file_read (fixture->path, &error);
  g_assert_no_error (error);
  return credentials;
}

static char *
read_bad (Fixture *fixture, GIOErrorEnum code)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (roll_key_file_read (fixture->path, &error));
  g_assert_error (error, G_IO_ERROR, (gint) code);
  g_test_message ("%s", error->message);
  g_assert_null (strstr (error->message, CANARY));
  g_assert_null (strchr (error->message, '\n'));
  return g_strdup (error->message);
}

/* --- Reading -------------------------------------------------------------------------------------------- */

static void
test_what_is_written_is_read (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) credentials =
      read_good (fixture, "\xef\xbb\xbf# accounts\r\n\r\n  [credential  Domain admin “Süd” ] \r\n"
                          " username = CORP\\scanner\r\npassword= =pass#word;\\s [x] \r\n"
                          "scope=10.1.0.0/16;*.corp.example\r\nprotocols=ntlm;kerberos\r\n"
                          "[credential Local]\nusername=.\\admin\npassword=Größe\n"
                          "[credential Tickets]\nprotocols=kerberos");
  const RollCredential *first = credentials->pdata[0];
  const RollCredential *second = credentials->pdata[1];
  const RollCredential *third = credentials->pdata[2];

  g_assert_cmpuint (credentials->len, ==, 3);
  g_assert_cmpstr (first->name, ==, "Domain admin “Süd”");
  g_assert_cmpstr (first->domain, ==, "CORP");
  g_assert_cmpstr (first->user, ==, "scanner");
  g_assert_cmpstr (roll_secret_text (first->password), ==, "=pass#word;\\s [x]");
  g_assert_cmpstr (first->scope[0], ==, "10.1.0.0/16");
  g_assert_cmpstr (first->scope[1], ==, "*.corp.example");
  g_assert_cmpint (first->protocols[0], ==, ROLL_PROTOCOL_NTLM);
  g_assert_cmpint (first->protocols[1], ==, ROLL_PROTOCOL_KERBEROS);
  g_assert_cmpstr (second->user, ==, "admin");
  g_assert_cmpstr (roll_secret_text (second->password), ==, "Größe");
  g_assert_null (second->scope);
  g_assert_cmpstr (third->name, ==, "Tickets");
  g_assert_null (third->password);
  g_assert_cmpint (third->protocols[0], ==, ROLL_PROTOCOL_KERBEROS);
}

/* Each is refused with its line, its group and its key, and never with the password. */
static void
test_mistakes_are_named (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text;
    const char *says[3];
  } cases[] = {
    { "", { "no credential" } },
    { "# nothing\n\n", { "no credential" } },
    { "password=" CANARY "\n", { "line 1", "[credential NAME]" } },
    { CANARY "\n", { "line 1", "[credential NAME]" } },
    { "[credential]\npassword=" CANARY "\n", { "line 1", "[credential NAME]" } },
    { "[credential ]\n", { "line 1", "1 to 100" } },
    { "[credentials One]\n", { "line 1", "[credential NAME]" } },
    { "[general]\n", { "line 1", "[credential NAME]" } },
    { "[credential One\n", { "line 1", "[credential NAME]" } },
    { "[credential A\tB\x01]\n", { "line 1", "control character" } },
    { GOOD GOOD, { "line 4", "two groups [credential One]" } },
    { GOOD "password=" CANARY "\n", { "line 4", "[credential One]", "“password”" } },
    { GOOD "username=x\n", { "line 4", "[credential One]", "“username”" } },
    { GOOD CANARY "\n", { "line 4", "[credential One]", "key=value" } },
    { GOOD "pasword=" CANARY "\n", { "line 4", "[credential One]", "“pasword”" } },
    { GOOD CANARY "=x\n", { "line 4", "[credential One]", "before the “=”" } },
    { GOOD "=" CANARY "\n", { "line 4", "[credential One]", "before the “=”" } },
    { GOOD "scope=\n", { "line 4", "[credential One]", "“scope” is empty" } },
    { GOOD "scope=10.1.0.0/99\n", { "line 1", "[credential One], “scope”", "10.1.0.0/99" } },
    { GOOD "protocols=telnet\n", { "line 1", "[credential One], “protocols”", "telnet" } },
    { GOOD "\n[credential Two]\nusername=A\\B\\C\npassword=" CANARY "\n", { "line 5", "[credential Two], “username”" } },
    { "[credential One]\npassword=" CANARY "\n", { "line 1", "[credential One]", "“username”" } },
    { "[credential One]\nusername=user@corp.example\n", { "line 1", "[credential One]", "“password”" } },
    { "[credential One]\nusername=user\npassword=\n", { "line 3", "[credential One]", "“password” is empty" } },
    { "[credential One]\nusername=.\\user\npassword=" CANARY "\nprotocols=kerberos\n",
      { "line 1", "[credential One], “protocols”" } },
    { "[credential One]\npassword=\xff" CANARY "\n", { "line 2", "UTF-8" } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *message = NULL;

      write_keys (fixture, cases[i].text, -1);
      message = read_bad (fixture, G_IO_ERROR_INVALID_DATA);
      g_assert_true (g_str_has_prefix (message, fixture->path));
      for (guint j = 0; j < 3 && cases[i].says[j] != NULL; j++)
        g_assert_nonnull (strstr (message, cases[i].says[j]));
    }
}

static void
test_odd_bytes_are_refused (Fixture *fixture, gconstpointer data)
{
  static const char nul[] = "[credential One]\nusername=a\npassword=b\0" CANARY "\n";
  g_autofree char *huge = g_strnfill (ROLL_KEY_FILE_MAX + 1, '#');
  g_autofree char *long_name = g_strnfill (200, 'x');
  g_autofree char *long_group = g_strdup_printf ("[credential %s]\n", long_name);

  write_keys (fixture, nul, sizeof nul - 1);
  g_free (read_bad (fixture, G_IO_ERROR_INVALID_DATA));
  write_keys (fixture, huge, -1);
  g_free (read_bad (fixture, G_IO_ERROR_INVALID_DATA));
  write_keys (fixture, long_group, -1);
  g_free (read_bad (fixture, G_IO_ERROR_INVALID_DATA));
}

/* Whatever is cut off, the file is read or refused; nothing leaks or crashes. */
static void
test_cut_files (Fixture *fixture, gconstpointer data)
{
  static const char text[] = GOOD "scope=10.0.0.0/8\nprotocols=ntlm\n[credential Two]\nprotocols=kerberos\n";

  for (gsize length = 0; length < sizeof text; length++)
    {
      g_autoptr (GPtrArray) credentials = NULL;
      g_autoptr (GError) error = NULL;

      write_keys (fixture, text, (gssize) length);
      credentials = roll_key_file_read (fixture->path, &error);
      g_assert_true ((credentials == NULL) == (error != NULL));
    }
}

/* --- Files ---------------------------------------------------------------------------------------------- */

static void
test_modes (Fixture *fixture, gconstpointer data)
{
  static const mode_t good[] = { 0600, 0400, 0700 };
  static const mode_t bad[] = { 0644, 0640, 0604, 0660, 0620, 0601, 0777 };

  write_keys (fixture, GOOD, -1);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *message = NULL;

      g_assert_cmpint (chmod (fixture->path, bad[i]), ==, 0);
      message = read_bad (fixture, G_IO_ERROR_PERMISSION_DENIED);
      g_assert_nonnull (strstr (message, "chmod 600"));
    }
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (GPtrArray) credentials = NULL;

      g_assert_cmpint (chmod (fixture->path, good[i]), ==, 0);
      credentials = roll_key_file_read (fixture->path, NULL);
      g_assert_nonnull (credentials);
    }
}

static void
test_what_is_no_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL);
  g_autoptr (GError) error = NULL;

  g_free (read_bad (fixture, G_IO_ERROR_NOT_FOUND));
  write_keys (fixture, GOOD, -1);
  g_assert_cmpint (rename (fixture->path, other), ==, 0);
  g_assert_cmpint (symlink (other, fixture->path), ==, 0);
  g_free (read_bad (fixture, G_IO_ERROR_INVALID_ARGUMENT));
  g_unlink (fixture->path);
  g_unlink (other);
  g_assert_cmpint (mkfifo (fixture->path, 0600), ==, 0);
  g_free (read_bad (fixture, G_IO_ERROR_NOT_REGULAR_FILE));
  g_assert_null (roll_key_file_read (fixture->folder, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
}

#define add(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/vault/key-file/what-is-written-is-read", test_what_is_written_is_read);
  add ("/vault/key-file/mistakes", test_mistakes_are_named);
  add ("/vault/key-file/odd-bytes", test_odd_bytes_are_refused);
  add ("/vault/key-file/cut", test_cut_files);
  add ("/vault/key-file/modes", test_modes);
  add ("/vault/key-file/no-file", test_what_is_no_file);
  return g_test_run ();
}
