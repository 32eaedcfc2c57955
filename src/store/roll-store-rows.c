/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/roll-store-private.h"

gboolean
roll_row_set_damaged (sqlite3_stmt *stmt, const char *table, GError **error)
{
  return roll_sql_set_damaged (error, sqlite3_db_filename (sqlite3_db_handle (stmt), "main"), table);
}

gboolean
roll_row_get_uint (sqlite3_stmt *stmt, int column, gint64 n, guint *ret_value)
{
  gint64 value = sqlite3_column_int64 (stmt, column);

  *ret_value = (guint) value;
  return value >= 0 && value < n;
}

gboolean
roll_row_get_error_number (sqlite3_stmt *stmt, int column, RollErrorNumber *ret_number)
{
  guint space, number;

  if (!roll_row_get_uint (stmt, column, ROLL_ERROR_SPACE_ENGINE + 1, &space) ||
      !roll_row_get_uint (stmt, column + 1, (gint64) G_MAXUINT32 + 1, &number))
    return FALSE;
  *ret_number = (RollErrorNumber) { (RollErrorSpace) space, number };
  return TRUE;
}

gboolean
roll_row_get_status (sqlite3_stmt *stmt, int column, RollStatus *ret_status)
{
  int status = sqlite3_column_int (stmt, column);

  *ret_status = (RollStatus) status;
  return roll_status_info (status) != NULL;
}
