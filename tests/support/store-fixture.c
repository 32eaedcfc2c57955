/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store-fixture.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      if (g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK))
        remove_folder (path);
      else
        g_unlink (path);
    }
  g_rmdir (folder);
}

void
store_fixture_set_up (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("rollcall-store-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "rollcall.db", NULL);
  fixture->store = roll_store_open (fixture->path, FALSE, &error);
  g_assert_no_error (error);
}

void
store_fixture_tear_down (StoreFixture *fixture, gconstpointer data)
{
  g_autoptr (GDir) left = NULL;

  g_clear_object (&fixture->store);
  remove_folder (fixture->folder);
  /* A mount point stays, but with nothing in it. */
  left = g_dir_open (fixture->folder, 0, NULL);
  g_assert_true (left == NULL || g_dir_read_name (left) == NULL);
  g_free (fixture->folder);
  g_free (fixture->path);
}

void
store_fixture_reopen (StoreFixture *fixture)
{
  g_autoptr (GError) error = NULL;

  g_clear_object (&fixture->store);
  fixture->store = roll_store_open (fixture->path, FALSE, &error);
  g_assert_no_error (error);
}

gint64
store_fixture_add_scan (StoreFixture *fixture, guint n_targets)
{
  const char *includes[] = { "127.20.0.0/16", NULL };
  g_autoptr (RollScanInfo) info = roll_scan_info_new ();
  g_autoptr (GError) error = NULL;

  info->name = g_strdup ("Test");
  info->n_targets = n_targets;
  roll_store_add_scan (fixture->store, info, includes, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (info->id, >, 0);
  return info->id;
}

RollJournal *
store_fixture_begin (StoreFixture *fixture, gint64 scan)
{
  g_autoptr (GError) error = NULL;
  RollJournal *journal = roll_store_begin (fixture->store, scan, NULL, NULL, &error);

  g_assert_no_error (error);
  return journal;
}

RollComputer *
store_fixture_computer (guint32 ordinal, RollStatus status, guint attempts)
{
  g_autofree char *target = g_strdup_printf ("127.20.%u.%u", (ordinal >> 8) & 255, ordinal & 255);
  RollComputer *computer = roll_computer_new (ordinal, target);

  roll_address_parse (target, &computer->address);
  computer->status = status;
  computer->attempts = attempts;
  computer->started_at = G_GINT64_CONSTANT (1763795000123456) + ordinal;
  computer->duration_us = 1234;
  if (status == ROLL_STATUS_CONNECTION_REFUSED)
    {
      computer->step = ROLL_STEP_CONNECT;
      computer->said_by = ROLL_SAID_BY_PEER;
      computer->error = (RollErrorNumber) { ROLL_ERROR_SPACE_ERRNO, ECONNREFUSED };
    }
  return computer;
}

RollAttempt *
store_fixture_attempt (RollComputer *computer)
{
  RollAttempt *attempt = roll_attempt_new (computer->attempts);
  RollStepRecord *record = roll_attempt_add_step (attempt, ROLL_STEP_CONNECT);

  attempt->status = computer->status;
  attempt->started_at = computer->started_at;
  attempt->duration_us = computer->duration_us;
  record->said_by = computer->said_by;
  record->started_at = attempt->started_at + 7;
  record->duration_us = 1200;
  record->error = computer->error;
  record->peer = g_strdup_printf ("%s:135", computer->target);
  return attempt;
}

void
store_fixture_post (RollJournal *journal, guint32 ordinal, RollStatus status, guint attempts)
{
  RollComputer *computer = store_fixture_computer (ordinal, status, attempts);
  RollAttempt *attempt = store_fixture_attempt (computer);

  roll_journal_post_attempt (journal, computer, attempt);
}

RollClassResult *
store_fixture_add_class (RollAttempt *attempt, const char *id, RollClassOutcome outcome, guint n_rows)
{
  RollClassResult *result = roll_class_result_new (id);

  if (attempt->classes == NULL)
    attempt->classes = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_class_result_free);
  g_ptr_array_add (attempt->classes, result);
  result->outcome = outcome;
  result->started_at = attempt->started_at + (gint64) attempt->classes->len * 1000;
  result->duration_us = 900;
  if (outcome == ROLL_CLASS_COLLECTED)
    {
      char *bytes = g_strdup_printf ("%s of attempt %u", id, attempt->number);

      result->n_rows = n_rows;
      result->rows = g_bytes_new_take (bytes, strlen (bytes));
      return result;
    }
  result->step = ROLL_STEP_QUERY;
  result->said_by = ROLL_SAID_BY_PEER;
  result->error = (RollErrorNumber) { ROLL_ERROR_SPACE_HRESULT, 0x800706ba };
  return result;
}

static void
keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **kept = user_data;

  *kept = g_object_ref (result);
}

gboolean
store_fixture_run (RollScan *scan, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  roll_scan_run_async (scan, cancellable, keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return roll_scan_run_finish (scan, result, error);
}

void
limit_file_size (rlim_t size)
{
  struct rlimit limit;

  getrlimit (RLIMIT_FSIZE, &limit);
  limit.rlim_cur = size;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
}
