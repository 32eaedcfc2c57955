/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-csv.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE 65536
#define MAX_LINKS 40 /* as the kernel follows */

struct _RollCsv
{
  int fd;
  char *path; /* what is written in the end; NULL for standard output */
  char *temporary; /* what is written until then; NULL when written in place */
  gboolean raw;
  int failure; /* errno of the first failure */
  guint column;
  gboolean empty_row; /* so far: nothing in its only cell */
  gsize used;
  char buffer[BUFFER_SIZE];
};

/* --- Opening -------------------------------------------------------------------------------------------- */

static gboolean
set_error (GError **error, const char *path, int code)
{
  gint io_code = (gint) g_io_error_from_errno (code);

  if (path == NULL)
    g_set_error (error, G_IO_ERROR, io_code, _("Standard output could not be written: %s."),
                 g_strerror (code));
  else
    g_set_error (error, G_IO_ERROR, io_code,
                 _("“%s” could not be written: %s. Choose another place or try again."), path,
                 g_strerror (code));
  return FALSE;
}

/* The end of a chain of symbolic links, whether there is a file or not. */
static char *
follow_links (const char *path)
{
  g_autofree char *current = g_strdup (path);

  for (guint i = 0; i < MAX_LINKS; i++)
    {
      g_autofree char *target = g_file_read_link (current, NULL);
      g_autofree char *folder = NULL;

      if (target == NULL)
        break;
      folder = g_path_get_dirname (current);
      g_free (current);
      current = g_canonicalize_filename (target, folder);
    }
  return g_steal_pointer (&current);
}

/* What is there and is no regular file can't be replaced, only written to. */
static gboolean
open_in_place (RollCsv *csv)
{
  csv->fd = open (csv->path, O_WRONLY | O_CLOEXEC);
  return csv->fd >= 0;
}

static gboolean
open_temporary (RollCsv *csv)
{
  g_autofree char *target = follow_links (csv->path);
  g_autofree char *folder = g_path_get_dirname (target);

  if (access (target, F_OK) == 0 && access (target, W_OK) != 0)
    return FALSE;
  g_free (csv->path);
  csv->path = g_steal_pointer (&target);
  csv->temporary = g_build_filename (folder, ".rollcall-XXXXXX.csv", NULL);
  csv->fd = g_mkstemp_full (csv->temporary, O_WRONLY | O_CLOEXEC, 0600);
  if (csv->fd < 0)
    g_clear_pointer (&csv->temporary, g_free);
  return csv->fd >= 0;
}

static gboolean
open_path (RollCsv *csv)
{
  struct stat info;

  if (stat (csv->path, &info) == 0 && S_ISDIR (info.st_mode))
    {
      errno = EISDIR;
      return FALSE;
    }
  if (stat (csv->path, &info) == 0 && !S_ISREG (info.st_mode))
    return open_in_place (csv);
  return open_temporary (csv);
}

static void
csv_free (RollCsv *csv)
{
  g_free (csv->path);
  g_free (csv->temporary);
  g_free (csv);
}

RollCsv *
roll_csv_open (const char *path, gboolean raw, GError **error)
{
  RollCsv *csv;

  g_return_val_if_fail (path != NULL, NULL);

  csv = g_new (RollCsv, 1);
  memset (csv, 0, G_STRUCT_OFFSET (RollCsv, buffer));
  csv->raw = raw;
  csv->fd = STDOUT_FILENO;
  if (g_str_equal (path, "-"))
    return csv;
  csv->path = g_canonicalize_filename (path, NULL);
  if (open_path (csv))
    return csv;
  set_error (error, path, errno);
  csv_free (csv);
  return NULL;
}

/* --- Writing -------------------------------------------------------------------------------------------- */

static gboolean
wait_writable (int fd)
{
  struct pollfd poll_fd = { .fd = fd, .events = POLLOUT };

  return poll (&poll_fd, 1, -1) >= 0 || errno == EINTR;
}

static void
write_out (RollCsv *csv, const char *bytes, gsize length)
{
  while (length > 0 && csv->failure == 0)
    {
      gssize written = write (csv->fd, bytes, length);

      if (written >= 0)
        {
          bytes += written;
          length -= (gsize) written;
        }
      else if (errno != EINTR && (errno != EAGAIN || !wait_writable (csv->fd)))
        csv->failure = errno;
    }
}

static void
flush_buffer (RollCsv *csv)
{
  write_out (csv, csv->buffer, csv->used);
  csv->used = 0;
}

static void
put (RollCsv *csv, const char *bytes, gsize length)
{
  if (length > BUFFER_SIZE - csv->used)
    flush_buffer (csv);
  if (length > BUFFER_SIZE)
    {
      write_out (csv, bytes, length);
      return;
    }
  memcpy (csv->buffer + csv->used, bytes, length);
  csv->used += length;
}

static void
begin_cell (RollCsv *csv, gboolean empty)
{
  if (csv->column++ > 0)
    put (csv, ",", 1);
  csv->empty_row = csv->column == 1 && empty;
}

/* RFC 4180, 2.6 and 2.7: quotes around, those inside doubled. */
static void
put_quoted (RollCsv *csv, const char *text)
{
  const char *quote;

  while ((quote = strchr (text, '"')) != NULL)
    {
      put (csv, text, (gsize) (quote - text) + 1);
      put (csv, "\"", 1);
      text = quote + 1;
    }
  put (csv, text, strlen (text));
}

static gboolean
is_formula (const char *text)
{
  return *text != '\0' && strchr ("=+-@\t\r", *text) != NULL;
}

static void
put_cell (RollCsv *csv, const char *text, gboolean defuse)
{
  gsize plain = strcspn (text, "\",\r\n");
  gboolean quote = text[plain] != '\0';

  begin_cell (csv, *text == '\0');
  if (quote)
    put (csv, "\"", 1);
  if (defuse)
    put (csv, "'", 1);
  if (quote)
    put_quoted (csv, text);
  else
    put (csv, text, plain);
  if (quote)
    put (csv, "\"", 1);
}

void
roll_csv_cell (RollCsv *csv, const char *text)
{
  g_return_if_fail (csv != NULL);

  if (text == NULL)
    text = "";
  put_cell (csv, text, !csv->raw && is_formula (text));
}

void
roll_csv_cell_plain (RollCsv *csv, const char *text)
{
  g_return_if_fail (csv != NULL);
  g_return_if_fail (text != NULL);

  put_cell (csv, text, FALSE);
}

void
roll_csv_cell_number (RollCsv *csv, gint64 number)
{
  guint64 rest = number < 0 ? -(guint64) number : (guint64) number;
  char digits[24];
  gsize first = sizeof digits;

  g_return_if_fail (csv != NULL);

  do
    digits[--first] = (char) ('0' + rest % 10);
  while ((rest /= 10) > 0);
  if (number < 0)
    digits[--first] = '-';
  begin_cell (csv, FALSE);
  put (csv, digits + first, sizeof digits - first);
}

void
roll_csv_end_row (RollCsv *csv)
{
  g_return_if_fail (csv != NULL);

  /* A line with nothing on it would be no row. */
  if (csv->empty_row)
    put (csv, "\"\"", 2);
  put (csv, "\r\n", 2);
  csv->column = 0;
  csv->empty_row = FALSE;
}

gboolean
roll_csv_failed (RollCsv *csv)
{
  g_return_val_if_fail (csv != NULL, TRUE);

  return csv->failure != 0;
}

/* --- Closing -------------------------------------------------------------------------------------------- */

/* The mode only together with the owner: else it would let others read than those it was meant for. */
static void
take_over_owner (RollCsv *csv)
{
  struct stat info;

  if (stat (csv->path, &info) == 0 && fchown (csv->fd, info.st_uid, info.st_gid) == 0)
    fchmod (csv->fd, info.st_mode & 0777);
}

static void
fail_unless (RollCsv *csv, gboolean good)
{
  if (!good && csv->failure == 0)
    csv->failure = errno;
}

/* So that the new name survives a power cut; some file systems can't, which is no failure. */
static void
sync_folder (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  int fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

  if (fd < 0)
    return;
  fsync (fd);
  close (fd);
}

static void
move_into_place (RollCsv *csv)
{
  if (csv->failure == 0)
    fail_unless (csv, g_rename (csv->temporary, csv->path) == 0);
  if (csv->failure == 0)
    sync_folder (csv->path);
  else
    g_unlink (csv->temporary);
}

gboolean
roll_csv_close (RollCsv *csv, GError **error)
{
  gboolean good;

  g_return_val_if_fail (csv != NULL, FALSE);

  flush_buffer (csv);
  if (csv->temporary != NULL)
    {
      take_over_owner (csv);
      if (csv->failure == 0)
        fail_unless (csv, fsync (csv->fd) == 0);
    }
  if (csv->path != NULL)
    fail_unless (csv, close (csv->fd) == 0);
  if (csv->temporary != NULL)
    move_into_place (csv);
  good = csv->failure == 0 || set_error (error, csv->path, csv->failure);
  csv_free (csv);
  return good;
}

void
roll_csv_discard (RollCsv *csv)
{
  if (csv == NULL)
    return;
  if (csv->path != NULL)
    close (csv->fd);
  if (csv->temporary != NULL)
    g_unlink (csv->temporary);
  csv_free (csv);
}
