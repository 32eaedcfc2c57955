/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every call an association makes of the kernel, and every allocation whose size the server decides, fails: the n-th
 * one, once and from then on, for every n. Nothing crashes, nothing hangs, and what comes out is the right answer or an
 * error that says what happened. The linker puts the functions below in place of the real ones. (Other allocations are
 * GLib's, which aborts on purpose when there is no memory for them.)
 */
#include <errno.h>
#include <poll.h>
#include <sys/random.h>
#include <sys/socket.h>

#include "rpc-server.h"

ssize_t __real_recv (int fd, void *buffer, size_t length, int flags);
ssize_t __wrap_recv (int fd, void *buffer, size_t length, int flags);
ssize_t __real_send (int fd, const void *buffer, size_t length, int flags);
ssize_t __wrap_send (int fd, const void *buffer, size_t length, int flags);
int __real_poll (struct pollfd *fds, nfds_t n, int timeout);
int __wrap_poll (struct pollfd *fds, nfds_t n, int timeout);
int __real_getentropy (void *buffer, size_t length);
int __wrap_getentropy (void *buffer, size_t length);
gpointer __real_g_try_realloc (gpointer memory, gsize length);
gpointer __wrap_g_try_realloc (gpointer memory, gsize length);

typedef enum
{
  CALL_RECV,
  CALL_SEND,
  CALL_POLL,
  CALL_GETENTROPY,
  CALL_REALLOC,
  N_CALLS
} CallKind;

#define PEER_CLOSED (-1) /* what is read ends */
#define PIECE_BYTES 1000

typedef struct
{
  CallKind kind;
  int number;      /* errno; PEER_CLOSED; 0: a harmless shortness instead of a failure */
  guint first;     /* the n-th call fails */
  gboolean always; /* and all behind it */
  guint seen;
} Plan;

/* Only the client's thread has one. */
static __thread Plan *plan;

static gboolean
strikes (CallKind kind)
{
  if (plan == NULL || plan->kind != kind)
    return FALSE;
  plan->seen++;
  return plan->seen == plan->first || (plan->always && plan->seen > plan->first);
}

static gboolean
fails (CallKind kind)
{
  if (plan == NULL || plan->number == 0 || !strikes (kind))
    return FALSE;
  errno = plan->number;
  return TRUE;
}

/* Whether a call that would go well goes only a little way. */
static gboolean
falls_short (CallKind kind)
{
  return plan != NULL && plan->number == 0 && strikes (kind);
}

/* How much a call that goes well moves: of the client's a piece, so that a fragment takes several. */
static size_t
piece (CallKind kind, size_t length)
{
  size_t most = plan == NULL ? length : falls_short (kind) ? 1 : PIECE_BYTES;

  return MIN (length, most);
}

ssize_t
__wrap_recv (int fd, void *buffer, size_t length, int flags)
{
  if (plan != NULL && plan->number == PEER_CLOSED && strikes (CALL_RECV))
    return 0;
  if (plan != NULL && plan->number > 0 && fails (CALL_RECV))
    return -1;
  return __real_recv (fd, buffer, piece (CALL_RECV, length), flags);
}

ssize_t
__wrap_send (int fd, const void *buffer, size_t length, int flags)
{
  return fails (CALL_SEND) ? -1 : __real_send (fd, buffer, piece (CALL_SEND, length), flags);
}

int
__wrap_poll (struct pollfd *fds, nfds_t n, int timeout)
{
  return fails (CALL_POLL) ? -1 : __real_poll (fds, n, timeout);
}

int
__wrap_getentropy (void *buffer, size_t length)
{
  return fails (CALL_GETENTROPY) ? -1 : __real_getentropy (buffer, length);
}

gpointer
__wrap_g_try_realloc (gpointer memory, gsize length)
{
  return fails (CALL_REALLOC) ? NULL : __real_g_try_realloc (memory, length);
}

/* Logs on, sends what takes several fragments, and gets it back. */
static gboolean
converse (RollAssociation *association, GError **error)
{
  const gsize length = 20000;
  g_autofree guint8 *stub = g_malloc0 (length);
  g_autoptr (RollSecret) hash = rpc_server_hash (RPC_SERVER_PASSWORD);
  g_autoptr (GBytes) answer = NULL;

  if (!roll_association_bind (
          association, &rpc_server_interface, 1,
          roll_security_new_ntlm (RPC_SERVER_USER, RPC_SERVER_DOMAIN, hash, NULL, ROLL_LEVEL_PRIVACY), error)
      || !roll_association_alter (association, &rpc_server_second, 1, error))
    return FALSE;
  answer = roll_association_call (association, &rpc_server_second, RPC_SERVER_ECHO, NULL, stub, length, error);
  if (answer == NULL)
    return FALSE;
  g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), stub, length);
  return TRUE;
}

/* What failed is told as it was, and told again by whatever is tried next. */
static void
check_failure (RollAssociation *association, int number, const GError *error)
{
  RollErrorNumber told = roll_rpc_error_get_number (error);
  g_autoptr (GError) again = NULL;

  g_assert_error (error, ROLL_RPC_ERROR, ROLL_RPC_ERROR_TRANSPORT);
  g_assert_cmpint (told.space, ==, number == PEER_CLOSED ? ROLL_ERROR_SPACE_ENGINE : ROLL_ERROR_SPACE_ERRNO);
  g_assert_cmpuint (told.number, ==, number == PEER_CLOSED ? ROLL_ENGINE_ERROR_END_OF_STREAM : (guint) number);
  g_assert_null (roll_association_call (association, &rpc_server_second, RPC_SERVER_ECHO, NULL, NULL, 0, &again));
  g_assert_cmpstr (again->message, ==, error->message);
}

/* Returns: whether the plan struck at all */
static gboolean
check (Plan trial, gboolean survivable)
{
  int socket;
  GThread *server = rpc_server_start ((RpcServerPlan) { 0 }, &socket);
  RollAssociation *association = roll_association_new (socket, -1, 10000);
  g_autoptr (GError) error = NULL;
  gboolean ok, struck;

  plan = &trial;
  ok = converse (association, &error);
  plan = NULL;
  struck = trial.seen >= trial.first;
  g_assert_true (ok == (error == NULL));
  if (!struck || survivable)
    g_assert_no_error (error);
  else
    check_failure (association, trial.number, error);
  roll_association_free (association);
  g_thread_join (server);
  return struck;
}

static void
check_every_call (CallKind kind, int number, gboolean always, gboolean survivable)
{
  guint n = 0;

  do
    n++;
  while (check ((Plan) { kind, number, n, always, 0 }, survivable));
  g_test_message ("call %u, error %d: %u times", kind, number, n - 1);
  g_assert_cmpuint (n, >, 1);
}

static void
test_fatal (void)
{
  for (guint always = 0; always < 2; always++)
    {
      check_every_call (CALL_RECV, ECONNRESET, always != 0, FALSE);
      check_every_call (CALL_RECV, PEER_CLOSED, always != 0, FALSE);
      check_every_call (CALL_SEND, EPIPE, always != 0, FALSE);
      check_every_call (CALL_POLL, ENOMEM, always != 0, FALSE);
      check_every_call (CALL_GETENTROPY, EIO, always != 0, FALSE);
      check_every_call (CALL_REALLOC, ENOMEM, always != 0, FALSE);
    }
}

static void
test_survivable (void)
{
  check_every_call (CALL_RECV, EINTR, FALSE, TRUE);
  check_every_call (CALL_RECV, EAGAIN, FALSE, TRUE);
  check_every_call (CALL_SEND, EINTR, FALSE, TRUE);
  check_every_call (CALL_SEND, EAGAIN, FALSE, TRUE);
  check_every_call (CALL_POLL, EINTR, FALSE, TRUE);
}

/* A byte at a time, from the n-th call on. */
static void
test_short (void)
{
  check ((Plan) { CALL_RECV, 0, 1, TRUE, 0 }, TRUE);
  check ((Plan) { CALL_SEND, 0, 1, TRUE, 0 }, TRUE);
  check_every_call (CALL_RECV, 0, FALSE, TRUE);
  check_every_call (CALL_SEND, 0, FALSE, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/rpc/faults/fatal", test_fatal);
  g_test_add_func ("/rpc/faults/survivable", test_survivable);
  g_test_add_func ("/rpc/faults/short", test_short);
  return g_test_run ();
}
