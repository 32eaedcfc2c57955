/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <string.h>

#include "store/roll-store-private.h"

/* --- Breakdown ------------------------------------------------------------------------------------------ */

static void
add_tally (GArray *tallies, RollStatus status, gint64 count)
{
  RollTally tally = { status, (guint) CLAMP (count, 0, (gint64) G_MAXUINT32) };

  if (count <= 0)
    return;
  for (guint i = 0; i < tallies->len; i++)
    if (g_array_index (tallies, RollTally, i).status == status)
      {
        g_array_index (tallies, RollTally, i).count += tally.count;
        return;
      }
  g_array_append_val (tallies, tally);
}

static gint
compare_tallies (gconstpointer a, gconstpointer b)
{
  return (gint) ((const RollTally *) a)->status - (gint) ((const RollTally *) b)->status;
}

/* Rows of (targets, status, count); what has no row has not been started. */
static gboolean
read_tallies (sqlite3_stmt *stmt, GArray *tallies, gboolean *ret_found, GError **error)
{
  gint64 missing = 0;
  GError *trouble = NULL;
  RollStatus status;

  *ret_found = FALSE;
  while (roll_sql_next (stmt, &trouble))
    {
      if (!*ret_found)
        missing = sqlite3_column_int64 (stmt, 0);
      *ret_found = TRUE;
      if (sqlite3_column_type (stmt, 1) == SQLITE_NULL)
        continue;
      if (!roll_row_get_status (stmt, 1, &status))
        return roll_row_set_damaged (stmt, "tallies", error);
      add_tally (tallies, status, sqlite3_column_int64 (stmt, 2));
      missing -= CLAMP (sqlite3_column_int64 (stmt, 2), 0, (gint64) G_MAXUINT32);
    }
  if (trouble != NULL)
    {
      g_propagate_error (error, trouble);
      return FALSE;
    }
  add_tally (tallies, ROLL_STATUS_NOT_STARTED, missing);
  g_array_sort (tallies, compare_tallies);
  return TRUE;
}

GArray *
roll_store_tally (RollStore *self, gint64 scan_id, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_autoptr (GArray) tallies = g_array_new (FALSE, FALSE, sizeof (RollTally));
  g_autoptr (sqlite3_stmt) stmt = NULL;
  gboolean found;

  if (connection.db == NULL)
    return NULL;
  stmt = roll_store_prepare_for_scan (connection.db,
                                      "SELECT s.targets, t.status, t.count FROM scans s"
                                      " LEFT JOIN tallies t ON t.scan = s.id WHERE s.id = ?1 AND s.state < 3",
                                      scan_id, error);
  if (stmt == NULL || !read_tallies (stmt, tallies, &found, error))
    return NULL;
  if (!found)
    {
      roll_store_set_no_scan (error, scan_id);
      return NULL;
    }
  return g_steal_pointer (&tallies);
}

/* --- Computers ------------------------------------------------------------------------------------------ */

static gboolean
each_computer (sqlite3_stmt *stmt, RollStoreComputerFunc func, gpointer user_data, GError **error)
{
  GError *trouble = NULL;
  gboolean more = TRUE;

  while (more && roll_sql_next (stmt, &trouble))
    {
      g_autoptr (RollComputer) computer = roll_row_read_known_computer (stmt, &trouble);

      more = computer != NULL && func (computer, user_data);
    }
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, trouble);
  return FALSE;
}

gboolean
roll_store_foreach_computer (RollStore *self, gint64 scan_id, guint first_ordinal, RollStoreComputerFunc func,
                             gpointer user_data, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_autoptr (sqlite3_stmt) stmt = NULL;

  g_return_val_if_fail (func != NULL, FALSE);

  if (connection.db == NULL || !roll_store_check_scan (connection.db, scan_id, error))
    return FALSE;
  stmt = roll_store_prepare_for_scan (connection.db,
                                      "SELECT " ROLL_ROW_KNOWN_COLUMNS " FROM " ROLL_ROW_KNOWN_TABLES
                                      " WHERE scan = ?1 AND ordinal >= ?2 ORDER BY ordinal",
                                      scan_id, error);
  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int64 (stmt, 2, first_ordinal);
  return each_computer (stmt, func, user_data, error);
}

static gboolean
take_computer (RollComputer *computer, gpointer user_data)
{
  g_ptr_array_add (user_data, roll_computer_ref (computer));
  return TRUE;
}

RollComputer *
roll_store_get_computer (RollStore *self, gint64 scan_id, guint ordinal, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_computer_unref);
  g_autoptr (sqlite3_stmt) stmt = NULL;

  if (connection.db == NULL || !roll_store_check_scan (connection.db, scan_id, error))
    return NULL;
  stmt = roll_store_prepare_for_scan (
      connection.db,
      "SELECT " ROLL_ROW_KNOWN_COLUMNS " FROM " ROLL_ROW_KNOWN_TABLES " WHERE scan = ?1 AND ordinal = ?2", scan_id, error);
  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 2, ordinal);
  if (!each_computer (stmt, take_computer, found, error))
    return NULL;
  if (found->len == 0)
    {
      g_set_error_literal (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND,
                           _("The scan has stored nothing about this computer yet."));
      return NULL;
    }
  return g_ptr_array_steal_index (found, 0);
}

/* SQL: roll_same (text, folded): whether @text folds to @folded. */
static void
sql_same (sqlite3_context *context, int n_values, sqlite3_value **values)
{
  const char *text = (const char *) sqlite3_value_text (values[0]);
  const char *folded = (const char *) sqlite3_value_text (values[1]);
  gboolean same = FALSE;

  if (text != NULL && folded != NULL && g_utf8_validate (text, -1, NULL))
    {
      g_autofree char *mine = g_utf8_casefold (text, -1);

      same = g_str_equal (mine, folded);
    }
  sqlite3_result_int (context, same);
}

/* ASCII first: SQLite compares that ten times faster than Unicode can be folded. */
static const char *
find_condition (const char *text)
{
  return g_str_is_ascii (text) ? "(target = ?2 COLLATE NOCASE OR address = ?3)"
                               : "(roll_same (target, ?2) OR address = ?3)";
}

/* What people call a computer: the name it gives itself, or its full name up to the first dot. */
static const char short_name_condition[]
    = "(roll_same (computer_name, ?2) OR roll_same (substr (target, 1, instr (target, '.') - 1), ?2))";

static gboolean
find_where (sqlite3 *db, gint64 scan_id, const char *condition, const char *folded, const RollAddress *address,
            GPtrArray *found, GError **error)
{
  g_autofree char *sql = g_strconcat ("SELECT " ROLL_ROW_KNOWN_COLUMNS " FROM " ROLL_ROW_KNOWN_TABLES
                                      " WHERE scan = ?1 AND ", condition, " ORDER BY ordinal", NULL);
  g_autoptr (sqlite3_stmt) stmt = roll_store_prepare_for_scan (db, sql, scan_id, error);
  guint8 buffer[20];

  if (stmt == NULL)
    return FALSE;
  roll_sql_bind_text (stmt, 2, folded);
  if (address->family != AF_UNSPEC)
    roll_sql_bind_address (stmt, 3, address, buffer);
  return each_computer (stmt, take_computer, found, error);
}

GPtrArray *
roll_store_find_computers (RollStore *self, gint64 scan_id, const char *text, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_computer_unref);
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_autofree char *folded = g_utf8_casefold (valid, -1);
  RollAddress address = { 0 };

  if (connection.db == NULL || !roll_store_check_scan (connection.db, scan_id, error))
    return NULL;
  sqlite3_create_function (connection.db, "roll_same", 2,
                           SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, NULL, sql_same, NULL,
                           NULL);
  if (!roll_address_parse (text, &address))
    address.family = AF_UNSPEC;
  if (!find_where (connection.db, scan_id, find_condition (valid), folded, &address, found, error))
    return NULL;
  /* Digits alone would be a part of addresses. */
  if (found->len == 0 && strchr (valid, '.') == NULL && valid[strspn (valid, "0123456789")] != '\0'
      && !find_where (connection.db, scan_id, short_name_condition, folded, &address, found, error))
    return NULL;
  return g_steal_pointer (&found);
}

/* --- Events --------------------------------------------------------------------------------------------- */

void
roll_store_event_free (RollStoreEvent *event)
{
  if (event == NULL)
    return;
  g_free (event->kind);
  g_free (event->detail);
  g_free (event);
}

GPtrArray *
roll_store_get_events (RollStore *self, gint64 scan_id, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_autoptr (GPtrArray) events = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_store_event_free);
  g_autoptr (sqlite3_stmt) stmt = NULL;
  GError *trouble = NULL;

  if (connection.db == NULL || !roll_store_check_scan (connection.db, scan_id, error))
    return NULL;
  stmt = roll_store_prepare_for_scan (
      connection.db, "SELECT at, kind, detail FROM events WHERE scan = ?1 ORDER BY id", scan_id, error);
  if (stmt == NULL)
    return NULL;
  while (roll_sql_next (stmt, &trouble))
    {
      RollStoreEvent *event = g_new0 (RollStoreEvent, 1);

      g_ptr_array_add (events, event);
      event->at = sqlite3_column_int64 (stmt, 0);
      event->kind = roll_sql_dup_text (stmt, 1);
      event->detail = roll_sql_dup_text (stmt, 2);
      if (event->kind == NULL)
        event->kind = g_strdup ("");
    }
  if (trouble != NULL)
    {
      g_propagate_error (error, trouble);
      return NULL;
    }
  return g_steal_pointer (&events);
}
