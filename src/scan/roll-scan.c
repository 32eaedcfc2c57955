/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan.h"

#include <glib/gi18n-lib.h>
#include <stdatomic.h>
#include <unistd.h>

#include "scan/roll-notice.h"
#include "scan/roll-scan-tracker.h"
#include "scan/roll-scheduler.h"
#include "scan/roll-sieve.h"

/* Listeners hear of committed rows and progress this often at most. */
#define TICK_MS 100
/* While so many records wait for the disk, no new computer is started: what is in flight still finds room in the journal,
 * and the sieve's thread is not held up at it. */
#define BACKLOG_MAX 4096
#define BACKLOG_PAUSE_US 20000

typedef struct
{
  char *kind;
  char *text;
} Notice;

struct _RollScan
{
  GObject parent_instance;

  RollStore *store;
  RollScanInfo *info;
  RollTargetList *targets;
  RollScanOptions *options;
  GPtrArray *credentials; /* (element-type RollCredential) (nullable) */
  GMainContext *context;
  RollScanTracker *tracker;

  gboolean used; /* a scan object runs once */
  RollJournal *journal;
  RollScheduler *scheduler; /* of the sieve's thread while that runs */
  RollSieve *sieve;
  int n_in_flight; /* atomic */
  _Atomic gint64 retry_at; /* while all that is left waits for another attempt: when the next is due; else 0 */
  guint n_not_asked; /* through a fault of this machine; of the sieve's thread while that runs */
  GSource *tick;

  GMutex lock;
  GPtrArray *committed; /* (element-type RollComputer), for the next tick; under the lock */
  GPtrArray *notices;   /* (element-type Notice), likewise */
};

G_DEFINE_FINAL_TYPE (RollScan, roll_scan, G_TYPE_OBJECT)

enum
{
  SIGNAL_COMMITTED,
  SIGNAL_PROGRESS,
  SIGNAL_NOTICE,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
notice_free (Notice *notice)
{
  g_free (notice->kind);
  g_free (notice->text);
  g_free (notice);
}

static void
roll_scan_finalize (GObject *object)
{
  RollScan *self = ROLL_SCAN (object);

  g_clear_object (&self->store);
  g_clear_pointer (&self->info, roll_scan_info_free);
  g_clear_pointer (&self->targets, roll_target_list_unref);
  g_clear_pointer (&self->options, roll_scan_options_free);
  g_clear_pointer (&self->credentials, g_ptr_array_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->tracker, roll_scan_tracker_free);
  g_clear_pointer (&self->committed, g_ptr_array_unref);
  g_clear_pointer (&self->notices, g_ptr_array_unref);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (roll_scan_parent_class)->finalize (object);
}

static void
roll_scan_class_init (RollScanClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = roll_scan_finalize;

  signals[SIGNAL_COMMITTED]
      = g_signal_new ("committed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_PTR_ARRAY);
  signals[SIGNAL_PROGRESS] = g_signal_new ("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_NOTICE] = g_signal_new ("notice", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                         G_TYPE_STRING, G_TYPE_STRING);
}

static void
roll_scan_init (RollScan *self)
{
  g_mutex_init (&self->lock);
  self->context = g_main_context_ref_thread_default ();
  self->committed = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_computer_unref);
  self->notices = g_ptr_array_new_with_free_func ((GDestroyNotify) notice_free);
}

/* --- Making one ------------------------------------------------------------------------------------------------- */

static RollScan *
make_scan (RollStore *store, RollScanInfo *info, RollTargetList *targets, RollScanOptions *options)
{
  RollScan *self = g_object_new (ROLL_TYPE_SCAN, NULL);

  self->store = g_object_ref (store);
  self->info = info;
  self->targets = targets;
  self->options = options;
  self->tracker = roll_scan_tracker_new (info->n_targets);
  return self;
}

/* "10.1.2.0/24 and 3 more": what the scan was pointed at tells scans apart better than a date, which stands beside. */
static char *
name_after_targets (char **includes)
{
  guint n_more = g_strv_length (includes) - 1;

  if (n_more == 0)
    return g_strdup (includes[0]);
  return g_strdup_printf (ngettext ("%s and %u more", "%s and %u more", n_more), includes[0], n_more);
}

RollScan *
roll_scan_new (RollStore *store, RollTargetList *targets, const RollScanOptions *options, const char *name,
               gboolean practice, GError **error)
{
  g_autoptr (RollScanInfo) info = roll_scan_info_new ();
  g_auto (GStrv) includes = NULL;
  g_auto (GStrv) excludes = NULL;

  g_return_val_if_fail (ROLL_IS_STORE (store), NULL);
  g_return_val_if_fail (targets != NULL && options != NULL, NULL);

  if (!roll_scan_options_check (options, error))
    return NULL;
  info->n_targets = roll_target_list_get_count (targets);
  if (info->n_targets == 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           _ ("There is no computer to scan. Name at least one target that is not excluded."));
      return NULL;
    }

  includes = roll_target_list_get_includes (targets);
  excludes = roll_target_list_get_excludes (targets);
  info->name = name != NULL && *name != '\0' ? g_strdup (name) : name_after_targets (includes);
  info->practice = practice;
  info->probe_only = options->probe_only;
  info->options = roll_scan_options_to_text (options);
  if (!roll_store_add_scan (store, info, (const char *const *) includes, (const char *const *) excludes, error))
    return NULL;

  return make_scan (store, g_steal_pointer (&info), roll_target_list_ref (targets),
                    roll_scan_options_copy (options));
}

static RollScanInfo *
find_unfinished (RollStore *store, GError **error)
{
  g_autoptr (GPtrArray) scans = roll_store_list_scans (store, error);

  if (scans == NULL)
    return NULL;
  for (guint i = 0; i < scans->len; i++)
    {
      RollScanInfo *info = g_ptr_array_index (scans, i);

      if (info->state == ROLL_SCAN_STOPPED || info->interrupted)
        return roll_scan_info_copy (info);
    }
  g_set_error_literal (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND,
                       _ ("No scan is waiting to be resumed."));
  return NULL;
}

RollScan *
roll_scan_resume (RollStore *store, gint64 id, GError **error)
{
  g_autoptr (RollScanInfo) info = NULL;
  g_autoptr (RollTargetList) targets = NULL;
  g_autoptr (RollScanOptions) options = NULL;

  g_return_val_if_fail (ROLL_IS_STORE (store), NULL);

  info = id == 0 ? find_unfinished (store, error) : roll_store_get_scan (store, id, error);
  if (info == NULL)
    return NULL;
  if (info->state == ROLL_SCAN_FINISHED)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _ ("Scan %lld is finished: there is nothing to resume."), (long long) info->id);
      return NULL;
    }

  targets = roll_scan_load_targets (store, info->id, error);
  if (targets == NULL)
    return NULL;
  /* Rows are found by their place among the targets. */
  if (roll_target_list_get_count (targets) != info->n_targets)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _ ("The stored targets of scan %lld are not the ones it began with. Start a new scan of them."),
                   (long long) info->id);
      return NULL;
    }
  options = roll_scan_options_from_text (info->options, error);
  if (options == NULL)
    {
      /* Translators: the number of a scan; what is wrong with it follows */
      g_prefix_error (error, _ ("Scan %lld can’t go on: "), (long long) info->id);
      return NULL;
    }
  return make_scan (store, g_steal_pointer (&info), g_steal_pointer (&targets), g_steal_pointer (&options));
}

void
roll_scan_set_credentials (RollScan *self, GPtrArray *credentials)
{
  g_return_if_fail (ROLL_IS_SCAN (self));
  g_return_if_fail (credentials != NULL && !self->used);

  g_clear_pointer (&self->credentials, g_ptr_array_unref);
  self->credentials = g_ptr_array_ref (credentials);
}

gint64
roll_scan_get_id (RollScan *self)
{
  g_return_val_if_fail (ROLL_IS_SCAN (self), 0);

  return self->info->id;
}

const char *
roll_scan_get_name (RollScan *self)
{
  g_return_val_if_fail (ROLL_IS_SCAN (self), NULL);

  return self->info->name;
}

RollTargetList *
roll_scan_get_targets (RollScan *self)
{
  g_return_val_if_fail (ROLL_IS_SCAN (self), NULL);

  return self->targets;
}

void
roll_scan_get_progress (RollScan *self, RollProgress *ret_progress)
{
  g_return_if_fail (ROLL_IS_SCAN (self));

  roll_scan_tracker_get (self->tracker, g_get_monotonic_time (), (guint) g_atomic_int_get (&self->n_in_flight),
                         atomic_load_explicit (&self->retry_at, memory_order_relaxed), ret_progress);
}

/* --- Telling listeners, on their main context ------------------------------------------------------------------- */

static void
tell_listeners (RollScan *self)
{
  g_autoptr (GPtrArray) committed = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_computer_unref);
  g_autoptr (GPtrArray) notices = g_ptr_array_new_with_free_func ((GDestroyNotify) notice_free);

  g_mutex_lock (&self->lock);
  g_ptr_array_extend_and_steal (committed, self->committed);
  g_ptr_array_extend_and_steal (notices, self->notices);
  self->committed = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_computer_unref);
  self->notices = g_ptr_array_new_with_free_func ((GDestroyNotify) notice_free);
  g_mutex_unlock (&self->lock);

  for (guint i = 0; i < notices->len; i++)
    {
      Notice *notice = g_ptr_array_index (notices, i);

      g_signal_emit (self, signals[SIGNAL_NOTICE], 0, notice->kind, notice->text);
    }
  if (committed->len > 0)
    g_signal_emit (self, signals[SIGNAL_COMMITTED], 0, committed);
  g_signal_emit (self, signals[SIGNAL_PROGRESS], 0);
}

static gboolean
on_tick (gpointer user_data)
{
  tell_listeners (user_data);
  return G_SOURCE_CONTINUE;
}

/* Any thread. */
static void
give_notice (RollScan *self, const char *kind, char *text)
{
  Notice *notice = g_new (Notice, 1);

  notice->kind = g_strdup (kind);
  notice->text = text;
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->notices, notice);
  g_mutex_unlock (&self->lock);
}

/* On the journal's thread. */
static void
on_committed (GPtrArray *computers, const GError *error, gpointer user_data)
{
  RollScan *self = user_data;

  for (guint i = 0; i < computers->len; i++)
    roll_scan_tracker_count (self->tracker, g_ptr_array_index (computers, i));

  if (error != NULL)
    give_notice (self, "store-trouble", g_strdup (error->message));
  else if (computers->len == 0)
    give_notice (self, "store-trouble-over", g_strdup (_ ("Results can be saved again. The scan goes on.")));

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < computers->len; i++)
    g_ptr_array_add (self->committed, roll_computer_ref (g_ptr_array_index (computers, i)));
  g_mutex_unlock (&self->lock);
}

/* --- Between the scheduler, the sieve and the journal; on the sieve's thread ------------------------------------ */

static RollSieveNext
on_next (RollSieveKinds kinds, RollSieveJob *ret_job, gint64 *ret_when, gpointer user_data)
{
  RollScan *self = user_data;
  gint64 now = g_get_monotonic_time ();
  RollSieveNext next;

  if (roll_journal_get_backlog (self->journal) > BACKLOG_MAX)
    {
      *ret_when = now + BACKLOG_PAUSE_US;
      return ROLL_SIEVE_LATER;
    }
  next = roll_scheduler_next (self->scheduler, kinds, now, ret_job, ret_when);
  if (next == ROLL_SIEVE_JOB)
    g_atomic_int_inc (&self->n_in_flight);
  atomic_store_explicit (&self->retry_at, next == ROLL_SIEVE_LATER ? *ret_when : 0, memory_order_relaxed);
  return next;
}

/* Port 135 opened. What comes after needs a credential, and there is none yet. */
static RollStatus
judge_open (RollScan *self, RollSieveResult *result)
{
  close (result->fd);
  return self->options->probe_only ? ROLL_STATUS_REACHABLE : ROLL_STATUS_NO_CREDENTIALS;
}

static RollStatus
judge (RollScan *self, RollSieveResult *result)
{
  RollVerdict verdict;

  if (result->cancelled)
    return ROLL_STATUS_STOPPED;
  if (result->error.space == ROLL_ERROR_SPACE_NONE)
    return judge_open (self, result);

  verdict = roll_verdict (result->step, result->error);
  if (verdict.action == ROLL_ACTION_OUR_FAULT)
    {
      self->n_not_asked++;
      return ROLL_STATUS_NOT_STARTED;
    }
  if (verdict.action == ROLL_ACTION_RETRY && result->job.attempt->number <= self->options->retries)
    return ROLL_STATUS_WAITING_FOR_RETRY;
  return verdict.status;
}

/* Up to the end of @attempt, which is no shorter than the attempt itself, even when the clock was set back meanwhile
 * or the attempt was stopped before it began. */
static gint64
time_since (gint64 started_at, const RollAttempt *attempt)
{
  return attempt->started_at - CLAMP (started_at, 0, attempt->started_at) + attempt->duration_us;
}

static void
on_done (RollSieveResult *result, gpointer user_data)
{
  RollScan *self = user_data;
  RollAttempt *attempt = result->job.attempt;
  RollComputer *computer = result->job.data;

  attempt->status = judge (self, result);
  computer->status = attempt->status;
  computer->address = result->address;
  if (result->error.space != ROLL_ERROR_SPACE_NONE)
    computer->step = result->step;
  computer->error = result->error;
  computer->said_by = result->said_by;
  if (computer->started_at == 0)
    computer->started_at = attempt->started_at;
  computer->duration_us = time_since (computer->started_at, attempt);

  if (computer->status == ROLL_STATUS_WAITING_FOR_RETRY)
    roll_scheduler_retry (self->scheduler, computer, g_get_monotonic_time ());
  roll_journal_post_attempt (self->journal, computer, attempt);
  g_atomic_int_add (&self->n_in_flight, -1);
}

static void
on_event (const char *kind, const char *detail, gpointer user_data)
{
  RollScan *self = user_data;
  char *text = roll_notice_text (kind, detail);

  roll_journal_post_event (self->journal, kind, detail);
  if (text != NULL)
    give_notice (self, kind, text);
}

/* --- The run, on a thread of its own ---------------------------------------------------------------------------- */

typedef struct
{
  RollScan *scan;
  gint64 now;
} Restore;

static gboolean
restore_row (RollComputer *computer, gpointer user_data)
{
  Restore *restore = user_data;

  if (computer->ordinal >= restore->scan->info->n_targets)
    return TRUE;
  roll_scheduler_restore (restore->scan->scheduler, computer, restore->now);
  roll_scan_tracker_count (restore->scan->tracker, computer);
  return TRUE;
}

static void
on_cancelled (GCancellable *cancellable, gpointer user_data)
{
  RollScan *self = user_data;

  roll_sieve_stop (self->sieve);
  roll_journal_drain (self->journal);
}

static gboolean
run_sieve (RollScan *self, GCancellable *cancellable, GError **error)
{
  static const RollSieveCallbacks callbacks = { on_next, on_done, on_event };
  RollSieveOptions options = {
    .port = self->options->port,
    .probes = self->options->probes,
    .connect_timeout_ms = self->options->connect_timeout_ms,
    .rate = self->options->rate,
    .resolver = {
      .servers = (const char *const *) self->options->dns,
      .search = (const char *const *) self->options->dns_search,
    },
  };
  gulong handler;

  self->sieve = roll_sieve_start (&options, &callbacks, self, error);
  if (self->sieve == NULL)
    return FALSE;

  handler = cancellable != NULL ? g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), self, NULL) : 0;
  roll_sieve_join (self->sieve);
  if (cancellable != NULL)
    g_cancellable_disconnect (cancellable, handler);
  g_clear_pointer (&self->sieve, roll_sieve_free);
  return TRUE;
}

static gboolean
run_journalled (RollScan *self, GCancellable *cancellable, GError **error)
{
  Restore restore = { self, g_get_real_time () };

  if (!roll_store_foreach_computer (self->store, self->info->id, 0, restore_row, &restore, error))
    return FALSE;
  roll_scan_tracker_start (self->tracker, g_get_monotonic_time ());
  if (!run_sieve (self, cancellable, error) || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;
  /* A disk that is full holds up the end as it does the rest: until there is room, or until the user stops the scan. */
  if (!roll_journal_flush (self->journal, cancellable, error))
    return FALSE;
  if (self->n_not_asked > 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
                   ngettext ("%u computer could not be asked, because this computer does not permit the connection or "
                             "is short of something. Put that right, then resume the scan.",
                             "%u computers could not be asked, because this computer does not permit the connections "
                             "or is short of something. Put that right, then resume the scan.",
                             self->n_not_asked),
                   self->n_not_asked);
      return FALSE;
    }
  return TRUE;
}

static gboolean
run (RollScan *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) run_error = NULL;
  gboolean finished;

  self->journal = roll_store_begin (self->store, self->info->id, on_committed, self, error);
  if (self->journal == NULL)
    return FALSE;

  self->scheduler = roll_scheduler_new (self->targets, self->options->retry_delay_ms);
  finished = run_journalled (self, cancellable, &run_error);
  g_clear_pointer (&self->scheduler, roll_scheduler_free);

  /* What could not be saved matters more than why the run ended. */
  if (!roll_journal_end (g_steal_pointer (&self->journal), finished ? ROLL_SCAN_FINISHED : ROLL_SCAN_STOPPED, error))
    return FALSE;
  if (!finished)
    g_propagate_error (error, g_steal_pointer (&run_error));
  return finished;
}

typedef struct
{
  GTask *task;
  GError *error; /* NULL: ran to its end */
} Outcome;

static void
stop_ticking (RollScan *self)
{
  g_source_destroy (self->tick);
  g_clear_pointer (&self->tick, g_source_unref);
}

/* Back on the listeners' context: they hear of everything before they hear of the end. */
static gboolean
return_outcome (gpointer user_data)
{
  Outcome *outcome = user_data;
  RollScan *self = g_task_get_source_object (outcome->task);

  stop_ticking (self);
  tell_listeners (self);

  if (outcome->error != NULL)
    g_task_return_error (outcome->task, outcome->error);
  else
    g_task_return_boolean (outcome->task, TRUE);
  g_object_unref (outcome->task);
  g_free (outcome);
  return G_SOURCE_REMOVE;
}

static gpointer
run_thread (gpointer user_data)
{
  GTask *task = user_data;
  RollScan *self = g_task_get_source_object (task);
  Outcome *outcome = g_new0 (Outcome, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  outcome->task = task;
  run (self, g_task_get_cancellable (task), &outcome->error);

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, return_outcome, outcome, NULL);
  g_source_attach (source, self->context);
  return NULL;
}

void
roll_scan_run_async (RollScan *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  GThread *thread;
  GError *error = NULL;

  g_return_if_fail (ROLL_IS_SCAN (self));
  g_return_if_fail (!self->used);

  self->used = TRUE;
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, roll_scan_run_async);
  g_task_set_check_cancellable (task, FALSE);

  self->tick = g_timeout_source_new (TICK_MS);
  g_source_set_callback (self->tick, on_tick, self, NULL);
  g_source_attach (self->tick, self->context);

  thread = g_thread_try_new ("scan", run_thread, g_object_ref (task), &error);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return;
    }
  stop_ticking (self);
  g_task_return_error (task, error);
  g_object_unref (task);
}

gboolean
roll_scan_run_finish (RollScan *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
