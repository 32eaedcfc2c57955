/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "inventory/roll-computer.h"
#include "status/roll-causes-rank.h"

G_BEGIN_DECLS

/* Pieces of the help. */
GtkWidget *roll_help_new_text (const char *text, const char *css_class); /* @css_class: (nullable) */
GtkWidget *roll_help_new_body (void);                 /* a box for what is in a row of the help */
GtkWidget *roll_help_new_body_row (GtkWidget *body);

/**
 * roll_cause_row_new: a cause that folds out: evidence, checks, fixes.
 * @computer: (nullable): whose name and address go into commands
 * @ranked: (nullable): what was seen of that computer; else what would be seen is told
 */
GtkWidget *roll_cause_row_new (const RollCause *cause, const RollComputer *computer, const RollRankedCause *ranked,
                               gboolean open);

G_END_DECLS
