/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "store/roll-store-private.h"

static int
open_lock_file (const char *store_path, int flags)
{
  g_autofree char *name = g_strconcat (store_path, "-claims", NULL);

  return open (name, flags | O_NOFOLLOW | O_CLOEXEC, 0600);
}

int
roll_claim_open (const char *store_path)
{
  return open_lock_file (store_path, O_RDONLY);
}

/* Locks of open file descriptions, not of processes: two journals of one process keep each other out too. */
static struct flock
lock_of_scan (gint64 scan_id)
{
  return (struct flock) { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = scan_id, .l_len = 1 };
}

gboolean
roll_claim_is_held (int fd, gint64 scan_id)
{
  struct flock lock = lock_of_scan (scan_id);

  return fd >= 0 && fcntl (fd, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

int
roll_claim_take (const char *store_path, gint64 scan_id, GError **error)
{
  struct flock lock = lock_of_scan (scan_id);
  int fd = open_lock_file (store_path, O_RDWR | O_CREAT);

  if (fd >= 0 && fcntl (fd, F_OFD_SETLK, &lock) == 0)
    return fd;
  if (fd >= 0 && (errno == EAGAIN || errno == EACCES))
    g_set_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_BUSY,
                 _("Scan %lld is being run by another window or program. Wait until it ends, or stop it "
                   "there."),
                 (long long) scan_id);
  else
    roll_sql_set_error_code (error, store_path, SQLITE_IOERR, errno, "");
  if (fd >= 0)
    close (fd);
  return -1;
}
