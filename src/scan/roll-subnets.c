/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-subnets.h"

#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
#include <unistd.h>

#define REPLY_MAX 65536
#define NEIGHBOUR_LIMIT 1024 /* the kernel's default */
#define KEPT (5 * G_USEC_PER_SEC)
#define US_PER_TICK G_GINT64_CONSTANT (10000) /* the kernel's ages are in USER_HZ */
#define WATCHED_GROUPS (RTMGRP_LINK | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE)

typedef struct
{
  guint16 family;
  guint8 bits;
  guint8 prefix[16];
} Network;

struct _RollSubnets
{
  int query_fd;
  int watch_fd;
  guint32 sequence;
  guint8 *buffer;
  GHashTable *links; /* (element-type guint): interfaces whose neighbours must be asked for */
  GArray *direct;    /* (element-type Network): those on such links */
  GArray *own;       /* (element-type Network): addresses of this machine */
};

typedef void (*MessageFunc) (RollSubnets *self, const struct nlmsghdr *message, gpointer data);

typedef struct
{
  struct nlmsghdr header;
  union
  {
    struct rtgenmsg any;
    struct ndmsg neighbour;
    struct rtmsg route;
  } body;
  guint8 attributes[64] __attribute__ ((aligned (RTA_ALIGNTO)));
} Request;

static void
request_init (Request *request, guint16 type, guint16 flags)
{
  *request = (Request){
    .header = { .nlmsg_len = offsetof (Request, attributes),
                .nlmsg_type = type,
                .nlmsg_flags = NLM_F_REQUEST | flags },
  };
}

static void
request_add (Request *request, guint16 type, gconstpointer data, gsize size)
{
  struct rtattr attribute = { .rta_len = (guint16) RTA_LENGTH (size), .rta_type = type };
  guint8 *end = (guint8 *) request + request->header.nlmsg_len;

  g_assert (request->header.nlmsg_len + RTA_SPACE (size) <= sizeof *request);
  memcpy (end, &attribute, sizeof attribute);
  memcpy (end + RTA_LENGTH (0), data, size);
  request->header.nlmsg_len += RTA_SPACE (size);
}

static gsize
address_size (const RollAddress *address)
{
  return address->family == AF_INET ? 4 : 16;
}

static int
open_netlink (guint groups)
{
  struct sockaddr_nl local = { .nl_family = AF_NETLINK, .nl_groups = groups };
  int fd = socket (AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE);

  if (fd >= 0 && bind (fd, (struct sockaddr *) &local, sizeof local) < 0)
    {
      close (fd);
      fd = -1;
    }
  return fd;
}

/* One datagram of an answer; FALSE after its last message. */
static gboolean
read_messages (RollSubnets *self, gssize length, MessageFunc func, gpointer data)
{
  for (struct nlmsghdr *message = (struct nlmsghdr *) self->buffer; NLMSG_OK (message, (guint) length);
       message = NLMSG_NEXT (message, length))
    {
      if (message->nlmsg_seq != self->sequence)
        continue;
      if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
        return FALSE;
      func (self, message, data);
      if ((message->nlmsg_flags & NLM_F_MULTI) == 0)
        return FALSE;
    }
  return TRUE;
}

/* The kernel answers while it takes the question, so this never waits. FALSE when it took none. */
static gboolean
ask (RollSubnets *self, Request *request, MessageFunc func, gpointer data)
{
  gssize length;

  request->header.nlmsg_seq = ++self->sequence;
  if (self->query_fd < 0 || send (self->query_fd, request, request->header.nlmsg_len, 0) < 0)
    return FALSE;
  do
    length = recv (self->query_fd, self->buffer, REPLY_MAX, 0);
  while (length > 0 && read_messages (self, length, func, data));
  return TRUE;
}

static void
dump (RollSubnets *self, guint16 type, guchar family, MessageFunc func, gpointer data)
{
  Request request;

  request_init (&request, type, NLM_F_DUMP);
  request.body.any.rtgen_family = family;
  ask (self, &request, func, data);
}

static void
take_link (RollSubnets *self, const struct nlmsghdr *message, gpointer data)
{
  const struct ifinfomsg *link = NLMSG_DATA (message);

  if (message->nlmsg_type != RTM_NEWLINK || message->nlmsg_len < NLMSG_LENGTH (sizeof *link))
    return;
  if ((link->ifi_flags & (IFF_LOOPBACK | IFF_POINTOPOINT | IFF_NOARP)) == 0)
    g_hash_table_add (self->links, GUINT_TO_POINTER ((guint) link->ifi_index));
}

typedef struct
{
  guint8 type;
  guint8 table;
  guint interface; /* 0: through a router, or where nobody is asked for */
  Network network;
} Route;

static gboolean
parse_route (RollSubnets *self, const struct nlmsghdr *message, Route *ret_route)
{
  const struct rtmsg *header = NLMSG_DATA (message);
  gboolean direct = TRUE;
  guint interface = 0;
  guint length;

  if (message->nlmsg_type != RTM_NEWROUTE || message->nlmsg_len < NLMSG_LENGTH (sizeof *header))
    return FALSE;
  *ret_route = (Route){ .type = header->rtm_type, .table = header->rtm_table };
  ret_route->network.family = header->rtm_family;
  ret_route->network.bits = header->rtm_dst_len;
  if (ret_route->network.bits > (header->rtm_family == AF_INET ? 32 : 128))
    return FALSE;

  length = RTM_PAYLOAD (message);
  for (const struct rtattr *attribute = RTM_RTA (header); RTA_OK (attribute, length);
       attribute = RTA_NEXT (attribute, length))
    {
      gsize size = RTA_PAYLOAD (attribute);

      if (attribute->rta_type == RTA_DST)
        memcpy (ret_route->network.prefix, RTA_DATA (attribute),
                MIN (size, sizeof ret_route->network.prefix));
      else if (attribute->rta_type == RTA_OIF && size == sizeof interface)
        memcpy (&interface, RTA_DATA (attribute), sizeof interface);
      else if (attribute->rta_type == RTA_GATEWAY || attribute->rta_type == RTA_VIA ||
               attribute->rta_type == RTA_MULTIPATH || attribute->rta_type == RTA_ENCAP)
        direct = FALSE;
    }
  if (direct && g_hash_table_contains (self->links, GUINT_TO_POINTER (interface)))
    ret_route->interface = interface;
  return TRUE;
}

static void
take_route (RollSubnets *self, const struct nlmsghdr *message, gpointer data)
{
  Route route;

  if (!parse_route (self, message, &route))
    return;
  if (route.type == RTN_LOCAL)
    g_array_append_val (self->own, route.network);
  else if (route.type == RTN_UNICAST && route.table != RT_TABLE_LOCAL && route.interface != 0)
    g_array_append_val (self->direct, route.network);
}

void
roll_subnets_refresh (RollSubnets *self)
{
  guint8 ignored[4096];

  g_return_if_fail (self != NULL);

  /* ENOBUFS says that news were lost: as good as news. */
  while (self->watch_fd >= 0 && (recv (self->watch_fd, ignored, sizeof ignored, 0) > 0 || errno == ENOBUFS))
    ;
  g_hash_table_remove_all (self->links);
  g_array_set_size (self->direct, 0);
  g_array_set_size (self->own, 0);
  dump (self, RTM_GETLINK, AF_UNSPEC, take_link, NULL);
  dump (self, RTM_GETROUTE, AF_INET, take_route, NULL);
  dump (self, RTM_GETROUTE, AF_INET6, take_route, NULL);
}

RollSubnets *
roll_subnets_new (void)
{
  RollSubnets *self = g_new0 (RollSubnets, 1);

  self->query_fd = open_netlink (0);
  self->watch_fd = open_netlink (WATCHED_GROUPS);
  self->buffer = g_malloc (REPLY_MAX);
  self->links = g_hash_table_new (NULL, NULL);
  self->direct = g_array_new (FALSE, FALSE, sizeof (Network));
  self->own = g_array_new (FALSE, FALSE, sizeof (Network));
  roll_subnets_refresh (self);
  return self;
}

void
roll_subnets_free (RollSubnets *self)
{
  if (self == NULL)
    return;
  if (self->query_fd >= 0)
    close (self->query_fd);
  if (self->watch_fd >= 0)
    close (self->watch_fd);
  g_free (self->buffer);
  g_hash_table_unref (self->links);
  g_array_unref (self->direct);
  g_array_unref (self->own);
  g_free (self);
}

int
roll_subnets_get_fd (RollSubnets *self)
{
  g_return_val_if_fail (self != NULL, -1);

  return self->watch_fd;
}

static gboolean
covers (const Network *network, const RollAddress *address)
{
  guint whole = network->bits / 8;
  guint8 mask = (guint8) (0xff00 >> (network->bits % 8));

  if (network->family != address->family || memcmp (network->prefix, address->bytes, whole) != 0)
    return FALSE;
  return mask == 0 || ((network->prefix[whole] ^ address->bytes[whole]) & mask) == 0;
}

static gboolean
is_in (GArray *networks, const RollAddress *address)
{
  for (guint i = 0; i < networks->len; i++)
    if (covers (&g_array_index (networks, Network, i), address))
      return TRUE;
  return FALSE;
}

static void
take_way (RollSubnets *self, const struct nlmsghdr *message, gpointer data)
{
  parse_route (self, message, data);
}

/* Only the kernel knows for sure: there may be exceptions within a subnet, and rules of policy. */
RollWay
roll_subnets_find_way (RollSubnets *self, const RollAddress *address, guint *ret_interface)
{
  Route route = { 0 };
  Request request;

  g_return_val_if_fail (self != NULL && address != NULL && ret_interface != NULL, ROLL_WAY_ROUTED);

  *ret_interface = 0;
  if (!is_in (self->direct, address))
    return ROLL_WAY_ROUTED;

  request_init (&request, RTM_GETROUTE, 0);
  request.body.route.rtm_family = (guchar) address->family;
  request.body.route.rtm_dst_len = (guchar) (8 * address_size (address));
  request_add (&request, RTA_DST, address->bytes, address_size (address));
  if (address->scope_id != 0)
    request_add (&request, RTA_OIF, &address->scope_id, sizeof address->scope_id);
  ask (self, &request, take_way, &route);

  if (route.type == RTN_LOCAL)
    return ROLL_WAY_OWN;
  if (route.type != RTN_UNICAST || route.interface == 0)
    return ROLL_WAY_ROUTED;
  *ret_interface = route.interface;
  return ROLL_WAY_NEIGHBOUR;
}

char *
roll_subnets_list (RollSubnets *self)
{
  GString *list = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, g_string_free (list, FALSE));

  for (guint i = 0; i < self->direct->len; i++)
    {
      const Network *network = &g_array_index (self->direct, Network, i);
      RollAddress address = { .family = network->family };
      char text[ROLL_ADDRESS_STRLEN];

      if (network->bits == 0)
        continue;
      memcpy (address.bytes, network->prefix, sizeof address.bytes);
      g_string_append_printf (list, "%s%s/%u", list->len > 0 ? "," : "", roll_address_format (&address, text),
                              network->bits);
    }
  return g_string_free (list, FALSE);
}

gboolean
roll_subnets_is_own (RollSubnets *self, const RollAddress *address)
{
  g_return_val_if_fail (self != NULL && address != NULL, FALSE);

  return is_in (self->own, address);
}

static gboolean
is_neighbour (const struct nlmsghdr *message)
{
  return message->nlmsg_type == RTM_NEWNEIGH && message->nlmsg_len >= NLMSG_LENGTH (sizeof (struct ndmsg));
}

static void
take_neighbour (RollSubnets *self, const struct nlmsghdr *message, gpointer data)
{
  const struct ndmsg *neighbour = NLMSG_DATA (message);
  RollNeighbour *state = data;

  if (!is_neighbour (message))
    return;
  if (neighbour->ndm_state == NUD_NONE || (neighbour->ndm_state & NUD_INCOMPLETE))
    *state = ROLL_NEIGHBOUR_ASKED;
  else
    *state = (neighbour->ndm_state & NUD_FAILED) ? ROLL_NEIGHBOUR_DEAD : ROLL_NEIGHBOUR_ANSWERED;
}

RollNeighbour
roll_subnets_get_neighbour (RollSubnets *self, guint interface, const RollAddress *address)
{
  RollNeighbour state = ROLL_NEIGHBOUR_MISSING;
  Request request;

  g_return_val_if_fail (self != NULL && address != NULL, ROLL_NEIGHBOUR_UNKNOWN);

  request_init (&request, RTM_GETNEIGH, 0);
  request.body.neighbour.ndm_family = (guchar) address->family;
  request.body.neighbour.ndm_ifindex = (int) interface;
  request_add (&request, NDA_DST, address->bytes, address_size (address));
  return ask (self, &request, take_neighbour, &state) ? state : ROLL_NEIGHBOUR_UNKNOWN;
}

/* How long ago the kernel last changed the entry. */
static gint64
read_age (const struct nlmsghdr *message)
{
  const struct ndmsg *neighbour = NLMSG_DATA (message);
  guint length = message->nlmsg_len - NLMSG_LENGTH (sizeof *neighbour);

  for (const struct rtattr *attribute = (const void *) (neighbour + 1); RTA_OK (attribute, length);
       attribute = RTA_NEXT (attribute, length))
    {
      const struct nda_cacheinfo *ages = RTA_DATA (attribute);

      if (attribute->rta_type == NDA_CACHEINFO && RTA_PAYLOAD (attribute) >= sizeof *ages)
        return ages->ndm_updated * US_PER_TICK;
    }
  return 0;
}

/* The kernel throws out what has failed, and what is stale and unchanged for five seconds. */
static void
count_neighbour (RollSubnets *self, const struct nlmsghdr *message, gpointer data)
{
  const struct ndmsg *neighbour = NLMSG_DATA (message);
  guint *count = data;

  if (!is_neighbour (message))
    return;
  if (neighbour->ndm_state & (NUD_INCOMPLETE | NUD_REACHABLE | NUD_DELAY | NUD_PROBE))
    (*count)++;
  else if ((neighbour->ndm_state & NUD_STALE) && read_age (message) <= KEPT)
    (*count)++;
}

guint
roll_subnets_count_neighbours (RollSubnets *self, int family)
{
  guint count = 0;

  g_return_val_if_fail (self != NULL, 0);

  dump (self, RTM_GETNEIGH, (guchar) family, count_neighbour, &count);
  return count;
}

guint
roll_subnets_get_neighbour_limit (int family)
{
  const char *path = family == AF_INET ? "/proc/sys/net/ipv4/neigh/default/gc_thresh3"
                                       : "/proc/sys/net/ipv6/neigh/default/gc_thresh3";
  g_autofree char *text = NULL;
  guint64 limit;

  if (g_file_get_contents (path, &text, NULL, NULL) &&
      g_ascii_string_to_unsigned (g_strchomp (text), 10, 1, G_MAXINT32, &limit, NULL))
    return (guint) limit;
  return NEIGHBOUR_LIMIT;
}
