/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-wmio-encode.h"

#include <string.h>

#define CLASS_PART_MAX (1 << 20)

static void
put_part (RollWriter *writer, GBytes *part)
{
  gsize length;
  const void *bytes = g_bytes_get_data (part, &length);

  roll_writer_bytes (writer, bytes, length);
}

static void
put_qualifiers (RollWriter *writer, RollWriter *heap, const RollWmiQualifier *qualifiers, guint n)
{
  /* Made aside, since the set may stand in the heap that its texts go to. */
  g_auto (RollWriter) set = { 0 };
  gsize start;

  roll_writer_init (&set, writer->maximum);
  start = roll_wmio_begin_part (&set);
  for (guint i = 0; i < n; i++)
    {
      roll_writer_u32 (&set, roll_wmio_put_name (heap, qualifiers[i].name));
      roll_writer_u8 (&set, qualifiers[i].flavor);
      roll_writer_u32 (&set, qualifiers[i].value.type);
      roll_wmio_put_value (&set, heap, &qualifiers[i].value);
    }
  roll_wmio_end_part (&set, start);
  roll_writer_bytes (writer, set.data, set.length);
}

/* --- Classes ------------------------------------------------------------------------------------------------------- */

static guint32
put_property_info (RollWriter *heap, const RollWmiProperty *property)
{
  g_auto (RollWriter) info = { 0 };
  guint32 offset;

  roll_writer_init (&info, heap->maximum);
  roll_writer_u32 (&info, property->type | (property->inherited ? PROPERTY_INHERITED : 0u));
  roll_writer_u16 (&info, property->declaration_order);
  roll_writer_u32 (&info, property->offset);
  roll_writer_u32 (&info, property->origin);
  put_qualifiers (&info, heap, property->qualifiers, property->n_qualifiers);
  offset = (guint32) heap->length;
  roll_writer_bytes (heap, info.data, info.length);
  return offset;
}

static void
put_property (RollWriter *writer, RollWriter *table, RollWriter *heap, const RollWmiClass *klass,
              const RollWmiProperty *property)
{
  g_auto (RollWriter) encoded = { 0 };
  guint nd = (property->default_value.null ? ND_NULL : 0) | (property->inherited_default ? ND_DEFAULT : 0);

  roll_writer_u32 (writer, roll_wmio_put_name (heap, property->name));
  roll_writer_u32 (writer, put_property_info (heap, property));
  roll_writer_init (&encoded, sizeof (guint64));
  roll_wmio_put_value (&encoded, heap, &property->default_value);
  roll_wmio_set_nd (table, 0, property->declaration_order, nd);
  roll_writer_set_bytes (table, roll_wmio_nd_length (klass->n_properties) + property->offset, encoded.data,
                         encoded.length);
}

static void
put_properties (RollWriter *writer, RollWriter *heap, const RollWmiClass *klass)
{
  g_auto (RollWriter) table = { 0 };

  roll_writer_init (&table, writer->maximum);
  roll_writer_zeros (&table, klass->table_length);
  roll_writer_u32 (writer, klass->n_properties);
  for (guint i = 0; i < klass->n_properties; i++)
    put_property (writer, &table, heap, klass, &klass->properties[klass->lookup[i]]);
  roll_writer_bytes (writer, table.data, table.length);
}

static void
put_derivation (RollWriter *writer, const RollWmiClass *klass)
{
  gsize start = roll_wmio_begin_part (writer);

  for (guint i = 0; i < klass->n_derivation; i++)
    {
      gsize string = writer->length;

      roll_wmio_put_string (writer, klass->derivation[i]);
      roll_writer_u32 (writer, (guint32) (writer->length - string));
    }
  roll_wmio_end_part (writer, start);
}

void
roll_wmio_put_class_part (RollWriter *writer, const RollWmiClass *klass)
{
  g_auto (RollWriter) heap = { 0 };
  gsize start;

  if (klass->class_part != NULL)
    {
      put_part (writer, klass->class_part);
      return;
    }
  roll_writer_init (&heap, writer->maximum);
  start = roll_wmio_begin_part (writer);
  roll_writer_u8 (writer, 0);
  roll_writer_u32 (writer, klass->name[0] != '\0' ? roll_wmio_put_name (&heap, klass->name) : HEAP_NOTHING);
  roll_writer_u32 (writer, klass->table_length);
  put_derivation (writer, klass);
  put_qualifiers (writer, &heap, klass->qualifiers, klass->n_qualifiers);
  put_properties (writer, &heap, klass);
  roll_wmio_put_heap (writer, &heap);
  roll_wmio_end_part (writer, start);
}

void
roll_wmi_class_seal (RollWmiClass *klass)
{
  g_auto (RollWriter) writer = { 0 };

  g_return_if_fail (g_atomic_ref_count_compare (&klass->references, 1));

  roll_writer_init (&writer, CLASS_PART_MAX);
  roll_wmio_put_class_part (&writer, klass);
  if (klass->class_part == NULL && roll_writer_ok (&writer))
    klass->class_part = g_bytes_new (writer.data, writer.length);
}

/* --- Methods ------------------------------------------------------------------------------------------------------- */

/* The parameters of one direction as a class; none is an object of no bytes. */
static guint32
put_signature (RollWriter *heap, RollWmiClass *parameters)
{
  const RollWmiObject object = { .klass = parameters };
  guint32 offset = (guint32) roll_writer_reserve (heap, sizeof (guint32));

  if (parameters != NULL)
    roll_wmio_put_block (heap, &object, FALSE);
  roll_writer_set_u32 (heap, offset, (guint32) (heap->length - offset - sizeof (guint32)));
  return offset;
}

static guint32
put_method_qualifiers (RollWriter *heap, const RollWmiMethod *method)
{
  g_auto (RollWriter) set = { 0 };
  guint32 offset;

  roll_writer_init (&set, heap->maximum);
  put_qualifiers (&set, heap, method->qualifiers, method->n_qualifiers);
  offset = (guint32) heap->length;
  roll_writer_bytes (heap, set.data, set.length);
  return offset;
}

static void
put_methods_part (RollWriter *writer, const RollWmiClass *klass)
{
  g_auto (RollWriter) heap = { 0 };
  gsize start;

  if (klass->methods_part != NULL)
    {
      put_part (writer, klass->methods_part);
      return;
    }
  roll_writer_init (&heap, writer->maximum);
  start = roll_wmio_begin_part (writer);
  roll_writer_u16 (writer, (guint16) klass->n_methods);
  roll_writer_u16 (writer, 0);
  for (guint i = 0; i < klass->n_methods; i++)
    {
      const RollWmiMethod *method = &klass->methods[i];

      roll_writer_u32 (writer, roll_wmio_put_name (&heap, method->name));
      roll_writer_u8 (writer, method->flags);
      roll_writer_zeros (writer, 3);
      roll_writer_u32 (writer, method->origin);
      roll_writer_u32 (writer, put_method_qualifiers (&heap, method));
      roll_writer_u32 (writer, put_signature (&heap, method->in));
      roll_writer_u32 (writer, put_signature (&heap, method->out));
    }
  roll_wmio_put_heap (writer, &heap);
  roll_wmio_end_part (writer, start);
}

/* Of a superclass that nobody described there is a name. */
static void
put_parent (RollWriter *writer, const RollWmiClass *klass)
{
  static char *const nothing[] = { NULL };
  gboolean derived = klass->n_derivation > 0;
  const RollWmiClass parent = {
    .name = derived ? klass->derivation[0] : (char *) "",
    .n_derivation = derived ? klass->n_derivation - 1 : 0,
    .derivation = derived ? klass->derivation + 1 : (char **) nothing,
  };

  roll_wmio_put_class_part (writer, klass->parent != NULL ? klass->parent : &parent);
  put_methods_part (writer, klass->parent != NULL ? klass->parent : &parent);
}

void
roll_wmio_put_class_type (RollWriter *writer, const RollWmiClass *klass)
{
  put_parent (writer, klass);
  roll_wmio_put_class_part (writer, klass);
  put_methods_part (writer, klass);
}
