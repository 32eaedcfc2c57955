/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-credential.h"

#include <gio/gio.h>
#include <string.h>

static RollSecret *
secret (void)
{
  return roll_secret_new ("x", 1);
}

static RollCredential *
credential_of (const char *account, const char *scope, const char *protocols)
{
  g_autoptr (GError) error = NULL;
  RollCredential *credential = roll_credential_new ("A name", account, secret (), scope, protocols, &error);

  g_assert_no_error (error);
  return credential;
}

static void
test_accounts (void)
{
  static const struct
  {
    const char *account, *user, *domain, *realm;
    RollProtocol first, second;
  } cases[] = {
    { "CORP\\scanner", "scanner", "CORP", NULL, ROLL_PROTOCOL_KERBEROS, ROLL_PROTOCOL_NTLM },
    { "corp.example\\scanner", "scanner", "corp.example", NULL, ROLL_PROTOCOL_KERBEROS, ROLL_PROTOCOL_NTLM },
    { "CORP\\with@sign", "with@sign", "CORP", NULL, ROLL_PROTOCOL_KERBEROS, ROLL_PROTOCOL_NTLM },
    { "scanner@corp.example", "scanner", "", "corp.example", ROLL_PROTOCOL_KERBEROS, ROLL_PROTOCOL_NTLM },
    { "a@b@corp.example", "a@b", "", "corp.example", ROLL_PROTOCOL_KERBEROS, ROLL_PROTOCOL_NTLM },
    { ".\\Administrator", "Administrator", "", NULL, ROLL_PROTOCOL_NTLM, 0 },
    { "Jürgen Ĳ", "Jürgen Ĳ", "", NULL, ROLL_PROTOCOL_NTLM, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RollCredential) credential = credential_of (cases[i].account, NULL, NULL);

      g_assert_cmpstr (credential->name, ==, "A name");
      g_assert_cmpstr (credential->user, ==, cases[i].user);
      g_assert_cmpstr (credential->domain, ==, cases[i].domain);
      g_assert_cmpstr (credential->realm, ==, cases[i].realm);
      g_assert_cmpint (credential->protocols[0], ==, cases[i].first);
      g_assert_cmpint (credential->protocols[1], ==, cases[i].second);
      g_assert_cmpint (credential->protocols[2], ==, 0);
      g_assert_null (credential->scope);
    }
}

static void
assert_refused (const char *account, RollSecret *password, const char *scope, const char *protocols, const char *about)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (roll_credential_new ("A name", account, password, scope, protocols, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  if (strstr (error->message, about) == NULL)
    g_error ("“%s” does not tell of “%s”", error->message, about);
}

static void
test_bad_accounts (void)
{
  static const char *const accounts[] = { "",      "CORP\\", "\\user", ".\\",    "@corp.example", "user@",
                                          "a/b",   "a:b",    "a*",     "CO*P\\a", "a\\b\\c",       "a\nb",
                                          "\xff\xfe" };

  for (guint i = 0; i < G_N_ELEMENTS (accounts); i++)
    assert_refused (accounts[i], secret (), NULL, NULL, "write");
  assert_refused (NULL, secret (), NULL, NULL, "account");
}

static void
test_protocols (void)
{
  g_autoptr (RollCredential) turned = credential_of ("CORP\\a", NULL, " NTLM ; Kerberos;ntlm");
  g_autoptr (RollCredential) one = credential_of ("a@corp.example", NULL, "kerberos");
  g_autoptr (RollCredential) local = credential_of (".\\a", NULL, "kerberos;ntlm");
  g_autoptr (GError) error = NULL;
  g_autoptr (RollCredential) tickets = roll_credential_new ("Mine", NULL, NULL, NULL, NULL, &error);

  g_assert_cmpint (turned->protocols[0], ==, ROLL_PROTOCOL_NTLM);
  g_assert_cmpint (turned->protocols[1], ==, ROLL_PROTOCOL_KERBEROS);
  g_assert_cmpint (turned->protocols[2], ==, 0);
  g_assert_cmpint (one->protocols[0], ==, ROLL_PROTOCOL_KERBEROS);
  g_assert_cmpint (one->protocols[1], ==, 0);
  g_assert_cmpint (local->protocols[0], ==, ROLL_PROTOCOL_NTLM);
  g_assert_cmpint (local->protocols[1], ==, 0);
  g_assert_no_error (error);
  g_assert_cmpint (tickets->protocols[0], ==, ROLL_PROTOCOL_KERBEROS);
  g_assert_cmpint (tickets->protocols[1], ==, 0);

  assert_refused ("CORP\\a", secret (), NULL, "kerberos;basic", "basic");
  assert_refused (".\\a", secret (), NULL, "kerberos", "local");
  assert_refused ("CORP\\a", NULL, NULL, "ntlm", "password");
}

static gboolean
applies (const char *scope, const char *target, const char *address)
{
  g_autoptr (RollCredential) credential = credential_of ("CORP\\a", scope, NULL);
  RollAddress known = { 0 };

  if (address != NULL)
    g_assert_true (roll_address_parse (address, &known));
  return roll_credential_applies (credential, target, &known);
}

static void
test_scope (void)
{
  static const struct
  {
    const char *scope, *target, *address;
    gboolean expected;
  } cases[] = {
    { NULL, "pc1", "10.1.2.3", TRUE },
    { " ; ", "pc1", "10.1.2.3", TRUE },
    { "*", "10.1.2.3", "10.1.2.3", TRUE },
    { "10.1.0.0/16", "pc1", "10.1.255.255", TRUE },
    { "10.1.0.0/16", "pc1", "10.2.0.0", FALSE },
    { "10.1.0.0/16", "10.1.2.3", NULL, TRUE },
    { "10.1.0.0/16", "10.2.2.3", NULL, FALSE },
    { "10.1.0.0/16", "pc1", NULL, TRUE }, /* may be there */
    { "10.1.2.77/20", "pc1", "10.1.15.1", TRUE },
    { "10.1.2.77/20", "pc1", "10.1.16.1", FALSE },
    { "10.1.2.3", "pc1", "10.1.2.3", TRUE },
    { "10.1.2.3", "pc1", "10.1.2.4", FALSE },
    { "0.0.0.0/0", "pc1", "10.1.2.4", TRUE },
    { "0.0.0.0/0", "pc1", "2001:db8::1", FALSE },
    { "2001:db8::/33", "pc1", "2001:db8:7fff::1", TRUE },
    { "2001:db8::/33", "pc1", "2001:db8:8000::1", FALSE },
    { "*.corp.example", "PC1.Corp.Example.", "10.1.2.3", TRUE },
    { "*.corp.example", "corp.example", "10.1.2.3", FALSE },
    { "*.corp.example", "pc1.corp.example.evil", "10.1.2.3", FALSE },
    { "corp.example", "pc1.corp.example", "10.1.2.3", TRUE },
    { "corp.example", "corp.example", "10.1.2.3", TRUE },
    { "corp.example.", "pc1.corp.example", "10.1.2.3", TRUE },
    { "corp.example", "notcorp.example", "10.1.2.3", FALSE },
    { "pc1", "PC1", "10.1.2.3", TRUE },
    { "pc1", "pc10", "10.1.2.3", FALSE },
    { "pc?", "pc7", "10.1.2.3", TRUE },
    { "*.corp.example", "10.1.2.3", "10.1.2.3", FALSE }, /* an address has no name that could be trusted */
    { "10.9.0.0/16, büro.example", "pc.BÜRO.example", "10.1.2.3", TRUE },
    { "10.9.0.0/16;pc2", "pc1", "10.1.2.3", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    if (applies (cases[i].scope, cases[i].target, cases[i].address) != cases[i].expected)
      g_error ("scope “%s”, target “%s”", cases[i].scope, cases[i].target);
}

static void
test_bad_scope (void)
{
  static const char *const scopes[] = { "10.1.0.0/33", "10.1.0", "10.1.*", "10.1.2.1-99", "10.1.0.0/", "10.1.0.0/x",
                                        "a b",         "a/b",    "2001:db8::/129", "pc1;http://x", "??", "\xff" };

  for (guint i = 0; i < G_N_ELEMENTS (scopes); i++)
    assert_refused ("CORP\\a", secret (), scopes[i], NULL, "network");
  assert_refused ("CORP\\a", secret (), "nonsense..x", NULL, "dots");
  assert_refused ("CORP\\a", secret (), "pc1;.corp.example", NULL, "“.corp.example”");
  assert_refused ("CORP\\a", secret (), "corp.example..", NULL, "dots");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/credential/accounts", test_accounts);
  g_test_add_func ("/credential/accounts/bad", test_bad_accounts);
  g_test_add_func ("/credential/protocols", test_protocols);
  g_test_add_func ("/credential/scope", test_scope);
  g_test_add_func ("/credential/scope/bad", test_bad_scope);
  return g_test_run ();
}
