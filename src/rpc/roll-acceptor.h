/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-pdu.h"
#include "rpc/roll-security.h"

G_BEGIN_DECLS

/**
 * RollAcceptor: the server's end of an association, for simulated computers and tests: bytes in, calls to be answered, bytes
 * out. It has no socket and no clock, so that one thread serves as many as it likes. A connection may have several security
 * contexts, as impacket makes one for each interface; each call belongs to one of them or to none.
 */
typedef struct _RollAcceptor RollAcceptor;

#define ROLL_ACCEPTOR_MAX_REQUEST (1024 * 1024)

/* Which call is answered; valid as long as the acceptor. */
typedef struct
{
  guint32 call_id;
  guint16 context_id;
  RollSecurity *security; /* (nullable): the call came without a verifier */
} RollAcceptorTicket;

/* @stub: without padding; in place, to be read before the function returns */
typedef struct
{
  RollAcceptorTicket ticket;
  RollSyntax interface;
  guint16 opnum;
  gboolean has_object;
  RollUuid object;
  const guint8 *stub;
  gsize length;
} RollAcceptorCall;

typedef struct
{
  gboolean (*offers) (const RollSyntax *interface, gpointer user_data);
  /* The acceptor's half of a security context. Returns: (transfer full) (nullable): NULL: not this type or level */
  RollSecurity *(*new_security) (RollAuthType type, RollAuthLevel level, gpointer user_data);
  /* (nullable): how a logon ended */
  void (*logged_on) (RollSecurity *security, gboolean success, gpointer user_data);
  /* To be answered now or later with roll_acceptor_answer() or _fault(). */
  void (*call) (const RollAcceptorCall *call, gpointer user_data);
  /* (nullable): a whole PDU is about to leave, signed and sealed: @out from @pdu on; may be changed */
  void (*sending) (RollWriter *out, gsize pdu, gpointer user_data);
} RollAcceptorHandler;

/* @handler: borrowed */
RollAcceptor *roll_acceptor_new (const RollAcceptorHandler *handler, gpointer user_data);
void roll_acceptor_free (RollAcceptor *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollAcceptor, roll_acceptor_free)

void roll_acceptor_set_multiplex (RollAcceptor *self, gboolean multiplex); /* several calls at once; TRUE at first */
void roll_acceptor_set_fragment (RollAcceptor *self, guint16 bytes);       /* of stub in one answer; 0: what fits */

/* Takes what came in. Returns: FALSE when the peer broke the protocol: what is pending may be sent, then it is over. */
gboolean roll_acceptor_feed (RollAcceptor *self, const guint8 *bytes, gsize length);

void roll_acceptor_answer (RollAcceptor *self, const RollAcceptorTicket *ticket, const void *stub, gsize length);
/* @flags: ROLL_PFC_DID_NOT_EXECUTE or 0. Not signed, as Windows sends it before a logon is done. */
void roll_acceptor_fault (RollAcceptor *self, const RollAcceptorTicket *ticket, guint32 status, guint8 flags);

/* Returns: (transfer none): what is to be sent; valid until the next call of any function */
const guint8 *roll_acceptor_pending (RollAcceptor *self, gsize *ret_length);
void roll_acceptor_sent (RollAcceptor *self, gsize length);

G_END_DECLS
