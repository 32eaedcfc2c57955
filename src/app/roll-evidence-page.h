/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "inventory/roll-computer.h"

G_BEGIN_DECLS

/* RollEvidencePage: every attempt at a computer and every step of it, with time, peer, number and who said so. */
#define ROLL_TYPE_EVIDENCE_PAGE (roll_evidence_page_get_type ())
G_DECLARE_FINAL_TYPE (RollEvidencePage, roll_evidence_page, ROLL, EVIDENCE_PAGE, GtkWidget)

/* @attempts: (nullable) (element-type RollAttempt): NULL while they are being read */
void roll_evidence_page_show (RollEvidencePage *self, RollComputer *computer, GPtrArray *attempts);
/* After it: what earlier tests of the computer found. @rounds: (element-type RollStoreRound) */
void roll_evidence_page_show_earlier (RollEvidencePage *self, GPtrArray *rounds);
/* Why the attempts could not be read. */
void roll_evidence_page_show_error (RollEvidencePage *self, const char *message);

G_END_DECLS
