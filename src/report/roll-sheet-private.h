/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/roll-csv.h"
#include "report/roll-sheet.h"

G_BEGIN_DECLS

/* A sheet is filled cell by cell, in the order of its columns. */

void roll_sheet_set_columns (RollSheet *sheet, const char *const *columns, guint n_columns, const char *const *more);
void roll_sheet_end_row (RollSheet *sheet);

/* @computer: (nullable): whose row it is */
void roll_sheet_text (RollSheet *sheet, RollPrivacy privacy, const char *text, const RollComputer *computer);
void roll_sheet_number (RollSheet *sheet, gint64 number);
void roll_sheet_count (RollSheet *sheet, guint64 count); /* 0: not known */
void roll_sheet_empty (RollSheet *sheet);
void roll_sheet_time (RollSheet *sheet, gint64 us);
void roll_sheet_address (RollSheet *sheet, const RollAddress *address);
void roll_sheet_value (RollSheet *sheet, RollPrivacy privacy, const RollCimValue *value, const RollComputer *computer);

RollRedactor *roll_sheet_get_redactor (RollSheet *sheet); /* (nullable) */
const char *const *roll_sheet_get_more (RollSheet *sheet); /* the columns behind the first */
void roll_sheet_set_collector (RollSheet *sheet, const char *collector);
RollPrivacy roll_sheet_get_privacy (RollSheet *sheet, guint column); /* of those behind the first */

G_END_DECLS
