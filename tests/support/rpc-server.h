/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "rpc/roll-association.h"

/*
 * An RPC server at the other end of a socket pair, in a thread of its own: it accepts NTLM, under SPNEGO or not, answers a few operations, and
 * misbehaves as it is told. It ends when its peer closes.
 */

extern const RollSyntax rpc_server_interface; /* offered at bind and alter_context */
extern const RollSyntax rpc_server_second;    /* likewise */
extern const RollSyntax rpc_server_unknown;   /* never offered */

#define RPC_SERVER_USER "scanner"
#define RPC_SERVER_DOMAIN "PRACTICE"
#define RPC_SERVER_PASSWORD "Pässwörd 1"

typedef enum
{
  RPC_SERVER_ECHO,   /* answers the stub it got */
  RPC_SERVER_BYTES,  /* answers as many bytes as its u32 says, counting up from 0 */
  RPC_SERVER_FAULT,  /* answers the fault its u32 says */
  RPC_SERVER_OBJECT, /* answers the object UUID */
  RPC_SERVER_HOLD,   /* no answer until RPC_SERVER_FLUSH */
  RPC_SERVER_FLUSH,  /* answered first; then what was held, the last one first, fragments of all mixed */
} RpcServerOperation;

typedef enum
{
  RPC_SERVER_FINE,
  /* at the bind */
  RPC_SERVER_NAK,
  RPC_SERVER_FAULT_AT_BIND,
  RPC_SERVER_FEW_RESULTS,
  RPC_SERVER_OTHER_SYNTAX,
  RPC_SERVER_TINY_FRAGMENTS,
  RPC_SERVER_WEAK_CHALLENGE,
  RPC_SERVER_GARBAGE_CHALLENGE,
  RPC_SERVER_NO_CHALLENGE,
  RPC_SERVER_CLOSE_AT_BIND,
  RPC_SERVER_BAD_LIST_MIC,
  /* at an answer */
  RPC_SERVER_WRONG_CALL,
  RPC_SERVER_GARBAGE,
  RPC_SERVER_BIG_ENDIAN,
  RPC_SERVER_LONG_FRAGMENT,
  RPC_SERVER_WRONG_TYPE,
  RPC_SERVER_BAD_SIGNATURE,
  RPC_SERVER_BAD_HEADER,
  RPC_SERVER_UNSIGNED,
  RPC_SERVER_REPLAY,
  RPC_SERVER_NOT_FIRST,
  RPC_SERVER_TWICE_FIRST,
  RPC_SERVER_CLOSE,
  RPC_SERVER_HALF_FRAGMENT, /* then closes */
  RPC_SERVER_SILENT,
  RPC_SERVER_TRICKLE, /* a byte every few milliseconds, without an end */
  RPC_SERVER_SHUTDOWN,
  RPC_SERVER_NOT_EXECUTED,
  RPC_SERVER_ENDLESS,       /* full fragments for ever */
  RPC_SERVER_ENDLESS_EMPTY, /* empty fragments for ever */
  RPC_SERVER_N_TROUBLES
} RpcServerTrouble;

typedef struct
{
  RpcServerTrouble trouble;
  gboolean single;      /* does not agree to several calls at once */
  gsize fragment_bytes; /* stub bytes of an answer's fragment; 0: as many as fit */
} RpcServerPlan;

/* Returns: the thread, to be joined after the client's end was closed */
GThread *rpc_server_start (RpcServerPlan plan, int *ret_client_socket);

/* Serves a connected socket until its peer closes. */
void rpc_server_serve (RpcServerPlan plan, int socket);

RollSecret *rpc_server_hash (const char *password);
