/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-row-set.h"
#include "report/roll-change.h"
#include "report/roll-redactor.h"
#include "status/roll-causes.h"

G_BEGIN_DECLS

/*
 * Tables of what is stored, in the contract's columns, as CSV or as JSON lines: one object a row, the same columns as its
 * keys, numbers and truth values as such, arrays as arrays, null for what is not known. Written through a
 * RollOutputFile; errors stick and come out of roll_sheet_close().
 */
typedef struct _RollSheet RollSheet;

typedef enum
{
  ROLL_SHEET_CSV,
  ROLL_SHEET_JSON_LINES,
} RollSheetFormat;

/**
 * roll_sheet_open:
 * @path: "-": standard output
 * @raw: of CSV: leave cells alone that a spreadsheet would take for a formula
 * @redactor: (nullable): tokens instead of what tells who and where; must live as long as the sheet
 */
RollSheet *roll_sheet_open (const char *path, RollSheetFormat format, gboolean raw, RollRedactor *redactor, GError **error);
gboolean roll_sheet_failed (RollSheet *sheet);
/* Moves the file into place; on failure the old one stays. Frees @sheet. */
gboolean roll_sheet_close (RollSheet *sheet, GError **error);
void roll_sheet_discard (RollSheet *sheet); /* nothing is written under the name; frees */

/*
 * The contract's columns, one row per computer; what is not known stays empty, and so does status_code for a
 * state that is no result. likely_cause and advice are in the user's language, all else is not translated.
 */
void roll_sheet_begin_computers (RollSheet *sheet);
/* @cause: (nullable): the likeliest; what to do is of it or, when it has no fix of its own, of the status */
void roll_sheet_add_computer (RollSheet *sheet, const RollComputer *computer, const RollCause *cause);
/*
 * One row per step taken: target, address (of the computer), attempt, step, started_at, duration_us, peer,
 * said_by, error, error_name, detail.
 */
void roll_sheet_begin_steps (RollSheet *sheet);
void roll_sheet_add_steps (RollSheet *sheet, const RollComputer *computer, const RollAttempt *attempt);
/*
 * One row per row of what was collected: target, address, computer_name and @columns (NULL-terminated), which must live as long
 * as the sheet. NULL, and what the computer does not have, stays empty.
 */
void roll_sheet_begin_collected (RollSheet *sheet, const char *collector, const char *const *columns);
void roll_sheet_add_collected (RollSheet *sheet, const RollComputer *computer, const RollRowSet *rows);
/* One row per change: group, target, address, computer_name, field, item, before, after. */
void roll_sheet_begin_changes (RollSheet *sheet);
void roll_sheet_add_change (RollSheet *sheet, const RollChange *change);

G_END_DECLS
