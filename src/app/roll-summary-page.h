/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-wizard-page.h"
#include "scan/roll-scan.h"

G_BEGIN_DECLS

/**
 * RollSummaryPage: what a scan would do, before it begins.
 *
 * ::options (): the person wants to change them
 * ::save-profile (const char *name): end it with roll_summary_page_profile_saved()
 */
#define ROLL_TYPE_SUMMARY_PAGE (roll_summary_page_get_type ())
G_DECLARE_FINAL_TYPE (RollSummaryPage, roll_summary_page, ROLL, SUMMARY_PAGE, RollWizardPage)

/**
 * roll_summary_page_set_scan: what to sum up; counted in a worker thread.
 * @targets: no longer changed
 * @credentials: (nullable) (element-type RollCredential): NULL: only look which computers answer
 * @options_text: what is special about the options
 */
void roll_summary_page_set_scan (RollSummaryPage *self, RollTargetList *targets, GPtrArray *credentials,
                                 const RollScanOptions *options, const char *options_text);

/* The name of the scan. (transfer full) (nullable) */
char *roll_summary_page_get_name (RollSummaryPage *self);
void roll_summary_page_set_name (RollSummaryPage *self, const char *name);

/* @error: (nullable): why it could not be */
void roll_summary_page_profile_saved (RollSummaryPage *self, const GError *error);
/* Those there are: saving one of them is an update. @names: (nullable) */
void roll_summary_page_set_profiles (RollSummaryPage *self, const char *const *names);
void roll_summary_page_set_profile (RollSummaryPage *self, const char *name);

G_END_DECLS
