/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "status/roll-causes-rank.h"

/* --- Facts as the table has them: as a rule would, one value each --------------------------------------------------- */

static gint64
parse_us (const char *value)
{
  char *unit = NULL;
  gint64 n = g_ascii_strtoll (value, &unit, 10);

  return strcmp (unit, "ms") == 0    ? n * 1000
         : strcmp (unit, "s") == 0   ? n * G_USEC_PER_SEC
         : strcmp (unit, "min") == 0 ? n * 60 * G_USEC_PER_SEC
         : strcmp (unit, "h") == 0   ? n * 3600 * G_USEC_PER_SEC
                                     : n * 86400 * G_USEC_PER_SEC;
}

static void
set_errors (RollFactSet *facts, RollFactId id, const char *list)
{
  g_auto (GStrv) errors = g_strsplit (list, ",", -1);

  for (char **one = errors; *one != NULL; one++)
    {
      g_autoptr (GArray) found = roll_error_lookup (*one);

      g_assert_cmpuint (found->len, >, 0);
      roll_fact_set_error (facts, id, g_array_index (found, RollErrorNumber, 0));
    }
}

static void
set_value (RollFactSet *facts, RollFactId id, const char *value)
{
  switch (roll_fact_info (id)->kind)
    {
    case ROLL_FACT_KIND_WORD:
      roll_fact_set_word (facts, id, value);
      break;
    case ROLL_FACT_KIND_TEXT:
      roll_fact_set_text (facts, id, value);
      break;
    case ROLL_FACT_KIND_ERROR:
      set_errors (facts, id, value);
      break;
    case ROLL_FACT_KIND_NUMBER:
      roll_fact_set_number (facts, id, g_ascii_strtoll (value, NULL, 10));
      break;
    case ROLL_FACT_KIND_PERCENT:
      roll_fact_set_percent (facts, id, (guint) g_ascii_strtoull (value, NULL, 10), 100);
      break;
    case ROLL_FACT_KIND_DURATION:
      roll_fact_set_duration (facts, id, parse_us (value));
      break;
    case ROLL_FACT_KIND_FLAG:
    default:
      g_assert_not_reached ();
    }
}

static void
set_fact (RollFactSet *facts, const char *text)
{
  gboolean negated = g_str_has_prefix (text, "not ");
  g_auto (GStrv) parts = g_strsplit (negated ? text + 4 : text, "=", 2);
  RollFactId id;

  g_test_message ("%s", text);
  g_assert_true (roll_fact_find (parts[0], &id));
  if (parts[1] == NULL)
    roll_fact_set_flag (facts, id, !negated);
  else
    set_value (facts, id, parts[1]);
  g_assert_true (roll_fact_set_has (facts, id));
}

static RollFactSet *
make_facts (const char *list)
{
  RollFactSet *facts = roll_fact_set_new ();
  g_auto (GStrv) texts = g_strsplit (list, ";", -1);

  for (char **text = texts; *text != NULL; text++)
    if (*g_strstrip (*text) != '\0')
      set_fact (facts, *text);
  return facts;
}

/* --- Rules ---------------------------------------------------------------------------------------------------------- */

static char *
judge (const char *text, const char *known)
{
  g_autoptr (RollFactSet) facts = make_facts (known);
  g_autoptr (RollRule) rule = roll_rule_parse (text, NULL);
  guint8 missing[ROLL_N_FACTS] = { 0 };
  GString *answer = g_string_new (NULL);

  g_assert_nonnull (rule);
  switch (roll_rule_judge (rule, facts, missing))
    {
    case ROLL_TRUTH_YES:
      g_string_append (answer, "yes");
      break;
    case ROLL_TRUTH_NO:
      g_string_append (answer, "no");
      break;
    case ROLL_TRUTH_UNKNOWN:
    default:
      g_string_append_c (answer, '?');
    }
  for (guint i = 0; i < ROLL_N_FACTS; i++)
    if (missing[i])
      g_string_append_printf (answer, " %s", roll_fact_info ((RollFactId) i)->name);
  return g_string_free (answer, FALSE);
}

static void
test_rules_have_three_answers (void)
{
  static const struct
  {
    const char *rule, *facts, *answer;
  } cases[] = {
    { "same-subnet", "same-subnet", "yes" },
    { "same-subnet", "not same-subnet", "no" },
    { "same-subnet", "", "? same-subnet" },
    { "not same-subnet", "", "? same-subnet" },
    { "not same-subnet", "not same-subnet", "yes" },
    { "not not same-subnet", "not same-subnet", "no" },
    { "same-subnet and share-subnet >= 80%", "not same-subnet", "no" },
    { "same-subnet and share-subnet >= 80%", "same-subnet", "? share-subnet" },
    { "same-subnet and share-subnet >= 80%", "", "? same-subnet share-subnet" },
    { "same-subnet or share-subnet >= 80%", "same-subnet", "yes" },
    { "same-subnet or share-subnet >= 80%", "share-subnet=79%", "? same-subnet" },
    { "same-subnet or share-subnet >= 80%", "share-subnet=80%", "yes" },
    { "not (same-subnet or same-class)", "not same-subnet; not same-class", "yes" },
    { "not (same-subnet or same-class)", "same-subnet", "no" },
    { "step = connect,query", "step=query", "yes" },
    { "step = connect,query", "step=resolve", "no" },
    { "step != connect,query", "step=resolve", "yes" },
    { "step != connect,query", "", "? step" },
    { "icmp = 3/13", "icmp=3/13", "yes" },
    { "icmp = 3/1", "icmp=3/13", "no" },
    /* The same refusal in another wrapping; one of several. */
    { "error = 0x80070005", "error=5", "yes" },
    { "error = ETIMEDOUT", "error=0x80070005,ETIMEDOUT", "yes" },
    { "error != ETIMEDOUT", "error=0x80070005", "yes" },
    { "error = WATCHDOG", "error=0x80041033", "no" },
    { "clock-skew > 5min", "clock-skew=301s", "yes" },
    { "clock-skew > 5min", "clock-skew=5min", "no" },
    { "elapsed < 10ms", "elapsed=9ms", "yes" },
    { "attempts >= 2", "attempts=2", "yes" },
    { "attempts != 2", "attempts=2", "no" },
    { "dynamic-port <= 1024 or dynamic-port > 65000", "dynamic-port=1025", "no" },
    { "share-scan < 5%", "share-scan=5%", "no" },
    /* The part that is known already decides; what the other lacks is nobody's business. */
    { "port-445 = open or port-3389 = open", "port-445=open", "yes" },
    { "port-445 = open or port-3389 = open and port-22 = open", "port-445=closed; port-22=silent", "no" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *answer = judge (cases[i].rule, cases[i].facts);

      g_test_message ("%s | %s", cases[i].rule, cases[i].facts);
      g_assert_cmpstr (answer, ==, cases[i].answer);
    }
}

static void
test_values_are_shown_as_rules_have_them (void)
{
  static const char *const texts[] = { "same-subnet", "not same-class", "step = query",  "icmp = 3/13",
                                       "attempts = 4", "share-scan = 80%", "elapsed = 9ms", "clock-skew = 600s",
                                       "error = ETIMEDOUT,0x80070005" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_auto (GStrv) parts = g_strsplit (texts[i], " = ", 2);
      g_autofree char *joined = g_strjoinv ("=", parts);
      g_autoptr (RollFactSet) facts = make_facts (joined);
      RollFactId id;
      g_autofree char *shown = NULL;

      g_assert_true (roll_fact_find (g_str_has_prefix (parts[0], "not ") ? parts[0] + 4 : parts[0], &id));
      shown = roll_fact_set_format (facts, id);
      g_assert_cmpstr (shown, ==, texts[i]);
      roll_fact_set_clear (facts);
      g_assert_false (roll_fact_set_has (facts, id));
    }
}

/* --- Ranking -------------------------------------------------------------------------------------------------------- */

static const RollRankedCause *
find_ranked (GPtrArray *ranked, const char *id)
{
  for (guint i = 0; i < ranked->len; i++)
    {
      const RollRankedCause *one = g_ptr_array_index (ranked, i);

      if (strcmp (one->cause->id, id) == 0)
        return one;
    }
  g_assert_not_reached ();
}

static void
test_without_facts_the_prior_decides (void)
{
  g_autoptr (RollFactSet) facts = roll_fact_set_new ();
  const RollStatusInfo *results;
  guint n;

  results = roll_status_results (&n);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GPtrArray) ranked = roll_causes_rank (results[i].status, facts);
      const RollStatusPage *page = roll_causes_page (results[i].status);

      g_assert_cmpuint (ranked->len, ==, page->n_causes);
      for (guint j = 0; j < ranked->len; j++)
        {
          const RollRankedCause *one = g_ptr_array_index (ranked, j);

          g_assert_true (one->cause == &page->causes[j]);
          g_assert_cmpuint (one->speaks_for->len + one->speaks_against->len, ==, 0);
          g_assert_cmpuint (one->undecided->len == 0, ==, one->missing->len == 0);
        }
      g_assert_true (roll_causes_top (results[i].status, facts) == &page->causes[0]);
    }
  g_assert_null (roll_causes_top (ROLL_STATUS_REACHABLE, facts));
}

static void
test_evidence_is_told_apart (void)
{
  g_autoptr (RollFactSet) facts = make_facts ("port-445=open; port-3389=silent; port-22=silent; target=ipv4; same-subnet");
  g_autoptr (GPtrArray) ranked = roll_causes_rank (ROLL_STATUS_CONNECTION_TIMEOUT, facts);
  const RollRankedCause *off = find_ranked (ranked, "CTO.1");
  const RollRankedCause *firewall = g_ptr_array_index (ranked, 0);
  g_autofree char *text = roll_causes_missing_text (firewall->missing);

  g_assert_cmpstr (firewall->cause->id, ==, "CTO.2");
  g_assert_cmpuint (firewall->speaks_for->len, ==, 1);
  g_assert_cmpuint (firewall->speaks_against->len, ==, 0);
  g_assert_cmpint (firewall->likelihood, ==, ROLL_LIKELIHOOD_LIKELY);
  /* 5985 is not known, and would change nothing. */
  g_assert_cmpstr (text, ==, "Not known: whether anybody answers for the address on the local network.");
  g_assert_cmpuint (off->speaks_against->len, ==, 1);
  g_assert_cmpuint (off->undecided->len, ==, 0);
  g_assert_cmpint (off->likelihood, ==, ROLL_LIKELIHOOD_UNLIKELY);
}

static void
test_what_is_missing_is_said_once (void)
{
  g_autoptr (RollFactSet) facts = make_facts ("said-by=router");
  g_autoptr (GPtrArray) ranked = roll_causes_rank (ROLL_STATUS_HOST_UNREACHABLE, facts);
  g_autoptr (GArray) missing = roll_causes_list_missing (ranked);
  g_autofree char *text = roll_causes_missing_text (missing);
  const char *first = strstr (text, "the router's own message");

  g_assert_nonnull (first);
  g_assert_null (strstr (first + 1, "the router's own message"));
}

/* --- Situations, from a table ----------------------------------------------------------------------------------------- */

#define SITUATIONS_MIN 60

static gboolean
comes_first (const char *line, char **fields)
{
  g_autoptr (RollFactSet) facts = make_facts (fields[1]);
  const RollStatusInfo *info = roll_status_find (g_strstrip (fields[0]));
  g_autoptr (GPtrArray) ranked = NULL;
  const RollRankedCause *first;

  g_assert_nonnull (info);
  g_assert_nonnull (roll_causes_find (g_strstrip (fields[2]), NULL));
  ranked = roll_causes_rank (info->status, facts);
  first = g_ptr_array_index (ranked, 0);
  g_assert_true (roll_causes_top (info->status, facts) == first->cause);
  if (strcmp (first->cause->id, fields[2]) == 0)
    return TRUE;
  g_test_message ("WRONG: %s", line);
  for (guint i = 0; i < MIN (ranked->len, 4); i++)
    {
      const RollRankedCause *one = g_ptr_array_index (ranked, i);

      g_test_message ("  %s: %d", one->cause->id, one->weight);
    }
  return FALSE;
}

static void
test_the_right_cause_comes_first (void)
{
  g_autofree char *path = g_build_filename (g_getenv ("ROLL_SOURCE_ROOT"), "tests", "unit", "situations.txt", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  g_autoptr (GHashTable) causes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n = 0, n_wrong = 0;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (char **line = lines; *line != NULL; line++)
    {
      g_auto (GStrv) fields = g_strsplit (*line, "|", -1);

      if (**line == '\0' || **line == '#')
        continue;
      g_assert_cmpuint (g_strv_length (fields), ==, 3);
      n_wrong += comes_first (*line, fields) ? 0 : 1;
      g_hash_table_add (causes, g_strdup (fields[2]));
      n++;
    }
  g_test_message ("%u situations, %u causes", n, g_hash_table_size (causes));
  g_assert_cmpuint (n_wrong, ==, 0);
  g_assert_cmpuint (n, >=, SITUATIONS_MIN);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/status/rank/rules-have-three-answers", test_rules_have_three_answers);
  g_test_add_func ("/status/rank/values-are-shown-as-rules-have-them", test_values_are_shown_as_rules_have_them);
  g_test_add_func ("/status/rank/without-facts-the-prior-decides", test_without_facts_the_prior_decides);
  g_test_add_func ("/status/rank/evidence-is-told-apart", test_evidence_is_told_apart);
  g_test_add_func ("/status/rank/what-is-missing-is-said-once", test_what_is_missing_is_said_once);
  g_test_add_func ("/status/rank/situations", test_the_right_cause_comes_first);
  return g_test_run ();
}
