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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/notice/every-kind-has-its-end", test_every_kind_has_its_end);
  g_test_add_func ("/notice/servers-are-named", test_servers_are_named);
  return g_test_run ();
}
