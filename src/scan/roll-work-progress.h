/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* How far a long work is, for somebody who looks on from another thread: atomic. */
typedef struct
{
  int n_done;
  int n_all;  /* 0: not known yet */
  int n_rows; /* written */
} RollWorkProgress;

/* @progress: (nullable): nobody looks on */
static inline void
roll_work_progress_set (RollWorkProgress *progress, guint n_done, guint n_all)
{
  if (progress == NULL)
    return;
  g_atomic_int_set (&progress->n_done, (int) MIN (n_done, G_MAXINT));
  g_atomic_int_set (&progress->n_all, (int) MIN (n_all, G_MAXINT));
}

/* 0 to 1 */
static inline double
roll_work_progress_get_fraction (RollWorkProgress *progress)
{
  int n_all = g_atomic_int_get (&progress->n_all);

  return n_all > 0 ? CLAMP ((double) g_atomic_int_get (&progress->n_done) / n_all, 0, 1) : 0;
}

G_END_DECLS
