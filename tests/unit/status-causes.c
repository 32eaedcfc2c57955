/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "status/roll-causes.h"
#include "status/roll-causes-rule.h"
#include "status/roll-verdict.h"

typedef void (*PageFunc) (const RollStatusPage *page, gpointer data);

static void
foreach_page (PageFunc func, gpointer data)
{
  guint n = 0;
  const RollStatusInfo *results = roll_status_results (&n);

  for (guint i = 0; i < n; i++)
    {
      const RollStatusPage *page = roll_causes_page (results[i].status);

      g_test_message ("%s", results[i].id);
      g_assert_nonnull (page);
      g_assert_cmpint (page->status, ==, results[i].status);
      func (page, data);
    }
}

static void
page_is_whole (const RollStatusPage *page, gpointer data)
{
  g_assert_nonnull (page->meaning);
  g_assert_nonnull (page->retry);
  g_assert_nonnull (page->steps);
  g_assert_nonnull (page->numbers[0]);
  g_assert_cmpuint (page->n_causes, >, 0);
  g_assert_nonnull (page->false_friends[0]);
}

static void
count_advice (const RollStatusPage *page, gpointer data)
{
  guint here = 0, on_target = 0, fixes = page->n_fixes;

  for (guint i = 0; i < page->n_checks; i++)
    page->checks[i].on_target ? on_target++ : here++;
  for (guint i = 0; i < page->n_causes; i++)
    {
      const RollCause *cause = &page->causes[i];

      g_test_message ("%s", cause->id);
      g_assert_cmpuint (cause->n_fixes, >, 0);
      fixes += cause->n_fixes;
      for (guint j = 0; j < cause->n_checks; j++)
        cause->checks[j].on_target ? on_target++ : here++;
    }
  g_assert_cmpuint (here, >, 0);
  /* Where the target was not reached or not asked, there is nothing to look at on it. */
  if (page->status != ROLL_STATUS_HOST_UNREACHABLE && page->status != ROLL_STATUS_NO_CREDENTIALS)
    g_assert_cmpuint (on_target, >, 0);
  g_assert_cmpuint (fixes, >, 0);
}

static void
test_every_result_has_its_page (void)
{
  foreach_page (page_is_whole, NULL);
  foreach_page (count_advice, NULL);
  g_assert_null (roll_causes_page (ROLL_STATUS_REACHABLE));
  g_assert_null (roll_causes_page ((RollStatus) 100));
}

static void
causes_fall_in_prior (const RollStatusPage *page, gpointer data)
{
  for (guint i = 1; i < page->n_causes; i++)
    g_assert_cmpint (page->causes[i - 1].prior, >=, page->causes[i].prior);
}

static void
collect_ids (const RollStatusPage *page, gpointer data)
{
  g_autoptr (GHashTable) on_this_page = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < page->n_causes; i++)
    {
      const RollCause *cause = &page->causes[i];
      const char *text = g_hash_table_lookup (data, cause->id);

      g_assert_true (g_regex_match_simple ("^[A-Z]{2,3}\\.[1-9][0-9]*$", cause->id, 0, 0));
      g_assert_true (g_hash_table_add (on_this_page, (gpointer) cause->id));
      /* A cause may be shared, but then it is one and the same. */
      g_assert_true (text == NULL || text == cause->text);
      g_hash_table_insert (data, (gpointer) cause->id, (gpointer) cause->text);
    }
}

static void
test_cause_ids_are_unique_and_stable (void)
{
  static const struct
  {
    const char *prefix;
    guint n;
  } known[] = {
    { "MNF", 8 }, { "CTO", 9 }, { "CRF", 6 }, { "HUN", 6 }, { "AD", 18 }, { "RSU", 10 }, { "RCF", 7 },
    { "RCC", 5 }, { "NSP", 6 }, { "CSD", 3 }, { "NCP", 4 }, { "WQT", 6 }, { "OTH", 6 },  { "SUC", 4 },
  };
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);
  guint n = 0;

  foreach_page (collect_ids, ids);
  foreach_page (causes_fall_in_prior, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    for (guint number = 1; number <= known[i].n; number++, n++)
      {
        g_autofree char *id = g_strdup_printf ("%s.%u", known[i].prefix, number);

        g_test_message ("%s", id);
        g_assert_true (g_hash_table_contains (ids, id));
      }
  g_assert_cmpuint (g_hash_table_size (ids), ==, n);
}

static void
numbers_agree_with_the_verdict (const RollStatusPage *page, gpointer data)
{
  for (guint i = 0; page->numbers[i] != NULL; i++)
    {
      g_autoptr (GArray) found = roll_error_lookup (page->numbers[i]);
      RollErrorNumber error = g_array_index (found, RollErrorNumber, 0);
      g_autofree char *shown = roll_error_format (error);
      gboolean agrees = FALSE;

      g_test_message ("%s", page->numbers[i]);
      for (guint step = ROLL_STEP_RESOLVE; step < ROLL_N_STEPS; step++)
        agrees = agrees || roll_verdict ((RollStep) step, error).status == page->status;
      g_assert_true (agrees);
      g_assert_true (strcmp (page->numbers[i], shown) == 0 ||
                     g_strcmp0 (page->numbers[i], roll_error_symbol (error)) == 0);
    }
}

static void
test_numbers_agree_with_the_verdict (void)
{
  foreach_page (numbers_agree_with_the_verdict, NULL);
}

static void
check_text (const char *text)
{
  g_test_message ("%s", text);
  g_assert_true (g_utf8_validate (text, -1, NULL));
  g_assert_true (g_str_has_suffix (text, "."));
  g_assert_null (strstr (text, "  "));
  g_assert_null (strstr (text, "scanner"));
  g_assert_cmpint (g_utf8_strlen (text, -1), <, 320);
}

/* What may never be offered: see the head of causes.xml. */
static void
check_command (const char *command)
{
  static const char *const never[] = {
    "wmic",
    "EnableLUA",
    "ANONYMOUS",
    "S-1-5-7",
    "state off",
    "-Profile",
    "MpPreference",
    "resetrepository",
    "Remove-Item",
    "Win32_Product",
    "RequireIntegrityActivationAuthenticationLevel",
    "LmCompatibilityLevel",
  };

  if (command == NULL)
    return;
  g_test_message ("%s", command);
  g_assert_null (strchr (command, '\n'));
  for (guint i = 0; i < G_N_ELEMENTS (never); i++)
    g_assert_null (strstr (command, never[i]));
}

static void
check_advice (const RollCheck *checks, guint n_checks, const RollFix *fixes, guint n_fixes)
{
  for (guint i = 0; i < n_checks; i++)
    {
      check_text (checks[i].text);
      check_command (checks[i].command);
    }
  for (guint i = 0; i < n_fixes; i++)
    {
      check_text (fixes[i].text);
      check_command (fixes[i].command);
      check_command (fixes[i].undo_command);
      g_assert_true (fixes[i].undo_command == NULL || fixes[i].undo != NULL);
      g_assert_true (fixes[i].risk == ROLL_RISK_HARMLESS || fixes[i].undo != NULL);
      if (fixes[i].undo != NULL)
        check_text (fixes[i].undo);
      g_assert_cmpstr (roll_risk_id (fixes[i].risk), !=, "");
      g_assert_cmpstr (roll_risk_label (fixes[i].risk), !=, "");
    }
}

static void
page_is_fit_to_read (const RollStatusPage *page, gpointer data)
{
  check_text (page->meaning);
  check_text (page->retry);
  check_text (page->steps);
  for (guint i = 0; page->false_friends[i] != NULL; i++)
    check_text (page->false_friends[i]);
  check_advice (page->checks, page->n_checks, page->fixes, page->n_fixes);
  for (guint i = 0; i < page->n_causes; i++)
    {
      const RollCause *cause = &page->causes[i];

      check_text (cause->text);
      for (guint j = 0; j < cause->n_hints; j++)
        check_text (cause->hints[j].text);
      check_advice (cause->checks, cause->n_checks, cause->fixes, cause->n_fixes);
    }
}

static void
test_texts_are_fit_to_read (void)
{
  foreach_page (page_is_fit_to_read, NULL);
}

static void
collect_fixes (const RollStatusPage *page, gpointer data)
{
  for (guint i = 0; i < page->n_fixes; i++)
    if (page->fixes[i].id != NULL)
      g_hash_table_add (data, (gpointer) page->fixes[i].id);
  for (guint i = 0; i < page->n_causes; i++)
    for (guint j = 0; j < page->causes[i].n_fixes; j++)
      if (page->causes[i].fixes[j].id != NULL)
        g_hash_table_add (data, (gpointer) page->causes[i].fixes[j].id);
}

/* The shared fixes are the library of the design, and each is used. */
static void
test_fix_library_is_used (void)
{
  g_autoptr (GHashTable) ids = g_hash_table_new (g_str_hash, g_str_equal);

  foreach_page (collect_fixes, ids);
  for (guint number = 1; number <= 12; number++)
    {
      g_autofree char *id = g_strdup_printf ("FX.%u", number);

      g_test_message ("%s", id);
      g_assert_true (g_hash_table_contains (ids, id));
    }
}

static void
collect_rules (const RollStatusPage *page, gpointer data)
{
  for (guint i = 0; i < page->n_causes; i++)
    for (guint j = 0; j < page->causes[i].n_hints; j++)
      if (page->causes[i].hints[j].rule != NULL)
        g_string_append_printf (data, " %s ", page->causes[i].hints[j].rule);
}

/* A fact that no rule asks for would be gathered for nothing. */
static void
test_every_fact_is_asked_for (void)
{
  GString *rules = g_string_new (NULL);

  foreach_page (collect_rules, rules);
  for (guint i = 0; i < ROLL_N_FACTS; i++)
    {
      const char *name = roll_fact_info ((RollFactId) i)->name;
      g_autofree char *pattern = g_strdup_printf ("[ (]%s[ )]", name);

      g_test_message ("%s", name);
      g_assert_true (g_regex_match_simple (pattern, rules->str, 0, 0));
    }
  g_string_free (rules, TRUE);
}

static void
add_text (GHashTable *texts, const char *text)
{
  if (text != NULL)
    g_hash_table_add (texts, (gpointer) text);
}

static void
add_advice (GHashTable *texts, const RollCheck *checks, guint n_checks, const RollFix *fixes, guint n_fixes)
{
  for (guint i = 0; i < n_checks; i++)
    add_text (texts, checks[i].text);
  for (guint i = 0; i < n_fixes; i++)
    {
      add_text (texts, fixes[i].text);
      add_text (texts, fixes[i].undo);
    }
}

static void
collect_texts (const RollStatusPage *page, gpointer data)
{
  add_text (data, page->meaning);
  add_text (data, page->retry);
  add_text (data, page->steps);
  for (guint i = 0; page->false_friends[i] != NULL; i++)
    add_text (data, page->false_friends[i]);
  add_advice (data, page->checks, page->n_checks, page->fixes, page->n_fixes);
  for (guint i = 0; i < page->n_causes; i++)
    {
      const RollCause *cause = &page->causes[i];

      add_text (data, cause->text);
      for (guint j = 0; j < cause->n_hints; j++)
        add_text (data, cause->hints[j].text);
      add_advice (data, cause->checks, cause->n_checks, cause->fixes, cause->n_fixes);
    }
}

/* The msgids of a .po text. */
static GHashTable *
read_msgids (const char *po)
{
  GHashTable *ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto (GStrv) lines = g_strsplit (po, "\n", -1);
  GString *id = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *quoted = g_str_has_prefix (lines[i], "msgid ") ? lines[i] + strlen ("msgid ") : lines[i];

      if (quoted != lines[i])
        id = g_string_new (NULL);
      if (id != NULL && *quoted == '"')
        {
          g_autofree char *inner = g_strndup (quoted + 1, strlen (quoted) - 2);
          g_autofree char *plain = g_strcompress (inner);

          g_string_append (id, plain);
        }
      else if (id != NULL)
        g_hash_table_add (ids, g_string_free (g_steal_pointer (&id), FALSE));
    }
  return ids;
}

static char *
run_xgettext (const char *xgettext, const char *source_root)
{
  g_autofree char *data = g_build_filename (source_root, "data", NULL);
  g_autofree char *causes = g_build_filename (data, "causes.xml", NULL);
  const char *argv[] = { xgettext, "--from-code=UTF-8", "--no-wrap", "-o", "-", causes, NULL };
  g_auto (GStrv) env = g_environ_setenv (g_get_environ (), "GETTEXTDATADIRS", data, TRUE);
  g_autoptr (GError) error = NULL;
  char *output = NULL;
  int status;

  g_spawn_sync (NULL, (char **) argv, env, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return output;
}

/* What a translator gets and what the program asks gettext for are the same texts, byte by byte. */
static void
test_translators_get_every_text (void)
{
  g_autofree char *xgettext = g_find_program_in_path ("xgettext");
  const char *source_root = g_getenv ("ROLL_SOURCE_ROOT");
  g_autoptr (GHashTable) texts = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GHashTable) ids = NULL;
  g_autofree char *po = NULL;
  GHashTableIter iter;
  gpointer text;

  if (xgettext == NULL || source_root == NULL)
    {
      g_test_skip ("needs xgettext and ROLL_SOURCE_ROOT");
      return;
    }
  po = run_xgettext (xgettext, source_root);
  ids = read_msgids (po);
  g_assert_true (g_hash_table_remove (ids, ""));
  foreach_page (collect_texts, texts);
  g_hash_table_iter_init (&iter, texts);
  while (g_hash_table_iter_next (&iter, &text, NULL))
    {
      g_test_message ("%s", (char *) text);
      g_assert_true (g_hash_table_contains (ids, text));
    }
  /* And nothing else: no command, and no shared piece that no page uses. */
  g_assert_cmpuint (g_hash_table_size (ids), ==, g_hash_table_size (texts));
}

static void
test_find (void)
{
  RollStatus status = ROLL_STATUS_SUCCESS;
  const RollCause *cause = roll_causes_find ("AD.3", &status);

  g_assert_nonnull (cause);
  g_assert_cmpstr (cause->id, ==, "AD.3");
  g_assert_cmpint (status, ==, ROLL_STATUS_ACCESS_DENIED);
  g_assert_nonnull (roll_causes_find ("NSP.3", &status));
  g_assert_cmpint (status, ==, ROLL_STATUS_CIMV2_INVALID_NAMESPACE);
  g_assert_null (roll_causes_find ("AD.99", NULL));
  g_assert_null (roll_causes_find ("", NULL));
}

static void
assert_pages (const char *text, const int *statuses)
{
  g_autoptr (GArray) errors = roll_error_lookup (text);
  g_autoptr (GArray) pages = roll_causes_pages_for_error (g_array_index (errors, RollErrorNumber, 0));

  for (guint i = 0; statuses[i] != 0; i++)
    {
      g_assert_cmpuint (pages->len, >, i);
      g_assert_cmpint (g_array_index (pages, RollStatus, i), ==, statuses[i]);
    }
}

#define PAGES(text, ...) assert_pages (text, (const int[]) { __VA_ARGS__, 0 })

static void
test_pages_for_error (void)
{
  g_autoptr (GArray) none = roll_causes_pages_for_error (ROLL_ERROR_NUMBER_NONE);
  g_autoptr (GArray) unknown =
      roll_causes_pages_for_error ((RollErrorNumber) { ROLL_ERROR_SPACE_HRESULT, 0x87654321 });

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (unknown->len, ==, 1);
  g_assert_cmpint (g_array_index (unknown, RollStatus, 0), ==, ROLL_STATUS_OTHER_REASONS);
  PAGES ("0x80070005", 201);
  PAGES ("5", 201);
  PAGES ("1722", 202);
  PAGES ("ETIMEDOUT", 102);
  PAGES ("10061", 103);
  PAGES ("0x80041002", 302, 305);
  PAGES ("0x8004100E", 301, 304);
  PAGES ("1115", 307);
  PAGES ("ARES_ESERVFAIL", 101);
  PAGES ("EAI_AGAIN", 101);
  PAGES ("0x80041045", 399);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/status/causes/every-result-has-its-page", test_every_result_has_its_page);
  g_test_add_func ("/status/causes/ids-are-unique-and-stable", test_cause_ids_are_unique_and_stable);
  g_test_add_func ("/status/causes/numbers-agree-with-the-verdict", test_numbers_agree_with_the_verdict);
  g_test_add_func ("/status/causes/texts-are-fit-to-read", test_texts_are_fit_to_read);
  g_test_add_func ("/status/causes/fix-library-is-used", test_fix_library_is_used);
  g_test_add_func ("/status/causes/every-fact-is-asked-for", test_every_fact_is_asked_for);
  g_test_add_func ("/status/causes/translators-get-every-text", test_translators_get_every_text);
  g_test_add_func ("/status/causes/find", test_find);
  g_test_add_func ("/status/causes/pages-for-error", test_pages_for_error);
  return g_test_run ();
}
