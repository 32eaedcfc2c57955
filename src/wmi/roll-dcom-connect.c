/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wmi/roll-dcom-private.h"

static gboolean
fail (GError **error, RollRpcError code, int number, RollSaidBy said_by, guint16 port)
{
  roll_rpc_set_error (error, code, ROLL_ERROR_SPACE_ERRNO, (guint32) number, said_by, "connecting to port %u: %s",
                      port, g_strerror (number));
  return FALSE;
}

/* What the kernel says at once is its own, what it says later has come from the network. */
static gboolean
fail_late (GError **error, int number, guint16 port)
{
  switch (number)
    {
    case ETIMEDOUT:
      return fail (error, ROLL_RPC_ERROR_TIMED_OUT, number, ROLL_SAID_BY_NOBODY, port);
    case ECONNREFUSED:
    case ECONNRESET:
      return fail (error, ROLL_RPC_ERROR_TRANSPORT, number, ROLL_SAID_BY_PEER, port);
    case EACCES: /* a router's "administratively prohibited", which must not pass for a rule of this machine */
    case EPERM:
      return fail (error, ROLL_RPC_ERROR_TRANSPORT, EHOSTUNREACH, ROLL_SAID_BY_ROUTER, port);
    default:
      return fail (error, ROLL_RPC_ERROR_TRANSPORT, number, ROLL_SAID_BY_THIS_MACHINE, port);
    }
}

static gboolean
wait_connected (RollDcom *self, int fd, guint16 port, GError **error)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) self->target.connect_timeout_ms * 1000;
  socklen_t length = sizeof (int);
  int n, number = 0;

  for (;;)
    {
      struct pollfd fds[] = { { fd, POLLOUT, 0 }, { self->target.cancel_fd, POLLIN, 0 } };
      gint64 left = deadline - g_get_monotonic_time ();

      if (left <= 0)
        return fail (error, ROLL_RPC_ERROR_TIMED_OUT, ETIMEDOUT, ROLL_SAID_BY_NOBODY, port);
      n = poll (fds, G_N_ELEMENTS (fds), (int) MIN ((left + 999) / 1000, G_MAXINT));
      if (n < 0 && errno != EINTR)
        return fail (error, ROLL_RPC_ERROR_TRANSPORT, errno, ROLL_SAID_BY_THIS_MACHINE, port);
      if (n > 0 && fds[1].revents != 0)
        return fail (error, ROLL_RPC_ERROR_CANCELLED, ECANCELED, ROLL_SAID_BY_THIS_MACHINE, port);
      if (n > 0 && fds[0].revents != 0)
        break;
    }
  if (getsockopt (fd, SOL_SOCKET, SO_ERROR, &number, &length) != 0)
    return fail (error, ROLL_RPC_ERROR_TRANSPORT, errno, ROLL_SAID_BY_THIS_MACHINE, port);
  return number == 0 || fail_late (error, number, port);
}

int
roll_dcom_connect (RollDcom *self, guint16 port, GError **error)
{
  struct sockaddr_storage to;
  socklen_t length = roll_address_to_sockaddr (&self->target.address, port, &to);
  int fd = socket (to.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  gboolean ok;

  if (fd < 0)
    {
      fail (error, ROLL_RPC_ERROR_TRANSPORT, errno, ROLL_SAID_BY_THIS_MACHINE, port);
      return -1;
    }
  if (connect (fd, (const struct sockaddr *) &to, length) == 0)
    return fd;
  /* On loopback a refusal comes at once. */
  if (errno == ECONNREFUSED)
    ok = fail_late (error, errno, port);
  else if (errno != EINPROGRESS && errno != EINTR)
    ok = fail (error, ROLL_RPC_ERROR_TRANSPORT, errno, ROLL_SAID_BY_THIS_MACHINE, port);
  else
    ok = wait_connected (self, fd, port, error);
  if (ok)
    return fd;
  close (fd);
  return -1;
}

RollAssociation *
roll_dcom_associate (RollDcom *self, int fd)
{
  RollAssociation *association = roll_association_new (fd, self->target.cancel_fd, self->target.watchdog_ms);

  roll_association_set_max_response (association, ROLL_DCOM_MAX_ANSWER);
  return association;
}
