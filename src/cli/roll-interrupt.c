/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-interrupt.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "cli/roll-cli.h"

static GCancellable *waiting; /* set once, atomically */

static gboolean
cancel (gpointer user_data)
{
  g_cancellable_cancel (user_data);
  return G_SOURCE_REMOVE;
}

/* Leaves a half-written progress line to the terminal and the prompt to the next one. */
static void
leave (void)
{
  if (isatty (STDERR_FILENO))
    fputc ('\n', stderr);
  _exit (ROLL_EXIT_STOPPED);
}

static gpointer
wait_for_signals (gpointer user_data)
{
  sigset_t *signals = user_data;
  gboolean again = FALSE;

  for (;;)
    {
      int number;
      if (sigwait (signals, &number) != 0)
        continue;
      GCancellable *cancellable = g_atomic_pointer_get (&waiting);
      if (!cancellable || again)
        leave ();
      again = TRUE;
      g_main_context_invoke (NULL, cancel, cancellable);
    }
  return NULL;
}

/* nohup wants a closed terminal to be overlooked. */
static gboolean
is_ignored (int number)
{
  struct sigaction action;

  return sigaction (number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

void
roll_interrupt_start (void)
{
  static sigset_t signals;

  sigemptyset (&signals);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGTERM);
  if (!is_ignored (SIGHUP))
    sigaddset (&signals, SIGHUP);
  /* Every thread inherits the mask, so a signal reaches only the thread that waits for it. */
  pthread_sigmask (SIG_BLOCK, &signals, NULL);
  g_thread_unref (g_thread_new ("signals", wait_for_signals, &signals));
}

void
roll_interrupt_cancel_with (GCancellable *cancellable)
{
  g_atomic_pointer_set (&waiting, g_object_ref (cancellable));
}
