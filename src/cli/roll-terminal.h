/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/*
 * Text for people. It leaves as UTF-8 whatever the locale, and nothing that came from the network or a file
 * reaches a terminal as a control sequence.
 */

/* A terminal whose line can be rewritten. */
gboolean roll_terminal_is_live (FILE *stream);
/* Bold and colours are welcome: a terminal, and NO_COLOR is not set. */
gboolean roll_terminal_has_colour (FILE *stream);
/* In cells; 80 when it is no terminal. */
guint roll_terminal_width (FILE *stream);

/* Valid UTF-8 in one line, what is not harmless replaced by U+FFFD. (transfer full) */
char *roll_terminal_clean (const char *text);
/* Cells that @text takes. */
guint roll_terminal_cells (const char *text);
/* At most @cells, with an ellipsis when something was cut. (transfer full) */
char *roll_terminal_truncate (const char *text, guint cells);

/* One line, made harmless, with its line feed. */
void roll_terminal_print (FILE *stream, const char *format, ...) G_GNUC_PRINTF (2, 3);
/* The same on stderr behind the program's name. */
void roll_terminal_error (const char *format, ...) G_GNUC_PRINTF (1, 2);
void roll_terminal_heading (FILE *stream, const char *text);
/* @text in lines no wider than the terminal, indented; @bullet stands before the first. A word is never cut.
 */
void roll_terminal_paragraph (FILE *stream, guint indent, const char *bullet, const char *text);

/* "35 µs", "1.4 ms", "12.3 s", "4 min 05 s", "2 h 07 min". (transfer full) */
char *roll_terminal_duration (gint64 us);
/* Local date and time; "" for 0. (transfer full) */
char *roll_terminal_time (gint64 us);

G_END_DECLS
