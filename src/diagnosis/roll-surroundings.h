/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "status/roll-fact-set.h"
#include "store/roll-store.h"

G_BEGIN_DECLS

/*
 * What the computers of one scan share, counted once: how many of each subnet, domain, OU, Windows build or account ended with which
 * status, and when. Some 16 bytes per computer, and for each kind at most ROLL_STRATA_MAX strata; computers of others have none.
 * Computers without a result are not counted.
 */

#define ROLL_STRATA_MAX 65536
#define ROLL_N_RESULTS 19 /* statuses, as roll_status_results() has them */

typedef enum
{
  ROLL_STRATUM_SCAN,        /* all: "" */
  ROLL_STRATUM_SUBNET,      /* a /24, of IPv6 a /64: "10.1.2.0/24" */
  ROLL_STRATUM_OWN_SUBNETS, /* of the computer that ran the scan, all together: "" */
  ROLL_STRATUM_DOMAIN,      /* of the name that was asked, else as the computer said; lower case; "" for short names */
  ROLL_STRATUM_OU,          /* the place of its account in Active Directory: "Sales/Berlin" */
  ROLL_STRATUM_BUILD,       /* of Windows: "22631" */
  ROLL_STRATUM_ACCOUNT,     /* a credential's friendly name: the one that worked, else the last that was tried */
} RollStratumKind;
#define ROLL_N_STRATUM_KINDS 7

/**
 * RollStratum:
 * @n_computers: with a result
 * @n_with: of each status, in the order of roll_status_results()
 * @n_accepted: logons that were accepted; @n_refused: that the computer or a domain controller refused. An account that rested
 *   is in neither
 */
typedef struct
{
  RollStratumKind kind;
  char *name;
  guint n_computers;
  guint n_with[ROLL_N_RESULTS];
  guint n_accepted;
  guint n_refused;
} RollStratum;

guint roll_stratum_count (const RollStratum *stratum, RollStatus status);

/* Atomically refcounted, immutable. */
typedef struct _RollSurroundings RollSurroundings;

/* Reads every computer of the scan once: for worker threads. */
RollSurroundings *roll_surroundings_load (RollStore *store, gint64 scan_id, GCancellable *cancellable, GError **error);
RollSurroundings *roll_surroundings_ref (RollSurroundings *self);
void roll_surroundings_unref (RollSurroundings *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollSurroundings, roll_surroundings_unref)

/* Returns: (nullable): the one that @computer is part of */
const RollStratum *roll_surroundings_find (const RollSurroundings *self, RollStratumKind kind, const RollComputer *computer);
/* Returns: (transfer container) (element-type RollStratum): all of a kind, by name */
GPtrArray *roll_surroundings_list (const RollSurroundings *self, RollStratumKind kind);

/* How many others ended with the status of @computer no more than @within_us before or after it. */
guint roll_surroundings_count_near (const RollSurroundings *self, const RollComputer *computer, gint64 within_us);

/* Whether the computer that ran the scan has @address in one of its own subnets; FALSE with *ret_known FALSE when it is not stored. */
gboolean roll_surroundings_is_own_subnet (const RollSurroundings *self, const RollAddress *address, gboolean *ret_known);

/*
 * What others tell of @computer: the shares (in strata with at least four others, itself left out), same-second, same-minute,
 * same-subnet, account-refused, account-known, credentials.
 */
void roll_surroundings_add_facts (const RollSurroundings *self, const RollComputer *computer, RollFactSet *facts);

/*
 * The event that a scan stores when it begins or goes on: what is true of the computer it runs on.
 * "accounts=2 networks=10.1.0.0/16,fd00:1::/64"
 */
#define ROLL_SCAN_BEGUN_EVENT "begun"

G_END_DECLS
