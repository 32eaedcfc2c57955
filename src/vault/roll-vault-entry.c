/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vault/roll-vault-entry.h"

#include <glib/gi18n-lib.h>
#include <string.h>

#include "vault/roll-vault-keyring.h"
#include "vault/roll-vault-order.h"

#define MAX_PROTOCOLS 100

/* --- Checks ------------------------------------------------------------------------------------------------------ */

G_GNUC_PRINTF (2, 3)
static gboolean
fail (GError **error, const char *format, ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, format, args);
  va_end (args);
  return FALSE;
}

static gboolean
has_control (const char *text)
{
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_iscntrl (g_utf8_get_char (p)))
      return TRUE;
  return FALSE;
}

static gboolean
is_blank (const char *text)
{
  const char *p = text;

  while (g_unichar_isspace (g_utf8_get_char (p)))
    p = g_utf8_next_char (p);
  return *p == '\0';
}

gboolean
roll_vault_name_check (const char *name, GError **error)
{
  g_return_val_if_fail (name != NULL, FALSE);

  if (!g_utf8_validate (name, -1, NULL))
    return fail (error, _("The name is not valid UTF-8 text."));
  if (is_blank (name))
    return fail (error, _("The credential needs a name, by which you will know it."));
  if (g_utf8_strlen (name, -1) > ROLL_VAULT_MAX_NAME)
    return fail (error, _("The name is too long: %d characters at most, so that it fits into lists."),
                 ROLL_VAULT_MAX_NAME);
  return !has_control (name) || fail (error, _("The name has a control character, such as a tab or a line feed."));
}

gboolean
roll_vault_password_check (const RollSecret *password, GError **error)
{
  const char *text;

  g_return_val_if_fail (password != NULL, FALSE);

  text = roll_secret_text (password);
  if (roll_secret_length (password) == 0)
    return fail (error, _("The password is missing."));
  if (!g_utf8_validate (text, (gssize) roll_secret_length (password), NULL))
    return fail (error, _("The password is not valid UTF-8 text."));
  if (g_utf8_strlen (text, -1) > ROLL_VAULT_MAX_PASSWORD)
    return fail (error, _("The password is too long: Windows has none of more than %d characters."),
                 ROLL_VAULT_MAX_PASSWORD);
  return TRUE;
}

static gboolean
check_length (const char *text, glong limit, GError **error, const char *format)
{
  if (!g_utf8_validate (text, -1, NULL))
    return fail (error, _("This is not valid UTF-8 text."));
  if (g_utf8_strlen (text, -1) <= limit)
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, format);
  return FALSE;
}

/* Whether a credential can be made of it, the password aside. */
static gboolean
check (const RollVaultEntry *entry, GError **error)
{
  g_autoptr (RollCredential) credential = NULL;

  if (!roll_vault_name_check (entry->name, error) ||
      !check_length (entry->account, ROLL_VAULT_MAX_ACCOUNT, error, _("The account name is too long.")) ||
      !check_length (entry->scope, ROLL_VAULT_MAX_SCOPE, error,
                     _("There are too many places for one credential. Name networks or patterns instead.")) ||
      !check_length (entry->protocols, MAX_PROTOCOLS, error, _("Write “kerberos”, “ntlm” or both.")))
    return FALSE;
  credential = roll_vault_entry_get_credential (entry, roll_secret_new ("x", 1), error);
  return credential != NULL;
}

/* --- Life -------------------------------------------------------------------------------------------------------- */

static char *
trimmed (const char *text)
{
  return g_strstrip (g_strdup (text != NULL ? text : ""));
}

RollVaultEntry *
roll_vault_entry_new (const RollVaultEntry *edited, const char *name, const char *account, const char *scope,
                      const char *protocols, GError **error)
{
  g_autoptr (RollVaultEntry) self = g_new0 (RollVaultEntry, 1);

  g_return_val_if_fail (name != NULL && account != NULL, NULL);

  g_atomic_ref_count_init (&self->ref_count);
  self->id = edited != NULL ? g_strdup (edited->id) : g_uuid_string_random ();
  self->order = g_strdup (edited != NULL ? edited->order : "");
  self->session = edited != NULL && edited->session;
  self->name = trimmed (name);
  self->account = trimmed (account);
  self->scope = trimmed (scope);
  self->protocols = trimmed (protocols);
  return check (self, error) ? g_steal_pointer (&self) : NULL;
}

RollVaultEntry *
roll_vault_entry_copy (const RollVaultEntry *entry, const char *order, gboolean session)
{
  RollVaultEntry *copy = g_new0 (RollVaultEntry, 1);

  g_atomic_ref_count_init (&copy->ref_count);
  copy->id = g_strdup (entry->id);
  copy->name = g_strdup (entry->name);
  copy->account = g_strdup (entry->account);
  copy->scope = g_strdup (entry->scope);
  copy->protocols = g_strdup (entry->protocols);
  copy->order = g_strdup (order);
  copy->session = session;
  return copy;
}

RollVaultEntry *
roll_vault_entry_new_moved (const RollVaultEntry *entry, const RollVaultEntry *after, const RollVaultEntry *before)
{
  g_autofree char *order = NULL;

  g_return_val_if_fail (entry != NULL, NULL);

  order = roll_vault_order_between (after != NULL ? after->order : "", before != NULL ? before->order : "");
  return roll_vault_entry_copy (entry, order, entry->session);
}

RollVaultEntry *
roll_vault_entry_ref (RollVaultEntry *entry)
{
  g_return_val_if_fail (entry != NULL, NULL);

  g_atomic_ref_count_inc (&entry->ref_count);
  return entry;
}

void
roll_vault_entry_unref (RollVaultEntry *entry)
{
  if (entry == NULL || !g_atomic_ref_count_dec (&entry->ref_count))
    return;
  g_free (entry->id);
  g_free (entry->name);
  g_free (entry->account);
  g_free (entry->scope);
  g_free (entry->protocols);
  g_free (entry->order);
  g_free (entry);
}

/* --- What is asked of it ----------------------------------------------------------------------------------------- */

gboolean
roll_vault_entry_has_name (const RollVaultEntry *entry, const char *name)
{
  g_autofree char *mine = NULL;
  g_autofree char *other = NULL;

  g_return_val_if_fail (entry != NULL && name != NULL, FALSE);

  mine = g_utf8_normalize (entry->name, -1, G_NORMALIZE_NFC);
  other = g_utf8_normalize (name, -1, G_NORMALIZE_NFC);
  return other != NULL && strcmp (mine, g_strstrip (other)) == 0;
}

int
roll_vault_entry_compare (const RollVaultEntry *a, const RollVaultEntry *b)
{
  int order = strcmp (a->order, b->order);

  return order != 0 ? order : strcmp (a->id, b->id);
}

RollCredential *
roll_vault_entry_get_credential (const RollVaultEntry *entry, RollSecret *password, GError **error)
{
  g_return_val_if_fail (entry != NULL && password != NULL, NULL);

  return roll_credential_new (entry->name, entry->account, password, entry->scope, entry->protocols, error);
}
