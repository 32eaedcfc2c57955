/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "diagnosis/roll-diagnosis.h"

G_BEGIN_DECLS

/* What the steps of the attempts tell, the last attempt's above all. */
void roll_diagnosis_add_steps (const RollComputer *computer, GPtrArray *attempts, RollFactSet *facts);

G_END_DECLS
