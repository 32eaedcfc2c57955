/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * RollLogonDialog: asks for the account of a scan that goes on, as none is ever stored.
 *
 * ::resume (GPtrArray *credentials): (transfer full): the dialog has closed itself
 */
#define ROLL_TYPE_LOGON_DIALOG (roll_logon_dialog_get_type ())
G_DECLARE_FINAL_TYPE (RollLogonDialog, roll_logon_dialog, ROLL, LOGON_DIALOG, AdwWindow)

GtkWidget *roll_logon_dialog_new (GtkWindow *parent);

G_END_DECLS
