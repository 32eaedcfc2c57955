/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-password.h"

#include <errno.h>
#include <gio/gio.h>
#include <glib/gi18n.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "cli/roll-interrupt.h"
#include "cli/roll-terminal.h"

#define MAX_BYTES 2048 /* more than the longest password in UTF-8 */

static gboolean
wait_for_input (int cancel_fd)
{
  for (;;)
    {
      struct pollfd fds[] = { { STDIN_FILENO, POLLIN, 0 }, { cancel_fd, POLLIN, 0 } };

      if (poll (fds, G_N_ELEMENTS (fds), -1) < 0 && errno != EINTR)
        return FALSE;
      if (fds[1].revents)
        return FALSE;
      if (fds[0].revents)
        return TRUE;
    }
}

/* Up to the line's end, which is left out; what stands behind it is of no interest. NULL: stopped, or nothing there */
static RollSecret *
read_line (int cancel_fd)
{
  char buffer[MAX_BYTES];
  RollSecret *line = NULL;
  gsize length = 0;
  gssize n = 0;
  char *end = NULL;

  while (!end && length < sizeof buffer && wait_for_input (cancel_fd))
    {
      n = read (STDIN_FILENO, buffer + length, sizeof buffer - length);
      if (n <= 0)
        break;
      end = memchr (buffer + length, '\n', (gsize) n);
      length += (gsize) n;
    }
  if (end)
    length = (gsize) (end - buffer) - (end > buffer && end[-1] == '\r');
  if (end || length > 0)
    line = roll_secret_new (buffer, length);
  explicit_bzero (buffer, sizeof buffer);
  return line;
}

/* Nor can it be left in the background with its terminal silent. */
static void
hide_input (struct termios *ret_before)
{
  struct termios hidden;

  tcgetattr (STDIN_FILENO, ret_before);
  hidden = *ret_before;
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  hidden.c_lflag |= ICANON | ISIG | ECHONL;
  hidden.c_cc[VSUSP] = _POSIX_VDISABLE;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
}

static RollSecret *
ask (const char *question, int cancel_fd)
{
  g_autofree char *clean = roll_terminal_clean (question);
  struct termios before;
  RollSecret *answer;

  hide_input (&before);
  fprintf (stderr, "%s ", clean);
  fflush (stderr);
  answer = read_line (cancel_fd);
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &before);
  if (!answer)
    fputc ('\n', stderr);
  return answer;
}

static gboolean
is_same (const RollSecret *a, const RollSecret *b)
{
  return roll_secret_length (a) == roll_secret_length (b)
         && memcmp (roll_secret_bytes (a), roll_secret_bytes (b), roll_secret_length (a)) == 0;
}

static RollSecret *
ask_twice (const char *name, int cancel_fd, gboolean *ret_differ)
{
  g_autofree char *question = g_strdup_printf (_ ("Password of “%s”:"), name);
  g_autoptr (RollSecret) first = ask (question, cancel_fd);
  g_autoptr (RollSecret) second = first ? ask (_ ("Once more:"), cancel_fd) : NULL;

  *ret_differ = second && !is_same (first, second);
  return second && !*ret_differ ? g_steal_pointer (&first) : NULL;
}

RollSecret *
roll_password_read (const char *name, RollExit *ret_exit)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  gboolean differ = FALSE;
  RollSecret *password;
  int cancel_fd;

  roll_secret_forbid_dumps ();
  roll_interrupt_cancel_with (cancellable);
  cancel_fd = g_cancellable_get_fd (cancellable);
  password = isatty (STDIN_FILENO) ? ask_twice (name, cancel_fd, &differ) : read_line (cancel_fd);
  g_cancellable_release_fd (cancellable);
  if (password)
    return password;
  *ret_exit = g_cancellable_is_cancelled (cancellable) ? ROLL_EXIT_STOPPED : ROLL_EXIT_FAILED;
  if (differ)
    roll_terminal_error (_ ("The two passwords differ. Nothing was changed."));
  else if (*ret_exit == ROLL_EXIT_FAILED)
    roll_terminal_error (_ ("No password was given. Type it, or write it to standard input."));
  return NULL;
}
