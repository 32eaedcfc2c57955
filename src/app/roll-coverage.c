/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-coverage.h"

#include <glib/gi18n.h>

#include "app/roll-format.h"
#include "inventory/roll-credential.h"
#include "scan/roll-scan.h"

typedef struct
{
  RollStore *store;
  gint64 scan_id;
  char *scope;
} Job;

static void
job_free (gpointer data)
{
  Job *job = data;

  g_object_unref (job->store);
  g_free (job->scope);
  g_free (job);
}

void
roll_coverage_free (RollCoverage *coverage)
{
  if (coverage == NULL)
    return;
  g_strfreev (coverage->names);
  g_free (coverage->computer);
  g_free (coverage);
}

/* --- Counting --- */

typedef struct
{
  RollCoverage *coverage;
  RollCredential *credential;
  GCancellable *cancellable;
  GPtrArray *names;
  guint best; /* how much a trial on coverage->computer says */
} Count;

/* One that logged somebody on before, then one that talked, then one that is at least there. */
static guint
worth_of (const RollComputer *computer)
{
  if (computer->status == ROLL_STATUS_SUCCESS)
    return 4;
  if (computer->status == ROLL_STATUS_ACCESS_DENIED)
    return 3;
  if (computer->status == ROLL_STATUS_REACHABLE || computer->status == ROLL_STATUS_NO_CREDENTIALS)
    return 2;
  return computer->step >= ROLL_STEP_NEGOTIATE ? 1 : 0;
}

static gboolean
count_computer (RollComputer *computer, gpointer user_data)
{
  Count *count = user_data;
  guint worth;

  count->coverage->n_targets++;
  if (!roll_credential_applies (count->credential, computer->target, &computer->address))
    return !g_cancellable_is_cancelled (count->cancellable);
  if (count->coverage->n_covered++ < ROLL_COVERAGE_NAMES)
    g_ptr_array_add (count->names, g_strdup (computer->target));
  worth = worth_of (computer);
  if (worth > count->best)
    {
      count->best = worth;
      g_free (count->coverage->computer);
      count->coverage->computer = g_strdup (computer->target);
    }
  return !g_cancellable_is_cancelled (count->cancellable);
}

RollCoverage *
roll_coverage_count (RollStore *store, gint64 scan_id, const char *scope, GCancellable *cancellable, GError **error)
{
  /* Places are all that is asked of it. */
  g_autoptr (RollCredential) credential = roll_credential_new ("", NULL, NULL, scope, NULL, error);
  g_autoptr (RollCoverage) coverage = g_new0 (RollCoverage, 1);
  Count count = { coverage, credential, cancellable, NULL, 0 };
  gboolean counted;

  if (credential == NULL)
    return NULL;
  count.names = g_ptr_array_new ();
  counted = roll_scan_foreach_computer (store, scan_id, count_computer, &count, error)
            && !g_cancellable_set_error_if_cancelled (cancellable, error);
  g_ptr_array_add (count.names, NULL);
  coverage->names = (char **) g_ptr_array_free (count.names, FALSE);
  return counted ? g_steal_pointer (&coverage) : NULL;
}

static void
count_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const Job *job = data;
  GError *error = NULL;
  RollCoverage *coverage = roll_coverage_count (job->store, job->scan_id, job->scope, cancellable, &error);

  if (coverage != NULL)
    g_task_return_pointer (task, coverage, (GDestroyNotify) roll_coverage_free);
  else
    g_task_return_error (task, error);
}

void
roll_coverage_async (RollStore *store, gint64 scan_id, const char *scope, GCancellable *cancellable,
                     GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (NULL, cancellable, callback, user_data);
  Job *job = g_new0 (Job, 1);

  job->store = g_object_ref (store);
  job->scan_id = scan_id;
  job->scope = g_strdup (scope);
  g_task_set_source_tag (task, roll_coverage_async);
  g_task_set_task_data (task, job, job_free);
  g_task_run_in_thread (task, count_thread);
}

RollCoverage *
roll_coverage_finish (GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- What it says --- */

char *
roll_coverage_describe (const RollCoverage *coverage, const char *scan)
{
  g_autofree char *covered = roll_format_count (coverage->n_covered);
  g_autofree char *all = roll_format_count (coverage->n_targets);
  g_autofree char *names = g_strjoinv (", ", coverage->names);
  gboolean more = coverage->n_covered > g_strv_length (coverage->names);
  g_autofree char *which = more ? g_strdup_printf (_("%s…"), names) : g_strdup (names);

  if (coverage->n_covered == 0)
    /* Translators: a number of computers, the name of a scan */
    return g_strdup_printf (ngettext ("The %s computer of the last scan, “%s”, is not among them.",
                                      "None of the %s computers of the last scan, “%s”, is among them.", coverage->n_targets),
                            all, scan);
  /* Translators: how many, of how many computers, the name of a scan, the first of them */
  return g_strdup_printf (ngettext ("%s of %s computer of the last scan, “%s”: %s",
                                    "%s of %s computers of the last scan, “%s”: %s", coverage->n_targets),
                          covered, all, scan, which);
}
