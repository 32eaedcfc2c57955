/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-tickets.h"

#include <glib/gi18n-lib.h>
#include <krb5.h>

/* What libkrb5 says, and what to do */
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

static void
fail (const GError *wrong, GError **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (explanations); i++)
    if (explanations[i].code == wrong->code)
      {
        g_set_error_literal (error, ROLL_DIRECTORY_ERROR, (gint) explanations[i].error, _ (explanations[i].text));
        return;
      }
  g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_KERBEROS,
               _ ("The logon with Kerberos failed: %s. Check the account and this machine's Kerberos settings, or choose TLS."),
               wrong->message);
}

/* Tickets that one has may be of another realm than the domain that is asked. */
static gboolean
may_be_of_another_realm (const GError *wrong)
{
  return wrong->code == KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN || wrong->code == KRB5_KDC_UNREACH
         || wrong->code == KRB5_REALM_CANT_RESOLVE || wrong->code == KRB5_REALM_UNKNOWN;
}

static void
fail_own (const GError *wrong, GError **error)
{
  g_autofree char *realm = may_be_of_another_realm (wrong) ? roll_tickets_own_realm () : NULL;
  g_autoptr (GError) reason = NULL;

  fail (wrong, &reason);
  if (realm == NULL)
    g_propagate_error (error, g_steal_pointer (&reason));
  else
    g_set_error (error, reason->domain, reason->code,
                 /* Translators: what went wrong, a realm such as CORP.EXAMPLE */
                 _ ("%s Your tickets are of “%s”: of another domain get them with kinit, such as kinit user@CORP.EXAMPLE, or "
                    "choose a credential."), reason->message, realm);
}

RollTickets *
roll_directory_get_tickets (const char *principal, RollSecret *password, const char *service, const RollDirectoryWait *wait,
                            GError **error)
{
  g_autoptr (RollTicketsRequest) request = roll_tickets_ask (principal, password, service);
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GError) late = NULL;
  RollTickets *tickets;

  if (request == NULL)
    {
      g_set_error_literal (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_KERBEROS,
                           _ ("This machine has no room left to ask for Kerberos tickets. Close other programs and try again."));
      return NULL;
    }
  if (!roll_directory_wait_fd (wait, roll_tickets_request_get_fd (request), POLLIN, &late))
    {
      if (g_error_matches (late, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_TIMED_OUT))
        g_set_error_literal (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_TIMED_OUT,
                             _ ("No domain controller answered for Kerberos in time. Check that port 88 is open to it, or choose "
                                "StartTLS or LDAPS with a credential."));
      else
        g_propagate_error (error, g_steal_pointer (&late));
      return NULL;
    }
  tickets = roll_tickets_request_finish (request, &wrong);
  if (tickets == NULL && principal == NULL)
    fail_own (wrong, error);
  else if (tickets == NULL)
    fail (wrong, error);
  return tickets;
}
