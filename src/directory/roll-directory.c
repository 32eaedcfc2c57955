/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-private.h"

struct _RollDirectory
{
  GObject parent_instance;

  RollDirectoryOptions *options;
};

G_DEFINE_FINAL_TYPE (RollDirectory, roll_directory, G_TYPE_OBJECT)

static void
roll_directory_finalize (GObject *object)
{
  RollDirectory *self = ROLL_DIRECTORY (object);

  roll_directory_options_free (self->options);
  G_OBJECT_CLASS (roll_directory_parent_class)->finalize (object);
}

static void
roll_directory_class_init (RollDirectoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = roll_directory_finalize;
  g_signal_new ("progress", ROLL_TYPE_DIRECTORY, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static void
roll_directory_init (RollDirectory *self)
{
}

RollDirectory *
roll_directory_new (const RollDirectoryOptions *options)
{
  RollDirectory *self = g_object_new (ROLL_TYPE_DIRECTORY, NULL);

  self->options = roll_directory_options_copy (options);
  return self;
}

void
roll_directory_container_free (RollDirectoryContainer *container)
{
  g_free (container->dn);
  g_free (container->name);
  g_free (container);
}

static void
begin (RollDirectory *self, gpointer tag, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, tag);
  g_task_return_new_error (task, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_NO_SERVER, "No domain controller can be reached.");
}

void
roll_directory_open_async (RollDirectory *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, roll_directory_open_async, cancellable, callback, user_data);
}

gboolean
roll_directory_open_finish (RollDirectory *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

const RollDirectoryCertificate *
roll_directory_get_certificate (RollDirectory *self)
{
  return NULL;
}

const char *
roll_directory_get_server (RollDirectory *self)
{
  return NULL;
}

const char *
roll_directory_get_base (RollDirectory *self)
{
  return NULL;
}

void
roll_directory_list_async (RollDirectory *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  begin (self, roll_directory_list_async, cancellable, callback, user_data);
}

GPtrArray *
roll_directory_list_finish (RollDirectory *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

void
roll_directory_find_async (RollDirectory *self, const char *const *bases, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  begin (self, roll_directory_find_async, cancellable, callback, user_data);
}

RollDirectoryComputers *
roll_directory_find_finish (RollDirectory *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
