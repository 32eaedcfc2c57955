/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-scan-profile.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-terminal.h"

gboolean
roll_scan_profile_check (const RollScanArguments *a)
{
  gboolean more = a->targets.entries[0] || a->targets.files || a->directory.domain || a->targets.excludes || a->port ||
                  a->probes || a->jobs || a->network_jobs || a->watchdog || a->connect_timeout || a->rate || a->retries ||
                  a->retry_delay || a->logon_failures || a->logon_window || a->collect || a->skip || a->dns ||
                  a->dns_search || a->probe_only || a->practice || a->resume;

  if (!a->profile || !more)
    return TRUE;
  roll_arguments_wrong ("scan", _ ("--profile brings its own targets and options. Beside it only --credential, --credentials, "
                                   "--database, --name, --public, --csv, --csv-raw, --json and --dry-run have a meaning."));
  return FALSE;
}

static gboolean
take_credentials (RollScanArguments *arguments, const RollProfile *profile)
{
  if (arguments->keyring || arguments->credentials)
    return TRUE;
  if (profile->accounts == ROLL_PROFILE_ONCE)
    {
      roll_terminal_error (_ ("The profile “%s” logs on with an account whose password is kept nowhere: add --credential NAME or "
                              "--credentials FILE."), profile->name);
      return FALSE;
    }
  if (profile->accounts == ROLL_PROFILE_KEPT)
    arguments->keyring = g_strdupv (profile->credential_names);
  arguments->probe_only = profile->accounts == ROLL_PROFILE_NOBODY;
  return TRUE;
}

RollProfile *
roll_scan_profile_load (RollScanArguments *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (RollProfile) profile = roll_profile_load (arguments->profile, &error);

  if (!profile)
    {
      roll_terminal_error ("%s", error->message);
      return NULL;
    }
  if (!take_credentials (arguments, profile))
    return NULL;
  profile->options->probe_only = arguments->probe_only;
  return g_steal_pointer (&profile);
}

/* A scan of the rest would not be the same one. */
static gboolean
is_whole (const RollScanFormCheck *check)
{
  for (guint i = 0; i < check->problems->len; i++)
    {
      const RollFormProblem *problem = g_ptr_array_index (check->problems, i);

      if (problem->field == ROLL_FIELD_EXCLUSIONS || (problem->field == ROLL_FIELD_SOURCE && problem->line == 0))
        return FALSE;
    }
  return TRUE;
}

RollTargetList *
roll_scan_profile_get_targets (const RollProfile *profile, guint *ret_wrong)
{
  g_autoptr (RollScanFormCheck) check = roll_scan_form_check (profile->form);

  for (guint i = 0; i < check->problems->len; i++)
    {
      const RollFormProblem *problem = g_ptr_array_index (check->problems, i);
      g_autofree char *place = roll_form_problem_place (problem);

      if (problem->text)
        roll_terminal_print (stderr, _ ("%s: “%s”: %s"), place, problem->text, problem->reason);
      else
        roll_terminal_print (stderr, "%s: %s", place, problem->reason);
    }
  *ret_wrong = check->n_problems;
  if (is_whole (check) && check->n_targets > 0)
    return roll_target_list_ref (check->list);
  roll_terminal_error (_ ("The profile “%s” can’t be scanned so. Put it right in the window, or the file it reads."), profile->name);
  return NULL;
}
