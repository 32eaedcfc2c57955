/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-orpc.h"
#include "codec/roll-wmio.h"
#include "rpc/roll-association.h"
#include "wmi/roll-logon.h"

G_BEGIN_DECLS

/**
 * RollDcom: the way to the WMI service of one computer, step by step as protocol.md has it: each function is one step, blocks, and
 * fails with ROLL_RPC_ERROR, the number unchanged. A failing HRESULT is ROLL_RPC_ERROR_RESULT. Belongs to one thread.
 *
 * Every connection goes to the address that answered; names and addresses that a computer hands out are only read for their port.
 */
typedef struct _RollDcom RollDcom;

typedef struct
{
  RollAddress address;
  guint16 port;               /* the endpoint mapper's */
  guint connect_timeout_ms;
  guint watchdog_ms;          /* no progress for this long: TIMED_OUT */
  int cancel_fd;              /* borrowed; readable: CANCELLED; -1: none */
  RollWmiClassCache *classes; /* (nullable): borrowed; what queries bring is looked up there and kept */
} RollDcomTarget;

RollDcom *roll_dcom_new (const RollDcomTarget *target);
void roll_dcom_free (RollDcom *self); /* closes everything; polite when roll_dcom_release() went before */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollDcom, roll_dcom_free)

/**
 * roll_dcom_negotiate: NEGOTIATE: ServerAlive2 without authentication.
 * @socket: connected to the endpoint mapper; taken over whatever happens
 */
gboolean roll_dcom_negotiate (RollDcom *self, int socket, GError **error);
RollComVersion roll_dcom_get_version (RollDcom *self);        /* the lower of ours and theirs */
RollComVersion roll_dcom_get_server_version (RollDcom *self); /* 0.0 while not known */
const RollDualStrings *roll_dcom_get_names (RollDcom *self);  /* names and addresses it claims; evidence, never used; may be empty */

/**
 * roll_dcom_ask_name: an NTLM question on the endpoint mapper's port, before any logon: who is there? Waits some seconds at most.
 * Failure is no failure of the computer, unless CANCELLED: its evidence is missing then.
 *
 * Returns: (transfer none) (nullable): as roll_dcom_get_challenge()
 */
const RollNtlmChallenge *roll_dcom_ask_name (RollDcom *self, GError **error);

/* AUTHENTICATE: a new connection to the endpoint mapper, bound with a context of @logon. May be called again with another: what was
 * activated before is given up then. REJECTED: neither way of activation is offered. */
gboolean roll_dcom_authenticate (RollDcom *self, const RollLogon *logon, GError **error);

/* ACTIVATE: RemoteCreateInstance, or RemoteActivation where that is not offered. REFUSED: the logon was, silently till now. */
gboolean roll_dcom_activate (RollDcom *self, GError **error);

/* CONNECT_OBJECT: TCP to the port of the bindings. TRANSPORT with its errno, TIMED_OUT with ETIMEDOUT, RESULT with NO_BINDING. */
gboolean roll_dcom_connect_object (RollDcom *self, GError **error);

/* AUTHENTICATE_OBJECT: all interfaces in one bind. NTLM's refusal comes as REFUSED from the first roll_wmi_login(). */
gboolean roll_dcom_authenticate_object (RollDcom *self, const RollLogon *logon, GError **error);

guint16 roll_dcom_get_object_port (RollDcom *self); /* 0 before it is known */
/* What the first NTLM challenge told, refused or not, without its target_info; valid as long as @self; (nullable) */
const RollNtlmChallenge *roll_dcom_get_challenge (RollDcom *self);

/**
 * roll_dcom_ping: keeps the objects alive in a session longer than two minutes; does nothing before it is time. Queries and the
 * registry do this themselves; for who does something else in between. An unanswered ping is no error: what follows tells.
 *
 * Returns: FALSE with CANCELLED only
 */
gboolean roll_dcom_ping (RollDcom *self, GError **error);

/* RemRelease for all that is held; best effort, waits no longer than a second. */
void roll_dcom_release (RollDcom *self);

G_END_DECLS
