/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "kerberos/roll-tickets.h"
#include "rpc/roll-rpc-error.h"

G_BEGIN_DECLS

/**
 * roll_kerberos_get_tickets: the ticket for one service. Blocks while KDCs are asked.
 * @principal: (nullable): "user@REALM", with @password, into memory; NULL: the ticket cache of the user who runs the program
 * @target_name: "host/pc1.corp.example"
 * @cancel_fd: borrowed; readable: CANCELLED; -1: none
 * @deadline: g_get_monotonic_time() after which TIMED_OUT; 0: none
 *
 * Errors: ROLL_RPC_ERROR_REFUSED with the KDC's number, or libkrb5's own from 128 on.
 */
RollTickets *roll_kerberos_get_tickets (const char *principal, RollSecret *password, const char *target_name, int cancel_fd,
                                        gint64 deadline, GError **error);

G_END_DECLS
