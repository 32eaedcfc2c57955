/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/roll-session.h"

G_BEGIN_DECLS

/**
 * RollResults: the breakdown or the common causes, and the list of computers, side by side or one above the other; a
 * status or a cause that is chosen in the one filters the other.
 *
 * ::topic-changed (int status, guint ordinal): what the help is to be about: a computer (its ordinal), else a status (an
 *   index of the order of display), else nothing (G_MAXUINT and -1)
 * ::help-wanted (gboolean evidence): for the topic
 * ::test-again (GArray *ordinals): (element-type guint): these computers are to be tested again
 */
#define ROLL_TYPE_RESULTS (roll_results_get_type ())
G_DECLARE_FINAL_TYPE (RollResults, roll_results, ROLL, RESULTS, GtkWidget)

void roll_results_set_table (RollResults *self, RollComputerTable *table); /* (nullable) */
/* For the common causes of its scan. */
void roll_results_set_session (RollResults *self, RollSession *session); /* (nullable) */
/* Whether there is somebody who tests again. */
void roll_results_set_can_test (RollResults *self, gboolean can_test);
/* Only computers that have something in common, @title says what. @ordinals: (element-type guint): ascending */
void roll_results_show_group (RollResults *self, const char *title, GArray *ordinals);
/* Of the common cause that is the topic: ids, the likeliest first. (transfer none) (nullable) */
const char *const *roll_results_get_causes (RollResults *self);
/* Lifts the filter and forgets the search. */
void roll_results_show_all (RollResults *self);

void roll_results_focus_search (RollResults *self);
/* Or the search above it, as long as there is nobody in it. */
void roll_results_focus_list (RollResults *self);

G_END_DECLS
