/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-private.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#define LDAP_TCP_PORT 389
#define LDAPS_TCP_PORT 636
#define MIN_TIMEOUT_MS 100
#define MAX_TIMEOUT_MS (600 * 1000)

G_DEFINE_QUARK (roll-directory-error-quark, roll_directory_error)

RollDirectoryOptions *
roll_directory_options_new (void)
{
  RollDirectoryOptions *options = g_new0 (RollDirectoryOptions, 1);

  options->timeout_ms = ROLL_DIRECTORY_TIMEOUT_MS;
  return options;
}

RollDirectoryOptions *
roll_directory_options_copy (const RollDirectoryOptions *options)
{
  RollDirectoryOptions *copy;

  g_return_val_if_fail (options != NULL, NULL);

  copy = g_memdup2 (options, sizeof *options);
  copy->domain = g_strdup (options->domain);
  copy->server = g_strdup (options->server);
  copy->credential = options->credential ? roll_credential_ref (options->credential) : NULL;
  copy->name_servers = g_strdupv (options->name_servers);
  copy->accepted = g_strdupv (options->accepted);
  return copy;
}

void
roll_directory_options_free (RollDirectoryOptions *options)
{
  if (options == NULL)
    return;
  g_free (options->domain);
  g_free (options->server);
  g_clear_pointer (&options->credential, roll_credential_unref);
  g_strfreev (options->name_servers);
  g_strfreev (options->accepted);
  g_free (options);
}

static gboolean
wrong (GError **error, const char *text)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, text);
  return FALSE;
}

char *
roll_directory_normal_domain (const char *text)
{
  g_autofree char *domain = g_ascii_strdown (text, -1);
  gsize length = strlen (domain);

  if (length > 0 && domain[length - 1] == '.')
    domain[length - 1] = '\0';
  return roll_directory_is_host_name (domain) ? g_steal_pointer (&domain) : NULL;
}

/* (nullable): the first character that no name of a domain has */
static const char *
find_stranger (const char *text)
{
  for (; *text; text = g_utf8_next_char (text))
    if (!g_ascii_isalnum (*text) && !strchr ("-_.", *text))
      return text;
  return NULL;
}

gboolean
roll_directory_check_domain (const char *text, GError **error)
{
  g_return_val_if_fail (text != NULL, FALSE);

  g_autofree char *domain = roll_directory_normal_domain (text);
  const char *stranger = g_utf8_validate (text, -1, NULL) ? find_stranger (text) : NULL;

  if (domain)
    return TRUE;
  if (stranger && g_unichar_isspace (g_utf8_get_char (stranger)))
    return wrong (error, _ ("The name of a domain has no spaces. Write it as DNS has it, such as corp.example."));
  if (!stranger || !g_unichar_isgraph (g_utf8_get_char (stranger)))
    return wrong (error, _ ("This is no name of a domain. Write it as DNS has it, such as corp.example."));
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
               _ ("The name of a domain has no “%.*s”. Write it as DNS has it, such as corp.example."),
               (int) (g_utf8_next_char (stranger) - stranger), stranger);
  return FALSE;
}

static gboolean
is_address (const char *text)
{
  RollAddress address;

  return roll_address_parse (text, &address);
}

gboolean
roll_directory_parse_server (const char *text, RollDirectorySecurity security, char **ret_host, guint16 *ret_port)
{
  g_autofree char *host = g_ascii_strdown (text, -1);
  char *colon = strrchr (host, ':');
  guint16 port = security == ROLL_DIRECTORY_LDAPS ? LDAPS_TCP_PORT : LDAP_TCP_PORT;

  if (host[0] == '[')
    {
      char *end = strchr (host, ']');

      if (!end || (end[1] != '\0' && (end[1] != ':' || !roll_port_parse (end + 2, &port))))
        return FALSE;
      *end = '\0';
      memmove (host, host + 1, strlen (host));
      if (!strchr (host, ':'))
        return FALSE;
    }
  else if (colon && !is_address (host))
    {
      if (!roll_port_parse (colon + 1, &port))
        return FALSE;
      *colon = '\0';
    }
  if (!is_address (host))
    {
      g_autofree char *name = roll_directory_normal_domain (host);

      if (!name)
        return FALSE;
      g_free (host);
      host = g_steal_pointer (&name);
    }
  *ret_host = g_steal_pointer (&host);
  *ret_port = port;
  return TRUE;
}

gboolean
roll_directory_check_server (const char *text, GError **error)
{
  g_autofree char *host = NULL;
  guint16 port;

  g_return_val_if_fail (text != NULL, FALSE);

  return roll_directory_parse_server (text, ROLL_DIRECTORY_STARTTLS, &host, &port) ||
         wrong (error, _ ("This is no name or address of a server. Write it such as dc1.corp.example, with a port "
                          "if it is not the usual one: dc1.corp.example:3269."));
}

static gboolean
check_kerberos (const RollDirectoryOptions *options, GError **error)
{
  g_autofree char *host = NULL;
  guint16 port;

  if (!options->server || !roll_directory_parse_server (options->server, options->security, &host, &port) || !is_address (host))
    return TRUE;
  return wrong (error, _ ("Kerberos knows servers by their names. Write the server's name instead of its address, or choose "
                          "StartTLS or LDAPS."));
}

static gboolean
check_account (const RollDirectoryOptions *options, GError **error)
{
  const RollCredential *credential = options->credential;

  if (credential && roll_credential_is_local (credential))
    return wrong (error, _ ("A local account is unknown to the domain. Choose one such as CORP\\user or user@corp.example."));
  if (options->security == ROLL_DIRECTORY_KERBEROS)
    return check_kerberos (options, error);
  if (!credential)
    return wrong (error, _ ("Active Directory tells its computers only to an account of the domain. Choose a credential, "
                            "or Kerberos with your own tickets."));
  if (!credential->password || roll_secret_length (credential->password) == 0)
    return wrong (error, _ ("This credential has no password, it stands for your own tickets. Choose Kerberos, or another "
                            "credential."));
  return TRUE;
}

static gboolean
check_fingerprints (const RollDirectoryOptions *options, GError **error)
{
  for (char **text = options->accepted; text && *text; text++)
    {
      g_autofree char *fingerprint = roll_directory_fingerprint_parse (*text, error);

      if (!fingerprint)
        return FALSE;
    }
  return TRUE;
}

gboolean
roll_directory_options_check (const RollDirectoryOptions *options, GError **error)
{
  g_return_val_if_fail (options != NULL, FALSE);

  if (!options->domain && !options->server)
    return wrong (error, _ ("Name the domain, such as corp.example, or one of its domain controllers."));
  if (options->domain && !roll_directory_check_domain (options->domain, error))
    return FALSE;
  if (options->server && !roll_directory_check_server (options->server, error))
    return FALSE;
  if (options->timeout_ms < MIN_TIMEOUT_MS || options->timeout_ms > MAX_TIMEOUT_MS)
    return wrong (error, _ ("The time to wait must be between 0.1 and 600 seconds."));
  return check_account (options, error) && check_fingerprints (options, error);
}
