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
#define KEPT_TICKS 500 /* five seconds in the unit of the kernel's ages, USER_HZ */
#define WATCHED_GROUPS (RTMGRP_LINK | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE)

typedef struct
{
  guint16 family;
  guint8 bits;
  guint32 interface; /* 0: through a router */
  guint8 prefix[16];
} Route;

struct _RollSubnets
{
  int query_fd;
  int watch_fd;
  guint32 sequence;
  guint8 *buffer;
  GHashTable *links; /* (element-type guint): interfaces whose neighbours must be asked for */
  GArray *routes;    /* (element-type Route): those on our subnets, and the exceptions within; longest first */
  GArray *own;       /* (element-type Route): addresses of this machine */
};

typedef void (*MessageFunc) (RollSubnets *self, const struct nlmsghdr *message, gpointer data);

typedef struct
{
  struct nlmsghdr header;
  union
  {
    struct rtgenmsg any;
    struct ndmsg neighbour;
  } body;
  struct rtattr attribute; /* NDA_DST */
  guint8 address[16];
} Request;

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
read_messages (RollSubnets *self, guint8 *buffer, gssize length, MessageFunc func, gpointer data)
{
  for (struct nlmsghdr *message = (struct nlmsghdr *) buffer; NLMSG_OK (message, (guint) length);
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
  while (length > 0 && read_messages (self, self->buffer, length, func, data));
  return TRUE;
}

static void
dump (RollSubnets *self, guint16 type, guchar family, MessageFunc func, gpointer data)
{
  Request request = {
    .header = { .nlmsg_len = NLMSG_LENGTH (sizeof request.body),
                .nlmsg_type = type,
                .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
    .body.any.rtgen_family = family,
  };

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

static void
take_route (RollSubnets *self, const struct nlmsghdr *message, gpointer data)
{
  const struct rtmsg *header = NLMSG_DATA (message);
  Route route = { 0 };
  gboolean direct = TRUE;
  guint interface = 0;
  guint length;

  if (message->nlmsg_type != RTM_NEWROUTE || message->nlmsg_len < NLMSG_LENGTH (sizeof *header))
    return;
  route.family = header->rtm_family;
  route.bits = header->rtm_dst_len;
  if (route.bits > (route.family == AF_INET ? 32 : 128))
    return;

  length = RTM_PAYLOAD (message);
  for (const struct rtattr *attribute = RTM_RTA (header); RTA_OK (attribute, length);
       attribute = RTA_NEXT (attribute, length))
    {
      if (attribute->rta_type == RTA_DST)
        memcpy (route.prefix, RTA_DATA (attribute), MIN (RTA_PAYLOAD (attribute), sizeof route.prefix));
      else if (attribute->rta_type == RTA_OIF && RTA_PAYLOAD (attribute) == sizeof interface)
        memcpy (&interface, RTA_DATA (attribute), sizeof interface);
      else if (attribute->rta_type == RTA_GATEWAY || attribute->rta_type == RTA_VIA
               || attribute->rta_type == RTA_MULTIPATH || attribute->rta_type == RTA_ENCAP)
        direct = FALSE;
    }

  if (direct && g_hash_table_contains (self->links, GUINT_TO_POINTER (interface)))
    route.interface = interface;
  if (header->rtm_type == RTN_LOCAL)
    g_array_append_val (self->own, route);
  else if (header->rtm_type == RTN_UNICAST && header->rtm_table != RT_TABLE_LOCAL)
    g_array_append_val (self->routes, route);
}

static gboolean
covers (const Route *route, guint16 family, const guint8 *address)
{
  guint whole = route->bits / 8;
  guint8 mask = (guint8) (0xff00 >> (route->bits % 8));

  if (route->family != family || memcmp (route->prefix, address, whole) != 0)
    return FALSE;
  return mask == 0 || ((route->prefix[whole] ^ address[whole]) & mask) == 0;
}

static gint
compare_longest_first (gconstpointer a, gconstpointer b)
{
  return ((const Route *) b)->bits - ((const Route *) a)->bits;
}

/* A router may know a million networks; the only ones that matter here lie within a subnet of ours. */
static void
drop_foreign_routes (RollSubnets *self)
{
  GArray *kept = g_array_new (FALSE, FALSE, sizeof (Route));
  g_autoptr (GArray) direct = g_array_new (FALSE, FALSE, sizeof (Route));

  for (guint i = 0; i < self->routes->len; i++)
    if (g_array_index (self->routes, Route, i).interface != 0)
      g_array_append_val (direct, g_array_index (self->routes, Route, i));

  for (guint i = 0; i < self->routes->len; i++)
    {
      Route *route = &g_array_index (self->routes, Route, i);

      for (guint j = 0; j < direct->len; j++)
        if (g_array_index (direct, Route, j).bits <= route->bits
            && covers (&g_array_index (direct, Route, j), route->family, route->prefix))
          {
            g_array_append_vals (kept, route, 1);
            break;
          }
    }
  g_array_sort (kept, compare_longest_first);
  g_array_unref (self->routes);
  self->routes = kept;
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
  g_array_set_size (self->routes, 0);
  g_array_set_size (self->own, 0);
  dump (self, RTM_GETLINK, AF_UNSPEC, take_link, NULL);
  dump (self, RTM_GETROUTE, AF_INET, take_route, NULL);
  dump (self, RTM_GETROUTE, AF_INET6, take_route, NULL);
  drop_foreign_routes (self);
}

RollSubnets *
roll_subnets_new (void)
{
  RollSubnets *self = g_new0 (RollSubnets, 1);

  self->query_fd = open_netlink (0);
  self->watch_fd = open_netlink (WATCHED_GROUPS);
  self->buffer = g_malloc (REPLY_MAX);
  self->links = g_hash_table_new (NULL, NULL);
  self->routes = g_array_new (FALSE, FALSE, sizeof (Route));
  self->own = g_array_new (FALSE, FALSE, sizeof (Route));
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
  g_array_unref (self->routes);
  g_array_unref (self->own);
  g_free (self);
}

int
roll_subnets_get_fd (RollSubnets *self)
{
  return self->watch_fd;
}

guint
roll_subnets_find (RollSubnets *self, const RollAddress *address)
{
  for (guint i = 0; i < self->routes->len; i++)
    {
      const Route *route = &g_array_index (self->routes, Route, i);

      if (!covers (route, address->family, address->bytes))
        continue;
      /* fe80::/64 is on every link; the scope says which is meant. */
      if (address->scope_id == 0 || address->scope_id == route->interface)
        return route->interface;
    }
  return 0;
}

gboolean
roll_subnets_is_own (RollSubnets *self, const RollAddress *address)
{
  for (guint i = 0; i < self->own->len; i++)
    if (covers (&g_array_index (self->own, Route, i), address->family, address->bytes))
      return TRUE;
  return FALSE;
}

static void
take_neighbour (RollSubnets *self, const struct nlmsghdr *message, gpointer data)
{
  const struct ndmsg *neighbour = NLMSG_DATA (message);
  RollNeighbour *state = data;

  if (message->nlmsg_type != RTM_NEWNEIGH || message->nlmsg_len < NLMSG_LENGTH (sizeof *neighbour))
    return;
  if (neighbour->ndm_state == NUD_NONE || (neighbour->ndm_state & NUD_INCOMPLETE))
    *state = ROLL_NEIGHBOUR_ASKED;
  else
    *state = (neighbour->ndm_state & NUD_FAILED) ? ROLL_NEIGHBOUR_DEAD : ROLL_NEIGHBOUR_ANSWERED;
}

RollNeighbour
roll_subnets_get_neighbour (RollSubnets *self, guint interface, const RollAddress *address)
{
  gsize size = address->family == AF_INET ? 4 : 16;
  RollNeighbour state = ROLL_NEIGHBOUR_MISSING;
  Request request = {
    .header = { .nlmsg_type = RTM_GETNEIGH, .nlmsg_flags = NLM_F_REQUEST },
    .body.neighbour = { .ndm_family = (guint8) address->family, .ndm_ifindex = (int) interface },
    .attribute = { .rta_type = NDA_DST, .rta_len = (guint16) RTA_LENGTH (size) },
  };

  memcpy (request.address, address->bytes, size);
  request.header.nlmsg_len = (guint32) (offsetof (Request, address) + size);
  return ask (self, &request, take_neighbour, &state) ? state : ROLL_NEIGHBOUR_UNKNOWN;
}

/* The kernel throws out what has failed, and what is stale and unchanged for five seconds. */
static void
count_neighbour (RollSubnets *self, const struct nlmsghdr *message, gpointer data)
{
  const struct ndmsg *neighbour = NLMSG_DATA (message);
  guint *count = data;
  guint length;

  if (message->nlmsg_type != RTM_NEWNEIGH || message->nlmsg_len < NLMSG_LENGTH (sizeof *neighbour))
    return;
  if (neighbour->ndm_state & (NUD_INCOMPLETE | NUD_REACHABLE | NUD_DELAY | NUD_PROBE))
    (*count)++;
  if ((neighbour->ndm_state & NUD_STALE) == 0)
    return;

  length = message->nlmsg_len - NLMSG_LENGTH (sizeof *neighbour);
  for (const struct rtattr *attribute = (const void *) (neighbour + 1); RTA_OK (attribute, length);
       attribute = RTA_NEXT (attribute, length))
    {
      const struct nda_cacheinfo *ages = RTA_DATA (attribute);

      if (attribute->rta_type == NDA_CACHEINFO && RTA_PAYLOAD (attribute) >= sizeof *ages
          && ages->ndm_updated <= KEPT_TICKS)
        (*count)++;
    }
}

guint
roll_subnets_count_neighbours (RollSubnets *self, int family)
{
  guint count = 0;

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

  if (g_file_get_contents (path, &text, NULL, NULL)
      && g_ascii_string_to_unsigned (g_strchomp (text), 10, 1, G_MAXINT32, &limit, NULL))
    return (guint) limit;
  return NEIGHBOUR_LIMIT;
}
