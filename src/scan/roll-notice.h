/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the user is told about a thing that happened to the scan as a whole. @kind and @detail as in the journal's
 * events. Returns: (transfer full) (nullable): a sentence or two in the user's language; NULL for an unknown kind */
char *roll_notice_text (const char *kind, const char *detail);

G_END_DECLS
