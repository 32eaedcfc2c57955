/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "scan/roll-scan.h"
#include "scan/roll-sieve.h"

G_BEGIN_DECLS

/*
 * Side probes: what other ports of a computer do that failed on 135. They explain, and change no status; the finding "ports"
 * (diagnosis/roll-ports.h) has what they say. Asked once only, when no computer is to be asked itself, through the sieve with its
 * limits.
 *
 * Behind a silent address mostly nobody is. So of each network, a /24 or a /64, no more than ROLL_SCAN_PORTS_SILENT computers are
 * asked that then are silent on every port, and of the others of that network nothing is known: empty networks take some
 * seconds at the end of a scan, not minutes.
 *
 * Lives on the sieve's thread.
 */
typedef struct _RollScanPorts RollScanPorts;

#define ROLL_SCAN_PORTS_SILENT 16

/* Returns: (nullable): NULL when the scan is to do without */
RollScanPorts *roll_scan_ports_new (const RollScanOptions *options, RollJournal *journal);
void roll_scan_ports_free (RollScanPorts *self);

/* @result: of a computer that failed for good. Whether it is worth it is decided here. */
void roll_scan_ports_want (RollScanPorts *self, const RollSieveResult *result);
/* The next connect, if one may begin. */
gboolean roll_scan_ports_next (RollScanPorts *self, RollSieveJob *ret_job);
gboolean roll_scan_ports_has_more (RollScanPorts *self); /* that may begin */
/* How it ended; takes its attempt and socket. */
void roll_scan_ports_take (RollScanPorts *self, RollSieveResult *result);

G_END_DECLS
