/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-scan-arguments.h"
#include "scan/roll-scan.h"

G_BEGIN_DECLS

/**
 * RollScanRun: a scan that is ready, and what the user wants to see of it; everything borrowed.
 * @database: as given on the command line, for the hints; NULL when it was not
 * @csv: (nullable): where the results go when done; "-" takes standard output, the summary then goes to
 * standard error
 * @resumed: it goes on
 * @in_part: only some of its computers are tested, again: whoever wants that sums it up
 * @n_wrong: entries that were left out
 */
typedef struct
{
  RollStore *store;
  RollScan *scan;
  const char *database;
  const char *csv;
  gboolean csv_raw;
  gboolean as_json;
  gboolean resumed;
  gboolean in_part;
  guint n_wrong;
} RollScanRun;

/* A scan as the command line wants it; @in_part, @n_wrong: see above. */
RollExit roll_scan_arguments_run (const RollScanArguments *arguments, RollStore *store, RollScan *scan, gboolean in_part,
                                  guint n_wrong);

/* Runs it on the default main context to its end or until the user stops it, and says what came out. */
RollExit roll_scan_run (const RollScanRun *run);

G_END_DECLS
