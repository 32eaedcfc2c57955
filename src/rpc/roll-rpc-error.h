/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "inventory/roll-attempt.h"
#include "status/roll-error.h"

G_BEGIN_DECLS

/*
 * The one error domain of the conversation. The code says what kind of failure it is; the number as it was told, in its space,
 * and who told it travel along unchanged to the evidence and to roll_verdict().
 */
#define ROLL_RPC_ERROR (roll_rpc_error_quark ())
GQuark roll_rpc_error_quark (void);

typedef enum
{
  ROLL_RPC_ERROR_TRANSPORT,     /* the connection: errno, or the peer closed it */
  ROLL_RPC_ERROR_TIMED_OUT,     /* no progress for the watchdog's time */
  ROLL_RPC_ERROR_CANCELLED,     /* by us */
  ROLL_RPC_ERROR_PROTOCOL,      /* an answer that breaks the protocol, or a bad signature */
  ROLL_RPC_ERROR_REFUSED,       /* the logon: bind_nak, KDC, a fault on the first request */
  ROLL_RPC_ERROR_REJECTED,      /* an interface that is not offered */
  ROLL_RPC_ERROR_FAULT,         /* a fault PDU to a call */
  ROLL_RPC_ERROR_RESULT,        /* a call that was answered with a failing HRESULT, or with nothing to go on with */
} RollRpcError;

/* @text: static or formatted, English, for evidence; the pane words the number itself. */
void roll_rpc_set_error (GError **error, RollRpcError code, RollErrorSpace space, guint32 number, RollSaidBy said_by,
                         const char *format, ...) G_GNUC_PRINTF (6, 7);

/* The number an error of this domain carries; NONE for any other error. */
RollErrorNumber roll_rpc_error_get_number (const GError *error);
RollSaidBy roll_rpc_error_get_said_by (const GError *error);

/**
 * roll_rpc_error_new_fault:
 * @status: of a fault PDU: an nca_s_* status, or a Win32 error, an HRESULT or an NTSTATUS in its place
 * @did_not_execute: the server vouches that the call had no effect, so that it may be sent again as it is
 */
GError *roll_rpc_error_new_fault (RollRpcError code, guint32 status, gboolean did_not_execute);
gboolean roll_rpc_error_did_not_execute (const GError *error);

G_END_DECLS
