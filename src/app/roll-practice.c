/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-practice.h"

#include <glib/gi18n.h>

#include "lab/roll-lab.h"

/* Retries are shown, not waited for: these computers do not get better with time. */
#define RETRY_DELAY_MS 3000

static gpointer
free_lab (gpointer lab)
{
  roll_lab_free (lab);
  return NULL;
}

/* Its thread may need a moment to end; the window does not wait for it. */
static void
free_lab_elsewhere (gpointer lab)
{
  g_thread_unref (g_thread_new ("practice-end", free_lab, lab));
}

static RollTargetList *
list_targets (RollLab *lab)
{
  RollTargetList *list = roll_target_list_new ();
  guint n;
  const RollLabComputer *computers = roll_lab_get_computers (lab, &n);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!roll_target_list_add (list, computers[i].target, &error))
        g_error ("The practice network has a computer that is no target: %s", error->message);
    }
  return list;
}

static RollScanPlan *
make_plan (RollLab *lab)
{
  RollScanOptions *options = roll_scan_options_new ();
  RollScanPlan *plan = roll_scan_plan_new (list_targets (lab), options);

  options->port = roll_lab_get_port (lab);
  options->side_ports = roll_lab_get_side_ports (lab);
  options->retry_delay_ms = RETRY_DELAY_MS;
  options->watchdog_ms = ROLL_LAB_WATCHDOG_MS;
  options->dns = g_strsplit (roll_lab_get_dns (lab), " ", -1);
  plan->name = g_strdup (_("Practice Network"));
  plan->practice = TRUE;
  plan->credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  g_ptr_array_add (plan->credentials, roll_lab_new_credential ());
  plan->keeper = lab;
  plan->free_keeper = free_lab_elsewhere;
  return plan;
}

static void
plan_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  g_autoptr (RollLab) lab = roll_lab_new (ROLL_LAB_COMPUTERS);
  GError *error = NULL;

  if (roll_lab_start (lab, &error))
    g_task_return_pointer (task, make_plan (g_steal_pointer (&lab)), (GDestroyNotify) roll_scan_plan_free);
  else
    g_task_return_error (task, error);
}

void
roll_practice_plan_async (GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, roll_practice_plan_async);
  g_task_run_in_thread (task, plan_thread);
}

RollScanPlan *
roll_practice_plan_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Again --- */

/* Only at its old port it is the network that was scanned. @error: (transfer full), and so is what is returned */
static GError *
explain (GError *error, const RollScanOptions *options)
{
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    return error;
  g_error_free (error);
  return g_error_new (G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
                      _("Another program has port %u, where this practice network was. Is a second one running? End "
                        "that, or try the practice network anew."),
                      options->port);
}

static void
start_again_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  const RollScanInfo *info = task_data;
  GError *error = NULL;
  g_autoptr (RollScanOptions) options = roll_scan_options_from_text (info->options, &error);
  g_autoptr (RollLab) lab = roll_lab_new (CLAMP (info->n_targets, 1, ROLL_LAB_COMPUTERS_MAX));

  if (options != NULL)
    roll_lab_set_port (lab, options->port);
  if (options == NULL || !roll_lab_start (lab, &error))
    g_task_return_error (task, explain (error, options));
  else
    g_task_return_pointer (task, g_steal_pointer (&lab), free_lab_elsewhere);
}

void
roll_practice_start_again_async (const RollScanInfo *info, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, NULL, callback, user_data);

  g_task_set_source_tag (task, roll_practice_start_again_async);
  g_task_set_task_data (task, roll_scan_info_copy (info), (GDestroyNotify) roll_scan_info_free);
  g_task_run_in_thread (task, start_again_thread);
}

RollPracticeNetwork *
roll_practice_start_again_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

void
roll_practice_network_free (gpointer network)
{
  free_lab_elsewhere (network);
}
