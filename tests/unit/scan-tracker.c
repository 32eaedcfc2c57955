/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan-tracker.h"

#include "scan/roll-scan.h"

static void
count (RollScanTracker *tracker, guint ordinal, RollStatus status)
{
  g_autoptr (RollComputer) computer = roll_computer_new (ordinal, "x");

  computer->status = status;
  roll_scan_tracker_count (tracker, computer);
}

static guint
tally_of (RollProgress *progress, RollStatus status)
{
  for (guint i = 0; i < progress->tally->len; i++)
    if (g_array_index (progress->tally, RollTally, i).status == status)
      return g_array_index (progress->tally, RollTally, i).count;
  return 0;
}

static void
test_counts (void)
{
  RollScanTracker *tracker = roll_scan_tracker_new (10);
  RollProgress progress;

  count (tracker, 0, ROLL_STATUS_CONNECTION_REFUSED);
  count (tracker, 1, ROLL_STATUS_WAITING_FOR_RETRY);
  count (tracker, 2, ROLL_STATUS_STOPPED);
  count (tracker, 3, ROLL_STATUS_SUCCESS);
  roll_scan_tracker_get (tracker, 5, &(RollScanSituation) { .n_in_flight = 4 }, &progress);

  g_assert_cmpuint (progress.n_targets, ==, 10);
  g_assert_cmpuint (progress.n_done, ==, 2);
  g_assert_cmpuint (progress.n_waiting, ==, 1);
  g_assert_cmpuint (progress.n_in_flight, ==, 4);
  g_assert_cmpuint (tally_of (&progress, ROLL_STATUS_NOT_STARTED), ==, 6);
  g_assert_cmpint (progress.remaining_us, ==, -1);
  /* In order of the codes, states first. */
  for (guint i = 1; i < progress.tally->len; i++)
    g_assert_cmpint (g_array_index (progress.tally, RollTally, i - 1).status, <,
                     g_array_index (progress.tally, RollTally, i).status);
  roll_progress_clear (&progress);
  roll_scan_tracker_free (tracker);
}

static void
test_a_retry_moves_its_count (void)
{
  RollScanTracker *tracker = roll_scan_tracker_new (1);
  RollProgress progress;

  count (tracker, 0, ROLL_STATUS_WAITING_FOR_RETRY);
  count (tracker, 0, ROLL_STATUS_WAITING_FOR_RETRY);
  count (tracker, 0, ROLL_STATUS_STOPPED);
  count (tracker, 0, ROLL_STATUS_MACHINE_NOT_FOUND);
  roll_scan_tracker_get (tracker, 5, &(RollScanSituation) { 0 }, &progress);

  g_assert_cmpuint (progress.n_done, ==, 1);
  g_assert_cmpuint (progress.n_waiting, ==, 0);
  g_assert_cmpuint (progress.tally->len, ==, 1);
  g_assert_cmpuint (tally_of (&progress, ROLL_STATUS_MACHINE_NOT_FOUND), ==, 1);
  g_assert_cmpint (progress.remaining_us, ==, 0);
  roll_progress_clear (&progress);
  roll_scan_tracker_free (tracker);
}

/* A resumed scan does not count what was there before into its rate. */
static void
test_rate (void)
{
  RollScanTracker *tracker = roll_scan_tracker_new (1000);
  RollProgress progress;

  for (guint i = 0; i < 500; i++)
    count (tracker, i, ROLL_STATUS_REACHABLE);
  roll_scan_tracker_start (tracker, 100 * G_USEC_PER_SEC);
  for (guint i = 500; i < 600; i++)
    count (tracker, i, ROLL_STATUS_REACHABLE);
  roll_scan_tracker_get (tracker, 110 * G_USEC_PER_SEC, &(RollScanSituation) { 0 }, &progress);
  g_assert_cmpfloat_with_epsilon (progress.per_second, 10, 0.001);
  g_assert_cmpint (progress.remaining_us, ==, 40 * G_USEC_PER_SEC);
  g_assert_cmpint (progress.elapsed_us, ==, 10 * G_USEC_PER_SEC);
  roll_progress_clear (&progress);

  /* Only the last ten seconds count. */
  for (guint second = 111; second <= 130; second++)
    {
      roll_scan_tracker_get (tracker, second * G_USEC_PER_SEC, &(RollScanSituation) { 0 }, &progress);
      roll_progress_clear (&progress);
    }
  roll_scan_tracker_get (tracker, 130 * G_USEC_PER_SEC, &(RollScanSituation) { 0 }, &progress);
  g_assert_cmpfloat (progress.per_second, ==, 0);
  g_assert_cmpint (progress.remaining_us, ==, -1);
  roll_progress_clear (&progress);

  /* All that is left waits for another attempt: it takes as long as that at least. */
  roll_scan_tracker_get (tracker, 130 * G_USEC_PER_SEC, &(RollScanSituation) { .retries_end = 137 * G_USEC_PER_SEC },
                         &progress);
  g_assert_cmpint (progress.remaining_us, ==, 7 * G_USEC_PER_SEC);
  roll_progress_clear (&progress);
  roll_scan_tracker_free (tracker);
}

static void
assert_remaining (RollScanTracker *tracker, RollScanSituation situation, guint seconds)
{
  RollProgress progress;

  roll_scan_tracker_get (tracker, 110 * G_USEC_PER_SEC, &situation, &progress);
  g_assert_cmpint (progress.remaining_us, ==, seconds * G_USEC_PER_SEC);
  roll_progress_clear (&progress);
}

/* Whatever takes longest: the rate, the sessions one after the other, or the last retry and its session. */
static void
test_estimate_by_state (void)
{
  RollScanTracker *tracker = roll_scan_tracker_new (1000);

  roll_scan_tracker_start (tracker, 100 * G_USEC_PER_SEC);
  for (guint i = 0; i < 500; i++)
    count (tracker, i, ROLL_STATUS_SUCCESS);
  for (guint i = 0; i < 10; i++)
    roll_scan_tracker_note_session (tracker, 4 * G_USEC_PER_SEC);
  assert_remaining (tracker, (RollScanSituation) { .n_sessions = 20, .jobs = 20 }, 10);
  assert_remaining (tracker, (RollScanSituation) { .n_sessions = 100, .jobs = 20 }, 20);
  assert_remaining (tracker, (RollScanSituation) { .n_sessions = 1, .jobs = 20, .retries_end = 130 * G_USEC_PER_SEC }, 24);
  assert_remaining (tracker, (RollScanSituation) { .retries_end = 109 * G_USEC_PER_SEC }, 10);
  roll_scan_tracker_free (tracker);
}

static void
test_activity (void)
{
  static const struct
  {
    RollActivity activity;
    const char *text;
  } cases[] = {
    { { 0 }, "" },
    { { .reading = 12, .retry = 3, .next_retry_us = 20 * G_USEC_PER_SEC + 5, .account = 30, .put_back = 10,
        .account_name = (char *) "CORP" },
      "12 reading, 40 wait until the account “CORP” is tried, 3 wait for a retry (next in 20 s)" },
    { { .resolving = 1, .connecting = 2, .to_connect = 3, .logging_on = 4, .queued = 1, .network = 6, .account = 1 },
      "1 being looked up, 5 being connected to, 4 logging on, 1 waits for its turn, 6 wait for others of their network, "
      "1 waits for its account" },
    { { .retry = 1 }, "1 waits for a retry" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = roll_activity_describe (&cases[i].activity);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
  g_assert_false (roll_activity_is_busy (&cases[3].activity));
  g_assert_true (roll_activity_is_busy (&cases[2].activity));
}

static void
test_options_survive_the_store (void)
{
  g_autoptr (RollScanOptions) options = roll_scan_options_new ();
  g_autoptr (RollScanOptions) back = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;
  const char *dns[] = { "10.0.0.53:53", "[::1]:5353", NULL };
  const char *skipped[] = { "software", "of-a-later-version", NULL };

  options->port = 60135;
  options->retry_delay_ms = 12;
  options->probe_only = TRUE;
  options->skipped = g_strdupv ((char **) skipped);
  options->dns = g_strdupv ((char **) dns);
  text = roll_scan_options_to_text (options);
  back = roll_scan_options_from_text (text, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->port, ==, 60135);
  g_assert_cmpuint (back->probes, ==, options->probes);
  g_assert_cmpuint (back->retry_delay_ms, ==, 12);
  g_assert_true (back->probe_only);
  g_assert_cmpstrv (back->skipped, skipped);
  g_assert_cmpstrv (back->dns, dns);
  g_assert_null (back->dns_search);
}

/* A file may hold anything, and a scan that asks nobody would end as if it had asked all. */
static void
test_options_that_make_no_scan (void)
{
  static const char *const texts[] = {
    NULL,
    "",
    "{'port': ",
    "[1, 2]",
    "{'port': <uint16 0>}",
    "{'probes': <uint32 0>}",
    "{'connect-timeout-ms': <uint32 0>}",
    "{'retries': <uint32 4294967295>}",
    "{'dns': <['10.0.0.53', 'nonsense!']>}",
    "{'dns-search': <['a b']>}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (roll_scan_options_from_text (texts[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

static void
test_options_of_another_version (void)
{
  g_autoptr (RollScanOptions) options = roll_scan_options_from_text ("{'retries': <uint32 1>, 'later': <1>}", NULL);

  g_assert_nonnull (options);
  g_assert_cmpuint (options->retries, ==, 1);
  g_assert_cmpuint (options->port, ==, 135);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/scan-tracker/counts", test_counts);
  g_test_add_func ("/scan-tracker/a-retry-moves-its-count", test_a_retry_moves_its_count);
  g_test_add_func ("/scan-tracker/rate", test_rate);
  g_test_add_func ("/scan-tracker/estimate-by-state", test_estimate_by_state);
  g_test_add_func ("/scan-tracker/activity", test_activity);
  g_test_add_func ("/scan-options/survive-the-store", test_options_survive_the_store);
  g_test_add_func ("/scan-options/that-make-no-scan", test_options_that_make_no_scan);
  g_test_add_func ("/scan-options/of-another-version", test_options_of_another_version);
  return g_test_run ();
}
