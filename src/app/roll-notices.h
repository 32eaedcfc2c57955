/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* RollNotices: what a running scan has to tell, one bar for each kind until it has passed or is closed. */
#define ROLL_TYPE_NOTICES (roll_notices_get_type ())
G_DECLARE_FINAL_TYPE (RollNotices, roll_notices, ROLL, NOTICES, GtkWidget)

void roll_notices_set (RollNotices *self, const char *kind, const char *text); /* @text NULL: it has passed */
void roll_notices_clear (RollNotices *self);

G_END_DECLS
