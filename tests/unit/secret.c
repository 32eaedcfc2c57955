/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-secret.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
test_holds_a_copy (void)
{
  char password[] = "Pässwörd";
  const gsize length = strlen (password);
  RollSecret *secret = roll_secret_new (password, length);

  memset (password, 'x', length);
  g_assert_cmpstr (roll_secret_text (secret), ==, "Pässwörd");
  g_assert_cmpuint (roll_secret_length (secret), ==, length);
  roll_secret_ref (secret);
  roll_secret_unref (secret);
  g_assert_cmpmem (roll_secret_bytes (secret), roll_secret_length (secret), "Pässwörd", length);
  roll_secret_unref (secret);
}

static void
test_sizes (void)
{
  for (gsize length = 0; length < 10000; length += 997)
    {
      g_autofree guint8 *bytes = g_malloc0 (length + 1);
      g_autoptr (RollSecret) secret = NULL;

      memset (bytes, 'y', length);
      secret = roll_secret_new (bytes, length);
      g_assert_cmpmem (roll_secret_bytes (secret), roll_secret_length (secret), bytes, length);
      g_assert_cmpuint (strlen (roll_secret_text (secret)), ==, length);
    }
}

/* The kernel's marks on the pages where @address lies: "rd wr ... lo ... wf dd"; see proc(5). */
static char *
marks_of (const void *address)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean here = FALSE;

  g_assert_true (g_file_get_contents ("/proc/self/smaps", &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      guintptr start, end;

      if (sscanf (lines[i], "%" G_GINTPTR_MODIFIER "x-%" G_GINTPTR_MODIFIER "x ", &start, &end) == 2)
        here = start <= (guintptr) address && (guintptr) address < end;
      else if (here && g_str_has_prefix (lines[i], "VmFlags:"))
        return g_strconcat (lines[i] + strlen ("VmFlags:"), " ", NULL);
    }
  return NULL;
}

static void
test_stays_here (void)
{
  g_autoptr (RollSecret) secret = roll_secret_new ("secret", 6);
  g_autofree char *marks = marks_of (roll_secret_bytes (secret));

  if (marks == NULL)
    {
      g_test_skip ("this kernel does not tell the marks of its pages");
      return;
    }
  g_assert_nonnull (strstr (marks, " dd ")); /* not in a core dump */
  g_assert_nonnull (strstr (marks, " wf ")); /* not in a child */
  if (strstr (marks, " lo ") == NULL)
    g_test_message ("not locked: the limit of locked memory is too low here");
}

static void
test_not_in_a_child (void)
{
  g_autoptr (RollSecret) secret = roll_secret_new ("secret", 6);
  const guint8 *bytes = roll_secret_bytes (secret);
  pid_t child = fork ();
  int status;

  g_assert_no_errno ((int) child);
  if (child == 0)
    _exit (bytes[0] == 0 ? 0 : 1);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (roll_secret_text (secret), ==, "secret");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/secret/copy", test_holds_a_copy);
  g_test_add_func ("/secret/sizes", test_sizes);
  g_test_add_func ("/secret/stays-here", test_stays_here);
  g_test_add_func ("/secret/child", test_not_in_a_child);
  return g_test_run ();
}
