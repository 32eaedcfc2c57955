/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-cli.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-database.h"
#include "cli/roll-interrupt.h"
#include "cli/roll-practice.h"
#include "cli/roll-terminal.h"

#define COMMON_CAUSES "common-causes"
#define MAX_THINK_MS (3600 * 1000)

/* How it ends, in a scan that only probes and in one that logs on where that is something else; and why. */
static char *
describe (const RollLabComputer *computer)
{
  g_autoptr (GString) text = g_string_new (roll_status_label (computer->expected));
  const char *remark = computer->expected == ROLL_STATUS_REACHABLE && computer->remark ? _ (computer->remark) : "";
  const char *cause = computer->cause ? computer->cause : "";

  if (computer->expected == ROLL_STATUS_REACHABLE)
    g_string_append_printf (text, "; %s", roll_status_label (computer->expected_inventory));
  if (*remark || *cause)
    g_string_append_printf (text, " (%s%s%s)", remark, *remark && *cause ? ", " : "", cause);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
print_list (RollLab *lab)
{
  guint n;
  const RollLabComputer *computers = roll_lab_get_computers (lab, &n);

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *description = describe (&computers[i]);
      char address[ROLL_ADDRESS_STRLEN];

      roll_address_format (&computers[i].address, address);
      roll_terminal_print (stdout, "%-40s # %-15s %s", computers[i].target, address, description);
    }
}

static void
print_accounts (RollLab *lab)
{
  guint n;
  const RollLabAccount *accounts = roll_lab_get_accounts (lab, &n);

  for (guint i = 0; i < n; i++)
    {
      roll_terminal_print (stdout, "    [credential %s]", _ (accounts[i].name));
      roll_terminal_print (stdout, "    username=%s", accounts[i].account);
      roll_terminal_print (stdout, "    password=%s", accounts[i].password);
      roll_terminal_print (stdout, "    scope=%s", accounts[i].scope);
      roll_terminal_print (stdout, "    protocols=ntlm");
    }
}

/* @which: the words that make it this network. */
static void
print_how_to_scan (RollLab *lab, const char *which)
{
  guint n_computers;

  roll_lab_get_computers (lab, &n_computers);
  roll_terminal_print (
      stdout,
      ngettext ("The practice network runs, with %u computer. Scan it in another terminal with",
                "The practice network runs, with %u computers. Scan it in another terminal with",
                n_computers),
      n_computers);
  fputc ('\n', stdout);
  roll_terminal_print (stdout,
                       "    %1$s lab --list%2$s | %1$s scan --targets - --probe-only --port %3$u --dns %4$s",
                       g_get_prgname (), which, roll_lab_get_port (lab), roll_lab_get_dns (lab));
  fputc ('\n', stdout);
  roll_terminal_print (stdout, _ ("For an inventory leave out --probe-only and name with --credentials a file, mode 0600, with"));
  fputc ('\n', stdout);
  print_accounts (lab);
  fputc ('\n', stdout);
  roll_terminal_print (stdout, _ ("Ctrl+C ends it."));
  fflush (stdout);
}

static RollExit
run_until_interrupted (RollLab *lab, const char *which)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();

  roll_interrupt_start ();
  roll_interrupt_cancel_with (cancellable);
  if (!roll_lab_start (lab, &error))
    return roll_database_failed (error);
  print_how_to_scan (lab, which);
  g_main_context_acquire (NULL);
  while (!g_cancellable_is_cancelled (cancellable))
    g_main_context_iteration (NULL, TRUE);
  g_main_context_release (NULL);
  return ROLL_EXIT_STOPPED;
}

static char *
words_for (gboolean common_causes, guint n_computers)
{
  if (common_causes)
    return g_strdup (" --scenario " COMMON_CAUSES);
  return n_computers == ROLL_LAB_COMPUTERS ? g_strdup ("") : g_strdup_printf (" --computers %u", n_computers);
}

RollExit
roll_command_lab (char **words)
{
  g_autofree char *scenario = NULL, *computers = NULL, *fixed_port = NULL, *think = NULL;
  gboolean only_list = FALSE;
  const GOptionEntry entries[] = {
    { "list", 0, 0, G_OPTION_ARG_NONE, &only_list,
      N_ ("Print its computers and how they end, as a targets file, and do not start it"), NULL },
    { "computers", 0, 0, G_OPTION_ARG_FILENAME, &computers, N_ ("How many computers, default 40"), N_ ("N") },
    { "scenario", 0, 0, G_OPTION_ARG_FILENAME, &scenario,
      N_ ("Another network: common-causes has 500 computers and five things that are wrong with many of them"),
      N_ ("NAME") },
    { "port", 0, 0, G_OPTION_ARG_FILENAME, &fixed_port,
      N_ ("The port of each computer and of the name service; 135 needs the right to open it"), N_ ("PORT") },
    { "think", 0, 0, G_OPTION_ARG_FILENAME, &think,
      N_ ("How long each computer takes to find its first rows, default 0"), N_ ("SECONDS") },
    G_OPTION_ENTRY_NULL,
  };
  guint n_computers = ROLL_LAB_COMPUTERS, port = 0, think_ms = 0;
  RollExit status;

  if (!roll_arguments_parse (
          "lab", entries,
          _ ("Its computers exist only inside this program, on addresses 127.x.y.z: no packet "
             "leaves this machine. “scan --practice” starts and scans it at once."),
          words, NULL, &status))
    return status;
  if (!roll_arguments_number ("lab", "--computers", computers, 1, ROLL_LAB_COMPUTERS_MAX, &n_computers))
    return ROLL_EXIT_USAGE;
  if (!roll_arguments_number ("lab", "--port", fixed_port, 1, G_MAXUINT16, &port))
    return ROLL_EXIT_USAGE;
  if (!roll_arguments_seconds ("lab", "--think", think, 0, MAX_THINK_MS, &think_ms))
    return ROLL_EXIT_USAGE;
  if (scenario && !g_str_equal (scenario, COMMON_CAUSES))
    return roll_arguments_wrong ("lab", _ ("there is no scenario “%s”; there is %s"), scenario, COMMON_CAUSES);
  if (scenario && computers)
    return roll_arguments_wrong ("lab", _ ("a scenario has its own number of computers: leave out --computers"));
  g_autofree char *which = words_for (scenario != NULL, n_computers);
  g_autoptr (RollLab) lab = scenario ? roll_lab_new_scenario (ROLL_LAB_COMMON_CAUSES) : roll_lab_new (n_computers);
  roll_lab_set_port (lab, (guint16) port);
  roll_lab_set_think_time (lab, think_ms);
  if (!only_list)
    return run_until_interrupted (lab, which);
  print_list (lab);
  return ROLL_EXIT_OK;
}
