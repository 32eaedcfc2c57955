/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-address.h"

G_BEGIN_DECLS

/*
 * The hosts(5) file as a table. It is asked before DNS, whatever nsswitch.conf says: that is the order of every
 * distribution, and the other name services listed there can't be asked without blocking.
 */
typedef struct _RollHosts RollHosts;

#define ROLL_HOSTS_ADDRESSES_MAX 16 /* of one name */

RollHosts *roll_hosts_new (const char *text, gsize length); /* lines that mean nothing are skipped */
RollHosts *roll_hosts_new_from_system (void);               /* empty when the file can't be read */
void roll_hosts_free (RollHosts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollHosts, roll_hosts_free)

/* Fills in at most ROLL_HOSTS_ADDRESSES_MAX, in the file's order, and returns how many. “localhost” is always known. */
guint roll_hosts_look_up (RollHosts *self, const char *name, RollAddress *ret_addresses);

G_END_DECLS
