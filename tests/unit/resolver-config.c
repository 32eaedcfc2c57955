/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-resolver-config.h"

#include <gio/gio.h>
#include <string.h>

/* "10.0.0.53:53 [::1]:53 | a.x b.x | 1" */
static char *
describe (const RollResolverConfig *config)
{
  GString *text = g_string_new (NULL);
  char buffer[ROLL_ADDRESS_STRLEN];

  for (guint i = 0; i < config->servers->len; i++)
    {
      const RollServerAddress *server = &g_array_index (config->servers, RollServerAddress, i);
      g_string_append_printf (text, "%s:%u ", roll_address_format (&server->address, buffer), (guint) server->port);
    }
  g_string_append (text, "|");
  for (guint i = 0; i < config->search->len; i++)
    g_string_append_printf (text, " %s", (const char *) g_ptr_array_index (config->search, i));
  g_string_append_printf (text, " | %u", config->ndots);
  return g_string_free (text, FALSE);
}

static void
test_resolv_conf (void)
{
  const struct
  {
    const char *text;
    const char *expected;
  } cases[] = {
    { "search x\n", "127.0.0.1:53 | x | 1" },
    { "nameserver 10.0.0.53\nsearch x\n", "10.0.0.53:53 | x | 1" },
    { "search x\nnameserver 10.0.0.53\nnameserver fd00::53", "10.0.0.53:53 fd00::53:53 | x | 1" },
    { "search\tx  y.z. \r\nnameserver  10.0.0.53  # why\n", "10.0.0.53:53 | x y.z | 1" },
    { "search a b\nsearch c\n", "127.0.0.1:53 | c | 1" },
    { "search a b\ndomain c d\n", "127.0.0.1:53 | c | 1" },
    { "search .\n", "127.0.0.1:53 | | 1" },
    { "search a..b x\n", "127.0.0.1:53 | x | 1" },
    { "search x\noptions timeout:1 ndots:3 edns0\n", "127.0.0.1:53 | x | 3" },
    { "search x\noptions ndots:99\n", "127.0.0.1:53 | x | 15" },
    { "search x\noptions ndots:0\n", "127.0.0.1:53 | x | 0" },
    { "#nameserver 10.0.0.1\n;nameserver 10.0.0.2\n nameserver 10.0.0.3\nsearch x", "127.0.0.1:53 | x | 1" },
    { "nameserver\nnameserver name\nnameserver 10.0.0\nnameservers 10.0.0.1\nsearch x", "127.0.0.1:53 | x | 1" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RollResolverConfig) config = roll_resolver_config_new_from_text (cases[i].text);
      g_autofree char *text = describe (config);
      g_assert_cmpstr (text, ==, cases[i].expected);
    }
}

static void
test_resolv_conf_limits (void)
{
  g_autoptr (GString) text = g_string_new ("search");

  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (text, " d%u.example", i);
  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (text, "\nnameserver 10.0.%u.%u", i / 256, i % 256);
  g_autoptr (RollResolverConfig) config = roll_resolver_config_new_from_text (text->str);
  g_assert_cmpuint (config->servers->len, ==, ROLL_NAME_SERVERS_MAX);
  g_assert_cmpuint (config->search->len, ==, ROLL_SEARCH_DOMAINS_MAX);
}

static void
test_options (void)
{
  const char *servers[] = { "10.0.0.53", "10.0.0.53:5353", "fd00::53", "[fd00::53]", "[::1]:54", NULL };
  const char *search[] = { ".corp.example.", "x", NULL };
  const char *none[] = { NULL };
  RollResolverOptions options = { servers, search, 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (RollResolverConfig) config = roll_resolver_config_new (&options, &error);
  g_assert_no_error (error);
  g_autofree char *text = describe (config);

  g_assert_true (g_str_has_prefix (text, "10.0.0.53:53 10.0.0.53:5353 fd00::53:53 fd00::53:53 ::1:54 | corp.example x |"));
  options = (RollResolverOptions) { none, none, 0 };
  g_autoptr (RollResolverConfig) system = roll_resolver_config_new (&options, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (system->servers->len, >=, 1);
  g_assert_cmpuint (system->search->len, ==, 0);
}

static void
test_candidates (void)
{
  const struct
  {
    const char *name;
    guint ndots;
    const char *expected;
  } cases[] = {
    { "pc1", 1, "pc1.a.x pc1.b.x pc1" },
    { "pc1.", 1, "pc1" },
    { "pc1.sub", 1, "pc1.sub pc1.sub.a.x pc1.sub.b.x" },
    { "pc1.sub.", 1, "pc1.sub" },
    { "pc1.sub", 2, "pc1.sub.a.x pc1.sub.b.x pc1.sub" },
    { "pc1", 0, "pc1 pc1.a.x pc1.b.x" },
  };
  g_autoptr (RollResolverConfig) config = roll_resolver_config_new_from_text ("search a.x b.x\n");

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GString) all = g_string_new (NULL);
      char *candidate;
      config->ndots = cases[i].ndots;
      for (guint n = 0; (candidate = roll_resolver_config_get_candidate (config, cases[i].name, n)); n++)
        {
          g_string_append_printf (all, "%s%s", n == 0 ? "" : " ", candidate);
          g_free (candidate);
        }
      g_assert_cmpstr (all->str, ==, cases[i].expected);
    }
}

static void
test_valid_names (void)
{
  g_autofree char *label63 = g_strnfill (63, 'a');
  g_autofree char *label64 = g_strnfill (64, 'a');
  g_autofree char *name253 = g_strnfill (253, 'a');
  g_autofree char *name254 = g_strnfill (254, 'a');

  for (guint i = 50; i < 250; i += 50)
    name253[i] = name254[i] = '.';
  g_assert_true (roll_name_is_valid ("a"));
  g_assert_true (roll_name_is_valid ("_ldap._tcp.corp.example"));
  g_assert_true (roll_name_is_valid ("büro"));
  g_assert_true (roll_name_is_valid (label63));
  g_assert_true (roll_name_is_valid (name253));
  g_assert_false (roll_name_is_valid (label64));
  g_assert_false (roll_name_is_valid (name254));
  g_assert_false (roll_name_is_valid (""));
  g_assert_false (roll_name_is_valid ("a."));
  g_assert_false (roll_name_is_valid (".a"));
  g_assert_false (roll_name_is_valid ("a\tb"));
  g_assert_false (roll_name_is_valid ("a\\046b"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/resolver-config/resolv-conf", test_resolv_conf);
  g_test_add_func ("/resolver-config/resolv-conf-limits", test_resolv_conf_limits);
  g_test_add_func ("/resolver-config/options", test_options);
  g_test_add_func ("/resolver-config/candidates", test_candidates);
  g_test_add_func ("/resolver-config/valid-names", test_valid_names);
  return g_test_run ();
}
