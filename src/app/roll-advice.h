/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "inventory/roll-computer.h"
#include "status/roll-causes.h"

G_BEGIN_DECLS

/* RollAdvice: a check or a fix: where, how risky, what to do, the command to copy, and how to undo it. */
#define ROLL_TYPE_ADVICE (roll_advice_get_type ())
G_DECLARE_FINAL_TYPE (RollAdvice, roll_advice, ROLL, ADVICE, GtkWidget)

/* @computer: (nullable): whose name and address the commands carry */
GtkWidget *roll_advice_new_check (const RollCheck *check, const RollComputer *computer);
GtkWidget *roll_advice_new_fix (const RollFix *fix, const RollComputer *computer);

G_END_DECLS
