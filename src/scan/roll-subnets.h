/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-address.h"

G_BEGIN_DECLS

/*
 * What this machine's kernel knows of the networks it is plugged into: which addresses it asks for by ARP or
 * neighbour discovery instead of sending them to a router, which are its own, and whether a neighbour
 * answered. All through rtnetlink; where that is not to be had, no address is on a subnet of ours.
 */
typedef struct _RollSubnets RollSubnets;

/* How the kernel gets to an address. */
typedef enum
{
  ROLL_WAY_ROUTED,    /* through a router, or not at all */
  ROLL_WAY_NEIGHBOUR, /* directly: it is asked for on the link */
  ROLL_WAY_OWN,       /* it is this machine's own */
} RollWay;

/* What the kernel's neighbour table says of an address. */
typedef enum
{
  ROLL_NEIGHBOUR_UNKNOWN, /* the table could not be read */
  ROLL_NEIGHBOUR_MISSING, /* no entry: it was thrown out, or never fitted in */
  ROLL_NEIGHBOUR_ASKED,   /* has not answered so far */
  ROLL_NEIGHBOUR_DEAD,    /* has not answered, and the kernel has given up */
  ROLL_NEIGHBOUR_ANSWERED,
} RollNeighbour;

RollSubnets *roll_subnets_new (void);
void roll_subnets_free (RollSubnets *self);

/* Becomes readable when links or routes have changed; -1 when nobody tells. */
int roll_subnets_get_fd (RollSubnets *self);
/* Forgets what is waiting on the descriptor and reads links and routes anew. */
void roll_subnets_refresh (RollSubnets *self);

/* @ret_interface: of a neighbour; else 0. Costs a system call only for addresses within a subnet of ours. */
RollWay roll_subnets_find_way (RollSubnets *self, const RollAddress *address, guint *ret_interface);
/* Returns: (transfer full): "10.1.0.0/16,fd00:1::/64"; "" when there are none */
char *roll_subnets_list (RollSubnets *self);
/* Whether it is one of this machine's own addresses. */
gboolean roll_subnets_is_own (RollSubnets *self, const RollAddress *address);

RollNeighbour roll_subnets_get_neighbour (RollSubnets *self, guint interface, const RollAddress *address);

/* How many entries of the table the kernel would not give up for a new one. */
guint roll_subnets_count_neighbours (RollSubnets *self, int family);
/* How many neighbours of a family the kernel keeps at most (gc_thresh3); its default where that is not to be
 * read. */
guint roll_subnets_get_neighbour_limit (int family);

G_END_DECLS
