/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-address.h"

G_BEGIN_DECLS

/*
 * An address as a 128-bit number, so that networks and ranges are arithmetic. IPv4 stands at ::ffff:0:0/96, and
 * the interface of a link-local address in the 32 bits behind its fe80, where the address itself has zeros.
 */
typedef struct
{
  guint64 high;
  guint64 low;
} RollPosition;

/* Both ends belong to it. */
typedef struct
{
  RollPosition first;
  RollPosition last;
} RollInterval;

RollPosition roll_position_from_address (const RollAddress *address);
void roll_position_to_address (RollPosition position, RollAddress *ret_address);
gint roll_position_compare (RollPosition a, RollPosition b);
RollPosition roll_position_plus (RollPosition position, guint64 n);
RollPosition roll_position_minus (RollPosition position, guint64 n);
gboolean roll_position_is_ipv4 (RollPosition position);

gboolean roll_interval_overlaps (const RollInterval *a, const RollInterval *b);
/* How many positions less one, so that everything fits; G_MAXUINT64 also for what is more. */
guint64 roll_interval_span (const RollInterval *interval);

/* A set of positions, kept as disjoint intervals that do not touch. Not thread-safe while it is changed. */
typedef struct _RollIntervalSet RollIntervalSet;

RollIntervalSet *roll_interval_set_new (void);
void roll_interval_set_free (RollIntervalSet *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollIntervalSet, roll_interval_set_free)

void roll_interval_set_clear (RollIntervalSet *self);
gboolean roll_interval_set_is_empty (RollIntervalSet *self);
void roll_interval_set_add (RollIntervalSet *self, const RollInterval *interval);

/* Appends what of @interval is not in the set to @pieces (element-type RollInterval), ascending. */
void roll_interval_set_uncovered (RollIntervalSet *self, const RollInterval *interval, GArray *pieces);

/* Appends all intervals, ascending. */
void roll_interval_set_list (RollIntervalSet *self, GArray *intervals);

G_END_DECLS
