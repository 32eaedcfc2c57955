/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan-ports.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "diagnosis/roll-ports.h"

/* Of the connects that the sieve may have open: those of computers come and find room. */
#define SHARE_OF_PROBES 2

typedef struct
{
  guint n_asked;  /* being asked, or found silent */
  GQueue waiting; /* (element-type Computer) */
  gboolean listed; /* in the queue of networks that may begin one */
} Network;

typedef struct
{
  guint32 ordinal;
  RollAddress address;
  RollPortState states[ROLL_N_PORTS];
  guint next;   /* port to begin */
  guint n_open; /* connects under way */
  Network *network;
} Computer;

struct _RollScanPorts
{
  RollJournal *journal;
  guint16 port;       /* that stands for 135 */
  guint16 side_ports; /* the first that stands for the others; 0: themselves */
  guint max_open;
  guint n_open;
  GHashTable *networks; /* prefix, a hash of 8 bytes, to Network */
  GQueue ready;         /* (element-type Network): with room, and somebody who waits */
  Computer *current;    /* (nullable): whose ports are being begun */
};

static void
network_free (Network *network)
{
  g_queue_clear_full (&network->waiting, g_free);
  g_free (network);
}

RollScanPorts *
roll_scan_ports_new (const RollScanOptions *options, RollJournal *journal)
{
  RollScanPorts *self;

  /* Where 135 is somewhere else, so are the others, and nobody said where. */
  if (options->no_side_probes || (options->port != ROLL_SIEVE_PORT && options->side_ports == 0))
    return NULL;
  self = g_new0 (RollScanPorts, 1);
  self->journal = journal;
  self->port = options->port;
  self->side_ports = options->side_ports;
  self->max_open = MAX (options->probes / SHARE_OF_PROBES, 1);
  self->networks = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, (GDestroyNotify) network_free);
  return self;
}

void
roll_scan_ports_free (RollScanPorts *self)
{
  g_hash_table_unref (self->networks);
  g_queue_clear (&self->ready);
  g_free (self->current);
  g_free (self);
}

/* --- Who is asked ------------------------------------------------------------------------------------------------- */

/* Nobody at that address, or no way there: no port would tell more. */
static gboolean
is_worth_it (const RollSieveResult *result)
{
  if (result->step != ROLL_STEP_CONNECT || result->error.space != ROLL_ERROR_SPACE_ERRNO || result->cancelled)
    return FALSE;
  switch (result->error.number)
    {
    case ETIMEDOUT:
    case ECONNREFUSED:
      return TRUE;
    case EHOSTUNREACH:
    case ENETUNREACH:
      return result->said_by != ROLL_SAID_BY_THIS_MACHINE;
    default:
      return FALSE;
    }
}

static Network *
ensure_network (RollScanPorts *self, const RollAddress *address)
{
  gint64 key = 0;
  Network *network;

  memcpy (&key, address->bytes, address->family == AF_INET ? 3 : 8);
  network = g_hash_table_lookup (self->networks, &key);
  if (network == NULL)
    {
      network = g_new0 (Network, 1);
      g_hash_table_insert (self->networks, g_memdup2 (&key, sizeof key), network);
    }
  return network;
}

static void
list_if_ready (RollScanPorts *self, Network *network)
{
  if (network->listed || network->waiting.length == 0 || network->n_asked >= ROLL_SCAN_PORTS_SILENT)
    return;
  network->listed = TRUE;
  g_queue_push_tail (&self->ready, network);
}

void
roll_scan_ports_want (RollScanPorts *self, const RollSieveResult *result)
{
  Computer *computer;

  if (!is_worth_it (result))
    return;
  computer = g_new0 (Computer, 1);
  computer->ordinal = result->job.ordinal;
  computer->address = result->address;
  computer->network = ensure_network (self, &result->address);
  g_queue_push_tail (&computer->network->waiting, computer);
  list_if_ready (self, computer->network);
}

/* --- Asking ------------------------------------------------------------------------------------------------------- */

static guint16
number_of (RollScanPorts *self, guint i)
{
  guint16 number = roll_ports ()[i].number;

  if (number == ROLL_SIEVE_PORT)
    return self->port;
  return self->side_ports == 0 ? number : (guint16) (self->side_ports + i - (number > ROLL_SIEVE_PORT ? 1 : 0));
}

gboolean
roll_scan_ports_has_more (RollScanPorts *self)
{
  return self->current != NULL || self->ready.length > 0;
}

static gboolean
choose_computer (RollScanPorts *self)
{
  Network *network;

  if (self->current != NULL)
    return TRUE;
  network = g_queue_pop_head (&self->ready);
  if (network == NULL)
    return FALSE;
  network->listed = FALSE;
  network->n_asked++;
  self->current = g_queue_pop_head (&network->waiting);
  list_if_ready (self, network);
  return TRUE;
}

gboolean
roll_scan_ports_next (RollScanPorts *self, RollSieveJob *ret_job)
{
  Computer *computer;

  if (self->n_open >= self->max_open || !choose_computer (self))
    return FALSE;
  computer = self->current;
  *ret_job = (RollSieveJob) {
    .ordinal = computer->ordinal,
    .side_port = number_of (self, computer->next),
    .address = computer->address,
    .attempt = roll_attempt_new (1),
    .data = computer,
  };
  computer->n_open++;
  self->n_open++;
  if (++computer->next == ROLL_N_PORTS)
    self->current = NULL;
  return TRUE;
}

static RollPortState
judge (const RollSieveResult *result)
{
  if (result->fd >= 0)
    return ROLL_PORT_OPEN;
  if (result->cancelled || result->error.space != ROLL_ERROR_SPACE_ERRNO)
    return ROLL_PORT_NOT_TRIED;
  switch (result->error.number)
    {
    case ECONNREFUSED:
      return ROLL_PORT_CLOSED;
    case ETIMEDOUT:
    case EHOSTUNREACH:
    case ENETUNREACH:
      return ROLL_PORT_SILENT;
    default:
      return ROLL_PORT_NOT_TRIED;
    }
}

static gboolean
is_silent (const Computer *computer)
{
  for (guint i = 0; i < ROLL_N_PORTS; i++)
    if (computer->states[i] == ROLL_PORT_OPEN || computer->states[i] == ROLL_PORT_CLOSED)
      return FALSE;
  return TRUE;
}

static void
finish (RollScanPorts *self, Computer *computer)
{
  Network *network = computer->network;
  g_autofree char *detail = roll_ports_format (computer->states);

  if (*detail != '\0')
    roll_journal_post_finding (self->journal, computer->ordinal, ROLL_PORTS_FINDING, detail);
  if (!is_silent (computer))
    network->n_asked--;
  g_free (computer);
  list_if_ready (self, network);
}

void
roll_scan_ports_take (RollScanPorts *self, RollSieveResult *result)
{
  Computer *computer = result->job.data;

  for (guint i = 0; i < ROLL_N_PORTS; i++)
    if (number_of (self, i) == result->job.side_port)
      computer->states[i] = judge (result);
  if (result->fd >= 0)
    close (result->fd);
  roll_attempt_free (result->job.attempt);
  self->n_open--;
  if (--computer->n_open == 0 && computer->next == ROLL_N_PORTS)
    finish (self, computer);
  /* It is freed with the rest when the scan was stopped before its last port. */
}
