/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-output-file.h"

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

struct _RollOutputFile
{
  int fd;
  char *path;      /* what is written in the end; NULL for standard output */
  char *temporary; /* what is written until then; NULL when written in place */
  int failure;     /* errno of the first failure */
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
open_in_place (RollOutputFile *file)
{
  file->fd = open (file->path, O_WRONLY | O_CLOEXEC);
  return file->fd >= 0;
}

static gboolean
open_temporary (RollOutputFile *file)
{
  g_autofree char *target = follow_links (file->path);
  g_autofree char *folder = g_path_get_dirname (target);

  if (access (target, F_OK) == 0 && access (target, W_OK) != 0)
    return FALSE;
  g_free (file->path);
  file->path = g_steal_pointer (&target);
  file->temporary = g_build_filename (folder, ".rollcall-XXXXXX", NULL);
  file->fd = g_mkstemp_full (file->temporary, O_WRONLY | O_CLOEXEC, 0600);
  if (file->fd < 0)
    g_clear_pointer (&file->temporary, g_free);
  return file->fd >= 0;
}

static gboolean
open_path (RollOutputFile *file)
{
  struct stat info;

  if (stat (file->path, &info) == 0 && S_ISDIR (info.st_mode))
    {
      errno = EISDIR;
      return FALSE;
    }
  if (stat (file->path, &info) == 0 && !S_ISREG (info.st_mode))
    return open_in_place (file);
  return open_temporary (file);
}

static void
file_free (RollOutputFile *file)
{
  g_free (file->path);
  g_free (file->temporary);
  g_free (file);
}

RollOutputFile *
roll_output_file_open (const char *path, GError **error)
{
  RollOutputFile *file;

  g_return_val_if_fail (path != NULL, NULL);

  file = g_new (RollOutputFile, 1);
  memset (file, 0, G_STRUCT_OFFSET (RollOutputFile, buffer));
  file->fd = STDOUT_FILENO;
  if (g_str_equal (path, "-"))
    return file;
  file->path = g_canonicalize_filename (path, NULL);
  if (open_path (file))
    return file;
  set_error (error, path, errno);
  file_free (file);
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
write_out (RollOutputFile *file, const char *bytes, gsize length)
{
  while (length > 0 && file->failure == 0)
    {
      gssize written = write (file->fd, bytes, length);

      if (written >= 0)
        {
          bytes += written;
          length -= (gsize) written;
        }
      else if (errno != EINTR && (errno != EAGAIN || !wait_writable (file->fd)))
        file->failure = errno;
    }
}

static void
flush_buffer (RollOutputFile *file)
{
  write_out (file, file->buffer, file->used);
  file->used = 0;
}

void
roll_output_file_put (RollOutputFile *file, const char *bytes, gsize length)
{
  g_return_if_fail (file != NULL);

  if (length > BUFFER_SIZE - file->used)
    flush_buffer (file);
  if (length > BUFFER_SIZE)
    {
      write_out (file, bytes, length);
      return;
    }
  memcpy (file->buffer + file->used, bytes, length);
  file->used += length;
}

void
roll_output_file_puts (RollOutputFile *file, const char *text)
{
  roll_output_file_put (file, text, strlen (text));
}

gboolean
roll_output_file_failed (RollOutputFile *file)
{
  g_return_val_if_fail (file != NULL, TRUE);

  return file->failure != 0;
}

/* --- Closing -------------------------------------------------------------------------------------------- */

/* The mode only together with the owner: else it would let others read than those it was meant for. */
static void
take_over_owner (RollOutputFile *file)
{
  struct stat info;

  if (stat (file->path, &info) == 0 && fchown (file->fd, info.st_uid, info.st_gid) == 0)
    fchmod (file->fd, info.st_mode & 0777);
}

static void
fail_unless (RollOutputFile *file, gboolean good)
{
  if (!good && file->failure == 0)
    file->failure = errno;
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
move_into_place (RollOutputFile *file)
{
  if (file->failure == 0)
    fail_unless (file, g_rename (file->temporary, file->path) == 0);
  if (file->failure == 0)
    sync_folder (file->path);
  else
    g_unlink (file->temporary);
}

gboolean
roll_output_file_close (RollOutputFile *file, GError **error)
{
  gboolean good;

  g_return_val_if_fail (file != NULL, FALSE);

  flush_buffer (file);
  if (file->temporary != NULL)
    {
      take_over_owner (file);
      if (file->failure == 0)
        fail_unless (file, fsync (file->fd) == 0);
    }
  if (file->path != NULL)
    fail_unless (file, close (file->fd) == 0);
  if (file->temporary != NULL)
    move_into_place (file);
  good = file->failure == 0 || set_error (error, file->path, file->failure);
  file_free (file);
  return good;
}

void
roll_output_file_discard (RollOutputFile *file)
{
  if (file == NULL)
    return;
  if (file->path != NULL)
    close (file->fd);
  if (file->temporary != NULL)
    g_unlink (file->temporary);
  file_free (file);
}
