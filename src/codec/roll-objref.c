/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-objref.h"

#include "codec/roll-ndr.h"

#define OBJREF_SIGNATURE 0x574f454du   /* "MEOW" */
#define EXTENDED_SIGNATURE 0x4e535956u /* "VYSN" */

RollStdObjref
roll_reader_std_objref (RollReader *reader)
{
  RollStdObjref std;

  std.flags = roll_reader_u32 (reader);
  std.public_refs = roll_reader_u32 (reader);
  std.oxid = roll_reader_u64 (reader);
  std.oid = roll_reader_u64 (reader);
  std.ipid = roll_reader_uuid (reader);
  return std;
}

void
roll_writer_std_objref (RollWriter *writer, const RollStdObjref *std)
{
  roll_writer_u32 (writer, std->flags);
  roll_writer_u32 (writer, std->public_refs);
  roll_writer_u64 (writer, std->oxid);
  roll_writer_u64 (writer, std->oid);
  roll_writer_uuid (writer, &std->ipid);
}

void
roll_objref_clear (RollObjref *objref)
{
  roll_dual_strings_clear (&objref->strings);
  *objref = (RollObjref) { 0 };
}

static void
read_resolver (RollReader *reader, RollObjref *objref)
{
  roll_dual_strings_init (&objref->strings);
  roll_reader_dual_strings (reader, &objref->strings);
}

/* DATAELEMENT, [MS-DCOM] 2.2.18.8 */
static void
read_envoy (RollReader *reader, RollObjref *objref)
{
  guint32 length, rounded;

  objref->clsid = roll_reader_uuid (reader);
  length = roll_reader_u32 (reader);
  rounded = roll_reader_u32 (reader);
  roll_reader_require (reader, length <= rounded, "an envoy context is longer than its room");
  objref->data = roll_reader_bytes (reader, rounded);
  objref->data_length = objref->data != NULL ? length : 0;
}

static void
read_extended (RollReader *reader, RollObjref *objref)
{
  objref->std = roll_reader_std_objref (reader);
  roll_reader_require (reader, roll_reader_u32 (reader) == EXTENDED_SIGNATURE, "an object reference without its mark");
  read_resolver (reader, objref);
  roll_reader_require (reader, roll_reader_u32 (reader) == 1, "not one envoy context");
  roll_reader_require (reader, roll_reader_u32 (reader) == EXTENDED_SIGNATURE, "an object reference without its mark");
  read_envoy (reader, objref);
}

static void
read_custom (RollReader *reader, RollObjref *objref)
{
  objref->clsid = roll_reader_uuid (reader);
  roll_reader_skip (reader, 4);
  objref->reserved = roll_reader_u32 (reader);
  objref->data_length = roll_reader_left (reader);
  objref->data = roll_reader_bytes (reader, objref->data_length);
}

static void
read_kind (RollReader *reader, RollObjref *objref)
{
  switch (objref->kind)
    {
    case ROLL_OBJREF_STANDARD:
      objref->std = roll_reader_std_objref (reader);
      read_resolver (reader, objref);
      break;
    case ROLL_OBJREF_HANDLER:
      objref->std = roll_reader_std_objref (reader);
      objref->clsid = roll_reader_uuid (reader);
      read_resolver (reader, objref);
      break;
    case ROLL_OBJREF_CUSTOM:
      read_custom (reader, objref);
      break;
    case ROLL_OBJREF_EXTENDED:
      read_extended (reader, objref);
      break;
    default:
      roll_reader_fail (reader, "an object reference of an unknown kind");
    }
}

gboolean
roll_objref_decode (const void *bytes, gsize length, RollObjref *objref, const char **ret_problem)
{
  RollReader reader;

  roll_reader_init (&reader, bytes, length);
  roll_reader_require (&reader, roll_reader_u32 (&reader) == OBJREF_SIGNATURE, "no object reference");
  objref->kind = roll_reader_u32 (&reader);
  objref->iid = roll_reader_uuid (&reader);
  if (roll_reader_ok (&reader))
    read_kind (&reader, objref);
  if (!roll_reader_ok (&reader) && ret_problem != NULL)
    *ret_problem = reader.problem;
  return roll_reader_ok (&reader);
}

static void
put_extended (RollWriter *writer, const RollObjref *objref)
{
  const gsize rounded = (objref->data_length + 7) & ~(gsize) 7;

  roll_writer_std_objref (writer, &objref->std);
  roll_writer_u32 (writer, EXTENDED_SIGNATURE);
  roll_writer_dual_strings (writer, &objref->strings);
  roll_writer_u32 (writer, 1);
  roll_writer_u32 (writer, EXTENDED_SIGNATURE);
  roll_writer_uuid (writer, &objref->clsid);
  roll_writer_u32 (writer, (guint32) objref->data_length);
  roll_writer_u32 (writer, (guint32) rounded);
  roll_writer_bytes (writer, objref->data, objref->data_length);
  roll_writer_zeros (writer, rounded - objref->data_length);
}

static void
put_kind (RollWriter *writer, const RollObjref *objref)
{
  switch (objref->kind)
    {
    case ROLL_OBJREF_STANDARD:
      roll_writer_std_objref (writer, &objref->std);
      roll_writer_dual_strings (writer, &objref->strings);
      break;
    case ROLL_OBJREF_HANDLER:
      roll_writer_std_objref (writer, &objref->std);
      roll_writer_uuid (writer, &objref->clsid);
      roll_writer_dual_strings (writer, &objref->strings);
      break;
    case ROLL_OBJREF_CUSTOM:
      roll_writer_uuid (writer, &objref->clsid);
      roll_writer_u32 (writer, 0);
      roll_writer_u32 (writer, objref->reserved);
      roll_writer_bytes (writer, objref->data, objref->data_length);
      break;
    case ROLL_OBJREF_EXTENDED:
      put_extended (writer, objref);
      break;
    default:
      g_return_if_reached ();
    }
}

void
roll_objref_encode (RollWriter *writer, const RollObjref *objref)
{
  roll_writer_u32 (writer, OBJREF_SIGNATURE);
  roll_writer_u32 (writer, objref->kind);
  roll_writer_uuid (writer, &objref->iid);
  put_kind (writer, objref);
}

gboolean
roll_ndr_objref (RollReader *reader, RollObjref *objref)
{
  const char *problem = NULL;
  gsize length;
  const guint8 *bytes = roll_ndr_interface (reader, &length);

  if (bytes != NULL && !roll_objref_decode (bytes, length, objref, &problem))
    roll_reader_fail (reader, problem);
  return roll_reader_ok (reader);
}

void
roll_ndr_put_objref (RollWriter *writer, const RollObjref *objref)
{
  gsize counts;
  guint32 length;

  roll_writer_align (writer, 4);
  counts = roll_writer_reserve (writer, 8);
  roll_objref_encode (writer, objref);
  length = (guint32) (writer->length - counts - 8);
  roll_writer_set_u32 (writer, counts, length);
  roll_writer_set_u32 (writer, counts + 4, length);
}
