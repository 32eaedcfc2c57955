/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "codec/roll-pdu.h"

#include <string.h>

#include "vectors.h"

#define LEVEL_PRIVACY 6
#define NDR20 ROLL_UUID (0x8a885d04, 0x1ceb, 0x11c9, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60)
#define OXID_RESOLVER ROLL_UUID (0x99fcfec4, 0x5260, 0x101b, 0xbb, 0xcb, 0x00, 0xaa, 0x00, 0x21, 0x34, 0x7a)

static void
decode (RollWriter *writer, RollPdu *ret_pdu)
{
  const char *problem;

  g_assert_true (roll_writer_ok (writer));
  if (!roll_pdu_decode (writer->data, writer->length, ret_pdu, &problem))
    g_error ("own PDU not understood: %s", problem);
}

static void
test_bind (void)
{
  g_auto (RollWriter) writer;
  RollPduBind bind = { .max_xmit = 5840, .max_recv = 5840, .assoc_group = 0x1234, .n_contexts = 2 };
  RollPdu pdu;
  gsize start;

  for (guint i = 0; i < 2; i++)
    bind.contexts[i] = (RollPresentationContext) {
      .id = (guint16) i, .abstract_syntax = { OXID_RESOLVER, 0 }, .n_transfer_syntaxes = 1,
      .transfer_syntaxes = { { NDR20, 2 } },
    };
  roll_writer_init (&writer, 65535);
  start = roll_pdu_begin (&writer, ROLL_PDU_BIND, ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG, 7);
  roll_pdu_put_bind (&writer, &bind);
  roll_pdu_put_auth (&writer, start, start, 4, &(RollPduAuth) { .type = 10, .level = 6, .context_id = 79231 },
                     (const guint8 *) "token", 5);
  roll_pdu_end (&writer, start);

  decode (&writer, &pdu);
  g_assert_cmpint (pdu.type, ==, ROLL_PDU_BIND);
  g_assert_cmpuint (pdu.call_id, ==, 7);
  g_assert_cmpuint (pdu.frag_length, ==, writer.length);
  g_assert_cmpuint (pdu.bind.n_contexts, ==, 2);
  g_assert_cmpuint (pdu.bind.contexts[1].id, ==, 1);
  g_assert_cmpuint (pdu.bind.contexts[1].transfer_syntaxes[0].version, ==, 2);
  g_assert_true (pdu.has_auth);
  g_assert_cmpuint (pdu.auth.trailer_offset % 4, ==, 0);
  g_assert_cmpuint (pdu.auth.context_id, ==, 79231);
  g_assert_cmpmem (pdu.auth.token, pdu.auth.token_length, "token", 5);
}

static void
test_request (void)
{
  const RollUuid ipid = ROLL_UUID (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  g_auto (RollWriter) writer;
  RollPdu pdu;
  gsize start, stub;

  roll_writer_init (&writer, 65535);
  start = roll_pdu_begin (&writer, ROLL_PDU_REQUEST,
                          ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG | ROLL_PFC_OBJECT_UUID, 9);
  roll_pdu_put_request (&writer, 5, 3, 20, &ipid);
  stub = writer.length;
  roll_writer_bytes (&writer, "stub!", 5);
  roll_pdu_put_auth (&writer, start, stub, 16, &(RollPduAuth) { .type = 10, .level = 6 }, NULL, 16);
  roll_pdu_end (&writer, start);

  decode (&writer, &pdu);
  g_assert_cmpuint (pdu.call.opnum, ==, 20);
  g_assert_cmpuint (pdu.call.context_id, ==, 3);
  g_assert_true (pdu.call.has_object);
  g_assert_true (roll_uuid_equal (&pdu.call.object, &ipid));
  g_assert_cmpuint (pdu.call.stub_offset, ==, 40);
  g_assert_cmpmem (writer.data + pdu.call.stub_offset, pdu.call.stub_length, "stub!", 5);
  g_assert_cmpuint (pdu.auth.pad_length, ==, 11);
}

static void
test_answers (void)
{
  g_auto (RollWriter) writer;
  RollPdu pdu;
  gsize start;

  roll_writer_init (&writer, 65535);
  start = roll_pdu_begin (&writer, ROLL_PDU_FAULT, ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG, 3);
  roll_pdu_put_fault (&writer, 1, 0x1c01000b);
  roll_pdu_end (&writer, start);
  decode (&writer, &pdu);
  g_assert_cmphex (pdu.call.fault, ==, 0x1c01000b);

  roll_writer_clear (&writer);
  start = roll_pdu_begin (&writer, ROLL_PDU_BIND_NAK, ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG, 3);
  roll_pdu_put_bind_nak (&writer, 8);
  roll_pdu_end (&writer, start);
  decode (&writer, &pdu);
  g_assert_cmpuint (pdu.reject_reason, ==, 8);
}

/* Each PDU counts its own bytes, wherever in the writer it stands. */
static void
test_bind_ack (void)
{
  const RollPduBindAck ack = { .max_xmit = 5840, .max_recv = 5840, .n_results = 1,
                               .secondary_address = (const guint8 *) "49152", .secondary_address_length = 6,
                               .results = { { .transfer_syntax = { NDR20, 2 } } } };

  for (guint before = 0; before < 4; before++)
    {
      g_auto (RollWriter) writer;
      RollPdu pdu;
      gsize start;

      roll_writer_init (&writer, 65535);
      roll_writer_zeros (&writer, before);
      start = roll_pdu_begin (&writer, ROLL_PDU_BIND_ACK, ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG, 1);
      roll_pdu_put_bind_ack (&writer, &ack);
      roll_pdu_end (&writer, start);
      g_assert_true (roll_pdu_decode (writer.data + start, writer.length - start, &pdu, NULL));
      g_assert_cmpuint (pdu.bind_ack.n_results, ==, 1);
      g_assert_cmpuint (pdu.bind_ack.results[0].transfer_syntax.version, ==, 2);
    }
}

static void
expect_problem (const guint8 *bytes, gsize length, const char *expected)
{
  const char *problem;
  RollPdu pdu;

  g_assert_false (roll_pdu_decode (bytes, length, &pdu, &problem));
  g_assert_cmpstr (problem, ==, expected);
}

static void
test_hostile (void)
{
  guint8 bytes[64] = { 5, 0, 2, 3, 0x10, 0, 0, 0, 64, 0, 0, 0, 1 };

  expect_problem (bytes, 8, "truncated");
  expect_problem (bytes, 63, "a fragment of another length than it says");
  bytes[10] = 60; /* auth_length */
  expect_problem (bytes, 64, "an authentication verifier longer than its fragment");
  bytes[10] = 16;
  bytes[64 - 16 - 8 + 2] = 200; /* pad_length */
  expect_problem (bytes, 64, "more padding than stub");
  bytes[4] = 0;
  expect_problem (bytes, 64, "a data representation other than little-endian, ASCII, IEEE");
  bytes[4] = 0x10;
  bytes[0] = 4;
  expect_problem (bytes, 64, "not DCE/RPC version 5");
  bytes[0] = 5;
  bytes[8] = 15;
  expect_problem (bytes, 15, "truncated");
  expect_problem (bytes, 16, "a fragment shorter than its header");
  bytes[8] = 64;
  bytes[2] = 77;
  expect_problem (bytes, 64, "an unknown packet type");
  bytes[2] = ROLL_PDU_BIND;
  bytes[10] = 0;
  bytes[24] = 200;
  expect_problem (bytes, 64, "too many presentation contexts");
}

/* Recorded PDUs say the same to us as to whoever recorded them. */
static void
check_recorded (JsonObject *expected, const guint8 *bytes, gsize length, gpointer user_data)
{
  guint *n_pdus = user_data;
  const char *problem;
  RollPdu pdu;

  if (!roll_pdu_decode (bytes, length, &pdu, &problem))
    g_error ("frame %d: %s", (int) json_object_get_int_member (expected, "frame"), problem);
  g_assert_cmpint (pdu.type, ==, json_object_get_int_member (expected, "ptype"));
  g_assert_cmpint (pdu.flags, ==, json_object_get_int_member (expected, "pfc"));
  g_assert_cmpint (pdu.call_id, ==, json_object_get_int_member (expected, "call_id"));
  g_assert_cmpint (pdu.has_auth, ==, json_object_has_member (expected, "auth_type"));
  if (pdu.has_auth)
    {
      g_assert_cmpint (pdu.auth.type, ==, json_object_get_int_member (expected, "auth_type"));
      g_assert_cmpint (pdu.auth.level, ==, json_object_get_int_member (expected, "auth_level"));
      g_assert_cmpint (pdu.auth.pad_length, ==, json_object_get_int_member (expected, "auth_pad"));
    }
  if (json_object_has_member (expected, "opnum") && pdu.type == ROLL_PDU_REQUEST)
    g_assert_cmpint (pdu.call.opnum, ==, json_object_get_int_member (expected, "opnum"));
  if (json_object_has_member (expected, "ctx_items"))
    g_assert_cmpuint (pdu.bind.n_contexts, ==,
                      json_array_get_length (json_object_get_array_member (expected, "ctx_items")));
  ++*n_pdus;
}

static void
test_recorded (void)
{
  guint n_pdus = 0;

  if (vectors_foreach_pdu (check_recorded, &n_pdus))
    g_assert_cmpuint (n_pdus, >, 250);
}

/* What Windows sent unsealed, made once more from the parts: with its signature it must come out the same. */
static void
check_rebuilt (JsonObject *expected, const guint8 *bytes, gsize length, gpointer user_data)
{
  g_auto (RollWriter) writer = { 0 };
  g_autoptr (GBytes) stub_bytes = NULL;
  guint *n_requests = user_data;
  gsize start, stub, stub_length;
  const guint8 *stub_data;
  RollUuid object;
  RollPdu pdu;

  g_assert_true (roll_pdu_decode (bytes, length, &pdu, NULL));
  if (pdu.type != ROLL_PDU_REQUEST || (pdu.has_auth && pdu.auth.level == LEVEL_PRIVACY))
    return;
  stub_bytes = vectors_hex (json_object_get_string_member (expected, "stub_plain"));
  stub_data = g_bytes_get_data (stub_bytes, &stub_length);
  if (pdu.call.has_object)
    g_assert_true (roll_uuid_parse (json_object_get_string_member (expected, "object"), &object));

  roll_writer_init (&writer, G_MAXUINT16);
  start = roll_pdu_begin (&writer, ROLL_PDU_REQUEST, (guint8) json_object_get_int_member (expected, "pfc"),
                          (guint32) json_object_get_int_member (expected, "call_id"));
  roll_pdu_put_request (&writer, (guint32) stub_length, (guint16) json_object_get_int_member (expected, "ctx"),
                        (guint16) json_object_get_int_member (expected, "opnum"),
                        pdu.call.has_object ? &object : NULL);
  stub = writer.length;
  roll_writer_bytes (&writer, stub_data, stub_length);
  if (pdu.has_auth)
    roll_pdu_put_auth (&writer, start, stub, 16, &pdu.auth, pdu.auth.token, pdu.auth.token_length);
  roll_pdu_end (&writer, start);
  g_assert_true (roll_writer_ok (&writer));
  g_assert_cmpmem (writer.data, writer.length, bytes, length);
  ++*n_requests;
}

static void
test_rebuilt (void)
{
  guint n_requests = 0;

  if (vectors_foreach_pdu (check_rebuilt, &n_requests))
    g_assert_cmpuint (n_requests, ==, 67);
}

/* The bytes stand at the very end of an allocation of their own, where the sanitizer sees one byte too many. */
static void
decode_exact (const guint8 *bytes, gsize length)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  RollPdu pdu;

  if (copy != NULL && roll_pdu_decode (copy, length, &pdu, NULL) && pdu.type == ROLL_PDU_RESPONSE)
    g_assert_cmpuint (pdu.call.stub_offset + pdu.call.stub_length, <=, length);
}

static void
damage (JsonObject *expected, const guint8 *bytes, gsize length, gpointer user_data)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, length);

  for (gsize cut = 0; cut < length; cut++)
    decode_exact (bytes, cut);
  /* Cut, and the length field telling no lie. */
  for (gsize cut = ROLL_PDU_HEADER_SIZE; cut < length; cut++)
    {
      copy[8] = cut & 0xff;
      copy[9] = (guint8) (cut >> 8);
      decode_exact (copy, cut);
    }
  memcpy (copy, bytes, length);
  for (gsize i = 0; i < length; i++)
    {
      copy[i] ^= 0xff;
      decode_exact (copy, length);
      copy[i] = bytes[i];
    }
}

static void
test_damaged (void)
{
  vectors_foreach_pdu (damage, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/codec/pdu/bind", test_bind);
  g_test_add_func ("/codec/pdu/bind-ack", test_bind_ack);
  g_test_add_func ("/codec/pdu/request", test_request);
  g_test_add_func ("/codec/pdu/answers", test_answers);
  g_test_add_func ("/codec/pdu/hostile", test_hostile);
  g_test_add_func ("/codec/pdu/recorded", test_recorded);
  g_test_add_func ("/codec/pdu/rebuilt", test_rebuilt);
  g_test_add_func ("/codec/pdu/damaged", test_damaged);
  return g_test_run ();
}
