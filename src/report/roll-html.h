/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* May stand in what people read: no control character, none that turns the direction of writing. */
gboolean roll_text_is_harmless (gunichar c);

/*
 * Text in HTML and SVG, inside elements and quoted attributes. Whatever a computer calls itself stays text; what is not
 * harmless or no UTF-8 becomes U+FFFD. NULL: nothing.
 */
void roll_html_text (GString *html, const char *text);

/**
 * roll_html_add: markup of ours and foreign text in turns, from markup to markup.
 * @markup: as it is
 * @...: text, markup, text, markup ..., NULL
 */
void roll_html_add (GString *html, const char *markup, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
