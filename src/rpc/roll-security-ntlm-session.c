/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-security-ntlm-private.h"

gboolean
roll_ntlm_security_malformed (GError **error, const char *text)
{
  roll_rpc_set_error (error, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED,
                      ROLL_SAID_BY_PEER, "NTLM: %s", text);
  return FALSE;
}

gboolean
roll_ntlm_security_refuse (GError **error, guint32 hresult, RollSaidBy said_by, const char *text)
{
  roll_rpc_set_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_HRESULT, hresult, said_by, "NTLM: %s", text);
  return FALSE;
}

gsize
roll_ntlm_security_token_size (RollSecurity *security, gsize length)
{
  return ROLL_NTLM_TOKEN_SIZE;
}

static gsize
sealed_length (RollSecurity *security, gsize stub_length)
{
  return security->level == ROLL_LEVEL_PRIVACY ? stub_length : 0;
}

/* NTLM signs the whole PDU whether or not header signing was agreed. */
gboolean
roll_ntlm_security_protect (RollSecurity *security, guint8 *pdu, gsize pdu_length, gsize stub, gsize stub_length,
                            guint8 *ret_token, gsize token_length, GError **error)
{
  RollNtlmSecurity *self = (RollNtlmSecurity *) security;

  g_assert (token_length == ROLL_NTLM_TOKEN_SIZE);

  roll_ntlm_protect (&self->session, pdu, pdu_length, stub, sealed_length (security, stub_length), ret_token);
  return TRUE;
}

gboolean
roll_ntlm_security_unprotect (RollSecurity *security, guint8 *pdu, gsize pdu_length, gsize stub, gsize stub_length,
                              const guint8 *token, gsize token_length, GError **error)
{
  RollNtlmSecurity *self = (RollNtlmSecurity *) security;

  if (token_length == ROLL_NTLM_TOKEN_SIZE
      && roll_ntlm_unprotect (&self->session, pdu, pdu_length, stub, sealed_length (security, stub_length), token))
    return TRUE;
  roll_rpc_set_error (error, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_BAD_SIGNATURE,
                      ROLL_SAID_BY_PEER, "NTLM: a signature that is not right");
  return FALSE;
}
