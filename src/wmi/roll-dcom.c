/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wmi/roll-dcom.h"

#include <string.h>
#include <unistd.h>

#include "wmi/roll-dcom-private.h"

#define OUR_MAJOR 5
#define OUR_MINOR 7
#define QUESTION_US (10 * G_USEC_PER_SEC)
#define STUB_MAX 65536
#define NCA_OP_RNG_ERROR 0x1c010002

/* --- Life -------------------------------------------------------------------------------------------------------- */

RollDcom *
roll_dcom_new (const RollDcomTarget *target)
{
  RollDcom *self;

  g_return_val_if_fail (target != NULL && target->address.family != AF_UNSPEC && target->connect_timeout_ms > 0, NULL);

  self = g_new0 (RollDcom, 1);
  self->target = *target;
  self->version = (RollComVersion) { OUR_MAJOR, OUR_MINOR };
  self->socket = -1;
  self->ping_us = ROLL_DCOM_PING_US;
  self->held = g_array_new (FALSE, FALSE, sizeof (RollHeld));
  roll_dual_strings_init (&self->alive.strings);
  for (guint i = 0; i < sizeof self->cid.bytes; i++)
    self->cid.bytes[i] = (guint8) g_random_int ();
  return self;
}

/* Gives up what was activated, so that it can be done anew. */
static void
forget_object (RollDcom *self)
{
  g_clear_pointer (&self->object, roll_association_free);
  if (self->socket >= 0)
    close (self->socket);
  self->socket = -1;
  self->releasing = 0;
  self->no_smart_enum = FALSE;
  g_array_set_size (self->held, 0);
  self->ping_set = 0;
}

static void
forget_activation (RollDcom *self)
{
  forget_object (self);
  if (self->active)
    roll_activated_clear (&self->activated);
  self->active = FALSE;
  self->object_port = 0;
}

void
roll_dcom_free (RollDcom *self)
{
  if (self == NULL)
    return;
  forget_activation (self);
  g_clear_pointer (&self->mapper, roll_association_free);
  g_array_unref (self->held);
  roll_server_alive_clear (&self->alive);
  roll_ntlm_challenge_clear (&self->challenge);
  g_free (self);
}

RollComVersion
roll_dcom_get_version (RollDcom *self)
{
  g_return_val_if_fail (self != NULL, ((RollComVersion) { 0, 0 }));

  return self->version;
}

RollComVersion
roll_dcom_get_server_version (RollDcom *self)
{
  g_return_val_if_fail (self != NULL, ((RollComVersion) { 0, 0 }));

  return self->alive.version;
}

const RollDualStrings *
roll_dcom_get_names (RollDcom *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return &self->alive.strings;
}

guint16
roll_dcom_get_object_port (RollDcom *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->object_port;
}

const RollNtlmChallenge *
roll_dcom_get_challenge (RollDcom *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->challenged ? &self->challenge : NULL;
}

/* --- Greeting ---------------------------------------------------------------------------------------------------- */

static void
agree_on_version (RollDcom *self, const RollComVersion *theirs)
{
  if (theirs->major < self->version.major
      || (theirs->major == self->version.major && theirs->minor < self->version.minor))
    self->version = *theirs;
}

static gboolean
take_server_alive (RollDcom *self, GBytes *answer, GError **error)
{
  g_auto (RollServerAlive) alive = { 0 };
  RollReader reader;

  roll_reader_init (&reader, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  if (!roll_orpc_read_server_alive (&reader, &alive))
    return roll_dcom_fail_malformed (error, "ServerAlive2", reader.problem);
  if (alive.status != 0)
    {
      roll_rpc_set_error (error, ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_WIN32, alive.status, ROLL_SAID_BY_PEER,
                          "ServerAlive2 was answered with %u", alive.status);
      return FALSE;
    }
  agree_on_version (self, &alive.version);
  roll_server_alive_clear (&self->alive);
  self->alive = alive;
  memset (&alive, 0, sizeof alive);
  return TRUE;
}

gboolean
roll_dcom_negotiate (RollDcom *self, int socket, GError **error)
{
  RollSyntax exporter = roll_dcom_syntax (&ROLL_IID_OBJECT_EXPORTER);
  g_autoptr (RollAssociation) association = NULL;
  g_autoptr (GBytes) answer = NULL;

  g_return_val_if_fail (self != NULL && socket >= 0, FALSE);

  association = roll_dcom_associate (self, socket);
  if (!roll_association_bind (association, &exporter, 1, NULL, error))
    return FALSE;
  answer = roll_association_call (association, &exporter, ROLL_OPNUM_SERVER_ALIVE2, NULL, NULL, 0, error);
  return answer != NULL && take_server_alive (self, answer, error);
}

/* The first one stays: names that are in use elsewhere must not change. */
static void
remember_challenge (RollDcom *self, RollAssociation *association)
{
  RollSecurity *security = roll_association_get_security (association);
  const RollNtlmChallenge *challenge = security != NULL ? roll_security_get_challenge (security) : NULL;

  if (challenge == NULL || self->challenged)
    return;
  self->challenge = *challenge;
  self->challenge.target_name = g_strdup (challenge->target_name);
  self->challenge.nb_computer = g_strdup (challenge->nb_computer);
  self->challenge.nb_domain = g_strdup (challenge->nb_domain);
  self->challenge.dns_computer = g_strdup (challenge->dns_computer);
  self->challenge.dns_domain = g_strdup (challenge->dns_domain);
  self->challenge.dns_tree = g_strdup (challenge->dns_tree);
  self->challenge.target_info = NULL;
  self->challenge.target_info_length = 0;
  self->challenged = TRUE;
}

const RollNtlmChallenge *
roll_dcom_ask_name (RollDcom *self, GError **error)
{
  RollSyntax exporter = roll_dcom_syntax (&ROLL_IID_OBJECT_EXPORTER);
  g_autoptr (RollAssociation) association = NULL;
  g_autoptr (GError) failure = NULL;
  int fd;

  g_return_val_if_fail (self != NULL, NULL);

  fd = roll_dcom_connect (self, self->target.port, error);
  if (fd < 0)
    return NULL;
  association = roll_dcom_associate (self, fd);
  roll_association_set_deadline (association, g_get_monotonic_time () + QUESTION_US);
  roll_association_bind (association, &exporter, 1, roll_security_new_ntlm_question (), &failure);
  remember_challenge (self, association);
  if (!self->challenged)
    g_propagate_error (error, g_steal_pointer (&failure));
  return roll_dcom_get_challenge (self);
}

/* --- Logging on and activating ----------------------------------------------------------------------------------- */

static RollAssociation *
bind_logged_on (RollDcom *self, int fd, const RollSyntax *interfaces, guint n, RollSecurity *security, GError **error)
{
  g_autoptr (RollAssociation) association = roll_dcom_associate (self, fd);
  gboolean ok = roll_association_bind (association, interfaces, n, security, error);

  remember_challenge (self, association);
  return ok ? g_steal_pointer (&association) : NULL;
}

static gboolean
offers (RollAssociation *association, const RollUuid *iid)
{
  RollSyntax syntax = roll_dcom_syntax (iid);

  return roll_association_has (association, &syntax);
}

static gboolean
fail_no_activator (GError **error)
{
  roll_rpc_set_error (error, ROLL_RPC_ERROR_REJECTED, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_INTERFACE_REJECTED,
                      ROLL_SAID_BY_PEER, "the server does not offer to activate anything");
  return FALSE;
}

gboolean
roll_dcom_authenticate (RollDcom *self, const RollLogon *logon, GError **error)
{
  const RollSyntax interfaces[]
      = { roll_dcom_syntax (&ROLL_IID_SCM_ACTIVATOR), roll_dcom_syntax (&ROLL_IID_ACTIVATION),
          roll_dcom_syntax (&ROLL_IID_OBJECT_EXPORTER) };
  g_autoptr (RollSecurity) security = NULL;
  int fd;

  g_return_val_if_fail (self != NULL && logon != NULL, FALSE);

  forget_activation (self);
  g_clear_pointer (&self->mapper, roll_association_free);
  security = roll_logon_new_security (logon, error);
  if (security == NULL)
    return FALSE;
  fd = roll_dcom_connect (self, self->target.port, error);
  if (fd < 0)
    return FALSE;
  self->mapper = bind_logged_on (self, fd, interfaces, G_N_ELEMENTS (interfaces), g_steal_pointer (&security), error);
  if (self->mapper == NULL)
    return FALSE;
  return offers (self->mapper, &ROLL_IID_SCM_ACTIVATOR) || offers (self->mapper, &ROLL_IID_ACTIVATION)
         || fail_no_activator (error);
}

typedef struct
{
  const char *name;
  const RollUuid *iid;
  guint16 opnum;
  void (*put) (RollWriter *writer, const RollActivation *activation);
  gboolean (*read) (RollReader *reader, RollActivated *ret_activated);
} ActivationCall;

static const ActivationCall create_instance
    = { "RemoteCreateInstance", &ROLL_IID_SCM_ACTIVATOR, ROLL_OPNUM_REMOTE_CREATE_INSTANCE,
        roll_orpc_put_create_instance, roll_orpc_read_create_instance_answer };
static const ActivationCall remote_activation
    = { "RemoteActivation", &ROLL_IID_ACTIVATION, ROLL_OPNUM_REMOTE_ACTIVATION, roll_orpc_put_remote_activation,
        roll_orpc_read_remote_activation_answer };

static gboolean
take_activated (RollDcom *self, const ActivationCall *call, GBytes *answer, GError **error)
{
  g_auto (RollActivated) activated = { 0 };
  guint32 hresult;
  RollReader reader;
  gboolean well;

  roll_reader_init (&reader, g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
  well = call->read (&reader, &activated);
  hresult = (gint32) activated.hresult < 0 ? activated.hresult : activated.interface_hresult;
  if (!roll_dcom_check (well, &reader, hresult, call->name, error))
    return FALSE;
  if (activated.version.major != 0)
    agree_on_version (self, &activated.version);
  self->activated = activated;
  self->active = TRUE;
  memset (&activated, 0, sizeof activated);
  return TRUE;
}

static gboolean
activate_by (RollDcom *self, const ActivationCall *call, GError **error)
{
  RollOrpcThis header = roll_dcom_begin (self);
  const RollActivation activation = { .version = self->version,
                                      .cid = header.cid,
                                      .clsid = ROLL_CLSID_WBEM_LEVEL1_LOGIN,
                                      .iid = ROLL_IID_WBEM_LEVEL1_LOGIN };
  RollSyntax syntax = roll_dcom_syntax (call->iid);
  g_auto (RollWriter) stub = { 0 };
  g_autoptr (GBytes) answer = NULL;

  roll_writer_init (&stub, STUB_MAX);
  call->put (&stub, &activation);
  answer = roll_association_call (self->mapper, &syntax, call->opnum, NULL, stub.data, stub.length, error);
  return answer != NULL && take_activated (self, call, answer, error);
}

/* A service that offers the interface and not this operation of it. */
static gboolean
lacks_operation (const GError *error)
{
  RollErrorNumber number = roll_rpc_error_get_number (error);

  return g_error_matches (error, ROLL_RPC_ERROR, ROLL_RPC_ERROR_FAULT) && number.space == ROLL_ERROR_SPACE_NCA
         && number.number == NCA_OP_RNG_ERROR;
}

gboolean
roll_dcom_activate (RollDcom *self, GError **error)
{
  g_autoptr (GError) failure = NULL;

  g_return_val_if_fail (self != NULL && self->mapper != NULL, FALSE);

  forget_activation (self);
  self->next_ping = g_get_monotonic_time () + self->ping_us;
  if (!offers (self->mapper, &ROLL_IID_SCM_ACTIVATOR))
    return activate_by (self, &remote_activation, error);
  if (activate_by (self, &create_instance, &failure))
    return TRUE;
  if (lacks_operation (failure) && offers (self->mapper, &ROLL_IID_ACTIVATION))
    return activate_by (self, &remote_activation, error);
  g_propagate_error (error, g_steal_pointer (&failure));
  return FALSE;
}

/* --- The object -------------------------------------------------------------------------------------------------- */

/* Names and addresses in bindings are not looked at: they may be another computer's. */
static guint16
port_of_bindings (const RollDualStrings *bindings)
{
  for (guint i = 0; i < bindings->strings->len; i++)
    {
      const RollStringBinding *binding = &g_array_index (bindings->strings, RollStringBinding, i);
      guint16 port = binding->tower == ROLL_TOWER_TCP ? roll_binding_get_port (binding->address, NULL) : 0;

      if (port != 0)
        return port;
    }
  return 0;
}

gboolean
roll_dcom_connect_object (RollDcom *self, GError **error)
{
  g_return_val_if_fail (self != NULL && self->active, FALSE);

  forget_object (self);
  self->object_port = port_of_bindings (&self->activated.bindings);
  if (self->object_port == 0)
    {
      roll_rpc_set_error (error, ROLL_RPC_ERROR_RESULT, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_NO_BINDING,
                          ROLL_SAID_BY_PEER, "the server names no TCP port for the object");
      return FALSE;
    }
  self->socket = roll_dcom_connect (self, self->object_port, error);
  return self->socket >= 0;
}

static void
hold_login (RollDcom *self)
{
  const RollStdObjref std = { .public_refs = self->activated.public_refs, .oxid = self->activated.oxid,
                              .oid = self->activated.oid, .ipid = self->activated.ipid };

  roll_dcom_hold (self, &std);
}

gboolean
roll_dcom_authenticate_object (RollDcom *self, const RollLogon *logon, GError **error)
{
  const RollSyntax interfaces[]
      = { roll_dcom_syntax (&ROLL_IID_WBEM_LEVEL1_LOGIN),      roll_dcom_syntax (&ROLL_IID_WBEM_SERVICES),
          roll_dcom_syntax (&ROLL_IID_ENUM_WBEM_CLASS_OBJECT), roll_dcom_syntax (&ROLL_IID_REM_UNKNOWN2),
          roll_dcom_syntax (&ROLL_IID_REM_UNKNOWN),            roll_dcom_syntax (&ROLL_IID_WBEM_FETCH_SMART_ENUM),
          roll_dcom_syntax (&ROLL_IID_WBEM_WCO_SMART_ENUM) };
  g_autoptr (RollSecurity) security = NULL;

  g_return_val_if_fail (self != NULL && logon != NULL && self->active, FALSE);

  if (self->socket < 0 && !roll_dcom_connect_object (self, error))
    return FALSE;
  security = roll_logon_new_security (logon, error);
  if (security == NULL)
    return FALSE;
  self->object = bind_logged_on (self, g_steal_fd (&self->socket), interfaces, G_N_ELEMENTS (interfaces),
                                 g_steal_pointer (&security), error);
  if (self->object == NULL)
    return FALSE;
  hold_login (self);
  return TRUE;
}
