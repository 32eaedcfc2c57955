/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-address.h"

#include <arpa/inet.h>

static RollAddress
address_of (const char *text)
{
  RollAddress address;

  if (!roll_address_parse (text, &address))
    g_error ("“%s” did not parse", text);
  return address;
}

static void
test_parse_round_trip (void)
{
  static const char *const texts[][2] = {
    { "0.0.0.0", "0.0.0.0" },
    { "10.1.2.3", "10.1.2.3" },
    { "255.255.255.255", "255.255.255.255" },
    { "::", "::" },
    { "::1", "::1" },
    { "2001:DB8:0:0:0:0:0:1", "2001:db8::1" },
    { "::ffff:10.1.2.3", "::ffff:10.1.2.3" },
    { "fe80::1%lo", "fe80::1%lo" },
    { "fe80::1%1", "fe80::1%lo" },
    { "fe80::1%4000000000", "fe80::1%4000000000" },
    { "ff02::1%lo", "ff02::1%lo" },
  };
  char buffer[ROLL_ADDRESS_STRLEN];

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      RollAddress address = address_of (texts[i][0]);

      g_assert_cmpstr (roll_address_format (&address, buffer), ==, texts[i][1]);
    }
}

static void
test_parse_strict (void)
{
  static const char *const texts[] = {
    "", " ", "10.1.2", "10.1.2.3.4", "10.1.2.300", "010.1.2.3", "0x7f.0.0.1", "2130706433", " 10.1.2.3",
    "10.1.2.3 ", "10.1.2.3%lo", ":::", "1::2::3", "12345::", "[::1]", "::1%lo", "2001:db8::1%lo", "fe80::1%",
    "fe80::1%0", "fe80::1%no-such-interface", "fe80::1%-1", "fe80::1%1x", "fe80::1%4294967296",
    "pc1.corp.example", "0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      RollAddress address = { .family = 77 };

      if (roll_address_parse (texts[i], &address))
        g_error ("“%s” parsed", texts[i]);
      g_assert_cmpint (address.family, ==, 77);
    }
}

static void
test_none (void)
{
  RollAddress none = { 0 }, any = address_of ("0.0.0.0");
  struct sockaddr_storage storage;
  char buffer[ROLL_ADDRESS_STRLEN] = "x";

  g_assert_cmpstr (roll_address_format (&none, buffer), ==, "");
  g_assert_cmpint (roll_address_to_sockaddr (&none, 135, &storage), ==, 0);
  g_assert_false (roll_address_is_public (&none));
  g_assert_false (roll_address_is_loopback (&none));
  g_assert_true (roll_address_equal (&none, &none));
  g_assert_false (roll_address_equal (&none, &any));
}

static void
test_order (void)
{
  static const char *const sorted[] = {
    "0.0.0.0", "9.255.255.255", "10.0.0.0", "200.0.0.1", "::", "::ffff:1.2.3.4", "fe80::1", "fe80::1%1",
    "fe80::1%2", "fe80::2%1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (sorted); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (sorted); j++)
      {
        RollAddress a = address_of (sorted[i]), b = address_of (sorted[j]);
        gint order = roll_address_compare (&a, &b);

        g_assert_cmpint (CLAMP (order, -1, 1), ==, i < j ? -1 : i > j);
        g_assert_cmpint (roll_address_equal (&a, &b), ==, i == j);
      }
}

/* What an IPv4 address leaves behind in the other twelve bytes, or in the scope, is not part of it. */
static void
test_equal_ignores_padding (void)
{
  RollAddress a = address_of ("10.1.2.3"), b = a;

  b.bytes[15] = 9;
  b.scope_id = 3;
  g_assert_true (roll_address_equal (&a, &b));
}

static void
test_sockaddr (void)
{
  static const char *const texts[] = { "10.1.2.3", "2001:db8::1", "fe80::1%1" };
  struct sockaddr_storage storage;
  RollAddress back;
  guint16 port = 0;

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      RollAddress address = address_of (texts[i]);
      gboolean ipv4 = address.family == AF_INET;
      socklen_t length = roll_address_to_sockaddr (&address, 49152, &storage);

      g_assert_cmpint (length, ==, ipv4 ? sizeof (struct sockaddr_in) : sizeof (struct sockaddr_in6));
      g_assert_true (roll_address_from_sockaddr ((struct sockaddr *) &storage, &back, &port));
      g_assert_true (roll_address_equal (&address, &back));
      g_assert_cmpint (port, ==, 49152);
      g_assert_true (roll_address_from_sockaddr ((struct sockaddr *) &storage, &back, NULL));
    }

  storage.ss_family = AF_UNIX;
  g_assert_false (roll_address_from_sockaddr ((struct sockaddr *) &storage, &back, &port));
}

static void
test_loopback (void)
{
  static const char *const yes[] = { "127.0.0.1", "127.255.255.255", "::1", "::ffff:127.1.2.3" };
  static const char *const no[] = { "126.255.255.255", "128.0.0.0", "::", "::2", "::ffff:10.0.0.1" };

  for (gsize i = 0; i < G_N_ELEMENTS (yes); i++)
    {
      RollAddress address = address_of (yes[i]);

      g_assert_true (roll_address_is_loopback (&address));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (no); i++)
    {
      RollAddress address = address_of (no[i]);

      g_assert_false (roll_address_is_loopback (&address));
    }
}

static void
test_public (void)
{
  static const char *const yes[] = {
    "1.0.0.0", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
    "128.0.0.0", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.0.9", "192.0.0.10",
    "192.0.1.255", "192.0.3.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
    "198.51.99.255", "198.51.101.0", "203.0.112.255", "203.0.114.0", "223.255.255.255", "2000::",
    "2001:0:4136:e378::1", "2001:1::1", "2001:1::3", "2001:3::1", "2001:4:112::1", "2001:200::1",
    "2001:db7:ffff::1", "2001:db9::", "2002:a00:1::1", "2606:4700:4700::1111", "3ffe:ffff::", "3fff:1000::",
    "3fff:ffff::1", "64:ff9b::808:808", "::ffff:8.8.8.8",
  };
  static const char *const no[] = {
    "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255", "127.0.0.1",
    "169.254.0.0", "169.254.255.255", "172.16.0.0", "172.31.255.255", "192.0.0.8", "192.0.0.11", "192.0.2.0",
    "192.0.2.255", "192.168.0.0", "192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7",
    "203.0.113.0", "203.0.113.255", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "::1",
    "::ffff:10.0.0.1", "64:ff9b:1::1", "100::1", "1fff::1", "2001:1::4", "2001:2::1", "2001:db8::",
    "2001:db8:ffff::1", "3fff::", "3fff:fff:ffff::1", "4000::", "5f00::1", "fc00::1", "fdff::1", "fe80::1",
    "fec0::1", "ff02::1", "ff0e::1",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (yes); i++)
    {
      RollAddress address = address_of (yes[i]);

      if (!roll_address_is_public (&address))
        g_error ("%s is public", yes[i]);
    }
  for (gsize i = 0; i < G_N_ELEMENTS (no); i++)
    {
      RollAddress address = address_of (no[i]);

      if (roll_address_is_public (&address))
        g_error ("%s is not public", no[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address/parse/round-trip", test_parse_round_trip);
  g_test_add_func ("/address/parse/strict", test_parse_strict);
  g_test_add_func ("/address/none", test_none);
  g_test_add_func ("/address/order", test_order);
  g_test_add_func ("/address/equal-ignores-padding", test_equal_ignores_padding);
  g_test_add_func ("/address/sockaddr", test_sockaddr);
  g_test_add_func ("/address/loopback", test_loopback);
  g_test_add_func ("/address/public", test_public);
  return g_test_run ();
}
