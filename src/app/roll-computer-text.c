/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/roll-computer-text.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/roll-format.h"
#include "scan/roll-scan.h"

#define VENDOR "Microsoft "

guint
roll_computer_get_n_missing (const RollComputer *computer)
{
  if (computer->status != ROLL_STATUS_SUCCESS || computer->classes_collected >= computer->classes_planned)
    return 0;
  return computer->classes_planned - computer->classes_collected;
}

char *
roll_computer_status_text (const RollComputer *computer, guint retries)
{
  if (roll_computer_get_n_missing (computer) == 0)
    return roll_scan_status_text (computer, retries);
  /* Translators: a status, how many parts of the inventory there are, and how many there should be */
  return g_strdup_printf (_("%s, %u of %u"), roll_status_label (computer->status), computer->classes_collected,
                          computer->classes_planned);
}

const char *
roll_computer_get_os (const RollComputer *computer)
{
  const char *os = computer->facts != NULL ? computer->facts->os : NULL;

  if (os == NULL)
    return "";
  return g_str_has_prefix (os, VENDOR) ? os + strlen (VENDOR) : os;
}

char *
roll_computer_text (const RollComputer *computer, RollColumn column, guint retries)
{
  char address[ROLL_ADDRESS_STRLEN];

  switch (column)
    {
    case ROLL_COLUMN_NAME:
      return g_strdup (computer->target);
    case ROLL_COLUMN_ADDRESS:
      return g_strdup (roll_address_format (&computer->address, address));
    case ROLL_COLUMN_STATUS:
      return roll_computer_status_text (computer, retries);
    case ROLL_COLUMN_STEP:
      return g_strdup (computer->step != ROLL_STEP_NONE ? roll_step_label (computer->step) : "");
    case ROLL_COLUMN_ATTEMPTS:
      return computer->attempts > 0 ? roll_format_count (computer->attempts) : g_strdup ("");
    case ROLL_COLUMN_OS:
      return g_strdup (roll_computer_get_os (computer));
    case ROLL_COLUMN_DURATION:
      return computer->started_at > 0 ? roll_format_duration (computer->duration_us) : g_strdup ("");
    case ROLL_COLUMN_TARGET_ORDER:
    default:
      return g_strdup ("");
    }
}

static void
append_row (GString *text, const RollComputer *computer, guint retries)
{
  g_autofree char *error = roll_error_format (computer->error);

  for (guint column = ROLL_COLUMN_NAME; column < ROLL_N_COLUMNS; column++)
    {
      g_autofree char *cell = roll_computer_text (computer, (RollColumn) column, retries);

      g_string_append_printf (text, "%s\t", cell);
    }
  g_string_append (text, error);
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
        append_row (text, computer, roll_computer_table_get_retries (table));
    }
  return g_string_free (text, FALSE);
}
