/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-check-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <unistd.h>

#include "cli/roll-terminal.h"
#include "diagnosis/roll-check-script.h"

/* One byte more than is allowed, so that too much is seen. NULL: errno says why. */
static GBytes *
read_all (int fd)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 buffer[8192];
  gssize n = 1;

  while (bytes->len <= ROLL_CHECK_MAX && n != 0)
    {
      n = read (fd, buffer, sizeof buffer);
      if (n < 0 && errno != EINTR)
        return NULL;
      if (n > 0)
        g_byte_array_append (bytes, buffer, (guint) n);
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

static GBytes *
read_file (const char *path, GError **error)
{
  gboolean standard_input = g_str_equal (path, "-");
  int fd = standard_input ? STDIN_FILENO : open (path, O_RDONLY | O_CLOEXEC);
  GBytes *bytes = fd >= 0 ? read_all (fd) : NULL;

  if (!bytes)
    g_set_error (error, G_IO_ERROR, (gint) g_io_error_from_errno (errno), _ ("“%s” could not be read: %s."),
                 standard_input ? _ ("standard input") : path, g_strerror (errno));
  if (fd >= 0 && !standard_input)
    close (fd);
  return bytes;
}

gboolean
roll_check_file_store (const char *path, RollStore *store, gint64 scan_id, GPtrArray *found, GError **error)
{
  g_autoptr (GBytes) bytes = NULL;
  g_autofree char *detail = NULL;
  const RollComputer *computer = g_ptr_array_index (found, 0);

  if (found->len > 1)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _ ("More than one computer is meant: name the one that the check script was run on."));
      return FALSE;
    }
  bytes = read_file (path, error);
  if (bytes)
    detail = roll_check_parse (bytes, computer, error);
  if (!detail)
    return FALSE;
  g_autoptr (RollFinding) finding = roll_finding_new (computer->ordinal, ROLL_CHECK_FINDING, detail);
  return roll_store_put_finding (store, scan_id, finding, error);
}

/* (nullable) */
static const RollFinding *
find_check (GPtrArray *findings)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const RollFinding *finding = g_ptr_array_index (findings, i);

      if (g_str_equal (finding->kind, ROLL_CHECK_FINDING))
        return finding;
    }
  return NULL;
}

static void
print_result (FILE *stream, const RollCheckResult *result)
{
  const char *word = result->found == ROLL_TRUTH_YES  ? _ ("found")
                     : result->found == ROLL_TRUTH_NO ? _ ("not so")
                                                      : _ ("not known");
  g_autofree char *bullet = g_strdup_printf ("%s, %s: ", result->cause->id, word);

  roll_terminal_paragraph (stream, 2, bullet, result->what);
}

void
roll_check_file_print (FILE *stream, GPtrArray *findings)
{
  const RollFinding *finding = find_check (findings);

  if (!finding)
    return;
  g_autofree char *when = roll_terminal_time (finding->at);
  g_autofree char *title = g_strdup_printf (_ ("Check script, given on %s"), when);
  g_autoptr (GPtrArray) results = roll_check_results (finding->detail);
  fputc ('\n', stream);
  roll_terminal_heading (stream, title);
  for (int found = ROLL_TRUTH_YES; found >= ROLL_TRUTH_NO; found--)
    for (guint i = 0; i < results->len; i++)
      if ((int) ((const RollCheckResult *) g_ptr_array_index (results, i))->found == found)
        print_result (stream, g_ptr_array_index (results, i));
}

void
roll_check_file_json (RollJson *json, GPtrArray *findings)
{
  const RollFinding *finding = find_check (findings);
  g_autoptr (GPtrArray) results = roll_check_results (finding ? finding->detail : NULL);

  roll_json_begin_array (json, "check_list");
  for (guint i = 0; i < results->len; i++)
    {
      const RollCheckResult *result = g_ptr_array_index (results, i);

      roll_json_begin_object (json, NULL);
      roll_json_string (json, "cause", result->cause->id);
      if (result->found == ROLL_TRUTH_UNKNOWN)
        roll_json_null (json, "found");
      else
        roll_json_boolean (json, "found", result->found == ROLL_TRUTH_YES);
      roll_json_string (json, "what", result->what);
      roll_json_end_object (json);
    }
  roll_json_end_array (json);
}
