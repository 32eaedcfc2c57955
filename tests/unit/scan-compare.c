/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-collectors.h"
#include "scan/roll-compare.h"
#include "store-fixture.h"

/* "target group field before after" */
static gboolean
note (const RollChange *change, gpointer user_data)
{
  g_string_append_printf (user_data, "%s %s %s %s > %s\n", change->computer->target, roll_change_group_id (change->group),
                          change->field, change->before != NULL ? change->before : "-",
                          change->after != NULL ? change->after : "-");
  return TRUE;
}

/* What a scan has of a computer: its target, how it ended, its name and serial number, the version of its one program. */
typedef struct
{
  const char *target;
  RollStatus status;
  const char *name;
  const char *serial;
  const char *version;
} Member;

static void
add_software (RollAttempt *attempt, const char *version)
{
  g_autoptr (RollRowSet) rows = roll_row_set_new (roll_collectors_find ("software")->columns);
  guint n;
  g_autofree RollCimValue *values = NULL;
  RollClassResult *result = store_fixture_add_class (attempt, "software", ROLL_CLASS_COLLECTED, 1);

  roll_row_set_get_columns (rows, &n);
  values = g_new0 (RollCimValue, n);
  for (guint i = 0; i < 3; i++)
    values[i] = (RollCimValue) { .type = ROLL_CIM_STRING, .text = (char *) "Tool" };
  values[2].text = (char *) version;
  roll_row_set_add (rows, values);
  g_clear_pointer (&result->rows, g_bytes_unref);
  result->rows = roll_row_set_to_bytes (rows);
}

static void
post (RollJournal *journal, guint ordinal, const Member *member)
{
  RollComputer *computer = roll_computer_new (ordinal, member->target);
  RollAttempt *attempt;

  computer->status = member->status;
  computer->attempts = 1;
  computer->facts = roll_facts_new ();
  computer->facts->computer_name = g_strdup (member->name);
  computer->facts->serial_number = g_strdup (member->serial);
  computer->classes_collected = computer->classes_planned = member->version != NULL;
  attempt = store_fixture_attempt (computer);
  if (member->version != NULL)
    add_software (attempt, member->version);
  roll_journal_post_attempt (journal, computer, attempt);
}

/* The targets are those of the members and, of the first scan, more that were never asked. */
static gint64
add_scan (StoreFixture *fixture, const Member *members, guint n, const char *unasked)
{
  g_autoptr (GPtrArray) includes = g_ptr_array_new ();
  g_autoptr (RollScanInfo) info = roll_scan_info_new ();
  g_autoptr (GError) error = NULL;
  RollJournal *journal;

  for (guint i = 0; i < n; i++)
    g_ptr_array_add (includes, (gpointer) members[i].target);
  g_ptr_array_add (includes, (gpointer) unasked);
  if (unasked != NULL)
    g_ptr_array_add (includes, NULL);
  info->name = g_strdup ("Test");
  info->n_targets = includes->len - 1;
  roll_store_add_scan (fixture->store, info, (const char *const *) includes->pdata, NULL, NULL, &error);
  g_assert_no_error (error);
  journal = roll_store_begin (fixture->store, info->id, NULL, NULL, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < n; i++)
    post (journal, i, &members[i]);
  roll_journal_end (journal, ROLL_SCAN_FINISHED, &error);
  g_assert_no_error (error);
  return info->id;
}

static void
test_found_again (StoreFixture *fixture, gconstpointer data)
{
  const Member before[] = {
    { "a", ROLL_STATUS_SUCCESS, "A", "SERIAL-A", "1" },
    { "b", ROLL_STATUS_CONNECTION_TIMEOUT, NULL, NULL, NULL },
    { "10.0.0.3", ROLL_STATUS_SUCCESS, "C", "SERIAL-C", "1" }, /* will come by name */
    { "10.0.0.4", ROLL_STATUS_SUCCESS, "D", "0", "1" },        /* no serial number to speak of */
    { "10.0.0.5", ROLL_STATUS_SUCCESS, "TWIN", "SERIAL-T", NULL },
    { "10.0.0.6", ROLL_STATUS_SUCCESS, "TWIN", "SERIAL-T", NULL },
  };
  const Member after[] = {
    { "twin", ROLL_STATUS_SUCCESS, "TWIN", "SERIAL-T", NULL }, /* of which of the two? */
    { "d", ROLL_STATUS_SUCCESS, "d", "0", "2" },
    { "c", ROLL_STATUS_SUCCESS, "C2", "serial-c", "1" },
    { "unasked", ROLL_STATUS_SUCCESS, "U", NULL, NULL },
    { "B", ROLL_STATUS_SUCCESS, "B", "SERIAL-B", "1" },
    { "a", ROLL_STATUS_ACCESS_DENIED, NULL, NULL, NULL },
  };
  gint64 first = add_scan (fixture, before, G_N_ELEMENTS (before), "unasked");
  gint64 second = add_scan (fixture, after, G_N_ELEMENTS (after), NULL);
  g_autoptr (GString) notes = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  RollCompareTotals totals;

  g_assert_true (roll_compare_scans (fixture->store, first, second, note, notes, NULL, NULL, &totals, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (notes->str, ==,
                   "twin new status - > success\n"
                   "d identity computer_name D > d\n"
                   "d software software 1 > 2\n"
                   "c identity computer_name C > C2\n"
                   "c hardware serial_number SERIAL-C > serial-c\n"
                   "B status status connection-timeout > success\n"
                   "a status status success > access-denied\n"
                   "10.0.0.5 gone status success > -\n"
                   "10.0.0.6 gone status success > -\n");
  g_assert_cmpuint (totals.n_before, ==, 7);
  g_assert_cmpuint (totals.n_after, ==, 6);
  g_assert_cmpuint (totals.n_matched, ==, 5);
  g_assert_cmpuint (totals.n_by_name, ==, 2);
  g_assert_cmpuint (totals.n_unfinished, ==, 1);
  g_assert_cmpuint (totals.n_inventory, ==, 2);
  g_assert_cmpuint (totals.n_changed, ==, 4);
  g_assert_cmpuint (totals.n_changes[ROLL_CHANGE_GONE], ==, 2);

  /* With itself there is nothing to tell. */
  g_string_truncate (notes, 0);
  g_assert_true (roll_compare_scans (fixture->store, second, second, note, notes, NULL, NULL, &totals, &error));
  g_assert_cmpstr (notes->str, ==, "");
  g_assert_cmpuint (totals.n_matched, ==, 6);
}

/* Every third computer is gone, the rest stands in another order, one program is newer everywhere. */
static void
test_another_order (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autofree Member *before = g_new0 (Member, 900);
  g_autofree Member *after = g_new0 (Member, 900);
  g_autoptr (GString) notes = g_string_new (NULL);
  RollCompareTotals totals;
  guint n_after = 0;
  RollWorkProgress progress = { 0 };

  for (guint i = 0; i < 900; i++)
    {
      g_ptr_array_add (names, g_strdup_printf ("pc%u", i));
      before[i] = (Member) { names->pdata[i], ROLL_STATUS_SUCCESS, names->pdata[i], NULL, "1" };
    }
  for (guint i = 0; i < 900; i++)
    if ((i * 577 % 900) % 3 != 0)
      {
        after[n_after] = before[i * 577 % 900];
        after[n_after++].version = i == 5 ? "1" : "2";
      }
  gint64 first = add_scan (fixture, before, 900, NULL);
  gint64 second = add_scan (fixture, after, n_after, NULL);

  g_assert_true (roll_compare_scans (fixture->store, first, second, note, notes, &progress, NULL, &totals, NULL));
  g_assert_cmpint (progress.n_all, ==, 2 * (900 + n_after));
  g_assert_cmpint (progress.n_done, ==, progress.n_all);
  g_assert_cmpuint (totals.n_matched, ==, 600);
  g_assert_cmpuint (totals.n_changes[ROLL_CHANGE_GONE], ==, 300);
  g_assert_cmpuint (totals.n_changes[ROLL_CHANGE_SOFTWARE], ==, 599);
  g_assert_cmpuint (totals.n_changed, ==, 599);
}

static void
test_trouble (StoreFixture *fixture, gconstpointer data)
{
  const Member member = { "a", ROLL_STATUS_SUCCESS, "A", NULL, "1" };
  gint64 scan = add_scan (fixture, &member, 1, NULL);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) notes = g_string_new (NULL);
  RollCompareTotals totals;

  g_assert_false (roll_compare_scans (fixture->store, scan, scan + 1, note, notes, NULL, NULL, &totals, &error));
  g_assert_error (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_false (roll_compare_scans (fixture->store, scan, scan, note, notes, NULL, cancellable, &totals, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
add (const char *path, void (*test) (StoreFixture *, gconstpointer))
{
  g_test_add (path, StoreFixture, NULL, store_fixture_set_up, test, store_fixture_tear_down);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add ("/compare/found-again", test_found_again);
  add ("/compare/another-order", test_another_order);
  add ("/compare/trouble", test_trouble);
  return g_test_run ();
}
