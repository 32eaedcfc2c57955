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

static gboolean
is_empty (const RollFacts *facts)
{
  return facts->computer_name == NULL && facts->domain == NULL && facts->os == NULL && facts->os_version == NULL &&
         facts->os_build == NULL && facts->manufacturer == NULL && facts->model == NULL &&
         facts->serial_number == NULL && facts->processors == 0 && facts->cores == 0 && facts->memory_bytes == 0;
}

/* Columns 14 to 24. FALSE when they can't be facts; NULL when nothing is known. */
static gboolean
read_facts (sqlite3_stmt *stmt, RollFacts **ret_facts)
{
  g_autoptr (RollFacts) facts = roll_facts_new ();

  facts->computer_name = roll_sql_dup_text (stmt, 14);
  facts->domain = roll_sql_dup_text (stmt, 15);
  facts->os = roll_sql_dup_text (stmt, 16);
  facts->os_version = roll_sql_dup_text (stmt, 17);
  facts->os_build = roll_sql_dup_text (stmt, 18);
  facts->manufacturer = roll_sql_dup_text (stmt, 19);
  facts->model = roll_sql_dup_text (stmt, 20);
  facts->serial_number = roll_sql_dup_text (stmt, 21);
  facts->memory_bytes = (guint64) sqlite3_column_int64 (stmt, 24);
  if (!roll_row_get_uint (stmt, 22, (gint64) G_MAXUINT32 + 1, &facts->processors) ||
      !roll_row_get_uint (stmt, 23, (gint64) G_MAXUINT32 + 1, &facts->cores))
    return FALSE;
  if (!is_empty (facts))
    *ret_facts = g_steal_pointer (&facts);
  return TRUE;
}

/* All but ordinal, target, step and said_by. */
static gboolean
fill_computer (sqlite3_stmt *stmt, RollComputer *computer)
{
  computer->started_at = sqlite3_column_int64 (stmt, 9);
  computer->duration_us = sqlite3_column_int64 (stmt, 10);
  computer->credential = roll_sql_dup_text (stmt, 11);
  return roll_sql_get_address (stmt, 2, &computer->address) && roll_row_get_status (stmt, 3, &computer->status) &&
         roll_row_get_error_number (stmt, 6, &computer->error) &&
         roll_row_get_uint (stmt, 8, G_MAXUINT16, &computer->attempts) &&
         roll_row_get_uint (stmt, 12, G_MAXUINT16, &computer->classes_collected) &&
         roll_row_get_uint (stmt, 13, G_MAXUINT16, &computer->classes_planned) &&
         read_facts (stmt, &computer->facts);
}

RollComputer *
roll_row_read_computer (sqlite3_stmt *stmt, GError **error)
{
  const char *target = (const char *) sqlite3_column_text (stmt, 1);
  g_autoptr (RollComputer) computer = NULL;
  guint ordinal, step, said_by;

  if (target != NULL && g_utf8_validate (target, -1, NULL) &&
      roll_row_get_uint (stmt, 0, (gint64) G_MAXUINT32 + 1, &ordinal) &&
      roll_row_get_uint (stmt, 4, ROLL_N_STEPS, &step) &&
      roll_row_get_uint (stmt, 5, ROLL_SAID_BY_KDC + 1, &said_by))
    {
      computer = roll_computer_new (ordinal, target);
      computer->step = (RollStep) step;
      computer->said_by = (RollSaidBy) said_by;
      if (fill_computer (stmt, computer))
        return g_steal_pointer (&computer);
    }
  roll_row_set_damaged (stmt, "computers", error);
  return NULL;
}
