/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-orpc.h"

#include "codec/roll-activation-properties.h"
#include "codec/roll-ndr.h"
#include "codec/roll-orpc-private.h"

/* IActivation::RemoteActivation, [MS-DCOM] 3.1.2.5.2.3.1, and what it has in common with the newer way. */

#define FACILITY_WIN32 0x80070000u

guint32
roll_orpc_hresult (guint32 status)
{
  return status == 0 || ROLL_HRESULT_FAILED (status) ? status : FACILITY_WIN32 | (status & 0xffff);
}

void
roll_orpc_activated_init (RollActivated *activated)
{
  *activated = (RollActivated) { 0 };
  roll_dual_strings_init (&activated->bindings);
}

void
roll_activated_clear (RollActivated *activated)
{
  roll_dual_strings_clear (&activated->bindings);
  *activated = (RollActivated) { 0 };
}

void
roll_orpc_activated_drop (RollActivated *activated)
{
  const guint32 hresult = activated->hresult, interface_hresult = activated->interface_hresult;

  roll_activated_clear (activated);
  roll_orpc_activated_init (activated);
  activated->hresult = hresult;
  activated->interface_hresult = interface_hresult;
}

/* --- The interface asked for ------------------------------------------------------------------------------------ */

static void
copy_without_ports (RollDualStrings *to, const RollDualStrings *from)
{
  for (guint i = 0; i < from->strings->len; i++)
    {
      const RollStringBinding *binding = &g_array_index (from->strings, RollStringBinding, i);
      g_autofree char *host = NULL;

      roll_binding_get_port (binding->address, &host);
      roll_dual_strings_add (to, binding->tower, host);
    }
  for (guint i = 0; i < from->securities->len; i++)
    roll_dual_strings_add_security (to, g_array_index (from->securities, RollSecurityBinding, i).authn);
}

void
roll_orpc_put_activated_interface (RollWriter *writer, const RollActivated *activated, const RollUuid *iid)
{
  g_auto (RollObjref) objref = {
    .kind = ROLL_OBJREF_STANDARD, .iid = *iid,
    .std = { .public_refs = activated->public_refs, .oxid = activated->oxid, .oid = activated->oid,
             .ipid = activated->ipid },
  };

  roll_dual_strings_init (&objref.strings);
  copy_without_ports (&objref.strings, &activated->bindings);
  roll_ndr_put_objref (writer, &objref);
}

gboolean
roll_orpc_read_activated_interface (RollReader *reader, RollActivated *activated)
{
  g_auto (RollObjref) objref = { 0 };

  if (!roll_ndr_pointer (reader) || !roll_ndr_objref (reader, &objref)
      || !roll_reader_require (reader, objref.kind != ROLL_OBJREF_CUSTOM, "an object that is not there"))
    return FALSE;
  activated->oid = objref.std.oid;
  activated->ipid = objref.std.ipid;
  activated->public_refs = objref.std.public_refs;
  return TRUE;
}

/* --- RemoteActivation ------------------------------------------------------------------------------------------- */

void
roll_orpc_put_remote_activation (RollWriter *writer, const RollActivation *activation)
{
  const RollOrpcThis header = { .version = activation->version, .cid = activation->cid };

  roll_writer_orpc_this (writer, &header);
  roll_writer_uuid (writer, &activation->clsid);
  roll_writer_u32 (writer, ROLL_NDR_NULL); /* pwszObjectName */
  roll_writer_u32 (writer, ROLL_NDR_NULL); /* pObjectStorage */
  roll_writer_u32 (writer, ROLL_ORPC_CLIENT_IMP_LEVEL);
  roll_writer_u32 (writer, 0); /* Mode */
  roll_writer_u32 (writer, 1);
  roll_writer_u32 (writer, ROLL_NDR_REFERENT (0));
  roll_writer_u32 (writer, 1);
  roll_writer_uuid (writer, &activation->iid);
  roll_writer_u16 (writer, 1);
  roll_ndr_put_u32 (writer, 1);
  roll_writer_u16 (writer, ROLL_TOWER_TCP);
}

gboolean
roll_orpc_read_remote_activation (RollReader *reader, RollActivation *ret_activation)
{
  g_autofree char *name = NULL;
  RollOrpcThis header;
  guint32 count;

  *ret_activation = (RollActivation) { 0 };
  roll_reader_orpc_this (reader, &header);
  roll_reader_align (reader, 4);
  ret_activation->version = header.version;
  ret_activation->cid = header.cid;
  ret_activation->clsid = roll_reader_uuid (reader);
  name = roll_ndr_text (reader);
  roll_ndr_skip_interface (reader);
  roll_ndr_u32 (reader);
  roll_reader_skip (reader, 4);
  count = roll_reader_u32 (reader);
  roll_reader_require (reader, count > 0 && roll_ndr_pointer (reader), "no interface is asked for");
  roll_ndr_conformance (reader, count);
  ret_activation->iid = roll_reader_uuid (reader);
  if (!roll_reader_ok (reader))
    *ret_activation = (RollActivation) { 0 };
  return roll_reader_ok (reader);
}

void
roll_orpc_put_remote_activation_answer (RollWriter *writer, const RollActivated *activated, const RollUuid *iid)
{
  const gboolean failed = ROLL_HRESULT_FAILED (activated->hresult);
  const gboolean present = !failed && !ROLL_HRESULT_FAILED (activated->interface_hresult);

  roll_writer_orpc_that (writer);
  roll_writer_u64 (writer, failed ? 0 : activated->oxid);
  roll_writer_u32 (writer, failed ? ROLL_NDR_NULL : ROLL_NDR_REFERENT (0));
  if (!failed)
    roll_ndr_put_dual_strings (writer, &activated->bindings);
  roll_writer_align (writer, 4);
  roll_writer_uuid (writer, &activated->ipid_rem_unknown);
  roll_writer_u32 (writer, activated->authn_hint);
  roll_writer_u16 (writer, activated->version.major);
  roll_writer_u16 (writer, activated->version.minor);
  roll_writer_u32 (writer, activated->hresult);
  roll_writer_u32 (writer, 1);
  roll_writer_u32 (writer, present ? ROLL_NDR_REFERENT (1) : ROLL_NDR_NULL);
  if (present)
    roll_orpc_put_activated_interface (writer, activated, iid);
  roll_ndr_put_u32 (writer, 1);
  roll_writer_u32 (writer, failed ? 0 : activated->interface_hresult);
  roll_writer_u32 (writer, 0); /* error_status_t */
}

/* The exporter's part. Returns: whether there were bindings */
static gboolean
read_exporter (RollReader *reader, RollActivated *activated)
{
  gboolean bound;

  activated->oxid = roll_ndr_u64 (reader);
  bound = roll_ndr_pointer (reader);
  if (bound)
    roll_ndr_dual_strings (reader, &activated->bindings);
  roll_reader_align (reader, 4);
  activated->ipid_rem_unknown = roll_reader_uuid (reader);
  activated->authn_hint = roll_reader_u32 (reader);
  activated->version.major = roll_reader_u16 (reader);
  activated->version.minor = roll_reader_u16 (reader);
  return bound;
}

gboolean
roll_orpc_read_remote_activation_answer (RollReader *reader, RollActivated *ret_activated)
{
  gboolean bound, present;
  guint32 status;

  roll_orpc_activated_init (ret_activated);
  roll_reader_orpc_that (reader);
  bound = read_exporter (reader, ret_activated);
  ret_activated->hresult = roll_orpc_hresult (roll_reader_u32 (reader));
  roll_ndr_conformance (reader, 1);
  present = roll_orpc_read_activated_interface (reader, ret_activated);
  roll_ndr_conformance (reader, 1);
  ret_activated->interface_hresult = roll_orpc_hresult (roll_reader_u32 (reader));
  status = roll_orpc_hresult (roll_reader_u32 (reader));
  if (status != 0)
    ret_activated->hresult = status;
  if (ret_activated->hresult != 0 || ret_activated->interface_hresult != 0)
    roll_orpc_activated_drop (ret_activated);
  else
    roll_reader_require (reader, bound && present, "an object was made and is not there");
  if (!roll_reader_ok (reader))
    roll_activated_clear (ret_activated);
  return roll_reader_ok (reader);
}
