/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/roll-library.h"
#include "vault/roll-vault.h"

G_BEGIN_DECLS

/* RollCredentialsWindow: all credentials, to be put in order, edited and removed. */
#define ROLL_TYPE_CREDENTIALS_WINDOW (roll_credentials_window_get_type ())
G_DECLARE_FINAL_TYPE (RollCredentialsWindow, roll_credentials_window, ROLL, CREDENTIALS_WINDOW, AdwWindow)

GtkWidget *roll_credentials_window_new (GtkWindow *parent, RollVault *vault, RollLibrary *library);

G_END_DECLS
