/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "codec/roll-ntlm-session.h"

#define ROUND_TRIP_MAX (8 * 65536)

static const guint8 hash[ROLL_NTLM_KEY_SIZE] = { 1, 2, 3 };
static const guint8 negotiate[] = "the first message";

static void
assert_text (const char *text)
{
  g_assert_true (text == NULL || g_utf8_validate (text, -1, NULL));
}

/* --- AV pairs ---------------------------------------------------------------------------------------------------- */

static void
check_av_pairs (const uint8_t *data, size_t size)
{
  g_auto (RollWriter) writer = { 0 };
  RollReader reader, value;
  RollNtlmAvId id;

  roll_reader_init (&reader, data, size);
  roll_writer_init (&writer, G_MAXSIZE);
  while (roll_ntlm_next_av (&reader, &id, &value))
    roll_ntlm_put_av (&writer, id, value.data, value.length);
  g_assert_true (roll_writer_ok (&writer));
  g_assert_cmpuint (writer.length, <=, size);
  g_assert_cmpmem (writer.data, writer.length, data, writer.length);
}

/* --- A challenge and our answer to it ---------------------------------------------------------------------------- */

/* What we answer to whatever challenge must be right for one who knows the password. */
static void
check_answer (const RollNtlmChallenge *challenge, const uint8_t *data, size_t size, const RollWriter *message)
{
  g_auto (RollNtlmAuthenticate) authenticate = { 0 };
  g_autoptr (GBytes) first = g_bytes_new_static (negotiate, sizeof negotiate);
  g_autoptr (GBytes) second = g_bytes_new_static (data, size);
  g_autoptr (GBytes) third = g_bytes_new_static (message->data, message->length);
  guint8 key[ROLL_NTLM_KEY_SIZE];
  const char *problem;

  g_assert_true (roll_ntlm_authenticate_decode (message->data, message->length, &authenticate, &problem));
  g_assert_cmpstr (authenticate.user, ==, "user");
  g_assert_cmpint (authenticate.has_mic, ==, challenge->has_timestamp);
  g_assert_true (roll_ntlm_verify_answer (&authenticate, hash, challenge->server_challenge, first, second, third, key));
  for (guint i = 0; i < sizeof key; i++)
    g_assert_cmphex (key[i], ==, 0x55);
}

static void
check_challenge (const uint8_t *data, size_t size)
{
  g_auto (RollNtlmChallenge) challenge = { 0 };
  g_auto (RollWriter) message = { 0 };
  RollNtlmAnswer answer = { .user = "user", .domain = "CORP", .workstation = "", .target_name = "host/pc1" };
  const char *problem = NULL;

  if (!roll_ntlm_challenge_decode (data, size, &challenge, &problem))
    {
      g_assert_nonnull (problem);
      return;
    }
  assert_text (challenge.target_name);
  assert_text (challenge.nb_computer);
  assert_text (challenge.nb_domain);
  assert_text (challenge.dns_computer);
  assert_text (challenge.dns_domain);
  assert_text (challenge.dns_tree);
  if (challenge.target_info_length > 0)
    g_assert_true (challenge.target_info >= data
                   && challenge.target_info + challenge.target_info_length <= data + size);

  answer.negotiate = negotiate;
  answer.negotiate_length = sizeof negotiate;
  answer.challenge = data;
  answer.challenge_length = size;
  memcpy (answer.hash, hash, sizeof hash);
  memset (answer.session_key, 0x55, sizeof answer.session_key);
  roll_writer_init (&message, ROLL_NTLM_MESSAGE_MAX);
  roll_ntlm_put_answer (&message, &answer, &challenge);
  if (roll_writer_ok (&message))
    check_answer (&challenge, data, size, &message);
}

/* --- An answer as the acceptor reads it -------------------------------------------------------------------------- */

static void
put_again (RollWriter *writer, const RollNtlmAuthenticate *authenticate)
{
  roll_ntlm_put_authenticate (writer, &(RollNtlmAuthenticateFields) {
    .flags = authenticate->flags,
    .user = authenticate->user,
    .domain = authenticate->domain,
    .workstation = authenticate->workstation,
    .lm_response = authenticate->lm_response,
    .lm_response_length = authenticate->lm_response_length,
    .nt_response = authenticate->nt_response,
    .nt_response_length = authenticate->nt_response_length,
    .encrypted_key = authenticate->encrypted_key,
    .encrypted_key_length = authenticate->encrypted_key_length,
    .with_mic = authenticate->has_mic,
  });
}

static void
assert_same (const RollNtlmAuthenticate *a, const RollNtlmAuthenticate *b)
{
  g_assert_cmphex (a->flags, ==, b->flags);
  g_assert_cmpstr (a->user, ==, b->user);
  g_assert_cmpstr (a->domain, ==, b->domain);
  g_assert_cmpstr (a->workstation, ==, b->workstation);
  g_assert_cmpmem (a->lm_response, a->lm_response_length, b->lm_response, b->lm_response_length);
  g_assert_cmpmem (a->nt_response, a->nt_response_length, b->nt_response, b->nt_response_length);
  g_assert_cmpmem (a->encrypted_key, a->encrypted_key_length, b->encrypted_key, b->encrypted_key_length);
  g_assert_cmpint (a->has_mic, ==, b->has_mic);
}

static void
check_authenticate (const uint8_t *data, size_t size)
{
  g_auto (RollNtlmAuthenticate) authenticate = { 0 };
  g_auto (RollNtlmAuthenticate) again = { 0 };
  g_auto (RollWriter) writer = { 0 };
  g_autoptr (GBytes) message = g_bytes_new_static (data, size);
  guint8 key[ROLL_NTLM_KEY_SIZE];
  const char *problem = NULL;

  if (!roll_ntlm_authenticate_decode (data, size, &authenticate, &problem))
    {
      g_assert_nonnull (problem);
      return;
    }
  assert_text (authenticate.user);
  assert_text (authenticate.domain);
  assert_text (authenticate.workstation);
  roll_ntlm_verify_answer (&authenticate, hash, hash, message, message, message, key);

  roll_writer_init (&writer, ROUND_TRIP_MAX);
  put_again (&writer, &authenticate);
  g_assert_true (roll_writer_ok (&writer));
  g_assert_true (roll_ntlm_authenticate_decode (writer.data, writer.length, &again, &problem));
  assert_same (&authenticate, &again);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  guint32 flags;

  roll_ntlm_check_flags (roll_ntlm_negotiate_decode (data, size, &flags) ? flags : 0);
  check_av_pairs (data, size);
  check_challenge (data, size);
  check_authenticate (data, size);
  return 0;
}
