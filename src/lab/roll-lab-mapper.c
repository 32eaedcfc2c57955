/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-orpc.h"
#include "lab/roll-lab-connection.h"
#include "lab/roll-lab-machine.h"
#include "lab/roll-lab-objects.h"

#define ANSWER_MAX 65536
#define TOWER_PIPE 0x0f /* ncacn_np */
#define AUTHN_NTLM 10
#define AUTHN_SPNEGO 9
#define AUTHN_HINT 5 /* packet integrity */

#define NCA_ACCESS_DENIED 5
#define NCA_OPNUM_RANGE 0x1c010002
#define NCA_BAD_STUB 0x000006f7
#define E_CLASS_NOT_REGISTERED 0x80040154u
#define E_VERSION_MISMATCH 0x80010110u
#define E_INVALID_HEADER 0x80010111u

/* Addresses of others: [RFC 5737]. */
#define FOREIGN_NAME "DECOY"
#define FOREIGN_ADDRESS "192.0.2.66"

gboolean
roll_lab_mapper_offers (RollLabConnection *self, const RollUuid *interface)
{
  if (roll_uuid_equal (interface, &ROLL_IID_OBJECT_EXPORTER))
    return TRUE;
  if (roll_lab_has (self, ROLL_LAB_NO_ACTIVATOR) != NULL)
    return FALSE;
  return roll_uuid_equal (interface, &ROLL_IID_ACTIVATION)
         || (roll_uuid_equal (interface, &ROLL_IID_SCM_ACTIVATOR)
             && roll_lab_has (self, ROLL_LAB_OLD_ACTIVATOR) == NULL);
}

static RollComVersion
com_version (RollLabConnection *self)
{
  const RollLabTrouble *old = roll_lab_has (self, ROLL_LAB_OLD_COM);

  return (RollComVersion) { 5, old != NULL ? (guint16) old->number : 7 };
}

/* --- Names and addresses ----------------------------------------------------------------------------------------- */

static void
add_bindings (RollLabConnection *self, const char *suffix, RollDualStrings *strings)
{
  gboolean foreign = roll_lab_has (self, ROLL_LAB_FOREIGN) != NULL;
  char address[ROLL_ADDRESS_STRLEN];
  g_autofree char *name = g_strconcat (foreign ? FOREIGN_NAME : self->machine->netbios, suffix, NULL);
  g_autofree char *number = NULL;

  roll_address_format (&self->machine->computer->address, address);
  number = g_strconcat (foreign ? FOREIGN_ADDRESS : address, suffix, NULL);
  roll_dual_strings_add (strings, ROLL_TOWER_TCP, name);
  roll_dual_strings_add (strings, ROLL_TOWER_TCP, number);
}

static guint16
object_port (RollLabConnection *self)
{
  if (roll_lab_has (self, ROLL_LAB_PORT_CLOSED) != NULL)
    return self->lab->object_port + ROLL_LAB_CLOSED_PORT;
  if (roll_lab_has (self, ROLL_LAB_PORT_SILENT) != NULL)
    return self->lab->object_port + ROLL_LAB_SILENT_PORT;
  return self->lab->object_port;
}

void
roll_lab_put_bindings (RollLabConnection *self, RollDualStrings *strings)
{
  roll_dual_strings_init (strings);
  if (roll_lab_has (self, ROLL_LAB_NO_BINDING) != NULL)
    {
      g_autofree char *pipe = g_strdup_printf ("\\\\%s[\\PIPE\\atsvc]", self->machine->netbios);

      roll_dual_strings_add (strings, TOWER_PIPE, pipe);
    }
  else
    {
      g_autofree char *port = g_strdup_printf ("[%u]", object_port (self));

      add_bindings (self, port, strings);
    }
  roll_dual_strings_add_security (strings, AUTHN_SPNEGO);
  roll_dual_strings_add_security (strings, AUTHN_NTLM);
}

/* --- IObjectExporter --------------------------------------------------------------------------------------------- */

static void
alive (RollLabConnection *self, const RollAcceptorCall *call)
{
  g_auto (RollServerAlive) answer = { .version = com_version (self) };
  g_auto (RollWriter) stub = { 0 };

  if (roll_lab_strike (self, &call->ticket, ROLL_LAB_STEP_ALIVE, NULL, &answer.status))
    return;
  roll_dual_strings_init (&answer.strings);
  add_bindings (self, "", &answer.strings);
  roll_dual_strings_add_security (&answer.strings, AUTHN_SPNEGO);
  roll_dual_strings_add_security (&answer.strings, AUTHN_NTLM);
  roll_writer_init (&stub, ANSWER_MAX);
  roll_orpc_put_server_alive (&stub, &answer);
  roll_lab_answer (self, &call->ticket, &stub);
}

/* Objects here live as long as their connection; sets of them are taken as told. */
static void
ping (RollLabConnection *self, const RollAcceptorCall *call, RollReader *reader)
{
  g_auto (RollWriter) stub = { 0 };
  guint64 set_id;
  guint n_added;

  roll_writer_init (&stub, ANSWER_MAX);
  if (call->opnum == ROLL_OPNUM_COMPLEX_PING && roll_orpc_read_complex_ping (reader, &set_id, &n_added))
    roll_orpc_put_complex_ping_answer (
        &stub, set_id != 0 ? set_id : self->machine->seed + G_GUINT64_CONSTANT (1), 0);
  else if (call->opnum == ROLL_OPNUM_SIMPLE_PING && roll_orpc_read_simple_ping (reader, &set_id))
    roll_writer_u32 (&stub, 0);
  else
    {
      roll_lab_answer_fault (self, &call->ticket, NCA_BAD_STUB);
      return;
    }
  roll_lab_answer (self, &call->ticket, &stub);
}

/* --- Activation -------------------------------------------------------------------------------------------------- */

static guint32
check_activation (RollLabConnection *self, const RollActivation *activation)
{
  RollComVersion own = com_version (self);

  if (activation->version.major != own.major || activation->version.minor > own.minor)
    return E_VERSION_MISMATCH;
  if (own.minor >= 7 && activation->version.minor < 6)
    return E_INVALID_HEADER;
  if (!roll_uuid_equal (&activation->clsid, &ROLL_CLSID_WBEM_LEVEL1_LOGIN)
      || !roll_uuid_equal (&activation->iid, &ROLL_IID_WBEM_LEVEL1_LOGIN))
    return E_CLASS_NOT_REGISTERED;
  return 0;
}

static void
activate (RollLabConnection *self, const RollAcceptorCall *call, const RollActivation *activation,
          gboolean older)
{
  g_auto (RollActivated) answer = { 0 };
  g_auto (RollWriter) stub = { 0 };

  roll_lab_count (self->lab, self->computer, ROLL_LAB_COUNT_ACTIVATION);
  if (roll_lab_strike (self, &call->ticket, ROLL_LAB_STEP_ACTIVATE, NULL, &answer.hresult))
    return;
  if (answer.hresult == 0)
    answer.hresult = check_activation (self, activation);
  answer.oxid = roll_lab_oxid (self);
  answer.oid = roll_lab_oid (self, ROLL_LAB_LOGIN, 0);
  answer.ipid_rem_unknown = roll_lab_ipid (self, ROLL_LAB_REM_UNKNOWN, 0);
  answer.ipid = roll_lab_ipid (self, ROLL_LAB_LOGIN, 0);
  answer.public_refs = ROLL_LAB_PUBLIC_REFS;
  answer.authn_hint = AUTHN_HINT;
  answer.version = com_version (self);
  roll_lab_put_bindings (self, &answer.bindings);

  roll_writer_init (&stub, ANSWER_MAX);
  if (older)
    roll_orpc_put_remote_activation_answer (&stub, &answer, &activation->iid);
  else
    roll_orpc_put_create_instance_answer (&stub, &answer, &activation->iid);
  roll_lab_answer (self, &call->ticket, &stub);
}

static void
exporter_call (RollLabConnection *self, const RollAcceptorCall *call, RollReader *reader)
{
  if (call->opnum == ROLL_OPNUM_SERVER_ALIVE2)
    alive (self, call);
  else if (call->opnum == ROLL_OPNUM_SIMPLE_PING || call->opnum == ROLL_OPNUM_COMPLEX_PING)
    ping (self, call, reader);
  else
    roll_lab_answer_fault (self, &call->ticket, NCA_OPNUM_RANGE);
}

static void
activation_call (RollLabConnection *self, const RollAcceptorCall *call, RollReader *reader)
{
  gboolean older = roll_uuid_equal (&call->interface.uuid, &ROLL_IID_ACTIVATION);
  RollActivation activation;

  if (call->ticket.security == NULL)
    roll_lab_answer_fault (self, &call->ticket, NCA_ACCESS_DENIED);
  else if (call->opnum != (older ? ROLL_OPNUM_REMOTE_ACTIVATION : ROLL_OPNUM_REMOTE_CREATE_INSTANCE))
    roll_lab_answer_fault (self, &call->ticket, NCA_OPNUM_RANGE);
  else if (older ? roll_orpc_read_remote_activation (reader, &activation)
                 : roll_orpc_read_create_instance (reader, &activation))
    activate (self, call, &activation, older);
  else
    roll_lab_answer_fault (self, &call->ticket, NCA_BAD_STUB);
}

void
roll_lab_mapper_call (RollLabConnection *self, const RollAcceptorCall *call)
{
  RollReader reader;

  roll_lab_count_call (self->lab, roll_lab_interface_name (&call->interface.uuid), call->opnum, NULL);
  roll_reader_init (&reader, call->stub, call->length);
  if (roll_uuid_equal (&call->interface.uuid, &ROLL_IID_OBJECT_EXPORTER))
    exporter_call (self, call, &reader);
  else
    activation_call (self, call, &reader);
}
