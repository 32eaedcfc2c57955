/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-fragment.h"

/* The stub is padded to this in front of its verifier, so that it fits any cipher's block. */
#define STUB_ALIGNMENT 16

gsize
roll_fragment_capacity (RollSecurity *security, gsize max_fragment, gsize header_size)
{
  gsize capacity, taken = header_size;

  if (security == NULL)
    return max_fragment > taken ? max_fragment - taken : 0;
  taken += ROLL_PDU_SEC_TRAILER_SIZE + security->klass->token_size (security, max_fragment);
  capacity = max_fragment > taken ? max_fragment - taken : 0;
  return capacity - capacity % STUB_ALIGNMENT;
}

gboolean
roll_fragment_end (RollWriter *writer, gsize pdu, gsize stub, RollSecurity *security, GError **error)
{
  RollPduAuth auth = { 0 };
  gsize trailer, token, token_length;

  if (security == NULL)
    {
      roll_pdu_end (writer, pdu);
      return TRUE;
    }
  auth.context_id = security->context_id;
  auth.type = (guint8) security->klass->type;
  auth.level = (guint8) security->level;
  token_length = security->klass->token_size (security, writer->length - stub + STUB_ALIGNMENT);
  trailer = roll_pdu_put_auth (writer, pdu, stub, STUB_ALIGNMENT, &auth, NULL, token_length);
  roll_pdu_end (writer, pdu);
  g_assert (roll_writer_ok (writer));

  token = trailer + ROLL_PDU_SEC_TRAILER_SIZE;
  return security->klass->protect (security, writer->data + pdu, token - pdu, stub - pdu, trailer - stub,
                                   writer->data + token, token_length, error);
}

gboolean
roll_fragment_open (const RollPdu *pdu, guint8 *bytes, RollSecurity *security, GError **error)
{
  const RollPduAuth *auth = &pdu->auth;

  if (security == NULL)
    return TRUE;
  if (!pdu->has_auth || auth->type != security->klass->type || auth->level != security->level
      || auth->context_id != security->context_id)
    {
      roll_rpc_set_error (error, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_BAD_SIGNATURE,
                          ROLL_SAID_BY_PEER, "an answer that is not protected as agreed");
      return FALSE;
    }
  return security->klass->unprotect (security, bytes, auth->trailer_offset + ROLL_PDU_SEC_TRAILER_SIZE,
                                     pdu->call.stub_offset, auth->trailer_offset - pdu->call.stub_offset, auth->token,
                                     auth->token_length, error);
}
