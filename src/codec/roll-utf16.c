/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-utf16.h"

#define REPLACEMENT 0xfffdu

static gunichar
unit_at (const guint8 *bytes, gsize index)
{
  return (gunichar) bytes[2 * index] | (gunichar) bytes[2 * index + 1] << 8;
}

static gboolean
is_high (gunichar unit)
{
  return unit >= 0xd800 && unit <= 0xdbff;
}

static gboolean
is_low (gunichar unit)
{
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/* Returns: (nullable): what is ASCII throughout, as nearly everything is */
static char *
decode_ascii (const guint8 *bytes, gsize n_units)
{
  g_autofree char *text = g_malloc (n_units + 1);

  for (gsize i = 0; i < n_units; i++)
    {
      gunichar c = unit_at (bytes, i);

      if (c == 0 || c >= 0x80)
        return NULL;
      text[i] = (char) c;
    }
  text[n_units] = '\0';
  return g_steal_pointer (&text);
}

char *
roll_utf16_decode (const guint8 *bytes, gsize length)
{
  gsize n_units = length / 2;
  char *ascii = decode_ascii (bytes, n_units);
  GString *text;

  if (ascii != NULL)
    return ascii;
  text = g_string_sized_new (n_units);
  for (gsize i = 0; i < n_units; i++)
    {
      gunichar c = unit_at (bytes, i);

      if (is_high (c) && i + 1 < n_units && is_low (unit_at (bytes, i + 1)))
        c = 0x10000 + ((c & 0x3ff) << 10) + (unit_at (bytes, ++i) & 0x3ff);
      else if (is_high (c) || is_low (c) || c == 0)
        c = REPLACEMENT;
      g_string_append_unichar (text, c);
    }
  return g_string_free (text, FALSE);
}

void
roll_writer_utf16 (RollWriter *writer, const char *text)
{
  const char *end = text + strlen (text);

  while (text < end)
    {
      gunichar c;

      if ((guchar) *text < 0x80)
        {
          roll_writer_u8 (writer, (guint8) *text++);
          roll_writer_u8 (writer, 0);
          continue;
        }
      c = g_utf8_get_char_validated (text, end - text);
      if (c >= (gunichar) -2)
        {
          c = REPLACEMENT;
          text++;
        }
      else
        text = g_utf8_next_char (text);

      if (c >= 0x10000)
        {
          roll_writer_u16 (writer, (guint16) (0xd800 + ((c - 0x10000) >> 10)));
          roll_writer_u16 (writer, (guint16) (0xdc00 + ((c - 0x10000) & 0x3ff)));
        }
      else
        roll_writer_u16 (writer, (guint16) c);
    }
}
