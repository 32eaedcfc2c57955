/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/roll-store-private.h"

static char *
default_path (void)
{
  return g_build_filename (g_get_user_data_dir (), "rollcall", "rollcall.db", NULL);
}

/* SQLite refuses links anywhere in the path; only the last component is ours to be strict about. */
static char *
resolve_folder (const char *path, gboolean create, GError **error)
{
  g_autofree char *absolute = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (absolute);
  g_autofree char *base = g_path_get_basename (absolute);
  char *resolved, *result;

  if (create && g_mkdir_with_parents (folder, 0700) != 0)
    {
      roll_sql_set_error_code (error, path, SQLITE_CANTOPEN, errno, "");
      return NULL;
    }
  resolved = realpath (folder, NULL);
  if (resolved == NULL)
    {
      roll_sql_set_error_code (error, path, SQLITE_CANTOPEN, errno, "");
      return NULL;
    }
  result = g_build_filename (resolved, base, NULL);
  free (resolved);
  return result;
}

gboolean
roll_store_set_not_there (GError **error, const char *path)
{
  g_set_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND,
               _("There is no database “%s” yet. It is made by the first scan."), path);
  return FALSE;
}

/* Results are nobody else's business: a file of ours that others may read is closed to them. */
static gboolean
check_file (const char *path, const struct stat *info, gboolean create, GError **error)
{
  if (S_ISLNK (info->st_mode))
    return roll_sql_set_error_code (error, path, SQLITE_CANTOPEN_SYMLINK, 0, "");
  if (!S_ISREG (info->st_mode))
    {
      g_set_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_A_STORE,
                   S_ISDIR (info->st_mode) ? _("“%s” is a folder. Name a database file in it.")
                                           : _("“%s” is not a regular file. Choose another file."),
                   path);
      return FALSE;
    }
  if (create && (info->st_mode & 077) != 0 && info->st_uid == geteuid ())
    chmod (path, info->st_mode & 0700);
  return TRUE;
}

static gboolean
create_file (const char *path, GError **error)
{
  int fd = open (path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

  if (fd < 0 && errno != EEXIST)
    return roll_sql_set_error_code (error, path, SQLITE_CANTOPEN, errno, "");
  if (fd >= 0)
    close (fd);
  return TRUE;
}

/*
 * An existing database is never opened here: closing any descriptor of a file drops all of the process's
 * POSIX locks on it, SQLite's too. The lock keeps that from happening to a file that is just being made.
 */
char *
roll_store_prepare_file (const char *path, gboolean create, GError **error)
{
  static GMutex creation;
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&creation);
  g_autofree char *chosen = path != NULL ? g_strdup (path) : default_path ();
  g_autofree char *resolved = NULL;
  struct stat info;

  if (!create && access (chosen, F_OK) != 0 && errno == ENOENT)
    {
      roll_store_set_not_there (error, chosen);
      return NULL;
    }
  resolved = resolve_folder (chosen, create, error);
  if (resolved == NULL)
    return NULL;
  if (create && lstat (resolved, &info) != 0 && errno == ENOENT && !create_file (resolved, error))
    return NULL;
  if (lstat (resolved, &info) != 0)
    {
      roll_sql_set_error_code (error, resolved, SQLITE_CANTOPEN, errno, "");
      return NULL;
    }
  return check_file (resolved, &info, create, error) ? g_steal_pointer (&resolved) : NULL;
}
