/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <stdio.h>

#include "scan/roll-scan.h"

G_BEGIN_DECLS

/* One line on a terminal, rewritten in place. On anything else all this does nothing. */
typedef struct _RollProgressLine RollProgressLine;

RollProgressLine *roll_progress_line_new (FILE *stream);
void roll_progress_line_free (RollProgressLine *line);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollProgressLine, roll_progress_line_free)

void roll_progress_line_draw (RollProgressLine *line, const RollProgress *progress);
/* Makes room for other text; the next draw brings it back. */
void roll_progress_line_clear (RollProgressLine *line);

G_END_DECLS
