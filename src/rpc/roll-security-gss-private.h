/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gssapi/gssapi.h>

#include "rpc/roll-security.h"

G_BEGIN_DECLS

/* Around a context that is complete already. @context: taken over; of DCE style */
RollSecurity *roll_security_new_from_gss (RollAuthType type, gss_ctx_id_t context, RollAuthLevel level);

G_END_DECLS
