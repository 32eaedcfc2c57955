/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <nettle/arcfour.h>
#include <nettle/hmac.h>

#include "codec/roll-ntlm.h"

G_BEGIN_DECLS

/*
 * The arithmetic of NTLMv2 ([MS-NLMP] 3.3.2, 3.4): pure functions over bytes; clock and randomness are given by the
 * caller. What holds a key is wiped by its clear function.
 */

#define ROLL_NTLM_KEY_SIZE 16
#define ROLL_NTLM_TOKEN_SIZE 16

/* NTOWFv2: the user in upper case, the domain as typed. @ret_hash is as good as the password. */
void roll_ntlm_hash (const char *user, const char *domain, const char *password, guint8 ret_hash[ROLL_NTLM_KEY_SIZE]);

/* What an initiator knows when it answers a challenge. */
typedef struct
{
  const guint8 *negotiate; /* the NEGOTIATE_MESSAGE as sent, for the MIC */
  gsize negotiate_length;
  const guint8 *challenge; /* the CHALLENGE_MESSAGE as received */
  gsize challenge_length;
  const char *user;
  const char *domain;
  const char *workstation;
  const char *target_name; /* (nullable): the service asked, "host/pc1.corp.example" */
  guint8 hash[ROLL_NTLM_KEY_SIZE];
  guint8 client_challenge[8];               /* random */
  guint8 session_key[ROLL_NTLM_KEY_SIZE];   /* random: the exported session key */
  guint64 now; /* FILETIME, used only where the server sent none */
} RollNtlmAnswer;

/**
 * roll_ntlm_put_answer: appends the AUTHENTICATE_MESSAGE for a decoded challenge, with a MIC where the server sent its time.
 * @decoded: the same challenge, decoded; its flags passed roll_ntlm_check_flags()
 */
void roll_ntlm_put_answer (RollWriter *writer, const RollNtlmAnswer *answer, const RollNtlmChallenge *decoded);

/**
 * roll_ntlm_verify_answer: the acceptor's half: whether the response was made with @hash, and the session key it brought.
 * @negotiate, @challenge, @message: the three messages as they travelled, for the MIC
 */
gboolean roll_ntlm_verify_answer (const RollNtlmAuthenticate *authenticate, const guint8 hash[ROLL_NTLM_KEY_SIZE],
                                  const guint8 server_challenge[8], const GBytes *negotiate, const GBytes *challenge,
                                  const GBytes *message, guint8 ret_session_key[ROLL_NTLM_KEY_SIZE]);

/* One direction of a session: a signing key, a sealing stream, a sequence number. */
typedef struct
{
  guint8 sign_key[ROLL_NTLM_KEY_SIZE];
  guint8 seal_key[ROLL_NTLM_KEY_SIZE];
  struct hmac_md5_ctx signer; /* keyed; a digest leaves it as it was */
  struct arcfour_ctx stream;
  guint32 sequence;
} RollNtlmDirection;

typedef struct
{
  RollNtlmDirection out;
  RollNtlmDirection in;
} RollNtlmSession;

void roll_ntlm_session_init (RollNtlmSession *session, const guint8 session_key[ROLL_NTLM_KEY_SIZE],
                             gboolean initiator);
void roll_ntlm_session_clear (RollNtlmSession *session);

/* After SPNEGO's mechListMIC: both sealing streams begin anew, the sequence numbers go on. */
void roll_ntlm_session_restart (RollNtlmSession *session);

/**
 * roll_ntlm_protect:
 * @message: what is signed, whole: a PDU up to its token
 * @sealed, @sealed_length: the part of it that is encrypted in place; length 0: sign only
 */
void roll_ntlm_protect (RollNtlmSession *session, guint8 *message, gsize length, gsize sealed, gsize sealed_length,
                        guint8 ret_token[ROLL_NTLM_TOKEN_SIZE]);

/* The reverse; FALSE when the signature is not right (compared in constant time): the session is then of no use. */
gboolean roll_ntlm_unprotect (RollNtlmSession *session, guint8 *message, gsize length, gsize sealed,
                              gsize sealed_length, const guint8 token[ROLL_NTLM_TOKEN_SIZE]);

G_END_DECLS
