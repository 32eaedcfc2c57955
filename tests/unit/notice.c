/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-notice.h"

/* What the sieve and the resolver report must not stay unsaid, nor its end. */
static void
test_every_kind_has_its_end (void)
{
  static const char *const kinds[]
      = { "out-of-files", "out-of-memory", "out-of-ports", "network-down", "not-permitted", "neighbours-full" };

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      g_autofree char *over_kind = g_strconcat (kinds[i], "-over", NULL);
      g_autofree char *text = roll_notice_text (kinds[i], "errno=EMFILE connecting=3");
      g_autofree char *over = roll_notice_text (over_kind, "");

      g_assert_nonnull (text);
      g_assert_nonnull (over);
      g_assert_cmpstr (text, !=, over);
    }
}

static void
test_servers_are_named (void)
{
  g_autofree char *silent = roll_notice_text ("name-server-silent", "server=10.0.0.53:53");
  g_autofree char *back = roll_notice_text ("name-server-back", "server=[::1]:53");
  g_autofree char *odd = roll_notice_text ("name-server-silent", NULL);

  g_assert_nonnull (strstr (silent, "10.0.0.53:53"));
  g_assert_nonnull (strstr (back, "[::1]:53"));
  g_assert_nonnull (odd);
  g_assert_null (roll_notice_text ("something-new", ""));
}

/* Why it rests, and until when: a wrong password and a locked account need different help. */
static void
test_account_that_rests (void)
{
  static const struct
  {
    const char *label;
    const char *shown;
  } labels[] = {
    { "Domain%20admin,%20B%C3%BCro", "“Domain admin, Büro”" },
    { "%ff", "Domain_admin" },
    { "%00", "Domain_admin" },
  };
  static const char *const reasons[] = { "", "reason=locked ", "reason=expired ", "reason=unknown " };
  g_autoptr (GHashTable) texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *odd = roll_notice_text ("account-resting", NULL);
  g_autofree char *over = roll_notice_text ("account-resting-over", "credential=Domain_admin");

  for (guint i = 0; i < G_N_ELEMENTS (reasons); i++)
    {
      g_autofree char *detail = g_strdup_printf ("credential=Domain_admin refused=2 %sby=PC1,PC2 until=2031-01-17T10:00:00Z",
                                                 reasons[i]);
      char *text = roll_notice_text ("account-resting", detail);

      g_assert_nonnull (strstr (text, "Domain_admin"));
      g_assert_nonnull (strstr (text, "PC1, PC2"));
      g_assert_nonnull (strstr (text, "10:00"));
      g_assert_true (g_hash_table_add (texts, text));
    }
  g_assert_nonnull (odd);
  g_assert_nonnull (strstr (over, "Domain_admin"));
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      g_autofree char *detail = g_strdup_printf ("credential=Domain_admin label=%s", labels[i].label);
      g_autofree char *text = roll_notice_text ("account-resting-over", detail);

      g_assert_nonnull (strstr (text, labels[i].shown));
    }
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/notice/every-kind-has-its-end", test_every_kind_has_its_end);
  g_test_add_func ("/notice/servers-are-named", test_servers_are_named);
  g_test_add_func ("/notice/account-that-rests", test_account_that_rests);
  return g_test_run ();
}
