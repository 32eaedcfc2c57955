/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-donut-geometry.h"

#include <math.h>

static double
share_of (guint count, guint64 total)
{
  return (double) count / (double) total;
}

/* What the small slices take beyond their share comes from those that are above the minimum. */
static void
spread (GArray *slices, guint64 total)
{
  double raised = 0;
  double rest = 0;
  double at = 0;

  for (guint i = 0; i < slices->len; i++)
    {
      double share = share_of (g_array_index (slices, RollSlice, i).count, total);

      if (share < ROLL_SLICE_MIN_TURNS)
        raised += ROLL_SLICE_MIN_TURNS;
      else
        rest += share;
    }
  for (guint i = 0; i < slices->len; i++)
    {
      RollSlice *slice = &g_array_index (slices, RollSlice, i);
      double share = share_of (slice->count, total);

      slice->start = at;
      at += share < ROLL_SLICE_MIN_TURNS ? ROLL_SLICE_MIN_TURNS : share / rest * (1.0 - raised);
      slice->end = i + 1 == slices->len ? 1.0 : at;
    }
}

GArray *
roll_donut_slices (const guint *counts, guint n_counts)
{
  GArray *slices = g_array_new (FALSE, FALSE, sizeof (RollSlice));
  guint64 total = 0;

  for (guint i = 0; i < n_counts; i++)
    {
      RollSlice slice = { .index = i, .count = counts[i] };

      if (counts[i] == 0)
        continue;
      total += counts[i];
      g_array_append_val (slices, slice);
    }
  if (total > 0)
    spread (slices, total);
  return slices;
}

int
roll_donut_hit (const GArray *slices, double inner, double outer, double x, double y)
{
  double radius = hypot (x, y);
  double turn = atan2 (x, -y) / (2 * G_PI);

  if (radius < inner || radius > outer)
    return -1;
  if (turn < 0)
    turn += 1;
  for (guint i = 0; i < slices->len; i++)
    {
      const RollSlice *slice = &g_array_index (slices, RollSlice, i);

      if (turn >= slice->start && turn < slice->end)
        return (int) i;
    }
  return slices->len > 0 ? (int) slices->len - 1 : -1;
}
