/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-cli.h"
#include "scan/roll-target-source.h"

G_BEGIN_DECLS

/* What the command line says about targets; strings as typed. */
typedef struct
{
  char **entries;
  char **files;    /* (nullable) */
  char *column;    /* (nullable) of all files, which are tables then */
  char **excludes; /* (nullable) */
  RollTargetSource *found; /* (nullable): in Active Directory */
} RollScanTargets;

/**
 * roll_scan_targets_read:
 * @ret_wrong: entries left out
 *
 * Names every wrong entry on standard error, FILE:LINE first, and keeps the right ones.
 *
 * Returns: (nullable): the list; NULL when nothing is left, a file as a whole is no use or an exclusion is
 * wrong - *ret_exit is then what to return
 */
RollTargetList *roll_scan_targets_read (const RollScanTargets *targets, guint *ret_wrong, RollExit *ret_exit);

/* Public addresses are named, and on a terminal asked about. FALSE: the user said no. */
gboolean roll_scan_targets_confirm_public (RollTargetList *list);

/* A scan of one file or of one domain in Active Directory is named after it; NULL: the scan names itself. @domain: (nullable).
 * (transfer full) (nullable) */
char *roll_scan_targets_name (const RollScanTargets *targets, const char *domain);

G_END_DECLS
