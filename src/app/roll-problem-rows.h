/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "scan/roll-scan-form.h"

G_BEGIN_DECLS

/* Says in a list which entries are wrong, where and why; hidden when none is. */
void roll_problem_rows_show (GtkListBox *list, const RollScanFormCheck *check);

/* “3 computers · 2 wrong entries are left out” (transfer full) */
char *roll_problem_rows_describe (const RollScanFormCheck *check);

G_END_DECLS
