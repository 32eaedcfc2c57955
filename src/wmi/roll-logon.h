/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-credential.h"
#include "rpc/roll-security.h"

G_BEGIN_DECLS

/*
 * How one credential logs on to one computer by one protocol: makes a security context for each association. NTLM goes as it is,
 * Kerberos under SPNEGO: what Windows' own clients and the tools of others have proved.
 */
typedef struct
{
  RollCredential *credential;
  RollProtocol protocol;
  const char *host; /* (nullable): the computer's full name for host/FQDN; Kerberos needs one */
  int cancel_fd;
  guint timeout_ms; /* for a KDC */
} RollLogon;

/**
 * roll_logon_find_realm: the Kerberos realm of an account that is not local.
 *
 * The realm of CORP\user is the domain itself where that has a dot, else this machine's default realm if it begins with CORP: what
 * a computer says of itself before the logon is not asked, or it could send the password's proof to a KDC of its own.
 *
 * Returns: (transfer full) (nullable)
 */
char *roll_logon_find_realm (const RollCredential *credential);

/**
 * roll_logon_new_security: always packet privacy.
 *
 * Errors: of the KDC, or REFUSED with SEC_E_TARGET_UNKNOWN or SEC_E_NO_AUTHENTICATING_AUTHORITY, said by this machine, where Kerberos
 * is to be used without a name or a realm.
 */
RollSecurity *roll_logon_new_security (const RollLogon *logon, GError **error);

G_END_DECLS
