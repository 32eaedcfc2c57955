/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-activation-properties.h"

#include "codec/roll-ndr.h"
#include "codec/roll-objref.h"

#define BLOB_HEADER 8           /* dwSize, dwReserved */
#define SERIALIZATION_HEADER 16
#define HEADER_FIXED 56         /* CustomHeader without its arrays' elements */
#define HEADER_EACH 20          /* a CLSID and a size */
#define CONTEXT_OTHER_MACHINE 2 /* MSHCTX_DIFFERENTMACHINE */

#define CONTEXT_BY_VALUE 2
#define CONTEXT_FROZEN 1

static RollUuid
dcom_uuid (guint32 number)
{
  return ROLL_UUID (number, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46);
}

static guint32
interface_of (RollBlobKind kind)
{
  switch (kind)
    {
    case ROLL_BLOB_IN:
      return 0x1a2; /* IID_IActivationPropertiesIn */
    case ROLL_BLOB_OUT:
      return 0x1a3; /* IID_IActivationPropertiesOut */
    case ROLL_BLOB_CONTEXT:
      return 0x1c0; /* IID_IContext */
    default:
      g_assert_not_reached ();
    }
}

/* --- Reading ---------------------------------------------------------------------------------------------------- */

/* CustomHeader, [MS-DCOM] 2.2.22.1. Returns: the bytes it takes */
static guint32
read_header (RollReader *reader, RollActivationProperties *properties, guint32 *ret_sizes)
{
  RollReader header = roll_ndr_serialized (reader);
  guint32 header_size, count;

  roll_reader_skip (&header, 4);
  header_size = roll_reader_u32 (&header);
  roll_reader_skip (&header, 8);
  count = roll_reader_u32_at_most (&header, ROLL_ACTIVATION_MAX_PROPERTIES, "too many activation properties");
  roll_reader_skip (&header, 16 + 3 * 4); /* classInfoClsid, the referents */
  roll_ndr_conformance (&header, count);
  for (guint i = 0; i < count; i++)
    properties->ids[i] = roll_reader_uuid (&header);
  roll_ndr_conformance (&header, count);
  for (guint i = 0; i < count; i++)
    ret_sizes[i] = roll_reader_u32 (&header);
  properties->n_properties = count;
  if (!roll_reader_ok (&header))
    roll_reader_fail (reader, header.problem);
  return header_size;
}

static void
read_blob (RollReader *reader, RollActivationProperties *properties)
{
  guint32 sizes[ROLL_ACTIVATION_MAX_PROPERTIES] = { 0 };
  guint32 header_size;

  roll_reader_skip (reader, BLOB_HEADER);
  header_size = read_header (reader, properties, sizes);
  roll_reader_seek (reader, BLOB_HEADER + (gsize) header_size);
  for (guint i = 0; i < properties->n_properties; i++)
    properties->properties[i] = roll_reader_sub (reader, sizes[i]);
}

gboolean
roll_activation_properties_read (RollReader *reader, RollBlobKind kind, RollActivationProperties *ret_properties)
{
  const RollUuid clsid = dcom_uuid (kind);
  g_auto (RollObjref) objref = { 0 };
  RollReader blob;

  *ret_properties = (RollActivationProperties) { 0 };
  if (!roll_ndr_objref (reader, &objref)
      || !roll_reader_require (reader, objref.kind == ROLL_OBJREF_CUSTOM && roll_uuid_equal (&objref.clsid, &clsid),
                               "no activation properties"))
    return FALSE;
  roll_reader_init (&blob, objref.data, objref.data_length);
  read_blob (&blob, ret_properties);
  return roll_reader_require (reader, roll_reader_ok (&blob), blob.problem);
}

RollReader
roll_activation_properties_find (const RollActivationProperties *self, RollPropertyId id)
{
  const RollUuid clsid = dcom_uuid (id);
  RollReader none;

  for (guint i = 0; i < self->n_properties; i++)
    if (roll_uuid_equal (&self->ids[i], &clsid))
      {
        RollReader property = self->properties[i];

        return roll_ndr_serialized (&property);
      }
  roll_reader_init (&none, NULL, 0);
  roll_reader_fail (&none, "an activation property is missing");
  return none;
}

/* --- Writing ---------------------------------------------------------------------------------------------------- */

void
roll_properties_writer_init (RollPropertiesWriter *self)
{
  self->n_properties = 0;
  roll_writer_init (&self->bytes, ROLL_ACTIVATION_BLOB_MAX);
}

void
roll_properties_writer_clear (RollPropertiesWriter *self)
{
  roll_writer_clear (&self->bytes);
}

void
roll_properties_writer_add (RollPropertiesWriter *self, RollPropertyId id, RollWriter *value)
{
  g_assert (self->n_properties < ROLL_ACTIVATION_MAX_PROPERTIES);

  self->bytes.overflowed |= value->overflowed;
  self->ids[self->n_properties] = id;
  self->sizes[self->n_properties] = (guint32) roll_ndr_put_serialized (&self->bytes, value);
  self->n_properties++;
  roll_writer_clear (value);
}

static void
put_header (RollWriter *writer, const RollPropertiesWriter *self)
{
  const guint32 header_size = SERIALIZATION_HEADER + ((HEADER_FIXED + HEADER_EACH * self->n_properties + 7) & ~7u);
  g_auto (RollWriter) header = { 0 };

  roll_writer_init (&header, ROLL_ACTIVATION_BLOB_MAX);
  roll_writer_u32 (&header, header_size + (guint32) self->bytes.length);
  roll_writer_u32 (&header, header_size);
  roll_writer_u32 (&header, 0);
  roll_writer_u32 (&header, CONTEXT_OTHER_MACHINE);
  roll_writer_u32 (&header, self->n_properties);
  roll_writer_zeros (&header, sizeof (RollUuid));
  roll_writer_u32 (&header, ROLL_NDR_REFERENT (0));
  roll_writer_u32 (&header, ROLL_NDR_REFERENT (1));
  roll_writer_u32 (&header, ROLL_NDR_NULL);
  roll_writer_u32 (&header, self->n_properties);
  for (guint i = 0; i < self->n_properties; i++)
    {
      const RollUuid clsid = dcom_uuid (self->ids[i]);

      roll_writer_uuid (&header, &clsid);
    }
  roll_writer_u32 (&header, self->n_properties);
  for (guint i = 0; i < self->n_properties; i++)
    roll_writer_u32 (&header, self->sizes[i]);
  roll_ndr_put_serialized (writer, &header);
}

/* An OBJREF_CUSTOM in an MInterfacePointer. Windows' activator counts 8 bytes more in the reserved field. */
static void
put_custom (RollWriter *writer, RollBlobKind kind, const RollWriter *data, guint32 reserved)
{
  const RollObjref objref = {
    .kind = ROLL_OBJREF_CUSTOM, .iid = dcom_uuid (interface_of (kind)), .clsid = dcom_uuid (kind),
    .reserved = reserved, .data = data->data, .data_length = data->length,
  };

  writer->overflowed |= data->overflowed;
  roll_ndr_put_objref (writer, &objref);
}

void
roll_properties_writer_put (RollPropertiesWriter *self, RollWriter *writer, RollBlobKind kind)
{
  g_auto (RollWriter) blob = { 0 };
  gsize size;

  roll_writer_init (&blob, ROLL_ACTIVATION_BLOB_MAX);
  blob.overflowed = self->bytes.overflowed;
  size = roll_writer_reserve (&blob, BLOB_HEADER);
  put_header (&blob, self);
  roll_writer_bytes (&blob, self->bytes.data, self->bytes.length);
  roll_writer_set_u32 (&blob, size, (guint32) blob.length - BLOB_HEADER);
  put_custom (writer, kind, &blob, (guint32) blob.length + 8);
}

void
roll_activation_put_context (RollWriter *writer, const RollUuid *id)
{
  g_auto (RollWriter) context = { 0 };

  roll_writer_init (&context, ROLL_ACTIVATION_BLOB_MAX);
  roll_writer_u16 (&context, 1);
  roll_writer_u16 (&context, 1);
  roll_writer_uuid (&context, id);
  roll_writer_u32 (&context, CONTEXT_BY_VALUE);
  roll_writer_zeros (&context, 5 * 4);
  roll_writer_u32 (&context, CONTEXT_FROZEN);
  put_custom (writer, ROLL_BLOB_CONTEXT, &context, (guint32) context.length);
}
