/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wmi/roll-logon.h"

#include <krb5.h>
#include <string.h>

#include "codec/roll-ntlm-session.h"
#include "inventory/roll-address.h"
#include "rpc/roll-rpc-error.h"

#define SEC_E_TARGET_UNKNOWN 0x80090303
#define SEC_E_NO_AUTHENTICATING_AUTHORITY 0x80090311

/* --- NTLM -------------------------------------------------------------------------------------------------------- */

/* What a domain controller is told for user@realm is the whole name and no domain. */
static char *
ntlm_user (const RollCredential *credential)
{
  if (credential->realm == NULL)
    return g_strdup (credential->user);
  return g_strdup_printf ("%s@%s", credential->user, credential->realm);
}

static RollSecret *
ntlm_hash (const char *user, const RollCredential *credential)
{
  guint8 hash[ROLL_NTLM_KEY_SIZE];
  RollSecret *secret;

  roll_ntlm_hash (user, credential->domain, roll_secret_text (credential->password), hash);
  secret = roll_secret_new (hash, sizeof hash);
  explicit_bzero (hash, sizeof hash);
  return secret;
}

static RollSecurity *
new_ntlm (const RollLogon *logon)
{
  g_autofree char *user = ntlm_user (logon->credential);
  g_autofree char *service = logon->host != NULL ? g_strconcat ("host/", logon->host, NULL) : NULL;
  g_autoptr (RollSecret) hash = NULL;

  if (roll_credential_is_local (logon->credential))
    return roll_security_new_ntlm_local (user, logon->credential->password, service, ROLL_LEVEL_PRIVACY);
  hash = ntlm_hash (user, logon->credential);
  return roll_security_new_ntlm (user, logon->credential->domain, hash, service, ROLL_LEVEL_PRIVACY);
}

/* --- Kerberos ---------------------------------------------------------------------------------------------------- */

static char *
default_realm (void)
{
  krb5_context context;
  char *found = NULL, *copy;

  if (krb5_init_context (&context) != 0)
    return NULL;
  if (krb5_get_default_realm (context, &found) != 0)
    found = NULL;
  copy = g_strdup (found);
  if (found != NULL)
    krb5_free_default_realm (context, found);
  krb5_free_context (context);
  return copy;
}

/* "CORP" is how a domain is called whose realm is, nearly always, CORP.SOMETHING. */
static char *
realm_of_domain (const char *domain)
{
  g_autofree char *realm = NULL;
  gsize length = strlen (domain);

  if (strchr (domain, '.') != NULL)
    return g_utf8_strup (domain, -1);
  realm = default_realm ();
  if (realm == NULL || g_ascii_strncasecmp (realm, domain, length) != 0
      || (realm[length] != '.' && realm[length] != '\0'))
    return NULL;
  return g_steal_pointer (&realm);
}

char *
roll_logon_find_realm (const RollCredential *credential)
{
  g_return_val_if_fail (credential != NULL, NULL);

  if (credential->realm != NULL)
    return g_utf8_strup (credential->realm, -1);
  return *credential->domain != '\0' ? realm_of_domain (credential->domain) : NULL;
}

static RollSecurity *
refuse (GError **error, guint32 number, const char *text)
{
  roll_rpc_set_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_HRESULT, number, ROLL_SAID_BY_THIS_MACHINE, "%s",
                      text);
  return NULL;
}

static RollSecurity *
new_kerberos (const RollLogon *logon, GError **error)
{
  const RollCredential *credential = logon->credential;
  gint64 deadline = g_get_monotonic_time () + (gint64) logon->timeout_ms * 1000;
  g_autofree char *service = NULL;
  g_autofree char *principal = NULL;
  RollAddress address;

  if (logon->host == NULL || *logon->host == '\0' || roll_address_parse (logon->host, &address))
    return refuse (error, SEC_E_TARGET_UNKNOWN, "Kerberos needs the computer's full name");
  service = g_strconcat ("host/", logon->host, NULL);
  if (credential->password != NULL)
    {
      g_autofree char *realm = roll_logon_find_realm (credential);

      if (realm == NULL)
        return refuse (error, SEC_E_NO_AUTHENTICATING_AUTHORITY,
                       "the account's Kerberos realm is not known: write user@realm");
      principal = g_strdup_printf ("%s@%s", credential->user, realm);
    }
  return roll_security_new_kerberos (ROLL_AUTH_SPNEGO, principal, credential->password, service, ROLL_LEVEL_PRIVACY,
                                     logon->cancel_fd, logon->timeout_ms > 0 ? deadline : 0, error);
}

RollSecurity *
roll_logon_new_security (const RollLogon *logon, GError **error)
{
  g_return_val_if_fail (logon != NULL && logon->credential != NULL, NULL);

  if (logon->protocol == ROLL_PROTOCOL_KERBEROS)
    return new_kerberos (logon, error);
  g_return_val_if_fail (logon->protocol == ROLL_PROTOCOL_NTLM && logon->credential->password != NULL, NULL);
  return new_ntlm (logon);
}
