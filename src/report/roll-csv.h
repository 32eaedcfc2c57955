/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * RFC 4180 writer: UTF-8, CRLF, header row, quoted where needed. A row is written cell by cell; errors stick
 * and come out of roll_csv_close(). The file is a RollOutputFile.
 */
typedef struct _RollCsv RollCsv;

/* @path "-": standard output. @raw: leave cells alone that a spreadsheet would take for a formula. */
RollCsv *roll_csv_open (const char *path, gboolean raw, GError **error);
void roll_csv_cell (RollCsv *csv, const char *text); /* NULL: empty */
void roll_csv_cell_number (RollCsv *csv, gint64 number);
void roll_csv_cell_plain (RollCsv *csv, const char *text); /* of a number: a minus sign makes no formula of it */
void roll_csv_end_row (RollCsv *csv);
gboolean roll_csv_failed (RollCsv *csv);
/* Moves the file into place; on failure the old one stays. Frees @csv. */
gboolean roll_csv_close (RollCsv *csv, GError **error);
void roll_csv_discard (RollCsv *csv); /* nothing is written under the name; frees */

#define ROLL_TIME_STRLEN 32

/* "2026-11-22T06:56:01.123Z"; "" for 0 and for what is no year of four digits. (transfer full) */
char *roll_time_format_utc (gint64 us);
/* The same without an allocation; returns @buffer. */
const char *roll_time_print_utc (gint64 us, char buffer[ROLL_TIME_STRLEN]);

G_END_DECLS
