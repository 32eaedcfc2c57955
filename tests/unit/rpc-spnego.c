/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-association.h"

#include <string.h>

#include "codec/roll-pdu.h"
#include "rpc-server.h"
#include "rpc/roll-security-spnego-private.h"
#include "vectors.h"

#define WATCHDOG_MS 10000

static RollSecurity *
make_initiator (RollAuthLevel level, const char *password)
{
  g_autoptr (RollSecret) hash = rpc_server_hash (password);

  return roll_security_new_spnego (roll_security_new_ntlm (RPC_SERVER_USER, RPC_SERVER_DOMAIN, hash,
                                                           "host/pc1.practice.example", level));
}

/* Binds, and calls once where that went well. */
static void
converse (RpcServerTrouble trouble, RollSecurity *security, gsize length, GError **error)
{
  int socket;
  GThread *server = rpc_server_start ((RpcServerPlan) { .trouble = trouble }, &socket);
  RollAssociation *association = roll_association_new (socket, -1, WATCHDOG_MS);
  guint32 wire = GUINT32_TO_LE ((guint32) length);
  const RollNtlmChallenge *challenge;
  g_autoptr (GBytes) answer = NULL;

  if (roll_association_bind (association, &rpc_server_interface, 1, security, error))
    for (guint i = 0; i < 3; i++)
      {
        g_clear_pointer (&answer, g_bytes_unref);
        answer = roll_association_call (association, &rpc_server_interface, RPC_SERVER_BYTES, NULL, &wire, sizeof wire,
                                        error);
        g_assert_nonnull (answer);
        g_assert_cmpuint (g_bytes_get_size (answer), ==, length);
        for (gsize j = 0; j < length; j++)
          g_assert_cmphex (((const guint8 *) g_bytes_get_data (answer, NULL))[j], ==, (guint8) j);
      }
  challenge = roll_security_get_challenge (security);
  g_assert_cmpstr (challenge->dns_computer, ==, "pc1.practice.example");
  roll_association_free (association);
  g_thread_join (server);
}

static void
test_calls (void)
{
  static const RollAuthLevel levels[] = { ROLL_LEVEL_INTEGRITY, ROLL_LEVEL_PRIVACY };
  static const gsize lengths[] = { 0, 1, 17, 100000 };

  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    for (guint j = 0; j < G_N_ELEMENTS (lengths); j++)
      {
        g_autoptr (GError) error = NULL;

        converse (RPC_SERVER_FINE, make_initiator (levels[i], RPC_SERVER_PASSWORD), lengths[j], &error);
        g_assert_no_error (error);
      }
}

static void
assert_failure (const GError *error, RollRpcError code, RollErrorSpace space, guint32 number)
{
  RollErrorNumber told = roll_rpc_error_get_number (error);

  g_assert_error (error, ROLL_RPC_ERROR, (int) code);
  g_assert_cmpint (told.space, ==, space);
  g_assert_cmphex (told.number, ==, number);
}

/* Unlike NTLM alone, the bind itself tells. */
static void
test_refused (void)
{
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GError) question = NULL;
  g_autoptr (GError) forged = NULL;

  converse (RPC_SERVER_FINE, make_initiator (ROLL_LEVEL_PRIVACY, "wrong"), 1, &wrong);
  assert_failure (wrong, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_WIN32, 5);
  converse (RPC_SERVER_FINE, roll_security_new_spnego (roll_security_new_ntlm_question ()), 1, &question);
  assert_failure (question, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_NO_CREDENTIALS);
  converse (RPC_SERVER_BAD_LIST_MIC, make_initiator (ROLL_LEVEL_PRIVACY, RPC_SERVER_PASSWORD), 1, &forged);
  assert_failure (forged, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_BAD_SIGNATURE);
}

/* --- Without a server: an initiator that offers what ours never does ----------------------------------------------- */

static RollSecret *
lookup (const char *user, const char *domain, gpointer user_data)
{
  return rpc_server_hash (RPC_SERVER_PASSWORD);
}

static RollSecurity *
make_acceptor (void)
{
  const RollNtlmServer server = { .nb_computer = "PC1", .nb_domain = "PRACTICE", .dns_computer = "pc1", .dns_domain = "p",
                                  .major = 10, .build = 19045, .lookup = lookup };

  return roll_security_new_spnego_acceptor (roll_security_new_ntlm_acceptor (&server, ROLL_LEVEL_PRIVACY));
}

static gboolean
hand_over (RollSecurity *acceptor, RollWriter *message, RollSpnegoResp *ret_resp, RollWriter *ret_answer,
           RollLogonNext *ret_next, GError **error)
{
  const char *problem;

  g_assert_true (roll_writer_ok (message));
  roll_writer_clear (ret_answer);
  roll_writer_init (ret_answer, ROLL_SPNEGO_MESSAGE_MAX);
  if (!acceptor->klass->logon (acceptor, message->data, message->length, ret_answer, ret_next, error))
    return FALSE;
  g_assert_true (roll_spnego_resp_decode (ret_answer->data, ret_answer->length, ret_resp, &problem));
  roll_writer_clear (message);
  roll_writer_init (message, ROLL_SPNEGO_MESSAGE_MAX);
  return TRUE;
}

typedef enum
{
  MIC_RIGHT,
  MIC_WRONG,
  MIC_MISSING
} Mic;

/* Kerberos is offered first, with its token, as Windows does; the acceptor wants NTLM and a MIC. */
static void
check_other_choice (Mic kind, GError **error)
{
  static const RollSpnegoBytes kerberos = { (const guint8 *) "\x2a\x86\x48\x86\xf7\x12\x01\x02\x02", 9 };
  static const RollSpnegoBytes ntlm_oid = { (const guint8 *) ROLL_SPNEGO_OID_NTLM, 10 };
  static const char list[] = "\x30\x17\x06\x09\x2a\x86\x48\x86\xf7\x12\x01\x02\x02\x06\x0a" ROLL_SPNEGO_OID_NTLM;
  g_autoptr (RollSecret) hash = rpc_server_hash (RPC_SERVER_PASSWORD);
  g_autoptr (RollSecurity) acceptor = make_acceptor ();
  g_autoptr (RollSecurity) initiator
      = roll_security_new_spnego (roll_security_new_ntlm (RPC_SERVER_USER, "PRACTICE", hash, NULL, ROLL_LEVEL_PRIVACY));
  RollSpnegoSecurity *inner = (RollSpnegoSecurity *) initiator;
  g_auto (RollWriter) message = { 0 };
  g_auto (RollWriter) answer = { 0 };
  g_auto (RollWriter) token = { 0 };
  guint8 mic[ROLL_NTLM_TOKEN_SIZE];
  RollSpnegoBytes nothing = { 0 };
  RollSpnegoResp resp, last = { 0 };
  RollLogonNext next;

  inner->mech_list = g_bytes_new_static (list, sizeof list - 1);
  roll_writer_init (&message, ROLL_SPNEGO_MESSAGE_MAX);
  roll_spnego_put_init (&message, &(RollSpnegoInit) { .n_mechs = 2, .mechs = { kerberos, ntlm_oid },
                                                      .mech_token = { (const guint8 *) list, 10 } });
  g_assert_true (hand_over (acceptor, &message, &resp, &answer, &next, NULL));
  g_assert_cmpint (resp.state, ==, ROLL_SPNEGO_REQUEST_MIC);
  g_assert_true (roll_spnego_is_ntlm (&resp.supported_mech));
  g_assert_null (resp.response_token.data);

  g_assert_true (roll_spnego_security_feed (inner, &nothing, &token, &next, NULL));
  roll_spnego_put_resp (&message, &(RollSpnegoResp) { .response_token = { token.data, token.length } });
  g_assert_true (hand_over (acceptor, &message, &resp, &answer, &next, NULL));
  g_assert_cmpint (next, ==, ROLL_LOGON_SEND);
  roll_writer_clear (&token);
  g_assert_true (roll_spnego_security_feed (inner, &resp.response_token, &token, &next, NULL));

  roll_spnego_security_sign_list (inner, mic);
  mic[5] ^= kind == MIC_WRONG;
  last.response_token = (RollSpnegoBytes) { token.data, token.length };
  last.mech_list_mic = (RollSpnegoBytes) { kind == MIC_MISSING ? NULL : mic, sizeof mic };
  roll_spnego_put_resp (&message, &last);
  if (!hand_over (acceptor, &message, &resp, &answer, &next, error))
    return;
  g_assert_cmpint (next, ==, ROLL_LOGON_SEND_AND_DONE);
  g_assert_cmpint (resp.state, ==, ROLL_SPNEGO_ACCEPT_COMPLETED);
  g_assert_true (roll_spnego_security_verify_list (inner, &resp.mech_list_mic, error));
}

static void
test_other_choice (void)
{
  g_autoptr (GError) right = NULL;
  g_autoptr (GError) wrong = NULL;
  g_autoptr (GError) missing = NULL;

  check_other_choice (MIC_RIGHT, &right);
  g_assert_no_error (right);
  check_other_choice (MIC_WRONG, &wrong);
  assert_failure (wrong, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_BAD_SIGNATURE);
  check_other_choice (MIC_MISSING, &missing);
  assert_failure (missing, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_BAD_SIGNATURE);
}

/* --- Recorded: Windows at integrity ------------------------------------------------------------------------------ */

typedef struct
{
  RollSpnegoSecurity *ends[2]; /* the client's, the server's */
  GBytes *mech_list;
  guint n_mics, n_verified;
} Recorded;

static void
take_key (Recorded *recorded, JsonObject *expected)
{
  JsonObject *ntlm = json_object_get_object_member (expected, "ntlm");
  g_autoptr (GBytes) key = vectors_hex (json_object_get_string_member (ntlm, "exported_session_key"));

  for (guint i = 0; i < 2; i++)
    {
      RollSecurity *security = roll_security_new_spnego (roll_security_new_ntlm_question ());

      recorded->ends[i] = (RollSpnegoSecurity *) security;
      recorded->ends[i]->mech_list = g_bytes_ref (recorded->mech_list);
      roll_ntlm_session_init (&recorded->ends[i]->ntlm->session, g_bytes_get_data (key, NULL), i == 0);
    }
}

static void
check_mic (Recorded *recorded, const RollSpnegoBytes *mic, guint sender)
{
  guint8 own[ROLL_NTLM_TOKEN_SIZE];

  roll_spnego_security_sign_list (recorded->ends[sender], own);
  g_assert_cmpmem (own, sizeof own, mic->data, mic->length);
  g_assert_true (roll_spnego_security_verify_list (recorded->ends[1 - sender], mic, NULL));
  if (++recorded->n_mics == 2)
    for (guint i = 0; i < 2; i++)
      roll_ntlm_session_restart (&recorded->ends[i]->ntlm->session);
}

static void
check_logon (Recorded *recorded, JsonObject *expected, const RollPdu *pdu, guint sender)
{
  RollSpnegoInit init;
  RollSpnegoResp resp;
  const char *problem;

  if (pdu->type == ROLL_PDU_BIND)
    {
      g_assert_true (roll_spnego_init_decode (pdu->auth.token, pdu->auth.token_length, &init, &problem));
      recorded->mech_list = g_bytes_new (init.mech_list.data, init.mech_list.length);
      return;
    }
  if (json_object_has_member (expected, "ntlm"))
    take_key (recorded, expected);
  g_assert_true (roll_spnego_resp_decode (pdu->auth.token, pdu->auth.token_length, &resp, &problem));
  if (resp.mech_list_mic.data != NULL)
    check_mic (recorded, &resp.mech_list_mic, sender);
}

/* Verified by the one end, and signed once more by the other. */
static void
check_call (Recorded *recorded, const RollPdu *pdu, guint8 *bytes, guint sender)
{
  RollSecurity *from = &recorded->ends[sender]->parent, *to = &recorded->ends[1 - sender]->parent;
  gsize signed_length = pdu->auth.trailer_offset + ROLL_PDU_SEC_TRAILER_SIZE, stub = pdu->call.stub_offset;
  guint8 token[ROLL_NTLM_TOKEN_SIZE];

  g_assert_true (from->klass->protect (from, bytes, signed_length, stub, pdu->auth.trailer_offset - stub, token,
                                       sizeof token, NULL));
  g_assert_cmpmem (token, sizeof token, pdu->auth.token, pdu->auth.token_length);
  g_assert_true (to->klass->unprotect (to, bytes, signed_length, stub, pdu->auth.trailer_offset - stub,
                                       pdu->auth.token, pdu->auth.token_length, NULL));
  recorded->n_verified++;
}

static void
check_recorded (JsonObject *expected, const guint8 *bytes, gsize length, gpointer user_data)
{
  g_autofree guint8 *copy = g_memdup2 (bytes, length);
  guint sender = *json_object_get_string_member (expected, "dir") == 'C' ? 0 : 1;
  RollPdu pdu;

  g_assert_true (roll_pdu_decode (copy, length, &pdu, NULL));
  if (!pdu.has_auth || pdu.auth.type != ROLL_AUTH_SPNEGO || pdu.auth.level != ROLL_LEVEL_INTEGRITY)
    return;
  if (pdu.type == ROLL_PDU_REQUEST || pdu.type == ROLL_PDU_RESPONSE)
    check_call (user_data, &pdu, copy, sender);
  else
    check_logon (user_data, expected, &pdu, sender);
}

static void
test_recorded (void)
{
  Recorded recorded = { 0 };

  if (!vectors_foreach_pdu (check_recorded, &recorded))
    return;
  g_assert_cmpuint (recorded.n_mics, ==, 2);
  g_assert_cmpuint (recorded.n_verified, ==, 19);
  for (guint i = 0; i < 2; i++)
    roll_security_free (&recorded.ends[i]->parent);
  g_bytes_unref (recorded.mech_list);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rpc/spnego/calls", test_calls);
  g_test_add_func ("/rpc/spnego/refused", test_refused);
  g_test_add_func ("/rpc/spnego/other-choice", test_other_choice);
  g_test_add_func ("/rpc/spnego/recorded", test_recorded);
  return g_test_run ();
}
