/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "inventory/roll-computer.h"

G_BEGIN_DECLS

/**
 * RollComputerTable: every computer of the scan that is shown, by ordinal, with the count per status. Lives on the main
 * thread; a worker reads a snapshot that stays valid although rows are replaced meanwhile.
 *
 * ::changed (): some rows have a newer state
 * ::replaced (): these are other computers altogether
 * ::appended (guint before): more computers behind the first @before
 */
#define ROLL_TYPE_COMPUTER_TABLE (roll_computer_table_get_type ())
G_DECLARE_FINAL_TYPE (RollComputerTable, roll_computer_table, ROLL, COMPUTER_TABLE, GObject)

RollComputerTable *roll_computer_table_new (void);

/* @rows: (transfer full) (element-type RollComputer): by ordinal, without gaps. */
void roll_computer_table_take_rows (RollComputerTable *self, GPtrArray *rows);

/* More of them, behind those that are there. @rows: (transfer full) */
void roll_computer_table_append_rows (RollComputerTable *self, GPtrArray *rows);

/* Newer states of rows that are there; others are left out. */
void roll_computer_table_update (RollComputerTable *self, GPtrArray *computers);

/* The retries of the scan, 0 when they are not known. */
void roll_computer_table_set_retries (RollComputerTable *self, guint retries);
guint roll_computer_table_get_retries (RollComputerTable *self);

guint roll_computer_table_get_count (RollComputerTable *self);
RollComputer *roll_computer_table_get_computer (RollComputerTable *self, guint ordinal); /* (transfer none) */

/* ROLL_N_LOOKS counts in the order of display. */
const guint *roll_computer_table_get_counts (RollComputerTable *self);

/* The rows of this moment, to be read by one worker thread. */
typedef struct
{
  RollComputerTable *table;
  RollComputer **rows;
  guint n_rows;
} RollRowSnapshot;

RollRowSnapshot *roll_computer_table_hold (RollComputerTable *self);
void roll_row_snapshot_release (RollRowSnapshot *snapshot); /* on the main thread */

G_END_DECLS
