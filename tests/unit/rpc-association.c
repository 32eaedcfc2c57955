/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-association.h"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "rpc-server.h"

#define WATCHDOG_MS 10000

typedef struct
{
  GThread *server;
  RollAssociation *association;
} Peer;

static Peer
peer_start (RpcServerPlan plan, int cancel_fd, guint watchdog_ms)
{
  Peer peer;
  int socket;

  peer.server = rpc_server_start (plan, &socket);
  peer.association = roll_association_new (socket, cancel_fd, watchdog_ms);
  return peer;
}

static void
peer_stop (Peer *peer)
{
  roll_association_free (peer->association);
  g_thread_join (peer->server);
}

static RollSecurity *
make_ntlm (RollAuthLevel level, const char *password)
{
  g_autoptr (RollSecret) hash = rpc_server_hash (password);

  return roll_security_new_ntlm (RPC_SERVER_USER, RPC_SERVER_DOMAIN, hash, "host/pc1.practice.example", level);
}

static gboolean
bind_as (RollAssociation *association, RollAuthLevel level, GError **error)
{
  RollSecurity *security = level != ROLL_LEVEL_NONE ? make_ntlm (level, RPC_SERVER_PASSWORD) : NULL;

  return roll_association_bind (association, &rpc_server_interface, 1, security, error);
}

static Peer
peer_bound (RpcServerPlan plan, RollAuthLevel level, guint watchdog_ms)
{
  Peer peer = peer_start (plan, -1, watchdog_ms);
  g_autoptr (GError) error = NULL;

  bind_as (peer.association, level, &error);
  g_assert_no_error (error);
  return peer;
}

static GBytes *
call_number (RollAssociation *association, RpcServerOperation operation, guint32 number, GError **error)
{
  guint32 wire = GUINT32_TO_LE (number);

  return roll_association_call (association, &rpc_server_interface, (guint16) operation, NULL, &wire, sizeof wire,
                                error);
}

static void
assert_counting (GBytes *bytes, gsize expected)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  g_assert_cmpuint (length, ==, expected);
  for (gsize i = 0; i < length; i++)
    g_assert_cmphex (data[i], ==, (guint8) i);
}

static void
assert_failure (const GError *error, RollRpcError code, RollErrorSpace space, guint32 number)
{
  RollErrorNumber told = roll_rpc_error_get_number (error);

  g_assert_error (error, ROLL_RPC_ERROR, (int) code);
  g_assert_cmpint (told.space, ==, space);
  g_assert_cmphex (told.number, ==, number);
}

/* --- What goes well ---------------------------------------------------------------------------------------------- */

static const RollAuthLevel levels[] = { ROLL_LEVEL_NONE, ROLL_LEVEL_INTEGRITY, ROLL_LEVEL_PRIVACY };

static void
test_calls (void)
{
  static const guint32 lengths[] = { 0, 1, 15, 16, 17, 5727, 5728, 5729, 5792, 5793, 100000, 1000000 };

  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    for (guint j = 0; j < G_N_ELEMENTS (lengths); j++)
      {
        Peer peer = peer_bound ((RpcServerPlan) { 0 }, levels[i], WATCHDOG_MS);
        g_autoptr (GError) error = NULL;
        g_autoptr (GBytes) big = call_number (peer.association, RPC_SERVER_BYTES, lengths[j], &error);
        g_autoptr (GBytes) again = NULL;

        g_assert_no_error (error);
        assert_counting (big, lengths[j]);
        again = roll_association_call (peer.association, &rpc_server_interface, RPC_SERVER_ECHO, NULL,
                                       g_bytes_get_data (big, NULL), lengths[j], &error);
        g_assert_no_error (error);
        assert_counting (again, lengths[j]);
        peer_stop (&peer);
      }
}

static void
test_small_fragments (void)
{
  Peer peer = peer_bound ((RpcServerPlan) { .fragment_bytes = 1 }, ROLL_LEVEL_PRIVACY, WATCHDOG_MS);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = call_number (peer.association, RPC_SERVER_BYTES, 300, &error);

  g_assert_no_error (error);
  assert_counting (answer, 300);
  peer_stop (&peer);
}

static void
test_object (void)
{
  Peer peer = peer_bound ((RpcServerPlan) { 0 }, ROLL_LEVEL_PRIVACY, WATCHDOG_MS);
  const RollUuid object = ROLL_UUID (0x0000cc00, 0x0bf0, 0, 0, 0x22, 0x6e, 7, 0x73, 0x19, 0x1b, 0xc1);
  g_autofree guint8 *stub = g_malloc0 (20000);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = roll_association_call (peer.association, &rpc_server_interface, RPC_SERVER_OBJECT,
                                                     &object, stub, 20000, &error);

  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), object.bytes, 16);
  peer_stop (&peer);
}

/* Some interfaces taken, some not; one more taken later, another not; the association lives through all of it. */
static void
test_interfaces (void)
{
  const RollSyntax first[] = { rpc_server_unknown, rpc_server_interface };
  Peer peer = peer_start ((RpcServerPlan) { 0 }, -1, WATCHDOG_MS);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;

  roll_association_bind (peer.association, first, 2, make_ntlm (ROLL_LEVEL_PRIVACY, RPC_SERVER_PASSWORD), &error);
  g_assert_no_error (error);
  g_assert_false (roll_association_has (peer.association, &rpc_server_unknown));
  g_assert_true (roll_association_has (peer.association, &rpc_server_interface));
  g_assert_false (roll_association_has (peer.association, &rpc_server_second));

  roll_association_alter (peer.association, &rpc_server_second, 1, &error);
  g_assert_no_error (error);
  g_assert_false (roll_association_alter (peer.association, &rpc_server_unknown, 1, &error));
  assert_failure (error, ROLL_RPC_ERROR_REJECTED, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_INTERFACE_REJECTED);
  g_clear_error (&error);
  g_assert_null (roll_association_call (peer.association, &rpc_server_unknown, 0, NULL, NULL, 0, &error));
  assert_failure (error, ROLL_RPC_ERROR_REJECTED, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_INTERFACE_REJECTED);
  g_clear_error (&error);

  answer = roll_association_call (peer.association, &rpc_server_second, RPC_SERVER_ECHO, NULL, "abc", 3, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), "abc", 3);
  peer_stop (&peer);
}

static void
test_nothing_offered (void)
{
  Peer peer = peer_start ((RpcServerPlan) { 0 }, -1, WATCHDOG_MS);
  g_autoptr (GError) error = NULL;

  g_assert_false (roll_association_bind (peer.association, &rpc_server_unknown, 1, NULL, &error));
  assert_failure (error, ROLL_RPC_ERROR_REJECTED, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_INTERFACE_REJECTED);
  peer_stop (&peer);
}

/* Answers come in the reverse order with their fragments mixed, and are fetched in yet another. */
static void
test_multiplex (void)
{
  static const guint order[] = { 3, 0, 5, 1, 4, 2 };
  Peer peer = peer_bound ((RpcServerPlan) { .fragment_bytes = 700 }, ROLL_LEVEL_PRIVACY, WATCHDOG_MS);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) flushed = NULL;
  guint32 calls[G_N_ELEMENTS (order)];

  g_assert_true (roll_association_can_multiplex (peer.association));
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      g_autofree guint8 *stub = g_malloc (1000 * (i + 1));

      memset (stub, (int) i, 1000 * (i + 1));
      calls[i] = roll_association_send (peer.association, &rpc_server_interface, RPC_SERVER_HOLD, NULL, stub,
                                        1000 * (i + 1), &error);
      g_assert_no_error (error);
    }
  flushed = roll_association_call (peer.association, &rpc_server_interface, RPC_SERVER_FLUSH, NULL, NULL, 0, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      g_autoptr (GBytes) answer = roll_association_receive (peer.association, calls[order[i]], &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (answer), ==, 1000 * (order[i] + 1));
      g_assert_cmpuint (*(const guint8 *) g_bytes_get_data (answer, NULL), ==, order[i]);
    }
  peer_stop (&peer);
}

/* Both ends write more than the socket holds: neither waits for the other for ever. */
static void
test_both_full (void)
{
  const gsize length = 4000000;
  Peer peer = peer_bound ((RpcServerPlan) { 0 }, ROLL_LEVEL_INTEGRITY, WATCHDOG_MS);
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *stub = g_malloc0 (length);
  guint32 calls[3];

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      calls[i] = roll_association_send (peer.association, &rpc_server_interface, RPC_SERVER_ECHO, NULL, stub, length,
                                        &error);
      g_assert_no_error (error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr (GBytes) answer = roll_association_receive (peer.association, calls[i], &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (answer), ==, length);
    }
  peer_stop (&peer);
}

/* A server that takes one call at a time gets one call at a time, and the caller need not know. */
static void
test_single (void)
{
  Peer peer = peer_bound ((RpcServerPlan) { .single = TRUE }, ROLL_LEVEL_PRIVACY, WATCHDOG_MS);
  g_autoptr (GError) error = NULL;
  guint32 calls[3];

  g_assert_false (roll_association_can_multiplex (peer.association));
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      calls[i] = roll_association_send (peer.association, &rpc_server_interface, RPC_SERVER_ECHO, NULL, "abc", i + 1,
                                        &error);
      g_assert_no_error (error);
    }
  for (guint i = G_N_ELEMENTS (calls); i > 0; i--)
    {
      g_autoptr (GBytes) answer = roll_association_receive (peer.association, calls[i - 1], &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_bytes_get_size (answer), ==, i);
    }
  peer_stop (&peer);
}

/* --- Refusals ---------------------------------------------------------------------------------------------------- */

static void
test_fault (void)
{
  static const struct
  {
    guint32 status;
    RollErrorSpace space;
  } faults[] = { { 5, ROLL_ERROR_SPACE_WIN32 },
                 { 0x1c010003, ROLL_ERROR_SPACE_NCA },
                 { 0x80010108, ROLL_ERROR_SPACE_HRESULT },
                 { 0xc0000022, ROLL_ERROR_SPACE_NTSTATUS } };
  Peer peer = peer_bound ((RpcServerPlan) { 0 }, ROLL_LEVEL_PRIVACY, WATCHDOG_MS);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = call_number (peer.association, RPC_SERVER_BYTES, 3, &error);

  g_assert_no_error (error);
  assert_counting (answer, 3);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autoptr (GBytes) after = NULL;

      g_assert_null (call_number (peer.association, RPC_SERVER_FAULT, faults[i].status, &error));
      assert_failure (error, ROLL_RPC_ERROR_FAULT, faults[i].space, faults[i].status);
      g_assert_cmpint (roll_rpc_error_get_said_by (error), ==, ROLL_SAID_BY_PEER);
      g_assert_false (roll_rpc_error_did_not_execute (error));
      g_clear_error (&error);
      after = call_number (peer.association, RPC_SERVER_BYTES, 100, &error);
      g_assert_no_error (error);
      assert_counting (after, 100);
    }
  peer_stop (&peer);
}

static void
test_not_executed (void)
{
  Peer peer = peer_bound ((RpcServerPlan) { RPC_SERVER_NOT_EXECUTED }, ROLL_LEVEL_NONE, WATCHDOG_MS);
  g_autoptr (GError) error = NULL;

  g_assert_null (call_number (peer.association, RPC_SERVER_BYTES, 3, &error));
  assert_failure (error, ROLL_RPC_ERROR_FAULT, ROLL_ERROR_SPACE_NCA, 0x1c010014);
  g_assert_true (roll_rpc_error_did_not_execute (error));
  peer_stop (&peer);
}

/* NTLM's refusal is silent until the first request, and ends the association. */
static void
test_wrong_password (void)
{
  Peer peer = peer_start ((RpcServerPlan) { 0 }, -1, WATCHDOG_MS);
  g_autoptr (GError) error = NULL;
  const RollNtlmChallenge *challenge;

  roll_association_bind (peer.association, &rpc_server_interface, 1, make_ntlm (ROLL_LEVEL_PRIVACY, "wrong"), &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_null (call_number (peer.association, RPC_SERVER_BYTES, 3, &error));
      assert_failure (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_WIN32, 5);
      g_clear_error (&error);
    }
  challenge = roll_security_get_challenge (roll_association_get_security (peer.association));
  g_assert_cmpstr (challenge->dns_computer, ==, "pc1.practice.example");
  peer_stop (&peer);
}

static void
test_question (void)
{
  Peer peer = peer_start ((RpcServerPlan) { 0 }, -1, WATCHDOG_MS);
  g_autoptr (GError) error = NULL;
  const RollNtlmChallenge *challenge;

  g_assert_false (roll_association_bind (peer.association, &rpc_server_interface, 1,
                                         roll_security_new_ntlm_question (), &error));
  assert_failure (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_NO_CREDENTIALS);
  challenge = roll_security_get_challenge (roll_association_get_security (peer.association));
  g_assert_cmpstr (challenge->nb_computer, ==, "PC1");
  g_assert_cmpstr (challenge->dns_domain, ==, "practice.example");
  g_assert_cmpuint (challenge->build, ==, 19045);
  g_assert_true (challenge->has_timestamp);
  peer_stop (&peer);
}

typedef struct
{
  RpcServerTrouble trouble;
  RollRpcError code;
  RollErrorSpace space;
  guint32 number;
} Trouble;

static void
test_bad_binds (void)
{
  static const Trouble troubles[] = {
    { RPC_SERVER_NAK, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_BIND_NAK, 8 },
    { RPC_SERVER_FAULT_AT_BIND, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_WIN32, 5 },
    { RPC_SERVER_FEW_RESULTS, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED },
    { RPC_SERVER_OTHER_SYNTAX, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED },
    { RPC_SERVER_TINY_FRAGMENTS, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED },
    { RPC_SERVER_WEAK_CHALLENGE, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_HRESULT, 0x80090302 },
    { RPC_SERVER_GARBAGE_CHALLENGE, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED },
    { RPC_SERVER_NO_CHALLENGE, ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED },
    { RPC_SERVER_CLOSE_AT_BIND, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_END_OF_STREAM },
  };

  for (guint i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      Peer peer = peer_start ((RpcServerPlan) { troubles[i].trouble }, -1, WATCHDOG_MS);
      g_autoptr (GError) error = NULL;

      g_test_message ("trouble %u", troubles[i].trouble);
      g_assert_false (bind_as (peer.association, ROLL_LEVEL_PRIVACY, &error));
      assert_failure (error, troubles[i].code, troubles[i].space, troubles[i].number);
      peer_stop (&peer);
    }
}

/* --- Bad answers: each ends the association, under every level that can notice it. -------------------------------- */

#define MALFORMED ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_MALFORMED
#define FORGED ROLL_RPC_ERROR_PROTOCOL, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_BAD_SIGNATURE
#define ENDED ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_END_OF_STREAM

static void
check_bad_answer (const Trouble *trouble, RollAuthLevel level)
{
  Peer peer = peer_bound ((RpcServerPlan) { trouble->trouble }, level, WATCHDOG_MS);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = call_number (peer.association, RPC_SERVER_BYTES, 7000, &error);

  g_test_message ("trouble %u, level %u", trouble->trouble, level);
  g_assert_null (answer);
  assert_failure (error, trouble->code, trouble->space, trouble->number);
  g_clear_error (&error);
  g_assert_null (call_number (peer.association, RPC_SERVER_BYTES, 1, &error));
  assert_failure (error, trouble->code, trouble->space, trouble->number);
  peer_stop (&peer);
}

static void
test_bad_answers (void)
{
  static const Trouble troubles[] = {
    { RPC_SERVER_WRONG_CALL, MALFORMED },    { RPC_SERVER_GARBAGE, MALFORMED },
    { RPC_SERVER_BIG_ENDIAN, MALFORMED },    { RPC_SERVER_LONG_FRAGMENT, MALFORMED },
    { RPC_SERVER_WRONG_TYPE, MALFORMED },    { RPC_SERVER_NOT_FIRST, MALFORMED },
    { RPC_SERVER_TWICE_FIRST, MALFORMED },   { RPC_SERVER_CLOSE, ENDED },
    { RPC_SERVER_HALF_FRAGMENT, ENDED },     { RPC_SERVER_SHUTDOWN, ENDED },
    { RPC_SERVER_ENDLESS_EMPTY, MALFORMED },
  };
  static const Trouble forgeries[] = {
    { RPC_SERVER_BAD_SIGNATURE, FORGED }, { RPC_SERVER_BAD_HEADER, FORGED },
    { RPC_SERVER_UNSIGNED, FORGED },      { RPC_SERVER_REPLAY, FORGED },
  };

  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    for (guint j = 0; j < G_N_ELEMENTS (troubles); j++)
      check_bad_answer (&troubles[j], levels[i]);
  for (guint i = 1; i < G_N_ELEMENTS (levels); i++)
    for (guint j = 0; j < G_N_ELEMENTS (forgeries); j++)
      check_bad_answer (&forgeries[j], levels[i]);
}

/* 64 MiB and no more, however many fragments it takes. */
static void
test_endless (void)
{
  Peer peer = peer_bound ((RpcServerPlan) { RPC_SERVER_ENDLESS }, ROLL_LEVEL_NONE, WATCHDOG_MS);
  g_autoptr (GError) error = NULL;

  g_assert_null (call_number (peer.association, RPC_SERVER_BYTES, 100000, &error));
  assert_failure (error, MALFORMED);
  peer_stop (&peer);
}

static void
test_too_long (void)
{
  Peer peer = peer_bound ((RpcServerPlan) { 0 }, ROLL_LEVEL_PRIVACY, WATCHDOG_MS);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = NULL;

  roll_association_set_max_response (peer.association, 10000);
  answer = call_number (peer.association, RPC_SERVER_BYTES, 10000, &error);
  g_assert_no_error (error);
  assert_counting (answer, 10000);
  g_assert_null (call_number (peer.association, RPC_SERVER_BYTES, 10001, &error));
  assert_failure (error, MALFORMED);
  peer_stop (&peer);
}

/* --- Waiting ends ------------------------------------------------------------------------------------------------ */

static void
check_gives_up (RpcServerTrouble trouble, guint watchdog_ms, gint64 deadline_ms)
{
  Peer peer = peer_bound ((RpcServerPlan) { trouble }, ROLL_LEVEL_PRIVACY, watchdog_ms);
  g_autoptr (GError) error = NULL;

  if (deadline_ms > 0)
    roll_association_set_deadline (peer.association, g_get_monotonic_time () + deadline_ms * 1000);
  g_assert_null (call_number (peer.association, RPC_SERVER_BYTES, 5000, &error));
  assert_failure (error, ROLL_RPC_ERROR_TIMED_OUT, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_WATCHDOG);
  peer_stop (&peer);
}

static void
test_gives_up (void)
{
  check_gives_up (RPC_SERVER_SILENT, 100, 0);
  check_gives_up (RPC_SERVER_SILENT, 0, 100);
  check_gives_up (RPC_SERVER_TRICKLE, 100, 0); /* bytes, but no fragment */
  check_gives_up (RPC_SERVER_TRICKLE, 0, 100);
  check_gives_up (RPC_SERVER_ENDLESS, 0, 20);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (50000);
  g_assert_cmpint (eventfd_write (GPOINTER_TO_INT (data), 1), ==, 0);
  return NULL;
}

static void
test_cancel (void)
{
  static const RpcServerTrouble troubles[] = { RPC_SERVER_SILENT, RPC_SERVER_TRICKLE };

  for (guint i = 0; i < G_N_ELEMENTS (troubles); i++)
    {
      int cancel_fd = eventfd (0, EFD_CLOEXEC);
      Peer peer = peer_start ((RpcServerPlan) { troubles[i] }, cancel_fd, 0);
      g_autoptr (GError) error = NULL;
      GThread *thread;

      bind_as (peer.association, ROLL_LEVEL_PRIVACY, &error);
      g_assert_no_error (error);
      thread = g_thread_new ("cancel", cancel_soon, GINT_TO_POINTER (cancel_fd));
      g_assert_null (call_number (peer.association, RPC_SERVER_BYTES, 5000, &error));
      g_assert_error (error, ROLL_RPC_ERROR, ROLL_RPC_ERROR_CANCELLED);
      g_thread_join (thread);
      peer_stop (&peer);
      close (cancel_fd);
    }
}

/* Nobody reads what we write: a full socket is waited for no longer than a silent one. */
static void
test_half_open (void)
{
  g_autoptr (RollAssociation) association = NULL;
  g_autoptr (GError) error = NULL;
  const int little = 1;
  int sockets[2];

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, sockets));
  setsockopt (sockets[0], SOL_SOCKET, SO_SNDBUF, &little, sizeof little);
  while (send (sockets[0], "x", 1, MSG_DONTWAIT) == 1)
    ;
  association = roll_association_new (sockets[0], -1, 100);
  g_assert_false (bind_as (association, ROLL_LEVEL_PRIVACY, &error));
  assert_failure (error, ROLL_RPC_ERROR_TIMED_OUT, ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_WATCHDOG);
  close (sockets[1]);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rpc/association/calls", test_calls);
  g_test_add_func ("/rpc/association/small-fragments", test_small_fragments);
  g_test_add_func ("/rpc/association/object", test_object);
  g_test_add_func ("/rpc/association/interfaces", test_interfaces);
  g_test_add_func ("/rpc/association/nothing-offered", test_nothing_offered);
  g_test_add_func ("/rpc/association/multiplex", test_multiplex);
  g_test_add_func ("/rpc/association/both-full", test_both_full);
  g_test_add_func ("/rpc/association/single", test_single);
  g_test_add_func ("/rpc/association/fault", test_fault);
  g_test_add_func ("/rpc/association/not-executed", test_not_executed);
  g_test_add_func ("/rpc/association/wrong-password", test_wrong_password);
  g_test_add_func ("/rpc/association/question", test_question);
  g_test_add_func ("/rpc/association/bad-binds", test_bad_binds);
  g_test_add_func ("/rpc/association/bad-answers", test_bad_answers);
  g_test_add_func ("/rpc/association/endless", test_endless);
  g_test_add_func ("/rpc/association/too-long", test_too_long);
  g_test_add_func ("/rpc/association/gives-up", test_gives_up);
  g_test_add_func ("/rpc/association/cancel", test_cancel);
  g_test_add_func ("/rpc/association/half-open", test_half_open);
  return g_test_run ();
}
