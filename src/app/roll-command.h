/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* RollCommand: a command in a box, with a button that copies it. */
#define ROLL_TYPE_COMMAND (roll_command_get_type ())
G_DECLARE_FINAL_TYPE (RollCommand, roll_command, ROLL, COMMAND, GtkWidget)

void roll_command_set_text (RollCommand *self, const char *text);

G_END_DECLS
