/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-class-result.h"
#include "inventory/roll-collectors.h"
#include "inventory/roll-computer.h"

G_BEGIN_DECLS

/* An error, where it struck, and who said so. */
typedef struct
{
  RollStep step;
  RollSaidBy said_by;
  RollErrorNumber error;
} RollFailure;

/**
 * RollPlan: how far the inventory of one computer is, over all its attempts: what is still to be asked and in which order. What has
 * been collected, or answered for good, is not asked again; what was being asked when an attempt was abandoned is asked after the rest.
 *
 * @stored: only the numbers, facts and the credential are here; what has been asked is in the database, from an earlier run
 * @n_left, @order: collectors still to be asked, as indices of the catalogue
 * @n_planned: classes to be asked for that the computer has or may have: what @n_collected is measured by
 * @n_denied: classes that the computer does not let this account read
 * @failure: the class-level failure that says most, should there be nothing else to say of the computer
 * @facts: what was collected says of the computer
 * @credential: (nullable): name of the one that worked, or was tried last
 * @setbacks: how often in a row this machine, not the computer, was the reason that an attempt came to nothing
 */
typedef struct
{
  gboolean stored;
  guint n_left;
  guint16 *order;
  guint n_planned;
  guint n_collected;
  guint n_denied;
  RollFailure failure;
  RollFacts *facts;
  char *credential;
  guint setbacks;
} RollPlan;

/* In the catalogue's order. @skipped: (nullable): ids of collectors that are left out */
RollPlan *roll_plan_new (const char *const *skipped);
RollPlan *roll_plan_new_stored (const RollComputer *computer);
void roll_plan_free (RollPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollPlan, roll_plan_free)

/* What the @n-th of those still to be asked is. */
const RollCollector *roll_plan_get (const RollPlan *plan, guint n);

/* Takes @result into account, be it new or stored. Nothing happens for a class that is no longer in the catalogue. */
void roll_plan_take (RollPlan *plan, const RollClassResult *result);

/* What the computer comes to when there is nothing left to ask: rules 9, 12 and 13 of the contract. */
RollStatus roll_plan_get_status (const RollPlan *plan);

/* An error that says that the computer has no such thing, where it need not have it. */
gboolean roll_plan_is_absence (const RollCollector *collector, RollErrorNumber error);

/**
 * roll_plan_restore: as it was left by an earlier run.
 * @results: (element-type RollClassResult): all that is stored of the computer; what is of an earlier test is asked again
 */
void roll_plan_restore (RollPlan *plan, GPtrArray *results);

G_END_DECLS
