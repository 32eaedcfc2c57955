/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rpc/roll-security.h"

void
roll_security_free (RollSecurity *security)
{
  if (security != NULL)
    security->klass->free (security);
}
