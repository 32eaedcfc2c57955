/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-reader.h"
#include "codec/roll-writer.h"

G_BEGIN_DECLS

/*
 * The three messages of NTLM ([MS-NLMP] 2.2.1), as bytes and values. Only NTLMv2 with extended session security, 128-bit
 * keys and key exchange is spoken; what is less is refused by roll_ntlm_check_flags(). Text is UTF-16LE on the wire and
 * UTF-8 here.
 */

#define ROLL_NTLM_UNICODE 0x00000001u
#define ROLL_NTLM_REQUEST_TARGET 0x00000004u
#define ROLL_NTLM_SIGN 0x00000010u
#define ROLL_NTLM_SEAL 0x00000020u
#define ROLL_NTLM_NTLM 0x00000200u
#define ROLL_NTLM_ANONYMOUS 0x00000800u
#define ROLL_NTLM_ALWAYS_SIGN 0x00008000u
#define ROLL_NTLM_TARGET_TYPE_DOMAIN 0x00010000u
#define ROLL_NTLM_TARGET_TYPE_SERVER 0x00020000u
#define ROLL_NTLM_EXTENDED_SESSION_SECURITY 0x00080000u
#define ROLL_NTLM_TARGET_INFO 0x00800000u
#define ROLL_NTLM_VERSION 0x02000000u
#define ROLL_NTLM_128 0x20000000u
#define ROLL_NTLM_KEY_EXCH 0x40000000u
#define ROLL_NTLM_56 0x80000000u

#define ROLL_NTLM_MESSAGE_MAX 65535 /* auth_length is 16 bits */
#define ROLL_NTLM_MIC_OFFSET 72     /* of the MIC in an AUTHENTICATE_MESSAGE that has one */
#define ROLL_NTLM_AV_FLAG_MIC 0x00000002u

/* MsvAvId, [MS-NLMP] 2.2.2.1 */
typedef enum
{
  ROLL_NTLM_AV_EOL = 0,
  ROLL_NTLM_AV_NB_COMPUTER = 1,
  ROLL_NTLM_AV_NB_DOMAIN = 2,
  ROLL_NTLM_AV_DNS_COMPUTER = 3,
  ROLL_NTLM_AV_DNS_DOMAIN = 4,
  ROLL_NTLM_AV_DNS_TREE = 5,
  ROLL_NTLM_AV_FLAGS = 6,
  ROLL_NTLM_AV_TIMESTAMP = 7,
  ROLL_NTLM_AV_SINGLE_HOST = 8,
  ROLL_NTLM_AV_TARGET_NAME = 9,
  ROLL_NTLM_AV_CHANNEL_BINDINGS = 10,
} RollNtlmAvId;

/* What a CHALLENGE_MESSAGE tells of the computer before any logon. Clear with roll_ntlm_challenge_clear(). */
typedef struct
{
  guint32 flags;
  guint8 server_challenge[8];
  char *target_name;   /* (nullable) */
  gboolean has_version;
  guint8 major, minor; /* of Windows */
  guint16 build;
  char *nb_computer, *nb_domain, *dns_computer, *dns_domain, *dns_tree; /* (nullable) */
  gboolean has_timestamp;
  guint64 timestamp;   /* FILETIME: 100 ns since 1601, UTC */
  const guint8 *target_info; /* the AV pairs as they came, EOL included; borrowed from the message */
  gsize target_info_length;
} RollNtlmChallenge;

void roll_ntlm_challenge_clear (RollNtlmChallenge *challenge);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RollNtlmChallenge, roll_ntlm_challenge_clear)

/* @ret_problem: a static text of what is wrong. The result borrows from @bytes. */
gboolean roll_ntlm_challenge_decode (const guint8 *bytes, gsize length, RollNtlmChallenge *ret_challenge,
                                     const char **ret_problem);

/* An AUTHENTICATE_MESSAGE as the acceptor reads it. Pointers borrow from the message; texts are owned. */
typedef struct
{
  guint32 flags;
  char *user, *domain, *workstation;
  const guint8 *lm_response, *nt_response, *encrypted_key;
  gsize lm_response_length, nt_response_length, encrypted_key_length;
  gboolean has_mic;
} RollNtlmAuthenticate;

void roll_ntlm_authenticate_clear (RollNtlmAuthenticate *authenticate);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (RollNtlmAuthenticate, roll_ntlm_authenticate_clear)
gboolean roll_ntlm_authenticate_decode (const guint8 *bytes, gsize length, RollNtlmAuthenticate *ret_authenticate,
                                        const char **ret_problem);

/* Returns: the flags of a NEGOTIATE_MESSAGE; FALSE when it is none. */
gboolean roll_ntlm_negotiate_decode (const guint8 *bytes, gsize length, guint32 *ret_flags);

void roll_ntlm_put_negotiate (RollWriter *writer, guint32 flags);

/* @target_info: AV pairs with EOL. */
void roll_ntlm_put_challenge (RollWriter *writer, guint32 flags, const guint8 server_challenge[8],
                              const char *target_name, const guint8 *target_info, gsize target_info_length,
                              guint8 major, guint8 minor, guint16 build);

typedef struct
{
  guint32 flags;
  const char *user, *domain, *workstation;
  const guint8 *lm_response, *nt_response, *encrypted_key;
  gsize lm_response_length, nt_response_length, encrypted_key_length;
  gboolean with_mic; /* leaves 16 zero bytes at ROLL_NTLM_MIC_OFFSET of the message */
} RollNtlmAuthenticateFields;
void roll_ntlm_put_authenticate (RollWriter *writer, const RollNtlmAuthenticateFields *fields);

/* One AV pair. Text ones: see roll_ntlm_put_av_text(). */
void roll_ntlm_put_av (RollWriter *writer, RollNtlmAvId id, const guint8 *value, gsize length);
void roll_ntlm_put_av_text (RollWriter *writer, RollNtlmAvId id, const char *text);
void roll_ntlm_put_av_u32 (RollWriter *writer, RollNtlmAvId id, guint32 value);

/* The next AV pair of @reader; FALSE at EOL or on failure (then !roll_reader_ok()). */
gboolean roll_ntlm_next_av (RollReader *reader, RollNtlmAvId *ret_id, RollReader *ret_value);

/* Returns: (nullable): NULL when @flags have all we insist on; else a static text of what is missing */
const char *roll_ntlm_check_flags (guint32 flags);

G_END_DECLS
