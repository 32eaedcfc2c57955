/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What the help says of a computer, and what New Scan says of what was typed. No display. */

#include <errno.h>
#include <glib/gstdio.h>

#include "app/roll-help-text.h"
#include "app/roll-inventory-text.h"
#include "app/roll-logon-group.h"
#include "app/roll-rows-table.h"
#include "scan/roll-scan-form.h"
#include "codec/roll-row-set.h"
#include "inventory/roll-collectors.h"

/* --- Help --- */

typedef struct
{
  RollComputer *computer;
  GPtrArray *attempts;
} Case;

static Case
new_case (const char *target, const char *address, RollStatus status, RollStep step, RollSaidBy said_by,
          RollErrorNumber error)
{
  Case new = { roll_computer_new (0, target), g_ptr_array_new_with_free_func ((GDestroyNotify) roll_attempt_free) };
  RollAttempt *attempt = roll_attempt_new (1);
  RollStepRecord *record;

  if (address != NULL)
    g_assert_true (roll_address_parse (address, &new.computer->address));
  new.computer->status = status;
  new.computer->step = error.space != ROLL_ERROR_SPACE_NONE ? step : ROLL_STEP_NONE;
  new.computer->said_by = said_by;
  new.computer->error = error;
  new.computer->attempts = 1;
  new.computer->started_at = 1;
  new.computer->duration_us = 3600000;
  record = roll_attempt_add_step (attempt, step);
  record->error = error;
  record->said_by = said_by;
  record->duration_us = 3500000;
  g_ptr_array_add (new.attempts, attempt);
  return new;
}

static RollStepRecord *
record_of (Case *self)
{
  return &g_array_index (((RollAttempt *) self->attempts->pdata[0])->steps, RollStepRecord, 0);
}

static void
assert_sentence (Case *self, const char *expected)
{
  g_autofree char *sentence = roll_help_sentence (self->computer, self->attempts);

  g_assert_cmpstr (sentence, ==, expected);
  roll_computer_unref (self->computer);
  g_ptr_array_unref (self->attempts);
}

#define ERRNO(number) ((RollErrorNumber) { ROLL_ERROR_SPACE_ERRNO, (number) })

static void
test_sentences_have_the_facts (void)
{
  Case timeout = new_case ("pc1", "10.1.2.3", ROLL_STATUS_CONNECTION_TIMEOUT, ROLL_STEP_CONNECT,
                           ROLL_SAID_BY_NOBODY, ERRNO (ETIMEDOUT));
  Case refused = new_case ("10.1.2.3", "10.1.2.3", ROLL_STATUS_CONNECTION_REFUSED, ROLL_STEP_CONNECT,
                           ROLL_SAID_BY_PEER, ERRNO (ECONNREFUSED));
  Case router = new_case ("pc1", "10.1.2.3", ROLL_STATUS_HOST_UNREACHABLE, ROLL_STEP_CONNECT, ROLL_SAID_BY_ROUTER,
                          ERRNO (EHOSTUNREACH));
  Case kernel = new_case ("pc1", "10.1.2.3", ROLL_STATUS_HOST_UNREACHABLE, ROLL_STEP_CONNECT,
                          ROLL_SAID_BY_THIS_MACHINE, ERRNO (ENETUNREACH));
  Case denied = new_case ("pc1", "10.1.2.3", ROLL_STATUS_ACCESS_DENIED, ROLL_STEP_ACTIVATE, ROLL_SAID_BY_PEER,
                          (RollErrorNumber) { ROLL_ERROR_SPACE_HRESULT, 0x80070005 });
  Case success = new_case ("pc1", "10.1.2.3", ROLL_STATUS_SUCCESS, ROLL_STEP_QUERY, ROLL_SAID_BY_PEER, (RollErrorNumber) { 0 });
  Case part = new_case ("pc1", "10.1.2.3", ROLL_STATUS_SUCCESS, ROLL_STEP_QUERY, ROLL_SAID_BY_PEER, (RollErrorNumber) { 0 });
  g_autofree char *step = NULL;

  assert_sentence (&success, "pc1 (10.1.2.3) was inventoried in 3.6 s. All that was asked for was read: there is nothing "
                             "to do.");
  part.computer->classes_planned = 3;
  assert_sentence (&part, "pc1 (10.1.2.3) was inventoried in 3.6 s, but not all that was asked for was read.");
  record_of (&timeout)->peer = g_strdup ("10.1.2.3:1135");
  assert_sentence (&timeout, "pc1 (10.1.2.3) did not answer on TCP port 1135 within 3.5 s.");
  assert_sentence (&refused, "10.1.2.3 refused the connection to TCP port 135 after 3.5 s: somebody is there, but "
                             "nobody listens on that port.");
  record_of (&router)->detail = g_strdup ("icmp=3/1 from=10.1.0.1");
  assert_sentence (&router, "The router 10.1.0.1 reported after 3.5 s that it can’t reach pc1 (10.1.2.3).");
  record_of (&kernel)->detail = g_strdup ("route=none");
  assert_sentence (&kernel, "This computer has no route to pc1 (10.1.2.3). No packet was sent.");
  step = g_strdup_printf ("pc1 (10.1.2.3) stopped at the step “%s” with 0x80070005 – E_ACCESSDENIED, reported by the "
                          "target itself after 3.5 s.",
                          roll_step_label (ROLL_STEP_ACTIVATE));
  assert_sentence (&denied, step);
}

static void
test_names_that_are_not_found (void)
{
  Case no_name = new_case ("pc1", NULL, ROLL_STATUS_MACHINE_NOT_FOUND, ROLL_STEP_RESOLVE, ROLL_SAID_BY_NAME_SERVER,
                           (RollErrorNumber) { ROLL_ERROR_SPACE_DNS, 4 });
  Case silent = new_case ("pc1", NULL, ROLL_STATUS_MACHINE_NOT_FOUND, ROLL_STEP_RESOLVE, ROLL_SAID_BY_NOBODY,
                          (RollErrorNumber) { ROLL_ERROR_SPACE_DNS, 12 });
  g_autofree char *sentence = NULL;

  record_of (&no_name)->peer = g_strdup ("10.0.0.53:53");
  sentence = roll_help_sentence (no_name.computer, no_name.attempts);
  g_assert_true (g_str_has_prefix (sentence, "The name server 10.0.0.53:53 has no address for “pc1”"));
  roll_computer_unref (no_name.computer);
  g_ptr_array_unref (no_name.attempts);
  record_of (&silent)->peer = g_strdup ("10.0.0.53:53");
  assert_sentence (&silent, "No name server gave an answer about “pc1” within 3.5 s, in 1 attempt. The last one asked "
                            "was 10.0.0.53:53.");
}

/* Before the attempts are read the sentence stands without them. */
static void
test_a_sentence_without_evidence (void)
{
  Case timeout = new_case ("pc1", "10.1.2.3", ROLL_STATUS_CONNECTION_TIMEOUT, ROLL_STEP_CONNECT,
                           ROLL_SAID_BY_NOBODY, ERRNO (ETIMEDOUT));

  g_clear_pointer (&timeout.attempts, g_ptr_array_unref);
  timeout.attempts = g_ptr_array_new ();
  assert_sentence (&timeout, "pc1 (10.1.2.3) did not answer on TCP port 135 within 3.6 s.");
}

static void
assert_filled (const char *command, const char *target, const char *address, const char *expected)
{
  g_autoptr (RollComputer) computer = roll_computer_new (0, target);
  g_autofree char *filled = NULL;

  if (address != NULL)
    g_assert_true (roll_address_parse (address, &computer->address));
  filled = roll_help_fill_command (command, computer);
  g_assert_cmpstr (filled, ==, expected);
}

static void
test_commands_are_filled_in_safely (void)
{
  g_autofree char *without = roll_help_fill_command ("dig NAME", NULL);

  g_assert_cmpstr (without, ==, "dig NAME");
  assert_filled ("dig -x ADDRESS", "pc1", "10.0.0.1", "dig -x 10.0.0.1");
  assert_filled ("getent ahosts NAME; echo NAMES RENAME", "pc1", NULL, "getent ahosts pc1; echo NAMES RENAME");
  assert_filled ("ping ADDRESS", "pc1", NULL, "ping ADDRESS");
  assert_filled ("dig NAME", "$(reboot)", NULL, "dig NAME");
  assert_filled ("dig NAME", "-f/etc/passwd", NULL, "dig NAME");
  assert_filled ("dig NAME", "a;b", NULL, "dig NAME");
}

static void
test_facts_of_a_step (void)
{
  g_autoptr (GPtrArray) facts = roll_help_facts ("asked=A,AAAA name=pc1.example tries=2 nonsense =x strange=1 ");
  g_autoptr (GPtrArray) none = roll_help_facts (NULL);
  const RollFactLine *line;

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (facts->len, ==, 4);
  line = facts->pdata[0];
  g_assert_cmpstr (line->label, ==, "Asked for");
  g_assert_cmpstr (line->value, ==, "A, AAAA");
  line = facts->pdata[3];
  g_assert_cmpstr (line->label, ==, "strange");
}

/* All that a scan records: no word for programs is shown to people. */
static void
test_recorded_words_are_explained (void)
{
  static const char *const details[] = {
    "account=domain", "account=local", "account=builtin-administrator", "account=resting", "gateway=no-answer",
    "neighbour=no-answer", "neighbour=answered", "neighbour=not-asked", "reason=expired", "reason=locked",
    "reason=name-server-silent", "reason=not-a-name", "reason=refused", "reason=unknown", "route=none",
    "route=unreachable", "route=blackhole", "route=no-source", "route=no-such-family", "scope=missing",
    "source=hosts-file", "transport=tcp", "kerberos=no-name", "kerberos=no-realm", "protocol=ntlm",
  };

  for (guint i = 0; i < G_N_ELEMENTS (details); i++)
    {
      g_autoptr (GPtrArray) facts = roll_help_facts (details[i]);
      const RollFactLine *line = facts->pdata[0];

      g_test_message ("%s: %s %s", details[i], line->label, line->value);
      g_assert_true (g_ascii_isupper (*line->label));
      g_assert_true (g_ascii_isupper (*line->value));
    }
}

/* --- New Scan --- */

static RollScanFormCheck *
check (const char *targets, const char *file, const char *exclusions)
{
  g_autoptr (RollScanForm) form = roll_scan_form_new (targets, exclusions);

  if (file != NULL)
    g_ptr_array_add (form->sources, roll_target_source_new_file (file, NULL));
  return roll_scan_form_check (form);
}

static void
test_entries_are_separated_as_people_do (void)
{
  g_autoptr (RollScanFormCheck) checked
      = check ("pc1 pc2,pc3;pc4\tpc5\r\n10.0.0.1 - 10.0.0.9\n10.0.1.0/30 # office\n\n#pc6\npc1 PC2.", NULL, "");

  g_assert_cmpuint (checked->n_problems, ==, 0);
  g_assert_cmpuint (checked->n_targets, ==, 5 + 9 + 2);
  g_assert_cmpuint (checked->n_duplicates, ==, 2);
  g_assert_cmpuint (checked->n_public, ==, 0);
}

static void
assert_problem (const RollScanFormCheck *checked, guint index, const char *place, const char *text)
{
  const RollFormProblem *problem = checked->problems->pdata[index];
  g_autofree char *actual = roll_form_problem_place (problem);

  g_assert_cmpstr (actual, ==, place);
  g_assert_cmpstr (problem->text, ==, text);
  g_assert_nonnull (problem->reason);
}

static void
test_wrong_entries_are_named_and_the_right_ones_kept (void)
{
  g_autoptr (RollScanFormCheck) checked
      = check ("pc1 bad!one\npc2\n\n10.0.0.300 pc3\n- 10.0.0.1", NULL, "pc2 also/bad *.example");

  g_assert_cmpuint (checked->n_problems, ==, 4);
  assert_problem (checked, 0, "Line 1", "bad!one");
  assert_problem (checked, 1, "Line 4", "10.0.0.300");
  assert_problem (checked, 2, "Line 5", "-");
  assert_problem (checked, 3, "Exclusions", "also/bad");
  g_assert_cmpuint (checked->n_targets, ==, 3);
}

static void
test_files_are_named_with_their_lines (void)
{
  g_autofree char *folder = g_dir_make_tmp ("rollcall-words-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "branch.txt", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (RollScanFormCheck) checked = NULL;
  g_autoptr (RollScanFormCheck) missing = NULL;

  for (guint i = 0; i < 10000; i++)
    g_string_append_printf (text, i % 4000 == 3999 ? "wrong %u!\n" : "pc%u\n", i);
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  checked = check ("extra", path, "pc5");
  g_assert_cmpuint (checked->n_problems, ==, 2);
  g_assert_cmpuint (checked->n_targets, ==, 10000 - 2 - 1 + 1);
  assert_problem (checked, 0, "Line 4000 of branch.txt", "wrong 3999!");

  g_assert_cmpint (g_unlink (path), ==, 0);
  missing = check ("", path, "");
  g_assert_cmpuint (missing->n_problems, ==, 1);
  assert_problem (missing, 0, "branch.txt", NULL);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_public_addresses_are_noticed (void)
{
  g_autoptr (RollScanFormCheck) checked = check ("10.0.0.1 8.8.8.0/29", NULL, "8.8.8.1");

  g_assert_cmpuint (checked->n_targets, ==, 6);
  g_assert_cmpuint (checked->n_public, ==, 5);
}

static void
test_only_a_hundred_problems_are_kept (void)
{
  g_autoptr (GString) text = g_string_new ("good\n");
  g_autoptr (RollScanFormCheck) checked = NULL;

  for (guint i = 0; i < 250; i++)
    g_string_append (text, "bad!\n");
  checked = check (text->str, NULL, "");
  g_assert_cmpuint (checked->n_problems, ==, 250);
  g_assert_cmpuint (checked->problems->len, ==, ROLL_FORM_PROBLEMS_MAX);
  g_assert_cmpuint (checked->n_targets, ==, 1);
}

static void
assert_servers (const char *text, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) servers = roll_scan_form_name_servers (text, &error);
  g_autofree char *joined = servers != NULL ? g_strjoinv ("|", servers) : NULL;

  g_assert_cmpstr (joined, ==, expected);
  g_assert_no_error (error);
}

static void
test_name_servers (void)
{
  static const char *const wrong[] = { "dns.example", "10.0.0.53:0", "10.0.0.53:99999", "[10.0.0.1]:53", "::1:x",
                                       "10.0.0.53 nope" };

  assert_servers ("", NULL);
  assert_servers ("  ", NULL);
  assert_servers ("10.0.0.53", "10.0.0.53");
  assert_servers ("10.0.0.53:5353, [::1]:53 ::1 [::1]", "10.0.0.53:5353|[::1]:53|::1|[::1]");
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (roll_scan_form_name_servers (wrong[i], &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
    }
}

/* --- Inventory --- */

static void
assert_result (const char *id, RollClassOutcome outcome, guint32 hresult, const char *beginning)
{
  g_autoptr (RollClassResult) result = roll_class_result_new (id);
  g_autofree char *text = NULL;

  result->outcome = outcome;
  result->n_rows = 1;
  if (hresult != 0)
    result->error = (RollErrorNumber) { ROLL_ERROR_SPACE_HRESULT, hresult };
  text = roll_inventory_result (result);
  g_assert_true (g_str_has_prefix (text, beginning));
}

static void
test_results_of_classes (void)
{
  assert_result ("Win32_BIOS", ROLL_CLASS_COLLECTED, 0, "1 row");
  assert_result ("Win32_BIOS", ROLL_CLASS_TIMED_OUT, 0, "No answer in time");
  assert_result ("Win32_BIOS", ROLL_CLASS_ABANDONED, 0x800706be, "Broken off: 0x800706be RPC_S_CALL_FAILED – ");
  assert_result ("Win32_BIOS", ROLL_CLASS_FAILED, 0x80041003, "Failed: 0x80041003 WBEM_E_ACCESS_DENIED – ");
  assert_result ("Win32_BIOS", ROLL_CLASS_FAILED, 0x80041010, "Failed: 0x80041010");
  assert_result ("Win32_ServerFeature", ROLL_CLASS_FAILED, 0x80041010, "This computer does not have it");
  assert_result ("of-tomorrow", ROLL_CLASS_FAILED, 0x80041010, "Failed: 0x80041010");
}

static void
test_key_facts (void)
{
  g_autoptr (RollFacts) facts = roll_facts_new ();
  g_autoptr (GPtrArray) list = NULL;
  const RollKeyFact *memory;

  roll_facts_set (facts, "os-build", "22631");
  roll_facts_set (facts, "cores", "6");
  roll_facts_set (facts, "memory-bytes", "17179869184");
  list = roll_inventory_key_facts (facts);
  g_assert_cmpuint (list->len, ==, 3);
  g_assert_cmpstr (((RollKeyFact *) list->pdata[0])->value, ==, "build 22631");
  g_assert_cmpstr (((RollKeyFact *) list->pdata[1])->value, ==, "6 cores");
  memory = list->pdata[2];
  g_assert_cmpstr (memory->label, ==, "Memory");
  g_assert_nonnull (strstr (memory->value, "GiB"));
}

static RollRowsTable *
new_table (guint n_rows)
{
  static const char *const columns[] = { "Key", "Empty", "Name", "Size", NULL };
  g_autoptr (RollRowSet) rows = roll_row_set_new (columns);
  g_autoptr (GBytes) bytes = NULL;
  const char *problem = NULL;
  RollRowsTable *table;

  for (guint i = 0; i < n_rows; i++)
    {
      RollCimValue values[] = {
        { .type = ROLL_CIM_STRING, .text = (char *) "SOFTWARE" },
        { .type = ROLL_CIM_NONE },
        { .type = ROLL_CIM_STRING, .text = (char *) (i == 0 ? "Ärger" : "Other") },
        { .type = ROLL_CIM_UINT32, .uint = i },
      };

      g_assert_true (roll_row_set_add (rows, values));
    }
  bytes = roll_row_set_to_bytes (rows);
  table = roll_rows_table_new (bytes, &problem);
  g_assert_nonnull (table);
  return table;
}

static void
test_rows (void)
{
  g_autoptr (RollRowsTable) table = new_table (3);
  g_autofree char *folded = g_utf8_casefold ("ÄRG", -1);

  g_assert_cmpuint (roll_rows_table_get_n_rows (table), ==, 3);
  g_assert_cmpuint (roll_rows_table_get_n_columns (table), ==, 4);
  g_assert_cmpstr (roll_rows_table_get_title (table, 0), ==, "Name");
  g_assert_cmpstr (roll_rows_table_get_title (table, 2), ==, "Key");
  g_assert_cmpstr (roll_rows_table_get_title (table, 3), ==, "Empty");
  g_assert_cmpstr (roll_rows_table_get (table, 2, 1), ==, "2");
  g_assert_cmpuint (roll_rows_table_get_width (table, 2), ==, 8);
  g_assert_true (roll_rows_table_row_has (table, 0, folded));
  g_assert_false (roll_rows_table_row_has (table, 1, folded));
}

static void
test_a_single_row_is_turned (void)
{
  g_autoptr (RollRowsTable) table = new_table (1);

  g_assert_true (roll_rows_table_is_turned (table));
  g_assert_cmpuint (roll_rows_table_get_n_rows (table), ==, 4);
  g_assert_cmpstr (roll_rows_table_get (table, 0, 0), ==, "Name");
  g_assert_cmpstr (roll_rows_table_get (table, 0, 1), ==, "Ärger");
}

static void
test_damaged_rows (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static ("nonsense", 8);
  const char *problem = NULL;

  g_assert_null (roll_rows_table_new (bytes, &problem));
  g_assert_nonnull (problem);
}

static void
test_accounts (void)
{
  static const char *const right[] = { "CORP\\scanner", "scanner@corp.example", ".\\Administrator" };
  static const char *const wrong[] = { "CORP\\", "@corp.example", "a*b", "CORP/scanner" };

  for (guint i = 0; i < G_N_ELEMENTS (right); i++)
    g_assert_null (roll_logon_check (right[i]));
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *reason = roll_logon_check (wrong[i]);

      g_assert_nonnull (strstr (reason, wrong[i]));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/words/sentences", test_sentences_have_the_facts);
  g_test_add_func ("/words/not-found", test_names_that_are_not_found);
  g_test_add_func ("/words/no-evidence", test_a_sentence_without_evidence);
  g_test_add_func ("/words/commands", test_commands_are_filled_in_safely);
  g_test_add_func ("/words/facts", test_facts_of_a_step);
  g_test_add_func ("/words/recorded", test_recorded_words_are_explained);
  g_test_add_func ("/words/classes", test_results_of_classes);
  g_test_add_func ("/words/key-facts", test_key_facts);
  g_test_add_func ("/words/rows", test_rows);
  g_test_add_func ("/words/rows/turned", test_a_single_row_is_turned);
  g_test_add_func ("/words/rows/damaged", test_damaged_rows);
  g_test_add_func ("/words/accounts", test_accounts);
  g_test_add_func ("/words/separators", test_entries_are_separated_as_people_do);
  g_test_add_func ("/words/wrong", test_wrong_entries_are_named_and_the_right_ones_kept);
  g_test_add_func ("/words/files", test_files_are_named_with_their_lines);
  g_test_add_func ("/words/public", test_public_addresses_are_noticed);
  g_test_add_func ("/words/many-problems", test_only_a_hundred_problems_are_kept);
  g_test_add_func ("/words/name-servers", test_name_servers);
  return g_test_run ();
}
