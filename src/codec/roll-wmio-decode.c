/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-wmio-decode.h"

#include <string.h>

#include "codec/roll-utf16.h"

#define SIGNATURE 0x12345678
#define STRING_COMPRESSED 0
#define STRING_UTF16 1
#define STRING_OVERHEAD 32
#define HEAP_LENGTH_MASK 0x7fffffffu
#define PROPERTY_QUALIFIERS_NONE 1
#define PROPERTY_QUALIFIERS_PRESENT 2

gboolean
roll_wmio_charge (RollWmioDecode *decode, RollReader *reader, gsize n, gsize size)
{
  if (!roll_reader_require (reader, n <= decode->budget / size, "becomes too much for what it is made of"))
    return FALSE;
  decode->budget -= n * size;
  return TRUE;
}

/* --- Parts and heaps ----------------------------------------------------------------------------------------------- */

RollReader
roll_wmio_read_part (RollReader *reader)
{
  guint32 length = roll_reader_u32 (reader);

  roll_reader_require (reader, length >= sizeof length, "a part is shorter than its length");
  return roll_reader_sub (reader, length - sizeof length);
}

RollReader
roll_wmio_read_heap (RollReader *reader)
{
  return roll_reader_sub (reader, roll_reader_u32 (reader) & HEAP_LENGTH_MASK);
}

RollReader
roll_wmio_heap_at (RollReader *reader, const RollReader *heap, guint32 offset)
{
  RollReader item = *heap;

  roll_reader_require (&item, roll_reader_ok (reader), reader->problem);
  roll_reader_seek (&item, offset);
  roll_reader_require (reader, roll_reader_ok (&item), item.problem);
  return item;
}

/* --- Strings ------------------------------------------------------------------------------------------------------- */

/* Characters up to U+00FF, a byte each. */
static char *
widen (const guint8 *bytes, gsize length)
{
  GString *text = g_string_sized_new (length);

  for (gsize i = 0; i < length; i++)
    g_string_append_unichar (text, bytes[i]);
  return g_string_free (text, FALSE);
}

static gboolean
is_ascii (const guint8 *bytes, gsize length)
{
  guint8 all = 0;

  for (gsize i = 0; i < length; i++)
    all |= bytes[i];
  return all < 0x80;
}

static char *
read_compressed (RollWmioDecode *decode, RollReader *reader)
{
  const guint8 *bytes = reader->data + reader->position;
  const guint8 *end = memchr (bytes, 0, roll_reader_left (reader));
  gsize length = end != NULL ? (gsize) (end - bytes) : 0;

  if (!roll_reader_require (reader, end != NULL, "a string has no end")
      || !roll_wmio_charge (decode, reader, 2 * length + STRING_OVERHEAD, 1))
    return g_strdup ("");
  roll_reader_skip (reader, length + 1);
  return is_ascii (bytes, length) ? g_strndup ((const char *) bytes, length) : widen (bytes, length);
}

static char *
read_utf16 (RollWmioDecode *decode, RollReader *reader)
{
  const guint8 *bytes = reader->data + reader->position;
  gsize left = roll_reader_left (reader);
  gsize length = 0;

  while (left - length >= 2 && (bytes[length] != 0 || bytes[length + 1] != 0))
    length += 2;
  if (!roll_reader_require (reader, left - length >= 2, "a string has no end")
      || !roll_wmio_charge (decode, reader, 2 * length + STRING_OVERHEAD, 1))
    return g_strdup ("");
  roll_reader_skip (reader, length + 2);
  return roll_utf16_decode (bytes, length);
}

char *
roll_wmio_read_string (RollWmioDecode *decode, RollReader *reader)
{
  guint8 flag = roll_reader_u8 (reader);

  if (!roll_reader_require (reader, flag <= STRING_UTF16, "a string is in an unknown encoding"))
    return g_strdup ("");
  return flag == STRING_COMPRESSED ? read_compressed (decode, reader) : read_utf16 (decode, reader);
}

char *
roll_wmio_read_text (RollWmioDecode *decode, RollReader *reader, const RollReader *heap)
{
  guint32 offset = roll_reader_u32 (reader);
  const char *word;
  RollReader item;
  char *text;

  if (!roll_reader_ok (reader) || offset == HEAP_NOTHING)
    return NULL;
  if ((offset & HEAP_DICTIONARY) != 0)
    {
      word = roll_wmio_dictionary (offset & ~HEAP_DICTIONARY);
      return roll_reader_require (reader, word != NULL, "no such word in the dictionary")
                 && roll_wmio_charge (decode, reader, STRING_OVERHEAD, 1)
               ? g_strdup (word) : NULL;
    }
  item = roll_wmio_heap_at (reader, heap, offset);
  text = roll_wmio_read_string (decode, &item);
  roll_reader_require (reader, roll_reader_ok (&item), item.problem);
  return text;
}

static void
skip_string (RollReader *reader)
{
  guint8 flag = roll_reader_u8 (reader);
  gsize left = roll_reader_left (reader), unit = flag == STRING_UTF16 ? 2 : 1, length = 0;
  const guint8 *bytes = reader->data + reader->position;

  roll_reader_require (reader, flag <= STRING_UTF16, "a string is in an unknown encoding");
  while (left - length >= unit && (bytes[length] != 0 || bytes[length + unit - 1] != 0))
    length += unit;
  roll_reader_require (reader, left - length >= unit, "a string has no end");
}

void
roll_wmio_skip_text (RollReader *reader, const RollReader *heap)
{
  guint32 offset = roll_reader_u32 (reader);
  RollReader item;

  if (!roll_reader_ok (reader) || offset == HEAP_NOTHING)
    return;
  if ((offset & HEAP_DICTIONARY) != 0)
    {
      roll_reader_require (reader, roll_wmio_dictionary (offset & ~HEAP_DICTIONARY) != NULL, "no such word in the dictionary");
      return;
    }
  item = roll_wmio_heap_at (reader, heap, offset);
  skip_string (&item);
  roll_reader_require (reader, roll_reader_ok (&item), item.problem);
}

char *
roll_wmio_read_name (RollWmioDecode *decode, RollReader *reader, const RollReader *heap)
{
  char *name = roll_wmio_read_text (decode, reader, heap);

  return name != NULL ? name : g_strdup ("");
}

guint
roll_wmio_read_nd (const RollReader *table, guint order)
{
  RollReader reader = *table;

  roll_reader_seek (&reader, order / 4);
  return (guint) roll_reader_u8 (&reader) >> (order % 4 * 2) & (ND_NULL | ND_DEFAULT);
}

/* --- Values -------------------------------------------------------------------------------------------------------- */

static RollWmiObject *
read_embedded (RollWmioDecode *decode, RollReader *reader, const RollReader *heap, guint32 offset)
{
  RollReader item = roll_wmio_heap_at (reader, heap, offset);
  RollReader block = roll_reader_sub (&item, roll_reader_u32 (&item));
  RollWmiObject *object = roll_wmio_read_block (decode, &block, NULL);

  roll_reader_require (reader, object != NULL, block.problem);
  return object;
}

static RollCimArray *
read_array (RollWmioDecode *decode, RollReader *reader, const RollReader *heap, guint32 offset, guint16 item_type)
{
  RollReader item = roll_wmio_heap_at (reader, heap, offset);
  guint32 n = roll_reader_u32 (&item);
  RollCimArray *array;

  roll_reader_require (&item, n <= roll_reader_left (&item) / roll_wmio_value_size (item_type),
                       "an array is longer than its heap");
  if (!roll_reader_require (reader, roll_reader_ok (&item), item.problem)
      || !roll_wmio_charge (decode, reader, n + 2, sizeof (RollCimValue)))
    return NULL;
  array = g_new0 (RollCimArray, 1);
  array->n = n;
  array->items = g_new0 (RollCimValue, n);
  for (guint32 i = 0; i < n && roll_reader_ok (&item); i++)
    roll_wmio_read_value (decode, &item, heap, item_type, &array->items[i]);
  roll_reader_require (reader, roll_reader_ok (&item), item.problem);
  return array;
}

static double
real_of (guint64 bits, gboolean single)
{
  guint32 half = (guint32) bits;
  float narrow;
  double wide;

  memcpy (&wide, &bits, sizeof wide);
  memcpy (&narrow, &half, sizeof narrow);
  return single ? (double) narrow : wide;
}

/* What stands in place; FALSE for what is a reference. */
static gboolean
read_inline (RollReader *reader, RollCimValue *value)
{
  switch (value->type)
    {
    case ROLL_CIM_SINT8:
      value->sint = (gint8) roll_reader_u8 (reader);
      return TRUE;
    case ROLL_CIM_UINT8:
      value->uint = roll_reader_u8 (reader);
      return TRUE;
    case ROLL_CIM_SINT16:
      value->sint = (gint16) roll_reader_u16 (reader);
      return TRUE;
    case ROLL_CIM_UINT16:
    case ROLL_CIM_CHAR16:
      value->uint = roll_reader_u16 (reader);
      return TRUE;
    case ROLL_CIM_BOOLEAN:
      value->sint = roll_reader_u16 (reader) != 0;
      return TRUE;
    case ROLL_CIM_SINT32:
      value->sint = (gint32) roll_reader_u32 (reader);
      return TRUE;
    case ROLL_CIM_UINT32:
      value->uint = roll_reader_u32 (reader);
      return TRUE;
    case ROLL_CIM_SINT64:
    case ROLL_CIM_UINT64:
      value->uint = roll_reader_u64 (reader);
      return TRUE;
    case ROLL_CIM_REAL32:
      value->real = real_of (roll_reader_u32 (reader), TRUE);
      return TRUE;
    case ROLL_CIM_REAL64:
      value->real = real_of (roll_reader_u64 (reader), FALSE);
      return TRUE;
    default:
      return FALSE;
    }
}

void
roll_wmio_read_value (RollWmioDecode *decode, RollReader *reader, const RollReader *heap, guint16 type,
                      RollCimValue *ret_value)
{
  RollCimValue value = { .type = type };
  RollCimKind kind = roll_cim_type_get_kind (type);
  guint32 offset;

  *ret_value = (RollCimValue) { .type = type, .null = TRUE };
  if (!read_inline (reader, &value))
    {
      if (kind == ROLL_CIM_KIND_TEXT)
        value.text = roll_wmio_read_text (decode, reader, heap);
      else if (roll_reader_require (reader, kind != ROLL_CIM_KIND_NONE, "a value is of no known type"))
        {
          offset = roll_reader_u32 (reader);
          if (offset != HEAP_NOTHING && roll_reader_ok (reader) && kind == ROLL_CIM_KIND_ARRAY)
            value.array = read_array (decode, reader, heap, offset, type & ~ROLL_CIM_ARRAY);
          else if (offset != HEAP_NOTHING && roll_reader_ok (reader))
            value.object = read_embedded (decode, reader, heap, offset);
        }
      value.null = value.text == NULL; /* the pointers share their place */
    }
  if (roll_reader_ok (reader))
    *ret_value = value;
  else
    roll_cim_value_clear (&value);
}

/* --- Objects ------------------------------------------------------------------------------------------------------- */

static void
read_instance_value (RollWmioDecode *decode, RollReader *reader, RollWmiObject *object, guint index,
                     const RollReader *table, const RollReader *heap)
{
  const RollWmiClass *klass = object->klass;
  const RollWmiProperty *property = &klass->properties[index];
  guint nd = roll_wmio_read_nd (table, property->declaration_order);
  RollReader position = *table;

  if ((nd & ND_DEFAULT) != 0 && (nd & ND_NULL) <= (property->default_value.null ? 1u : 0u))
    return;
  object->values[index] = (RollCimValue) { .type = property->type, .null = TRUE };
  if ((nd & ND_NULL) != 0)
    return;
  roll_reader_seek (&position, roll_wmio_nd_length (klass->n_properties) + property->offset);
  roll_wmio_read_value (decode, &position, heap, property->type, &object->values[index]);
  roll_reader_require (reader, roll_reader_ok (&position), position.problem);
}

/* Qualifiers of an instance say nothing that is asked for; they are passed over. */
static void
skip_instance_qualifiers (RollReader *part, guint n_properties)
{
  guint8 flag;

  roll_wmio_read_part (part);
  flag = roll_reader_u8 (part);
  roll_reader_require (part, flag == PROPERTY_QUALIFIERS_NONE || flag == PROPERTY_QUALIFIERS_PRESENT,
                       "an instance says neither that it has qualifiers nor that it has none");
  for (guint i = 0; flag == PROPERTY_QUALIFIERS_PRESENT && i < n_properties && roll_reader_ok (part); i++)
    roll_wmio_read_part (part);
}

/* @klass: (transfer full) */
static RollWmiObject *
read_instance (RollWmioDecode *decode, RollReader *reader, RollWmiClass *klass)
{
  RollReader part = roll_wmio_read_part (reader);
  g_autoptr (RollWmiObject) object = NULL;
  RollReader name_ref, table, heap;

  if (!roll_wmio_charge (decode, &part, klass->n_properties, sizeof (RollCimValue)))
    {
      roll_wmi_class_unref (klass);
      roll_reader_fail (reader, part.problem);
      return NULL;
    }
  object = roll_wmi_object_alloc (klass, TRUE);
  roll_reader_skip (&part, 1);
  name_ref = roll_reader_sub (&part, sizeof (guint32));
  table = roll_reader_sub (&part, klass->table_length);
  skip_instance_qualifiers (&part, klass->n_properties);
  heap = roll_wmio_read_heap (&part);
  roll_reader_require (&part, roll_reader_ok (&name_ref), name_ref.problem);
  if (roll_reader_ok (&part))
    roll_wmio_skip_text (&name_ref, &heap); /* of the class, once more */
  roll_reader_require (&part, roll_reader_ok (&name_ref), name_ref.problem);
  for (guint i = 0; i < klass->n_properties && roll_reader_ok (&part); i++)
    read_instance_value (decode, &part, object, i, &table, &heap);
  roll_reader_require (reader, roll_reader_ok (&part), part.problem);
  return roll_reader_ok (reader) ? g_steal_pointer (&object) : NULL;
}

/* Every byte is compared: reading them once more would come to the same. Not for what is embedded, whose depth is another. */
static RollWmiClass *
take_known (RollWmioDecode *decode, RollReader *reader)
{
  const guint8 *bytes;
  gsize length;

  if (decode->known == NULL || decode->known->class_part == NULL || decode->depth != 1)
    return NULL;
  bytes = g_bytes_get_data (decode->known->class_part, &length);
  if (length > roll_reader_left (reader) || memcmp (reader->data + reader->position, bytes, length) != 0)
    return NULL;
  roll_reader_skip (reader, length);
  return roll_wmi_class_ref (decode->known);
}

/* The same for what another answer brought. */
static RollWmiClass *
take_cached (RollWmioDecode *decode, RollReader *reader)
{
  RollReader behind = *reader;
  RollWmiClass *klass;

  if (decode->cache == NULL || decode->depth != 1)
    return NULL;
  roll_wmio_read_part (&behind);
  if (!roll_reader_ok (&behind))
    return NULL;
  klass = roll_wmi_class_cache_look_up (decode->cache, reader->data + reader->position,
                                        behind.position - reader->position);
  if (klass != NULL)
    *reader = behind;
  return klass;
}

static RollWmiClass *
read_class_of_instance (RollWmioDecode *decode, RollReader *reader)
{
  RollWmiClass *klass = take_known (decode, reader);

  if (klass == NULL)
    klass = take_cached (decode, reader);
  if (klass != NULL)
    return klass;
  klass = roll_wmio_read_class_part (decode, reader);
  if (decode->cache != NULL && decode->depth == 1 && roll_reader_ok (reader))
    roll_wmi_class_cache_add (decode->cache, klass);
  return klass;
}

static RollWmiObject *
read_encoding (RollWmioDecode *decode, RollReader *reader, gboolean instance, RollWmiClass *klass)
{
  if (!instance)
    return roll_wmi_object_alloc (roll_wmio_read_class_type (decode, reader), FALSE);
  klass = klass != NULL ? roll_wmi_class_ref (klass) : read_class_of_instance (decode, reader);
  if (roll_reader_ok (reader))
    return read_instance (decode, reader, klass);
  roll_wmi_class_unref (klass);
  return NULL;
}

/* The objects of an answer name the same server and namespace, each of them. */
static GRefString *
read_decoration (RollWmioDecode *decode, RollReader *reader, GRefString *before)
{
  gsize length = before != NULL ? strlen (before) : 0;
  const guint8 *bytes = reader->data + reader->position;
  g_autofree char *text = NULL;

  if (length > 0 && roll_reader_left (reader) > length + 1 && bytes[0] == STRING_COMPRESSED
      && memcmp (bytes + 1, before, length + 1) == 0 && is_ascii (bytes + 1, length))
    {
      roll_reader_skip (reader, length + 2);
      return g_ref_string_acquire (before);
    }
  text = roll_wmio_read_string (decode, reader);
  return g_ref_string_new (text);
}

RollWmiObject *
roll_wmio_read_block (RollWmioDecode *decode, RollReader *reader, RollWmiClass *klass)
{
  guint8 flags = roll_reader_u8 (reader);
  gboolean instance = (flags & OBJECT_FLAG_INSTANCE) != 0;
  const RollWmiObject *before = decode->before;
  g_autoptr (GRefString) server = NULL;
  g_autoptr (GRefString) namespace_ = NULL;
  g_autoptr (RollWmiObject) object = NULL;

  roll_reader_require (reader, instance != ((flags & OBJECT_FLAG_CLASS) != 0), "neither a class nor an instance");
  roll_reader_require (reader, instance || klass == NULL, "a class in the place of an instance");
  roll_reader_require (reader, decode->depth < ROLL_WMIO_MAX_DEPTH, "objects stand too deep in objects");
  roll_wmio_charge (decode, reader, 1, sizeof *object);
  if (roll_reader_ok (reader) && (flags & OBJECT_FLAG_DECORATED) != 0)
    {
      server = read_decoration (decode, reader, before != NULL ? before->server : NULL);
      namespace_ = read_decoration (decode, reader, before != NULL ? before->namespace_ : NULL);
    }
  if (!roll_reader_ok (reader))
    return NULL;
  decode->depth++;
  object = read_encoding (decode, reader, instance, klass);
  decode->depth--;
  if (object == NULL || !roll_reader_ok (reader))
    return NULL;
  object->flags = flags & ~(OBJECT_FLAG_CLASS | OBJECT_FLAG_INSTANCE | OBJECT_FLAG_DECORATED);
  object->server = g_steal_pointer (&server);
  object->namespace_ = g_steal_pointer (&namespace_);
  return g_steal_pointer (&object);
}

RollWmiObject *
roll_wmio_decode (const void *bytes, gsize length, const char **ret_problem)
{
  return roll_wmio_decode_known (bytes, length, NULL, NULL, ret_problem);
}

RollWmiObject *
roll_wmio_decode_known (const void *bytes, gsize length, RollWmiClass *known, RollWmiClassCache *cache,
                        const char **ret_problem)
{
  RollWmioDecode decode = roll_wmio_decode_begin (length);
  RollWmiObject *object;
  RollReader reader, block;

  decode.known = known;
  decode.cache = cache;
  roll_reader_init (&reader, bytes, length);
  roll_reader_require (&reader, roll_reader_u32 (&reader) == SIGNATURE, "no object begins here");
  block = roll_reader_sub (&reader, roll_reader_u32 (&reader));
  object = roll_wmio_read_block (&decode, &block, NULL);
  if (object == NULL && ret_problem != NULL)
    *ret_problem = block.problem;
  return object;
}
