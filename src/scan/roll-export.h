/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-collectors.h"
#include "store/roll-store.h"

G_BEGIN_DECLS

typedef enum
{
  ROLL_EXPORT_COMPUTERS,
  ROLL_EXPORT_STEPS,
  ROLL_EXPORT_COLLECTED,
} RollExportTable;

/* @collector: of COLLECTED: whose rows */
typedef struct
{
  RollExportTable table;
  const RollCollector *collector;
} RollExport;

/* How far it is, for somebody who looks on from another thread: atomic. */
typedef struct
{
  int n_computers; /* done with, of the targets */
  int n_rows;      /* written */
} RollExportProgress;

/**
 * roll_export_write_csv:
 * @path: "-": standard output
 * @progress: (nullable):
 *
 * Errors: the store's and the file's; G_IO_ERROR_CANCELLED; G_IO_ERROR_INVALID_DATA for rows that can't be read.
 */
gboolean roll_export_write_csv (RollStore *store, gint64 scan_id, RollExport what, const char *path, gboolean raw,
                                RollExportProgress *progress, GCancellable *cancellable, GError **error);

G_END_DECLS
