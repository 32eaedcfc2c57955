/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What the keyring's service tells of itself on the session bus: that something of it has changed. */
typedef struct _RollVaultWatch RollVaultWatch;

/* @changed: called some moments after it, once for many changes at once */
RollVaultWatch *roll_vault_watch_new (void (*changed) (gpointer user_data), gpointer user_data);
void roll_vault_watch_free (RollVaultWatch *watch);

G_END_DECLS
