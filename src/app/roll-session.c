/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-session.h"

#include <glib/gi18n.h>
#include <string.h>

#define BATCH 8192 /* rows that are handed to the main thread at once while a scan is read */

struct _RollSession
{
  GObject parent_instance;

  RollSessionState state;
  RollStore *store;
  RollScanInfo *info;
  RollComputerTable *table;
  GError *error;

  RollScanPlan *plan;
  GPtrArray *credentials; /* (nullable): what the last run logged on with */
  GArray *tests;          /* (nullable) (element-type Test): the last run was of these computers alone */
  gpointer keeper;        /* (nullable): lives as long as the run */
  GDestroyNotify free_keeper;
  RollScan *scan;
  GCancellable *cancellable; /* of what runs now: reading or scanning */
  RollSessionProgress progress;
};

/* A computer that is tested again, and what was known of it. */
typedef struct
{
  guint32 ordinal;
  RollStatus before;
} Test;

enum
{
  CHANGED,
  PROGRESS,
  NOTICE,
  ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollSession, roll_session, G_TYPE_OBJECT)

RollScanPlan *
roll_scan_plan_new (RollTargetList *targets, RollScanOptions *options)
{
  RollScanPlan *plan = g_new0 (RollScanPlan, 1);

  plan->targets = targets;
  plan->options = options;
  return plan;
}

void
roll_scan_plan_free (RollScanPlan *plan)
{
  if (plan == NULL)
    return;
  roll_target_list_unref (plan->targets);
  roll_scan_options_free (plan->options);
  g_clear_pointer (&plan->credentials, g_ptr_array_unref);
  g_free (plan->name);
  if (plan->keeper != NULL)
    plan->free_keeper (plan->keeper);
  g_free (plan);
}

static void
clear_keeper (RollSession *self)
{
  if (self->keeper != NULL)
    self->free_keeper (g_steal_pointer (&self->keeper));
}

static void
roll_session_finalize (GObject *object)
{
  RollSession *self = ROLL_SESSION (object);

  g_clear_pointer (&self->plan, roll_scan_plan_free);
  clear_keeper (self);
  g_clear_pointer (&self->credentials, g_ptr_array_unref);
  g_clear_pointer (&self->tests, g_array_unref);
  g_clear_pointer (&self->info, roll_scan_info_free);
  g_clear_error (&self->error);
  g_clear_object (&self->scan);
  g_clear_object (&self->table);
  g_clear_object (&self->store);
  g_clear_object (&self->cancellable);
  g_free (self->progress.activity);
  G_OBJECT_CLASS (roll_session_parent_class)->finalize (object);
}

static void
roll_session_class_init (RollSessionClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = roll_session_finalize;
  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[PROGRESS] = g_signal_new ("progress", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[NOTICE] = g_signal_new ("notice", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                  G_TYPE_STRING, G_TYPE_STRING);
  signals[ENDED] = g_signal_new ("ended", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
roll_session_init (RollSession *self)
{
  self->table = roll_computer_table_new ();
  self->info = roll_scan_info_new ();
  self->cancellable = g_cancellable_new ();
  self->progress.remaining_us = -1;
  self->progress.activity = g_strdup ("");
}

static void
set_state (RollSession *self, RollSessionState state)
{
  self->state = state;
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
set_failed (RollSession *self, GError *error)
{
  g_clear_error (&self->error);
  self->error = error;
  set_state (self, ROLL_SESSION_FAILED);
}

static void
renew_cancellable (RollSession *self)
{
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
}

/* --- Reading the rows of a stored scan --- */

typedef struct
{
  RollSession *session;
  GCancellable *cancellable;
  GPtrArray *rows;
} Batch;

static GPtrArray *
new_rows (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) roll_computer_unref);
}

static gboolean
deliver_batch (gpointer user_data)
{
  Batch *batch = user_data;

  if (!g_cancellable_is_cancelled (batch->cancellable))
    roll_computer_table_append_rows (batch->session->table, g_steal_pointer (&batch->rows));
  return G_SOURCE_REMOVE;
}

static void
batch_free (gpointer data)
{
  Batch *batch = data;

  g_clear_pointer (&batch->rows, g_ptr_array_unref);
  g_object_unref (batch->cancellable);
  g_object_unref (batch->session);
  g_free (batch);
}

typedef struct
{
  RollSession *session;
  GCancellable *cancellable;
  GPtrArray *rows;
} Reader;

static void
send_batch (Reader *reader)
{
  Batch *batch = g_new0 (Batch, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  batch->session = g_object_ref (reader->session);
  batch->cancellable = g_object_ref (reader->cancellable);
  batch->rows = g_steal_pointer (&reader->rows);
  reader->rows = new_rows ();
  g_source_set_callback (source, deliver_batch, batch, batch_free);
  g_source_attach (source, NULL);
}

static gboolean
read_row (RollComputer *computer, gpointer user_data)
{
  Reader *reader = user_data;

  g_ptr_array_add (reader->rows, roll_computer_ref (computer));
  if (reader->rows->len >= BATCH)
    send_batch (reader);
  return !g_cancellable_is_cancelled (reader->cancellable);
}

/* The last batch goes the same way, so that it can't overtake; the task's end follows with the same priority. */
static void
read_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  RollSession *self = source;
  Reader reader = { .session = self, .cancellable = cancellable, .rows = new_rows () };
  GError *error = NULL;
  gboolean read;

  read = roll_scan_foreach_computer (self->store, self->info->id, read_row, &reader, &error);
  send_batch (&reader);
  g_ptr_array_unref (reader.rows);
  if (read)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
read_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollSession *self = ROLL_SESSION (source);
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    set_state (self, ROLL_SESSION_IDLE);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_error_free (error);
  else
    set_failed (self, error);
}

RollSession *
roll_session_open (RollStore *store, const RollScanInfo *info)
{
  RollSession *self = g_object_new (ROLL_TYPE_SESSION, NULL);
  g_autoptr (GTask) task = NULL;

  self->store = g_object_ref (store);
  roll_scan_info_free (self->info);
  self->info = roll_scan_info_copy (info);
  roll_computer_table_set_retries (self->table, roll_scan_options_retries_of (info->options));
  self->state = ROLL_SESSION_LOADING;
  task = g_task_new (self, self->cancellable, read_done, NULL);
  g_task_set_source_tag (task, roll_session_open);
  g_task_set_priority (task, G_PRIORITY_DEFAULT_IDLE);
  g_task_run_in_thread (task, read_thread);
  return self;
}

/* --- Running --- */

static void
on_committed (RollScan *scan, GPtrArray *computers, RollSession *self)
{
  roll_computer_table_update (self->table, computers);
}

static void
on_progress (RollScan *scan, RollSession *self)
{
  RollProgress progress = { 0 };
  RollSessionProgress *shown = &self->progress;

  roll_scan_get_progress (scan, &progress);
  shown->n_targets = progress.n_targets;
  shown->n_done = progress.n_done;
  shown->n_waiting = progress.n_waiting;
  shown->n_in_flight = progress.n_in_flight;
  shown->elapsed_us = progress.elapsed_us;
  shown->remaining_us = progress.remaining_us;
  g_free (shown->activity);
  shown->activity = roll_activity_describe (&progress.activity);
  shown->busy = roll_activity_is_busy (&progress.activity);
  if (progress.n_targets > 0)
    shown->fraction = MAX (shown->fraction, (double) progress.n_done / progress.n_targets);
  roll_progress_clear (&progress);
  g_signal_emit (self, signals[PROGRESS], 0);
}

static void
on_notice (RollScan *scan, const char *kind, const char *text, RollSession *self)
{
  g_autofree char *over = g_str_has_suffix (kind, "-over") ? g_strndup (kind, strlen (kind) - strlen ("-over")) : NULL;

  if (over != NULL)
    g_signal_emit (self, signals[NOTICE], 0, over, NULL);
  else if (g_str_equal (kind, "name-server-back"))
    g_signal_emit (self, signals[NOTICE], 0, "name-server-silent", NULL);
  else
    g_signal_emit (self, signals[NOTICE], 0, kind, text);
}

static void
reload_info (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  RollSession *self = source;
  GError *error = NULL;
  RollScanInfo *info = roll_store_get_scan (self->store, self->info->id, &error);

  if (info != NULL)
    g_task_return_pointer (task, info, (GDestroyNotify) roll_scan_info_free);
  else
    g_task_return_error (task, error);
}

static void
info_reloaded (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollSession *self = ROLL_SESSION (source);
  g_autoptr (GError) error = NULL;
  RollScanInfo *info = g_task_propagate_pointer (G_TASK (result), &error);

  if (info != NULL)
    {
      roll_scan_info_free (self->info);
      self->info = info;
    }
  else if (self->error == NULL)
    self->error = g_steal_pointer (&error);
  set_state (self, ROLL_SESSION_IDLE);
  g_signal_emit (self, signals[ENDED], 0);
}

static void
run_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollSession) self = user_data;
  g_autoptr (GTask) task = NULL;
  g_autoptr (GError) error = NULL;

  if (!roll_scan_run_finish (ROLL_SCAN (source), result, &error)
      && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    self->error = g_steal_pointer (&error);
  g_signal_handlers_disconnect_by_data (source, self);
  g_clear_object (&self->scan);
  g_clear_pointer (&self->plan, roll_scan_plan_free);
  clear_keeper (self);
  task = g_task_new (self, NULL, info_reloaded, NULL);
  g_task_set_source_tag (task, run_done);
  g_task_run_in_thread (task, reload_info);
}

/* What a worker made ready for a run. */
typedef struct
{
  RollScan *scan;
  RollScanInfo *info;
  GPtrArray *rows; /* (nullable): of a new scan, none of them asked yet */
} Prepared;

static void
prepared_free (gpointer data)
{
  Prepared *prepared = data;

  g_clear_object (&prepared->scan);
  g_clear_pointer (&prepared->info, roll_scan_info_free);
  g_clear_pointer (&prepared->rows, g_ptr_array_unref);
  g_free (prepared);
}

static void
run_prepared (RollSession *self, Prepared *prepared)
{
  roll_scan_info_free (self->info);
  self->info = g_steal_pointer (&prepared->info);
  roll_computer_table_set_retries (self->table, roll_scan_options_retries_of (self->info->options));
  /* It was read before it ran. */
  self->info->state = ROLL_SCAN_RUNNING;
  self->info->interrupted = FALSE;
  self->scan = g_steal_pointer (&prepared->scan);
  if (prepared->rows != NULL)
    roll_computer_table_take_rows (self->table, g_steal_pointer (&prepared->rows));
  self->progress.n_targets = self->info->n_targets;
  self->progress.n_done = self->info->n_done;
  if (self->info->n_targets > 0)
    self->progress.fraction = (double) self->info->n_done / self->info->n_targets;
  if (self->tests != NULL)
    {
      g_free (self->progress.activity);
      self->progress = (RollSessionProgress) {
        .n_targets = self->tests->len, .remaining_us = -1, .activity = g_strdup (""),
      };
    }
  g_signal_connect (self->scan, "committed", G_CALLBACK (on_committed), self);
  g_signal_connect (self->scan, "progress", G_CALLBACK (on_progress), self);
  g_signal_connect (self->scan, "notice", G_CALLBACK (on_notice), self);
  roll_scan_run_async (self->scan, self->cancellable, run_done, g_object_ref (self));
  set_state (self, self->state == ROLL_SESSION_STOPPING ? ROLL_SESSION_STOPPING : ROLL_SESSION_RUNNING);
}

static void
prepare_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollSession *self = ROLL_SESSION (source);
  GError *error = NULL;
  Prepared *prepared = g_task_propagate_pointer (G_TASK (result), &error);

  if (prepared != NULL)
    {
      run_prepared (self, prepared);
      prepared_free (prepared);
      return;
    }
  clear_keeper (self);
  /* What can't go on now is still there to be looked at, and may go on later. */
  if (self->plan != NULL)
    set_failed (self, error);
  else
    {
      self->error = error;
      set_state (self, ROLL_SESSION_IDLE);
    }
  g_signal_emit (self, signals[ENDED], 0);
}

static void
return_prepared (GTask *task, RollStore *store, RollScan *scan, GPtrArray *rows, GError *error)
{
  Prepared *prepared = g_new0 (Prepared, 1);

  prepared->scan = scan;
  prepared->rows = rows;
  if (scan != NULL)
    prepared->info = roll_store_get_scan (store, roll_scan_get_id (scan), &error);
  if (prepared->info != NULL)
    {
      g_task_return_pointer (task, prepared, prepared_free);
      return;
    }
  prepared_free (prepared);
  g_task_return_error (task, error);
}

static GPtrArray *
make_untouched_rows (RollTargetList *targets)
{
  GPtrArray *rows = g_ptr_array_new_full (roll_target_list_get_count (targets), (GDestroyNotify) roll_computer_unref);
  g_autoptr (GHashTable) directory = roll_target_list_get_directory (targets);
  RollTargetIter iter;
  RollTarget target;

  roll_target_iter_init (&iter, targets, 0);
  while (roll_target_iter_next (&iter, &target))
    g_ptr_array_add (rows, roll_scan_make_untouched (&target, directory));
  return rows;
}

static void
start_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  RollSession *self = source;
  const RollScanPlan *plan = self->plan;
  GError *error = NULL;
  RollScan *scan = roll_scan_new (self->store, plan->targets, plan->options, plan->name, plan->practice, &error);

  if (scan != NULL && plan->credentials != NULL)
    roll_scan_set_credentials (scan, plan->credentials);
  return_prepared (task, self->store, scan, scan != NULL ? make_untouched_rows (plan->targets) : NULL, error);
}

static void
resume_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  RollSession *self = source;
  GError *error = NULL;
  RollScan *scan = roll_scan_resume (self->store, self->info->id, &error);

  if (scan != NULL && self->credentials != NULL)
    roll_scan_set_credentials (scan, self->credentials);
  return_prepared (task, self->store, scan, NULL, error);
}

static void
test_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  RollSession *self = source;
  g_autoptr (GArray) ordinals = g_array_new (FALSE, FALSE, sizeof (guint32));
  GError *error = NULL;
  RollScan *scan;

  for (guint i = 0; i < self->tests->len; i++)
    g_array_append_val (ordinals, g_array_index (self->tests, Test, i).ordinal);
  scan = roll_scan_test_again (self->store, self->info->id, ordinals, &error);
  if (scan != NULL && self->credentials != NULL)
    roll_scan_set_credentials (scan, self->credentials);
  return_prepared (task, self->store, scan, NULL, error);
}

static void
prepare_run (RollSession *self, GTaskThreadFunc thread)
{
  g_autoptr (GTask) task = NULL;

  g_clear_error (&self->error);
  renew_cancellable (self);
  /* Without the cancellable: the run itself is what can be stopped, and it is stored by then. */
  task = g_task_new (self, NULL, prepare_done, NULL);
  g_task_set_source_tag (task, prepare_run);
  g_task_run_in_thread (task, thread);
}

RollSession *
roll_session_start (RollStore *store, RollScanPlan *plan)
{
  RollSession *self = g_object_new (ROLL_TYPE_SESSION, NULL);

  self->store = g_object_ref (store);
  self->plan = plan;
  if (plan->credentials != NULL)
    self->credentials = g_ptr_array_ref (plan->credentials);
  self->info->practice = plan->practice;
  self->info->name = g_strdup (plan->name != NULL ? plan->name : "");
  self->state = ROLL_SESSION_STARTING;
  prepare_run (self, start_thread);
  return self;
}

void
roll_session_resume (RollSession *self, GPtrArray *credentials)
{
  g_return_if_fail (ROLL_IS_SESSION (self));
  g_return_if_fail (roll_session_can_resume (self));

  g_clear_pointer (&self->credentials, g_ptr_array_unref);
  g_clear_pointer (&self->tests, g_array_unref);
  self->credentials = credentials;
  prepare_run (self, resume_thread);
  set_state (self, ROLL_SESSION_STARTING);
}

void
roll_session_set_keeper (RollSession *self, gpointer keeper, GDestroyNotify free_keeper)
{
  g_return_if_fail (ROLL_IS_SESSION (self));

  clear_keeper (self);
  self->keeper = keeper;
  self->free_keeper = free_keeper;
}

GPtrArray *
roll_session_get_credentials (RollSession *self)
{
  g_return_val_if_fail (ROLL_IS_SESSION (self), NULL);

  return self->credentials;
}

/* --- Testing again --- */

void
roll_session_test_again (RollSession *self, GArray *ordinals, GPtrArray *credentials)
{
  g_return_if_fail (ROLL_IS_SESSION (self));
  g_return_if_fail (roll_session_can_test_again (self));

  g_clear_pointer (&self->tests, g_array_unref);
  self->tests = g_array_new (FALSE, FALSE, sizeof (Test));
  for (guint i = 0; i < ordinals->len; i++)
    {
      guint32 ordinal = g_array_index (ordinals, guint32, i);
      Test test = { ordinal, roll_computer_table_get_computer (self->table, ordinal)->status };

      g_array_append_val (self->tests, test);
    }
  g_clear_pointer (&self->credentials, g_ptr_array_unref);
  self->credentials = credentials;
  prepare_run (self, test_thread);
  set_state (self, ROLL_SESSION_STARTING);
}

gboolean
roll_session_can_test_again (RollSession *self)
{
  g_return_val_if_fail (ROLL_IS_SESSION (self), FALSE);

  return self->state == ROLL_SESSION_IDLE && self->info->id != 0
         && (self->info->state != ROLL_SCAN_RUNNING || self->info->interrupted);
}

static char *
describe_test (RollSession *self, const Test *test)
{
  const RollComputer *computer = roll_computer_table_get_computer (self->table, test->ordinal);

  if (computer->status == test->before)
    /* Translators: a computer that was tested again, and its status */
    return g_strdup_printf (_("%s: still %s"), computer->target, roll_status_label (test->before));
  /* Translators: a computer that was tested again, its status now and before */
  return g_strdup_printf (_("%s: now %s; before: %s"), computer->target, roll_status_label (computer->status),
                          roll_status_label (test->before));
}

char *
roll_session_describe_tests (RollSession *self)
{
  guint n_changed = 0, n_well = 0;

  g_return_val_if_fail (ROLL_IS_SESSION (self), NULL);

  if (self->tests == NULL || self->tests->len == 0)
    return NULL;
  if (self->tests->len == 1)
    return describe_test (self, &g_array_index (self->tests, Test, 0));
  for (guint i = 0; i < self->tests->len; i++)
    {
      const Test *test = &g_array_index (self->tests, Test, i);
      RollStatus status = roll_computer_table_get_computer (self->table, test->ordinal)->status;

      n_changed += status != test->before;
      n_well += status != test->before && !roll_status_is_failure (status);
    }
  /* Translators: of computers that were tested again: how many there were, how many have another status, how many are well */
  return g_strdup_printf (ngettext ("%u computer tested again: %u changed, %u of them well now",
                                    "%u computers tested again: %u changed, %u of them well now", self->tests->len),
                          self->tests->len, n_changed, n_well);
}

void
roll_session_stop (RollSession *self)
{
  g_return_if_fail (ROLL_IS_SESSION (self));

  g_cancellable_cancel (self->cancellable);
  if (roll_session_is_active (self))
    set_state (self, ROLL_SESSION_STOPPING);
}

void
roll_session_set_paused (RollSession *self, gboolean paused)
{
  g_return_if_fail (ROLL_IS_SESSION (self));

  if (self->scan == NULL || self->state != ROLL_SESSION_RUNNING)
    return;
  if (paused)
    roll_scan_pause (self->scan);
  else
    roll_scan_unpause (self->scan);
  g_signal_emit (self, signals[CHANGED], 0);
}

gboolean
roll_session_is_paused (RollSession *self)
{
  g_return_val_if_fail (ROLL_IS_SESSION (self), FALSE);

  return self->scan != NULL && roll_scan_is_paused (self->scan);
}

RollSessionState
roll_session_get_state (RollSession *self)
{
  g_return_val_if_fail (ROLL_IS_SESSION (self), ROLL_SESSION_FAILED);

  return self->state;
}

gboolean
roll_session_is_active (RollSession *self)
{
  g_return_val_if_fail (ROLL_IS_SESSION (self), FALSE);

  return self->state == ROLL_SESSION_STARTING || self->state == ROLL_SESSION_RUNNING
         || self->state == ROLL_SESSION_STOPPING;
}

const char *
roll_session_get_state_label (RollSession *self)
{
  g_return_val_if_fail (ROLL_IS_SESSION (self), NULL);

  if (self->state == ROLL_SESSION_STOPPING)
    return _("Stopping");
  return self->state == ROLL_SESSION_RUNNING && roll_session_is_paused (self) ? _("Paused") : NULL;
}

gboolean
roll_session_can_resume (RollSession *self)
{
  g_return_val_if_fail (ROLL_IS_SESSION (self), FALSE);

  return self->state == ROLL_SESSION_IDLE
         && (self->info->state == ROLL_SCAN_STOPPED || self->info->interrupted);
}

RollStore *
roll_session_get_store (RollSession *self)
{
  g_return_val_if_fail (ROLL_IS_SESSION (self), NULL);

  return self->store;
}

const RollScanInfo *
roll_session_get_info (RollSession *self)
{
  g_return_val_if_fail (ROLL_IS_SESSION (self), NULL);

  return self->info;
}

void
roll_session_set_info (RollSession *self, const RollScanInfo *info)
{
  g_return_if_fail (ROLL_IS_SESSION (self));
  g_return_if_fail (info->id == self->info->id);

  roll_scan_info_free (self->info);
  self->info = roll_scan_info_copy (info);
  g_signal_emit (self, signals[CHANGED], 0);
}

RollComputerTable *
roll_session_get_table (RollSession *self)
{
  g_return_val_if_fail (ROLL_IS_SESSION (self), NULL);

  return self->table;
}

const GError *
roll_session_get_error (RollSession *self)
{
  g_return_val_if_fail (ROLL_IS_SESSION (self), NULL);

  return self->error;
}

const RollSessionProgress *
roll_session_get_progress (RollSession *self)
{
  g_return_val_if_fail (ROLL_IS_SESSION (self), NULL);

  return &self->progress;
}
