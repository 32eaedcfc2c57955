/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "diagnosis/roll-surroundings.h"
#include "scan/roll-notice.h"
#include "scan/roll-scan-private.h"
#include "scan/roll-subnets.h"
#include "scan/roll-this-computer.h"

/* While so many records wait for the disk, no new computer is started: what is in flight still finds room in the journal,
 * and the sieve's thread is not held up at it. */
#define BACKLOG_MAX 4096
#define BACKLOG_PAUSE_US 20000
/* What the rest of the program may have open beside sessions and connects. */
#define OTHER_FILES 128

/* --- Between the scheduler, the sieve, the sessions and the journal; on the sieve's thread ----------------------- */

static gboolean
may_log_on (RollScan *self, const char *target, const RollAddress *address)
{
  for (guint i = 0; i < self->credentials->len; i++)
    if (roll_credential_applies (g_ptr_array_index (self->credentials, i), target, address))
      return TRUE;
  return FALSE;
}

static gboolean
on_admits (const RollSieveJob *job, const RollAddress *address, gpointer user_data)
{
  RollScan *self = user_data;

  return self->options->probe_only || may_log_on (self, job->name, address);
}

/* Nobody to log on as: known before any packet. */
static void
refuse (RollScan *self, RollSieveJob *job)
{
  RollFailure failure = {
    .said_by = ROLL_SAID_BY_THIS_MACHINE,
    .error = { ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_NO_CREDENTIALS },
  };
  g_autoptr (RollPlan) plan = roll_scan_sessions_take_plan (self, job->ordinal);
  RollComputer *computer = job->data;

  computer->address = job->address;
  job->attempt->started_at = g_get_real_time ();
  roll_scan_settle (self, computer, job->attempt, plan,
                    roll_scan_judge (self, job->attempt->number, plan, roll_verdict (failure.step, failure.error)),
                    &failure);
}

static gboolean
disk_is_behind (RollScan *self, gint64 now, gint64 *ret_when)
{
  if (roll_journal_get_backlog (self->journal) <= BACKLOG_MAX)
    return FALSE;
  *ret_when = now + BACKLOG_PAUSE_US;
  return TRUE;
}

/* The next computer that may be asked. */
static RollSieveNext
next_job (RollScan *self, RollSieveKinds kinds, gint64 now, RollSieveJob *ret_job, gint64 *ret_when)
{
  while (!disk_is_behind (self, now, ret_when))
    {
      RollSieveNext next = roll_scheduler_next (self->scheduler, kinds, now, ret_job, ret_when);

      if (next != ROLL_SIEVE_JOB || self->options->probe_only
          || may_log_on (self, ((RollComputer *) ret_job->data)->target, &ret_job->address))
        return next;
      refuse (self, ret_job);
    }
  return ROLL_SIEVE_LATER;
}

/* Only while no computer is to be asked itself. */
static gboolean
next_side_probe (RollScan *self, RollSieveKinds kinds, RollSieveJob *ret_job)
{
  return self->ports != NULL && (kinds & ROLL_SIEVE_ADDRESSES) != 0
         && roll_journal_get_backlog (self->journal) <= BACKLOG_MAX && roll_scan_ports_next (self->ports, ret_job);
}

/* Who has nothing to begin has nothing to wait for either. */
static RollSieveNext
next_while_paused (RollScan *self, RollSieveKinds kinds, gint64 *ret_when)
{
  gboolean side_probes = self->ports != NULL && (kinds & ROLL_SIEVE_ADDRESSES) != 0 && roll_scan_ports_has_more (self->ports);

  *ret_when = G_MAXINT64;
  return side_probes || roll_scheduler_has_more (self->scheduler, kinds) ? ROLL_SIEVE_LATER : ROLL_SIEVE_END;
}

static RollSieveNext
on_next (RollSieveKinds kinds, RollSieveJob *ret_job, gint64 *ret_when, gpointer user_data)
{
  RollScan *self = user_data;
  gboolean in_session = g_atomic_int_get (&self->n_sessions) > 0; /* before what they gave back is looked at */
  gboolean paused = roll_scan_is_paused (self);
  RollSieveKinds open = kinds & roll_scan_sessions_get_room (self);
  RollSieveNext next = ROLL_SIEVE_END;

  *ret_when = G_MAXINT64;
  roll_scan_sessions_take_back (self);
  if (paused)
    next = next_while_paused (self, kinds, ret_when);
  else if (open != 0)
    next = next_job (self, open, g_get_monotonic_time (), ret_job, ret_when);
  roll_scan_note_waiting (self);
  if (next == ROLL_SIEVE_END && !paused)
    g_atomic_int_and (&self->may_follow, ~(guint) open);
  if (next == ROLL_SIEVE_JOB)
    {
      g_atomic_int_inc (&self->n_in_flight);
      ROLL_SCAN_LANE (self, ret_job->name != NULL)->n_probing++;
      return next;
    }
  if (!paused && next_side_probe (self, kinds, ret_job))
    return ROLL_SIEVE_JOB;
  /* A session may give its computer back, and makes room; its end wakes the sieve, as does what is being probed. */
  if (next == ROLL_SIEVE_END && (in_session || open != kinds))
    {
      *ret_when = G_MAXINT64;
      return ROLL_SIEVE_LATER;
    }
  return next;
}

static void
end_attempt (RollScan *self, RollSieveResult *result, RollStatus status)
{
  RollFailure failure = { ROLL_STEP_NONE, result->said_by, result->error };
  g_autoptr (RollPlan) plan = roll_scan_sessions_take_plan (self, result->job.ordinal);
  RollComputer *computer = result->job.data;

  if (result->error.space != ROLL_ERROR_SPACE_NONE)
    {
      RollVerdict verdict = roll_verdict (result->step, result->error);

      failure.step = result->step;
      status = verdict.action == ROLL_ACTION_OUR_FAULT
                   ? ROLL_STATUS_NOT_STARTED
                   : roll_scan_judge (self, result->job.attempt->number, plan, verdict);
    }
  if (status == ROLL_STATUS_NOT_STARTED)
    g_atomic_int_inc (&self->n_not_asked);
  computer->address = result->address;
  if (self->ports != NULL && roll_status_is_failure (status))
    roll_scan_ports_want (self->ports, result);
  roll_scan_settle (self, roll_computer_ref (computer), result->job.attempt, plan, status, &failure);
  if (status == ROLL_STATUS_WAITING_FOR_RETRY)
    {
      roll_scheduler_retry (self->scheduler, computer, g_get_monotonic_time ());
      g_atomic_int_or (&self->may_follow, ROLL_SCAN_ALL_KINDS);
      if (plan != NULL)
        roll_scan_sessions_keep_plan (self, computer->ordinal, g_steal_pointer (&plan));
    }
  roll_computer_unref (computer);
  g_atomic_int_add (&self->n_in_flight, -1);
}

static void
on_done (RollSieveResult *result, gpointer user_data)
{
  RollScan *self = user_data;

  if (result->job.side_port != 0)
    {
      roll_scan_ports_take (self->ports, result);
      return;
    }
  roll_scan_sessions_note_probe (self, result);
  if (result->cancelled)
    end_attempt (self, result, ROLL_STATUS_STOPPED);
  else if (result->fd < 0)
    end_attempt (self, result, ROLL_STATUS_OTHER_REASONS);
  else if (!self->options->probe_only)
    roll_scan_sessions_begin (self, result);
  else
    {
      close (result->fd);
      end_attempt (self, result, ROLL_STATUS_REACHABLE);
    }
}

void
roll_scan_on_event (const char *kind, const char *detail, gpointer user_data)
{
  RollScan *self = user_data;
  char *text = roll_notice_text (kind, detail);

  roll_journal_post_event (self->journal, kind, detail);
  if (text != NULL)
    roll_scan_give_notice (self, kind, text);
}

/* --- The run, on the scan's thread ---------------------------------------------------------------------------- */

typedef struct
{
  RollScan *scan;
  gint64 now;
} Restore;

/* Something was asked before, and there is more to ask. */
static gboolean
may_go_on (const RollComputer *computer)
{
  return computer->classes_planned > 0 && (!roll_status_is_final (computer->status) || computer->status == ROLL_STATUS_STOPPED);
}

static gboolean
is_wanted (const RollScan *self, guint32 ordinal)
{
  return self->again == NULL || g_array_binary_search (self->again, &ordinal, roll_scan_compare_ordinals, NULL);
}

/* Listeners hear that these are to be asked again. */
static gboolean
reopen (RollScan *self, GError **error)
{
  g_autoptr (GPtrArray) reopened = NULL;

  if (self->again == NULL)
    return TRUE;
  reopened = roll_journal_reopen (self->journal, self->again, error);
  if (reopened == NULL)
    return FALSE;
  roll_scheduler_restrict (self->scheduler, self->again);
  for (guint i = 0; i < reopened->len; i++)
    {
      const RollComputer *computer = g_ptr_array_index (reopened, i);

      if (computer->facts != NULL)
        g_hash_table_insert (self->known_facts, GUINT_TO_POINTER (computer->ordinal), roll_facts_copy (computer->facts));
    }
  if (reopened->len > 0)
    roll_scan_on_committed (reopened, NULL, self);
  return TRUE;
}

static gboolean
restore_row (RollComputer *computer, gpointer user_data)
{
  Restore *restore = user_data;

  if (computer->ordinal >= restore->scan->info->n_targets)
    return TRUE;
  if (!is_wanted (restore->scan, computer->ordinal))
    return TRUE;
  roll_scheduler_restore (restore->scan->scheduler, computer, restore->now);
  if (may_go_on (computer))
    roll_scan_sessions_keep_plan (restore->scan, computer->ordinal, roll_plan_new_stored (computer));
  roll_scan_tracker_count (restore->scan->tracker, computer);
  return TRUE;
}

static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  RollScan *self = user_data;

  roll_sieve_stop (self->sieve);
  roll_scan_sessions_stop (self);
  roll_journal_drain (self->journal);
}

/* Sessions need files as well. */
static guint
get_probes (RollScan *self)
{
  guint files = roll_sieve_raise_file_limit ();
  guint sessions = self->pool != NULL ? MIN (self->options->jobs * 4, files / 2) + OTHER_FILES : 0;

  return MIN (self->options->probes, MAX (files - MIN (files, sessions), 1));
}

static gboolean
run_sieve (RollScan *self, GCancellable *cancellable, GError **error)
{
  static const RollSieveCallbacks callbacks = { on_next, on_done, roll_scan_on_event, on_admits };
  RollSieveOptions options = {
    .port = self->options->port,
    .probes = get_probes (self),
    .connect_timeout_ms = self->options->connect_timeout_ms,
    .rate = self->options->rate,
    .resolver = {
      .servers = (const char *const *) self->options->dns,
      .search = (const char *const *) self->options->dns_search,
    },
  };
  RollSieve *sieve;
  gulong handler;

  sieve = roll_sieve_start (&options, &callbacks, self, error);
  if (sieve == NULL)
    return FALSE;
  g_mutex_lock (&self->lock);
  self->sieve = sieve;
  roll_sieve_set_paused (sieve, self->paused_since != 0); /* and wakes it: a session may be over already */
  g_mutex_unlock (&self->lock);

  handler = cancellable != NULL ? g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), self, NULL) : 0;
  roll_sieve_join (self->sieve);
  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, handler);
  return TRUE;
}

/* Sessions wake the sieve, and are handed over by it: both end before either is freed. */
static gboolean
run_probes_and_sessions (RollScan *self, GCancellable *cancellable, GError **error)
{
  gboolean ran;
  RollSieve *sieve;

  self->ports = roll_scan_ports_new (self->options, self->journal);
  ran = roll_scan_sessions_start (self, error) && run_sieve (self, cancellable, error);
  roll_scan_sessions_end (self);
  g_mutex_lock (&self->lock);
  sieve = g_steal_pointer (&self->sieve);
  g_mutex_unlock (&self->lock);
  roll_sieve_free (sieve);
  g_clear_pointer (&self->ports, roll_scan_ports_free);
  return ran;
}

/* What explains results later, when this computer may be elsewhere. */
static void
post_begun (RollScan *self)
{
  RollSubnets *subnets = roll_subnets_new ();
  g_autofree char *networks = roll_subnets_list (subnets);
  g_autofree char *this_computer = roll_this_computer_describe ();
  g_autofree char *detail = g_strdup_printf ("accounts=%u %s%s%s", self->credentials->len, this_computer,
                                             *networks != '\0' ? " networks=" : "", networks);

  roll_journal_post_event (self->journal, ROLL_SCAN_BEGUN_EVENT, detail);
  roll_subnets_free (subnets);
}

static gboolean
run_journalled (RollScan *self, GCancellable *cancellable, GError **error)
{
  Restore restore = { self, g_get_real_time () };
  guint n_not_asked;

  if (!reopen (self, error) || !roll_store_foreach_computer (self->store, self->info->id, 0, restore_row, &restore, error))
    return FALSE;
  post_begun (self);
  roll_scan_tracker_start (self->tracker, roll_scan_get_clock (self));
  if (!run_probes_and_sessions (self, cancellable, error) || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  /* A disk that is full holds up the end as it does the rest: until there is room, or until the user stops the scan. */
  if (!roll_journal_flush (self->journal, cancellable, error))
    return FALSE;
  n_not_asked = (guint) g_atomic_int_get (&self->n_not_asked);
  if (n_not_asked > 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   ngettext ("%u computer could not be asked, because this computer does not permit the connection or "
                             "is short of something. Put that right, then resume the scan.",
                             "%u computers could not be asked, because this computer does not permit the connections "
                             "or is short of something. Put that right, then resume the scan.",
                             n_not_asked),
                   n_not_asked);
      return FALSE;
    }
  return TRUE;
}

/* Tests made again do not finish a scan that was stopped. */
static RollScanState
finished_state (const RollScan *self)
{
  return self->again != NULL && self->info->state != ROLL_SCAN_FINISHED ? ROLL_SCAN_STOPPED : ROLL_SCAN_FINISHED;
}

gboolean
roll_scan_run_blocking (RollScan *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) run_error = NULL;
  gboolean finished;

  self->directory = roll_store_get_directory (self->store, self->info->id, error);
  if (self->directory == NULL)
    return FALSE;
  self->journal = roll_store_begin (self->store, self->info->id, roll_scan_on_committed, self, error);
  if (self->journal == NULL)
    return FALSE;

  g_atomic_int_set (&self->may_follow, ROLL_SCAN_ALL_KINDS);
  /* A census alone needs no place in any network. */
  self->scheduler = roll_scheduler_new (self->targets, self->options->retry_delay_ms, !self->options->probe_only);
  finished = run_journalled (self, cancellable, &run_error);
  g_clear_pointer (&self->scheduler, roll_scheduler_free);

  /* What could not be saved matters more than why the run ended. */
  if (!roll_journal_end (g_steal_pointer (&self->journal), finished ? finished_state (self) : ROLL_SCAN_STOPPED, error))
    return FALSE;
  if (!finished)
    g_propagate_error (error, g_steal_pointer (&run_error));
  return finished;
}

