/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-dns-channel.h"

#include <arpa/nameser.h>
#include <errno.h>
#include <gio/gio.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

#define FORGET_AFTER_MS 6000 /* longer than anybody waits, so that a late answer still counts as a sign of life */
#define RECEIVE_BUFFER (4 * 1024 * 1024) /* as much of it as the kernel gives */
#define DATAGRAMS_A_TURN 256             /* read at once before the caller has a say again */

struct _RollDnsChannel
{
  RollServerAddress address;
  gboolean tcp;
  int epoll_fd;
  guint32 tag;
  ares_channel ares;
  int fd;
  guint datagrams; /* read in this turn */
  int error;       /* of the last call that failed */
  RollSaidBy error_by;
  gboolean refused; /* a send was told so in the place of a receive */
};

static void
note_error (RollDnsChannel *self, RollSaidBy said_by)
{
  self->error = errno;
  self->error_by = said_by;
}

/* What a receive fails with came from outside, mostly as ICMP. */
static void
note_received_error (RollDnsChannel *self)
{
  gboolean own = errno == ECONNREFUSED || errno == ECONNRESET;

  note_error (self, own ? ROLL_SAID_BY_NAME_SERVER : ROLL_SAID_BY_ROUTER);
}

static ares_socket_t
open_socket (int family, int type, int protocol, void *user_data)
{
  const int on = 1;
  const int buffer = RECEIVE_BUFFER;
  RollDnsChannel *self = user_data;

  self->fd = socket (family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
  if (self->fd == -1)
    note_error (self, ROLL_SAID_BY_THIS_MACHINE);
  else if (self->tcp)
    setsockopt (self->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  else
    setsockopt (self->fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  return self->fd;
}

static int
close_socket (ares_socket_t fd, void *user_data)
{
  RollDnsChannel *self = user_data;

  if (fd == self->fd)
    {
      self->fd = -1;
      self->refused = FALSE;
    }
  return close (fd);
}

/* Our own address and not c-ares', which has no scope for link-local ones. */
static int
connect_socket (ares_socket_t fd, const struct sockaddr *address, ares_socklen_t length, void *user_data)
{
  RollDnsChannel *self = user_data;
  struct sockaddr_storage sa;
  socklen_t sa_length = roll_address_to_sockaddr (&self->address.address, self->address.port, &sa);
  int result = connect (fd, (struct sockaddr *) &sa, sa_length);

  if (result == -1 && errno != EINPROGRESS)
    note_error (self, ROLL_SAID_BY_THIS_MACHINE);
  return result;
}

static ares_ssize_t
receive_stream (RollDnsChannel *self, void *data, size_t size, int flags)
{
  ares_ssize_t n = recv (self->fd, data, size, flags);

  if (n == 0)
    errno = ECONNRESET;
  if (n == 0 || (n == -1 && errno != EAGAIN))
    note_received_error (self);
  return n;
}

static ares_ssize_t
receive (ares_socket_t fd, void *data, size_t size, int flags, struct sockaddr *from, ares_socklen_t *from_length,
         void *user_data)
{
  RollDnsChannel *self = user_data;
  ares_ssize_t n = 0;

  if (self->tcp)
    return receive_stream (self, data, size, flags);
  if (self->refused)
    {
      self->refused = FALSE;
      errno = ECONNREFUSED;
      note_received_error (self);
      return -1;
    }
  while (n == 0 && self->datagrams++ < DATAGRAMS_A_TURN) /* an empty one is passed over: c-ares would hang up */
    n = recvfrom (fd, data, size, flags, from, from_length);
  if (n == 0)
    errno = EAGAIN;
  else if (n == -1 && errno != EAGAIN)
    note_received_error (self);
  return n > 0 ? n : -1;
}

static ares_ssize_t
send_data (ares_socket_t fd, const struct iovec *data, int n_data, void *user_data)
{
  RollDnsChannel *self = user_data;
  struct msghdr message = { .msg_iov = (struct iovec *) data, .msg_iovlen = (size_t) n_data };
  ares_ssize_t n = sendmsg (fd, &message, MSG_NOSIGNAL);

  if (n >= 0)
    return n;
  if (!self->tcp && (errno == EAGAIN || errno == ENOBUFS))
    return (ares_ssize_t) data[0].iov_len; /* lost on the way, like any datagram: it will be sent again */
  if (!self->tcp && errno == ECONNREFUSED)
    {
      self->refused = TRUE; /* what was sent before; this one meets the same end in the next turn */
      return (ares_ssize_t) data[0].iov_len;
    }
  if (errno != EAGAIN)
    note_error (self, ROLL_SAID_BY_THIS_MACHINE);
  return n;
}

static const struct ares_socket_functions socket_functions = {
  open_socket, close_socket, connect_socket, receive, send_data,
};

static void
on_socket_state (void *user_data, ares_socket_t fd, int readable, int writable)
{
  RollDnsChannel *self = user_data;
  struct epoll_event event = {
    .events = (readable ? EPOLLIN : 0) | (writable ? EPOLLOUT : 0),
    .data.u64 = (guint64) self->tag << 32 | (guint32) fd,
  };

  if (!readable && !writable)
    epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
  else if (epoll_ctl (self->epoll_fd, EPOLL_CTL_MOD, fd, &event) == -1 && errno == ENOENT)
    epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

static int
set_server (RollDnsChannel *self)
{
  struct ares_addr_port_node node = {
    .family = self->address.address.family,
    .udp_port = self->address.port,
    .tcp_port = self->address.port,
  };

  if (node.family == AF_INET)
    memcpy (&node.addr.addr4, self->address.address.bytes, 4);
  else
    memcpy (&node.addr.addr6, self->address.address.bytes, 16);
  return ares_set_servers_ports (self->ares, &node);
}

/* The UDP socket stays open, so that there is one even when this machine has run out of files. */
static int
open_ares (RollDnsChannel *self)
{
  char lookups[] = "b";
  struct ares_options options = {
    .flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP
             | (self->tcp ? ARES_FLAG_USEVC : ARES_FLAG_IGNTC | ARES_FLAG_STAYOPEN),
    .timeout = FORGET_AFTER_MS,
    .tries = 1,
    .ndots = 1,
    .lookups = lookups,
    .sock_state_cb = on_socket_state,
    .sock_state_cb_data = self,
  };
  int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS | ARES_OPT_LOOKUPS
             | ARES_OPT_DOMAINS | ARES_OPT_SOCK_STATE_CB;

#ifdef ARES_OPT_QUERY_CACHE
  mask |= ARES_OPT_QUERY_CACHE; /* with a life of 0: none, the evidence says what the server said */
#endif
  int status = ares_init_options (&self->ares, &options, mask);
  if (status == ARES_SUCCESS)
    status = set_server (self);
  if (status == ARES_SUCCESS)
    ares_set_socket_functions (self->ares, &socket_functions, self);
  return status;
}

static void
initialize_library (void)
{
  static gsize done;

  if (g_once_init_enter (&done))
    {
      ares_library_init (ARES_LIB_INIT_ALL);
      g_once_init_leave (&done, 1);
    }
}

RollDnsChannel *
roll_dns_channel_new (const RollServerAddress *address, gboolean tcp, int epoll_fd, guint32 tag, GError **error)
{
  RollDnsChannel *self = g_new0 (RollDnsChannel, 1);
  int status;

  initialize_library ();
  self->address = *address;
  self->tcp = tcp;
  self->epoll_fd = epoll_fd;
  self->tag = tag;
  self->fd = -1;
  status = open_ares (self);
  if (status == ARES_SUCCESS)
    return self;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, ares_strerror (status));
  roll_dns_channel_free (self);
  return NULL;
}

void
roll_dns_channel_free (RollDnsChannel *self)
{
  if (self->ares)
    ares_destroy (self->ares);
  g_free (self);
}

void
roll_dns_channel_ask (RollDnsChannel *self, const char *name, int type, ares_callback callback, gpointer data)
{
  self->error = 0;
  ares_query (self->ares, name, ns_c_in, type, callback, data);
}

void
roll_dns_channel_probe (RollDnsChannel *self, ares_callback callback, gpointer data)
{
  unsigned char *message = NULL;
  int length = 0;
  int status
      = ares_create_query (".", ns_c_in, ns_t_ns, (unsigned short) g_random_int (), 0, &message, &length, 0);

  self->error = 0;
  if (status == ARES_SUCCESS)
    ares_send (self->ares, message, length, callback, data);
  else
    callback (data, status, 0, NULL, 0);
  if (message)
    ares_free_string (message);
}

gboolean
roll_dns_channel_process (RollDnsChannel *self, int fd, guint32 events)
{
  gboolean broken = (events & (EPOLLERR | EPOLLHUP)) != 0;

  if (fd == -1 || fd != self->fd)
    return FALSE;
  self->datagrams = 0;
  ares_process_fd (self->ares, broken || events & EPOLLIN ? fd : ARES_SOCKET_BAD,
                   broken || events & EPOLLOUT ? fd : ARES_SOCKET_BAD);
  return TRUE;
}

void
roll_dns_channel_read (RollDnsChannel *self)
{
  roll_dns_channel_process (self, self->fd, EPOLLIN);
}

gboolean
roll_dns_channel_must_read (RollDnsChannel *self)
{
  return self->refused;
}

void
roll_dns_channel_forget_old (RollDnsChannel *self)
{
  ares_process_fd (self->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

int
roll_dns_channel_get_error (RollDnsChannel *self, RollSaidBy *ret_said_by)
{
  *ret_said_by = self->error_by;
  return self->error;
}
