/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-common-finder.h"

/* While a scan runs, at most this often, and never more than a tenth of the time. */
#define INTERVAL_US (10 * G_USEC_PER_SEC)
#define SHARE 10
/* When nothing runs, what changes is few and is looked at soon. */
#define SOON_US (G_USEC_PER_SEC / 2)

struct _RollCommonFinder
{
  GObject parent_instance;

  RollSession *session;
  GPtrArray *groups;
  GCancellable *job; /* the look that is under way */
  gboolean again;    /* something changed meanwhile */
  gint64 begun;
  gint64 wait;       /* before the next look while the scan runs */
  guint source;
};

enum
{
  FOUND,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollCommonFinder, roll_common_finder, G_TYPE_OBJECT)

static void schedule (RollCommonFinder *self);

static void
take_groups (RollCommonFinder *self, GPtrArray *groups)
{
  g_ptr_array_unref (self->groups);
  self->groups = groups;
  g_signal_emit (self, signals[FOUND], 0);
}

static void
found (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (RollCommonFinder) self = user_data;
  g_autoptr (GError) error = NULL;
  GPtrArray *groups = roll_common_causes_find_finish (result, &error);
  GCancellable *job = g_task_get_cancellable (G_TASK (result));

  if (job != self->job)
    {
      g_clear_pointer (&groups, g_ptr_array_unref);
      return;
    }
  g_clear_object (&self->job);
  self->wait = MAX (INTERVAL_US, (g_get_monotonic_time () - self->begun) * SHARE);
  if (groups != NULL)
    take_groups (self, groups);
  else
    g_debug ("common causes: %s", error->message);
  if (self->again)
    schedule (self);
}

static gboolean
look (gpointer user_data)
{
  RollCommonFinder *self = user_data;

  self->source = 0;
  self->again = FALSE;
  self->begun = g_get_monotonic_time ();
  self->job = g_cancellable_new ();
  roll_common_causes_find_async (roll_session_get_store (self->session), roll_session_get_info (self->session)->id,
                                 self->job, found, g_object_ref (self));
  return G_SOURCE_REMOVE;
}

/* A look that is under way is not thrown away for a newer one: a scan would never show any. */
static void
schedule (RollCommonFinder *self)
{
  gint64 wait = SOON_US;

  self->again = TRUE;
  /* The last look at a scan that has ended is not put off. */
  if (!roll_session_is_active (self->session))
    g_clear_handle_id (&self->source, g_source_remove);
  if (self->source != 0 || self->job != NULL || roll_session_get_info (self->session)->id == 0
      || roll_session_get_state (self->session) == ROLL_SESSION_LOADING)
    return;
  if (roll_session_is_active (self->session))
    wait = MAX (self->begun + self->wait - g_get_monotonic_time (), SOON_US);
  self->source = g_timeout_add ((guint) (wait / 1000), look, self);
}

static void
forget_session (RollCommonFinder *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  if (self->job != NULL)
    g_cancellable_cancel (self->job);
  g_clear_object (&self->job);
  self->again = FALSE;
  if (self->session == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_signal_handlers_disconnect_by_data (roll_session_get_table (self->session), self);
  g_clear_object (&self->session);
}

static void
roll_common_finder_dispose (GObject *object)
{
  forget_session (ROLL_COMMON_FINDER (object));
  G_OBJECT_CLASS (roll_common_finder_parent_class)->dispose (object);
}

static void
roll_common_finder_finalize (GObject *object)
{
  g_ptr_array_unref (ROLL_COMMON_FINDER (object)->groups);
  G_OBJECT_CLASS (roll_common_finder_parent_class)->finalize (object);
}

static void
roll_common_finder_class_init (RollCommonFinderClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = roll_common_finder_dispose;
  G_OBJECT_CLASS (klass)->finalize = roll_common_finder_finalize;
  signals[FOUND] = g_signal_new ("found", ROLL_TYPE_COMMON_FINDER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
roll_common_finder_init (RollCommonFinder *self)
{
  self->groups = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_common_cause_unref);
}

RollCommonFinder *
roll_common_finder_new (void)
{
  return g_object_new (ROLL_TYPE_COMMON_FINDER, NULL);
}

void
roll_common_finder_set_session (RollCommonFinder *self, RollSession *session)
{
  RollComputerTable *table;

  g_return_if_fail (ROLL_IS_COMMON_FINDER (self));

  if (self->session == session)
    return;
  forget_session (self);
  self->begun = self->wait = 0;
  take_groups (self, g_ptr_array_new_with_free_func ((GDestroyNotify) roll_common_cause_unref));
  if (session == NULL)
    return;
  self->session = g_object_ref (session);
  table = roll_session_get_table (session);
  g_signal_connect_swapped (table, "changed", G_CALLBACK (schedule), self);
  g_signal_connect_swapped (session, "changed", G_CALLBACK (schedule), self);
  g_signal_connect_swapped (session, "ended", G_CALLBACK (schedule), self);
  schedule (self);
}

RollSession *
roll_common_finder_get_session (RollCommonFinder *self)
{
  g_return_val_if_fail (ROLL_IS_COMMON_FINDER (self), NULL);

  return self->session;
}

GPtrArray *
roll_common_finder_get_groups (RollCommonFinder *self)
{
  g_return_val_if_fail (ROLL_IS_COMMON_FINDER (self), NULL);

  return self->groups;
}
