/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "report/roll-change.h"
#include "scan/roll-work-progress.h"
#include "store/roll-store.h"

G_BEGIN_DECLS

/**
 * RollCompareTotals:
 * @n_before, @n_after: computers of the two scans
 * @n_matched: computers that are in both
 * @n_by_name: of them, those with another target that were found again by serial number or name
 * @n_unfinished: of them, those not asked to the end in one of the scans: their status is not compared
 * @n_inventory: of them, those with an inventory in both: only their hardware and software can be compared
 * @n_changed: of them, those with at least one change
 * @n_changes: by group
 */
typedef struct
{
  guint n_before;
  guint n_after;
  guint n_matched;
  guint n_by_name;
  guint n_unfinished;
  guint n_inventory;
  guint n_changed;
  guint n_changes[ROLL_N_CHANGE_GROUPS];
} RollCompareTotals;

/**
 * roll_compare_scans:
 * @func: gets the changes computer by computer: those of the later scan in its target order, then the ones that are gone
 * @progress: (nullable): each computer of both scans counts twice: read, compared
 *
 * A computer is found again by its target, case ignored. One that is left over on both sides is found again by the serial
 * number and, failing that, by name and domain that it told itself, where these are the only such ones of either scan.
 *
 * In memory are the names of the computers, and of some dozen at a time what was collected.
 *
 * Errors: the store's; G_IO_ERROR_CANCELLED; G_IO_ERROR_INVALID_DATA for rows that can't be read.
 */
gboolean roll_compare_scans (RollStore *store, gint64 before, gint64 after, RollChangeFunc func, gpointer user_data,
                             RollWorkProgress *progress, GCancellable *cancellable, RollCompareTotals *ret_totals, GError **error);

G_END_DECLS
