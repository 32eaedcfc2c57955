/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>

#include "directory/roll-directory-connection.h"
#include "directory/roll-directory-error.h"
#include "directory/roll-directory-kerberos.h"
#include "directory/roll-directory-private.h"

#define STEPS_MAX 10 /* Kerberos takes three */

/* (transfer full): the server's token, maybe empty; NULL: refused. @ret_code: LDAP_SUCCESS or LDAP_SASL_BIND_IN_PROGRESS */
static GBytes *
take_answer (RollDirectoryConnection *self, LDAPMessage *message, const RollDirectoryWait *wait, int *ret_code, GError **error)
{
  struct berval *token = NULL;
  char *text = NULL;
  GBytes *bytes = NULL;

  ldap_parse_sasl_bind_result (self->ldap, message, &token, FALSE);
  if (ldap_parse_result (self->ldap, message, ret_code, NULL, &text, NULL, NULL, TRUE) != LDAP_SUCCESS)
    roll_directory_fail_protocol (error, wait->peer);
  else if (*ret_code == LDAP_SUCCESS || *ret_code == LDAP_SASL_BIND_IN_PROGRESS)
    bytes = g_bytes_new (token ? token->bv_val : NULL, token ? token->bv_len : 0);
  else
    roll_directory_fail_logon (error, wait->peer, *ret_code, text);
  ldap_memfree (text);
  ber_bvfree (token);
  return bytes;
}

static GBytes *
exchange (RollDirectoryConnection *self, const char *name, const char *mechanism, struct berval *token,
          const RollDirectoryWait *wait, int *ret_code, GError **error)
{
  LDAPMessage *message;
  int id;

  if (ldap_sasl_bind (self->ldap, name, mechanism, token, NULL, NULL, &id) != LDAP_SUCCESS)
    {
      roll_directory_connection_fail (self, wait, error);
      return NULL;
    }
  message = roll_directory_connection_wait (self, id, wait, error);
  return message ? take_answer (self, message, wait, ret_code, error) : NULL;
}

static char *
get_bind_name (const RollCredential *credential)
{
  return credential->realm ? g_strconcat (credential->user, "@", credential->realm, NULL)
                           : g_strconcat (credential->domain, "\\", credential->user, NULL);
}

static gboolean
bind_simply (RollDirectoryConnection *self, const RollCredential *credential, const RollDirectoryWait *wait, GError **error)
{
  g_autofree char *name = get_bind_name (credential);
  struct berval password = { roll_secret_length (credential->password), (char *) roll_secret_text (credential->password) };
  int code = LDAP_OTHER;

  if (!roll_directory_wire_is_safe (self->wire))
    {
      g_set_error_literal (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_TLS,
                           _ ("The connection is not safe, so no password was sent. Choose StartTLS, LDAPS or Kerberos."));
      return FALSE;
    }
  g_autoptr (GBytes) answer = exchange (self, name, LDAP_SASL_SIMPLE, &password, wait, &code, error);
  return answer && (code == LDAP_SUCCESS || roll_directory_fail_protocol (error, wait->peer));
}

static gboolean
seal (RollDirectoryConnection *self, RollDirectoryKerberos *kerberos, const RollDirectoryWait *wait, GError **error)
{
  if (!roll_directory_kerberos_is_complete (kerberos))
    return roll_directory_fail_protocol (error, wait->peer);
  roll_directory_wire_start_sealing (self->wire, roll_directory_kerberos_steal_context (kerberos));
  return TRUE;
}

static gboolean
bind_with_kerberos (RollDirectoryConnection *self, const RollDirectoryOptions *options, const char *host,
                    const RollDirectoryWait *wait, GError **error)
{
  g_autofree char *domain = options->domain ? roll_directory_normal_domain (options->domain) : NULL;
  g_autoptr (RollDirectoryKerberos) kerberos = roll_directory_kerberos_new (options->credential, domain, host, wait, error);
  g_autoptr (GBytes) token = NULL;

  for (guint i = 0; kerberos && i < STEPS_MAX; i++)
    {
      g_autoptr (GBytes) answer = roll_directory_kerberos_step (kerberos, token, error);
      int code = LDAP_OTHER;

      if (!answer)
        return FALSE;
      gsize length;
      gconstpointer bytes = g_bytes_get_data (answer, &length);
      /* An empty answer is not the same as none. */
      struct berval value = { length, length > 0 ? (char *) bytes : (char *) "" };
      g_clear_pointer (&token, g_bytes_unref);
      token = exchange (self, NULL, "GSSAPI", &value, wait, &code, error);
      if (!token)
        return FALSE;
      if (code == LDAP_SUCCESS)
        return seal (self, kerberos, wait, error);
    }
  return kerberos && roll_directory_fail_protocol (error, wait->peer);
}

gboolean
roll_directory_connection_bind (RollDirectoryConnection *self, const RollDirectoryOptions *options, const char *host,
                                const RollDirectoryWait *wait, GError **error)
{
  if (options->security == ROLL_DIRECTORY_KERBEROS)
    return bind_with_kerberos (self, options, host, wait, error);
  return bind_simply (self, options->credential, wait, error);
}
