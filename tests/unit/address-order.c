/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-address-order.h"

#include <netdb.h>
#include <string.h>

static char *
sort (const char *list)
{
  g_autoptr (RollAddressOrder) order = roll_address_order_new ();
  g_auto (GStrv) words = g_strsplit (list, " ", -1);
  guint n = g_strv_length (words);
  g_autofree RollAddress *addresses = g_new0 (RollAddress, n + 1);
  GString *text = g_string_new (NULL);
  char buffer[ROLL_ADDRESS_STRLEN];

  for (guint i = 0; i < n; i++)
    g_assert_true (roll_address_parse (words[i], &addresses[i]));
  roll_address_order_sort (order, addresses, n);
  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "%s%s", i == 0 ? "" : " ", roll_address_format (&addresses[i], buffer));
  return g_string_free (text, FALSE);
}

static void
assert_sorted (const char *list, const char *expected)
{
  g_autofree char *sorted = sort (list);

  g_assert_cmpstr (sorted, ==, expected);
}

/* A link-local address without its scope can't be used anywhere. */
static void
test_unusable_last (void)
{
  assert_sorted ("fe80::1 127.0.0.1", "127.0.0.1 fe80::1");
  assert_sorted ("127.0.0.1 fe80::1", "127.0.0.1 fe80::1");
  assert_sorted ("fe80::2 fe80::1", "fe80::2 fe80::1");
}

static void
test_small (void)
{
  assert_sorted ("10.1.2.3", "10.1.2.3");
  g_autoptr (RollAddressOrder) order = roll_address_order_new ();
  roll_address_order_sort (order, NULL, 0);
}

/* As the C library has it on this machine. */
static void
test_like_getaddrinfo (void)
{
  const struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM };
  struct addrinfo *found = NULL;
  g_autoptr (GString) expected = g_string_new (NULL);
  g_autoptr (GString) reversed = g_string_new (NULL);
  char buffer[ROLL_ADDRESS_STRLEN];
  RollAddress address;

  if (getaddrinfo ("localhost", NULL, &hints, &found) != 0)
    {
      g_test_skip ("this machine does not know localhost");
      return;
    }
  for (struct addrinfo *i = found; i; i = i->ai_next)
    {
      g_assert_true (roll_address_from_sockaddr (i->ai_addr, &address, NULL));
      roll_address_format (&address, buffer);
      g_string_append_printf (expected, "%s%s", i == found ? "" : " ", buffer);
      g_string_prepend (reversed, i == found ? "" : " ");
      g_string_prepend (reversed, buffer);
    }
  freeaddrinfo (found);
  assert_sorted (reversed->str, expected->str);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/address-order/unusable-last", test_unusable_last);
  g_test_add_func ("/address-order/small", test_small);
  g_test_add_func ("/address-order/like-getaddrinfo", test_like_getaddrinfo);
  return g_test_run ();
}
