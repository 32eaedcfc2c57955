/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-orpc.h"

#include "codec/roll-activation-properties.h"
#include "codec/roll-ndr.h"
#include "codec/roll-orpc-private.h"

/* IRemoteSCMActivator::RemoteCreateInstance, [MS-DCOM] 3.1.2.5.2.3.3 and 2.2.22.2. Values that mean nothing to a server
 * are those of Windows 10. */

#define ACTIVATION_FLAGS 1
#define CLASS_CONTEXT 0x14 /* CLSCTX_LOCAL_SERVER, CLSCTX_REMOTE_SERVER */
#define ANY_SESSION 0xffffffffu
#define DEFAULT_AUTHN_LEVEL 2
#define SPECIAL_FLAGS 2

/* --- The request ------------------------------------------------------------------------------------------------ */

static void
add_special (RollPropertiesWriter *properties)
{
  RollWriter value;

  roll_writer_init (&value, ROLL_ACTIVATION_BLOB_MAX);
  roll_writer_u32 (&value, ANY_SESSION);
  roll_writer_zeros (&value, 3 * 4);
  roll_writer_u32 (&value, DEFAULT_AUTHN_LEVEL);
  roll_writer_zeros (&value, 16 + 4); /* guidPartition, dwPRTFlags */
  roll_writer_u32 (&value, CLASS_CONTEXT);
  roll_writer_u32 (&value, SPECIAL_FLAGS);
  roll_writer_zeros (&value, 4);
  roll_writer_align (&value, 8);
  roll_writer_zeros (&value, 8 + 5 * 4);
  roll_properties_writer_add (properties, ROLL_PROPERTY_SPECIAL, &value);
}

static void
add_instantiation (RollPropertiesWriter *properties, const RollActivation *activation)
{
  RollWriter value;
  gsize size;

  roll_writer_init (&value, ROLL_ACTIVATION_BLOB_MAX);
  roll_writer_uuid (&value, &activation->clsid);
  roll_writer_u32 (&value, CLASS_CONTEXT);
  roll_writer_zeros (&value, 2 * 4); /* actvflags, fIsSurrogate */
  roll_writer_u32 (&value, 1);
  roll_writer_u32 (&value, 0);
  roll_writer_u32 (&value, ROLL_NDR_REFERENT (0));
  size = roll_writer_reserve (&value, 4);
  roll_writer_u16 (&value, activation->version.major);
  roll_writer_u16 (&value, activation->version.minor);
  roll_writer_u32 (&value, 1);
  roll_writer_uuid (&value, &activation->iid);
  roll_writer_align (&value, 8);
  roll_writer_set_u32 (&value, size, (guint32) value.length + 16);
  roll_properties_writer_add (properties, ROLL_PROPERTY_INSTANTIATION, &value);
}

static void
add_context (RollPropertiesWriter *properties, const RollActivation *activation)
{
  RollWriter value;

  roll_writer_init (&value, ROLL_ACTIVATION_BLOB_MAX);
  roll_writer_zeros (&value, 4 * 4);
  roll_writer_u32 (&value, ROLL_NDR_REFERENT (0));
  roll_writer_u32 (&value, ROLL_NDR_NULL); /* no prototype */
  roll_activation_put_context (&value, &activation->cid);
  roll_properties_writer_add (properties, ROLL_PROPERTY_ACTIVATION_CONTEXT, &value);
}

/* Without the name of the server, as [MS-DCOM] 2.2.22.2.7 would have it */
static void
add_security (RollPropertiesWriter *properties)
{
  RollWriter value;

  roll_writer_init (&value, ROLL_ACTIVATION_BLOB_MAX);
  roll_writer_zeros (&value, 3 * 4);
  roll_properties_writer_add (properties, ROLL_PROPERTY_SECURITY, &value);
}

static void
add_location (RollPropertiesWriter *properties)
{
  RollWriter value;

  roll_writer_init (&value, ROLL_ACTIVATION_BLOB_MAX);
  roll_writer_zeros (&value, 4 * 4);
  roll_properties_writer_add (properties, ROLL_PROPERTY_LOCATION, &value);
}

static void
add_scm_request (RollPropertiesWriter *properties)
{
  RollWriter value;

  roll_writer_init (&value, ROLL_ACTIVATION_BLOB_MAX);
  roll_writer_u32 (&value, ROLL_NDR_NULL);
  roll_writer_u32 (&value, ROLL_NDR_REFERENT (0));
  roll_writer_u32 (&value, ROLL_ORPC_CLIENT_IMP_LEVEL);
  roll_writer_u16 (&value, 1);
  roll_ndr_put_u32 (&value, ROLL_NDR_REFERENT (1));
  roll_writer_u32 (&value, 1);
  roll_writer_u16 (&value, ROLL_TOWER_TCP);
  roll_properties_writer_add (properties, ROLL_PROPERTY_SCM_REQUEST, &value);
}

void
roll_orpc_put_create_instance (RollWriter *writer, const RollActivation *activation)
{
  const RollOrpcThis header = { activation->version, ACTIVATION_FLAGS, activation->cid };
  g_auto (RollPropertiesWriter) properties = { 0 };

  roll_properties_writer_init (&properties);
  add_special (&properties);
  add_instantiation (&properties, activation);
  add_context (&properties, activation);
  add_security (&properties);
  add_location (&properties);
  add_scm_request (&properties);

  roll_writer_orpc_this (writer, &header);
  roll_writer_u32 (writer, ROLL_NDR_NULL); /* pUnkOuter */
  roll_writer_u32 (writer, ROLL_NDR_REFERENT (0));
  roll_properties_writer_put (&properties, writer, ROLL_BLOB_IN);
}

static void
read_instantiation (RollReader *reader, RollActivation *activation)
{
  guint32 count;

  activation->clsid = roll_reader_uuid (reader);
  roll_reader_skip (reader, 3 * 4);
  count = roll_reader_u32 (reader);
  roll_reader_skip (reader, 4);
  roll_reader_require (reader, count > 0 && roll_ndr_pointer (reader), "no interface is asked for");
  roll_reader_skip (reader, 2 * 4);
  roll_ndr_conformance (reader, count);
  activation->iid = roll_reader_uuid (reader);
}

gboolean
roll_orpc_read_create_instance (RollReader *reader, RollActivation *ret_activation)
{
  RollActivationProperties properties;
  RollReader instantiation;
  RollOrpcThis header;

  *ret_activation = (RollActivation) { 0 };
  roll_reader_orpc_this (reader, &header);
  roll_ndr_skip_interface (reader); /* pUnkOuter */
  if (!roll_reader_require (reader, roll_ndr_pointer (reader), "no activation properties")
      || !roll_activation_properties_read (reader, ROLL_BLOB_IN, &properties))
    return FALSE;
  instantiation = roll_activation_properties_find (&properties, ROLL_PROPERTY_INSTANTIATION);
  ret_activation->version = header.version;
  ret_activation->cid = header.cid;
  read_instantiation (&instantiation, ret_activation);
  if (!roll_reader_require (reader, roll_reader_ok (&instantiation), instantiation.problem))
    *ret_activation = (RollActivation) { 0 };
  return roll_reader_ok (reader);
}

/* --- The answer ------------------------------------------------------------------------------------------------- */

static void
add_out (RollPropertiesWriter *properties, const RollActivated *activated, const RollUuid *iid)
{
  const gboolean failed = ROLL_HRESULT_FAILED (activated->interface_hresult);
  RollWriter value;

  roll_writer_init (&value, ROLL_ACTIVATION_BLOB_MAX);
  roll_writer_u32 (&value, 1);
  roll_writer_u32 (&value, ROLL_NDR_REFERENT (0));
  roll_writer_u32 (&value, ROLL_NDR_REFERENT (1));
  roll_writer_u32 (&value, ROLL_NDR_REFERENT (2));
  roll_writer_u32 (&value, 1);
  roll_writer_uuid (&value, iid);
  roll_writer_u32 (&value, 1);
  roll_writer_u32 (&value, activated->interface_hresult);
  roll_writer_u32 (&value, 1);
  roll_writer_u32 (&value, failed ? ROLL_NDR_NULL : ROLL_NDR_REFERENT (3));
  if (!failed)
    roll_orpc_put_activated_interface (&value, activated, iid);
  roll_properties_writer_add (properties, ROLL_PROPERTY_OUT, &value);
}

static void
add_scm_reply (RollPropertiesWriter *properties, const RollActivated *activated)
{
  RollWriter value;

  roll_writer_init (&value, ROLL_ACTIVATION_BLOB_MAX);
  roll_writer_u32 (&value, ROLL_NDR_NULL);
  roll_writer_u32 (&value, ROLL_NDR_REFERENT (0));
  roll_writer_u64 (&value, activated->oxid);
  roll_writer_u32 (&value, ROLL_NDR_REFERENT (1));
  roll_writer_uuid (&value, &activated->ipid_rem_unknown);
  roll_writer_u32 (&value, activated->authn_hint);
  roll_writer_u16 (&value, activated->version.major);
  roll_writer_u16 (&value, activated->version.minor);
  roll_ndr_put_dual_strings (&value, &activated->bindings);
  roll_properties_writer_add (properties, ROLL_PROPERTY_SCM_REPLY, &value);
}

void
roll_orpc_put_create_instance_answer (RollWriter *writer, const RollActivated *activated, const RollUuid *iid)
{
  g_auto (RollPropertiesWriter) properties = { 0 };

  roll_writer_orpc_that (writer);
  if (ROLL_HRESULT_FAILED (activated->hresult))
    roll_writer_u32 (writer, ROLL_NDR_NULL);
  else
    {
      roll_properties_writer_init (&properties);
      add_out (&properties, activated, iid);
      add_scm_reply (&properties, activated);
      roll_writer_u32 (writer, ROLL_NDR_REFERENT (0));
      roll_properties_writer_put (&properties, writer, ROLL_BLOB_OUT);
    }
  roll_ndr_put_u32 (writer, activated->hresult);
}

/* PropsOutInfo of the one interface asked for */
static void
read_out (RollReader *reader, RollActivated *activated)
{
  roll_ndr_conformance (reader, 1); /* cIfs */
  for (guint i = 0; i < 3; i++)
    roll_reader_require (reader, roll_ndr_pointer (reader), "a result of the activation is missing");
  roll_ndr_conformance (reader, 1);
  roll_reader_skip (reader, sizeof (RollUuid));
  roll_ndr_conformance (reader, 1);
  activated->interface_hresult = roll_orpc_hresult (roll_reader_u32 (reader));
  roll_ndr_conformance (reader, 1);
  if (activated->interface_hresult == 0)
    roll_reader_require (reader, roll_orpc_read_activated_interface (reader, activated),
                         "an object was made and is not there");
}

static void
read_scm_reply (RollReader *reader, RollActivated *activated)
{
  const gboolean reserved = roll_ndr_pointer (reader);

  roll_reader_require (reader, roll_ndr_pointer (reader), "a result of the activation is missing");
  if (reserved)
    roll_reader_skip (reader, 4);
  activated->oxid = roll_ndr_u64 (reader);
  roll_reader_require (reader, roll_ndr_pointer (reader), "an object without bindings");
  activated->ipid_rem_unknown = roll_reader_uuid (reader);
  activated->authn_hint = roll_reader_u32 (reader);
  activated->version.major = roll_reader_u16 (reader);
  activated->version.minor = roll_reader_u16 (reader);
  roll_ndr_dual_strings (reader, &activated->bindings);
}

static void
read_properties (RollReader *reader, RollActivated *activated)
{
  RollActivationProperties properties;
  RollReader property;

  if (!roll_activation_properties_read (reader, ROLL_BLOB_OUT, &properties))
    return;
  property = roll_activation_properties_find (&properties, ROLL_PROPERTY_OUT);
  read_out (&property, activated);
  if (roll_reader_require (reader, roll_reader_ok (&property), property.problem)
      && activated->interface_hresult == 0)
    {
      property = roll_activation_properties_find (&properties, ROLL_PROPERTY_SCM_REPLY);
      read_scm_reply (&property, activated);
      roll_reader_require (reader, roll_reader_ok (&property), property.problem);
    }
}

gboolean
roll_orpc_read_create_instance_answer (RollReader *reader, RollActivated *ret_activated)
{
  gboolean present;

  roll_orpc_activated_init (ret_activated);
  roll_reader_orpc_that (reader);
  present = roll_ndr_pointer (reader);
  if (present)
    read_properties (reader, ret_activated);
  ret_activated->hresult = roll_orpc_hresult (roll_ndr_u32 (reader));
  if (ret_activated->hresult != 0 || ret_activated->interface_hresult != 0)
    roll_orpc_activated_drop (ret_activated);
  else
    roll_reader_require (reader, present, "an object was made and is not there");
  if (!roll_reader_ok (reader))
    roll_activated_clear (ret_activated);
  return roll_reader_ok (reader);
}
