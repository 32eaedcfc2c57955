/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <unistd.h>

#include "name-server.h"
#include "sieve-fixture.h"

typedef struct
{
  NameServer *server;
  SieveFixture *sieve;
  const char *servers[2];
  const char *search[1];
} Fixture;

static void
set_up_with (Fixture *fixture, guint16 port)
{
  g_autoptr (GError) error = NULL;

  fixture->server = name_server_new ("127.0.0.1", 0, &error);
  g_assert_no_error (error);
  fixture->servers[0] = name_server_get_peer (fixture->server);
  fixture->sieve = sieve_fixture_new (port);
  fixture->sieve->options.resolver.servers = fixture->servers;
  fixture->sieve->options.resolver.search = fixture->search;
}

static void
add_rule (Fixture *fixture, const char *rule)
{
  g_autoptr (GError) error = NULL;

  name_server_add (fixture->server, rule, &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *fixture)
{
  sieve_fixture_free (fixture->sieve);
  name_server_free (fixture->server);
}

static void
test_name_to_socket (void)
{
  guint16 port;
  int listener = listen_open (AF_INET, &port);
  Fixture fixture = { 0 };
  Probe *probe;

  set_up_with (&fixture, port);
  add_rule (&fixture, "pc1.corp.example=127.0.7.1");
  probe = sieve_fixture_run (fixture.sieve, "pc1.corp.example");
  g_assert_cmpstr (probe_get_end (probe), ==, "open");
  g_assert_cmpint (probe_get_step (probe, 0)->step, ==, ROLL_STEP_RESOLVE);
  g_assert_cmpuint (probe->result.job.attempt->steps->len, ==, 2);
  g_assert_true (g_str_has_prefix (probe_get_step (probe, 1)->peer, "127.0.7.1:"));
  g_assert_cmpint (probe->result.job.attempt->duration_us, >=,
                   probe_get_step (probe, 0)->duration_us + probe_get_step (probe, 1)->duration_us);
  tear_down (&fixture);
  close (listener);
}

static void
test_no_such_name (void)
{
  Fixture fixture = { 0 };
  Probe *probe;

  set_up_with (&fixture, closed_port ());
  probe = sieve_fixture_run (fixture.sieve, "nobody.corp.example");
  g_assert_cmpstr (probe_get_end (probe), ==, "ARES_ENOTFOUND");
  g_assert_cmpint (probe->result.step, ==, ROLL_STEP_RESOLVE);
  g_assert_cmpint (probe->result.said_by, ==, ROLL_SAID_BY_NAME_SERVER);
  g_assert_cmpint (probe->result.address.family, ==, AF_UNSPEC);
  g_assert_cmpint (probe->result.fd, ==, -1);
  tear_down (&fixture);
}

static void
test_each_address_is_tried_until_one_opens (void)
{
  guint16 port;
  int listener = listen_open (AF_INET, &port);
  char text[ROLL_ADDRESS_STRLEN];
  Fixture fixture = { 0 };
  Probe *probe;
  guint n_steps;

  /* Nobody listens for IPv6 there. */
  set_up_with (&fixture, port);
  add_rule (&fixture, "two.corp.example=::1,127.0.7.2");
  probe = sieve_fixture_run (fixture.sieve, "two.corp.example");
  n_steps = probe->result.job.attempt->steps->len;
  g_assert_cmpstr (probe_get_end (probe), ==, "open");
  g_assert_cmpstr (roll_address_format (&probe->result.address, text), ==, "127.0.7.2");
  for (guint i = 1; i + 1 < n_steps; i++)
    if (probe_get_step (probe, i)->step == ROLL_STEP_CONNECT)
      g_assert_cmpint (probe_get_step (probe, i)->error.space, !=, ROLL_ERROR_SPACE_NONE);
  g_assert_cmpint (probe_get_step (probe, n_steps - 1)->error.space, ==, ROLL_ERROR_SPACE_NONE);
  tear_down (&fixture);
  close (listener);
}

static void
test_no_more_addresses_than_can_be_borne (void)
{
  GString *rule = g_string_new ("many.corp.example=127.0.8.1");
  guint n_connects = 0;
  Fixture fixture = { 0 };
  Probe *probe;

  for (guint i = 2; i <= 40; i++)
    g_string_append_printf (rule, ",127.0.8.%u", i);
  set_up_with (&fixture, closed_port ());
  add_rule (&fixture, rule->str);
  probe = sieve_fixture_run (fixture.sieve, "many.corp.example");
  g_assert_cmpstr (probe_get_end (probe), ==, "ECONNREFUSED");
  for (guint i = 0; i < probe->result.job.attempt->steps->len; i++)
    n_connects += probe_get_step (probe, i)->step == ROLL_STEP_CONNECT;
  g_assert_cmpuint (n_connects, ==, ROLL_SIEVE_ADDRESSES_MAX);
  g_string_free (rule, TRUE);
  tear_down (&fixture);
}

/* Nobody listens for IPv6 there, and for IPv4 somebody who does not answer. */
static void
test_the_most_telling_error_is_the_result (void)
{
  guint16 port;
  int filler;
  int listener = listen_full (&port, &filler);
  Fixture fixture = { 0 };
  Probe *probe;
  char text[ROLL_ADDRESS_STRLEN];

  set_up_with (&fixture, port);
  add_rule (&fixture, "torn.corp.example=::1,127.0.7.4");
  probe = sieve_fixture_run (fixture.sieve, "torn.corp.example");
  g_assert_cmpuint (probe->result.job.attempt->steps->len, >=, 3);
  if (g_strcmp0 (probe_get_end (probe), "ETIMEDOUT") == 0)
    g_test_skip ("no IPv6 on this machine");
  else
    {
      g_assert_cmpstr (probe_get_end (probe), ==, "ECONNREFUSED");
      g_assert_cmpstr (roll_address_format (&probe->result.address, text), ==, "::1");
    }
  tear_down (&fixture);
  close (filler);
  close (listener);
}

static void
test_many_names_and_addresses_together (void)
{
  Fixture fixture = { 0 };

  set_up_with (&fixture, closed_port ());
  add_rule (&fixture, "*.lab.example=numbered:127.9.0.0");
  for (guint i = 1; i <= 1500; i++)
    {
      g_autofree char *name = g_strdup_printf ("pc%u.lab.example", i);
      g_autofree char *address = g_strdup_printf ("127.8.%u.%u", i / 256, i % 256);

      sieve_fixture_add (fixture.sieve, name);
      sieve_fixture_add (fixture.sieve, address);
    }
  sieve_fixture_finish (fixture.sieve);
  for (guint i = 0; i < fixture.sieve->probes->len; i++)
    {
      Probe *probe = g_ptr_array_index (fixture.sieve->probes, i);

      g_assert_cmpuint (probe->n_done, ==, 1);
      g_assert_cmpstr (probe_get_end (probe), ==, "ECONNREFUSED");
    }
  tear_down (&fixture);
}

static void
test_stop_with_open_questions (void)
{
  RollSieveStats stats = { 0 };
  Fixture fixture = { 0 };

  set_up_with (&fixture, closed_port ());
  name_server_set_silent (fixture.server, TRUE);
  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *name = g_strdup_printf ("pc%u.lab.example", i);

      sieve_fixture_add (fixture.sieve, name);
    }
  sieve_fixture_start (fixture.sieve);
  while (stats.resolving < 50)
    roll_sieve_get_stats (fixture.sieve->sieve, &stats);
  roll_sieve_stop (fixture.sieve->sieve);
  roll_sieve_join (fixture.sieve->sieve);
  for (guint i = 0; i < 50; i++)
    {
      Probe *probe = g_ptr_array_index (fixture.sieve->probes, i);

      g_assert_cmpuint (probe->n_done, ==, 1);
      g_assert_cmpstr (probe_get_end (probe), ==, "cancelled");
      g_assert_cmpint (probe->result.step, ==, ROLL_STEP_RESOLVE);
    }
  tear_down (&fixture);
}

static RollSieveNext
never_next (RollSieveKinds kinds, RollSieveJob *ret_job, gint64 *ret_when, gpointer user_data)
{
  g_assert_not_reached ();
}

static void
never_done (RollSieveResult *result, gpointer user_data)
{
  g_assert_not_reached ();
}

static void
never_event (const char *kind, const char *detail, gpointer user_data)
{
  g_assert_not_reached ();
}

static void
test_a_wrong_name_server_is_an_error (void)
{
  static const RollSieveCallbacks callbacks = { never_next, never_done, never_event };
  const char *const servers[] = { "not-an-address", NULL };
  RollSieveOptions options = {
    .port = 135, .probes = 10, .connect_timeout_ms = 100, .resolver.servers = servers
  };
  g_autoptr (GError) error = NULL;

  g_assert_null (roll_sieve_start (&options, &callbacks, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sieve-names/name-to-socket", test_name_to_socket);
  g_test_add_func ("/sieve-names/no-such-name", test_no_such_name);
  g_test_add_func ("/sieve-names/each-address-is-tried-until-one-opens",
                   test_each_address_is_tried_until_one_opens);
  g_test_add_func ("/sieve-names/no-more-addresses-than-can-be-borne",
                   test_no_more_addresses_than_can_be_borne);
  g_test_add_func ("/sieve-names/the-most-telling-error-is-the-result",
                   test_the_most_telling_error_is_the_result);
  g_test_add_func ("/sieve-names/many-names-and-addresses-together", test_many_names_and_addresses_together);
  g_test_add_func ("/sieve-names/stop-with-open-questions", test_stop_with_open_questions);
  g_test_add_func ("/sieve-names/a-wrong-name-server-is-an-error", test_a_wrong_name_server_is_an_error);
  return g_test_run ();
}
