/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-connection.h"

#include <glib/gi18n-lib.h>
#include <openldap.h>
#include <string.h>

#include "directory/roll-directory-dns.h"
#include "directory/roll-directory-error.h"
#include "directory/roll-directory-private.h"

#define CONNECT_MS 5000 /* to one address */
#define SLICE_US 100000 /* libldap waits no longer without asking us */
#define ALL_SERVERS 3   /* times the time for one */
#define OPENING_BYTES_MAX (1024 * 1024)
#define MESSAGE_BYTES_MAX (1024 * 1024)
#define DN_BYTES_MAX 4096

void
roll_directory_connection_free (RollDirectoryConnection *self)
{
  if (self == NULL)
    return;
  if (self->ldap)
    ldap_unbind_ext (self->ldap, NULL, NULL);
  g_clear_pointer (&self->wire, roll_directory_wire_free);
  g_free (self->server);
  g_free (self->base);
  g_free (self);
}

gboolean
roll_directory_connection_fail (RollDirectoryConnection *self, const RollDirectoryWait *wait, GError **error)
{
  int code = LDAP_OTHER;

  if (!roll_directory_wait_check (wait, error))
    return FALSE;
  ldap_get_option (self->ldap, LDAP_OPT_RESULT_CODE, &code);
  if (code == LDAP_SERVER_DOWN && roll_directory_wire_has_ended (self->wire))
    return roll_directory_fail_closed (error, wait->peer);
  return roll_directory_fail_protocol (error, wait->peer);
}

LDAPMessage *
roll_directory_connection_wait (RollDirectoryConnection *self, int id, const RollDirectoryWait *wait, GError **error)
{
  while (roll_directory_wait_check (wait, error))
    {
      struct timeval slice = { 0, SLICE_US };
      LDAPMessage *message = NULL;
      int type = ldap_result (self->ldap, id, LDAP_MSG_ONE, &slice, &message);

      if (type > 0)
        return message;
      if (type < 0)
        {
          roll_directory_connection_fail (self, wait, error);
          return NULL;
        }
    }
  return NULL;
}

/* --- Connecting --------------------------------------------------------------------------------------------------- */

/* Whatever libldap's own files and environment say. */
static void
set_options (LDAP *ldap)
{
  const int version = LDAP_VERSION3;
  const int none = 0;
  const int never = LDAP_DEREF_NEVER;

  ldap_set_option (ldap, LDAP_OPT_PROTOCOL_VERSION, &version);
  ldap_set_option (ldap, LDAP_OPT_REFERRALS, LDAP_OPT_OFF);
  ldap_set_option (ldap, LDAP_OPT_DEREF, &never);
  ldap_set_option (ldap, LDAP_OPT_SIZELIMIT, &none);
  ldap_set_option (ldap, LDAP_OPT_TIMELIMIT, &none);
}

static gboolean
give_to_ldap (RollDirectoryConnection *self, const RollDirectoryWait *wait, GError **error)
{
  ber_len_t most = MESSAGE_BYTES_MAX;
  Sockbuf *buffer = NULL;

  if (ldap_init_fd (roll_directory_wire_get_fd (self->wire), LDAP_PROTO_EXT, NULL, &self->ldap) != LDAP_SUCCESS ||
      ldap_get_option (self->ldap, LDAP_OPT_SOCKBUF, &buffer) != LDAP_OPT_SUCCESS ||
      ber_sockbuf_add_io (buffer, &roll_directory_wire_io, LBER_SBIOD_LEVEL_PROVIDER, self->wire) != 0)
    return roll_directory_fail_closed (error, wait->peer);
  ber_sockbuf_ctrl (buffer, LBER_SB_OPT_SET_MAX_INCOMING, &most);
  set_options (self->ldap);
  return TRUE;
}

static RollDirectoryWire *
connect_to_one_of (GArray *addresses, guint16 port, const RollDirectoryWait *wait, GError **error)
{
  g_autoptr (GError) last = NULL;

  for (guint i = 0; i < addresses->len; i++)
    {
      RollDirectoryWait less = *wait;
      gint64 until = g_get_monotonic_time () + CONNECT_MS * G_TIME_SPAN_MILLISECOND;

      less.deadline = MIN (wait->deadline, until);
      g_clear_error (&last);
      RollDirectoryWire *wire = roll_directory_wire_new (&g_array_index (addresses, RollAddress, i), port, &less, &last);
      if (wire)
        return wire;
      if (!roll_directory_wait_check (wait, NULL))
        break;
    }
  g_propagate_error (error, g_steal_pointer (&last));
  return NULL;
}

/* --- The first words ---------------------------------------------------------------------------------------------- */

static gboolean
ask_for_tls (RollDirectoryConnection *self, const RollDirectoryWait *wait, GError **error)
{
  LDAPMessage *message;
  char *text = NULL;
  int id, code = LDAP_OTHER;
  gboolean agreed;

  if (ldap_extended_operation (self->ldap, LDAP_EXOP_START_TLS, NULL, NULL, NULL, &id) != LDAP_SUCCESS)
    return roll_directory_connection_fail (self, wait, error);
  message = roll_directory_connection_wait (self, id, wait, error);
  if (!message)
    return FALSE;
  if (ldap_parse_result (self->ldap, message, &code, NULL, &text, NULL, NULL, TRUE) != LDAP_SUCCESS)
    agreed = roll_directory_fail_protocol (error, wait->peer);
  else
    agreed = code == LDAP_SUCCESS || roll_directory_fail_starttls (error, wait->peer, code, text);
  ldap_memfree (text);
  return agreed;
}

static gboolean
make_safe (RollDirectoryConnection *self, const RollDirectoryOptions *options, const char *host, const RollDirectoryWait *wait,
           RollDirectoryCertificate **ret_certificate, GError **error)
{
  if (options->security == ROLL_DIRECTORY_KERBEROS)
    return TRUE;
  if (options->security == ROLL_DIRECTORY_STARTTLS && !ask_for_tls (self, wait, error))
    return FALSE;
  return roll_directory_wire_start_tls (self->wire, host, options->accepted, wait, ret_certificate, error);
}

static char *
take_value (LDAP *ldap, LDAPMessage *entry, const char *attribute)
{
  struct berval **values = ldap_get_values_len (ldap, entry, attribute);
  char *text = NULL;

  if (values && values[0] && values[0]->bv_len <= DN_BYTES_MAX &&
      g_utf8_validate_len (values[0]->bv_val, values[0]->bv_len, NULL))
    text = g_strndup (values[0]->bv_val, values[0]->bv_len);
  ldap_value_free_len (values);
  return text;
}

/* What the server is: the entry without a name, RFC 4512 5.1. */
static gboolean
read_base (RollDirectoryConnection *self, const RollDirectoryWait *wait, GError **error)
{
  char *attributes[] = { (char *) "defaultNamingContext", NULL };
  int id, type = LDAP_RES_SEARCH_ENTRY;

  if (ldap_search_ext (self->ldap, "", LDAP_SCOPE_BASE, NULL, attributes, FALSE, NULL, NULL, NULL, 1, &id) != LDAP_SUCCESS)
    return roll_directory_connection_fail (self, wait, error);
  while (type != LDAP_RES_SEARCH_RESULT)
    {
      LDAPMessage *message = roll_directory_connection_wait (self, id, wait, error);

      if (!message)
        return FALSE;
      type = ldap_msgtype (message);
      if (type == LDAP_RES_SEARCH_ENTRY && !self->base)
        self->base = take_value (self->ldap, message, attributes[0]);
      ldap_msgfree (message);
    }
  return TRUE;
}

static gboolean
check_base (RollDirectoryConnection *self, const RollDirectoryOptions *options, const RollDirectoryWait *wait, GError **error)
{
  g_autofree char *domain = self->base ? roll_directory_domain_of (self->base) : NULL;
  g_autofree char *wanted = options->domain ? roll_directory_normal_domain (options->domain) : NULL;

  if (!domain)
    {
      g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_PROTOCOL,
                   _ ("“%s” is no domain controller of Active Directory. Name one that is."), wait->peer);
      return FALSE;
    }
  if (!wanted || g_ascii_strcasecmp (domain, wanted) == 0)
    return TRUE;
  g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_NO_SERVER,
               _ ("“%s” belongs to the domain “%s”, not to “%s”. Name that domain, or another server."), wait->peer, domain, wanted);
  return FALSE;
}

static RollDirectoryConnection *
talk_to (const RollDirectoryOptions *options, const char *host, guint16 port, const RollDirectoryWait *wait,
         RollDirectoryCertificate **ret_certificate, GError **error)
{
  g_autoptr (RollDirectoryConnection) self = g_new0 (RollDirectoryConnection, 1);
  g_autoptr (GArray) addresses = roll_directory_dns_resolve (host, options->name_servers, wait, error);

  if (!addresses)
    return NULL;
  self->server = g_strdup (wait->peer);
  self->wire = connect_to_one_of (addresses, port, wait, error);
  if (!self->wire)
    return NULL;
  roll_directory_wire_allow (self->wire, OPENING_BYTES_MAX, wait);
  if (!give_to_ldap (self, wait, error) || !make_safe (self, options, host, wait, ret_certificate, error) ||
      !roll_directory_connection_bind (self, options, host, wait, error) || !read_base (self, wait, error) ||
      !check_base (self, options, wait, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* --- One server after the other ------------------------------------------------------------------------------------ */

/* "dc1" of the domain corp.example is dc1.corp.example: so its certificate and Kerberos know it. */
static char *
complete (char *host, const char *domain)
{
  RollAddress address;
  g_autofree char *normal = domain ? roll_directory_normal_domain (domain) : NULL;

  if (!normal || strchr (host, '.') || roll_address_parse (host, &address))
    return host;
  char *whole = g_strconcat (host, ".", normal, NULL);
  g_free (host);
  return whole;
}

static GPtrArray *
get_typed (const RollDirectoryOptions *options)
{
  GPtrArray *servers = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_directory_server_free);
  RollDirectoryServer *server = g_new0 (RollDirectoryServer, 1);

  roll_directory_parse_server (options->server, options->security, &server->host, &server->port);
  server->host = complete (server->host, options->domain);
  g_ptr_array_add (servers, server);
  return servers;
}

static GPtrArray *
get_servers (const RollDirectoryOptions *options, RollDirectoryWait *wait, GError **error)
{
  if (options->server)
    return get_typed (options);
  g_autofree char *domain = roll_directory_normal_domain (options->domain);
  roll_directory_wait_begin (wait, domain, options->timeout_ms);
  g_autoptr (GPtrArray) servers = roll_directory_dns_find (domain, options->name_servers, wait, error);
  /* Asked for LDAP, DNS tells its port; that of LDAPS is the usual one. */
  for (guint i = 0; servers && options->security == ROLL_DIRECTORY_LDAPS && i < servers->len; i++)
    ((RollDirectoryServer *) g_ptr_array_index (servers, i))->port = LDAPS_PORT;
  wait->peer = NULL;
  return g_steal_pointer (&servers);
}

/* Another server may do better; with a wrong password or certificate it must not be tried. */
static gboolean
is_worth_another (const GError *trouble)
{
  static const RollDirectoryError passing[] = { ROLL_DIRECTORY_ERROR_NO_DNS, ROLL_DIRECTORY_ERROR_NO_SERVER,
                                                ROLL_DIRECTORY_ERROR_UNREACHABLE, ROLL_DIRECTORY_ERROR_TIMED_OUT,
                                                ROLL_DIRECTORY_ERROR_TLS, ROLL_DIRECTORY_ERROR_PROTOCOL };

  for (guint i = 0; i < G_N_ELEMENTS (passing); i++)
    if (g_error_matches (trouble, ROLL_DIRECTORY_ERROR, (gint) passing[i]))
      return TRUE;
  return FALSE;
}

static RollDirectoryConnection *
try_server (const RollDirectoryOptions *options, const RollDirectoryServer *server, gint64 until, RollDirectoryWait *wait,
            RollDirectoryCertificate **ret_certificate, GError **error)
{
  g_autofree char *peer = strchr (server->host, ':') ? g_strdup_printf ("[%s]:%u", server->host, server->port)
                                                     : g_strdup_printf ("%s:%u", server->host, server->port);

  roll_directory_wait_begin (wait, peer, options->timeout_ms);
  wait->deadline = MIN (wait->deadline, until);
  RollDirectoryConnection *self = talk_to (options, server->host, server->port, wait, ret_certificate, error);
  wait->peer = NULL;
  if (self)
    roll_directory_wire_allow (self->wire, 0, NULL);
  return self;
}

RollDirectoryConnection *
roll_directory_connection_new (const RollDirectoryOptions *options, RollDirectoryWait *wait,
                               RollDirectoryCertificate **ret_certificate, GError **error)
{
  gint64 until = g_get_monotonic_time () + (gint64) options->timeout_ms * ALL_SERVERS * G_TIME_SPAN_MILLISECOND;
  g_autoptr (GError) last = NULL;
  g_autoptr (GPtrArray) servers = get_servers (options, wait, error);

  if (!servers)
    return NULL;
  for (guint i = 0; i < servers->len; i++)
    {
      g_clear_error (&last);
      RollDirectoryConnection *self =
          try_server (options, g_ptr_array_index (servers, i), until, wait, ret_certificate, &last);
      if (self)
        return self;
      if (!is_worth_another (last) || g_get_monotonic_time () >= until)
        break;
    }
  g_propagate_error (error, g_steal_pointer (&last));
  return NULL;
}
