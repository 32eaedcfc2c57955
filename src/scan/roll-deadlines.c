/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-deadlines.h"

void
roll_deadlines_init (RollDeadlines *self)
{
  self->heap = g_ptr_array_new ();
}

void
roll_deadlines_clear (RollDeadlines *self)
{
  g_clear_pointer (&self->heap, g_ptr_array_unref);
}

static RollDeadline *
at (RollDeadlines *self, guint place)
{
  return g_ptr_array_index (self->heap, place - 1);
}

static void
put (RollDeadlines *self, guint place, RollDeadline *deadline)
{
  g_ptr_array_index (self->heap, place - 1) = deadline;
  deadline->place = place;
}

static void
sift_up (RollDeadlines *self, guint place, RollDeadline *deadline)
{
  while (place > 1 && at (self, place / 2)->due > deadline->due)
    {
      put (self, place, at (self, place / 2));
      place /= 2;
    }
  put (self, place, deadline);
}

static void
sift_down (RollDeadlines *self, guint place, RollDeadline *deadline)
{
  for (guint child = 2 * place; child <= self->heap->len; child = 2 * place)
    {
      if (child < self->heap->len && at (self, child + 1)->due < at (self, child)->due)
        child++;
      if (at (self, child)->due >= deadline->due)
        break;
      put (self, place, at (self, child));
      place = child;
    }
  put (self, place, deadline);
}

void
roll_deadlines_add (RollDeadlines *self, RollDeadline *deadline, gint64 due)
{
  g_return_if_fail (deadline->place == 0);

  deadline->due = due;
  g_ptr_array_add (self->heap, deadline);
  sift_up (self, self->heap->len, deadline);
}

void
roll_deadlines_remove (RollDeadlines *self, RollDeadline *deadline)
{
  guint place = deadline->place;
  RollDeadline *last;

  if (place == 0)
    return;
  deadline->place = 0;
  last = g_ptr_array_steal_index_fast (self->heap, self->heap->len - 1);
  if (last == deadline)
    return;
  /* The last one fills the gap; it may be too early for its new place as well as too late. */
  if (place > 1 && at (self, place / 2)->due > last->due)
    sift_up (self, place, last);
  else
    sift_down (self, place, last);
}

RollDeadline *
roll_deadlines_first (RollDeadlines *self)
{
  return self->heap->len > 0 ? at (self, 1) : NULL;
}
