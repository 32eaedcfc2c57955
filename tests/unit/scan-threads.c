/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dlfcn.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <pthread.h>

#include "scan/roll-scan.h"

/* A machine that has no thread left: the first one that a scan wants, the second ... */

static int left; /* until the one that fails; 0: none does */

typedef int (*Create) (pthread_t *thread, const pthread_attr_t *attributes, void *(*start) (void *), void *argument);

int
pthread_create (pthread_t *thread, const pthread_attr_t *attributes, void *(*start) (void *), void *argument)
{
  Create create = (Create) dlsym (RTLD_NEXT, "pthread_create");

  if (g_atomic_int_get (&left) > 0 && g_atomic_int_dec_and_test (&left))
    return EAGAIN;
  return create (thread, attributes, start, argument);
}

typedef struct
{
  gboolean finished;
  gboolean ok;
  GError *error;
} End;

static void
on_finished (GObject *source, GAsyncResult *result, gpointer user_data)
{
  End *end = user_data;

  g_assert_false (end->finished);
  end->ok = roll_scan_run_finish (ROLL_SCAN (source), result, &end->error);
  end->finished = TRUE;
}

static End
run (RollScan *scan, int failing)
{
  End end = { 0 };

  g_atomic_int_set (&left, failing);
  roll_scan_run_async (scan, NULL, on_finished, &end);
  g_assert_false (end.finished);
  while (!end.finished)
    g_main_context_iteration (NULL, TRUE);
  g_atomic_int_set (&left, 0);
  return end;
}

static RollScan *
make_scan (RollStore *store)
{
  g_autoptr (RollTargetList) targets = roll_target_list_new ();
  g_autoptr (RollScanOptions) options = roll_scan_options_new ();
  g_autoptr (GError) error = NULL;
  RollScan *scan;

  g_assert_true (roll_target_list_add (targets, "127.0.0.0/29", &error));
  options->port = 9;
  scan = roll_scan_new (store, targets, options, NULL, FALSE, &error);
  g_assert_no_error (error);
  return scan;
}

/* GLib wants a thread of its own, and can't do without. */
static void
run_with_all (RollStore *store)
{
  g_autoptr (RollScan) scan = make_scan (store);
  End end = run (scan, 0);

  g_assert_no_error (end.error);
}

static void
check_without_thread (RollStore *store, int failing)
{
  g_autoptr (RollScan) scan = make_scan (store);
  g_autoptr (RollScan) resumed = NULL;
  g_autoptr (GError) error = NULL;
  End end = run (scan, failing);

  g_assert_false (end.ok);
  g_assert_error (end.error, G_THREAD_ERROR, G_THREAD_ERROR_AGAIN);
  g_clear_error (&end.error);
  if (failing == 1) /* it never began */
    return;
  resumed = roll_scan_resume (store, roll_scan_get_id (scan), &error);
  g_assert_no_error (error);
  end = run (resumed, 0);
  g_assert_no_error (end.error);
  g_assert_true (end.ok);
}

static void
test_no_thread_left (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("rollcall-threads-XXXXXX", &error);
  g_autofree char *path = g_build_filename (folder, "rollcall.db", NULL);
  g_autofree char *claims = g_strconcat (path, "-claims", NULL);
  RollStore *store = roll_store_open (path, FALSE, &error);

  g_assert_no_error (error);
  run_with_all (store);
  for (int failing = 1; failing <= 4; failing++)
    check_without_thread (store, failing);
  g_object_unref (store);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_cmpint (g_unlink (claims), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/scan-threads/none-left", test_no_thread_left);
  return g_test_run ();
}
