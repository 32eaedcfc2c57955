/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "diagnosis/roll-diagnosis.h"

G_BEGIN_DECLS

/**
 * RollHelpPage: what a status means and what to do: what happened, whether it is tried again, causes with their
 * evidence, checks, fixes, false friends. For a computer the same with its own facts.
 */
#define ROLL_TYPE_HELP_PAGE (roll_help_page_get_type ())
G_DECLARE_FINAL_TYPE (RollHelpPage, roll_help_page, ROLL, HELP_PAGE, GtkWidget)

/**
 * roll_help_page_show_status:
 * @likely: (nullable): ids of causes that are known to come first, living as long as the program
 */
void roll_help_page_show_status (RollHelpPage *self, RollStatus status, const char *const *likely);

/**
 * roll_help_page_show_computer:
 * @attempts: (nullable) (element-type RollAttempt): NULL while they are not known yet
 * @diagnosis: (transfer full) (nullable): likewise; then causes are left out rather than guessed
 */
void roll_help_page_show_computer (RollHelpPage *self, RollComputer *computer, guint retries, GPtrArray *attempts,
                                   RollDiagnosis *diagnosis);

G_END_DECLS
