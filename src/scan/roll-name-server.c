/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-name-server.h"

#include "scan/roll-dns-channel.h"

#include <arpa/nameser.h>
#include <string.h>

#define SILENT_AFTER_US (3 * G_USEC_PER_SEC)
#define PROBE_AFTER_US (2 * G_USEC_PER_SEC) /* of silence; leaves the probe a second */
#define PROBE_EVERY_US (2 * G_USEC_PER_SEC) /* while silent */
#define HOUSEKEEPING_US G_USEC_PER_SEC
#define HEADER_SIZE 12
#define HEADER_TRUNCATED 0x02 /* in the third byte */

struct _RollNameServer
{
  RollServerAddress address;
  char *peer;
  int epoll_fd;
  guint32 tag;
  RollDnsChannel *udp;
  RollDnsChannel *tcp; /* made when first needed */
  GQueue replies;      /* (element-type RollDnsReply) */
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

RollNameServer *
roll_name_server_new (const RollServerAddress *address, int epoll_fd, guint32 tag, GError **error)
{
  RollDnsChannel *udp = roll_dns_channel_new (address, FALSE, epoll_fd, tag, error);
  RollNameServer *self;
  char text[ROLL_ADDRESS_STRLEN];

  if (!udp)
    return NULL;
  self = g_new0 (RollNameServer, 1);
  self->address = *address;
  self->epoll_fd = epoll_fd;
  self->tag = tag;
  self->udp = udp;
  g_queue_init (&self->replies);
  self->peer = g_strdup_printf (address->address.family == AF_INET6 ? "[%s]:%u" : "%s:%u",
                                roll_address_format (&address->address, text), (guint) address->port);
  return self;
}

void
roll_name_server_close (RollNameServer *self)
{
  self->closing = TRUE;
  g_clear_pointer (&self->udp, roll_dns_channel_free);
  g_clear_pointer (&self->tcp, roll_dns_channel_free);
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

static void submit (Query *query);

/* An answer that did not fit into a datagram: asks once more, over TCP. FALSE when that can't be. */
static gboolean
switch_to_tcp (Query *query)
{
  RollNameServer *self = query->server;

  if (query->probe || query->reply.tcp)
    return FALSE;
  if (!self->tcp)
    self->tcp = roll_dns_channel_new (&self->address, TRUE, self->epoll_fd, self->tag, NULL);
  if (!self->tcp)
    return FALSE;
  query->reply.tcp = TRUE;
  submit (query);
  return TRUE;
}

static void
note_failure (RollNameServer *self, RollDnsReply *reply)
{
  reply->error = roll_dns_channel_get_error (reply->tcp ? self->tcp : self->udp, &reply->error_by);
  self->error = reply->error;
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
      if (answer[2] & HEADER_TRUNCATED && switch_to_tcp (query))
        return;
      reply->rcode = answer[3] & 0xf;
      reply->status = status_from_answer (reply, answer, length);
    }
  else if (status == ARES_ECONNREFUSED)
    note_failure (self, reply);
  if (query->probe)
    g_free (query);
  else
    g_queue_push_tail (&self->replies, reply);
}

static void
submit (Query *query)
{
  RollNameServer *self = query->server;

  self->n_open++;
  if (self->unheard_since == 0)
    self->unheard_since = g_get_monotonic_time ();
  roll_dns_channel_ask (query->reply.tcp ? self->tcp : self->udp, query->name,
                        query->reply.type == ROLL_DNS_A ? ns_t_a : ns_t_aaaa, on_answer, query);
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
  submit (query);
}

gboolean
roll_name_server_process (RollNameServer *self, int fd, guint32 events)
{
  return roll_dns_channel_process (self->udp, fd, events)
         || (self->tcp && roll_dns_channel_process (self->tcp, fd, events));
}

RollDnsReply *
roll_name_server_pop (RollNameServer *self)
{
  return g_queue_pop_head (&self->replies);
}

/* Silence. */

static void
probe (RollNameServer *self)
{
  Query *query = query_new (self, "", ROLL_DNS_A);

  query->probe = TRUE;
  self->n_open++;
  roll_dns_channel_probe (self->udp, on_answer, query);
}

/* And as an ordinary question, for servers that ignore the other kind. */
static void
probe_with_name (RollNameServer *self)
{
  Query *query = query_new (self, self->last_name, ROLL_DNS_A);

  query->probe = TRUE;
  submit (query);
}

/* A last look: when this program was held up, the answers may lie there unread. */
static gboolean
has_answered (RollNameServer *self)
{
  roll_dns_channel_read (self->udp);
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
           && !has_answered (self))
    {
      self->silent = TRUE;
      self->news = ROLL_NAME_SERVER_SILENT;
      self->next_probe = now + PROBE_EVERY_US;
    }
}

void
roll_name_server_check (RollNameServer *self, gint64 now)
{
  if (roll_dns_channel_must_read (self->udp))
    roll_dns_channel_read (self->udp);
  if (self->n_open > 0 && now >= self->next_housekeeping)
    {
      self->next_housekeeping = now + HOUSEKEEPING_US;
      roll_dns_channel_forget_old (self->udp);
      if (self->tcp)
        roll_dns_channel_forget_old (self->tcp);
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

  if (roll_dns_channel_must_read (self->udp))
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
