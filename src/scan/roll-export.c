/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-export.h"

#include <glib/gi18n-lib.h>

#include "diagnosis/roll-likely-cause.h"
#include "scan/roll-compare.h"
#include "scan/roll-report.h"
#include "scan/roll-scan.h"

typedef struct
{
  RollSheet *sheet;
  const RollCollector *collector;
  RollLikelyCauses *causes; /* (nullable) */
  RollWorkProgress *progress; /* (nullable) */
  guint n_targets;
  GCancellable *cancellable;
  GError *error;
} Writer;

static gboolean
goes_on (Writer *writer, const RollComputer *computer, guint n_rows)
{
  if (writer->progress)
    {
      roll_work_progress_set (writer->progress, computer->ordinal + 1, writer->n_targets);
      g_atomic_int_add (&writer->progress->n_rows, (int) n_rows);
    }
  return !roll_sheet_failed (writer->sheet) && !g_cancellable_is_cancelled (writer->cancellable);
}

static gboolean
write_computer (RollComputer *computer, gpointer user_data)
{
  Writer *writer = user_data;
  const RollCause *cause = roll_likely_causes_get (writer->causes, computer, &writer->error);

  if (writer->error)
    return FALSE;
  roll_sheet_add_computer (writer->sheet, computer, cause);
  return goes_on (writer, computer, 1);
}

static gboolean
write_attempt (RollComputer *computer, const RollAttempt *attempt, gpointer user_data)
{
  Writer *writer = user_data;

  roll_sheet_add_steps (writer->sheet, computer, attempt);
  return goes_on (writer, computer, attempt->steps->len);
}

static gboolean
write_class (RollComputer *computer, const RollClassResult *result, gpointer user_data)
{
  Writer *writer = user_data;
  const char *problem = NULL;

  if (!result->rows)
    return goes_on (writer, computer, 0);
  g_autoptr (RollRowSet) rows = roll_row_set_from_bytes (result->rows, &problem);
  if (!rows)
    {
      g_set_error (&writer->error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                   _("What was collected from %s (%s) is damaged in the database: %s. Nothing was exported."),
                   computer->target, result->id, problem);
      return FALSE;
    }
  roll_sheet_add_collected (writer->sheet, computer, rows);
  return goes_on (writer, computer, roll_row_set_get_n_rows (rows));
}

static gboolean
write_collected (Writer *writer, RollStore *store, gint64 scan_id, GError **error)
{
  roll_sheet_begin_collected (writer->sheet, writer->collector->id, writer->collector->columns);
  if (!roll_store_foreach_class (store, scan_id, writer->collector->id, write_class, writer, error))
    return FALSE;
  if (!writer->error)
    return TRUE;
  g_propagate_error (error, writer->error);
  return FALSE;
}

static gboolean
write_computers (Writer *writer, RollStore *store, gint64 scan_id, GError **error)
{
  g_autoptr (RollLikelyCauses) causes = roll_likely_causes_new (store, scan_id, writer->cancellable, error);

  if (!causes)
    return FALSE;
  writer->causes = causes;
  roll_sheet_begin_computers (writer->sheet);
  if (!roll_scan_foreach_computer (store, scan_id, write_computer, writer, error))
    return FALSE;
  if (!writer->error)
    return TRUE;
  g_propagate_error (error, writer->error);
  return FALSE;
}

static gboolean
write_change (const RollChange *change, gpointer user_data)
{
  Writer *writer = user_data;

  roll_sheet_add_change (writer->sheet, change);
  if (writer->progress)
    g_atomic_int_inc (&writer->progress->n_rows);
  return !roll_sheet_failed (writer->sheet);
}

static gboolean
write_changes (Writer *writer, RollStore *store, gint64 scan_id, gint64 before, GError **error)
{
  RollCompareTotals totals;

  roll_sheet_begin_changes (writer->sheet);
  return roll_compare_scans (store, before, scan_id, write_change, writer, writer->progress, writer->cancellable, &totals,
                             error);
}

static gboolean
write_rows (Writer *writer, RollStore *store, gint64 scan_id, const RollExport *what, GError **error)
{
  g_autoptr (RollScanInfo) info = roll_store_get_scan (store, scan_id, error);

  if (!info)
    return FALSE;
  writer->n_targets = info->n_targets;
  switch (what->table)
    {
    case ROLL_EXPORT_CHANGES:
      return write_changes (writer, store, scan_id, what->before, error);
    case ROLL_EXPORT_COLLECTED:
      return write_collected (writer, store, scan_id, error);
    case ROLL_EXPORT_STEPS:
      roll_sheet_begin_steps (writer->sheet);
      return roll_store_foreach_attempt (store, scan_id, write_attempt, writer, error);
    case ROLL_EXPORT_COMPUTERS:
    case ROLL_EXPORT_REPORT:
    default:
      return write_computers (writer, store, scan_id, error);
    }
}

gboolean
roll_export_write (RollStore *store, gint64 scan_id, const RollExport *what, const char *path, RollWorkProgress *progress,
                   GCancellable *cancellable, GError **error)
{
  if (what->table == ROLL_EXPORT_REPORT)
    return roll_report_write_html (store, scan_id, path, what->redactor, progress, cancellable, error);

  if (!roll_store_check_output (store, path, error))
    return FALSE;
  RollSheet *sheet = roll_sheet_open (path, what->format, what->raw, what->redactor, error);

  if (!sheet)
    return FALSE;
  Writer writer = { .sheet = sheet, .collector = what->collector, .progress = progress, .cancellable = cancellable };
  if (!write_rows (&writer, store, scan_id, what, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      roll_sheet_discard (sheet);
      return FALSE;
    }
  return roll_sheet_close (sheet, error);
}
