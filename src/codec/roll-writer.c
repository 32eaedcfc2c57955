/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-writer.h"

#include <string.h>

#define FIRST_CAPACITY 256

void
roll_writer_init (RollWriter *writer, gsize maximum)
{
  *writer = (RollWriter) { .maximum = maximum };
}

void
roll_writer_clear (RollWriter *writer)
{
  if (writer->data != NULL)
    explicit_bzero (writer->data, writer->length);
  g_free (writer->data);
  *writer = (RollWriter) { .maximum = writer->maximum };
}

void
roll_writer_reset (RollWriter *writer)
{
  if (writer->data != NULL)
    explicit_bzero (writer->data, writer->length);
  writer->length = 0;
  writer->overflowed = FALSE;
}

/* Not realloc(): it would leave copies of key material behind. */
static void
grow (RollWriter *writer, gsize needed)
{
  gsize capacity = MAX (writer->capacity, FIRST_CAPACITY);
  guint8 *data;

  while (capacity < needed)
    capacity *= 2;
  data = g_malloc (capacity);
  if (writer->length > 0)
    memcpy (data, writer->data, writer->length);
  if (writer->data != NULL)
    explicit_bzero (writer->data, writer->length);
  g_free (writer->data);
  writer->data = data;
  writer->capacity = capacity;
}

/* Room at the end, or NULL past the maximum. */
static inline guint8 *
extend (RollWriter *writer, gsize length)
{
  guint8 *room;

  if (G_UNLIKELY (writer->overflowed || length > writer->maximum - writer->length))
    {
      writer->overflowed = TRUE;
      return NULL;
    }
  if (G_UNLIKELY (length > writer->capacity - writer->length || writer->data == NULL))
    grow (writer, writer->length + length);
  room = writer->data + writer->length;
  writer->length += length;
  return room;
}

void
roll_writer_bytes (RollWriter *writer, const void *bytes, gsize length)
{
  guint8 *room = extend (writer, length);

  if (room != NULL && length > 0)
    memcpy (room, bytes, length);
}

void
roll_writer_zeros (RollWriter *writer, gsize length)
{
  guint8 *room = extend (writer, length);

  if (room != NULL && length > 0)
    memset (room, 0, length);
}

void
roll_writer_u16 (RollWriter *writer, guint16 value)
{
  value = GUINT16_TO_LE (value);
  roll_writer_bytes (writer, &value, sizeof value);
}

void
roll_writer_u32 (RollWriter *writer, guint32 value)
{
  value = GUINT32_TO_LE (value);
  roll_writer_bytes (writer, &value, sizeof value);
}

void
roll_writer_u64 (RollWriter *writer, guint64 value)
{
  value = GUINT64_TO_LE (value);
  roll_writer_bytes (writer, &value, sizeof value);
}

void
roll_writer_align (RollWriter *writer, gsize alignment)
{
  g_assert (alignment > 0 && (alignment & (alignment - 1)) == 0);

  roll_writer_zeros (writer, -writer->length & (alignment - 1));
}

gsize
roll_writer_reserve (RollWriter *writer, gsize length)
{
  gsize position = writer->length;

  roll_writer_zeros (writer, length);
  return position;
}

void
roll_writer_set_bytes (RollWriter *writer, gsize position, const void *bytes, gsize length)
{
  if (writer->overflowed)
    return;
  g_assert (position <= writer->length && length <= writer->length - position);
  memcpy (writer->data + position, bytes, length);
}

void
roll_writer_set_u16 (RollWriter *writer, gsize position, guint16 value)
{
  value = GUINT16_TO_LE (value);
  roll_writer_set_bytes (writer, position, &value, sizeof value);
}

void
roll_writer_set_u32 (RollWriter *writer, gsize position, guint32 value)
{
  value = GUINT32_TO_LE (value);
  roll_writer_set_bytes (writer, position, &value, sizeof value);
}
