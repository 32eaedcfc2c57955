/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "store/roll-sql.h"
#include "store/roll-store.h"

G_BEGIN_DECLS

/* Beyond RollScanState, in the database only: being deleted, to be forgotten by every query. */
#define ROLL_SCAN_DELETED 3

/**
 * RollConnection:
 *
 * A connection of one thread's own for a while. Declare it before the statements on it, so that they are
 * finalized before it goes back to the pool.
 */
typedef struct
{
  RollStore *store;
  sqlite3 *db; /* NULL: there is none, see the error */
} RollConnection;

/* FALSE for a store that was opened for reading only. */
gboolean roll_store_check_writable (RollStore *self, GError **error);

RollConnection roll_store_connect (RollStore *self, GError **error);
void roll_connection_clear (RollConnection *connection);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RollConnection, roll_connection_clear)

/*
 * Around every transaction that writes: writers of one process queue here, so that SQLite's busy handler,
 * which sleeps, is left for other processes. begin leaves nothing to undo when it fails; end commits when
 * @good, else rolls back, and returns whether the transaction is on disk.
 */
gboolean roll_store_begin_write (RollStore *self, sqlite3 *db, GError **error);
gboolean roll_store_end_write (RollStore *self, sqlite3 *db, gboolean good, GError **error);

/* A statement that reads @scan_id, bound as parameter 1. */
sqlite3_stmt *roll_store_prepare_for_scan (sqlite3 *db, const char *sql, gint64 scan_id, GError **error);
gboolean roll_store_set_no_scan (GError **error, gint64 scan_id);
/* FALSE with NOT_FOUND when there is none. */
gboolean roll_store_check_scan (sqlite3 *db, gint64 scan_id, GError **error);

/* One statement about a scan, ?1, in its own transaction; @text, if any, is ?2. *ret_changes: its rows. */
gboolean roll_store_change_scan (RollStore *self, sqlite3 *db, const char *sql, gint64 id, const char *text,
                                 int *ret_changes, GError **error);

/* --- Rows: columns checked before they become values; a damaged file may hold anything ------------------ */

/* FALSE when the number in @column is not below @n. */
gboolean roll_row_get_uint (sqlite3_stmt *stmt, int column, gint64 n, guint *ret_value);
gboolean roll_row_get_status (sqlite3_stmt *stmt, int column, RollStatus *ret_status);
/* Of two columns. */
gboolean roll_row_get_error_number (sqlite3_stmt *stmt, int column, RollErrorNumber *ret_number);
gboolean roll_row_set_damaged (sqlite3_stmt *stmt, const char *table, GError **error); /* always FALSE */

/* Of "computers p", what roll_row_read_computer() wants as the first columns. */
#define ROLL_ROW_COMPUTER_COLUMNS                                                                            \
  "p.ordinal, p.target, p.address, p.status, p.step, p.said_by, p.error_space, p.error_number, p.attempts, "  \
  "p.started_at, p.duration_us, p.credential, p.classes_collected, p.classes_planned, p.computer_name, "      \
  "p.domain, p.os, p.os_version, p.os_build, p.manufacturer, p.model, p.serial_number, p.processors, "        \
  "p.cores, p.memory_bytes"
#define ROLL_ROW_N_COMPUTER_COLUMNS 25

RollComputer *roll_row_read_computer (sqlite3_stmt *stmt, GError **error);

/* --- What Active Directory told ------------------------------------------------------------------------- */

/* "computers p" with that beside it; "scan" and "ordinal" are the same in both. */
#define ROLL_ROW_KNOWN_COLUMNS ROLL_ROW_COMPUTER_COLUMNS ", d.ou, d.last_logon, d.system, d.enabled"
#define ROLL_ROW_KNOWN_TABLES "computers p LEFT JOIN directory_facts d USING (scan, ordinal)"

/* With these columns. */
RollComputer *roll_row_read_known_computer (sqlite3_stmt *stmt, GError **error);

/* Within a transaction. */
gboolean roll_store_insert_directory (sqlite3 *db, gint64 scan_id, GHashTable *directory, guint n_targets, GError **error);

/* --- Findings ------------------------------------------------------------------------------------------- */

/* One that is about no computer is left out: it must not hold up a journal. */
#define ROLL_FINDING_PUT_SQL                                                                                 \
  "INSERT INTO findings SELECT ?1, ?2, ?3, ?4, ?5"                                                           \
  " WHERE EXISTS (SELECT 1 FROM computers WHERE scan = ?1 AND ordinal = ?2)"                                 \
  " ON CONFLICT DO UPDATE SET at = excluded.at, detail = excluded.detail"
/* @stmt: of this SQL, the scan bound */
gboolean roll_finding_put (sqlite3_stmt *stmt, const RollFinding *finding, GError **error);

/* Attempts of one computer whose numbers lie between; they count from @above. */
GPtrArray *roll_store_read_attempts (RollStore *self, gint64 scan_id, guint ordinal, gint64 above, gint64 below,
                                     GError **error);

/* roll_journal_reopen() for who holds the claim. */
GPtrArray *roll_store_reopen (RollStore *self, gint64 scan_id, GArray *ordinals, GError **error);

/* --- Claims: who runs which scan ------------------------------------------------------------------------ */

/*
 * A scan is claimed by a lock on its byte of a file beside the database. The kernel lets go of it when the
 * process ends, however it ends, and a number that was given to another process since can't be taken for it.
 */
int roll_claim_open (const char *store_path); /* to ask with; -1 when nobody ever claimed */
gboolean roll_claim_is_held (int fd, gint64 scan_id);
/* Returns a descriptor that holds the claim until it is closed; -1 with BUSY or FAILED. */
int roll_claim_take (const char *store_path, gint64 scan_id, GError **error);

/* --- Files ---------------------------------------------------------------------------------------------- */

/* The file's absolute name, no symbolic link in its folder; with @create made 0600, its folders 0700. */
char *roll_store_prepare_file (const char *path, gboolean create, GError **error);
gboolean roll_store_set_not_there (GError **error, const char *path);

G_END_DECLS
