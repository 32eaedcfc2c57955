/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "codec/roll-pdu.h"
#include "rpc/roll-security.h"

G_BEGIN_DECLS

/*
 * One fragment of a request or a response, signed or sealed on its way out, verified and opened on its way in. Every
 * fragment has its own verifier ([MS-RPCE] 2.2.2.11); the same for both ends of a connection.
 */

/* How much stub fits into a fragment of @max_fragment bytes behind a header of @header_size; 0 when none does. */
gsize roll_fragment_capacity (RollSecurity *security, gsize max_fragment, gsize header_size);

/**
 * roll_fragment_end: adds the verifier to the PDU that began at @pdu with its stub at @stub, signs it, seals the stub,
 *   and ends it.
 * @security: (nullable): NULL: none
 */
gboolean roll_fragment_end (RollWriter *writer, gsize pdu, gsize stub, RollSecurity *security, GError **error);

/**
 * roll_fragment_open: checks that @pdu is signed as agreed and opens its stub in place.
 * @bytes: where @pdu was decoded from
 * @security: (nullable): NULL: nothing is expected and nothing checked
 */
gboolean roll_fragment_open (const RollPdu *pdu, guint8 *bytes, RollSecurity *security, GError **error);

G_END_DECLS
