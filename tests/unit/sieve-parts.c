/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <sys/resource.h>
#include <unistd.h>

#include "scan/roll-deadlines.h"
#include "scan/roll-rate.h"
#include "scan/roll-subnets.h"
#include "sieve-fixture.h"

#define SECOND G_USEC_PER_SEC

/* The bucket, the heap, what the kernel knows; and trouble of this machine, which only a process of its own
 * may have. */

static guint
take_until (RollRate *rate, gint64 from, gint64 to)
{
  guint taken = 0;

  for (gint64 now = roll_rate_ready_at (rate, from); now <= to; now = roll_rate_ready_at (rate, now))
    {
      g_assert_true (roll_rate_take (rate, now));
      taken++;
    }
  return taken;
}

static void
test_rate (void)
{
  gint64 start = 1000 * SECOND;
  RollRate rate;

  roll_rate_init (&rate, 200, 50);
  g_assert_cmpuint (take_until (&rate, start, start), ==, 50);
  g_assert_false (roll_rate_take (&rate, start));
  g_assert_cmpint (roll_rate_ready_at (&rate, start), ==, start + 5000);
  g_assert_cmpuint (take_until (&rate, start, start + 10 * SECOND), ==, 2000);
  /* After quiet a whole burst again, and no more than that. */
  g_assert_cmpuint (take_until (&rate, start + 100 * SECOND, start + 100 * SECOND), ==, 50);
}

static void
test_rate_may_be_odd_or_none (void)
{
  RollRate rate;

  roll_rate_init (&rate, 3000000, 1);
  g_assert_cmpuint (take_until (&rate, SECOND, SECOND + 1000), <=, 3003);
  roll_rate_init (&rate, 0, 1);
  for (guint i = 0; i < 1000; i++)
    g_assert_true (roll_rate_take (&rate, SECOND));
  g_assert_cmpint (roll_rate_ready_at (&rate, SECOND), ==, SECOND);
}

static void
test_deadlines_come_in_order (void)
{
  enum
  {
    N = 2000
  };
  g_autofree RollDeadline *deadlines = g_new0 (RollDeadline, N);
  g_autoptr (GRand) rand = g_rand_new_with_seed (135);
  RollDeadlines heap;
  RollDeadline *first;
  gint64 last = G_MININT64;
  guint n_left = N;

  roll_deadlines_init (&heap);
  for (guint i = 0; i < N; i++)
    roll_deadlines_add (&heap, &deadlines[i], g_rand_int_range (rand, 0, 500));
  for (guint i = 0; i < 3 * N; i++)
    {
      RollDeadline *deadline = &deadlines[g_rand_int_range (rand, 0, N)];

      roll_deadlines_remove (&heap, deadline);
      roll_deadlines_remove (&heap, deadline);
      if (i % 3 != 0)
        roll_deadlines_add (&heap, deadline, g_rand_int_range (rand, 0, 500));
      else
        deadline->due = -1;
    }
  for (guint i = 0; i < N; i++)
    n_left -= deadlines[i].place == 0;
  while ((first = roll_deadlines_first (&heap)) != NULL)
    {
      g_assert_cmpint (first->due, >=, last);
      g_assert_cmpint (first->due, !=, -1);
      last = first->due;
      roll_deadlines_remove (&heap, first);
      n_left--;
    }
  g_assert_cmpuint (n_left, ==, 0);
  roll_deadlines_clear (&heap);
}

static void
test_subnets_know_loopback (void)
{
  RollSubnets *subnets = roll_subnets_new ();
  RollAddress loopback;
  RollAddress documentation;
  guint interface = 1;

  g_assert_true (roll_address_parse ("127.3.4.5", &loopback));
  g_assert_true (roll_address_parse ("2001:db8::1", &documentation));
  for (guint i = 0; i < 3; i++)
    {
      g_assert_cmpint (roll_subnets_find_way (subnets, &loopback, &interface), ==, ROLL_WAY_ROUTED);
      g_assert_cmpuint (interface, ==, 0);
      g_assert_true (roll_subnets_is_own (subnets, &loopback));
      g_assert_false (roll_subnets_is_own (subnets, &documentation));
      roll_subnets_refresh (subnets);
    }
  g_assert_cmpuint (roll_subnets_get_neighbour_limit (AF_INET), >, 0);
  roll_subnets_free (subnets);
}

/* Takes all descriptors but @n_left; gives back those taken. */
static GArray *
take_files (guint n_left)
{
  GArray *taken = g_array_new (FALSE, FALSE, sizeof (int));

  for (int fd = dup (STDERR_FILENO); fd >= 0; fd = dup (STDERR_FILENO))
    g_array_append_val (taken, fd);
  g_assert_cmpint (errno, ==, EMFILE);
  g_assert_cmpuint (taken->len, >=, n_left);
  for (guint i = 0; i < n_left; i++)
    close (g_array_index (taken, int, taken->len - 1 - i));
  g_array_set_size (taken, taken->len - n_left);
  return taken;
}

static void
check_all_timed_out (SieveFixture *fixture)
{
  for (guint i = 0; i < fixture->probes->len; i++)
    {
      Probe *probe = g_ptr_array_index (fixture->probes, i);

      g_assert_cmpuint (probe->n_done, ==, 1);
      g_assert_cmpstr (probe_get_end (probe), ==, "ETIMEDOUT");
    }
}

static void
test_out_of_files_is_not_the_targets_fault (void)
{
  guint16 port;
  int filler;
  int listener = listen_full (&port, &filler);
  struct rlimit before;
  struct rlimit low;
  g_autoptr (GArray) taken = NULL;
  g_autoptr (SieveFixture) fixture = sieve_fixture_new (port);

  fixture->options.connect_timeout_ms = 100;
  sieve_fixture_start (fixture);
  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &before));
  low = before;
  low.rlim_cur = 100;
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &low));
  taken = take_files (10);

  for (guint i = 1; i <= 60; i++)
    {
      g_autofree char *target = g_strdup_printf ("127.0.5.%u", i);

      sieve_fixture_add (fixture, target);
    }
  sieve_fixture_finish (fixture);
  for (guint i = 0; i < taken->len; i++)
    close (g_array_index (taken, int, i));
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &before));

  check_all_timed_out (fixture);
  g_assert_cmpuint (fixture->n_in_flight_max, ==, 10);
  g_assert_cmpstr (fixture->events->str, ==, "out-of-files errno=EMFILE connecting=10\nout-of-files-over \n");
  close (filler);
  close (listener);
}

/* Not one to begin with: it waits, and goes on when there is one. */
static void
check_no_file_at_all (guint probes, guint at_least_ms)
{
  struct rlimit before;
  struct rlimit low;
  g_autoptr (GArray) taken = NULL;
  g_autoptr (SieveFixture) fixture = sieve_fixture_new (closed_port ());
  Probe *probe;

  fixture->options.probes = probes;
  sieve_fixture_start (fixture);
  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &before));
  low = before;
  low.rlim_cur = 100;
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &low));
  taken = take_files (0);
  probe = sieve_fixture_add (fixture, "127.0.5.1");
  for (gboolean told = FALSE; !told; g_usleep (1000))
    {
      g_mutex_lock (&fixture->lock);
      told = fixture->events->len > 0;
      g_mutex_unlock (&fixture->lock);
    }
  g_usleep (at_least_ms * 1000);
  g_assert_cmpuint (sieve_fixture_count_done (fixture), ==, 0);
  for (guint i = 0; i < taken->len; i++)
    close (g_array_index (taken, int, i));
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &before));

  sieve_fixture_finish (fixture);
  g_assert_cmpuint (probe->n_done, ==, 1);
  g_assert_cmpstr (probe_get_end (probe), ==, "ECONNREFUSED");
  g_assert_cmpstr (fixture->events->str, ==, "out-of-files errno=EMFILE connecting=0\nout-of-files-over \n");
}

static void
test_no_file_at_all (void)
{
  check_no_file_at_all (ROLL_SIEVE_PROBES, 0);
}

/* It is not over only because nobody tries for two seconds. */
static void
test_no_file_for_long (void)
{
  check_no_file_at_all (8, 6000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sieve-parts/rate", test_rate);
  g_test_add_func ("/sieve-parts/rate-may-be-odd-or-none", test_rate_may_be_odd_or_none);
  g_test_add_func ("/sieve-parts/deadlines-come-in-order", test_deadlines_come_in_order);
  g_test_add_func ("/sieve-parts/subnets-know-loopback", test_subnets_know_loopback);
  g_test_add_func ("/sieve-parts/out-of-files-is-not-the-targets-fault",
                   test_out_of_files_is_not_the_targets_fault);
  g_test_add_func ("/sieve-parts/no-file-at-all", test_no_file_at_all);
  g_test_add_func ("/sieve-parts/no-file-for-long", test_no_file_for_long);
  return g_test_run ();
}
