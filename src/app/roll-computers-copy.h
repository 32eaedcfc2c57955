/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-computer-table.h"

G_BEGIN_DECLS

typedef enum
{
  ROLL_COPY_NAMES, /* one per line */
  ROLL_COPY_ROWS,  /* name, address, status, step, error, attempts and time, with tabs between them */
} RollCopyWhat;

/* Text for the clipboard of the rows at @ordinals (element-type guint32). (transfer full) */
char *roll_computers_copy (RollComputerTable *table, const GArray *ordinals, RollCopyWhat what);

G_END_DECLS
