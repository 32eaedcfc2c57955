/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-json.h"

G_BEGIN_DECLS

/* The ladder of one computer: every attempt, every step of it. @attempts: (element-type RollAttempt) */
void roll_evidence_print (FILE *stream, GPtrArray *attempts);
/* As the array attempt_list. */
void roll_evidence_json (RollJson *json, GPtrArray *attempts);

/* "ECONNREFUSED, Connection refused"; "" for none. (transfer full) */
char *roll_evidence_error_text (RollErrorNumber error);

G_END_DECLS
