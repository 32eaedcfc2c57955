/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "directory/roll-directory-dns.h"
#include "directory/roll-directory-error.h"
#include "directory/roll-directory-private.h"
#include "directory/roll-directory-tree.h"

#define NOW G_GINT64_CONSTANT (1800000000)
#define DAY 86400

/* --- Filters ------------------------------------------------------------------------------------------------------- */

static void
add (RollDirectoryComputers *computers, const char *name, const char *system, gint64 days, gboolean enabled)
{
  g_autofree char *dn = g_strdup_printf ("CN=%s,CN=Computers,DC=corp,DC=example", name);
  g_autofree char *ticks = g_strdup_printf ("%" G_GINT64_FORMAT, (NOW - days * DAY + 11644473600) * 10000000);
  const RollDirectoryEntry entry = {
    .dn = dn,
    .name = name,
    .system = system,
    .last_logon = days >= 0 ? ticks : NULL,
    .control = enabled ? "4096" : "4098",
  };

  g_assert_true (roll_directory_computers_add (computers, &entry));
}

static RollDirectoryComputers *
make_computers (void)
{
  RollDirectoryComputers *computers = roll_directory_computers_new ();

  add (computers, "PC2", "Windows 11 Pro", 40, TRUE);
  add (computers, "PC1", "Windows 11 Pro", 0, TRUE);
  add (computers, "PC3", "Windows 11 Pro", 400, TRUE);
  add (computers, "PC4", "Windows 10 Pro", 1, FALSE);
  add (computers, "PC5", "WINDOWS SERVER 2022", -1, TRUE);
  add (computers, "PC6", NULL, 44, TRUE);
  add (computers, "no name", "Windows 11 Pro", 2, TRUE);
  roll_directory_computers_finish (computers);
  return computers;
}

static void
assert_filtered (const RollDirectoryFilter *filter, const char *wanted, const RollDirectoryCounts *wanted_counts)
{
  g_autoptr (RollDirectoryComputers) computers = make_computers ();
  RollDirectoryCounts counts;
  g_autoptr (GPtrArray) passed = roll_directory_computers_filter (computers, filter, NOW, &counts);
  g_autoptr (GString) names = g_string_new (NULL);

  for (guint i = 0; i < passed->len; i++)
    g_string_append_printf (names, "%s ", ((const RollDirectoryComputer *) g_ptr_array_index (passed, i))->name);
  g_assert_cmpstr (names->str, ==, wanted);
  g_assert_cmpmem (&counts, sizeof counts, wanted_counts, sizeof *wanted_counts);
}

static void
test_filters (void)
{
  const char *const choices[] = { "", "WINDOWS SERVER 2022", NULL };
  const RollDirectoryFilter none = { 0 };
  const RollDirectoryFilter enabled = { .enabled_only = TRUE };
  const RollDirectoryFilter recent = { .enabled_only = TRUE, .logged_on_days = 30 };
  const RollDirectoryFilter text = { .system_text = "windows 1" };
  const RollDirectoryFilter chosen = { .systems = choices };
  const RollDirectoryFilter all = { TRUE, 30, "11", NULL };

  assert_filtered (&none, "PC1 PC2 PC3 PC4 PC5 PC6 ", &(RollDirectoryCounts) { 7, 7, 7, 0, 7, 1 });
  assert_filtered (&enabled, "PC1 PC2 PC3 PC5 PC6 ", &(RollDirectoryCounts) { 7, 6, 6, 0, 6, 1 });
  /* 44 days ago may have been 30. */
  assert_filtered (&recent, "PC1 PC2 PC6 ", &(RollDirectoryCounts) { 7, 6, 4, 1, 4, 1 });
  assert_filtered (&text, "PC1 PC2 PC3 PC4 ", &(RollDirectoryCounts) { 7, 7, 7, 0, 5, 1 });
  assert_filtered (&chosen, "PC5 PC6 ", &(RollDirectoryCounts) { 7, 7, 7, 0, 2, 0 });
  assert_filtered (&all, "PC1 PC2 ", &(RollDirectoryCounts) { 7, 6, 4, 1, 3, 1 });
}

static void
test_systems (void)
{
  g_autoptr (RollDirectoryComputers) computers = make_computers ();
  GArray *systems = roll_directory_computers_get_systems (computers);

  g_assert_cmpuint (systems->len, ==, 4);
  g_assert_cmpstr (g_array_index (systems, RollDirectorySystem, 0).text, ==, "Windows 11 Pro");
  g_assert_cmpuint (g_array_index (systems, RollDirectorySystem, 0).n, ==, 4);
  g_assert_cmpstr (g_array_index (systems, RollDirectorySystem, 1).text, ==, "");
}

/* --- Names --------------------------------------------------------------------------------------------------------- */

static void
test_domains_of_names (void)
{
  static const char *const pairs[][2] = {
    { "DC=corp,DC=example", "corp.example" },
    { "CN=a,OU=b\\,DC=c,dc=Corp, DC=example", "Corp.example" },
    { "CN=a,DC=x,OU=b,DC=corp,DC=example", "corp.example" },
    { "CN=a", NULL },
    { "", NULL },
    { "DC=a/b,DC=example", NULL },
    { "DC=", NULL },
    { "CN=a\\", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *domain = roll_directory_domain_of (pairs[i][0]);

      g_test_message ("%s", pairs[i][0]);
      g_assert_cmpstr (domain, ==, pairs[i][1]);
    }
}

static void
test_places_as_paths (void)
{
  static const char *const pairs[][2] = {
    { "CN=PC1,OU=Berlin,OU=Sales,DC=corp,DC=example", "Sales/Berlin" },
    { "CN=PC1,CN=Computers,DC=corp,DC=example", "Computers" },
    { "CN=PC1,DC=corp,DC=example", "" },
    { "CN=PC1, OU=Z\\C3\\BCrich\\2C West , dc=corp,DC=example", "Zürich, West " },
    { "CN=a\\,b,OU=R\\+D,OU=a\\=b\\\"c\\\\,DC=x", "a=b\"c\\\\/R+D" },
    { "CN=PC1,OU=Sales/Berlin,DC=x", "Sales\\/Berlin" },
    { "CN=PC1,OU=\\00\\1b[31m\n\\FF\xe2\x80\xae,DC=x", "?\xef\xbf\xbd[31m\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
    { "CN=PC1,no equals,DC=x", "no equals" },
    { "CN=PC1,OU=,DC=x", "" },
    { "CN=PC1,OU=a\\", "a\\\\" },
    { "CN=PC1,OU=a\\4", "a4" },
    { "CN=PC1,,", "" },
    { "CN=PC1", "" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      g_autofree char *path = roll_directory_ou_of (pairs[i][0]);

      g_test_message ("%s", pairs[i][0]);
      g_assert_cmpstr (path, ==, pairs[i][1]);
    }
}

static void
test_long_places_are_cut (void)
{
  g_autoptr (GString) deep = g_string_new ("CN=PC1");
  g_autofree char *wide = g_strnfill (100000, 'w');
  g_autofree char *path = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append (deep, ",OU=deep");
  g_string_append_printf (deep, ",OU=%s,DC=x", wide);
  path = roll_directory_ou_of (deep->str);
  g_assert_cmpint (g_utf8_strlen (path, -1), <=, ROLL_DIRECTORY_OU_MAX);
  g_free (path);
  g_string_printf (deep, "CN=PC1,OU=%s,DC=x", wide);
  path = roll_directory_ou_of (deep->str);
  g_assert_true (g_str_has_suffix (path, "w…"));
  g_assert_cmpint (g_utf8_strlen (path, -1), <, 200);
}

/* 100 ns since 1601: what is no time says nothing. */
static void
test_facts_of_a_computer (void)
{
  static const struct
  {
    const char *last_logon, *control;
    gint64 seconds;
    RollDirectoryAccount account;
  } cases[] = {
    { "133444736000000000", "4096", 1700000000, ROLL_DIRECTORY_ACCOUNT_ENABLED },
    { "133444736000000000", "4098", 1700000000, ROLL_DIRECTORY_ACCOUNT_DISABLED },
    { "0", "", 0, ROLL_DIRECTORY_ACCOUNT_UNKNOWN },
    { NULL, NULL, 0, ROLL_DIRECTORY_ACCOUNT_UNKNOWN },
    { "9223372036854775807", "99999999999999999999", 0, ROLL_DIRECTORY_ACCOUNT_UNKNOWN },
    { "-133444736000000000", "2x", 0, ROLL_DIRECTORY_ACCOUNT_UNKNOWN },
    { "1", "-2147483646", 0, ROLL_DIRECTORY_ACCOUNT_DISABLED },
    { "133444736000000000000000", "4096", 0, ROLL_DIRECTORY_ACCOUNT_ENABLED },
  };
  g_autoptr (RollDirectoryComputers) computers = roll_directory_computers_new ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const RollDirectoryEntry entry = { .dn = "CN=PC,OU=Berlin,OU=Sales,DC=corp,DC=example", .name = "PC",
                                         .last_logon = cases[i].last_logon, .control = cases[i].control };
      g_autoptr (RollDirectoryFacts) facts = NULL;

      g_assert_true (roll_directory_computers_add (computers, &entry));
      facts = roll_directory_computer_get_facts (roll_directory_computers_get (computers, i));
      g_assert_cmpstr (facts->ou, ==, "Sales/Berlin");
      g_assert_null (facts->system);
      g_assert_cmpint (facts->last_logon, ==, cases[i].seconds * G_USEC_PER_SEC);
      g_assert_cmpint (facts->account, ==, cases[i].account);
    }
}

static void
test_printable (void)
{
  g_autofree char *plain = roll_directory_printable ("Zürich 東京 🖥", 100);
  g_autofree char *hostile = roll_directory_printable ("a\x1b[31m\n\xe2\x80\xae" "b\xff", 100);
  g_autofree char *cut = roll_directory_printable ("üüüüü", 3);
  g_autofree char *cut_in_bytes = roll_directory_printable ("🖥🖥🖥🖥", 2);

  g_assert_cmpstr (plain, ==, "Zürich 東京 🖥");
  g_assert_cmpstr (hostile, ==, "a\xef\xbf\xbd[31m\xef\xbf\xbd\xef\xbf\xbd" "b\xef\xbf\xbd");
  g_assert_cmpstr (cut, ==, "üüü…");
  g_assert_cmpstr (cut_in_bytes, ==, "🖥🖥…");
}

static void
test_servers (void)
{
  static const struct
  {
    const char *text;
    RollDirectorySecurity security;
    const char *host;
    guint16 port;
  } rows[] = {
    { "DC1.Corp.Example.", ROLL_DIRECTORY_STARTTLS, "dc1.corp.example", 389 },
    { "dc1:3269", ROLL_DIRECTORY_LDAPS, "dc1", 3269 },
    { "dc1", ROLL_DIRECTORY_LDAPS, "dc1", 636 },
    { "10.0.0.1", ROLL_DIRECTORY_KERBEROS, "10.0.0.1", 389 },
    { "10.0.0.1:1", ROLL_DIRECTORY_STARTTLS, "10.0.0.1", 1 },
    { "fd00::1", ROLL_DIRECTORY_STARTTLS, "fd00::1", 389 },
    { "[fd00::1]:65535", ROLL_DIRECTORY_STARTTLS, "fd00::1", 65535 },
    { "[fd00::1]", ROLL_DIRECTORY_STARTTLS, "fd00::1", 389 },
    { "", 0, NULL, 0 },
    { "dc1:", 0, NULL, 0 },
    { "dc1:0", 0, NULL, 0 },
    { "dc1:65536", 0, NULL, 0 },
    { "[fd00::1", 0, NULL, 0 },
    { "[dc1]", 0, NULL, 0 },
    { "[fd00::1]x", 0, NULL, 0 },
    { "ldap://dc1", 0, NULL, 0 },
    { "a b", 0, NULL, 0 },
    { "10.0.0.0/8", 0, NULL, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *host = NULL;
      guint16 port = 0;

      g_test_message ("%s", rows[i].text);
      g_assert_cmpint (roll_directory_parse_server (rows[i].text, rows[i].security, &host, &port), ==, rows[i].host != NULL);
      g_assert_cmpstr (host, ==, rows[i].host);
      g_assert_cmpuint (port, ==, rows[i].port);
    }
}

/* --- Options ------------------------------------------------------------------------------------------------------- */

static gboolean
check (const char *domain, RollDirectorySecurity security, const char *account, const char *password)
{
  g_autoptr (RollDirectoryOptions) options = roll_directory_options_new ();
  g_autoptr (GError) error = NULL;

  options->domain = g_strdup (domain);
  options->security = security;
  if (account)
    options->credential = roll_credential_new ("x", account, password ? roll_secret_new (password, strlen (password)) : NULL, NULL,
                                               password ? NULL : "kerberos", &error);
  g_assert_no_error (error);
  g_autoptr (RollDirectoryOptions) copy = roll_directory_options_copy (options);
  gboolean good = roll_directory_options_check (copy, &error);
  g_assert_true (good || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT));
  return good;
}

static void
test_options (void)
{
  g_assert_true (check ("corp.example", ROLL_DIRECTORY_STARTTLS, "CORP\\user", "x"));
  g_assert_true (check ("corp.example", ROLL_DIRECTORY_KERBEROS, NULL, NULL));
  g_assert_true (check ("corp.example", ROLL_DIRECTORY_KERBEROS, "user@corp.example", NULL));
  g_assert_false (check ("corp.example", ROLL_DIRECTORY_LDAPS, NULL, NULL));
  g_assert_false (check ("corp.example", ROLL_DIRECTORY_LDAPS, "user@corp.example", NULL));
  g_assert_false (check ("corp.example", ROLL_DIRECTORY_STARTTLS, ".\\user", "x"));
  g_assert_false (check ("corp.example", ROLL_DIRECTORY_KERBEROS, ".\\user", "x"));
  g_assert_false (check (NULL, ROLL_DIRECTORY_KERBEROS, NULL, NULL));
  g_assert_false (check ("corp..example", ROLL_DIRECTORY_KERBEROS, NULL, NULL));
}

/* What a typed mistake does to a call: it fails, and nothing is asked. */
static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
test_calls_check_their_options (void)
{
  g_autoptr (RollDirectoryOptions) options = roll_directory_options_new ();
  g_autoptr (RollDirectory) directory = roll_directory_new (options);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  roll_directory_find_async (directory, NULL, NULL, on_result, &result);
  while (!result)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (roll_directory_find_finish (directory, result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
}

/* --- Places -------------------------------------------------------------------------------------------------------- */

static void
test_tops (void)
{
  const char *const bases[] = { "OU=B,OU=A,DC=x", "OU=a,DC=x", "OU=C,DC=x", "ou=c,dc=x", "OU=AA,DC=x", NULL };
  g_auto (GStrv) tops = roll_directory_tree_tops (bases);
  g_autofree char *text = g_strjoinv (" ", tops);

  g_assert_cmpstr (text, ==, "OU=a,DC=x OU=C,DC=x OU=AA,DC=x");
}

/* A domain's places are limited, and so is their depth. */
static void
test_many_places (void)
{
  g_autoptr (RollDirectoryTree) tree = roll_directory_tree_new ("DC=corp,DC=example");
  g_autoptr (GString) dn = g_string_new ("DC=corp,DC=example");
  guint n = 0;

  while (dn->len < 4000)
    {
      g_string_prepend (dn, "OU=a,");
      g_assert_true (roll_directory_tree_add (tree, dn->str, "a", ROLL_DIRECTORY_UNIT));
    }
  for (n = 0; n < ROLL_DIRECTORY_CONTAINERS_MAX * 2; n++)
    {
      g_autofree char *name = g_strdup_printf ("OU=%u,DC=corp,DC=example", n);

      if (!roll_directory_tree_add (tree, name, NULL, ROLL_DIRECTORY_UNIT))
        break;
    }
  g_assert_cmpuint (n, <=, ROLL_DIRECTORY_CONTAINERS_MAX);
  g_assert_cmpuint (n, >, ROLL_DIRECTORY_CONTAINERS_MAX - 100);
  g_autoptr (GPtrArray) containers = roll_directory_tree_finish (tree);
  g_assert_cmpuint (containers->len, ==, ROLL_DIRECTORY_CONTAINERS_MAX + 1);
}

/* --- DNS, refusals ------------------------------------------------------------------------------------------------- */

static void
add_server (GPtrArray *servers, const char *host, guint16 priority, guint16 weight)
{
  RollDirectoryServer *server = g_new0 (RollDirectoryServer, 1);

  server->host = g_strdup (host);
  server->priority = priority;
  server->weight = weight;
  g_ptr_array_add (servers, server);
}

static void
test_order_of_servers (void)
{
  guint heavy_first = 0;

  for (guint i = 0; i < 1000; i++)
    {
      g_autoptr (GPtrArray) servers = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_directory_server_free);

      add_server (servers, "last", 9, 65535);
      add_server (servers, "light", 0, 0);
      add_server (servers, "heavy", 0, 65535);
      add_server (servers, "middle", 5, 1);
      roll_directory_dns_sort (servers);
      heavy_first += g_str_equal (((RollDirectoryServer *) g_ptr_array_index (servers, 0))->host, "heavy") ? 1 : 0;
      g_assert_cmpstr (((RollDirectoryServer *) g_ptr_array_index (servers, 2))->host, ==, "middle");
      g_assert_cmpstr (((RollDirectoryServer *) g_ptr_array_index (servers, 3))->host, ==, "last");
    }
  g_assert_cmpuint (heavy_first, >, 990);
}

static void
test_reasons (void)
{
  g_assert_cmphex (roll_directory_parse_reason ("80090308: LdapErr: DSID-0C09044E, comment: AcceptSecurityContext error, data 52e, v2580"),
                   ==, 0x52e);
  g_assert_cmphex (roll_directory_parse_reason ("data "), ==, 0);
  g_assert_cmphex (roll_directory_parse_reason ("data ffffffffffffffffffff"), ==, 0);
  g_assert_cmphex (roll_directory_parse_reason (NULL), ==, 0);
}

/* --- Certificates -------------------------------------------------------------------------------------------------- */

#define FINGERPRINT                                                                                                        \
  "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF"

static void
test_fingerprints (void)
{
  g_autofree char *plain = roll_directory_fingerprint_parse ("00112233445566778899aabbccddeeff00112233445566778899AABBCCDDEEFF", NULL);
  g_autofree char *colons = roll_directory_fingerprint_parse (" " FINGERPRINT " ", NULL);

  g_assert_cmpstr (plain, ==, FINGERPRINT);
  g_assert_cmpstr (colons, ==, FINGERPRINT);
  g_assert_null (roll_directory_fingerprint_parse ("", NULL));
  g_assert_null (roll_directory_fingerprint_parse (FINGERPRINT "0", NULL));
  g_assert_null (roll_directory_fingerprint_parse ("0g" FINGERPRINT, NULL));
}

static void
test_accepted_certificates (void)
{
  RollDirectoryCertificate certificate = { .server = (char *) "dc1.corp.example", .subject = (char *) "CN=[x]\n=y",
                                           .fingerprint = (char *) FINGERPRINT };
  RollDirectoryCertificate other = { .server = (char *) "fd00::1", .subject = (char *) "", .fingerprint = (char *) FINGERPRINT };
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "rollcall", "certificates", NULL);
  g_autoptr (GError) error = NULL;
  GStatBuf info;

  g_assert_null (roll_directory_certificate_accepted (certificate.server));
  g_assert_true (roll_directory_certificate_accept (&certificate, &error));
  g_assert_true (roll_directory_certificate_accept (&other, &error));
  g_assert_no_error (error);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 0777, ==, 0600);
  g_autofree char *accepted = roll_directory_certificate_accepted ("DC1.corp.example");
  g_assert_cmpstr (accepted, ==, FINGERPRINT);
  g_auto (GStrv) servers = roll_directory_certificate_servers ();
  g_assert_cmpuint (g_strv_length (servers), ==, 2);
  g_assert_true (roll_directory_certificate_forget ("dc1.corp.example", &error));
  g_assert_true (roll_directory_certificate_forget ("dc1.corp.example", &error));
  g_assert_null (roll_directory_certificate_accepted (certificate.server));
  g_autofree char *left = roll_directory_certificate_accepted (other.server);
  g_assert_nonnull (left);
}

/* A file that is damaged is not overwritten, and nothing of it is accepted. */
static void
test_damaged_file (void)
{
  RollDirectoryCertificate certificate = { .server = (char *) "dc1", .subject = (char *) "x", .fingerprint = (char *) FINGERPRINT };
  g_autofree char *path = g_build_filename (g_get_user_config_dir (), "rollcall", "certificates", NULL);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr (GError) error = NULL;

  g_mkdir_with_parents (folder, 0700);
  g_assert_true (g_file_set_contents (path, "this is not it\n", -1, NULL));
  g_assert_null (roll_directory_certificate_accepted ("dc1"));
  g_assert_false (roll_directory_certificate_accept (&certificate, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
  g_assert_true (g_file_set_contents (path, "[dc1]\nsha256=12\n", -1, NULL));
  g_assert_null (roll_directory_certificate_accepted ("dc1"));
}

int
main (int argc, char **argv)
{
  g_autofree char *home = g_dir_make_tmp ("rollcall-test-XXXXXX", NULL);
  g_autofree char *folder = g_build_filename (home, "rollcall", NULL);
  g_autofree char *path = g_build_filename (folder, "certificates", NULL);

  g_setenv ("XDG_CONFIG_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/directory/filters", test_filters);
  g_test_add_func ("/directory/systems", test_systems);
  g_test_add_func ("/directory/domains-of-names", test_domains_of_names);
  g_test_add_func ("/directory/places-as-paths", test_places_as_paths);
  g_test_add_func ("/directory/long-places", test_long_places_are_cut);
  g_test_add_func ("/directory/facts", test_facts_of_a_computer);
  g_test_add_func ("/directory/printable", test_printable);
  g_test_add_func ("/directory/servers", test_servers);
  g_test_add_func ("/directory/options", test_options);
  g_test_add_func ("/directory/calls-check-their-options", test_calls_check_their_options);
  g_test_add_func ("/directory/tops", test_tops);
  g_test_add_func ("/directory/many-places", test_many_places);
  g_test_add_func ("/directory/order-of-servers", test_order_of_servers);
  g_test_add_func ("/directory/reasons", test_reasons);
  g_test_add_func ("/directory/fingerprints", test_fingerprints);
  g_test_add_func ("/directory/accepted-certificates", test_accepted_certificates);
  g_test_add_func ("/directory/damaged-file", test_damaged_file);
  int status = g_test_run ();
  g_unlink (path);
  g_rmdir (folder);
  g_rmdir (home);
  return status;
}
