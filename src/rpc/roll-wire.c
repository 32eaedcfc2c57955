/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-wire.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

G_STATIC_ASSERT (sizeof ((RollWire *) NULL)->buffer >= ROLL_WIRE_MAX_FRAGMENT);

void
roll_wire_init (RollWire *wire, int socket, int cancel_fd, guint watchdog_ms)
{
  wire->socket = socket;
  wire->cancel_fd = cancel_fd;
  wire->watchdog_ms = watchdog_ms;
  wire->deadline = 0;
  wire->start = 0;
  wire->end = 0;
  /* An auth3 has no answer: Nagle's algorithm would hold back what follows it. Sockets of other families don't know it. */
  setsockopt (socket, IPPROTO_TCP, TCP_NODELAY, &(int) { 1 }, sizeof (int));
}

void
roll_wire_clear (RollWire *wire)
{
  close (wire->socket);
  wire->socket = -1;
  explicit_bzero (wire->buffer, sizeof wire->buffer);
}

static gboolean
fail_errno (GError **error, int number, const char *doing)
{
  gboolean peer = number == ECONNRESET || number == EPIPE;

  roll_rpc_set_error (error, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ERRNO, (guint32) number,
                      peer ? ROLL_SAID_BY_PEER : ROLL_SAID_BY_THIS_MACHINE, "%s: %s", doing, g_strerror (number));
  return FALSE;
}

static gint64
limit_of (const RollWire *wire)
{
  gint64 limit = G_MAXINT64;

  if (wire->watchdog_ms > 0)
    limit = g_get_monotonic_time () + (gint64) wire->watchdog_ms * 1000;
  return wire->deadline > 0 ? MIN (limit, wire->deadline) : limit;
}

static gboolean
fail_limit (GError **error)
{
  roll_rpc_set_error (error, ROLL_RPC_ERROR_TIMED_OUT, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_WATCHDOG,
                      ROLL_SAID_BY_NOBODY, "the server did not go on in time");
  return FALSE;
}

static int
milliseconds_until (gint64 limit, gint64 now)
{
  if (limit == G_MAXINT64)
    return -1;
  return (int) MIN ((limit - now + 999) / 1000, G_MAXINT);
}

static gboolean
wait_on (int fd, int cancel_fd, short events, gint64 limit, short *ret_events, GError **error)
{
  for (;;)
    {
      struct pollfd fds[] = { { fd, events, 0 }, { cancel_fd, POLLIN, 0 } };
      gint64 now = g_get_monotonic_time ();
      int n;

      if (now >= limit)
        return fail_limit (error);
      n = poll (fds, G_N_ELEMENTS (fds), milliseconds_until (limit, now));
      if (n < 0 && errno != EINTR)
        return fail_errno (error, errno, "waiting");
      if (n > 0 && fds[1].revents != 0)
        {
          roll_rpc_set_error (error, ROLL_RPC_ERROR_CANCELLED, ROLL_ERROR_SPACE_ERRNO, ECANCELED,
                              ROLL_SAID_BY_THIS_MACHINE, "cancelled");
          return FALSE;
        }
      if (n > 0 && fds[0].revents != 0)
        {
          *ret_events = fds[0].revents;
          return TRUE;
        }
    }
}

static gboolean
wait_for (RollWire *wire, short events, gint64 limit, short *ret_events, GError **error)
{
  return wait_on (wire->socket, wire->cancel_fd, events, limit, ret_events, error);
}

gboolean
roll_wire_wait (int fd, int cancel_fd, gint64 deadline, GError **error)
{
  short events;

  return wait_on (fd, cancel_fd, POLLIN, deadline > 0 ? deadline : G_MAXINT64, &events, error);
}

/* Most of what is sent fits: only what does not is waited for. */
gssize
roll_wire_send (RollWire *wire, const guint8 *bytes, gsize length, gboolean watch_input, gboolean *ret_input,
                GError **error)
{
  gint64 limit = limit_of (wire);
  short events = 0;

  *ret_input = FALSE;
  for (;;)
    {
      gssize sent = send (wire->socket, bytes, length, MSG_DONTWAIT | MSG_NOSIGNAL);

      if (sent >= 0 || (*ret_input && errno == EAGAIN))
        return MAX (sent, 0);
      if (errno != EAGAIN && errno != EINTR)
        return fail_errno (error, errno, "sending") ? 0 : -1;
      if (!wait_for (wire, POLLOUT | (watch_input ? POLLIN : 0), limit, &events, error))
        return -1;
      *ret_input = watch_input && (events & POLLIN) != 0;
    }
}

/* Makes @wanted bytes stand in the buffer in one piece. */
static gboolean
fill (RollWire *wire, gsize wanted, gint64 limit, GError **error)
{
  if (wire->start + wanted > sizeof wire->buffer)
    {
      memmove (wire->buffer, wire->buffer + wire->start, wire->end - wire->start);
      wire->end -= wire->start;
      wire->start = 0;
    }
  while (wire->end - wire->start < wanted)
    {
      gssize received;
      short events;

      if (!wait_for (wire, POLLIN, limit, &events, error))
        return FALSE;
      received = recv (wire->socket, wire->buffer + wire->end, sizeof wire->buffer - wire->end, MSG_DONTWAIT);
      if (received > 0)
        wire->end += (gsize) received;
      else if (received == 0)
        {
          roll_rpc_set_error (error, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_END_OF_STREAM,
                              ROLL_SAID_BY_PEER, "the server closed the connection");
          return FALSE;
        }
      else if (errno != EAGAIN && errno != EINTR)
        return fail_errno (error, errno, "receiving");
    }
  return TRUE;
}

guint8 *
roll_wire_receive (RollWire *wire, gsize *ret_length, GError **error)
{
  gint64 limit = limit_of (wire);
  const char *problem = "a fragment longer than agreed";
  guint8 *pdu;
  gsize length;

  if (wire->start == wire->end)
    wire->start = wire->end = 0;
  if (!fill (wire, ROLL_PDU_HEADER_SIZE, limit, error))
    return NULL;
  length = roll_pdu_frag_length (wire->buffer + wire->start, &problem);
  if (length == 0 || length > ROLL_WIRE_MAX_FRAGMENT)
    {
      roll_rpc_set_error (error, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED,
                          ROLL_SAID_BY_PEER, "what came from the server: %s", problem);
      return NULL;
    }
  if (!fill (wire, length, limit, error))
    return NULL;
  pdu = wire->buffer + wire->start;
  wire->start += length;
  *ret_length = length;
  return pdu;
}
