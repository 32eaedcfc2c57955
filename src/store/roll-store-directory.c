/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/roll-store-private.h"

/* --- Writing ---------------------------------------------------------------------------------------------- */

static void
bind_facts (sqlite3_stmt *stmt, guint32 ordinal, const RollDirectoryFacts *facts)
{
  sqlite3_bind_int64 (stmt, 2, ordinal);
  roll_sql_bind_text (stmt, 3, facts->ou);
  if (facts->last_logon > 0)
    sqlite3_bind_int64 (stmt, 4, facts->last_logon);
  else
    sqlite3_bind_null (stmt, 4);
  roll_sql_bind_text (stmt, 5, facts->system);
  if (facts->account != ROLL_DIRECTORY_ACCOUNT_UNKNOWN)
    sqlite3_bind_int (stmt, 6, facts->account == ROLL_DIRECTORY_ACCOUNT_ENABLED);
  else
    sqlite3_bind_null (stmt, 6);
}

/* In order of the ordinals, as the rows lie. */
gboolean
roll_store_insert_directory (sqlite3 *db, gint64 scan_id, GHashTable *directory, guint n_targets, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt = roll_store_prepare_for_scan (
      db, "INSERT INTO directory_facts VALUES (?1, ?2, ?3, ?4, ?5, ?6)", scan_id, error);

  if (stmt == NULL)
    return FALSE;
  for (guint32 i = 0; i < n_targets; i++)
    {
      const RollDirectoryFacts *facts = g_hash_table_lookup (directory, GUINT_TO_POINTER (i));

      if (facts == NULL)
        continue;
      bind_facts (stmt, i, facts);
      if (!roll_sql_run (stmt, error))
        return FALSE;
    }
  return TRUE;
}

/* --- Reading ---------------------------------------------------------------------------------------------- */

/* Of four columns; whatever stands there, it is made into something that can be. (nullable) */
static RollDirectoryFacts *
read_facts (sqlite3_stmt *stmt, int column)
{
  g_autofree char *ou = roll_sql_dup_text (stmt, column);
  g_autofree char *system = roll_sql_dup_text (stmt, column + 2);
  RollDirectoryAccount account = ROLL_DIRECTORY_ACCOUNT_UNKNOWN;

  if (sqlite3_column_type (stmt, column + 3) != SQLITE_NULL)
    account = sqlite3_column_int (stmt, column + 3) != 0 ? ROLL_DIRECTORY_ACCOUNT_ENABLED : ROLL_DIRECTORY_ACCOUNT_DISABLED;
  return roll_directory_facts_new (ou, system, sqlite3_column_int64 (stmt, column + 1), account);
}

RollComputer *
roll_row_read_known_computer (sqlite3_stmt *stmt, GError **error)
{
  RollComputer *computer = roll_row_read_computer (stmt, error);

  if (computer != NULL)
    computer->directory = read_facts (stmt, ROLL_ROW_N_COMPUTER_COLUMNS);
  return computer;
}

GHashTable *
roll_store_get_directory (RollStore *self, gint64 id, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_autoptr (GHashTable) directory
      = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) roll_directory_facts_unref);
  g_autoptr (sqlite3_stmt) stmt = NULL;
  GError *trouble = NULL;

  if (connection.db == NULL || !roll_store_check_scan (connection.db, id, error))
    return NULL;
  stmt = roll_store_prepare_for_scan (
      connection.db, "SELECT ordinal, ou, last_logon, system, enabled FROM directory_facts WHERE scan = ?1", id, error);
  if (stmt == NULL)
    return NULL;
  while (roll_sql_next (stmt, &trouble))
    {
      RollDirectoryFacts *facts = read_facts (stmt, 1);
      guint ordinal;

      if (facts != NULL && roll_row_get_uint (stmt, 0, (gint64) G_MAXUINT32 + 1, &ordinal))
        g_hash_table_insert (directory, GUINT_TO_POINTER (ordinal), facts);
      else
        g_clear_pointer (&facts, roll_directory_facts_unref);
    }
  if (trouble == NULL)
    return g_steal_pointer (&directory);
  g_propagate_error (error, trouble);
  return NULL;
}
