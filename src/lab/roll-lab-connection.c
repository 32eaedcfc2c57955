/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lab/roll-lab-connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "lab/roll-lab-machine.h"

#define DRIP_US 1000000
#define MUCH_TO_SEND (4 * 1024 * 1024) /* a peer that does not read is not listened to */

typedef struct
{
  gint64 due;
  RollAcceptorTicket ticket;
  RollWriter stub;
} LateAnswer;

static void
free_late (gpointer data)
{
  LateAnswer *answer = data;

  roll_writer_clear (&answer->stub);
  g_free (answer);
}

static void
destroy (gpointer data)
{
  RollLabConnection *self = data;

  roll_acceptor_free (self->acceptor);
  roll_lab_objects_free (self->objects);
  roll_lab_machine_free (self->machine);
  g_queue_clear_full (&self->late, free_late);
  g_free (self);
}

/* --- Output ------------------------------------------------------------------------------------------------------ */

static void
end (RollLabConnection *self)
{
  const struct linger at_once = { .l_onoff = 1 };

  if (self->ends == ROLL_LAB_RESETS)
    setsockopt (self->watch->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  roll_lab_unwatch (self->watch);
}

/* FALSE: the connection is gone. */
static gboolean
flush (RollLabConnection *self)
{
  gsize length;
  const guint8 *bytes = roll_acceptor_pending (self->acceptor, &length);
  gsize wanted = self->drips ? MIN (length, 1) : length;
  gssize sent = wanted > 0 ? send (self->watch->fd, bytes, wanted, MSG_NOSIGNAL) : 0;

  if (sent < 0 && errno != EAGAIN && errno != EINTR)
    {
      roll_lab_unwatch (self->watch);
      return FALSE;
    }
  if (sent > 0)
    roll_acceptor_sent (self->acceptor, (gsize) sent);
  length -= (gsize) MAX (sent, 0);
  if (length == 0 && self->ends != ROLL_LAB_BEHAVES)
    {
      end (self);
      return FALSE;
    }
  roll_lab_watch_for (self->watch, length < MUCH_TO_SEND, length > 0 && !self->drips);
  return TRUE;
}

static void
arm (RollLabConnection *self)
{
  const LateAnswer *first = g_queue_peek_head (&self->late);
  gint64 wake = first != NULL ? first->due : 0;
  gsize length;

  roll_acceptor_pending (self->acceptor, &length);
  if (self->drips && length > 0)
    wake = g_get_monotonic_time () + DRIP_US;
  roll_lab_wake_at (self->watch, wake);
}

static void
woken (RollLabWatch *watch)
{
  RollLabConnection *self = watch->data;
  gint64 now = g_get_monotonic_time ();
  LateAnswer *first;

  while ((first = g_queue_peek_head (&self->late)) != NULL && first->due <= now)
    {
      roll_acceptor_answer (self->acceptor, &first->ticket, first->stub.data, first->stub.length);
      free_late (g_queue_pop_head (&self->late));
    }
  if (flush (self))
    arm (self);
}

/* @a is in the queue already: it goes first if both are due at once. */
static int
compare_due (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const LateAnswer *one = a, *two = b;

  return one->due <= two->due ? -1 : 1;
}

static void
answer_later (RollLabConnection *self, const RollAcceptorTicket *ticket, RollWriter *stub, guint milliseconds)
{
  LateAnswer *answer = g_new0 (LateAnswer, 1);

  answer->due = g_get_monotonic_time () + (gint64) milliseconds * 1000;
  answer->ticket = *ticket;
  answer->stub = *stub;
  g_queue_insert_sorted (&self->late, answer, compare_due, NULL);
}

void
roll_lab_answer_rows (RollLabConnection *self, const RollAcceptorTicket *ticket, RollWriter *stub)
{
  if (self->thinks_ms == 0)
    {
      roll_lab_answer (self, ticket, stub);
      return;
    }
  answer_later (self, ticket, stub, self->thinks_ms + self->dawdles_ms);
  *stub = (RollWriter) { .maximum = stub->maximum };
  self->thinks_ms = 0;
}

void
roll_lab_answer (RollLabConnection *self, const RollAcceptorTicket *ticket, RollWriter *stub)
{
  if (self->dawdles_ms > 0)
    answer_later (self, ticket, stub, self->dawdles_ms);
  else
    {
      roll_acceptor_answer (self->acceptor, ticket, stub->data, stub->length);
      roll_writer_clear (stub);
    }
  *stub = (RollWriter) { .maximum = stub->maximum };
}

void
roll_lab_answer_fault (RollLabConnection *self, const RollAcceptorTicket *ticket, guint32 status)
{
  roll_acceptor_fault (self->acceptor, ticket, status, 0);
}

/* --- Input ------------------------------------------------------------------------------------------------------- */

static void
take (RollLabConnection *self, const guint8 *bytes, gsize length)
{
  const RollAcceptorTicket nobody = { 0 };
  guint32 hresult;

  if (!self->greeted)
    {
      self->greeted = TRUE;
      self->deaf = roll_lab_strike (
          self, &nobody, self->object ? ROLL_LAB_STEP_OBJECT_CONNECT : ROLL_LAB_STEP_CONNECT, NULL, &hresult);
    }
  if (!self->deaf && !roll_acceptor_feed (self->acceptor, bytes, length) && self->ends == ROLL_LAB_BEHAVES)
    self->ends = ROLL_LAB_CLOSES;
  if (self->ends != ROLL_LAB_BEHAVES)
    self->deaf = TRUE;
}

static void
ready (RollLabWatch *watch)
{
  RollLabConnection *self = watch->data;
  guint8 buffer[16384];
  gssize n = recv (watch->fd, buffer, sizeof buffer, 0);

  if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
    {
      roll_lab_unwatch (watch);
      return;
    }
  if (n > 0)
    take (self, buffer, (gsize) n);
  if (flush (self))
    arm (self);
}

/* Between three and five quarters, always the same of one computer: a thousand do not think in step. */
static guint
get_think_time (const RollLab *self, guint computer)
{
  guint spread = (computer * 2654435761u) >> 16 & 0xff;

  return self->think_ms / 4 * 3 + (guint) ((guint64) self->think_ms / 2 * spread / 0xff);
}

void
roll_lab_connect (RollLab *self, int fd, guint computer, gboolean object)
{
  RollLabWatch *watch = roll_lab_watch (self, fd, ready, NULL);
  RollLabConnection *connection;

  roll_lab_count (self, computer, object ? ROLL_LAB_COUNT_OBJECT_CONNECTION : ROLL_LAB_COUNT_CONNECTION);
  if (watch == NULL)
    return;
  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &(int) { 1 }, sizeof (int));
  connection = g_new0 (RollLabConnection, 1);
  connection->lab = self;
  connection->watch = watch;
  connection->computer = computer;
  connection->object = object;
  connection->thinks_ms = get_think_time (self, computer);
  connection->acceptor = roll_acceptor_new (&roll_lab_handler, connection);
  connection->machine = roll_lab_machine_new (self, computer);
  connection->objects = object ? roll_lab_objects_new (connection) : NULL;
  g_queue_init (&connection->late);
  watch->woken = woken;
  watch->data = connection;
  watch->destroy = destroy;
}
