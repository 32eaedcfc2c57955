/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-report.h"

#include "diagnosis/roll-diagnosis.h"
#include "report/roll-strata.h"
#include "scan/roll-report-private.h"
#include "scan/roll-scan.h"

/* Of a thousand parts of the work, about how many are done when each begins: explaining each failure takes longest. */
static const guint begins[] = {
  [ROLL_REPORT_READ] = 0,
  [ROLL_REPORT_EXPLAIN] = 300,
  [ROLL_REPORT_COMPARE] = 850,
  [ROLL_REPORT_WRITE] = 900,
  [ROLL_REPORT_WRITE + 1] = 1000,
};

gboolean
roll_report_goes_on (const RollReport *report, RollReportPart part, guint n_done, guint n_all)
{
  guint length = begins[part + 1] - begins[part];

  roll_work_progress_set (report->progress, begins[part] + (guint) ((guint64) length * n_done / MAX (n_all, 1)), 1000);
  return !g_cancellable_is_cancelled (report->cancellable);
}

static void
failure_clear (gpointer data)
{
  roll_computer_unref (((RollReportFailure *) data)->computer);
}

static void
list_failure (RollReport *report, RollComputer *computer)
{
  GArray **list = &report->failures[roll_status_look_index (computer->status)];
  const RollReportFailure failure = { roll_computer_ref (computer), NULL };

  if (*list == NULL)
    {
      *list = g_array_new (FALSE, FALSE, sizeof failure);
      g_array_set_clear_func (*list, failure_clear);
    }
  g_array_append_val (*list, failure);
  report->n_listed++;
}

static void
count_computer (RollReport *report, RollComputer *computer)
{
  g_autofree char *subnet = roll_strata_key (ROLL_STRATA_SUBNET, computer, 0);
  g_autofree char *system = roll_strata_key (ROLL_STRATA_SYSTEM, computer, 0);
  g_autofree char *place = roll_strata_key (ROLL_STRATA_OU, computer, 0);

  report->counts[roll_status_look_index (computer->status)]++;
  report->total++;
  report->answered += computer->status == ROLL_STATUS_SUCCESS || computer->status == ROLL_STATUS_REACHABLE;
  roll_tally_table_add (report->subnets, subnet, computer->status);
  roll_tally_table_add (report->systems, system, computer->status);
  if (place != NULL)
    roll_tally_table_add (report->places, place, computer->status);
  if (!roll_status_is_failure (computer->status))
    return;
  report->failed++;
  roll_tally_table_add (report->steps, roll_step_label (computer->step), computer->status);
  if (report->n_listed < ROLL_REPORT_MAX_LISTED)
    list_failure (report, computer);
}

static gboolean
on_computer (RollComputer *computer, gpointer user_data)
{
  RollReport *report = user_data;

  count_computer (report, computer);
  return roll_report_goes_on (report, ROLL_REPORT_READ, computer->ordinal + 1, report->info->n_targets);
}

static void
report_clear (RollReport *report)
{
  g_clear_pointer (&report->info, roll_scan_info_free);
  g_clear_pointer (&report->subnets, roll_tally_table_free);
  g_clear_pointer (&report->systems, roll_tally_table_free);
  g_clear_pointer (&report->places, roll_tally_table_free);
  g_clear_pointer (&report->steps, roll_tally_table_free);
  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    g_clear_pointer (&report->failures[i], g_array_unref);
  g_clear_pointer (&report->common, g_ptr_array_unref);
}

/* --- Why ------------------------------------------------------------------------------------------------ */

static gboolean
explain_failure (RollReportFailure *failure, RollStore *store, gint64 scan_id, const RollSurroundings *surroundings,
                 GError **error)
{
  g_autoptr (RollDiagnosis) diagnosis = roll_diagnosis_load (store, scan_id, failure->computer, surroundings, error);

  if (diagnosis == NULL)
    return FALSE;
  if (diagnosis->ranked->len > 0)
    failure->cause = ((RollRankedCause *) g_ptr_array_index (diagnosis->ranked, 0))->cause;
  return TRUE;
}

static gboolean
explain (RollReport *report, RollStore *store, GError **error)
{
  gint64 scan_id = report->info->id;
  GCancellable *cancellable = report->cancellable;
  g_autoptr (RollSurroundings) surroundings = roll_surroundings_load (store, scan_id, cancellable, error);
  guint n_done = 0;

  if (surroundings == NULL)
    return FALSE;
  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    for (guint k = 0; report->failures[i] != NULL && k < report->failures[i]->len; k++)
      {
        roll_report_goes_on (report, ROLL_REPORT_EXPLAIN, n_done++, report->n_listed);
        if (g_cancellable_set_error_if_cancelled (cancellable, error)
            || !explain_failure (&g_array_index (report->failures[i], RollReportFailure, k), store, scan_id, surroundings, error))
          return FALSE;
      }
  roll_report_goes_on (report, ROLL_REPORT_COMPARE, 0, 1);
  report->common = roll_common_causes_find (store, scan_id, cancellable, error);
  return report->common != NULL;
}

char *
roll_report_show (const RollReport *report, RollPrivacy privacy, const char *text, const RollComputer *computer)
{
  if (report->redactor == NULL)
    return g_strdup (text);
  return roll_redactor_apply (report->redactor, privacy, text, computer);
}

static gboolean
write_page (const RollReport *report, const char *path, GError **error)
{
  RollOutputFile *file = roll_output_file_open (path, error);

  if (file == NULL)
    return FALSE;
  roll_report_goes_on (report, ROLL_REPORT_WRITE, 0, 1);
  roll_report_page (report, file);
  if (!g_cancellable_set_error_if_cancelled (report->cancellable, error))
    return roll_output_file_close (file, error);
  roll_output_file_discard (file);
  return FALSE;
}

gboolean
roll_report_write_html (RollStore *store, gint64 scan_id, const char *path, RollRedactor *redactor,
                        RollWorkProgress *progress, GCancellable *cancellable, GError **error)
{
  RollReport report = { .progress = progress, .cancellable = cancellable, .redactor = redactor };
  gboolean good;

  g_return_val_if_fail (ROLL_IS_STORE (store), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  report.subnets = roll_tally_table_new ();
  report.systems = roll_tally_table_new ();
  report.places = roll_tally_table_new ();
  report.steps = roll_tally_table_new ();
  report.info = roll_store_get_scan (store, scan_id, error);
  good = report.info != NULL && roll_store_check_output (store, path, error)
         && roll_scan_foreach_computer (store, report.info->id, on_computer, &report, error)
         && !g_cancellable_set_error_if_cancelled (cancellable, error) && explain (&report, store, error)
         && write_page (&report, path, error);
  if (good && progress != NULL)
    g_atomic_int_set (&progress->n_rows, (int) report.total);
  report_clear (&report);
  return good;
}
