/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "cli/roll-json.h"
#include "store/roll-store.h"

G_BEGIN_DECLS

/* What the check script printed on a target. */

/* Reads @path ("-": standard input) and keeps it with the one computer of @found. FALSE with an error. */
gboolean roll_check_file_store (const char *path, RollStore *store, gint64 scan_id, GPtrArray *found, GError **error);

/* What it said, of a computer's findings (element-type RollFinding); nothing where it was not run. */
void roll_check_file_print (FILE *stream, GPtrArray *findings);
/* As the array check_list. */
void roll_check_file_json (RollJson *json, GPtrArray *findings);

G_END_DECLS
