/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/roll-batch.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <sys/stat.h>

/* Every number that a status may have, lowest first. */
#define LOWEST_STATUS ROLL_STATUS_REACHABLE
#define N_STATUSES (ROLL_STATUS_OTHER_REASONS - LOWEST_STATUS + 1)
#define COLLECTED "1" /* in SQL */
G_STATIC_ASSERT (ROLL_CLASS_COLLECTED == 1);

typedef enum
{
  ADD_COMPUTER,
  OLD_STATUS,
  CHANGE_COMPUTER,
  ADD_ATTEMPT,
  DELETE_ATTEMPT,
  ADD_STEP,
  ADD_CLASS,
  ADD_EVENT,
  ADD_FINDING,
  ADD_TALLY,
  N_STATEMENTS,
} Statement;

/* Parameter 1 is the scan everywhere and stays bound. */
static const char *const statement_sql[N_STATEMENTS] = {
  [ADD_COMPUTER] = "INSERT INTO computers (scan, ordinal, target, address, status, step, said_by, error_space,"
                   " error_number, attempts, started_at, duration_us, credential, classes_collected,"
                   " classes_planned, computer_name, domain, os, os_version, os_build, manufacturer, model,"
                   " serial_number, processors, cores, memory_bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12,"
                   " ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26)"
                   " ON CONFLICT DO NOTHING",
  [OLD_STATUS] = "SELECT status FROM computers WHERE scan = ?1 AND ordinal = ?2",
  [CHANGE_COMPUTER] =
      "UPDATE computers SET target = ?3, address = ?4, status = ?5, step = ?6, said_by = ?7,"
      " error_space = ?8, error_number = ?9, attempts = ?10, started_at = ?11, duration_us = ?12,"
      " credential = ?13, classes_collected = ?14, classes_planned = ?15, computer_name = ?16, domain = ?17,"
      " os = ?18, os_version = ?19, os_build = ?20, manufacturer = ?21, model = ?22, serial_number = ?23,"
      " processors = ?24, cores = ?25, memory_bytes = ?26"
      " WHERE scan = ?1 AND ordinal = ?2",
  [ADD_ATTEMPT] = "INSERT INTO attempts VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
  [DELETE_ATTEMPT] = "DELETE FROM attempts WHERE scan = ?1 AND ordinal = ?2 AND number = ?3",
  [ADD_STEP] = "INSERT INTO steps VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
  /* The later result stands, but what was collected gives way to nothing less. */
  [ADD_CLASS] =
      "INSERT INTO classes (scan, ordinal, collector, attempt, outcome, step, said_by, error_space, error_number,"
      " started_at, duration_us, n_rows, rows)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
      " ON CONFLICT DO UPDATE SET attempt = excluded.attempt, outcome = excluded.outcome, step = excluded.step,"
      " said_by = excluded.said_by, error_space = excluded.error_space, error_number = excluded.error_number,"
      " started_at = excluded.started_at, duration_us = excluded.duration_us, n_rows = excluded.n_rows,"
      " rows = excluded.rows, earlier = 0 WHERE outcome <> " COLLECTED " OR excluded.outcome = " COLLECTED,
  [ADD_EVENT] = "INSERT INTO events (scan, at, kind, detail) VALUES (?1, ?2, ?3, ?4)",
  [ADD_FINDING] = ROLL_FINDING_PUT_SQL,
  [ADD_TALLY] = "INSERT INTO tallies VALUES (?1, ?2, ?3)"
                " ON CONFLICT DO UPDATE SET count = count + excluded.count",
};

struct _RollBatch
{
  RollStore *store;
  gint64 scan_id;
  RollConnection connection;
  sqlite3_stmt *statements[N_STATEMENTS];
  struct stat file; /* as it was when the connection was made */
  gint changes[N_STATUSES]; /* of the tallies, by status - LOWEST_STATUS */
};

void
roll_record_clear (RollRecord *record)
{
  g_clear_pointer (&record->computer, roll_computer_unref);
  g_clear_pointer (&record->attempt, roll_attempt_free);
  g_clear_pointer (&record->event, roll_store_event_free);
  g_clear_pointer (&record->finding, roll_finding_free);
}

RollBatch *
roll_batch_new (RollStore *store, gint64 scan_id)
{
  RollBatch *batch = g_new0 (RollBatch, 1);

  batch->store = store;
  batch->scan_id = scan_id;
  return batch;
}

static void
disconnect (RollBatch *batch)
{
  for (guint i = 0; i < N_STATEMENTS; i++)
    g_clear_pointer (&batch->statements[i], sqlite3_finalize);
  roll_connection_clear (&batch->connection);
}

void
roll_batch_free (RollBatch *batch)
{
  disconnect (batch);
  g_free (batch);
}

static gboolean
prepare (RollBatch *batch, GError **error)
{
  for (guint i = 0; i < N_STATEMENTS; i++)
    {
      batch->statements[i] =
          roll_store_prepare_for_scan (batch->connection.db, statement_sql[i], batch->scan_id, error);
      if (batch->statements[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

static gboolean
ensure_connected (RollBatch *batch, GError **error)
{
  if (batch->connection.db != NULL)
    return TRUE;
  batch->connection = roll_store_connect (batch->store, error);
  if (batch->connection.db == NULL)
    return FALSE;
  if (stat (roll_store_get_path (batch->store), &batch->file) == 0 && prepare (batch, error))
    return TRUE;
  disconnect (batch);
  return FALSE;
}

/* SQLite would go on writing into a file that nobody finds any more. */
static gboolean
check_in_place (RollBatch *batch, GError **error)
{
  const char *path = roll_store_get_path (batch->store);
  struct stat now;

  if (stat (path, &now) == 0 && now.st_dev == batch->file.st_dev && now.st_ino == batch->file.st_ino)
    return TRUE;
  g_set_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_FAILED,
               _("Database “%s” was moved or deleted while it was in use. Put it back under this name."),
               path);
  return FALSE;
}

static void
count_change (RollBatch *batch, int status, int change)
{
  if (status >= LOWEST_STATUS && status < LOWEST_STATUS + N_STATUSES)
    batch->changes[status - LOWEST_STATUS] += change;
}

/* Binds ?16 to ?26. */
static void
bind_facts (sqlite3_stmt *stmt, const RollFacts *facts)
{
  static const RollFacts none = { 0 };

  if (facts == NULL)
    facts = &none;
  roll_sql_bind_text (stmt, 16, facts->computer_name);
  roll_sql_bind_text (stmt, 17, facts->domain);
  roll_sql_bind_text (stmt, 18, facts->os);
  roll_sql_bind_text (stmt, 19, facts->os_version);
  roll_sql_bind_text (stmt, 20, facts->os_build);
  roll_sql_bind_text (stmt, 21, facts->manufacturer);
  roll_sql_bind_text (stmt, 22, facts->model);
  roll_sql_bind_text (stmt, 23, facts->serial_number);
  sqlite3_bind_int64 (stmt, 24, facts->processors);
  sqlite3_bind_int64 (stmt, 25, facts->cores);
  sqlite3_bind_int64 (stmt, 26, (gint64) facts->memory_bytes);
}

/* Binds ?2 to ?26 of ADD_COMPUTER and CHANGE_COMPUTER. */
static void
bind_computer (sqlite3_stmt *stmt, const RollComputer *computer, guint8 address[20])
{
  sqlite3_bind_int64 (stmt, 2, computer->ordinal);
  roll_sql_bind_text (stmt, 3, computer->target);
  roll_sql_bind_address (stmt, 4, &computer->address, address);
  sqlite3_bind_int (stmt, 5, (int) computer->status);
  sqlite3_bind_int (stmt, 6, (int) computer->step);
  sqlite3_bind_int (stmt, 7, (int) computer->said_by);
  sqlite3_bind_int (stmt, 8, (int) computer->error.space);
  sqlite3_bind_int64 (stmt, 9, computer->error.number);
  sqlite3_bind_int64 (stmt, 10, computer->attempts);
  sqlite3_bind_int64 (stmt, 11, computer->started_at);
  sqlite3_bind_int64 (stmt, 12, computer->duration_us);
  roll_sql_bind_text (stmt, 13, computer->credential);
  sqlite3_bind_int64 (stmt, 14, computer->classes_collected);
  sqlite3_bind_int64 (stmt, 15, computer->classes_planned);
  bind_facts (stmt, computer->facts);
}

static gboolean
change_computer (RollBatch *batch, const RollComputer *computer, GError **error)
{
  sqlite3_stmt *old = batch->statements[OLD_STATUS];
  sqlite3_stmt *change = batch->statements[CHANGE_COMPUTER];
  guint8 address[20];

  sqlite3_bind_int64 (old, 2, computer->ordinal);
  if (sqlite3_step (old) == SQLITE_ROW)
    count_change (batch, sqlite3_column_int (old, 0), -1);
  if (sqlite3_reset (old) != SQLITE_OK)
    return roll_sql_set_error (error, batch->connection.db);
  bind_computer (change, computer, address);
  return roll_sql_run (change, error);
}

/* Nearly all are new: the row is looked for only when it turns out to be there. */
static gboolean
write_computer (RollBatch *batch, const RollComputer *computer, GError **error)
{
  sqlite3_stmt *add = batch->statements[ADD_COMPUTER];
  guint8 address[20];

  bind_computer (add, computer, address);
  if (!roll_sql_run (add, error))
    return FALSE;
  count_change (batch, (int) computer->status, 1);
  return sqlite3_changes (batch->connection.db) > 0 || change_computer (batch, computer, error);
}

static gboolean
add_attempt (RollBatch *batch, guint32 ordinal, const RollAttempt *attempt, gboolean *ret_added,
             GError **error)
{
  sqlite3_stmt *add = batch->statements[ADD_ATTEMPT];

  sqlite3_bind_int64 (add, 2, ordinal);
  sqlite3_bind_int64 (add, 3, attempt->number);
  sqlite3_bind_int (add, 4, (int) attempt->status);
  sqlite3_bind_int64 (add, 5, attempt->started_at);
  sqlite3_bind_int64 (add, 6, attempt->duration_us);
  if (!roll_sql_run (add, error))
    return FALSE;
  *ret_added = sqlite3_changes (batch->connection.db) > 0;
  return TRUE;
}

static gboolean
delete_attempt (RollBatch *batch, guint32 ordinal, guint number, GError **error)
{
  sqlite3_stmt *stmt = batch->statements[DELETE_ATTEMPT];

  sqlite3_bind_int64 (stmt, 2, ordinal);
  sqlite3_bind_int64 (stmt, 3, number);
  return roll_sql_run (stmt, error);
}

static gboolean
write_step (RollBatch *batch, guint32 ordinal, const RollAttempt *attempt, guint position, GError **error)
{
  const RollStepRecord *record = &g_array_index (attempt->steps, RollStepRecord, position);
  sqlite3_stmt *stmt = batch->statements[ADD_STEP];

  sqlite3_bind_int64 (stmt, 2, ordinal);
  sqlite3_bind_int64 (stmt, 3, attempt->number);
  sqlite3_bind_int64 (stmt, 4, position);
  sqlite3_bind_int (stmt, 5, (int) record->step);
  sqlite3_bind_int (stmt, 6, (int) record->said_by);
  sqlite3_bind_int64 (stmt, 7, record->started_at - attempt->started_at);
  sqlite3_bind_int64 (stmt, 8, record->duration_us);
  sqlite3_bind_int (stmt, 9, (int) record->error.space);
  sqlite3_bind_int64 (stmt, 10, record->error.number);
  roll_sql_bind_text (stmt, 11, record->peer);
  roll_sql_bind_text (stmt, 12, record->detail);
  return roll_sql_run (stmt, error);
}

static void
bind_rows (sqlite3_stmt *stmt, int index, GBytes *rows)
{
  gsize length = 0;
  gconstpointer bytes = rows != NULL ? g_bytes_get_data (rows, &length) : NULL;

  if (rows == NULL)
    sqlite3_bind_null (stmt, index);
  else if (length == 0)
    sqlite3_bind_zeroblob (stmt, index, 0);
  else
    sqlite3_bind_blob64 (stmt, index, bytes, length, SQLITE_STATIC);
}

static gboolean
write_class (RollBatch *batch, guint32 ordinal, guint attempt, const RollClassResult *result, GError **error)
{
  sqlite3_stmt *stmt = batch->statements[ADD_CLASS];

  sqlite3_bind_int64 (stmt, 2, ordinal);
  roll_sql_bind_text (stmt, 3, result->id);
  sqlite3_bind_int64 (stmt, 4, attempt);
  sqlite3_bind_int (stmt, 5, (int) result->outcome);
  sqlite3_bind_int (stmt, 6, (int) result->step);
  sqlite3_bind_int (stmt, 7, (int) result->said_by);
  sqlite3_bind_int (stmt, 8, (int) result->error.space);
  sqlite3_bind_int64 (stmt, 9, result->error.number);
  sqlite3_bind_int64 (stmt, 10, result->started_at);
  sqlite3_bind_int64 (stmt, 11, result->duration_us);
  sqlite3_bind_int64 (stmt, 12, result->n_rows);
  bind_rows (stmt, 13, result->rows);
  return roll_sql_run (stmt, error);
}

/* An attempt that was cut short is made again under its number after a resume: the later one stands. */
static gboolean
write_attempt (RollBatch *batch, guint32 ordinal, const RollAttempt *attempt, GError **error)
{
  gboolean added;

  if (!add_attempt (batch, ordinal, attempt, &added, error))
    return FALSE;
  if (!added && (!delete_attempt (batch, ordinal, attempt->number, error) ||
                 !add_attempt (batch, ordinal, attempt, &added, error)))
    return FALSE;
  for (guint i = 0; i < attempt->steps->len; i++)
    if (!write_step (batch, ordinal, attempt, i, error))
      return FALSE;
  for (guint i = 0; attempt->classes != NULL && i < attempt->classes->len; i++)
    if (!write_class (batch, ordinal, attempt->number, g_ptr_array_index (attempt->classes, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
write_event (RollBatch *batch, const RollStoreEvent *event, GError **error)
{
  sqlite3_stmt *stmt = batch->statements[ADD_EVENT];

  sqlite3_bind_int64 (stmt, 2, event->at);
  roll_sql_bind_text (stmt, 3, event->kind);
  roll_sql_bind_text (stmt, 4, event->detail);
  return roll_sql_run (stmt, error);
}

static gboolean
write_record (RollBatch *batch, const RollRecord *record, GError **error)
{
  if (record->event != NULL)
    return write_event (batch, record->event, error);
  if (record->finding != NULL)
    return roll_finding_put (batch->statements[ADD_FINDING], record->finding, error);
  return write_computer (batch, record->computer, error) &&
         write_attempt (batch, record->computer->ordinal, record->attempt, error);
}

static gboolean
write_tallies (RollBatch *batch, GError **error)
{
  sqlite3_stmt *stmt = batch->statements[ADD_TALLY];

  for (int i = 0; i < N_STATUSES; i++)
    {
      if (batch->changes[i] == 0)
        continue;
      sqlite3_bind_int (stmt, 2, LOWEST_STATUS + i);
      sqlite3_bind_int (stmt, 3, batch->changes[i]);
      if (!roll_sql_run (stmt, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
write_all (RollBatch *batch, const RollRecord *records, guint n_records, GError **error)
{
  memset (batch->changes, 0, sizeof batch->changes);
  for (guint i = 0; i < n_records; i++)
    if (!write_record (batch, &records[i], error))
      return FALSE;
  return write_tallies (batch, error);
}

gboolean
roll_batch_write (RollBatch *batch, const RollRecord *records, guint n_records, GError **error)
{
  gboolean good;

  if (!ensure_connected (batch, error) || !check_in_place (batch, error) ||
      !roll_store_begin_write (batch->store, batch->connection.db, error))
    return FALSE;
  good = write_all (batch, records, n_records, error);
  return roll_store_end_write (batch->store, batch->connection.db, good, error);
}

#define FINISHED "2" /* in SQL */
G_STATIC_ASSERT (ROLL_SCAN_FINISHED == 2);

/* A scan that was finished took as long as it took, whenever some of its computers are tested again. */
static const char *
state_sql (RollScanState state)
{
  if (state == ROLL_SCAN_RUNNING)
    return "UPDATE scans SET state = ?2, finished_at = CASE state WHEN " FINISHED " THEN finished_at ELSE 0 END,"
           " started_at = CASE started_at WHEN 0 THEN ?3 ELSE started_at END WHERE id = ?1 AND state < 3";
  return "UPDATE scans SET state = ?2, finished_at = CASE finished_at WHEN 0 THEN ?3 ELSE finished_at END"
         " WHERE id = ?1 AND state < 3";
}

static gboolean
run_state (RollBatch *batch, RollScanState state, GError **error)
{
  g_autoptr (sqlite3_stmt) stmt =
      roll_store_prepare_for_scan (batch->connection.db, state_sql (state), batch->scan_id, error);

  if (stmt == NULL)
    return FALSE;
  sqlite3_bind_int (stmt, 2, (int) state);
  sqlite3_bind_int64 (stmt, 3, g_get_real_time ());
  if (!roll_sql_run (stmt, error))
    return FALSE;
  return sqlite3_changes (batch->connection.db) > 0 ? TRUE : roll_store_set_no_scan (error, batch->scan_id);
}

gboolean
roll_batch_write_state (RollBatch *batch, RollScanState state, GError **error)
{
  gboolean good;

  if (!ensure_connected (batch, error) || !check_in_place (batch, error) ||
      !roll_store_begin_write (batch->store, batch->connection.db, error))
    return FALSE;
  good = run_state (batch, state, error);
  return roll_store_end_write (batch->store, batch->connection.db, good, error);
}

void
roll_batch_checkpoint (RollBatch *batch)
{
  if (batch->connection.db != NULL)
    sqlite3_wal_checkpoint_v2 (batch->connection.db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}
