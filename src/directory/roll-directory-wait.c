/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "directory/roll-directory-wait.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <string.h>

#define US_PER_MS 1000

void
roll_directory_wait_init (RollDirectoryWait *wait, GCancellable *cancellable)
{
  *wait = (RollDirectoryWait) { .cancellable = cancellable, .cancel.fd = -1 };
  if (cancellable && !g_cancellable_make_pollfd (cancellable, &wait->cancel))
    wait->cancel.fd = -1;
}

void
roll_directory_wait_clear (RollDirectoryWait *wait)
{
  if (wait->cancel.fd >= 0)
    g_cancellable_release_fd (wait->cancellable);
  wait->cancel.fd = -1;
}

void
roll_directory_wait_begin (RollDirectoryWait *wait, const char *peer, gint64 milliseconds)
{
  wait->peer = peer;
  wait->deadline = g_get_monotonic_time () + milliseconds * US_PER_MS;
}

gboolean
roll_directory_wait_check (const RollDirectoryWait *wait, GError **error)
{
  if (g_cancellable_set_error_if_cancelled (wait->cancellable, error))
    return FALSE;
  if (g_get_monotonic_time () < wait->deadline)
    return TRUE;
  g_set_error (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_TIMED_OUT,
               _ ("“%s” did not answer in time. Check that this is the right server and that no firewall keeps it away, or "
                  "name another one."),
               wait->peer);
  return FALSE;
}

gboolean
roll_directory_wait_poll (const RollDirectoryWait *wait, struct pollfd *fds, guint n, int max_ms, GError **error)
{
  struct pollfd all[ROLL_DIRECTORY_WAIT_FDS_MAX + 1];
  gint64 left_ms;
  int ready;

  g_assert (n <= ROLL_DIRECTORY_WAIT_FDS_MAX);
  if (!roll_directory_wait_check (wait, error))
    return FALSE;
  left_ms = (wait->deadline - g_get_monotonic_time ()) / US_PER_MS + 1;
  if (max_ms >= 0)
    left_ms = MIN (left_ms, max_ms);
  memcpy (all, fds, n * sizeof *fds);
  /* poll() passes over a negative descriptor. */
  all[n] = (struct pollfd) { .fd = wait->cancel.fd, .events = POLLIN };
  ready = poll (all, n + 1, (int) CLAMP (left_ms, 0, G_MAXINT));
  if (ready < 0 && errno != EINTR)
    memset (all, 0, sizeof all);
  memcpy (fds, all, n * sizeof *fds);
  return roll_directory_wait_check (wait, error);
}

gboolean
roll_directory_wait_fd (const RollDirectoryWait *wait, int fd, short events, GError **error)
{
  struct pollfd one = { .fd = fd, .events = events };

  do
    if (!roll_directory_wait_poll (wait, &one, 1, -1, error))
      return FALSE;
  while (one.revents == 0);
  return TRUE;
}
