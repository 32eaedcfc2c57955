/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "status/roll-error.h"
#include "status/roll-status.h"

G_BEGIN_DECLS

/**
 * RollStatusMatches: what a person may mean with a piece of text in “Browse All Statuses”.
 * @error: the error number they typed; NONE when it was none
 * @statuses: (element-type RollStatus): the likeliest first for a number, otherwise in the order of display
 */
typedef struct
{
  RollErrorNumber error;
  GArray *statuses;
} RollStatusMatches;

/* @text: part of a label, a code, an id, or an error number or name; "": all results and states. */
RollStatusMatches *roll_status_search (const char *text);
void roll_status_matches_free (RollStatusMatches *matches);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollStatusMatches, roll_status_matches_free)

G_END_DECLS
