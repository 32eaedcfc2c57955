/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "inventory/roll-computer.h"

#include <string.h>

/* One block for the struct and its target: a scan makes a million of them. */
RollComputer *
roll_computer_new (guint32 ordinal, const char *target)
{
  RollComputer *computer;
  gsize length;

  g_return_val_if_fail (target != NULL, NULL);

  length = strlen (target) + 1;
  computer = g_malloc0 (sizeof *computer + length);
  g_atomic_ref_count_init (&computer->ref_count);
  computer->ordinal = ordinal;
  computer->target = memcpy (computer + 1, target, length);
  computer->status = ROLL_STATUS_NOT_STARTED;
  return computer;
}

RollComputer *
roll_computer_ref (RollComputer *computer)
{
  g_return_val_if_fail (computer != NULL, NULL);

  g_atomic_ref_count_inc (&computer->ref_count);
  return computer;
}

void
roll_computer_unref (RollComputer *computer)
{
  g_return_if_fail (computer != NULL);

  if (!g_atomic_ref_count_dec (&computer->ref_count))
    return;
  g_free (computer->credential);
  roll_facts_free (computer->facts);
  g_clear_pointer (&computer->directory, roll_directory_facts_unref);
  g_free (computer);
}
