/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/roll-store-private.h"

#define ATTEMPT_COLUMNS "a.ordinal, a.number, a.status, a.started_at, a.duration_us"
#define STEP_COLUMNS                                                                                         \
  "ordinal, attempt, step, said_by, offset_us, duration_us, error_space, error_number, peer, detail"

/* Attempts and steps in the same order; the next step is kept until its attempt comes. */
typedef struct
{
  sqlite3_stmt *attempts;
  sqlite3_stmt *steps;
  gboolean has_step;
  gint64 above; /* where the numbers begin */
} AttemptReader;

/* Of one computer, those whose numbers lie between. */
typedef struct
{
  guint ordinal;
  gint64 above;
  gint64 below;
} AttemptRange;

static void
attempt_reader_clear (AttemptReader *reader)
{
  sqlite3_finalize (reader->attempts);
  sqlite3_finalize (reader->steps);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AttemptReader, attempt_reader_clear)

/* -1, 0, 1: the step at hand belongs to an attempt before, this one, one after. */
static int
compare_step (AttemptReader *reader)
{
  for (int column = 0; column < 2; column++)
    {
      gint64 mine = sqlite3_column_int64 (reader->steps, column);
      gint64 wanted = sqlite3_column_int64 (reader->attempts, column);

      if (mine != wanted)
        return mine < wanted ? -1 : 1;
    }
  return 0;
}

static gboolean
read_step (sqlite3_stmt *stmt, RollAttempt *attempt, GError **error)
{
  RollStepRecord *record;
  RollErrorNumber number;
  guint step, said_by;

  if (!roll_row_get_uint (stmt, 2, ROLL_N_STEPS, &step) ||
      !roll_row_get_uint (stmt, 3, ROLL_SAID_BY_KDC + 1, &said_by) ||
      !roll_row_get_error_number (stmt, 6, &number))
    return roll_row_set_damaged (stmt, "steps", error);
  record = roll_attempt_add_step (attempt, (RollStep) step);
  record->said_by = (RollSaidBy) said_by;
  record->started_at = (gint64) ((guint64) attempt->started_at + (guint64) sqlite3_column_int64 (stmt, 4));
  record->duration_us = sqlite3_column_int64 (stmt, 5);
  record->error = number;
  record->peer = roll_sql_dup_text (stmt, 8);
  record->detail = roll_sql_dup_text (stmt, 9);
  return TRUE;
}

static gboolean
read_steps (AttemptReader *reader, RollAttempt *attempt, GError **error)
{
  GError *trouble = NULL;
  int order;

  while (reader->has_step && (order = compare_step (reader)) <= 0)
    {
      if (order == 0 && !read_step (reader->steps, attempt, &trouble))
        break;
      reader->has_step = roll_sql_next (reader->steps, &trouble);
    }
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, trouble);
  return FALSE;
}

/* Returns: (nullable): NULL at the end, without an error, or on an error */
static RollAttempt *
next_attempt (AttemptReader *reader, GError **error)
{
  g_autoptr (RollAttempt) attempt = NULL;
  gint64 number;

  if (!roll_sql_next (reader->attempts, error))
    return NULL;
  number = sqlite3_column_int64 (reader->attempts, 1);
  if (number <= reader->above || number - reader->above >= G_MAXUINT16)
    {
      roll_row_set_damaged (reader->attempts, "attempts", error);
      return NULL;
    }
  attempt = roll_attempt_new ((guint) (number - reader->above));
  attempt->started_at = sqlite3_column_int64 (reader->attempts, 3);
  attempt->duration_us = sqlite3_column_int64 (reader->attempts, 4);
  if (!roll_row_get_status (reader->attempts, 2, &attempt->status))
    {
      roll_row_set_damaged (reader->attempts, "attempts", error);
      return NULL;
    }
  return read_steps (reader, attempt, error) ? g_steal_pointer (&attempt) : NULL;
}

static void
bind_range (sqlite3_stmt *stmt, const AttemptRange *range)
{
  sqlite3_bind_int64 (stmt, 2, range->ordinal);
  sqlite3_bind_int64 (stmt, 3, range->above);
  sqlite3_bind_int64 (stmt, 4, range->below);
}

/* In one transaction that roll_connection_clear() ends, so that both are of the same moment. */
static gboolean
start_reading (AttemptReader *reader, sqlite3 *db, const char *attempts, const char *steps, gint64 scan_id,
               const AttemptRange *range, GError **error)
{
  GError *trouble = NULL;

  if (!roll_sql_exec (db, "BEGIN", error) || !roll_store_check_scan (db, scan_id, error))
    return FALSE;
  reader->attempts = roll_store_prepare_for_scan (db, attempts, scan_id, error);
  if (reader->attempts != NULL)
    reader->steps = roll_store_prepare_for_scan (db, steps, scan_id, error);
  if (reader->steps == NULL)
    return FALSE;
  if (range != NULL)
    {
      bind_range (reader->attempts, range);
      bind_range (reader->steps, range);
      reader->above = range->above;
    }
  reader->has_step = roll_sql_next (reader->steps, &trouble);
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, trouble);
  return FALSE;
}

GPtrArray *
roll_store_read_attempts (RollStore *self, gint64 scan_id, guint ordinal, gint64 above, gint64 below, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_auto (AttemptReader) reader = { 0 };
  g_autoptr (GPtrArray) attempts = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_attempt_free);
  RollAttempt *attempt;
  GError *trouble = NULL;

  if (connection.db == NULL ||
      !start_reading (&reader, connection.db,
                      "SELECT " ATTEMPT_COLUMNS " FROM attempts a WHERE scan = ?1 AND ordinal = ?2"
                      " AND number > ?3 AND number < ?4 ORDER BY number",
                      "SELECT " STEP_COLUMNS " FROM steps WHERE scan = ?1 AND ordinal = ?2"
                      " AND attempt > ?3 AND attempt < ?4 ORDER BY attempt, position",
                      scan_id, &(AttemptRange) { ordinal, above, below }, error))
    return NULL;
  while ((attempt = next_attempt (&reader, &trouble)) != NULL)
    g_ptr_array_add (attempts, attempt);
  if (trouble != NULL)
    {
      g_propagate_error (error, trouble);
      return NULL;
    }
  return g_steal_pointer (&attempts);
}

GPtrArray *
roll_store_get_attempts (RollStore *self, gint64 scan_id, guint ordinal, GError **error)
{
  return roll_store_read_attempts (self, scan_id, ordinal, 0, G_MAXUINT16, error);
}

/* The few facts of the computer that go with its attempts: columns 5 and 6. */
static RollComputer *
read_short_computer (sqlite3_stmt *stmt, GError **error)
{
  const char *target = (const char *) sqlite3_column_text (stmt, 5);
  g_autoptr (RollComputer) computer = NULL;
  guint ordinal;

  if (target != NULL && g_utf8_validate (target, -1, NULL) &&
      roll_row_get_uint (stmt, 0, (gint64) G_MAXUINT32 + 1, &ordinal))
    {
      computer = roll_computer_new (ordinal, target);
      if (roll_sql_get_address (stmt, 6, &computer->address))
        return g_steal_pointer (&computer);
    }
  roll_row_set_damaged (stmt, "computers", error);
  return NULL;
}

gboolean
roll_store_foreach_attempt (RollStore *self, gint64 scan_id, RollStoreAttemptFunc func, gpointer user_data,
                            GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_auto (AttemptReader) reader = { 0 };
  GError *trouble = NULL;
  gboolean more = TRUE;

  g_return_val_if_fail (func != NULL, FALSE);

  if (connection.db == NULL ||
      !start_reading (&reader, connection.db,
                      "SELECT " ATTEMPT_COLUMNS ", c.target, c.address FROM attempts a JOIN computers c"
                      " ON c.scan = a.scan AND c.ordinal = a.ordinal"
                      " WHERE a.scan = ?1 AND a.number > 0 ORDER BY a.ordinal, a.number",
                      "SELECT " STEP_COLUMNS
                      " FROM steps WHERE scan = ?1 AND attempt > 0 ORDER BY ordinal, attempt, position",
                      scan_id, NULL, error))
    return FALSE;
  while (more)
    {
      g_autoptr (RollAttempt) attempt = next_attempt (&reader, &trouble);
      g_autoptr (RollComputer) computer =
          attempt != NULL ? read_short_computer (reader.attempts, &trouble) : NULL;

      more = computer != NULL && func (computer, attempt, user_data);
    }
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, trouble);
  return FALSE;
}

/* --- Of those that failed, a piece at a time ------------------------------------------------------------ */

#define FAILED_OF_PIECE                                                                                      \
  " JOIN computers c ON c.scan = a.scan AND c.ordinal = a.ordinal"                                           \
  " WHERE c.scan = ?1 AND c.ordinal >= ?2 AND c.ordinal < ?3 AND c.status > 0"

static void
keep_attempt (GHashTable *lists, guint ordinal, RollAttempt *attempt)
{
  GPtrArray *list = g_hash_table_lookup (lists, GUINT_TO_POINTER (ordinal));

  if (list == NULL)
    {
      list = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_attempt_free);
      g_hash_table_insert (lists, GUINT_TO_POINTER (ordinal), list);
    }
  g_ptr_array_add (list, attempt);
}

static gboolean
start_piece (AttemptReader *reader, sqlite3 *db, gint64 scan_id, guint first, guint n, GError **error)
{
  GError *trouble = NULL;

  if (!roll_sql_exec (db, "BEGIN", error) || !roll_store_check_scan (db, scan_id, error))
    return FALSE;
  reader->attempts = roll_store_prepare_for_scan (db,
                                                  "SELECT " ATTEMPT_COLUMNS " FROM attempts a" FAILED_OF_PIECE
                                                  " AND a.number > 0 ORDER BY a.ordinal, a.number",
                                                  scan_id, error);
  if (reader->attempts != NULL)
    reader->steps = roll_store_prepare_for_scan (
        db,
        "SELECT a.ordinal, a.attempt, a.step, a.said_by, a.offset_us, a.duration_us, a.error_space, a.error_number,"
        " a.peer, a.detail FROM steps a" FAILED_OF_PIECE " AND a.attempt > 0 ORDER BY a.ordinal, a.attempt, a.position",
        scan_id, error);
  if (reader->steps == NULL)
    return FALSE;
  for (guint i = 0; i < 2; i++)
    {
      sqlite3_bind_int64 (i == 0 ? reader->attempts : reader->steps, 2, first);
      sqlite3_bind_int64 (i == 0 ? reader->attempts : reader->steps, 3, (gint64) first + n);
    }
  reader->has_step = roll_sql_next (reader->steps, &trouble);
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, trouble);
  return FALSE;
}

GHashTable *
roll_store_get_failed_attempts (RollStore *self, gint64 scan_id, guint first, guint n, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_auto (AttemptReader) reader = { 0 };
  g_autoptr (GHashTable) lists = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  RollAttempt *attempt;
  GError *trouble = NULL;

  if (connection.db == NULL || !start_piece (&reader, connection.db, scan_id, first, n, error))
    return NULL;
  while ((attempt = next_attempt (&reader, &trouble)) != NULL)
    keep_attempt (lists, (guint) sqlite3_column_int64 (reader.attempts, 0), attempt);
  if (trouble == NULL)
    return g_steal_pointer (&lists);
  g_propagate_error (error, trouble);
  return NULL;
}
