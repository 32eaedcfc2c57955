/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-computers-copy.h"

#include "app/roll-format.h"

static void
append_row (GString *text, const RollComputer *computer)
{
  char address[ROLL_ADDRESS_STRLEN];
  g_autofree char *error = roll_error_format (computer->error);
  g_autofree char *duration = computer->started_at > 0 ? roll_format_duration (computer->duration_us) : g_strdup ("");

  g_string_append_printf (text, "%s\t%s\t%s\t%s\t%s\t%u\t%s", computer->target,
                          roll_address_format (&computer->address, address), roll_status_label (computer->status),
                          computer->step != ROLL_STEP_NONE ? roll_step_label (computer->step) : "", error,
                          computer->attempts, duration);
}

char *
roll_computers_copy (RollComputerTable *table, const GArray *ordinals, RollCopyWhat what)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < ordinals->len; i++)
    {
      const RollComputer *computer = roll_computer_table_get_computer (table, g_array_index (ordinals, guint32, i));

      if (i > 0)
        g_string_append_c (text, '\n');
      if (what == ROLL_COPY_NAMES)
        g_string_append (text, computer->target);
      else
        append_row (text, computer);
    }
  return g_string_free (text, FALSE);
}
