/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-target-list-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SHOWN_MAX 60 /* characters of a wrong entry that are kept */

/* A text on its way into a list. */
typedef struct
{
  RollTargetList *list;
  GPtrArray *problems; /* (nullable) */
  guint line;
  guint n_right;
  guint n_wrong;
} Reading;

static gboolean
fail (GError **error, const char *message)
{
  g_set_error_literal (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_FILE, message);
  return FALSE;
}

char *
roll_target_shorten (const char *text, gsize length)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) MIN (length, 4 * SHOWN_MAX));
  GString *shown = g_string_new (NULL);
  glong n_characters = 0;

  for (const char *at = valid; *at != '\0' && n_characters < SHOWN_MAX; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      n_characters++;
      g_string_append_unichar (shown, g_unichar_isprint (character) ? character : 0xfffd);
    }
  if (length > 4 * SHOWN_MAX || g_utf8_strlen (valid, -1) > SHOWN_MAX)
    g_string_append (shown, "…");
  return g_string_free (shown, FALSE);
}

RollTargetProblem *
roll_target_problem_new (guint line, const char *text, gsize length, const char *reason)
{
  RollTargetProblem *problem = g_new0 (RollTargetProblem, 1);

  problem->line = line;
  problem->text = roll_target_shorten (text, length);
  problem->reason = g_strdup (reason);
  return problem;
}

static void
add_problem (Reading *reading, const char *text, gsize length, const char *reason)
{
  reading->n_wrong++;
  if (reading->problems != NULL)
    g_ptr_array_add (reading->problems, roll_target_problem_new (reading->line, text, length, reason));
}

static gboolean
is_blank (char character)
{
  return character == ' ' || character == '\t';
}

static gsize
length_before_comment (const char *line, gsize length)
{
  for (gsize i = 0; i < length; i++)
    if (line[i] == '#' && (i == 0 || is_blank (line[i - 1])))
      return i;
  return length;
}

/* FALSE: the text as a whole is refused. */
static gboolean
read_line (Reading *reading, const char *line, gsize length, GError **error)
{
  g_autoptr (GError) wrong = NULL;
  RollTargetEntry entry;

  if (length > 0 && line[length - 1] == '\r')
    length--;
  length = length_before_comment (line, length);
  while (length > 0 && is_blank (line[length - 1]))
    length--;
  while (length > 0 && is_blank (line[0]))
    {
      line++;
      length--;
    }
  if (length == 0)
    return TRUE;

  if (roll_target_entry_parse (line, length, ROLL_TARGET_INCLUDE, &entry, &wrong))
    {
      reading->n_right++;
      if (roll_target_list_add_entry (reading->list, &entry, &wrong))
        return TRUE;
      g_propagate_prefixed_error (error, g_steal_pointer (&wrong), _("Line %u: "), reading->line);
      return FALSE;
    }
  add_problem (reading, line, length, wrong->message);
  if (reading->n_wrong <= ROLL_TARGETS_PROBLEMS_MAX)
    return TRUE;
  g_set_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_FILE,
               _("More than %'d lines are wrong: this is not a list of computers."),
               ROLL_TARGETS_PROBLEMS_MAX);
  return FALSE;
}

static gboolean
read_lines (Reading *reading, const char *text, gsize length, GError **error)
{
  const char *end = text + length;

  while (text < end)
    {
      const char *newline = memchr (text, '\n', (gsize) (end - text));
      const char *line_end = newline != NULL ? newline : end;

      reading->line++;
      if (!read_line (reading, text, (gsize) (line_end - text), error))
        return FALSE;
      text = newline != NULL ? newline + 1 : end;
    }
  return TRUE;
}

static guint
line_of (const char *text, const char *place)
{
  guint line = 1;

  for (; text < place; text++)
    line += *text == '\n';
  return line;
}

static gboolean
check_text (const char *text, gsize length, GError **error)
{
  const char *nul = memchr (text, '\0', length);

  if (length > ROLL_TARGETS_FILE_MAX)
    {
      g_set_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_FILE,
                   _("It is larger than %d MB. Split it into several lists."),
                   ROLL_TARGETS_FILE_MAX / (1024 * 1024));
      return FALSE;
    }
  if (nul != NULL)
    {
      g_set_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_FILE,
                   _("It is not a text: there is a NUL byte in line %u. Save the list as plain text."),
                   line_of (text, nul));
      return FALSE;
    }
  return TRUE;
}

/* What Windows calls “Unicode”, as PowerShell writes it. Returns: (nullable): NULL when it is not that */
static char *
from_utf16 (const char *text, gsize length, gsize *ret_length)
{
  if (length < 2 || length > ROLL_TARGETS_FILE_MAX ||
      (memcmp (text, "\xff\xfe", 2) != 0 && memcmp (text, "\xfe\xff", 2) != 0))
    return NULL;
  return g_convert (text, (gssize) length, "UTF-8", "UTF-16", NULL, ret_length, NULL);
}

static gboolean
read_text (Reading *reading, const char *text, gsize length, GError **error)
{
  gsize converted_length = 0;
  g_autofree char *converted = from_utf16 (text, length, &converted_length);
  RollTargetMark mark;

  if (converted != NULL)
    {
      text = converted;
      length = converted_length;
    }
  if (length >= 3 && memcmp (text, "\xef\xbb\xbf", 3) == 0)
    {
      text += 3;
      length -= 3;
    }
  if (!check_text (text, length, error))
    return FALSE;

  roll_target_list_mark (reading->list, &mark);
  if (read_lines (reading, text, length, error))
    return TRUE;
  roll_target_list_return_to (reading->list, &mark);
  return FALSE;
}

gboolean
roll_target_list_add_text (RollTargetList *self, const char *text, gsize length, GPtrArray *problems,
                           GError **error)
{
  Reading reading = { .list = self, .problems = problems };

  g_return_val_if_fail (self != NULL && (text != NULL || length == 0), FALSE);

  return length == 0 || read_text (&reading, text, length, error);
}

static gboolean
fail_errno (GError **error, int number)
{
  g_set_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_FILE,
               /* Translators: %s is the system's own sentence, such as “Permission denied” */
               _("It cannot be read: %s"), g_strerror (number));
  return FALSE;
}

/* One byte more than is allowed, so that too much is noticed. */
static gboolean
read_all (int fd, GByteArray *bytes, GError **error)
{
  guint8 buffer[65536];

  while (bytes->len <= ROLL_TARGETS_FILE_MAX)
    {
      gssize n = read (fd, buffer, sizeof buffer);

      if (n == 0)
        return TRUE;
      if (n > 0)
        g_byte_array_append (bytes, buffer, (guint) n);
      else if (errno != EINTR)
        return fail_errno (error, errno);
    }
  return TRUE;
}

static gboolean
read_fd (int fd, GByteArray *bytes, GError **error)
{
  struct stat status;

  if (fstat (fd, &status) != 0)
    return fail_errno (error, errno);
  if (S_ISDIR (status.st_mode))
    return fail (error, _("It is a folder. Choose a file in it."));
  if (!S_ISREG (status.st_mode) && !S_ISFIFO (status.st_mode) && !S_ISCHR (status.st_mode) &&
      !S_ISSOCK (status.st_mode))
    return fail (error, _("It is not a file. Choose a text file."));
  return read_all (fd, bytes, error);
}

gboolean
roll_target_read_file (const char *path, GByteArray *bytes, GError **error)
{
  int fd, number;
  gboolean done;

  if (strcmp (path, "-") == 0)
    return read_fd (STDIN_FILENO, bytes, error);
  fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NOCTTY, 0);
  number = errno;
  if (fd < 0)
    return number == ENOENT ? fail (error, _("There is no such file.")) : fail_errno (error, number);
  done = read_fd (fd, bytes, error);
  g_close (fd, NULL);
  return done;
}

void
roll_target_prefix_path (GError **error, const char *path)
{
  g_autofree char *name = strcmp (path, "-") == 0 ? g_strdup (_("standard input")) : g_filename_display_name (path);

  /* Translators: the name of a file, before a sentence on what is wrong with it */
  g_prefix_error (error, _("“%s”: "), name);
}

gboolean
roll_target_list_add_file (RollTargetList *self, const char *path, GPtrArray *problems, GError **error)
{
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  Reading reading = { .list = self, .problems = problems };
  gboolean done;

  g_return_val_if_fail (self != NULL && path != NULL, FALSE);

  done = roll_target_read_file (path, bytes, error) &&
         (bytes->len == 0 || read_text (&reading, (const char *) bytes->data, bytes->len, error));
  if (done && reading.n_right + reading.n_wrong == 0)
    done = fail (error, _("There are no targets in it."));
  if (!done)
    roll_target_prefix_path (error, path);
  return done;
}
