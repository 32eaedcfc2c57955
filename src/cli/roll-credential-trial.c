/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-credential-trial.h"

#include "cli/roll-evidence.h"
#include "cli/roll-interrupt.h"
#include "cli/roll-keyring.h"
#include "cli/roll-terminal.h"
#include "scan/roll-trial.h"

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static RollTrial *
run (RollCredential *credential, const char *computer, const RollScanOptions *options, GError **error)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;

  roll_interrupt_cancel_with (cancellable);
  roll_trial_async (credential, computer, options, NULL, cancellable, on_result, &result);
  while (!result)
    g_main_context_iteration (NULL, TRUE);
  return roll_trial_finish (result, error);
}

static void
print_steps (RollTrial *trial)
{
  g_autoptr (GPtrArray) attempts = g_ptr_array_new ();

  g_ptr_array_add (attempts, trial->attempt);
  roll_evidence_print (stdout, attempts);
  fputc ('\n', stdout);
  fflush (stdout);
}

RollExit
roll_credential_trial (const char *name, const char *computer, const RollScanOptions *options)
{
  char *names[] = { (char *) name, NULL };
  g_autoptr (GError) error = NULL;
  RollExit status = ROLL_EXIT_FAILED;
  g_autoptr (GPtrArray) credentials = roll_keyring_load (names, &status);

  if (!credentials)
    return status;
  g_autoptr (RollTrial) trial = run (g_ptr_array_index (credentials, 0), computer, options, &error);
  if (!trial && g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return ROLL_EXIT_STOPPED;
  if (!trial)
    {
      roll_terminal_error ("%s", error->message);
      return ROLL_EXIT_FAILED;
    }
  g_autofree char *sentence = roll_trial_sentence (trial);
  print_steps (trial);
  if (trial->computer->status != ROLL_STATUS_SUCCESS)
    {
      roll_terminal_error ("%s", sentence);
      return ROLL_EXIT_FAILED;
    }
  roll_terminal_print (stdout, "%s", sentence);
  return ROLL_EXIT_OK;
}
