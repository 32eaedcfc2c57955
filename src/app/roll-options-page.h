/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-wizard-page.h"
#include "scan/roll-scan.h"

G_BEGIN_DECLS

/* RollOptionsPage: how a scan is done. The defaults are good; nobody needs this page. */
#define ROLL_TYPE_OPTIONS_PAGE (roll_options_page_get_type ())
G_DECLARE_FINAL_TYPE (RollOptionsPage, roll_options_page, ROLL, OPTIONS_PAGE, RollWizardPage)

/* (transfer full) */
RollScanOptions *roll_options_page_get_options (RollOptionsPage *self);
void roll_options_page_set_options (RollOptionsPage *self, const RollScanOptions *options);

/* What is not as usual, in one line: “Port 1135 · 10 s”. (transfer full) */
char *roll_options_page_describe (RollOptionsPage *self);

G_END_DECLS
