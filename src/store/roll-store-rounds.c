/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/roll-batch.h"

/*
 * Of a computer that is tested again, what was found before is kept as a round. The numbers of its attempts move out of the
 * way, below zero: an attempt of the present test keeps the small number that the engine gives it, and whoever reads
 * attempts sees those of the present test alone. Earlier rounds stay in order.
 */
#define SHIFT 65536  /* more than any attempt's number */
#define ROUNDS_MAX 1000000
/* SQL: what the numbers of a round are moved by. */
#define MOVED_BY(round) "(" G_STRINGIFY (SHIFT) " * (" round " - " G_STRINGIFY (ROUNDS_MAX) "))"

#define CHOSEN "scan = ?1 AND ordinal = ?2"
/* Asked, and come to an end: the rest has nothing to be kept. */
#define OF_INTEREST "EXISTS (SELECT 1 FROM computers WHERE " CHOSEN " AND attempts > 0)"

/* One computer, ?2, is made ready to be asked again, in this order. */
static const char *const reopen_sql[] = {
  "UPDATE tallies SET count = count - 1 WHERE scan = ?1"
  " AND status = (SELECT status FROM computers WHERE " CHOSEN ")",
  "INSERT INTO rounds SELECT scan, ordinal, round, address, status, step, said_by, error_space, error_number, attempts,"
  " started_at, duration_us, credential, classes_collected, classes_planned"
  " FROM computers WHERE " CHOSEN " AND attempts > 0",
  "UPDATE attempts SET number = number + (SELECT " MOVED_BY ("round") " FROM computers WHERE " CHOSEN ")"
  " WHERE " CHOSEN " AND number > 0 AND " OF_INTEREST,
  "UPDATE steps SET attempt = attempt + (SELECT " MOVED_BY ("round") " FROM computers WHERE " CHOSEN ")"
  " WHERE " CHOSEN " AND attempt > 0 AND " OF_INTEREST,
  "UPDATE classes SET earlier = 1 WHERE " CHOSEN,
  "DELETE FROM findings WHERE " CHOSEN " AND kind = 'ports'", /* seen then; what somebody told of the computer stays */
  "UPDATE computers SET round = round + (attempts > 0), status = ?3, step = 0, said_by = 0, error_space = 0,"
  " error_number = 0, attempts = 0, started_at = 0, duration_us = 0, credential = NULL, classes_collected = 0,"
  " classes_planned = 0 WHERE " CHOSEN,
  "INSERT INTO tallies VALUES (?1, ?3, 1) ON CONFLICT DO UPDATE SET count = count + 1",
};

typedef struct
{
  sqlite3 *db;
  sqlite3_stmt *statements[G_N_ELEMENTS (reopen_sql)];
  sqlite3_stmt *row;
} Reopener;

static void
reopener_clear (Reopener *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->statements); i++)
    sqlite3_finalize (self->statements[i]);
  sqlite3_finalize (self->row);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reopener, reopener_clear)

static gboolean
prepare (Reopener *self, sqlite3 *db, gint64 scan_id, GError **error)
{
  self->db = db;
  self->row = roll_store_prepare_for_scan (
      db, "SELECT " ROLL_ROW_KNOWN_COLUMNS " FROM " ROLL_ROW_KNOWN_TABLES " WHERE " CHOSEN, scan_id, error);
  if (self->row == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (reopen_sql); i++)
    {
      self->statements[i] = roll_store_prepare_for_scan (db, reopen_sql[i], scan_id, error);
      if (self->statements[i] == NULL)
        return FALSE;
      if (sqlite3_bind_parameter_count (self->statements[i]) >= 3)
        sqlite3_bind_int (self->statements[i], 3, ROLL_STATUS_NOT_STARTED);
    }
  return TRUE;
}

/* NULL without an error: it has no row. */
static RollComputer *
read_row (Reopener *self, guint32 ordinal, GError **error)
{
  RollComputer *computer = NULL;

  sqlite3_bind_int64 (self->row, 2, ordinal);
  if (roll_sql_next (self->row, error))
    computer = roll_row_read_known_computer (self->row, error);
  sqlite3_reset (self->row);
  return computer;
}

static gboolean
run_statements (Reopener *self, guint32 ordinal, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->statements); i++)
    {
      if (sqlite3_bind_parameter_count (self->statements[i]) >= 2)
        sqlite3_bind_int64 (self->statements[i], 2, ordinal);
      if (!roll_sql_run (self->statements[i], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
reopen_one (Reopener *self, guint32 ordinal, GPtrArray *reopened, GError **error)
{
  GError *trouble = NULL;
  RollComputer *before = read_row (self, ordinal, &trouble);
  RollComputer *after = NULL;

  if (before != NULL && run_statements (self, ordinal, &trouble))
    after = read_row (self, ordinal, &trouble);
  g_clear_pointer (&before, roll_computer_unref);
  if (after != NULL)
    g_ptr_array_add (reopened, after);
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, trouble);
  return FALSE;
}

/* The steps name their attempt: both move within one transaction. */
static gboolean
reopen_all (sqlite3 *db, gint64 scan_id, GArray *ordinals, GPtrArray *reopened, GError **error)
{
  g_auto (Reopener) reopener = { 0 };

  if (!roll_sql_exec (db, "PRAGMA defer_foreign_keys = ON", error) || !prepare (&reopener, db, scan_id, error))
    return FALSE;
  for (guint i = 0; i < ordinals->len; i++)
    if (!reopen_one (&reopener, g_array_index (ordinals, guint32, i), reopened, error))
      return FALSE;
  return TRUE;
}

GPtrArray *
roll_store_reopen (RollStore *self, gint64 scan_id, GArray *ordinals, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_autoptr (GPtrArray) reopened = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_computer_unref);
  gboolean good;

  if (connection.db == NULL || !roll_store_begin_write (self, connection.db, error))
    return NULL;
  good = reopen_all (connection.db, scan_id, ordinals, reopened, error);
  return roll_store_end_write (self, connection.db, good, error) ? g_steal_pointer (&reopened) : NULL;
}

/* --- Reading ------------------------------------------------------------------------------------------------ */

void
roll_store_round_free (RollStoreRound *round)
{
  roll_computer_unref (round->computer);
  g_ptr_array_unref (round->attempts);
  g_free (round);
}

/* What the computer is stays with its row; the round tells how it was found. */
#define ROUND_TABLE                                                                                          \
  "(SELECT r.scan, r.ordinal, r.round, c.target, r.address, r.status, r.step, r.said_by, r.error_space,"     \
  " r.error_number, r.attempts, r.started_at, r.duration_us, r.credential, r.classes_collected,"             \
  " r.classes_planned, c.computer_name, c.domain, c.os, c.os_version, c.os_build, c.manufacturer, c.model,"  \
  " c.serial_number, c.processors, c.cores, c.memory_bytes"                                                  \
  " FROM rounds r JOIN computers c ON c.scan = r.scan AND c.ordinal = r.ordinal)"

static gboolean
read_round (RollStore *self, gint64 scan_id, sqlite3_stmt *stmt, GPtrArray *rounds, GError **error)
{
  gint64 round = sqlite3_column_int64 (stmt, ROLL_ROW_N_COMPUTER_COLUMNS);
  gint64 first = SHIFT * (round - ROUNDS_MAX);
  g_autoptr (RollComputer) computer = roll_row_read_computer (stmt, error);
  RollStoreRound *found;
  GPtrArray *attempts;

  if (computer == NULL)
    return FALSE;
  attempts = roll_store_read_attempts (self, scan_id, computer->ordinal, first, first + SHIFT, error);
  if (attempts == NULL)
    return FALSE;
  found = g_new (RollStoreRound, 1);
  found->computer = g_steal_pointer (&computer);
  found->attempts = attempts;
  g_ptr_array_add (rounds, found);
  return TRUE;
}

GPtrArray *
roll_store_get_rounds (RollStore *self, gint64 scan_id, guint ordinal, GError **error)
{
  g_auto (RollConnection) connection = roll_store_connect (self, error);
  g_autoptr (GPtrArray) rounds = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_store_round_free);
  g_autoptr (sqlite3_stmt) stmt = NULL;
  GError *trouble = NULL;

  if (connection.db == NULL || !roll_store_check_scan (connection.db, scan_id, error))
    return NULL;
  stmt = roll_store_prepare_for_scan (connection.db,
                                      "SELECT " ROLL_ROW_COMPUTER_COLUMNS ", p.round FROM " ROUND_TABLE " p"
                                      " WHERE " CHOSEN " ORDER BY p.round",
                                      scan_id, error);
  if (stmt == NULL)
    return NULL;
  sqlite3_bind_int64 (stmt, 2, ordinal);
  while (roll_sql_next (stmt, &trouble) && read_round (self, scan_id, stmt, rounds, &trouble))
    ;
  if (trouble == NULL)
    return g_steal_pointer (&rounds);
  g_propagate_error (error, trouble);
  return NULL;
}
