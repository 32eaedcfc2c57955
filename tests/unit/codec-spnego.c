/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-spnego.h"

#include <string.h>

#include "codec/roll-pdu.h"
#include "vectors.h"

/* Kerberos and NTLM offered, a token of three bytes, flags; the second with negHints and a MIC behind them */
#define INIT_START "a0193017" "06092a864886f71201020206" "0a2b06010401823702020a"
#define INIT_PLAIN "602e06062b0601050502a0243022" INIT_START "a2050403616263"
#define INIT_HINTS \
  "604806062b0601050502a03e303c" INIT_START "a10403020540" "a2050403616263" "a30a3008a0061b04686f6c61" "a4060404" "01020304"

static void
assert_bytes (const RollSpnegoBytes *bytes, const char *hex)
{
  g_autoptr (GBytes) expected = vectors_hex (hex);

  g_assert_nonnull (bytes->data);
  g_assert_cmpmem (bytes->data, bytes->length, g_bytes_get_data (expected, NULL), g_bytes_get_size (expected));
}

static void
assert_written (const RollWriter *writer, const guint8 *bytes, gsize length)
{
  g_assert_true (roll_writer_ok (writer));
  g_assert_cmpmem (writer->data, writer->length, bytes, length);
}

static gboolean
decode_init (GBytes *bytes, RollSpnegoInit *ret_init)
{
  const char *problem;

  return roll_spnego_init_decode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), ret_init, &problem);
}

static void
test_init (void)
{
  g_autoptr (GBytes) bytes = vectors_hex (INIT_PLAIN);
  g_auto (RollWriter) writer = { 0 };
  RollSpnegoInit init;

  g_assert_true (decode_init (bytes, &init));
  g_assert_cmpuint (init.n_mechs, ==, 2);
  assert_bytes (&init.mechs[0], "2a864886f712010202");
  g_assert_false (roll_spnego_is_ntlm (&init.mechs[0]));
  g_assert_true (roll_spnego_is_ntlm (&init.mechs[1]));
  assert_bytes (&init.mech_list, "301706092a864886f712010202060a2b06010401823702020a");
  assert_bytes (&init.mech_token, "616263");
  g_assert_null (init.mech_list_mic.data);

  roll_writer_init (&writer, ROLL_SPNEGO_MESSAGE_MAX);
  roll_spnego_put_init (&writer, &init);
  assert_written (&writer, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

static void
test_hints (void)
{
  g_autoptr (GBytes) bytes = vectors_hex (INIT_HINTS);
  RollSpnegoInit init;

  g_assert_true (decode_init (bytes, &init));
  g_assert_cmpuint (init.n_mechs, ==, 2);
  assert_bytes (&init.mech_token, "616263");
  assert_bytes (&init.mech_list_mic, "01020304");
}

/* Lengths of one, two and three bytes, and what no longer fits. */
static void
test_lengths (void)
{
  static const gsize lengths[] = { 0, 1, 0x70, 0x7e, 0x7f, 0x80, 0x81, 0xf0, 0xfd, 0xff, 0x100, 0x101, 60000, 65499 };
  g_autofree guint8 *token = g_malloc0 (70000);

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      const RollSpnegoResp sent = { .has_state = TRUE, .state = ROLL_SPNEGO_ACCEPT_INCOMPLETE,
                                    .response_token = { token, lengths[i] } };
      g_auto (RollWriter) writer = { 0 };
      RollSpnegoResp resp;
      const char *problem;

      roll_writer_init (&writer, 2 * ROLL_SPNEGO_MESSAGE_MAX);
      roll_spnego_put_resp (&writer, &sent);
      g_assert_true (roll_spnego_resp_decode (writer.data, writer.length, &resp, &problem));
      g_assert_true (resp.has_state);
      g_assert_cmpint (resp.state, ==, ROLL_SPNEGO_ACCEPT_INCOMPLETE);
      g_assert_cmpmem (resp.response_token.data, resp.response_token.length, token, lengths[i]);
      g_assert_null (resp.supported_mech.data);
      g_assert_null (resp.mech_list_mic.data);
    }
  for (gsize length = 65500; length < 65540; length += 39)
    {
      g_auto (RollWriter) writer = { 0 };

      roll_writer_init (&writer, 2 * ROLL_SPNEGO_MESSAGE_MAX);
      roll_spnego_put_resp (&writer, &(RollSpnegoResp) { .response_token = { token, length + 30 } });
      g_assert_false (roll_writer_ok (&writer));
    }
}

static void
expect_problem (const char *hex, gboolean init, const char *expected)
{
  g_autoptr (GBytes) bytes = vectors_hex (hex);
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);
  RollSpnegoInit ret_init;
  RollSpnegoResp ret_resp;
  const char *problem = NULL;

  if (init)
    g_assert_false (roll_spnego_init_decode (data, length, &ret_init, &problem));
  else
    g_assert_false (roll_spnego_resp_decode (data, length, &ret_resp, &problem));
  g_assert_cmpstr (problem, ==, expected);
}

static void
test_hostile (void)
{
  expect_problem ("a1803000", FALSE, "a length of no or too many bytes");
  expect_problem ("a1830000023000", FALSE, "a length of no or too many bytes");
  expect_problem ("a181023000", FALSE, "a length in more bytes than it needs");
  expect_problem ("a18200023000", FALSE, "a length in more bytes than it needs");
  expect_problem ("a1023000ff", FALSE, "more than there should be");
  expect_problem ("a103300000", FALSE, "more than there should be");
  expect_problem ("a1073005a0030a0104", FALSE, "an unknown state of the negotiation");
  expect_problem ("a1083006a0040a020001", FALSE, "an unknown state of the negotiation");
  expect_problem ("a1073005a003040101", FALSE, "another element than there must be");
  expect_problem ("a0023000", FALSE, "another element than there must be");
  expect_problem ("a1103000", FALSE, "truncated");
  expect_problem ("601006062b0601050503a0063004a0023000", TRUE, "another mechanism than SPNEGO");
  expect_problem ("601006062b0601050502a0063004a0023000", TRUE, "no mechanisms");
  expect_problem ("603206062b0601050502a0283026a0243022"
                  "0600060006000600060006000600060006000600060006000600060006000600" "0600",
                  TRUE, "too many mechanisms");
}

/* --- Damage ------------------------------------------------------------------------------------------------------ */

/* The bytes stand at the very end of an allocation of their own, where the sanitizer sees one byte too many. */
static void
decode_anything (const guint8 *bytes, gsize length)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  RollSpnegoInit init;
  RollSpnegoResp resp;
  const char *problem = NULL;

  if (!roll_spnego_init_decode (copy, length, &init, &problem))
    g_assert_nonnull (problem);
  if (!roll_spnego_resp_decode (copy, length, &resp, &problem))
    g_assert_nonnull (problem);
}

static void
damage (const guint8 *bytes, gsize length)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, length);

  for (gsize cut = 0; cut < length; cut++)
    {
      RollSpnegoInit init;
      RollSpnegoResp resp;
      const char *problem;

      decode_anything (bytes, cut);
      g_assert_false (roll_spnego_init_decode (bytes, cut, &init, &problem));
      g_assert_false (roll_spnego_resp_decode (bytes, cut, &resp, &problem));
    }
  for (gsize i = 0; i < length; i++)
    for (guint bit = 0; bit <= 8; bit++)
      {
        copy[i] ^= (guint8) (bit == 8 ? 0xff : 1 << bit);
        decode_anything (copy, length);
        copy[i] = bytes[i];
      }
}

static void
test_damaged (void)
{
  static const char *const messages[] = { INIT_PLAIN, INIT_HINTS, "a1073005a0030a0101",
                                          "a11b3019a0030a0100a31204100100000061c22bab50c68fa900000000" };

  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autoptr (GBytes) bytes = vectors_hex (messages[i]);

      damage (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
    }
}

/* --- Recorded ---------------------------------------------------------------------------------------------------- */

typedef struct
{
  guint n_inits, n_resps;
} Counts;

/* Windows says nothing we would not, so that what is encoded again is the same. */
static void
check_token (const guint8 *token, gsize length, Counts *counts)
{
  g_auto (RollWriter) writer = { 0 };
  RollSpnegoInit init;
  RollSpnegoResp resp;
  const char *problem;

  roll_writer_init (&writer, ROLL_SPNEGO_MESSAGE_MAX);
  if (token[0] == 0x60)
    {
      g_assert_true (roll_spnego_init_decode (token, length, &init, &problem));
      g_assert_cmpuint (init.n_mechs, ==, 4);
      g_assert_true (roll_spnego_is_ntlm (&init.mechs[3]));
      g_assert_nonnull (init.mech_token.data);
      g_assert_null (init.mech_list_mic.data);
      roll_spnego_put_init (&writer, &init);
      counts->n_inits++;
    }
  else
    {
      g_assert_true (roll_spnego_resp_decode (token, length, &resp, &problem));
      g_assert_true (resp.has_state);
      g_assert_cmpint (resp.state, !=, ROLL_SPNEGO_REJECT);
      roll_spnego_put_resp (&writer, &resp);
      counts->n_resps++;
    }
  assert_written (&writer, token, length);
}

/* What stands in the six tokens of the one logon with NTLM. */
static void
check_frame (gint64 frame, const guint8 *token, gsize length)
{
  RollSpnegoInit init;
  RollSpnegoResp resp;
  const char *problem;

  if (frame == 128)
    {
      g_assert_true (roll_spnego_init_decode (token, length, &init, &problem));
      assert_bytes (&init.mech_list, "302e06092a864882f71201020206092a864886f712010202060a2b06010401823702021e"
                                     "060a2b06010401823702020a");
      g_assert_cmpuint (init.mech_token.length, ==, 63);
      return;
    }
  g_assert_true (roll_spnego_resp_decode (token, length, &resp, &problem));
  g_assert_cmpint (resp.state, ==, frame == 131   ? ROLL_SPNEGO_REQUEST_MIC
                                   : frame == 135 ? ROLL_SPNEGO_ACCEPT_COMPLETED
                                                  : ROLL_SPNEGO_ACCEPT_INCOMPLETE);
  g_assert_cmpint (roll_spnego_is_ntlm (&resp.supported_mech), ==, frame == 131);
  if (frame == 132 || frame == 133 || frame == 134)
    {
      g_assert_cmpmem (resp.response_token.data, 8, "NTLMSSP", 8);
      g_assert_cmpuint (resp.response_token.data[8], ==, frame - 131);
      g_assert_cmpuint (resp.response_token.length, ==, frame == 132 ? 60 : frame == 133 ? 258 : 208);
    }
  else
    g_assert_null (resp.response_token.data);
  if (frame == 134)
    assert_bytes (&resp.mech_list_mic, "01000000db4375ace2075e4e00000000");
  else if (frame == 135)
    assert_bytes (&resp.mech_list_mic, "0100000061c22bab50c68fa900000000");
  else
    g_assert_null (resp.mech_list_mic.data);
}

static gboolean
is_logon (const RollPdu *pdu)
{
  return pdu->has_auth && pdu->auth.type == 9 && pdu->type >= ROLL_PDU_BIND && pdu->type <= ROLL_PDU_AUTH3;
}

static void
check_recorded (JsonObject *expected, const guint8 *bytes, gsize length, gpointer user_data)
{
  RollPdu pdu;

  g_assert_true (roll_pdu_decode (bytes, length, &pdu, NULL));
  if (!is_logon (&pdu))
    return;
  check_token (pdu.auth.token, pdu.auth.token_length, user_data);
  if (pdu.auth.level == 5)
    check_frame (json_object_get_int_member (expected, "frame"), pdu.auth.token, pdu.auth.token_length);
}

static void
test_recorded (void)
{
  Counts counts = { 0 };

  if (!vectors_foreach_pdu (check_recorded, &counts))
    return;
  g_test_message ("%u first and %u further messages", counts.n_inits, counts.n_resps);
  g_assert_cmpuint (counts.n_inits, >, 5);
  g_assert_cmpuint (counts.n_resps, >, 15);
}

static void
damage_recorded (JsonObject *expected, const guint8 *bytes, gsize length, gpointer user_data)
{
  RollPdu pdu;

  g_assert_true (roll_pdu_decode (bytes, length, &pdu, NULL));
  if (is_logon (&pdu))
    damage (pdu.auth.token, pdu.auth.token_length);
}

static void
test_damaged_recorded (void)
{
  vectors_foreach_pdu (damage_recorded, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/codec/spnego/init", test_init);
  g_test_add_func ("/codec/spnego/hints", test_hints);
  g_test_add_func ("/codec/spnego/lengths", test_lengths);
  g_test_add_func ("/codec/spnego/hostile", test_hostile);
  g_test_add_func ("/codec/spnego/damaged", test_damaged);
  g_test_add_func ("/codec/spnego/recorded", test_recorded);
  g_test_add_func ("/codec/spnego/damaged-recorded", test_damaged_recorded);
  return g_test_run ();
}
