/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/roll-session.h"
#include "vault/roll-vault.h"

G_BEGIN_DECLS

/**
 * RollLogonDialog: asks what to log on with for a scan that goes on, as that is not stored with it: credentials that are kept, an
 * account for this time, or both.
 *
 * ::resume (GPtrArray *credentials): (transfer full): the dialog has closed itself
 */
#define ROLL_TYPE_LOGON_DIALOG (roll_logon_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RollLogonDialog, roll_logon_dialog, ROLL, LOGON_DIALOG, AdwWindow)

/* @session: the scan: what logged on in it before is chosen already. @test: computers of it are tested again */
GtkWidget *roll_logon_dialog_new (GtkWindow *parent, RollVault *vault, RollSession *session, gboolean test);

G_END_DECLS
