/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-orpc.h"
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
} RollDcomTarget;

RollDcom *roll_dcom_new (const RollDcomTarget *target);
void roll_dcom_free (RollDcom *self); /* closes everything; polite when roll_dcom_release() went before */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollDcom, roll_dcom_free)

/**
 * roll_dcom_negotiate: NEGOTIATE: ServerAlive2 without authentication.
 * @socket: connected to the endpoint mapper; taken over whatever happens
 */
gboolean roll_dcom_negotiate (RollDcom *self, int socket, GError **error);
RollComVersion roll_dcom_get_version (RollDcom *self); /* the lower of ours and theirs */

/**
 * roll_dcom_ask_name: an NTLM question on the endpoint mapper's port, before any logon: who is there?
 * Failure is no failure of the computer: its evidence is missing then.
 */
const RollNtlmChallenge *roll_dcom_ask_name (RollDcom *self, GError **error);

/* AUTHENTICATE: a new connection to the endpoint mapper, bound with a context of @logon. May be called again with another. */
gboolean roll_dcom_authenticate (RollDcom *self, const RollLogon *logon, GError **error);

/* ACTIVATE: RemoteCreateInstance, or RemoteActivation where that is not offered. REFUSED: the logon was, silently till now (T4). */
gboolean roll_dcom_activate (RollDcom *self, GError **error);

/* CONNECT_OBJECT: TCP to the port of the bindings. TRANSPORT with its errno, TIMED_OUT with ETIMEDOUT, RESULT with NO_BINDING. */
gboolean roll_dcom_connect_object (RollDcom *self, GError **error);

/* AUTHENTICATE_OBJECT: all interfaces in one bind. */
gboolean roll_dcom_authenticate_object (RollDcom *self, const RollLogon *logon, GError **error);

guint16 roll_dcom_get_object_port (RollDcom *self); /* 0 before it is known */
/* What the last NTLM challenge told; (nullable) */
const RollNtlmChallenge *roll_dcom_get_challenge (RollDcom *self);

/* Keeps the objects alive in a session longer than two minutes; does nothing before it is time. */
gboolean roll_dcom_ping (RollDcom *self, GError **error);

/* RemRelease for all that is held; best effort, waits no longer than a second. */
void roll_dcom_release (RollDcom *self);

G_END_DECLS
