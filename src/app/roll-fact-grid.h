/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Facts below each other, what it is before what it says, which can be selected. For a row of a list. */
GtkWidget *roll_fact_grid_new (void);
void roll_fact_grid_add (GtkWidget *grid, const char *label, const char *value); /* nothing for NULL and "" */

/* (transfer full): a row that only holds @child */
GtkWidget *roll_fact_grid_wrap (GtkWidget *grid);

G_END_DECLS
