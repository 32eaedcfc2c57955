/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-orpc.h"

#include "codec/roll-ndr.h"

/* IObjectExporter, [MS-DCOM] 3.1.2.5.1: plain RPC, no ORPCTHIS. */

void
roll_server_alive_clear (RollServerAlive *alive)
{
  roll_dual_strings_clear (&alive->strings);
  *alive = (RollServerAlive) { 0 };
}

gboolean
roll_orpc_read_server_alive (RollReader *reader, RollServerAlive *ret_alive)
{
  *ret_alive = (RollServerAlive) { 0 };
  roll_dual_strings_init (&ret_alive->strings);
  ret_alive->version.major = roll_reader_u16 (reader);
  ret_alive->version.minor = roll_reader_u16 (reader);
  if (roll_ndr_pointer (reader))
    roll_ndr_dual_strings (reader, &ret_alive->strings);
  roll_ndr_u32 (reader);
  ret_alive->status = roll_reader_u32 (reader);
  if (!roll_reader_ok (reader))
    roll_server_alive_clear (ret_alive);
  return roll_reader_ok (reader);
}

void
roll_orpc_put_server_alive (RollWriter *writer, const RollServerAlive *alive)
{
  roll_writer_u16 (writer, alive->version.major);
  roll_writer_u16 (writer, alive->version.minor);
  roll_writer_u32 (writer, ROLL_NDR_REFERENT (0));
  roll_ndr_put_dual_strings (writer, &alive->strings);
  roll_ndr_put_u32 (writer, 0);
  roll_writer_u32 (writer, alive->status);
}

void
roll_orpc_put_complex_ping (RollWriter *writer, guint64 set_id, guint16 sequence, const guint64 *add, guint n_add)
{
  g_return_if_fail (n_add <= G_MAXUINT16);

  roll_writer_u64 (writer, set_id);
  roll_writer_u16 (writer, sequence);
  roll_writer_u16 (writer, (guint16) n_add);
  roll_writer_u16 (writer, 0); /* none to be taken off */
  roll_ndr_put_u32 (writer, n_add > 0 ? ROLL_NDR_REFERENT (0) : ROLL_NDR_NULL);
  if (n_add > 0)
    roll_writer_u32 (writer, n_add);
  for (guint i = 0; i < n_add; i++)
    roll_ndr_put_u64 (writer, add[i]);
  roll_ndr_put_u32 (writer, ROLL_NDR_NULL);
}

/* What @count objects take, behind their pointer. */
static void
skip_objects (RollReader *reader, guint16 count)
{
  if (!roll_ndr_pointer (reader))
    {
      roll_reader_require (reader, count == 0, "objects are counted and not there");
      return;
    }
  roll_ndr_conformance (reader, count);
  if (count > 0)
    roll_reader_align (reader, 8);
  roll_reader_skip (reader, count * sizeof (guint64));
}

gboolean
roll_orpc_read_complex_ping (RollReader *reader, guint64 *ret_set_id, guint *ret_n_add)
{
  guint16 n_add, n_delete;

  *ret_set_id = roll_reader_u64 (reader);
  roll_reader_skip (reader, 2);
  *ret_n_add = n_add = roll_reader_u16 (reader);
  n_delete = roll_reader_u16 (reader);
  skip_objects (reader, n_add);
  skip_objects (reader, n_delete);
  return roll_reader_ok (reader);
}

void
roll_orpc_put_complex_ping_answer (RollWriter *writer, guint64 set_id, guint32 status)
{
  roll_writer_u64 (writer, set_id);
  roll_writer_u16 (writer, 0);
  roll_ndr_put_u32 (writer, status);
}

gboolean
roll_orpc_read_complex_ping_answer (RollReader *reader, guint64 *ret_set_id, guint32 *ret_status)
{
  *ret_set_id = roll_reader_u64 (reader);
  roll_reader_skip (reader, 2);
  *ret_status = roll_ndr_u32 (reader);
  return roll_reader_ok (reader);
}

void
roll_orpc_put_simple_ping (RollWriter *writer, guint64 set_id)
{
  roll_writer_u64 (writer, set_id);
}

gboolean
roll_orpc_read_simple_ping (RollReader *reader, guint64 *ret_set_id)
{
  *ret_set_id = roll_reader_u64 (reader);
  return roll_reader_ok (reader);
}
