/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>

#include "scan/roll-sieve-private.h"

/*
 * Trouble of this machine. The job is put back and nobody is charged.
 *
 * Out of files or memory: fewer connects at once, as many as were open when it struck, and carefully more
 * again.
 *
 * Out of ports, network down, not permitted: the address is parked for a second and others go on; when one
 * after the other is refused, the sieve pauses, longer each time. It may be this one address, though (a
 * "prohibit" route, a rule of this machine's own firewall): one that is refused eight times while others are
 * let out is unreachable from here, and says so. Nor does anybody wait for a machine that permits nothing at
 * all for a minute: waiting does not bring a permission, so then the refusal itself is the result. A network
 * that is down comes back, so that is waited for.
 */
#define PARKED (1 * G_USEC_PER_SEC)
#define SETBACKS_MAX 8
#define PATIENCE (60 * G_USEC_PER_SEC)
#define IN_A_ROW 3
#define PAUSE_MIN (10 * 1000)
#define PAUSE_MAX (2 * G_USEC_PER_SEC)
#define QUIET (2 * G_USEC_PER_SEC) /* without news, trouble is over */
#define CAP_STEP (1 * G_USEC_PER_SEC)

static const char *const kinds[] = { "out-of-files", "out-of-memory", "out-of-ports",
                                     "network-down", "not-permitted", "neighbours-full" };

static RollSieveTroubleKind
kind_of (int number)
{
  switch (number)
    {
    case EMFILE:
    case ENFILE:
      return ROLL_TROUBLE_FILES;
    case ENOBUFS:
    case ENOMEM:
    case ENOSPC: /* of epoll: too many watches of this user */
      return ROLL_TROUBLE_MEMORY;
    case EADDRNOTAVAIL:
    case EADDRINUSE:
    case EAGAIN:
      return ROLL_TROUBLE_PORTS;
    case ENETDOWN:
    case ENODEV:
      return ROLL_TROUBLE_NETWORK;
    case EPERM:
    case EACCES:
      return ROLL_TROUBLE_PERMISSION;
    default:
      return ROLL_TROUBLE_NONE;
    }
}

static gboolean
is_shortage (RollSieveTroubleKind kind)
{
  return kind == ROLL_TROUBLE_FILES || kind == ROLL_TROUBLE_MEMORY;
}

const char *
roll_sieve_errno_name (int number)
{
  return roll_error_symbol ((RollErrorNumber){ ROLL_ERROR_SPACE_ERRNO, (guint32) number });
}

const char *
roll_sieve_trouble_kind (int number)
{
  RollSieveTroubleKind kind = kind_of (number);

  return kind == ROLL_TROUBLE_NONE ? NULL : kinds[kind];
}

static void
tell (RollSieve *self, RollSieveTroubleKind kind, const char *key, const char *value)
{
  g_autofree char *detail = NULL;

  if (self->troubles[kind].told)
    return;
  self->troubles[kind].told = TRUE;
  detail = g_strdup_printf ("%s=%s connecting=%u", key, value, self->connecting.length);
  self->callbacks.event (kinds[kind], detail, self->user_data);
}

static void
pause_longer (RollSieve *self)
{
  self->pause = CLAMP (self->pause * 2, PAUSE_MIN, PAUSE_MAX);
  self->gate = self->now + self->pause;
}

static void
open_fewer (RollSieve *self, RollSieveSlot *slot)
{
  roll_sieve_lanes_put_back (self, slot);
  self->cap = MAX (self->connecting.length, 1);
  self->cap_changed = self->now;
  if (self->connecting.length == 0)
    pause_longer (self);
}

/* A whole machine's trouble meets one address after the other. */
static gboolean
is_everybodys (RollSieve *self, RollSieveSlot *slot)
{
  return self->in_a_row >= IN_A_ROW && self->opened == slot->opened_before;
}

static RollSieveTroubleAnswer
park_or_answer (RollSieve *self, RollSieveSlot *slot, RollSieveTroubleKind kind, int number)
{
  if (slot->setbacks++ == 0)
    slot->opened_before = self->opened;
  if (slot->setbacks >= SETBACKS_MAX && self->opened > slot->opened_before)
    return ROLL_TROUBLE_OF_THIS_ADDRESS;
  if (kind == ROLL_TROUBLE_PERMISSION && self->now - self->trouble_since >= PATIENCE)
    return ROLL_TROUBLE_FOR_GOOD;

  roll_deadlines_add (&self->deadlines, &slot->deadline, self->now + PARKED);
  g_queue_push_tail_link (&self->parked, &slot->link);
  if (is_everybodys (self, slot))
    {
      tell (self, kind, "errno", roll_sieve_errno_name (number));
      pause_longer (self);
    }
  return ROLL_TROUBLE_WAITED_OUT;
}

RollSieveTroubleAnswer
roll_sieve_trouble (RollSieve *self, RollSieveSlot *slot, int number)
{
  RollSieveTroubleKind kind = kind_of (number);

  if (kind == ROLL_TROUBLE_NONE)
    return ROLL_TROUBLE_NOT_OURS;
  self->troubles[kind].last = self->now;
  if (self->in_a_row++ == 0)
    self->trouble_since = self->now;
  if (!is_shortage (kind))
    return park_or_answer (self, slot, kind, number);
  tell (self, kind, "errno", roll_sieve_errno_name (number));
  open_fewer (self, slot);
  return ROLL_TROUBLE_WAITED_OUT;
}

/* Our subnets wait for room in the neighbour table. */
void
roll_sieve_trouble_neighbours (RollSieve *self, int family)
{
  self->troubles[ROLL_TROUBLE_NEIGHBOURS].last = self->now;
  tell (self, ROLL_TROUBLE_NEIGHBOURS, "family", family == AF_INET ? "ipv4" : "ipv6");
}

void
roll_sieve_no_trouble (RollSieve *self)
{
  self->opened++;
  self->opened_last = self->now;
  self->in_a_row = 0;
  self->pause = 0;
}

static void
tell_over (RollSieve *self, RollSieveTroubleKind kind)
{
  g_autofree char *over = g_strconcat (kinds[kind], "-over", NULL);

  self->troubles[kind].told = FALSE;
  self->callbacks.event (over, "", self->user_data);
}

/* Over when something has got out since, a shortage only when all may be open again. */
static gboolean
is_over (RollSieve *self, RollSieveTroubleKind kind)
{
  gint64 last = self->troubles[kind].last;

  return self->now - last >= QUIET && self->opened_last > last &&
         (!is_shortage (kind) || self->cap >= self->probes);
}

void
roll_sieve_trouble_unpark (RollSieve *self, RollSieveSlot *slot)
{
  g_queue_unlink (&self->parked, &slot->link);
  roll_sieve_lanes_add (self, slot);
}

void
roll_sieve_trouble_dispatch (RollSieve *self)
{
  if (self->cap < self->probes && self->now - self->cap_changed >= CAP_STEP)
    {
      self->cap = MIN (self->cap + MAX (self->cap / 4, 16), self->probes);
      self->cap_changed = self->now;
    }
  for (guint i = 0; i < ROLL_TROUBLE_NONE; i++)
    if (self->troubles[i].told && is_over (self, i))
      tell_over (self, i);
}

gint64
roll_sieve_trouble_ready_at (RollSieve *self)
{
  return self->cap < self->probes ? self->cap_changed + CAP_STEP : G_MAXINT64;
}

void
roll_sieve_trouble_end (RollSieve *self)
{
  for (guint i = 0; i < ROLL_TROUBLE_NONE; i++)
    if (self->troubles[i].told)
      tell_over (self, i);
}
