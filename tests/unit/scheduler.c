/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scheduler.h"

#define BOTH (ROLL_SIEVE_NAMES | ROLL_SIEVE_ADDRESSES)
#define DELAY_MS 1000
#define DELAY_US (DELAY_MS * 1000)

static RollTargetList *
make_list (const char *entries)
{
  RollTargetList *list = roll_target_list_new ();
  g_auto (GStrv) parts = g_strsplit (entries, " ", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    g_assert_true (roll_target_list_add (list, parts[i], NULL));
  g_assert_cmpuint (roll_target_list_get_count (list), >, 0);
  return list;
}

static RollScheduler *
make_scheduler (const char *entries)
{
  g_autoptr (RollTargetList) list = make_list (entries);

  return roll_scheduler_new (list, DELAY_MS, TRUE);
}

/* Takes the next job and returns its target, attempt and computer, "" for none. */
static char *
take (RollScheduler *scheduler, RollSieveKinds kinds, gint64 now, RollComputer **ret_computer)
{
  RollSieveJob job;
  gint64 when;
  char *text;

  switch (roll_scheduler_next (scheduler, kinds, now, &job, &when))
    {
    case ROLL_SIEVE_END:
      return g_strdup ("end");
    case ROLL_SIEVE_LATER:
      return g_strdup_printf ("later %" G_GINT64_FORMAT, when);
    case ROLL_SIEVE_JOB:
    default:
      break;
    }

  text = g_strdup_printf ("%s #%u", ((RollComputer *) job.data)->target, job.attempt->number);
  g_assert_cmpuint (job.attempt->number, ==, ((RollComputer *) job.data)->attempts);
  g_assert_cmpint (job.name != NULL, ==, job.address.family == AF_UNSPEC);
  roll_attempt_free (job.attempt);
  if (ret_computer != NULL)
    *ret_computer = job.data;
  else
    roll_computer_unref (job.data);
  return text;
}

static void
expect (RollScheduler *scheduler, RollSieveKinds kinds, gint64 now, const char *expected)
{
  g_autofree char *text = take (scheduler, kinds, now, NULL);

  g_assert_cmpstr (text, ==, expected);
}

static void
expect_and_retry (RollScheduler *scheduler, gint64 now, const char *expected)
{
  g_autoptr (RollComputer) computer = NULL;
  g_autofree char *text = take (scheduler, BOTH, now, &computer);

  g_assert_cmpstr (text, ==, expected);
  computer->started_at = 77;
  roll_scheduler_retry (scheduler, computer, now);
}

static void
test_lanes (void)
{
  RollScheduler *scheduler = make_scheduler ("alpha 10.0.0.1-10.0.0.3 beta");

  expect (scheduler, ROLL_SIEVE_ADDRESSES, 1, "10.0.0.1 #1");
  expect (scheduler, ROLL_SIEVE_ADDRESSES, 1, "10.0.0.2 #1");
  expect (scheduler, ROLL_SIEVE_NAMES, 1, "alpha #1");
  expect (scheduler, ROLL_SIEVE_NAMES, 1, "beta #1");
  expect (scheduler, ROLL_SIEVE_NAMES, 1, "end");
  expect (scheduler, BOTH, 1, "10.0.0.3 #1");
  expect (scheduler, BOTH, 1, "end");
  roll_scheduler_free (scheduler);
}

static void
test_retry_goes_to_the_end (void)
{
  RollScheduler *scheduler = make_scheduler ("alpha beta");

  expect_and_retry (scheduler, 10, "alpha #1");
  /* Long after its pause it still comes behind what is fresh. */
  expect (scheduler, BOTH, 10 + 5 * DELAY_US, "beta #1");
  expect_and_retry (scheduler, 10 + 5 * DELAY_US, "alpha #2");
  /* And never sooner than the pause. */
  expect (scheduler, BOTH, 10 + 5 * DELAY_US, "later 6000010");
  expect (scheduler, ROLL_SIEVE_ADDRESSES, 10 + 5 * DELAY_US, "end");
  expect (scheduler, BOTH, 10 + 6 * DELAY_US, "alpha #3");
  expect (scheduler, BOTH, 10 + 6 * DELAY_US, "end");
  roll_scheduler_free (scheduler);
}

static void
test_retry_keeps_first_start (void)
{
  RollScheduler *scheduler = make_scheduler ("alpha");
  g_autoptr (RollComputer) computer = NULL;
  g_autofree char *text = NULL;

  expect_and_retry (scheduler, 0, "alpha #1");
  text = take (scheduler, BOTH, DELAY_US, &computer);
  g_assert_cmpstr (text, ==, "alpha #2");
  g_assert_cmpint (computer->started_at, ==, 77);
  roll_scheduler_free (scheduler);
}

static void
restore (RollScheduler *scheduler, guint ordinal, RollStatus status, guint attempts, gint64 now_real)
{
  g_autoptr (RollComputer) computer = roll_computer_new (ordinal, "x");

  computer->status = status;
  computer->attempts = attempts;
  computer->started_at = now_real;
  roll_scheduler_restore (scheduler, computer, now_real);
}

static void
test_resume (void)
{
  RollScheduler *scheduler = make_scheduler ("10.0.0.1-10.0.0.5");
  gint64 now = g_get_monotonic_time ();

  restore (scheduler, 0, ROLL_STATUS_CONNECTION_REFUSED, 1, 1000);
  restore (scheduler, 2, ROLL_STATUS_STOPPED, 2, 1000);
  restore (scheduler, 3, ROLL_STATUS_WAITING_FOR_RETRY, 3, 1000);
  restore (scheduler, 4, ROLL_STATUS_REACHABLE, 1, 1000);

  expect (scheduler, BOTH, now, "10.0.0.2 #1");
  /* A stopped attempt is made again under its number, a waiting computer goes on where it was. */
  expect (scheduler, BOTH, now + DELAY_US / 2, "10.0.0.3 #2");
  expect (scheduler, BOTH, now + 3 * DELAY_US, "10.0.0.4 #4");
  expect (scheduler, BOTH, now + 3 * DELAY_US, "end");
  roll_scheduler_free (scheduler);
}

/* Rows come in target order and not in that in which they fall due; a hundred thousand of them are not worth a pause. */
static void
test_resume_of_many (void)
{
  static const guint n_names = 100000;
  static const gint64 delay_us = G_TIME_SPAN_HOUR; /* longer than this takes anywhere */
  g_autoptr (RollTargetList) list = roll_target_list_new ();
  RollScheduler *scheduler;
  gint64 now_real = g_get_real_time ();
  gint64 due = 0;

  for (guint i = 0; i < n_names; i++)
    {
      g_autofree char *name = g_strdup_printf ("pc%u", i);

      g_assert_true (roll_target_list_add (list, name, NULL));
    }
  g_assert_cmpuint (roll_target_list_get_count (list), ==, n_names);
  scheduler = roll_scheduler_new (list, (guint) (delay_us / 1000), TRUE);
  for (guint i = 0; i < n_names; i++)
    {
      g_autoptr (RollComputer) computer = roll_computer_new (i, "x");

      computer->status = ROLL_STATUS_WAITING_FOR_RETRY;
      computer->attempts = 1;
      computer->started_at = now_real + i - (i % 2 == 0 ? delay_us : delay_us / 2);
      roll_scheduler_restore (scheduler, computer, now_real);
    }

  for (guint i = 0; i < n_names; i++)
    {
      g_autoptr (RollComputer) computer = NULL;
      g_autofree char *text = take (scheduler, BOTH, G_MAXINT64, &computer);

      g_assert_cmpuint (computer->ordinal % 2, ==, i / (n_names / 2));
      due = MAX (due, computer->started_at);
      g_assert_cmpint (computer->started_at, ==, due);
    }
  expect (scheduler, BOTH, G_MAXINT64, "end");
  roll_scheduler_free (scheduler);
}

/* A damaged file may say anything. */
static void
test_resume_at_odd_times (void)
{
  static const gint64 odd[] = { G_MININT64, -1, 0, G_MAXINT64 };

  for (guint i = 0; i < G_N_ELEMENTS (odd); i++)
    {
      RollScheduler *scheduler = make_scheduler ("10.0.0.1");
      g_autoptr (RollComputer) computer = roll_computer_new (0, "x");

      computer->status = ROLL_STATUS_WAITING_FOR_RETRY;
      computer->attempts = 1;
      computer->started_at = computer->duration_us = odd[i];
      roll_scheduler_restore (scheduler, computer, g_get_real_time ());
      expect (scheduler, BOTH, g_get_monotonic_time () + DELAY_US, "10.0.0.1 #2");
      roll_scheduler_free (scheduler);
    }
}

/* Takes all that is fresh. Returns: (transfer full) (element-type guint32): the ordinals */
static GArray *
take_all (RollScheduler *scheduler, RollSieveKinds kinds)
{
  GArray *ordinals = g_array_new (FALSE, FALSE, sizeof (guint32));

  while (roll_scheduler_has_more (scheduler, kinds))
    {
      g_autoptr (RollComputer) computer = NULL;
      g_autofree char *text = take (scheduler, kinds, 0, &computer);

      g_assert_nonnull (computer);
      g_array_append_val (ordinals, computer->ordinal);
    }
  expect (scheduler, kinds, 0, "end");
  return ordinals;
}

static guint32
ordinal_at (GArray *ordinals, guint i)
{
  return g_array_index (ordinals, guint32, i);
}

static void
assert_each_once (GArray *ordinals, guint n)
{
  g_autofree gboolean *taken = g_new0 (gboolean, n);

  g_assert_cmpuint (ordinals->len, ==, n);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpuint (ordinal_at (ordinals, i), <, n);
      g_assert_false (taken[ordinal_at (ordinals, i)]);
      taken[ordinal_at (ordinals, i)] = TRUE;
    }
}

/* At any time, of each of @n_parts parts of the list as much has been taken as of the others, but for one. */
static void
assert_even (GArray *ordinals, guint n_parts)
{
  g_autofree guint *taken = g_new0 (guint, n_parts);
  guint round = 0;

  g_assert_cmpuint (ordinals->len % n_parts, ==, 0);
  for (guint i = 0; i < ordinals->len; i++)
    {
      guint part = ordinal_at (ordinals, i) / (ordinals->len / n_parts);

      g_assert_cmpuint (taken[part]++, ==, round);
      round += i % n_parts == n_parts - 1;
    }
}

static void
test_order_of_few (void)
{
  static const char *const entries[] = { "10.0.0.1", "10.0.0.0/24" };

  for (guint i = 0; i < G_N_ELEMENTS (entries); i++)
    {
      RollScheduler *scheduler = make_scheduler (entries[i]);
      g_autoptr (GArray) ordinals = take_all (scheduler, BOTH);

      assert_each_once (ordinals, i == 0 ? 1 : 254);
      for (guint j = 0; j < ordinals->len; j++)
        g_assert_cmpuint (ordinal_at (ordinals, j), ==, j);
      roll_scheduler_free (scheduler);
    }
}

/* One more than keeps its order: two halves, the first of them longer by one. */
static void
test_order_of_257 (void)
{
  RollScheduler *scheduler = make_scheduler ("10.0.0.0-10.0.1.0");
  g_autoptr (GArray) ordinals = take_all (scheduler, BOTH);

  assert_each_once (ordinals, 257);
  for (guint i = 0; i < ordinals->len; i++)
    g_assert_cmpuint (ordinal_at (ordinals, i), ==, i / 2 + i % 2 * 129);
  roll_scheduler_free (scheduler);
}

/* Whole networks in order: all of them are asked beside each other, to the end. */
static void
test_order_of_networks (void)
{
  RollScheduler *scheduler = make_scheduler ("10.0.0.0-10.0.23.255");
  g_autoptr (GArray) ordinals = take_all (scheduler, BOTH);

  assert_each_once (ordinals, 24 * 256);
  assert_even (ordinals, 24);
  roll_scheduler_free (scheduler);
}

/* As many as a list may have. */
static void
test_order_of_most (void)
{
  RollScheduler *scheduler = make_scheduler ("10.0.0.0-10.15.255.255");
  g_autoptr (GArray) ordinals = take_all (scheduler, BOTH);

  assert_each_once (ordinals, ROLL_TARGETS_MAX);
  assert_even (ordinals, 64);
  roll_scheduler_free (scheduler);
}

static void
test_order_without_spread (void)
{
  g_autoptr (RollTargetList) list = make_list ("10.0.0.0-10.0.23.255");
  RollScheduler *scheduler = roll_scheduler_new (list, DELAY_MS, FALSE);
  g_autoptr (GArray) ordinals = take_all (scheduler, BOTH);

  assert_each_once (ordinals, 24 * 256);
  assert_even (ordinals, 1);
  for (guint i = 0; i < ordinals->len; i++)
    g_assert_cmpuint (ordinal_at (ordinals, i), ==, i);
  roll_scheduler_free (scheduler);
}

/* A name and an address in turns, 512 of each: the lanes have two stretches each, which reach over those of the other. */
static void
test_order_of_mixed (void)
{
  static const guint n_each = 512;
  g_autoptr (RollTargetList) list = roll_target_list_new ();
  g_autoptr (GArray) names = NULL;
  g_autoptr (GArray) addresses = NULL;
  RollScheduler *scheduler;

  for (guint i = 0; i < n_each; i++)
    {
      g_autofree char *name = g_strdup_printf ("pc%u", i);
      g_autofree char *address = g_strdup_printf ("10.0.%u.%u", i / 256, i % 256);

      g_assert_true (roll_target_list_add (list, name, NULL));
      g_assert_true (roll_target_list_add (list, address, NULL));
    }
  scheduler = roll_scheduler_new (list, DELAY_MS, TRUE);
  names = take_all (scheduler, ROLL_SIEVE_NAMES);
  addresses = take_all (scheduler, ROLL_SIEVE_ADDRESSES);
  g_assert_cmpuint (names->len, ==, n_each);
  g_assert_cmpuint (addresses->len, ==, n_each);
  for (guint i = 0; i < n_each; i++)
    {
      guint place = i / 2 + i % 2 * (n_each / 2);

      g_assert_cmpuint (ordinal_at (names, i), ==, 2 * place);
      g_assert_cmpuint (ordinal_at (addresses, i), ==, 2 * place + 1);
    }
  roll_scheduler_free (scheduler);
}

/* The first 1,000 of the list have been asked, and every second one of the rest: what is left is dealt out evenly. */
static void
test_resume_with_holes (void)
{
  static const guint n = 3048, n_first = 1000, n_left = 1024;
  RollScheduler *scheduler = make_scheduler ("10.0.0.0-10.0.11.231");
  g_autoptr (GArray) ordinals = NULL;

  for (guint i = 0; i < n; i++)
    if (i < n_first || i % 2 == 0)
      restore (scheduler, i, ROLL_STATUS_CONNECTION_REFUSED, 1, 1000);
  ordinals = take_all (scheduler, BOTH);
  g_assert_cmpuint (ordinals->len, ==, n_left);
  for (guint i = 0; i < n_left; i++)
    g_assert_cmpuint (ordinal_at (ordinals, i), ==, n_first + 2 * (i / 4 + i % 4 * (n_left / 4)) + 1);
  roll_scheduler_free (scheduler);
}

/* Those that are tested again, few of many, in their order. */
static void
test_restrict (void)
{
  static const guint32 wanted[] = { 3, 999, 1000, 2999 };
  RollScheduler *scheduler = make_scheduler ("10.0.0.0-10.0.11.183");
  g_autoptr (GArray) again = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autoptr (GArray) ordinals = NULL;

  g_array_append_vals (again, wanted, G_N_ELEMENTS (wanted));
  roll_scheduler_restrict (scheduler, again);
  ordinals = take_all (scheduler, BOTH);
  g_assert_cmpmem (ordinals->data, ordinals->len * sizeof (guint32), wanted, sizeof wanted);
  roll_scheduler_free (scheduler);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/scheduler/lanes", test_lanes);
  g_test_add_func ("/scheduler/order/of-few", test_order_of_few);
  g_test_add_func ("/scheduler/order/of-257", test_order_of_257);
  g_test_add_func ("/scheduler/order/of-networks", test_order_of_networks);
  g_test_add_func ("/scheduler/order/of-most", test_order_of_most);
  g_test_add_func ("/scheduler/order/of-mixed", test_order_of_mixed);
  g_test_add_func ("/scheduler/order/without-spread", test_order_without_spread);
  g_test_add_func ("/scheduler/retry-goes-to-the-end", test_retry_goes_to_the_end);
  g_test_add_func ("/scheduler/retry-keeps-first-start", test_retry_keeps_first_start);
  g_test_add_func ("/scheduler/resume", test_resume);
  g_test_add_func ("/scheduler/resume-with-holes", test_resume_with_holes);
  g_test_add_func ("/scheduler/restrict", test_restrict);
  g_test_add_func ("/scheduler/resume-of-many", test_resume_of_many);
  g_test_add_func ("/scheduler/resume-at-odd-times", test_resume_at_odd_times);
  return g_test_run ();
}
