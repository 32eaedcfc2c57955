/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "lab/roll-lab-loop.h"
#include "lab/roll-lab-trouble.h"

G_BEGIN_DECLS

/* Behind the port of the WMI services. */
#define ROLL_LAB_SILENT_PORT 1
#define ROLL_LAB_CLOSED_PORT 2

struct _RollLab
{
  RollLabScenario scenario;
  GArray *computers;      /* (element-type RollLabComputer) */
  GHashTable *by_name;    /* lower-case name to index + 1 */
  GHashTable *by_address; /* IPv4 address as a number to index + 1 */
  guint8 (*lost)[2];      /* of each computer: questions lost so far, for A and for all other types; of the thread of names */
  guint8 *troubled;       /* of each computer: how often its trouble has struck */

  guint think_ms;         /* before the first rows of each connection */
  guint16 wanted_port;    /* 0: any */
  guint16 port;
  guint16 object_port;    /* where all computers have their WMI service */
  char *dns;
  int epoll_fd;
  int stop_fd;
  GThread *thread;
  int names_fd;           /* one of the watches */
  GThread *names_thread;  /* however busy the computers are, their names are found */
  GHashTable *watches;    /* (element-type RollLabWatch): all that is open */
  GSequence *sleepers;    /* (element-type RollLabWatch): by time */

  GMutex log_lock;
  RollLabCounts *counts;  /* of each computer */
  GHashTable *calls;      /* what was called, to how often */
};

/* Sets a G_IO_ERROR for the errno value @number; always FALSE. */
gboolean roll_lab_fail (GError **error, int number);

/* The computers of a network of @n. Returns: (transfer full) (element-type RollLabComputer) */
GArray *roll_lab_plan (RollLabScenario scenario, guint n_computers);
const RollLabTrouble *roll_lab_plan_troubles (const RollLab *lab, guint computer); /* ROLL_LAB_TROUBLES of them; none: ROLL_LAB_BEHAVES */
/* Whether it is like that at all, wherever. (nullable) */
const RollLabTrouble *roll_lab_plan_find (const RollLab *lab, guint computer, RollLabAction action);

gboolean roll_lab_find_address (RollLab *self, const RollAddress *address, guint *ret_computer);

gboolean roll_lab_open_names (RollLab *self, guint16 port, GError **error);
gpointer roll_lab_run_names (gpointer lab); /* a thread, until the loop is stopped */
gboolean roll_lab_open_door (RollLab *self, const RollLabComputer *computer, guint16 port, GError **error);
gboolean roll_lab_open_objects (RollLab *self, GError **error);
guint roll_lab_door_files (const RollLabComputer *computer); /* how many descriptors it takes */
guint16 roll_lab_side_ports (guint16 port); /* see roll_lab_get_side_ports() */

/* @fd: an accepted connection, taken over. @object: to the WMI service, not to the endpoint mapper */
void roll_lab_connect (RollLab *self, int fd, guint computer, gboolean object);

/* What is counted of a computer. */
typedef enum
{
  ROLL_LAB_COUNT_CONNECTION,
  ROLL_LAB_COUNT_OBJECT_CONNECTION,
  ROLL_LAB_COUNT_LOGON,
  ROLL_LAB_COUNT_REFUSED_LOGON,
  ROLL_LAB_COUNT_ACTIVATION,
  ROLL_LAB_COUNT_QUERY,
  ROLL_LAB_COUNT_METHOD,
} RollLabCount;

void roll_lab_count (RollLab *self, guint computer, RollLabCount what);
void roll_lab_count_call (RollLab *self, const char *interface, guint16 opnum, const char *method);

G_END_DECLS
