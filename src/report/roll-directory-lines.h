/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-computer.h"

G_BEGIN_DECLS

/* A line about a computer, in the user's language. */
typedef struct
{
  const char *label;
  char *value;
} RollDirectoryLine;

/* What Active Directory told of @computer, as people read it; empty when it told nothing. (transfer full) (element-type RollDirectoryLine) */
GPtrArray *roll_directory_lines (const RollComputer *computer);

G_END_DECLS
