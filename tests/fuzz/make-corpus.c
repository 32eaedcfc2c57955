/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "make-corpus-wmio.h"

#include <string.h>

#include "codec/roll-ntlm-session.h"
#include "codec/roll-pdu.h"
#include "codec/roll-spnego.h"
#include "codec/roll-utf16.h"
#include "codec/roll-wbem.h"

/* Writes the seeds of those fuzz targets whose input is binary, with our own encoders: "make-corpus FOLDER STAMP". */

#define NDR20 ROLL_UUID (0x8a885d04, 0x1ceb, 0x11c9, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60)
#define OXID_RESOLVER ROLL_UUID (0x99fcfec4, 0x5260, 0x101b, 0xbb, 0xcb, 0x00, 0xaa, 0x00, 0x21, 0x34, 0x7a)
#define WHOLE (ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG)
#define NTLM_FLAGS 0xe28a8235

static const char *folder;

static void
save (const char *target, const char *name, const void *data, gsize length)
{
  g_autofree char *directory = g_build_filename (folder, target, NULL);
  g_autofree char *path = g_build_filename (directory, name, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_no_errno (g_mkdir_with_parents (directory, 0777));
  g_file_set_contents (path, data, (gssize) length, &error);
  g_assert_no_error (error);
}

static void
save_writer (const char *target, const char *name, RollWriter *writer)
{
  g_assert_true (roll_writer_ok (writer));
  save (target, name, writer->data, writer->length);
  roll_writer_clear (writer);
}

/* --- PDUs -------------------------------------------------------------------------------------------------------- */

static void
put_auth (RollWriter *writer, gsize pdu, gsize stub, gsize alignment)
{
  roll_pdu_put_auth (writer, pdu, stub, alignment, &(RollPduAuth) { .type = 10, .level = 6 },
                     (const guint8 *) "sixteen bytes...", 16);
}

static void
make_binds (RollWriter *out)
{
  static const RollPduType types[] = { ROLL_PDU_BIND, ROLL_PDU_ALTER_CONTEXT };
  static const char *const names[] = { "bind", "alter-context" };
  RollPduBind bind = { .max_xmit = 5840, .max_recv = 5840, .n_contexts = 2 };

  for (guint i = 0; i < 2; i++)
    bind.contexts[i] = (RollPresentationContext) {
      .id = (guint16) i, .abstract_syntax = { OXID_RESOLVER, 0 }, .n_transfer_syntaxes = 1 + i,
      .transfer_syntaxes = { { NDR20, 2 }, { NDR20, 2 } },
    };
  for (guint i = 0; i < 2; i++)
    {
      gsize pdu = roll_pdu_begin (out, types[i], WHOLE | ROLL_PFC_SUPPORT_HEADER_SIGN, 1);

      roll_pdu_put_bind (out, &bind);
      put_auth (out, pdu, pdu, 4);
      roll_pdu_end (out, pdu);
      save_writer ("pdu", names[i], out);
    }
}

static void
make_bind_answers (RollWriter *out)
{
  static const RollPduType types[] = { ROLL_PDU_BIND_ACK, ROLL_PDU_ALTER_CONTEXT_RESP };
  static const char *const names[] = { "bind-ack", "alter-context-resp" };
  const RollPduBindAck ack = { .max_xmit = 5840, .max_recv = 5840, .assoc_group = 0x1234, .n_results = 2,
                               .secondary_address = (const guint8 *) "49152", .secondary_address_length = 6,
                               .results = { { .transfer_syntax = { NDR20, 2 } }, { .result = 2, .reason = 1 } } };
  gsize pdu;

  for (guint i = 0; i < 2; i++)
    {
      pdu = roll_pdu_begin (out, types[i], WHOLE | ROLL_PFC_CONC_MPX, 1);
      roll_pdu_put_bind_ack (out, &ack);
      put_auth (out, pdu, pdu, 4);
      roll_pdu_end (out, pdu);
      save_writer ("pdu", names[i], out);
    }
  pdu = roll_pdu_begin (out, ROLL_PDU_BIND_NAK, WHOLE, 1);
  roll_pdu_put_bind_nak (out, 4);
  roll_pdu_end (out, pdu);
  save_writer ("pdu", "bind-nak", out);
}

static void
make_calls (RollWriter *out)
{
  const RollUuid ipid = ROLL_UUID (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);
  gsize stub, pdu = roll_pdu_begin (out, ROLL_PDU_REQUEST, WHOLE | ROLL_PFC_OBJECT_UUID, 2);

  roll_pdu_put_request (out, 5, 3, 20, &ipid);
  stub = out->length;
  roll_writer_bytes (out, "stub!", 5);
  put_auth (out, pdu, stub, 16);
  roll_pdu_end (out, pdu);
  save_writer ("pdu", "request", out);

  pdu = roll_pdu_begin (out, ROLL_PDU_RESPONSE, WHOLE, 2);
  roll_pdu_put_response (out, 5, 3);
  stub = out->length;
  roll_writer_bytes (out, "stub!", 5);
  put_auth (out, pdu, stub, 16);
  roll_pdu_end (out, pdu);
  save_writer ("pdu", "response", out);

  pdu = roll_pdu_begin (out, ROLL_PDU_FAULT, WHOLE | ROLL_PFC_DID_NOT_EXECUTE, 2);
  roll_pdu_put_fault (out, 3, 0x1c010003);
  roll_pdu_end (out, pdu);
  save_writer ("pdu", "fault", out);
}

static void
make_bare (RollWriter *out)
{
  gsize pdu = roll_pdu_begin (out, ROLL_PDU_AUTH3, WHOLE, 1);

  roll_pdu_put_auth3 (out);
  put_auth (out, pdu, pdu, 4);
  roll_pdu_end (out, pdu);
  save_writer ("pdu", "auth3", out);

  pdu = roll_pdu_begin (out, ROLL_PDU_SHUTDOWN, WHOLE, 0);
  roll_pdu_end (out, pdu);
  save_writer ("pdu", "shutdown", out);
}

/* --- NTLM: the values of [MS-NLMP] 4.2.4, and the same with a time and so with a MIC ------------------------------- */

static void
put_target_info (RollWriter *info, gboolean with_time)
{
  roll_ntlm_put_av_text (info, ROLL_NTLM_AV_NB_DOMAIN, "Domain");
  roll_ntlm_put_av_text (info, ROLL_NTLM_AV_NB_COMPUTER, "Server");
  if (with_time)
    {
      roll_ntlm_put_av_text (info, ROLL_NTLM_AV_DNS_DOMAIN, "domain.example");
      roll_ntlm_put_av_text (info, ROLL_NTLM_AV_DNS_COMPUTER, "server.domain.example");
      roll_ntlm_put_av_text (info, ROLL_NTLM_AV_DNS_TREE, "domain.example");
      roll_ntlm_put_av (info, ROLL_NTLM_AV_TIMESTAMP, (const guint8 *) "\0\0\0\0\0\0\0\1", 8);
    }
  roll_ntlm_put_av (info, ROLL_NTLM_AV_EOL, NULL, 0);
}

static void
make_logon (RollWriter *out, gboolean with_time)
{
  static const guint8 server_challenge[] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef };
  RollNtlmAnswer answer = { .user = "User", .domain = "Domain", .workstation = "COMPUTER" };
  g_auto (RollNtlmChallenge) decoded = { 0 };
  g_auto (RollWriter) info = { 0 };
  g_auto (RollWriter) challenge = { 0 };
  const char *problem;

  roll_writer_init (&info, ROLL_NTLM_MESSAGE_MAX);
  roll_writer_init (&challenge, ROLL_NTLM_MESSAGE_MAX);
  put_target_info (&info, with_time);
  roll_ntlm_put_challenge (&challenge, NTLM_FLAGS, server_challenge, "Server", info.data, info.length, 6, 0, 6000);
  g_assert_true (roll_ntlm_challenge_decode (challenge.data, challenge.length, &decoded, &problem));
  answer.challenge = challenge.data;
  answer.challenge_length = challenge.length;
  memset (answer.client_challenge, 0xaa, sizeof answer.client_challenge);
  memset (answer.session_key, 0x55, sizeof answer.session_key);
  roll_ntlm_hash ("User", "Domain", "Password", answer.hash);
  roll_ntlm_put_answer (out, &answer, &decoded);

  save_writer ("ntlm", with_time ? "authenticate-mic" : "authenticate", out);
  save_writer ("ntlm", with_time ? "challenge-time" : "challenge", &challenge);
  save_writer ("ntlm", with_time ? "av-pairs-time" : "av-pairs", &info);
}

static void
make_ntlm (RollWriter *out)
{
  roll_ntlm_put_negotiate (out, NTLM_FLAGS);
  save_writer ("ntlm", "negotiate", out);
  make_logon (out, FALSE);
  make_logon (out, TRUE);
}

/* --- SPNEGO ------------------------------------------------------------------------------------------------------ */

static void
make_spnego (RollWriter *out)
{
  static const guint8 hints[] = "\x60\x29\x06\x06+\x06\x01\x05\x05\x02\xa0\x1f\x30\x1d\xa0\x06\x30\x04\x06\x02*\x03"
                                "\xa1\x04\x03\x02\x05@\xa3\x08\x30\x06\xa0\x04\x1b\x02no\xa4\x03\x04\x01m";
  const RollSpnegoBytes ntlm = { (const guint8 *) ROLL_SPNEGO_OID_NTLM, sizeof ROLL_SPNEGO_OID_NTLM - 1 };
  const RollSpnegoBytes kerberos = { (const guint8 *) "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02", 9 };
  const RollSpnegoBytes bytes = { (const guint8 *) "sixteen bytes...", 16 };
  const RollSpnegoBytes many = { (const guint8 *) g_malloc0 (300), 300 };

  roll_spnego_put_init (out, &(RollSpnegoInit) { .n_mechs = 2, .mechs = { kerberos, ntlm }, .mech_token = many,
                                                 .mech_list_mic = bytes });
  save_writer ("spnego", "init", out);
  roll_spnego_put_resp (out, &(RollSpnegoResp) { .has_state = TRUE, .state = ROLL_SPNEGO_REQUEST_MIC,
                                                 .supported_mech = ntlm, .response_token = many });
  save_writer ("spnego", "challenge", out);
  roll_spnego_put_resp (out, &(RollSpnegoResp) { .has_state = TRUE, .mech_list_mic = bytes });
  save_writer ("spnego", "completed", out);
  save ("spnego", "hints", hints, sizeof hints - 1);
  g_free ((guint8 *) many.data);
}

/* --- DCOM and WMI: fuzz-activation.c and fuzz-wbem.c say what the first byte means ---------------------------------- */

#define CID ROLL_UUID (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)

static const RollOrpcThis orpc_this = { .version = { 5, 7 }, .cid = CID };
static const RollStdObjref std_objref = { 0, 5, 0x1122334455667788, 0x99aabbccddeeff00, CID };

/* Puts @what, lets @put put the rest, saves both. Alignment counts from behind @what. */
#define SAVE_STUB(target, name, what, put, ...) \
  G_STMT_START \
    { \
      g_auto (RollWriter) stub = { 0 }; \
      roll_writer_init (&stub, G_MAXUINT16); \
      put (&stub, ##__VA_ARGS__); \
      g_assert_true (roll_writer_ok (&stub)); \
      roll_writer_u8 (out, what); \
      roll_writer_bytes (out, stub.data, stub.length); \
      save_writer (target, name, out); \
    } \
  G_STMT_END

static void
make_objrefs (RollWriter *out, const RollDualStrings *strings)
{
  static const char *const names[] = { "standard", "handler", "custom", "extended" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      roll_objref_encode (out, &(RollObjref) { .kind = 1u << i, .iid = ROLL_IID_WBEM_SERVICES, .std = std_objref,
                                               .clsid = CID, .strings = *strings, .data = (const guint8 *) "data",
                                               .data_length = 4 });
      save_writer ("objref", names[i], out);
    }
}

static void
make_activations (RollWriter *out, const RollDualStrings *strings)
{
  const RollActivation activation = { .version = { 5, 7 }, .cid = CID, .clsid = ROLL_CLSID_WBEM_LEVEL1_LOGIN,
                                      .iid = ROLL_IID_WBEM_LEVEL1_LOGIN };
  const RollActivated activated = { .oxid = 1, .oid = 2, .ipid_rem_unknown = CID, .ipid = CID, .public_refs = 5,
                                    .authn_hint = 6, .version = { 5, 7 }, .bindings = *strings };
  const RollActivated failed = { .hresult = 0x80070005, .bindings = *strings };
  const RollServerAlive alive = { .version = { 5, 7 }, .strings = *strings };
  const RollRemRef refs[] = { { CID, 5 }, { CID, 1 } };
  const guint64 objects[] = { 1, 2 };

  SAVE_STUB ("activation", "create-answer", 0, roll_orpc_put_create_instance_answer, &activated, &activation.iid);
  SAVE_STUB ("activation", "create-failed", 0, roll_orpc_put_create_instance_answer, &failed, &activation.iid);
  SAVE_STUB ("activation", "activation-answer", 1, roll_orpc_put_remote_activation_answer, &activated, &activation.iid);
  SAVE_STUB ("activation", "activation-failed", 1, roll_orpc_put_remote_activation_answer, &failed, &activation.iid);
  SAVE_STUB ("activation", "alive", 2, roll_orpc_put_server_alive, &alive);
  SAVE_STUB ("activation", "create", 3, roll_orpc_put_create_instance, &activation);
  SAVE_STUB ("activation", "activation", 4, roll_orpc_put_remote_activation, &activation);
  SAVE_STUB ("activation", "query", 5, roll_orpc_put_rem_query_interface, &orpc_this, &CID, 5, &activation.iid);
  SAVE_STUB ("activation", "query-answer", 6, roll_orpc_put_rem_query_interface_answer, 0, &std_objref);
  SAVE_STUB ("activation", "release", 7, roll_orpc_put_rem_release, &orpc_this, refs, G_N_ELEMENTS (refs));
  SAVE_STUB ("activation", "ping", 8, roll_orpc_put_complex_ping, 1, 2, objects, G_N_ELEMENTS (objects));
}

static void
make_wbem (RollWriter *out, const RollDualStrings *strings)
{
  const RollWbemObject objects[] = { { (const guint8 *) "one", 3 }, { (const guint8 *) "three", 5 } };

  SAVE_STUB ("wbem", "interface", 0, roll_wbem_put_interface_answer, &CID, &std_objref, strings, 0);
  SAVE_STUB ("wbem", "interface-failed", 0, roll_wbem_put_interface_answer, &CID, NULL, NULL, 0x80041003);
  SAVE_STUB ("wbem", "object", 1, roll_wbem_put_object_answer, "object", 6, 0);
  SAVE_STUB ("wbem", "object-failed", 1, roll_wbem_put_object_answer, NULL, 0, 0x80041002);
  SAVE_STUB ("wbem", "method", 2, roll_wbem_put_method_answer, "out", 3, 0);
  SAVE_STUB ("wbem", "next", 3, roll_wbem_put_next_answer, objects, G_N_ELEMENTS (objects), 10, ROLL_WBEM_S_FALSE);
  SAVE_STUB ("wbem", "next-end", 3, roll_wbem_put_next_answer, NULL, 0, 10, ROLL_WBEM_S_FALSE);
  SAVE_STUB ("wbem", "smart", 4, roll_wbem_put_smart_answer, 1, "buffer", 6, 0);
  SAVE_STUB ("wbem", "smart-end", 4, roll_wbem_put_smart_answer, 0, NULL, 0, ROLL_WBEM_S_FALSE);
  SAVE_STUB ("wbem", "login", 5, roll_wbem_put_ntlm_login, &orpc_this, "//./root/cimv2");
  SAVE_STUB ("wbem", "get-object", 6, roll_wbem_put_get_object, &orpc_this, "StdRegProv");
  SAVE_STUB ("wbem", "query", 7, roll_wbem_put_exec_query, &orpc_this, "select * from X", ROLL_WBEM_QUERY_FLAGS);
  SAVE_STUB ("wbem", "exec-method", 8, roll_wbem_put_exec_method, &orpc_this, "StdRegProv", "EnumKey", "in", 2);
  SAVE_STUB ("wbem", "smart-next", 9, roll_wbem_put_smart_next, &orpc_this, &CID, 1000, 100);
}

static void
make_stubs (RollWriter *out)
{
  g_auto (RollDualStrings) strings = { 0 };

  roll_dual_strings_init (&strings);
  roll_dual_strings_add (&strings, ROLL_TOWER_TCP, "PC-Ü1[49664]");
  roll_dual_strings_add (&strings, ROLL_TOWER_TCP, "10.0.0.1[49664]");
  roll_dual_strings_add_security (&strings, 10);
  make_objrefs (out, &strings);
  make_activations (out, &strings);
  make_wbem (out, &strings);
}

/* --- What a server sends: fuzz-association.c says how it is written down ------------------------------------------- */

#define SAVE_FRAMES(name, bytes) save ("association", name, bytes, sizeof bytes - 1)

static void
put_challenge (RollWriter *out)
{
  g_auto (RollWriter) info = { 0 };
  g_auto (RollWriter) challenge = { 0 };

  roll_writer_init (&info, ROLL_NTLM_MESSAGE_MAX);
  roll_writer_init (&challenge, ROLL_NTLM_MESSAGE_MAX);
  put_target_info (&info, TRUE);
  roll_ntlm_put_challenge (&challenge, NTLM_FLAGS, (const guint8 *) "12345678", "Server", info.data, info.length, 6, 0,
                           6000);
  roll_writer_bytes (out, challenge.data, challenge.length);
}

static void
make_associations (RollWriter *out)
{
  SAVE_FRAMES ("calls", "\x24\x02\x03\x02\x03" "abc" "\x02\x01\x04\x02" "de" "\x02\x03\x03\x00"
                        "\x02\x02\x04\x02" "fg" "\x0f\x03\x05\x00" "\x02\x03\x06\x01" "h");
  SAVE_FRAMES ("fault-single", "\x0c\x03\x03\x02\x05" "fault" "\x02\x03\x03\x00" "\x02\x03\x04\x00");
  SAVE_FRAMES ("legs", "\x15\x0f\x03\x01\x01\x01" "\x0f\x03\x01\x01\x02"
                       "\x02\x03\x02\x11" "seventeen bytes.." "\x02\x03\x03\x00" "\x02\x03\x04\x00");
  roll_writer_u8 (out, 0x06);
  put_challenge (out);
  save_writer ("association", "challenge", out);

  roll_writer_u8 (out, 0x00);
  for (guint32 call_id = 2; call_id < 5; call_id++)
    {
      gsize pdu = roll_pdu_begin (out, ROLL_PDU_RESPONSE, WHOLE, call_id);

      roll_pdu_put_response (out, 0, 0);
      roll_pdu_end (out, pdu);
    }
  save_writer ("association", "bytes", out);
}

int
main (int argc, char **argv)
{
  static const guint8 operations[] = "\0\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\xff\0\0\5\4\0\0\6\4\0\0\7\4\0\0\x8\1\0\0\x9\2\0\0"
                                     "what these are read from: as many bytes as they need";
  g_auto (RollWriter) out = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (argc, ==, 3);
  folder = argv[1];
  roll_writer_init (&out, G_MAXUINT16);
  make_binds (&out);
  make_bind_answers (&out);
  make_calls (&out);
  make_bare (&out);
  make_ntlm (&out);
  make_spnego (&out);
  make_stubs (&out);
  make_associations (&out);
  make_wmio (save);
  save ("reader", "every-operation", operations, sizeof operations);
  roll_writer_utf16 (&out, "Ünal 🔑 \xef\xbf\xbd");
  save_writer ("utf16", "text", &out);
  g_file_set_contents (argv[2], "", 0, &error);
  g_assert_no_error (error);
  return 0;
}
