/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ROLL_CSV_TEXT_MAX (64 * 1024 * 1024) /* bytes */
#define ROLL_CSV_CELL_MAX 65536              /* bytes */
#define ROLL_CSV_COLUMNS_MAX 1024

/*
 * Tables as others wrote them: RFC 4180 and what spreadsheets make of it. Commas, semicolons or tabs; quotes across
 * lines; LF, CRLF or CR; UTF-8 with or without BOM, UTF-16 with one, or else Windows-1252; Excel's “sep=;”. Read row by
 * row: nothing of it is kept.
 */
typedef struct _RollCsvReader RollCsvReader;

/**
 * roll_csv_reader_new:
 * @text: copied only where its encoding is another one; otherwise it must live as long as the reader
 * @delimiter: 0: found out from the first rows
 *
 * Errors: G_IO_ERROR_INVALID_DATA: what is wrong with the text as a whole
 */
RollCsvReader *roll_csv_reader_new (const char *text, gsize length, char delimiter, GError **error);
void roll_csv_reader_free (RollCsvReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollCsvReader, roll_csv_reader_free)

char roll_csv_reader_get_delimiter (RollCsvReader *self);

/**
 * roll_csv_reader_next: goes to the next row that has anything in it.
 *
 * Returns: FALSE at the end, or with @error, after which there is no more. Errors: G_IO_ERROR_INVALID_DATA
 */
gboolean roll_csv_reader_next (RollCsvReader *self, GError **error);

/* Of the row: where it begins, from 1 on; its cells, valid UTF-8 without blanks around it, until the next row. */
guint roll_csv_reader_get_line (RollCsvReader *self);
guint roll_csv_reader_get_n_cells (RollCsvReader *self);
const char *roll_csv_reader_get_cell (RollCsvReader *self, guint column); /* "" behind the last one */

G_END_DECLS
