/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-security-spnego-private.h"

void
roll_spnego_security_init (RollSpnegoSecurity *self, const RollSecurityClass *klass, RollSecurity *ntlm)
{
  self->parent = (RollSecurity) { .klass = klass, .level = ntlm->level };
  self->ntlm = (RollNtlmSecurity *) ntlm;
}

void
roll_spnego_security_free (RollSecurity *security)
{
  RollSpnegoSecurity *self = (RollSpnegoSecurity *) security;

  roll_security_free (&self->ntlm->parent);
  g_clear_pointer (&self->mech_list, g_bytes_unref);
  g_free (self);
}

RollSecurity *
roll_spnego_security_peel (RollSecurity *security)
{
  if (security->klass->free == roll_spnego_security_free)
    return &((RollSpnegoSecurity *) security)->ntlm->parent;
  return security;
}

gboolean
roll_spnego_security_malformed (GError **error, const char *problem)
{
  roll_rpc_set_error (error, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED,
                      ROLL_SAID_BY_PEER, "SPNEGO: %s", problem);
  return FALSE;
}

gboolean
roll_spnego_security_feed (RollSpnegoSecurity *self, const RollSpnegoBytes *token, RollWriter *ret_token,
                           RollLogonNext *ret_next, GError **error)
{
  RollSecurity *ntlm = &self->ntlm->parent;

  roll_writer_init (ret_token, ROLL_NTLM_MESSAGE_MAX);
  return ntlm->klass->logon (ntlm, token->data, token->length, ret_token, ret_next, error);
}

/* --- The MIC over the list of mechanisms: the first thing that either side signs ----------------------------------- */

void
roll_spnego_security_sign_list (RollSpnegoSecurity *self, guint8 ret_mic[ROLL_NTLM_TOKEN_SIZE])
{
  gsize length = g_bytes_get_size (self->mech_list);
  g_autofree guint8 *list = g_memdup2 (g_bytes_get_data (self->mech_list, NULL), length);

  roll_ntlm_protect (&self->ntlm->session, list, length, 0, 0, ret_mic);
}

gboolean
roll_spnego_security_verify_list (RollSpnegoSecurity *self, const RollSpnegoBytes *mic, GError **error)
{
  gsize length = g_bytes_get_size (self->mech_list);
  g_autofree guint8 *list = g_memdup2 (g_bytes_get_data (self->mech_list, NULL), length);

  if (mic->data != NULL && mic->length == ROLL_NTLM_TOKEN_SIZE
      && roll_ntlm_unprotect (&self->ntlm->session, list, length, 0, 0, mic->data))
    return TRUE;
  roll_rpc_set_error (error, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_BAD_SIGNATURE,
                      ROLL_SAID_BY_PEER, "SPNEGO: a mechListMIC that is missing or not right");
  return FALSE;
}

/* --- Signing and sealing ----------------------------------------------------------------------------------------- */

gsize
roll_spnego_security_token_size (RollSecurity *security, gsize length)
{
  return roll_ntlm_security_token_size (roll_spnego_security_peel (security), length);
}

gboolean
roll_spnego_security_protect (RollSecurity *security, guint8 *pdu, gsize pdu_length, gsize stub, gsize stub_length,
                              guint8 *ret_token, gsize token_length, GError **error)
{
  return roll_ntlm_security_protect (roll_spnego_security_peel (security), pdu, pdu_length, stub, stub_length,
                                     ret_token, token_length, error);
}

gboolean
roll_spnego_security_unprotect (RollSecurity *security, guint8 *pdu, gsize pdu_length, gsize stub, gsize stub_length,
                                const guint8 *token, gsize token_length, GError **error)
{
  return roll_ntlm_security_unprotect (roll_spnego_security_peel (security), pdu, pdu_length, stub, stub_length,
                                       token, token_length, error);
}
