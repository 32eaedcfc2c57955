/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-dns.h"

#include <arpa/nameser.h>
#include <glib/gi18n-lib.h>
#include <netdb.h>
#include <string.h>

/* Later versions of c-ares have other functions for the same; the ones of 1.18 still work there. */
#define CARES_NO_DEPRECATED
#include <ares.h>

#include "directory/roll-directory-private.h"

#define TRY_MS 1500
#define TRIES 2
#define SLICE_MS 500

typedef struct
{
  ares_channel channel;
  gboolean done;
  int status;
  GPtrArray *servers; /* (nullable) (element-type RollDirectoryServer) */
  GArray *addresses;  /* (nullable) (element-type RollAddress) */
  const char *domain;
  gboolean others;    /* there were servers of other domains */
} Question;

void
roll_directory_server_free (RollDirectoryServer *server)
{
  g_free (server->host);
  g_free (server);
}

static gboolean
fail (GError **error, const char *name, int status)
{
  if (status == ARES_ENOTFOUND || status == ARES_ENODATA || status == ARES_EBADNAME)
    g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_NO_SERVER,
                 _ ("DNS does not know “%s”. Check the name, and that this machine asks a name server that knows the domain."),
                 name);
  else
    g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_NO_DNS,
                 _ ("No name server told where “%s” is (%s). Check this machine's network and its name servers, or name a "
                    "domain controller by its address."),
                 name, ares_strerror (status));
  return FALSE;
}

static gboolean
open_channel (Question *question, char **name_servers, GError **error)
{
  static gsize once;
  struct ares_options options = { .timeout = TRY_MS, .tries = TRIES };
  int status = ARES_SUCCESS;

  if (g_once_init_enter (&once))
    {
      ares_library_init (ARES_LIB_INIT_ALL);
      g_once_init_leave (&once, 1);
    }
  status = ares_init_options (&question->channel, &options, ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES);
  if (status == ARES_SUCCESS && name_servers && name_servers[0])
    {
      g_autofree char *list = g_strjoinv (",", name_servers);

      status = ares_set_servers_ports_csv (question->channel, list);
    }
  return status == ARES_SUCCESS || fail (error, question->domain, status);
}

static void
process (ares_channel channel, const struct pollfd *fds, guint n)
{
  for (guint i = 0; i < n; i++)
    ares_process_fd (channel, fds[i].revents & (POLLIN | POLLERR | POLLHUP) ? fds[i].fd : ARES_SOCKET_BAD,
                     fds[i].revents & POLLOUT ? fds[i].fd : ARES_SOCKET_BAD);
  ares_process_fd (channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD); /* what is too old */
}

static gboolean
ask (Question *question, const RollDirectoryWait *wait, GError **error)
{
  while (!question->done)
    {
      ares_socket_t sockets[ARES_GETSOCK_MAXNUM];
      guint bits = (guint) ares_getsock (question->channel, sockets, ARES_GETSOCK_MAXNUM);
      struct pollfd fds[ARES_GETSOCK_MAXNUM];
      guint n = 0;

      for (int i = 0; i < ARES_GETSOCK_MAXNUM; i++)
        {
          /* As ARES_GETSOCK_READABLE() and ARES_GETSOCK_WRITABLE(), which shift into the sign. */
          int events = ((bits >> i) & 1 ? POLLIN : 0) | ((bits >> (i + ARES_GETSOCK_MAXNUM)) & 1 ? POLLOUT : 0);

          if (events)
            fds[n++] = (struct pollfd) { .fd = sockets[i], .events = (short) events };
        }
      struct timeval most = { 0, SLICE_MS * 1000 };
      struct timeval next;
      const struct timeval *until = ares_timeout (question->channel, &most, &next);
      if (!roll_directory_wait_poll (wait, fds, n, (int) (until->tv_sec * 1000 + until->tv_usec / 1000 + 1), error))
        return FALSE;
      process (question->channel, fds, n);
    }
  return question->status == ARES_SUCCESS || fail (error, question->domain, question->status);
}

/* --- Domain controllers ------------------------------------------------------------------------------------------ */

static gboolean
is_within (const char *host, const char *domain)
{
  gsize length = strlen (host);
  gsize tail = strlen (domain);

  return length > tail && host[length - tail - 1] == '.' && g_str_equal (host + length - tail, domain);
}

static void
add_server (Question *question, const struct ares_srv_reply *reply)
{
  g_autofree char *host = roll_directory_normal_domain (reply->host);

  if (!host || !is_within (host, question->domain))
    {
      question->others = TRUE;
      return;
    }
  RollDirectoryServer *server = g_new0 (RollDirectoryServer, 1);
  server->host = g_steal_pointer (&host);
  server->port = reply->port;
  server->priority = reply->priority;
  server->weight = reply->weight;
  g_ptr_array_add (question->servers, server);
}

static void
on_srv (void *user_data, int status, int timeouts, unsigned char *answer, int length)
{
  Question *question = user_data;
  struct ares_srv_reply *replies = NULL;

  question->done = TRUE;
  question->status = status == ARES_SUCCESS ? ares_parse_srv_reply (answer, length, &replies) : status;
  for (struct ares_srv_reply *reply = replies; reply; reply = reply->next)
    add_server (question, reply);
  if (replies)
    ares_free_data (replies);
}

static int
compare_priority (gconstpointer a, gconstpointer b)
{
  const RollDirectoryServer *one = *(const RollDirectoryServer *const *) a;
  const RollDirectoryServer *other = *(const RollDirectoryServer *const *) b;

  return (int) one->priority - (int) other->priority;
}

/* One of those of the first priority by chance, heavier ones rather. */
static guint
draw (GPtrArray *servers, guint first)
{
  const RollDirectoryServer *best = g_ptr_array_index (servers, first);
  guint total = 0;
  guint i = first;

  for (; i < servers->len; i++)
    {
      const RollDirectoryServer *server = g_ptr_array_index (servers, i);

      if (server->priority != best->priority)
        break;
      total += server->weight + 1u; /* 65536 × 65536 at most: the array has far fewer */
    }
  guint chance = (guint) g_random_int_range (0, (gint32) MIN (total, G_MAXINT32));
  for (i = first;; i++)
    {
      const RollDirectoryServer *server = g_ptr_array_index (servers, i);

      if (chance < server->weight + 1u)
        return i;
      chance -= server->weight + 1u;
    }
}

void
roll_directory_dns_sort (GPtrArray *servers)
{
  g_ptr_array_sort (servers, compare_priority);
  for (guint first = 0; first + 1 < servers->len; first++)
    {
      guint drawn = draw (servers, first);
      gpointer server = g_ptr_array_steal_index (servers, drawn);

      g_ptr_array_insert (servers, (int) first, server);
    }
}

static gboolean
fail_without_servers (const Question *question, GError **error)
{
  g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_NO_SERVER,
               question->others
                   ? _ ("DNS names domain controllers for “%s” whose names are not in that domain. If that is right, name one "
                        "of them as the server.")
                   : _ ("DNS knows no domain controller of “%s”. Check the domain's name, and that this machine asks a name "
                        "server that knows it; or name a domain controller as the server."),
               question->domain);
  return FALSE;
}

static gboolean
ask_for_servers (Question *question, char **name_servers, const RollDirectoryWait *wait, GError **error)
{
  g_autofree char *name = g_strconcat ("_ldap._tcp.dc._msdcs.", question->domain, NULL);
  g_autoptr (GError) trouble = NULL;

  if (!open_channel (question, name_servers, error))
    return FALSE;
  ares_query (question->channel, name, ns_c_in, ns_t_srv, on_srv, question);
  if (!ask (question, wait, &trouble) && !g_error_matches (trouble, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_NO_SERVER))
    {
      g_propagate_error (error, g_steal_pointer (&trouble));
      return FALSE;
    }
  return question->servers->len > 0 || fail_without_servers (question, error);
}

GPtrArray *
roll_directory_dns_find (const char *domain, char **name_servers, const RollDirectoryWait *wait, GError **error)
{
  g_autoptr (GPtrArray) servers = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_directory_server_free);
  Question question = { .servers = servers, .domain = domain };
  gboolean found = ask_for_servers (&question, name_servers, wait, error);

  if (question.channel)
    ares_destroy (question.channel); /* calls back what is still open */
  if (!found)
    return NULL;
  roll_directory_dns_sort (servers);
  if (servers->len > ROLL_DIRECTORY_SERVERS_MAX)
    g_ptr_array_set_size (servers, ROLL_DIRECTORY_SERVERS_MAX);
  return g_steal_pointer (&servers);
}

/* --- Addresses --------------------------------------------------------------------------------------------------- */

static void
on_addresses (void *user_data, int status, int timeouts, struct ares_addrinfo *result)
{
  Question *question = user_data;

  question->done = TRUE;
  question->status = status;
  if (status != ARES_SUCCESS)
    return;
  for (struct ares_addrinfo_node *node = result->nodes; node; node = node->ai_next)
    {
      RollAddress address;

      if (question->addresses->len < ROLL_DIRECTORY_ADDRESSES_MAX && roll_address_from_sockaddr (node->ai_addr, &address, NULL))
        g_array_append_val (question->addresses, address);
    }
  ares_freeaddrinfo (result);
}

static gboolean
ask_for_addresses (Question *question, char **name_servers, const RollDirectoryWait *wait, GError **error)
{
  const struct ares_addrinfo_hints hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };

  if (!open_channel (question, name_servers, error))
    return FALSE;
  ares_getaddrinfo (question->channel, question->domain, NULL, &hints, on_addresses, question);
  return ask (question, wait, error) && (question->addresses->len > 0 || fail (error, question->domain, ARES_ENODATA));
}

GArray *
roll_directory_dns_resolve (const char *host, char **name_servers, const RollDirectoryWait *wait, GError **error)
{
  g_autoptr (GArray) addresses = g_array_new (FALSE, FALSE, sizeof (RollAddress));
  Question question = { .addresses = addresses, .domain = host };
  RollAddress address;
  gboolean found;

  if (roll_address_parse (host, &address))
    {
      g_array_append_val (addresses, address);
      return g_steal_pointer (&addresses);
    }
  found = ask_for_addresses (&question, name_servers, wait, error);
  if (question.channel)
    ares_destroy (question.channel);
  return found ? g_steal_pointer (&addresses) : NULL;
}
