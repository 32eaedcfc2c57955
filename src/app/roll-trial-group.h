/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "inventory/roll-credential.h"
#include "scan/roll-scan.h"

G_BEGIN_DECLS

/**
 * RollTrialGroup: tries a credential on one computer, and shows each step as it is taken.
 *
 * ::wanted (): answer with roll_trial_group_begin() or roll_trial_group_fail()
 */
#define ROLL_TYPE_TRIAL_GROUP (roll_trial_group_get_type ())
G_DECLARE_FINAL_TYPE (RollTrialGroup, roll_trial_group, ROLL, TRIAL_GROUP, AdwPreferencesGroup)

/* @computer: (nullable): as long as the person has not named one */
void roll_trial_group_suggest (RollTrialGroup *self, const char *computer);

/**
 * roll_trial_group_begin:
 * @keeper: (nullable): what the computer needs to be there, such as the practice network: let go with @free_keeper afterwards
 */
void roll_trial_group_begin (RollTrialGroup *self, RollCredential *credential, const RollScanOptions *options,
                             gpointer keeper, GDestroyNotify free_keeper);
void roll_trial_group_fail (RollTrialGroup *self, const char *message);

/* What it was about has changed: stops it, and forgets what came of it. */
void roll_trial_group_reset (RollTrialGroup *self);

G_END_DECLS
