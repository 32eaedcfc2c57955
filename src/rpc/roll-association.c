/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-association.h"

#include <string.h>

#include "rpc/roll-association-private.h"
#include "rpc/roll-fragment.h"

/* What every server must be able to take, [C706] 12.6.3.1 */
#define MUST_RECEIVE 1432
#define BIND_ALIGNMENT 4
#define MAX_LEGS 8

static const RollSyntax ndr20
    = { { { 0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60 } }, 2 };

/* --- Life -------------------------------------------------------------------------------------------------------- */

static void
call_free (gpointer data)
{
  Call *call = data;

  g_clear_error (&call->fault);
  g_free (call->stub);
  g_free (call);
}

RollAssociation *
roll_association_new (int socket, int cancel_fd, guint watchdog_ms)
{
  RollAssociation *self;

  g_return_val_if_fail (socket >= 0, NULL);

  self = g_new0 (RollAssociation, 1);
  roll_wire_init (&self->wire, socket, cancel_fd, watchdog_ms);
  roll_writer_init (&self->out, G_MAXUINT32);
  self->next_call_id = 1;
  self->max_response = ROLL_ASSOCIATION_MAX_RESPONSE;
  self->calls = g_ptr_array_new_with_free_func (call_free);
  return self;
}

void
roll_association_free (RollAssociation *self)
{
  if (self == NULL)
    return;
  roll_wire_clear (&self->wire);
  roll_security_free (self->security);
  g_clear_error (&self->failure);
  roll_writer_clear (&self->out);
  g_ptr_array_unref (self->calls);
  g_free (self);
}

void
roll_association_set_deadline (RollAssociation *self, gint64 deadline)
{
  g_return_if_fail (self != NULL);

  self->wire.deadline = deadline;
}

void
roll_association_set_max_response (RollAssociation *self, gsize max_response)
{
  g_return_if_fail (self != NULL && max_response <= ROLL_ASSOCIATION_MAX_RESPONSE);

  self->max_response = max_response;
}

void
roll_association_set_gathering (RollAssociation *self, gboolean gathering)
{
  g_return_if_fail (self != NULL);

  self->gathering = gathering;
}

gboolean
roll_association_can_multiplex (RollAssociation *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->multiplex;
}

RollSecurity *
roll_association_get_security (RollAssociation *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->security;
}

/* --- Failing ----------------------------------------------------------------------------------------------------- */

gboolean
roll_association_fail (RollAssociation *self, GError *failure, GError **error)
{
  if (self->failure == NULL)
    self->failure = g_error_copy (failure);
  g_propagate_error (error, failure);
  return FALSE;
}

gboolean
roll_association_fail_protocol (RollAssociation *self, GError **error, const char *text)
{
  GError *failure = NULL;

  roll_rpc_set_error (&failure, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED,
                      ROLL_SAID_BY_PEER, "what came from the server: %s", text);
  return roll_association_fail (self, failure, error);
}

gboolean
roll_association_check (RollAssociation *self, GError **error)
{
  if (self->failure == NULL)
    return TRUE;
  if (error != NULL)
    *error = g_error_copy (self->failure);
  return FALSE;
}

gboolean
roll_association_receive_pdu (RollAssociation *self, RollPdu *ret_pdu, guint8 **ret_bytes, GError **error)
{
  GError *failure = NULL;
  const char *problem;
  gsize length;

  *ret_bytes = roll_wire_receive (&self->wire, &length, &failure);
  if (*ret_bytes == NULL)
    return roll_association_fail (self, failure, error);
  if (!roll_pdu_decode (*ret_bytes, length, ret_pdu, &problem))
    return roll_association_fail_protocol (self, error, problem);
  if (ret_pdu->type == ROLL_PDU_SHUTDOWN)
    {
      roll_rpc_set_error (&failure, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_END_OF_STREAM,
                          ROLL_SAID_BY_PEER, "the server asked to end the connection");
      return roll_association_fail (self, failure, error);
    }
  return TRUE;
}

/* --- Bind and alter_context -------------------------------------------------------------------------------------- */

static void
offer (RollAssociation *self, RollPduBind *bind, guint first, guint n)
{
  *bind = (RollPduBind) {
    .max_xmit = ROLL_WIRE_MAX_FRAGMENT, .max_recv = ROLL_WIRE_MAX_FRAGMENT, .n_contexts = n
  };
  for (guint i = 0; i < n; i++)
    {
      RollPresentationContext *context = &bind->contexts[i];

      context->id = (guint16) (first + i);
      context->abstract_syntax = self->contexts[first + i].interface;
      context->n_transfer_syntaxes = 1;
      context->transfer_syntaxes[0] = ndr20;
    }
}

static void
put_verifier (RollAssociation *self, gsize pdu, const RollWriter *token)
{
  RollPduAuth auth = { 0 };

  if (token->length > 0)
    {
      auth.context_id = self->security->context_id;
      auth.type = (guint8) self->security->klass->type;
      auth.level = (guint8) self->security->level;
      roll_pdu_put_auth (&self->out, pdu, pdu, BIND_ALIGNMENT, &auth, token->data, token->length);
    }
  roll_pdu_end (&self->out, pdu);
}

/* A token so big that no PDU can carry it is the KDC's doing, and nothing was sent. */
static gboolean
token_fits (RollAssociation *self, const RollWriter *token, GError **error)
{
  GError *failure = NULL;

  if (roll_writer_ok (token))
    return TRUE;
  roll_rpc_set_error (&failure, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_HRESULT, 0x80090308 /* SEC_E_INVALID_TOKEN */,
                      ROLL_SAID_BY_THIS_MACHINE, "a logon token too long for this protocol");
  return roll_association_fail (self, failure, error);
}

static gboolean
send_offer (RollAssociation *self, RollPduType type, guint first, guint n, const RollWriter *token, guint32 call_id,
            GError **error)
{
  guint8 flags = ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG;
  RollPduBind bind;
  gsize pdu;

  if (type == ROLL_PDU_BIND)
    flags |= ROLL_PFC_CONC_MPX;
  if (token->length > 0)
    flags |= ROLL_PFC_SUPPORT_HEADER_SIGN;
  offer (self, &bind, first, n);
  pdu = roll_pdu_begin (&self->out, type, flags, call_id);
  roll_pdu_put_bind (&self->out, &bind);
  put_verifier (self, pdu, token);
  return roll_association_flush (self, error);
}

static gboolean
fail_nak (RollAssociation *self, const RollPdu *pdu, GError **error)
{
  GError *failure = NULL;

  if (pdu->type == ROLL_PDU_FAULT)
    failure = roll_rpc_error_new_fault (self->security != NULL ? ROLL_RPC_ERROR_REFUSED : ROLL_RPC_ERROR_FAULT,
                                        pdu->call.fault, (pdu->flags & ROLL_PFC_DID_NOT_EXECUTE) != 0);
  else
    roll_rpc_set_error (&failure, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_BIND_NAK, pdu->reject_reason,
                        ROLL_SAID_BY_PEER, "the server refused the bind, reason %u", pdu->reject_reason);
  return roll_association_fail (self, failure, error);
}

static gboolean
receive_ack (RollAssociation *self, RollPduType type, guint32 call_id, RollPdu *ret_pdu, GError **error)
{
  guint8 *bytes;

  if (!roll_association_receive_pdu (self, ret_pdu, &bytes, error))
    return FALSE;
  if (ret_pdu->call_id != call_id)
    return roll_association_fail_protocol (self, error, "an answer to something that was not sent");
  if (ret_pdu->type == ROLL_PDU_BIND_NAK || ret_pdu->type == ROLL_PDU_FAULT)
    return fail_nak (self, ret_pdu, error);
  if (ret_pdu->type != type)
    return roll_association_fail_protocol (self, error, "not the answer to a bind");
  return TRUE;
}

/* Returns: whether all is as it must be; *@ret_accepted: how many interfaces the server offers */
static gboolean
take_results (RollAssociation *self, const RollPduBindAck *ack, guint first, guint n, guint *ret_accepted,
              GError **error)
{
  *ret_accepted = 0;
  if (ack->n_results != n)
    return roll_association_fail_protocol (self, error, "another number of results than interfaces offered");
  for (guint i = 0; i < n; i++)
    {
      const RollPresentationResult *result = &ack->results[i];

      if (result->result != ROLL_CONTEXT_ACCEPTED)
        continue;
      if (result->transfer_syntax.version != ndr20.version
          || !roll_uuid_equal (&result->transfer_syntax.uuid, &ndr20.uuid))
        return roll_association_fail_protocol (self, error, "a transfer syntax that was not offered");
      self->contexts[first + i].accepted = TRUE;
      ++*ret_accepted;
    }
  return TRUE;
}

static gboolean
reject (const RollPduBindAck *ack, GError **error)
{
  roll_rpc_set_error (error, ROLL_RPC_ERROR_REJECTED, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_INTERFACE_REJECTED,
                      ROLL_SAID_BY_PEER, "the server does not offer the interface (result %u, reason %u)",
                      ack->results[0].result, ack->results[0].reason);
  return FALSE;
}

static gboolean
add_contexts (RollAssociation *self, const RollSyntax *interfaces, guint n)
{
  g_return_val_if_fail (interfaces != NULL && n > 0, FALSE);
  g_return_val_if_fail (n <= G_N_ELEMENTS (self->contexts) - self->n_contexts, FALSE);

  for (guint i = 0; i < n; i++)
    self->contexts[self->n_contexts + i] = (Context) { .interface = interfaces[i] };
  self->n_contexts += n;
  return TRUE;
}

static gboolean
take_bind_ack (RollAssociation *self, const RollPdu *pdu, GError **error)
{
  if (pdu->bind_ack.max_recv < MUST_RECEIVE)
    return roll_association_fail_protocol (self, error, "a fragment size below the least allowed");
  self->max_send = MIN (pdu->bind_ack.max_recv, ROLL_WIRE_MAX_FRAGMENT);
  self->multiplex = (pdu->flags & ROLL_PFC_CONC_MPX) != 0;
  if (self->security != NULL)
    self->security->header_signing = (pdu->flags & ROLL_PFC_SUPPORT_HEADER_SIGN) != 0;
  return TRUE;
}

/* --- The logon --------------------------------------------------------------------------------------------------- */

static gboolean
next_leg (RollAssociation *self, const RollPduAuth *answer, RollWriter *token, RollLogonNext *ret_next, GError **error)
{
  GError *failure = NULL;

  roll_writer_init (token, ROLL_NTLM_MESSAGE_MAX - ROLL_WIRE_MAX_FRAGMENT);
  if (self->security == NULL)
    *ret_next = ROLL_LOGON_DONE;
  else if (!self->security->klass->logon (self->security, answer != NULL ? answer->token : NULL,
                                          answer != NULL ? answer->token_length : 0, token, ret_next, &failure))
    return roll_association_fail (self, failure, error);
  return token_fits (self, token, error);
}

/* Stays in out, to leave with the first request. */
static void
queue_auth3 (RollAssociation *self, const RollWriter *token, guint32 call_id)
{
  gsize pdu = roll_pdu_begin (&self->out, ROLL_PDU_AUTH3, ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG, call_id);

  roll_pdu_put_auth3 (&self->out);
  put_verifier (self, pdu, token);
  self->unconfirmed = TRUE;
}

static guint
first_accepted (RollAssociation *self)
{
  guint i = 0;

  while (!self->contexts[i].accepted)
    i++;
  return i;
}

/* The answer to the bind is in *@pdu: further legs, as alter_contexts, until both sides are content. */
static gboolean
finish_logon (RollAssociation *self, RollPdu *pdu, guint32 call_id, GError **error)
{
  for (guint leg = 0; leg < MAX_LEGS; leg++)
    {
      g_auto (RollWriter) token = { 0 };
      RollLogonNext next;

      if (!next_leg (self, pdu->has_auth ? &pdu->auth : NULL, &token, &next, error))
        return FALSE;
      if (next == ROLL_LOGON_SEND_AND_DONE)
        queue_auth3 (self, &token, call_id);
      if (next != ROLL_LOGON_SEND)
        return TRUE;
      if (!send_offer (self, ROLL_PDU_ALTER_CONTEXT, first_accepted (self), 1, &token, call_id, error)
          || !receive_ack (self, ROLL_PDU_ALTER_CONTEXT_RESP, call_id, pdu, error))
        return FALSE;
    }
  return roll_association_fail_protocol (self, error, "a logon without an end");
}

gboolean
roll_association_bind (RollAssociation *self, const RollSyntax *interfaces, guint n_interfaces,
                       RollSecurity *security, GError **error)
{
  g_auto (RollWriter) token = { 0 };
  guint32 call_id;
  RollLogonNext next;
  RollPdu pdu;
  guint accepted;

  g_return_val_if_fail (self != NULL && !self->bound, FALSE);

  self->security = security;
  self->bound = TRUE;
  call_id = self->next_call_id++;
  if (!add_contexts (self, interfaces, n_interfaces) || !roll_association_check (self, error)
      || !next_leg (self, NULL, &token, &next, error)
      || !send_offer (self, ROLL_PDU_BIND, 0, n_interfaces, &token, call_id, error)
      || !receive_ack (self, ROLL_PDU_BIND_ACK, call_id, &pdu, error) || !take_bind_ack (self, &pdu, error)
      || !take_results (self, &pdu.bind_ack, 0, n_interfaces, &accepted, error))
    return FALSE;
  if (accepted == 0)
    {
      GError *failure = NULL;

      reject (&pdu.bind_ack, &failure);
      return roll_association_fail (self, failure, error);
    }
  return security == NULL || finish_logon (self, &pdu, call_id, error);
}

gboolean
roll_association_alter (RollAssociation *self, const RollSyntax *interfaces, guint n_interfaces, GError **error)
{
  const RollWriter no_token = { 0 };
  guint first, accepted;
  guint32 call_id;
  RollPdu pdu;

  g_return_val_if_fail (self != NULL && self->bound && self->calls->len == 0, FALSE);

  if (!roll_association_check (self, error))
    return FALSE;
  first = self->n_contexts;
  call_id = self->next_call_id++;
  if (!add_contexts (self, interfaces, n_interfaces)
      || !send_offer (self, ROLL_PDU_ALTER_CONTEXT, first, n_interfaces, &no_token, call_id, error)
      || !receive_ack (self, ROLL_PDU_ALTER_CONTEXT_RESP, call_id, &pdu, error)
      || !take_results (self, &pdu.bind_ack, first, n_interfaces, &accepted, error))
    return FALSE;
  return accepted > 0 || reject (&pdu.bind_ack, error);
}
