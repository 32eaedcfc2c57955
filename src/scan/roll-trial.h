/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "inventory/roll-credential.h"
#include "scan/roll-scan.h"

G_BEGIN_DECLS

/*
 * Whether a credential works on a computer: its name is asked for, port 135 is called, and the conversation is that of a scan up
 * to the login to the namespace. There it stops: nothing is read, and nothing is stored.
 *
 * A password that is wrong is sent once: the account rests for the trial with the first refusal.
 */

/**
 * RollTrialStep: the record at @place is there, or was changed: that a logon was refused may be known with the step behind it. In
 * the caller's main context; not any more once the trial has been finished.
 */
typedef void (*RollTrialStep) (guint place, const RollStepRecord *record, gpointer user_data);

/**
 * roll_trial_async:
 * @target: a name or an address, as a target of a scan
 * @options: port, name servers and times; copied
 * @step: (nullable): called with @user_data as well
 * @cancellable: ends it within a second
 */
void roll_trial_async (RollCredential *credential, const char *target, const RollScanOptions *options, RollTrialStep step,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);

/**
 * RollTrial: how it ended.
 * @computer: with its status, SUCCESS where the credential works, and where it stopped, in the terms of a scan
 * @attempt: all steps
 * @credential: that was tried
 */
typedef struct
{
  RollComputer *computer;
  RollAttempt *attempt;
  RollCredential *credential;
} RollTrial;

void roll_trial_free (RollTrial *trial);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollTrial, roll_trial_free)

/**
 * roll_trial_finish:
 *
 * Errors: G_IO_ERROR_CANCELLED; ROLL_TARGET_ERROR: @target is none; G_IO_ERROR_INVALID_ARGUMENT: it is more than one, or a name
 *   server is not an address; G_IO_ERROR_FAILED: this machine is short of something
 */
RollTrial *roll_trial_finish (GAsyncResult *result, GError **error);

/* What became of it, in the user's language. (transfer full) */
char *roll_trial_sentence (const RollTrial *trial);

G_END_DECLS
