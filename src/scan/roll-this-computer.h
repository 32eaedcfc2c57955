/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * roll_this_computer_describe: who scans, as the facts of an event: "host=scanner1 addresses=10.9.1.20,10.9.2.20".
 *
 * Returns: (transfer full)
 */
char *roll_this_computer_describe (void);

G_END_DECLS
