/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-ntlm-session.h"

#include <string.h>

#include "codec/roll-pdu.h"
#include "codec/roll-utf16.h"
#include "vectors.h"

/* [MS-NLMP] 4.2.1 and 4.2.4 */
#define SPEC_CHALLENGE \
  "4e544c4d53535000020000000c000c003800000033828ae20123456789abcdef00000000000000002400240044000000060070170000000f" \
  "53006500720076006500720002000c0044006f006d00610069006e0001000c0053006500720076006500720000000000"
#define SPEC_AUTHENTICATE \
  "4e544c4d5353500003000000180018006c00000054005400840000000c000c00480000000800080054000000100010005c00000010001000" \
  "d8000000358288e20501280a0000000f44006f006d00610069006e00550073006500720043004f004d005000550054004500520086c35097" \
  "ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa68cd0ab851e51c96aabc927bebef6a1c0101000000000000000000000000000" \
  "0aaaaaaaaaaaaaaaa0000000002000c0044006f006d00610069006e0001000c005300650072007600650072000000000000000000" \
  "c5dad2544fc9799094ce1ce90bc9d03e"

static void
assert_hex (const guint8 *bytes, gsize length, const char *hex)
{
  g_autoptr (GBytes) expected = vectors_hex (hex);
  gsize expected_length;
  const guint8 *data = g_bytes_get_data (expected, &expected_length);

  g_assert_cmpmem (bytes, length, data, expected_length);
}

static void
spec_answer (RollNtlmAnswer *answer, GBytes *challenge)
{
  *answer = (RollNtlmAnswer) { .user = "User", .domain = "Domain", .workstation = "COMPUTER" };
  answer->challenge = g_bytes_get_data (challenge, &answer->challenge_length);
  memset (answer->client_challenge, 0xaa, sizeof answer->client_challenge);
  memset (answer->session_key, 0x55, sizeof answer->session_key);
  roll_ntlm_hash ("User", "Domain", "Password", answer->hash);
}

static void
test_spec_message (void)
{
  g_autoptr (GBytes) bytes = vectors_hex (SPEC_CHALLENGE);
  g_autoptr (GBytes) expected = vectors_hex (SPEC_AUTHENTICATE);
  g_auto (RollNtlmChallenge) challenge = { 0 };
  g_auto (RollWriter) writer;
  RollNtlmAnswer answer;
  const char *problem;
  guint8 *message;
  gsize length;

  spec_answer (&answer, bytes);
  assert_hex (answer.hash, 16, "0c868a403bfd7a93a3001ef22ef02e3f");
  g_assert_true (roll_ntlm_challenge_decode (answer.challenge, answer.challenge_length, &challenge, &problem));
  g_assert_cmpstr (challenge.nb_computer, ==, "Server");
  g_assert_cmpstr (challenge.nb_domain, ==, "Domain");
  g_assert_cmpstr (challenge.target_name, ==, "Server");
  g_assert_cmpuint (challenge.build, ==, 6000);
  g_assert_false (challenge.has_timestamp);

  roll_writer_init (&writer, ROLL_NTLM_MESSAGE_MAX);
  roll_ntlm_put_answer (&writer, &answer, &challenge);
  message = writer.data;
  length = g_bytes_get_size (expected);
  g_assert_cmpuint (writer.length, ==, length);
  /* The flags and the version are the client's own business. */
  memcpy (message + 60, (const guint8 *) g_bytes_get_data (expected, NULL) + 60, 12);
  g_assert_cmpmem (message, writer.length, g_bytes_get_data (expected, NULL), length);
}

static void
test_spec_sealing (void)
{
  RollNtlmSession session;
  guint8 session_key[16], token[16];
  guint8 text[] = "P\0l\0a\0i\0n\0t\0e\0x\0t";

  memset (session_key, 0x55, sizeof session_key);
  roll_ntlm_session_init (&session, session_key, TRUE);
  assert_hex (session.out.sign_key, 16, "4788dc861b4782f35d43fd98fe1a2d39");
  assert_hex (session.out.seal_key, 16, "59f600973cc4960a25480a7c196e4c58");
  roll_ntlm_protect (&session, text, 18, 0, 18, token);
  assert_hex (text, 18, "54e50165bf1936dc996020c1811b0f06fb5f");
  assert_hex (token, 16, "010000007fb38ec5c55d497600000000");
  roll_ntlm_session_clear (&session);
}

static void
test_both_ends (void)
{
  RollNtlmSession client, server;
  guint8 session_key[16], token[16];

  memset (session_key, 7, sizeof session_key);
  roll_ntlm_session_init (&client, session_key, TRUE);
  roll_ntlm_session_init (&server, session_key, FALSE);
  for (guint i = 0; i < 5; i++)
    {
      guint8 message[] = "header, the stub, trailer";

      roll_ntlm_protect (&client, message, sizeof message, 8, 8, token);
      g_assert_cmpmem (message, 8, "header, ", 8);
      g_assert_true (roll_ntlm_unprotect (&server, message, sizeof message, 8, 8, token));
      g_assert_cmpstr ((char *) message, ==, "header, the stub, trailer");
      roll_ntlm_protect (&server, message, sizeof message, 0, 0, token);
      g_assert_true (roll_ntlm_unprotect (&client, message, sizeof message, 0, 0, token));
      if (i == 2)
        {
          roll_ntlm_session_restart (&client);
          roll_ntlm_session_restart (&server);
        }
    }
}

static void
test_forged (void)
{
  for (guint i = 0; i < 26 + 16; i++)
    {
      RollNtlmSession client, server;
      guint8 session_key[16] = { 1 }, token[16];
      guint8 message[26] = "header, the stub, trailer";

      roll_ntlm_session_init (&client, session_key, TRUE);
      roll_ntlm_session_init (&server, session_key, FALSE);
      roll_ntlm_protect (&client, message, sizeof message, 8, 8, token);
      if (i < 26)
        message[i] ^= 1;
      else
        token[i - 26] ^= 0x80;
      g_assert_false (roll_ntlm_unprotect (&server, message, sizeof message, 8, 8, token));
    }
}

/* The acceptor of the practice network and the initiator agree, with a time and so with a MIC, in any script. */
static void
check_logon (const char *user, const char *password, const char *typed_password, gboolean damage_mic, gboolean expected)
{
  static const guint8 server_challenge[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
  const guint32 flags = 0xe28a8235;
  g_auto (RollWriter) info;
  g_auto (RollWriter) negotiate;
  g_auto (RollWriter) challenge;
  g_auto (RollWriter) message;
  g_auto (RollNtlmChallenge) decoded = { 0 };
  g_auto (RollNtlmAuthenticate) authenticate = { 0 };
  g_autoptr (GBytes) negotiate_bytes = NULL, challenge_bytes = NULL, message_bytes = NULL;
  RollNtlmAnswer answer = { .user = user, .domain = "CORP", .workstation = "SCANNER", .target_name = "host/pc1" };
  guint8 hash[16], session_key[16];
  const char *problem;

  roll_writer_init (&info, 65535);
  roll_ntlm_put_av_text (&info, ROLL_NTLM_AV_NB_COMPUTER, "PC1");
  roll_ntlm_put_av_text (&info, ROLL_NTLM_AV_DNS_COMPUTER, "pc1.corp.example");
  roll_ntlm_put_av (&info, ROLL_NTLM_AV_TIMESTAMP, (const guint8 *) "\1\2\3\4\5\6\7\1", 8);
  roll_ntlm_put_av (&info, ROLL_NTLM_AV_EOL, NULL, 0);
  roll_writer_init (&negotiate, 65535);
  roll_ntlm_put_negotiate (&negotiate, flags);
  roll_writer_init (&challenge, 65535);
  roll_ntlm_put_challenge (&challenge, flags, server_challenge, "CORP", info.data, info.length, 10, 0, 19045);

  g_assert_true (roll_ntlm_challenge_decode (challenge.data, challenge.length, &decoded, &problem));
  g_assert_null (roll_ntlm_check_flags (decoded.flags));
  g_assert_true (decoded.has_timestamp);
  g_assert_cmphex (decoded.timestamp, ==, 0x0107060504030201);
  g_assert_cmpuint (decoded.build, ==, 19045);
  answer.negotiate = negotiate.data;
  answer.negotiate_length = negotiate.length;
  answer.challenge = challenge.data;
  answer.challenge_length = challenge.length;
  memset (answer.session_key, 9, sizeof answer.session_key);
  roll_ntlm_hash (user, "CORP", typed_password, answer.hash);
  roll_writer_init (&message, 65535);
  roll_ntlm_put_answer (&message, &answer, &decoded);
  if (damage_mic)
    message.data[ROLL_NTLM_MIC_OFFSET] ^= 1;

  g_assert_true (roll_ntlm_authenticate_decode (message.data, message.length, &authenticate, &problem));
  g_assert_true (authenticate.has_mic);
  g_assert_cmpstr (authenticate.user, ==, user);
  g_assert_cmpstr (authenticate.workstation, ==, "SCANNER");
  negotiate_bytes = g_bytes_new (negotiate.data, negotiate.length);
  challenge_bytes = g_bytes_new (challenge.data, challenge.length);
  message_bytes = g_bytes_new (message.data, message.length);
  roll_ntlm_hash (user, "CORP", password, hash);
  g_assert_cmpint (roll_ntlm_verify_answer (&authenticate, hash, server_challenge, negotiate_bytes, challenge_bytes,
                                            message_bytes, session_key),
                   ==, expected);
  if (expected)
    g_assert_cmpmem (session_key, 16, answer.session_key, 16);
}

static void
test_logon (void)
{
  check_logon ("scanner", "Pässwörd 🔑", "Pässwörd 🔑", FALSE, TRUE);
  check_logon ("Ünal İnci", "x", "x", FALSE, TRUE);
  check_logon ("scanner", "secret", "Secret", FALSE, FALSE);
  check_logon ("scanner", "secret", "secret", TRUE, FALSE);
}

/* A MIC is sent where the server told its time, and promised only then, whatever the server's own flags say. */
static void
test_no_mic (void)
{
  static const guint8 server_challenge[8] = { 0 };
  g_auto (RollWriter) info = { 0 };
  g_auto (RollWriter) bytes = { 0 };
  g_auto (RollWriter) message = { 0 };
  g_auto (RollNtlmChallenge) challenge = { 0 };
  g_auto (RollNtlmAuthenticate) authenticate = { 0 };
  RollNtlmAnswer answer = { .user = "scanner", .domain = "CORP", .workstation = "" };
  const char *problem;

  roll_writer_init (&info, 65535);
  roll_ntlm_put_av_u32 (&info, ROLL_NTLM_AV_FLAGS, 1 | ROLL_NTLM_AV_FLAG_MIC);
  roll_ntlm_put_av (&info, ROLL_NTLM_AV_EOL, NULL, 0);
  roll_writer_init (&bytes, 65535);
  roll_ntlm_put_challenge (&bytes, 0xe28a8235, server_challenge, "CORP", info.data, info.length, 10, 0, 19045);
  g_assert_true (roll_ntlm_challenge_decode (bytes.data, bytes.length, &challenge, &problem));

  roll_writer_init (&message, 65535);
  roll_ntlm_put_answer (&message, &answer, &challenge);
  g_assert_true (roll_ntlm_authenticate_decode (message.data, message.length, &authenticate, &problem));
  g_assert_false (authenticate.has_mic);
}

static void
test_flags (void)
{
  const guint32 good = 0xe28a8235;

  g_assert_null (roll_ntlm_check_flags (good));
  g_assert_nonnull (roll_ntlm_check_flags (good & ~ROLL_NTLM_128));
  g_assert_nonnull (roll_ntlm_check_flags (good & ~ROLL_NTLM_KEY_EXCH));
  g_assert_nonnull (roll_ntlm_check_flags (good & ~ROLL_NTLM_EXTENDED_SESSION_SECURITY));
  g_assert_nonnull (roll_ntlm_check_flags (good & ~ROLL_NTLM_TARGET_INFO));
  g_assert_nonnull (roll_ntlm_check_flags (good & ~ROLL_NTLM_SEAL));
  g_assert_nonnull (roll_ntlm_check_flags (good & ~ROLL_NTLM_UNICODE));
}

static void
decode_anything (const guint8 *bytes, gsize length)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  g_auto (RollNtlmChallenge) challenge = { 0 };
  g_auto (RollNtlmAuthenticate) authenticate = { 0 };
  const char *problem;
  guint32 flags;

  if (copy == NULL)
    return;
  roll_ntlm_negotiate_decode (copy, length, &flags);
  roll_ntlm_challenge_decode (copy, length, &challenge, &problem);
  roll_ntlm_authenticate_decode (copy, length, &authenticate, &problem);
}

static void
damage (const char *hex)
{
  g_autoptr (GBytes) bytes = vectors_hex (hex);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  g_autofree guint8 *copy = g_memdup2 (data, length);

  for (gsize cut = 0; cut < length; cut++)
    decode_anything (data, cut);
  for (gsize i = 0; i < length; i++)
    for (guint bit = 0; bit < 8; bit++)
      {
        copy[i] ^= (guint8) (1 << bit);
        decode_anything (copy, length);
        copy[i] = data[i];
      }
}

static void
test_damaged (void)
{
  damage (SPEC_CHALLENGE);
  damage (SPEC_AUTHENTICATE);
}

static void
test_utf16 (void)
{
  static const guint8 broken[] = { 'a', 0, 0x3d, 0xd8, 0x11, 0xdd, 0x3d, 0xd8, 'b', 0, 0x11, 0xdd, 0, 0, 'c' };
  g_autofree char *text = roll_utf16_decode (broken, sizeof broken);
  g_auto (RollWriter) writer;

  g_assert_cmpstr (text, ==, "a\xf0\x9f\x94\x91\xef\xbf\xbd" "b\xef\xbf\xbd\xef\xbf\xbd");
  roll_writer_init (&writer, 64);
  roll_writer_utf16 (&writer, "a\xf0\x9f\x94\x91\xff");
  assert_hex (writer.data, writer.length, "61003dd811ddfdff");
}

/* Real Windows signed these at integrity, under SPNEGO: whole PDU up to the token, handles restarted after the
 * mechListMIC and the sequence numbers at 1. */
typedef struct
{
  RollNtlmSession client, server;
  gboolean ready;
  guint n_verified;
} Recorded;

static void
verify_recorded (JsonObject *expected, const guint8 *bytes, gsize length, gpointer user_data)
{
  Recorded *recorded = user_data;
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  RollNtlmSession *receiver;
  RollPdu pdu;

  g_assert_true (roll_pdu_decode (copy, length, &pdu, NULL));
  if (json_object_has_member (expected, "ntlm"))
    {
      JsonObject *ntlm = json_object_get_object_member (expected, "ntlm");
      g_autoptr (GBytes) key = vectors_hex (json_object_get_string_member (ntlm, "exported_session_key"));

      roll_ntlm_session_init (&recorded->client, g_bytes_get_data (key, NULL), TRUE);
      roll_ntlm_session_init (&recorded->server, g_bytes_get_data (key, NULL), FALSE);
      recorded->client.out.sequence = recorded->client.in.sequence = 1;
      recorded->server.out.sequence = recorded->server.in.sequence = 1;
      recorded->ready = TRUE;
    }
  if (!json_object_has_member (expected, "ntlm_sign") || !recorded->ready)
    return;

  receiver = g_str_equal (json_object_get_string_member (expected, "dir"), "C") ? &recorded->server
                                                                                : &recorded->client;
  g_assert_true (roll_ntlm_unprotect (receiver, copy, length - 16, 0, 0, pdu.auth.token));
  recorded->n_verified++;
}

static void
test_recorded (void)
{
  Recorded recorded = { 0 };

  if (vectors_foreach_pdu (verify_recorded, &recorded))
    g_assert_cmpuint (recorded.n_verified, ==, 19);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/codec/utf16", test_utf16);
  g_test_add_func ("/codec/ntlm/spec-message", test_spec_message);
  g_test_add_func ("/codec/ntlm/spec-sealing", test_spec_sealing);
  g_test_add_func ("/codec/ntlm/both-ends", test_both_ends);
  g_test_add_func ("/codec/ntlm/forged", test_forged);
  g_test_add_func ("/codec/ntlm/logon", test_logon);
  g_test_add_func ("/codec/ntlm/no-mic", test_no_mic);
  g_test_add_func ("/codec/ntlm/flags", test_flags);
  g_test_add_func ("/codec/ntlm/damaged", test_damaged);
  g_test_add_func ("/codec/ntlm/recorded", test_recorded);
  return g_test_run ();
}
