/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "faulty-vfs.h"

#include <sqlite3.h>

typedef struct
{
  sqlite3_file base;
  sqlite3_file *real; /* right behind */
} FaultyFile;

static sqlite3_vfs *real_vfs;
static gint countdown; /* calls until the failing one; 0 when none will */
static gboolean fails_for_good;
static gint has_failed;

void
faulty_vfs_arm (guint nth, gboolean for_good)
{
  fails_for_good = for_good;
  g_atomic_int_set (&has_failed, 0);
  g_atomic_int_set (&countdown, (gint) nth);
}

void
faulty_vfs_mend (void)
{
  g_atomic_int_set (&countdown, 0);
}

gboolean
faulty_vfs_has_failed (void)
{
  return g_atomic_int_get (&has_failed) != 0;
}

static gboolean
is_due (void)
{
  gint left = g_atomic_int_get (&countdown);

  if (left == 0)
    return FALSE;
  if (left > 1)
    {
      g_atomic_int_set (&countdown, left - 1);
      return FALSE;
    }
  if (!fails_for_good)
    g_atomic_int_set (&countdown, 0);
  g_atomic_int_set (&has_failed, 1);
  return TRUE;
}

static sqlite3_file *
real_of (sqlite3_file *file)
{
  return ((FaultyFile *) file)->real;
}

static int
faulty_close (sqlite3_file *file)
{
  return real_of (file)->pMethods->xClose (real_of (file));
}

static int
faulty_read (sqlite3_file *file, void *bytes, int length, sqlite3_int64 offset)
{
  return is_due () ? SQLITE_IOERR_READ
                   : real_of (file)->pMethods->xRead (real_of (file), bytes, length, offset);
}

/* Half of it arrives, as on a disk that fills up. */
static int
faulty_write (sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset)
{
  if (!is_due ())
    return real_of (file)->pMethods->xWrite (real_of (file), bytes, length, offset);
  real_of (file)->pMethods->xWrite (real_of (file), bytes, length / 2, offset);
  return SQLITE_FULL;
}

static int
faulty_truncate (sqlite3_file *file, sqlite3_int64 size)
{
  return is_due () ? SQLITE_IOERR_TRUNCATE : real_of (file)->pMethods->xTruncate (real_of (file), size);
}

static int
faulty_sync (sqlite3_file *file, int flags)
{
  return is_due () ? SQLITE_IOERR_FSYNC : real_of (file)->pMethods->xSync (real_of (file), flags);
}

static int
faulty_file_size (sqlite3_file *file, sqlite3_int64 *size)
{
  return real_of (file)->pMethods->xFileSize (real_of (file), size);
}

static int
faulty_lock (sqlite3_file *file, int level)
{
  return real_of (file)->pMethods->xLock (real_of (file), level);
}

static int
faulty_unlock (sqlite3_file *file, int level)
{
  return real_of (file)->pMethods->xUnlock (real_of (file), level);
}

static int
faulty_check_reserved_lock (sqlite3_file *file, int *result)
{
  return real_of (file)->pMethods->xCheckReservedLock (real_of (file), result);
}

static int
faulty_file_control (sqlite3_file *file, int operation, void *argument)
{
  return real_of (file)->pMethods->xFileControl (real_of (file), operation, argument);
}

static int
faulty_sector_size (sqlite3_file *file)
{
  return real_of (file)->pMethods->xSectorSize (real_of (file));
}

static int
faulty_device_characteristics (sqlite3_file *file)
{
  return real_of (file)->pMethods->xDeviceCharacteristics (real_of (file));
}

static int
faulty_shm_map (sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
  return real_of (file)->pMethods->xShmMap (real_of (file), page, size, extend, memory);
}

static int
faulty_shm_lock (sqlite3_file *file, int offset, int n, int flags)
{
  return real_of (file)->pMethods->xShmLock (real_of (file), offset, n, flags);
}

static void
faulty_shm_barrier (sqlite3_file *file)
{
  real_of (file)->pMethods->xShmBarrier (real_of (file));
}

static int
faulty_shm_unmap (sqlite3_file *file, int delete)
{
  return real_of (file)->pMethods->xShmUnmap (real_of (file), delete);
}

static const sqlite3_io_methods faulty_methods = {
  .iVersion = 2,
  .xClose = faulty_close,
  .xRead = faulty_read,
  .xWrite = faulty_write,
  .xTruncate = faulty_truncate,
  .xSync = faulty_sync,
  .xFileSize = faulty_file_size,
  .xLock = faulty_lock,
  .xUnlock = faulty_unlock,
  .xCheckReservedLock = faulty_check_reserved_lock,
  .xFileControl = faulty_file_control,
  .xSectorSize = faulty_sector_size,
  .xDeviceCharacteristics = faulty_device_characteristics,
  .xShmMap = faulty_shm_map,
  .xShmLock = faulty_shm_lock,
  .xShmBarrier = faulty_shm_barrier,
  .xShmUnmap = faulty_shm_unmap,
};

static int
faulty_open (sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *ret_flags)
{
  FaultyFile *faulty = (FaultyFile *) file;
  int code;

  file->pMethods = NULL;
  if (is_due ())
    return SQLITE_CANTOPEN;
  faulty->real = (sqlite3_file *) (faulty + 1);
  code = real_vfs->xOpen (real_vfs, name, faulty->real, flags, ret_flags);
  if (code == SQLITE_OK)
    file->pMethods = &faulty_methods;
  return code;
}

void
faulty_vfs_install (void)
{
  static sqlite3_vfs vfs;

  real_vfs = sqlite3_vfs_find (NULL);
  vfs = *real_vfs;
  vfs.zName = "faulty";
  vfs.szOsFile = (int) sizeof (FaultyFile) + real_vfs->szOsFile;
  vfs.pNext = NULL;
  vfs.xOpen = faulty_open;
  g_assert_cmpint (sqlite3_vfs_register (&vfs, 1), ==, SQLITE_OK);
}
