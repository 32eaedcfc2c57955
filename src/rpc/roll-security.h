/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-ntlm.h"
#include "inventory/roll-secret.h"
#include "rpc/roll-rpc-error.h"

G_BEGIN_DECLS

/*
 * One security context of an association: it makes the tokens of the logon, then signs and seals PDUs. Four kinds stand
 * behind it: NTLMv2, Kerberos, and either under SPNEGO. Not thread-safe; one context belongs to one association.
 */

/* auth_type, [MS-RPCE] 2.2.1.1.7 */
typedef enum
{
  ROLL_AUTH_NONE = 0,
  ROLL_AUTH_SPNEGO = 9,
  ROLL_AUTH_NTLM = 10,
  ROLL_AUTH_KERBEROS = 16,
} RollAuthType;

/* auth_level, [MS-RPCE] 2.2.1.1.8; nothing between these two and none is ever used */
typedef enum
{
  ROLL_LEVEL_NONE = 1,
  ROLL_LEVEL_INTEGRITY = 5,
  ROLL_LEVEL_PRIVACY = 6,
} RollAuthLevel;

typedef enum
{
  ROLL_LOGON_SEND,          /* *token goes to the server and an answer is expected */
  ROLL_LOGON_SEND_AND_DONE, /* *token goes to the server, nothing comes back (auth3), the context is ready */
  ROLL_LOGON_DONE,          /* nothing to send, the context is ready */
} RollLogonNext;

typedef struct _RollSecurity RollSecurity;

typedef struct
{
  RollAuthType type;
  /* @token: what the other side sent; length 0 at first. Appends what is to be sent. FALSE: the logon failed. */
  gboolean (*logon) (RollSecurity *self, const guint8 *token, gsize length, RollWriter *ret_token,
                     RollLogonNext *ret_next, GError **error);
  /* Bytes of the token behind a PDU whose stub has @length bytes. */
  gsize (*token_size) (RollSecurity *self, gsize length);
  /* Signs @pdu up to its token and, at privacy, seals @stub in place. */
  gboolean (*protect) (RollSecurity *self, guint8 *pdu, gsize pdu_length, gsize stub, gsize stub_length,
                       guint8 *ret_token, gsize token_length, GError **error);
  gboolean (*unprotect) (RollSecurity *self, guint8 *pdu, gsize pdu_length, gsize stub, gsize stub_length,
                         const guint8 *token, gsize token_length, GError **error);
  void (*free) (RollSecurity *self);
} RollSecurityClass;

struct _RollSecurity
{
  const RollSecurityClass *klass;
  RollAuthLevel level;
  gboolean header_signing; /* set by the association once a bind of its connection asked for it */
  guint32 context_id;      /* auth_context_id: which of its connection's contexts it is; an association has one, 0 */
};

void roll_security_free (RollSecurity *security);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollSecurity, roll_security_free)

/**
 * roll_security_new_ntlm:
 * @hash: NTOWFv2 of the account (roll_ntlm_hash()), 16 bytes
 * @target_name: (nullable): "host/pc1.corp.example", put into the answer against relaying
 */
RollSecurity *roll_security_new_ntlm (const char *user, const char *domain, RollSecret *hash, const char *target_name,
                                      RollAuthLevel level);

/**
 * roll_security_new_ntlm_local: an account of the computer itself. Its domain is the name the computer gives in its challenge: with
 *   none, a computer that does not have the account asks its own domain, where one of the same name is then closer to being locked.
 */
RollSecurity *roll_security_new_ntlm_local (const char *user, RollSecret *password, const char *target_name,
                                            RollAuthLevel level);

/* One that only asks who is there: its logon ends with REFUSED and NO_CREDENTIALS as soon as the challenge has come. */
RollSecurity *roll_security_new_ntlm_question (void);

/**
 * roll_security_new_spnego: NTLM under SPNEGO, which offers nothing else and insists on a mechListMIC.
 * @ntlm: (transfer full): of roll_security_new_ntlm() or roll_security_new_ntlm_question()
 */
RollSecurity *roll_security_new_spnego (RollSecurity *ntlm);

/* What the server's NTLM challenge told, refused or not; NULL before it came, and for another kind. */
const RollNtlmChallenge *roll_security_get_challenge (RollSecurity *security);

/**
 * roll_security_new_kerberos: raw Kerberos, or Kerberos under SPNEGO.
 * @type: ROLL_AUTH_KERBEROS or ROLL_AUTH_SPNEGO
 * @principal: (nullable): "user@REALM" to log on as with @password; NULL for the ticket cache of the user who runs the program
 * @target_name: "host/pc1.corp.example"
 * @cancel_fd: borrowed; once it is readable the waiting for KDCs ends with CANCELLED; -1: none
 * @deadline: g_get_monotonic_time() after which it ends with TIMED_OUT; 0: none
 *
 * Tickets got with a password live in memory only. Errors: ROLL_RPC_ERROR_REFUSED with the number of the KDC.
 */
RollSecurity *roll_security_new_kerberos (RollAuthType type, const char *principal, RollSecret *password,
                                          const char *target_name, RollAuthLevel level, int cancel_fd,
                                          gint64 deadline, GError **error);

/* The server's half of NTLM, for simulated computers and tests. Texts are copied. */
typedef struct
{
  const char *nb_computer, *nb_domain, *dns_computer, *dns_domain;
  guint8 major, minor; /* of Windows */
  guint16 build;
  /* Returns: (transfer full) (nullable): roll_ntlm_hash() of an account; NULL: there is no such account */
  RollSecret *(*lookup) (const char *user, const char *domain, gpointer user_data);
  gpointer user_data;
} RollNtlmServer;

RollSecurity *roll_security_new_ntlm_acceptor (const RollNtlmServer *server, RollAuthLevel level);

/* @ntlm: (transfer full): of roll_security_new_ntlm_acceptor(). Its last token comes with ROLL_LOGON_SEND_AND_DONE. */
RollSecurity *roll_security_new_spnego_acceptor (RollSecurity *ntlm);

G_END_DECLS
