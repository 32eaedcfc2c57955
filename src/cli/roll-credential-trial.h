/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "cli/roll-cli.h"
#include "scan/roll-scan.h"

G_BEGIN_DECLS

/* Tries the credential @name of the keyring on @computer; prints the steps, and why it does not work. */
RollExit roll_credential_trial (const char *name, const char *computer, const RollScanOptions *options);

G_END_DECLS
