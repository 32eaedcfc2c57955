/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "inventory/roll-computer.h"

G_BEGIN_DECLS

/*
 * RFC 4180 writer: UTF-8, CRLF, header row, quoted where needed. A row is written cell by cell; errors stick and come
 * out of roll_csv_close(). Output is buffered; a file appears under its name only when it is whole.
 */
typedef struct _RollCsv RollCsv;

/* @path "-": standard output. @raw: leave cells alone that a spreadsheet would take for a formula. */
RollCsv *roll_csv_open (const char *path, gboolean raw, GError **error);
void roll_csv_cell (RollCsv *csv, const char *text); /* NULL: empty */
void roll_csv_cell_number (RollCsv *csv, gint64 number);
void roll_csv_end_row (RollCsv *csv);
gboolean roll_csv_failed (RollCsv *csv);
/* Moves the file into place; on failure the old one stays. Frees @csv. */
gboolean roll_csv_close (RollCsv *csv, GError **error);
void roll_csv_discard (RollCsv *csv); /* nothing is written under the name; frees */

/* The contract's columns (design of `--what computers`), and `--what steps`. */
void roll_csv_computers_header (RollCsv *csv);
void roll_csv_computers_row (RollCsv *csv, RollComputer *computer);
void roll_csv_steps_header (RollCsv *csv);
void roll_csv_steps_rows (RollCsv *csv, RollComputer *computer, const RollAttempt *attempt);

/* "2026-11-22T06:56:01.123Z"; "" for 0. (transfer full) */
char *roll_time_format_utc (gint64 us);

G_END_DECLS
