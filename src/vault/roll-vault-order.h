/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * roll_vault_order_between: a text that strcmp() puts between two others, so that moving one entry rewrites that one alone.
 * Fractions in base 36: there is always one more between two of them.
 * @low: "": from the beginning
 * @high: "": to the end; otherwise above @low, or it does not count
 *
 * Returns: (transfer full): never "", and never ending in the lowest digit, below which there would be no room
 */
char *roll_vault_order_between (const char *low, const char *high);

/* Whether it can be one of those. */
gboolean roll_vault_order_is_valid (const char *order);

G_END_DECLS
