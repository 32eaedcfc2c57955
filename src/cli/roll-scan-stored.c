/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-scan-stored.h"

#include "cli/roll-database.h"
#include "cli/roll-practice.h"
#include "cli/roll-scan-credentials.h"
#include "cli/roll-scan-run.h"

RollExit
roll_scan_stored_run (const RollScanArguments *arguments, RollStore *store, RollScan *scan, gboolean in_part)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollScanInfo) info = roll_store_get_scan (store, roll_scan_get_id (scan), &error);
  g_autoptr (GPtrArray) credentials = NULL;
  g_autoptr (RollLab) lab = NULL;
  RollExit status;

  if (!info)
    return roll_database_failed (error);
  credentials = roll_scan_credentials_load (arguments, info->practice, info->probe_only, &status);
  if (!credentials)
    return status;
  roll_scan_set_credentials (scan, credentials);
  if (info->practice)
    {
      lab = roll_practice_start_again (info, &error);
      if (!lab)
        return roll_database_failed (error);
      roll_practice_announce ();
    }
  return roll_scan_arguments_run (arguments, store, scan, in_part, 0);
}
