/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <string.h>

#include "scan/roll-scan-ports.h"
#include "store-fixture.h"

/* Who is asked on other ports, and how many: without a network. */

#define PROBES 4096

typedef struct
{
  StoreFixture parent;
  gint64 scan;
  RollJournal *journal;
  RollScanOptions *options;
  RollScanPorts *ports;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  store_fixture_set_up (&fixture->parent, NULL);
  fixture->scan = store_fixture_add_scan (&fixture->parent, 1000);
  fixture->journal = roll_store_begin (fixture->parent.store, fixture->scan, NULL, NULL, NULL);
  fixture->options = roll_scan_options_new ();
  fixture->options->probes = PROBES;
  fixture->ports = roll_scan_ports_new (fixture->options, fixture->journal);
  g_assert_nonnull (fixture->ports);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  roll_scan_ports_free (fixture->ports);
  roll_scan_options_free (fixture->options);
  if (fixture->journal != NULL)
    roll_journal_end (fixture->journal, ROLL_SCAN_FINISHED, NULL);
  store_fixture_tear_down (&fixture->parent, NULL);
}

static void
want (Fixture *fixture, guint ordinal, const char *address, int number, RollSaidBy said_by)
{
  RollSieveResult result = {
    .job.ordinal = ordinal, .step = ROLL_STEP_CONNECT, .error = { ROLL_ERROR_SPACE_ERRNO, (guint32) number },
    .said_by = said_by, .fd = -1,
  };
  RollComputer *computer = store_fixture_computer (ordinal, ROLL_STATUS_CONNECTION_TIMEOUT, 1);

  g_assert_true (roll_address_parse (address, &result.address));
  roll_journal_post_attempt (fixture->journal, computer, store_fixture_attempt (computer));
  roll_scan_ports_want (fixture->ports, &result);
}

static void
answer (Fixture *fixture, const RollSieveJob *job, int number, gboolean cancelled)
{
  RollSieveResult result = {
    .job = *job, .step = ROLL_STEP_CONNECT, .error = { ROLL_ERROR_SPACE_ERRNO, (guint32) number }, .fd = -1,
    .cancelled = cancelled,
  };

  roll_scan_ports_take (fixture->ports, &result);
}

/* All that may begin, begun before the first answer comes. Returns how many connects that were. */
static guint
ask_all (Fixture *fixture, int number)
{
  g_autoptr (GArray) jobs = g_array_new (FALSE, FALSE, sizeof (RollSieveJob));
  RollSieveJob job;

  while (roll_scan_ports_next (fixture->ports, &job))
    g_array_append_val (jobs, job);
  for (guint i = 0; i < jobs->len; i++)
    answer (fixture, &g_array_index (jobs, RollSieveJob, i), number, FALSE);
  return jobs->len;
}

static void
want_network (Fixture *fixture, guint n, const char *network)
{
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *address = g_strdup_printf ("%s.%u", network, i + 1);

      want (fixture, i, address, ETIMEDOUT, ROLL_SAID_BY_NOBODY);
    }
}

static void
test_an_empty_network_costs_little (Fixture *fixture, gconstpointer data)
{
  want_network (fixture, 200, "10.1.1");
  want_network (fixture, 3, "10.1.2");
  g_assert_cmpuint (ask_all (fixture, ETIMEDOUT), ==, (ROLL_SCAN_PORTS_SILENT + 3) * 5);
  g_assert_cmpuint (ask_all (fixture, ETIMEDOUT), ==, 0);
}

static void
test_who_answers_makes_room_for_the_next (Fixture *fixture, gconstpointer data)
{
  guint n = 0, more;

  want_network (fixture, 200, "10.1.1");
  while ((more = ask_all (fixture, ECONNREFUSED)) > 0)
    {
      g_assert_cmpuint (more, <=, ROLL_SCAN_PORTS_SILENT * 5);
      n += more;
    }
  g_assert_cmpuint (n, ==, 200 * 5);
}

static void
test_never_more_than_a_share_of_the_connects (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *network = g_strdup_printf ("10.2.%u", i);

      want_network (fixture, 16, network);
    }
  g_assert_cmpuint (ask_all (fixture, ETIMEDOUT), ==, PROBES / 2);
}

static void
test_nobody_is_asked_where_it_tells_nothing (Fixture *fixture, gconstpointer data)
{
  want (fixture, 0, "10.3.0.1", EHOSTUNREACH, ROLL_SAID_BY_THIS_MACHINE);
  want (fixture, 1, "10.3.0.2", ENETUNREACH, ROLL_SAID_BY_THIS_MACHINE);
  want (fixture, 2, "10.3.0.3", EACCES, ROLL_SAID_BY_THIS_MACHINE);
  g_assert_cmpuint (ask_all (fixture, ETIMEDOUT), ==, 0);
  want (fixture, 3, "10.3.0.4", EHOSTUNREACH, ROLL_SAID_BY_ROUTER);
  want (fixture, 4, "fe80::1%lo", ECONNREFUSED, ROLL_SAID_BY_PEER);
  g_assert_cmpuint (ask_all (fixture, ETIMEDOUT), ==, 10);
}

static char *
get_ports (Fixture *fixture, guint ordinal)
{
  g_autoptr (GPtrArray) findings = NULL;

  roll_journal_flush (fixture->journal, NULL, NULL);
  findings = roll_store_get_findings (fixture->parent.store, fixture->scan, ordinal, NULL);
  return g_strdup (findings->len > 0 ? ((RollFinding *) g_ptr_array_index (findings, 0))->detail : "");
}

static void
test_a_stop_tells_nothing (Fixture *fixture, gconstpointer data)
{
  static const guint16 numbers[] = { 22, 135, 445, 3389, 5985 };
  RollSieveJob jobs[5];
  g_autofree char *stopped = NULL;
  g_autofree char *half = NULL;

  want_network (fixture, 2, "10.1.1");
  for (guint round = 0; round < 2; round++)
    {
      for (guint i = 0; i < 5; i++)
        {
          g_assert_true (roll_scan_ports_next (fixture->ports, &jobs[i]));
          g_assert_cmpuint (jobs[i].side_port, ==, numbers[i]);
        }
      for (guint i = 0; i < 5; i++)
        answer (fixture, &jobs[i], ECONNREFUSED, round == 0 || i > 1);
    }
  stopped = get_ports (fixture, 0);
  half = get_ports (fixture, 1);
  g_assert_cmpstr (stopped, ==, "");
  g_assert_cmpstr (half, ==, "22=closed 135=closed");
}

/* 135 is somewhere else: so may be the others, or nobody said where. */
static void
test_other_ports_may_be_elsewhere (Fixture *fixture, gconstpointer data)
{
  static const guint16 numbers[] = { 1300, 1135, 1301, 1302, 1303 };
  RollSieveJob job;

  roll_scan_ports_free (fixture->ports);
  fixture->options->port = 1135;
  g_assert_null (roll_scan_ports_new (fixture->options, fixture->journal));
  fixture->options->side_ports = 1300;
  fixture->ports = roll_scan_ports_new (fixture->options, fixture->journal);
  want_network (fixture, 1, "10.1.1");
  for (guint i = 0; i < 5; i++)
    {
      g_assert_true (roll_scan_ports_next (fixture->ports, &job));
      g_assert_cmpuint (job.side_port, ==, numbers[i]);
      answer (fixture, &job, ECONNREFUSED, FALSE);
    }
}

#define add(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/scan/ports/empty-network", test_an_empty_network_costs_little);
  add ("/scan/ports/who-answers", test_who_answers_makes_room_for_the_next);
  add ("/scan/ports/share", test_never_more_than_a_share_of_the_connects);
  add ("/scan/ports/worth-it", test_nobody_is_asked_where_it_tells_nothing);
  add ("/scan/ports/stop", test_a_stop_tells_nothing);
  add ("/scan/ports/elsewhere", test_other_ports_may_be_elsewhere);
  return g_test_run ();
}
