/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-acceptor-private.h"

#include <string.h>

#include "rpc/roll-fragment.h"
#include "rpc/roll-wire.h"

#define RESPONSE_HEADER_SIZE 24
#define NCA_ACCESS_DENIED 5
#define NCA_UNKNOWN_INTERFACE 0x1c010003
#define KEPT_CAPACITY 65536 /* of an output buffer that is empty */

static void
clear_security (gpointer data)
{
  roll_security_free (((RollAcceptedSecurity *) data)->security);
}

RollAcceptor *
roll_acceptor_new (const RollAcceptorHandler *handler, gpointer user_data)
{
  RollAcceptor *self;

  g_return_val_if_fail (handler != NULL && handler->offers != NULL && handler->call != NULL, NULL);

  self = g_new0 (RollAcceptor, 1);
  self->handler = handler;
  self->user_data = user_data;
  self->multiplex = TRUE;
  self->contexts = g_array_new (FALSE, FALSE, sizeof (RollAcceptedContext));
  self->securities = g_array_new (FALSE, FALSE, sizeof (RollAcceptedSecurity));
  g_array_set_clear_func (self->securities, clear_security);
  self->in = g_byte_array_new ();
  self->request = g_byte_array_new ();
  roll_writer_init (&self->out, G_MAXSSIZE);
  return self;
}

void
roll_acceptor_free (RollAcceptor *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->contexts);
  g_array_unref (self->securities);
  g_byte_array_unref (self->in);
  g_byte_array_unref (self->request);
  roll_writer_clear (&self->out);
  g_free (self);
}

void
roll_acceptor_set_multiplex (RollAcceptor *self, gboolean multiplex)
{
  g_return_if_fail (self != NULL);

  self->multiplex = multiplex;
}

void
roll_acceptor_set_fragment (RollAcceptor *self, guint16 bytes)
{
  g_return_if_fail (self != NULL);

  self->fragment_bytes = bytes;
}

RollAcceptedSecurity *
roll_acceptor_find_security (RollAcceptor *self, guint32 context_id)
{
  for (guint i = self->securities->len; i > 0; i--)
    {
      RollAcceptedSecurity *found = &g_array_index (self->securities, RollAcceptedSecurity, i - 1);

      if (found->security->context_id == context_id)
        return found;
    }
  return NULL;
}

/* --- Output ------------------------------------------------------------------------------------------------------ */

const guint8 *
roll_acceptor_pending (RollAcceptor *self, gsize *ret_length)
{
  g_return_val_if_fail (self != NULL && ret_length != NULL, NULL);

  *ret_length = self->out.length - self->sent;
  return self->out.data != NULL ? self->out.data + self->sent : NULL;
}

void
roll_acceptor_sent (RollAcceptor *self, gsize length)
{
  g_return_if_fail (self != NULL && length <= self->out.length - self->sent);

  self->sent += length;
  if (self->sent < self->out.length)
    return;
  self->sent = 0;
  self->out.length = 0;
  if (self->out.capacity > KEPT_CAPACITY)
    roll_writer_clear (&self->out);
}

void
roll_acceptor_end_pdu (RollAcceptor *self, gsize pdu)
{
  if (self->handler->sending != NULL)
    self->handler->sending (&self->out, pdu, self->user_data);
}

void
roll_acceptor_fault (RollAcceptor *self, const RollAcceptorTicket *ticket, guint32 status, guint8 flags)
{
  gsize pdu;

  g_return_if_fail (self != NULL && ticket != NULL);

  pdu = roll_pdu_begin (&self->out, ROLL_PDU_FAULT, ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG | flags,
                        ticket->call_id);
  roll_pdu_put_fault (&self->out, ticket->context_id, status);
  roll_pdu_end (&self->out, pdu);
  roll_acceptor_end_pdu (self, pdu);
}

static gsize
put_fragment (RollAcceptor *self, const RollAcceptorTicket *ticket, const guint8 *stub, gsize done,
              gsize length)
{
  gsize capacity = roll_fragment_capacity (ticket->security, self->max_send, RESPONSE_HEADER_SIZE);
  gsize pdu, start, n;
  gboolean protected;
  guint8 flags;

  if (self->fragment_bytes > 0)
    capacity = MIN (capacity, self->fragment_bytes);
  n = MIN (length - done, capacity);
  flags = (done == 0 ? ROLL_PFC_FIRST_FRAG : 0) | (done + n == length ? ROLL_PFC_LAST_FRAG : 0);
  pdu = roll_pdu_begin (&self->out, ROLL_PDU_RESPONSE, flags, ticket->call_id);
  roll_pdu_put_response (&self->out, (guint32) (length - done), ticket->context_id);
  start = self->out.length;
  if (n > 0)
    roll_writer_bytes (&self->out, stub + done, n);
  protected = roll_fragment_end (&self->out, pdu, start, ticket->security, NULL);
  g_assert (protected);
  roll_acceptor_end_pdu (self, pdu);
  return done + n;
}

void
roll_acceptor_answer (RollAcceptor *self, const RollAcceptorTicket *ticket, const void *stub, gsize length)
{
  gsize done = 0;

  g_return_if_fail (self != NULL && ticket != NULL);

  do
    done = put_fragment (self, ticket, stub, done, length);
  while (done < length);
}

/* --- Input ------------------------------------------------------------------------------------------------------- */

static const RollAcceptedContext *
find_context (RollAcceptor *self, guint16 id)
{
  for (guint i = self->contexts->len; i > 0; i--)
    {
      const RollAcceptedContext *context = &g_array_index (self->contexts, RollAcceptedContext, i - 1);

      if (context->id == id)
        return context;
    }
  return NULL;
}

static void
dispatch (RollAcceptor *self, const RollPdu *pdu, RollSecurity *security)
{
  const RollAcceptedContext *context = find_context (self, pdu->call.context_id);
  RollAcceptorCall call = {
    .ticket = { pdu->call_id, pdu->call.context_id, security },
    .opnum = pdu->call.opnum,
    .has_object = pdu->call.has_object,
    .object = pdu->call.object,
    .stub = self->request->data,
    .length = self->request->len,
  };

  if (context == NULL)
    {
      roll_acceptor_fault (self, &call.ticket, NCA_UNKNOWN_INTERFACE, ROLL_PFC_DID_NOT_EXECUTE);
      return;
    }
  call.interface = context->interface;
  self->handler->call (&call, self->user_data);
}

/* Fragments of one request come one behind the other; the object stands in each of them. */
static gboolean
append_fragment (RollAcceptor *self, const RollPdu *pdu, const guint8 *bytes)
{
  gboolean first = (pdu->flags & ROLL_PFC_FIRST_FRAG) != 0;

  if (first != (self->request->len == 0 && self->request_id == 0))
    return FALSE;
  if (!first && pdu->call_id != self->request_id)
    return FALSE;
  if (pdu->call.stub_length > ROLL_ACCEPTOR_MAX_REQUEST - self->request->len)
    return FALSE;
  self->request_id = pdu->call_id;
  g_byte_array_append (self->request, bytes + pdu->call.stub_offset, (guint) pdu->call.stub_length);
  return TRUE;
}

/* What a refused logon looks like from outside: nothing at its auth3, a fault at the first request. */
static gboolean
take_request (RollAcceptor *self, const RollPdu *pdu, guint8 *bytes)
{
  RollAcceptedSecurity *accepted =
      pdu->has_auth ? roll_acceptor_find_security (self, pdu->auth.context_id) : NULL;

  if (!self->bound || pdu->call_id == 0 || (pdu->has_auth && accepted == NULL))
    return FALSE;
  if (accepted != NULL && !accepted->done)
    {
      const RollAcceptorTicket ticket = { pdu->call_id, pdu->call.context_id, NULL };

      roll_acceptor_fault (self, &ticket, NCA_ACCESS_DENIED, 0);
      return TRUE;
    }
  if (!roll_fragment_open (pdu, bytes, accepted != NULL ? accepted->security : NULL, NULL)
      || !append_fragment (self, pdu, bytes))
    return FALSE;
  if ((pdu->flags & ROLL_PFC_LAST_FRAG) == 0)
    return TRUE;
  dispatch (self, pdu, accepted != NULL ? accepted->security : NULL);
  g_byte_array_set_size (self->request, 0);
  self->request_id = 0;
  return TRUE;
}

static gboolean
take_pdu (RollAcceptor *self, guint8 *bytes, gsize length)
{
  RollPdu pdu;

  if (!roll_pdu_decode (bytes, length, &pdu, NULL))
    return FALSE;
  switch ((int) pdu.type)
    {
    case ROLL_PDU_BIND:
    case ROLL_PDU_ALTER_CONTEXT:
      return roll_acceptor_take_bind (self, &pdu);
    case ROLL_PDU_AUTH3:
      return roll_acceptor_take_auth3 (self, &pdu);
    case ROLL_PDU_REQUEST:
      return take_request (self, &pdu, bytes);
    case ROLL_PDU_CO_CANCEL:
    case ROLL_PDU_ORPHANED:
      return TRUE;
    default:
      return FALSE;
    }
}

gboolean
roll_acceptor_feed (RollAcceptor *self, const guint8 *bytes, gsize length)
{
  gsize taken = 0;
  gboolean well = TRUE;

  g_return_val_if_fail (self != NULL, FALSE);

  g_byte_array_append (self->in, bytes, (guint) length);
  while (well && self->in->len - taken >= ROLL_PDU_HEADER_SIZE)
    {
      const char *problem;
      gsize n = roll_pdu_frag_length (self->in->data + taken, &problem);

      if (n == 0 || n > ROLL_WIRE_MAX_FRAGMENT)
        return FALSE;
      if (n > self->in->len - taken)
        break;
      well = take_pdu (self, self->in->data + taken, n);
      taken += n;
    }
  g_byte_array_remove_range (self->in, 0, (guint) taken);
  return well;
}
