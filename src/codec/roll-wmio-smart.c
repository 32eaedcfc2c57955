/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-wmio-decode.h"

#include <string.h>

#include "codec/roll-uuid.h"
#include "codec/roll-wmio-encode.h"

/* ObjectArray, [MS-WMI] 2.2.14 */
#define MAGIC "WBEMDATA"
#define MAGIC_LENGTH 8
#define HEADER_LENGTH 26
#define VERSION 1
#define PACKET_NEXT 1 /* an answer to IWbemWCOSmartEnum::Next */
#define LENGTHS_LENGTH 8
#define OBJECTS_HEADER_LENGTH 12
#define OBJECT_HEADER_LENGTH 9
#define INSTANCE_HEADER_LENGTH 24
#define OBJECT_CLASS 1
#define OBJECT_INSTANCE 2
#define OBJECT_INSTANCE_NO_CLASS 3

/* What is remembered of one enumeration; as bytes, decoded they are some times that. */
#define MAX_CLASSES 256
#define MAX_CLASSES_LENGTH (2 << 20)

struct _RollSmartReader
{
  GHashTable *classes; /* RollUuid => RollWmiClass */
  gsize length;        /* of their ClassParts */
  RollWmiClassCache *cache; /* (nullable) */
};

static guint
uuid_hash (gconstpointer key)
{
  const RollUuid *uuid = key;
  guint hash;

  memcpy (&hash, uuid->bytes, sizeof hash);
  return hash;
}

static gboolean
uuid_equal (gconstpointer a, gconstpointer b)
{
  return roll_uuid_equal (a, b);
}

RollSmartReader *
roll_smart_reader_new (RollWmiClassCache *cache)
{
  RollSmartReader *self = g_new0 (RollSmartReader, 1);

  self->classes = g_hash_table_new_full (uuid_hash, uuid_equal, g_free, (GDestroyNotify) roll_wmi_class_unref);
  self->cache = cache;
  return self;
}

void
roll_smart_reader_free (RollSmartReader *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->classes);
  g_free (self);
}

static void
remember (RollSmartReader *self, RollReader *reader, const RollUuid *id, RollWmiClass *klass)
{
  const RollWmiClass *known = g_hash_table_lookup (self->classes, id);

  if (known != NULL)
    self->length -= g_bytes_get_size (known->class_part);
  self->length += g_bytes_get_size (klass->class_part);
  if (roll_reader_require (reader, (known != NULL || g_hash_table_size (self->classes) < MAX_CLASSES)
                                     && self->length <= MAX_CLASSES_LENGTH, "too many classes in one enumeration"))
    g_hash_table_replace (self->classes, g_memdup2 (id, sizeof *id), roll_wmi_class_ref (klass));
}

/* Of lengths that say what is known, none is taken on trust: the next part must begin where the last one ends. */
static RollReader
read_headed (RollReader *reader, guint32 header_length)
{
  guint32 length;

  roll_reader_require (reader, roll_reader_u32 (reader) == header_length, "a header of an unknown length");
  length = roll_reader_u32 (reader);
  roll_reader_require (reader, header_length >= LENGTHS_LENGTH, "a header of an unknown length");
  return roll_reader_sub (reader, header_length - LENGTHS_LENGTH + (gsize) length);
}

static RollWmiObject *
read_object (RollSmartReader *self, RollWmioDecode *decode, RollReader *reader)
{
  RollReader packet = read_headed (reader, OBJECT_HEADER_LENGTH);
  guint8 type = roll_reader_u8 (&packet);
  RollReader body;
  RollUuid id = { 0 };
  RollWmiClass *klass = NULL;
  RollWmiObject *object = NULL;

  roll_reader_require (&packet, type >= OBJECT_CLASS && type <= OBJECT_INSTANCE_NO_CLASS, "an unknown kind of object");
  body = read_headed (&packet, type == OBJECT_CLASS ? LENGTHS_LENGTH : INSTANCE_HEADER_LENGTH);
  if (type != OBJECT_CLASS)
    id = roll_reader_uuid (&body);
  if (type == OBJECT_INSTANCE_NO_CLASS)
    {
      klass = g_hash_table_lookup (self->classes, &id);
      roll_reader_require (&body, klass != NULL, "an instance of a class that did not come before");
    }
  if (roll_reader_ok (&body))
    object = roll_wmio_read_block (decode, &body, klass);
  if (object != NULL && type == OBJECT_INSTANCE && roll_wmi_object_is_instance (object))
    remember (self, &body, &id, object->klass);
  if (!roll_reader_require (reader, roll_reader_ok (&body), body.problem))
    g_clear_pointer (&object, roll_wmi_object_unref);
  return object;
}

gboolean
roll_smart_reader_decode (RollSmartReader *self, const void *bytes, gsize length, GPtrArray *ret_objects,
                          const char **ret_problem)
{
  RollWmioDecode decode = roll_wmio_decode_begin (length);
  g_autoptr (GPtrArray) objects = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_wmi_object_unref);
  RollReader reader, data, array;
  const guint8 *magic;
  guint32 n;

  decode.cache = self->cache;
  roll_reader_init (&reader, bytes, length);
  roll_reader_require (&reader, roll_reader_u32 (&reader) == 0, "not in little-endian order");
  magic = roll_reader_bytes (&reader, MAGIC_LENGTH);
  roll_reader_require (&reader, magic != NULL && memcmp (magic, MAGIC, MAGIC_LENGTH) == 0, "no objects begin here");
  roll_reader_require (&reader, roll_reader_u32 (&reader) == HEADER_LENGTH, "a header of an unknown length");
  roll_reader_skip (&reader, sizeof (guint32) * 2 + 2); /* length once more, flags, version, kind of packet */
  data = read_headed (&reader, LENGTHS_LENGTH);
  array = read_headed (&data, OBJECTS_HEADER_LENGTH);
  n = roll_reader_u32 (&array);
  for (guint32 i = 0; i < n && roll_reader_ok (&array); i++)
    {
      RollWmiObject *object = read_object (self, &decode, &array);

      if (object != NULL)
        {
          g_ptr_array_add (objects, object);
          decode.before = object;
        }
    }
  if (!roll_reader_ok (&array))
    {
      if (ret_problem != NULL)
        *ret_problem = array.problem;
      return FALSE;
    }
  g_ptr_array_extend_and_steal (ret_objects, g_steal_pointer (&objects));
  return TRUE;
}

/* --- The other side ------------------------------------------------------------------------------------------------ */

struct _RollSmartWriter
{
  GHashTable *classes; /* RollWmiClass, held => RollUuid */
  guint64 seed;
};

RollSmartWriter *
roll_smart_writer_new (guint64 seed)
{
  RollSmartWriter *self = g_new0 (RollSmartWriter, 1);

  self->classes = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) roll_wmi_class_unref, g_free);
  self->seed = seed;
  return self;
}

void
roll_smart_writer_free (RollSmartWriter *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->classes);
  g_free (self);
}

/* A random UUID's form, with the seed and how many there were before as its bits. */
static const RollUuid *
introduce (RollSmartWriter *self, RollWmiClass *klass)
{
  guint64 number = g_hash_table_size (self->classes);
  RollUuid *id = g_new (RollUuid, 1);

  for (guint i = 0; i < 8; i++)
    {
      id->bytes[i] = (guint8) (self->seed >> (8 * i));
      id->bytes[8 + i] = (guint8) (number >> (56 - 8 * i));
    }
  id->bytes[7] = (id->bytes[7] & 0x0f) | 0x40;
  id->bytes[8] = 0x80;
  g_hash_table_insert (self->classes, roll_wmi_class_ref (klass), id);
  return id;
}

static void
end_headed (RollWriter *writer, gsize length_at, gsize data_at)
{
  roll_writer_set_u32 (writer, length_at, (guint32) (writer->length - data_at));
}

static void
put_object (RollSmartWriter *self, RollWriter *writer, RollWmiObject *object)
{
  const RollUuid *id = g_hash_table_lookup (self->classes, object->klass);
  gboolean instance = object->instance;
  gsize outer, inner, outer_data, inner_data;

  roll_writer_u32 (writer, OBJECT_HEADER_LENGTH);
  outer = roll_writer_reserve (writer, sizeof (guint32));
  roll_writer_u8 (writer, !instance ? OBJECT_CLASS : id != NULL ? OBJECT_INSTANCE_NO_CLASS : OBJECT_INSTANCE);
  outer_data = writer->length;
  roll_writer_u32 (writer, instance ? INSTANCE_HEADER_LENGTH : LENGTHS_LENGTH);
  inner = roll_writer_reserve (writer, sizeof (guint32));
  if (instance)
    roll_writer_uuid (writer, id != NULL ? id : introduce (self, object->klass));
  inner_data = writer->length;
  roll_wmio_put_block (writer, object, id != NULL);
  end_headed (writer, inner, inner_data);
  end_headed (writer, outer, outer_data);
}

void
roll_smart_writer_put (RollSmartWriter *self, RollWriter *writer, RollWmiObject *const *objects, guint n_objects)
{
  gsize lengths[3], data[3];

  roll_writer_u32 (writer, 0);
  roll_writer_bytes (writer, MAGIC, MAGIC_LENGTH);
  roll_writer_u32 (writer, HEADER_LENGTH);
  lengths[0] = roll_writer_reserve (writer, sizeof (guint32));
  roll_writer_u32 (writer, 0);
  roll_writer_u8 (writer, VERSION);
  roll_writer_u8 (writer, PACKET_NEXT);
  data[0] = writer->length;
  roll_writer_u32 (writer, LENGTHS_LENGTH);
  lengths[1] = roll_writer_reserve (writer, sizeof (guint32));
  data[1] = writer->length;
  roll_writer_u32 (writer, OBJECTS_HEADER_LENGTH);
  lengths[2] = roll_writer_reserve (writer, sizeof (guint32));
  roll_writer_u32 (writer, n_objects);
  data[2] = writer->length;
  for (guint i = 0; i < n_objects; i++)
    put_object (self, writer, objects[i]);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    end_headed (writer, lengths[i], data[i]);
}
