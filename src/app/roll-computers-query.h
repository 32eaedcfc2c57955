/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-computers-model.h"
#include "app/roll-row-order.h"

G_BEGIN_DECLS

/**
 * RollComputersQuery: which computers of a table are shown and in which order. Worked out in a worker thread whenever
 * the question or the table changes, and given to the model.
 *
 * ::begun-anew (): another question was asked: the list is to be read from its top
 *
 * :busy whether an answer is awaited
 */
#define ROLL_TYPE_COMPUTERS_QUERY (roll_computers_query_get_type ())
G_DECLARE_FINAL_TYPE (RollComputersQuery, roll_computers_query, ROLL, COMPUTERS_QUERY, GObject)

RollComputersQuery *roll_computers_query_new (void);
RollComputersModel *roll_computers_query_get_model (RollComputersQuery *self); /* (transfer none) */

void roll_computers_query_set_table (RollComputersQuery *self, RollComputerTable *table); /* (nullable) */
RollComputerTable *roll_computers_query_get_table (RollComputersQuery *self); /* (nullable) (transfer none) */

void roll_computers_query_set_statuses (RollComputersQuery *self, guint32 statuses); /* see RollRowFilter */
void roll_computers_query_set_search (RollComputersQuery *self, const char *search);
/* @only: (nullable) (element-type guint): ordinals, ascending; never changed again */
void roll_computers_query_set_only (RollComputersQuery *self, GArray *only);
void roll_computers_query_set_sort (RollComputersQuery *self, RollColumn column, gboolean descending);

gboolean roll_computers_query_is_busy (RollComputersQuery *self);

G_END_DECLS
