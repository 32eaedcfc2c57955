/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <sqlite3.h>

#include "inventory/roll-address.h"

G_BEGIN_DECLS

/* What the files of this folder share to talk to SQLite. Not for other rooms. */

G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3, sqlite3_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (sqlite3_stmt, sqlite3_finalize)

/* How long a statement waits for another program's lock, milliseconds. */
#define ROLL_SQL_BUSY_TIMEOUT 3000

/* Sets @error to a ROLL_STORE_ERROR that says what went wrong in @db last and what to do. Always FALSE. */
gboolean roll_sql_set_error (GError **error, sqlite3 *db);
/* The same for a result code met before there is a connection. */
gboolean roll_sql_set_error_code (GError **error, const char *path, int code, int system_errno,
                                  const char *message);
/* What was read can't be right. Always FALSE. */
gboolean roll_sql_set_damaged (GError **error, const char *path, const char *what);

gboolean roll_sql_exec (sqlite3 *db, const char *sql, GError **error);
sqlite3_stmt *roll_sql_prepare (sqlite3 *db, const char *sql, GError **error);
/* Runs @stmt to its end, no rows wanted, and resets it. */
gboolean roll_sql_run (sqlite3_stmt *stmt, GError **error);
/* Steps to the next row; FALSE at the end (without error) and on an error. */
gboolean roll_sql_next (sqlite3_stmt *stmt, GError **error);
/* The number @sql gives, in its only row. */
gboolean roll_sql_get_int (sqlite3 *db, const char *sql, gint64 *ret_value, GError **error);

gboolean roll_sql_begin (sqlite3 *db, GError **error); /* BEGIN IMMEDIATE */
gboolean roll_sql_commit (sqlite3 *db, GError **error);
void roll_sql_rollback (sqlite3 *db); /* nothing when no transaction is open */

/* Binds without copying: @text must live until the statement was run. Invalid UTF-8 is repaired. */
void roll_sql_bind_text (sqlite3_stmt *stmt, int index, const char *text);
void roll_sql_bind_address (sqlite3_stmt *stmt, int index, const RollAddress *address, guint8 buffer[20]);

/* Returns: (transfer full) (nullable): valid UTF-8 */
char *roll_sql_dup_text (sqlite3_stmt *stmt, int column);
/* FALSE when the column holds something that is no address. */
gboolean roll_sql_get_address (sqlite3_stmt *stmt, int column, RollAddress *ret_address);

G_END_DECLS
