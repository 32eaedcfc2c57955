/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * One conversation with the keyring, written in straight lines on a thread of its own: libsecret's asynchronous calls are
 * begun in a main context of the run, and waited for no longer than the run may last, even where libsecret itself
 * would wait for a prompt that nobody answers.
 *
 *   secret_password_search (…, run->cancellable, roll_vault_run_take, roll_vault_run_begin (run, FALSE));
 *   result = roll_vault_run_wait (run, error);
 */
typedef struct _RollVaultAnswer RollVaultAnswer;

typedef struct
{
  GCancellable *cancellable; /* for libsecret: of this thread alone */
  GMainContext *context;
  GSource *deadline;
  GSource *stop;
  GSource *grace;            /* (nullable) */
  RollVaultAnswer *answer;   /* (nullable): to the call under way */
  gboolean asking;
  gboolean timed_out;
  gboolean stopped;          /* by the caller */
  gboolean given_up;         /* libsecret does not come back even when cancelled */
} RollVaultRun;

RollVaultRun *roll_vault_run_new (GCancellable *cancellable, guint timeout_ms);
void roll_vault_run_free (RollVaultRun *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollVaultRun, roll_vault_run_free)

/* @asking: the keyring may ask the person for its password meanwhile */
gpointer roll_vault_run_begin (RollVaultRun *run, gboolean asking);
void roll_vault_run_take (GObject *source, GAsyncResult *result, gpointer answer); /* a GAsyncReadyCallback */

/* (transfer full): NULL: the time was over */
GAsyncResult *roll_vault_run_wait (RollVaultRun *run, GError **error);

/* Says in our words what libsecret's @trouble (transfer full) is. Returns: FALSE */
gboolean roll_vault_run_fail (RollVaultRun *run, GError *trouble, GError **error);

G_END_DECLS
