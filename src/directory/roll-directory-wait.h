/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>
#include <poll.h>

#include "directory/roll-directory.h"

G_BEGIN_DECLS

/*
 * How long a conversation waits, and who may end it: whatever waits for the network does it here.
 */
typedef struct
{
  GCancellable *cancellable; /* (nullable), borrowed */
  GPollFD cancel;            /* fd -1: none */
  gint64 deadline;           /* g_get_monotonic_time() */
  const char *peer;          /* for the sentence */
} RollDirectoryWait;

void roll_directory_wait_init (RollDirectoryWait *wait, GCancellable *cancellable);
void roll_directory_wait_clear (RollDirectoryWait *wait);

/* From now on, for @peer (borrowed). */
void roll_directory_wait_begin (RollDirectoryWait *wait, const char *peer, gint64 milliseconds);

#define ROLL_DIRECTORY_WAIT_FDS_MAX 32

/**
 * roll_directory_wait_poll: one of @fds is ready, or @max_ms have passed (-1: no matter)
 *
 * Errors: G_IO_ERROR_CANCELLED, ROLL_DIRECTORY_ERROR_TIMED_OUT
 */
gboolean roll_directory_wait_poll (const RollDirectoryWait *wait, struct pollfd *fds, guint n, int max_ms, GError **error);
gboolean roll_directory_wait_fd (const RollDirectoryWait *wait, int fd, short events, GError **error);
/* Whether to go on. */
gboolean roll_directory_wait_check (const RollDirectoryWait *wait, GError **error);

G_END_DECLS
