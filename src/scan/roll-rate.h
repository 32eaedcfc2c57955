/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A token bucket without a timer: it remembers only when it will be full again. Times are monotonic
 * microseconds. */
typedef struct
{
  gint64 interval_ns; /* between two takes in the long run; 0: no limit */
  gint64 window_ns;   /* how far ahead of that a burst may run */
  gint64 full_ns;     /* when the bucket is full again */
} RollRate;

/* @per_second 0: no limit. @burst: how many may be taken at once after quiet, at least 1. */
void roll_rate_init (RollRate *rate, guint per_second, guint burst);
gboolean roll_rate_take (RollRate *rate, gint64 now);
/* When roll_rate_take() succeeds next; not after @now when it would at once. */
gint64 roll_rate_ready_at (const RollRate *rate, gint64 now);

G_END_DECLS
