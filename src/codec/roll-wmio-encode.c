/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-wmio-encode.h"

#include <string.h>

#include "codec/roll-utf16.h"

#define SIGNATURE 0x12345678
#define STRING_COMPRESSED 0
#define STRING_UTF16 1
#define PROPERTY_QUALIFIERS_NONE 1
#define SLACK 32

/* --- Parts and heaps ----------------------------------------------------------------------------------------------- */

gsize
roll_wmio_begin_part (RollWriter *writer)
{
  return roll_writer_reserve (writer, sizeof (guint32));
}

void
roll_wmio_end_part (RollWriter *writer, gsize start)
{
  roll_writer_set_u32 (writer, start, (guint32) (writer->length - start));
}

void
roll_wmio_put_heap (RollWriter *writer, const RollWriter *heap)
{
  roll_writer_u32 (writer, (guint32) heap->length | HEAP_DICTIONARY);
  roll_writer_bytes (writer, heap->data, heap->length);
  if (!roll_writer_ok (heap))
    writer->overflowed = TRUE;
}

void
roll_wmio_set_nd (RollWriter *writer, gsize table, guint order, guint nd)
{
  if (roll_writer_ok (writer))
    writer->data[table + order / 4] |= (guint8) (nd << (order % 4 * 2));
}

/* --- Strings ------------------------------------------------------------------------------------------------------- */

/* Compressed is a string without characters past U+00FF. */
static gboolean
is_narrow (const char *text)
{
  for (; *text != '\0'; text = g_utf8_next_char (text))
    if (g_utf8_get_char (text) > 0xff)
      return FALSE;
  return TRUE;
}

void
roll_wmio_put_string (RollWriter *writer, const char *text)
{
  gsize plain = 0;

  while (text[plain] != '\0' && (text[plain] & 0x80) == 0)
    plain++;
  if (is_narrow (text + plain))
    {
      roll_writer_u8 (writer, STRING_COMPRESSED);
      roll_writer_bytes (writer, text, plain);
      for (text += plain; *text != '\0'; text = g_utf8_next_char (text))
        roll_writer_u8 (writer, (guint8) g_utf8_get_char (text));
      roll_writer_u8 (writer, 0);
    }
  else
    {
      roll_writer_u8 (writer, STRING_UTF16);
      roll_writer_utf16 (writer, text);
      roll_writer_u16 (writer, 0);
    }
}

guint32
roll_wmio_put_name (RollWriter *heap, const char *name)
{
  int word = roll_wmio_dictionary_find (name);
  guint32 offset = (guint32) heap->length;

  if (word >= 0)
    return HEAP_DICTIONARY | (guint32) word;
  roll_wmio_put_string (heap, name);
  return offset;
}

/* --- Values -------------------------------------------------------------------------------------------------------- */

/* What text and object refer to, put into the heap; Windows does not look into the dictionary for a value. */
static guint32
put_referred (RollWriter *heap, const RollCimValue *value)
{
  guint32 offset = (guint32) heap->length;

  if (value->null)
    return HEAP_NOTHING;
  if (roll_cim_type_get_kind (value->type) == ROLL_CIM_KIND_TEXT)
    roll_wmio_put_string (heap, value->text);
  else
    {
      roll_writer_reserve (heap, sizeof (guint32));
      roll_wmio_put_block (heap, value->object, FALSE);
      roll_writer_set_u32 (heap, offset, (guint32) (heap->length - offset - sizeof (guint32)));
    }
  return offset;
}

static guint32
put_array (RollWriter *heap, const RollCimArray *array, guint16 item_type)
{
  guint32 offset = (guint32) heap->length;
  RollCimKind kind = roll_cim_type_get_kind (item_type);
  gsize items;

  roll_writer_u32 (heap, array->n);
  if (kind == ROLL_CIM_KIND_TEXT || kind == ROLL_CIM_KIND_OBJECT)
    {
      items = roll_writer_reserve (heap, array->n * sizeof (guint32));
      for (guint i = 0; i < array->n; i++)
        roll_writer_set_u32 (heap, items + i * sizeof (guint32), put_referred (heap, &array->items[i]));
    }
  else
    for (guint i = 0; i < array->n; i++)
      roll_wmio_put_value (heap, heap, &array->items[i]);
  return offset;
}

static void
put_real (RollWriter *writer, guint16 type, double real)
{
  float narrow = (float) real;
  guint32 half;
  guint64 bits;

  memcpy (&half, &narrow, sizeof half);
  memcpy (&bits, &real, sizeof bits);
  if (type == ROLL_CIM_REAL32)
    roll_writer_u32 (writer, half);
  else
    roll_writer_u64 (writer, bits);
}

static void
put_integer (RollWriter *writer, const RollCimValue *value)
{
  guint64 number = value->uint;

  if (value->type == ROLL_CIM_BOOLEAN)
    number = value->sint != 0 ? 0xffff : 0;
  switch (roll_wmio_value_size (value->type))
    {
    case 1:
      roll_writer_u8 (writer, (guint8) number);
      break;
    case 2:
      roll_writer_u16 (writer, (guint16) number);
      break;
    case 4:
      roll_writer_u32 (writer, (guint32) number);
      break;
    default:
      roll_writer_u64 (writer, number);
    }
}

void
roll_wmio_put_value (RollWriter *writer, RollWriter *heap, const RollCimValue *value)
{
  RollCimKind kind = roll_cim_type_get_kind (value->type);

  if (value->null)
    for (gsize i = 0; i < roll_wmio_value_size (value->type); i++)
      roll_writer_u8 (writer, 0xff);
  else if (kind == ROLL_CIM_KIND_ARRAY)
    roll_writer_u32 (writer, put_array (heap, value->array, value->type & ~ROLL_CIM_ARRAY));
  else if (kind == ROLL_CIM_KIND_TEXT || kind == ROLL_CIM_KIND_OBJECT)
    roll_writer_u32 (writer, put_referred (heap, value));
  else if (kind == ROLL_CIM_KIND_REAL)
    put_real (writer, value->type, value->real);
  else
    put_integer (writer, value);
}

/* --- Objects ------------------------------------------------------------------------------------------------------- */

/* Windows leaves room behind the heap of an instance that was filled in: when something does not fit, it takes as much
 * again as the heap holds, and a little. Method parameters made here look the same. */
static gsize
slack_after (gsize slack, gsize heap_before, gsize heap_after)
{
  gsize needed = heap_after - heap_before;

  return needed <= slack ? slack - needed : heap_before + SLACK;
}

/* @table: where it stands in @writer */
static gsize
put_instance_value (RollWriter *writer, gsize table, RollWriter *heap, const RollWmiObject *object, guint property,
                    gsize slack)
{
  guint8 room[sizeof (guint64)]; /* the longest that stands in a table: it never grows */
  RollWriter encoded = { .data = room, .capacity = sizeof room, .maximum = sizeof room };
  const RollWmiProperty *declared = &object->klass->properties[property];
  const RollCimValue *value = &object->values[property];
  gsize heap_before = heap->length;
  guint nd = 0;

  if (value->type == ROLL_CIM_NONE)
    nd = ND_DEFAULT | (declared->default_value.null ? ND_NULL : 0);
  else if (value->null)
    nd = ND_NULL;
  roll_wmio_set_nd (writer, table, declared->declaration_order, nd);
  if (nd != 0)
    return slack;
  roll_wmio_put_value (&encoded, heap, value);
  roll_writer_set_bytes (writer, table + roll_wmio_nd_length (object->klass->n_properties) + declared->offset,
                         encoded.data, encoded.length);
  return slack_after (slack, heap_before, heap->length);
}

static void
put_instance (RollWriter *writer, const RollWmiObject *object)
{
  const RollWmiClass *klass = object->klass;
  gsize start = roll_wmio_begin_part (writer);
  g_auto (RollWriter) heap = { 0 };
  gsize table, slack = 0;

  roll_writer_init (&heap, writer->maximum);
  roll_writer_u8 (writer, 0);
  roll_writer_u32 (writer, roll_wmio_put_name (&heap, klass->name));
  table = roll_writer_reserve (writer, klass->table_length);
  for (guint i = 0; i < klass->n_properties; i++)
    slack = put_instance_value (writer, table, &heap, object, i, slack);
  roll_writer_u32 (writer, sizeof (guint32)); /* no qualifiers */
  roll_writer_u8 (writer, PROPERTY_QUALIFIERS_NONE);
  roll_wmio_put_heap (writer, &heap);
  roll_writer_zeros (writer, slack);
  roll_wmio_end_part (writer, start);
}

void
roll_wmio_put_block (RollWriter *writer, const RollWmiObject *object, gboolean without_class)
{
  gboolean decorated = object->server != NULL;

  roll_writer_u8 (writer, object->flags | (object->instance ? OBJECT_FLAG_INSTANCE : OBJECT_FLAG_CLASS)
                              | (decorated ? OBJECT_FLAG_DECORATED : 0));
  if (decorated)
    {
      roll_wmio_put_string (writer, object->server);
      roll_wmio_put_string (writer, object->namespace_);
    }
  if (!object->instance)
    roll_wmio_put_class_type (writer, object->klass);
  else
    {
      if (!without_class)
        roll_wmio_put_class_part (writer, object->klass);
      put_instance (writer, object);
    }
}

void
roll_wmio_encode (RollWriter *writer, const RollWmiObject *object)
{
  gsize length;

  roll_writer_u32 (writer, SIGNATURE);
  length = roll_writer_reserve (writer, sizeof (guint32));
  roll_wmio_put_block (writer, object, FALSE);
  roll_writer_set_u32 (writer, length, (guint32) (writer->length - length - sizeof (guint32)));
}
