/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-trial.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <unistd.h>

#include "inventory/roll-detail.h"
#include "scan/roll-conversation.h"
#include "scan/roll-sieve.h"
#include "status/roll-causes.h"

typedef struct
{
  RollCredential *credential;
  char *target;
  RollScanOptions *options;
  RollTrialStep step;
  gpointer user_data;
  GMainContext *context;

  /* of the thread that has the trial: the sieve's, then the task's */
  RollTrial *trial;
  guint n_told;
  gboolean asked;
  int fd;
  gboolean cancelled;
  RollVerdict verdict;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  roll_credential_unref (job->credential);
  g_free (job->target);
  roll_scan_options_free (job->options);
  g_main_context_unref (job->context);
  roll_trial_free (job->trial);
  if (job->fd >= 0)
    close (job->fd);
  g_free (job);
}

void
roll_trial_free (RollTrial *trial)
{
  if (trial == NULL)
    return;
  roll_computer_unref (trial->computer);
  roll_attempt_free (trial->attempt);
  roll_credential_unref (trial->credential);
  g_free (trial);
}

/* --- News for the caller ---------------------------------------------------------------------------------------- */

typedef struct
{
  RollTrialStep step;
  gpointer user_data;
  guint place;
  RollStepRecord record;
} News;

static gboolean
tell (gpointer data)
{
  News *news = data;

  news->step (news->place, &news->record, news->user_data);
  return G_SOURCE_REMOVE;
}

static void
news_free (gpointer data)
{
  News *news = data;

  g_free (news->record.peer);
  g_free (news->record.detail);
  g_free (news);
}

/* In the order and with the priority of the task's own end, which comes behind them. */
static void
on_step (const RollAttempt *attempt, guint place, gpointer user_data)
{
  Job *job = user_data;
  g_autoptr (GSource) source = NULL;
  News *news;

  job->n_told = MAX (job->n_told, place + 1);
  if (job->step == NULL)
    return;
  news = g_new0 (News, 1);
  *news = (News) { job->step, job->user_data, place, g_array_index (attempt->steps, RollStepRecord, place) };
  news->record.peer = g_strdup (news->record.peer);
  news->record.detail = g_strdup (news->record.detail);
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell, news, news_free);
  g_source_attach (source, job->context);
}

static void
tell_new_steps (Job *job, const RollAttempt *attempt)
{
  while (job->n_told < attempt->steps->len)
    on_step (attempt, job->n_told, job);
}

/* --- To the open port, on the sieve's thread -------------------------------------------------------------------- */

static RollSieveNext
on_next (RollSieveKinds kinds, RollSieveJob *ret_job, gint64 *ret_when, gpointer user_data)
{
  Job *job = user_data;
  gboolean by_name = job->trial->computer->address.family == AF_UNSPEC;

  if (job->asked || (kinds & (by_name ? ROLL_SIEVE_NAMES : ROLL_SIEVE_ADDRESSES)) == 0)
    return ROLL_SIEVE_END;
  job->asked = TRUE;
  *ret_job = (RollSieveJob) {
    .name = by_name ? job->trial->computer->target : NULL,
    .address = job->trial->computer->address,
    .attempt = g_steal_pointer (&job->trial->attempt),
  };
  return ROLL_SIEVE_JOB;
}

static gboolean
on_admits (const RollSieveJob *sieve_job, const RollAddress *address, gpointer user_data)
{
  Job *job = user_data;

  tell_new_steps (job, sieve_job->attempt);
  return roll_credential_applies (job->credential, job->trial->computer->target, address);
}

static void
end_with (Job *job, RollVerdict verdict, RollFailure failure)
{
  RollComputer *computer = job->trial->computer;

  job->verdict = verdict;
  computer->step = failure.step;
  computer->error = failure.error;
  computer->said_by = failure.said_by;
}

static void
on_done (RollSieveResult *result, gpointer user_data)
{
  Job *job = user_data;

  job->trial->attempt = result->job.attempt;
  job->trial->computer->address = result->address;
  job->fd = result->fd;
  job->cancelled = result->cancelled;
  tell_new_steps (job, job->trial->attempt);
  if (result->fd < 0 && !result->cancelled)
    end_with (job, roll_verdict (result->step, result->error), (RollFailure) { result->step, result->said_by, result->error });
}

static void
on_event (const char *kind, const char *detail, gpointer user_data)
{
}

static void
stop_sieve (GCancellable *cancellable, gpointer sieve)
{
  roll_sieve_stop (sieve);
}

static gboolean
connect_to_port (Job *job, GCancellable *cancellable, GError **error)
{
  static const RollSieveCallbacks callbacks = { on_next, on_done, on_event, on_admits };
  RollSieveOptions options = {
    .port = job->options->port,
    .probes = 1,
    .connect_timeout_ms = job->options->connect_timeout_ms,
    .resolver = {
      .servers = (const char *const *) job->options->dns,
      .search = (const char *const *) job->options->dns_search,
    },
  };
  RollSieve *sieve = roll_sieve_start (&options, &callbacks, job, error);
  gulong handler;

  if (sieve == NULL)
    return FALSE;
  handler = cancellable != NULL ? g_cancellable_connect (cancellable, G_CALLBACK (stop_sieve), sieve, NULL) : 0;
  roll_sieve_join (sieve);
  g_cancellable_disconnect (cancellable, handler);
  roll_sieve_free (sieve);
  return TRUE;
}

/* --- From there on, on the task's thread ------------------------------------------------------------------------- */

static void
converse (Job *job, GCancellable *cancellable)
{
  g_autoptr (GPtrArray) credentials = g_ptr_array_new ();
  g_autoptr (RollLogonBudget) budget = NULL;
  g_autoptr (RollPlan) plan = roll_plan_new (NULL);
  RollLogonBudgetOptions budget_options = {
    .failures = 1,
    .window_ms = ROLL_LOGON_WINDOW_MS,
    .credentials = credentials,
    .event = on_event,
  };
  RollConversationOptions options = {
    .target = job->trial->computer->target,
    .address = job->trial->computer->address,
    .port = job->options->port,
    .connect_timeout_ms = job->options->connect_timeout_ms,
    .watchdog_ms = job->options->watchdog_ms,
    .cancel_fd = g_cancellable_get_fd (cancellable),
    .credentials = credentials,
    .login_only = TRUE,
    .step = on_step,
    .user_data = job,
  };
  RollConversationEnd end;

  g_ptr_array_add (credentials, job->credential);
  options.budget = budget = roll_logon_budget_new (&budget_options);
  roll_converse (&options, g_steal_fd (&job->fd), plan, job->trial->attempt, &end);
  if (options.cancel_fd >= 0)
    g_cancellable_release_fd (cancellable);
  job->cancelled = end.cancelled;
  end_with (job, end.verdict, end.failure);
}

static gboolean
set_target (Job *job, GError **error)
{
  g_autoptr (RollTargetList) list = roll_target_list_new ();
  RollTargetIter iter;
  RollTarget target;

  if (!roll_target_list_add (list, job->target, error))
    return FALSE;
  if (roll_target_list_get_count (list) != 1)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   _("“%s” is more than one computer. Name the one to try it on."), job->target);
      return FALSE;
    }
  roll_target_iter_init (&iter, list, 0);
  roll_target_iter_next (&iter, &target);
  job->trial = g_new0 (RollTrial, 1);
  job->trial->credential = roll_credential_ref (job->credential);
  job->trial->attempt = roll_attempt_new (1);
  job->trial->computer = roll_computer_new (0, target.text);
  job->trial->computer->address = target.address;
  job->trial->computer->credential = g_strdup (job->credential->name);
  job->trial->computer->attempts = 1;
  return TRUE;
}

static gboolean
fail_here (RollErrorNumber number, GError **error)
{
  g_autofree char *text = roll_error_format (number);
  const char *meaning = roll_error_meaning (number);

  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED,
               _("This computer does not permit the connection, or is short of something: %s. %s"), text,
               meaning != NULL ? meaning : "");
  return FALSE;
}

static gboolean
run (Job *job, GCancellable *cancellable, GError **error)
{
  RollComputer *computer = job->trial->computer;

  if (!roll_credential_applies (job->credential, computer->target, &computer->address))
    end_with (job, (RollVerdict) { ROLL_STATUS_NO_CREDENTIALS, ROLL_ACTION_FINISH },
              (RollFailure) { ROLL_STEP_NONE, ROLL_SAID_BY_THIS_MACHINE,
                              { ROLL_ERROR_SPACE_ENGINE, ROLL_ENGINE_ERROR_NO_CREDENTIALS } });
  else if (!connect_to_port (job, cancellable, error))
    return FALSE;
  if (job->fd >= 0)
    converse (job, cancellable);
  if (job->cancelled || g_cancellable_is_cancelled (cancellable))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, _("The trial was stopped."));
      return FALSE;
    }
  return job->verdict.action != ROLL_ACTION_OUR_FAULT || fail_here (computer->error, error);
}

static void
trial_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Job *job = data;
  gint64 begun = g_get_monotonic_time ();
  GError *error = NULL;

  if (!set_target (job, &error) || !run (job, cancellable, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  job->trial->computer->status = job->trial->attempt->status = job->verdict.status;
  job->trial->computer->duration_us = job->trial->attempt->duration_us = g_get_monotonic_time () - begun;
  job->trial->computer->started_at = job->trial->attempt->started_at = g_get_real_time () - job->trial->attempt->duration_us;
  g_task_return_pointer (task, g_steal_pointer (&job->trial), (GDestroyNotify) roll_trial_free);
}

void
roll_trial_async (RollCredential *credential, const char *target, const RollScanOptions *options, RollTrialStep step,
                  GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = NULL;
  Job *job;

  g_return_if_fail (credential != NULL && target != NULL && options != NULL);

  task = g_task_new (NULL, cancellable, callback, user_data);
  job = g_new0 (Job, 1);
  job->credential = roll_credential_ref (credential);
  job->target = g_strstrip (g_strdup (target));
  job->options = roll_scan_options_copy (options);
  job->step = step;
  job->user_data = user_data;
  job->context = g_main_context_ref_thread_default ();
  job->fd = -1;
  g_task_set_source_tag (task, roll_trial_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, trial_thread);
}

RollTrial *
roll_trial_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- What it says ------------------------------------------------------------------------------------------------ */

static gboolean
used_kerberos (const RollAttempt *attempt)
{
  for (guint i = attempt->steps->len; i > 0; i--)
    {
      const RollStepRecord *record = &g_array_index (attempt->steps, RollStepRecord, i - 1);
      g_autofree char *protocol = record->detail != NULL ? roll_detail_get (record->detail, "protocol") : NULL;

      if (protocol != NULL)
        return strcmp (protocol, "kerberos") == 0;
    }
  return FALSE;
}

char *
roll_trial_sentence (const RollTrial *trial)
{
  const RollComputer *computer = trial->computer;
  const RollStatusPage *page;

  g_return_val_if_fail (trial != NULL, NULL);

  if (computer->status == ROLL_STATUS_SUCCESS)
    /* Translators: a credential, a computer, Kerberos or NTLM */
    return g_strdup_printf (_("“%s” works on %s: it logged on with %s and may use WMI."), trial->credential->name,
                            computer->target, used_kerberos (trial->attempt) ? "Kerberos" : "NTLM");
  if (computer->status == ROLL_STATUS_NO_CREDENTIALS)
    return g_strdup_printf (_("“%s” is not used on %s: the places it is limited to do not include that computer."),
                            trial->credential->name, computer->target);
  page = roll_causes_page (computer->status);
  return g_strdup_printf ("%s: %s", roll_status_label (computer->status), page != NULL ? page->meaning : "");
}
