/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-ntlm-session.h"
#include "rpc/roll-security.h"

G_BEGIN_DECLS

/* From 1601 to 1970 in units of 100 ns. */
#define ROLL_FILETIME_EPOCH G_GUINT64_CONSTANT (116444736000000000)

/* What both halves of NTLM are made of. */
typedef struct
{
  RollSecurity parent;
  RollNtlmSession session;
} RollNtlmSecurity;

gsize roll_ntlm_security_token_size (RollSecurity *security, gsize length);
gboolean roll_ntlm_security_protect (RollSecurity *security, guint8 *pdu, gsize pdu_length, gsize stub,
                                     gsize stub_length, guint8 *ret_token, gsize token_length, GError **error);
gboolean roll_ntlm_security_unprotect (RollSecurity *security, guint8 *pdu, gsize pdu_length, gsize stub,
                                       gsize stub_length, const guint8 *token, gsize token_length, GError **error);

/* Both return FALSE. */
gboolean roll_ntlm_security_malformed (GError **error, const char *text);
gboolean roll_ntlm_security_refuse (GError **error, guint32 hresult, RollSaidBy said_by, const char *text);

G_END_DECLS
