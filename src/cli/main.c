/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-cli.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "cli/roll-table.h"
#include "cli/roll-terminal.h"
#include "scan/roll-session-pool.h"

static const RollCommand commands[] = {
  { "scan", N_ ("[TARGET…]"),
    N_ ("Take the inventory: find out which computers answer, and why the others do not"),
    roll_command_scan },
  { "list", "", N_ ("List the scans of the database"), roll_command_list },
  { "report", N_ ("[ID]"), N_ ("Show how many computers ended with which status"), roll_command_report },
  { "show", N_ ("[ID] COMPUTER"),
    N_ ("Show one computer: every step with its time, error and peer, and what to do"), roll_command_show },
  { "retest", N_ ("[ID] COMPUTER…"), N_ ("Test computers of a scan again, and show before and after"),
    roll_command_retest },
  { "export", N_ ("[ID] --csv FILE"), N_ ("Write the results of a scan as a table"), roll_command_export },
  { "diff", N_ ("ID ID"), N_ ("Show what changed between two scans"), roll_command_diff },
  { "explain", N_ ("[CODE|ID|LABEL|NUMBER]"),
    N_ ("Say what a status or an error number means and what to do"), roll_command_explain },
  { "credential", N_ ("add|list|remove|test [NAME [COMPUTER]]"), N_ ("Keep accounts to log on with in the keyring"),
    roll_command_credential },
  { "lab", "", N_ ("Run the practice network, a small company that exists only inside this program"),
    roll_command_lab },
};

const RollCommand *
roll_command_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_strcmp0 (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

static void
print_help (void)
{
  roll_terminal_print (stdout, _ ("Usage: %s COMMAND [OPTION…]"), g_get_prgname ());
  roll_terminal_print (
      stdout, _ ("Takes the inventory of a Windows network and says why a computer did not answer."));
  fputc ('\n', stdout);

  RollTable *table = roll_table_new ();
  roll_table_add_column (table, _ ("Command"), ROLL_TABLE_LEFT);
  roll_table_add_column (table, "", ROLL_TABLE_LEFT);
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      roll_table_add_cell (table, commands[i].name);
      roll_table_add_cell (table, _ (commands[i].summary));
    }
  roll_table_print (table, stdout);
  roll_table_free (table);

  fputc ('\n', stdout);
  roll_terminal_print (stdout, _ ("“%s COMMAND --help” shows the options of a command."), g_get_prgname ());
}

static RollExit
dispatch (char **words)
{
  const RollCommand *command = roll_command_find (words[0]);

  if (command)
    return command->run (words + 1);
  if (!words[0])
    {
      roll_terminal_error (_ ("What shall be done? “%s --help” shows the commands."), g_get_prgname ());
      return ROLL_EXIT_USAGE;
    }
  if (g_str_equal (words[0], "--version"))
    {
      roll_terminal_print (stdout, "%s %s", g_get_prgname (), ROLL_VERSION);
      return ROLL_EXIT_OK;
    }
  if (g_str_equal (words[0], "--help") || g_str_equal (words[0], "-h") || g_str_equal (words[0], "help"))
    {
      print_help ();
      return ROLL_EXIT_OK;
    }
  roll_terminal_error (_ ("There is no command “%s”. “%s --help” shows the commands."), words[0],
                       g_get_prgname ());
  return ROLL_EXIT_USAGE;
}

/* What failed earlier has left no errno behind, but a pipe that nobody reads can be told. */
static gboolean
has_no_reader (int code)
{
  struct pollfd fd = { .fd = STDOUT_FILENO, .events = POLLOUT };

  if (code != 0)
    return code == EPIPE;
  return poll (&fd, 1, 0) == 1 && (fd.revents & (POLLERR | POLLHUP)) != 0;
}

/* A reader that went away (| head) has what it wanted; a disk that is full has not. */
static RollExit
close_output (RollExit status)
{
  errno = 0;
  int code = fflush (stdout) != 0 ? errno : 0;
  if ((code == 0 && !ferror (stdout)) || has_no_reader (code) || status != ROLL_EXIT_OK)
    return status;
  if (code != 0)
    roll_terminal_error (_ ("The output could not be written: %s."), g_strerror (code));
  else
    roll_terminal_error (_ ("A part of the output could not be written. Is the disk full?"));
  return ROLL_EXIT_FAILED;
}

/*
 * Where one of the three is closed, the next file or connection that is opened would take its number, and what is
 * printed would go there. Open the wrong way round, so that using it fails as before.
 */
static void
occupy_standard_streams (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 && errno == EBADF)
      open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int
main (int argc, char **argv)
{
  occupy_standard_streams ();
  roll_session_pool_limit_arenas ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, ROLL_LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_prgname ("rollcall-cli");
  signal (SIGPIPE, SIG_IGN);
  signal (SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to tell, not an end */

  return (int) close_output (dispatch (argv + 1));
}
