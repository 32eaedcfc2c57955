/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-ndr.h"

#include "codec/roll-utf16.h"

#define BSTR_REFERENT 0x72657355u /* "User" */
#define BSTR_NULL 0xffffffffu

#define SERIALIZED_VERSION 1
#define SERIALIZED_LITTLE_ENDIAN 0x10
#define SERIALIZED_HEADER 8
#define SERIALIZED_FILLER 0xccccccccu

guint16
roll_ndr_u16 (RollReader *reader)
{
  roll_reader_align (reader, 2);
  return roll_reader_u16 (reader);
}

guint32
roll_ndr_u32 (RollReader *reader)
{
  roll_reader_align (reader, 4);
  return roll_reader_u32 (reader);
}

guint64
roll_ndr_u64 (RollReader *reader)
{
  roll_reader_align (reader, 8);
  return roll_reader_u64 (reader);
}

gboolean
roll_ndr_pointer (RollReader *reader)
{
  return roll_ndr_u32 (reader) != ROLL_NDR_NULL;
}

void
roll_ndr_put_u32 (RollWriter *writer, guint32 value)
{
  roll_writer_align (writer, 4);
  roll_writer_u32 (writer, value);
}

void
roll_ndr_put_u64 (RollWriter *writer, guint64 value)
{
  roll_writer_align (writer, 8);
  roll_writer_u64 (writer, value);
}

gboolean
roll_ndr_conformance (RollReader *reader, guint32 count)
{
  guint32 maximum = roll_ndr_u32 (reader);

  return roll_reader_require (reader, maximum == count, "two counts of one array differ");
}

const guint8 *
roll_ndr_interface (RollReader *reader, gsize *ret_length)
{
  guint32 maximum = roll_ndr_u32 (reader);
  guint32 length = roll_reader_u32 (reader);
  const guint8 *bytes;

  roll_reader_require (reader, length == maximum, "two counts of one array differ");
  bytes = roll_reader_bytes (reader, length);
  *ret_length = bytes != NULL ? length : 0;
  return bytes;
}

void
roll_ndr_skip_interface (RollReader *reader)
{
  gsize length;

  if (roll_ndr_pointer (reader))
    roll_ndr_interface (reader, &length);
}

/* --- Texts ------------------------------------------------------------------------------------------------------ */

/* @units of UTF-16, up to a terminator if there is one. */
static char *
read_units (RollReader *reader, guint32 units)
{
  const guint8 *bytes = roll_reader_bytes (reader, (gsize) units * 2);
  gsize length = 0;

  if (bytes == NULL)
    return NULL;
  while (length < units && (bytes[2 * length] != 0 || bytes[2 * length + 1] != 0))
    length++;
  return roll_utf16_decode (bytes, 2 * length);
}

char *
roll_ndr_text (RollReader *reader)
{
  guint32 maximum, offset, actual;

  if (!roll_ndr_pointer (reader))
    return NULL;
  maximum = roll_reader_u32 (reader);
  offset = roll_reader_u32 (reader);
  actual = roll_reader_u32 (reader);
  if (!roll_reader_require (reader, offset == 0 && actual <= maximum, "a text is longer than its array"))
    return NULL;
  return read_units (reader, actual);
}

/* Of the text put from @start on. */
static guint32
units_since (const RollWriter *writer, gsize start)
{
  return (guint32) ((writer->length - start) / 2);
}

void
roll_ndr_put_text (RollWriter *writer, const char *text)
{
  gsize counts, start;
  guint32 units;

  roll_ndr_put_u32 (writer, ROLL_NDR_REFERENT (0));
  counts = roll_writer_reserve (writer, 12);
  start = writer->length;
  roll_writer_utf16 (writer, text);
  roll_writer_u16 (writer, 0);
  units = units_since (writer, start);
  roll_writer_set_u32 (writer, counts, units);
  roll_writer_set_u32 (writer, counts + 4, 0);
  roll_writer_set_u32 (writer, counts + 8, units);
}

char *
roll_ndr_bstr (RollReader *reader)
{
  guint32 maximum, bytes, units;

  if (!roll_ndr_pointer (reader))
    return NULL;
  maximum = roll_reader_u32 (reader);
  bytes = roll_reader_u32 (reader);
  units = roll_reader_u32 (reader);
  if (!roll_reader_require (reader, maximum == units, "two counts of one array differ"))
    return NULL;
  if (bytes == BSTR_NULL && units == 0)
    return NULL;
  if (!roll_reader_require (reader, bytes / 2 + bytes % 2 == units, "a BSTR has two lengths"))
    return NULL;
  return read_units (reader, units);
}

void
roll_ndr_put_bstr (RollWriter *writer, const char *text)
{
  gsize counts, start;
  guint32 units;

  roll_ndr_put_u32 (writer, BSTR_REFERENT);
  counts = roll_writer_reserve (writer, 12);
  start = writer->length;
  if (text != NULL)
    roll_writer_utf16 (writer, text);
  units = units_since (writer, start);
  roll_writer_set_u32 (writer, counts, units);
  roll_writer_set_u32 (writer, counts + 4, text != NULL ? 2 * units : BSTR_NULL);
  roll_writer_set_u32 (writer, counts + 8, units);
}

/* --- Type serialization ----------------------------------------------------------------------------------------- */

RollReader
roll_ndr_serialized (RollReader *reader)
{
  guint8 version = roll_reader_u8 (reader);
  guint8 endianness = roll_reader_u8 (reader);
  guint16 header = roll_reader_u16 (reader);
  guint32 length;

  roll_reader_skip (reader, 4);
  length = roll_reader_u32 (reader);
  roll_reader_skip (reader, 4);
  roll_reader_require (reader, version == SERIALIZED_VERSION && header == SERIALIZED_HEADER,
                       "an unknown version of type serialization");
  roll_reader_require (reader, endianness == SERIALIZED_LITTLE_ENDIAN, "a serialized value is not little-endian");
  return roll_reader_sub (reader, length);
}

gsize
roll_ndr_put_serialized (RollWriter *writer, RollWriter *body)
{
  gsize start = writer->length;

  roll_writer_align (body, 8);
  roll_writer_u8 (writer, SERIALIZED_VERSION);
  roll_writer_u8 (writer, SERIALIZED_LITTLE_ENDIAN);
  roll_writer_u16 (writer, SERIALIZED_HEADER);
  roll_writer_u32 (writer, SERIALIZED_FILLER);
  roll_writer_u32 (writer, (guint32) body->length);
  roll_writer_u32 (writer, 0);
  roll_writer_bytes (writer, body->data, body->length);
  return writer->length - start;
}
