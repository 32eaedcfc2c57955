/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-profile-work.h"

typedef struct
{
  char *name;
  char *new_name;
  RollProfile *profile;
} Work;

static void
work_free (gpointer data)
{
  Work *work = data;

  g_free (work->name);
  g_free (work->new_name);
  roll_profile_free (work->profile);
  g_free (work);
}

static void
start (gpointer source, Work *work, GTaskThreadFunc func, GAsyncReadyCallback callback)
{
  g_autoptr (GTask) task = g_task_new (source, NULL, callback, NULL);

  g_task_set_source_tag (task, start);
  g_task_set_task_data (task, work, work_free);
  g_task_run_in_thread (task, func);
}

static void
return_done (GTask *task, gboolean done, GError *error)
{
  if (done)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* --- Reading --- */

void
roll_profile_names_free (RollProfileNames *names)
{
  g_strfreev (names->names);
  g_strfreev (names->problems);
  g_free (names);
}

static void
list_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (RollProfileNames) names = g_new0 (RollProfileNames, 1);
  GError *error = NULL;

  names->names = roll_profile_list (&names->problems, &error);
  if (names->names != NULL)
    g_task_return_pointer (task, g_steal_pointer (&names), (GDestroyNotify) roll_profile_names_free);
  else
    g_task_return_error (task, error);
}

void
roll_profile_list_async (gpointer source, GAsyncReadyCallback callback)
{
  start (source, g_new0 (Work, 1), list_thread, callback);
}

RollProfileNames *
roll_profile_list_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
load_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Work *work = task_data;
  GError *error = NULL;
  RollProfile *profile = roll_profile_load (work->name, &error);

  if (profile != NULL)
    g_task_return_pointer (task, profile, (GDestroyNotify) roll_profile_free);
  else
    g_task_return_error (task, error);
}

void
roll_profile_load_async (gpointer source, const char *name, GAsyncReadyCallback callback)
{
  Work *work = g_new0 (Work, 1);

  work->name = g_strdup (name);
  start (source, work, load_thread, callback);
}

RollProfile *
roll_profile_load_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Writing --- */

static void
save_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Work *work = task_data;
  GError *error = NULL;
  gboolean done = roll_profile_save (work->profile, &error);

  return_done (task, done, error);
}

void
roll_profile_save_async (gpointer source, RollProfile *profile, GAsyncReadyCallback callback)
{
  Work *work = g_new0 (Work, 1);

  work->name = g_strdup (profile->name);
  work->profile = profile;
  start (source, work, save_thread, callback);
}

static void
rename_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Work *work = task_data;
  GError *error = NULL;
  gboolean done = roll_profile_rename (work->name, work->new_name, &error);

  return_done (task, done, error);
}

void
roll_profile_rename_async (gpointer source, const char *name, const char *new_name, GAsyncReadyCallback callback)
{
  Work *work = g_new0 (Work, 1);

  work->name = g_strdup (name);
  work->new_name = g_strdup (new_name);
  start (source, work, rename_thread, callback);
}

static void
delete_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const Work *work = task_data;
  GError *error = NULL;
  gboolean done = roll_profile_delete (work->name, &error);

  return_done (task, done, error);
}

void
roll_profile_delete_async (gpointer source, const char *name, GAsyncReadyCallback callback)
{
  Work *work = g_new0 (Work, 1);

  work->name = g_strdup (name);
  start (source, work, delete_thread, callback);
}

gboolean
roll_profile_change_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

const char *
roll_profile_work_get_name (GAsyncResult *result, const char **ret_new_name)
{
  const Work *work = g_task_get_task_data (G_TASK (result));

  if (ret_new_name != NULL)
    *ret_new_name = work->new_name;
  return work->name;
}
