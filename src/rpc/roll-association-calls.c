/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "rpc/roll-association-private.h"
#include "rpc/roll-fragment.h"

#define REQUEST_HEADER_SIZE 24
#define OBJECT_SIZE 16
#define FIRST_ANSWER_CAPACITY 4096
#define KEPT_MAX 4096 /* bytes of room for the next requests */
#define GATHERED_MAX 8192 /* bytes of requests that wait for each other */

/* --- In ---------------------------------------------------------------------------------------------------------- */

static Call *
find_call (RollAssociation *self, guint32 id, guint *ret_place)
{
  for (guint i = 0; i < self->calls->len; i++)
    {
      Call *call = g_ptr_array_index (self->calls, i);

      if (call->id == id)
        {
          *ret_place = i;
          return call;
        }
    }
  return NULL;
}

/* The peer decides how much this is, so it may fail. */
static gboolean
append_stub (RollAssociation *self, Call *call, const guint8 *bytes, gsize length, GError **error)
{
  if (length > self->max_response - MIN (self->held, self->max_response))
    return roll_association_fail_protocol (self, error, "an answer that is too long");
  if (length > call->capacity - call->length)
    {
      gsize capacity = MAX (call->capacity * 2, MAX (call->length + length, FIRST_ANSWER_CAPACITY));
      guint8 *grown = g_try_realloc (call->stub, capacity);

      if (grown == NULL)
        {
          GError *failure = NULL;

          roll_rpc_set_error (&failure, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ERRNO, ENOMEM,
                              ROLL_SAID_BY_THIS_MACHINE, "no memory for an answer of %" G_GSIZE_FORMAT " bytes",
                              call->length + length);
          return roll_association_fail (self, failure, error);
        }
      call->stub = grown;
      call->capacity = capacity;
    }
  if (length > 0)
    memcpy (call->stub + call->length, bytes, length);
  call->length += length;
  self->held += length;
  return TRUE;
}

static gboolean
take_response (RollAssociation *self, Call *call, const RollPdu *pdu, guint8 *bytes, GError **error)
{
  GError *failure = NULL;

  if (!roll_fragment_open (pdu, bytes, self->security, &failure))
    return roll_association_fail (self, failure, error);
  self->unconfirmed = FALSE;

  if (((pdu->flags & ROLL_PFC_FIRST_FRAG) != 0) != (call->n_fragments == 0))
    return roll_association_fail_protocol (self, error, "fragments out of order");
  if (++call->n_fragments > ROLL_ASSOCIATION_MAX_FRAGMENTS)
    return roll_association_fail_protocol (self, error, "an answer of too many fragments");
  if (!append_stub (self, call, bytes + pdu->call.stub_offset, pdu->call.stub_length, error))
    return FALSE;
  call->done = (pdu->flags & ROLL_PFC_LAST_FRAG) != 0;
  return TRUE;
}

/*
 * Servers send faults signed or not: before the logon is done they can't sign. What is signed is verified. A fault
 * right behind an auth3 is how a refused logon shows.
 */
static gboolean
take_fault (RollAssociation *self, Call *call, const RollPdu *pdu, guint8 *bytes, GError **error)
{
  RollRpcError code = self->unconfirmed ? ROLL_RPC_ERROR_REFUSED : ROLL_RPC_ERROR_FAULT;

  if (pdu->has_auth && self->security != NULL)
    {
      GError *failure = NULL;

      if (!roll_fragment_open (pdu, bytes, self->security, &failure))
        return roll_association_fail (self, failure, error);
      self->unconfirmed = FALSE;
      code = ROLL_RPC_ERROR_FAULT;
    }
  call->fault = roll_rpc_error_new_fault (code, pdu->call.fault, (pdu->flags & ROLL_PFC_DID_NOT_EXECUTE) != 0);
  call->done = TRUE;
  return TRUE;
}

gboolean
roll_association_take_fragment (RollAssociation *self, GError **error)
{
  RollPdu pdu;
  guint8 *bytes;
  guint place;
  Call *call;

  if (!roll_association_receive_pdu (self, &pdu, &bytes, error))
    return FALSE;
  if (pdu.type != ROLL_PDU_RESPONSE && pdu.type != ROLL_PDU_FAULT)
    return roll_association_fail_protocol (self, error, "a PDU that answers no call");
  call = find_call (self, pdu.call_id, &place);
  if (call == NULL || call->done)
    return roll_association_fail_protocol (self, error, "an answer to a call that was not made");
  if (pdu.type == ROLL_PDU_FAULT)
    return take_fault (self, call, &pdu, bytes, error);
  return take_response (self, call, &pdu, bytes, error);
}

GBytes *
roll_association_receive (RollAssociation *self, guint32 call_id, GError **error)
{
  guint place = 0;
  Call *call;
  GBytes *answer = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  call = find_call (self, call_id, &place);
  g_return_val_if_fail (call != NULL, NULL);

  while (!call->done)
    if (!roll_association_check (self, error) || !roll_association_flush (self, error)
        || (!call->done && !roll_association_take_fragment (self, error)))
      return NULL;

  self->held -= call->length;
  if (call->fault != NULL)
    {
      gboolean refused = g_error_matches (call->fault, ROLL_RPC_ERROR, ROLL_RPC_ERROR_REFUSED);

      if (refused)
        roll_association_fail (self, g_steal_pointer (&call->fault), error);
      else
        g_propagate_error (error, g_steal_pointer (&call->fault));
    }
  else
    answer = g_bytes_new_take (g_steal_pointer (&call->stub), call->length);
  g_ptr_array_remove_index_fast (self->calls, place);
  return answer;
}

/* --- Out --------------------------------------------------------------------------------------------------------- */

gboolean
roll_association_flush (RollAssociation *self, GError **error)
{
  gsize sent = 0;

  while (sent < self->out.length)
    {
      GError *failure = NULL;
      gboolean input;
      gssize n = roll_wire_send (&self->wire, self->out.data + sent, self->out.length - sent, self->calls->len > 0,
                                 &input, &failure);

      if (n < 0)
        return roll_association_fail (self, failure, error);
      sent += (gsize) n;
      if (input && !roll_association_take_fragment (self, error))
        return FALSE;
    }
  if (self->out.capacity <= KEPT_MAX)
    roll_writer_reset (&self->out);
  else
    roll_writer_clear (&self->out);
  return TRUE;
}

typedef struct
{
  guint32 call_id;
  guint16 context_id;
  guint16 opnum;
  const RollUuid *object;
  const guint8 *stub;
  gsize length;
} Request;

static gboolean
send_fragment (RollAssociation *self, const Request *request, gsize from, gsize length, GError **error)
{
  guint8 flags = (from == 0 ? ROLL_PFC_FIRST_FRAG : 0) | (from + length == request->length ? ROLL_PFC_LAST_FRAG : 0)
                 | (request->object != NULL ? ROLL_PFC_OBJECT_UUID : 0);
  GError *failure = NULL;
  gsize pdu, stub;

  pdu = roll_pdu_begin (&self->out, ROLL_PDU_REQUEST, flags, request->call_id);
  roll_pdu_put_request (&self->out, (guint32) (request->length - from), request->context_id, request->opnum,
                        request->object);
  stub = self->out.length;
  roll_writer_bytes (&self->out, request->stub + from, length);
  if (!roll_fragment_end (&self->out, pdu, stub, self->security, &failure))
    return roll_association_fail (self, failure, error);
  return (self->gathering && self->out.length < GATHERED_MAX) || roll_association_flush (self, error);
}

static gboolean
send_request (RollAssociation *self, const Request *request, GError **error)
{
  gsize header_size = REQUEST_HEADER_SIZE + (request->object != NULL ? OBJECT_SIZE : 0);
  gsize capacity = roll_fragment_capacity (self->security, self->max_send, header_size);
  gsize from = 0;

  if (capacity == 0)
    return roll_association_fail_protocol (self, error, "no fragment can carry anything");
  do
    {
      gsize length = MIN (request->length - from, capacity);

      if (!send_fragment (self, request, from, length, error))
        return FALSE;
      from += length;
    }
  while (from < request->length);
  return TRUE;
}

static gboolean
find_context (RollAssociation *self, const RollSyntax *interface, guint16 *ret_id)
{
  for (guint i = 0; i < self->n_contexts; i++)
    if (self->contexts[i].accepted && self->contexts[i].interface.version == interface->version
        && roll_uuid_equal (&self->contexts[i].interface.uuid, &interface->uuid))
      {
        *ret_id = (guint16) i;
        return TRUE;
      }
  return FALSE;
}

gboolean
roll_association_has (RollAssociation *self, const RollSyntax *interface)
{
  guint16 id;

  g_return_val_if_fail (self != NULL && interface != NULL, FALSE);

  return find_context (self, interface, &id);
}

static gboolean
has_unanswered (RollAssociation *self)
{
  for (guint i = 0; i < self->calls->len; i++)
    if (!((Call *) g_ptr_array_index (self->calls, i))->done)
      return TRUE;
  return FALSE;
}

guint32
roll_association_send (RollAssociation *self, const RollSyntax *interface, guint16 opnum, const RollUuid *object,
                       const void *stub, gsize length, GError **error)
{
  Request request = { .opnum = opnum, .object = object, .stub = length > 0 ? stub : "", .length = length };
  Call *call;

  g_return_val_if_fail (self != NULL && interface != NULL, 0);
  g_return_val_if_fail (stub != NULL || length == 0, 0);
  g_return_val_if_fail (length <= ROLL_ASSOCIATION_MAX_RESPONSE, 0);

  if (!roll_association_check (self, error))
    return 0;
  if (!find_context (self, interface, &request.context_id))
    {
      roll_rpc_set_error (error, ROLL_RPC_ERROR_REJECTED, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_INTERFACE_REJECTED,
                          ROLL_SAID_BY_PEER, "the server does not offer this interface");
      return 0;
    }
  while (!self->multiplex && has_unanswered (self))
    if (!roll_association_flush (self, error) || (has_unanswered (self) && !roll_association_take_fragment (self, error)))
      return 0;

  request.call_id = self->next_call_id++;
  call = g_new0 (Call, 1);
  call->id = request.call_id;
  g_ptr_array_add (self->calls, call);
  return send_request (self, &request, error) ? request.call_id : 0;
}

GBytes *
roll_association_call (RollAssociation *self, const RollSyntax *interface, guint16 opnum, const RollUuid *object,
                       const void *stub, gsize length, GError **error)
{
  guint32 call_id = roll_association_send (self, interface, opnum, object, stub, length, error);

  return call_id != 0 ? roll_association_receive (self, call_id, error) : NULL;
}
