/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-wbem.h"

#include "codec/roll-ndr.h"
#include "codec/roll-wbem-private.h"

/* --- Interfaces ------------------------------------------------------------------------------------------------- */

void
roll_wbem_put_interface_answer (RollWriter *writer, const RollUuid *iid, const RollStdObjref *std,
                                const RollDualStrings *strings, guint32 hresult)
{
  roll_writer_orpc_that (writer);
  roll_writer_u32 (writer, std != NULL ? ROLL_NDR_REFERENT (0) : ROLL_NDR_NULL);
  if (std != NULL)
    {
      const RollObjref objref = { .kind = ROLL_OBJREF_STANDARD, .iid = *iid, .std = *std, .strings = *strings };

      roll_ndr_put_objref (writer, &objref);
    }
  roll_ndr_put_u32 (writer, hresult);
}

gboolean
roll_wbem_read_interface_answer (RollReader *reader, RollStdObjref *ret_std, guint32 *ret_hresult)
{
  g_auto (RollObjref) objref = { 0 };
  gboolean present;

  roll_reader_orpc_that (reader);
  present = roll_ndr_pointer (reader);
  if (present && roll_ndr_objref (reader, &objref))
    roll_reader_require (reader, objref.kind != ROLL_OBJREF_CUSTOM, "an object that is not there");
  *ret_hresult = roll_ndr_u32 (reader);
  roll_reader_require (reader, present || ROLL_HRESULT_FAILED (*ret_hresult), "an interface was made and is not there");
  *ret_std = roll_reader_ok (reader) && !ROLL_HRESULT_FAILED (*ret_hresult) ? objref.std : (RollStdObjref) { 0 };
  return roll_reader_ok (reader);
}

/* --- Objects ---------------------------------------------------------------------------------------------------- */

const guint8 *
roll_wbem_object (RollReader *reader, gsize *ret_length)
{
  g_auto (RollObjref) objref = { 0 };

  *ret_length = 0;
  if (!roll_ndr_objref (reader, &objref)
      || !roll_reader_require (reader, objref.kind == ROLL_OBJREF_CUSTOM
                                           && roll_uuid_equal (&objref.clsid, &ROLL_CLSID_WBEM_CLASS_OBJECT),
                               "not an object of WMI"))
    return NULL;
  *ret_length = objref.data_length;
  return objref.data;
}

void
roll_wbem_put_object (RollWriter *writer, const void *bytes, gsize length)
{
  const RollObjref objref = {
    .kind = ROLL_OBJREF_CUSTOM, .iid = ROLL_IID_WBEM_CLASS_OBJECT, .clsid = ROLL_CLSID_WBEM_CLASS_OBJECT,
    .reserved = (guint32) length, .data = bytes, .data_length = length,
  };

  roll_ndr_put_objref (writer, &objref);
}

/* A pointer to an interface pointer, and another one to a call result, which is NULL. */
void
roll_wbem_put_object_answer (RollWriter *writer, const void *object, gsize length, guint32 hresult)
{
  roll_writer_orpc_that (writer);
  roll_writer_u32 (writer, ROLL_NDR_REFERENT (0));
  roll_writer_u32 (writer, object != NULL ? ROLL_NDR_REFERENT (1) : ROLL_NDR_NULL);
  if (object != NULL)
    roll_wbem_put_object (writer, object, length);
  roll_ndr_put_u32 (writer, ROLL_NDR_NULL);
  roll_writer_u32 (writer, hresult);
}

gboolean
roll_wbem_read_method_answer (RollReader *reader, const guint8 **ret_out, gsize *ret_length, guint32 *ret_hresult)
{
  const guint8 *object = NULL;
  gsize length = 0;

  roll_reader_orpc_that (reader);
  if (roll_ndr_pointer (reader) && roll_ndr_pointer (reader))
    object = roll_wbem_object (reader, &length);
  if (roll_ndr_pointer (reader))
    roll_ndr_skip_interface (reader);
  *ret_hresult = roll_ndr_u32 (reader);
  *ret_out = roll_reader_ok (reader) ? object : NULL;
  *ret_length = *ret_out != NULL ? length : 0;
  return roll_reader_ok (reader);
}

gboolean
roll_wbem_read_object_answer (RollReader *reader, const guint8 **ret_object, gsize *ret_length, guint32 *ret_hresult)
{
  if (roll_wbem_read_method_answer (reader, ret_object, ret_length, ret_hresult))
    roll_reader_require (reader, *ret_object != NULL || ROLL_HRESULT_FAILED (*ret_hresult),
                         "an object was found and is not there");
  return roll_reader_ok (reader);
}

void
roll_wbem_put_method_answer (RollWriter *writer, const void *out, gsize length, guint32 hresult)
{
  roll_wbem_put_object_answer (writer, out, length, hresult);
}

/* --- Enumerations ----------------------------------------------------------------------------------------------- */

void
roll_wbem_put_next_answer (RollWriter *writer, const RollWbemObject *objects, guint n_objects, guint32 count_asked,
                           guint32 hresult)
{
  g_return_if_fail (n_objects <= count_asked);

  roll_writer_orpc_that (writer);
  roll_writer_u32 (writer, count_asked);
  roll_writer_u32 (writer, 0);
  roll_writer_u32 (writer, n_objects);
  for (guint i = 0; i < n_objects; i++)
    roll_writer_u32 (writer, ROLL_NDR_REFERENT (i));
  for (guint i = 0; i < n_objects; i++)
    roll_wbem_put_object (writer, objects[i].bytes, objects[i].length);
  roll_ndr_put_u32 (writer, n_objects);
  roll_writer_u32 (writer, hresult);
}

/* The counts of a conformant and varying array and its referents. Returns: how many there are, all of them objects */
static guint32
read_referents (RollReader *reader)
{
  guint32 maximum = roll_ndr_u32 (reader);
  guint32 offset = roll_reader_u32 (reader);
  guint32 count = roll_reader_u32_at_most (reader, ROLL_WBEM_MAX_OBJECTS, "too many objects");

  roll_reader_require (reader, offset == 0 && count <= maximum, "an array is longer than its room");
  for (guint32 i = 0; i < count && roll_reader_ok (reader); i++)
    roll_reader_require (reader, roll_ndr_pointer (reader), "an object was found and is not there");
  return roll_reader_ok (reader) ? count : 0;
}

gboolean
roll_wbem_read_next_answer (RollReader *reader, GArray *ret_objects, guint32 *ret_hresult)
{
  const guint before = ret_objects->len;
  guint32 count;

  roll_reader_orpc_that (reader);
  count = read_referents (reader);
  for (guint32 i = 0; i < count && roll_reader_ok (reader); i++)
    {
      RollWbemObject object;

      object.bytes = roll_wbem_object (reader, &object.length);
      g_array_append_val (ret_objects, object);
    }
  roll_reader_require (reader, roll_ndr_u32 (reader) == count, "two counts of one array differ");
  *ret_hresult = roll_reader_u32 (reader);
  if (!roll_reader_ok (reader))
    g_array_set_size (ret_objects, before);
  return roll_reader_ok (reader);
}

void
roll_wbem_put_smart_answer (RollWriter *writer, guint n_objects, const void *buffer, gsize length, guint32 hresult)
{
  g_return_if_fail (length <= G_MAXUINT32);

  roll_writer_orpc_that (writer);
  roll_writer_u32 (writer, n_objects);
  roll_writer_u32 (writer, (guint32) length);
  roll_writer_u32 (writer, length > 0 ? ROLL_NDR_REFERENT (0) : ROLL_NDR_NULL);
  if (length > 0)
    roll_writer_u32 (writer, (guint32) length);
  roll_writer_bytes (writer, buffer, length);
  roll_ndr_put_u32 (writer, hresult);
}

gboolean
roll_wbem_read_smart_answer (RollReader *reader, guint *ret_n_objects, const guint8 **ret_buffer, gsize *ret_length,
                             guint32 *ret_hresult)
{
  const guint8 *buffer = NULL;
  guint32 length;

  roll_reader_orpc_that (reader);
  *ret_n_objects = roll_ndr_u32 (reader);
  roll_reader_require (reader, *ret_n_objects <= ROLL_WBEM_MAX_OBJECTS, "too many objects");
  length = roll_reader_u32 (reader);
  if (roll_ndr_pointer (reader))
    {
      roll_ndr_conformance (reader, length);
      buffer = roll_reader_bytes (reader, length);
    }
  else
    roll_reader_require (reader, length == 0 && *ret_n_objects == 0, "objects are counted and not there");
  *ret_hresult = roll_ndr_u32 (reader);
  if (!roll_reader_ok (reader))
    *ret_n_objects = 0;
  *ret_buffer = roll_reader_ok (reader) ? buffer : NULL;
  *ret_length = *ret_buffer != NULL ? length : 0;
  return roll_reader_ok (reader);
}
