/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * roll_detail_get: the value of @key in a detail text of key=value facts (see RollStepRecord).
 *
 * Returns: (transfer full) (nullable): NULL when the fact is not there
 */
char *roll_detail_get (const char *detail, const char *key);

G_END_DECLS
