/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-wizard-page.h"
#include "scan/roll-scan-form.h"

G_BEGIN_DECLS

/**
 * RollFindPage: how to find computers: typed, and by any other ways chosen. Checked while it is typed.
 *
 * ::way (int kind, RollTargetSource *source): the page of a way is wanted, for one that is chosen already or, NULL, anew
 * ::profile (const char *name): this one is to be done again
 * ::profiles-listed (): which profiles there are is known, or has changed
 */
#define ROLL_TYPE_FIND_PAGE (roll_find_page_get_type ())
G_DECLARE_FINAL_TYPE (RollFindPage, roll_find_page, ROLL, FIND_PAGE, RollWizardPage)

/* @old: (nullable): the one it takes the place of; @source: (transfer full) */
void roll_find_page_add_source (RollFindPage *self, const RollTargetSource *old, RollTargetSource *source);

/* What has been entered, and the other way round. (transfer full) */
RollScanForm *roll_find_page_get_form (RollFindPage *self);
void roll_find_page_set_form (RollFindPage *self, const RollScanForm *form);
/* What was just set is checked, and the page left then. */
void roll_find_page_go_on_when_checked (RollFindPage *self);

/* Profiles were saved or deleted elsewhere. */
void roll_find_page_refresh_profiles (RollFindPage *self);
const char *const *roll_find_page_get_profiles (RollFindPage *self); /* (nullable): NULL: not known yet */
gboolean roll_find_page_is_empty (RollFindPage *self);

/* Of what is entered now, once one may go on. (transfer none) (nullable) */
const RollScanFormCheck *roll_find_page_get_check (RollFindPage *self);

/* “3 addresses are on the internet…” (transfer full) */
char *roll_find_page_describe_public (guint n_public);

G_END_DECLS
