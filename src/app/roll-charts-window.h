/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/roll-computer-table.h"

G_BEGIN_DECLS

/**
 * RollChartsWindow: how many computers ended how, by subnet, operating system, step and time: a bar for each, which says all its
 * numbers to a screen reader, and a table of the same. Each chart can be saved as a picture.
 *
 * ::group-chosen (const char *title, GArray *ordinals): (element-type guint): the computers of a bar
 */
#define ROLL_TYPE_CHARTS_WINDOW (roll_charts_window_get_type ())
G_DECLARE_FINAL_TYPE (RollChartsWindow, roll_charts_window, ROLL, CHARTS_WINDOW, AdwWindow)

/* @name: of the scan */
GtkWidget *roll_charts_window_new (GtkWindow *parent, RollComputerTable *table, const char *name);

G_END_DECLS
