/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "kerberos/roll-tickets.h"

#include <errno.h>
#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <krb5.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct _RollTickets
{
  krb5_context context;
  krb5_ccache cache;
  gboolean in_memory;
  char *cache_name; /* "MEMORY:..." */
  char *service;    /* "host/pc1.corp.example@CORP.EXAMPLE" */
};

G_DEFINE_QUARK (roll-tickets-error-quark, roll_tickets_error)

void
roll_tickets_free (RollTickets *tickets)
{
  if (tickets == NULL)
    return;
  if (tickets->cache != NULL && tickets->in_memory)
    krb5_cc_destroy (tickets->context, tickets->cache);
  else if (tickets->cache != NULL)
    krb5_cc_close (tickets->context, tickets->cache);
  if (tickets->cache_name != NULL)
    krb5_free_string (tickets->context, tickets->cache_name);
  if (tickets->service != NULL)
    krb5_free_unparsed_name (tickets->context, tickets->service);
  krb5_free_context (tickets->context);
  g_free (tickets);
}

/* --- Asking ------------------------------------------------------------------------------------------------------ */

/* Nobody is there to be asked for a new password, and the tickets shall serve nobody but us. */
static krb5_error_code
ask_with_password (krb5_context context, krb5_principal client, const char *password, krb5_creds *ret_creds)
{
  krb5_get_init_creds_opt *options;
  krb5_error_code code = krb5_get_init_creds_opt_alloc (context, &options);

  if (code != 0)
    return code;
  krb5_get_init_creds_opt_set_forwardable (options, 0);
  krb5_get_init_creds_opt_set_proxiable (options, 0);
  krb5_get_init_creds_opt_set_canonicalize (options, 1);
  krb5_get_init_creds_opt_set_change_password_prompt (options, 0);
  code = krb5_get_init_creds_password (context, ret_creds, client, password, NULL, NULL, 0, NULL, options);
  krb5_get_init_creds_opt_free (context, options);
  return code;
}

static krb5_error_code
log_on (RollTickets *self, const char *principal, RollSecret *password)
{
  krb5_principal client = NULL;
  krb5_creds creds = { 0 };
  krb5_error_code code = krb5_parse_name (self->context, principal, &client);

  if (code == 0)
    code = krb5_cc_new_unique (self->context, "MEMORY", NULL, &self->cache);
  if (code == 0)
    {
      self->in_memory = TRUE;
      code = ask_with_password (self->context, client, roll_secret_text (password), &creds);
    }
  if (code == 0)
    code = krb5_cc_initialize (self->context, self->cache, creds.client);
  if (code == 0)
    code = krb5_cc_store_cred (self->context, self->cache, &creds);
  krb5_free_cred_contents (self->context, &creds);
  krb5_free_principal (self->context, client);
  return code;
}

/* A name without a realm: the KDC of the user knows, or refers us to who knows. The host name is taken as it is. */
static krb5_error_code
get_service (RollTickets *self, const char *service)
{
  g_autofree char *without_realm = g_strconcat (service, "@", NULL);
  krb5_creds wanted = { 0 };
  krb5_creds *got = NULL;
  krb5_error_code code = krb5_parse_name (self->context, without_realm, &wanted.server);

  if (code == 0)
    code = krb5_cc_get_principal (self->context, self->cache, &wanted.client);
  if (code == 0)
    code = krb5_get_credentials (self->context, 0, self->cache, &wanted, &got);
  if (code == 0)
    code = krb5_unparse_name (self->context, got->server, &self->service);
  if (got != NULL)
    krb5_free_creds (self->context, got);
  krb5_free_cred_contents (self->context, &wanted);
  return code;
}

static void
fail (krb5_context context, krb5_error_code code, GError **error)
{
  const char *text = krb5_get_error_message (context, code);

  g_set_error_literal (error, ROLL_TICKETS_ERROR, code, text);
  krb5_free_error_message (context, text);
}

static RollTickets *
ask (const char *principal, RollSecret *password, const char *service, GError **error)
{
  g_autoptr (RollTickets) self = NULL;
  krb5_context context;
  krb5_error_code code = krb5_init_context (&context);

  if (code != 0)
    {
      fail (NULL, code, error);
      return NULL;
    }
  self = g_new0 (RollTickets, 1);
  self->context = context;
  code = principal != NULL ? log_on (self, principal, password) : krb5_cc_default (context, &self->cache);
  if (code == 0)
    code = get_service (self, service);
  if (code == 0)
    code = krb5_cc_get_full_name (context, self->cache, &self->cache_name);
  if (code == 0)
    return g_steal_pointer (&self);
  fail (context, code, error);
  return NULL;
}

char *
roll_tickets_own_realm (void)
{
  krb5_context context;
  krb5_ccache cache = NULL;
  krb5_principal client = NULL;
  char *realm = NULL;

  if (krb5_init_context (&context) != 0)
    return NULL;
  if (krb5_cc_default (context, &cache) == 0 && krb5_cc_get_principal (context, cache, &client) == 0)
    realm = g_utf8_make_valid (client->realm.data, client->realm.length);
  krb5_free_principal (context, client);
  if (cache != NULL)
    krb5_cc_close (context, cache);
  krb5_free_context (context);
  return realm;
}

/* --- In a thread of its own -------------------------------------------------------------------------------------- */

/* Held by the thread that asks and by the one that waits; the last one out cleans up. */
struct _RollTicketsRequest
{
  gatomicrefcount ref_count;
  char *principal;
  RollSecret *password;
  char *service;
  int done_fd;
  int done; /* atomic: what follows may be read */
  RollTickets *tickets;
  GError *error;
};

void
roll_tickets_request_unref (RollTicketsRequest *request)
{
  g_return_if_fail (request != NULL);

  if (!g_atomic_ref_count_dec (&request->ref_count))
    return;
  g_free (request->principal);
  g_clear_pointer (&request->password, roll_secret_unref);
  g_free (request->service);
  if (request->done_fd >= 0)
    close (request->done_fd);
  roll_tickets_free (request->tickets);
  g_clear_error (&request->error);
  g_free (request);
}

static gpointer
ask_in_thread (gpointer data)
{
  RollTicketsRequest *request = data;

  request->tickets = ask (request->principal, request->password, request->service, &request->error);
  g_atomic_int_set (&request->done, TRUE);
  eventfd_write (request->done_fd, 1);
  roll_tickets_request_unref (request);
  return NULL;
}

/* FALSE with errno set */
static gboolean
start (RollTicketsRequest *request)
{
  GThread *thread;

  request->done_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (request->done_fd < 0)
    return FALSE;
  g_atomic_ref_count_inc (&request->ref_count);
  thread = g_thread_try_new ("kerberos", ask_in_thread, request, NULL);
  if (thread == NULL)
    {
      roll_tickets_request_unref (request);
      errno = EAGAIN;
      return FALSE;
    }
  g_thread_unref (thread);
  return TRUE;
}

RollTicketsRequest *
roll_tickets_ask (const char *principal, RollSecret *password, const char *service)
{
  RollTicketsRequest *request;
  int number;

  g_return_val_if_fail (principal == NULL || password != NULL, NULL);
  g_return_val_if_fail (service != NULL, NULL);

  request = g_new0 (RollTicketsRequest, 1);
  g_atomic_ref_count_init (&request->ref_count);
  request->principal = g_strdup (principal);
  request->password = password != NULL ? roll_secret_ref (password) : NULL;
  request->service = g_strdup (service);
  if (start (request))
    return request;
  number = errno;
  roll_tickets_request_unref (request);
  errno = number;
  return NULL;
}

int
roll_tickets_request_get_fd (const RollTicketsRequest *request)
{
  g_return_val_if_fail (request != NULL, -1);

  return request->done_fd;
}

RollTickets *
roll_tickets_request_finish (RollTicketsRequest *request, GError **error)
{
  g_return_val_if_fail (request != NULL, NULL);

  /* Also what makes the other thread's results visible here. */
  g_assert (g_atomic_int_get (&request->done));
  if (request->error != NULL)
    g_propagate_error (error, g_steal_pointer (&request->error));
  return g_steal_pointer (&request->tickets);
}

/* --- For GSS-API ------------------------------------------------------------------------------------------------- */

OM_uint32
roll_tickets_acquire (const RollTickets *tickets, gss_OID mech, gss_name_t *ret_target, gss_cred_id_t *ret_credential,
                      OM_uint32 *ret_minor)
{
  gss_buffer_desc name = { strlen (tickets->service), tickets->service };
  gss_key_value_element_desc element = { "ccache", tickets->cache_name };
  gss_key_value_set_desc cache = { 1, &element };
  gss_OID_set_desc mechs = { 1, mech };
  OM_uint32 major = gss_import_name (ret_minor, &name, (gss_OID) GSS_KRB5_NT_PRINCIPAL_NAME, ret_target);

  if (GSS_ERROR (major))
    return major;
  return gss_acquire_cred_from (ret_minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs, GSS_C_INITIATE, &cache, ret_credential,
                                NULL, NULL);
}
