/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "app/roll-session.h"

G_BEGIN_DECLS

/**
 * RollHelpPane: beside the list, the help for the status or computer that was chosen, and a computer's evidence. Has its
 * own heading and a button that closes it.
 *
 * What the check script printed on a computer can be dropped on its page.
 *
 * ::close-wanted ()
 */
#define ROLL_TYPE_HELP_PANE (roll_help_pane_get_type ())
G_DECLARE_FINAL_TYPE (RollHelpPane, roll_help_pane, ROLL, HELP_PANE, GtkWidget)

void roll_help_pane_show_nothing (RollHelpPane *self);
/* @likely: see roll_help_page_show_status() */
void roll_help_pane_show_status (RollHelpPane *self, RollStatus status, const char *const *likely);
/* Reads the attempts from the store in a worker thread. */
void roll_help_pane_show_computer (RollHelpPane *self, RollSession *session, guint ordinal);
/* The scan has ended, or begins anew: what was known of the computer and of others has changed. */
void roll_help_pane_look_again (RollHelpPane *self, RollSession *session);
void roll_help_pane_show_evidence (RollHelpPane *self); /* of the computer that is shown */

G_END_DECLS
