/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-attempt.h"
#include "inventory/roll-directory-facts.h"
#include "inventory/roll-facts.h"

G_BEGIN_DECLS

/**
 * RollComputer: what is known of one target of one scan, as stored. Atomically refcounted; immutable once it
 * has been handed to the store, so that the journal, the window and an export may read it at once.
 * @ordinal: position in the target list, from 0; the key together with the scan
 * @target: as the user gave it, a range expanded; part of the same block, never replaced
 * @address: the address that answered, or the last one tried
 * @status: result or state
 * @step: where it stopped (NONE when it did not)
 * @error: the error it stopped with
 * @attempts: attempts made so far
 * @started_at: first attempt, microseconds since the epoch; 0 when never
 * @credential: (nullable): the friendly name of the one that worked, or was tried last
 * @classes_collected, @classes_planned: how much of the inventory is there, over all attempts
 * @facts: (nullable): what the list shows of it
 * @directory: (nullable): what Active Directory told of it, when the targets come from there
 * @duration_us: from the first attempt's start to the last one's end
 */
typedef struct
{
  gatomicrefcount ref_count;
  guint32 ordinal;
  char *target;
  RollAddress address;
  RollStatus status;
  RollStep step;
  RollSaidBy said_by;
  RollErrorNumber error;
  guint attempts;
  gint64 started_at;
  gint64 duration_us;
  char *credential;
  guint classes_collected;
  guint classes_planned;
  RollFacts *facts;
  RollDirectoryFacts *directory;
} RollComputer;

RollComputer *roll_computer_new (guint32 ordinal, const char *target);
RollComputer *roll_computer_ref (RollComputer *computer);
void roll_computer_unref (RollComputer *computer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollComputer, roll_computer_unref)

G_END_DECLS
