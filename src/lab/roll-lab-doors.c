/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lab/roll-lab-private.h"

#define PAUSE_US 10000 /* with no descriptor left, before the next try */

/* Where the WMI services are, three ports at a time: theirs, one that is silent, one that nobody has. */
#define FIRST_OBJECT_PORT 13600
#define N_OBJECT_PORTS 33
#define OBJECT_PORT_STEP 3

/* Which computer was meant is in the address that was called. */
static void
accept_all (RollLabWatch *watch, gboolean object)
{
  int fd;

  while ((fd = accept4 (watch->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
    {
      struct sockaddr_storage storage;
      socklen_t length = sizeof storage;
      RollAddress address;
      guint computer;

      if (getsockname (fd, (struct sockaddr *) &storage, &length) == 0
          && roll_address_from_sockaddr ((struct sockaddr *) &storage, &address, NULL)
          && roll_lab_find_address (watch->lab, &address, &computer))
        roll_lab_connect (watch->lab, fd, computer, object);
      else
        close (fd);
    }
  if (errno == EMFILE || errno == ENFILE)
    g_usleep (PAUSE_US);
}

static void
door_ready (RollLabWatch *watch)
{
  accept_all (watch, FALSE);
}

static void
objects_ready (RollLabWatch *watch)
{
  accept_all (watch, TRUE);
}

/* With a queue of length 0 the kernel lets one visitor wait and all others knock in vain: their SYNs are
 * dropped without an answer for as long as nobody is let in. */
static gboolean
fill_queue (RollLab *self, const struct sockaddr *address, socklen_t length, GError **error)
{
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return roll_lab_fail (error, errno);
  if (connect (fd, address, length) != 0)
    {
      roll_lab_fail (error, errno);
      close (fd);
      return FALSE;
    }
  return roll_lab_watch (self, fd, NULL, error) != NULL;
}

/* @device: (nullable): the only one that is listened on */
static gboolean
listen_at (RollLab *self, const struct sockaddr *address, socklen_t length, int queue, const char *device,
           RollLabReady ready, GError **error)
{
  int yes = 1, fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return roll_lab_fail (error, errno);
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if ((device != NULL
       && setsockopt (fd, SOL_SOCKET, SO_BINDTODEVICE, device, (socklen_t) strlen (device)) != 0)
      || bind (fd, address, length) != 0 || listen (fd, queue) != 0)
    {
      roll_lab_fail (error, errno);
      close (fd);
      return FALSE;
    }
  return roll_lab_watch (self, fd, ready, error) != NULL;
}

static gboolean
listen_in_silence (RollLab *self, const struct sockaddr *address, socklen_t length, GError **error)
{
  return listen_at (self, address, length, 0, NULL, NULL, error) && fill_queue (self, address, length, error);
}

/* --- Other ports of computers whose door is not open --------------------------------------------------------------- */

#define ENDPOINT_MAPPER_PORT 135
#define FIRST_SIDE_PORT 13700
#define N_SIDE_PORT_PLACES 100

/* Each port of doors has its own, so that a network that starts again at its port has them again. */
guint16
roll_lab_side_ports (guint16 port)
{
  if (port == ENDPOINT_MAPPER_PORT)
    return 0;
  return (guint16) (FIRST_SIDE_PORT + port % N_SIDE_PORT_PLACES * ROLL_LAB_N_PORTS);
}

static guint16
side_port (guint16 port, guint i)
{
  static const guint16 themselves[ROLL_LAB_N_PORTS] = { 22, 445, 3389, 5985 };
  guint16 first = roll_lab_side_ports (port);

  return first == 0 ? themselves[i] : (guint16) (first + i);
}

/* Whoever knocks there is let in and sent away again: nobody talks on these. */
static void
side_door_ready (RollLabWatch *watch)
{
  int fd;

  while ((fd = accept4 (watch->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
    close (fd);
  if (errno == EMFILE || errno == ENFILE)
    g_usleep (PAUSE_US);
}

static gboolean
has_side_doors (const RollLabComputer *computer)
{
  return computer->address.family == AF_INET
         && (computer->door == ROLL_LAB_DOOR_SILENT || computer->door == ROLL_LAB_DOOR_REFUSED);
}

static gboolean
open_side_doors (RollLab *self, const RollLabComputer *computer, guint16 port, GError **error)
{
  for (guint i = 0; i < ROLL_LAB_N_PORTS && has_side_doors (computer); i++)
    {
      struct sockaddr_storage storage;
      const struct sockaddr *address = (const struct sockaddr *) &storage;
      socklen_t length = roll_address_to_sockaddr (&computer->address, side_port (port, i), &storage);
      gboolean good = TRUE;

      if (computer->open_ports & (1u << i))
        good = listen_at (self, address, length, SOMAXCONN, NULL, side_door_ready, error);
      else if (computer->door == ROLL_LAB_DOOR_SILENT)
        good = listen_in_silence (self, address, length, error);
      if (!good)
        return FALSE;
    }
  return TRUE;
}

static guint
side_door_files (const RollLabComputer *computer)
{
  guint n = 0;

  for (guint i = 0; i < ROLL_LAB_N_PORTS && has_side_doors (computer); i++)
    n += computer->open_ports & (1u << i) ? 1 : computer->door == ROLL_LAB_DOOR_SILENT ? 2 : 0;
  return n;
}

/* Also for a name that is never told: the computer may well be there. */
static gboolean
open_front_door (RollLab *self, const RollLabComputer *computer, guint16 port, GError **error)
{
  struct sockaddr_storage storage;
  const struct sockaddr *address = (const struct sockaddr *) &storage;
  socklen_t length = roll_address_to_sockaddr (&computer->address, port, &storage);

  switch (computer->door)
    {
    case ROLL_LAB_DOOR_OPEN:
      return listen_at (self, address, length, SOMAXCONN, NULL, door_ready, error);
    case ROLL_LAB_DOOR_SILENT:
      return listen_in_silence (self, address, length, error);
    case ROLL_LAB_DOOR_REFUSED:
    case ROLL_LAB_DOOR_UNREACHABLE:
      return TRUE;
    default:
      g_assert_not_reached ();
    }
}

gboolean
roll_lab_open_door (RollLab *self, const RollLabComputer *computer, guint16 port, GError **error)
{
  return open_front_door (self, computer, port, error) && open_side_doors (self, computer, port, error);
}

guint
roll_lab_door_files (const RollLabComputer *computer)
{
  guint n = side_door_files (computer);

  switch (computer->door)
    {
    case ROLL_LAB_DOOR_OPEN:
      return n + 1;
    case ROLL_LAB_DOOR_SILENT:
      return n + 2;
    case ROLL_LAB_DOOR_REFUSED:
    case ROLL_LAB_DOOR_UNREACHABLE:
    default:
      return n;
    }
}

/* --- The WMI services -------------------------------------------------------------------------------------------- */

static gboolean
open_silent_objects (RollLab *self, guint16 port, GError **error)
{
  for (guint i = 0; i < self->computers->len; i++)
    {
      const RollLabComputer *computer = &g_array_index (self->computers, RollLabComputer, i);
      struct sockaddr_storage storage;
      socklen_t length = roll_address_to_sockaddr (&computer->address, port, &storage);

      if (computer->door == ROLL_LAB_DOOR_OPEN && roll_lab_plan_find (self, i, ROLL_LAB_PORT_SILENT) != NULL
          && !listen_in_silence (self, (struct sockaddr *) &storage, length, error))
        return FALSE;
    }
  return TRUE;
}

/* One listener for all addresses keeps thousands of computers from needing two each; no other device than the
 * loopback one gets to it. */
static gboolean
open_objects_at (RollLab *self, guint16 port, GError **error)
{
  const RollAddress any = { .family = AF_INET };
  struct sockaddr_storage storage;
  socklen_t length = roll_address_to_sockaddr (&any, port, &storage);

  return listen_at (self, (struct sockaddr *) &storage, length, SOMAXCONN, "lo", objects_ready, error)
         && open_silent_objects (self, port + ROLL_LAB_SILENT_PORT, error);
}

gboolean
roll_lab_open_objects (RollLab *self, GError **error)
{
  for (guint i = 0; i < N_OBJECT_PORTS; i++)
    {
      guint16 port = (guint16) (FIRST_OBJECT_PORT + i * OBJECT_PORT_STEP);
      g_autoptr (GError) failure = NULL;

      if (open_objects_at (self, port, &failure))
        {
          self->object_port = port;
          return TRUE;
        }
      if (i + 1 < N_OBJECT_PORTS && g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
        continue;
      g_propagate_error (error, g_steal_pointer (&failure));
    }
  return FALSE;
}
