/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-acceptor-private.h"

#include "rpc/roll-wire.h"

#define NDR20_UUID ROLL_UUID (0x8a885d04, 0x1ceb, 0x11c9, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60)
#define NDR20_VERSION 2
#define LEAST_FRAGMENT 1432 /* [C706] 12.6.3.1, MustRecvFragSize */
#define MAX_CONTEXTS 256
#define MAX_SECURITIES 256
#define NAK_NOT_SPECIFIED 0
#define NAK_AUTHENTICATION_TYPE 8
#define NCA_ACCESS_DENIED 5

/* [C706] p_provider_reason_t */
enum
{
  ABSTRACT_SYNTAX_NOT_SUPPORTED = 1,
  TRANSFER_SYNTAXES_NOT_SUPPORTED = 2,
};

static gboolean
has_ndr (const RollPresentationContext *context)
{
  const RollUuid ndr = NDR20_UUID;

  for (guint i = 0; i < context->n_transfer_syntaxes; i++)
    if (roll_uuid_equal (&context->transfer_syntaxes[i].uuid, &ndr)
        && context->transfer_syntaxes[i].version == NDR20_VERSION)
      return TRUE;
  return FALSE;
}

static RollPresentationResult
judge_context (RollAcceptor *self, const RollPresentationContext *context)
{
  const RollAcceptedContext accepted = { context->id, context->abstract_syntax };

  if (!self->handler->offers (&context->abstract_syntax, self->user_data))
    return (RollPresentationResult) { .result = ROLL_CONTEXT_PROVIDER_REJECTION,
                                      .reason = ABSTRACT_SYNTAX_NOT_SUPPORTED };
  if (!has_ndr (context))
    return (RollPresentationResult) { .result = ROLL_CONTEXT_PROVIDER_REJECTION,
                                      .reason = TRANSFER_SYNTAXES_NOT_SUPPORTED };
  g_array_append_val (self->contexts, accepted);
  return (RollPresentationResult) { .transfer_syntax = { NDR20_UUID, NDR20_VERSION } };
}

static gboolean
refuse (RollAcceptor *self, const RollPdu *pdu, guint16 reason)
{
  const RollAcceptorTicket ticket = { pdu->call_id, 0, NULL };
  gsize start;

  if (pdu->type == ROLL_PDU_ALTER_CONTEXT)
    {
      roll_acceptor_fault (self, &ticket, NCA_ACCESS_DENIED, 0);
      return TRUE;
    }
  start =
      roll_pdu_begin (&self->out, ROLL_PDU_BIND_NAK, ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG, pdu->call_id);
  roll_pdu_put_bind_nak (&self->out, reason);
  roll_pdu_end (&self->out, start);
  roll_acceptor_end_pdu (self, start);
  return TRUE;
}

/* --- The logon --------------------------------------------------------------------------------------------------- */

static gboolean
feed_token (RollAcceptor *self, RollAcceptedSecurity *accepted, const RollPduAuth *auth, RollWriter *token)
{
  RollSecurity *security = accepted->security;
  RollLogonNext next = ROLL_LOGON_SEND;
  gboolean well = security->klass->logon (security, auth->token, auth->token_length, token, &next, NULL);

  accepted->done = well && next != ROLL_LOGON_SEND;
  accepted->refused = !well;
  if (self->handler->logged_on != NULL && (accepted->done || accepted->refused))
    self->handler->logged_on (security, accepted->done, self->user_data);
  return well;
}

/* One that is complete, or failed, gives way to a new one of the same number; answers to its calls may be on
 * their way. */
static RollAcceptedSecurity *
security_for (RollAcceptor *self, const RollPduAuth *auth)
{
  RollAcceptedSecurity *known = roll_acceptor_find_security (self, auth->context_id);
  RollAcceptedSecurity fresh = { 0 };

  if (known != NULL && !known->done && !known->refused)
    return known;
  if (self->handler->new_security != NULL && self->securities->len < MAX_SECURITIES)
    fresh.security =
        self->handler->new_security ((RollAuthType) auth->type, (RollAuthLevel) auth->level, self->user_data);
  if (fresh.security == NULL)
    return NULL;
  fresh.security->context_id = auth->context_id;
  g_array_append_val (self->securities, fresh);
  return &g_array_index (self->securities, RollAcceptedSecurity, self->securities->len - 1);
}

gboolean
roll_acceptor_take_auth3 (RollAcceptor *self, const RollPdu *pdu)
{
  RollAcceptedSecurity *accepted =
      pdu->has_auth ? roll_acceptor_find_security (self, pdu->auth.context_id) : NULL;
  g_auto (RollWriter) token = { 0 };

  if (accepted == NULL || accepted->done)
    return FALSE;
  roll_writer_init (&token, ROLL_NTLM_MESSAGE_MAX);
  feed_token (self, accepted, &pdu->auth, &token);
  return TRUE;
}

/* --- Bind -------------------------------------------------------------------------------------------------------- */

static void
put_ack (RollAcceptor *self, const RollPdu *pdu, const RollWriter *token)
{
  static const guint8 port[] = "135";
  guint8 flags =
      (guint8) (ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG | (pdu->flags & ROLL_PFC_SUPPORT_HEADER_SIGN)
                | (self->multiplex ? pdu->flags & ROLL_PFC_CONC_MPX : 0));
  gboolean bind = pdu->type == ROLL_PDU_BIND;
  RollPduBindAck ack = { .max_xmit = ROLL_WIRE_MAX_FRAGMENT,
                         .max_recv = ROLL_WIRE_MAX_FRAGMENT,
                         .assoc_group = pdu->bind.assoc_group != 0 ? pdu->bind.assoc_group : 0x1a2b,
                         .secondary_address = bind ? port : NULL,
                         .secondary_address_length = bind ? sizeof port : 0,
                         .n_results = pdu->bind.n_contexts };
  gsize start = roll_pdu_begin (&self->out, bind ? ROLL_PDU_BIND_ACK : ROLL_PDU_ALTER_CONTEXT_RESP, flags,
                                pdu->call_id);

  for (guint i = 0; i < ack.n_results; i++)
    ack.results[i] = judge_context (self, &pdu->bind.contexts[i]);
  roll_pdu_put_bind_ack (&self->out, &ack);
  if (token->length > 0)
    {
      RollPduAuth auth = { .type = pdu->auth.type,
                           .level = pdu->auth.level,
                           .context_id = pdu->auth.context_id };

      roll_pdu_put_auth (&self->out, start, start, 4, &auth, token->data, token->length);
    }
  roll_pdu_end (&self->out, start);
  roll_acceptor_end_pdu (self, start);
}

gboolean
roll_acceptor_take_bind (RollAcceptor *self, const RollPdu *pdu)
{
  g_auto (RollWriter) token = { 0 };

  if (!self->bound && pdu->type == ROLL_PDU_ALTER_CONTEXT)
    return FALSE;
  if (pdu->bind.max_recv < LEAST_FRAGMENT || self->contexts->len + pdu->bind.n_contexts > MAX_CONTEXTS)
    return refuse (self, pdu, NAK_NOT_SPECIFIED);
  roll_writer_init (&token, ROLL_NTLM_MESSAGE_MAX / 2);
  if (pdu->has_auth)
    {
      RollAcceptedSecurity *accepted = security_for (self, &pdu->auth);

      if (accepted == NULL || !feed_token (self, accepted, &pdu->auth, &token))
        return refuse (self, pdu, NAK_AUTHENTICATION_TYPE);
      accepted->security->header_signing = (pdu->flags & ROLL_PFC_SUPPORT_HEADER_SIGN) != 0;
    }
  self->bound = TRUE;
  self->max_send = MIN (pdu->bind.max_recv, ROLL_WIRE_MAX_FRAGMENT);
  put_ack (self, pdu, &token);
  return TRUE;
}
