/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "store/roll-store-private.h"

#define FINDING_COLUMNS "ordinal, kind, at, detail"

RollFinding *
roll_finding_new (guint32 ordinal, const char *kind, const char *detail)
{
  RollFinding *finding = g_new0 (RollFinding, 1);

  finding->ordinal = ordinal;
  finding->kind = g_strdup (kind);
  finding->at = g_get_real_time ();
  finding->detail = g_strdup (detail);
  return finding;
}

void
roll_finding_free (RollFinding *finding)
{
  if (finding == NULL)
    return;
  g_free (finding->kind);
  g_free (finding->detail);
  g_free (finding);
}

/* --- Writing ---------------------------------------------------------------------------------------------- */

gboolean
roll_finding_put (sqlite3_stmt *stmt, const RollFinding *finding, GError **error)
{
  sqlite3_bind_int64 (stmt, 2, finding->ordinal);
  roll_sql_bind_text (stmt, 3, finding->kind);
  sqlite3_bind_int64 (stmt, 4, finding->at);
  roll_sql_bind_text (stmt, 5, finding->detail);
  return roll_sql_run (stmt, error);
}

static gboolean
put (sqlite3 *db, gint64 scan_id, const RollFinding *finding, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = NULL;

  if (!roll_store_check_scan (db, scan_id, error))
    return FALSE;
  stmt = roll_store_prepare_for_scan (db, ROLL_FINDING_PUT_SQL, scan_id, error);
  if (stmt == NULL || !roll_finding_put (stmt, finding, error))
    return FALSE;
  if (sqlite3_changes (db) > 0)
    return TRUE;
  g_set_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND,
               _("Scan %lld has no result of this computer. Choose one that was asked."), (long long) scan_id);
  return FALSE;
}

gboolean
roll_store_put_finding (RollStore *self, gint64 scan_id, const RollFinding *finding, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);

  g_return_val_if_fail (finding != NULL && finding->kind != NULL, FALSE);

  return connection.db != NULL && roll_store_check_writable (self, error)
         && roll_store_begin_write (self, connection.db, error)
         && roll_store_end_write (self, connection.db, put (connection.db, scan_id, finding, error), error);
}

/* --- Reading ---------------------------------------------------------------------------------------------- */

static RollFinding *
read_finding (sqlite3_stmt *stmt, GError **error)
{
  g_autoptr (RollFinding) finding = g_new0 (RollFinding, 1);
  guint ordinal;

  finding->kind = roll_sql_dup_text (stmt, 1);
  if (finding->kind == NULL || !roll_row_get_uint (stmt, 0, (gint64) G_MAXUINT32 + 1, &ordinal))
    {
      roll_row_set_damaged (stmt, "findings", error);
      return NULL;
    }
  finding->ordinal = ordinal;
  finding->at = sqlite3_column_int64 (stmt, 2);
  finding->detail = roll_sql_dup_text (stmt, 3);
  return g_steal_pointer (&finding);
}

static gboolean
foreach_row (sqlite3_stmt *stmt, RollStoreFindingFunc func, gpointer user_data, GError **error)
{
  GError *trouble = NULL;
  gboolean more = TRUE;

  while (more && roll_sql_next (stmt, &trouble))
    {
      g_autoptr (RollFinding) finding = read_finding (stmt, &trouble);

      more = finding != NULL && func (finding, user_data);
    }
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, trouble);
  return FALSE;
}

static gboolean
keep (const RollFinding *finding, gpointer user_data)
{
  RollFinding *copy = roll_finding_new (finding->ordinal, finding->kind, finding->detail);

  copy->at = finding->at;
  g_ptr_array_add (user_data, copy);
  return TRUE;
}

GPtrArray *
roll_store_get_findings (RollStore *self, gint64 scan_id, guint ordinal, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_finding_free);
  g_autoptr (sqlite3_stmt) stmt = NULL;

  if (connection.db == NULL || !roll_store_check_scan (connection.db, scan_id, error))
    return NULL;
  stmt = roll_store_prepare_for_scan (
      connection.db, "SELECT " FINDING_COLUMNS " FROM findings WHERE scan = ?1 AND ordinal = ?2 ORDER BY kind", scan_id,
      error);
  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 2, ordinal);
  return foreach_row (stmt, keep, findings, error) ? g_steal_pointer (&findings) : NULL;
}

gboolean
roll_store_foreach_finding (RollStore *self, gint64 scan_id, const char *kind, guint first_ordinal,
                            RollStoreFindingFunc func, gpointer user_data, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_autoptr (sqlite3_stmt) stmt = NULL;

  g_return_val_if_fail (kind != NULL && func != NULL, FALSE);

  if (connection.db == NULL || !roll_store_check_scan (connection.db, scan_id, error))
    return FALSE;
  stmt = roll_store_prepare_for_scan (connection.db,
                                      "SELECT " FINDING_COLUMNS
                                      " FROM findings WHERE scan = ?1 AND ordinal >= ?3 AND kind = ?2 ORDER BY ordinal",
                                      scan_id, error);
  if (stmt == NULL)
    return FALSE;
  roll_sql_bind_text (stmt, 2, kind);
  sqlite3_bind_int64 (stmt, 3, first_ordinal);
  return foreach_row (stmt, func, user_data, error);
}
