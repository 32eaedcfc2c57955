/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <unistd.h>

#include "store/roll-store-private.h"

/* Computers deleted in one transaction: other writers wait no longer than that takes. */
#define DELETE_CHUNK "500"
#define VACUUM_CHUNK "2000" /* pages */

static gboolean
get_first_ordinal (sqlite3 *db, gint64 id, gint64 *ret_ordinal, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt =
      roll_store_prepare_for_scan (db, "SELECT min(ordinal) FROM computers WHERE scan = ?1", id, error);

  if (stmt == NULL)
    return FALSE;
  if (sqlite3_step (stmt) != SQLITE_ROW)
    return roll_sql_set_error (error, db);
  *ret_ordinal = sqlite3_column_int64 (stmt, 0);
  return TRUE;
}

/* A piece of the scan from its first computer on, children first: faster than cascading. */
static gboolean
delete_chunk (sqlite3 *db, gint64 id, int *ret_n_deleted, GError **error)
{
  static const char *const tables[] = { "directory_facts", "findings", "classes", "steps", "attempts", "computers" };
  gint64 first = 0;

  if (!get_first_ordinal (db, id, &first, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf (
          "DELETE FROM %s WHERE scan = ?1 AND ordinal >= ?2 AND ordinal < ?2 + " DELETE_CHUNK, tables[i]);
      g_autoptr (sqlite3_stmt) stmt = roll_store_prepare_for_scan (db, sql, id, error);

      if (stmt == NULL)
        return FALSE;
      sqlite3_bind_int64 (stmt, 2, first);
      if (!roll_sql_run (stmt, error))
        return FALSE;
      *ret_n_deleted = sqlite3_changes (db);
    }
  return TRUE;
}

/* In pieces: a million computers in one transaction would keep other writers waiting. */
static gboolean
delete_rows (RollStore *self, sqlite3 *db, gint64 id, GError **error)
{
  int changes = 0;

  do
    {
      if (!roll_store_begin_write (self, db, error) ||
          !roll_store_end_write (self, db, delete_chunk (db, id, &changes, error), error))
        return FALSE;
    }
  while (changes > 0);
  return roll_store_change_scan (self, db, "DELETE FROM scans WHERE id = ?1", id, NULL, &changes, error);
}

/* Also what an earlier deletion left behind when the program ended in the middle of it. */
static gboolean
purge_deleted (RollStore *self, sqlite3 *db, GError **error)
{
  gint64 id;

  for (;;)
    {
      if (!roll_sql_get_int (db, "SELECT coalesce(max(id), 0) FROM scans WHERE state = 3", &id, error))
        return FALSE;
      if (id == 0)
        return TRUE;
      if (!delete_rows (self, db, id, error))
        return FALSE;
    }
}

/* Cuts off what deleted rows left free, piece by piece for the same reason. */
static gboolean
give_back_space (RollStore *self, sqlite3 *db, GError **error)
{
  gint64 before = G_MAXINT64, now = 0;

  for (;;)
    {
      if (!roll_sql_get_int (db, "PRAGMA freelist_count", &now, error))
        return FALSE;
      if (now == 0 || now >= before)
        break;
      before = now;
      if (!roll_store_begin_write (self, db, error) ||
          !roll_store_end_write (
              self, db, roll_sql_exec (db, "PRAGMA incremental_vacuum(" VACUUM_CHUNK ")", error), error))
        return FALSE;
    }
  sqlite3_wal_checkpoint_v2 (db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
  return TRUE;
}

/* The claim is needed for the mark only: a scan that is marked can't be begun any more. */
static gboolean
mark_deleted (RollStore *self, sqlite3 *db, gint64 id, GError **error)
{
  int claim, changes = 0;
  gboolean good;

  claim = roll_claim_take (roll_store_get_path (self), id, error);
  if (claim < 0)
    return FALSE;
  good = roll_store_change_scan (self, db, "UPDATE scans SET state = 3 WHERE id = ?1", id, NULL, &changes,
                                 error);
  close (claim);
  return good;
}

gboolean
roll_store_delete_scan (RollStore *self, gint64 id, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);

  return connection.db != NULL && roll_store_check_writable (self, error) &&
         roll_store_check_scan (connection.db, id, error) && mark_deleted (self, connection.db, id, error) &&
         purge_deleted (self, connection.db, error) && give_back_space (self, connection.db, error);
}
