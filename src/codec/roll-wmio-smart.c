/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-uuid.h"
#include "codec/roll-wmio-decode.h"

#include <string.h>

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
roll_smart_reader_new (void)
{
  RollSmartReader *self = g_new0 (RollSmartReader, 1);

  self->classes = g_hash_table_new_full (uuid_hash, uuid_equal, g_free, (GDestroyNotify) roll_wmi_class_unref);
  return self;
}

void
roll_smart_reader_free (RollSmartReader *self)
{
  g_hash_table_unref (self->classes);
  g_free (self);
}

static void
remember (RollSmartReader *self, RollReader *reader, const RollUuid *id, RollWmiClass *klass)
{
  self->length += g_bytes_get_size (klass->class_part);
  if (roll_reader_require (reader, g_hash_table_size (self->classes) < MAX_CLASSES
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
        g_ptr_array_add (objects, object);
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
