/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A binary heap of deadlines that live in the structs they are of: nothing is allocated for one, and any of
 * them can be taken out. Not thread-safe. */
typedef struct
{
  gint64 due;  /* monotonic microseconds */
  guint place; /* private to the heap: from 1; 0: not in it */
} RollDeadline;

typedef struct
{
  GPtrArray *heap; /* (element-type RollDeadline) */
} RollDeadlines;

void roll_deadlines_init (RollDeadlines *self);
void roll_deadlines_clear (RollDeadlines *self);

/* @deadline must not be in the heap; it stays where it is in memory until it is out again. */
void roll_deadlines_add (RollDeadlines *self, RollDeadline *deadline, gint64 due);
void roll_deadlines_remove (RollDeadlines *self, RollDeadline *deadline); /* nothing when it is not in */
RollDeadline *roll_deadlines_first (RollDeadlines *self); /* (nullable): the earliest, left in */

G_END_DECLS
