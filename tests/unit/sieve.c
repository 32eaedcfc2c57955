/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sieve-fixture.h"

static void
check_socket_is_fit (int fd)
{
  int on = 0;
  socklen_t length = sizeof on;

  g_assert_cmpint (fd, >=, 0);
  g_assert_no_errno (getsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, &length));
  g_assert_cmpint (on, !=, 0);
  g_assert_cmpint (fcntl (fd, F_GETFL) & O_NONBLOCK, ==, O_NONBLOCK);
  g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
}

static void
check_open (int family, const char *target, const char *peer_format)
{
  guint16 port;
  int listener = listen_open (family, &port);
  g_autoptr (SieveFixture) fixture = sieve_fixture_new (port);
  Probe *probe = sieve_fixture_run (fixture, target);
  g_autofree char *peer = g_strdup_printf ("%s:%u", peer_format, port);
  int accepted = accept (listener, NULL, NULL);
  char byte = 0;

  g_assert_cmpstr (probe_get_end (probe), ==, "open");
  g_assert_cmpint (probe->result.step, ==, ROLL_STEP_CONNECT);
  g_assert_cmpint (probe->result.said_by, ==, ROLL_SAID_BY_NOBODY);
  g_assert_true (roll_address_equal (&probe->result.address, &probe->result.job.address));
  check_socket_is_fit (probe->result.fd);
  g_assert_cmpint (write (probe->result.fd, "x", 1), ==, 1);
  g_assert_cmpint (read (accepted, &byte, 1), ==, 1);

  g_assert_cmpuint (probe->result.job.attempt->steps->len, ==, 1);
  g_assert_cmpstr (probe_get_step (probe, 0)->peer, ==, peer);
  g_assert_cmpint (probe_get_step (probe, 0)->error.space, ==, ROLL_ERROR_SPACE_NONE);
  g_assert_null (probe_get_step (probe, 0)->detail);
  close (accepted);
  close (listener);
}

static void
test_open (void)
{
  check_open (AF_INET, "127.20.30.40", "127.20.30.40");
}

static void
test_open_ipv6 (void)
{
  guint16 port;
  int probe = socket (AF_INET6, SOCK_DGRAM, 0);
  struct sockaddr_in6 loopback = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
  gboolean has_ipv6 = probe >= 0 && bind (probe, (struct sockaddr *) &loopback, sizeof loopback) == 0;

  if (probe >= 0)
    close (probe);
  if (!has_ipv6)
    {
      g_test_skip ("no IPv6 on this machine");
      return;
    }
  check_open (AF_INET6, "::1", "[::1]");
  port = closed_port ();
  g_autoptr (SieveFixture) fixture = sieve_fixture_new (port);
  g_assert_cmpstr (probe_get_end (sieve_fixture_run (fixture, "::1")), ==, "ECONNREFUSED");
}

static void
test_refused (void)
{
  g_autoptr (SieveFixture) fixture = sieve_fixture_new (closed_port ());
  gint64 before = g_get_real_time ();
  Probe *probe = sieve_fixture_run (fixture, "127.0.0.1");
  RollAttempt *attempt = probe->result.job.attempt;

  g_assert_cmpstr (probe_get_end (probe), ==, "ECONNREFUSED");
  g_assert_cmpint (probe->result.said_by, ==, ROLL_SAID_BY_PEER);
  g_assert_cmpint (probe->result.fd, ==, -1);
  g_assert_cmpuint (attempt->steps->len, ==, 1);
  g_assert_cmpint (probe_get_step (probe, 0)->said_by, ==, ROLL_SAID_BY_PEER);
  g_assert_cmpint (attempt->started_at, >=, before);
  g_assert_cmpint (attempt->duration_us, >=, probe_get_step (probe, 0)->duration_us);
}

static void
test_silence_is_a_timeout (void)
{
  guint16 port;
  int filler;
  int listener = listen_full (&port, &filler);
  g_autoptr (SieveFixture) fixture = sieve_fixture_new (port);
  Probe *probe = sieve_fixture_run (fixture, "127.0.0.9");

  g_assert_cmpstr (probe_get_end (probe), ==, "ETIMEDOUT");
  g_assert_cmpint (probe->result.said_by, ==, ROLL_SAID_BY_NOBODY);
  g_assert_cmpint (probe_get_step (probe, 0)->duration_us, >=, 300 * 1000);
  g_assert_cmpint (probe->result.job.attempt->duration_us, >=, 300 * 1000);
  close (filler);
  close (listener);
}

static void
add_many (SieveFixture *fixture, guint n)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *target = g_strdup_printf ("127.30.%u.%u", i / 250, i % 250 + 1);

      sieve_fixture_add (fixture, target);
    }
}

static void
check_each_done_once (SieveFixture *fixture, const char *end)
{
  for (guint i = 0; i < fixture->probes->len; i++)
    {
      Probe *probe = g_ptr_array_index (fixture->probes, i);

      g_assert_cmpuint (probe->n_done, ==, 1);
      g_assert_cmpstr (probe_get_end (probe), ==, end);
    }
}

static void
test_no_more_in_flight_than_probes (void)
{
  guint16 port;
  int filler;
  int listener = listen_full (&port, &filler);
  g_autoptr (SieveFixture) fixture = sieve_fixture_new (port);

  fixture->options.probes = 40;
  fixture->options.connect_timeout_ms = 50;
  add_many (fixture, 200);
  sieve_fixture_finish (fixture);

  check_each_done_once (fixture, "ETIMEDOUT");
  g_assert_cmpuint (fixture->n_in_flight_max, ==, 40);
  g_assert_cmpstr (fixture->events->str, ==, "");
  close (filler);
  close (listener);
}

static void
test_many_refused (void)
{
  RollSieveStats stats;
  g_autoptr (SieveFixture) fixture = sieve_fixture_new (closed_port ());

  add_many (fixture, 3000);
  sieve_fixture_finish (fixture);
  check_each_done_once (fixture, "ECONNREFUSED");
  roll_sieve_get_stats (fixture->sieve, &stats);
  g_assert_cmpuint (stats.syns, ==, 3000);
  g_assert_cmpuint (stats.connecting, ==, 0);
}

static void
test_stop_gives_everything_back (void)
{
  guint16 port;
  int filler;
  int listener = listen_full (&port, &filler);
  RollSieveStats stats = { 0 };
  g_autoptr (SieveFixture) fixture = sieve_fixture_new (port);

  fixture->options.connect_timeout_ms = 3600 * 1000;
  fixture->options.probes = 100;
  add_many (fixture, 300);
  sieve_fixture_start (fixture);
  while (stats.connecting < 100)
    roll_sieve_get_stats (fixture->sieve, &stats);
  roll_sieve_stop (fixture->sieve);
  roll_sieve_join (fixture->sieve);

  g_assert_cmpuint (fixture->n_given, >=, 100);
  g_assert_cmpuint (sieve_fixture_count_done (fixture), ==, fixture->n_given);
  for (guint i = 0; i < fixture->n_given; i++)
    {
      Probe *probe = g_ptr_array_index (fixture->probes, i);

      g_assert_cmpstr (probe_get_end (probe), ==, "cancelled");
      g_assert_cmpint (probe->result.fd, ==, -1);
      g_assert_cmpuint (probe->result.job.attempt->steps->len, ==, 0);
    }
  roll_sieve_get_stats (fixture->sieve, &stats);
  g_assert_cmpuint (stats.connecting, ==, 0);
  close (filler);
  close (listener);
}

static void
test_stop_before_anything (void)
{
  g_autoptr (SieveFixture) fixture = sieve_fixture_new (closed_port ());

  sieve_fixture_start (fixture);
  roll_sieve_stop (fixture->sieve);
  roll_sieve_stop (fixture->sieve);
  roll_sieve_join (fixture->sieve);
  g_assert_cmpuint (sieve_fixture_count_done (fixture), ==, 0);
}

static void
test_wake_brings_later_targets (void)
{
  g_autoptr (SieveFixture) fixture = sieve_fixture_new (closed_port ());

  sieve_fixture_start (fixture);
  for (guint i = 1; i <= 20; i++)
    {
      g_autofree char *target = g_strdup_printf ("127.0.3.%u", i);

      sieve_fixture_add (fixture, target);
      while (sieve_fixture_count_done (fixture) < i)
        g_usleep (100);
    }
  /* It sleeps in between, and does not ask in a loop. */
  g_assert_cmpuint (fixture->n_asked, <, 200);
  sieve_fixture_finish (fixture);
  check_each_done_once (fixture, "ECONNREFUSED");
}

static void
test_end_is_asked_again_after_done (void)
{
  g_autoptr (SieveFixture) fixture = sieve_fixture_new (closed_port ());
  Probe *probe;

  fixture->again = 3;
  probe = sieve_fixture_add (fixture, "127.0.0.1");
  sieve_fixture_finish (fixture);
  g_assert_cmpuint (probe->n_done, ==, 4);
}

/* As when the program starts another one: for a moment that has all our sockets too. */
static pid_t
fork_and_hold (void)
{
  pid_t pid = fork ();

  g_assert_cmpint (pid, >=, 0);
  if (pid > 0)
    return pid;
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  pause ();
  _exit (0);
}

static void
wait_until_connecting (SieveFixture *fixture)
{
  RollSieveStats stats;

  do
    {
      g_usleep (1000);
      roll_sieve_get_stats (fixture->sieve, &stats);
    }
  while (stats.connecting == 0);
}

/* The connection that was given up goes on in the child, and opens: that is nobody's news. */
static void
test_a_child_holds_on_to_the_sockets (void)
{
  guint16 port;
  int filler;
  int listener = listen_full (&port, &filler);
  g_autoptr (SieveFixture) fixture = sieve_fixture_new (port);
  Probe *first = sieve_fixture_add (fixture, "127.0.0.9"), *second;
  int accepted[2];
  pid_t child;

  sieve_fixture_start (fixture);
  wait_until_connecting (fixture);
  child = fork_and_hold ();
  while (sieve_fixture_count_done (fixture) == 0)
    g_usleep (1000);
  for (guint i = 0; i < G_N_ELEMENTS (accepted); i++)
    accepted[i] = accept (listener, NULL, NULL); /* the filler, and what the child holds */
  g_usleep (10000);
  second = sieve_fixture_run (fixture, "127.0.0.10");

  g_assert_cmpuint (first->n_done, ==, 1);
  g_assert_cmpstr (probe_get_end (first), ==, "ETIMEDOUT");
  g_assert_cmpstr (probe_get_end (second), ==, "open");
  kill (child, SIGKILL);
  waitpid (child, NULL, 0);
  for (guint i = 0; i < G_N_ELEMENTS (accepted); i++)
    close (accepted[i]);
  close (filler);
  close (listener);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sieve/open", test_open);
  g_test_add_func ("/sieve/open-ipv6", test_open_ipv6);
  g_test_add_func ("/sieve/refused", test_refused);
  g_test_add_func ("/sieve/silence-is-a-timeout", test_silence_is_a_timeout);
  g_test_add_func ("/sieve/no-more-in-flight-than-probes", test_no_more_in_flight_than_probes);
  g_test_add_func ("/sieve/many-refused", test_many_refused);
  g_test_add_func ("/sieve/stop-gives-everything-back", test_stop_gives_everything_back);
  g_test_add_func ("/sieve/stop-before-anything", test_stop_before_anything);
  g_test_add_func ("/sieve/wake-brings-later-targets", test_wake_brings_later_targets);
  g_test_add_func ("/sieve/end-is-asked-again-after-done", test_end_is_asked_again_after_done);
  g_test_add_func ("/sieve/a-child-holds-on-to-the-sockets", test_a_child_holds_on_to_the_sockets);
  return g_test_run ();
}
