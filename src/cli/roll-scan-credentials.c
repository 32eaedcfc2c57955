/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-scan-credentials.h"

#include <glib/gi18n.h>

#include "cli/roll-terminal.h"
#include "lab/roll-lab.h"
#include "vault/roll-key-file.h"

static void
warn_of_none (void)
{
  roll_terminal_error (_ ("No credentials were given, so no inventory can be taken: computers that answer end as “%s”. "
                          "Give --credentials FILE, or --probe-only to see only which computers answer."),
                       roll_status_label (ROLL_STATUS_NO_CREDENTIALS));
}

/* Without them what is left of the scan would be stored as failed. */
static GPtrArray *
refuse_resume (void)
{
  roll_terminal_error (_ ("Credentials are never stored, so a scan that goes on needs them again: add --credentials FILE."));
  return NULL;
}

GPtrArray *
roll_scan_credentials_load (const RollScanArguments *arguments, gboolean practice, gboolean probe_only)
{
  g_autoptr (GError) error = NULL;

  roll_secret_forbid_dumps ();
  if (arguments->credentials)
    {
      GPtrArray *read = roll_key_file_read (arguments->credentials, &error);
      if (!read)
        roll_terminal_error ("%s", error->message);
      return read;
    }
  if (arguments->resume && !practice && !probe_only)
    return refuse_resume ();
  GPtrArray *credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  if (practice)
    g_ptr_array_add (credentials, roll_lab_new_credential ());
  else if (!probe_only)
    warn_of_none ();
  return credentials;
}
