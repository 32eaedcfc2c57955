/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-report.h"

#include <glib/gi18n-lib.h>

#include "scan/roll-report-private.h"
#include "scan/roll-scan.h"

typedef struct
{
  RollReport *report;
  RollExportProgress *progress;
  GCancellable *cancellable;
} Gather;

/* The build alone is known of a computer that only said who it is. */
static char *
system_label (const RollComputer *computer)
{
  const RollFacts *facts = computer->facts;

  if (facts != NULL && facts->os != NULL)
    return g_strdup (facts->os);
  if (facts != NULL && facts->os_build != NULL)
    return g_strdup_printf (_("Windows, build %s"), facts->os_build);
  return g_strdup (_("Not known"));
}

static void
list_failure (RollReport *report, RollComputer *computer)
{
  GPtrArray **list = &report->failures[roll_status_look_index (computer->status)];

  if (report->n_listed >= ROLL_REPORT_MAX_LISTED)
    return;
  if (*list == NULL)
    *list = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_computer_unref);
  g_ptr_array_add (*list, roll_computer_ref (computer));
  report->n_listed++;
}

static void
count_computer (RollReport *report, RollComputer *computer)
{
  g_autofree char *subnet = roll_subnet_label (&computer->address);
  g_autofree char *system = system_label (computer);

  report->counts[roll_status_look_index (computer->status)]++;
  report->total++;
  report->answered += computer->status == ROLL_STATUS_SUCCESS || computer->status == ROLL_STATUS_REACHABLE;
  roll_tally_table_add (report->subnets, *subnet != '\0' ? subnet : _("No address"), computer->status);
  roll_tally_table_add (report->systems, system, computer->status);
  if (!roll_status_is_failure (computer->status))
    return;
  report->failed++;
  roll_tally_table_add (report->steps, roll_step_label (computer->step), computer->status);
  list_failure (report, computer);
}

static gboolean
on_computer (RollComputer *computer, gpointer user_data)
{
  Gather *gather = user_data;

  count_computer (gather->report, computer);
  if (gather->progress != NULL)
    g_atomic_int_set (&gather->progress->n_computers, (int) computer->ordinal + 1);
  return !g_cancellable_is_cancelled (gather->cancellable);
}

static void
report_clear (RollReport *report)
{
  g_clear_pointer (&report->info, roll_scan_info_free);
  g_clear_pointer (&report->subnets, roll_tally_table_free);
  g_clear_pointer (&report->systems, roll_tally_table_free);
  g_clear_pointer (&report->steps, roll_tally_table_free);
  for (guint i = 0; i < ROLL_N_LOOKS; i++)
    g_clear_pointer (&report->failures[i], g_ptr_array_unref);
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
  roll_report_page (report, file);
  return roll_output_file_close (file, error);
}

gboolean
roll_report_write_html (RollStore *store, gint64 scan_id, const char *path, RollRedactor *redactor,
                        RollExportProgress *progress, GCancellable *cancellable, GError **error)
{
  RollReport report = { .redactor = redactor };
  Gather gather = { &report, progress, cancellable };
  gboolean good;

  g_return_val_if_fail (ROLL_IS_STORE (store), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  report.subnets = roll_tally_table_new ();
  report.systems = roll_tally_table_new ();
  report.steps = roll_tally_table_new ();
  report.info = roll_store_get_scan (store, scan_id, error);
  good = report.info != NULL && roll_scan_foreach_computer (store, report.info->id, on_computer, &gather, error)
         && !g_cancellable_set_error_if_cancelled (cancellable, error) && write_page (&report, path, error);
  if (good && progress != NULL)
    g_atomic_int_set (&progress->n_rows, (int) report.total);
  report_clear (&report);
  return good;
}
