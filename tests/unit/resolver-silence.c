/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-detail.h"
#include "resolver-fixture.h"

#include <ares.h>
#include <string.h>

/* What happens when servers do not answer. That takes seconds of waiting, so all scenes play at the same time, each on
 * a thread of its own, and the tests wait for theirs. */

/* A goal is for the benchmarks. What is not there by now was not on its way. */
#define TOO_LATE (20 * G_USEC_PER_SEC)

typedef struct
{
  const char *path;
  void (*play) (void);
  GThread *thread;
} Scene;

static NameServer *
start_server (const char *rule)
{
  g_autoptr (GError) error = NULL;
  NameServer *server = name_server_new ("127.0.0.1", 0, &error);

  g_assert_no_error (error);
  name_server_add (server, rule, &error);
  g_assert_no_error (error);
  return server;
}

/* A port nobody listens on: the kernel says so. */
static char *
find_closed_port (void)
{
  g_autoptr (NameServer) server = start_server ("*=silent");

  return g_strdup (name_server_get_peer (server));
}

static void
assert_fact (const RollStepRecord *step, const char *key, const char *expected)
{
  g_autofree char *value = roll_detail_get (step->detail, key);

  g_assert_cmpstr (value, ==, expected);
}

static void
assert_address (const Answer *answer, const char *expected)
{
  g_autofree char *addresses = answer_get_addresses (answer);

  g_assert_cmpstr (addresses, ==, expected);
}

static void
assert_event (ResolverFixture *fixture, const char *format, const char *peer)
{
  g_autofree char *expected = g_strdup_printf ("%s server=%s", format, peer);

  g_assert_true (g_str_has_prefix (fixture->events->str, expected));
}

static guint
count_events (ResolverFixture *fixture, const char *kind)
{
  guint n = 0;

  for (const char *at = fixture->events->str; (at = strstr (at, kind)); at++)
    n++;
  return n;
}

/* The only server is silent for one name, and answers others: five seconds, then “try again”, and no word about the
 * server. */
static void
play_silent_name (void)
{
  g_autoptr (NameServer) server = start_server ("*=10.1.2.3");
  name_server_add (server, "tarpit.x=silent", NULL);
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), "y", 0);
  Answer *answer = resolver_fixture_resolve (fixture, "tarpit.x");
  const RollStepRecord *step = answer_get_step (answer, 0);

  g_assert_cmpint (answer_get_status (answer), ==, ARES_ETIMEOUT);
  g_assert_cmpint (answer->took_us, >=, 4900 * 1000);
  g_assert_cmpint (answer->took_us, <, TOO_LATE);
  g_assert_cmpuint (answer->attempt->steps->len, ==, 1);
  assert_fact (step, "tries", "4");
  assert_fact (step, "rcode", NULL);
  g_assert_cmpint (step->said_by, ==, ROLL_SAID_BY_NOBODY);
  g_assert_cmpuint (step->error.number, ==, ARES_ETIMEOUT);
  g_assert_cmpint (step->duration_us, >=, 4900 * 1000);
  g_assert_cmpstr (fixture->events->str, ==, "");
}

/* A silent server is noticed, said once, and then nobody waits for it; when it is back that is noticed too. */
static void
play_silent_server (void)
{
  g_autoptr (NameServer) server = start_server ("*=10.1.2.3");
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), NULL, 0);

  name_server_set_silent (server, TRUE);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *name = g_strdup_printf ("pc%u.x", i);
      resolver_fixture_ask (fixture, name);
    }
  g_assert_true (resolver_fixture_run (fixture, 5000));
  for (guint i = 0; i < 20; i++)
    g_assert_cmpint (answer_get_status (g_ptr_array_index (fixture->answers, i)), ==, ARES_ETIMEOUT);
  assert_event (fixture, "name-server-silent", name_server_get_peer (server));

  guint before = name_server_count (server, NULL);
  Answer *skipped = resolver_fixture_resolve (fixture, "pc100.x");
  g_assert_cmpint (answer_get_status (skipped), ==, ARES_ETIMEOUT);
  g_assert_cmpint (skipped->took_us, <, TOO_LATE);
  assert_fact (answer_get_step (skipped, 0), "reason", "name-server-silent");
  assert_fact (answer_get_step (skipped, 0), "tries", "0");
  g_assert_cmpuint (name_server_count (server, NULL), <=, before + 2); /* a probe may have fallen in between */

  name_server_set_silent (server, FALSE);
  for (guint i = 0; i < 60 && count_events (fixture, "name-server-back") == 0; i++)
    {
      g_usleep (50 * 1000);
      resolver_fixture_resolve (fixture, "pc101.x");
    }
  assert_address (resolver_fixture_resolve (fixture, "pc102.x"), "10.1.2.3");
  g_assert_cmpuint (count_events (fixture, "name-server-silent"), ==, 1);
  g_assert_cmpuint (count_events (fixture, "name-server-back"), ==, 1);
}

/* Of two servers the first is silent: every name is found, and before long without waiting. */
static void
play_first_of_two_silent (void)
{
  g_autoptr (NameServer) silent = start_server ("*=10.9.9.9");
  g_autoptr (NameServer) server = start_server ("*=10.1.2.3");
  g_autofree char *servers = g_strdup_printf ("%s %s", name_server_get_peer (silent), name_server_get_peer (server));
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (servers, NULL, 0);
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  name_server_set_silent (silent, TRUE);
  Answer *first = resolver_fixture_resolve (fixture, "pc1.x");
  assert_address (first, "10.1.2.3");
  g_assert_cmpint (first->took_us, >=, 700 * 1000);
  g_assert_cmpint (first->took_us, <, TOO_LATE);
  g_assert_cmpint (answer_get_step (first, 0)->said_by, ==, ROLL_SAID_BY_NOBODY);
  g_assert_cmpstr (answer_get_step (first, 1)->peer, ==, name_server_get_peer (server));
  while (fixture->events->len == 0 && g_get_monotonic_time () < end)
    assert_address (resolver_fixture_resolve (fixture, "pc2.x"), "10.1.2.3");
  assert_event (fixture, "name-server-silent", name_server_get_peer (silent));
  Answer *last = resolver_fixture_resolve (fixture, "pc3.x");
  assert_address (last, "10.1.2.3");
  g_assert_cmpint (last->took_us, <, TOO_LATE);
  g_assert_cmpuint (last->attempt->steps->len, ==, 1);
}

/* Nobody listens there, and the network says so. */
static void
play_refused (void)
{
  g_autofree char *closed = find_closed_port ();
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (closed, NULL, 0);
  Answer *answer = resolver_fixture_resolve (fixture, "pc1.x");
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;

  g_assert_cmpint (answer_get_status (answer), ==, ARES_ECONNREFUSED);
  g_assert_cmpint (answer->took_us, <, TOO_LATE);
  assert_fact (answer_get_step (answer, 0), "errno", "ECONNREFUSED");
  while (fixture->events->len == 0 && g_get_monotonic_time () < end)
    resolver_fixture_resolve (fixture, "pc2.x");
  assert_event (fixture, "name-server-silent", closed);
  g_assert_nonnull (strstr (fixture->events->str, "error=ECONNREFUSED"));
  Answer *last = resolver_fixture_resolve (fixture, "pc3.x");
  g_assert_cmpint (answer_get_status (last), ==, ARES_ECONNREFUSED);
  g_assert_cmpint (last->took_us, <, TOO_LATE);
}

static void
play_refused_then_other (void)
{
  g_autofree char *closed = find_closed_port ();
  g_autoptr (NameServer) server = start_server ("*=10.1.2.3");
  g_autofree char *servers = g_strdup_printf ("%s %s", closed, name_server_get_peer (server));
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (servers, NULL, 0);
  Answer *answer = resolver_fixture_resolve (fixture, "pc1.x");

  assert_address (answer, "10.1.2.3");
  g_assert_cmpint (answer->took_us, <, TOO_LATE);
  g_assert_cmpuint (answer_get_step (answer, 0)->error.number, ==, ARES_ECONNREFUSED);
}

/* Lost packets cost a second each, not the answer; and there are fewer questions at once then. */
static void
play_losses (void)
{
  g_autoptr (NameServer) server = start_server ("*=10.1.2.3");
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), NULL, 0);

  for (guint i = 0; i < 10; i++)
    {
      g_autofree char *rule = g_strdup_printf ("pc%u.x=lose:%u,10.1.2.3", i, i < 5 ? 1u : 2u);
      g_autofree char *name = g_strdup_printf ("pc%u.x", i);
      name_server_add (server, rule, NULL);
      resolver_fixture_ask (fixture, name);
    }
  g_assert_true (resolver_fixture_run (fixture, 4000));
  for (guint i = 0; i < 10; i++)
    {
      Answer *answer = g_ptr_array_index (fixture->answers, i);
      assert_address (answer, "10.1.2.3");
      assert_fact (answer_get_step (answer, 0), "tries", i < 5 ? "2" : "3");
    }
  for (guint i = 0; i < 50; i++)
    resolver_fixture_ask (fixture, "pc100.x");
  g_assert_false (roll_resolver_has_room (fixture->resolver));
}

/* Slower than any single wait, yet it answers: the answer to the first question is taken. */
static void
play_slow (void)
{
  g_autoptr (NameServer) server = start_server ("*=delay:3600,10.1.2.3");
  name_server_add (server, "OTHER/=servfail", NULL);
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), NULL, 0);
  Answer *answer = resolver_fixture_resolve (fixture, "pc1.x");

  assert_address (answer, "10.1.2.3");
  g_assert_cmpint (answer->took_us, >=, 3500 * 1000);
  g_assert_cmpint (answer->took_us, <, TOO_LATE);
  g_assert_cmpstr (fixture->events->str, ==, "");
}

/* IPv6 addresses are not worth waiting for when there are others. */
static void
play_only_ipv6_silent (void)
{
  g_autoptr (NameServer) server = start_server ("A/pc1.x=10.1.2.3");
  name_server_add (server, "AAAA/pc1.x=silent", NULL);
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), NULL, 0);
  Answer *answer = resolver_fixture_resolve (fixture, "pc1.x");

  assert_address (answer, "10.1.2.3");
  g_assert_cmpint (answer->took_us, <, TOO_LATE);
}

/* Servers that answer nothing for a name without a dot don't turn a “no such name” into a “try again”. */
static void
play_no_root (void)
{
  g_autoptr (NameServer) server = start_server ("pc1=silent");
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), "a.x", 0);

  g_assert_cmpint (answer_get_status (resolver_fixture_resolve (fixture, "pc1")), ==, ARES_ENOTFOUND);
}

/* Answers that belong to no question are none, whoever sends them. */
static void
play_forged (const char *rule)
{
  g_autoptr (NameServer) server = start_server (rule);
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), NULL, 0);
  int status = answer_get_status (resolver_fixture_resolve (fixture, "pc1.x"));

  /* c-ares 1.18 passes over what it can't read, later versions say so. */
  if (status != ARES_EBADRESP || !g_str_has_prefix (rule, "pc1.x=garbage"))
    g_assert_cmpint (status, ==, ARES_ETIMEOUT);
}

static void
play_wrong_id (void)
{
  play_forged ("pc1.x=wrong-id,10.9.9.9");
}

static void
play_wrong_question (void)
{
  play_forged ("pc1.x=wrong-question,10.9.9.9");
}

static void
play_garbage (void)
{
  play_forged ("pc1.x=garbage,10.9.9.9");
}

static void
play_empty (void)
{
  play_forged ("pc1.x=empty,10.9.9.9");
}

/* Over TCP too. */
static void
play_silent_tcp (void)
{
  g_autoptr (NameServer) server = start_server ("*=truncated,delay:200,10.1.2.3");
  g_autoptr (NameServer) other = start_server ("*=10.1.2.4");
  g_autofree char *servers = g_strdup_printf ("%s %s", name_server_get_peer (server), name_server_get_peer (other));
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (servers, NULL, 0);

  name_server_add (server, "pc2.x=truncated,delay:600,10.1.2.3", NULL);
  assert_address (resolver_fixture_resolve (fixture, "pc1.x"), "10.1.2.3");
  assert_address (resolver_fixture_resolve (fixture, "pc2.x"), "10.1.2.4");
}

static Scene scenes[] = {
  { "silent-name", play_silent_name },
  { "silent-server", play_silent_server },
  { "first-of-two-silent", play_first_of_two_silent },
  { "refused", play_refused },
  { "refused-then-other", play_refused_then_other },
  { "losses", play_losses },
  { "slow", play_slow },
  { "only-ipv6-silent", play_only_ipv6_silent },
  { "no-root", play_no_root },
  { "wrong-id", play_wrong_id },
  { "wrong-question", play_wrong_question },
  { "garbage", play_garbage },
  { "empty", play_empty },
  { "silent-tcp", play_silent_tcp },
};

static gpointer
play (gpointer data)
{
  ((Scene *) data)->play ();
  return NULL;
}

static void
test_scene (gconstpointer data)
{
  Scene *scene = &scenes[GPOINTER_TO_UINT (data)];

  for (guint i = 0; i < G_N_ELEMENTS (scenes); i++)
    if (!scenes[i].thread)
      scenes[i].thread = g_thread_new (scenes[i].path, play, &scenes[i]);
  g_thread_join (scene->thread);
  scene->thread = g_thread_self ();
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (scenes); i++)
    {
      g_autofree char *path = g_strconcat ("/resolver/silence/", scenes[i].path, NULL);
      g_test_add_data_func (path, GUINT_TO_POINTER (i), test_scene);
    }
  return g_test_run ();
}
