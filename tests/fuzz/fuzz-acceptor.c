/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"
#include "rpc/roll-acceptor.h"

/* A client of the practice network: what it sends, in two pieces, and again. */

static gboolean
offers (const RollSyntax *interface, gpointer user_data)
{
  return (interface->uuid.bytes[0] & 1) == 0;
}

static RollSecret *
lookup (const char *user, const char *domain, gpointer user_data)
{
  return NULL;
}

static RollSecurity *
new_security (RollAuthType type, RollAuthLevel level, gpointer user_data)
{
  const RollNtlmServer server = { "PC1", "PRACTICE", "pc1.practice.example", "practice.example", 10, 0, 19045, lookup, NULL };
  RollSecurity *ntlm;

  if ((type != ROLL_AUTH_NTLM && type != ROLL_AUTH_SPNEGO) || level < ROLL_LEVEL_INTEGRITY)
    return NULL;
  ntlm = roll_security_new_ntlm_acceptor (&server, level);
  return type == ROLL_AUTH_NTLM ? ntlm : roll_security_new_spnego_acceptor (ntlm);
}

static void
call (const RollAcceptorCall *call, gpointer user_data)
{
  RollAcceptor **acceptor = user_data;

  g_assert_null (call->ticket.security); /* nobody can log on */
  g_assert_cmpuint (call->length, <=, ROLL_ACCEPTOR_MAX_REQUEST);
  roll_acceptor_answer (*acceptor, &call->ticket, call->stub, call->length);
}

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static const RollAcceptorHandler handler = { .offers = offers, .new_security = new_security, .call = call };
  RollAcceptor *acceptor;
  gsize pending;

  acceptor = roll_acceptor_new (&handler, &acceptor);
  if (roll_acceptor_feed (acceptor, data, size / 2) && roll_acceptor_feed (acceptor, data + size / 2, size - size / 2))
    roll_acceptor_feed (acceptor, data, size);
  roll_acceptor_pending (acceptor, &pending);
  roll_acceptor_sent (acceptor, pending);
  roll_acceptor_free (acceptor);
  return 0;
}
