/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-database.h"

#include <glib/gi18n.h>

#include "cli/roll-terminal.h"

RollStore *
roll_database_open (const char *path)
{
  g_autoptr (GError) error = NULL;
  RollStore *store = roll_store_open (path, TRUE, &error);

  /* Nobody should have to start a scan to see the earlier ones: it is brought up, with a backup beside it. */
  if (g_error_matches (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_OLDER))
    {
      g_clear_error (&error);
      store = roll_store_open (path, FALSE, &error);
    }
  if (!store)
    roll_database_failed (error);
  return store;
}

RollStore *
roll_database_open_for_writing (const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollStore) there = roll_store_open (path, TRUE, &error);
  RollStore *store = NULL;

  /* Anything else may be otherwise when it is opened for writing, such as an older format. */
  if (there || !g_error_matches (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND))
    {
      g_clear_error (&error);
      store = roll_store_open (path, FALSE, &error);
    }
  if (!store)
    roll_database_failed (error);
  return store;
}

RollScanInfo *
roll_database_get_scan (RollStore *store, gint64 id, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *with = roll_database_hint (path);
  RollScanInfo *info = roll_store_get_scan (store, id, &error);

  if (info)
    return info;
  if (!g_error_matches (error, ROLL_STORE_ERROR, ROLL_STORE_ERROR_NOT_FOUND))
    roll_database_failed (error);
  else if (id)
    roll_terminal_error (_ ("There is no scan %lld in %s. “%s list%s” shows the scans."), (long long) id,
                         roll_store_get_path (store), g_get_prgname (), with);
  else
    roll_terminal_error (_ ("There is no scan in %s yet. “%s scan%s” makes one."), roll_store_get_path (store),
                         g_get_prgname (), with);
  return NULL;
}

char *
roll_database_hint (const char *path)
{
  if (!path)
    return g_strdup ("");
  gboolean plain =
      *path && strspn (path, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "/._-+,:@%") == strlen (path);
  g_autofree char *quoted = plain ? g_strdup (path) : g_shell_quote (path);
  return g_strconcat (" --database ", quoted, NULL);
}

RollExit
roll_database_failed (const GError *error)
{
  roll_terminal_error ("%s", error->message);
  return ROLL_EXIT_FAILED;
}
