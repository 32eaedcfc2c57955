/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-kerberos.h"

#include <errno.h>
#include <krb5.h>

#include "rpc/roll-wire.h"

/* libkrb5's table begins with the 128 numbers of the protocol; its own follow. */
#define PROTOCOL_NUMBERS 128
#define TABLE_SIZE 256

static void
fail (const GError *wrong, GError **error)
{
  guint32 number = (guint32) wrong->code - (guint32) ERROR_TABLE_BASE_krb5;

  if (number < TABLE_SIZE)
    roll_rpc_set_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_KERBEROS, number,
                        number < PROTOCOL_NUMBERS ? ROLL_SAID_BY_KDC : ROLL_SAID_BY_THIS_MACHINE, "Kerberos: %s",
                        wrong->message);
  else if (wrong->code > 0 && wrong->code < PROTOCOL_NUMBERS)
    roll_rpc_set_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_ERRNO, (guint32) wrong->code,
                        ROLL_SAID_BY_THIS_MACHINE, "Kerberos: %s", wrong->message);
  else
    roll_rpc_set_error (error, ROLL_RPC_ERROR_REFUSED, ROLL_ERROR_SPACE_HRESULT, 0x80090304 /* SEC_E_INTERNAL_ERROR */,
                        ROLL_SAID_BY_THIS_MACHINE, "Kerberos: %s (%d)", wrong->message, wrong->code);
}

RollTickets *
roll_kerberos_get_tickets (const char *principal, RollSecret *password, const char *target_name, int cancel_fd,
                           gint64 deadline, GError **error)
{
  g_autoptr (RollTicketsRequest) request = roll_tickets_ask (principal, password, target_name);
  g_autoptr (GError) wrong = NULL;
  RollTickets *tickets;

  if (request == NULL)
    {
      roll_rpc_set_error (error, ROLL_RPC_ERROR_TRANSPORT, ROLL_ERROR_SPACE_ERRNO, (guint32) errno,
                          ROLL_SAID_BY_THIS_MACHINE, "Kerberos can't be asked: %s", g_strerror (errno));
      return NULL;
    }
  if (!roll_wire_wait (roll_tickets_request_get_fd (request), cancel_fd, deadline, error))
    return NULL;
  tickets = roll_tickets_request_finish (request, &wrong);
  if (tickets == NULL)
    fail (wrong, error);
  return tickets;
}
