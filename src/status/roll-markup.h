/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What the readers of the program's own XML files share: errors that say what is wrong and where. */

/* Sets G_MARKUP_ERROR_INVALID_CONTENT and returns FALSE. */
gboolean roll_markup_fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* GMarkup's own errors have it; G_MARKUP_PREFIX_ERROR_POSITION does not reach those of an end tag. */
void roll_markup_prefix_line (GMarkupParseContext *context, GError **error);

/**
 * roll_markup_take_text: for a parser's text function.
 * @element: the name of the element the text stands in
 * @ret_text: (nullable): where it is appended; NULL: the element may hold white space only
 */
void roll_markup_take_text (GMarkupParseContext *context, const char *element, const char *text, gsize length,
                            GString *ret_text, GError **error);

G_END_DECLS
