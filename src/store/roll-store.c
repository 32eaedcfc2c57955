/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/roll-store.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/roll-schema.h"
#include "store/roll-store-private.h"

#define MAX_IDLE_CONNECTIONS 4
#define WAL_SIZE_LIMIT "67108864" /* bytes it is cut back to after a long reader let it grow */

struct _RollStore
{
  GObject parent_instance;
  char *path;
  gboolean read_only;
  gboolean immutable; /* on a read-only disk, where SQLite can make no shared memory file */
  GMutex idle_lock;
  GQueue idle; /* (element-type sqlite3) */
  GMutex write_lock;
};

G_DEFINE_FINAL_TYPE (RollStore, roll_store, G_TYPE_OBJECT)

G_DEFINE_QUARK (roll-store-error-quark, roll_store_error)

static void
roll_store_finalize (GObject *object)
{
  RollStore *self = ROLL_STORE (object);
  sqlite3 *db;

  while ((db = g_queue_pop_head (&self->idle)) != NULL)
    sqlite3_close (db);
  g_mutex_clear (&self->idle_lock);
  g_mutex_clear (&self->write_lock);
  g_free (self->path);
  G_OBJECT_CLASS (roll_store_parent_class)->finalize (object);
}

static void
roll_store_class_init (RollStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = roll_store_finalize;
}

static void
roll_store_init (RollStore *self)
{
  g_mutex_init (&self->idle_lock);
  g_mutex_init (&self->write_lock);
}

/* The file may come from anywhere: what is written in its schema gets no power. */
static gboolean
configure (RollStore *self, sqlite3 *db, GError **error)
{
  sqlite3_extended_result_codes (db, 1);
  sqlite3_busy_timeout (db, ROLL_SQL_BUSY_TIMEOUT);
  sqlite3_db_config (db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
  sqlite3_db_config (db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
  return roll_sql_exec (db,
                        "PRAGMA trusted_schema = OFF;"
                        "PRAGMA cell_size_check = ON;"
                        "PRAGMA foreign_keys = ON;"
                        "PRAGMA synchronous = FULL;"
                        "PRAGMA journal_size_limit = " WAL_SIZE_LIMIT,
                        error);
}

static char *
open_name (RollStore *self)
{
  g_autofree char *uri = NULL;

  if (!self->immutable)
    return g_strdup (self->path);
  uri = g_filename_to_uri (self->path, NULL, NULL);
  return g_strconcat (uri, "?immutable=1", NULL);
}

/*
 * Checked first: a read-only file opens well and fails at the first write, in the middle of a scan, or at the first
 * look for a journal that can't be made, with a reason that leads astray.
 */
static gboolean
check_file_writable (RollStore *self, sqlite3 *db, GError **error)
{
  if (self->read_only || sqlite3_db_readonly (db, "main") != 1)
    return TRUE;
  if (access (self->path, W_OK) != 0 && errno == EROFS)
    return roll_sql_set_error_code (error, self->path, SQLITE_CANTOPEN, EROFS, "");
  return roll_sql_set_error_code (error, self->path, SQLITE_READONLY, 0, "");
}

static sqlite3 *
open_connection (RollStore *self, GError **error)
{
  g_autoptr (sqlite3) db = NULL;
  g_autofree char *name = open_name (self);
  int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE |
              (self->read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
              (self->immutable ? SQLITE_OPEN_URI : 0);
  int code = sqlite3_open_v2 (name, &db, flags, NULL);

  if (code != SQLITE_OK)
    {
      roll_sql_set_error_code (error, self->path, code, db != NULL ? sqlite3_system_errno (db) : 0,
                               sqlite3_errstr (code));
      return NULL;
    }
  return check_file_writable (self, db, error) && configure (self, db, error) ? g_steal_pointer (&db) : NULL;
}

RollConnection
roll_store_connect (RollStore *self, GError **error)
{
  sqlite3 *db;

  g_mutex_lock (&self->idle_lock);
  db = g_queue_pop_head (&self->idle);
  g_mutex_unlock (&self->idle_lock);
  return (RollConnection) { self, db != NULL ? db : open_connection (self, error) };
}

void
roll_connection_clear (RollConnection *connection)
{
  RollStore *self = connection->store;
  sqlite3 *db = g_steal_pointer (&connection->db);

  if (db == NULL)
    return;
  roll_sql_rollback (db); /* a reader's transaction */
  g_mutex_lock (&self->idle_lock);
  if (self->idle.length < MAX_IDLE_CONNECTIONS)
    g_queue_push_head (&self->idle, g_steal_pointer (&db));
  g_mutex_unlock (&self->idle_lock);
  if (db != NULL)
    sqlite3_close (db);
}

gboolean
roll_store_check_writable (RollStore *self, GError **error)
{
  return self->read_only ? roll_sql_set_error_code (error, self->path, SQLITE_READONLY, 0, "") : TRUE;
}

static gboolean
switch_to_wal (sqlite3 *db, GError **error)
{
  const char *path = sqlite3_db_filename (db, "main");
  g_autoptr (sqlite3_stmt) stmt = roll_sql_prepare (db, "PRAGMA journal_mode = WAL", error);

  if (stmt == NULL)
    return FALSE;
  if (sqlite3_step (stmt) != SQLITE_ROW)
    return roll_sql_set_error (error, db);
  if (g_strcmp0 ((const char *) sqlite3_column_text (stmt, 0), "wal") == 0)
    return TRUE;
  g_set_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_FAILED,
               _("Database “%s”: its file system can’t hold a database that is read while it is written. "
                 "Choose a file on a local disk."),
               path);
  return FALSE;
}

static gboolean
check_current (sqlite3 *db, int version, int newest, GError **error)
{
  gint64 n_objects;

  if (version == newest)
    return TRUE;
  if (!roll_sql_get_int (db, "SELECT count(*) FROM sqlite_master", &n_objects, error))
    return FALSE;
  if (version == 0 && n_objects == 0)
    return roll_store_set_not_there (error, sqlite3_db_filename (db, "main"));
  g_set_error (
      error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_OLDER,
      _("Database “%s” was written by an older version of Rollcall and is not opened for writing now. "
        "Start a scan or open the window once, which updates it."),
      sqlite3_db_filename (db, "main"));
  return FALSE;
}

static gboolean
check_schema (RollStore *self, sqlite3 *db, GError **error)
{
  guint n_migrations;
  const RollMigration *migrations = roll_schema_migrations (&n_migrations);
  int newest = migrations[n_migrations - 1].version;
  int version;

  if (!roll_schema_check (db, newest, &version, error))
    return FALSE;
  if (self->read_only)
    return check_current (db, version, newest, error);
  /* Counts only before the first table is made: what is deleted later can then be given back to the disk. */
  return roll_sql_exec (db, "PRAGMA auto_vacuum = INCREMENTAL", error) && switch_to_wal (db, error) &&
         roll_schema_migrate (db, migrations, n_migrations, error);
}

static gboolean
has_file (RollStore *self, const char *suffix)
{
  g_autofree char *path = g_strconcat (self->path, suffix, NULL);

  return access (path, F_OK) == 0;
}

/*
 * With no journal left behind, a file on a read-only disk is read as it stands. What is committed may be in the
 * journal alone, and that is read only with an index beside it.
 */
static gboolean
check_journal (RollStore *self, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  if (!self->read_only || access (folder, W_OK) == 0)
    return TRUE;
  self->immutable = !has_file (self, "-wal");
  if (self->immutable || has_file (self, "-shm"))
    return TRUE;
  g_set_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_FAILED,
               _("Database “%s” was not closed properly, and nothing can be written in its folder. Copy it and the file "
                 "“%s-wal” to a folder of yours and name the copy."),
               self->path, self->path);
  return FALSE;
}

static gboolean
open_first (RollStore *self, GError **error)
{
  g_auto (RollConnection) connection = { self, NULL };

  if (!check_journal (self, error))
    return FALSE;
  connection.db = open_connection (self, error);
  return connection.db != NULL && check_schema (self, connection.db, error);
}

RollStore *
roll_store_open (const char *path, gboolean read_only, GError **error)
{
  g_autoptr (RollStore) self = g_object_new (ROLL_TYPE_STORE, NULL);

  self->read_only = read_only;
  self->path = roll_store_prepare_file (path, !read_only, error);
  if (self->path == NULL || !open_first (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

const char *
roll_store_get_path (RollStore *self)
{
  g_return_val_if_fail (ROLL_IS_STORE (self), NULL);

  return self->path;
}

gboolean
roll_store_check_output (RollStore *self, const char *path, GError **error)
{
  struct stat output, database;

  g_return_val_if_fail (ROLL_IS_STORE (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  if (stat (path, &output) != 0 || stat (self->path, &database) != 0 || output.st_dev != database.st_dev ||
      output.st_ino != database.st_ino)
    return TRUE;
  g_set_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_FAILED,
               _("“%s” is the database with all scans, which would be lost. Choose another file."), path);
  return FALSE;
}

gboolean
roll_store_begin_write (RollStore *self, sqlite3 *db, GError **error)
{
  g_mutex_lock (&self->write_lock);
  if (roll_sql_begin (db, error))
    return TRUE;
  g_mutex_unlock (&self->write_lock);
  return FALSE;
}

gboolean
roll_store_end_write (RollStore *self, sqlite3 *db, gboolean good, GError **error)
{
  if (good)
    good = roll_sql_commit (db, error);
  if (!good)
    roll_sql_rollback (db);
  g_mutex_unlock (&self->write_lock);
  return good;
}
