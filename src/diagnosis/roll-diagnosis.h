/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "diagnosis/roll-surroundings.h"
#include "status/roll-causes-rank.h"

G_BEGIN_DECLS

/*
 * Why one computer failed: its facts, from what the scan stored of it and of the others, and the causes in the order of the
 * evidence. Owned by one holder.
 */
typedef struct
{
  RollComputer *computer;
  RollFactSet *facts;
  GPtrArray *ranked; /* (element-type RollRankedCause): the likeliest first; empty for states */
} RollDiagnosis;

/**
 * roll_diagnosis_gather: the facts of one computer, for evaluation.
 * @attempts: (nullable) (element-type RollAttempt): in order
 * @classes: (nullable) (element-type RollClassResult):
 * @findings: (nullable) (element-type RollFinding):
 * @surroundings: (nullable):
 */
void roll_diagnosis_gather (const RollComputer *computer, GPtrArray *attempts, GPtrArray *classes, GPtrArray *findings,
                            const RollSurroundings *surroundings, RollFactSet *facts);

RollDiagnosis *roll_diagnosis_new (RollComputer *computer, GPtrArray *attempts, GPtrArray *classes, GPtrArray *findings,
                                   const RollSurroundings *surroundings);
void roll_diagnosis_free (RollDiagnosis *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollDiagnosis, roll_diagnosis_free)

/* Reads what is stored of @computer. Blocks. */
RollDiagnosis *roll_diagnosis_load (RollStore *store, gint64 scan_id, RollComputer *computer,
                                    const RollSurroundings *surroundings, GError **error);

G_END_DECLS
