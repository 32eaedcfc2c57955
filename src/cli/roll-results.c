/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-results.h"

#include "report/roll-csv.h"
#include "scan/roll-scan.h"

typedef struct
{
  RollCsv *csv;
  GCancellable *cancellable;
} Writer;

static gboolean
goes_on (Writer *writer)
{
  return !roll_csv_failed (writer->csv) && !g_cancellable_is_cancelled (writer->cancellable);
}

static gboolean
write_computer (RollComputer *computer, gpointer user_data)
{
  Writer *writer = user_data;

  roll_csv_computers_row (writer->csv, computer);
  return goes_on (writer);
}

static gboolean
write_attempt (RollComputer *computer, const RollAttempt *attempt, gpointer user_data)
{
  Writer *writer = user_data;

  roll_csv_steps_rows (writer->csv, computer, attempt);
  return goes_on (writer);
}

static gboolean
write_rows (Writer *writer, RollStore *store, gint64 scan_id, RollResults what, GError **error)
{
  if (what == ROLL_RESULTS_COMPUTERS)
    {
      roll_csv_computers_header (writer->csv);
      return roll_scan_foreach_computer (store, scan_id, write_computer, writer, error);
    }
  roll_csv_steps_header (writer->csv);
  return roll_store_foreach_attempt (store, scan_id, write_attempt, writer, error);
}

gboolean
roll_results_write_csv (RollStore *store,
                        gint64 scan_id,
                        RollResults what,
                        const char *path,
                        gboolean raw,
                        GCancellable *cancellable,
                        GError **error)
{
  RollCsv *csv = roll_csv_open (path, raw, error);

  if (!csv)
    return FALSE;
  Writer writer = { csv, cancellable };
  if (!write_rows (&writer, store, scan_id, what, error) ||
      g_cancellable_set_error_if_cancelled (cancellable, error))
    {
      roll_csv_discard (csv);
      return FALSE;
    }
  return roll_csv_close (csv, error);
}
