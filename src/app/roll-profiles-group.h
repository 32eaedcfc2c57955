/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * RollProfilesGroup: the profiles that are kept, to choose from, rename and delete; hidden when there are none.
 *
 * ::chosen (const char *name)
 * ::listed (): which there are is known, or has changed
 */
#define ROLL_TYPE_PROFILES_GROUP (roll_profiles_group_get_type ())
G_DECLARE_FINAL_TYPE (RollProfilesGroup, roll_profiles_group, ROLL, PROFILES_GROUP, AdwPreferencesGroup)

/* Looks which there are now, in a worker thread. */
void roll_profiles_group_refresh (RollProfilesGroup *self);
/* (nullable) (transfer none): those there are; NULL: not known yet */
const char *const *roll_profiles_group_get_names (RollProfilesGroup *self);

G_END_DECLS
