/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-computer-table.h"
#include "app/roll-row-order.h"

G_BEGIN_DECLS

/* Parts of the inventory that a computer with a success did not give, 0 for every other result. */
guint roll_computer_get_n_missing (const RollComputer *computer);

/* Its status, and how much of the inventory is there where a success is a partial one, and which of the scan's @retries it
 * waits for. (transfer full) */
char *roll_computer_status_text (const RollComputer *computer, guint retries);

/* Its operating system, without the vendor that all have; "" when not known. */
const char *roll_computer_get_os (const RollComputer *computer);

/* What stands in a column of the list, in the user's language; "" for nothing. (transfer full) */
char *roll_computer_text (const RollComputer *computer, RollColumn column, guint retries);

typedef enum
{
  ROLL_COPY_NAMES, /* one per line */
  ROLL_COPY_ROWS,  /* the columns of the list and the error, with tabs between them */
} RollCopyWhat;

/* Text for the clipboard of the rows at @ordinals (element-type guint32). (transfer full) */
char *roll_computers_copy (RollComputerTable *table, const GArray *ordinals, RollCopyWhat what);

G_END_DECLS
