/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/roll-library.h"
#include "scan/roll-scan.h"
#include "vault/roll-vault.h"

G_BEGIN_DECLS

/**
 * RollCredentialsList: the credentials that are kept, in the order they are tried, with all that can be done with them: add,
 * edit, put in order by drag or Alt+Up and Alt+Down, remove with undo. Says what is to be done while the keyring is locked or
 * absent. Needs an AdwToastOverlay around it, and a scrolled window where there may be many.
 *
 * :vault: the application's
 * :library: (nullable): the scans, the last of which the wizard's preview and trial speak of
 * :choosing: each one has a check box; construct only. The order is that of all, not of one choice
 *
 * ::changed (): roll_credentials_list_get_chosen() is something else: chosen, edited, moved, removed, or read at last
 */
#define ROLL_TYPE_CREDENTIALS_LIST (roll_credentials_list_get_type ())
G_DECLARE_FINAL_TYPE (RollCredentialsList, roll_credentials_list, ROLL, CREDENTIALS_LIST, GtkWidget)

GtkWidget *roll_credentials_list_new (RollVault *vault, RollLibrary *library, gboolean choosing);

/* (transfer full) (element-type RollVaultEntry): in order; for roll_vault_load_async() */
GPtrArray *roll_credentials_list_get_chosen (RollCredentialsList *self);

/* Chooses these and no others, also those that are not read yet. @ids: (array zero-terminated=1): of RollVaultEntry */
void roll_credentials_list_choose (RollCredentialsList *self, const char *const *ids);

/* The same for those of these names, once they have been read. @names: (array zero-terminated=1) */
void roll_credentials_list_choose_names (RollCredentialsList *self, const char *const *names);

/* @options: (nullable): a trial asks by their port and name servers, instead of the last scan's. Copied */
void roll_credentials_list_set_options (RollCredentialsList *self, const RollScanOptions *options);

G_END_DECLS
