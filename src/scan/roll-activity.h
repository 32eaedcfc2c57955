/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RollActivity: how many computers of a running scan are doing or waiting for what. Each is counted once at most; those that are done
 * or have not been begun are not.
 * @to_connect: held back: new connects are few at a time on a network of this machine's own, or none while the scan is paused
 * @queued: open, and waiting for another session to end
 * @network: likewise, for another session of their network
 * @account: waiting, logged on nowhere yet, until it is known whether an account's password is right; @put_back: likewise, but to be
 * asked once more from the beginning; @account_name: its friendly name (nullable)
 * @retry: waiting for another attempt; @next_retry_us: until the next of them is due, 0: now
 */
typedef struct
{
  guint resolving;
  guint to_connect;
  guint connecting;
  guint queued;
  guint network;
  guint logging_on;
  guint reading;
  guint account;
  guint put_back;
  char *account_name;
  guint retry;
  gint64 next_retry_us;
} RollActivity;

void roll_activity_clear (RollActivity *activity);

/* Whether anything goes on by itself, now or soon; the rest waits. */
gboolean roll_activity_is_busy (const RollActivity *activity);

/* "12 reading, 3 wait for a retry (next in 20 s)", translated; "" when there is nothing. (transfer full) */
char *roll_activity_describe (const RollActivity *activity);

G_END_DECLS
