/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-orpc.h"

#include "codec/roll-ndr.h"

/* IRemUnknown, [MS-DCOM] 3.1.1.5.6.1 */

#define REM_REF_SIZE 24 /* REMINTERFACEREF */

void
roll_orpc_put_rem_query_interface (RollWriter *writer, const RollOrpcThis *header, const RollUuid *ipid, guint32 refs,
                                   const RollUuid *iid)
{
  roll_writer_orpc_this (writer, header);
  roll_writer_uuid (writer, ipid);
  roll_writer_u32 (writer, refs);
  roll_writer_u16 (writer, 1);
  roll_ndr_put_u32 (writer, 1);
  roll_writer_uuid (writer, iid);
}

gboolean
roll_orpc_read_rem_query_interface (RollReader *reader, RollOrpcThis *ret_header, RollUuid *ret_ipid, RollUuid *ret_iid)
{
  guint16 count;

  roll_reader_orpc_this (reader, ret_header);
  roll_reader_align (reader, 4);
  *ret_ipid = roll_reader_uuid (reader);
  roll_reader_skip (reader, 4);
  count = roll_reader_u16 (reader);
  roll_reader_require (reader, count > 0, "no interface is asked for");
  roll_ndr_conformance (reader, count);
  *ret_iid = roll_reader_uuid (reader);
  roll_reader_skip (reader, (count - 1u) * sizeof (RollUuid));
  return roll_reader_ok (reader);
}

void
roll_orpc_put_rem_query_interface_answer (RollWriter *writer, guint32 hresult, const RollStdObjref *std)
{
  static const RollStdObjref none;

  roll_writer_orpc_that (writer);
  roll_writer_u32 (writer, ROLL_NDR_REFERENT (0));
  roll_writer_u32 (writer, 1);
  roll_writer_u32 (writer, hresult);
  roll_writer_align (writer, 8);
  roll_writer_std_objref (writer, std != NULL ? std : &none);
  roll_writer_u32 (writer, hresult);
}

/* REMQIRESULT of the one interface asked for */
static void
read_result (RollReader *reader, guint32 *ret_hresult, RollStdObjref *ret_std)
{
  roll_ndr_conformance (reader, 1);
  roll_reader_align (reader, 8);
  *ret_hresult = roll_reader_u32 (reader);
  roll_reader_align (reader, 8);
  *ret_std = roll_reader_std_objref (reader);
}

gboolean
roll_orpc_read_rem_query_interface_answer (RollReader *reader, guint32 *ret_hresult, RollStdObjref *ret_std)
{
  guint32 result = 0;
  gboolean present;

  *ret_std = (RollStdObjref) { 0 };
  roll_reader_orpc_that (reader);
  present = roll_ndr_pointer (reader);
  if (present)
    read_result (reader, &result, ret_std);
  *ret_hresult = roll_ndr_u32 (reader);
  if (!ROLL_HRESULT_FAILED (*ret_hresult))
    {
      *ret_hresult = result;
      roll_reader_require (reader, present, "an interface was found and is not there");
    }
  if (!roll_reader_ok (reader) || ROLL_HRESULT_FAILED (*ret_hresult))
    *ret_std = (RollStdObjref) { 0 };
  return roll_reader_ok (reader);
}

void
roll_orpc_put_rem_release (RollWriter *writer, const RollOrpcThis *header, const RollRemRef *refs, guint n_refs)
{
  g_return_if_fail (n_refs <= G_MAXUINT16);

  roll_writer_orpc_this (writer, header);
  roll_writer_u16 (writer, (guint16) n_refs);
  roll_ndr_put_u32 (writer, n_refs);
  for (guint i = 0; i < n_refs; i++)
    {
      roll_writer_uuid (writer, &refs[i].ipid);
      roll_writer_u32 (writer, refs[i].public_refs);
      roll_writer_u32 (writer, 0); /* private references */
    }
}

gboolean
roll_orpc_read_rem_release (RollReader *reader, RollOrpcThis *ret_header, GArray *ret_refs)
{
  const guint before = ret_refs->len;
  guint16 count;

  roll_reader_orpc_this (reader, ret_header);
  count = roll_ndr_u16 (reader);
  roll_ndr_conformance (reader, count);
  roll_reader_require (reader, count <= roll_reader_left (reader) / REM_REF_SIZE, "truncated");
  for (guint i = 0; i < count && roll_reader_ok (reader); i++)
    {
      RollRemRef ref;

      ref.ipid = roll_reader_uuid (reader);
      ref.public_refs = roll_reader_u32 (reader);
      roll_reader_skip (reader, 4);
      g_array_append_val (ret_refs, ref);
    }
  if (!roll_reader_ok (reader))
    g_array_set_size (ret_refs, before);
  return roll_reader_ok (reader);
}
