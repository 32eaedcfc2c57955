/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "diagnosis/roll-check-script.h"
#include "diagnosis/roll-diagnosis.h"
#include "store/roll-store.h"

#define HEAD "{\"rollcall-check\":1,\"computer\":\"PC1\",\"results\":["
#define GOOD HEAD "{\"cause\":\"AD.3\",\"found\":true,\"what\":\"not set: 0 \\u00fc\"}," \
                  "{\"cause\":\"AD.4\",\"found\":false,\"what\":\"\"},{\"cause\":\"AD.1\",\"found\":null,\"what\":\"?\"}]}\r\n"

static RollComputer *
make_computer (const char *target, const char *name)
{
  RollComputer *computer = roll_computer_new (0, target);

  computer->status = ROLL_STATUS_ACCESS_DENIED;
  computer->step = ROLL_STEP_ACTIVATE;
  if (name != NULL)
    {
      computer->facts = roll_facts_new ();
      computer->facts->computer_name = g_strdup (name);
    }
  return computer;
}

static char *
parse (const char *text, gssize length, const RollComputer *computer, GError **error)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, length < 0 ? strlen (text) : (gsize) length);

  return roll_check_parse (bytes, computer, error);
}

static void
test_good (void)
{
  g_autofree char *detail = parse (GOOD, -1, NULL, NULL);
  gsize length;
  g_autofree char *wide = g_convert (GOOD, -1, "UTF-16LE", "UTF-8", NULL, &length, NULL);
  g_autoptr (GByteArray) marked = g_byte_array_new ();

  g_assert_cmpstr (detail, ==, "AD.3=yes:not%20set%3A%200%20%C3%BC AD.4=no: AD.1=unknown:%3F");
  g_byte_array_append (marked, (const guint8 *) "\xff\xfe", 2);
  g_byte_array_append (marked, (const guint8 *) wide, (guint) length);
  g_autofree char *from_wide = parse ((const char *) marked->data, marked->len, NULL, NULL);
  g_autofree char *from_marked = parse ("\xef\xbb\xbf" GOOD, -1, NULL, NULL);
  g_assert_cmpstr (from_wide, ==, detail);
  g_assert_cmpstr (from_marked, ==, detail);

  g_autoptr (GPtrArray) results = roll_check_results (detail);
  g_assert_cmpuint (results->len, ==, 3);
  const RollCheckResult *first = results->pdata[0];
  g_assert_cmpstr (first->cause->id, ==, "AD.3");
  g_assert_cmpint (first->found, ==, ROLL_TRUTH_YES);
  g_assert_cmpstr (first->what, ==, "not set: 0 ü");
}

static void
test_hostile (void)
{
  g_autofree char *deep = g_strnfill (100000, '[');
  g_autofree char *large = g_strnfill (ROLL_CHECK_MAX + 1, ' ');
  g_autofree char *long_what = g_strnfill (5000, 'x');
  const char *bad[] = {
    "", "{}", "[]", "null", "1", "nonsense", "\xff\xfe", "\xff\xfe\x00\xd8", "\xc3(", GOOD "x", HEAD, HEAD "]}",
    "{\"rollcall-check\":2,\"results\":[{\"cause\":\"AD.3\",\"found\":true}]}",
    "{\"rollcall-check\":\"1\",\"results\":[]}", "{\"rollcall-check\":{},\"results\":[]}", "{\"rollcall-check\":1,\"results\":{}}",
    "{\"rollcall-check\":null}", HEAD "null,1,\"AD.3\",[],{}]}", HEAD "{\"cause\":1},{\"cause\":null},{\"cause\":\"XX.1\"}]}",
    deep, large,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *detail = parse (bad[i], -1, NULL, &error);

      g_assert_null (detail);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }

  /* Strange values are not what they are not; the first of two counts; a text is cut. */
  g_autofree char *text = g_strconcat (HEAD "{\"cause\":\"AD.3\",\"found\":1,\"what\":7},{\"cause\":\"AD.3\",\"found\":true},"
                                       "{\"cause\":\"AD.4\",\"found\":\"yes\",\"what\":\"", long_what, "\"}]}", NULL);
  g_autofree char *detail = parse (text, -1, NULL, NULL);
  g_assert_true (g_str_has_prefix (detail, "AD.3=unknown: AD.4=unknown:xxx"));
  g_assert_cmpuint (strlen (detail), <, 400);

  for (gsize i = 0; i < strlen (GOOD); i++)
    {
      g_autofree char *cut = parse (GOOD, (gssize) i, NULL, NULL);
      g_assert_true (cut == NULL || i >= strlen (GOOD) - 2);
    }
}

static void
test_of_whom (void)
{
  const struct
  {
    const char *target;
    const char *name;
    gboolean good;
  } cases[] = {
    { "pc1.corp.example", NULL, TRUE }, { "PC1", NULL, TRUE },           { "10.0.0.1", NULL, TRUE },
    { "10.0.0.1", "pc1", TRUE },        { "alias.corp.example", "PC1", TRUE }, { "pc2.corp.example", NULL, FALSE },
    { "pc1.corp.example", "PC2", FALSE }, { "10.0.0.1", "PC11", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RollComputer) computer = make_computer (cases[i].target, cases[i].name);
      g_autoptr (GError) error = NULL;
      g_autofree char *detail = parse (GOOD, -1, computer, &error);

      g_assert_cmpint (detail != NULL, ==, cases[i].good);
      g_assert_true (detail != NULL || strstr (error->message, "“PC1”") != NULL);
    }
}

/* What was looked for on the target decides the order. */
static void
test_evidence (void)
{
  g_autoptr (RollComputer) computer = make_computer ("pc1", NULL);
  g_autoptr (GPtrArray) findings = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_finding_free);
  g_autoptr (RollDiagnosis) before = roll_diagnosis_new (computer, NULL, NULL, NULL, NULL);
  const RollRankedCause *top = before->ranked->pdata[0], *second = before->ranked->pdata[1];
  g_autofree char *detail = g_strdup_printf ("%s=no: %s=yes:seen AD.1=unknown: CTO.2=yes: rubbish =yes: XX.9=yes:", top->cause->id,
                                             second->cause->id);

  g_ptr_array_add (findings, roll_finding_new (0, ROLL_CHECK_FINDING, detail));
  g_autoptr (RollDiagnosis) after = roll_diagnosis_new (computer, NULL, NULL, findings, NULL);
  const RollRankedCause *new_top = after->ranked->pdata[0];
  g_assert_true (new_top->cause == second->cause);
  g_assert_cmpint (new_top->likelihood, ==, ROLL_LIKELIHOOD_LIKELY);
  g_assert_cmpuint (new_top->speaks_for->len, ==, 1);
  for (guint i = 0; i < after->ranked->len; i++)
    {
      const RollRankedCause *one = after->ranked->pdata[i];

      g_assert_cmpuint (one->speaks_against->len, >=, one->cause == top->cause);
    }
}

/* Every cause that the script names is one of ours, and it writes nothing. */
static void
test_script (void)
{
  g_autofree char *text = roll_check_script_text ();
  g_autoptr (GRegex) names = g_regex_new ("Test-Cause '([A-Z]+\\.[0-9]+)'", 0, 0, NULL);
  g_autoptr (GRegex) writes = g_regex_new ("\\b(Set|Remove|Out|Start|Stop|Restart|Enable|Disable|Clear|Register|Rename|Repair|Reset)"
                                           "-[A-Z]|New-Item|Add-Content|Invoke-(Expression|Web|Rest|Command)|\\biex\\b",
                                           0, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  guint n = 0;

  for (const char *p = text; *p != '\0'; p++)
    g_assert_true (g_ascii_isprint (*p) || *p == '\r' || *p == '\n');
  g_assert_false (g_regex_match (writes, text, 0, NULL));
  for (g_regex_match (names, text, 0, &match); g_match_info_matches (match); g_match_info_next (match, NULL), n++)
    {
      g_autofree char *id = g_match_info_fetch (match, 1);

      if (roll_causes_find (id, NULL) == NULL)
        g_error ("The script checks %s, which is no cause", id);
    }
  g_assert_cmpuint (n, >=, 20);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/check/good", test_good);
  g_test_add_func ("/check/hostile", test_hostile);
  g_test_add_func ("/check/of-whom", test_of_whom);
  g_test_add_func ("/check/evidence", test_evidence);
  g_test_add_func ("/check/script", test_script);
  return g_test_run ();
}
