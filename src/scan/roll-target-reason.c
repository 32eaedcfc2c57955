/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-target-entry.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/*
 * What people type in place of a computer's name, each with a sentence of its own. An entry comes here only
 * after it was refused, so a guess may be wrong but nothing good is lost.
 */

#define SHOWN_MAX 40 /* characters of an entry shown in a sentence */

static char *
shorten (const char *text, gsize length)
{
  g_autofree char *copy = g_strndup (text, length);

  if (g_utf8_strlen (copy, -1) <= SHOWN_MAX)
    return g_steal_pointer (&copy);
  *g_utf8_offset_to_pointer (copy, SHOWN_MAX - 1) = '\0';
  return g_strconcat (copy, "…", NULL);
}

static gboolean
is_printable (gunichar character)
{
  return g_unichar_isprint (character) && !g_unichar_iszerowidth (character) &&
         (character == ' ' || !g_unichar_isspace (character));
}

static char *
blame_invisible (const char *text, RollTargetUse use)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (character != '\t' && !is_printable (character) && !g_unichar_ismark (character))
        return g_strdup_printf (_("There is an invisible character in it (U+%04X). Type the entry anew."),
                                character);
    }
  return NULL;
}

static char *
blame_nothing (const char *text, RollTargetUse use)
{
  return text[0] == '\0' ? g_strdup (_("Type a name or an address.")) : NULL;
}

static char *
blame_url (const char *text, RollTargetUse use)
{
  const char *mark = strstr (text, "://");
  g_autofree char *scheme = NULL;

  if (mark == NULL)
    return NULL;
  scheme = shorten (text, (gsize) (mark + 3 - text));
  return g_strdup_printf (_("Leave out “%s” and what follows the name."), scheme);
}

static char *
blame_backslash (const char *text, RollTargetUse use)
{
  if (g_str_has_prefix (text, "\\\\"))
    return g_strdup (_("Leave out the backslashes and what follows the name."));
  if (strchr (text, '\\') != NULL)
    return g_strdup (_("Leave out the domain and the backslash: only the computer’s name."));
  return NULL;
}

static char *
blame_mail (const char *text, RollTargetUse use)
{
  return strchr (text, '@') != NULL ? g_strdup (_("This is a person’s address, not a computer’s.")) : NULL;
}

/* What is in “quotes” of any kind, or in brackets. */
static char *
blame_wrapping (const char *text, RollTargetUse use)
{
  static const char *const quotes[] = { "\"", "'", "`", "“", "”", "„", "‘", "’", "«", "»" };

  for (gsize i = 0; i < G_N_ELEMENTS (quotes); i++)
    if (strstr (text, quotes[i]) != NULL)
      return g_strdup (_("Leave out the quotation marks."));
  if (strpbrk (text, "[](){}<>") != NULL)
    return g_strdup (_("Leave out the brackets."));
  return NULL;
}

static char *
blame_separator (const char *text, RollTargetUse use)
{
  const char *separator = strpbrk (text, ",;|");

  if (separator == NULL)
    return NULL;
  return g_strdup_printf (_("Give one computer at a time, without “%c”: in a file each on its own line."),
                          *separator);
}

static char *
blame_blank (const char *text, RollTargetUse use)
{
  g_autoptr (GString) squeezed = NULL;
  RollInterval interval;

  if (strpbrk (text, " \t") == NULL)
    return NULL;
  squeezed = g_string_new (NULL);
  for (const char *at = text; *at != '\0'; at++)
    if (*at != ' ' && *at != '\t')
      g_string_append_c (squeezed, *at);
  if (strpbrk (text, "-/") != NULL && roll_target_parse_addresses (squeezed->str, use, &interval, NULL))
    return g_strdup_printf (_("Leave out the blanks: “%s”."), squeezed->str);
  return g_strdup (_("There is a blank in it. Give one computer at a time; begin a comment with “#”."));
}

static char *
blame_dash (const char *text, RollTargetUse use)
{
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);

      if (character >= 0x80 && g_unichar_type (character) == G_UNICODE_DASH_PUNCTUATION)
        return g_strdup_printf (_("In place of “%.*s” write the plain “-”."),
                                (int) (g_utf8_next_char (at) - at), at);
    }
  return NULL;
}

static char *
blame_slash (const char *text, RollTargetUse use)
{
  const char *slash = strchr (text, '/');

  if (slash == NULL)
    return NULL;
  if (slash > text && strspn (text, "0123456789.") == (gsize) (slash - text))
    return g_strdup (_("Write a network with all four numbers, such as 10.1.2.0/24."));
  return g_strdup (_("“/” can only stand behind an address, as in 10.1.2.0/24."));
}

static char *
blame_interface (const char *text, RollTargetUse use)
{
  const char *percent = strchr (text, '%');
  g_autofree char *head = percent != NULL ? g_strndup (text, (gsize) (percent - text)) : NULL;
  g_autofree char *interface = NULL;
  RollAddress address;

  if (head == NULL || !roll_address_parse (head, &address))
    return NULL;
  interface = shorten (percent + 1, strlen (percent + 1));
  if (address.family == AF_INET6 && address.bytes[0] == 0xfe)
    return g_strdup_printf (_("This computer has no network interface “%s”."), interface);
  return g_strdup (_("Only link-local addresses (fe80::…) are followed by “%” and an interface."));
}

static char *
blame_colon (const char *text, RollTargetUse use)
{
  const char *colon = strchr (text, ':');
  g_autofree char *port = NULL;

  if (colon == NULL)
    return NULL;
  port = shorten (colon, strlen (colon));
  if (colon == strrchr (text, ':'))
    return g_strdup_printf (_("Leave out “%s”: the port is an option of the scan."), port);
  return g_strdup (_("This is not a whole IPv6 address. Such as 2001:db8::1 is one."));
}

static gboolean
has_only (const char *text, const char *characters)
{
  return text[strspn (text, characters)] == '\0';
}

static char *
blame_pattern (const char *text, RollTargetUse use)
{
  if (strpbrk (text, "*?") == NULL)
    return NULL;
  if (has_only (text, "0123456789.*?-") && strpbrk (text, "0123456789") != NULL)
    return g_strdup (_("Write addresses as a network, such as 10.1.2.0/24, or as a range: 10.1.2.10-99."));
  if (use == ROLL_TARGET_INCLUDE)
    return g_strdup (_("Names with “*” or “?” can be left out of a scan, but not be scanned."));
  return NULL;
}

static char *
blame_number (const char *number)
{
  if (number[0] == '0' && number[1] != '\0')
    return g_strdup_printf (_("Leave out the zeros in front of “%.20s”: they can mean another number."),
                            number);
  if (strlen (number) > 3 || atoi (number) > 255)
    return g_strdup_printf (_("The numbers of an IPv4 address go up to 255; “%.20s” is more."), number);
  return NULL;
}

/* Digits and dots: an IPv4 address gone wrong. */
static char *
blame_ipv4 (const char *text, RollTargetUse use)
{
  g_auto (GStrv) numbers = NULL;
  guint n_numbers;

  if (!has_only (text, "0123456789.") || !g_ascii_isdigit (text[0]) || strstr (text, "..") != NULL)
    return NULL;
  numbers = g_strsplit (text, ".", -1);
  n_numbers = g_strv_length (numbers);
  if (n_numbers == 1)
    return g_strdup (_("A computer’s name is not only digits, and an IPv4 address is like 10.1.2.3."));
  for (guint i = 0; i < n_numbers; i++)
    {
      char *reason = blame_number (numbers[i]);

      if (reason != NULL)
        return reason;
    }
  if (numbers[n_numbers - 1][0] == '\0')
    return g_strdup (_("Leave out the dot at the end."));
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "An IPv4 address has four numbers; this has %u.",
                                       "An IPv4 address has four numbers; this has %u.", n_numbers),
                          n_numbers);
}

static char *
blame_character (const char *text, RollTargetUse use)
{
  gsize length = strlen (text);

  if (length > 1 && text[length - 1] == '$' && strchr (text, '$') == text + length - 1)
    return g_strdup (_("Leave out the “$” at the end."));
  for (const char *at = text; *at != '\0'; at = g_utf8_next_char (at))
    {
      gunichar character = g_utf8_get_char (at);
      gboolean fits = character < 0x80 ? g_ascii_isalnum (*at) || strchr ("-_.*?", *at) != NULL
                                       : g_unichar_isalnum (character) || g_unichar_ismark (character);

      if (!fits)
        return g_strdup_printf (_("“%.*s” cannot stand in a computer’s name."),
                                (int) (g_utf8_next_char (at) - at), at);
    }
  return NULL;
}

static char *
blame_label (const char *label, gsize length)
{
  if (length == 0)
    return g_strdup (_("There are two dots in a row."));
  if (length > ROLL_TARGET_LABEL_MAX)
    return g_strdup_printf (_("“%.*s…” has %u characters, and between two dots there can be %u."), 16, label,
                            (guint) length, (guint) ROLL_TARGET_LABEL_MAX);
  return NULL;
}

static char *
blame_length (const char *text, RollTargetUse use)
{
  gsize length = strlen (text);
  char *reason;

  if (!g_str_is_ascii (text))
    return NULL;
  if (length > ROLL_TARGET_NAME_MAX)
    return g_strdup_printf (_("The name has %u characters, and %u is the most."), (guint) length,
                            (guint) ROLL_TARGET_NAME_MAX);
  if (text[0] == '.' || text[0] == '-')
    return g_strdup_printf (_("A name does not begin with “%c”."), text[0]);
  for (const char *label = text; *label != '\0';)
    {
      gsize label_length = strcspn (label, ".");

      reason = blame_label (label, label_length);
      if (reason != NULL)
        return reason;
      label += label_length + (label[label_length] == '.');
    }
  return NULL;
}

static char *
blame_digits (const char *text, RollTargetUse use)
{
  const char *dot = strrchr (text, '.');

  return dot != NULL && has_only (dot + 1, "0123456789")
           ? g_strdup (_("The part behind the last dot of a name is not only digits."))
           : NULL;
}

char *
roll_target_reason (const char *text, RollTargetUse use)
{
  static char *(*const blames[]) (const char *, RollTargetUse) = {
    blame_nothing, blame_invisible, blame_url, blame_backslash, blame_mail, blame_wrapping, blame_separator,
    blame_blank, blame_dash, blame_slash, blame_interface, blame_colon, blame_pattern, blame_ipv4,
    blame_character, blame_length, blame_digits,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (blames); i++)
    {
      char *reason = blames[i] (text, use);

      if (reason != NULL)
        return reason;
    }
  return g_strdup (_("This is neither a computer’s name nor an address."));
}
