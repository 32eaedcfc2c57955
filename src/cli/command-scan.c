/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-cli.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-database.h"
#include "cli/roll-interrupt.h"
#include "cli/roll-practice.h"
#include "cli/roll-scan-arguments.h"
#include "cli/roll-scan-credentials.h"
#include "cli/roll-scan-directory.h"
#include "cli/roll-scan-preview.h"
#include "cli/roll-scan-profile.h"
#include "cli/roll-scan-run.h"
#include "cli/roll-scan-stored.h"
#include "report/roll-csv.h"

/* Said now, not after an hour of scanning. */
static gboolean
can_write_csv (const RollScanArguments *a)
{
  g_autoptr (GError) error = NULL;

  if (!a->csv || g_str_equal (a->csv, "-"))
    return TRUE;
  RollCsv *csv = roll_csv_open (a->csv, FALSE, &error);
  if (csv)
    roll_csv_discard (csv);
  else
    roll_database_failed (error);
  return csv != NULL;
}

static RollExit
start (const RollScanArguments *a,
       const RollScanOptions *options,
       RollTargetList *targets,
       const char *name,
       guint n_wrong)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) credentials = NULL;
  RollExit status;

  if (!can_write_csv (a))
    return ROLL_EXIT_FAILED;
  credentials = roll_scan_credentials_load (a, a->practice, a->probe_only, &status);
  if (!credentials)
    return status;
  g_autoptr (RollStore) store = roll_store_open (a->database, FALSE, &error);
  gboolean good = store && (!a->csv || roll_store_check_output (store, a->csv, &error));
  g_autoptr (RollScan) scan = good ? roll_scan_new (store, targets, options, name, a->practice, &error) : NULL;
  if (!scan)
    return roll_database_failed (error);
  roll_scan_set_credentials (scan, credentials);
  return roll_scan_arguments_run (a, store, scan, FALSE, n_wrong);
}

static RollExit
preview (const RollScanArguments *a, RollTargetList *targets)
{
  RollExit status;
  g_autoptr (GPtrArray) credentials = roll_scan_credentials_load (a, FALSE, FALSE, &status);

  if (!credentials)
    return status;
  roll_scan_preview_print (targets, credentials, a->as_json);
  return ROLL_EXIT_OK;
}

static RollExit
scan_targets (const RollScanArguments *a)
{
  RollExit status = ROLL_EXIT_USAGE;
  guint n_wrong;
  g_autoptr (RollScanOptions) options = roll_scan_arguments_get_options (a);
  g_autoptr (RollTargetSource) found = options ? roll_scan_directory_find (a, &status) : NULL;

  if (!found)
    return status;
  RollScanTargets all = a->targets;
  all.found = found;
  g_autoptr (RollTargetList) targets = roll_scan_targets_read (&all, &n_wrong, &status);
  if (!targets)
    return status;
  if (a->dry_run)
    return preview (a, targets);
  if (!a->public && !roll_scan_targets_confirm_public (targets))
    return ROLL_EXIT_STOPPED;
  g_autofree char *name = a->name ? g_strdup (a->name) : roll_scan_targets_name (&all, a->directory.domain);
  return start (a, options, targets, name, n_wrong);
}

static RollExit
scan_profile (RollScanArguments *a)
{
  guint n_wrong;
  g_autoptr (RollProfile) profile = roll_scan_profile_load (a);
  g_autoptr (RollTargetList) targets = profile ? roll_scan_profile_get_targets (profile, &n_wrong) : NULL;

  if (!targets)
    return ROLL_EXIT_FAILED;
  if (a->dry_run)
    return preview (a, targets);
  if (!a->public && !roll_scan_targets_confirm_public (targets))
    return ROLL_EXIT_STOPPED;
  return start (a, profile->options, targets, a->name ? a->name : profile->name, n_wrong);
}

static RollExit
scan_practice (const RollScanArguments *a)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollScanOptions) options = roll_scan_arguments_get_options (a);

  if (!options)
    return ROLL_EXIT_USAGE;
  g_autoptr (RollLab) lab = roll_practice_start (ROLL_LAB_COMPUTERS, &error);
  if (!lab)
    return roll_database_failed (error);
  g_autoptr (RollTargetList) targets = roll_practice_get_targets (lab);
  roll_practice_set_options (lab, options);
  roll_practice_announce ();
  return start (a, options, targets, a->name ? a->name : _ ("Practice network"), 0);
}

static RollExit
resume (const RollScanArguments *a)
{
  g_autoptr (GError) error = NULL;
  gint64 id;

  if (!roll_arguments_only_scan_id ("scan", a->database, a->targets.entries, &id))
    return ROLL_EXIT_USAGE;
  if (!can_write_csv (a))
    return ROLL_EXIT_FAILED;
  g_autoptr (RollStore) store = roll_database_open_for_writing (a->database);
  g_autoptr (RollScanInfo) info = store && id > 0 ? roll_database_get_scan (store, id, a->database) : NULL;
  if (!store || (id > 0 && !info))
    return ROLL_EXIT_FAILED;
  g_autoptr (RollScan) scan = roll_scan_resume (store, id, &error);
  return scan ? roll_scan_stored_run (a, store, scan, FALSE) : roll_database_failed (error);
}

RollExit
roll_command_scan (char **words)
{
  g_auto (RollScanArguments) arguments = { 0 };
  RollExit status;

  roll_interrupt_start ();
  if (!roll_scan_arguments_parse (words, &arguments, &status))
    return status;
  if (arguments.profile)
    return scan_profile (&arguments);
  if (arguments.resume)
    return resume (&arguments);
  return arguments.practice ? scan_practice (&arguments) : scan_targets (&arguments);
}
