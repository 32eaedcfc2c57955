/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "diagnosis/roll-common-rules.h"
#include "store/roll-store.h"

G_BEGIN_DECLS

/**
 * RollSymptom: what common causes are made of: of each computer that is done how it ended; and of each further
 * account that was tried on it what became of that. Small, as there may be a million.
 * @ordinal: the computer's
 * @strata: the number of what it has in common with others, 1 to roll_symptoms_count(); 0: not known
 * @status: position in roll_status_results()
 * @step: where it stopped; NONE: nowhere
 * @traits: RollTraits
 * @further: of a further account, not how the computer ended
 * @at: when that was, microseconds since the epoch
 */
typedef struct
{
  guint32 ordinal;
  guint32 strata[ROLL_N_SHARED];
  guint32 traits;
  guint8 status;
  guint8 step;
  gboolean further;
  gint64 at;
} RollSymptom;

typedef struct
{
  GArray *rows;                     /* (element-type RollSymptom): by ordinal */
  GPtrArray *names[ROLL_N_SHARED];  /* (element-type utf8): [0] stands for "not known" */
  GHashTable *numbers[ROLL_N_SHARED];
  char *from;                       /* (nullable): this computer, when the scan began: "host (10.9.1.20)" */
} RollSymptoms;

/* In two passes over what is stored, one of computers and one of attempts. Any thread. */
RollSymptoms *roll_symptoms_read (RollStore *store, gint64 scan_id, GCancellable *cancellable, GError **error);
void roll_symptoms_free (RollSymptoms *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollSymptoms, roll_symptoms_free)

/* How many values a stratum has, the unknown one (number 0) included. */
guint roll_symptoms_count (const RollSymptoms *self, RollShared stratum);
/* For people: a time of day for MOMENT and MINUTE. (transfer full) */
char *roll_symptoms_name (const RollSymptoms *self, RollShared stratum, guint number);

gboolean roll_condition_holds (const RollCondition *condition, const RollSymptom *symptom);

G_END_DECLS
