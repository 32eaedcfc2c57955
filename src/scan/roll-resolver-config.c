/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-resolver-config.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RESOLV_CONF "/etc/resolv.conf"
#define DNS_PORT 53
#define NDOTS_MAX 15 /* resolv.conf(5) */
#define LABEL_MAX 63
#define BLANKS " \t"

gboolean
roll_name_is_valid (const char *name)
{
  gsize length = strlen (name);
  gsize label = 0;

  if (length == 0 || length > ROLL_NAME_MAX)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar) name[i];
      if (c <= ' ' || c == 0x7f || c == '\\' || (c == '.' && label == 0))
        return FALSE;
      label = c == '.' ? 0 : label + 1;
      if (label > LABEL_MAX)
        return FALSE;
    }
  return label > 0;
}

/* "10.0.0.53", "10.0.0.53:5353", "fe80::1%eth0", "[::1]", "[::1]:53" */
static gboolean
parse_server (const char *text, RollServerAddress *ret_server)
{
  RollServerAddress server = { .port = DNS_PORT };
  g_autofree char *address = g_strdup (text);
  char *port = NULL;

  if (address[0] == '[')
    {
      char *end = strchr (address, ']');
      if (!end || (end[1] != ':' && end[1] != '\0'))
        return FALSE;
      port = end[1] == ':' ? end + 2 : NULL;
      *end = '\0';
      memmove (address, address + 1, strlen (address));
      if (!strchr (address, ':'))
        return FALSE;
    }
  else if ((port = strchr (address, ':')) && !strchr (port + 1, ':'))
    *port++ = '\0';
  else
    port = NULL;
  if (!roll_address_parse (address, &server.address) || (port && !roll_port_parse (port, &server.port)))
    return FALSE;
  *ret_server = server;
  return TRUE;
}

static void
add_server (RollResolverConfig *self, const RollServerAddress *server)
{
  if (self->servers->len < ROLL_NAME_SERVERS_MAX)
    g_array_append_val (self->servers, *server);
}

/* The root as a search domain is the name as it is, which is tried anyway. */
static gboolean
add_search_domain (RollResolverConfig *self, const char *domain)
{
  g_autofree char *plain = g_strdup (domain[0] == '.' ? domain + 1 : domain);
  gsize length = strlen (plain);

  if (length > 0 && plain[length - 1] == '.')
    plain[length - 1] = '\0';
  if (plain[0] == '\0' && domain[0] == '.')
    return TRUE;
  if (!roll_name_is_valid (plain))
    return FALSE;
  if (self->search->len < ROLL_SEARCH_DOMAINS_MAX)
    g_ptr_array_add (self->search, g_steal_pointer (&plain));
  return TRUE;
}

static void
read_option (RollResolverConfig *self, const char *option)
{
  if (g_str_has_prefix (option, "ndots:"))
    self->ndots = (guint) MIN (strtoul (option + strlen ("ndots:"), NULL, 10), NDOTS_MAX);
}

static void
read_line (RollResolverConfig *self, const char *line)
{
  g_auto (GStrv) words = g_strsplit_set (line, BLANKS "\r", -1);
  RollServerAddress server;
  guint n = 0;

  for (guint i = 1; words[0] && words[i]; i++)
    {
      if (words[i][0] == '\0')
        continue;
      if (g_str_equal (words[0], "nameserver") && n == 0 && parse_server (words[i], &server))
        add_server (self, &server);
      else if (g_str_equal (words[0], "options"))
        read_option (self, words[i]);
      else if (g_str_equal (words[0], "search") || (g_str_equal (words[0], "domain") && n == 0))
        {
          if (n == 0) /* the last such line counts */
            g_ptr_array_set_size (self->search, 0);
          add_search_domain (self, words[i]);
        }
      n++;
    }
}

/* Without a search or domain line the C library takes the domain of this machine's own name. */
static void
add_own_domain (RollResolverConfig *self)
{
  const char *dot = strchr (g_get_host_name (), '.');

  if (dot)
    add_search_domain (self, dot + 1);
}

static RollResolverConfig *
config_new_empty (void)
{
  RollResolverConfig *self = g_new0 (RollResolverConfig, 1);

  self->servers = g_array_new (FALSE, FALSE, sizeof (RollServerAddress));
  self->search = g_ptr_array_new_with_free_func (g_free);
  self->ndots = 1;
  return self;
}

RollResolverConfig *
roll_resolver_config_new_from_text (const char *text)
{
  static const RollServerAddress own = { { .family = AF_INET, .bytes = { 127, 0, 0, 1 } }, DNS_PORT };
  RollResolverConfig *self = config_new_empty ();
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean searches = FALSE;

  for (guint i = 0; lines[i]; i++)
    {
      searches = searches || g_str_has_prefix (lines[i], "search") || g_str_has_prefix (lines[i], "domain");
      read_line (self, lines[i]);
    }
  if (!searches)
    add_own_domain (self);
  if (self->servers->len == 0)
    add_server (self, &own);
  return self;
}

gboolean
roll_server_address_parse (const char *text, RollServerAddress *ret_server, GError **error)
{
  g_return_val_if_fail (text != NULL && ret_server != NULL, FALSE);

  if (parse_server (text, ret_server))
    return TRUE;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _ ("“%s” is not the address of a name server. Write it like 10.0.0.53, 10.0.0.53:5353 or "
                  "[fd00::53]:53."),
               text);
  return FALSE;
}

static gboolean
take_servers (RollResolverConfig *self, const char *const *servers, GError **error)
{
  RollServerAddress server;

  g_array_set_size (self->servers, 0);
  for (guint i = 0; servers[i]; i++)
    {
      if (!roll_server_address_parse (servers[i], &server, error))
        return FALSE;
      add_server (self, &server);
    }
  return TRUE;
}

static gboolean
take_search (RollResolverConfig *self, const char *const *search, GError **error)
{
  g_ptr_array_set_size (self->search, 0);
  for (guint i = 0; search[i]; i++)
    if (!add_search_domain (self, search[i]))
      {
        g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                     _ ("“%s” is not a search domain. Write it like corp.example."), search[i]);
        return FALSE;
      }
  return TRUE;
}

RollResolverConfig *
roll_resolver_config_new (const RollResolverOptions *options, GError **error)
{
  g_autofree char *text = NULL;
  g_autoptr (RollResolverConfig) self = NULL;

  g_file_get_contents (RESOLV_CONF, &text, NULL, NULL);
  self = roll_resolver_config_new_from_text (text ? text : "");
  if (options->servers && options->servers[0] && !take_servers (self, options->servers, error))
    return NULL;
  if (options->search && !take_search (self, options->search, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
roll_resolver_config_free (RollResolverConfig *self)
{
  g_array_unref (self->servers);
  g_ptr_array_unref (self->search);
  g_free (self);
}

static guint
count_dots (const char *name)
{
  guint n = 0;

  for (; *name; name++)
    n += *name == '.';
  return n;
}

char *
roll_resolver_config_get_candidate (const RollResolverConfig *self, const char *name, guint index)
{
  gsize length = strlen (name);
  gboolean absolute = length > 0 && name[length - 1] == '.';
  guint n_search = absolute ? 0 : self->search->len;
  guint as_it_is = count_dots (name) >= self->ndots ? 0 : n_search;

  if (index > n_search)
    return NULL;
  if (index == as_it_is || absolute)
    return g_strndup (name, length - (absolute ? 1 : 0));
  return g_strconcat (name, ".", g_ptr_array_index (self->search, index - (as_it_is == 0 ? 1 : 0)), NULL);
}
