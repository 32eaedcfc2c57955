/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "name-server.h"

#include "inventory/roll-address.h"
#include "name-server-rules.h"

#include <errno.h>
#include <gio/gio.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define BATCH 64
#define UDP_MAX 512
#define CONNECTIONS_MAX 64

enum
{
  POLL_WAKE,
  POLL_UDP,
  POLL_TCP,
  POLL_CONNECTIONS
};

typedef struct
{
  int fd;
  GByteArray *in;
} Connection;

/* An answer that is to come late; @fd is the UDP socket or a connection's. */
typedef struct
{
  gint64 due;
  int fd;
  struct sockaddr_storage to;
  socklen_t to_length;
  GBytes *message;
} Late;

struct _NameServer
{
  GThread *thread;
  int wake, udp, tcp;
  char *peer;
  GMutex lock; /* rules and counts */
  NameRules *rules;
  guint n_questions, n_tcp;
  gint silent, stop;
  GArray *connections; /* (element-type Connection) */
  GPtrArray *late;     /* (element-type Late) */
  guint8 *out;
  guint8 in[BATCH][UDP_MAX];
  guint8 answers[BATCH][UDP_MAX];
};

static void
late_free (gpointer data)
{
  Late *late = data;

  g_bytes_unref (late->message);
  g_free (late);
}

static void
send_message (int fd, const struct sockaddr_storage *to, socklen_t to_length, const guint8 *message, gsize length)
{
  guint8 prefix[2] = { (guint8) (length >> 8), (guint8) length };

  if (to_length > 0)
    (void) !sendto (fd, message, length, 0, (const struct sockaddr *) to, to_length);
  else if (send (fd, prefix, 2, MSG_NOSIGNAL | MSG_MORE) == 2)
    (void) !send (fd, message, length, MSG_NOSIGNAL);
}

static void
send_later (NameServer *self, int fd, const struct sockaddr_storage *to, socklen_t to_length, gsize length, guint ms)
{
  Late *late = g_new0 (Late, 1);

  late->due = g_get_monotonic_time () + ms * 1000;
  late->fd = fd;
  late->to_length = to_length;
  if (to)
    late->to = *to;
  late->message = g_bytes_new (self->out, length);
  g_ptr_array_add (self->late, late);
}

/* Sends what has become due; returns the milliseconds to the next, -1 for none. */
static int
send_late (NameServer *self)
{
  gint64 now = g_get_monotonic_time ();
  gint64 next = G_MAXINT64;

  for (guint i = 0; i < self->late->len;)
    {
      Late *late = g_ptr_array_index (self->late, i);
      gsize length;
      const guint8 *message = g_bytes_get_data (late->message, &length);
      if (late->due > now)
        {
          next = MIN (next, late->due);
          i++;
          continue;
        }
      send_message (late->fd, &late->to, late->to_length, message, length);
      g_ptr_array_remove_index_fast (self->late, i);
    }
  return next == G_MAXINT64 ? -1 : (int) ((next - now) / 1000 + 1);
}

static NameAnswer
answer (NameServer *self, const guint8 *query, gsize length, gboolean tcp, gsize *ret_length, guint *ret_delay_ms)
{
  g_mutex_lock (&self->lock);
  self->n_questions++;
  self->n_tcp += tcp ? 1 : 0;
  NameAnswer result = name_rules_answer (self->rules, query, length, tcp, self->out, ret_length, ret_delay_ms);
  g_mutex_unlock (&self->lock);
  return g_atomic_int_get (&self->silent) ? NAME_ANSWER_NONE : result;
}

static void
serve_udp (NameServer *self)
{
  struct mmsghdr in[BATCH] = { 0 };
  struct mmsghdr out[BATCH] = { 0 };
  struct iovec in_data[BATCH], out_data[BATCH];
  struct sockaddr_storage from[BATCH];
  guint n_out = 0;

  for (guint i = 0; i < BATCH; i++)
    {
      in_data[i] = (struct iovec) { self->in[i], UDP_MAX };
      in[i].msg_hdr = (struct msghdr) { .msg_name = &from[i], .msg_namelen = sizeof from[i], .msg_iov = &in_data[i],
                                        .msg_iovlen = 1 };
    }
  int n = recvmmsg (self->udp, in, BATCH, MSG_DONTWAIT, NULL);
  for (int i = 0; i < n; i++)
    {
      gsize length;
      guint delay_ms;
      if (answer (self, self->in[i], in[i].msg_len, FALSE, &length, &delay_ms) != NAME_ANSWER_SEND)
        continue;
      if (delay_ms > 0)
        {
          send_later (self, self->udp, &from[i], in[i].msg_hdr.msg_namelen, length, delay_ms);
          continue;
        }
      memcpy (self->answers[n_out], self->out, length);
      out_data[n_out] = (struct iovec) { self->answers[n_out], length };
      out[n_out].msg_hdr = (struct msghdr) { .msg_name = &from[i], .msg_namelen = in[i].msg_hdr.msg_namelen,
                                             .msg_iov = &out_data[n_out], .msg_iovlen = 1 };
      n_out++;
    }
  for (guint sent = 0; sent < n_out;)
    {
      int done = sendmmsg (self->udp, out + sent, n_out - sent, 0);
      sent += done > 0 ? (guint) done : 1; /* one that can't be delivered is lost, as it would be on a wire */
    }
}

static void
accept_connection (NameServer *self)
{
  Connection connection = { accept4 (self->tcp, NULL, NULL, SOCK_CLOEXEC), NULL };

  if (connection.fd == -1)
    return;
  connection.in = g_byte_array_new ();
  g_array_append_val (self->connections, connection);
}

static void
close_connection (NameServer *self, guint index)
{
  Connection *connection = &g_array_index (self->connections, Connection, index);

  for (guint i = self->late->len; i > 0; i--)
    if (((Late *) g_ptr_array_index (self->late, i - 1))->fd == connection->fd)
      g_ptr_array_remove_index (self->late, i - 1);
  close (connection->fd);
  g_byte_array_unref (connection->in);
  g_array_remove_index (self->connections, index);
}

/* FALSE: hang up. */
static gboolean
serve_message (NameServer *self, Connection *connection, const guint8 *message, gsize length)
{
  gsize answer_length;
  guint delay_ms;
  NameAnswer result = answer (self, message, length, TRUE, &answer_length, &delay_ms);

  if (result == NAME_ANSWER_SEND && delay_ms > 0)
    send_later (self, connection->fd, NULL, 0, answer_length, delay_ms);
  else if (result == NAME_ANSWER_SEND)
    send_message (connection->fd, NULL, 0, self->out, answer_length);
  return result != NAME_ANSWER_CLOSE;
}

static gboolean
serve_connection (NameServer *self, Connection *connection)
{
  guint8 buffer[4096];
  ssize_t n = recv (connection->fd, buffer, sizeof buffer, MSG_DONTWAIT);
  GByteArray *in = connection->in;

  if (n <= 0)
    return n == -1 && errno == EAGAIN;
  g_byte_array_append (in, buffer, (guint) n);
  while (in->len >= 2)
    {
      guint length = (guint) (in->data[0] << 8 | in->data[1]);
      if (in->len < length + 2)
        break;
      if (!serve_message (self, connection, in->data + 2, length))
        return FALSE;
      g_byte_array_remove_range (in, 0, length + 2);
    }
  return TRUE;
}

static gpointer
serve (gpointer data)
{
  NameServer *self = data;
  struct pollfd fds[POLL_CONNECTIONS + CONNECTIONS_MAX];

  while (!g_atomic_int_get (&self->stop))
    {
      guint n = self->connections->len;
      fds[POLL_WAKE] = (struct pollfd) { self->wake, POLLIN, 0 };
      fds[POLL_UDP] = (struct pollfd) { self->udp, POLLIN, 0 };
      fds[POLL_TCP] = (struct pollfd) { self->tcp, n < CONNECTIONS_MAX ? POLLIN : 0, 0 };
      for (guint i = 0; i < n; i++)
        fds[POLL_CONNECTIONS + i]
            = (struct pollfd) { g_array_index (self->connections, Connection, i).fd, POLLIN, 0 };
      if (poll (fds, POLL_CONNECTIONS + n, send_late (self)) == -1)
        continue;
      for (guint i = n; i > 0; i--)
        if (fds[POLL_CONNECTIONS + i - 1].revents
            && !serve_connection (self, &g_array_index (self->connections, Connection, i - 1)))
          close_connection (self, i - 1);
      if (fds[POLL_UDP].revents)
        serve_udp (self);
      if (fds[POLL_TCP].revents)
        accept_connection (self);
    }
  return NULL;
}

/* UDP and TCP on one port: a port the kernel gave to one may be taken for the other, so a few are tried. */
static gboolean
open_sockets (NameServer *self, const RollAddress *address, guint16 port, GError **error)
{
  const int on = 1;
  const int buffer = 4 * 1024 * 1024;

  for (guint i = 0; i < 20; i++)
    {
      struct sockaddr_storage sa;
      socklen_t length = roll_address_to_sockaddr (address, port, &sa);
      self->tcp = socket (address->family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      self->udp = socket (address->family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
      setsockopt (self->tcp, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
      setsockopt (self->udp, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
      if (bind (self->tcp, (struct sockaddr *) &sa, length) == 0
          && getsockname (self->tcp, (struct sockaddr *) &sa, &length) == 0
          && bind (self->udp, (struct sockaddr *) &sa, length) == 0 && listen (self->tcp, CONNECTIONS_MAX) == 0)
        {
          RollAddress bound;
          char text[ROLL_ADDRESS_STRLEN];
          g_assert (roll_address_from_sockaddr ((struct sockaddr *) &sa, &bound, &port));
          roll_address_format (&bound, text);
          self->peer = g_strdup_printf (bound.family == AF_INET6 ? "[%s]:%u" : "%s:%u", text, (guint) port);
          return TRUE;
        }
      int saved = errno;
      close (self->tcp);
      close (self->udp);
      self->tcp = self->udp = -1;
      if (port != 0 || saved != EADDRINUSE)
        {
          g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved), "Port %u: %s", (guint) port,
                       g_strerror (saved));
          return FALSE;
        }
    }
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE, "No port is free");
  return FALSE;
}

NameServer *
name_server_new (const char *address, guint16 port, GError **error)
{
  g_autoptr (NameServer) self = g_new0 (NameServer, 1);
  RollAddress parsed;

  g_mutex_init (&self->lock);
  self->tcp = self->udp = -1;
  self->wake = eventfd (0, EFD_CLOEXEC);
  self->rules = name_rules_new ();
  self->connections = g_array_new (FALSE, FALSE, sizeof (Connection));
  self->late = g_ptr_array_new_with_free_func (late_free);
  self->out = g_malloc (NAME_MESSAGE_MAX);
  if (!roll_address_parse (address, &parsed))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is no address", address);
      return NULL;
    }
  if (!open_sockets (self, &parsed, port, error))
    return NULL;
  self->thread = g_thread_new ("name-server", serve, self);
  return g_steal_pointer (&self);
}

void
name_server_free (NameServer *self)
{
  const guint64 one = 1;

  g_atomic_int_set (&self->stop, 1);
  (void) !write (self->wake, &one, sizeof one);
  g_clear_pointer (&self->thread, g_thread_join);
  while (self->connections->len > 0)
    close_connection (self, self->connections->len - 1);
  g_array_unref (self->connections);
  g_ptr_array_unref (self->late);
  name_rules_free (self->rules);
  if (self->udp != -1)
    close (self->udp);
  if (self->tcp != -1)
    close (self->tcp);
  close (self->wake);
  g_mutex_clear (&self->lock);
  g_free (self->peer);
  g_free (self->out);
  g_free (self);
}

const char *
name_server_get_peer (NameServer *self)
{
  return self->peer;
}

gboolean
name_server_add (NameServer *self, const char *rule, GError **error)
{
  g_mutex_lock (&self->lock);
  gboolean ok = name_rules_add (self->rules, rule, error);
  g_mutex_unlock (&self->lock);
  return ok;
}

void
name_server_set_silent (NameServer *self, gboolean silent)
{
  g_atomic_int_set (&self->silent, silent);
}

guint
name_server_count (NameServer *self, const char *name)
{
  g_mutex_lock (&self->lock);
  guint n = name ? name_rules_count (self->rules, name) : self->n_questions;
  g_mutex_unlock (&self->lock);
  return n;
}

guint
name_server_count_tcp (NameServer *self)
{
  g_mutex_lock (&self->lock);
  guint n = self->n_tcp;
  g_mutex_unlock (&self->lock);
  return n;
}
