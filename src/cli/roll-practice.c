/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-practice.h"

#include <glib/gi18n.h>

#include "cli/roll-terminal.h"

RollLab *
roll_practice_start (guint n_computers, GError **error)
{
  g_autoptr (RollLab) lab = roll_lab_new (n_computers);

  return roll_lab_start (lab, error) ? g_steal_pointer (&lab) : NULL;
}

RollLab *
roll_practice_start_again (const RollScanInfo *info, GError **error)
{
  g_autoptr (RollScanOptions) options = roll_scan_options_from_text (info->options, error);

  if (!options)
    return NULL;
  g_autoptr (RollLab) lab = roll_lab_new (CLAMP (info->n_targets, 1, ROLL_LAB_COMPUTERS_MAX));
  roll_lab_set_port (lab, (guint16) options->port);
  g_autoptr (GError) failure = NULL;
  if (roll_lab_start (lab, &failure))
    return g_steal_pointer (&lab);
  if (!g_error_matches (failure, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE))
    g_propagate_error (error, g_steal_pointer (&failure));
  else
    g_set_error (
        error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE,
        _ ("The practice network of that scan had port %u, which somebody else uses now. Try again later, or "
           "start a new practice scan."),
        options->port);
  return NULL;
}

RollTargetList *
roll_practice_get_targets (RollLab *lab)
{
  g_autoptr (RollTargetList) list = roll_target_list_new ();
  guint n;
  const RollLabComputer *computers = roll_lab_get_computers (lab, &n);

  for (guint i = 0; i < n; i++)
    {
      gboolean added = roll_target_list_add (list, computers[i].target, NULL);
      g_assert (added);
    }
  return g_steal_pointer (&list);
}

void
roll_practice_set_options (RollLab *lab, RollScanOptions *options)
{
  const char *const dns[] = { roll_lab_get_dns (lab), NULL };

  options->port = roll_lab_get_port (lab);
  options->side_ports = roll_lab_get_side_ports (lab);
  g_strfreev (options->dns);
  options->dns = g_strdupv ((char **) dns);
}

void
roll_practice_announce (void)
{
  roll_terminal_error (
      _ ("This is the practice network: its computers exist only inside this program, and no "
         "packet leaves this machine."));
}
