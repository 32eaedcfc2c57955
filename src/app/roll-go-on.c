/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-go-on.h"

#include "app/roll-application.h"
#include "app/roll-logon-dialog.h"
#include "app/roll-practice.h"
#include "lab/roll-lab.h"

#define ANSWERED "answered" /* on the task: it has returned */

static void
on_practice (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  RollPracticeNetwork *network = roll_practice_start_again_finish (result, &error);
  GPtrArray *credentials;

  if (network == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  roll_session_set_keeper (g_task_get_source_object (task), network, roll_practice_network_free);
  credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  g_ptr_array_add (credentials, roll_lab_new_credential ());
  g_task_return_pointer (task, credentials, (GDestroyNotify) g_ptr_array_unref);
}

static void
on_logon (RollLogonDialog *dialog, gpointer credentials, GTask *task)
{
  g_object_set_data (G_OBJECT (task), ANSWERED, task);
  g_task_return_pointer (task, credentials, (GDestroyNotify) g_ptr_array_unref);
}

/* Also after it was answered. */
static void
on_dialog_gone (gpointer data, GObject *dialog)
{
  g_autoptr (GTask) task = data;

  if (g_object_get_data (G_OBJECT (task), ANSWERED) == NULL)
    g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "no account was given");
}

static void
ask_for_account (GtkWindow *parent, GTask *task, gboolean test)
{
  RollVault *vault = roll_application_get_vault (ROLL_APPLICATION (gtk_window_get_application (parent)));
  GtkWidget *dialog = roll_logon_dialog_new (parent, vault, g_task_get_source_object (task), test);

  g_signal_connect (dialog, "resume", G_CALLBACK (on_logon), task);
  g_object_weak_ref (G_OBJECT (dialog), on_dialog_gone, g_object_ref (task));
  gtk_window_present (GTK_WINDOW (dialog));
}

void
roll_go_on_prepare_async (GtkWindow *parent, RollSession *session, gboolean test, GAsyncReadyCallback callback,
                          gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (session, NULL, callback, user_data);
  const RollScanInfo *info = roll_session_get_info (session);
  GPtrArray *credentials = roll_session_get_credentials (session);

  g_task_set_source_tag (task, roll_go_on_prepare_async);
  if (info->practice)
    roll_practice_start_again_async (info, on_practice, g_object_ref (task));
  else if (info->probe_only)
    g_task_return_pointer (task, NULL, NULL);
  else if (credentials != NULL)
    g_task_return_pointer (task, g_ptr_array_ref (credentials), (GDestroyNotify) g_ptr_array_unref);
  else
    ask_for_account (parent, task, test);
}

gboolean
roll_go_on_prepare_finish (GAsyncResult *result, GPtrArray **ret_credentials, GError **error)
{
  GError *trouble = NULL;

  *ret_credentials = g_task_propagate_pointer (G_TASK (result), &trouble);
  if (trouble == NULL)
    return TRUE;
  g_propagate_error (error, trouble);
  return FALSE;
}
