/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-json.h"
#include "inventory/roll-class-result.h"
#include "inventory/roll-collectors.h"

G_BEGIN_DECLS

/* What was collected from one computer. @classes: (element-type RollClassResult) */

/* What --what @text means; FALSE: the mistake was named. @also: what else @command takes: "steps, " or "" */
gboolean roll_collected_find (
    const char *command, const char *text, const char *also, const RollCollector **ret_collector);

/* What the computer is, and what became of each class; nothing where nothing was asked. */
void roll_collected_print (FILE *stream, const RollComputer *computer, GPtrArray *classes);
/* As the array class_list. */
void roll_collected_json (RollJson *json, GPtrArray *classes);

/*
 * The rows of one collector, or why there are none. Errors: G_IO_ERROR_INVALID_DATA for rows that can't be read;
 * nothing was printed then.
 */
gboolean roll_collected_print_rows (FILE *stream, const RollCollector *collector, GPtrArray *classes, GError **error);
/* Fields of the collector's result and the array row_list. */
gboolean roll_collected_json_rows (RollJson *json, const RollCollector *collector, GPtrArray *classes, GError **error);

G_END_DECLS
