/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "scan/roll-sieve-private.h"

static void
conclude (RollSieve *self, RollSieveSlot *slot, int number, RollSaidBy said_by, const char *detail)
{
  RollSieveOutcome outcome = { number, said_by, g_strdup (detail) };

  roll_sieve_try_ended (self, slot, &outcome);
}

/* EADDRNOTAVAIL means two things: no free port, and no address to send from. UDP has ports to spare. */
static gboolean
has_source_address (const RollAddress *address, guint16 port)
{
  struct sockaddr_storage peer;
  socklen_t length = roll_address_to_sockaddr (address, port, &peer);
  int fd = socket (address->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  gboolean has = fd < 0 || connect (fd, (struct sockaddr *) &peer, length) == 0 || errno != EADDRNOTAVAIL;

  if (fd >= 0)
    close (fd);
  return has;
}

static const char *
no_way_detail (const RollAddress *address, int number)
{
  switch (number)
    {
    case ENETUNREACH:
      return "route=none";
    case EHOSTUNREACH:
      return "route=unreachable";
    case EAFNOSUPPORT:
      return "route=no-such-family";
    case EINVAL:
      if (address->family == AF_INET6 && address->scope_id == 0 && IN6_IS_ADDR_LINKLOCAL (address->bytes))
        return "scope=missing";
      return "route=blackhole";
    default:
      return NULL;
    }
}

/* The connect never left this machine. */
static void
failed_at_once (RollSieve *self, RollSieveSlot *slot, int number)
{
  g_autofree char *errno_detail = g_strconcat ("errno=", roll_sieve_errno_name (number), NULL);

  if (slot->fd >= 0)
    close (g_steal_fd (&slot->fd));
  if (number == EADDRNOTAVAIL && !has_source_address (&slot->address, roll_sieve_slot_port (self, slot)))
    {
      roll_sieve_no_trouble (self);
      conclude (self, slot, ENETUNREACH, ROLL_SAID_BY_THIS_MACHINE, "route=no-source errno=EADDRNOTAVAIL");
      return;
    }
  switch (roll_sieve_trouble (self, slot, number))
    {
    case ROLL_TROUBLE_NOT_OURS:
      roll_sieve_no_trouble (self);
      conclude (self, slot, number, ROLL_SAID_BY_THIS_MACHINE, no_way_detail (&slot->address, number));
      break;
    case ROLL_TROUBLE_OF_THIS_ADDRESS:
      conclude (self, slot, EHOSTUNREACH, ROLL_SAID_BY_THIS_MACHINE, errno_detail);
      break;
    case ROLL_TROUBLE_FOR_GOOD:
      conclude (self, slot, number, ROLL_SAID_BY_THIS_MACHINE, NULL);
      break;
    case ROLL_TROUBLE_WAITED_OUT:
    default:
      break;
    }
}

/* A port of this machine may meet itself: nothing listens, and yet it opens. */
static gboolean
met_itself (int fd, const RollAddress *address, guint16 port)
{
  struct sockaddr_storage local;
  socklen_t length = sizeof local;
  RollAddress local_address;
  guint16 local_port;

  return getsockname (fd, (struct sockaddr *) &local, &length) == 0 &&
         roll_address_from_sockaddr ((struct sockaddr *) &local, &local_address, &local_port) &&
         local_port == port && roll_address_equal (&local_address, address);
}

static void
opened (RollSieve *self, RollSieveSlot *slot)
{
  int on = 1;
  int off = 0;

  if (met_itself (slot->fd, &slot->address, roll_sieve_slot_port (self, slot)))
    {
      conclude (self, slot, ECONNREFUSED, ROLL_SAID_BY_THIS_MACHINE, NULL);
      return;
    }
  setsockopt (slot->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  /* With it on, a stray ICMP error would end an established connection. */
  if (slot->lane != ROLL_LANE_LOOPBACK && slot->address.family == AF_INET6)
    setsockopt (slot->fd, SOL_IPV6, IPV6_RECVERR, &off, sizeof off);
  else if (slot->lane != ROLL_LANE_LOOPBACK)
    setsockopt (slot->fd, SOL_IP, IP_RECVERR, &off, sizeof off);
  conclude (self, slot, 0, ROLL_SAID_BY_NOBODY, NULL);
}

static gint64
timeout_of (RollSieve *self, const RollSieveSlot *slot)
{
  return slot->job.side_port == 0
             ? self->connect_timeout
             : MIN (self->connect_timeout, ROLL_SIEVE_SIDE_TIMEOUT_MS * G_TIME_SPAN_MILLISECOND);
}

static void
wait_for_answer (RollSieve *self, RollSieveSlot *slot)
{
  struct epoll_event event = { .events = EPOLLOUT, .data.u64 = slot->index };

  if (epoll_ctl (self->epoll_fd, EPOLL_CTL_ADD, slot->fd, &event) < 0)
    {
      failed_at_once (self, slot, errno);
      return;
    }
  roll_sieve_no_trouble (self);
  slot->gives_up = slot->started + timeout_of (self, slot);
  roll_deadlines_add (&self->deadlines, &slot->deadline,
                      MIN (slot->gives_up, roll_sieve_neighbours_check_at (self, slot)));
  self->lanes[slot->lane].in_flight++;
  g_queue_push_tail_link (&self->connecting, &slot->link);
  atomic_store_explicit (&self->n_connecting, self->connecting.length, memory_order_relaxed);
}

/* Closing alone would leave the socket watched for as long as a child, forked meanwhile, has it too. */
static void
stop_waiting (RollSieve *self, RollSieveSlot *slot)
{
  epoll_ctl (self->epoll_fd, EPOLL_CTL_DEL, slot->fd, NULL);
  self->lanes[slot->lane].in_flight--;
  roll_deadlines_remove (&self->deadlines, &slot->deadline);
  g_queue_unlink (&self->connecting, &slot->link);
  atomic_store_explicit (&self->n_connecting, self->connecting.length, memory_order_relaxed);
}

/* There was no room for its neighbour: as if it had not been begun. */
static void
take_back (RollSieve *self, RollSieveSlot *slot)
{
  close (g_steal_fd (&slot->fd));
  if (slot->job.attempt->steps->len == 0)
    slot->begun = 0;
  roll_sieve_lanes_put_back (self, slot);
}

/* On loopback the answer is there when connect() returns, and a second call fetches it without a turn through
 * epoll. */
static int
begin (RollSieveSlot *slot, guint16 port)
{
  struct sockaddr_storage peer;
  socklen_t length = roll_address_to_sockaddr (&slot->address, port, &peer);

  if (connect (slot->fd, (struct sockaddr *) &peer, length) == 0)
    return 0;
  if (errno != EINPROGRESS || slot->lane != ROLL_LANE_LOOPBACK)
    return errno;
  if (connect (slot->fd, (struct sockaddr *) &peer, length) == 0)
    return 0;
  return errno == EALREADY ? EINPROGRESS : errno;
}

void
roll_sieve_connect (RollSieve *self, RollSieveSlot *slot)
{
  int number;

  slot->fd = socket (slot->address.family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);
  self->now = slot->started = g_get_monotonic_time ();
  slot->started_at = g_get_real_time ();
  if (slot->begun == 0)
    {
      slot->begun = slot->started;
      slot->job.attempt->started_at = slot->started_at;
    }
  if (slot->fd < 0)
    {
      failed_at_once (self, slot, errno);
      return;
    }

  if (slot->lane != ROLL_LANE_LOOPBACK)
    roll_sieve_evidence_want (slot->fd, slot->address.family);
  atomic_fetch_add_explicit (&self->n_syns, 1, memory_order_relaxed);
  number = begin (slot, roll_sieve_slot_port (self, slot));
  if (number == 0 || number == ECONNREFUSED)
    roll_sieve_no_trouble (self);
  if (number == EINPROGRESS && slot->interface != 0 && !roll_sieve_neighbours_took_in (self, slot))
    take_back (self, slot);
  else if (number == EINPROGRESS)
    wait_for_answer (self, slot);
  else if (number == 0)
    opened (self, slot);
  else if (number == ECONNREFUSED)
    conclude (self, slot, number, ROLL_SAID_BY_PEER, NULL);
  else
    failed_at_once (self, slot, number);
}

void
roll_sieve_connect_ready (RollSieve *self, RollSieveSlot *slot, guint32 epoll_events)
{
  RollSieveOutcome outcome = { 0 };
  socklen_t length = sizeof outcome.number;

  if (getsockopt (slot->fd, SOL_SOCKET, SO_ERROR, &outcome.number, &length) < 0)
    outcome.number = errno;
  if (outcome.number == 0 && (epoll_events & EPOLLOUT) && !(epoll_events & EPOLLHUP))
    {
      stop_waiting (self, slot);
      opened (self, slot);
      return;
    }
  /* An ICMP error that came while the kernel had the socket in hand is in the queue only. Later ones of its
   * kind would end the connect: so does this one. */
  roll_sieve_evidence_read (self, slot, &outcome);
  if (outcome.number == 0)
    return;
  stop_waiting (self, slot);
  roll_sieve_try_ended (self, slot, &outcome);
}

/* The deadline of a connect: its time-out, or before that a look at the neighbour. */
void
roll_sieve_connect_due (RollSieve *self, RollSieveSlot *slot)
{
  if (self->now >= roll_sieve_neighbours_check_at (self, slot) && roll_sieve_neighbours_gave_up (self, slot))
    {
      stop_waiting (self, slot);
      conclude (self, slot, EHOSTUNREACH, ROLL_SAID_BY_THIS_MACHINE, "neighbour=no-answer");
    }
  else if (self->now >= slot->gives_up)
    {
      stop_waiting (self, slot);
      conclude (self, slot, ETIMEDOUT, ROLL_SAID_BY_NOBODY, roll_sieve_neighbours_detail (self, slot));
    }
  else
    roll_deadlines_add (&self->deadlines, &slot->deadline, slot->gives_up);
}
