/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-library.h"

struct _RollLibrary
{
  GObject parent_instance;

  RollStore *store;
  GPtrArray *scans;
};

enum
{
  CHANGED,
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (RollLibrary, roll_library, G_TYPE_OBJECT)

static void
close_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_object_unref (task_data);
  g_task_return_boolean (task, TRUE);
}

static void
closed (GObject *source, GAsyncResult *result, gpointer application)
{
  if (application != NULL)
    g_application_release (application);
}

/* Whoever closes last writes the rest of the journal to its place: not while somebody waits for the window to go. */
static void
close_store (RollStore *store)
{
  GApplication *application = g_application_get_default ();
  g_autoptr (GTask) task = g_task_new (NULL, NULL, closed, application);

  if (application != NULL)
    g_application_hold (application);
  g_task_set_source_tag (task, close_store);
  g_task_set_task_data (task, store, NULL);
  g_task_run_in_thread (task, close_thread);
}

static void
roll_library_finalize (GObject *object)
{
  RollLibrary *self = ROLL_LIBRARY (object);

  g_ptr_array_unref (self->scans);
  if (self->store != NULL)
    close_store (g_steal_pointer (&self->store));
  G_OBJECT_CLASS (roll_library_parent_class)->finalize (object);
}

static void
roll_library_class_init (RollLibraryClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = roll_library_finalize;
  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_STRING);
}

static void
roll_library_init (RollLibrary *self)
{
  self->scans = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_scan_info_free);
}

RollLibrary *
roll_library_new (void)
{
  return g_object_new (ROLL_TYPE_LIBRARY, NULL);
}

/* What a worker is to do with the store before it reads the list, and what it found. */
typedef struct
{
  RollStore *store;
  gint64 id;
  char *name;
  gboolean (*change) (RollStore *store, gint64 id, const char *name, GError **error);
  GPtrArray *scans;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_clear_object (&work->store);
  g_free (work->name);
  g_clear_pointer (&work->scans, g_ptr_array_unref);
  g_free (work);
}

static gboolean
do_work (Work *work, GError **error)
{
  if (work->store == NULL)
    work->store = roll_store_open (NULL, FALSE, error);
  if (work->store == NULL)
    return FALSE;
  if (work->change != NULL && !work->change (work->store, work->id, work->name, error))
    return FALSE;
  work->scans = roll_store_list_scans (work->store, error);
  return work->scans != NULL;
}

static void
work_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (do_work (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
take_over (RollLibrary *self, Work *work)
{
  g_set_object (&self->store, work->store);
  g_ptr_array_unref (self->scans);
  self->scans = g_steal_pointer (&work->scans);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
work_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  RollLibrary *self = ROLL_LIBRARY (source);
  g_autoptr (GError) error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    take_over (self, g_task_get_task_data (G_TASK (result)));
  else
    g_signal_emit (self, signals[FAILED], 0, error->message);
}

static void
start_work (RollLibrary *self, Work *work, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);

  if (self->store != NULL)
    work->store = g_object_ref (self->store);
  g_task_set_source_tag (task, start_work);
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, work_thread);
}

void
roll_library_open_async (RollLibrary *self, GAsyncReadyCallback callback, gpointer user_data)
{
  g_return_if_fail (ROLL_IS_LIBRARY (self));

  start_work (self, g_new0 (Work, 1), callback, user_data);
}

gboolean
roll_library_open_finish (RollLibrary *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  take_over (self, g_task_get_task_data (G_TASK (result)));
  return TRUE;
}

RollStore *
roll_library_get_store (RollLibrary *self)
{
  g_return_val_if_fail (ROLL_IS_LIBRARY (self), NULL);

  return self->store;
}

GPtrArray *
roll_library_get_scans (RollLibrary *self)
{
  g_return_val_if_fail (ROLL_IS_LIBRARY (self), NULL);

  return self->scans;
}

const RollScanInfo *
roll_library_find (RollLibrary *self, gint64 id)
{
  g_return_val_if_fail (ROLL_IS_LIBRARY (self), NULL);

  for (guint i = 0; i < self->scans->len; i++)
    {
      const RollScanInfo *info = self->scans->pdata[i];

      if (info->id == id)
        return info;
    }
  return NULL;
}

void
roll_library_refresh (RollLibrary *self)
{
  g_return_if_fail (ROLL_IS_LIBRARY (self));

  start_work (self, g_new0 (Work, 1), work_done, NULL);
}

void
roll_library_rename (RollLibrary *self, gint64 id, const char *name)
{
  Work *work = g_new0 (Work, 1);

  g_return_if_fail (ROLL_IS_LIBRARY (self));

  work->id = id;
  work->name = g_strdup (name);
  work->change = roll_store_rename_scan;
  start_work (self, work, work_done, NULL);
}

static gboolean
delete_scan (RollStore *store, gint64 id, const char *name, GError **error)
{
  return roll_store_delete_scan (store, id, error);
}

void
roll_library_delete (RollLibrary *self, gint64 id)
{
  Work *work = g_new0 (Work, 1);

  g_return_if_fail (ROLL_IS_LIBRARY (self));

  work->id = id;
  work->change = delete_scan;
  start_work (self, work, work_done, NULL);
}
