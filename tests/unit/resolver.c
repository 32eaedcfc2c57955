/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-detail.h"
#include "resolver-fixture.h"

#include <ares.h>
#include <gio/gio.h>
#include <string.h>

/* What quick servers answer; waiting for silent ones is in resolver-silence.c. */

#define RULES_MAX 16

typedef struct
{
  const char *name;
  const char *rules[RULES_MAX];
  const char *search;
  const char *ask;
  int status;
  const char *addresses;
  /* of the last step: */
  const char *rcode;
  const char *asked_name;
} Case;

static NameServer *
start_server (const char *const *rules)
{
  g_autoptr (GError) error = NULL;
  NameServer *server = name_server_new ("127.0.0.1", 0, &error);

  g_assert_no_error (error);
  for (guint i = 0; rules && rules[i]; i++)
    {
      name_server_add (server, rules[i], &error);
      g_assert_no_error (error);
    }
  return server;
}

static void
assert_fact (const RollStepRecord *step, const char *key, const char *expected)
{
  g_autofree char *value = roll_detail_get (step->detail, key);

  g_assert_cmpstr (value, ==, expected);
}

static void
assert_addresses (const Answer *answer, const char *expected)
{
  g_autofree char *addresses = answer_get_addresses (answer);

  g_assert_cmpstr (addresses, ==, expected);
}

static const Case cases[] = {
  { "address", { "pc1.corp.example=10.1.2.3" }, NULL, "pc1.corp.example", 0, "10.1.2.3", "NOERROR",
    "pc1.corp.example" },
  { "case", { "pc1.corp.example=10.1.2.3" }, NULL, "PC1.Corp.Example", 0, "10.1.2.3", "NOERROR", "PC1.Corp.Example" },
  { "both-families", { "pc1.corp.example=10.1.2.3,fd00::3" }, NULL, "pc1.corp.example", 0, NULL, "NOERROR", NULL },
  { "only-ipv6", { "pc1.corp.example=fd00::3" }, NULL, "pc1.corp.example", 0, "fd00::3", "NOERROR", NULL },
  { "underscore", { "my_pc.corp.example=10.1.2.3" }, NULL, "my_pc.corp.example", 0, "10.1.2.3", "NOERROR", NULL },
#if ARES_VERSION < 0x011300 /* later versions send nothing but host names of ASCII */
  { "utf-8", { "*=10.1.2.3" }, NULL, "büro.corp.example", 0, "10.1.2.3", "NOERROR", "b%C3%BCro.corp.example" },
#endif
  { "no-such-name", { NULL }, NULL, "pc1.corp.example", ARES_ENOTFOUND, "", "NXDOMAIN", NULL },
  { "no-address", { "pc1.corp.example=nodata" }, NULL, "pc1.corp.example", ARES_ENODATA, "", "NOERROR", NULL },
  { "servfail", { "pc1.corp.example=servfail" }, NULL, "pc1.corp.example", ARES_ESERVFAIL, "", "SERVFAIL", NULL },
  { "refused", { "pc1.corp.example=refused" }, NULL, "pc1.corp.example", ARES_EREFUSED, "", "REFUSED", NULL },
  { "not-implemented", { "pc1.corp.example=notimp" }, NULL, "pc1.corp.example", ARES_ENOTIMP, "", "NOTIMP", NULL },
  { "format-error", { "pc1.corp.example=formerr" }, NULL, "pc1.corp.example", ARES_EFORMERR, "", "FORMERR", NULL },
  { "other-code", { "pc1.corp.example=rcode:9" }, NULL, "pc1.corp.example", ARES_EBADRESP, "", "NOTAUTH", NULL },
  { "cut-off", { "pc1.corp.example=10.1.2.3,short" }, NULL, "pc1.corp.example", ARES_EBADRESP, "", NULL, NULL },
  { "ipv6-broken", { "A/pc1.x=10.1.2.3", "AAAA/pc1.x=servfail" }, NULL, "pc1.x", 0, "10.1.2.3", NULL, NULL },
  { "ipv6-denied", { "A/pc1.x=10.1.2.3", "AAAA/pc1.x=nxdomain" }, NULL, "pc1.x", 0, "10.1.2.3", NULL, NULL },
  { "alias-chain", { "a.x=cname:b.x", "b.x=cname:c.y", "c.y=10.1.2.3" }, NULL, "a.x", 0, "10.1.2.3", "NOERROR", NULL },
  { "alias-to-nothing", { "a.x=cname:b.x" }, NULL, "a.x", ARES_ENOTFOUND, "", "NXDOMAIN", NULL },
  { "alias-loop", { "a.x=cname:b.x", "b.x=cname:a.x" }, NULL, "a.x", ARES_ENODATA, "", "NOERROR", NULL },
  { "no-host-addresses", { "a.x=0.0.0.0,224.0.0.1,255.255.255.255,::,ff02::1" }, NULL, "a.x", ARES_ENODATA, "",
    "NOERROR", NULL },
  { "some-host-addresses", { "a.x=0.0.0.0,10.1.2.3" }, NULL, "a.x", 0, "10.1.2.3", "NOERROR", NULL },
  { "one-address-often", { "a.x=10.1.2.3,10.1.2.4,10.1.2.3" }, NULL, "a.x", 0, "10.1.2.3,10.1.2.4", "NOERROR", NULL },
  { "truncated", { "a.x=truncated,10.1.2.3" }, NULL, "a.x", 0, "10.1.2.3", "NOERROR", NULL },

  { "search-first", { "pc1.a.x=nxdomain", "pc1.b.x=10.1.2.3", "pc1=10.9.9.9" }, "a.x b.x", "pc1", 0, "10.1.2.3",
    "NOERROR", "pc1.b.x" },
  { "search-then-as-it-is", { "pc1=10.1.2.3" }, "a.x b.x", "pc1", 0, "10.1.2.3", "NOERROR", "pc1" },
  { "as-it-is-then-search", { "pc1.sub=nxdomain", "pc1.sub.a.x=10.1.2.3" }, "a.x", "pc1.sub", 0, "10.1.2.3", "NOERROR",
    "pc1.sub.a.x" },
  { "as-it-is-first", { "pc1.sub=10.1.2.3", "pc1.sub.a.x=10.9.9.9" }, "a.x", "pc1.sub", 0, "10.1.2.3", "NOERROR",
    "pc1.sub" },
  { "absolute", { "pc1=nxdomain", "pc1.a.x=10.9.9.9" }, "a.x", "pc1.", ARES_ENOTFOUND, "", "NXDOMAIN", "pc1" },
  { "not-found-anywhere", { NULL }, "a.x b.x", "pc1", ARES_ENOTFOUND, "", "NXDOMAIN", "pc1" },
  { "without-address-somewhere", { "pc1.a.x=nodata" }, "a.x b.x", "pc1", ARES_ENODATA, "", "NXDOMAIN", "pc1" },
  { "trouble-somewhere", { "pc1.a.x=servfail" }, "a.x b.x", "pc1", ARES_ESERVFAIL, "", "NXDOMAIN", "pc1" },
  { "trouble-then-found", { "pc1.a.x=servfail", "pc1.b.x=10.1.2.3" }, "a.x b.x", "pc1", 0, "10.1.2.3", "NOERROR", NULL },
  /* Servers without a way to the root fail for every name without a dot. */
  { "no-root", { "pc1=servfail" }, "a.x", "pc1", ARES_ENOTFOUND, "", "SERVFAIL", "pc1" },
  { "no-root-no-search", { "pc1=servfail" }, NULL, "pc1", ARES_ESERVFAIL, "", "SERVFAIL", "pc1" },
};

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autoptr (NameServer) server = start_server (test->rules);
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), test->search, 0);
  Answer *answer = resolver_fixture_resolve (fixture, test->ask);
  const RollStepRecord *last = answer_get_step (answer, answer->attempt->steps->len - 1);

  g_assert_cmpint (answer_get_status (answer), ==, test->status);
  if (test->addresses)
    assert_addresses (answer, test->addresses);
  if (test->rcode)
    assert_fact (last, "rcode", test->rcode);
  if (test->asked_name)
    assert_fact (last, "name", test->asked_name);
  g_assert_cmpstr (last->peer, ==, name_server_get_peer (server));
  g_assert_cmpint (last->said_by, ==, ROLL_SAID_BY_NAME_SERVER);
  g_assert_cmpint (last->step, ==, ROLL_STEP_RESOLVE);
  assert_fact (last, "tries", "1");
}

/* One record for each name asked, with what was said about it. */
static void
test_evidence (void)
{
  const char *rules[] = { "pc1.a.x=nodata", "pc1.b.x=delay:30,10.1.2.3,10.1.2.4", NULL };
  g_autoptr (NameServer) server = start_server (rules);
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), "a.x b.x", 0);
  gint64 before = g_get_real_time ();
  Answer *answer = resolver_fixture_resolve (fixture, "pc1");
  const RollStepRecord *first = answer_get_step (answer, 0);
  const RollStepRecord *second = answer_get_step (answer, 1);

  g_assert_cmpuint (answer->attempt->steps->len, ==, 2);
  g_assert_cmpuint (first->error.space, ==, ROLL_ERROR_SPACE_DNS);
  g_assert_cmpuint (first->error.number, ==, ARES_ENODATA);
  assert_fact (first, "name", "pc1.a.x");
  assert_fact (first, "answers", NULL);
  g_assert_cmpuint (second->error.space, ==, ROLL_ERROR_SPACE_NONE);
  assert_fact (second, "name", "pc1.b.x");
  assert_fact (second, "answers", "10.1.2.3,10.1.2.4");
  g_assert_cmpint (second->started_at, >=, before);
  g_assert_cmpint (second->duration_us, >=, 29 * 1000);
}

static void
test_truncated (void)
{
  const char *rules[] = { "many.x=many:4000", "few.x=10.1.2.3", NULL };
  g_autoptr (NameServer) server = start_server (rules);
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), NULL, 0);
  Answer *many = resolver_fixture_ask (fixture, "many.x");
  Answer *few = resolver_fixture_ask (fixture, "few.x");

  g_assert_true (resolver_fixture_run (fixture, 20000));
  g_assert_cmpuint (many->addresses->len, ==, 16);
  g_assert_cmpuint (strlen (answer_get_step (many, 0)->detail), <, 512);
  assert_fact (answer_get_step (many, 0), "transport", "tcp");
  assert_fact (answer_get_step (few, 0), "transport", NULL);
  g_assert_cmpuint (name_server_count_tcp (server), ==, 1);
}

/* A connection that breaks takes no other question with it. */
static void
test_tcp_closed (void)
{
  const char *rules[] = { "cut.x=tcp-closed,10.1.2.3", "late.x=delay:200,10.1.2.4", NULL };
  const char *other_rules[] = { "cut.x=10.1.2.5", NULL };
  g_autoptr (NameServer) server = start_server (rules);
  g_autoptr (NameServer) other = start_server (other_rules);
  g_autofree char *servers = g_strdup_printf ("%s %s", name_server_get_peer (server), name_server_get_peer (other));
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (servers, NULL, 0);
  Answer *late = resolver_fixture_ask (fixture, "late.x");
  Answer *cut = resolver_fixture_ask (fixture, "cut.x");

  g_assert_true (resolver_fixture_run (fixture, 20000));
  assert_addresses (late, "10.1.2.4");
  assert_fact (answer_get_step (late, 0), "tries", "1");
  assert_addresses (cut, "10.1.2.5");
  assert_fact (answer_get_step (cut, 0), "errno", "ECONNRESET");
  g_assert_cmpstr (answer_get_step (cut, 1)->peer, ==, name_server_get_peer (other));
}

/* Errors go to the next server at once; the evidence has both. */
static void
test_next_server (gconstpointer data)
{
  const char *rule[] = { data, NULL };
  const char *other_rules[] = { "pc1.x=10.1.2.3", NULL };
  g_autoptr (NameServer) server = start_server (rule);
  g_autoptr (NameServer) other = start_server (other_rules);
  g_autofree char *servers = g_strdup_printf ("%s %s", name_server_get_peer (server), name_server_get_peer (other));
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (servers, NULL, 0);
  Answer *answer = resolver_fixture_resolve (fixture, "pc1.x");

  assert_addresses (answer, "10.1.2.3");
  g_assert_cmpuint (answer->attempt->steps->len, ==, 2);
  g_assert_cmpstr (answer_get_step (answer, 0)->peer, ==, name_server_get_peer (server));
  g_assert_cmpuint (answer_get_step (answer, 0)->error.space, ==, ROLL_ERROR_SPACE_DNS);
  g_assert_cmpstr (answer_get_step (answer, 1)->peer, ==, name_server_get_peer (other));
  g_assert_cmpint (answer->took_us, <, 10 * G_USEC_PER_SEC);
}

/* “No such name” is an answer: nobody else is asked. */
static void
test_denied_is_final (void)
{
  const char *other_rules[] = { "*=10.1.2.3", NULL };
  g_autoptr (NameServer) server = start_server (NULL);
  g_autoptr (NameServer) other = start_server (other_rules);
  g_autofree char *servers = g_strdup_printf ("%s %s", name_server_get_peer (server), name_server_get_peer (other));
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (servers, NULL, 0);

  g_assert_cmpint (answer_get_status (resolver_fixture_resolve (fixture, "pc1.x")), ==, ARES_ENOTFOUND);
  g_assert_cmpuint (name_server_count (other, NULL), ==, 0);
}

static void
test_impossible_names (void)
{
  g_autoptr (NameServer) server = start_server (NULL);
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), NULL, 0);
  g_autofree char *label = g_strnfill (64, 'a');
  g_autofree char *name = g_strnfill (300, 'a');
  const char *names[] = { "", ".", "a..b", ".a", "a b", "a\\b", "a\nb", label, name };

  for (gsize i = 3; i < 300; i += 4)
    name[i] = '.';
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      Answer *answer = resolver_fixture_resolve (fixture, names[i]);
      g_assert_cmpint (answer_get_status (answer), ==, ARES_EBADNAME);
      g_assert_cmpint (answer_get_step (answer, 0)->said_by, ==, ROLL_SAID_BY_THIS_MACHINE);
      g_assert_null (strchr (strstr (answer_get_step (answer, 0)->detail, "name=") + 5, '\n'));
    }
  g_assert_cmpuint (name_server_count (server, NULL), ==, 0);
}

/* Fits by itself, not with the search domain: the other candidates still count. */
static void
test_too_long_with_domain (void)
{
  const char *rules[] = { "*.x=10.1.2.3", NULL };
  g_autoptr (NameServer) server = start_server (rules);
  g_autofree char *domain = g_strnfill (240, 'a');
  for (gsize i = 30; i < 239; i += 30)
    domain[i] = '.';
  g_autofree char *search = g_strconcat (domain, " x", NULL);
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), search, 0);

  assert_addresses (resolver_fixture_resolve (fixture, "a-name-of-some-length"), "10.1.2.3");
}

static void
test_localhost (void)
{
  g_autoptr (NameServer) server = start_server (NULL);
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), NULL, 0);
  Answer *answer = resolver_fixture_resolve (fixture, "LocalHost");
  Answer *sub = resolver_fixture_resolve (fixture, "anything.localhost.");

  g_assert_cmpint (answer_get_status (answer), ==, 0);
  g_assert_cmpuint (answer->addresses->len, >=, 1);
  assert_fact (answer_get_step (answer, 0), "source", "hosts-file");
  g_assert_cmpint (answer_get_step (answer, 0)->said_by, ==, ROLL_SAID_BY_THIS_MACHINE);
  assert_addresses (sub, "127.0.0.1,::1");
  g_assert_cmpuint (name_server_count (server, NULL), ==, 0);
}

static void
test_many_at_once (void)
{
  const char *rules[] = { "*.lab=numbered:10.20.0.0", NULL };
  g_autoptr (NameServer) server = start_server (rules);
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), NULL, 0);

  for (guint i = 1; i <= 5000; i++)
    {
      g_autofree char *name = g_strdup_printf ("pc%u.lab", i);
      resolver_fixture_ask (fixture, name);
    }
  g_assert_false (roll_resolver_has_room (fixture->resolver));
  g_assert_true (resolver_fixture_run (fixture, 60000));
  for (guint i = 1; i <= 5000; i++)
    {
      g_autofree char *expected = g_strdup_printf ("10.20.%u.%u", i >> 8, i & 255);
      assert_addresses (g_ptr_array_index (fixture->answers, i - 1), expected);
    }
  g_assert_true (roll_resolver_has_room (fixture->resolver));
}

static void
test_window (void)
{
  const char *rules[] = { "*=delay:500,10.1.2.3", NULL };
  g_autoptr (NameServer) server = start_server (rules);
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), NULL, 10);

  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("pc%u.lab", i);
      g_assert_true (roll_resolver_has_room (fixture->resolver) == (i < 10));
      resolver_fixture_ask (fixture, name);
    }
  /* One question or two for each name; how many names have been answered by then is the machine's business. */
  while (fixture->n_answered < 10)
    {
      resolver_fixture_turn (fixture);
      g_assert_cmpuint (name_server_count (server, NULL), <=, 2 * (10 + fixture->n_answered));
    }
  g_assert_true (resolver_fixture_run (fixture, 60000));
  g_assert_cmpuint (name_server_count (server, NULL), >=, 30);
}

static void
test_free_with_open_questions (void)
{
  const char *rules[] = { "*=silent", "slow.x=truncated,delay:5000", NULL };
  g_autoptr (NameServer) server = start_server (rules);
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), NULL, 20);

  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *name = g_strdup_printf ("pc%u.lab", i);
      resolver_fixture_ask (fixture, name);
    }
  resolver_fixture_ask (fixture, "localhost");
  g_assert_false (resolver_fixture_run (fixture, 50));
  g_assert_cmpuint (fixture->n_answered, ==, 1);
}

static void
test_ask_from_callback (void)
{
  const char *rules[] = { "*=10.1.2.3", NULL };
  g_autoptr (NameServer) server = start_server (rules);
  g_autoptr (ResolverFixture) fixture = resolver_fixture_new (name_server_get_peer (server), NULL, 1);

  fixture->follow_up = "pc2.lab";
  fixture->n_follow_ups = 5;
  assert_addresses (resolver_fixture_resolve (fixture, "pc1.lab"), "10.1.2.3");
  fixture->follow_up = "localhost";
  fixture->n_follow_ups = 1000;
  assert_addresses (resolver_fixture_resolve (fixture, "pc1.lab"), "10.1.2.3");
  g_assert_cmpuint (fixture->answers->len, ==, 1007);
}

static void
ignore_answer (gpointer query_data, const RollAddress *addresses, guint n_addresses, RollErrorNumber error,
               gpointer user_data)
{
}

static void
ignore_event (const char *kind, const char *detail, gpointer user_data)
{
}

static void
test_bad_options (void)
{
  const char *bad_servers[] = { "10.0.0", "10.0.0.1:0", "10.0.0.1:70000", "10.0.0.1:", "[::1", "[::1]5", "name", "" };
  const char *bad_search[] = { "a..b", "a b", "\\" };

  for (guint i = 0; i < G_N_ELEMENTS (bad_servers) + G_N_ELEMENTS (bad_search); i++)
    {
      gboolean server = i < G_N_ELEMENTS (bad_servers);
      const char *list[] = { server ? bad_servers[i] : bad_search[i - G_N_ELEMENTS (bad_servers)], NULL };
      RollResolverOptions options = { .servers = server ? list : NULL, .search = server ? NULL : list };
      g_autoptr (GError) error = NULL;
      g_assert_null (roll_resolver_new (&options, -1, 0, ignore_answer, ignore_event, NULL, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, list[0]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/resolver/answers/%s", cases[i].name);
      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/resolver/evidence", test_evidence);
  g_test_add_func ("/resolver/truncated", test_truncated);
  g_test_add_func ("/resolver/tcp-closed", test_tcp_closed);
  g_test_add_data_func ("/resolver/next-server/servfail", "pc1.x=servfail", test_next_server);
  g_test_add_data_func ("/resolver/next-server/refused", "pc1.x=refused", test_next_server);
  g_test_add_data_func ("/resolver/next-server/garbled", "pc1.x=10.1.2.3,short", test_next_server);
  g_test_add_func ("/resolver/denied-is-final", test_denied_is_final);
  g_test_add_func ("/resolver/impossible-names", test_impossible_names);
  g_test_add_func ("/resolver/too-long-with-domain", test_too_long_with_domain);
  g_test_add_func ("/resolver/localhost", test_localhost);
  g_test_add_func ("/resolver/many-at-once", test_many_at_once);
  g_test_add_func ("/resolver/window", test_window);
  g_test_add_func ("/resolver/free-with-open-questions", test_free_with_open_questions);
  g_test_add_func ("/resolver/ask-from-callback", test_ask_from_callback);
  g_test_add_func ("/resolver/bad-options", test_bad_options);
  return g_test_run ();
}
