/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-reader.h"

#include <string.h>

void
roll_reader_init (RollReader *reader, const void *data, gsize length)
{
  /* Nothing is a place too: arithmetic with NULL is undefined. */
  *reader = (RollReader) { .data = data != NULL ? data : "", .length = length };
}

void
roll_reader_fail (RollReader *reader, const char *problem)
{
  if (reader->problem == NULL)
    reader->problem = problem;
}

const guint8 *
roll_reader_bytes (RollReader *reader, gsize length)
{
  const guint8 *bytes = reader->data + reader->position;

  if (!roll_reader_has (reader, length))
    return NULL;
  reader->position += length;
  return bytes;
}

void
roll_reader_skip (RollReader *reader, gsize length)
{
  roll_reader_bytes (reader, length);
}

gboolean
roll_reader_copy (RollReader *reader, void *ret_bytes, gsize length)
{
  const guint8 *bytes = roll_reader_bytes (reader, length);

  if (bytes == NULL)
    memset (ret_bytes, 0, length);
  else if (length > 0)
    memcpy (ret_bytes, bytes, length);
  return bytes != NULL;
}

guint64
roll_reader_u64 (RollReader *reader)
{
  guint64 value;

  roll_reader_copy (reader, &value, sizeof value);
  return GUINT64_FROM_LE (value);
}

guint32
roll_reader_u32_at_most (RollReader *reader, guint32 maximum, const char *problem)
{
  guint32 value = roll_reader_u32 (reader);

  return roll_reader_require (reader, value <= maximum, problem) ? value : 0;
}

void
roll_reader_align (RollReader *reader, gsize alignment)
{
  g_assert (alignment > 0 && (alignment & (alignment - 1)) == 0);

  roll_reader_skip (reader, -reader->position & (alignment - 1));
}

void
roll_reader_seek (RollReader *reader, gsize position)
{
  if (roll_reader_require (reader, position <= reader->length, "an offset points outside"))
    reader->position = position;
}

RollReader
roll_reader_sub (RollReader *reader, gsize length)
{
  const guint8 *bytes = roll_reader_bytes (reader, length);
  RollReader sub;

  roll_reader_init (&sub, bytes, bytes != NULL ? length : 0);
  sub.problem = reader->problem;
  return sub;
}
