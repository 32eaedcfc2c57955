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
 * roll_tickets_get: the ticket for one service. Blocks while KDCs are asked.
 * @principal: (nullable): "user@REALM", with @password, into memory; NULL: the ticket cache of the user who runs the program
 * @target_name: "host/pc1.corp.example"
 *
 * Errors: ROLL_RPC_ERROR_REFUSED with the KDC's number, or libkrb5's own from 128 on.
 */
RollTickets *roll_tickets_get (const char *principal, RollSecret *password, const char *target_name, GError **error);
void roll_tickets_free (RollTickets *tickets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollTickets, roll_tickets_free)

const char *roll_tickets_cache (const RollTickets *tickets);   /* "MEMORY:..." */
const char *roll_tickets_service (const RollTickets *tickets); /* "host/pc1.corp.example@CORP.EXAMPLE" */

G_END_DECLS
