/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-export.h"

#include <glib/gi18n-lib.h>

#include "report/roll-csv.h"
#include "scan/roll-scan.h"

typedef struct
{
  RollCsv *csv;
  const RollCollector *collector;
  RollExportProgress *progress;
  GCancellable *cancellable;
  GError *error;
} Writer;

static gboolean
goes_on (Writer *writer, const RollComputer *computer, guint n_rows)
{
  if (writer->progress)
    {
      g_atomic_int_set (&writer->progress->n_computers, (int) computer->ordinal + 1);
      g_atomic_int_add (&writer->progress->n_rows, (int) n_rows);
    }
  return !roll_csv_failed (writer->csv) && !g_cancellable_is_cancelled (writer->cancellable);
}

static gboolean
write_computer (RollComputer *computer, gpointer user_data)
{
  Writer *writer = user_data;

  roll_csv_computers_row (writer->csv, computer);
  return goes_on (writer, computer, 1);
}

static gboolean
write_attempt (RollComputer *computer, const RollAttempt *attempt, gpointer user_data)
{
  Writer *writer = user_data;

  roll_csv_steps_rows (writer->csv, computer, attempt);
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
  roll_csv_collected_rows (writer->csv, computer, rows, writer->collector->columns);
  return goes_on (writer, computer, roll_row_set_get_n_rows (rows));
}

static gboolean
write_collected (Writer *writer, RollStore *store, gint64 scan_id, GError **error)
{
  roll_csv_collected_header (writer->csv, writer->collector->columns);
  if (!roll_store_foreach_class (store, scan_id, writer->collector->id, write_class, writer, error))
    return FALSE;
  if (!writer->error)
    return TRUE;
  g_propagate_error (error, writer->error);
  return FALSE;
}

static gboolean
write_rows (Writer *writer, RollStore *store, gint64 scan_id, RollExportTable table, GError **error)
{
  switch (table)
    {
    case ROLL_EXPORT_COLLECTED:
      return write_collected (writer, store, scan_id, error);
    case ROLL_EXPORT_STEPS:
      roll_csv_steps_header (writer->csv);
      return roll_store_foreach_attempt (store, scan_id, write_attempt, writer, error);
    case ROLL_EXPORT_COMPUTERS:
    default:
      roll_csv_computers_header (writer->csv);
      return roll_scan_foreach_computer (store, scan_id, write_computer, writer, error);
    }
}

gboolean
roll_export_write_csv (RollStore *store, gint64 scan_id, RollExport what, const char *path, gboolean raw,
                       RollExportProgress *progress, GCancellable *cancellable, GError **error)
{
  RollCsv *csv = roll_csv_open (path, raw, error);

  if (!csv)
    return FALSE;
  Writer writer = { .csv = csv, .collector = what.collector, .progress = progress, .cancellable = cancellable };
  if (!write_rows (&writer, store, scan_id, what.table, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      roll_csv_discard (csv);
      return FALSE;
    }
  return roll_csv_close (csv, error);
}
