/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-target-entry.h"

#include <glib/gi18n-lib.h>
#include <string.h>

G_DEFINE_QUARK (roll-target-error-quark, roll_target_error)

static gboolean
is_name_character (char character)
{
  return g_ascii_isalnum (character) || character == '-' || character == '_';
}

static gsize
length_without_dot (const char *name)
{
  gsize length = strlen (name);

  return length > 0 && name[length - 1] == '.' ? length - 1 : length;
}

/* An address that was mistyped, 10.1.2.300 or 10.1.2, ends in digits. A name must not. */
gboolean
roll_target_is_name (const char *text)
{
  gsize length = length_without_dot (text), label = 0;
  gboolean only_digits = TRUE;

  if (length == 0 || length > ROLL_TARGET_NAME_MAX || text[0] == '-')
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      if (text[i] == '.')
        {
          if (label == 0)
            return FALSE;
          label = 0;
          only_digits = TRUE;
          continue;
        }
      if (!is_name_character (text[i]) || ++label > ROLL_TARGET_LABEL_MAX)
        return FALSE;
      only_digits = only_digits && g_ascii_isdigit (text[i]);
    }
  return label > 0 && !only_digits;
}

gboolean
roll_target_is_pattern (const char *text)
{
  gboolean addresses = strpbrk (text, "0123456789") != NULL && strchr (text, '.') != NULL &&
                       text[strspn (text, "0123456789.-*?")] == '\0';

  if (addresses || strpbrk (text, "*?") == NULL || strlen (text) > ROLL_TARGET_NAME_MAX)
    return FALSE;
  for (const char *at = text; *at != '\0'; at++)
    if (!is_name_character (*at) && strchr (".*?", *at) == NULL)
      return FALSE;
  return TRUE;
}

/* One star at a time may still grow, so the time is length times length at worst. */
gboolean
roll_target_pattern_matches (const char *pattern, const char *name)
{
  const char *end = name + length_without_dot (name), *star = NULL, *resume = name;

  while (name < end)
    {
      if (*pattern == '*')
        {
          star = pattern++;
          resume = name;
        }
      else if (*pattern == '?' || g_ascii_tolower (*pattern) == g_ascii_tolower (*name))
        {
          pattern++;
          name++;
        }
      else if (star != NULL)
        {
          pattern = star + 1;
          name = ++resume;
        }
      else
        return FALSE;
    }
  while (*pattern == '*')
    pattern++;
  return *pattern == '\0';
}

/* Only letters of some alphabet: IDNA alone would also take a typographic dash for a part of a name. */
static char *
to_dns (const char *text)
{
  if (g_str_is_ascii (text))
    return g_strdup (text);
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (character < 0x80 ? !is_name_character (*at) && *at != '.'
                           : !g_unichar_isalnum (character) && !g_unichar_ismark (character))
        return NULL;
    }
  return g_hostname_to_ascii (text);
}

static gboolean
parse_name (const char *text, RollTargetUse use, RollTargetEntry *ret_entry)
{
  g_autofree char *name = NULL;

  if (use == ROLL_TARGET_EXCLUDE && roll_target_is_pattern (text))
    {
      ret_entry->kind = ROLL_TARGET_ENTRY_PATTERN;
      g_strlcpy (ret_entry->name, text, sizeof ret_entry->name);
      return TRUE;
    }
  name = to_dns (text);
  if (name == NULL || !roll_target_is_name (name))
    return FALSE;
  ret_entry->kind = ROLL_TARGET_ENTRY_NAME;
  g_strlcpy (ret_entry->name, name, sizeof ret_entry->name);
  return TRUE;
}

gboolean
roll_target_entry_parse (const char *text, gsize length, RollTargetUse use, RollTargetEntry *ret_entry,
                         GError **error)
{
  char copy[ROLL_TARGET_ENTRY_MAX + 1];
  g_autofree char *reason = NULL;
  g_autoptr (GError) wrong = NULL;

  if (length > ROLL_TARGET_ENTRY_MAX)
    {
      g_set_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_SYNTAX,
                   _("This is too long for a name or an address."));
      return FALSE;
    }
  if (!g_utf8_validate_len (text, length, NULL))
    {
      g_set_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_SYNTAX,
                   _("This is not UTF-8 text. Save the list as UTF-8, or type the entry anew."));
      return FALSE;
    }
  memcpy (copy, text, length);
  copy[length] = '\0';

  if (roll_target_parse_addresses (copy, use, &ret_entry->interval, &wrong))
    {
      ret_entry->kind = ROLL_TARGET_ENTRY_ADDRESSES;
      return TRUE;
    }
  if (wrong != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&wrong));
      return FALSE;
    }
  if (parse_name (copy, use, ret_entry))
    return TRUE;
  reason = roll_target_reason (copy, use);
  g_set_error_literal (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_SYNTAX, reason);
  return FALSE;
}
