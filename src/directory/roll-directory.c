/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory.h"

#include <glib/gi18n-lib.h>

#include "directory/roll-directory-private.h"
#include "directory/roll-directory-questions.h"

/* Firewalls and servers forget a connection that is silent for long; a new one is sure to work. */
#define IDLE_US (60 * G_TIME_SPAN_SECOND)
#define PROGRESS_US (G_TIME_SPAN_SECOND / 10)

struct _RollDirectory
{
  GObject parent_instance;

  RollDirectoryOptions *options;
  gboolean busy; /* atomic; what follows belongs to the thread of the call while there is one */
  RollDirectoryConnection *connection;
  gint64 used_at;
  RollDirectoryCertificate *certificate;
  char *server;
  char *base;
};

G_DEFINE_FINAL_TYPE (RollDirectory, roll_directory, G_TYPE_OBJECT)

static guint progress_signal;

/* One call. @run: blocks in the call's thread and returns what the task does */
typedef struct
{
  gpointer (*run) (RollDirectory *self, GTask *task, RollDirectoryWait *wait, GError **error);
  GDestroyNotify free_result;
  char **bases;
  gint64 told_at; /* progress */
  gpointer result;
  GError *error;
} Call;

static void
call_free (Call *call)
{
  g_strfreev (call->bases);
  if (call->result)
    call->free_result (call->result);
  g_clear_error (&call->error);
  g_free (call);
}

static void
roll_directory_finalize (GObject *object)
{
  RollDirectory *self = ROLL_DIRECTORY (object);

  roll_directory_connection_free (self->connection);
  roll_directory_options_free (self->options);
  roll_directory_certificate_free (self->certificate);
  g_free (self->server);
  g_free (self->base);
  G_OBJECT_CLASS (roll_directory_parent_class)->finalize (object);
}

static void
roll_directory_class_init (RollDirectoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = roll_directory_finalize;
  progress_signal =
      g_signal_new ("progress", ROLL_TYPE_DIRECTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
roll_directory_init (RollDirectory *self)
{
}

RollDirectory *
roll_directory_new (const RollDirectoryOptions *options)
{
  RollDirectory *self;

  g_return_val_if_fail (options != NULL, NULL);

  self = g_object_new (ROLL_TYPE_DIRECTORY, NULL);
  self->options = roll_directory_options_copy (options);
  return self;
}

const RollDirectoryCertificate *
roll_directory_get_certificate (RollDirectory *self)
{
  g_return_val_if_fail (ROLL_IS_DIRECTORY (self), NULL);

  return self->certificate;
}

const char *
roll_directory_get_server (RollDirectory *self)
{
  g_return_val_if_fail (ROLL_IS_DIRECTORY (self), NULL);

  return self->server;
}

const char *
roll_directory_get_base (RollDirectory *self)
{
  g_return_val_if_fail (ROLL_IS_DIRECTORY (self), NULL);

  return self->base;
}

/* --- In the thread of a call --------------------------------------------------------------------------------------- */

static void
close_connection (RollDirectory *self)
{
  g_clear_pointer (&self->connection, roll_directory_connection_free);
}

static gboolean
ensure_open (RollDirectory *self, RollDirectoryWait *wait, GError **error)
{
  if (self->connection && g_get_monotonic_time () - self->used_at < IDLE_US)
    return TRUE;
  close_connection (self);
  g_clear_pointer (&self->certificate, roll_directory_certificate_free);
  self->connection = roll_directory_connection_new (self->options, wait, &self->certificate, error);
  if (!self->connection)
    return FALSE;
  g_free (self->server);
  self->server = g_strdup (self->connection->server);
  g_free (self->base);
  self->base = g_strdup (self->connection->base);
  return TRUE;
}

static gboolean
return_result (gpointer user_data)
{
  GTask *task = user_data;
  Call *call = g_task_get_task_data (task);

  if (call->result)
    g_task_return_pointer (task, g_steal_pointer (&call->result), call->free_result);
  else
    g_task_return_error (task, g_steal_pointer (&call->error));
  return G_SOURCE_REMOVE;
}

static void
attach (GTask *task, GSourceFunc function, gpointer user_data, GDestroyNotify free_data)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  GMainContext *context = g_task_get_context (task);

  /* In the order in which they are attached. */
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, function, user_data, free_data);
  g_source_attach (source, context);
}

static gpointer
run_in_thread (gpointer user_data)
{
  GTask *task = user_data;
  RollDirectory *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  RollDirectoryWait wait;

  roll_directory_wait_init (&wait, g_task_get_cancellable (task));
  if (ensure_open (self, &wait, &call->error))
    call->result = call->run (self, task, &wait, &call->error);
  if (!call->result)
    close_connection (self);
  roll_directory_wait_clear (&wait);
  self->used_at = g_get_monotonic_time ();
  g_atomic_int_set (&self->busy, FALSE);
  /* With the last reference: who exits once there is an answer must not meet a thread that is still tidying up. */
  attach (task, return_result, task, g_object_unref);
  return NULL;
}

static gboolean
claim (RollDirectory *self, GError **error)
{
  if (!roll_directory_options_check (self->options, error))
    return FALSE;
  if (g_atomic_int_compare_and_exchange (&self->busy, FALSE, TRUE))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING, _ ("This directory is being asked already. Wait for the answer."));
  return FALSE;
}

/* @call: (transfer full) */
static void
begin (RollDirectory *self, gpointer tag, Call *call, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (GError) error = NULL;
  GThread *thread;

  g_task_set_source_tag (task, tag);
  g_task_set_task_data (task, call, (GDestroyNotify) call_free);
  if (!claim (self, &error))
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  thread = g_thread_try_new ("directory", run_in_thread, g_object_ref (task), &error);
  if (thread)
    {
      g_thread_unref (thread);
      return;
    }
  g_atomic_int_set (&self->busy, FALSE);
  g_task_return_error (task, g_steal_pointer (&error));
  g_object_unref (task);
}

/* --- Opening ------------------------------------------------------------------------------------------------------- */

static gpointer
run_open (RollDirectory *self, GTask *task, RollDirectoryWait *wait, GError **error)
{
  return g_object_ref (self);
}

void
roll_directory_open_async (RollDirectory *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Call *call;

  g_return_if_fail (ROLL_IS_DIRECTORY (self));

  call = g_new0 (Call, 1);
  call->run = run_open;
  call->free_result = g_object_unref;
  begin (self, roll_directory_open_async, call, cancellable, callback, user_data);
}

gboolean
roll_directory_open_finish (RollDirectory *self, GAsyncResult *result, GError **error)
{
  g_autoptr (GObject) opened = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  opened = g_task_propagate_pointer (G_TASK (result), error);
  return opened != NULL;
}

/* --- Places -------------------------------------------------------------------------------------------------------- */

static gpointer
run_list (RollDirectory *self, GTask *task, RollDirectoryWait *wait, GError **error)
{
  return roll_directory_ask_containers (self->connection, wait, error);
}

void
roll_directory_list_async (RollDirectory *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  Call *call;

  g_return_if_fail (ROLL_IS_DIRECTORY (self));

  call = g_new0 (Call, 1);
  call->run = run_list;
  call->free_result = (GDestroyNotify) g_ptr_array_unref;
  begin (self, roll_directory_list_async, call, cancellable, callback, user_data);
}

GPtrArray *
roll_directory_list_finish (RollDirectory *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Computers ----------------------------------------------------------------------------------------------------- */

typedef struct
{
  RollDirectory *directory;
  guint n;
} Progress;

static gboolean
emit_progress (gpointer user_data)
{
  Progress *progress = user_data;

  g_signal_emit (progress->directory, progress_signal, 0, progress->n);
  return G_SOURCE_REMOVE;
}

static void
progress_free (gpointer user_data)
{
  Progress *progress = user_data;

  g_object_unref (progress->directory);
  g_free (progress);
}

static void
on_progress (guint n, gpointer user_data)
{
  GTask *task = user_data;
  Call *call = g_task_get_task_data (task);
  gint64 now = g_get_monotonic_time ();

  if (now - call->told_at < PROGRESS_US)
    return;
  call->told_at = now;
  Progress *progress = g_new (Progress, 1);
  *progress = (Progress) { g_object_ref (g_task_get_source_object (task)), n };
  attach (task, emit_progress, progress, progress_free);
}

static gpointer
run_find (RollDirectory *self, GTask *task, RollDirectoryWait *wait, GError **error)
{
  const Call *call = g_task_get_task_data (task);

  return roll_directory_ask_computers (self->connection, (const char *const *) call->bases, wait, on_progress, task, error);
}

void
roll_directory_find_async (RollDirectory *self, const char *const *bases, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  Call *call;

  g_return_if_fail (ROLL_IS_DIRECTORY (self));

  call = g_new0 (Call, 1);
  call->run = run_find;
  call->free_result = (GDestroyNotify) roll_directory_computers_unref;
  call->bases = g_strdupv ((char **) bases);
  begin (self, roll_directory_find_async, call, cancellable, callback, user_data);
}

RollDirectoryComputers *
roll_directory_find_finish (RollDirectory *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
