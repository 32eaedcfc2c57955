/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * A disk that fails when it is told to: every database that is opened from here on goes through it. Counted
 * are the calls that open, read, write, sync and truncate, of all files together.
 */
void faulty_vfs_install (void);

/* The @nth counted call from now on fails, and with @for_good all after it. */
void faulty_vfs_arm (guint nth, gboolean for_good);
/* None fails any more. */
void faulty_vfs_mend (void);

/* Whether a call has failed since it was armed. */
gboolean faulty_vfs_has_failed (void);

G_END_DECLS
