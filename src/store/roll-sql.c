/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/roll-sql.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#include "store/roll-store.h"

static const char *
advice_for_errno (int system_errno)
{
  switch (system_errno)
    {
    case ENOSPC:
      return _("The disk is full. Free some space on it.");
    case EDQUOT:
      return _("Your quota on this disk is used up. Delete something there or ask for more.");
    case EFBIG:
      return _("The file may not grow further: a limit for the size of files is set (see “ulimit -f”).");
    case EROFS:
      return _("The disk is mounted read-only. Mount it for writing or choose another database file.");
    case EACCES:
    case EPERM:
      return _("Permission is missing. Check who owns the file and its folder.");
    case EMFILE:
    case ENFILE:
      return _("Too many files are open. Raise the limit (see “ulimit -n”).");
    default:
      return _("Check the disk and its cable or connection; the system log says more.");
    }
}

static gboolean
set_failed (GError **error, const char *path, const char *what, const char *advice)
{
  /* Translators: the file name, what went wrong, what to do about it */
  g_set_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_FAILED, _("Database “%s”: %s. %s"), path, what,
               advice);
  return FALSE;
}

gboolean
roll_sql_set_damaged (GError **error, const char *path, const char *what)
{
  g_autofree char *text = g_strdup_printf (_("the file is damaged (%s)"), what);

  return set_failed (error, path, text,
                     _("Move it away and put a backup in its place, or start with a new one; "
                       "“sqlite3 FILE .recover” saves what can be read."));
}

static gboolean
set_io_error (GError **error, const char *path, int system_errno)
{
  const char *what = system_errno != 0 ? g_strerror (system_errno) : _("reading or writing failed");

  return set_failed (error, path, what, advice_for_errno (system_errno));
}

gboolean
roll_sql_set_error_code (GError **error, const char *path, int code, int system_errno, const char *message)
{
  switch (code & 0xff)
    {
    case SQLITE_FULL:
      return set_io_error (error, path, ENOSPC);
    case SQLITE_IOERR:
      return set_io_error (error, path, system_errno);
    case SQLITE_CANTOPEN:
      if (code == SQLITE_CANTOPEN_SYMLINK)
        return set_failed (error, path, _("it is a symbolic link"), _("Name the file itself."));
      return set_io_error (error, path, system_errno);
    case SQLITE_READONLY:
    case SQLITE_PERM:
      return set_failed (error, path, _("it can’t be written"),
                         _("Make the file and its folder writable or choose another database file."));
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_PROTOCOL:
      return set_failed (error, path, _("another program is writing to it and does not finish"),
                         _("Close the other program."));
    case SQLITE_NOTADB:
      g_set_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_A_STORE,
                   _("“%s” is not a database of Rollcall. Choose another file."), path);
      return FALSE;
    case SQLITE_NOMEM:
      return set_failed (error, path, _("there is not enough memory"), _("Close other programs."));
    default:
      return roll_sql_set_damaged (error, path, message);
    }
}

static int
errno_of_file (sqlite3 *db, int which)
{
  sqlite3_file *file = NULL;
  int last = 0;

  sqlite3_file_control (db, "main", which, &file);
  if (file != NULL && file->pMethods != NULL)
    file->pMethods->xFileControl (file, SQLITE_FCNTL_LAST_ERRNO, &last);
  return last;
}

/* When a commit has failed, SQLite has rolled back and its own errno says nothing; the files remember. */
static int
find_errno (sqlite3 *db)
{
  int last;

  if ((sqlite3_extended_errcode (db) & 0xff) != SQLITE_IOERR)
    return sqlite3_system_errno (db);
  last = errno_of_file (db, SQLITE_FCNTL_JOURNAL_POINTER);
  if (last == 0)
    last = errno_of_file (db, SQLITE_FCNTL_FILE_POINTER);
  return last != 0 ? last : sqlite3_system_errno (db);
}

gboolean
roll_sql_set_error (GError **error, sqlite3 *db)
{
  const char *path = sqlite3_db_filename (db, "main");

  return roll_sql_set_error_code (error, path != NULL ? path : "", sqlite3_extended_errcode (db),
                                  find_errno (db), sqlite3_errmsg (db));
}

gboolean
roll_sql_exec (sqlite3 *db, const char *sql, GError **error)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    return roll_sql_set_error (error, db);
  return TRUE;
}

sqlite3_stmt *
roll_sql_prepare (sqlite3 *db, const char *sql, GError **error)
{
  sqlite3_stmt *stmt = NULL;

  if (sqlite3_prepare_v2 (db, sql, -1, &stmt, NULL) != SQLITE_OK)
    roll_sql_set_error (error, db);
  return stmt;
}

gboolean
roll_sql_run (sqlite3_stmt *stmt, GError **error)
{
  int code;

  do
    code = sqlite3_step (stmt);
  while (code == SQLITE_ROW);
  if (code != SQLITE_DONE)
    roll_sql_set_error (error, sqlite3_db_handle (stmt));
  sqlite3_reset (stmt);
  return code == SQLITE_DONE;
}

gboolean
roll_sql_next (sqlite3_stmt *stmt, GError **error)
{
  int code = sqlite3_step (stmt);

  if (code != SQLITE_ROW && code != SQLITE_DONE)
    roll_sql_set_error (error, sqlite3_db_handle (stmt));
  return code == SQLITE_ROW;
}

gboolean
roll_sql_get_int (sqlite3 *db, const char *sql, gint64 *ret_value, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = roll_sql_prepare (db, sql, error);

  if (stmt == NULL)
    return FALSE;
  if (sqlite3_step (stmt) != SQLITE_ROW)
    return roll_sql_set_error (error, db);
  *ret_value = sqlite3_column_int64 (stmt, 0);
  return TRUE;
}

gboolean
roll_sql_begin (sqlite3 *db, GError **error)
{
  return roll_sql_exec (db, "BEGIN IMMEDIATE", error);
}

gboolean
roll_sql_commit (sqlite3 *db, GError **error)
{
  return roll_sql_exec (db, "COMMIT", error);
}

void
roll_sql_rollback (sqlite3 *db)
{
  /* SQLite ends the transaction by itself on some errors. */
  if (!sqlite3_get_autocommit (db))
    sqlite3_exec (db, "ROLLBACK", NULL, NULL, NULL);
}

void
roll_sql_bind_text (sqlite3_stmt *stmt, int index, const char *text)
{
  gsize length;

  if (text == NULL)
    {
      sqlite3_bind_null (stmt, index);
      return;
    }
  length = strlen (text);
  if (g_utf8_validate (text, (gssize) length, NULL))
    sqlite3_bind_text64 (stmt, index, text, length, SQLITE_STATIC, SQLITE_UTF8);
  else
    sqlite3_bind_text (stmt, index, g_utf8_make_valid (text, (gssize) length), -1, g_free);
}

/* 4 bytes, 16 bytes, or 20 with the scope. */
void
roll_sql_bind_address (sqlite3_stmt *stmt, int index, const RollAddress *address, guint8 buffer[20])
{
  guint32 scope = GUINT32_TO_BE (address->scope_id);

  memcpy (buffer, address->bytes, sizeof address->bytes);
  memcpy (buffer + sizeof address->bytes, &scope, sizeof scope);
  if (address->family == AF_INET)
    sqlite3_bind_blob (stmt, index, buffer, 4, SQLITE_STATIC);
  else if (address->family == AF_INET6)
    sqlite3_bind_blob (stmt, index, buffer, address->scope_id != 0 ? 20 : 16, SQLITE_STATIC);
  else
    sqlite3_bind_null (stmt, index);
}

char *
roll_sql_dup_text (sqlite3_stmt *stmt, int column)
{
  const char *text = (const char *) sqlite3_column_text (stmt, column);

  if (text == NULL)
    return NULL;
  return g_utf8_validate (text, -1, NULL) ? g_strdup (text) : g_utf8_make_valid (text, -1);
}

gboolean
roll_sql_get_address (sqlite3_stmt *stmt, int column, RollAddress *ret_address)
{
  const guint8 *bytes = sqlite3_column_blob (stmt, column);
  int length = sqlite3_column_bytes (stmt, column);
  RollAddress address = { 0 };

  if (length != 0 && (bytes == NULL || (length != 4 && length != 16 && length != 20)))
    return FALSE;
  address.family = length == 0 ? AF_UNSPEC : length == 4 ? AF_INET : AF_INET6;
  if (length != 0)
    memcpy (address.bytes, bytes, MIN (length, 16));
  if (length == 20)
    {
      memcpy (&address.scope_id, bytes + 16, sizeof address.scope_id);
      address.scope_id = GUINT32_FROM_BE (address.scope_id);
    }
  *ret_address = address;
  return TRUE;
}
