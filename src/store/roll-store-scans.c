/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "status/roll-status.h"
#include "store/roll-store-private.h"

const char *
roll_scan_state_id (RollScanState state)
{
  static const char *const ids[] = { "running", "stopped", "finished" };

  return (guint) state < G_N_ELEMENTS (ids) ? ids[state] : "";
}

G_DEFINE_BOXED_TYPE (RollScanInfo, roll_scan_info, roll_scan_info_copy, roll_scan_info_free)

RollScanInfo *
roll_scan_info_new (void)
{
  return g_new0 (RollScanInfo, 1);
}

RollScanInfo *
roll_scan_info_copy (const RollScanInfo *info)
{
  RollScanInfo *copy;

  g_return_val_if_fail (info != NULL, NULL);

  copy = g_memdup2 (info, sizeof *info);
  copy->name = g_strdup (info->name);
  copy->options = g_strdup (info->options);
  return copy;
}

void
roll_scan_info_free (RollScanInfo *info)
{
  if (info == NULL)
    return;
  g_free (info->name);
  g_free (info->options);
  g_free (info);
}

sqlite3_stmt *
roll_store_prepare_for_scan (sqlite3 *db, const char *sql, gint64 scan_id, GError **error)
{
  sqlite3_stmt *stmt = roll_sql_prepare (db, sql, error);

  if (stmt != NULL)
    sqlite3_bind_int64 (stmt, 1, scan_id);
  return stmt;
}

gboolean
roll_store_set_no_scan (GError **error, gint64 scan_id)
{
  if (scan_id == 0)
    g_set_error_literal (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND, _("There is no scan yet."));
  else
    g_set_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND,
                 _("There is no scan %lld."), (long long) scan_id);
  return FALSE;
}

gboolean
roll_store_check_scan (sqlite3 *db, gint64 scan_id, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt =
      roll_store_prepare_for_scan (db, "SELECT 1 FROM scans WHERE id = ?1 AND state < 3", scan_id, error);
  int code;

  if (stmt == NULL)
    return FALSE;
  code = sqlite3_step (stmt);
  if (code == SQLITE_DONE)
    return roll_store_set_no_scan (error, scan_id);
  return code == SQLITE_ROW ? TRUE : roll_sql_set_error (error, db);
}

/* --- Adding --------------------------------------------------------------------------------------------- */

static gboolean
insert_entries (sqlite3 *db, gint64 scan_id, gboolean excluded, const char *const *entries, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt =
      roll_store_prepare_for_scan (db, "INSERT INTO scan_entries VALUES (?1, ?2, ?3, ?4)", scan_id, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int (stmt, 2, excluded);
  for (guint i = 0; entries != NULL && entries[i] != NULL; i++)
    {
      sqlite3_bind_int64 (stmt, 3, i);
      roll_sql_bind_text (stmt, 4, entries[i]);
      if (!roll_sql_run (stmt, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
insert_scan (sqlite3 *db, const RollScanInfo *info, gint64 now, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt =
      roll_sql_prepare (db,
                        "INSERT INTO scans (name, state, practice, probe_only, created_at, targets, options)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                        error);

  if (stmt == NULL)
    return FALSE;
  roll_sql_bind_text (stmt, 1, info->name != NULL ? info->name : "");
  sqlite3_bind_int (stmt, 2, (int) info->state);
  sqlite3_bind_int (stmt, 3, info->practice);
  sqlite3_bind_int (stmt, 4, info->probe_only);
  sqlite3_bind_int64 (stmt, 5, now);
  sqlite3_bind_int64 (stmt, 6, info->n_targets);
  roll_sql_bind_text (stmt, 7, info->options);
  return roll_sql_run (stmt, error);
}

gboolean
roll_store_add_scan (RollStore *self, RollScanInfo *info, const char *const *includes,
                     const char *const *excludes, GHashTable *directory, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  gint64 now = g_get_real_time ();
  gint64 id = 0;
  gboolean good;

  g_return_val_if_fail (info != NULL, FALSE);

  if (connection.db == NULL || !roll_store_begin_write (self, connection.db, error))
    return FALSE;
  good = insert_scan (connection.db, info, now, error);
  if (good)
    id = sqlite3_last_insert_rowid (connection.db);
  good = good && insert_entries (connection.db, id, FALSE, includes, error) &&
         insert_entries (connection.db, id, TRUE, excludes, error) &&
         (directory == NULL || roll_store_insert_directory (connection.db, id, directory, info->n_targets, error));
  if (!roll_store_end_write (self, connection.db, good, error))
    return FALSE;
  info->id = id;
  info->created_at = now;
  return TRUE;
}

/* --- Reading -------------------------------------------------------------------------------------------- */

static gboolean
read_info (sqlite3_stmt *stmt, RollScanInfo *info, GError **error)
{
  gint64 state = sqlite3_column_int64 (stmt, 2);
  gint64 n_targets = sqlite3_column_int64 (stmt, 8);

  if (state < ROLL_SCAN_RUNNING || state > ROLL_SCAN_FINISHED || n_targets < 0 || n_targets > G_MAXUINT32)
    return roll_sql_set_damaged (error, sqlite3_db_filename (sqlite3_db_handle (stmt), "main"), "scans");
  info->id = sqlite3_column_int64 (stmt, 0);
  info->name = roll_sql_dup_text (stmt, 1);
  if (info->name == NULL)
    info->name = g_strdup ("");
  info->state = (RollScanState) state;
  info->practice = sqlite3_column_int (stmt, 3) != 0;
  info->probe_only = sqlite3_column_int (stmt, 4) != 0;
  info->created_at = sqlite3_column_int64 (stmt, 5);
  info->started_at = sqlite3_column_int64 (stmt, 6);
  info->finished_at = sqlite3_column_int64 (stmt, 7);
  info->n_targets = (guint) n_targets;
  info->options = roll_sql_dup_text (stmt, 9);
  return TRUE;
}

/* Who was stopped is asked again when the scan goes on. */
static void
count_done (sqlite3_stmt *stmt, RollScanInfo *info)
{
  RollStatus status = (RollStatus) sqlite3_column_int (stmt, 10);
  gint64 count = sqlite3_column_int64 (stmt, 11);

  if (sqlite3_column_type (stmt, 10) != SQLITE_NULL && count > 0 && roll_status_is_final (status) &&
      status != ROLL_STATUS_STOPPED)
    info->n_done += (guint) MIN (count, (gint64) (G_MAXUINT32 - info->n_done));
}

static void
find_interrupted (RollStore *self, GPtrArray *scans)
{
  int claims = roll_claim_open (roll_store_get_path (self));

  for (guint i = 0; i < scans->len; i++)
    {
      RollScanInfo *info = g_ptr_array_index (scans, i);

      info->interrupted = info->state == ROLL_SCAN_RUNNING && !roll_claim_is_held (claims, info->id);
    }
  if (claims >= 0)
    close (claims);
}

/* One row per scan and status, of one scan following each other. */
static GPtrArray *
read_scans (RollStore *self, const char *which, gint64 id, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_autofree char *sql = g_strconcat (
      "SELECT s.id, name, state, practice, probe_only, created_at, started_at, finished_at, targets,"
      " options, t.status, t.count FROM scans s LEFT JOIN tallies t ON t.scan = s.id WHERE ",
      which, " ORDER BY s.id DESC", NULL);
  g_autoptr (GPtrArray) scans = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_scan_info_free);
  g_autoptr (sqlite3_stmt) stmt = NULL;
  RollScanInfo *last = NULL;
  GError *trouble = NULL;

  if (connection.db == NULL)
    return NULL;
  stmt = roll_store_prepare_for_scan (connection.db, sql, id, error);
  if (stmt == NULL)
    return NULL;
  while (roll_sql_next (stmt, &trouble))
    {
      if (last == NULL || last->id != sqlite3_column_int64 (stmt, 0))
        {
          last = roll_scan_info_new ();
          g_ptr_array_add (scans, last);
          if (!read_info (stmt, last, &trouble))
            break;
        }
      count_done (stmt, last);
    }
  if (trouble != NULL)
    {
      g_propagate_error (error, trouble);
      return NULL;
    }
  find_interrupted (self, scans);
  return g_steal_pointer (&scans);
}

GPtrArray *
roll_store_list_scans (RollStore *self, GError **error)
{
  return read_scans (self, "state < 3", 0, error);
}

RollScanInfo *
roll_store_get_scan (RollStore *self, gint64 id, GError **error)
{
  g_autoptr (GPtrArray) scans = NULL;

  if (id == 0)
    scans = read_scans (self, "s.id = (SELECT max(id) FROM scans WHERE state < 3)", id, error);
  else
    scans = read_scans (self, "s.id = ?1 AND state < 3", id, error);
  if (scans == NULL)
    return NULL;
  if (scans->len == 0)
    {
      roll_store_set_no_scan (error, id);
      return NULL;
    }
  return g_ptr_array_steal_index (scans, 0);
}

static char **
read_entries (sqlite3 *db, gint64 id, gboolean excluded, GError **error)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (sqlite3_stmt) stmt =
      roll_store_prepare_for_scan (db, "SELECT entry FROM scan_entries WHERE scan = ?1 AND excluded = ?2"
                                       " ORDER BY position", id, error);
  GError *trouble = NULL;

  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int (stmt, 2, excluded);
  while (roll_sql_next (stmt, &trouble))
    {
      char *entry = roll_sql_dup_text (stmt, 0);

      g_ptr_array_add (entries, entry != NULL ? entry : g_strdup (""));
    }
  if (trouble != NULL)
    {
      g_propagate_error (error, trouble);
      return NULL;
    }
  g_ptr_array_add (entries, NULL);
  return (char **) g_ptr_array_steal (entries, NULL);
}

gboolean
roll_store_get_entries (RollStore *self, gint64 id, char ***ret_includes, char ***ret_excludes,
                        GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_auto (GStrv) includes = NULL;
  g_auto (GStrv) excludes = NULL;

  if (connection.db == NULL || !roll_store_check_scan (connection.db, id, error))
    return FALSE;
  includes = read_entries (connection.db, id, FALSE, error);
  if (includes != NULL)
    excludes = read_entries (connection.db, id, TRUE, error);
  if (excludes == NULL)
    return FALSE;
  if (ret_includes != NULL)
    *ret_includes = g_steal_pointer (&includes);
  if (ret_excludes != NULL)
    *ret_excludes = g_steal_pointer (&excludes);
  return TRUE;
}

/* --- Changing ------------------------------------------------------------------------------------------- */

gboolean
roll_store_change_scan (RollStore *self, sqlite3 *db, const char *sql, gint64 id, const char *text,
                        int *ret_changes, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = roll_store_prepare_for_scan (db, sql, id, error);
  gboolean good;

  if (stmt == NULL)
    return FALSE;
  if (text != NULL)
    roll_sql_bind_text (stmt, 2, text);
  if (!roll_store_begin_write (self, db, error))
    return FALSE;
  good = roll_sql_run (stmt, error);
  *ret_changes = sqlite3_changes (db);
  return roll_store_end_write (self, db, good, error);
}

gboolean
roll_store_rename_scan (RollStore *self, gint64 id, const char *name, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  int changes = 0;

  g_return_val_if_fail (name != NULL, FALSE);

  if (connection.db == NULL ||
      !roll_store_change_scan (self, connection.db, "UPDATE scans SET name = ?2 WHERE id = ?1 AND state < 3",
                               id, name, &changes, error))
    return FALSE;
  return changes > 0 ? TRUE : roll_store_set_no_scan (error, id);
}
