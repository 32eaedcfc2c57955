/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-scan-credentials.h"

#include <glib/gi18n.h>

#include "cli/roll-keyring.h"
#include "cli/roll-terminal.h"
#include "lab/roll-lab.h"
#include "vault/roll-key-file.h"

static void
warn_of_none (void)
{
  roll_terminal_error (_ ("No credentials were given, so no inventory can be taken: computers that answer end as “%s”. "
                          "Give --credential NAME, --credentials FILE, or --probe-only to see only which computers answer."),
                       roll_status_label (ROLL_STATUS_NO_CREDENTIALS));
}

/* Without them what is left of the scan would be stored as failed. */
static GPtrArray *
refuse_resume (void)
{
  roll_terminal_error (_ ("Credentials are never stored with a scan, so one that goes on needs them again: add "
                          "--credential NAME or --credentials FILE."));
  return NULL;
}

/* The evidence of a scan knows credentials by their names. */
static gboolean
check_names (GPtrArray *first, GPtrArray *second)
{
  for (guint i = 0; i < first->len; i++)
    for (guint j = 0; j < second->len; j++)
      {
        const RollCredential *one = g_ptr_array_index (first, i);
        const RollCredential *other = g_ptr_array_index (second, j);

        if (g_strcmp0 (one->name, other->name) != 0)
          continue;
        roll_terminal_error (_ ("Both the keyring and the file of --credentials have a credential “%s”. Rename one."),
                             one->name);
        return FALSE;
      }
  return TRUE;
}

static GPtrArray *
read_file (const char *path)
{
  g_autoptr (GError) error = NULL;
  GPtrArray *read = roll_key_file_read (path, &error);

  if (!read)
    roll_terminal_error ("%s", error->message);
  return read;
}

static GPtrArray *
load_given (const RollScanArguments *arguments, RollExit *ret_exit)
{
  g_autoptr (GPtrArray) read = arguments->credentials ? read_file (arguments->credentials) : NULL;

  if (arguments->credentials && !read)
    return NULL;
  if (!arguments->keyring)
    return g_steal_pointer (&read);
  g_autoptr (GPtrArray) kept = roll_keyring_load (arguments->keyring, ret_exit);
  if (!kept || (read && !check_names (kept, read)))
    return NULL;
  for (guint i = 0; read && i < read->len; i++)
    g_ptr_array_add (kept, roll_credential_ref (g_ptr_array_index (read, i)));
  return g_steal_pointer (&kept);
}

GPtrArray *
roll_scan_credentials_load (const RollScanArguments *arguments, gboolean practice, gboolean probe_only, RollExit *ret_exit)
{
  *ret_exit = ROLL_EXIT_FAILED;
  roll_secret_forbid_dumps ();
  /* Those may be for Active Directory, which has been asked. */
  if ((arguments->credentials || arguments->keyring) && !(probe_only && arguments->directory.domain))
    return load_given (arguments, ret_exit);
  if (arguments->resume && !practice && !probe_only)
    return refuse_resume ();
  GPtrArray *credentials = g_ptr_array_new_with_free_func ((GDestroyNotify) roll_credential_unref);
  if (practice)
    g_ptr_array_add (credentials, roll_lab_new_credential ());
  else if (!probe_only)
    warn_of_none ();
  return credentials;
}
