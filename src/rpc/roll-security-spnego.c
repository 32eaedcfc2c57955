/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-security-spnego-private.h"

#define SEC_E_LOGON_DENIED 0x8009030c

/* NTLM alone is offered, so that there is nothing to choose from and nothing to be talked into. */
static const RollSpnegoBytes ntlm_oid = { (const guint8 *) ROLL_SPNEGO_OID_NTLM, sizeof ROLL_SPNEGO_OID_NTLM - 1 };
static const char offered_list[] = "\x30\x0c\x06\x0a" ROLL_SPNEGO_OID_NTLM;

typedef struct
{
  RollSpnegoSecurity base;
  gboolean answered; /* the challenge */
} Initiator;

static gboolean
send_init (Initiator *self, RollWriter *ret_token, RollLogonNext *ret_next, GError **error)
{
  RollSpnegoInit init = { .n_mechs = 1, .mechs = { ntlm_oid } };
  g_auto (RollWriter) negotiate = { 0 };

  if (!roll_spnego_security_feed (&self->base, &init.mech_token, &negotiate, ret_next, error))
    return FALSE;
  init.mech_token = (RollSpnegoBytes) { negotiate.data, negotiate.length };
  self->base.mech_list = g_bytes_new_static (offered_list, sizeof offered_list - 1);
  roll_spnego_put_init (ret_token, &init);
  return TRUE;
}

static gboolean
answer_challenge (Initiator *self, const RollSpnegoResp *challenge, RollWriter *ret_token, RollLogonNext *ret_next,
                  GError **error)
{
  RollSpnegoResp answer = { .has_state = TRUE, .state = ROLL_SPNEGO_ACCEPT_INCOMPLETE };
  g_auto (RollWriter) authenticate = { 0 };
  guint8 mic[ROLL_NTLM_TOKEN_SIZE];

  if (challenge->response_token.data == NULL
      || (challenge->supported_mech.data != NULL && !roll_spnego_is_ntlm (&challenge->supported_mech)))
    return roll_spnego_security_malformed (error, "no challenge, or another mechanism than was offered");
  if (!roll_spnego_security_feed (&self->base, &challenge->response_token, &authenticate, ret_next, error))
    return FALSE;
  roll_spnego_security_sign_list (&self->base, mic);
  answer.response_token = (RollSpnegoBytes) { authenticate.data, authenticate.length };
  answer.mech_list_mic = (RollSpnegoBytes) { mic, sizeof mic };
  roll_spnego_put_resp (ret_token, &answer);
  if (!roll_writer_ok (&authenticate))
    ret_token->overflowed = TRUE;
  self->answered = TRUE;
  *ret_next = ROLL_LOGON_SEND;
  return TRUE;
}

/* The server's MIC answers ours; with both exchanged the streams of NTLM begin anew ([MS-SPNG] 3.3.5.1). */
static gboolean
finish (Initiator *self, const RollSpnegoResp *last, RollLogonNext *ret_next, GError **error)
{
  if (self->base.complete || !last->has_state || last->state != ROLL_SPNEGO_ACCEPT_COMPLETED)
    return roll_spnego_security_malformed (error, "a logon that does not end where it must");
  if (!roll_spnego_security_verify_list (&self->base, &last->mech_list_mic, error))
    return FALSE;
  roll_ntlm_session_restart (&self->base.ntlm->session);
  self->base.complete = TRUE;
  *ret_next = ROLL_LOGON_DONE;
  return TRUE;
}

static gboolean
initiator_logon (RollSecurity *security, const guint8 *token, gsize length, RollWriter *ret_token,
                 RollLogonNext *ret_next, GError **error)
{
  Initiator *self = (Initiator *) security;
  RollSpnegoResp resp;
  const char *problem;

  if (self->base.mech_list == NULL)
    return send_init (self, ret_token, ret_next, error);
  if (!roll_spnego_resp_decode (token, length, &resp, &problem))
    return roll_spnego_security_malformed (error, problem);
  if (resp.has_state && resp.state == ROLL_SPNEGO_REJECT)
    return roll_ntlm_security_refuse (error, SEC_E_LOGON_DENIED, ROLL_SAID_BY_PEER, "rejected under SPNEGO");
  if (!self->answered)
    return answer_challenge (self, &resp, ret_token, ret_next, error);
  return finish (self, &resp, ret_next, error);
}

static const RollSecurityClass initiator_class = {
  .type = ROLL_AUTH_SPNEGO,
  .logon = initiator_logon,
  .token_size = roll_spnego_security_token_size,
  .protect = roll_spnego_security_protect,
  .unprotect = roll_spnego_security_unprotect,
  .free = roll_spnego_security_free,
};

RollSecurity *
roll_security_new_spnego (RollSecurity *ntlm)
{
  Initiator *self;

  g_return_val_if_fail (ntlm != NULL && ntlm->klass->type == ROLL_AUTH_NTLM, NULL);

  self = g_new0 (Initiator, 1);
  roll_spnego_security_init (&self->base, &initiator_class, ntlm);
  return &self->base.parent;
}
