/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "vault/roll-vault-entry.h"
#include "vault/roll-vault-order.h"

static void
test_between (void)
{
  static const char *const pairs[][2] = {
    { "", "" },   { "", "1" },  { "", "01" },   { "", "0001" }, { "1", "2" },   { "1", "11" }, { "z", "" },
    { "zzz", "" }, { "az", "b" }, { "a", "b1" }, { "1z", "2" }, { "az9", "b" }, { "i", "i01" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *middle = roll_vault_order_between (pairs[i][0], pairs[i][1]);

      g_test_message ("%s < %s < %s", pairs[i][0], middle, pairs[i][1]);
      g_assert_true (roll_vault_order_is_valid (middle));
      g_assert_cmpstr (pairs[i][0], <, middle);
      if (*pairs[i][1] != '\0')
        g_assert_cmpstr (middle, <, pairs[i][1]);
    }
}

/* Two programs may have given the same place to two entries. */
static void
test_between_equals (void)
{
  g_autofree char *middle = roll_vault_order_between ("i", "i");

  g_assert_cmpstr (middle, >, "i");
}

/* Always into the same gap, from either side, and always to the end. */
static void
test_many_moves (void)
{
  g_autofree char *low = g_strdup ("1");
  g_autofree char *high = g_strdup ("2");
  g_autofree char *last = g_strdup ("");

  for (guint i = 0; i < 1000; i++)
    {
      char **end = i % 2 == 0 ? &low : &high;
      char *middle = roll_vault_order_between (low, high);
      char *next = roll_vault_order_between (last, "");

      g_assert_cmpstr (low, <, middle);
      g_assert_cmpstr (middle, <, high);
      g_assert_cmpstr (last, <, next);
      g_free (*end);
      *end = middle;
      g_free (last);
      last = next;
    }
  g_assert_cmpuint (strlen (last), <, 40);
  g_assert_cmpuint (strlen (low), <, 600);
}

static void
assert_refused (const char *name, const char *account, const char *scope, const char *protocols, const char *says)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollVaultEntry) entry = roll_vault_entry_new (NULL, name, account, scope, protocols, &error);

  g_assert_null (entry);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, says));
}

static void
test_what_is_refused (void)
{
  g_autofree char *many = g_strnfill (300, 'x');
  g_autofree char *places = g_strnfill (5000, 'x');

  assert_refused ("", "u", NULL, NULL, "needs a name");
  assert_refused (" \t ", "u", NULL, NULL, "needs a name");
  assert_refused ("\u00a0", "u", NULL, NULL, "needs a name");
  assert_refused (many, "u", NULL, NULL, "100 characters");
  assert_refused ("a\nb", "u", NULL, NULL, "control character");
  assert_refused ("\xff", "u", NULL, NULL, "UTF-8");
  assert_refused ("n", "", NULL, NULL, "no account name");
  assert_refused ("n", "A\\B\\C", NULL, NULL, "A\\B\\C");
  assert_refused ("n", many, NULL, NULL, "too long");
  assert_refused ("n", "u\xff", NULL, NULL, "UTF-8");
  assert_refused ("n", "u", "10.0.0.0/99", NULL, "10.0.0.0/99");
  assert_refused ("n", "u", places, NULL, "too many places");
  assert_refused ("n", "u", NULL, "telnet", "telnet");
  assert_refused ("n", ".\\u", NULL, "kerberos", "local account");
}

static void
test_what_is_taken (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollVaultEntry) entry = roll_vault_entry_new (NULL, "  👩‍💻 مدير  ", " CORP\\u ", NULL, " ntlm", &error);
  g_autoptr (RollVaultEntry) edited = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (entry->name, ==, "👩‍💻 مدير");
  g_assert_cmpstr (entry->account, ==, "CORP\\u");
  g_assert_cmpstr (entry->scope, ==, "");
  edited = roll_vault_entry_new (entry, "Su\u0308d", "u@corp.example", "pc1", NULL, &error);
  g_assert_cmpstr (edited->id, ==, entry->id);
  g_assert_true (roll_vault_entry_has_name (edited, " Süd "));
  g_assert_false (roll_vault_entry_has_name (edited, "Sud"));
  g_assert_false (roll_vault_entry_has_name (edited, "\xff"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vault/order/between", test_between);
  g_test_add_func ("/vault/order/equals", test_between_equals);
  g_test_add_func ("/vault/order/many-moves", test_many_moves);
  g_test_add_func ("/vault/entry/refused", test_what_is_refused);
  g_test_add_func ("/vault/entry/taken", test_what_is_taken);
  return g_test_run ();
}
