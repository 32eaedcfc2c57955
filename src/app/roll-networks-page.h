/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-wizard-page.h"
#include "scan/roll-target-source.h"

G_BEGIN_DECLS

/* RollNetworksPage: this machine's own subnets, to choose from. */
#define ROLL_TYPE_NETWORKS_PAGE (roll_networks_page_get_type ())
G_DECLARE_FINAL_TYPE (RollNetworksPage, roll_networks_page, ROLL, NETWORKS_PAGE, RollWizardPage)

/* Reads them anew. @chosen: (nullable): those chosen before; NULL: all that may be */
void roll_networks_page_open (RollNetworksPage *self, const RollTargetSource *chosen);

/* (transfer full) */
RollTargetSource *roll_networks_page_get_source (RollNetworksPage *self);

G_END_DECLS
