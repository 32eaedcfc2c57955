/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-credential.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define SEPARATORS ";,"
/* [MS-ADTS] 3.1.1.6: what no account of Windows may have in its name */
#define NOT_IN_AN_ACCOUNT "\"/\\[]:;|=,+*?<>"

/* --- The account ------------------------------------------------------------------------------------------------- */

G_GNUC_PRINTF (2, 3)
static gboolean
fail (GError **error, const char *format, ...)
{
  g_autofree char *message = NULL;
  g_autofree char *valid = NULL;
  va_list args;

  va_start (args, format);
  message = g_strdup_vprintf (format, args);
  va_end (args);
  valid = g_utf8_make_valid (message, -1);
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, valid);
  return FALSE;
}

static gboolean
is_account_part (const char *text)
{
  if (*text == '\0' || !g_utf8_validate (text, -1, NULL) || strpbrk (text, NOT_IN_AN_ACCOUNT) != NULL)
    return FALSE;
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar) *p < ' ')
      return FALSE;
  return TRUE;
}

static gboolean
split_account (RollCredential *self, const char *account, GError **error)
{
  const char *backslash = strchr (account, '\\');
  const char *at = strrchr (account, '@');

  self->domain = g_strdup ("");
  if (backslash != NULL)
    {
      self->user = g_strdup (backslash + 1);
      if (backslash - account != 1 || account[0] != '.')
        {
          g_free (self->domain);
          self->domain = g_strndup (account, (gsize) (backslash - account));
          if (!is_account_part (self->domain))
            return fail (error, _("“%s” has no valid domain: write DOMAIN\\user, or .\\user for a local account."),
                         account);
        }
    }
  else if (at != NULL)
    {
      self->user = g_strndup (account, (gsize) (at - account));
      self->realm = g_strdup (at + 1);
      if (!is_account_part (self->realm))
        return fail (error, _("“%s” has no valid domain behind the “@”: write user@corp.example."), account);
    }
  else
    self->user = g_strdup (account);
  return is_account_part (self->user)
         || fail (error, _("“%s” is no account name: write DOMAIN\\user, user@corp.example or .\\user."), account);
}

gboolean
roll_credential_is_local (const RollCredential *self)
{
  return self->realm == NULL && self->domain[0] == '\0' && self->password != NULL;
}

const char *
roll_credential_kind_id (const RollCredential *credential)
{
  g_return_val_if_fail (credential != NULL, "");

  if (!roll_credential_is_local (credential))
    return "domain";
  return g_ascii_strcasecmp (credential->user, "Administrator") == 0 ? "builtin-administrator" : "local";
}

/* --- Protocols --------------------------------------------------------------------------------------------------- */

static RollProtocol
protocol_from_text (const char *text)
{
  if (g_ascii_strcasecmp (text, "kerberos") == 0)
    return ROLL_PROTOCOL_KERBEROS;
  return g_ascii_strcasecmp (text, "ntlm") == 0 ? ROLL_PROTOCOL_NTLM : 0;
}

/* Only a domain has Kerberos, and only a password makes NTLM. */
static gboolean
is_possible (const RollCredential *self, RollProtocol protocol)
{
  return protocol == ROLL_PROTOCOL_KERBEROS ? !roll_credential_is_local (self) : self->password != NULL;
}

static void
add_protocol (RollCredential *self, RollProtocol protocol)
{
  guint n = 0;

  while (self->protocols[n] != 0 && self->protocols[n] != protocol)
    n++;
  self->protocols[n] = protocol;
}

static gboolean
set_protocols (RollCredential *self, const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text != NULL && *text != '\0' ? text : "kerberos;ntlm", SEPARATORS, -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *word = g_strstrip (words[i]);
      RollProtocol protocol = protocol_from_text (word);

      if (*word == '\0')
        continue;
      if (protocol == 0)
        return fail (error, _("“%s” is no protocol: write “kerberos”, “ntlm” or both."), word);
      if (is_possible (self, protocol))
        add_protocol (self, protocol);
    }
  if (self->protocols[0] != 0)
    return TRUE;
  return self->password == NULL
             ? fail (error, _("NTLM needs a password: add one, or allow Kerberos to use your tickets."))
             : fail (error, _("A local account can’t use Kerberos: allow NTLM, or write user@corp.example."));
}

/* --- Scope ------------------------------------------------------------------------------------------------------- */

typedef struct
{
  RollAddress address; /* AF_UNSPEC: a rule for names */
  guint bits;
} Network;

static gboolean
parse_network (const char *rule, Network *ret_network)
{
  const char *slash = strchr (rule, '/');
  g_autofree char *address = slash != NULL ? g_strndup (rule, (gsize) (slash - rule)) : g_strdup (rule);
  guint64 bits;

  if (!roll_address_parse (address, &ret_network->address))
    return FALSE;
  ret_network->bits = ret_network->address.family == AF_INET ? 32 : 128;
  if (slash == NULL)
    return TRUE;
  if (!g_ascii_string_to_unsigned (slash + 1, 10, 0, ret_network->bits, &bits, NULL))
    return FALSE;
  ret_network->bits = (guint) bits;
  return TRUE;
}

static gboolean
network_has (const Network *network, const RollAddress *address)
{
  guint whole = network->bits / 8;
  guint8 mask = (guint8) (0xff00 >> (network->bits % 8));

  if (address->family != network->address.family || memcmp (address->bytes, network->address.bytes, whole) != 0)
    return FALSE;
  return network->bits % 8 == 0 || ((address->bytes[whole] ^ network->address.bytes[whole]) & mask) == 0;
}

/* Digits and dots alone are a mistyped address, which must not pass for a name that never matches. */
static gboolean
is_name_rule (const char *rule)
{
  gboolean telling = strcmp (rule, "*") == 0;

  if (!g_utf8_validate (rule, -1, NULL))
    return FALSE;
  for (const char *p = rule; *p != '\0'; p = g_utf8_next_char (p))
    {
      gunichar c = g_utf8_get_char (p);

      telling = telling || g_unichar_isalpha (c);
      if (!g_unichar_isalnum (c) && (c > 0x7f || strchr (".-_*?", (int) c) == NULL))
        return FALSE;
    }
  return telling;
}

/* Names have no empty parts, so such a rule would never match. One dot may end it. */
static gboolean
has_empty_part (const char *rule)
{
  return rule[0] == '.' || strstr (rule, "..") != NULL;
}

static gboolean
set_scope (RollCredential *self, const char *text, GError **error)
{
  g_auto (GStrv) words = g_strsplit_set (text != NULL ? text : "", SEPARATORS, -1);
  g_autoptr (GPtrArray) rules = g_ptr_array_new_with_free_func (g_free);
  Network network;

  for (guint i = 0; words[i] != NULL; i++)
    {
      const char *word = g_strstrip (words[i]);

      if (*word == '\0')
        continue;
      if (!parse_network (word, &network) && !is_name_rule (word))
        return fail (error, _("“%s” can’t limit a credential: write a network (10.1.0.0/16), an address or a name "
                              "(*.corp.example)."), word);
      if (has_empty_part (word))
        return fail (error, _("“%s” can’t limit a credential: nothing stands in front of one of its dots. Write a name such as "
                              "corp.example or *.corp.example."), word);
      g_ptr_array_add (rules, g_strdup (word));
    }
  if (rules->len == 0)
    return TRUE;
  g_ptr_array_add (rules, NULL);
  self->scope = (char **) g_ptr_array_free (g_steal_pointer (&rules), FALSE);
  return TRUE;
}

static char *
normal_name (const char *name)
{
  g_autofree char *valid = g_utf8_make_valid (name, -1);
  char *folded = g_utf8_casefold (valid, -1);
  gsize length = strlen (folded);

  if (length > 1 && folded[length - 1] == '.')
    folded[length - 1] = '\0';
  return folded;
}

/* A rule without wildcards names itself and, as a domain, all below it. */
static gboolean
name_fits (const char *rule, const char *target)
{
  g_autofree char *pattern = normal_name (rule);
  g_autofree char *name = normal_name (target);
  g_autofree char *below = NULL;

  if (strpbrk (pattern, "*?") != NULL)
    return g_pattern_match_simple (pattern, name);
  below = g_strconcat (".", pattern, NULL);
  return strcmp (pattern, name) == 0 || g_str_has_suffix (name, below);
}

gboolean
roll_credential_applies (const RollCredential *credential, const char *target, const RollAddress *address)
{
  RollAddress given;
  gboolean is_address;

  g_return_val_if_fail (credential != NULL && target != NULL && address != NULL, FALSE);

  if (credential->scope == NULL)
    return TRUE;
  is_address = roll_address_parse (target, &given);
  if (is_address && address->family == AF_UNSPEC)
    address = &given;
  for (guint i = 0; credential->scope[i] != NULL; i++)
    {
      const char *rule = credential->scope[i];
      Network network;

      if (strcmp (rule, "*") == 0)
        return TRUE;
      if (!parse_network (rule, &network))
        {
          if (!is_address && name_fits (rule, target))
            return TRUE;
        }
      else if (address->family == AF_UNSPEC || network_has (&network, address))
        return TRUE;
    }
  return FALSE;
}

/* --- Life -------------------------------------------------------------------------------------------------------- */

RollCredential *
roll_credential_new (const char *name, const char *account, RollSecret *password, const char *scope,
                     const char *protocols, GError **error)
{
  g_autoptr (RollCredential) self = g_new0 (RollCredential, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->password = password;
  g_return_val_if_fail (name != NULL, NULL);

  self->name = g_strdup (name);
  if (account == NULL && password == NULL)
    {
      self->user = g_strdup ("");
      self->domain = g_strdup ("");
    }
  else if (!split_account (self, account != NULL ? account : "", error))
    return NULL;
  if (!set_protocols (self, protocols, error) || !set_scope (self, scope, error))
    return NULL;
  return g_steal_pointer (&self);
}

RollCredential *
roll_credential_ref (RollCredential *credential)
{
  g_return_val_if_fail (credential != NULL, NULL);

  g_atomic_ref_count_inc (&credential->ref_count);
  return credential;
}

void
roll_credential_unref (RollCredential *credential)
{
  if (credential == NULL || !g_atomic_ref_count_dec (&credential->ref_count))
    return;
  g_free (credential->name);
  g_free (credential->user);
  g_free (credential->domain);
  g_free (credential->realm);
  roll_secret_unref (credential->password);
  g_strfreev (credential->scope);
  g_free (credential);
}
