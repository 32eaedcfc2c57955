/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-cli.h"
#include "inventory/roll-secret.h"

G_BEGIN_DECLS

/**
 * roll_password_read: from the terminal, twice and without showing it; where standard input is none, its first line.
 *
 * Returns: (nullable): NULL: a mistake was named, or the person stopped; *ret_exit is what to return
 */
RollSecret *roll_password_read (const char *name, RollExit *ret_exit);

G_END_DECLS
