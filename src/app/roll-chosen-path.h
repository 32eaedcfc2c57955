/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * roll_chosen_path: for a file chooser's answer.
 * @ret_problem: (transfer full) (nullable): what to tell of a place that is not on this computer
 *
 * Returns: (transfer full) (nullable): NULL when nothing was chosen, or with *@ret_problem
 */
char *roll_chosen_path (GtkNativeDialog *chooser, int response, char **ret_problem);

G_END_DECLS
