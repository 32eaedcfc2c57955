/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-address.h"
#include "status/roll-verdict.h"

G_BEGIN_DECLS

/* Who an error came from: the pane words it, the database stores the number. Append only. */
typedef enum
{
  ROLL_SAID_BY_NOBODY = 0,   /* no error, or a timer ran out in silence */
  ROLL_SAID_BY_THIS_MACHINE = 1, /* our own kernel: no route, dead neighbour */
  ROLL_SAID_BY_PEER = 2,     /* the computer itself */
  ROLL_SAID_BY_ROUTER = 3,   /* an ICMP error from somebody on the way; the address is in the detail */
  ROLL_SAID_BY_NAME_SERVER = 4,
  ROLL_SAID_BY_KDC = 5,
} RollSaidBy;

/* "", "this-machine", "peer", "router", "name-server", "kdc" */
const char *roll_said_by_id (RollSaidBy said_by);

/**
 * RollStepRecord:
 * @started_at: microseconds since the epoch, UTC
 * @duration_us: microseconds
 * @error: space NONE when the step went well
 * @peer: (nullable): who was asked: "10.1.2.3:135", "[fe80::1%eth0]:135", name server "10.0.0.53:53"
 * @detail: (nullable): facts, not prose, never translated: space-separated key=value pairs without blanks in
 *   the values: "asked=A,AAAA name=pc1.corp.example rcode=NXDOMAIN tries=2", "icmp=3/13 from=10.0.0.1"
 */
typedef struct
{
  RollStep step;
  RollSaidBy said_by;
  gint64 started_at;
  gint64 duration_us;
  RollErrorNumber error;
  char *peer;
  char *detail;
} RollStepRecord;

/**
 * RollAttempt: one attempt at one computer: its steps in the order they were taken. Several records of one
 * step are normal (two addresses of a name, three name servers). Owned by one holder; not refcounted.
 * @number: 1 to 4
 * @status: how this attempt ended: a result, REACHABLE, STOPPED, or WAITING_FOR_RETRY
 * @classes: (nullable) (element-type RollClassResult): what it asked of the inventory, in that order
 */
typedef struct
{
  guint number;
  RollStatus status;
  gint64 started_at;  /* microseconds since the epoch, UTC */
  gint64 duration_us;
  GArray *steps;      /* (element-type RollStepRecord), clears its elements */
  GPtrArray *classes;
} RollAttempt;

RollAttempt *roll_attempt_new (guint number);
void roll_attempt_free (RollAttempt *attempt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollAttempt, roll_attempt_free)

/* Appends a record of @step and returns it for filling in; valid until the next append. */
RollStepRecord *roll_attempt_add_step (RollAttempt *attempt, RollStep step);

G_END_DECLS
