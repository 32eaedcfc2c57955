/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-wizard-page.h"
#include "scan/roll-target-source.h"

G_BEGIN_DECLS

/* RollFilePage: a file with computers: which one and, of a table, which column. Read in a worker thread. */
#define ROLL_TYPE_FILE_PAGE (roll_file_page_get_type ())
G_DECLARE_FINAL_TYPE (RollFilePage, roll_file_page, ROLL, FILE_PAGE, RollWizardPage)

/* Another file, or @column of it (nullable). */
void roll_file_page_set_file (RollFilePage *self, const char *path, const char *column);
void roll_file_page_clear (RollFilePage *self);
gboolean roll_file_page_is_empty (RollFilePage *self);

/* What was chosen, once one may go on. (transfer full) */
RollTargetSource *roll_file_page_get_source (RollFilePage *self);

/* Asks for a file at once. */
void roll_file_page_choose (RollFilePage *self);

G_END_DECLS
