/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-error.h"

#include <glib/gi18n-lib.h>
#include <ldap.h>
#include <string.h>

#include "directory/roll-directory-private.h"

#define TEXT_MAX_CHARACTERS 200

typedef struct
{
  guint number;
  RollDirectoryError error;
  const char *text; /* msgid */
} Explanation;

/* Numbers of Windows errors, as "80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e, v2580" has them. */
static const Explanation reasons[] = {
  { 0x525, ROLL_DIRECTORY_ERROR_PASSWORD,
    N_ ("The domain does not know this account. Check the user name in the credential, such as CORP\\user or user@corp.example.") },
  { 0x52e, ROLL_DIRECTORY_ERROR_PASSWORD,
    N_ ("The user name or the password is wrong. Put it right in the credential; several wrong ones may lock the account.") },
  { 0x52f, ROLL_DIRECTORY_ERROR_ACCOUNT,
    N_ ("The domain restricts this account, so that it can't log on so. Choose Kerberos or another credential.") },
  { 0x530, ROLL_DIRECTORY_ERROR_ACCOUNT,
    N_ ("The account may not log on at this hour. Try again later, or choose another credential.") },
  { 0x531, ROLL_DIRECTORY_ERROR_ACCOUNT,
    N_ ("The account may not log on from this machine. Have it allowed in the domain, or choose another credential.") },
  { 0x532, ROLL_DIRECTORY_ERROR_ACCOUNT,
    N_ ("The account's password has expired. Change it, then put it right in the credential.") },
  { 0x533, ROLL_DIRECTORY_ERROR_ACCOUNT,
    N_ ("The account is disabled. Have it enabled in the domain, or choose another credential.") },
  { 0x701, ROLL_DIRECTORY_ERROR_ACCOUNT,
    N_ ("The account has expired. Have it extended in the domain, or choose another credential.") },
  { 0x773, ROLL_DIRECTORY_ERROR_ACCOUNT,
    N_ ("The account needs a new password before it can log on. Change it, then put it right in the credential.") },
  { 0x775, ROLL_DIRECTORY_ERROR_ACCOUNT,
    N_ ("The account is locked after too many wrong passwords. Have it unlocked in the domain, or wait, and check the password.") },
  { 0x80090324, ROLL_DIRECTORY_ERROR_CLOCK,
    N_ ("This machine's clock differs too much from the domain's. Set it right; Kerberos allows five minutes.") },
};

guint
roll_directory_parse_reason (const char *text)
{
  const char *data = text ? strstr (text, "data ") : NULL;
  guint64 number = data ? g_ascii_strtoull (data + strlen ("data "), NULL, 16) : 0;

  return number <= G_MAXUINT32 ? (guint) number : 0;
}

static char *
get_own_words (int code, const char *text)
{
  g_autofree char *printable = roll_directory_printable (text ? text : "", TEXT_MAX_CHARACTERS);

  g_strstrip (printable);
  return printable[0] ? g_strdup_printf ("%s: %s", ldap_err2string (code), printable) : g_strdup (ldap_err2string (code));
}

static gboolean
fail_otherwise (GError **error, const char *peer, int code, const char *text)
{
  g_autofree char *words = get_own_words (code, text);

  if (code == LDAP_BUSY || code == LDAP_UNAVAILABLE)
    g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_UNREACHABLE,
                 _ ("“%s” has no time at the moment. Try again later, or name another server."), peer);
  else
    g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_FAILED,
                 _ ("“%s” refuses: %s. The log of that domain controller has more."), peer, words);
  return FALSE;
}

gboolean
roll_directory_fail_logon (GError **error, const char *peer, int code, const char *text)
{
  guint number = roll_directory_parse_reason (text);

  for (guint i = 0; code == LDAP_INVALID_CREDENTIALS && i < G_N_ELEMENTS (reasons); i++)
    if (reasons[i].number == number)
      {
        g_set_error_literal (error, ROLL_DIRECTORY_ERROR, (gint) reasons[i].error, _ (reasons[i].text));
        return FALSE;
      }
  if (code == LDAP_INVALID_CREDENTIALS)
    g_set_error_literal (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_PASSWORD,
                         _ ("The user name or the password is wrong. Put it right in the credential; several wrong ones may "
                            "lock the account."));
  else if (code == LDAP_STRONG_AUTH_REQUIRED || code == LDAP_CONFIDENTIALITY_REQUIRED || code == LDAP_INAPPROPRIATE_AUTH ||
           code == LDAP_AUTH_METHOD_NOT_SUPPORTED)
    g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_STRONGER,
                 _ ("“%s” does not allow this way to log on. Choose another one: StartTLS, LDAPS or Kerberos."), peer);
  else
    return fail_otherwise (error, peer, code, text);
  return FALSE;
}

gboolean
roll_directory_fail_search (GError **error, const char *peer, const char *base, int code, const char *text)
{
  g_autofree char *where = roll_directory_printable (base, TEXT_MAX_CHARACTERS);

  if (code == LDAP_NO_SUCH_OBJECT || code == LDAP_INVALID_DN_SYNTAX || code == LDAP_REFERRAL)
    g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_NO_BASE,
                 _ ("“%s” has no place “%s”. Choose one that is in this domain."), peer, where);
  else if (code == LDAP_INSUFFICIENT_ACCESS || code == LDAP_OPERATIONS_ERROR)
    g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_NOT_ALLOWED,
                 _ ("The account may not read “%s”. Choose another credential, or have it allowed in the domain."), where);
  else if (code == LDAP_TIMELIMIT_EXCEEDED || code == LDAP_SIZELIMIT_EXCEEDED || code == LDAP_ADMINLIMIT_EXCEEDED)
    g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_FAILED,
                 _ ("“%s” stopped before all was told: its limits are too low for “%s”. Choose smaller places, one after the "
                    "other."),
                 peer, where);
  else
    return fail_otherwise (error, peer, code, text);
  return FALSE;
}

gboolean
roll_directory_fail_starttls (GError **error, const char *peer, int code, const char *text)
{
  g_autofree char *words = get_own_words (code, text);

  g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_TLS,
               _ ("“%s” offers no TLS (%s), so no password is sent to it. Install a certificate there, or choose Kerberos, "
                  "which needs none."),
               peer, words);
  return FALSE;
}

gboolean
roll_directory_fail_protocol (GError **error, const char *peer)
{
  g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_PROTOCOL,
               _ ("“%s” sends what no domain controller sends. Check the server's name and port."), peer);
  return FALSE;
}

gboolean
roll_directory_fail_closed (GError **error, const char *peer)
{
  g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_UNREACHABLE,
               _ ("“%s” closed the connection. Check that it is a domain controller and that the port is right, or name another "
                  "server."),
               peer);
  return FALSE;
}
