/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RollWriter: the only way bytes for the network are made. Little-endian, growing, with a maximum and a sticky error: past
 * the maximum nothing is written any more and roll_writer_ok() says so. Free with roll_writer_clear().
 */
typedef struct
{
  guint8 *data;
  gsize length;
  gsize capacity;
  gsize maximum;
  gboolean overflowed;
} RollWriter;

void roll_writer_init (RollWriter *writer, gsize maximum);
void roll_writer_clear (RollWriter *writer); /* wipes what was written: it may hold key material */
void roll_writer_reset (RollWriter *writer); /* the same, but what room there is stays */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RollWriter, roll_writer_clear)

static inline gboolean
roll_writer_ok (const RollWriter *writer)
{
  return !writer->overflowed;
}

void roll_writer_bytes (RollWriter *writer, const void *bytes, gsize length);

static inline void
roll_writer_u8 (RollWriter *writer, guint8 value)
{
  if (G_LIKELY (writer->length < writer->capacity && writer->length < writer->maximum && !writer->overflowed))
    writer->data[writer->length++] = value;
  else
    roll_writer_bytes (writer, &value, sizeof value);
}

void roll_writer_u16 (RollWriter *writer, guint16 value);
void roll_writer_u32 (RollWriter *writer, guint32 value);
void roll_writer_u64 (RollWriter *writer, guint64 value);
void roll_writer_zeros (RollWriter *writer, gsize length);

/* Zeros up to the next multiple of @alignment (a power of two), counted from the start. */
void roll_writer_align (RollWriter *writer, gsize alignment);

/* Room for @length bytes to be filled in later. Returns: their position, for the functions below */
gsize roll_writer_reserve (RollWriter *writer, gsize length);
void roll_writer_set_u16 (RollWriter *writer, gsize position, guint16 value);
void roll_writer_set_u32 (RollWriter *writer, gsize position, guint32 value);
void roll_writer_set_bytes (RollWriter *writer, gsize position, const void *bytes, gsize length);

G_END_DECLS
