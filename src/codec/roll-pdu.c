/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-pdu.h"

#include <string.h>

#define RPC_VERSION 5
#define RPC_VERSION_MINOR_MAX 1
#define DREP_LITTLE_ENDIAN_ASCII 0x10
#define OFFSET_DREP 4
#define OFFSET_FRAG_LENGTH 8
#define OFFSET_AUTH_LENGTH 10

/* --- Decoding ---------------------------------------------------------------------------------------------------- */

gsize
roll_pdu_frag_length (const guint8 header[ROLL_PDU_HEADER_SIZE], const char **ret_problem)
{
  gsize frag_length = (gsize) header[OFFSET_FRAG_LENGTH] | (gsize) header[OFFSET_FRAG_LENGTH + 1] << 8;

  if (header[0] != RPC_VERSION || header[1] > RPC_VERSION_MINOR_MAX)
    *ret_problem = "not DCE/RPC version 5";
  else if (header[OFFSET_DREP] != DREP_LITTLE_ENDIAN_ASCII || header[OFFSET_DREP + 1] != 0)
    *ret_problem = "a data representation other than little-endian, ASCII, IEEE";
  else if (frag_length < ROLL_PDU_HEADER_SIZE)
    *ret_problem = "a fragment shorter than its header";
  else
    return frag_length;
  return 0;
}

static RollSyntax
read_syntax (RollReader *reader)
{
  RollSyntax syntax;

  syntax.uuid = roll_reader_uuid (reader);
  syntax.version = roll_reader_u32 (reader);
  return syntax;
}

/* [C706] 12.6.3.1, p_cont_elem_t */
static void
read_context (RollReader *reader, RollPresentationContext *ret_context)
{
  ret_context->id = roll_reader_u16 (reader);
  ret_context->n_transfer_syntaxes = roll_reader_u8 (reader);
  roll_reader_skip (reader, 1);
  ret_context->abstract_syntax = read_syntax (reader);
  if (!roll_reader_require (reader, ret_context->n_transfer_syntaxes <= ROLL_PDU_MAX_TRANSFER_SYNTAXES,
                            "too many transfer syntaxes"))
    ret_context->n_transfer_syntaxes = 0;
  for (guint i = 0; i < ret_context->n_transfer_syntaxes; i++)
    ret_context->transfer_syntaxes[i] = read_syntax (reader);
}

static guint
read_list_count (RollReader *reader)
{
  guint count = roll_reader_u8 (reader);

  roll_reader_skip (reader, 3);
  return roll_reader_require (reader, count <= ROLL_PDU_MAX_CONTEXTS, "too many presentation contexts") ? count : 0;
}

/* [C706] 12.6.4.3, 12.6.4.1 */
static void
read_bind (RollReader *reader, RollPduBind *ret_bind)
{
  ret_bind->max_xmit = roll_reader_u16 (reader);
  ret_bind->max_recv = roll_reader_u16 (reader);
  ret_bind->assoc_group = roll_reader_u32 (reader);
  ret_bind->n_contexts = read_list_count (reader);
  for (guint i = 0; i < ret_bind->n_contexts; i++)
    read_context (reader, &ret_bind->contexts[i]);
}

/* [C706] 12.6.4.4, 12.6.4.2 */
static void
read_bind_ack (RollReader *reader, RollPduBindAck *ret_ack)
{
  ret_ack->max_xmit = roll_reader_u16 (reader);
  ret_ack->max_recv = roll_reader_u16 (reader);
  ret_ack->assoc_group = roll_reader_u32 (reader);
  ret_ack->secondary_address_length = roll_reader_u16 (reader);
  ret_ack->secondary_address = roll_reader_bytes (reader, ret_ack->secondary_address_length);
  roll_reader_align (reader, 4);
  ret_ack->n_results = read_list_count (reader);
  for (guint i = 0; i < ret_ack->n_results; i++)
    {
      ret_ack->results[i].result = roll_reader_u16 (reader);
      ret_ack->results[i].reason = roll_reader_u16 (reader);
      ret_ack->results[i].transfer_syntax = read_syntax (reader);
    }
}

/* [C706] 12.6.4.9, 12.6.4.10, 12.6.4.7: @reader ends where the stub ends, its padding included. */
static void
read_call (RollReader *reader, RollPdu *pdu)
{
  RollPduCall *call = &pdu->call;
  gsize pad_length = pdu->has_auth ? pdu->auth.pad_length : 0;

  call->alloc_hint = roll_reader_u32 (reader);
  call->context_id = roll_reader_u16 (reader);
  if (pdu->type == ROLL_PDU_REQUEST)
    {
      call->opnum = roll_reader_u16 (reader);
      call->has_object = (pdu->flags & ROLL_PFC_OBJECT_UUID) != 0;
      if (call->has_object)
        call->object = roll_reader_uuid (reader);
    }
  else
    {
      call->cancel_count = roll_reader_u8 (reader);
      roll_reader_skip (reader, 1);
    }
  if (pdu->type == ROLL_PDU_FAULT)
    {
      call->fault = roll_reader_u32 (reader);
      roll_reader_skip (reader, 4);
    }

  call->stub_offset = reader->position;
  if (roll_reader_require (reader, pad_length <= roll_reader_left (reader), "more padding than stub"))
    call->stub_length = roll_reader_left (reader) - pad_length;
}

/* [MS-RPCE] 2.2.2.11: the trailer stands at the end; what is before it is left in *@ret_body. */
static void
read_auth (RollReader *reader, gsize auth_length, RollPdu *pdu, RollReader *ret_body)
{
  gsize body_start = reader->position;
  RollPduAuth *auth = &pdu->auth;

  if (auth_length == 0)
    {
      *ret_body = *reader;
      return;
    }
  if (!roll_reader_require (reader, auth_length + ROLL_PDU_SEC_TRAILER_SIZE <= roll_reader_left (reader),
                            "an authentication verifier longer than its fragment"))
    {
      *ret_body = *reader;
      return;
    }

  auth->trailer_offset = reader->length - auth_length - ROLL_PDU_SEC_TRAILER_SIZE;
  roll_reader_seek (reader, auth->trailer_offset);
  auth->type = roll_reader_u8 (reader);
  auth->level = roll_reader_u8 (reader);
  auth->pad_length = roll_reader_u8 (reader);
  roll_reader_skip (reader, 1);
  auth->context_id = roll_reader_u32 (reader);
  auth->token_length = auth_length;
  auth->token = roll_reader_bytes (reader, auth_length);
  pdu->has_auth = TRUE;

  roll_reader_init (ret_body, reader->data, auth->trailer_offset);
  roll_reader_seek (ret_body, body_start);
}

static void
read_body (RollReader *body, RollPdu *pdu)
{
  switch (pdu->type)
    {
    case ROLL_PDU_BIND:
    case ROLL_PDU_ALTER_CONTEXT:
      read_bind (body, &pdu->bind);
      break;
    case ROLL_PDU_BIND_ACK:
    case ROLL_PDU_ALTER_CONTEXT_RESP:
      read_bind_ack (body, &pdu->bind_ack);
      break;
    case ROLL_PDU_BIND_NAK:
      pdu->reject_reason = roll_reader_u16 (body);
      break;
    case ROLL_PDU_REQUEST:
    case ROLL_PDU_RESPONSE:
    case ROLL_PDU_FAULT:
      read_call (body, pdu);
      break;
    case ROLL_PDU_AUTH3:
    case ROLL_PDU_SHUTDOWN:
    case ROLL_PDU_CO_CANCEL:
    case ROLL_PDU_ORPHANED:
      break;
    default:
      roll_reader_fail (body, "an unknown packet type");
      break;
    }
}

gboolean
roll_pdu_decode (const guint8 *bytes, gsize length, RollPdu *ret_pdu, const char **ret_problem)
{
  RollReader reader, body;
  const char *problem = NULL;
  gsize auth_length;

  if (length < ROLL_PDU_HEADER_SIZE)
    problem = "truncated";
  else if (roll_pdu_frag_length (bytes, &problem) != length && problem == NULL)
    problem = "a fragment of another length than it says";

  if (problem == NULL)
    {
      roll_reader_init (&reader, bytes, length);
      memset (ret_pdu, 0, sizeof *ret_pdu);
      roll_reader_skip (&reader, 2);
      ret_pdu->type = (RollPduType) roll_reader_u8 (&reader);
      ret_pdu->flags = roll_reader_u8 (&reader);
      roll_reader_skip (&reader, 4);
      ret_pdu->frag_length = roll_reader_u16 (&reader);
      auth_length = roll_reader_u16 (&reader);
      ret_pdu->call_id = roll_reader_u32 (&reader);
      read_auth (&reader, auth_length, ret_pdu, &body);
      read_body (&body, ret_pdu);
      problem = reader.problem != NULL ? reader.problem : body.problem;
    }

  if (ret_problem != NULL)
    *ret_problem = problem;
  return problem == NULL;
}

/* --- Encoding ---------------------------------------------------------------------------------------------------- */

gsize
roll_pdu_begin (RollWriter *writer, RollPduType type, guint8 flags, guint32 call_id)
{
  gsize pdu = writer->length;

  roll_writer_u8 (writer, RPC_VERSION);
  roll_writer_u8 (writer, 0);
  roll_writer_u8 (writer, (guint8) type);
  roll_writer_u8 (writer, flags);
  roll_writer_u32 (writer, DREP_LITTLE_ENDIAN_ASCII);
  roll_writer_u16 (writer, 0); /* frag_length and auth_length come with roll_pdu_end() and _put_auth() */
  roll_writer_u16 (writer, 0);
  roll_writer_u32 (writer, call_id);
  return pdu;
}

static void
write_syntax (RollWriter *writer, const RollSyntax *syntax)
{
  roll_writer_uuid (writer, &syntax->uuid);
  roll_writer_u32 (writer, syntax->version);
}

static void
write_list_count (RollWriter *writer, guint count)
{
  g_assert (count <= ROLL_PDU_MAX_CONTEXTS);

  roll_writer_u8 (writer, (guint8) count);
  roll_writer_zeros (writer, 3);
}

void
roll_pdu_put_bind (RollWriter *writer, const RollPduBind *bind)
{
  roll_writer_u16 (writer, bind->max_xmit);
  roll_writer_u16 (writer, bind->max_recv);
  roll_writer_u32 (writer, bind->assoc_group);
  write_list_count (writer, bind->n_contexts);
  for (guint i = 0; i < bind->n_contexts; i++)
    {
      const RollPresentationContext *context = &bind->contexts[i];

      roll_writer_u16 (writer, context->id);
      roll_writer_u8 (writer, (guint8) context->n_transfer_syntaxes);
      roll_writer_u8 (writer, 0);
      write_syntax (writer, &context->abstract_syntax);
      for (guint j = 0; j < context->n_transfer_syntaxes; j++)
        write_syntax (writer, &context->transfer_syntaxes[j]);
    }
}

void
roll_pdu_put_bind_ack (RollWriter *writer, const RollPduBindAck *ack)
{
  roll_writer_u16 (writer, ack->max_xmit);
  roll_writer_u16 (writer, ack->max_recv);
  roll_writer_u32 (writer, ack->assoc_group);
  roll_writer_u16 (writer, (guint16) ack->secondary_address_length);
  roll_writer_bytes (writer, ack->secondary_address, ack->secondary_address_length);
  /* To a multiple of 4 from the start of the PDU, which need not be that of the writer. */
  roll_writer_zeros (writer, -(2 + ack->secondary_address_length) & 3);
  write_list_count (writer, ack->n_results);
  for (guint i = 0; i < ack->n_results; i++)
    {
      roll_writer_u16 (writer, ack->results[i].result);
      roll_writer_u16 (writer, ack->results[i].reason);
      write_syntax (writer, &ack->results[i].transfer_syntax);
    }
}

/* [C706] 12.6.4.5: the one protocol version we speak. */
void
roll_pdu_put_bind_nak (RollWriter *writer, guint16 reject_reason)
{
  roll_writer_u16 (writer, reject_reason);
  roll_writer_u8 (writer, 1);
  roll_writer_u8 (writer, RPC_VERSION);
  roll_writer_u8 (writer, 0);
}

void
roll_pdu_put_auth3 (RollWriter *writer)
{
  roll_writer_zeros (writer, 4);
}

void
roll_pdu_put_request (RollWriter *writer, guint32 alloc_hint, guint16 context_id, guint16 opnum,
                      const RollUuid *object)
{
  roll_writer_u32 (writer, alloc_hint);
  roll_writer_u16 (writer, context_id);
  roll_writer_u16 (writer, opnum);
  if (object != NULL)
    roll_writer_uuid (writer, object);
}

void
roll_pdu_put_response (RollWriter *writer, guint32 alloc_hint, guint16 context_id)
{
  roll_writer_u32 (writer, alloc_hint);
  roll_writer_u16 (writer, context_id);
  roll_writer_zeros (writer, 2);
}

void
roll_pdu_put_fault (RollWriter *writer, guint16 context_id, guint32 status)
{
  roll_pdu_put_response (writer, 0, context_id);
  roll_writer_u32 (writer, status);
  roll_writer_u32 (writer, 0);
}

gsize
roll_pdu_put_auth (RollWriter *writer, gsize pdu, gsize stub, gsize alignment, const RollPduAuth *auth,
                   const guint8 *token, gsize token_length)
{
  gsize pad_length = -(writer->length - stub) & (alignment - 1);
  gsize trailer;

  g_assert (token_length <= G_MAXUINT16);

  roll_writer_zeros (writer, pad_length);
  trailer = writer->length;
  roll_writer_u8 (writer, auth->type);
  roll_writer_u8 (writer, auth->level);
  roll_writer_u8 (writer, (guint8) pad_length);
  roll_writer_u8 (writer, 0);
  roll_writer_u32 (writer, auth->context_id);
  if (token != NULL)
    roll_writer_bytes (writer, token, token_length);
  else
    roll_writer_zeros (writer, token_length);
  roll_writer_set_u16 (writer, pdu + OFFSET_AUTH_LENGTH, (guint16) token_length);
  return trailer;
}

void
roll_pdu_end (RollWriter *writer, gsize pdu)
{
  gsize frag_length = writer->length - pdu;

  if (frag_length > G_MAXUINT16)
    writer->overflowed = TRUE;
  roll_writer_set_u16 (writer, pdu + OFFSET_FRAG_LENGTH, (guint16) frag_length);
}
