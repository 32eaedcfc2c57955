/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n-lib.h>
#include <unistd.h>

#include "store/roll-batch.h"

/* Records of one transaction: other writers wait no longer than it takes, some ten milliseconds. */
#define MAX_BATCH 1024
#define MAX_BATCH_BYTES ((gsize) 4 << 20)
/* Records, and bytes of what was collected, that may wait for the disk before those who post wait too. */
#define MAX_BACKLOG 8192
#define MAX_BACKLOG_BYTES ((gsize) 32 << 20)
/* A commit costs a flush of the disk: a fast scan makes ten a second, a slow one commits at once. */
#define COMMIT_INTERVAL (100 * G_TIME_SPAN_MILLISECOND)
/* Pauses between tries while the disk refuses, and how long an ending journal goes on trying. */
#define FIRST_PAUSE (100 * G_TIME_SPAN_MILLISECOND)
#define LONGEST_PAUSE (4 * G_TIME_SPAN_SECOND)
#define END_PATIENCE (5 * G_TIME_SPAN_SECOND)

struct _RollJournal
{
  RollStore *store;
  gint64 scan_id;
  int claim;
  RollStoreCommitted committed;
  gpointer user_data;
  GThread *thread;

  GMutex lock;
  GCond work;     /* for the writer: something to write, or a reason to hurry */
  GCond progress; /* for those who post or flush: something was written */
  GArray *queue;  /* (element-type RollRecord): posted, not yet taken by the writer */
  gsize n_queued_bytes;
  guint64 n_posted;
  guint64 n_written;
  guint64 n_posted_bytes;
  guint64 n_written_bytes;
  guint n_flushing;
  gboolean draining;
  gint64 ending; /* monotonic time when the end was asked for; 0 before */
  RollScanState end_state;
  GError *failure; /* why the end could not be stored */

  /* The writer's own. */
  RollBatch *batch;
  gint64 last_commit;
  gboolean in_trouble;
};

/* --- Posting -------------------------------------------------------------------------------------------- */

static gboolean
is_full (RollJournal *journal)
{
  return (journal->n_posted - journal->n_written >= MAX_BACKLOG ||
          journal->n_posted_bytes - journal->n_written_bytes >= MAX_BACKLOG_BYTES) &&
         !journal->draining && journal->ending == 0;
}

/* Enough for a transaction. */
static gboolean
has_batch (RollJournal *journal)
{
  return journal->queue->len >= MAX_BATCH || journal->n_queued_bytes >= MAX_BATCH_BYTES;
}

static void
post (RollJournal *journal, RollRecord record)
{
  gboolean had_batch;

  g_mutex_lock (&journal->lock);
  while (is_full (journal))
    g_cond_wait (&journal->progress, &journal->lock);
  had_batch = has_batch (journal);
  g_array_append_val (journal->queue, record);
  journal->n_posted++;
  journal->n_queued_bytes += record.n_bytes;
  journal->n_posted_bytes += record.n_bytes;
  /* In between the writer is awake or sleeps on purpose, to gather a batch. */
  if (journal->queue->len == 1 || (!had_batch && has_batch (journal)))
    g_cond_signal (&journal->work);
  g_mutex_unlock (&journal->lock);
}

static gsize
count_bytes (const RollAttempt *attempt)
{
  gsize n_bytes = 0;

  for (guint i = 0; attempt->classes != NULL && i < attempt->classes->len; i++)
    {
      const RollClassResult *result = g_ptr_array_index (attempt->classes, i);

      n_bytes += result->rows != NULL ? g_bytes_get_size (result->rows) : 0;
    }
  return n_bytes;
}

void
roll_journal_post_attempt (RollJournal *journal, RollComputer *computer, RollAttempt *attempt)
{
  g_return_if_fail (journal != NULL);
  g_return_if_fail (computer != NULL);
  g_return_if_fail (attempt != NULL);

  post (journal, (RollRecord) { .computer = computer, .attempt = attempt, .n_bytes = count_bytes (attempt) });
}

void
roll_journal_post_event (RollJournal *journal, const char *kind, const char *detail)
{
  RollStoreEvent *event;

  g_return_if_fail (journal != NULL);
  g_return_if_fail (kind != NULL);

  event = g_new0 (RollStoreEvent, 1);
  event->at = g_get_real_time ();
  event->kind = g_strdup (kind);
  event->detail = g_strdup (detail);
  post (journal, (RollRecord) { .event = event });
}

void
roll_journal_post_finding (RollJournal *journal, guint32 ordinal, const char *kind, const char *detail)
{
  g_return_if_fail (journal != NULL);
  g_return_if_fail (kind != NULL);

  post (journal, (RollRecord) { .finding = roll_finding_new (ordinal, kind, detail) });
}

void
roll_journal_drain (RollJournal *journal)
{
  g_return_if_fail (journal != NULL);

  g_mutex_lock (&journal->lock);
  journal->draining = TRUE;
  g_cond_broadcast (&journal->progress);
  g_mutex_unlock (&journal->lock);
}

guint
roll_journal_get_backlog (RollJournal *journal)
{
  guint64 backlog;

  g_return_val_if_fail (journal != NULL, 0);

  g_mutex_lock (&journal->lock);
  backlog = journal->n_posted - journal->n_written;
  g_mutex_unlock (&journal->lock);
  return (guint) MIN (backlog, G_MAXUINT);
}

static void
wake_flush (GCancellable *cancellable, gpointer data)
{
  RollJournal *journal = data;

  g_mutex_lock (&journal->lock);
  g_cond_broadcast (&journal->progress);
  g_mutex_unlock (&journal->lock);
}

gboolean
roll_journal_flush (RollJournal *journal, GCancellable *cancellable, GError **error)
{
  gulong handler = 0;
  guint64 wanted;
  gboolean done;

  g_return_val_if_fail (journal != NULL, FALSE);

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (wake_flush), journal, NULL);
  g_mutex_lock (&journal->lock);
  wanted = journal->n_posted;
  journal->n_flushing++;
  g_cond_signal (&journal->work);
  while (journal->n_written < wanted && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait (&journal->progress, &journal->lock);
  journal->n_flushing--;
  done = journal->n_written >= wanted;
  g_mutex_unlock (&journal->lock);
  g_cancellable_disconnect (cancellable, handler);
  return done ? TRUE : !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* --- Writing -------------------------------------------------------------------------------------------- */

/* Waits until a transaction is due and moves what is queued to @taken. FALSE: the end, nothing is left. */
static gboolean
take_records (RollJournal *journal, GArray **taken)
{
  GArray *full;

  g_mutex_lock (&journal->lock);
  while (journal->queue->len == 0 && journal->ending == 0)
    g_cond_wait (&journal->work, &journal->lock);
  while (!has_batch (journal) && journal->ending == 0 && journal->n_flushing == 0)
    if (!g_cond_wait_until (&journal->work, &journal->lock, journal->last_commit + COMMIT_INTERVAL))
      break;
  full = journal->queue;
  journal->queue = *taken;
  journal->n_queued_bytes = 0;
  *taken = full;
  g_mutex_unlock (&journal->lock);
  return full->len > 0;
}

/* The end, once asked for, cuts the pause short. FALSE when it has then been tried long enough. */
static gboolean
wait_before_retry (RollJournal *journal, gint64 pause)
{
  gboolean was_ending, patient;
  gint64 until;

  g_mutex_lock (&journal->lock);
  was_ending = journal->ending != 0;
  until = g_get_monotonic_time () + (was_ending ? FIRST_PAUSE : pause);
  while ((was_ending || journal->ending == 0) && g_cond_wait_until (&journal->work, &journal->lock, until))
    ;
  patient = journal->ending == 0 || g_get_monotonic_time () < journal->ending + END_PATIENCE;
  g_mutex_unlock (&journal->lock);
  return patient;
}

static void
announce (RollJournal *journal, GPtrArray *computers, const GError *error)
{
  if (journal->committed != NULL)
    journal->committed (computers, error, journal->user_data);
}

static void
set_in_trouble (RollJournal *journal, const GError *error)
{
  g_autoptr (GPtrArray) none = NULL;
  gboolean trouble = error != NULL;

  if (journal->in_trouble == trouble)
    return;
  journal->in_trouble = trouble;
  none = g_ptr_array_new ();
  announce (journal, none, error);
}

/* The records go with the announcement: whoever listens may keep the array. */
static void
announce_written (RollJournal *journal, RollRecord *records, guint n_records)
{
  g_autoptr (GPtrArray) computers = g_ptr_array_new_full (n_records, (GDestroyNotify) roll_computer_unref);
  guint64 n_bytes = 0;

  for (guint i = 0; i < n_records; i++)
    {
      n_bytes += records[i].n_bytes;
      if (records[i].computer != NULL)
        g_ptr_array_add (computers, g_steal_pointer (&records[i].computer));
      roll_record_clear (&records[i]);
    }
  if (computers->len > 0)
    announce (journal, computers, NULL);

  g_mutex_lock (&journal->lock);
  journal->n_written += n_records;
  journal->n_written_bytes += n_bytes;
  g_cond_broadcast (&journal->progress);
  g_mutex_unlock (&journal->lock);
}

/* FALSE: given up. */
static gboolean
write_until_stored (RollJournal *journal, RollRecord *records, guint n_records, GError **error)
{
  gint64 pause = FIRST_PAUSE;

  for (;;)
    {
      g_autoptr (GError) trouble = NULL;

      if (roll_batch_write (journal->batch, records, n_records, &trouble))
        break;
      set_in_trouble (journal, trouble);
      if (!wait_before_retry (journal, pause))
        {
          g_propagate_error (error, g_steal_pointer (&trouble));
          return FALSE;
        }
      pause = MIN (pause * 2, LONGEST_PAUSE);
    }
  set_in_trouble (journal, NULL);
  announce_written (journal, records, n_records);
  return TRUE;
}

/* How many of the @n_records make the next transaction. */
static guint
count_batch (const RollRecord *records, guint n_records)
{
  gsize n_bytes = 0;
  guint n = 0;

  while (n < n_records && n < MAX_BATCH && n_bytes < MAX_BATCH_BYTES)
    n_bytes += records[n++].n_bytes;
  return n;
}

static gboolean
write_records (RollJournal *journal, GArray *records, GError **error)
{
  guint n;

  for (guint i = 0; i < records->len; i += n)
    {
      RollRecord *first = &g_array_index (records, RollRecord, i);

      n = count_batch (first, records->len - i);
      if (!write_until_stored (journal, first, n, error))
        return FALSE;
    }
  journal->last_commit = g_get_monotonic_time ();
  g_array_set_size (records, 0);
  return TRUE;
}

static gboolean
write_state (RollJournal *journal, GError **error)
{
  for (;;)
    {
      g_autoptr (GError) trouble = NULL;

      if (roll_batch_write_state (journal->batch, journal->end_state, &trouble))
        return TRUE;
      if (g_error_matches (trouble, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND) ||
          !wait_before_retry (journal, FIRST_PAUSE))
        {
          g_propagate_error (error, g_steal_pointer (&trouble));
          return FALSE;
        }
    }
}

static GArray *
records_new (void)
{
  GArray *records = g_array_sized_new (FALSE, FALSE, sizeof (RollRecord), MAX_BATCH);

  g_array_set_clear_func (records, (GDestroyNotify) roll_record_clear);
  return records;
}

static gpointer
write_journal (gpointer data)
{
  RollJournal *journal = data;
  g_autoptr (GArray) taken = records_new ();
  gboolean good = TRUE;

  while (good && take_records (journal, &taken))
    good = write_records (journal, taken, &journal->failure);
  if (good)
    write_state (journal, &journal->failure);
  roll_batch_checkpoint (journal->batch);
  return NULL;
}

/* --- Beginning and ending ------------------------------------------------------------------------------- */

static void
journal_free (RollJournal *journal)
{
  g_clear_pointer (&journal->batch, roll_batch_free);
  g_array_unref (journal->queue);
  g_mutex_clear (&journal->lock);
  g_cond_clear (&journal->work);
  g_cond_clear (&journal->progress);
  if (journal->claim >= 0)
    close (journal->claim);
  g_clear_error (&journal->failure);
  g_object_unref (journal->store);
  g_free (journal);
}

static RollJournal *
journal_new (RollStore *store, gint64 scan_id, RollStoreCommitted committed, gpointer user_data)
{
  RollJournal *journal = g_new0 (RollJournal, 1);

  journal->store = g_object_ref (store);
  journal->scan_id = scan_id;
  journal->claim = -1;
  journal->committed = committed;
  journal->user_data = user_data;
  journal->queue = records_new ();
  journal->batch = roll_batch_new (store, scan_id);
  g_mutex_init (&journal->lock);
  g_cond_init (&journal->work);
  g_cond_init (&journal->progress);
  return journal;
}

RollJournal *
roll_store_begin (RollStore *self, gint64 scan_id, RollStoreCommitted committed, gpointer user_data,
                  GError **error)
{
  RollJournal *journal;

  g_return_val_if_fail (ROLL_IS_STORE (self), NULL);
  g_return_val_if_fail (scan_id > 0, NULL);

  if (!roll_store_check_writable (self, error))
    return NULL;
  journal = journal_new (self, scan_id, committed, user_data);
  journal->claim = roll_claim_take (roll_store_get_path (self), scan_id, error);
  if (journal->claim >= 0 && roll_batch_write_state (journal->batch, ROLL_SCAN_RUNNING, error))
    journal->thread = g_thread_try_new ("journal", write_journal, journal, error);
  if (journal->thread == NULL)
    g_clear_pointer (&journal, journal_free);
  return journal;
}

GPtrArray *
roll_journal_reopen (RollJournal *journal, GArray *ordinals, GError **error)
{
  g_return_val_if_fail (journal != NULL, NULL);
  g_return_val_if_fail (ordinals != NULL, NULL);

  return roll_store_reopen (journal->store, journal->scan_id, ordinals, error);
}

static void
add_loss (GError **error, guint64 n_lost)
{
  if (n_lost > 0)
    g_prefix_error (error,
                    ngettext ("%u result could not be saved. ", "%u results could not be saved. ",
                              (gulong) n_lost),
                    (guint) n_lost);
}

gboolean
roll_journal_end (RollJournal *journal, RollScanState state, GError **error)
{
  gboolean good;

  g_return_val_if_fail (journal != NULL, FALSE);

  g_mutex_lock (&journal->lock);
  journal->end_state = state;
  journal->ending = g_get_monotonic_time ();
  g_cond_broadcast (&journal->work);
  g_cond_broadcast (&journal->progress);
  g_mutex_unlock (&journal->lock);
  g_thread_join (journal->thread);

  good = journal->failure == NULL;
  if (!good)
    {
      add_loss (&journal->failure, journal->n_posted - journal->n_written);
      g_propagate_error (error, g_steal_pointer (&journal->failure));
    }
  journal_free (journal);
  return good;
}
