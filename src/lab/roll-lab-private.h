/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab/roll-lab.h"

G_BEGIN_DECLS

/* A descriptor the lab's thread waits on. */
typedef struct _RollLabWatch RollLabWatch;
typedef void (*RollLabReady) (RollLabWatch *watch);

struct _RollLabWatch
{
  RollLab *lab;
  int fd;
  RollLabReady ready; /* on the lab's thread, when there is something to read or to accept, or the end */
};

struct _RollLab
{
  GArray *computers;  /* (element-type RollLabComputer) */
  GHashTable *by_name; /* lower-case name to index + 1 */
  guint8 (*lost)[2];  /* of each computer: questions lost so far, for A and for all other types */

  guint16 port;
  char *dns;
  int epoll_fd;
  int stop_fd;
  GThread *thread;
  GHashTable *watches; /* (element-type RollLabWatch): all that is open */
};

/* @fd goes over to the watch and is closed with it, also on failure. @ready NULL: it is only kept open. */
gboolean roll_lab_watch (RollLab *self, int fd, RollLabReady ready, GError **error);
void roll_lab_unwatch (RollLabWatch *watch);

/* Sets a G_IO_ERROR for the errno value @number; always FALSE. */
gboolean roll_lab_fail (GError **error, int number);

/* The computers of a network of @n. Returns: (transfer full) (element-type RollLabComputer) */
GArray *roll_lab_plan (guint n_computers);

gboolean roll_lab_open_names (RollLab *self, guint16 port, GError **error);
gboolean roll_lab_open_door (RollLab *self, const RollLabComputer *computer, guint16 port, GError **error);
guint roll_lab_door_files (RollLabDoor door); /* how many descriptors it takes */

G_END_DECLS
