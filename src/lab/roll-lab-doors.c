/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab/roll-lab-private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PAUSE_US 10000 /* with no descriptor left, before the next try */

/* A visitor of an open door: what comes in is read and not answered, until the visitor goes. */
static void
visitor_ready (RollLabWatch *watch)
{
  char buffer[4096];
  gssize n = read (watch->fd, buffer, sizeof buffer);

  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
    roll_lab_unwatch (watch);
}

static void
open_door_ready (RollLabWatch *watch)
{
  int fd;

  while ((fd = accept4 (watch->fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
    roll_lab_watch (watch->lab, fd, visitor_ready, NULL);
  if (errno == EMFILE || errno == ENFILE)
    g_usleep (PAUSE_US);
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
  return roll_lab_watch (self, fd, NULL, error);
}

static gboolean
listen_at (RollLab *self, const struct sockaddr *address, socklen_t length, int queue, RollLabReady ready,
           GError **error)
{
  int yes = 1, fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd < 0)
    return roll_lab_fail (error, errno);
  setsockopt (fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (bind (fd, address, length) != 0 || listen (fd, queue) != 0)
    {
      roll_lab_fail (error, errno);
      close (fd);
      return FALSE;
    }
  return roll_lab_watch (self, fd, ready, error);
}

/* Also for a name that is never told: the computer may well be there. */
gboolean
roll_lab_open_door (RollLab *self, const RollLabComputer *computer, guint16 port, GError **error)
{
  struct sockaddr_storage storage;
  const struct sockaddr *address = (const struct sockaddr *) &storage;
  socklen_t length = roll_address_to_sockaddr (&computer->address, port, &storage);

  switch (computer->door)
    {
    case ROLL_LAB_DOOR_OPEN:
      return listen_at (self, address, length, SOMAXCONN, open_door_ready, error);
    case ROLL_LAB_DOOR_SILENT:
      return listen_at (self, address, length, 0, NULL, error) && fill_queue (self, address, length, error);
    case ROLL_LAB_DOOR_REFUSED:
    case ROLL_LAB_DOOR_UNREACHABLE:
      return TRUE;
    default:
      g_assert_not_reached ();
    }
}

guint
roll_lab_door_files (RollLabDoor door)
{
  switch (door)
    {
    case ROLL_LAB_DOOR_OPEN: /* and for a visitor */
    case ROLL_LAB_DOOR_SILENT:
      return 2;
    case ROLL_LAB_DOOR_REFUSED:
    case ROLL_LAB_DOOR_UNREACHABLE:
    default:
      return 0;
    }
}
