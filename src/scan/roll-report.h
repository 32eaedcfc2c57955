/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/roll-redactor.h"
#include "scan/roll-export.h"

G_BEGIN_DECLS

/**
 * roll_report_write_html: a page that explains a scan, in one file that asks for nothing else: breakdown, charts by subnet,
 *   operating system and step, each with its table, and the computers that failed with their likely cause and what to do.
 * @path: "-": standard output
 * @redactor: (nullable): tokens instead of names, addresses and serial numbers
 * @progress: (nullable): of all of it, reading, explaining and writing
 *
 * Errors: the store's and the file's; G_IO_ERROR_CANCELLED, also while it is written: then the old file stays.
 */
gboolean roll_report_write_html (RollStore *store, gint64 scan_id, const char *path, RollRedactor *redactor,
                                 RollWorkProgress *progress, GCancellable *cancellable, GError **error);

G_END_DECLS
