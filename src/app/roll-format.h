/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Numbers and times as people read them, in the user's language. All (transfer full). */

char *roll_format_count (guint count); /* "16,382" */

/* "12.3 %"; what is not nothing is never "0 %", what is not all is never "100 %". */
char *roll_format_share (guint count, guint total);

char *roll_format_duration (gint64 us); /* "0.2 ms", "35 ms", "3.5 s", "2 min 5 s", "1 h 3 min" */

/* "about 2 minutes left": rounded so coarsely that it does not jump about; "" when @us is below zero. */
char *roll_format_remaining (gint64 us);

/* "1,204 of 16,382 computers · 12 wait for another try · about 12 seconds left" */
char *roll_format_progress (guint n_done, guint n_targets, guint n_waiting, gint64 remaining_us);

char *roll_format_date (gint64 us); /* "22 Nov 2026, 07:04", local time; "" for 0 */
char *roll_format_clock (gint64 us); /* "07:04:12.345", local time */

G_END_DECLS
