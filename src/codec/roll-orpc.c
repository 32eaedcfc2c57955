/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-orpc.h"

#include "codec/roll-ndr.h"

#define MAX_EXTENTS 64

#define DCOM_UUID(number) ROLL_UUID (number, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0x46)

const RollUuid ROLL_IID_OBJECT_EXPORTER
    = ROLL_UUID (0x99fcfec4, 0x5260, 0x101b, 0xbb, 0xcb, 0x00, 0xaa, 0x00, 0x21, 0x34, 0x7a);
const RollUuid ROLL_IID_SCM_ACTIVATOR = DCOM_UUID (0x1a0);
const RollUuid ROLL_IID_ACTIVATION
    = ROLL_UUID (0x4d9f4ab8, 0x7d1c, 0x11cf, 0x86, 0x1e, 0x00, 0x20, 0xaf, 0x6e, 0x7c, 0x57);
const RollUuid ROLL_IID_REM_UNKNOWN = DCOM_UUID (0x131);
const RollUuid ROLL_IID_REM_UNKNOWN2 = DCOM_UUID (0x143);
const RollUuid ROLL_CLSID_WBEM_LEVEL1_LOGIN
    = ROLL_UUID (0x8bc3f05e, 0xd86b, 0x11d0, 0xa0, 0x75, 0x00, 0xc0, 0x4f, 0xb6, 0x88, 0x20);
const RollUuid ROLL_CLSID_WBEM_CLASS_OBJECT
    = ROLL_UUID (0x4590f812, 0x1d3a, 0x11d0, 0x89, 0x1f, 0x00, 0xaa, 0x00, 0x4b, 0x2e, 0x24);
const RollUuid ROLL_IID_WBEM_LEVEL1_LOGIN
    = ROLL_UUID (0xf309ad18, 0xd86a, 0x11d0, 0xa0, 0x75, 0x00, 0xc0, 0x4f, 0xb6, 0x88, 0x20);
const RollUuid ROLL_IID_WBEM_SERVICES
    = ROLL_UUID (0x9556dc99, 0x828c, 0x11cf, 0xa3, 0x7e, 0x00, 0xaa, 0x00, 0x32, 0x40, 0xc7);
const RollUuid ROLL_IID_ENUM_WBEM_CLASS_OBJECT = ROLL_UUID (0x027947e1, 0xd731, 0x11ce, 0xa3, 0x57, 0, 0, 0, 0, 0, 1);
const RollUuid ROLL_IID_WBEM_FETCH_SMART_ENUM
    = ROLL_UUID (0x1c1c45ee, 0x4395, 0x11d2, 0xb6, 0x0b, 0x00, 0x10, 0x4b, 0x70, 0x3e, 0xfd);
const RollUuid ROLL_IID_WBEM_WCO_SMART_ENUM
    = ROLL_UUID (0x423ec01e, 0x2e35, 0x11d2, 0xb6, 0x04, 0x00, 0x10, 0x4b, 0x70, 0x3e, 0xfd);
const RollUuid ROLL_IID_WBEM_CLASS_OBJECT
    = ROLL_UUID (0xdc12a681, 0x737f, 0x11cf, 0x88, 0x4d, 0x00, 0xaa, 0x00, 0x4b, 0x2e, 0x24);

/* ORPC_EXTENT, [MS-DCOM] 2.2.13.1 */
static void
skip_extent (RollReader *reader)
{
  guint32 length = roll_ndr_u32 (reader);

  roll_reader_skip (reader, 16 + 4);
  roll_reader_skip (reader, length);
}

/* ORPC_EXTENT_ARRAY behind its pointer, [MS-DCOM] 2.2.13.2: nobody needs them. */
static void
skip_extensions (RollReader *reader)
{
  guint32 count, n_extents = 0;

  if (!roll_ndr_pointer (reader))
    return;
  roll_reader_skip (reader, 8);
  if (!roll_ndr_pointer (reader))
    return;
  count = roll_reader_u32_at_most (reader, MAX_EXTENTS, "too many extensions of a call");
  for (guint i = 0; i < count; i++)
    n_extents += roll_ndr_pointer (reader);
  for (guint i = 0; i < n_extents; i++)
    skip_extent (reader);
}

void
roll_writer_orpc_this (RollWriter *writer, const RollOrpcThis *header)
{
  roll_writer_u16 (writer, header->version.major);
  roll_writer_u16 (writer, header->version.minor);
  roll_writer_u32 (writer, header->flags);
  roll_writer_u32 (writer, 0);
  roll_writer_uuid (writer, &header->cid);
  roll_writer_u32 (writer, ROLL_NDR_NULL);
}

void
roll_reader_orpc_this (RollReader *reader, RollOrpcThis *ret_header)
{
  ret_header->version.major = roll_reader_u16 (reader);
  ret_header->version.minor = roll_reader_u16 (reader);
  ret_header->flags = roll_reader_u32 (reader);
  roll_reader_skip (reader, 4);
  ret_header->cid = roll_reader_uuid (reader);
  skip_extensions (reader);
}

void
roll_writer_orpc_that (RollWriter *writer)
{
  roll_writer_u32 (writer, 0);
  roll_writer_u32 (writer, ROLL_NDR_NULL);
}

void
roll_reader_orpc_that (RollReader *reader)
{
  roll_reader_skip (reader, 4);
  skip_extensions (reader);
}

void
roll_orpc_put_plain_answer (RollWriter *writer, guint32 hresult)
{
  roll_writer_orpc_that (writer);
  roll_writer_u32 (writer, hresult);
}

gboolean
roll_orpc_read_plain_answer (RollReader *reader, guint32 *ret_hresult)
{
  roll_reader_orpc_that (reader);
  *ret_hresult = roll_ndr_u32 (reader);
  return roll_reader_ok (reader);
}
