/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-json.h"
#include "store/roll-store.h"

G_BEGIN_DECLS

/* What came out of a scan, for people and for scripts. */

/* "running", "interrupted", "stopped", "finished": the stored state as it is now. */
const char *roll_summary_state_id (const RollScanInfo *info);
const char *roll_summary_state_label (const RollScanInfo *info);

/* Success and the layers in the order of the conversation, then what is not finished. */
#define ROLL_SUMMARY_N_GROUPS 6
guint roll_summary_group (RollStatus status);
const char *roll_summary_group_label (guint group);

/* The scan's name, number, time and state, marked when it is of the practice network. */
void roll_summary_print_head (FILE *stream, const RollScanInfo *info);
/* The breakdown: code, label, count, share, grouped by layer. @tally: (element-type RollTally) */
void roll_summary_print_tally (FILE *stream, GArray *tally);
/* What to type next; @database as given on the command line, NULL when it was not. */
void roll_summary_print_next (FILE *stream, const RollScanInfo *info, GArray *tally, const char *database);

/* The fields of a scan, without braces; @tally NULL leaves the statuses out. */
void roll_summary_json (RollJson *json, const RollScanInfo *info, GArray *tally);
/* "statuses": how many computers have which. @tally: (element-type RollTally) */
void roll_summary_json_tally (RollJson *json, GArray *tally);

G_END_DECLS
