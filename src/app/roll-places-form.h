/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "app/roll-library.h"
#include "vault/roll-vault.h"

G_BEGIN_DECLS

/**
 * RollPlacesForm: where a credential is used and by which protocols, with what that means for the computers of the last scan.
 *
 * ::changed (): see roll_places_form_is_right(), or there is another computer to try it on
 */
#define ROLL_TYPE_PLACES_FORM (roll_places_form_get_type ())
G_DECLARE_FINAL_TYPE (RollPlacesForm, roll_places_form, ROLL, PLACES_FORM, GtkWidget)

void roll_places_form_set_edited (RollPlacesForm *self, RollVaultEntry *edited);
void roll_places_form_set_account (RollPlacesForm *self, const char *account); /* not every one has Kerberos */
void roll_places_form_set_library (RollPlacesForm *self, RollLibrary *library);

gboolean roll_places_form_is_right (RollPlacesForm *self);
gboolean roll_places_form_insist (RollPlacesForm *self); /* as that of RollAccountForm */
gboolean roll_places_form_is_touched (RollPlacesForm *self);

char *roll_places_form_get_scope (RollPlacesForm *self);           /* (transfer full) */
const char *roll_places_form_get_protocols (RollPlacesForm *self); /* "": as usual */
const char *roll_places_form_get_computer (RollPlacesForm *self);  /* (nullable): of the last scan, to try it on */

G_END_DECLS
