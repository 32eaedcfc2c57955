/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-wbem.h"
#include "lab/roll-lab-machine.h"
#include "lab/roll-lab-objects.h"

#define ANSWER_MAX ((gsize) 4 << 20)
#define NCA_ACCESS_DENIED 5
#define NCA_OPNUM_RANGE 0x1c010002
#define NCA_BAD_STUB 0x000006f7
#define RPC_E_DISCONNECTED 0x80010108
#define E_NO_INTERFACE 0x80004002u
#define WBEM_E_INVALID_NAMESPACE 0x8004100eu
#define WBEM_E_OUT_OF_MEMORY 0x80041006u
#define WBEM_E_NOT_FOUND 0x80041002u
#define RETURN_IMMEDIATELY 0x10u

static gboolean
is_one_of (const RollUuid *interface, const RollUuid *const *list)
{
  for (guint i = 0; list[i] != NULL; i++)
    if (roll_uuid_equal (interface, list[i]))
      return TRUE;
  return FALSE;
}

gboolean
roll_lab_wmi_offers (RollLabConnection *self, const RollUuid *interface)
{
  static const RollUuid *const plain[] = { &ROLL_IID_REM_UNKNOWN,   &ROLL_IID_REM_UNKNOWN2,
                                           &ROLL_IID_WBEM_LEVEL1_LOGIN, &ROLL_IID_WBEM_SERVICES,
                                           &ROLL_IID_ENUM_WBEM_CLASS_OBJECT, NULL };
  static const RollUuid *const smart[] = { &ROLL_IID_WBEM_FETCH_SMART_ENUM, &ROLL_IID_WBEM_WCO_SMART_ENUM,
                                           NULL };

  return is_one_of (interface, plain)
         || (roll_lab_has (self, ROLL_LAB_NOT_SMART) == NULL && is_one_of (interface, smart));
}

/* --- IRemUnknown ------------------------------------------------------------------------------------------------- */

static void
query_interface (RollLabConnection *self, const RollAcceptorCall *call, RollReader *reader)
{
  RollStdObjref std = { 0 };
  RollOrpcThis header;
  RollUuid ipid, iid;
  RollLabKind kind;
  guint32 id;
  RollLabEnumerator *enumerator = NULL;
  g_auto (RollWriter) stub = { 0 };

  if (!roll_orpc_read_rem_query_interface (reader, &header, &ipid, &iid))
    {
      roll_lab_answer_fault (self, &call->ticket, NCA_BAD_STUB);
      return;
    }
  if (roll_lab_read_ipid (self, &ipid, &kind, &id) && kind == ROLL_LAB_ENUMERATOR
      && roll_uuid_equal (&iid, &ROLL_IID_WBEM_FETCH_SMART_ENUM) && roll_lab_wmi_offers (self, &iid))
    enumerator = roll_lab_enumerator_find (self->objects, id);
  if (enumerator != NULL)
    {
      enumerator->held |= 1u << ROLL_LAB_FETCH_SMART;
      std = roll_lab_std (self, ROLL_LAB_FETCH_SMART, id);
    }
  roll_writer_init (&stub, ANSWER_MAX);
  roll_orpc_put_rem_query_interface_answer (&stub, enumerator != NULL ? 0 : E_NO_INTERFACE,
                                            enumerator != NULL ? &std : NULL);
  roll_lab_answer (self, &call->ticket, &stub);
}

static void
release (RollLabConnection *self, const RollAcceptorCall *call, RollReader *reader)
{
  g_autoptr (GArray) refs = g_array_new (FALSE, FALSE, sizeof (RollRemRef));
  g_auto (RollWriter) stub = { 0 };
  RollOrpcThis header;

  if (!roll_orpc_read_rem_release (reader, &header, refs))
    {
      roll_lab_answer_fault (self, &call->ticket, NCA_BAD_STUB);
      return;
    }
  for (guint i = 0; i < refs->len; i++)
    {
      RollLabKind kind;
      guint32 id;

      if (roll_lab_read_ipid (self, &g_array_index (refs, RollRemRef, i).ipid, &kind, &id)
          && kind >= ROLL_LAB_ENUMERATOR)
        roll_lab_enumerator_release (self->objects, kind, id);
    }
  roll_writer_init (&stub, ANSWER_MAX);
  roll_orpc_put_plain_answer (&stub, 0);
  roll_lab_answer (self, &call->ticket, &stub);
}

static void
rem_unknown_call (RollLabConnection *self, const RollAcceptorCall *call, RollReader *reader)
{
  if (call->opnum == ROLL_OPNUM_REM_QUERY_INTERFACE)
    query_interface (self, call, reader);
  else if (call->opnum == ROLL_OPNUM_REM_RELEASE)
    release (self, call, reader);
  else
    roll_lab_answer_fault (self, &call->ticket, NCA_OPNUM_RANGE);
}

/* --- IWbemLevel1Login -------------------------------------------------------------------------------------------- */

/* @id: of the object; without one there is @hresult. */
static void
answer_interface (RollLabConnection *self, const RollAcceptorCall *call, const RollUuid *iid,
                  RollLabKind kind, guint32 id, guint32 hresult)
{
  const RollStdObjref std = roll_lab_std (self, kind, id);
  g_auto (RollDualStrings) bindings = { 0 };
  g_auto (RollWriter) stub = { 0 };

  roll_lab_put_bindings (self, &bindings);
  roll_writer_init (&stub, ANSWER_MAX);
  roll_wbem_put_interface_answer (&stub, iid, hresult == 0 ? &std : NULL, &bindings, hresult);
  roll_lab_answer (self, &call->ticket, &stub);
}

static RollLabStep
step_of_login (int namespace_)
{
  if (namespace_ == ROLL_LAB_NAMESPACE_DEFAULT)
    return ROLL_LAB_STEP_LOGIN_DEFAULT;
  return namespace_ == ROLL_LAB_NAMESPACE_CIMV2 ? ROLL_LAB_STEP_LOGIN_CIMV2 : ROLL_LAB_STEP_LOGIN_OTHER;
}

static void
login (RollLabConnection *self, const RollAcceptorCall *call, RollReader *reader)
{
  g_autofree char *name = NULL;
  RollOrpcThis header;
  guint32 hresult;
  int found;

  if (!roll_wbem_read_ntlm_login (reader, &header, &name))
    {
      roll_lab_answer_fault (self, &call->ticket, NCA_BAD_STUB);
      return;
    }
  found = roll_lab_namespace_find (self->machine, name);
  if (roll_lab_strike (self, &call->ticket, step_of_login (found), NULL, &hresult))
    return;
  if (hresult == 0 && found < 0)
    hresult = WBEM_E_INVALID_NAMESPACE;
  answer_interface (self, call, &ROLL_IID_WBEM_SERVICES, ROLL_LAB_SERVICES, (guint32) MAX (found, 0),
                    hresult);
}

/* --- IWbemServices ----------------------------------------------------------------------------------------------- */

/* What is wrong with a query is told at once, or with its first rows to those who do not want to wait. */
static void
exec_query (RollLabConnection *self, const RollAcceptorCall *call, guint32 namespace_, RollReader *reader)
{
  g_autofree char *text = NULL;
  RollLabEnumerator *enumerator = NULL;
  RollLabQuery *query;
  RollOrpcThis header;
  guint32 flags, hresult, failure;

  if (!roll_wbem_read_exec_query (reader, &header, &text, &flags))
    {
      roll_lab_answer_fault (self, &call->ticket, NCA_BAD_STUB);
      return;
    }
  roll_lab_count (self->lab, self->computer, ROLL_LAB_COUNT_QUERY);
  query = roll_lab_query_new (self->machine, namespace_, text, &failure);
  if (roll_lab_strike (self, &call->ticket, ROLL_LAB_STEP_QUERY,
                       query != NULL ? roll_lab_query_get_class (query) : NULL, &hresult))
    {
      roll_lab_query_free (query);
      return;
    }
  if (hresult == 0 && (failure == 0 || (flags & RETURN_IMMEDIATELY) != 0))
    enumerator = roll_lab_enumerator_add (self->objects, g_steal_pointer (&query), failure);
  roll_lab_query_free (query);
  if (enumerator == NULL && hresult == 0)
    hresult = failure != 0 ? failure : WBEM_E_OUT_OF_MEMORY;
  answer_interface (self, call, &ROLL_IID_ENUM_WBEM_CLASS_OBJECT, ROLL_LAB_ENUMERATOR,
                    enumerator != NULL ? enumerator->id : 0, hresult);
}

static void
get_object (RollLabConnection *self, const RollAcceptorCall *call, guint32 namespace_, RollReader *reader)
{
  g_autoptr (RollWmiObject) object = NULL;
  g_autofree char *path = NULL;
  g_auto (RollWriter) unit = { 0 };
  g_auto (RollWriter) stub = { 0 };
  RollOrpcThis header;
  guint32 hresult;

  if (!roll_wbem_read_get_object (reader, &header, &path))
    {
      roll_lab_answer_fault (self, &call->ticket, NCA_BAD_STUB);
      return;
    }
  if (roll_lab_strike (self, &call->ticket, ROLL_LAB_STEP_GET_OBJECT, path, &hresult))
    return;
  if (hresult == 0)
    object = roll_lab_class_object (self->machine, namespace_, path);
  if (hresult == 0 && object == NULL)
    hresult = WBEM_E_NOT_FOUND;
  roll_writer_init (&unit, ANSWER_MAX);
  roll_writer_init (&stub, ANSWER_MAX);
  if (object != NULL)
    roll_wmio_encode (&unit, object);
  roll_wbem_put_object_answer (&stub, object != NULL ? unit.data : NULL, unit.length, hresult);
  roll_lab_answer (self, &call->ticket, &stub);
}

static void
exec_method (RollLabConnection *self, const RollAcceptorCall *call, guint32 namespace_, RollReader *reader)
{
  g_autofree char *path = NULL, *method = NULL;
  g_autoptr (RollWmiObject) in = NULL;
  g_autoptr (RollWmiObject) out = NULL;
  g_auto (RollWriter) unit = { 0 };
  g_auto (RollWriter) stub = { 0 };
  RollOrpcThis header;
  const guint8 *bytes;
  gsize length;
  guint32 hresult;

  if (!roll_wbem_read_exec_method (reader, &header, &path, &method, &bytes, &length))
    {
      roll_lab_answer_fault (self, &call->ticket, NCA_BAD_STUB);
      return;
    }
  roll_lab_count (self->lab, self->computer, ROLL_LAB_COUNT_METHOD);
  roll_lab_count_call (self->lab, "IWbemServices", call->opnum, method);
  if (roll_lab_strike (self, &call->ticket, ROLL_LAB_STEP_METHOD, method, &hresult))
    return;
  in = bytes != NULL ? roll_wmio_decode_known (bytes, length, roll_lab_registry_in_class (method), NULL, NULL) : NULL;
  if (hresult == 0)
    out = roll_lab_registry_call (self->objects->registry, self->machine, namespace_, path, method, in,
                                  &hresult);
  roll_writer_init (&unit, ANSWER_MAX);
  roll_writer_init (&stub, ANSWER_MAX);
  if (out != NULL)
    roll_wmio_encode (&unit, out);
  roll_wbem_put_method_answer (&stub, out != NULL ? unit.data : NULL, unit.length, hresult);
  roll_lab_answer (self, &call->ticket, &stub);
}

static void
services_call (RollLabConnection *self, const RollAcceptorCall *call, guint32 namespace_, RollReader *reader)
{
  switch (call->opnum)
    {
    case ROLL_OPNUM_GET_OBJECT:
      get_object (self, call, namespace_, reader);
      break;
    case ROLL_OPNUM_EXEC_QUERY:
      exec_query (self, call, namespace_, reader);
      break;
    case ROLL_OPNUM_EXEC_METHOD:
      exec_method (self, call, namespace_, reader);
      break;
    default:
      roll_lab_answer_fault (self, &call->ticket, NCA_OPNUM_RANGE);
    }
}

/* --- All of them ------------------------------------------------------------------------------------------------- */

static void
object_call (RollLabConnection *self, const RollAcceptorCall *call, RollLabKind kind, guint32 id,
             RollReader *reader)
{
  switch (kind)
    {
    case ROLL_LAB_REM_UNKNOWN:
      rem_unknown_call (self, call, reader);
      break;
    case ROLL_LAB_LOGIN:
      if (call->opnum == ROLL_OPNUM_NTLM_LOGIN)
        login (self, call, reader);
      else
        roll_lab_answer_fault (self, &call->ticket, NCA_OPNUM_RANGE);
      break;
    case ROLL_LAB_SERVICES:
      services_call (self, call, id, reader);
      break;
    case ROLL_LAB_ENUMERATOR:
    case ROLL_LAB_FETCH_SMART:
    case ROLL_LAB_SMART:
      roll_lab_enumerator_call (self, call, kind, id, reader);
      break;
    default:
      roll_lab_answer_fault (self, &call->ticket, RPC_E_DISCONNECTED);
    }
}

void
roll_lab_wmi_call (RollLabConnection *self, const RollAcceptorCall *call)
{
  RollReader reader;
  RollLabKind kind;
  guint32 id;

  if (call->opnum != ROLL_OPNUM_EXEC_METHOD
      || !roll_uuid_equal (&call->interface.uuid, &ROLL_IID_WBEM_SERVICES))
    roll_lab_count_call (self->lab, roll_lab_interface_name (&call->interface.uuid), call->opnum, NULL);
  roll_reader_init (&reader, call->stub, call->length);
  if (call->ticket.security == NULL)
    roll_lab_answer_fault (self, &call->ticket, NCA_ACCESS_DENIED);
  else if (!call->has_object || !roll_lab_read_ipid (self, &call->object, &kind, &id))
    roll_lab_answer_fault (self, &call->ticket, RPC_E_DISCONNECTED);
  else
    object_call (self, call, kind, id, &reader);
}
