/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RollReader: the only way untrusted bytes are looked at. Bounds-checked, little-endian, with a sticky error: after the
 * first failure every read gives zero or NULL and moves nothing, so that a decoder reads straight on and asks
 * roll_reader_ok() once at the end, or wherever a value decides how much is done next. Borrows the bytes.
 */
typedef struct
{
  const guint8 *data;
  gsize length;
  gsize position;
  const char *problem; /* static text of the first failure; NULL while all is well */
} RollReader;

void roll_reader_init (RollReader *reader, const void *data, gsize length);

static inline gboolean
roll_reader_ok (const RollReader *reader)
{
  return reader->problem == NULL;
}

static inline gsize
roll_reader_left (const RollReader *reader)
{
  return reader->problem == NULL ? reader->length - reader->position : 0;
}

/* Records the first failure; @problem is a static text for people: "truncated", "too many contexts". */
void roll_reader_fail (RollReader *reader, const char *problem);

/* Fails unless @condition; returns whether the reader is well afterwards. */
static inline gboolean
roll_reader_require (RollReader *reader, gboolean condition, const char *problem)
{
  if (G_UNLIKELY (!condition))
    roll_reader_fail (reader, problem);
  return roll_reader_ok (reader);
}

/* Whether there are @length more bytes; else it fails. */
static inline gboolean
roll_reader_has (RollReader *reader, gsize length)
{
  return roll_reader_require (reader, length <= roll_reader_left (reader), "truncated");
}

static inline guint8
roll_reader_u8 (RollReader *reader)
{
  return roll_reader_has (reader, sizeof (guint8)) ? reader->data[reader->position++] : 0;
}

static inline guint16
roll_reader_u16 (RollReader *reader)
{
  const guint8 *bytes = reader->data + reader->position;

  if (!roll_reader_has (reader, sizeof (guint16)))
    return 0;
  reader->position += sizeof (guint16);
  return (guint16) (bytes[0] | bytes[1] << 8);
}

static inline guint32
roll_reader_u32 (RollReader *reader)
{
  const guint8 *bytes = reader->data + reader->position;

  if (!roll_reader_has (reader, sizeof (guint32)))
    return 0;
  reader->position += sizeof (guint32);
  return bytes[0] | (guint32) bytes[1] << 8 | (guint32) bytes[2] << 16 | (guint32) bytes[3] << 24;
}

guint64 roll_reader_u64 (RollReader *reader);

/* A count or length that must not be more than @maximum; 0 on failure. */
guint32 roll_reader_u32_at_most (RollReader *reader, guint32 maximum, const char *problem);

/* Returns: (transfer none) (nullable): @length bytes in place; NULL on failure; not NULL for length 0 */
const guint8 *roll_reader_bytes (RollReader *reader, gsize length);
gboolean roll_reader_copy (RollReader *reader, void *ret_bytes, gsize length); /* zeroes on failure */
void roll_reader_skip (RollReader *reader, gsize length);

/* Skips to the next multiple of @alignment (a power of two), counted from the start of the reader's bytes. */
void roll_reader_align (RollReader *reader, gsize alignment);
void roll_reader_seek (RollReader *reader, gsize position);

/* Takes @length bytes out as a reader of their own, aligned to its own start; an empty, failed one on failure. */
RollReader roll_reader_sub (RollReader *reader, gsize length);

G_END_DECLS
