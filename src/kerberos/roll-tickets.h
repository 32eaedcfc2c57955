/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <gssapi/gssapi.h>

#include "inventory/roll-secret.h"

G_BEGIN_DECLS

/* The number is libkrb5's own, whole (a krb5_error_code), or an errno that libkrb5 met; the message is its sentence. */
#define ROLL_TICKETS_ERROR (roll_tickets_error_quark ())
GQuark roll_tickets_error_quark (void);

/*
 * The tickets of one logon. They are got through libkrb5 itself before GSS-API is asked for anything: GSS-API renumbers
 * the errors of a mechanism under another one, and what the KDC said must not get lost.
 */
typedef struct _RollTickets RollTickets;

/*
 * Asking for them blocks while KDCs are asked, which libkrb5 can't be kept from: it goes on in a thread of its own, and is
 * left to itself when nobody holds the request any more.
 */
typedef struct _RollTicketsRequest RollTicketsRequest;

/**
 * roll_tickets_ask:
 * @principal: (nullable): "user@REALM", with @password, into memory; NULL: the ticket cache of the user who runs the program
 * @service: "host/pc1.corp.example"; its realm is found out
 *
 * Returns: (nullable): NULL with errno set: this machine has no thread or no descriptor left
 */
RollTicketsRequest *roll_tickets_ask (const char *principal, RollSecret *password, const char *service);
/* Readable once there is an answer. */
int roll_tickets_request_get_fd (const RollTicketsRequest *request);
/* Only when there is an answer, and once. Errors: ROLL_TICKETS_ERROR */
RollTickets *roll_tickets_request_finish (RollTicketsRequest *request, GError **error);
void roll_tickets_request_unref (RollTicketsRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollTicketsRequest, roll_tickets_request_unref)

void roll_tickets_free (RollTickets *tickets);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollTickets, roll_tickets_free)

/* Whose tickets the user who runs the program has: the realm. (transfer full) (nullable): NULL: none, or not to be read */
char *roll_tickets_own_realm (void);

/**
 * roll_tickets_acquire: what GSS-API wants of them. The credential lives on the tickets.
 * @mech: Kerberos, or SPNEGO
 * @ret_target: (inout), @ret_credential: (inout): to be released by the caller, also after a failure
 *
 * Returns: GSS-API's major status
 */
OM_uint32 roll_tickets_acquire (const RollTickets *tickets, gss_OID mech, gss_name_t *ret_target,
                                gss_cred_id_t *ret_credential, OM_uint32 *ret_minor);

G_END_DECLS
