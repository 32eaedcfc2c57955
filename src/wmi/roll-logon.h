/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-credential.h"
#include "rpc/roll-security.h"

G_BEGIN_DECLS

/* How one credential logs on to one computer by one protocol: makes a security context for each association. */
typedef struct
{
  RollCredential *credential;
  RollProtocol protocol;
  const char *host; /* (nullable): the computer's full name for host/FQDN; Kerberos needs one */
  int cancel_fd;
  guint timeout_ms; /* for a KDC */
} RollLogon;

/* Always packet privacy. Errors: of the KDC, or REFUSED where Kerberos is to be used without a name or realm. */
RollSecurity *roll_logon_new_security (const RollLogon *logon, GError **error);

G_END_DECLS
