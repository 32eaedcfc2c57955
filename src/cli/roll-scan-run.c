/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-scan-run.h"

#include <glib/gi18n.h>

#include "cli/roll-database.h"
#include "cli/roll-interrupt.h"
#include "cli/roll-progress-line.h"
#include "cli/roll-resting.h"
#include "scan/roll-export.h"
#include "cli/roll-summary.h"
#include "cli/roll-terminal.h"
#include "scan/roll-sieve.h"

typedef struct
{
  const RollScanRun *run;
  gint64 id;
  GCancellable *cancellable;
  RollProgressLine *line;
  RollJson *json;
  gint64 told_at; /* how far it is */
  gboolean ended;
  gboolean finished;
  GError *error; /* why not */
} Session;

/* --- While it runs --- */

static void
print_activity (RollJson *json, const RollActivity *activity)
{
  roll_json_number (json, "resolving", activity->resolving);
  roll_json_number (json, "connecting", activity->connecting + activity->to_connect);
  roll_json_number (json, "logging_on", activity->logging_on);
  roll_json_number (json, "reading", activity->reading);
  roll_json_number (json, "waiting_for_session", activity->queued);
  roll_json_number (json, "waiting_for_network", activity->network);
  roll_json_number (json, "waiting_for_account", activity->account + activity->put_back);
  roll_json_string (json, "account", activity->account + activity->put_back > 0 ? activity->account_name : NULL);
  roll_json_number (json, "waiting_for_retry", activity->retry);
  if (activity->retry > 0)
    roll_json_number (json, "next_retry_ms", activity->next_retry_us / 1000);
  else
    roll_json_null (json, "next_retry_ms");
}

static void
print_json_progress (Session *session, const RollProgress *progress)
{
  RollJson *json = session->json;

  if (progress->elapsed_us - session->told_at < G_USEC_PER_SEC)
    return;
  session->told_at = progress->elapsed_us;
  roll_json_begin_object (json, NULL);
  roll_json_string (json, "event", "progress");
  roll_json_number (json, "scan", session->id);
  roll_json_number (json, "targets", progress->n_targets);
  roll_json_number (json, "done", progress->n_done);
  roll_json_number (json, "per_second", (gint64) (progress->per_second + 0.5));
  roll_json_number (json, "elapsed_ms", progress->elapsed_us / 1000);
  if (progress->remaining_us >= 0)
    roll_json_number (json, "remaining_ms", progress->remaining_us / 1000);
  else
    roll_json_null (json, "remaining_ms");
  print_activity (json, &progress->activity);
  if (progress->tally)
    roll_summary_json_tally (json, progress->tally);
  roll_json_end_object (json);
  roll_json_flush_line (json);
  fflush (stdout);
}

static void
on_progress (RollScan *scan, gpointer user_data)
{
  Session *session = user_data;
  RollProgress progress = { 0 };

  roll_scan_get_progress (scan, &progress);
  if (session->run->as_json)
    print_json_progress (session, &progress);
  roll_progress_line_draw (session->line, &progress);
  roll_progress_clear (&progress);
}

static void
on_committed (RollScan *scan, GPtrArray *computers, gpointer user_data)
{
  Session *session = user_data;

  for (guint i = 0; i < computers->len; i++)
    {
      const RollComputer *computer = g_ptr_array_index (computers, i);
      if (!roll_status_is_final (computer->status))
        continue;
      roll_json_begin_object (session->json, NULL);
      roll_json_string (session->json, "event", "computer");
      roll_json_computer (session->json, session->id, computer);
      roll_json_end_object (session->json);
      roll_json_flush_line (session->json);
    }
  fflush (stdout);
}

static void
on_notice (RollScan *scan, const char *kind, const char *text, gpointer user_data)
{
  Session *session = user_data;

  roll_progress_line_clear (session->line);
  roll_terminal_error ("%s", text);
  if (!session->run->as_json)
    return;
  roll_json_begin_object (session->json, NULL);
  roll_json_string (session->json, "event", "notice");
  roll_json_number (session->json, "scan", session->id);
  roll_json_string (session->json, "kind", kind);
  roll_json_string (session->json, "text", text);
  roll_json_end_object (session->json);
  roll_json_flush_line (session->json);
  fflush (stdout);
}

static void
on_stopping (GCancellable *cancellable, gpointer user_data)
{
  Session *session = user_data;

  if (session->ended)
    return;
  roll_progress_line_clear (session->line);
  roll_terminal_error (_ ("Stopping; once more stops at once."));
}

static void
on_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Session *session = user_data;

  session->finished = roll_scan_run_finish (ROLL_SCAN (source), result, &session->error);
  session->ended = TRUE;
}

static void
run_to_the_end (Session *session)
{
  RollScan *scan = session->run->scan;

  g_signal_connect (scan, "progress", G_CALLBACK (on_progress), session);
  g_signal_connect (scan, "notice", G_CALLBACK (on_notice), session);
  if (session->run->as_json)
    g_signal_connect (scan, "committed", G_CALLBACK (on_committed), session);
  g_signal_connect (session->cancellable, "cancelled", G_CALLBACK (on_stopping), session);

  g_main_context_acquire (NULL);
  roll_scan_run_async (scan, session->cancellable, on_ended, session);
  while (!session->ended)
    g_main_context_iteration (NULL, TRUE);
  g_main_context_release (NULL);

  g_signal_handlers_disconnect_by_data (session->cancellable, session);
  g_signal_handlers_disconnect_by_data (scan, session);
  roll_progress_line_clear (session->line);
}

/* --- Afterwards --- */

static gboolean
csv_has_stdout (const RollScanRun *run)
{
  return g_strcmp0 (run->csv, "-") == 0;
}

static void
print_json_start (Session *session, const RollScanInfo *info)
{
  roll_json_begin_object (session->json, NULL);
  roll_json_string (session->json, "event", "scan");
  roll_json_number (session->json, "scan", info->id);
  roll_json_string (session->json, "name", info->name);
  roll_json_boolean (session->json, "practice", info->practice);
  roll_json_boolean (session->json, "probe_only", info->probe_only);
  roll_json_number (session->json, "targets", info->n_targets);
  roll_json_string (session->json, "database", roll_store_get_path (session->run->store));
  roll_json_number (session->json, "wrong_entries", session->run->n_wrong);
  roll_json_boolean (session->json, "resumed", session->run->resumed);
  roll_json_end_object (session->json);
  roll_json_flush_line (session->json);
  fflush (stdout);
}

static void
print_json_summary (Session *session, const RollScanInfo *info, GArray *tally, const RollResting *resting)
{
  roll_json_begin_object (session->json, NULL);
  roll_json_string (session->json, "event", "summary");
  roll_summary_json (session->json, info, tally);
  roll_resting_json (session->json, resting);
  roll_json_end_object (session->json);
  roll_json_flush_line (session->json);
}

static void
print_text_summary (const RollScanRun *run, const RollScanInfo *info, GArray *tally, const RollResting *resting)
{
  FILE *stream = csv_has_stdout (run) ? stderr : stdout;

  roll_summary_print_head (stream, info);
  if (run->n_wrong > 0)
    roll_terminal_print (
        stream, ngettext ("%'u wrong entry was left out", "%'u wrong entries were left out", run->n_wrong),
        run->n_wrong);
  fputc ('\n', stream);
  roll_summary_print_tally (stream, tally);
  fputc ('\n', stream);
  roll_resting_print (stream, resting);
  roll_summary_print_next (stream, info, tally, run->database);
}

static gboolean
print_summary (Session *session, const RollScanInfo *info, GError **error)
{
  g_autoptr (GArray) tally = roll_store_tally (session->run->store, session->id, error);

  g_auto (RollResting) resting = { NULL };

  if (!tally || !roll_resting_load (session->run->store, session->id, &resting, error))
    return FALSE;
  if (session->run->as_json)
    print_json_summary (session, info, tally, &resting);
  else if (!session->run->in_part)
    print_text_summary (session->run, info, tally, &resting);
  else
    roll_resting_print (csv_has_stdout (session->run) ? stderr : stdout, &resting);
  return TRUE;
}

static void
say_how_to_go_on (const Session *session, const RollScanInfo *info)
{
  g_autofree char *with = roll_database_hint (session->run->database);

  roll_terminal_error (
      _ ("Stopped; the %'u of %'u computers that are done are kept. Go on: %s scan%s --resume "
         "%lld"),
      info->n_done, info->n_targets, g_get_prgname (), with, (long long) info->id);
}

/* The last line on standard error, for logs; on a terminal the summary has just said it. */
static RollExit
say_how_it_ended (const Session *session, const RollScanInfo *info)
{
  if (!session->finished)
    {
      gboolean stopped = g_error_matches (session->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      if (!stopped)
        roll_terminal_error ("%s", session->error->message);
      say_how_to_go_on (session, info);
      return stopped ? ROLL_EXIT_STOPPED : ROLL_EXIT_FAILED;
    }
  if (!roll_terminal_is_live (stderr) && !session->run->in_part)
    {
      g_autofree char *took = roll_terminal_duration (info->finished_at - info->started_at);
      roll_terminal_error (ngettext ("Scan %lld is finished: %'u computer, %s.",
                                     "Scan %lld is finished: %'u computers, %s.", info->n_targets),
                           (long long) info->id, info->n_targets, took);
    }
  return ROLL_EXIT_OK;
}

static RollExit
write_results (Session *session)
{
  const RollScanRun *run = session->run;
  g_autoptr (GError) error = NULL;
  const RollExport what = { .table = ROLL_EXPORT_COMPUTERS, .raw = run->csv_raw };
  g_autofree char *with = roll_database_hint (run->database);

  if (!run->csv || !session->finished)
    return ROLL_EXIT_OK;
  if (roll_export_write (run->store, session->id, &what, run->csv, NULL, session->cancellable, &error) ||
      g_error_matches (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE))
    return ROLL_EXIT_OK;
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return ROLL_EXIT_STOPPED;
  roll_database_failed (error);
  roll_terminal_error (_ ("The results are kept as scan %lld; “%s export%s” writes them elsewhere."),
                       (long long) session->id, g_get_prgname (), with);
  return ROLL_EXIT_FAILED;
}

static RollExit
conclude (Session *session)
{
  g_autoptr (GError) error = NULL;

  if (g_error_matches (session->error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_BUSY))
    return roll_database_failed (session->error);
  g_autoptr (RollScanInfo) info = roll_store_get_scan (session->run->store, session->id, &error);
  if (!info)
    return roll_database_failed (error);
  RollExit written = write_results (session);
  if (!print_summary (session, info, &error))
    return roll_database_failed (error);
  fflush (stdout);
  RollExit ended = say_how_it_ended (session, info);
  return ended == ROLL_EXIT_OK ? written : ended;
}

RollExit
roll_scan_run (const RollScanRun *run)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (RollProgressLine) line = roll_progress_line_new (stderr);
  g_autoptr (RollJson) json = roll_json_new ();
  g_autoptr (GError) error = NULL;
  Session session = {
    .run = run, .id = roll_scan_get_id (run->scan), .cancellable = cancellable, .line = line, .json = json
  };
  g_autoptr (RollScanInfo) info = roll_store_get_scan (run->store, session.id, &error);

  if (!info)
    return roll_database_failed (error);
  if (run->as_json)
    print_json_start (&session, info);
  roll_interrupt_cancel_with (cancellable);
  run_to_the_end (&session);
  RollExit status = conclude (&session);
  g_clear_error (&session.error);
  return status;
}

RollExit
roll_scan_arguments_run (const RollScanArguments *a, RollStore *store, RollScan *scan, gboolean in_part, guint n_wrong)
{
  const RollScanRun run = {
    .store = store,
    .scan = scan,
    .database = a->database,
    .csv = a->csv,
    .csv_raw = a->csv_raw,
    .as_json = a->as_json,
    .resumed = a->resume,
    .in_part = in_part,
    .n_wrong = n_wrong,
  };

  roll_sieve_raise_file_limit ();
  return roll_scan_run (&run);
}
