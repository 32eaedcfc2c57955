/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan-private.h"

#include <glib/gi18n-lib.h>

/* Listeners hear of committed rows and progress this often at most. */
#define TICK_MS 100

typedef struct
{
  char *kind;
  char *text;
} Notice;

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
  g_clear_pointer (&self->again, g_array_unref);
  g_clear_pointer (&self->known_facts, g_hash_table_unref);
  g_clear_pointer (&self->directory, g_hash_table_unref);
  g_clear_pointer (&self->tracker, roll_scan_tracker_free);
  g_clear_pointer (&self->committed, g_ptr_array_unref);
  g_clear_pointer (&self->notices, g_ptr_array_unref);
  g_clear_pointer (&self->plans, g_hash_table_unref);
  g_clear_pointer (&self->returned, g_array_unref);
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
  self->credentials = g_ptr_array_new ();
  self->plans = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) roll_plan_free);
  self->returned = roll_scan_sessions_new_returned ();
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
  g_autoptr (GHashTable) directory = NULL;

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
  directory = roll_target_list_get_directory (targets);
  info->name = name != NULL && *name != '\0' ? g_strdup (name) : name_after_targets (includes);
  info->practice = practice;
  info->probe_only = options->probe_only;
  info->options = roll_scan_options_to_text (options);
  if (!roll_store_add_scan (store, info, (const char *const *) includes, (const char *const *) excludes, directory, error))
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
                       _ ("No scan is waiting to be resumed. Start a new one."));
  return NULL;
}

/* @info: (transfer full) */
static RollScan *
make_stored_scan (RollStore *store, RollScanInfo *stored, GError **error)
{
  g_autoptr (RollScanInfo) info = stored;
  g_autoptr (RollTargetList) targets = NULL;
  g_autoptr (RollScanOptions) options = NULL;

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

RollScan *
roll_scan_resume (RollStore *store, gint64 id, GError **error)
{
  g_autoptr (RollScanInfo) info = NULL;

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
  return make_stored_scan (store, g_steal_pointer (&info), error);
}

gint
roll_scan_compare_ordinals (gconstpointer a, gconstpointer b)
{
  guint32 left = *(const guint32 *) a, right = *(const guint32 *) b;

  return (left > right) - (left < right);
}

/* Sorted, each once, all of them there. */
static GArray *
tidy_ordinals (GArray *ordinals, guint n_targets)
{
  GArray *tidy = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) sorted = g_array_copy (ordinals);

  g_array_sort (sorted, roll_scan_compare_ordinals);
  for (guint i = 0; i < sorted->len; i++)
    {
      guint32 ordinal = g_array_index (sorted, guint32, i);

      if (ordinal < n_targets && (tidy->len == 0 || g_array_index (tidy, guint32, tidy->len - 1) != ordinal))
        g_array_append_val (tidy, ordinal);
    }
  return tidy;
}

RollScan *
roll_scan_test_again (RollStore *store, gint64 id, GArray *ordinals, GError **error)
{
  g_autoptr (RollScanInfo) info = NULL;
  RollScan *self;

  g_return_val_if_fail (ROLL_IS_STORE (store), NULL);
  g_return_val_if_fail (ordinals != NULL, NULL);

  info = roll_store_get_scan (store, id, error);
  if (info == NULL)
    return NULL;
  self = make_stored_scan (store, g_steal_pointer (&info), error);
  if (self == NULL)
    return NULL;
  self->again = tidy_ordinals (ordinals, self->info->n_targets);
  self->known_facts = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) roll_facts_free);
  roll_scan_tracker_free (self->tracker);
  self->tracker = roll_scan_tracker_new (self->again->len);
  return self;
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

void
roll_scan_give_notice (RollScan *self, const char *kind, char *text)
{
  Notice *notice = g_new (Notice, 1);

  notice->kind = g_strdup (kind);
  notice->text = text;
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->notices, notice);
  g_mutex_unlock (&self->lock);
}

/* On the journal's thread. */
void
roll_scan_on_committed (GPtrArray *computers, const GError *error, gpointer user_data)
{
  RollScan *self = user_data;

  for (guint i = 0; i < computers->len; i++)
    roll_scan_tracker_count (self->tracker, g_ptr_array_index (computers, i));

  if (error != NULL)
    roll_scan_give_notice (self, "store-trouble", g_strdup (error->message));
  else if (computers->len == 0)
    roll_scan_give_notice (self, "store-trouble-over", g_strdup (_ ("Results can be saved again. The scan goes on.")));

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < computers->len; i++)
    g_ptr_array_add (self->committed, roll_computer_ref (g_ptr_array_index (computers, i)));
  g_mutex_unlock (&self->lock);
}

/* --- The run, on a thread of its own ---------------------------------------------------------------------------- */

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
  roll_scan_run_blocking (self, g_task_get_cancellable (task), &outcome->error);

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
