/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/roll-html.h"

#include <string.h>

gboolean
roll_text_is_harmless (gunichar c)
{
  if (c == 0x2028 || c == 0x2029) /* line and paragraph separator */
    return FALSE;
  return g_unichar_isprint (c); /* neither control nor format characters nor surrogates */
}

static const char *
entity_of (gunichar c)
{
  switch (c)
    {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return NULL;
    }
}

static void
add_char (GString *html, gunichar c)
{
  const char *entity = entity_of (c);

  if (entity != NULL)
    g_string_append (html, entity);
  else if (c == '\n' || c == '\t')
    g_string_append_c (html, ' ');
  else
    g_string_append_unichar (html, roll_text_is_harmless (c) ? c : 0xfffd);
}

void
roll_html_text (GString *html, const char *text)
{
  g_return_if_fail (html != NULL);

  while (text != NULL && *text != '\0')
    {
      gunichar c = g_utf8_get_char_validated (text, -1);
      gboolean good = c != (gunichar) -1 && c != (gunichar) -2;

      add_char (html, good ? c : 0xfffd);
      text = good ? g_utf8_next_char (text) : text + 1;
    }
}

void
roll_html_add (GString *html, const char *markup, ...)
{
  va_list args;
  gboolean is_text = TRUE;

  g_return_if_fail (html != NULL);
  g_return_if_fail (markup != NULL);

  g_string_append (html, markup);
  va_start (args, markup);
  for (const char *part; (part = va_arg (args, const char *)) != NULL; is_text = !is_text)
    if (is_text)
      roll_html_text (html, part);
    else
      g_string_append (html, part);
  va_end (args);
}
