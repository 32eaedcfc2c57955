/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * Ctrl+C, SIGTERM and a closed terminal. Until somebody waits for them they end the program at once with 130;
 * then the first one cancels and the second one ends at once. What is stored survives either.
 */

/* Once, before any other thread is started. */
void roll_interrupt_start (void);
/* The first signal from now on cancels @cancellable: on the thread that owns the main context, else on its
 * own. */
void roll_interrupt_cancel_with (GCancellable *cancellable);

G_END_DECLS
