/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-spnego.h"
#include "rpc/roll-security-ntlm-private.h"

G_BEGIN_DECLS

/* What both halves of NTLM under SPNEGO are made of. */
typedef struct
{
  RollSecurity parent;
  RollNtlmSecurity *ntlm; /* owned: makes the tokens, then signs and seals */
  GBytes *mech_list;      /* as the initiator offered it: what a mechListMIC signs */
  gboolean complete;
} RollSpnegoSecurity;

void roll_spnego_security_init (RollSpnegoSecurity *self, const RollSecurityClass *klass, RollSecurity *ntlm);
gboolean roll_spnego_security_malformed (GError **error, const char *problem); /* returns FALSE */

/* The context inside one under SPNEGO; any other as it is. */
RollSecurity *roll_spnego_security_peel (RollSecurity *security);

/* The NTLM inside makes the next token of a well-formed one. */
gboolean roll_spnego_security_feed (RollSpnegoSecurity *self, const RollSpnegoBytes *token, RollWriter *ret_token,
                                    RollLogonNext *ret_next, GError **error);
void roll_spnego_security_sign_list (RollSpnegoSecurity *self, guint8 ret_mic[ROLL_NTLM_TOKEN_SIZE]);
gboolean roll_spnego_security_verify_list (RollSpnegoSecurity *self, const RollSpnegoBytes *mic, GError **error);

gsize roll_spnego_security_token_size (RollSecurity *security, gsize length);
gboolean roll_spnego_security_protect (RollSecurity *security, guint8 *pdu, gsize pdu_length, gsize stub,
                                       gsize stub_length, guint8 *ret_token, gsize token_length, GError **error);
gboolean roll_spnego_security_unprotect (RollSecurity *security, guint8 *pdu, gsize pdu_length, gsize stub,
                                         gsize stub_length, const guint8 *token, gsize token_length, GError **error);
void roll_spnego_security_free (RollSecurity *security);

G_END_DECLS
