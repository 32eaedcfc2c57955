/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-collectors.h"
#include "report/roll-sheet.h"
#include "scan/roll-work-progress.h"
#include "store/roll-store.h"

G_BEGIN_DECLS

typedef enum
{
  ROLL_EXPORT_COMPUTERS,
  ROLL_EXPORT_STEPS,
  ROLL_EXPORT_COLLECTED,
  ROLL_EXPORT_CHANGES, /* since an earlier scan */
  ROLL_EXPORT_REPORT,  /* the page of roll_report_write_html(), whatever the format */
} RollExportTable;

/**
 * RollExport: what is written, and how.
 * @collector: of COLLECTED: whose rows
 * @before: of CHANGES: the earlier scan
 * @raw: of CSV: leave cells alone that a spreadsheet would take for a formula
 * @redactor: (nullable): tokens instead of what tells who and where
 */
typedef struct
{
  RollExportTable table;
  const RollCollector *collector;
  gint64 before;
  RollSheetFormat format;
  gboolean raw;
  RollRedactor *redactor;
} RollExport;

/**
 * roll_export_write:
 * @path: "-": standard output
 * @progress: (nullable):
 *
 * Errors: the store's and the file's; G_IO_ERROR_CANCELLED; G_IO_ERROR_INVALID_DATA for rows that can't be read.
 */
gboolean roll_export_write (RollStore *store, gint64 scan_id, const RollExport *what, const char *path,
                            RollWorkProgress *progress, GCancellable *cancellable, GError **error);

G_END_DECLS
