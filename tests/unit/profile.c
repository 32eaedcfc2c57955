/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is kept to scan again the same way, what a scan is expected to do, and the networks that are offered. */

#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <net/if.h>
#include <netinet/in.h>
#include <string.h>

#include "scan/roll-forecast.h"
#include "scan/roll-own-networks.h"
#include "scan/roll-profile.h"

static RollProfile *
new_profile (const char *name)
{
  const char *const ids[] = { "id;1", "id2", NULL };
  const char *const names[] = { "Domain; admin", "Zweiter", NULL };
  const char *const ranges[] = { "10.1.2.0/24", NULL };
  RollScanForm *form = roll_scan_form_new ("pc1\n  10.0.0.1-9 # büro\n", "*.lab");
  RollProfile *profile = roll_profile_new (name, form, roll_scan_options_new ());

  g_ptr_array_add (form->sources, roll_target_source_new_file ("/srv/a list;1.csv", "Name"));
  g_ptr_array_add (form->sources, roll_target_source_new_entries (ROLL_SOURCE_NETWORKS, ranges, NULL));
  g_ptr_array_add (form->sources, roll_target_source_new_entries (ROLL_SOURCE_DIRECTORY, ranges, "corp.example"));
  profile->options->port = 1135;
  profile->accounts = ROLL_PROFILE_KEPT;
  profile->credential_ids = g_strdupv ((char **) ids);
  profile->credential_names = g_strdupv ((char **) names);
  return profile;
}

static void
assert_same_sources (const RollScanForm *a, const RollScanForm *b)
{
  g_assert_cmpuint (a->sources->len, ==, b->sources->len);
  for (guint i = 0; i < a->sources->len; i++)
    g_assert_true (roll_target_source_equal (a->sources->pdata[i], b->sources->pdata[i]));
}

static void
test_a_profile_comes_back_as_it_was (void)
{
  g_autoptr (RollProfile) profile = new_profile ("Nächtlich/☾ \"1\"");
  g_autoptr (RollProfile) again = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;
  g_auto (GStrv) problems = NULL;

  g_assert_true (roll_profile_save (profile, &error));
  g_assert_no_error (error);
  again = roll_profile_load (profile->name, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (again->form->targets, ==, profile->form->targets);
  g_assert_cmpstr (again->form->exclusions, ==, "*.lab");
  assert_same_sources (again->form, profile->form);
  g_assert_cmpuint (again->options->port, ==, 1135);
  g_assert_cmpint (again->accounts, ==, ROLL_PROFILE_KEPT);
  g_assert_cmpstr (again->credential_names[0], ==, "Domain; admin");
  g_assert_cmpstr (again->credential_ids[1], ==, "id2");
  names = roll_profile_list (&problems, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_strv_length (names), ==, 1);
  g_assert_cmpuint (g_strv_length (problems), ==, 0);
  g_assert_true (roll_profile_delete (profile->name, NULL));
}

/* The place and the system of a computer last; when it logged on would seem older each time. */
static void
test_what_the_directory_told (void)
{
  RollDirectoryComputer told[] = {
    { .host = "pc1.corp", .ou = "Sales;\\ North/ Berlin", .system = "Windows 11", .last_logon = 1700000000 },
    { .host = "pc2.corp", .ou = "", .system = "", .account = ROLL_DIRECTORY_ACCOUNT_DISABLED },
    { .host = "pc3.corp", .ou = " Paris", .system = "" },
  };
  g_autoptr (GPtrArray) computers = g_ptr_array_new ();
  g_autoptr (RollProfile) profile = new_profile ("From the directory");
  g_autoptr (RollProfile) again = NULL;
  g_autoptr (RollTargetSource) damaged = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) too_few = g_strsplit ("Sales", ";", -1);
  RollTargetSource *source;
  const RollDirectoryFacts *first, *last;

  for (guint i = 0; i < G_N_ELEMENTS (told); i++)
    g_ptr_array_add (computers, &told[i]);
  g_ptr_array_set_size (profile->form->sources, 0);
  g_ptr_array_add (profile->form->sources, roll_target_source_new_directory (computers, "corp"));
  g_assert_true (roll_profile_save (profile, &error));
  again = roll_profile_load (profile->name, &error);
  g_assert_no_error (error);
  assert_same_sources (again->form, profile->form);
  source = again->form->sources->pdata[0];
  g_assert_cmpuint (source->facts->len, ==, 3);
  first = source->facts->pdata[0];
  last = source->facts->pdata[2];
  g_assert_cmpstr (first->ou, ==, "Sales;\\ North/ Berlin");
  g_assert_cmpstr (first->system, ==, "Windows 11");
  g_assert_cmpint (first->last_logon, ==, 0);
  g_assert_null (source->facts->pdata[1]);
  g_assert_cmpstr (last->ou, ==, " Paris");
  g_assert_null (last->system);

  damaged = roll_target_source_copy (source);
  roll_target_source_set_lasting (damaged, too_few, too_few);
  g_assert_true (damaged->facts->pdata[0] == first);
  g_assert_true (roll_profile_delete (profile->name, NULL));
}

static void
test_profiles_are_their_owners (void)
{
  g_autoptr (RollProfile) profile = new_profile ("One");
  g_autofree char *folder = g_build_filename (g_get_user_config_dir (), "rollcall", "profiles", NULL);
  g_autoptr (GDir) directory = NULL;
  const char *name;
  GStatBuf status;

  g_assert_true (roll_profile_save (profile, NULL));
  g_assert_cmpint (g_stat (folder, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0700);
  directory = g_dir_open (folder, 0, NULL);
  while ((name = g_dir_read_name (directory)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_assert_cmpint (g_stat (path, &status), ==, 0);
      g_assert_cmpuint (status.st_mode & 0777, ==, 0600);
    }
  g_assert_true (roll_profile_delete ("One", NULL));
}

static void
test_names_and_what_is_broken (void)
{
  g_autoptr (RollProfile) one = new_profile ("One");
  g_autoptr (RollProfile) two = new_profile ("Two");
  g_autoptr (RollProfile) none = NULL;
  g_autofree char *long_name = g_strnfill (ROLL_PROFILE_NAME_MAX + 1, 'a');
  g_autofree char *stray = g_build_filename (g_get_user_config_dir (), "rollcall", "profiles", "stray.profile", NULL);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;
  g_auto (GStrv) problems = NULL;

  g_assert_false (roll_profile_check_name ("  ", NULL));
  g_assert_false (roll_profile_check_name (long_name, NULL));
  g_assert_true (roll_profile_save (one, NULL) && roll_profile_save (two, NULL));
  g_assert_false (roll_profile_rename ("One", "Two", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_true (roll_profile_rename ("One", "Three", &error));
  none = roll_profile_load ("One", &error);
  g_assert_null (none);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_true (g_file_set_contents (stray, "[Profile]\nName=../../etc/passwd\n\xff", -1, NULL));
  names = roll_profile_list (&problems, NULL);
  g_assert_cmpuint (g_strv_length (names), ==, 2);
  g_assert_true (roll_profile_is_one_of (" Three ", (const char *const *) names));
  g_assert_false (roll_profile_is_one_of ("One", (const char *const *) names));
  g_assert_cmpuint (g_strv_length (problems), ==, 1);
  g_assert_nonnull (strstr (problems[0], "stray.profile"));
  g_assert_true (roll_profile_delete ("Two", NULL) && roll_profile_delete ("Three", NULL));
  g_remove (stray);
}

static void
assert_explained (GError **error, const char *what)
{
  g_assert_nonnull (*error);
  g_assert_nonnull (strstr ((*error)->message, what));
  g_assert_nonnull (strstr ((*error)->message, "rollcall/profiles"));
  g_assert_null (strstr ((*error)->message, ".."));
  g_clear_error (error);
}

/* A folder stands where a file should be: that hinders root, too. */
static void
test_what_the_disk_refuses_is_said (void)
{
  g_autoptr (RollProfile) profile = new_profile ("One");
  g_autofree char *folder = g_build_filename (g_get_user_config_dir (), "rollcall", "profiles", NULL);
  g_autofree char *path = NULL;
  g_autofree char *inside = NULL;
  g_autoptr (GDir) directory = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) problems = NULL;
  g_auto (GStrv) names = NULL;

  g_assert_true (roll_profile_save (profile, NULL));
  directory = g_dir_open (folder, 0, NULL);
  path = g_build_filename (folder, g_dir_read_name (directory), NULL);
  inside = g_build_filename (path, "file", NULL);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_true (g_file_set_contents (inside, "", 0, NULL));
  g_assert_false (roll_profile_save (profile, &error));
  assert_explained (&error, "“One” can’t be saved");
  g_assert_false (roll_profile_delete ("One", &error));
  assert_explained (&error, "“One” can’t be deleted");
  g_assert_false (roll_profile_rename ("One", "Two", &error));
  assert_explained (&error, "“One” can’t be read");
  g_assert_null (roll_profile_load ("One", &error));
  assert_explained (&error, "“One” can’t be read");
  names = roll_profile_list (&problems, NULL);
  g_assert_cmpuint (g_strv_length (names), ==, 0);
  g_assert_cmpuint (g_strv_length (problems), ==, 1);
  g_remove (inside);
  g_remove (path);

  /* And where the folder should be, a file. */
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_assert_true (g_file_set_contents (folder, "", 0, NULL));
  g_assert_null (roll_profile_list (&problems, &error));
  assert_explained (&error, "The profiles can’t be read");
  g_assert_false (roll_profile_save (profile, &error));
  assert_explained (&error, "“One” can’t be saved");
  g_remove (folder);
}

/* --- What a scan would do --- */

static void
test_a_forecast_says_who_has_no_credential (void)
{
  g_autoptr (RollTargetList) list = roll_target_list_new ();
  g_autoptr (GPtrArray) credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  g_autoptr (RollScanOptions) options = roll_scan_options_new ();
  g_autoptr (RollForecast) forecast = NULL;
  g_autoptr (RollForecast) probe = NULL;
  const char *const entries[] = { "10.1.0.0/30", "10.2.0.1", "pc1.corp.example", "other", NULL };

  for (guint i = 0; entries[i] != NULL; i++)
    g_assert_true (roll_target_list_add (list, entries[i], NULL));
  g_ptr_array_add (credentials, roll_credential_new ("net", "CORP\\a", roll_secret_new ("x", 1), "10.1.0.0/16", NULL, NULL));
  g_ptr_array_add (credentials,
                   roll_credential_new ("names", "CORP\\b", roll_secret_new ("x", 1), "*.corp.example", NULL, NULL));
  forecast = roll_forecast_new (list, credentials, options, NULL);
  g_assert_cmpuint (forecast->n_targets, ==, 5);
  g_assert_cmpuint (forecast->n_names, ==, 2);
  g_assert_cmpuint (forecast->counts[0], ==, 4);
  g_assert_cmpuint (forecast->counts[1], ==, 1);
  g_assert_cmpuint (forecast->n_without, ==, 1);
  g_assert_cmpuint (forecast->n_unsure, ==, 1);
  g_assert_cmpint (forecast->inventory_us, >, 0);
  options->probe_only = TRUE;
  probe = roll_forecast_new (list, NULL, options, NULL);
  g_assert_cmpuint (probe->n_without, ==, 5);
  g_assert_cmpint (probe->inventory_us, ==, 0);
  g_assert_cmpint (probe->silence_us, >=, 4 * (gint64) options->connect_timeout_ms * 1000);
}

/* --- Networks --- */

typedef struct
{
  struct ifaddrs link;
  struct sockaddr_in address, mask;
} Link;

static void
link_init (Link *link, const char *name, guint flags, const char *address, guint bits, Link *next)
{
  *link = (Link) { 0 };
  link->link.ifa_name = (char *) name;
  link->link.ifa_flags = flags;
  link->address.sin_family = link->mask.sin_family = AF_INET;
  g_assert_cmpint (inet_pton (AF_INET, address, &link->address.sin_addr), ==, 1);
  link->mask.sin_addr.s_addr = htonl (0xffffffffu << (32 - bits));
  link->link.ifa_addr = (struct sockaddr *) (void *) &link->address;
  link->link.ifa_netmask = (struct sockaddr *) (void *) &link->mask;
  link->link.ifa_next = next != NULL ? &next->link : NULL;
}

static void
test_own_networks (void)
{
  Link links[6];
  g_autoptr (GPtrArray) networks = NULL;
  const RollOwnNetwork *network;

  link_init (&links[5], "tun0", IFF_UP, "10.9.0.1", 32, NULL);
  link_init (&links[4], "eth2", 0, "10.7.0.1", 24, &links[5]);
  link_init (&links[3], "eth1", IFF_UP, "10.1.2.4", 8, &links[4]);
  link_init (&links[2], "eth0", IFF_UP, "192.168.7.70", 26, &links[3]);
  link_init (&links[1], "eth0", IFF_UP, "192.168.7.65", 26, &links[2]);
  link_init (&links[0], "lo", IFF_UP | IFF_LOOPBACK, "127.0.0.1", 8, &links[1]);
  networks = roll_own_networks_of (&links[0].link);
  g_assert_cmpuint (networks->len, ==, 3);
  network = networks->pdata[0];
  g_assert_cmpstr (network->entry, ==, "192.168.7.64/26");
  g_assert_cmpuint (network->n_addresses, ==, 62);
  g_assert_null (network->reason);
  network = networks->pdata[1];
  g_assert_cmpstr (network->entry, ==, "10.0.0.0/8");
  g_assert_nonnull (network->reason);
  g_assert_cmpuint (network->n_addresses, ==, 0);
}

int
main (int argc, char *argv[])
{
  g_autofree char *home = g_dir_make_tmp ("roll-profile-XXXXXX", NULL);
  g_autofree char *program = g_build_filename (home, "rollcall", NULL);
  g_autofree char *profiles = g_build_filename (program, "profiles", NULL);
  int status;

  g_setenv ("XDG_CONFIG_HOME", home, TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/profile/again", test_a_profile_comes_back_as_it_was);
  g_test_add_func ("/profile/directory", test_what_the_directory_told);
  g_test_add_func ("/profile/owner", test_profiles_are_their_owners);
  g_test_add_func ("/profile/names", test_names_and_what_is_broken);
  g_test_add_func ("/profile/disk", test_what_the_disk_refuses_is_said);
  g_test_add_func ("/profile/forecast", test_a_forecast_says_who_has_no_credential);
  g_test_add_func ("/profile/networks", test_own_networks);
  status = g_test_run ();
  g_rmdir (profiles);
  g_rmdir (program);
  g_rmdir (home);
  return status;
}
