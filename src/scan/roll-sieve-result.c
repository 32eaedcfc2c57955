/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "scan/roll-sieve-private.h"

/* How much an error tells of the computer: it is there; it, or a firewall before it, is silent; somebody on
 * the way says no; nobody at that address; this machine has no way there. */
static guint8
rank (int number, RollSaidBy said_by)
{
  switch (number)
    {
    case ECONNREFUSED:
    case ECONNRESET:
      return 5;
    case ETIMEDOUT:
      return 4;
    default:
      if (said_by != ROLL_SAID_BY_THIS_MACHINE)
        return 3;
      return number == EHOSTUNREACH ? 2 : 1;
    }
}

static char *
format_peer (const RollAddress *address, guint16 port)
{
  char text[ROLL_ADDRESS_STRLEN + sizeof "[]:65535"];
  gboolean ipv6 = address->family == AF_INET6;
  char *end;
  guint divisor = 10000;

  text[0] = '[';
  roll_address_format (address, text + ipv6);
  end = text + strlen (text);
  if (ipv6)
    *end++ = ']';
  *end++ = ':';
  /* By hand: this runs for every address, and printf() takes as long as a system call. */
  while (divisor > 1 && port < divisor)
    divisor /= 10;
  for (; divisor > 0; divisor /= 10)
    *end++ = (char) ('0' + port / divisor % 10);
  *end++ = '\0';
  return g_memdup2 (text, (gsize) (end - text));
}

static void
add_record (RollSieve *self, RollSieveSlot *slot, const RollSieveOutcome *outcome)
{
  RollStepRecord *record = roll_attempt_add_step (slot->job.attempt, ROLL_STEP_CONNECT);

  record->started_at = slot->started_at;
  record->duration_us = g_get_monotonic_time () - slot->started;
  record->said_by = outcome->said_by;
  if (outcome->number != 0)
    record->error = (RollErrorNumber){ ROLL_ERROR_SPACE_ERRNO, (guint32) outcome->number };
  record->peer = format_peer (&slot->address, roll_sieve_slot_port (self, slot));
  record->detail = outcome->detail;
}

/* The slot is free again before the callee hears of it. */
static void
finish (RollSieve *self, RollSieveSlot *slot, RollSieveResult *result)
{
  result->job = slot->job;
  if (slot->begun != 0)
    result->job.attempt->duration_us = g_get_monotonic_time () - slot->begun;
  roll_sieve_slot_free (self, slot);
  self->callbacks.done (result, self->user_data);
  roll_sieve_feed_again (self);
}

static void
keep_if_more_telling (RollSieveSlot *slot, const RollSieveOutcome *outcome)
{
  guint8 this_rank = rank (outcome->number, outcome->said_by);

  if (this_rank <= slot->best_rank)
    return;
  slot->best_rank = this_rank;
  slot->best_number = outcome->number;
  slot->best_said_by = outcome->said_by;
  slot->best_address = slot->address;
}

void
roll_sieve_try_ended (RollSieve *self, RollSieveSlot *slot, const RollSieveOutcome *outcome)
{
  RollSieveResult result = { .step = ROLL_STEP_CONNECT, .fd = -1 };

  add_record (self, slot, outcome);
  if (outcome->number == 0)
    {
      result.fd = g_steal_fd (&slot->fd);
      result.address = slot->address;
      finish (self, slot, &result);
      return;
    }

  if (slot->fd >= 0)
    close (g_steal_fd (&slot->fd));
  keep_if_more_telling (slot, outcome);
  if (++slot->i_address < slot->n_addresses)
    {
      slot->address = slot->addresses[slot->i_address];
      slot->setbacks = 0;
      roll_sieve_lanes_add (self, slot);
      return;
    }
  result.error = (RollErrorNumber){ ROLL_ERROR_SPACE_ERRNO, (guint32) slot->best_number };
  result.said_by = slot->best_said_by;
  result.address = slot->best_address;
  finish (self, slot, &result);
}

void
roll_sieve_not_found (RollSieve *self, RollSieveSlot *slot, RollErrorNumber error)
{
  GArray *steps = slot->job.attempt->steps;
  RollSieveResult result = { .step = ROLL_STEP_RESOLVE, .error = error, .fd = -1 };

  if (steps->len > 0)
    result.said_by = g_array_index (steps, RollStepRecord, steps->len - 1).said_by;
  finish (self, slot, &result);
}

void
roll_sieve_not_admitted (RollSieve *self, RollSieveSlot *slot)
{
  RollSieveResult result = {
    .error = { ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_NO_CREDENTIALS },
    .said_by = ROLL_SAID_BY_THIS_MACHINE,
    .address = slot->address,
    .fd = -1,
  };

  finish (self, slot, &result);
}

static void
cancel_queue (RollSieve *self, GQueue *queue, RollStep step)
{
  while (queue->length > 0)
    {
      RollSieveSlot *slot = g_queue_pop_head_link (queue)->data;
      RollSieveResult result = { .step = step, .address = slot->address, .fd = -1, .cancelled = TRUE };

      roll_deadlines_remove (&self->deadlines, &slot->deadline);
      if (slot->fd >= 0)
        close (g_steal_fd (&slot->fd));
      finish (self, slot, &result);
    }
}

void
roll_sieve_cancel_all (RollSieve *self)
{
  cancel_queue (self, &self->resolving, ROLL_STEP_RESOLVE);
  cancel_queue (self, &self->connecting, ROLL_STEP_CONNECT);
  cancel_queue (self, &self->parked, ROLL_STEP_CONNECT);
  for (guint i = 0; i < ROLL_N_LANES; i++)
    {
      cancel_queue (self, &self->lanes[i].waiting, ROLL_STEP_CONNECT);
      cancel_queue (self, &self->lanes[i].behind, ROLL_STEP_CONNECT);
    }
  atomic_store_explicit (&self->n_resolving, 0, memory_order_relaxed);
  atomic_store_explicit (&self->n_connecting, 0, memory_order_relaxed);
}
