/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The donut as numbers: angles in turns, clockwise from the top. A slice of one computer among 100,000 still gets an
 * angle that can be seen and hit; the big ones give it up.
 */

typedef struct
{
  guint index;  /* into the counts */
  guint count;
  double start; /* turns */
  double end;
} RollSlice;

#define ROLL_SLICE_MIN_TURNS 0.012

/* (transfer full) (element-type RollSlice): the counts above zero, in their order. */
GArray *roll_donut_slices (const guint *counts, guint n_counts);

/**
 * roll_donut_hit:
 * @x, @y: from the centre, y downwards
 *
 * Returns: position in @slices, or -1 beside the ring
 */
int roll_donut_hit (const GArray *slices, double inner, double outer, double x, double y);

G_END_DECLS
