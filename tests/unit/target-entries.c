/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-target-list.h"

#include <string.h>

static char *
join_targets (RollTargetList *list)
{
  GString *text = g_string_new (NULL);
  RollTargetIter iter;
  RollTarget target;

  roll_target_iter_init (&iter, list, 0);
  while (roll_target_iter_next (&iter, &target))
    g_string_append_printf (text, text->len > 0 ? " %s" : "%s", target.text);
  return g_string_free (text, FALSE);
}

/* What an entry becomes, all of it when it is short. */
static void
test_forms (void)
{
  static const char *const forms[][2] = {
    { "PC1", "PC1" },
    { " pc1\t", "pc1" },
    { "pc1.corp.example", "pc1.corp.example" },
    { "pc1.corp.example.", "pc1.corp.example." },
    { "_odd_name-", "_odd_name-" },
    { "3com", "3com" },
    { "1234.corp.example", "1234.corp.example" },
    { "db-2", "db-2" },
    { "fe80", "fe80" },
    { "münchen.example", "xn--mnchen-3ya.example" },
    { "ＰＣ１", "pc1" },
    { "10.1.2.3", "10.1.2.3" },
    { "10.1.2.3/32", "10.1.2.3" },
    { "10.1.2.2/31", "10.1.2.2 10.1.2.3" },
    { "10.1.2.0/30", "10.1.2.1 10.1.2.2" },
    { "10.1.2.3/30", "10.1.2.1 10.1.2.2" },
    { "10.1.2.8-10", "10.1.2.8 10.1.2.9 10.1.2.10" },
    { "10.1.2.8-10.1.2.8", "10.1.2.8" },
    { "10.1.2.255-10.1.3.0", "10.1.2.255 10.1.3.0" },
    { "127.0.0.1", "127.0.0.1" },
    { "2001:DB8::1", "2001:db8::1" },
    { "2001:db8::4/127", "2001:db8::4 2001:db8::5" },
    { "2001:db8::/128", "2001:db8::" },
    { "2001:db8::ffff-2001:db8::1:0", "2001:db8::ffff 2001:db8::1:0" },
    { "2001:db8:0:0:ffff:ffff:ffff:ffff-2001:db8:0:1::", "2001:db8::ffff:ffff:ffff:ffff 2001:db8:0:1::" },
    { "::1", "::1" },
    { "fe80::1%lo", "fe80::1%lo" },
    { "fe80::%lo/127", "fe80::%lo fe80::1%lo" },
    { "fe80::1%lo-fe80::2%lo", "fe80::1%lo fe80::2%lo" },
    { "fe80::1%lo-fe80::2", "fe80::1%lo fe80::2%lo" },
    { "fe80::1%77", "fe80::1%77" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (RollTargetList) list = roll_target_list_new ();
      g_autoptr (GError) error = NULL;
      g_autofree char *targets = NULL;

      roll_target_list_add (list, forms[i][0], &error);
      g_assert_no_error (error);
      targets = join_targets (list);
      g_assert_cmpstr (targets, ==, forms[i][1]);
    }
}

static void
test_sizes (void)
{
  static const struct
  {
    const char *entry;
    guint count;
  } sizes[] = {
    { "10.1.2.0/24", 254 },
    { "127.20.0.0/18", 16382 },
    { "10.1.0.0/16", 65534 },
    { "10.0.0.0/12", 1048574 },
    { "10.0.0.0-10.15.255.255", 1048576 },
    { "2001:db8::/108", 1048576 },
    { "192.168.255.255/24", 254 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (RollTargetList) list = roll_target_list_new ();

      g_assert_true (roll_target_list_add (list, sizes[i].entry, NULL));
      g_assert_cmpuint (roll_target_list_get_count (list), ==, sizes[i].count);
    }
}

typedef struct
{
  const char *entry;
  const char *part; /* of the reason */
} Wrong;

/* The sentence that fits is given, not just any. */
static const Wrong wrong_entries[] = {
  { "", "Type a name" },
  { "   ", "Type a name" },
  { "10.1.2.300", "“300”" },
  { "10.1.2.99999999999999999999", "“99999999999999999999”" },
  { "010.1.2.3", "“010”" },
  { "10.1.2.03", "“03”" },
  { "10.1.2", "this has 3" },
  { "10.1.2.3.4", "this has 5" },
  { "10.1.2.", "dot at the end" },
  { "10.1.2.3.", "dot at the end" },
  { "10..1.2", "two dots" },
  { "12345", "only digits" },
  { "pc.12", "behind the last dot" },
  { "10.1.2.0/33", "0 to 32" },
  { "10.1.2.0/", "0 to 32" },
  { "10.1.2.0/-1", "0 to 32" },
  { "10.1.2.0/24/8", "0 to 32" },
  { "2001:db8::/129", "0 to 128" },
  { "10.1.2.0/255.255.255.0", "“/24”" },
  { "10.1.2.0/0.0.0.0", "“/0”" },
  { "10.1.2.0/255.255.255.255", "“/32”" },
  { "10.1.2.0/255.0.255.0", "0 to 32" },
  { "10.1/16", "all four numbers" },
  { "pc1/24", "behind an address" },
  { "10.1.2.10-9", "backwards" },
  { "10.1.2.10-10.1.2.9", "backwards" },
  { "2001:db8::2-2001:db8::1", "backwards" },
  { "10.1.2.10-", "A range ends" },
  { "10.1.2.10-256", "A range ends" },
  { "10.1.2.10-099", "A range ends" },
  { "10.1.2.10-pc1", "A range ends" },
  { "10.1.2.10-10.1.2.x", "A range ends" },
  { "10.1.2.10-2001:db8::1", "from one IPv4" },
  { "2001:db8::1-99", "whole address" },
  { "fe80::1%lo-fe80::2%77", "same network interface" },
  { "10.1.2.10 - 10.1.2.99", "“10.1.2.10-10.1.2.99”" },
  { "10.1.2.0 /24", "“10.1.2.0/24”" },
  { "10.1.2.10–99", "“–”" },
  { "pc1—pc2", "“—”" },
  { "0.0.0.0", "begin with 0" },
  { "0.1.2.3", "begin with 0" },
  { "224.0.0.1", "Multicast" },
  { "239.255.255.250", "Multicast" },
  { "240.0.0.1", "reserved" },
  { "255.255.255.255", "broadcast" },
  { "223.255.255.250-224.0.0.5", "Multicast" },
  { "ff02::1", "Multicast" },
  { "::", "“::”" },
  { "::/127", "“::”" },
  { "::ffff:10.1.2.3", "IPv4" },
  { "fe80::1", "network interface" },
  { "fe80::1-fe80::5", "network interface" },
  { "fe80::/120", "network interface" },
  { "fe80:1::1%lo", "fe80::" },
  { "fe80::1%nosuch0", "“nosuch0”" },
  { "2001:db8::1%lo", "Only link-local" },
  { "10.1.2.3%lo", "Only link-local" },
  { "2001:db8:::1", "IPv6" },
  { "12:34:56:78:9a:bc", "IPv6" },
  { "[2001:db8::1]", "brackets" },
  { "[2001:db8::1]:135", "brackets" },
  { "http://pc1.corp.example/", "“http://”" },
  { "\\\\PC1", "backslashes" },
  { "\\\\PC1\\C$", "backslashes" },
  { "CORP\\PC1", "domain and the backslash" },
  { "NAME:135", "“:135”" },
  { "10.1.2.3:135", "“:135”" },
  { "admin@corp.example", "person" },
  { "\"pc1\"", "quotation" },
  { "“pc1”", "quotation" },
  { "pc1,pc2", "“,”" },
  { "pc1;10.1.2.3;x", "“;”" },
  { "pc1 pc2", "blank" },
  { "pc1\taccounts", "blank" },
  { "PC1$", "“$”" },
  { "pc!1", "“!”" },
  { "pc1#x", "“#”" },
  { "pc€1", "“€”" },
  { "pc\001", "U+0001" },
  { "pc\033[31m", "U+001B" },
  { "pc\xc2\xa0" "1", "U+00A0" },
  { "pc\xe2\x80\x8b" "1", "U+200B" },
  { "\xe2\x80\xae" "pc1", "U+202E" },
  { "pc\xff", "UTF-8" },
  { "\xc0\xaf", "UTF-8" },
  { ".corp.example", "begin with “.”" },
  { "-pc1", "begin with “-”" },
  { "pc1..example", "two dots" },
  { "*.lab.example", "left out" },
  { "pc?", "left out" },
  { "10.1.2.*", "10.1.2.0/24" },
  { "10.1.*.1-5", "10.1.2.0/24" },
  { "a234567890123456789012345678901234567890123456789012345678901234.example", "64 characters" },
};

static void
check_reason (gboolean (*add) (RollTargetList *, const char *, GError **), const Wrong *wrong)
{
  g_autoptr (RollTargetList) list = roll_target_list_new ();
  g_autoptr (GError) error = NULL;

  if (add (list, wrong->entry, &error))
    g_error ("“%s” was taken", wrong->entry);
  g_assert_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_SYNTAX);
  if (strstr (error->message, wrong->part) == NULL)
    g_error ("“%s” got “%s”", wrong->entry, error->message);
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
  g_assert_cmpuint (roll_target_list_get_count (list), ==, 0);
}

static void
test_reasons (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (wrong_entries); i++)
    check_reason (roll_target_list_add, &wrong_entries[i]);
}

static void
test_reasons_of_exclusions (void)
{
  static const Wrong wrong[] = {
    { "10.1.2.*", "10.1.2.0/24" }, /* it would match names only, and seem to work */
    { "::ffff:10.1.2.3", "IPv4" },
    { "::ffff:10.1.2.0/120", "IPv4" },
    { "fe80::/64", "network interface" },
    { "fe80::1", "network interface" },
    { "*.lab!.example", "“!”" },
    { "10.1.2.300", "“300”" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    check_reason (roll_target_list_exclude, &wrong[i]);
}

static void
test_name_lengths (void)
{
  g_autoptr (RollTargetList) list = roll_target_list_new ();
  g_autoptr (GError) error = NULL;
  GString *name = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_autofree char *wide = g_strnfill (100000, 'x');

  while (name->len < 252)
    g_string_append (name, "a23456789.");
  g_string_truncate (name, 253);
  name->str[252] = 'z';
  g_assert_true (roll_target_list_add (list, name->str, NULL));
  g_string_append_c (name, '.');
  g_assert_true (roll_target_list_add (list, name->str, NULL));
  g_assert_cmpuint (roll_target_list_get_n_duplicates (list), ==, 1);
  name->str[253] = 'z';
  g_assert_false (roll_target_list_add (list, name->str, &error));
  g_assert_nonnull (strstr (error->message, "254 characters"));
  g_clear_error (&error);

  text = g_strnfill (300, 'x');
  g_assert_false (roll_target_list_add (list, text, &error));
  g_assert_nonnull (strstr (error->message, "300 characters"));
  g_clear_error (&error);
  g_assert_false (roll_target_list_add (list, wide, &error));
  g_assert_nonnull (strstr (error->message, "too long"));
  g_string_free (name, TRUE);
}

static void
test_too_many (void)
{
  static const Wrong many[] = {
    { "10.0.0.0/8", "16777214" },
    { "0.0.0.0/0", "4294967294" },
    { "10.0.0.0-10.16.0.0", "1048577" },
    { "2001:db8::/64", "2⁶⁴" },
    { "::/0", "2⁶⁴" },
    { "2001:db8::/107", "2097152" },
    { "fe80::%lo/64", "2⁶⁴" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (many); i++)
    {
      g_autoptr (RollTargetList) list = roll_target_list_new ();
      g_autoptr (GError) error = NULL;

      g_assert_true (roll_target_list_add (list, "pc1", NULL));
      g_assert_false (roll_target_list_add (list, many[i].entry, &error));
      g_assert_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_TOO_MANY);
      if (strstr (error->message, many[i].part) == NULL)
        g_error ("“%s” got “%s”", many[i].entry, error->message);
      g_assert_cmpuint (roll_target_list_get_count (list), ==, 1);
    }
}

/* The limit holds for the whole list, and what is there already does not count twice. */
static void
test_full (void)
{
  g_autoptr (RollTargetList) list = roll_target_list_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (roll_target_list_add (list, "10.0.0.0-10.15.255.255", NULL));
  g_assert_false (roll_target_list_add (list, "pc1", &error));
  g_assert_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_TOO_MANY);
  g_clear_error (&error);
  g_assert_false (roll_target_list_add (list, "10.15.255.255-10.16.0.0", &error));
  g_assert_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_TOO_MANY);
  g_clear_error (&error);
  g_assert_false (roll_target_list_add_text (list, "10.1.1.1\npc1\n", 13, NULL, &error));
  g_assert_error (error, ROLL_TARGET_ERROR, ROLL_TARGET_ERROR_TOO_MANY);
  g_assert_nonnull (strstr (error->message, "Line 2"));
  g_assert_cmpuint (roll_target_list_get_n_duplicates (list), ==, 0);
  g_assert_true (roll_target_list_add (list, "10.7.0.0/16", NULL));
  g_assert_cmpuint (roll_target_list_get_n_duplicates (list), ==, 1);
  g_assert_cmpuint (roll_target_list_get_count (list), ==, ROLL_TARGETS_MAX);
}

static void
test_merging (void)
{
  g_autoptr (RollTargetList) list = roll_target_list_new ();
  static const char *const entries[] = {
    "pc1.corp.example", "10.1.2.5", "PC1.Corp.Example.", "10.1.2.4/30", "10.1.2.4-8", "pc1", "10.1.2.5",
    "PC1", "2001:db8::1", "2001:DB8:0::1",
  };
  g_autofree char *targets = NULL;
  g_auto (GStrv) includes = NULL;
  g_autofree char *normal = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (entries); i++)
    g_assert_true (roll_target_list_add (list, entries[i], NULL));
  targets = join_targets (list);
  g_assert_cmpstr (targets, ==,
                   "pc1.corp.example 10.1.2.5 10.1.2.6 10.1.2.4 10.1.2.7 10.1.2.8 pc1 2001:db8::1");
  g_assert_cmpuint (roll_target_list_get_n_duplicates (list), ==, 4);
  includes = roll_target_list_get_includes (list);
  normal = g_strjoinv (" ", includes);
  g_assert_cmpstr (normal, ==, "pc1.corp.example 10.1.2.4/30 10.1.2.4 10.1.2.7-10.1.2.8 pc1 2001:db8::1");
}

static void
test_exclusions (void)
{
  g_autoptr (RollTargetList) list = roll_target_list_new ();
  static const char *const excludes[] = {
    "10.1.2.7", "10.1.2.0/31", "10.1.2.10-13", "PC2.", "*.LAB.example", "srv-?", "fe80::/10", "10.9.0.0/16",
  };
  g_autofree char *targets = NULL;
  g_auto (GStrv) normal = NULL;
  g_autofree char *text = NULL;

  g_assert_true (roll_target_list_exclude (list, "10.1.2.4-5", NULL));
  g_assert_true (roll_target_list_add (list, "10.1.2.0/28", NULL));
  g_assert_true (roll_target_list_add (list, "pc1", NULL));
  g_assert_true (roll_target_list_add (list, "pc2", NULL));
  g_assert_true (roll_target_list_add (list, "a.lab.example.", NULL));
  g_assert_true (roll_target_list_add (list, "lab.example", NULL));
  g_assert_true (roll_target_list_add (list, "SRV-1", NULL));
  g_assert_true (roll_target_list_add (list, "srv-10", NULL));
  g_assert_true (roll_target_list_add (list, "fe80::1%lo", NULL));
  g_assert_true (roll_target_list_add (list, "10.9.255.255", NULL));
  g_assert_cmpuint (roll_target_list_get_count (list), ==, 20);
  for (gsize i = 0; i < G_N_ELEMENTS (excludes); i++)
    g_assert_true (roll_target_list_exclude (list, excludes[i], NULL));

  targets = join_targets (list);
  g_assert_cmpstr (targets, ==,
                   "10.1.2.2 10.1.2.3 10.1.2.6 10.1.2.8 10.1.2.9 10.1.2.14 pc1 lab.example srv-10");
  normal = roll_target_list_get_excludes (list);
  text = g_strjoinv (" ", normal);
  g_assert_cmpstr (text, ==,
                   "10.1.2.4/31 10.1.2.7 10.1.2.0/31 10.1.2.10-10.1.2.13 PC2. *.LAB.example srv-? fe80::/10 "
                   "10.9.0.0/16");
}

/* IPv6 as a whole does not take IPv4 with it, although its numbers lie in between. */
static void
test_exclude_everything (void)
{
  g_autoptr (RollTargetList) list = roll_target_list_new ();

  g_assert_true (roll_target_list_add (list, "10.1.2.3", NULL));
  g_assert_true (roll_target_list_add (list, "2001:db8::/120", NULL));
  g_assert_true (roll_target_list_add (list, "pc1", NULL));
  g_assert_true (roll_target_list_exclude (list, "::/0", NULL));
  g_assert_cmpuint (roll_target_list_get_count (list), ==, 2);
  g_assert_true (roll_target_list_exclude (list, "0.0.0.0/0", NULL));
  g_assert_cmpuint (roll_target_list_get_count (list), ==, 1);
  g_assert_true (roll_target_list_exclude (list, "*", NULL));
  g_assert_cmpuint (roll_target_list_get_count (list), ==, 0);
}

static void
test_patterns (void)
{
  static const struct
  {
    const char *pattern;
    const char *name;
    gboolean matches;
  } cases[] = {
    { "*", "pc1", TRUE },
    { "pc*", "pc", TRUE },
    { "pc*", "xpc", FALSE },
    { "*-lab", "pc-lab", TRUE },
    { "*-lab", "pc-lab2", FALSE },
    { "a*b*c", "aXbYbZc", TRUE },
    { "a*b*c", "aXcYb", FALSE },
    { "pc-??", "pc-01", TRUE },
    { "pc-??", "pc-1", FALSE },
    { "2019-*", "2019-x", TRUE },
    { "*.example", "pc.Example.", TRUE },
    { "?*?", "ab", TRUE },
    { "?*?", "a", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RollTargetList) list = roll_target_list_new ();

      g_assert_true (roll_target_list_add (list, cases[i].name, NULL));
      g_assert_true (roll_target_list_exclude (list, cases[i].pattern, NULL));
      if (roll_target_list_get_count (list) != !cases[i].matches)
        g_error ("“%s” and “%s”", cases[i].pattern, cases[i].name);
    }
}

static void
test_public (void)
{
  g_autoptr (RollTargetList) list = roll_target_list_new ();

  g_assert_true (roll_target_list_add (list, "10.0.0.0/16", NULL));
  g_assert_true (roll_target_list_add (list, "www.example", NULL));
  g_assert_true (roll_target_list_add (list, "2001:db8::/120", NULL));
  g_assert_cmpuint (roll_target_list_get_n_public (list), ==, 0);
  g_assert_true (roll_target_list_add (list, "192.0.0.0-192.0.2.255", NULL));
  g_assert_cmpuint (roll_target_list_get_n_public (list), ==, 256 + 2);
  g_assert_true (roll_target_list_add (list, "2606:4700::fffe-2606:4700::1:1", NULL));
  g_assert_cmpuint (roll_target_list_get_n_public (list), ==, 256 + 2 + 4);
  g_assert_true (roll_target_list_add (list, "172.15.255.200-172.16.0.10", NULL));
  g_assert_cmpuint (roll_target_list_get_n_public (list), ==, 256 + 2 + 4 + 56);
  g_assert_true (roll_target_list_exclude (list, "192.0.0.0/16", NULL));
  g_assert_cmpuint (roll_target_list_get_n_public (list), ==, 4 + 56);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/target-entries/forms", test_forms);
  g_test_add_func ("/target-entries/sizes", test_sizes);
  g_test_add_func ("/target-entries/reasons", test_reasons);
  g_test_add_func ("/target-entries/reasons/exclusions", test_reasons_of_exclusions);
  g_test_add_func ("/target-entries/name-lengths", test_name_lengths);
  g_test_add_func ("/target-entries/too-many", test_too_many);
  g_test_add_func ("/target-entries/full", test_full);
  g_test_add_func ("/target-entries/merging", test_merging);
  g_test_add_func ("/target-entries/exclusions", test_exclusions);
  g_test_add_func ("/target-entries/exclusions/everything", test_exclude_everything);
  g_test_add_func ("/target-entries/exclusions/patterns", test_patterns);
  g_test_add_func ("/target-entries/public", test_public);
  return g_test_run ();
}
