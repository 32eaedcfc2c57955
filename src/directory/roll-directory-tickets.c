/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-tickets.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <krb5.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct _RollDirectoryTickets
{
  krb5_context context;
  krb5_ccache cache;
  gboolean in_memory;
  char *cache_name;
  char *service;
};

void
roll_directory_tickets_free (RollDirectoryTickets *self)
{
  if (self == NULL)
    return;
  if (self->cache != NULL && self->in_memory)
    krb5_cc_destroy (self->context, self->cache);
  else if (self->cache != NULL)
    krb5_cc_close (self->context, self->cache);
  if (self->cache_name != NULL)
    krb5_free_string (self->context, self->cache_name);
  if (self->service != NULL)
    krb5_free_unparsed_name (self->context, self->service);
  krb5_free_context (self->context);
  g_free (self);
}

const char *
roll_directory_tickets_cache (const RollDirectoryTickets *self)
{
  return self->cache_name;
}

const char *
roll_directory_tickets_service (const RollDirectoryTickets *self)
{
  return self->service;
}

/* --- What libkrb5 says, and what to do ---------------------------------------------------------------------------- */

typedef struct
{
  krb5_error_code code;
  RollDirectoryError error;
  const char *text; /* msgid */
} Explanation;

static const Explanation explanations[] = {
  { KRB5KDC_ERR_PREAUTH_FAILED, ROLL_DIRECTORY_ERROR_PASSWORD,
    N_ ("The password is wrong. Put it right in the credential; several wrong ones may lock the account.") },
  { KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN, ROLL_DIRECTORY_ERROR_PASSWORD,
    N_ ("The domain does not know this account. Check the user name and its realm, such as user@corp.example.") },
  { KRB5KDC_ERR_CLIENT_REVOKED, ROLL_DIRECTORY_ERROR_ACCOUNT,
    N_ ("The account is disabled, locked or expired. Have it enabled or unlocked in the domain, or choose another credential.") },
  { KRB5KDC_ERR_NAME_EXP, ROLL_DIRECTORY_ERROR_ACCOUNT,
    N_ ("The account has expired. Have it extended in the domain, or choose another credential.") },
  { KRB5KDC_ERR_KEY_EXP, ROLL_DIRECTORY_ERROR_ACCOUNT,
    N_ ("The account's password has expired. Change it, then put it right in the credential.") },
  { KRB5KRB_AP_ERR_SKEW, ROLL_DIRECTORY_ERROR_CLOCK,
    N_ ("This machine's clock differs too much from the domain's. Set it right; Kerberos allows five minutes.") },
  { KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN, ROLL_DIRECTORY_ERROR_KERBEROS,
    N_ ("Kerberos does not know the domain controller by this name. Give its full name, such as dc1.corp.example.") },
  { KRB5_FCC_NOFILE, ROLL_DIRECTORY_ERROR_KERBEROS,
    N_ ("You have no Kerberos tickets. Get them with kinit, or choose a credential.") },
  { KRB5_CC_NOTFOUND, ROLL_DIRECTORY_ERROR_KERBEROS,
    N_ ("You have no Kerberos tickets. Get them with kinit, or choose a credential.") },
  { KRB5KRB_AP_ERR_TKT_EXPIRED, ROLL_DIRECTORY_ERROR_KERBEROS,
    N_ ("Your Kerberos tickets have expired. Get new ones with kinit, or choose a credential.") },
  { KRB5_KDC_UNREACH, ROLL_DIRECTORY_ERROR_KERBEROS,
    N_ ("No domain controller answered for Kerberos. Check that port 88 is open to it.") },
  { KRB5_REALM_CANT_RESOLVE, ROLL_DIRECTORY_ERROR_KERBEROS,
    N_ ("The names of the domain controllers for Kerberos are not in DNS. Check this machine's name servers.") },
  { KRB5_REALM_UNKNOWN, ROLL_DIRECTORY_ERROR_KERBEROS,
    N_ ("No domain controller was found for Kerberos. Check the account's realm and this machine's name servers.") },
};

static gboolean
fail (krb5_context context, krb5_error_code code, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (explanations); i++)
    if (explanations[i].code == code)
      {
        g_set_error_literal (error, ROLL_DIRECTORY_ERROR, (gint) explanations[i].error, _ (explanations[i].text));
        return FALSE;
      }
  const char *text = krb5_get_error_message (context, code);
  g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_KERBEROS,
               _ ("The logon with Kerberos failed: %s. Check the account and this machine's Kerberos settings, or choose TLS."), text);
  krb5_free_error_message (context, text);
  return FALSE;
}

/* --- Asking ------------------------------------------------------------------------------------------------------- */

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
log_on (RollDirectoryTickets *self, const char *principal, RollSecret *password)
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
get_service (RollDirectoryTickets *self, const char *service)
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

static RollDirectoryTickets *
ask (const char *principal, RollSecret *password, const char *service, GError **error)
{
  g_autoptr (RollDirectoryTickets) self = NULL;
  krb5_context context;
  krb5_error_code code = krb5_init_context (&context);

  if (code != 0)
    {
      fail (NULL, code, error);
      return NULL;
    }
  self = g_new0 (RollDirectoryTickets, 1);
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

/* --- Waiting for it ----------------------------------------------------------------------------------------------- */

/* Held by the thread that asks and by the one that waits; the last one out cleans up. */
typedef struct
{
  gatomicrefcount ref_count;
  char *principal;
  RollSecret *password;
  char *service;
  int done_fd;
  RollDirectoryTickets *tickets;
  GError *error;
} Question;

static void
question_unref (Question *question)
{
  if (!g_atomic_ref_count_dec (&question->ref_count))
    return;
  g_free (question->principal);
  g_clear_pointer (&question->password, roll_secret_unref);
  g_free (question->service);
  if (question->done_fd >= 0)
    close (question->done_fd);
  roll_directory_tickets_free (question->tickets);
  g_clear_error (&question->error);
  g_free (question);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_unref)

static gpointer
ask_in_thread (gpointer data)
{
  Question *question = data;

  question->tickets = ask (question->principal, question->password, question->service, &question->error);
  eventfd_write (question->done_fd, 1);
  question_unref (question);
  return NULL;
}

static gboolean
start (Question *question, GError **error)
{
  question->done_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  g_atomic_ref_count_inc (&question->ref_count);
  GThread *thread = question->done_fd >= 0 ? g_thread_try_new ("kerberos", ask_in_thread, question, NULL) : NULL;
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return TRUE;
    }
  question_unref (question);
  g_set_error_literal (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_KERBEROS,
                       _ ("This machine has no room left to ask for Kerberos tickets. Close other programs and try again."));
  return FALSE;
}

RollDirectoryTickets *
roll_directory_tickets_get (const char *principal, RollSecret *password, const char *service, const RollDirectoryWait *wait,
                            GError **error)
{
  g_autoptr (Question) question = g_new0 (Question, 1);
  eventfd_t done;

  g_atomic_ref_count_init (&question->ref_count);
  question->principal = g_strdup (principal);
  question->password = password != NULL ? roll_secret_ref (password) : NULL;
  question->service = g_strdup (service);
  question->done_fd = -1;
  if (!start (question, error) || !roll_directory_wait_fd (wait, question->done_fd, POLLIN, error))
    return NULL;
  /* Also what makes the other thread's results visible here. */
  eventfd_read (question->done_fd, &done);
  if (question->error != NULL)
    g_propagate_error (error, g_steal_pointer (&question->error));
  return g_steal_pointer (&question->tickets);
}
