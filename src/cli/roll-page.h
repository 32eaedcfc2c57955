/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "diagnosis/roll-diagnosis.h"

G_BEGIN_DECLS

/* The troubleshooting pages in plain text. */

/* "103  Failed – Connection Refused" and what kind of status it is. @label: (nullable): instead of the status's own */
void roll_page_print_title (FILE *stream, const RollStatusInfo *info, const char *label);
/* The whole page of a status. For a state: what it means. */
void roll_page_print (FILE *stream, const RollStatusInfo *info);
/* One cause with its evidence, checks and fixes; @number counts from 1. */
void roll_page_print_cause (FILE *stream, const RollCause *cause, guint number);
/* Success with all that was asked for: nothing is wrong that could have a cause. */
gboolean roll_page_is_well (const RollComputer *computer);
/* What matters beside a computer's evidence: the meaning, the causes with what speaks for and against them and what is not
 * known, one check here, one on the target, one fix. Its name and address stand in the commands. */
void roll_page_print_short (FILE *stream, const RollDiagnosis *diagnosis);

G_END_DECLS
