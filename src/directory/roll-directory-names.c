/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-computers-private.h"

#include <string.h>

#define HOST_NAME_LENGTH_MAX 253 /* RFC 1035 2.3.4 */
#define LABEL_MAX 63
#define LEVELS_MAX 64         /* of places; Active Directory itself recommends ten */
#define PLACE_MAX_CHARACTERS 128 /* its limit is 64, [MS-ADA3] ou */

gboolean
roll_directory_is_host_name (const char *name)
{
  gsize label = 0;
  gboolean letter = FALSE;

  if (strlen (name) > HOST_NAME_LENGTH_MAX)
    return FALSE;
  for (; *name; name++)
    {
      if (*name == '.' ? label == 0 : !(g_ascii_isalnum (*name) || *name == '-' || *name == '_'))
        return FALSE;
      if (*name != '.' && label == 0)
        letter = FALSE;
      letter = letter || g_ascii_isalpha (*name);
      label = *name == '.' ? 0 : label + 1;
      if (label > LABEL_MAX)
        return FALSE;
    }
  return label > 0 && letter;
}

/* A comma in a value has a backslash before it or is written as \2C, RFC 4514 2.4; one in quotes is of the days before. */
static const char *
next_part (const char *dn)
{
  for (; *dn && *dn != ','; dn++)
    if (*dn == '\\' && dn[1])
      dn++;
  return *dn == ',' ? dn + 1 : NULL;
}

const char *
roll_directory_parent_of (const char *dn)
{
  return next_part (dn);
}

char *
roll_directory_domain_of (const char *dn)
{
  g_autoptr (GString) domain = g_string_new (NULL);

  for (; dn; dn = next_part (dn))
    {
      gsize length;

      while (*dn == ' ')
        dn++;
      if (g_ascii_strncasecmp (dn, "DC=", 3) != 0)
        {
          g_string_truncate (domain, 0);
          continue;
        }
      length = strcspn (dn + 3, ",");
      g_string_append_printf (domain, "%s%.*s", domain->len > 0 ? "." : "", (int) MIN (length, HOST_NAME_LENGTH_MAX), dn + 3);
    }
  return roll_directory_is_host_name (domain->str) ? g_string_free (g_steal_pointer (&domain), FALSE) : NULL;
}

/* Marks of direction do not show, and make other text stand elsewhere than it is. */
static gboolean
is_plain (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type != G_UNICODE_CONTROL && type != G_UNICODE_FORMAT && type != G_UNICODE_LINE_SEPARATOR &&
         type != G_UNICODE_PARAGRAPH_SEPARATOR && type != G_UNICODE_UNASSIGNED && type != G_UNICODE_SURROGATE &&
         type != G_UNICODE_PRIVATE_USE;
}

char *
roll_directory_printable (const char *text, gsize max_characters)
{
  /* Four bytes at most for each: nothing beyond can be shown. */
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) strnlen (text, max_characters * 4 + 1));
  GString *printable = g_string_new (NULL);
  const char *c = valid;

  for (gsize n = 0; *c && n < max_characters; n++, c = g_utf8_next_char (c))
    g_string_append_unichar (printable, is_plain (g_utf8_get_char (c)) ? g_utf8_get_char (c) : 0xfffd);
  if (*c)
    g_string_append (printable, "…");
  return g_string_free (printable, FALSE);
}

/* --- Places --------------------------------------------------------------------------------------------------------- */

static gboolean
is_domain_part (const char *part)
{
  while (*part == ' ')
    part++;
  return g_ascii_strncasecmp (part, "DC=", 3) == 0;
}

/* The byte that "\2C" or "\," stands for, RFC 4514 3; moves behind it. */
static char
take_escaped (const char **inout_at)
{
  const char *at = *inout_at + 1;

  if (g_ascii_isxdigit (at[0]) && g_ascii_isxdigit (at[1]))
    {
      *inout_at = at + 2;
      return (char) (g_ascii_xdigit_value (at[0]) << 4 | g_ascii_xdigit_value (at[1]));
    }
  *inout_at = at + 1;
  return at[0];
}

/* The value of the first part of @dn as it reads; (transfer full) */
static char *
unescape_value (const char *dn)
{
  const char *next = next_part (dn);
  const char *end = next ? next - 1 : dn + strlen (dn);
  const char *equals = memchr (dn, '=', (gsize) (end - dn));
  g_autoptr (GString) value = g_string_new (NULL);

  for (const char *at = equals ? equals + 1 : dn; at < end;)
    if (*at != '\\' || at + 1 == end)
      g_string_append_c (value, *at++);
    else
      {
        char c = take_escaped (&at);

        g_string_append_c (value, c ? c : '?');
      }
  return roll_directory_printable (value->str, PLACE_MAX_CHARACTERS);
}

static void
prepend_place (GString *path, const char *dn)
{
  g_autofree char *value = unescape_value (dn);
  g_autoptr (GString) place = g_string_new (value);

  g_string_replace (place, "\\", "\\\\", 0);
  g_string_replace (place, "/", "\\/", 0);
  if (path->len > 0)
    g_string_prepend_c (path, '/');
  g_string_prepend (path, place->str);
}

char *
roll_directory_ou_of (const char *dn)
{
  g_autoptr (GString) path = g_string_new (NULL);

  dn = next_part (dn);
  for (guint i = 0; dn && !is_domain_part (dn) && i < LEVELS_MAX; i++, dn = next_part (dn))
    prepend_place (path, dn);
  return roll_directory_printable (path->str, ROLL_DIRECTORY_OU_MAX - 1);
}
