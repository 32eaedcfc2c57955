/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-session-pool.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <malloc.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* A socket that waited longer is opened anew: the computer may have lost patience. */
#define SOCKET_KEEPS_US (5 * G_USEC_PER_SEC)
/* So many sockets may wait for a session to end, of all and of each network; a part of the sessions, so that none of
 * those idles meanwhile. Who stands behind them is connected when the turn comes. */
#define QUEUE_MIN 4
#define QUEUE_SHARE 4

/* Sessions that wait for others of their network don't take the place of those of other networks; up to so many, times the jobs. */
#define HELD_MAX 8

/* A network that sessions are in, or wait for. */
typedef struct
{
  guint64 key;
  guint n_admitted; /* to the queue or under way */
  GQueue held;      /* RollSession */
} Network;

struct _RollSessionPool
{
  RollSessionPoolOptions options;
  RollSessionCallbacks callbacks;
  gpointer user_data;
  int cancel_fd;
  atomic_bool stopping;
  RollWmiClassCache *classes;

  GMutex lock;
  GCond work;
  GQueue queue; /* RollSession */
  GHashTable *networks; /* (element-type Network) */
  guint n_held;
  guint n_idle;
  gint64 paused_since; /* 0: it is not paused */
  gboolean ending;
  GPtrArray *threads;
};

RollSession *
roll_session_new (RollComputer *computer, RollAttempt *attempt, RollPlan *plan, int socket)
{
  RollSession *session = g_new0 (RollSession, 1);

  session->computer = computer;
  session->attempt = attempt;
  session->plan = plan;
  session->socket = socket;
  session->since = g_get_monotonic_time ();
  return session;
}

static void
drop_socket (RollSession *session)
{
  if (session->socket >= 0)
    close (g_steal_fd (&session->socket));
}

void
roll_session_free (RollSession *session)
{
  if (session == NULL)
    return;
  g_clear_pointer (&session->computer, roll_computer_unref);
  roll_attempt_free (session->attempt);
  roll_plan_free (session->plan);
  drop_socket (session);
  g_free (session);
}

/* --- Opening once more what waited too long --------------------------------------------------------------------- */

static int
wait_connected (RollSessionPool *self, int fd)
{
  gint64 deadline = g_get_monotonic_time () + (gint64) self->options.connect_timeout_ms * 1000;
  socklen_t length = sizeof (int);
  int number = 0;

  for (;;)
    {
      struct pollfd fds[] = { { fd, POLLOUT, 0 }, { self->cancel_fd, POLLIN, 0 } };
      gint64 left = deadline - g_get_monotonic_time ();

      if (left <= 0)
        return ETIMEDOUT;
      if (poll (fds, G_N_ELEMENTS (fds), (int) MIN ((left + 999) / 1000, G_MAXINT)) < 0 && errno != EINTR)
        return errno;
      if (fds[1].revents != 0)
        return ECANCELED;
      if (fds[0].revents == 0)
        continue;
      if (getsockopt (fd, SOL_SOCKET, SO_ERROR, &number, &length) < 0)
        return errno;
      /* What comes late comes from the network: a router's "prohibited" is no rule of this machine. */
      return number == EACCES || number == EPERM ? EHOSTUNREACH : number;
    }
}

/* Returns: 0 or errno */
static int
connect_again (RollSessionPool *self, RollSession *session)
{
  struct sockaddr_storage peer;
  socklen_t length = roll_address_to_sockaddr (&session->computer->address, self->options.port, &peer);
  int number;

  session->socket = socket (peer.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (session->socket < 0)
    return errno;
  if (connect (session->socket, (struct sockaddr *) &peer, length) == 0)
    return 0;
  number = errno == EINPROGRESS ? wait_connected (self, session->socket) : errno;
  if (number != 0)
    close (g_steal_fd (&session->socket));
  return number;
}

static RollSaidBy
who_said (int number)
{
  switch (number)
    {
    case 0:
    case ETIMEDOUT:
      return ROLL_SAID_BY_NOBODY;
    case ECONNREFUSED:
    case ECONNRESET:
      return ROLL_SAID_BY_PEER;
    default:
      return ROLL_SAID_BY_THIS_MACHINE;
    }
}

static gboolean
open_socket (RollSessionPool *self, RollSession *session)
{
  RollStepRecord *record;
  int number;

  if (session->socket >= 0 && g_get_monotonic_time () - session->since < SOCKET_KEEPS_US)
    return TRUE;
  drop_socket (session);
  record = roll_attempt_add_step (session->attempt, ROLL_STEP_CONNECT);
  record->started_at = g_get_real_time ();
  record->peer = roll_conversation_format_peer (&session->computer->address, self->options.port);
  record->detail = g_strdup ("again=waited");
  number = connect_again (self, session);
  record->duration_us = g_get_real_time () - record->started_at;
  if (number == 0)
    return TRUE;
  record->error = (RollErrorNumber) { ROLL_ERROR_SPACE_ERRNO, (guint32) number };
  record->said_by = who_said (number);
  session->end = (RollConversationEnd) {
    .verdict = roll_verdict (ROLL_STEP_CONNECT, record->error),
    .failure = { ROLL_STEP_CONNECT, record->said_by, record->error },
    .cancelled = number == ECANCELED,
  };
  return FALSE;
}

/* --- Networks, under the lock ----------------------------------------------------------------------------------- */

static guint64
network_of (const RollAddress *address)
{
  guint64 key = 0;

  for (guint i = 0; i < (address->family == AF_INET6 ? 8 : 3); i++)
    key = key << 8 | address->bytes[i];
  return key;
}

static Network *
get_network (RollSessionPool *self, const RollSession *session)
{
  guint64 key = network_of (&session->computer->address);
  Network *network = g_hash_table_lookup (self->networks, &key);

  if (network != NULL)
    return network;
  network = g_new0 (Network, 1);
  network->key = key;
  g_queue_init (&network->held);
  g_hash_table_add (self->networks, network);
  return network;
}

static void
admit (RollSessionPool *self, Network *network, RollSession *session)
{
  network->n_admitted++;
  g_queue_push_tail (&self->queue, session);
}

static guint
max_queue (guint jobs)
{
  return MAX (jobs / QUEUE_SHARE, QUEUE_MIN);
}

static void
admit_or_hold (RollSessionPool *self, RollSession *session)
{
  Network *network = get_network (self, session);

  if (self->options.network_jobs == 0 || network->n_admitted < self->options.network_jobs)
    {
      admit (self, network, session);
      return;
    }
  if (network->held.length >= max_queue (self->options.network_jobs))
    drop_socket (session);
  g_queue_push_tail (&network->held, session);
  self->n_held++;
}

/* A session of it is over: the next one, if there is any, goes into the queue. */
static void
leave_network (RollSessionPool *self, Network *network)
{
  network->n_admitted--;
  if (network->held.length > 0)
    {
      admit (self, network, g_queue_pop_head (&network->held));
      self->n_held--;
    }
  else if (network->n_admitted == 0)
    g_hash_table_remove (self->networks, &network->key);
}

/* --- The threads ------------------------------------------------------------------------------------------------ */

static void
converse (RollSessionPool *self, RollSession *session)
{
  RollConversationOptions options = {
    .target = session->computer->target,
    .address = session->computer->address,
    .port = self->options.port,
    .connect_timeout_ms = self->options.connect_timeout_ms,
    .watchdog_ms = self->options.watchdog_ms,
    .cancel_fd = self->cancel_fd,
    .credentials = self->options.credentials,
    .budget = self->options.budget,
    .n_reading = self->options.n_reading,
    .classes = self->classes,
  };

  roll_converse (&options, g_steal_fd (&session->socket), session->plan, session->attempt, &session->end);
}

static void
run_session (RollSessionPool *self, RollSession *session)
{
  session->begun = g_get_monotonic_time ();
  if (atomic_load_explicit (&self->stopping, memory_order_acquire))
    session->end.cancelled = TRUE;
  else if (self->callbacks.prepare (session, self->user_data) && open_socket (self, session))
    converse (self, session);
  session->attempt->duration_us += g_get_monotonic_time () - session->since;
  self->callbacks.done (session, self->user_data);
}

/* Under the lock. Who is stopped comes back at once. */
static gboolean
may_begin (RollSessionPool *self)
{
  return self->queue.length > 0
         && (self->paused_since == 0 || atomic_load_explicit (&self->stopping, memory_order_acquire));
}

/* The next one, when the one before of @network, (nullable), is over. */
static RollSession *
take_session (RollSessionPool *self, Network **inout_network)
{
  RollSession *session;

  g_mutex_lock (&self->lock);
  if (*inout_network != NULL)
    leave_network (self, *inout_network);
  self->n_idle++;
  while (!may_begin (self) && !self->ending)
    g_cond_wait (&self->work, &self->lock);
  self->n_idle--;
  session = g_queue_pop_head (&self->queue);
  *inout_network = session != NULL ? get_network (self, session) : NULL;
  g_mutex_unlock (&self->lock);
  return session;
}

static gpointer
run_thread (gpointer user_data)
{
  RollSessionPool *self = user_data;
  RollSession *session;
  Network *network = NULL;

  while ((session = take_session (self, &network)) != NULL)
    run_session (self, session);
  return NULL;
}

/* Under the lock. One is there from the beginning, so that a machine that is short of threads goes on with fewer. */
static gboolean
add_thread (RollSessionPool *self, GError **error)
{
  GThread *thread = g_thread_try_new ("session", run_thread, self, error);

  if (thread == NULL)
    return FALSE;
  g_ptr_array_add (self->threads, thread);
  return TRUE;
}

static void
join_thread (gpointer thread)
{
  g_thread_join (thread);
}

/* Each arena keeps what its threads needed at their worst; by default there are eight for each processor. */
void
roll_session_pool_limit_arenas (void)
{
#ifdef M_ARENA_MAX
  mallopt (M_ARENA_MAX, (int) (2 * g_get_num_processors ()));
#endif
}

RollSessionPool *
roll_session_pool_new (const RollSessionPoolOptions *options, const RollSessionCallbacks *callbacks, gpointer user_data,
                       GError **error)
{
  RollSessionPool *self = g_new0 (RollSessionPool, 1);

  g_assert (options->jobs > 0 && options->credentials != NULL && options->budget != NULL);

  self->options = *options;
  self->callbacks = *callbacks;
  self->user_data = user_data;
  g_mutex_init (&self->lock);
  g_cond_init (&self->work);
  g_queue_init (&self->queue);
  self->networks = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->threads = g_ptr_array_new_with_free_func (join_thread);
  self->classes = roll_wmi_class_cache_new ();
  self->cancel_fd = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (self->cancel_fd < 0)
    g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                 _ ("The scan can’t start: %s. Close other programs, or allow more open files (see “ulimit -n”)."),
                 g_strerror (errno));
  else if (add_thread (self, error))
    return self;
  roll_session_pool_free (self);
  return NULL;
}

void
roll_session_pool_free (RollSessionPool *self)
{
  if (self == NULL)
    return;
  g_mutex_lock (&self->lock);
  self->ending = TRUE;
  g_cond_broadcast (&self->work);
  g_mutex_unlock (&self->lock);
  g_ptr_array_unref (self->threads);
  g_assert (self->queue.length == 0 && self->n_held == 0);
  g_hash_table_unref (self->networks);
  roll_wmi_class_cache_free (self->classes);
  if (self->cancel_fd >= 0)
    close (self->cancel_fd);
  g_cond_clear (&self->work);
  g_mutex_clear (&self->lock);
  g_free (self);
}

void
roll_session_pool_add (RollSessionPool *self, RollSession *session)
{
  g_return_if_fail (self != NULL && session != NULL);

  g_mutex_lock (&self->lock);
  if (self->paused_since != 0)
    drop_socket (session);
  admit_or_hold (self, session);
  if (self->queue.length > self->n_idle && self->threads->len < self->options.jobs)
    add_thread (self, NULL);
  g_cond_signal (&self->work);
  g_mutex_unlock (&self->lock);
}

int
roll_session_pool_get_room (RollSessionPool *self)
{
  guint running;
  int room;

  g_mutex_lock (&self->lock);
  running = self->threads->len - self->n_idle;
  room = (int) (self->options.jobs - running + max_queue (self->options.jobs)) - (int) self->queue.length;
  if (self->n_held >= self->options.jobs * HELD_MAX)
    room = 0;
  g_mutex_unlock (&self->lock);
  return room;
}

void
roll_session_pool_get_counts (RollSessionPool *self, RollSessionCounts *ret_counts)
{
  g_return_if_fail (self != NULL && ret_counts != NULL);

  g_mutex_lock (&self->lock);
  *ret_counts = (RollSessionCounts) { self->threads->len - self->n_idle, self->queue.length, self->n_held };
  g_mutex_unlock (&self->lock);
}

static void
foreach_waiting (RollSessionPool *self, GFunc func, gpointer data)
{
  GHashTableIter iter;
  gpointer network;

  g_queue_foreach (&self->queue, func, data);
  g_hash_table_iter_init (&iter, self->networks);
  while (g_hash_table_iter_next (&iter, &network, NULL))
    g_queue_foreach (&((Network *) network)->held, func, data);
}

static void
hang_up (gpointer session, gpointer data)
{
  drop_socket (session);
}

static void
shift_since (gpointer data, gpointer paused_since)
{
  RollSession *session = data;

  session->since += g_get_monotonic_time () - MAX (session->since, *(gint64 *) paused_since);
}

void
roll_session_pool_set_paused (RollSessionPool *self, gboolean paused)
{
  g_return_if_fail (self != NULL);

  g_mutex_lock (&self->lock);
  if (paused && self->paused_since == 0)
    {
      /* How long it will be is not known: no computer is kept on the line. */
      self->paused_since = g_get_monotonic_time ();
      foreach_waiting (self, hang_up, NULL);
    }
  else if (!paused && self->paused_since != 0)
    {
      foreach_waiting (self, shift_since, &self->paused_since);
      self->paused_since = 0;
      g_cond_broadcast (&self->work);
    }
  g_mutex_unlock (&self->lock);
}

void
roll_session_pool_stop (RollSessionPool *self)
{
  guint64 one = 1;

  g_return_if_fail (self != NULL);

  atomic_store_explicit (&self->stopping, TRUE, memory_order_release);
  while (write (self->cancel_fd, &one, sizeof one) < 0 && errno == EINTR)
    ;
  g_mutex_lock (&self->lock);
  g_cond_broadcast (&self->work);
  g_mutex_unlock (&self->lock);
}
