/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "inventory/roll-collectors.h"
#include "report/roll-sheet.h"
#include "store-fixture.h"

static const guint8 key[ROLL_REDACTOR_KEY_LENGTH] = "0123456789abcdef0123456789abcde";

/* What must never be seen in what is exported. */
static const char *const canaries[] = { "canarypc", "canarycorp", "10.66.77.", "canaryuser", "CANARYSERIAL", "canaryaccount",
                                        "fe80::6677", "canaryhidden", NULL };

static void
assert_no_canary (const char *text)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);

  for (guint i = 0; canaries[i] != NULL; i++)
    {
      g_autofree char *canary = g_utf8_casefold (canaries[i], -1);

      if (strstr (folded, canary) != NULL)
        g_error ("%s is in: %s", canary, text);
    }
}

static RollComputer *
make_computer (void)
{
  RollComputer *computer = roll_computer_new (0, "CanaryPC.canarycorp.example");

  roll_address_parse ("10.66.77.88", &computer->address);
  computer->status = ROLL_STATUS_ACCESS_DENIED;
  computer->attempts = 1;
  computer->started_at = 1763795000123456;
  computer->credential = g_strdup ("canaryaccount");
  computer->facts = roll_facts_new ();
  computer->facts->computer_name = g_strdup ("CANARYPC");
  computer->facts->domain = g_strdup ("canarycorp.example");
  computer->facts->os = g_strdup ("Windows of canarycorp.example");
  computer->facts->model = g_strdup ("Desk CanarySerial7");
  computer->facts->serial_number = g_strdup ("CANARYSERIAL7");
  return computer;
}

/* --- Each kind of text ---------------------------------------------------------------------------------- */

static const RollCause *
first_cause (const RollComputer *computer)
{
  return roll_status_is_failure (computer->status) ? &roll_causes_page (computer->status)->causes[0] : NULL;
}

static void
test_tokens (void)
{
  const struct
  {
    RollPrivacy privacy;
    const char *text;
    const char *pattern; /* what becomes of it; * is a token's digits */
  } cases[] = {
    { ROLL_PRIVATE_NAME, "pc1", "^pc-*$" },
    { ROLL_PRIVATE_NAME, "pc1.corp.example", "^pc-*\\.domain-*$" },
    { ROLL_PRIVATE_NAME, "pc1.", "^pc-*$" },
    { ROLL_PRIVATE_NAME, "10.1.2.3", "^net-*\\.host-*$" },
    { ROLL_PRIVATE_NAME, "fe80::1%3", "^net-*\\.host-*$" },
    { ROLL_PRIVATE_ADDRESS, "10.1.2.3:135", "^net-*\\.host-*:135$" },
    { ROLL_PRIVATE_ADDRESS, "[fe80::1]:135", "^net-*\\.host-*:135$" },
    { ROLL_PRIVATE_ADDRESS, "name server 10.0.0.53:53", "^name server net-*\\.host-*:53$" },
    { ROLL_PRIVATE_ADDRESS, "dc1.corp.example:88", "^pc-*\\.domain-*:88$" },
    { ROLL_PRIVATE_ADDRESS, "the printer 10.0.0.1:9100", "^pc-*\\.domain-*:9100$" },
    { ROLL_PRIVATE_ADDRESS, "pc1:secret", "^pc-*$" },
    { ROLL_PRIVATE_ADDRESS, "[pc1]x:secret", "^pc-*$" },
    { ROLL_PRIVATE_USER, "CORP\\scanner", "^user-*$" },
    { ROLL_PRIVATE_USER, "NT AUTHORITY\\LocalService", "^NT AUTHORITY\\\\LocalService$" },
    { ROLL_PRIVATE_OU, "Sales/Berlin", "^ou-*$" },
    { ROLL_PRIVATE_SERIAL, "00042", "^serial-*$" },
    { ROLL_PRIVATE_OTHER, "anything", "^hidden-*$" },
    { ROLL_PRIVATE_OTHER, "\xff\xfe", "^hidden-*$" },
    { ROLL_PRIVATE_DETAIL, "asked=A name=pc1.corp.example rcode=NXDOMAIN", "^asked=A name=pc-*\\.domain-* rcode=NXDOMAIN$" },
    { ROLL_PRIVATE_DETAIL, "icmp=3/13 from=10.0.0.1 what=pc9", "^icmp=3/13 from=net-*\\.host-* what=hidden-*$" },
    { ROLL_PRIVATE_DETAIL, "credential=Admin account=CORP\\x by=10.0.0.1", "^credential=account-* account=user-* by=net-*\\.host-*$" },
    { ROLL_PRIVATE_TEXT, "Version 10.0.22631", "^Version 10\\.0\\.22631$" },
    { ROLL_PRIVATE_TEXT, "at 10.0.0.1, mail a.b@corp.example", "^at net-*\\.host-*, mail hidden-*$" },
    { ROLL_PRIVATE_TEXT, "S-1-5-21-1-2-3-500 on \\\\srv\\share", "^hidden-* on hidden-*$" },
    { ROLL_PRIVATE_TEXT, "C:\\Users\\smith\\app", "^C:\\\\Users\\\\hidden-*\\\\app$" },
    { ROLL_PRIVATE_TEXT, "00:1A:2B:3C:4D:5E and 00-1A-2B-3C-4D-5E", "^hidden-* and hidden-*$" },
    { ROLL_PRIVATE_TEXT, "", "^$" },
    { ROLL_PRIVATE_NOT, "pc1", "^pc1$" },
  };
  g_autoptr (RollRedactor) redactor = roll_redactor_new (key);

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = roll_redactor_apply (redactor, cases[i].privacy, cases[i].text, NULL);
      g_auto (GStrv) parts = g_strsplit (cases[i].pattern, "*", -1);
      g_autofree char *pattern = g_strjoinv ("[0-9a-f]{12}", parts);

      if (!g_regex_match_simple (pattern, text, 0, 0))
        g_error ("%s became %s", cases[i].text, text);
    }
  g_assert_null (roll_redactor_apply (redactor, ROLL_PRIVATE_NAME, NULL, NULL));
}

static void
test_the_same_is_the_same (void)
{
  const guint8 other_key[ROLL_REDACTOR_KEY_LENGTH] = "another";
  g_autoptr (RollRedactor) redactor = roll_redactor_new (key);
  g_autoptr (RollRedactor) other = roll_redactor_new (other_key);
  g_autofree char *name = roll_redactor_apply (redactor, ROLL_PRIVATE_NAME, "PC1", NULL);
  g_autofree char *full = roll_redactor_apply (redactor, ROLL_PRIVATE_NAME, "pc1.corp.example", NULL);
  g_autofree char *domain = roll_redactor_apply (redactor, ROLL_PRIVATE_DOMAIN, "Corp.Example", NULL);
  g_autofree char *elsewhere = roll_redactor_apply (other, ROLL_PRIVATE_NAME, "PC1", NULL);
  g_autofree char *both = g_strconcat (name, ".", domain, NULL);
  g_autofree char *first = roll_redactor_apply (redactor, ROLL_PRIVATE_ADDRESS, "10.1.2.3", NULL);
  g_autofree char *second = roll_redactor_apply (redactor, ROLL_PRIVATE_ADDRESS, "10.1.2.4", NULL);
  g_autofree char *third = roll_redactor_apply (redactor, ROLL_PRIVATE_ADDRESS, "10.1.3.3", NULL);
  g_autofree char *network = roll_redactor_network (redactor, "10.1.2.0/24");

  g_assert_cmpstr (full, ==, both);
  g_assert_cmpstr (name, !=, elsewhere);
  g_assert_true (g_str_has_prefix (first, network) && g_str_has_prefix (second, network));
  g_assert_cmpstr (first, !=, second);
  g_assert_false (g_str_has_prefix (third, network));
}

/* Of the computer at hand. */
static void
test_its_place_is_hidden_in_text (void)
{
  g_autoptr (RollRedactor) redactor = roll_redactor_new (key);
  g_autoptr (RollComputer) computer = roll_computer_new (0, "pc1");
  g_autofree char *token = roll_redactor_apply (redactor, ROLL_PRIVATE_OU, "Sales/Berlin", NULL);
  g_autofree char *wanted = g_strdup_printf ("Image for %s, 2024", token);
  g_autofree char *text = NULL;

  computer->directory = roll_directory_facts_new ("Sales/Berlin", NULL, 0, ROLL_DIRECTORY_ACCOUNT_UNKNOWN);
  text = roll_redactor_apply (redactor, ROLL_PRIVATE_TEXT, "Image for sales/BERLIN, 2024", computer);
  g_assert_cmpstr (text, ==, wanted);
}

/* --- Whole tables --------------------------------------------------------------------------------------- */

typedef struct
{
  char *folder;
  char *path;
  RollRedactor *redactor;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("rollcall-redactor-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "out", NULL);
  fixture->redactor = roll_redactor_new (key);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  remove_folder (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
  roll_redactor_free (fixture->redactor);
}

static RollSheet *
open_sheet (Fixture *fixture, RollSheetFormat format)
{
  RollSheet *sheet = roll_sheet_open (fixture->path, format, FALSE, fixture->redactor, NULL);

  g_assert_nonnull (sheet);
  return sheet;
}

static char *
close_sheet (Fixture *fixture, RollSheet *sheet)
{
  char *text = NULL;

  g_assert_true (roll_sheet_close (sheet, NULL));
  g_assert_true (g_file_get_contents (fixture->path, &text, NULL, NULL));
  g_assert_cmpuint (strlen (text), >, 100);
  return text;
}

static void
test_computers_and_steps (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollComputer) computer = make_computer ();
  g_autoptr (RollAttempt) attempt = roll_attempt_new (1);
  RollStepRecord *record = roll_attempt_add_step (attempt, ROLL_STEP_CONNECT);

  record->peer = g_strdup ("10.66.77.88:135");
  record->detail = g_strdup ("name=canarypc.canarycorp.example credential=canaryaccount account=CANARYCORP\\canaryuser "
                             "new-fact=canaryhidden from=fe80::6677");
  for (int format = ROLL_SHEET_CSV; format <= ROLL_SHEET_JSON_LINES; format++)
    {
      RollSheet *sheet = open_sheet (fixture, (RollSheetFormat) format);

      roll_sheet_begin_computers (sheet);
      roll_sheet_add_computer (sheet, computer, first_cause (computer));
      roll_sheet_begin_steps (sheet);
      roll_sheet_add_steps (sheet, computer, attempt);
      g_autofree char *text = close_sheet (fixture, sheet);
      assert_no_canary (text);
      g_assert_nonnull (strstr (text, "Failed – Access Denied"));
      g_assert_nonnull (strstr (text, "Windows of domain-"));
    }
}

/* Texts that tell of the computer itself; what is hidden whole bears a canary of its own. */
static RollRowSet *
make_rows (const RollCollector *collector)
{
  RollRowSet *rows = roll_row_set_new (collector->columns);
  guint n = g_strv_length ((char **) collector->columns);
  g_autofree RollCimValue *values = g_new0 (RollCimValue, n);
  g_autofree RollCimValue *arrays = g_new0 (RollCimValue, n);
  RollCimValue items[2] = { { .type = ROLL_CIM_STRING, .text = (char *) "fe80::6677:1" }, { .type = ROLL_CIM_STRING } };
  RollCimArray array = { 2, items };

  items[1].text = (char *) "10.66.77.1";
  for (guint i = 0; i < n; i++)
    {
      gboolean shown = roll_privacy_of_column (collector->id, collector->columns[i]) == ROLL_PRIVATE_TEXT;

      values[i] = (RollCimValue) { .type = ROLL_CIM_STRING };
      values[i].text = (char *) (shown ? "kept CanaryPC.CanaryCorp.example 10.66.77.88 CanarySerial7 CANARYPC"
                                       : "canaryhidden canaryuser@canarycorp.example");
      arrays[i] = (RollCimValue) { .type = ROLL_CIM_STRING | ROLL_CIM_ARRAY, .array = &array };
    }
  roll_row_set_add (rows, values);
  roll_row_set_add (rows, arrays);
  return rows;
}

static void
test_every_column (Fixture *fixture, gconstpointer data)
{
  g_autoptr (RollComputer) computer = make_computer ();
  guint n;
  const RollCollector *collectors = roll_collectors (&n);

  for (guint i = 0; i < 2 * n; i++)
    {
      const RollCollector *collector = &collectors[i / 2];
      g_autoptr (RollRowSet) rows = make_rows (collector);
      RollSheet *sheet = open_sheet (fixture, (RollSheetFormat) (i % 2));

      roll_sheet_begin_collected (sheet, collector->id, collector->columns);
      roll_sheet_add_collected (sheet, computer, rows);
      g_autofree char *text = close_sheet (fixture, sheet);
      assert_no_canary (text);
      g_assert_nonnull (strstr (text, "pc-"));
    }
  /* A column that nobody has thought of. */
  g_assert_cmpint (roll_privacy_of_column ("Win32_Tomorrow", "Owner"), ==, ROLL_PRIVATE_OTHER);
  g_assert_cmpint (roll_privacy_of_column ("Win32_ComputerSystem", "Name"), ==, ROLL_PRIVATE_NAME);
  g_assert_cmpint (roll_privacy_of_column ("Win32_Share", "Name"), ==, ROLL_PRIVATE_OTHER);
}

static void
test_key_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "a", "b", "redaction.key", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (RollRedactor) first = roll_redactor_load (path, &error);
  g_autoptr (RollRedactor) second = roll_redactor_load (path, &error);
  struct stat info;

  g_assert_no_error (error);
  g_autofree char *token = roll_redactor_apply (first, ROLL_PRIVATE_NAME, "pc1", NULL);
  g_autofree char *again = roll_redactor_apply (second, ROLL_PRIVATE_NAME, "pc1", NULL);
  g_assert_cmpstr (token, ==, again);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  g_chmod (path, 0640);
  g_assert_null (roll_redactor_load (path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);
  g_assert_true (g_file_set_contents (path, "short", 5, NULL));
  g_chmod (path, 0600);
  g_assert_null (roll_redactor_load (path, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
}

#define add(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/redactor/tokens", test_tokens);
  g_test_add_func ("/redactor/place", test_its_place_is_hidden_in_text);
  g_test_add_func ("/redactor/same", test_the_same_is_the_same);
  add ("/redactor/computers-and-steps", test_computers_and_steps);
  add ("/redactor/every-column", test_every_column);
  add ("/redactor/key-file", test_key_file);
  return g_test_run ();
}
