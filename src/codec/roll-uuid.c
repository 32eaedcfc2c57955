/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-uuid.h"

#include <string.h>

/* Where each byte of the text form stands on the wire. */
static const guint8 wire_order[16] = { 3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15 };

static gboolean
dash_before (guint byte)
{
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

gboolean
roll_uuid_equal (const RollUuid *a, const RollUuid *b)
{
  return memcmp (a->bytes, b->bytes, sizeof a->bytes) == 0;
}

gboolean
roll_uuid_parse (const char *text, RollUuid *ret_uuid)
{
  RollUuid uuid;

  for (guint i = 0; i < sizeof uuid.bytes; i++, text += 2)
    {
      if (dash_before (i) && *text++ != '-')
        return FALSE;
      if (!g_ascii_isxdigit (text[0]) || !g_ascii_isxdigit (text[1]))
        return FALSE;
      uuid.bytes[wire_order[i]]
          = (guint8) (g_ascii_xdigit_value (text[0]) << 4 | g_ascii_xdigit_value (text[1]));
    }
  if (*text != '\0')
    return FALSE;
  *ret_uuid = uuid;
  return TRUE;
}

const char *
roll_uuid_format (const RollUuid *uuid, char buffer[ROLL_UUID_STRLEN])
{
  static const char digits[] = "0123456789abcdef";
  char *out = buffer;

  for (guint i = 0; i < sizeof uuid->bytes; i++)
    {
      guint8 byte = uuid->bytes[wire_order[i]];

      if (dash_before (i))
        *out++ = '-';
      *out++ = digits[byte >> 4];
      *out++ = digits[byte & 15];
    }
  *out = '\0';
  return buffer;
}

RollUuid
roll_reader_uuid (RollReader *reader)
{
  RollUuid uuid;

  roll_reader_copy (reader, uuid.bytes, sizeof uuid.bytes);
  return uuid;
}

void
roll_writer_uuid (RollWriter *writer, const RollUuid *uuid)
{
  roll_writer_bytes (writer, uuid->bytes, sizeof uuid->bytes);
}
