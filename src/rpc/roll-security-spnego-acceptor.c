/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-security-spnego-private.h"

#define SEC_E_UNSUPPORTED_FUNCTION 0x80090302

static const RollSpnegoBytes ntlm_oid = { (const guint8 *) ROLL_SPNEGO_OID_NTLM, sizeof ROLL_SPNEGO_OID_NTLM - 1 };

typedef struct
{
  RollSpnegoSecurity base;
  gboolean preferred; /* NTLM was the initiator's first choice */
} Acceptor;

static gboolean
offers_ntlm (const RollSpnegoInit *init)
{
  for (guint i = 0; i < init->n_mechs; i++)
    if (roll_spnego_is_ntlm (&init->mechs[i]))
      return TRUE;
  return FALSE;
}

/* The token that came along is of use only where it is NTLM's. */
static gboolean
take_init (Acceptor *self, const RollSpnegoInit *init, RollWriter *ret_token, RollLogonNext *ret_next,
           GError **error)
{
  RollSpnegoResp answer = { .has_state = TRUE, .state = ROLL_SPNEGO_REQUEST_MIC, .supported_mech = ntlm_oid };
  g_auto (RollWriter) challenge = { 0 };

  if (!offers_ntlm (init))
    return roll_ntlm_security_refuse (error, SEC_E_UNSUPPORTED_FUNCTION, ROLL_SAID_BY_THIS_MACHINE,
                                      "not offered under SPNEGO");
  self->base.mech_list = g_bytes_new (init->mech_list.data, init->mech_list.length);
  self->preferred = roll_spnego_is_ntlm (&init->mechs[0]);
  *ret_next = ROLL_LOGON_SEND;
  if (self->preferred && init->mech_token.data != NULL)
    {
      if (!roll_spnego_security_feed (&self->base, &init->mech_token, &challenge, ret_next, error))
        return FALSE;
      answer.state = ROLL_SPNEGO_ACCEPT_INCOMPLETE;
      answer.response_token = (RollSpnegoBytes) { challenge.data, challenge.length };
    }
  roll_spnego_put_resp (ret_token, &answer);
  return TRUE;
}

/* Without a MIC nobody could tell that the list was tampered with; where NTLM stood first there was nothing to gain. */
static gboolean
exchange_mics (Acceptor *self, const RollSpnegoBytes *mic, RollSpnegoBytes *ret_answer, guint8 *own, GError **error)
{
  if (mic->data == NULL && self->preferred)
    return TRUE;
  if (!roll_spnego_security_verify_list (&self->base, mic, error))
    return FALSE;
  roll_spnego_security_sign_list (&self->base, own);
  *ret_answer = (RollSpnegoBytes) { own, ROLL_NTLM_TOKEN_SIZE };
  roll_ntlm_session_restart (&self->base.ntlm->session);
  return TRUE;
}

static gboolean
take_resp (Acceptor *self, const RollSpnegoResp *resp, RollWriter *ret_token, RollLogonNext *ret_next, GError **error)
{
  RollSpnegoResp answer = { .has_state = TRUE, .state = ROLL_SPNEGO_ACCEPT_INCOMPLETE };
  g_auto (RollWriter) token = { 0 };
  guint8 own[ROLL_NTLM_TOKEN_SIZE];

  if (!roll_spnego_security_feed (&self->base, &resp->response_token, &token, ret_next, error))
    return FALSE;
  if (*ret_next == ROLL_LOGON_DONE)
    {
      if (!exchange_mics (self, &resp->mech_list_mic, &answer.mech_list_mic, own, error))
        return FALSE;
      answer.state = ROLL_SPNEGO_ACCEPT_COMPLETED;
      self->base.complete = TRUE;
      *ret_next = ROLL_LOGON_SEND_AND_DONE;
    }
  if (token.length > 0)
    answer.response_token = (RollSpnegoBytes) { token.data, token.length };
  roll_spnego_put_resp (ret_token, &answer);
  return TRUE;
}

static gboolean
acceptor_logon (RollSecurity *security, const guint8 *token, gsize length, RollWriter *ret_token,
                RollLogonNext *ret_next, GError **error)
{
  Acceptor *self = (Acceptor *) security;
  RollSpnegoInit init;
  RollSpnegoResp resp;
  const char *problem;

  if (self->base.complete)
    return roll_spnego_security_malformed (error, "more than one logon");
  if (self->base.mech_list == NULL)
    return roll_spnego_init_decode (token, length, &init, &problem)
               ? take_init (self, &init, ret_token, ret_next, error)
               : roll_spnego_security_malformed (error, problem);
  return roll_spnego_resp_decode (token, length, &resp, &problem)
             ? take_resp (self, &resp, ret_token, ret_next, error)
             : roll_spnego_security_malformed (error, problem);
}

static const RollSecurityClass acceptor_class = {
  .type = ROLL_AUTH_SPNEGO,
  .logon = acceptor_logon,
  .token_size = roll_spnego_security_token_size,
  .protect = roll_spnego_security_protect,
  .unprotect = roll_spnego_security_unprotect,
  .free = roll_spnego_security_free,
};

RollSecurity *
roll_security_new_spnego_acceptor (RollSecurity *ntlm)
{
  Acceptor *self;

  g_return_val_if_fail (ntlm != NULL && ntlm->klass->type == ROLL_AUTH_NTLM, NULL);

  self = g_new0 (Acceptor, 1);
  roll_spnego_security_init (&self->base, &acceptor_class, ntlm);
  return &self->base.parent;
}
