/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-scan-directory.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-interrupt.h"
#include "cli/roll-keyring.h"
#include "cli/roll-terminal.h"
#include "directory/roll-directory.h"
#include "vault/roll-key-file.h"

#define MAX_DAYS 36500

/* --- What was typed ------------------------------------------------------------------------------------------------ */

static gboolean
get_security (const RollScanDirectory *d, RollDirectorySecurity *ret_security)
{
  static const char *const words[] = { "starttls", "ldaps", "kerberos" };

  *ret_security = ROLL_DIRECTORY_STARTTLS;
  for (guint i = 0; d->security && i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (d->security, words[i]))
      {
        *ret_security = (RollDirectorySecurity) i;
        return TRUE;
      }
  if (!d->security)
    return TRUE;
  roll_arguments_wrong ("scan", _ ("--ad-security is starttls, ldaps or kerberos."));
  return FALSE;
}

static gboolean
get_filter (const RollScanDirectory *d, RollDirectoryFilter *ret_filter)
{
  *ret_filter = (RollDirectoryFilter) { .enabled_only = d->enabled, .system_text = d->system };
  if (!d->system || g_utf8_validate (d->system, -1, NULL))
    return roll_arguments_number ("scan", "--ad-logged-on", d->logged_on, 1, MAX_DAYS, &ret_filter->logged_on_days);
  roll_arguments_wrong ("scan", _ ("%s is not valid UTF-8 text."), "--ad-os");
  return FALSE;
}

static gboolean
is_wrong (const char *option, GError *error)
{
  roll_arguments_wrong ("scan", "%s: %s", option, error->message);
  g_error_free (error);
  return FALSE;
}

static gboolean
check_names (const RollScanDirectory *d)
{
  GError *error = NULL;

  if (!roll_directory_check_domain (d->domain, &error))
    return is_wrong ("--from-ad", error);
  if (d->server && !roll_directory_check_server (d->server, &error))
    return is_wrong ("--ad-server", error);
  for (char **text = d->accepted; text && *text; text++)
    {
      g_autofree char *fingerprint = roll_directory_fingerprint_parse (*text, &error);

      if (!fingerprint)
        return is_wrong ("--ad-accept-certificate", error);
    }
  for (char **base = d->bases; base && *base; base++)
    if (!g_utf8_validate (*base, -1, NULL) || **base == '\0')
      {
        roll_arguments_wrong ("scan", _ ("--ad-base is a place such as OU=Berlin,DC=corp,DC=example."));
        return FALSE;
      }
  return TRUE;
}

gboolean
roll_scan_directory_check (const RollScanArguments *arguments)
{
  const RollScanDirectory *d = &arguments->directory;
  RollDirectorySecurity security;
  RollDirectoryFilter filter;
  gboolean more = d->server || d->security || d->account || d->bases || d->enabled || d->logged_on || d->system || d->accepted;

  if (!d->domain && more)
    {
      roll_arguments_wrong ("scan", _ ("Which domain? The options that begin with --ad- go with --from-ad DOMAIN."));
      return FALSE;
    }
  return !d->domain || (get_security (d, &security) && get_filter (d, &filter) && check_names (d));
}

/* --- The account --------------------------------------------------------------------------------------------------- */

/* (transfer full) (nullable): by name; @name NULL: the first that a domain takes */
static RollCredential *
pick (GPtrArray *credentials, const char *name)
{
  for (guint i = 0; i < credentials->len; i++)
    {
      RollCredential *credential = g_ptr_array_index (credentials, i);

      if (name ? g_strcmp0 (credential->name, name) == 0 : !roll_credential_is_local (credential) && credential->password)
        return roll_credential_ref (credential);
    }
  return NULL;
}

/* FALSE: the file or the keyring is of no use, which was said. */
static gboolean
pick_from_file (const RollScanArguments *a, RollCredential **ret_credential)
{
  g_autoptr (GError) error = NULL;

  if (!a->credentials)
    return TRUE;
  g_autoptr (GPtrArray) credentials = roll_key_file_read (a->credentials, &error);
  if (!credentials)
    roll_terminal_error ("%s", error->message);
  else
    *ret_credential = pick (credentials, a->directory.account);
  return credentials != NULL;
}

static gboolean
pick_from_keyring (char **names, const char *name, RollCredential **ret_credential, RollExit *ret_exit)
{
  if (!names)
    return TRUE;
  g_autoptr (GPtrArray) credentials = roll_keyring_load (names, ret_exit);
  if (credentials)
    *ret_credential = pick (credentials, name);
  return credentials != NULL;
}

/* Named, it is looked for in the file first; otherwise the order is that in which the scan tries them. */
static gboolean
load_account (const RollScanArguments *a, RollDirectorySecurity security, RollCredential **ret_credential, RollExit *ret_exit)
{
  char *named[] = { a->directory.account, NULL };

  *ret_exit = ROLL_EXIT_FAILED;
  roll_secret_forbid_dumps ();
  if (a->directory.account && !pick_from_file (a, ret_credential))
    return FALSE;
  if (a->directory.account && a->credentials && !*ret_credential)
    roll_terminal_error (_ ("The file of --credentials has no credential “%s”. The keyring is asked for it."),
                         a->directory.account);
  if (a->directory.account)
    return *ret_credential || pick_from_keyring (named, a->directory.account, ret_credential, ret_exit);
  if (security == ROLL_DIRECTORY_KERBEROS)
    return TRUE;
  return pick_from_keyring (a->keyring, NULL, ret_credential, ret_exit) && (*ret_credential || pick_from_file (a, ret_credential));
}

/* (transfer full) (nullable) */
static RollDirectoryOptions *
get_options (const RollScanArguments *a, RollExit *ret_exit)
{
  g_autoptr (RollDirectoryOptions) options = roll_directory_options_new ();
  g_autoptr (GError) error = NULL;

  get_security (&a->directory, &options->security);
  options->domain = g_strdup (a->directory.domain);
  options->server = g_strdup (a->directory.server);
  options->name_servers = g_strdupv (a->dns);
  options->accepted = g_strdupv (a->directory.accepted);
  if (!load_account (a, options->security, &options->credential, ret_exit))
    return NULL;
  if (!options->credential && options->security != ROLL_DIRECTORY_KERBEROS)
    roll_terminal_error (_ ("Active Directory tells its computers only to an account of the domain. Add --ad-account NAME of a "
                            "credential in the keyring or in the file of --credentials, or --ad-security kerberos to use your "
                            "own tickets."));
  else if (!roll_directory_options_check (options, &error))
    roll_terminal_error ("%s", error->message);
  else
    return g_steal_pointer (&options);
  return NULL;
}

/* --- Asking -------------------------------------------------------------------------------------------------------- */

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
on_progress (RollDirectory *directory, guint n, gpointer user_data)
{
  if (!roll_terminal_is_live (stderr))
    return;
  g_autofree char *text = g_strdup_printf (ngettext ("%'u computer found…", "%'u computers found…", n), n);
  fprintf (stderr, "\r\033[K%s", text);
  fflush (stderr);
}

static void
end_progress (void)
{
  if (roll_terminal_is_live (stderr))
    fputs ("\r\033[K", stderr);
}

/* What a person needs to know before accepting it. */
static void
print_certificate (const RollDirectoryCertificate *certificate)
{
  g_autofree char *from = roll_terminal_time (certificate->not_before * G_USEC_PER_SEC);
  g_autofree char *until = roll_terminal_time (certificate->not_after * G_USEC_PER_SEC);

  roll_terminal_print (stderr, _ ("  Made for: %s"), certificate->names[0] ? certificate->names : certificate->subject);
  roll_terminal_print (stderr, _ ("  Subject:  %s"), certificate->subject);
  roll_terminal_print (stderr, _ ("  Issuer:   %s"), certificate->issuer);
  roll_terminal_print (stderr, _ ("  Valid:    %s to %s"), from, until);
  if (certificate->replaces)
    roll_terminal_print (stderr, _ ("  Accepted before: %s"), certificate->replaces);
  roll_terminal_print (stderr, _ ("To accept it this time, add --ad-accept-certificate %s"), certificate->fingerprint);
}

static RollExit
fail (RollDirectory *directory, const GError *error)
{
  const RollDirectoryCertificate *certificate = roll_directory_get_certificate (directory);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return ROLL_EXIT_STOPPED;
  roll_terminal_error ("%s", error->message);
  if (g_error_matches (error, ROLL_DIRECTORY_ERROR, ROLL_DIRECTORY_ERROR_CERTIFICATE) && certificate)
    print_certificate (certificate);
  return ROLL_EXIT_FAILED;
}

static RollDirectoryComputers *
ask (RollDirectory *directory, char **bases, RollExit *ret_exit)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  roll_interrupt_cancel_with (cancellable);
  g_signal_connect (directory, "progress", G_CALLBACK (on_progress), NULL);
  roll_directory_find_async (directory, (const char *const *) bases, cancellable, on_result, &result);
  while (!result)
    g_main_context_iteration (NULL, TRUE);
  end_progress ();
  RollDirectoryComputers *computers = roll_directory_find_finish (directory, result, &error);
  if (!computers)
    *ret_exit = fail (directory, error);
  return computers;
}

/* --- What was found ------------------------------------------------------------------------------------------------ */

static void
print_filters (const RollDirectoryFilter *filter, const RollDirectoryCounts *counts)
{
  if (filter->enabled_only)
    roll_terminal_print (stderr, _ ("  enabled: %'u of %'u"), counts->n_enabled, counts->n_found);
  if (filter->logged_on_days > 0)
    roll_terminal_print (stderr, _ ("  logged on within %u days: %'u of %'u (%'u never did)"), filter->logged_on_days,
                         counts->n_logged_on, counts->n_enabled, counts->n_never_logged_on);
  if (filter->system_text)
    roll_terminal_print (stderr, _ ("  operating system “%s”: %'u of %'u"), filter->system_text, counts->n_system,
                         counts->n_logged_on);
  if (counts->n_nameless > 0)
    roll_terminal_print (stderr, ngettext ("  %'u has no name that DNS can carry and is left out",
                                           "  %'u have no name that DNS can carry and are left out", counts->n_nameless),
                         counts->n_nameless);
}

static RollTargetSource *
take_found (RollDirectory *directory, RollDirectoryComputers *computers, const RollDirectoryFilter *filter)
{
  guint n_referrals = roll_directory_computers_get_n_referrals (computers);
  RollDirectoryCounts counts;
  g_autoptr (GPtrArray) passed =
      roll_directory_computers_filter (computers, filter, g_get_real_time () / G_USEC_PER_SEC, &counts);

  roll_terminal_print (stderr, ngettext ("%s: %'u computer found", "%s: %'u computers found", counts.n_found),
                       roll_directory_get_server (directory), counts.n_found);
  print_filters (filter, &counts);
  if (n_referrals > 0)
    roll_terminal_print (stderr, _ ("  Other domains were not asked; give each its own --from-ad in a scan of its own."));
  return roll_target_source_new_directory (passed, NULL);
}

RollTargetSource *
roll_scan_directory_find (const RollScanArguments *arguments, RollExit *ret_exit)
{
  RollDirectoryFilter filter;

  if (!arguments->directory.domain)
    {
      g_autoptr (GPtrArray) none = g_ptr_array_new ();
      return roll_target_source_new_directory (none, NULL);
    }
  *ret_exit = ROLL_EXIT_USAGE;
  if (!get_filter (&arguments->directory, &filter))
    return NULL;
  g_autoptr (RollDirectoryOptions) options = get_options (arguments, ret_exit);
  if (!options)
    return NULL;
  g_autoptr (RollDirectory) directory = roll_directory_new (options);
  g_autoptr (RollDirectoryComputers) computers = ask (directory, arguments->directory.bases, ret_exit);
  return computers ? take_found (directory, computers, &filter) : NULL;
}
