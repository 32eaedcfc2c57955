/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/roll-schema.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "store/roll-sql.h"
#include "store/roll-store.h"

#define MAX_BACKUPS 1000

/*
 * Keys are composite and the tables are their own index: rows of a computer lie together and in target order,
 * which is the order they are read in; they are written at some dozens of places of it at a time. Numbers of statuses,
 * steps and error spaces are those of src/status. Times are microseconds since the epoch; a step's is counted from the
 * start of its attempt.
 */
static const char schema_1[] =
    "CREATE TABLE scans ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  name TEXT NOT NULL,"
    "  state INTEGER NOT NULL," /* RollScanState, or 3: being deleted */
    "  practice INTEGER NOT NULL,"
    "  probe_only INTEGER NOT NULL,"
    "  created_at INTEGER NOT NULL,"
    "  started_at INTEGER NOT NULL DEFAULT 0,"
    "  finished_at INTEGER NOT NULL DEFAULT 0,"
    "  targets INTEGER NOT NULL,"
    "  options TEXT"
    ") STRICT;"
    "CREATE TABLE scan_entries ("
    "  scan INTEGER NOT NULL REFERENCES scans ON DELETE CASCADE,"
    "  excluded INTEGER NOT NULL,"
    "  position INTEGER NOT NULL,"
    "  entry TEXT NOT NULL,"
    "  PRIMARY KEY (scan, excluded, position)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE computers ("
    "  scan INTEGER NOT NULL REFERENCES scans ON DELETE CASCADE,"
    "  ordinal INTEGER NOT NULL,"
    "  target TEXT NOT NULL,"
    "  address BLOB," /* 4 bytes, 16, or 20 with a scope; network order */
    "  status INTEGER NOT NULL,"
    "  step INTEGER NOT NULL,"
    "  said_by INTEGER NOT NULL,"
    "  error_space INTEGER NOT NULL,"
    "  error_number INTEGER NOT NULL,"
    "  attempts INTEGER NOT NULL,"
    "  started_at INTEGER NOT NULL,"
    "  duration_us INTEGER NOT NULL,"
    "  PRIMARY KEY (scan, ordinal)"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE attempts ("
    "  scan INTEGER NOT NULL,"
    "  ordinal INTEGER NOT NULL,"
    "  number INTEGER NOT NULL,"
    "  status INTEGER NOT NULL,"
    "  started_at INTEGER NOT NULL,"
    "  duration_us INTEGER NOT NULL,"
    "  PRIMARY KEY (scan, ordinal, number),"
    "  FOREIGN KEY (scan, ordinal) REFERENCES computers ON DELETE CASCADE"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE steps ("
    "  scan INTEGER NOT NULL,"
    "  ordinal INTEGER NOT NULL,"
    "  attempt INTEGER NOT NULL,"
    "  position INTEGER NOT NULL,"
    "  step INTEGER NOT NULL,"
    "  said_by INTEGER NOT NULL,"
    "  offset_us INTEGER NOT NULL,"
    "  duration_us INTEGER NOT NULL,"
    "  error_space INTEGER NOT NULL,"
    "  error_number INTEGER NOT NULL,"
    "  peer TEXT,"
    "  detail TEXT,"
    "  PRIMARY KEY (scan, ordinal, attempt, position),"
    "  FOREIGN KEY (scan, ordinal, attempt) REFERENCES attempts ON DELETE CASCADE"
    ") STRICT, WITHOUT ROWID;"
    "CREATE TABLE events ("
    "  id INTEGER PRIMARY KEY,"
    "  scan INTEGER NOT NULL REFERENCES scans ON DELETE CASCADE,"
    "  at INTEGER NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  detail TEXT"
    ") STRICT;"
    "CREATE INDEX events_of_scan ON events (scan);"
    /* How many computers have which status, kept by the writer: a breakdown costs the same at any size. */
    "CREATE TABLE tallies ("
    "  scan INTEGER NOT NULL REFERENCES scans ON DELETE CASCADE,"
    "  status INTEGER NOT NULL,"
    "  count INTEGER NOT NULL,"
    "  PRIMARY KEY (scan, status)"
    ") STRICT, WITHOUT ROWID;";

/*
 * What was collected. Of each computer and collector the best result is kept: a row stays where it was first put,
 * so ids tell the order in which collectors were first asked. It belongs to the computer, not to the attempt: that
 * may be made again, but what it collected is not asked again. A table with ids, as rows may be long.
 */
static const char schema_2[] =
    "ALTER TABLE computers ADD COLUMN credential TEXT;"
    "ALTER TABLE computers ADD COLUMN classes_collected INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE computers ADD COLUMN classes_planned INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE computers ADD COLUMN computer_name TEXT;"
    "ALTER TABLE computers ADD COLUMN domain TEXT;"
    "ALTER TABLE computers ADD COLUMN os TEXT;"
    "ALTER TABLE computers ADD COLUMN os_version TEXT;"
    "ALTER TABLE computers ADD COLUMN os_build TEXT;"
    "ALTER TABLE computers ADD COLUMN manufacturer TEXT;"
    "ALTER TABLE computers ADD COLUMN model TEXT;"
    "ALTER TABLE computers ADD COLUMN serial_number TEXT;"
    "ALTER TABLE computers ADD COLUMN processors INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE computers ADD COLUMN cores INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE computers ADD COLUMN memory_bytes INTEGER NOT NULL DEFAULT 0;" /* of 64 bits, without a sign */
    "CREATE TABLE classes ("
    "  id INTEGER PRIMARY KEY,"
    "  scan INTEGER NOT NULL,"
    "  ordinal INTEGER NOT NULL,"
    "  collector TEXT NOT NULL,"
    "  attempt INTEGER NOT NULL,"
    "  outcome INTEGER NOT NULL," /* RollClassOutcome */
    "  step INTEGER NOT NULL,"
    "  said_by INTEGER NOT NULL,"
    "  error_space INTEGER NOT NULL,"
    "  error_number INTEGER NOT NULL,"
    "  started_at INTEGER NOT NULL,"
    "  duration_us INTEGER NOT NULL,"
    "  n_rows INTEGER NOT NULL,"
    "  rows BLOB," /* RollRowSet */
    "  UNIQUE (scan, ordinal, collector),"
    "  FOREIGN KEY (scan, ordinal) REFERENCES computers ON DELETE CASCADE"
    ") STRICT;";

/* What was found out about a computer beside its attempts; each kind once, the latest stands. */
static const char schema_3[] =
    "CREATE TABLE findings ("
    "  scan INTEGER NOT NULL,"
    "  ordinal INTEGER NOT NULL,"
    "  kind TEXT NOT NULL,"
    "  at INTEGER NOT NULL,"
    "  detail TEXT,"
    "  PRIMARY KEY (scan, ordinal, kind),"
    "  FOREIGN KEY (scan, ordinal) REFERENCES computers ON DELETE CASCADE"
    ") STRICT, WITHOUT ROWID;";

/*
 * Computers that were tested again: what each earlier test found, see roll-store-rounds.c. What was collected then stays
 * until it is collected again.
 */
static const char schema_4[] =
    "ALTER TABLE computers ADD COLUMN round INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE classes ADD COLUMN earlier INTEGER NOT NULL DEFAULT 0;"
    "CREATE TABLE rounds ("
    "  scan INTEGER NOT NULL,"
    "  ordinal INTEGER NOT NULL,"
    "  round INTEGER NOT NULL,"
    "  address BLOB,"
    "  status INTEGER NOT NULL,"
    "  step INTEGER NOT NULL,"
    "  said_by INTEGER NOT NULL,"
    "  error_space INTEGER NOT NULL,"
    "  error_number INTEGER NOT NULL,"
    "  attempts INTEGER NOT NULL,"
    "  started_at INTEGER NOT NULL,"
    "  duration_us INTEGER NOT NULL,"
    "  credential TEXT,"
    "  classes_collected INTEGER NOT NULL,"
    "  classes_planned INTEGER NOT NULL,"
    "  PRIMARY KEY (scan, ordinal, round),"
    "  FOREIGN KEY (scan, ordinal) REFERENCES computers ON DELETE CASCADE"
    ") STRICT, WITHOUT ROWID;";

/*
 * What Active Directory told of the targets that it gave, whether they have been asked yet or not. A scan of other targets
 * has no rows here.
 */
static const char schema_5[] =
    "CREATE TABLE directory_facts ("
    "  scan INTEGER NOT NULL REFERENCES scans ON DELETE CASCADE,"
    "  ordinal INTEGER NOT NULL,"
    "  ou TEXT,"
    "  last_logon INTEGER,"
    "  system TEXT,"
    "  enabled INTEGER,"
    "  PRIMARY KEY (scan, ordinal)"
    ") STRICT, WITHOUT ROWID;";

static const RollMigration all_migrations[] = {
  { 1, schema_1 },
  { 2, schema_2 },
  { 3, schema_3 },
  { 4, schema_4 },
  { 5, schema_5 },
};

const RollMigration *
roll_schema_migrations (guint *ret_count)
{
  *ret_count = G_N_ELEMENTS (all_migrations);
  return all_migrations;
}

static gboolean
set_foreign (GError **error, const char *path)
{
  g_set_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_A_STORE,
               _("“%s” is not a database of Rollcall. Choose another file."), path);
  return FALSE;
}

gboolean
roll_schema_check (sqlite3 *db, int newest, int *ret_version, GError **error)
{
  const char *path = sqlite3_db_filename (db, "main");
  gint64 application_id, version, n_objects;

  if (!roll_sql_get_int (db, "PRAGMA application_id", &application_id, error) ||
      !roll_sql_get_int (db, "PRAGMA user_version", &version, error) ||
      !roll_sql_get_int (db, "SELECT count(*) FROM sqlite_master", &n_objects, error))
    return FALSE;

  /* A file that was just made, or whose making was cut short, is empty and ours to fill. */
  if (application_id != ROLL_SCHEMA_APPLICATION_ID && (application_id != 0 || version != 0 || n_objects != 0))
    return set_foreign (error, path);
  if (version > newest)
    {
      g_set_error (
          error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NEWER,
          _("Database “%s” was written by a newer version of Rollcall (format %d, this version knows "
            "formats up to %d). Update Rollcall or choose another database file."),
          path, (int) version, newest);
      return FALSE;
    }
  if (version < 0)
    return roll_sql_set_damaged (error, path, "user_version");
  *ret_version = (int) version;
  return TRUE;
}

/* An empty file under a name that was free, for SQLite to fill: so it gets its mode before its content. */
static char *
make_backup_file (const char *path, int version, int *ret_fd)
{
  for (guint i = 1; i <= MAX_BACKUPS; i++)
    {
      g_autofree char *name = i == 1 ? g_strdup_printf ("%s.version-%d.backup", path, version)
                                     : g_strdup_printf ("%s.version-%d.backup-%u", path, version, i);

      *ret_fd = open (name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
      if (*ret_fd >= 0)
        return g_steal_pointer (&name);
      if (errno != EEXIST)
        break;
    }
  return NULL;
}

static gboolean
copy_into (sqlite3 *db, const char *name, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = roll_sql_prepare (db, "VACUUM INTO ?", error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_text (stmt, 1, name, -1, SQLITE_STATIC);
  return roll_sql_run (stmt, error);
}

static gboolean
back_up (sqlite3 *db, int version, GError **error)
{
  const char *path = sqlite3_db_filename (db, "main");
  g_autofree char *name = NULL;
  gboolean good;
  int fd = -1;

  name = make_backup_file (path, version, &fd);
  if (name == NULL)
    good = roll_sql_set_error_code (error, path, SQLITE_IOERR, errno, "");
  else
    good = copy_into (db, name, error);
  if (good && fsync (fd) != 0)
    good = roll_sql_set_error_code (error, name, SQLITE_IOERR, errno, "");
  if (fd >= 0)
    close (fd);
  if (!good)
    g_prefix_error (error, "%s ", _("No backup could be made before the update of the database."));
  if (!good && name != NULL)
    unlink (name);
  return good;
}

/* The version is read again inside the transaction: another process may have been faster. */
static gboolean
apply_locked (sqlite3 *db, const RollMigration *migration, GError **error)
{
  g_autofree char *stamp = NULL;
  gint64 version;

  if (!roll_sql_get_int (db, "PRAGMA user_version", &version, error))
    return FALSE;
  if (version >= migration->version)
    return TRUE;
  stamp = g_strdup_printf ("PRAGMA application_id = %d; PRAGMA user_version = %d", ROLL_SCHEMA_APPLICATION_ID,
                           migration->version);
  return roll_sql_exec (db, migration->sql, error) && roll_sql_exec (db, stamp, error);
}

/* At once: who opens the file meanwhile finds no version in between, which would have to be backed up and brought up. */
static gboolean
apply (sqlite3 *db, const RollMigration *migrations, guint n_migrations, GError **error)
{
  gboolean good = roll_sql_begin (db, error);

  for (guint i = 0; good && i < n_migrations; i++)
    good = apply_locked (db, &migrations[i], error);
  if (good && roll_sql_commit (db, error))
    return TRUE;
  roll_sql_rollback (db);
  return FALSE;
}

gboolean
roll_schema_migrate (sqlite3 *db, const RollMigration *migrations, guint n_migrations, GError **error)
{
  int newest, version = 0;
  gint64 n_objects;

  g_return_val_if_fail (n_migrations > 0, FALSE);

  newest = migrations[n_migrations - 1].version;
  if (!roll_schema_check (db, newest, &version, error) ||
      !roll_sql_get_int (db, "SELECT count(*) FROM sqlite_master", &n_objects, error))
    return FALSE;
  if (version == newest)
    return TRUE;
  if (n_objects > 0 && !back_up (db, version, error))
    return FALSE;
  return apply (db, migrations, n_migrations, error);
}
