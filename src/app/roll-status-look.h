/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "status/roll-status-display.h"

G_BEGIN_DECLS

/* How a status looks in the window: the same in the donut, the legend, the list and the help. */

/**
 * RollStatusLook:
 * @status: in the order of display: good ends, then failures by code, then what is not finished
 * @group: heading it stands under
 * @sign: name of the symbolic icon
 * @classes: (array zero-terminated=1): the style class that sets the colour; it is also the colour's name
 */
typedef struct
{
  RollStatus status;
  RollGroup group;
  char *sign;
  char *classes[2];
} RollStatusLook;

const RollStatusLook *roll_status_look (RollStatus status);
const RollStatusLook *roll_status_look_nth (guint index);

/* Draws the sign of the @index-th in black or white, whichever can be read on @background. */
void roll_status_look_snapshot_sign (GtkWidget *widget, GtkSnapshot *snapshot, guint index, const GdkRGBA *background,
                                     double x, double y, int size);

G_END_DECLS
