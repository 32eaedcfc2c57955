/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/roll-store-private.h"

#define CLASS_COLUMNS                                                                                        \
  "c.ordinal, c.collector, c.attempt, c.outcome, c.step, c.said_by, c.error_space, c.error_number, "         \
  "c.started_at, c.duration_us, c.n_rows, c.rows, c.earlier"

/* What has no bytes is one of three: no rows at all, rows of nothing, or memory that was not to be had. */
static gboolean
read_rows (sqlite3_stmt *stmt, int column, GBytes **ret_rows)
{
  int type = sqlite3_column_type (stmt, column);
  gconstpointer bytes;
  int length;

  if (type == SQLITE_NULL)
    return TRUE;
  if (type != SQLITE_BLOB)
    return FALSE;
  bytes = sqlite3_column_blob (stmt, column);
  length = sqlite3_column_bytes (stmt, column);
  if (bytes == NULL && length > 0)
    return FALSE;
  *ret_rows = g_bytes_new (bytes, (gsize) length);
  return TRUE;
}

/* From CLASS_COLUMNS, which begin at @first. */
static RollClassResult *
read_class (sqlite3_stmt *stmt, int first, GError **error)
{
  g_autofree char *id = roll_sql_dup_text (stmt, first + 1);
  g_autoptr (RollClassResult) result = roll_class_result_new (id);
  guint outcome, step, said_by;

  if (id == NULL || !roll_row_get_uint (stmt, first + 2, G_MAXUINT16, &result->attempt) ||
      !roll_row_get_uint (stmt, first + 3, ROLL_CLASS_ABANDONED + 1, &outcome) || outcome == 0 ||
      !roll_row_get_uint (stmt, first + 4, ROLL_N_STEPS, &step) ||
      !roll_row_get_uint (stmt, first + 5, ROLL_SAID_BY_KDC + 1, &said_by) ||
      !roll_row_get_error_number (stmt, first + 6, &result->error) ||
      !roll_row_get_uint (stmt, first + 10, (gint64) G_MAXUINT32 + 1, &result->n_rows) ||
      !read_rows (stmt, first + 11, &result->rows))
    {
      roll_row_set_damaged (stmt, "classes", error);
      return NULL;
    }
  result->earlier = sqlite3_column_int (stmt, first + 12) != 0;
  result->outcome = (RollClassOutcome) outcome;
  result->step = (RollStep) step;
  result->said_by = (RollSaidBy) said_by;
  result->started_at = sqlite3_column_int64 (stmt, first + 8);
  result->duration_us = sqlite3_column_int64 (stmt, first + 9);
  return g_steal_pointer (&result);
}

GPtrArray *
roll_store_get_classes (RollStore *self, gint64 scan_id, guint ordinal, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_autoptr (GPtrArray) classes = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_class_result_free);
  g_autoptr (sqlite3_stmt) stmt = NULL;
  GError *trouble = NULL;

  if (connection.db == NULL || !roll_store_check_scan (connection.db, scan_id, error))
    return NULL;
  stmt = roll_store_prepare_for_scan (
      connection.db, "SELECT " CLASS_COLUMNS " FROM classes c WHERE scan = ?1 AND ordinal = ?2 ORDER BY id", scan_id,
      error);
  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 2, ordinal);
  while (trouble == NULL && roll_sql_next (stmt, &trouble))
    {
      RollClassResult *result = read_class (stmt, 0, &trouble);

      if (result != NULL)
        g_ptr_array_add (classes, result);
    }
  if (trouble == NULL)
    return g_steal_pointer (&classes);
  g_propagate_error (error, trouble);
  return NULL;
}

/* --- Of a whole scan ------------------------------------------------------------------------------------ */

/* Of one computer after the other; one collector's rows are found by the index alone. */
static sqlite3_stmt *
prepare_foreach (sqlite3 *db, gint64 scan_id, const char *collector, guint first_ordinal, GError **error)
{
  static const char all[] = "SELECT " ROLL_ROW_COMPUTER_COLUMNS ", " CLASS_COLUMNS
                            " FROM classes c JOIN computers p ON p.scan = c.scan AND p.ordinal = c.ordinal"
                            " WHERE c.scan = ?1 AND c.ordinal >= ?3 ORDER BY c.ordinal, c.id";
  static const char one[] = "SELECT " ROLL_ROW_COMPUTER_COLUMNS ", " CLASS_COLUMNS
                            " FROM classes c JOIN computers p ON p.scan = c.scan AND p.ordinal = c.ordinal"
                            " WHERE c.scan = ?1 AND c.ordinal >= ?3 AND c.collector = ?2 ORDER BY c.ordinal";
  sqlite3_stmt *stmt = roll_store_prepare_for_scan (db, collector != NULL ? one : all, scan_id, error);

  if (stmt != NULL && collector != NULL)
    roll_sql_bind_text (stmt, 2, collector);
  if (stmt != NULL)
    sqlite3_bind_int64 (stmt, 3, first_ordinal);
  return stmt;
}

gboolean
roll_store_foreach_class (RollStore *self, gint64 scan_id, const char *collector, RollStoreClassFunc func,
                          gpointer user_data, GError **error)
{
  return roll_store_foreach_class_from (self, scan_id, collector, 0, func, user_data, error);
}

gboolean
roll_store_foreach_class_from (RollStore *self, gint64 scan_id, const char *collector, guint first_ordinal,
                               RollStoreClassFunc func, gpointer user_data, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_autoptr (sqlite3_stmt) stmt = NULL;
  g_autoptr (RollComputer) computer = NULL;
  GError *trouble = NULL;
  gboolean more = TRUE;

  g_return_val_if_fail (func != NULL, FALSE);

  if (connection.db == NULL || !roll_store_check_scan (connection.db, scan_id, error))
    return FALSE;
  stmt = prepare_foreach (connection.db, scan_id, collector, first_ordinal, error);
  if (stmt == NULL)
    return FALSE;
  while (more && roll_sql_next (stmt, &trouble))
    {
      g_autoptr (RollClassResult) result = NULL;

      if (computer != NULL && sqlite3_column_int64 (stmt, 0) != computer->ordinal)
        g_clear_pointer (&computer, roll_computer_unref);
      if (computer == NULL)
        computer = roll_row_read_computer (stmt, &trouble);
      if (computer != NULL)
        result = read_class (stmt, ROLL_ROW_N_COMPUTER_COLUMNS, &trouble);
      more = result != NULL && func (computer, result, user_data);
    }
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, trouble);
  return FALSE;
}

GHashTable *
roll_store_get_failed_classes (RollStore *self, gint64 scan_id, guint first, guint n, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_autoptr (GHashTable) lists = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr (sqlite3_stmt) stmt = NULL;
  GError *trouble = NULL;

  if (connection.db == NULL || !roll_store_check_scan (connection.db, scan_id, error))
    return NULL;
  stmt = roll_store_prepare_for_scan (
      connection.db,
      "SELECT c.ordinal, c.collector, c.attempt, c.outcome, c.step, c.said_by, c.error_space, c.error_number,"
      " c.started_at, c.duration_us, c.n_rows, NULL, c.earlier"
      " FROM computers p CROSS JOIN classes c ON c.scan = p.scan AND c.ordinal = p.ordinal"
      " WHERE p.scan = ?1 AND p.ordinal >= ?2 AND p.ordinal < ?3 AND p.status > 0",
      scan_id, error);
  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 2, first);
  sqlite3_bind_int64 (stmt, 3, (gint64) first + n);
  while (trouble == NULL && roll_sql_next (stmt, &trouble))
    {
      gpointer ordinal = GUINT_TO_POINTER ((guint) sqlite3_column_int64 (stmt, 0));
      GPtrArray *list = g_hash_table_lookup (lists, ordinal);
      RollClassResult *result = read_class (stmt, 0, &trouble);

      if (result == NULL)
        break;
      if (list == NULL)
        {
          list = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_class_result_free);
          g_hash_table_insert (lists, ordinal, list);
        }
      g_ptr_array_add (list, result);
    }
  if (trouble == NULL)
    return g_steal_pointer (&lists);
  g_propagate_error (error, trouble);
  return NULL;
}
