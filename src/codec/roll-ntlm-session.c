/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-ntlm-session.h"

#include <nettle/md4.h>
#include <nettle/md5.h>
#include <nettle/memops.h>
#include <nettle/version.h>
#include <string.h>

#include "codec/roll-utf16.h"

/* nettle 4 gives every digest whole, without a length. */
#if NETTLE_VERSION_MAJOR >= 4
#define DIGEST(function, context, digest) function (context, digest)
#else
#define DIGEST(function, context, digest) function (context, 16, digest)
#endif

#define CHALLENGE_SIZE 8
#define BLOB_HEADER_SIZE 28 /* of an NTLMv2_CLIENT_CHALLENGE before its AV pairs, [MS-NLMP] 2.2.2.7 */
#define TEXT_MAX 65535
#define TOKEN_VERSION 1

typedef struct
{
  const void *data;
  gsize length;
} Part;

static void
hmac_md5 (const guint8 *key, gsize key_length, const Part *parts, guint n_parts, guint8 ret_digest[16])
{
  struct hmac_md5_ctx context;

  hmac_md5_set_key (&context, key_length, key);
  for (guint i = 0; i < n_parts; i++)
    if (parts[i].length > 0)
      hmac_md5_update (&context, parts[i].length, parts[i].data);
  DIGEST (hmac_md5_digest, &context, ret_digest);
  explicit_bzero (&context, sizeof context);
}

static void
put_upper_utf16 (RollWriter *writer, const char *text)
{
  /* One character for one, as Windows' table does it: g_utf8_strup() would make SS of a sharp s. */
  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      char utf8[7] = { 0 };

      g_unichar_to_utf8 (g_unichar_toupper (g_utf8_get_char (p)), utf8);
      roll_writer_utf16 (writer, utf8);
    }
}

void
roll_ntlm_hash (const char *user, const char *domain, const char *password, guint8 ret_hash[ROLL_NTLM_KEY_SIZE])
{
  g_auto (RollWriter) text;
  guint8 nt_hash[MD4_DIGEST_SIZE];
  struct md4_ctx context;

  g_return_if_fail (g_utf8_validate (user, -1, NULL));

  roll_writer_init (&text, TEXT_MAX);
  roll_writer_utf16 (&text, password);
  md4_init (&context);
  md4_update (&context, text.length, text.data);
  DIGEST (md4_digest, &context, nt_hash);

  roll_writer_clear (&text);
  put_upper_utf16 (&text, user);
  roll_writer_utf16 (&text, domain);
  hmac_md5 (nt_hash, sizeof nt_hash, &(Part) { text.data, text.length }, 1, ret_hash);
  explicit_bzero (nt_hash, sizeof nt_hash);
  explicit_bzero (&context, sizeof context);
}

/* --- The answer to a challenge ----------------------------------------------------------------------------------- */

/* The server's AV pairs, ours added, one EOL and the four zero bytes that Windows sends behind it. */
static void
put_av_pairs (RollWriter *writer, const RollNtlmAnswer *answer, const RollNtlmChallenge *challenge)
{
  RollReader pairs, value;
  RollNtlmAvId id;
  guint32 flags = 0;

  roll_reader_init (&pairs, challenge->target_info, challenge->target_info_length);
  while (roll_ntlm_next_av (&pairs, &id, &value))
    if (id == ROLL_NTLM_AV_FLAGS)
      flags = roll_reader_u32 (&value) & ~ROLL_NTLM_AV_FLAG_MIC; /* that is ours to promise */
    else if (id != ROLL_NTLM_AV_TARGET_NAME && id != ROLL_NTLM_AV_CHANNEL_BINDINGS)
      roll_ntlm_put_av (writer, id, value.data, value.length);

  if (challenge->has_timestamp)
    {
      static const guint8 no_bindings[16];

      roll_ntlm_put_av_u32 (writer, ROLL_NTLM_AV_FLAGS, flags | ROLL_NTLM_AV_FLAG_MIC);
      roll_ntlm_put_av (writer, ROLL_NTLM_AV_CHANNEL_BINDINGS, no_bindings, sizeof no_bindings);
    }
  else if (flags != 0)
    roll_ntlm_put_av_u32 (writer, ROLL_NTLM_AV_FLAGS, flags);
  if (answer->target_name != NULL)
    roll_ntlm_put_av_text (writer, ROLL_NTLM_AV_TARGET_NAME, answer->target_name);
  roll_writer_zeros (writer, 4); /* MsvAvEOL */
  roll_writer_zeros (writer, 4);
}

/* NTLMv2_RESPONSE: a proof over the server's challenge and what follows it. */
static void
put_nt_response (RollWriter *writer, const RollNtlmAnswer *answer, const RollNtlmChallenge *challenge)
{
  gsize proof = roll_writer_reserve (writer, 16);
  gsize blob = writer->length;
  Part parts[2];

  roll_writer_u16 (writer, 0x0101); /* RespType, HiRespType */
  roll_writer_zeros (writer, 6);
  roll_writer_u64 (writer, challenge->has_timestamp ? challenge->timestamp : answer->now);
  roll_writer_bytes (writer, answer->client_challenge, CHALLENGE_SIZE);
  roll_writer_zeros (writer, 4);
  put_av_pairs (writer, answer, challenge);
  if (!roll_writer_ok (writer))
    return;

  parts[0] = (Part) { challenge->server_challenge, CHALLENGE_SIZE };
  parts[1] = (Part) { writer->data + blob, writer->length - blob };
  hmac_md5 (answer->hash, ROLL_NTLM_KEY_SIZE, parts, 2, writer->data + proof);
}

static void
make_lm_response (const RollNtlmAnswer *answer, const RollNtlmChallenge *challenge, guint8 ret_response[24])
{
  const Part parts[] = { { challenge->server_challenge, CHALLENGE_SIZE },
                         { answer->client_challenge, CHALLENGE_SIZE } };

  memset (ret_response, 0, 24);
  if (challenge->has_timestamp)
    return;
  hmac_md5 (answer->hash, ROLL_NTLM_KEY_SIZE, parts, 2, ret_response);
  memcpy (ret_response + 16, answer->client_challenge, CHALLENGE_SIZE);
}

/* The exported session key, under the key that follows from the proof. RC4 both ways. */
static void
crypt_session_key (const guint8 hash[ROLL_NTLM_KEY_SIZE], const guint8 proof[16], const guint8 key[16],
                   guint8 ret_key[16])
{
  guint8 session_base_key[16];
  struct arcfour_ctx stream;

  hmac_md5 (hash, ROLL_NTLM_KEY_SIZE, &(Part) { proof, 16 }, 1, session_base_key);
  arcfour_set_key (&stream, sizeof session_base_key, session_base_key);
  arcfour_crypt (&stream, 16, ret_key, key);
  explicit_bzero (session_base_key, sizeof session_base_key);
  explicit_bzero (&stream, sizeof stream);
}

static const guint8 no_mic[16];

/* MIC over the three messages, its own place in the last one zero. */
static void
make_mic (const guint8 session_key[16], Part negotiate, Part challenge, Part authenticate, guint8 ret_mic[16])
{
  const guint8 *message = authenticate.data;
  const Part parts[] = {
    negotiate,
    challenge,
    { message, ROLL_NTLM_MIC_OFFSET },
    { no_mic, sizeof no_mic },
    { message + ROLL_NTLM_MIC_OFFSET + 16, authenticate.length - ROLL_NTLM_MIC_OFFSET - 16 },
  };

  hmac_md5 (session_key, ROLL_NTLM_KEY_SIZE, parts, G_N_ELEMENTS (parts), ret_mic);
}

void
roll_ntlm_put_answer (RollWriter *writer, const RollNtlmAnswer *answer, const RollNtlmChallenge *decoded)
{
  g_auto (RollWriter) nt_response;
  guint8 lm_response[24];
  guint8 encrypted_key[16];
  gsize start = writer->length;

  roll_writer_init (&nt_response, ROLL_NTLM_MESSAGE_MAX);
  put_nt_response (&nt_response, answer, decoded);
  if (!roll_writer_ok (&nt_response))
    {
      writer->overflowed = TRUE;
      return;
    }
  make_lm_response (answer, decoded, lm_response);
  crypt_session_key (answer->hash, nt_response.data, answer->session_key, encrypted_key);

  roll_ntlm_put_authenticate (writer, &(RollNtlmAuthenticateFields) {
    .flags = decoded->flags,
    .user = answer->user,
    .domain = answer->domain,
    .workstation = answer->workstation,
    .lm_response = lm_response,
    .lm_response_length = sizeof lm_response,
    .nt_response = nt_response.data,
    .nt_response_length = nt_response.length,
    .encrypted_key = encrypted_key,
    .encrypted_key_length = sizeof encrypted_key,
    .with_mic = decoded->has_timestamp,
  });
  if (decoded->has_timestamp && roll_writer_ok (writer))
    make_mic (answer->session_key, (Part) { answer->negotiate, answer->negotiate_length },
              (Part) { answer->challenge, answer->challenge_length },
              (Part) { writer->data + start, writer->length - start },
              writer->data + start + ROLL_NTLM_MIC_OFFSET);
}

static Part
part_of (const GBytes *bytes)
{
  Part part;

  part.data = g_bytes_get_data ((GBytes *) bytes, &part.length);
  return part;
}

gboolean
roll_ntlm_verify_answer (const RollNtlmAuthenticate *authenticate, const guint8 hash[ROLL_NTLM_KEY_SIZE],
                         const guint8 server_challenge[8], const GBytes *negotiate, const GBytes *challenge,
                         const GBytes *message, guint8 ret_session_key[ROLL_NTLM_KEY_SIZE])
{
  const guint8 *response = authenticate->nt_response;
  Part message_part = part_of (message);
  Part parts[2];
  guint8 proof[16], mic[16];

  if (authenticate->nt_response_length < 16 + BLOB_HEADER_SIZE || authenticate->encrypted_key_length != 16)
    return FALSE;
  parts[0] = (Part) { server_challenge, CHALLENGE_SIZE };
  parts[1] = (Part) { response + 16, authenticate->nt_response_length - 16 };
  hmac_md5 (hash, ROLL_NTLM_KEY_SIZE, parts, 2, proof);
  if (!memeql_sec (proof, response, sizeof proof))
    return FALSE;

  crypt_session_key (hash, proof, authenticate->encrypted_key, ret_session_key);
  if (!authenticate->has_mic)
    return TRUE;
  make_mic (ret_session_key, part_of (negotiate), part_of (challenge), message_part, mic);
  return memeql_sec (mic, (const guint8 *) message_part.data + ROLL_NTLM_MIC_OFFSET, sizeof mic) != 0;
}

/* --- Sessions ---------------------------------------------------------------------------------------------------- */

/* SIGNKEY and SEALKEY, [MS-NLMP] 3.4.5.2, 3.4.5.3; the constant's NUL is part of it. */
static void
derive_key (const guint8 session_key[16], const char *constant, guint8 ret_key[16])
{
  struct md5_ctx context;

  md5_init (&context);
  md5_update (&context, ROLL_NTLM_KEY_SIZE, session_key);
  md5_update (&context, strlen (constant) + 1, (const guint8 *) constant);
  DIGEST (md5_digest, &context, ret_key);
  explicit_bzero (&context, sizeof context);
}

static void
direction_init (RollNtlmDirection *direction, const guint8 session_key[16], gboolean from_client)
{
  derive_key (session_key,
              from_client ? "session key to client-to-server signing key magic constant"
                          : "session key to server-to-client signing key magic constant",
              direction->sign_key);
  derive_key (session_key,
              from_client ? "session key to client-to-server sealing key magic constant"
                          : "session key to server-to-client sealing key magic constant",
              direction->seal_key);
  hmac_md5_set_key (&direction->signer, sizeof direction->sign_key, direction->sign_key);
  arcfour_set_key (&direction->stream, sizeof direction->seal_key, direction->seal_key);
  direction->sequence = 0;
}

void
roll_ntlm_session_init (RollNtlmSession *session, const guint8 session_key[ROLL_NTLM_KEY_SIZE], gboolean initiator)
{
  direction_init (&session->out, session_key, initiator);
  direction_init (&session->in, session_key, !initiator);
}

void
roll_ntlm_session_clear (RollNtlmSession *session)
{
  explicit_bzero (session, sizeof *session);
}

void
roll_ntlm_session_restart (RollNtlmSession *session)
{
  arcfour_set_key (&session->out.stream, sizeof session->out.seal_key, session->out.seal_key);
  arcfour_set_key (&session->in.stream, sizeof session->in.seal_key, session->in.seal_key);
}

/* [MS-NLMP] 3.4.4.2: the clear message is signed; the checksum is the last thing that goes through the stream. */
static void
make_token (RollNtlmDirection *direction, const guint8 *checksum, guint8 ret_token[ROLL_NTLM_TOKEN_SIZE])
{
  guint32 version = GUINT32_TO_LE (TOKEN_VERSION);
  guint32 sequence = GUINT32_TO_LE (direction->sequence);

  memcpy (ret_token, &version, 4);
  arcfour_crypt (&direction->stream, 8, ret_token + 4, checksum);
  memcpy (ret_token + 12, &sequence, 4);
  direction->sequence++;
}

static void
make_checksum (RollNtlmDirection *direction, const guint8 *message, gsize length, guint8 ret_checksum[16])
{
  guint32 sequence = GUINT32_TO_LE (direction->sequence);

  hmac_md5_update (&direction->signer, sizeof sequence, (const guint8 *) &sequence);
  hmac_md5_update (&direction->signer, length, message);
  DIGEST (hmac_md5_digest, &direction->signer, ret_checksum);
}

void
roll_ntlm_protect (RollNtlmSession *session, guint8 *message, gsize length, gsize sealed, gsize sealed_length,
                   guint8 ret_token[ROLL_NTLM_TOKEN_SIZE])
{
  guint8 checksum[16];

  g_return_if_fail (sealed <= length && sealed_length <= length - sealed);

  make_checksum (&session->out, message, length, checksum);
  if (sealed_length > 0)
    arcfour_crypt (&session->out.stream, sealed_length, message + sealed, message + sealed);
  make_token (&session->out, checksum, ret_token);
}

gboolean
roll_ntlm_unprotect (RollNtlmSession *session, guint8 *message, gsize length, gsize sealed, gsize sealed_length,
                     const guint8 token[ROLL_NTLM_TOKEN_SIZE])
{
  guint8 checksum[16], expected[ROLL_NTLM_TOKEN_SIZE];

  g_return_val_if_fail (sealed <= length && sealed_length <= length - sealed, FALSE);

  if (sealed_length > 0)
    arcfour_crypt (&session->in.stream, sealed_length, message + sealed, message + sealed);
  make_checksum (&session->in, message, length, checksum);
  make_token (&session->in, checksum, expected);
  return memeql_sec (expected, token, sizeof expected) != 0;
}
