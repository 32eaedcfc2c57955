/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "inventory/roll-attempt.h"
#include "scan/roll-resolver.h"

G_BEGIN_DECLS

/*
 * The sieve: name to address, then TCP to port 135, thousands at once on one epoll thread. A dead address
 * costs one slot here and never a thread. It knows nothing of retries, statuses or the store: it pulls jobs
 * and hands back attempts.
 *
 * Addresses of this machine's own subnets take entries of the kernel's neighbour table, which is small
 * (gc_thresh3, 1,024 as a rule) and drops packets silently when it is full. They are begun at most 200 a
 * second after a burst of 256, and only while there is room in the table; one that finds none is taken back
 * and waits. A network of more than some 900 live computers takes as long as the kernel holds on to them: up
 * to 45 s for each further 900.
 *
 * The addresses of a name (16 at most) are tried one after the other in the resolver's order, one CONNECT
 * record each, until one opens. Otherwise the result is the error that says most of the computer, the first
 * of equals: refused, then timed out, then unreachable as somebody else says, then no such neighbour, then no
 * way there from this machine.
 *
 * The facts in the detail of a CONNECT record:
 *
 * - "route=none": this machine has no route; also unreachable, blackhole, no-source, no-such-family
 * - "neighbour=no-answer": on a subnet of ours, asked for by ARP or neighbour discovery in vain
 * - "neighbour=answered": timed out, but somebody is there: a firewall
 * - "neighbour=not-asked": timed out, and the kernel did not even ask: a rule of this machine's own firewall?
 * - "gateway=no-answer": the router on the way there does not answer
 * - "icmp=3/13 from=10.0.0.1": the ICMP error that ended it and who sent it; icmp6 for ICMPv6
 * - "scope=missing": a link-local address without its interface
 * - "errno=EACCES": what the kernel called it, where @error is another; alone: this machine does not permit a
 *   connection to that address, while it does to others
 */

typedef struct
{
  guint16 port;             /* 135 */
  guint probes;             /* simultaneous connects; default 4,096 */
  guint connect_timeout_ms; /* default 3,500 */
  guint rate; /* new SYNs a second to routed networks; default 2,000; 0: no limit. Loopback is exempt.
                 A burst of up to ROLL_SIEVE_BURST is allowed after quiet, so a small network is not
                 slowed. This machine's own subnets have a limit of their own, see below. */
  RollResolverOptions resolver;
} RollSieveOptions;

#define ROLL_SIEVE_PORT 135
#define ROLL_SIEVE_PROBES 4096
#define ROLL_SIEVE_CONNECT_TIMEOUT_MS 3500
#define ROLL_SIEVE_SIDE_TIMEOUT_MS 1500 /* enough for a SYN that is sent again after a second */
#define ROLL_SIEVE_RATE 2000
#define ROLL_SIEVE_BURST 4096
#define ROLL_SIEVE_ADDRESSES_MAX 16 /* of one name */

/*
 * @name NULL: @address is asked. @attempt (transfer full): the sieve adds steps and hands it back.
 * @side_port: another port than the sieve's, of an address only; such a connect stands behind all others that wait, in their
 * limits, and is given ROLL_SIEVE_SIDE_TIMEOUT_MS at most. 0: the sieve's port.
 */
typedef struct
{
  guint32 ordinal;
  guint16 side_port;
  const char *name; /* copied if needed; or borrowed until done - the owner is @data */
  RollAddress address;
  RollAttempt *attempt;
  gpointer data;
} RollSieveJob;

typedef enum
{
  ROLL_SIEVE_JOB,   /* *ret_job is filled */
  ROLL_SIEVE_LATER, /* nothing now; ask again at *ret_when (monotonic us) or after roll_sieve_wake() */
  ROLL_SIEVE_END,   /* nothing any more (see RollSieveCallbacks) */
} RollSieveNext;

/**
 * RollSieveResult:
 * @error: NONE when connected. Errors that are this machine's fault are waited out; only when it has
 *   permitted nothing at all for a minute, EACCES or EPERM come through
 * @step: where it ended: RESOLVE or CONNECT; NONE when no address was admitted
 * @fd: the connected non-blocking socket, TCP_NODELAY set, now the callee's, or -1
 * @address: the one that opened, or the one that @error is of
 * @cancelled: the scan was stopped before there was a result; @error is NONE
 */
typedef struct
{
  RollSieveJob job; /* as given, the attempt with its steps and duration (transfer full) */
  RollStep step;
  RollErrorNumber error;
  RollSaidBy said_by;
  RollAddress address;
  int fd;
  gboolean cancelled;
} RollSieveResult;

/* What the sieve has room for: names are pulled only while the resolver has room, so that addresses never
 * wait behind names whose server is slow or silent. */
typedef enum
{
  ROLL_SIEVE_NAMES = 1 << 0,
  ROLL_SIEVE_ADDRESSES = 1 << 1,
} RollSieveKinds;

/* All called on the sieve's thread. */
typedef struct
{
  /* A job of one of @kinds. LATER and END speak of those kinds only; the scan is over when both kinds have
   * ended. After END a kind may still have jobs again once a job in flight has come back through done() (a
   * retry): the sieve asks again after each done() and ends when nothing is in flight and both kinds say END.
   */
  RollSieveNext (*next) (RollSieveKinds kinds, RollSieveJob *ret_job, gint64 *ret_when, gpointer user_data);
  void (*done) (RollSieveResult *result, gpointer user_data);
  /* kind: "out-of-files", "out-of-memory", "out-of-ports", "network-down", "not-permitted", "neighbours-full"
   * (trouble of this machine, not charged to a target; "…-over" when it ends), and the resolver's; detail
   * key=value facts */
  void (*event) (const char *kind, const char *detail, gpointer user_data);
  /* (nullable): whether an address of a name may be connected to. Without any the result is NO_CREDENTIALS. */
  gboolean (*admits) (const RollSieveJob *job, const RollAddress *address, gpointer user_data);
} RollSieveCallbacks;

typedef struct _RollSieve RollSieve;

/* Starts the thread. Errors: bad name server, no epoll. */
RollSieve *roll_sieve_start (const RollSieveOptions *options,
                             const RollSieveCallbacks *callbacks,
                             gpointer user_data,
                             GError **error);
/* Any thread: next() may have something now. */
void roll_sieve_wake (RollSieve *self);
/* Any thread: no connect is begun while it is paused; what is under way ends as it does, and next() is asked still. No computer's
 * time goes on meanwhile. */
void roll_sieve_set_paused (RollSieve *self, gboolean paused);
/* Any thread: what is in flight comes back as cancelled, within a second. */
void roll_sieve_stop (RollSieve *self);
/* Waits for the thread: after END and the last result, or after a stop. No callback after that. */
void roll_sieve_join (RollSieve *self);
/* Stops and joins if need be. */
void roll_sieve_free (RollSieve *self);

typedef struct
{
  guint resolving;
  guint connecting;
  guint64 syns;
} RollSieveStats;
void roll_sieve_get_stats (RollSieve *self, RollSieveStats *ret_stats); /* any thread */

/* Raises the soft limit of open files to the hard one, once for the process; returns it. */
guint roll_sieve_raise_file_limit (void);

G_END_DECLS
