/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "inventory/roll-collectors.h"
#include "report/roll-change.h"

/* "group field item before after", one line a change; "-" for NULL */
static gboolean
note (const RollChange *change, gpointer user_data)
{
  g_string_append_printf (user_data, "%s %s [%s] %s > %s\n", roll_change_group_id (change->group), change->field,
                          change->item != NULL ? change->item : "", change->before != NULL ? change->before : "-",
                          change->after != NULL ? change->after : "-");
  return TRUE;
}

static gboolean
end_at_once (const RollChange *change, gpointer user_data)
{
  ++*(guint *) user_data;
  return FALSE;
}

/* --- Computers ------------------------------------------------------------------------------------------ */

static RollComputer *
computer_new (RollStatus status, const char *address)
{
  RollComputer *computer = roll_computer_new (0, "pc1");

  computer->status = status;
  if (address != NULL)
    roll_address_parse (address, &computer->address);
  return computer;
}

static void
assert_changes (const RollComputer *before, const RollComputer *after, const char *expected)
{
  g_autoptr (GString) notes = g_string_new (NULL);

  g_assert_true (roll_change_compare_computers (before, after, note, notes));
  g_assert_cmpstr (notes->str, ==, expected);
}

static void
test_facts (void)
{
  g_autoptr (RollComputer) before = computer_new (ROLL_STATUS_SUCCESS, "10.0.0.1");
  g_autoptr (RollComputer) after = computer_new (ROLL_STATUS_SUCCESS, "10.0.0.2");
  guint n = 0;

  before->facts = roll_facts_new ();
  before->facts->os_build = g_strdup ("19045");
  before->facts->memory_bytes = 8;
  before->facts->cores = 4;
  before->facts->model = g_strdup ("Desk");
  assert_changes (before, after, "identity address [] 10.0.0.1 > 10.0.0.2\n");
  after->facts = roll_facts_copy (before->facts);
  after->facts->memory_bytes = G_MAXUINT64;
  g_free (after->facts->os_build);
  after->facts->os_build = g_strdup ("22631");
  g_clear_pointer (&after->facts->model, g_free); /* not known this time */
  after->facts->cores = 0;
  assert_changes (before, after,
                  "identity address [] 10.0.0.1 > 10.0.0.2\n"
                  "system os_build [] 19045 > 22631\n"
                  "hardware memory_bytes [] 8 > 18446744073709551615\n");
  g_assert_false (roll_change_compare_computers (before, after, end_at_once, &n));
  g_assert_cmpuint (n, ==, 1);
}

static void
test_statuses (void)
{
  const struct
  {
    RollStatus before;
    RollStatus after;
    const char *expected;
  } cases[] = {
    { ROLL_STATUS_SUCCESS, ROLL_STATUS_SUCCESS, "" },
    { ROLL_STATUS_SUCCESS, ROLL_STATUS_ACCESS_DENIED, "status status [] success > access-denied\n" },
    { ROLL_STATUS_CONNECTION_TIMEOUT, ROLL_STATUS_REACHABLE, "status status [] connection-timeout > reachable\n" },
    { ROLL_STATUS_SUCCESS, ROLL_STATUS_NOT_STARTED, "" },
    { ROLL_STATUS_STOPPED, ROLL_STATUS_SUCCESS, "" },
    { ROLL_STATUS_WAITING_FOR_RETRY, ROLL_STATUS_SUCCESS, "" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (RollComputer) before = computer_new (cases[i].before, NULL);
      g_autoptr (RollComputer) after = computer_new (cases[i].after, "10.0.0.1");

      assert_changes (before, after, cases[i].expected);
    }
}

/* --- Rows ----------------------------------------------------------------------------------------------- */

#define MAX_CELLS 5

/* Texts of the named columns; a line of cells ends with NULL, all of them with an empty line. */
static RollRowSet *
rows_new (const char *const *columns, const char *const (*lines)[MAX_CELLS])
{
  RollRowSet *rows = roll_row_set_new (columns);
  RollCimValue values[MAX_CELLS];

  for (; (*lines)[0] != NULL; lines++)
    {
      for (guint i = 0; i < g_strv_length ((char **) columns); i++)
        values[i] = (RollCimValue) { .type = ROLL_CIM_STRING, .null = (*lines)[i] == NULL, .text = (char *) (*lines)[i] };
      g_assert_true (roll_row_set_add (rows, values));
    }
  return rows;
}

static void
assert_row_changes (const char *collector, const char *const *columns, const char *const (*before)[MAX_CELLS],
                    const char *const (*after)[MAX_CELLS], const char *expected)
{
  g_autoptr (RollComputer) computer = computer_new (ROLL_STATUS_SUCCESS, NULL);
  g_autoptr (RollRowSet) old = rows_new (columns, before);
  g_autoptr (RollRowSet) new = rows_new (columns, after);
  g_autoptr (GString) notes = g_string_new (NULL);

  g_assert_true (roll_change_compare_rows (collector, computer, old, new, note, notes));
  g_assert_cmpstr (notes->str, ==, expected);
}

static const char *const program_columns[] = { "Key", "DisplayName", "DisplayVersion", NULL };

static void
test_programs (void)
{
  const char *const before[][MAX_CELLS] = {
    { "U\\7-Zip", "7-Zip 22.01 (x64)", "22.01" },      /* the same key, another name */
    { "U\\{A}", "Reader", "1.0" },                     /* an installer's new key */
    { "U\\{B}", "Tool 1.4.2", "1.4.2.0" },             /* new key, the version in the name */
    { "U\\Old", "Old", "3" },                          /* gone */
    { "U\\Same", "Same", "1" },
    { "U\\{C}", "Runtime", "1.0" },                    /* two of one name, one of them newer */
    { "U\\{D}", "Runtime", "2.0" },
    { "U\\{E}", "Reinstalled", NULL },
    { "U\\None", NULL, "9" },
    { NULL },
  };
  const char *const after[][MAX_CELLS] = {
    { "u\\7-zip", "7-Zip 23.01 (x64)", "23.01" },
    { "U\\{A2}", "READER", "1.1" },
    { "U\\{B2}", "Tool 1.5.0", "1.5.0.0" },
    { "U\\Same", "Same", "1" },
    { "U\\{C2}", "Runtime", "2.0" },
    { "U\\{D2}", "Runtime", "3.0" },
    { "U\\{E2}", "Reinstalled", NULL },
    { "U\\New", "=New", "0.1" },
    { "U\\New2", "No version", NULL },
    { NULL },
  };
  const char *const none[][MAX_CELLS] = { { NULL } };

  assert_row_changes ("software", program_columns, before, after,
                      "software software [7-Zip 23.01 (x64)] 22.01 > 23.01\n"
                      "software software [READER] 1.0 > 1.1\n"
                      "software software [Tool 1.5.0] 1.4.2.0 > 1.5.0.0\n"
                      "software software [Runtime] 1.0 > 3.0\n"
                      "software software [=New] - > 0.1\n"
                      "software software [No version] - > \n"
                      "software software [Old] 3 > -\n");
  assert_row_changes ("software", program_columns, before, before, "");
  assert_row_changes ("software", program_columns, none, none, "");
  assert_row_changes ("Win32_Service", program_columns, before, after, "");
}

static void
test_many_of_one_name (void)
{
  g_autoptr (RollRowSet) old = roll_row_set_new (program_columns);
  g_autoptr (RollRowSet) new = roll_row_set_new (program_columns);
  g_autoptr (RollComputer) computer = computer_new (ROLL_STATUS_SUCCESS, NULL);
  g_autoptr (GString) notes = g_string_new (NULL);
  RollCimValue values[3] = { { .type = ROLL_CIM_STRING, .null = TRUE } };

  values[1] = (RollCimValue) { .type = ROLL_CIM_STRING, .text = (char *) "Same" };
  values[2] = (RollCimValue) { .type = ROLL_CIM_STRING, .text = (char *) "1" };
  for (guint i = 0; i < 50000; i++)
    roll_row_set_add (old, values);
  values[2].text = (char *) "2";
  for (guint i = 0; i < 50000; i++)
    roll_row_set_add (new, values);
  roll_change_compare_rows ("software", computer, old, new, note, notes);
  g_assert_true (g_str_has_prefix (notes->str, "software software [Same] 1 > 2\n"));
  g_assert_null (strstr (notes->str, "-"));
}

static void
test_disks (void)
{
  static const char *const columns[] = { "Model", "SerialNumber", "Size", "InterfaceType", "MediaType", NULL };
  const char *const before[][MAX_CELLS] = {
    { "SSD 512", "S1 ", "512000000000", "SCSI", "Fixed hard disk media" },
    { "HDD", NULL, "1000000000000", "IDE", "Fixed hard disk media" },
    { "Stick", "S9", "16000000000", "USB", "Removable Media" },
    { NULL },
  };
  const char *const after[][MAX_CELLS] = {
    { "SSD 512", "S2", "512000000000", "SCSI", "Fixed hard disk media" },
    { "HDD", NULL, "1000000000000", "IDE", "Fixed hard disk media" },
    { "SSD 2T", "S3", "2000000000000", "SCSI", NULL },
    { NULL },
  };

  assert_row_changes ("Win32_DiskDrive", columns, before, after,
                      "hardware disk [SSD 512] - > 512000000000\n"
                      "hardware disk [SSD 2T] - > 2000000000000\n"
                      "hardware disk [SSD 512] 512000000000 > -\n");
  assert_row_changes ("Win32_DiskDrive", columns, after, after, "");
}

static void
test_revisions (void)
{
  static const char *const columns[] = { "CurrentVersion", "UBR", NULL };
  const char *const before[][MAX_CELLS] = { { "6.3", "2715" }, { NULL } };
  const char *const after[][MAX_CELLS] = { { "6.3", "3007" }, { NULL } };
  const char *const none[][MAX_CELLS] = { { NULL } };

  assert_row_changes ("windows-version", columns, before, after, "system os_revision [] 2715 > 3007\n");
  assert_row_changes ("windows-version", columns, before, none, "");
}

static void
test_words (void)
{
  g_autofree char *status = roll_change_value_text ("status", "access-denied");
  g_autofree char *memory = roll_change_value_text ("memory_bytes", "17179869184");
  g_autofree char *strange = roll_change_value_text ("status", "who-knows");

  g_assert_cmpstr (status, ==, "Failed – Access Denied");
  g_assert_cmpstr (memory, ==, "16.0\u00a0GiB");
  g_assert_cmpstr (strange, ==, "who-knows");
  for (guint i = 0; i < ROLL_N_CHANGE_GROUPS; i++)
    g_assert_nonnull (roll_change_group_label ((RollChangeGroup) i));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/change/facts", test_facts);
  g_test_add_func ("/change/statuses", test_statuses);
  g_test_add_func ("/change/programs", test_programs);
  g_test_add_func ("/change/many-of-one-name", test_many_of_one_name);
  g_test_add_func ("/change/disks", test_disks);
  g_test_add_func ("/change/revisions", test_revisions);
  g_test_add_func ("/change/words", test_words);
  return g_test_run ();
}
