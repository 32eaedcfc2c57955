/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-acceptor.h"

#include <string.h>

#include "codec/roll-ntlm-session.h"
#include "rpc/roll-fragment.h"

/* The server's end of an association, by bytes alone: what a client may do right and wrong. */

#define MAX_FRAGMENT 5840

static const RollSyntax ndr20 = {
  { { 0x04, 0x5d, 0x88, 0x8a, 0xeb, 0x1c, 0xc9, 0x11, 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60 } }, 2
};
static const RollSyntax offered = { { { 1 } }, 0 };
static const RollSyntax unknown = { { { 2 } }, 0 };

typedef struct
{
  RollAcceptor *acceptor;
  RollWriter out; /* of the client */
  guint n_calls;
  RollAcceptorTicket ticket; /* of the last */
  GBytes *stub;
  guint n_logons, n_refused;
  gboolean later; /* calls are not answered at once */
  RollAuthLevel level;
} Fixture;

static gboolean
offers (const RollSyntax *interface, gpointer user_data)
{
  return roll_uuid_equal (&interface->uuid, &offered.uuid);
}

static RollSecret *
hash_of (const char *password)
{
  guint8 hash[ROLL_NTLM_KEY_SIZE];

  roll_ntlm_hash ("scanner", "PRACTICE", password, hash);
  return roll_secret_new (hash, sizeof hash);
}

static RollSecret *
lookup (const char *user, const char *domain, gpointer user_data)
{
  return strcmp (user, "scanner") == 0 ? hash_of ("right") : NULL;
}

static RollSecurity *
new_security (RollAuthType type, RollAuthLevel level, gpointer user_data)
{
  const RollNtlmServer server = {
    "PC1", "PRACTICE", "pc1.practice.example", "practice.example", 10, 0, 19045, lookup, NULL
  };

  return type == ROLL_AUTH_NTLM && level >= ROLL_LEVEL_INTEGRITY
             ? roll_security_new_ntlm_acceptor (&server, level)
             : NULL;
}

static void
logged_on (RollSecurity *security, gboolean success, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_logons += success;
  fixture->n_refused += !success;
}

static void
call (const RollAcceptorCall *call, gpointer user_data)
{
  Fixture *fixture = user_data;

  fixture->n_calls++;
  fixture->ticket = call->ticket;
  g_clear_pointer (&fixture->stub, g_bytes_unref);
  fixture->stub = g_bytes_new (call->stub, call->length);
  if (!fixture->later)
    roll_acceptor_answer (fixture->acceptor, &call->ticket, call->stub, call->length);
}

static const RollAcceptorHandler handler = {
  .offers = offers,
  .new_security = new_security,
  .logged_on = logged_on,
  .call = call,
};

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->acceptor = roll_acceptor_new (&handler, fixture);
  roll_writer_init (&fixture->out, 16 << 20);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  roll_acceptor_free (fixture->acceptor);
  roll_writer_clear (&fixture->out);
  g_clear_pointer (&fixture->stub, g_bytes_unref);
}

/* --- The client ---------------------------------------------------------------------------------------------------- */

static gboolean
send_out (Fixture *fixture)
{
  gboolean well = roll_acceptor_feed (fixture->acceptor, fixture->out.data, fixture->out.length);

  fixture->out.length = 0;
  return well;
}

/* Takes the next PDU that came back, a copy. */
static guint8 *
receive (Fixture *fixture, RollPdu *ret_pdu)
{
  gsize length;
  const guint8 *pending = roll_acceptor_pending (fixture->acceptor, &length);
  const char *problem;
  guint8 *bytes;
  gsize n;

  g_assert_cmpuint (length, >=, ROLL_PDU_HEADER_SIZE);
  n = roll_pdu_frag_length (pending, &problem);
  g_assert_cmpuint (n, <=, length);
  bytes = g_memdup2 (pending, n);
  roll_acceptor_sent (fixture->acceptor, n);
  g_assert_true (roll_pdu_decode (bytes, n, ret_pdu, &problem));
  return bytes;
}

static void
assert_nothing_more (Fixture *fixture)
{
  gsize length;

  roll_acceptor_pending (fixture->acceptor, &length);
  g_assert_cmpuint (length, ==, 0);
}

static gsize
begin_bind (Fixture *fixture, RollPduType type, guint16 context, const RollSyntax *interface,
            guint16 max_recv)
{
  RollPduBind bind = { .max_xmit = MAX_FRAGMENT, .max_recv = max_recv, .n_contexts = 1 };
  gsize pdu =
      roll_pdu_begin (&fixture->out, type, ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG | ROLL_PFC_CONC_MPX, 1);

  bind.contexts[0] = (RollPresentationContext) { context, *interface, 1, { ndr20 } };
  roll_pdu_put_bind (&fixture->out, &bind);
  return pdu;
}

static void
put_token (Fixture *fixture, gsize pdu, RollSecurity *security, guint32 context_id, const guint8 *token,
           gsize length)
{
  const RollPduAuth auth = { .type = ROLL_AUTH_NTLM,
                             .level = (guint8) security->level,
                             .context_id = context_id };

  roll_pdu_put_auth (&fixture->out, pdu, pdu, 4, &auth, token, length);
  roll_pdu_end (&fixture->out, pdu);
}

/* Logs on with a new security context. Returns: the client's half */
static RollSecurity *
log_on (Fixture *fixture, RollPduType type, guint16 context, guint32 context_id, const char *password)
{
  g_autoptr (RollSecret) hash = hash_of (password);
  RollSecurity *security = roll_security_new_ntlm ("scanner", "PRACTICE", hash, NULL, fixture->level);
  g_auto (RollWriter) token = { 0 };
  g_autofree guint8 *answer = NULL;
  RollLogonNext next;
  RollPdu pdu;
  gsize start;

  security->context_id = context_id;
  roll_writer_init (&token, G_MAXUINT16);
  g_assert_true (security->klass->logon (security, NULL, 0, &token, &next, NULL));
  start = begin_bind (fixture, type, context, &offered, MAX_FRAGMENT);
  put_token (fixture, start, security, context_id, token.data, token.length);
  g_assert_true (send_out (fixture));
  answer = receive (fixture, &pdu);
  g_assert_cmpint (pdu.type, ==, type == ROLL_PDU_BIND ? ROLL_PDU_BIND_ACK : ROLL_PDU_ALTER_CONTEXT_RESP);
  token.length = 0;
  g_assert_true (
      security->klass->logon (security, pdu.auth.token, pdu.auth.token_length, &token, &next, NULL));
  start = roll_pdu_begin (&fixture->out, ROLL_PDU_AUTH3, ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG, 1);
  roll_pdu_put_auth3 (&fixture->out);
  put_token (fixture, start, security, context_id, token.data, token.length);
  g_assert_true (send_out (fixture));
  return security;
}

static void
put_request (Fixture *fixture, RollSecurity *security, guint8 flags, guint32 call_id, guint16 context,
             const void *stub, gsize length)
{
  gsize pdu = roll_pdu_begin (&fixture->out, ROLL_PDU_REQUEST, flags, call_id), start;

  roll_pdu_put_request (&fixture->out, (guint32) length, context, 7, NULL);
  start = fixture->out.length;
  roll_writer_bytes (&fixture->out, stub, length);
  g_assert_true (roll_fragment_end (&fixture->out, pdu, start, security, NULL));
}

#define WHOLE (ROLL_PFC_FIRST_FRAG | ROLL_PFC_LAST_FRAG)

static void
bind_plainly (Fixture *fixture)
{
  g_autofree guint8 *answer = NULL;
  RollPdu pdu;

  roll_pdu_end (&fixture->out, begin_bind (fixture, ROLL_PDU_BIND, 0, &offered, MAX_FRAGMENT));
  g_assert_true (send_out (fixture));
  answer = receive (fixture, &pdu);
  g_assert_cmpint (pdu.type, ==, ROLL_PDU_BIND_ACK);
  g_assert_cmpint (pdu.bind_ack.results[0].result, ==, ROLL_CONTEXT_ACCEPTED);
}

static void
assert_answer (Fixture *fixture, RollSecurity *security, const char *expected)
{
  RollPdu pdu;
  g_autofree guint8 *bytes = receive (fixture, &pdu);

  g_assert_cmpint (pdu.type, ==, ROLL_PDU_RESPONSE);
  g_assert_true (roll_fragment_open (&pdu, bytes, security, NULL));
  g_assert_cmpmem (bytes + pdu.call.stub_offset, pdu.call.stub_length, expected, strlen (expected));
}

static void
assert_fault (Fixture *fixture, guint32 status)
{
  RollPdu pdu;
  g_autofree guint8 *bytes = receive (fixture, &pdu);

  g_assert_cmpint (pdu.type, ==, ROLL_PDU_FAULT);
  g_assert_cmphex (pdu.call.fault, ==, status);
}

/* --- What goes right ----------------------------------------------------------------------------------------------- */

static void
test_byte_by_byte (Fixture *fixture, gconstpointer data)
{
  bind_plainly (fixture);
  put_request (fixture, NULL, WHOLE, 2, 0, "hello", 5);
  put_request (fixture, NULL, WHOLE, 3, 0, "world", 5);
  for (gsize i = 0; i < fixture->out.length; i++)
    g_assert_true (roll_acceptor_feed (fixture->acceptor, fixture->out.data + i, 1));
  fixture->out.length = 0;
  g_assert_cmpuint (fixture->n_calls, ==, 2);
  assert_answer (fixture, NULL, "hello");
  assert_answer (fixture, NULL, "world");
  assert_nothing_more (fixture);
}

static void
test_several_contexts (Fixture *fixture, gconstpointer data)
{
  RollSecurity *one, *two;

  fixture->level = (RollAuthLevel) GPOINTER_TO_INT (data);
  one = log_on (fixture, ROLL_PDU_BIND, 0, 79231, "right");
  two = log_on (fixture, ROLL_PDU_ALTER_CONTEXT, 1, 79232, "right");
  g_assert_cmpuint (fixture->n_logons, ==, 2);
  for (guint i = 0; i < 3; i++)
    {
      put_request (fixture, two, WHOLE, 10 + i, 1, "to the second", 13);
      put_request (fixture, one, WHOLE, 20 + i, 0, "to the first", 12);
      g_assert_true (send_out (fixture));
      g_assert_cmpmem (g_bytes_get_data (fixture->stub, NULL), g_bytes_get_size (fixture->stub),
                       "to the first", 12);
      assert_answer (fixture, two, "to the second");
      assert_answer (fixture, one, "to the first");
    }
  roll_security_free (one);
  roll_security_free (two);
}

static void
test_fragments (Fixture *fixture, gconstpointer data)
{
  RollSecurity *security;
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  g_autofree guint8 *stub = g_malloc (100000);
  guint8 flags = ROLL_PFC_FIRST_FRAG;

  for (guint i = 0; i < 100000; i++)
    stub[i] = (guint8) (i * 7);
  fixture->level = ROLL_LEVEL_PRIVACY;
  security = log_on (fixture, ROLL_PDU_BIND, 0, 0, "right");
  roll_acceptor_set_fragment (fixture->acceptor, 4000);
  for (guint i = 0; i < 100000; i += 5000)
    {
      put_request (fixture, security, flags | (i == 95000 ? ROLL_PFC_LAST_FRAG : 0), 2, 0, stub + i, 5000);
      flags = 0;
    }
  g_assert_true (send_out (fixture));
  g_assert_cmpuint (fixture->n_calls, ==, 1);
  g_assert_cmpmem (g_bytes_get_data (fixture->stub, NULL), g_bytes_get_size (fixture->stub), stub, 100000);
  for (guint i = 0; i < 25; i++)
    {
      RollPdu pdu;
      g_autofree guint8 *bytes = receive (fixture, &pdu);

      g_assert_cmpint (pdu.flags, ==,
                       (i == 0 ? ROLL_PFC_FIRST_FRAG : 0) | (i == 24 ? ROLL_PFC_LAST_FRAG : 0));
      g_assert_true (roll_fragment_open (&pdu, bytes, security, NULL));
      g_byte_array_append (answer, bytes + pdu.call.stub_offset, (guint) pdu.call.stub_length);
    }
  assert_nothing_more (fixture);
  g_assert_cmpmem (answer->data, answer->len, stub, 100000);
  roll_security_free (security);
}

static void
test_answers_later (Fixture *fixture, gconstpointer data)
{
  RollAcceptorTicket first;

  bind_plainly (fixture);
  fixture->later = TRUE;
  put_request (fixture, NULL, WHOLE, 2, 0, "a", 1);
  g_assert_true (send_out (fixture));
  first = fixture->ticket;
  put_request (fixture, NULL, WHOLE, 3, 0, "b", 1);
  g_assert_true (send_out (fixture));
  assert_nothing_more (fixture);
  roll_acceptor_answer (fixture->acceptor, &fixture->ticket, "second", 6);
  roll_acceptor_answer (fixture->acceptor, &first, "", 0);
  assert_answer (fixture, NULL, "second");
  assert_answer (fixture, NULL, "");
}

/* --- What goes wrong ----------------------------------------------------------------------------------------------- */

static void
test_refused_logon (Fixture *fixture, gconstpointer data)
{
  RollSecurity *security;

  fixture->level = ROLL_LEVEL_PRIVACY;
  security = log_on (fixture, ROLL_PDU_BIND, 0, 5, "wrong");
  g_assert_cmpuint (fixture->n_refused, ==, 1);
  assert_nothing_more (fixture);
  put_request (fixture, security, WHOLE, 2, 0, "hello", 5);
  g_assert_true (send_out (fixture));
  assert_fault (fixture, 5);
  g_assert_cmpuint (fixture->n_calls, ==, 0);
  roll_security_free (security);
}

static void
test_forged_signature (Fixture *fixture, gconstpointer data)
{
  RollSecurity *security;

  fixture->level = ROLL_LEVEL_INTEGRITY;
  security = log_on (fixture, ROLL_PDU_BIND, 0, 0, "right");
  put_request (fixture, security, WHOLE, 2, 0, "hello", 5);
  fixture->out.data[fixture->out.length - 1] ^= 1;
  g_assert_false (send_out (fixture));
  g_assert_cmpuint (fixture->n_calls, ==, 0);
  roll_security_free (security);
}

static void
test_what_is_not_offered (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *answer = NULL;
  RollPdu pdu;

  roll_pdu_end (&fixture->out, begin_bind (fixture, ROLL_PDU_BIND, 0, &unknown, MAX_FRAGMENT));
  g_assert_true (send_out (fixture));
  answer = receive (fixture, &pdu);
  g_assert_cmpint (pdu.bind_ack.results[0].result, ==, ROLL_CONTEXT_PROVIDER_REJECTION);
  put_request (fixture, NULL, WHOLE, 2, 0, "hello", 5);
  g_assert_true (send_out (fixture));
  assert_fault (fixture, 0x1c010003);
}

static void
test_refused_binds (Fixture *fixture, gconstpointer data)
{
  const RollPduAuth kerberos = { .type = ROLL_AUTH_KERBEROS, .level = ROLL_LEVEL_PRIVACY };
  const RollPduAuth nonsense = { .type = ROLL_AUTH_NTLM, .level = ROLL_LEVEL_PRIVACY };
  const struct
  {
    const RollPduAuth *auth;
    guint16 max_recv;
    guint16 reason;
  } cases[] = { { &kerberos, MAX_FRAGMENT, 8 }, { &nonsense, MAX_FRAGMENT, 8 }, { NULL, 100, 0 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize start = begin_bind (fixture, ROLL_PDU_BIND, 0, &offered, cases[i].max_recv);
      g_autofree guint8 *answer = NULL;
      RollPdu pdu;

      if (cases[i].auth != NULL)
        roll_pdu_put_auth (&fixture->out, start, start, 4, cases[i].auth, (const guint8 *) "nonsense", 8);
      roll_pdu_end (&fixture->out, start);
      g_assert_true (send_out (fixture));
      answer = receive (fixture, &pdu);
      g_assert_cmpint (pdu.type, ==, ROLL_PDU_BIND_NAK);
      g_assert_cmpuint (pdu.reject_reason, ==, cases[i].reason);
    }
}

static void
test_out_of_order (Fixture *fixture, gconstpointer data)
{
  put_request (fixture, NULL, WHOLE, 2, 0, "before a bind", 13);
  g_assert_false (send_out (fixture));
  roll_pdu_end (&fixture->out, begin_bind (fixture, ROLL_PDU_ALTER_CONTEXT, 0, &offered, MAX_FRAGMENT));
  g_assert_false (send_out (fixture));
  bind_plainly (fixture);
  put_request (fixture, NULL, ROLL_PFC_LAST_FRAG, 2, 0, "the end without a beginning", 27);
  g_assert_false (send_out (fixture));
  put_request (fixture, NULL, ROLL_PFC_FIRST_FRAG, 3, 0, "a beginning", 11);
  g_assert_true (send_out (fixture));
  put_request (fixture, NULL, ROLL_PFC_FIRST_FRAG, 3, 0, "and another", 11);
  g_assert_false (send_out (fixture));
  put_request (fixture, NULL, ROLL_PFC_LAST_FRAG, 4, 0, "the end of another call", 23);
  g_assert_false (send_out (fixture));
  g_assert_cmpuint (fixture->n_calls, ==, 0);
}

static void
test_too_long (Fixture *fixture, gconstpointer data)
{
  g_autofree guint8 *stub = g_malloc0 (5000);
  gboolean well = TRUE;
  guint n = 0;

  bind_plainly (fixture);
  for (; well && n < 1000; n++)
    {
      put_request (fixture, NULL, n == 0 ? ROLL_PFC_FIRST_FRAG : 0, 2, 0, stub, 5000);
      well = send_out (fixture);
    }
  g_assert_cmpuint (n, ==, ROLL_ACCEPTOR_MAX_REQUEST / 5000 + 1);
}

static void
test_nonsense (Fixture *fixture, gconstpointer data)
{
  guint8 bytes[200];

  for (guint round = 0; round < 20000; round++)
    {
      g_autoptr (RollAcceptor) acceptor = roll_acceptor_new (&handler, fixture);
      gsize n = (gsize) g_test_rand_int_range (1, sizeof bytes);

      for (gsize i = 0; i < n; i++)
        bytes[i] = (guint8) g_test_rand_int_range (0, 256);
      if (round % 2 == 0)
        memcpy (bytes, "\x05\x00\x0b\x03\x10\x00\x00\x00\xc8\x00\x00\x00", 12);
      if (round % 4 == 0)
        bytes[2] = (guint8) g_test_rand_int_range (0, 20);
      roll_acceptor_feed (acceptor, bytes, n);
      roll_acceptor_feed (acceptor, bytes, n);
    }
}

/* --- A local account ------------------------------------------------------------------------------------------------- */

static RollSecret *
lookup_local (const char *user, const char *domain, gpointer user_data)
{
  char **asked = user_data;
  guint8 hash[ROLL_NTLM_KEY_SIZE];

  g_free (*asked);
  *asked = g_strconcat (domain, "\\", user, NULL);
  roll_ntlm_hash ("helpdesk", "PC1", "right", hash);
  return roll_secret_new (hash, sizeof hash);
}

/* It is asked of the computer itself, by name, so that no domain is asked for it. */
static void
test_local_account (Fixture *fixture, gconstpointer data)
{
  const char *passwords[] = { "right", "wrong" };

  for (guint i = 0; i < G_N_ELEMENTS (passwords); i++)
    {
      g_autofree char *asked = NULL;
      const RollNtlmServer server = { "PC1", "PRACTICE", "pc1.practice.example", "practice.example", 10, 0, 19045,
                                      lookup_local, &asked };
      g_autoptr (RollSecret) password = roll_secret_new (passwords[i], strlen (passwords[i]));
      g_autoptr (RollSecurity) client = roll_security_new_ntlm_local ("helpdesk", password, NULL, ROLL_LEVEL_PRIVACY);
      g_autoptr (RollSecurity) computer = roll_security_new_ntlm_acceptor (&server, ROLL_LEVEL_PRIVACY);
      g_auto (RollWriter) there = { 0 }, back = { 0 };
      RollLogonNext next;

      roll_writer_init (&there, G_MAXUINT16);
      roll_writer_init (&back, G_MAXUINT16);
      g_assert_true (client->klass->logon (client, NULL, 0, &there, &next, NULL));
      g_assert_true (computer->klass->logon (computer, there.data, there.length, &back, &next, NULL));
      there.length = 0;
      g_assert_true (client->klass->logon (client, back.data, back.length, &there, &next, NULL));
      g_assert_cmpint (computer->klass->logon (computer, there.data, there.length, &back, &next, NULL), ==, i == 0);
      g_assert_cmpstr (asked, ==, "PC1\\helpdesk");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, data, function)                                                                            \
  g_test_add ("/rpc/acceptor/" path, Fixture, data, set_up, function, tear_down)
  ADD ("byte-by-byte", NULL, test_byte_by_byte);
  ADD ("several-contexts/integrity", GINT_TO_POINTER (ROLL_LEVEL_INTEGRITY), test_several_contexts);
  ADD ("several-contexts/privacy", GINT_TO_POINTER (ROLL_LEVEL_PRIVACY), test_several_contexts);
  ADD ("fragments", NULL, test_fragments);
  ADD ("answers-later", NULL, test_answers_later);
  ADD ("refused-logon", NULL, test_refused_logon);
  ADD ("forged-signature", NULL, test_forged_signature);
  ADD ("what-is-not-offered", NULL, test_what_is_not_offered);
  ADD ("refused-binds", NULL, test_refused_binds);
  ADD ("out-of-order", NULL, test_out_of_order);
  ADD ("too-long", NULL, test_too_long);
  ADD ("nonsense", NULL, test_nonsense);
  ADD ("local-account", NULL, test_local_account);
  return g_test_run ();
}
