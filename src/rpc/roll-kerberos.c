/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-kerberos.h"

#include <errno.h>
#include <krb5.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "rpc/roll-wire.h"

/* libkrb5's table begins with the 128 numbers of the protocol; its own follow. */
#define PROTOCOL_NUMBERS 128
#define TABLE_SIZE 256

struct _RollTickets
{
  krb5_context context;
  krb5_ccache cache;
  gboolean in_memory;
  char *cache_name;
  char *service;
};

static gboolean
fail (krb5_context context, krb5_error_code code, GError **error)
{
  guint32 number = (guint32) code - (guint32) ERROR_TABLE_BASE_krb5;
  const char *text = krb5_get_error_message (context, code);

  if (number < TABLE_SIZE)
    roll_rpc_set_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_KERBEROS, number,
                        number < PROTOCOL_NUMBERS ? ROLL_SAID_BY_KDC : ROLL_SAID_BY_THIS_MACHINE, "Kerberos: %s", text);
  else if (code > 0 && code < PROTOCOL_NUMBERS)
    roll_rpc_set_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_ERRNO, (guint32) code,
                        ROLL_SAID_BY_THIS_MACHINE, "Kerberos: %s", text);
  else
    roll_rpc_set_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_HRESULT, 0x80090304 /* SEC_E_INTERNAL_ERROR */,
                        ROLL_SAID_BY_THIS_MACHINE, "Kerberos: %s (%d)", text, code);
  krb5_free_error_message (context, text);
  return FALSE;
}

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
get_service (RollTickets *self, const char *target_name)
{
  g_autofree char *without_realm = g_strconcat (target_name, "@", NULL);
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

static RollTickets *
ask (const char *principal, RollSecret *password, const char *target_name, GError **error)
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
    code = get_service (self, target_name);
  if (code == 0)
    code = krb5_cc_get_full_name (context, self->cache, &self->cache_name);
  if (code == 0)
    return g_steal_pointer (&self);
  fail (context, code, error);
  return NULL;
}

/* --- Waiting for it ---------------------------------------------------------------------------------------------- */

/* Held by the thread that asks and by the one that waits; the last one out cleans up. */
typedef struct
{
  gatomicrefcount ref_count;
  char *principal;
  RollSecret *password;
  char *target_name;
  int done_fd;
  int done; /* atomic: what follows may be read */
  RollTickets *tickets;
  GError *error;
} Question;

static void
question_unref (Question *question)
{
  if (!g_atomic_ref_count_dec (&question->ref_count))
    return;
  g_free (question->principal);
  roll_secret_unref (question->password);
  g_free (question->target_name);
  if (question->done_fd >= 0)
    close (question->done_fd);
  roll_tickets_free (question->tickets);
  g_clear_error (&question->error);
  g_free (question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_unref)

static gpointer
ask_in_thread (gpointer data)
{
  Question *question = data;

  question->tickets = ask (question->principal, question->password, question->target_name, &question->error);
  g_atomic_int_set (&question->done, TRUE);
  eventfd_write (question->done_fd, 1);
  question_unref (question);
  return NULL;
}

static gboolean
fail_here (GError **error, int number)
{
  roll_rpc_set_error (error, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ERRNO, (guint32) number,
                      ROLL_SAID_BY_THIS_MACHINE, "Kerberos can't be asked: %s", g_strerror (number));
  return FALSE;
}

static gboolean
start (Question *question, GError **error)
{
  GThread *thread;

  question->done_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (question->done_fd < 0)
    return fail_here (error, errno);
  g_atomic_ref_count_inc (&question->ref_count);
  thread = g_thread_try_new ("kerberos", ask_in_thread, question, NULL);
  if (thread == NULL)
    {
      question_unref (question);
      return fail_here (error, EAGAIN);
    }
  g_thread_unref (thread);
  return TRUE;
}

RollTickets *
roll_tickets_get (const char *principal, RollSecret *password, const char *target_name, int cancel_fd,
                  gint64 deadline, GError **error)
{
  g_autoptr (Question) question = NULL;

  g_return_val_if_fail (principal == NULL || password != NULL, NULL);
  g_return_val_if_fail (target_name != NULL, NULL);

  question = g_new0 (Question, 1);
  g_atomic_ref_count_init (&question->ref_count);
  question->principal = g_strdup (principal);
  question->password = password != NULL ? roll_secret_ref (password) : NULL;
  question->target_name = g_strdup (target_name);
  question->done_fd = -1;
  if (!start (question, error) || !roll_wire_wait (question->done_fd, cancel_fd, deadline, error))
    return NULL;
  g_assert (g_atomic_int_get (&question->done));
  if (question->error != NULL)
    g_propagate_error (error, g_steal_pointer (&question->error));
  return g_steal_pointer (&question->tickets);
}

const char *
roll_tickets_cache (const RollTickets *tickets)
{
  return tickets->cache_name;
}

const char *
roll_tickets_service (const RollTickets *tickets)
{
  return tickets->service;
}
