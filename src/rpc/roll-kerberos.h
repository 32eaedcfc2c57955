/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-secret.h"
#include "rpc/roll-rpc-error.h"

G_BEGIN_DECLS

/*
 * The tickets of one logon. They are got through libkrb5 itself before GSS-API is asked for anything: GSS-API renumbers
 * the errors of a mechanism under another one, and what the KDC said must not get lost.
 */
typedef struct _RollTickets RollTickets;

/**
 * roll_tickets_get: the ticket for one service. Blocks while KDCs are asked, which libkrb5 can't be kept from: the asking
 *   goes on in a thread of its own, and is left to itself when nobody waits for it any more.
 * @principal: (nullable): "user@REALM", with @password, into memory; NULL: the ticket cache of the user who runs the program
 * @target_name: "host/pc1.corp.example"
 * @cancel_fd: borrowed; readable: CANCELLED; -1: none
 * @deadline: g_get_monotonic_time() after which TIMED_OUT; 0: none
 *
 * Errors: ROLL_RPC_ERROR_REFUSED with the KDC's number, or libkrb5's own from 128 on.
 */
RollTickets *roll_tickets_get (const char *principal, RollSecret *password, const char *target_name, int cancel_fd,
                               gint64 deadline, GError **error);
void roll_tickets_free (RollTickets *tickets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollTickets, roll_tickets_free)

const char *roll_tickets_cache (const RollTickets *tickets);   /* "MEMORY:..." */
const char *roll_tickets_service (const RollTickets *tickets); /* "host/pc1.corp.example@CORP.EXAMPLE" */

G_END_DECLS
