/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * RollSecret: bytes that must not leak: a password, a hash that is as good as one. Atomically refcounted, immutable, in
 * pages of its own that are neither swapped nor dumped nor inherited by a child, and wiped when the last holder lets go.
 */
typedef struct _RollSecret RollSecret;

/* Copies; wiping the source is the caller's. A NUL stands behind the bytes, so that a password reads as a string. */
RollSecret *roll_secret_new (const void *bytes, gsize length);
RollSecret *roll_secret_ref (RollSecret *secret);
void roll_secret_unref (RollSecret *secret);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollSecret, roll_secret_unref)

const guint8 *roll_secret_bytes (const RollSecret *secret);
const char *roll_secret_text (const RollSecret *secret);
gsize roll_secret_length (const RollSecret *secret);

/* From here on this process leaves no core dump, and no other program of the user's may look into it. */
void roll_secret_forbid_dumps (void);

G_END_DECLS
