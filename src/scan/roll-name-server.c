/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-name-server.h"

/* Later versions of c-ares have other functions for the same; the ones of 1.18 still work there. */
#define CARES_NO_DEPRECATED
#include <ares.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <gio/gio.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/uio.h>
#include <unistd.h>

#define SILENT_AFTER_US (3 * G_USEC_PER_SEC)
#define PROBE_AFTER_US (2 * G_USEC_PER_SEC) /* of silence; leaves the probe a second */
#define PROBE_EVERY_US (2 * G_USEC_PER_SEC) /* while silent */
#define HOUSEKEEPING_US G_USEC_PER_SEC
#define FORGET_AFTER_MS 6000 /* longer than anybody waits for an answer, so that a late one still counts as a sign of life */
#define RECEIVE_BUFFER (4 * 1024 * 1024) /* as much of it as the kernel gives */
#define DATAGRAMS_A_TURN 256 /* read at once before the caller has a say again */
#define HEADER_SIZE 12
#define HEADER_TRUNCATED 0x02 /* in the third byte */

struct _RollNameServer
{
  RollServerAddress address;
  char *peer;
  int epoll_fd;
  guint32 tag;
  ares_channel udp;
  ares_channel tcp; /* made when first needed */
  int udp_fd, tcp_fd;
  guint datagrams; /* read in this turn */
  int socket_error; /* of the last call that failed */
  RollSaidBy socket_error_by;
  gboolean refused; /* a send was told so in the place of a receive */
  GQueue replies; /* (element-type RollDnsReply) */
  guint n_open;
  gboolean closing;

  gint64 unheard_since; /* the first question sent since the last answer; 0: none */
  gint64 probed_at;     /* in this silence; 0: not yet */
  gint64 next_probe, next_housekeeping;
  gboolean silent;
  int error; /* what the network said since the last answer */
  RollNameServerNews news;
  char *last_name;
};

/* A question in c-ares' hands. */
typedef struct
{
  RollDnsReply reply; /* comes first: what is handed out and freed is the whole */
  RollNameServer *server;
  gboolean probe;
  char name[];
} Query;

static void on_answer (void *arg, int status, int timeouts, unsigned char *answer, int length);

/* Sockets. c-ares says only that a call failed, the evidence needs to know how; and it takes a full send buffer for a
 * dead server. */

static void
note_socket_error (RollNameServer *self, RollSaidBy said_by)
{
  self->socket_error = errno;
  self->socket_error_by = said_by;
  self->error = errno;
}

/* What a receive fails with came from outside, mostly as ICMP. */
static void
note_received_error (RollNameServer *self)
{
  gboolean own = errno == ECONNREFUSED || errno == ECONNRESET;

  note_socket_error (self, own ? ROLL_SAID_BY_NAME_SERVER : ROLL_SAID_BY_ROUTER);
}

static ares_socket_t
open_socket (int family, int type, int protocol, void *user_data)
{
  const int on = 1;
  const int buffer = RECEIVE_BUFFER;
  RollNameServer *self = user_data;
  int fd = socket (family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);

  if (fd == -1)
    note_socket_error (self, ROLL_SAID_BY_THIS_MACHINE);
  else if (type == SOCK_DGRAM)
    {
      setsockopt (fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
      self->udp_fd = fd;
    }
  else
    {
      setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      self->tcp_fd = fd;
    }
  return fd;
}

static int
close_socket (ares_socket_t fd, void *user_data)
{
  RollNameServer *self = user_data;

  if (fd == self->udp_fd)
    {
      self->udp_fd = -1;
      self->refused = FALSE;
    }
  if (fd == self->tcp_fd)
    self->tcp_fd = -1;
  return close (fd);
}

/* Our own address and not c-ares', which has no scope for link-local ones. */
static int
connect_socket (ares_socket_t fd, const struct sockaddr *address, ares_socklen_t length, void *user_data)
{
  RollNameServer *self = user_data;
  struct sockaddr_storage sa;
  socklen_t sa_length = roll_address_to_sockaddr (&self->address.address, self->address.port, &sa);
  int result = connect (fd, (struct sockaddr *) &sa, sa_length);

  if (result == -1 && errno != EINPROGRESS)
    note_socket_error (self, ROLL_SAID_BY_THIS_MACHINE);
  return result;
}

static ares_ssize_t
receive (ares_socket_t fd, void *data, size_t size, int flags, struct sockaddr *from, ares_socklen_t *from_length,
         void *user_data)
{
  RollNameServer *self = user_data;
  ares_ssize_t n;

  if (fd == self->udp_fd && self->refused)
    {
      self->refused = FALSE;
      errno = ECONNREFUSED;
      note_received_error (self);
      return -1;
    }
  if (fd == self->udp_fd && self->datagrams++ >= DATAGRAMS_A_TURN)
    {
      errno = EAGAIN;
      return -1;
    }
  do
    n = recvfrom (fd, data, size, flags, from, from_length);
  while (n == 0 && fd == self->udp_fd && ++self->datagrams < DATAGRAMS_A_TURN); /* empty, which is no end of stream */
  if (n == 0 && fd == self->udp_fd)
    {
      errno = EAGAIN;
      return -1;
    }
  if (n == 0)
    errno = ECONNRESET;
  if (n == 0 || (n == -1 && errno != EAGAIN))
    note_received_error (self);
  return n;
}

static ares_ssize_t
send_data (ares_socket_t fd, const struct iovec *data, int n_data, void *user_data)
{
  RollNameServer *self = user_data;
  struct msghdr message = { .msg_iov = (struct iovec *) data, .msg_iovlen = (size_t) n_data };
  ares_ssize_t n = sendmsg (fd, &message, MSG_NOSIGNAL);

  if (n >= 0)
    return n;
  if (fd == self->udp_fd && (errno == EAGAIN || errno == ENOBUFS))
    return (ares_ssize_t) data[0].iov_len; /* lost on the way, like any datagram: it will be sent again */
  if (fd == self->udp_fd && errno == ECONNREFUSED)
    {
      self->refused = TRUE; /* what was sent before; this one meets the same end in the next turn */
      return (ares_ssize_t) data[0].iov_len;
    }
  if (errno != EAGAIN)
    note_socket_error (self, ROLL_SAID_BY_THIS_MACHINE);
  return n;
}

static const struct ares_socket_functions socket_functions = {
  open_socket, close_socket, connect_socket, receive, send_data,
};

static void
on_socket_state (void *user_data, ares_socket_t fd, int readable, int writable)
{
  RollNameServer *self = user_data;
  struct epoll_event event = {
    .events = (readable ? EPOLLIN : 0) | (writable ? EPOLLOUT : 0),
    .data.u64 = (guint64) self->tag << 32 | (guint32) fd,
  };

  if (!readable && !writable)
    epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
  else if (epoll_ctl (self->epoll_fd, EPOLL_CTL_MOD, fd, &event) == -1 && errno == ENOENT)
    epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

/* Channels. One server and one try each: whom to ask next and when is the resolver's business. TCP has a channel of
 * its own because c-ares gives up all questions of a channel when one of its connections breaks. */

static void
fill_node (const RollServerAddress *address, struct ares_addr_port_node *node)
{
  *node = (struct ares_addr_port_node) { .family = address->address.family, .udp_port = address->port,
                                         .tcp_port = address->port };
  if (node->family == AF_INET)
    memcpy (&node->addr.addr4, address->address.bytes, 4);
  else
    memcpy (&node->addr.addr6, address->address.bytes, 16);
}

static int
open_channel (RollNameServer *self, int flags, ares_channel *ret_channel)
{
  char lookups[] = "b";
  struct ares_addr_port_node node;
  ares_channel channel;
  struct ares_options options = {
    .flags = ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES | ARES_FLAG_NOCHECKRESP | flags,
    .timeout = FORGET_AFTER_MS,
    .tries = 1,
    .ndots = 1,
    .lookups = lookups,
    .sock_state_cb = on_socket_state,
    .sock_state_cb_data = self,
  };
  int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_NDOTS | ARES_OPT_LOOKUPS
             | ARES_OPT_DOMAINS | ARES_OPT_SOCK_STATE_CB;
  int status;

#ifdef ARES_OPT_QUERY_CACHE
  mask |= ARES_OPT_QUERY_CACHE; /* with a life of 0: none, the evidence says what the server said */
#endif
  status = ares_init_options (&channel, &options, mask);
  if (status != ARES_SUCCESS)
    return status;
  fill_node (&self->address, &node);
  status = ares_set_servers_ports (channel, &node);
  if (status != ARES_SUCCESS)
    {
      ares_destroy (channel);
      return status;
    }
  ares_set_socket_functions (channel, &socket_functions, self);
  *ret_channel = channel;
  return ARES_SUCCESS;
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

RollNameServer *
roll_name_server_new (const RollServerAddress *address, int epoll_fd, guint32 tag, GError **error)
{
  g_autofree RollNameServer *self = g_new0 (RollNameServer, 1);
  char text[ROLL_ADDRESS_STRLEN];
  int status;

  initialize_library ();
  self->address = *address;
  self->epoll_fd = epoll_fd;
  self->tag = tag;
  self->udp_fd = self->tcp_fd = -1;
  g_queue_init (&self->replies);
  status = open_channel (self, ARES_FLAG_IGNTC | ARES_FLAG_STAYOPEN, &self->udp);
  if (status != ARES_SUCCESS)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, ares_strerror (status));
      return NULL;
    }
  self->peer = g_strdup_printf (address->address.family == AF_INET6 ? "[%s]:%u" : "%s:%u",
                                roll_address_format (&address->address, text), (guint) address->port);
  return g_steal_pointer (&self);
}

void
roll_name_server_close (RollNameServer *self)
{
  self->closing = TRUE;
  g_clear_pointer (&self->udp, ares_destroy);
  g_clear_pointer (&self->tcp, ares_destroy);
}

void
roll_name_server_free (RollNameServer *self)
{
  roll_name_server_close (self);
  g_queue_clear_full (&self->replies, g_free);
  g_free (self->last_name);
  g_free (self->peer);
  g_free (self);
}

const char *
roll_name_server_get_peer (RollNameServer *self)
{
  return self->peer;
}

gboolean
roll_name_server_is_silent (RollNameServer *self)
{
  return self->silent;
}

int
roll_name_server_get_error (RollNameServer *self)
{
  return self->error;
}

/* Questions and answers. */

static Query *
query_new (RollNameServer *self, const char *name, RollDnsType type)
{
  gsize size = strlen (name) + 1;
  Query *query = g_malloc0 (sizeof *query + size);

  query->server = self;
  query->reply.type = type;
  query->reply.rcode = -1;
  memcpy (query->name, name, size);
  return query;
}

static void
submit (Query *query, ares_channel channel)
{
  RollNameServer *self = query->server;

  self->n_open++;
  self->socket_error = 0;
  if (self->unheard_since == 0)
    self->unheard_since = g_get_monotonic_time ();
  ares_query (channel, query->name, ns_c_in, query->reply.type == ROLL_DNS_A ? ns_t_a : ns_t_aaaa, on_answer, query);
}

void
roll_name_server_ask (RollNameServer *self, const char *name, RollDnsType type, gpointer owner, guint serial)
{
  Query *query = query_new (self, name, type);

  query->reply.owner = owner;
  query->reply.serial = serial;
  if (!self->last_name || !g_str_equal (self->last_name, name))
    {
      g_free (self->last_name);
      self->last_name = g_strdup (name);
    }
  submit (query, self->udp);
}

static void
heard (RollNameServer *self)
{
  if (self->silent)
    self->news = ROLL_NAME_SERVER_BACK;
  self->silent = FALSE;
  self->unheard_since = 0;
  self->probed_at = 0;
  self->error = 0;
}

static gboolean
is_host_address (const RollAddress *address)
{
  static const RollAddress any6 = { .family = AF_INET6 };

  if (address->family == AF_INET6)
    return address->bytes[0] != 0xff && !roll_address_equal (address, &any6);
  return address->bytes[0] != 0 && address->bytes[0] < 224;
}

static void
add_address (RollDnsReply *reply, int family, const void *bytes)
{
  RollAddress address = { .family = (guint16) family };

  memcpy (address.bytes, bytes, family == AF_INET ? 4 : 16);
  if (is_host_address (&address))
    reply->addresses[reply->n_addresses++] = address;
}

static int
parse_addresses (RollDnsReply *reply, const unsigned char *answer, int length)
{
  struct ares_addrttl v4[ROLL_DNS_ADDRESSES_MAX];
  struct ares_addr6ttl v6[ROLL_DNS_ADDRESSES_MAX];
  int n = ROLL_DNS_ADDRESSES_MAX;
  int status = reply->type == ROLL_DNS_A ? ares_parse_a_reply (answer, length, NULL, v4, &n)
                                         : ares_parse_aaaa_reply (answer, length, NULL, v6, &n);

  for (int i = 0; status == ARES_SUCCESS && i < n; i++)
    if (reply->type == ROLL_DNS_A)
      add_address (reply, AF_INET, &v4[i].ipaddr);
    else
      add_address (reply, AF_INET6, &v6[i].ip6addr);
  return status == ARES_SUCCESS && reply->n_addresses == 0 ? ARES_ENODATA : status;
}

static int
status_from_answer (RollDnsReply *reply, const unsigned char *answer, int length)
{
  switch (reply->rcode)
    {
    case ns_r_noerror:
      return parse_addresses (reply, answer, length);
    case ns_r_formerr:
      return ARES_EFORMERR;
    case ns_r_servfail:
      return ARES_ESERVFAIL;
    case ns_r_nxdomain:
      return ARES_ENOTFOUND;
    case ns_r_notimpl:
      return ARES_ENOTIMP;
    case ns_r_refused:
      return ARES_EREFUSED;
    default:
      return ARES_EBADRESP;
    }
}

/* Asks once more, over TCP; FALSE when there can't be a connection. */
static gboolean
switch_to_tcp (Query *query)
{
  RollNameServer *self = query->server;

  if (!self->tcp && open_channel (self, ARES_FLAG_USEVC, &self->tcp) != ARES_SUCCESS)
    return FALSE;
  query->reply.tcp = TRUE;
  submit (query, self->tcp);
  return TRUE;
}

static void
on_answer (void *arg, int status, int timeouts, unsigned char *answer, int length)
{
  Query *query = arg;
  RollNameServer *self = query->server;
  RollDnsReply *reply = &query->reply;

  self->n_open--;
  reply->status = status;
  if (answer && length >= HEADER_SIZE && !self->closing)
    {
      heard (self);
      if (answer[2] & HEADER_TRUNCATED && !reply->tcp && !query->probe && switch_to_tcp (query))
        return;
      reply->rcode = answer[3] & 0xf;
      reply->status = status_from_answer (reply, answer, length);
    }
  else if (status == ARES_ECONNREFUSED)
    {
      reply->error = self->socket_error;
      reply->error_by = self->socket_error_by;
    }
  if (query->probe)
    g_free (query);
  else
    g_queue_push_tail (&self->replies, reply);
}

gboolean
roll_name_server_process (RollNameServer *self, int fd, guint32 events)
{
  ares_socket_t readable = events & (EPOLLIN | EPOLLERR | EPOLLHUP) ? fd : ARES_SOCKET_BAD;
  ares_socket_t writable = events & (EPOLLOUT | EPOLLERR | EPOLLHUP) ? fd : ARES_SOCKET_BAD;

  if (fd == -1 || (fd != self->udp_fd && fd != self->tcp_fd))
    return FALSE;
  self->datagrams = 0;
  ares_process_fd (fd == self->udp_fd ? self->udp : self->tcp, readable, writable);
  return TRUE;
}

RollDnsReply *
roll_name_server_pop (RollNameServer *self)
{
  return g_queue_pop_head (&self->replies);
}

/* Silence. */

/* For the servers of the root, without recursion: whoever is alive answers that from what he has, if only with a
 * refusal, while an ordinary question may take long at a server that has to ask others. */
static void
probe (RollNameServer *self)
{
  unsigned char *message = NULL;
  int length;

  if (ares_create_query (".", ns_c_in, ns_t_ns, (unsigned short) g_random_int (), 0, &message, &length, 0)
      != ARES_SUCCESS)
    return;
  Query *query = query_new (self, "", ROLL_DNS_A);
  query->probe = TRUE;
  self->n_open++;
  ares_send (self->udp, message, length, on_answer, query);
  ares_free_string (message);
}

/* And as an ordinary question, for servers that ignore the other kind. */
static void
probe_with_name (RollNameServer *self)
{
  Query *query = query_new (self, self->last_name ? self->last_name : "localhost", ROLL_DNS_A);

  query->probe = TRUE;
  submit (query, self->udp);
}

/* A last look: when this program was held up, the answers may lie there unread. */
static gboolean
has_come (RollNameServer *self)
{
  self->datagrams = 0;
  if (self->udp_fd != -1)
    ares_process_fd (self->udp, self->udp_fd, ARES_SOCKET_BAD);
  return self->unheard_since == 0;
}

static void
check_silence (RollNameServer *self, gint64 now)
{
  if (self->probed_at == 0 && now >= self->unheard_since + PROBE_AFTER_US)
    {
      self->probed_at = now;
      probe (self);
    }
  else if (self->probed_at > 0 && now >= self->probed_at + SILENT_AFTER_US - PROBE_AFTER_US
           && !has_come (self))
    {
      self->silent = TRUE;
      self->news = ROLL_NAME_SERVER_SILENT;
      self->next_probe = now + PROBE_EVERY_US;
    }
}

void
roll_name_server_check (RollNameServer *self, gint64 now)
{
  if (self->refused)
    ares_process_fd (self->udp, self->udp_fd, ARES_SOCKET_BAD);
  if (self->n_open > 0 && now >= self->next_housekeeping)
    {
      self->next_housekeeping = now + HOUSEKEEPING_US;
      ares_process_fd (self->udp, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
      if (self->tcp)
        ares_process_fd (self->tcp, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
    }
  if (self->silent && now >= self->next_probe)
    {
      self->next_probe = now + PROBE_EVERY_US;
      probe (self);
      probe_with_name (self);
    }
  else if (!self->silent && self->unheard_since > 0)
    check_silence (self, now);
}

gint64
roll_name_server_get_deadline (RollNameServer *self)
{
  gint64 deadline = self->n_open > 0 ? self->next_housekeeping : G_MAXINT64;

  if (self->refused)
    return 0;
  if (self->silent)
    return MIN (deadline, self->next_probe);
  if (self->probed_at > 0)
    return MIN (deadline, self->probed_at + SILENT_AFTER_US - PROBE_AFTER_US);
  if (self->unheard_since > 0)
    return MIN (deadline, self->unheard_since + PROBE_AFTER_US);
  return deadline;
}

RollNameServerNews
roll_name_server_take_news (RollNameServer *self)
{
  RollNameServerNews news = self->news;

  self->news = ROLL_NAME_SERVER_NO_NEWS;
  return news;
}
