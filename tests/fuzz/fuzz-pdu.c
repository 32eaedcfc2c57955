/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "codec/roll-pdu.h"

static void
put_body (RollWriter *writer, const RollPdu *pdu, const guint8 *bytes)
{
  const RollPduCall *call = &pdu->call;

  switch ((int) pdu->type)
    {
    case ROLL_PDU_BIND:
    case ROLL_PDU_ALTER_CONTEXT:
      roll_pdu_put_bind (writer, &pdu->bind);
      break;
    case ROLL_PDU_BIND_ACK:
    case ROLL_PDU_ALTER_CONTEXT_RESP:
      roll_pdu_put_bind_ack (writer, &pdu->bind_ack);
      break;
    case ROLL_PDU_BIND_NAK:
      roll_pdu_put_bind_nak (writer, pdu->reject_reason);
      break;
    case ROLL_PDU_AUTH3:
      roll_pdu_put_auth3 (writer);
      break;
    case ROLL_PDU_REQUEST:
      roll_pdu_put_request (writer, call->alloc_hint, call->context_id, call->opnum,
                            call->has_object ? &call->object : NULL);
      roll_writer_bytes (writer, bytes + call->stub_offset, call->stub_length);
      break;
    case ROLL_PDU_RESPONSE:
      roll_pdu_put_response (writer, call->alloc_hint, call->context_id);
      roll_writer_bytes (writer, bytes + call->stub_offset, call->stub_length);
      break;
    case ROLL_PDU_FAULT:
      roll_pdu_put_fault (writer, call->context_id, call->fault);
      roll_writer_bytes (writer, bytes + call->stub_offset, call->stub_length);
      break;
    default:
      break;
    }
}

static void
encode (RollWriter *writer, const RollPdu *pdu, const guint8 *bytes)
{
  gsize start = roll_pdu_begin (writer, pdu->type, pdu->flags, pdu->call_id);

  put_body (writer, pdu, bytes);
  if (pdu->has_auth)
    roll_pdu_put_auth (writer, start, start, 1, &pdu->auth, pdu->auth.token, pdu->auth.token_length);
  roll_pdu_end (writer, start);
}

static void
assert_inside (const guint8 *part, gsize length, const guint8 *bytes, gsize size)
{
  g_assert_true (part >= bytes && length <= size && part <= bytes + size - length);
}

static void
check_bounds (const RollPdu *pdu, const guint8 *bytes, gsize size)
{
  g_assert_cmpuint (pdu->frag_length, ==, size);
  if (pdu->has_auth)
    assert_inside (pdu->auth.token, pdu->auth.token_length, bytes, size);
  switch ((int) pdu->type)
    {
    case ROLL_PDU_BIND:
    case ROLL_PDU_ALTER_CONTEXT:
      g_assert_cmpuint (pdu->bind.n_contexts, <=, ROLL_PDU_MAX_CONTEXTS);
      for (guint i = 0; i < pdu->bind.n_contexts; i++)
        g_assert_cmpuint (pdu->bind.contexts[i].n_transfer_syntaxes, <=, ROLL_PDU_MAX_TRANSFER_SYNTAXES);
      break;
    case ROLL_PDU_BIND_ACK:
    case ROLL_PDU_ALTER_CONTEXT_RESP:
      g_assert_cmpuint (pdu->bind_ack.n_results, <=, ROLL_PDU_MAX_CONTEXTS);
      assert_inside (pdu->bind_ack.secondary_address, pdu->bind_ack.secondary_address_length, bytes, size);
      break;
    case ROLL_PDU_REQUEST:
    case ROLL_PDU_RESPONSE:
    case ROLL_PDU_FAULT:
      assert_inside (bytes + pdu->call.stub_offset, pdu->call.stub_length, bytes,
                     pdu->has_auth ? pdu->auth.trailer_offset : size);
      break;
    default:
      break;
    }
}

/* What must be the same after a round trip stays, the rest becomes nothing: where parts stand, and what no encoder
 * of ours writes. */
static void
normalise (RollPdu *pdu)
{
  pdu->frag_length = 0;
  pdu->auth.pad_length = 0;
  pdu->auth.trailer_offset = 0;
  pdu->auth.token = NULL;
  switch ((int) pdu->type)
    {
    case ROLL_PDU_BIND_ACK:
    case ROLL_PDU_ALTER_CONTEXT_RESP:
      pdu->bind_ack.secondary_address = NULL;
      break;
    case ROLL_PDU_RESPONSE:
    case ROLL_PDU_FAULT:
      pdu->call.cancel_count = 0;
      if (pdu->type == ROLL_PDU_FAULT)
        pdu->call.alloc_hint = 0;
      break;
    default:
      break;
    }
}

static void
check_again (RollPdu *pdu, const guint8 *bytes)
{
  g_auto (RollWriter) writer = { 0 };
  const char *problem;
  RollPdu again;

  roll_writer_init (&writer, G_MAXUINT32);
  encode (&writer, pdu, bytes);
  if (!roll_writer_ok (&writer)) /* more than fits into 16 bits: the four bytes that auth3 has and need not have */
    return;
  g_assert_true (roll_pdu_decode (writer.data, writer.length, &again, &problem));
  check_bounds (&again, writer.data, writer.length);
  if (pdu->has_auth)
    g_assert_cmpmem (again.auth.token, again.auth.token_length, pdu->auth.token, pdu->auth.token_length);
  normalise (pdu);
  normalise (&again);
  g_assert_cmpmem (pdu, sizeof *pdu, &again, sizeof again);
}

static void
check (const guint8 *bytes, gsize size)
{
  const char *problem = NULL;
  RollPdu pdu;

  if (roll_pdu_decode (bytes, size, &pdu, &problem))
    {
      g_assert_null (problem);
      check_bounds (&pdu, bytes, size);
      check_again (&pdu, bytes);
    }
  else
    g_assert_nonnull (problem);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree guint8 *copy = NULL;

  check (data, size);
  /* The same with a header that tells no lie, for what lies behind it. */
  if (size < ROLL_PDU_HEADER_SIZE || size > G_MAXUINT16)
    return 0;
  copy = g_memdup2 (data, size);
  memcpy (copy, "\5\0", 2);
  memcpy (copy + 4, "\x10\0\0\0", 4);
  copy[8] = (guint8) size;
  copy[9] = (guint8) (size >> 8);
  check (copy, size);
  return 0;
}
