/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-hosts.h"

#include <string.h>

static char *
look_up (RollHosts *hosts, const char *name)
{
  RollAddress addresses[ROLL_HOSTS_ADDRESSES_MAX];
  guint n = roll_hosts_look_up (hosts, name, addresses);
  GString *text = g_string_new (NULL);
  char buffer[ROLL_ADDRESS_STRLEN];

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? "" : " ", roll_address_format (&addresses[i], buffer));
  return g_string_free (text, FALSE);
}

static void
assert_found (RollHosts *hosts, const char *name, const char *expected)
{
  g_autofree char *found = look_up (hosts, name);

  g_assert_cmpstr (found, ==, expected);
}

static void
test_file (void)
{
  static const char text[] = "127.0.0.1\tlocalhost\r\n"
                             "::1 localhost ip6-localhost\n"
                             "# 10.9.9.9 commented\n"
                             "  10.1.2.3  PC1.corp.example pc1 # 10.9.9.9 not-this\n"
                             "10.1.2.4 pc1\n"
                             "fd00::3 pc1\n"
                             "10.1.2.5\n"
                             "not-an-address pc2\n"
                             "10.1.2.300 pc2\n"
                             "10.1.2.6 zero\0tail\n"
                             "10.1.2.7 last";
  g_autoptr (RollHosts) hosts = roll_hosts_new (text, sizeof text - 1);

  assert_found (hosts, "localhost", "127.0.0.1 ::1");
  assert_found (hosts, "pc1.corp.example", "10.1.2.3");
  assert_found (hosts, "Pc1", "10.1.2.3 10.1.2.4 fd00::3");
  assert_found (hosts, "pc1.", "10.1.2.3 10.1.2.4 fd00::3");
  assert_found (hosts, "last", "10.1.2.7");
  assert_found (hosts, "zero", "10.1.2.6");
  assert_found (hosts, "commented", "");
  assert_found (hosts, "not-this", "");
  assert_found (hosts, "pc2", "");
  assert_found (hosts, "tail", "");
  assert_found (hosts, "10.1.2.5", "");
  assert_found (hosts, "", "");
}

static void
test_localhost (void)
{
  g_autoptr (RollHosts) empty = roll_hosts_new ("", 0);
  g_autoptr (RollHosts) other = roll_hosts_new ("127.0.0.9 localhost", 19);

  assert_found (empty, "LOCALHOST", "::1 127.0.0.1");
  assert_found (empty, "a.b.localhost.", "::1 127.0.0.1");
  assert_found (empty, "notlocalhost", "");
  assert_found (other, "localhost", "127.0.0.9");
}

static void
test_many (void)
{
  g_autoptr (GString) text = g_string_new (NULL);

  for (guint i = 0; i < 50000; i++)
    g_string_append_printf (text, "10.0.%u.%u pc%u everywhere\n", i / 256, i % 256, i);
  g_autoptr (RollHosts) hosts = roll_hosts_new (text->str, text->len);
  g_autofree char *everywhere = look_up (hosts, "everywhere");

  assert_found (hosts, "pc49999", "10.0.195.79");
  g_assert_true (g_str_has_prefix (everywhere, "10.0.0.0 10.0.0.1 10.0.0.2 "));
  g_assert_true (g_str_has_suffix (everywhere, " 10.0.0.15"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hosts/file", test_file);
  g_test_add_func ("/hosts/localhost", test_localhost);
  g_test_add_func ("/hosts/many", test_many);
  return g_test_run ();
}
