/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-computer.h"
#include "status/roll-status-display.h"

G_BEGIN_DECLS

/* How many computers with which status, for each subnet, operating system or whatever they have in common. */

typedef struct
{
  char *key;
  guint counts[ROLL_N_LOOKS]; /* in order of display */
  guint total;
  guint failed;
} RollTallyRow;

typedef struct _RollTallyTable RollTallyTable;

RollTallyTable *roll_tally_table_new (void);
void roll_tally_table_free (RollTallyTable *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollTallyTable, roll_tally_table_free)

/* Of more than some ten thousand keys the later ones count as the rest. */
void roll_tally_table_add (RollTallyTable *self, const char *key, RollStatus status);

/*
 * (transfer full) (element-type RollTallyRow): the @n rows with the most failures and, of these, the most computers. *ret_rest: all
 * others in one, without a key; *ret_n_rest: how many rows that is.
 */
GPtrArray *roll_tally_table_top (RollTallyTable *self, guint n, RollTallyRow *ret_rest, guint *ret_n_rest);

/* "10.1.2.0/24", of IPv6 "2001:db8::/64"; "" without an address. (transfer full) */
char *roll_subnet_label (const RollAddress *address);

G_END_DECLS
