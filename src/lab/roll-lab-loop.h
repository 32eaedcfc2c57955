/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab/roll-lab.h"

G_BEGIN_DECLS

/* One descriptor that the lab's thread waits on, with what belongs to it. All functions are called on that thread. */
typedef struct _RollLabWatch RollLabWatch;
typedef void (*RollLabReady) (RollLabWatch *watch);

struct _RollLabWatch
{
  RollLab *lab;
  int fd;
  RollLabReady ready;   /* something to read or to accept, room to write, or the end */
  RollLabReady woken;   /* (nullable): the time of roll_lab_wake_at() has come */
  gpointer data;        /* freed with @destroy */
  GDestroyNotify destroy;
  guint32 events;
  GSequenceIter *sleep; /* (nullable): its place among those who wait for a time */
  gint64 wake;
};

/**
 * roll_lab_watch:
 * @fd: goes over to the watch and is closed with it, also on failure
 * @ready: (nullable): NULL: it is only kept open
 *
 * Returns: (transfer none) (nullable):
 */
RollLabWatch *roll_lab_watch (RollLab *self, int fd, RollLabReady ready, GError **error);
/* A function of the watch may end its own watch, as the last thing it does, and no other. */
void roll_lab_unwatch (RollLabWatch *watch);
void roll_lab_watch_for (RollLabWatch *watch, gboolean reading, gboolean writing);
/* @time: g_get_monotonic_time(); 0: not at all */
void roll_lab_wake_at (RollLabWatch *watch, gint64 time);

gboolean roll_lab_loop_open (RollLab *self, GError **error);
void roll_lab_loop_close (RollLab *self);
gboolean roll_lab_loop_start (RollLab *self, GError **error);
void roll_lab_loop_stop (RollLab *self);

G_END_DECLS
