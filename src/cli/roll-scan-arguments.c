/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/roll-scan-arguments.h"

#include <glib/gi18n.h>

#include "cli/roll-arguments.h"
#include "cli/roll-database.h"
#include "cli/roll-scan-directory.h"
#include "cli/roll-scan-profile.h"
#include "inventory/roll-collectors.h"
#include "lab/roll-lab.h"
#include "scan/roll-logon-budget.h"
#include "scan/roll-resolver-config.h"

#define MAX_PROBES 65536
#define MAX_JOBS 65536
#define MAX_WATCHDOG_MS (24 * 3600 * 1000)
#define MAX_CONNECT_TIMEOUT_MS (300 * 1000)
#define MAX_RATE 1000000
#define MAX_RETRIES 3
#define MAX_RETRY_DELAY_MS (3600 * 1000)
#define MAX_LOGON_WINDOW_MINUTES (24 * 60)
#define MINUTE_MS (60 * 1000)
#define PRACTICE_RETRY_DELAY_MS 1000 /* nobody's network is busy there */

void
roll_scan_arguments_clear (RollScanArguments *arguments)
{
  g_strfreev (arguments->targets.entries);
  g_strfreev (arguments->targets.files);
  g_free (arguments->targets.column);
  g_strfreev (arguments->targets.excludes);
  g_free (arguments->directory.domain);
  g_free (arguments->directory.server);
  g_free (arguments->directory.security);
  g_free (arguments->directory.account);
  g_strfreev (arguments->directory.bases);
  g_free (arguments->directory.logged_on);
  g_free (arguments->directory.system);
  g_strfreev (arguments->directory.accepted);
  g_free (arguments->profile);
  g_free (arguments->database);
  g_free (arguments->name);
  g_free (arguments->csv);
  g_strfreev (arguments->collect);
  g_strfreev (arguments->skip);
  g_free (arguments->port);
  g_free (arguments->probes);
  g_free (arguments->jobs);
  g_free (arguments->watchdog);
  g_free (arguments->credentials);
  g_strfreev (arguments->keyring);
  g_free (arguments->connect_timeout);
  g_free (arguments->network_jobs);
  g_free (arguments->rate);
  g_free (arguments->retries);
  g_free (arguments->retry_delay);
  g_free (arguments->logon_failures);
  g_free (arguments->logon_window);
  g_strfreev (arguments->dns);
  g_strfreev (arguments->dns_search);
}

/* --resume=12 means --resume 12. (transfer full) */
static char **
split_resume (char **words)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (; *words; words++)
    if (g_str_has_prefix (*words, "--resume="))
      g_strv_builder_add_many (builder, "--resume", strchr (*words, '=') + 1, NULL);
    else
      g_strv_builder_add (builder, *words);
  return g_strv_builder_end (builder);
}

static const char *const description = N_ (
    "TARGET is a name, an address, a network (10.1.2.0/24) or a range (10.1.2.10-99).\n"
    "\n"
    "Exit status: 0 the scan ran to its end, whatever the statuses; 1 it could not run, also when no target\n"
    "is right; 2 wrong usage; 130 stopped by the user, what was collected is kept.");

static gboolean
parse (char **words, RollScanArguments *a, RollExit *ret_exit)
{
  const GOptionEntry entries[] = {
    { "targets", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->targets.files,
      N_ ("A file with one target per line, repeatable; - is standard input"), N_ ("FILE") },
    { "targets-column", 0, 0, G_OPTION_ARG_FILENAME, &a->targets.column,
      N_ ("The files are CSV; their targets stand in the column of this name or number"), N_ ("NAME") },
    { "exclude", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->targets.excludes,
      N_ ("Leave this out, repeatable; also a pattern such as *.lab.example"), N_ ("TARGET") },
    { "from-ad", 0, 0, G_OPTION_ARG_FILENAME, &a->directory.domain,
      N_ ("The computers that Active Directory knows in this domain, such as corp.example"), N_ ("DOMAIN") },
    { "ad-account", 0, 0, G_OPTION_ARG_FILENAME, &a->directory.account,
      N_ ("The credential to ask it with, of --credentials or the keyring; without it the first one given"), N_ ("NAME") },
    { "ad-server", 0, 0, G_OPTION_ARG_FILENAME, &a->directory.server,
      N_ ("Ask this domain controller instead of those in DNS"), N_ ("HOST[:PORT]") },
    { "ad-security", 0, 0, G_OPTION_ARG_FILENAME, &a->directory.security,
      N_ ("starttls (default), ldaps, or kerberos, which takes your own tickets unless there is --ad-account"), N_ ("HOW") },
    { "ad-accept-certificate", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->directory.accepted,
      N_ ("Trust the server's certificate with this fingerprint this time, repeatable"), N_ ("SHA256") },
    { "ad-base", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->directory.bases,
      N_ ("Only below this place, such as OU=Berlin,DC=corp,DC=example, repeatable"), N_ ("DN") },
    { "ad-enabled", 0, 0, G_OPTION_ARG_NONE, &a->directory.enabled, N_ ("Only accounts that are enabled"), NULL },
    { "ad-logged-on", 0, 0, G_OPTION_ARG_FILENAME, &a->directory.logged_on,
      N_ ("Only computers that may have logged on within so many days (noted with up to 14 days' delay)"), N_ ("DAYS") },
    { "ad-os", 0, 0, G_OPTION_ARG_FILENAME, &a->directory.system,
      N_ ("Only computers whose operating system has this in its name, such as “Windows 11”"), N_ ("TEXT") },
    { "profile", 0, 0, G_OPTION_ARG_FILENAME, &a->profile,
      N_ ("Scan again the same way: targets, options and credentials as this profile has them"), N_ ("NAME") },
    { "credentials", 0, 0, G_OPTION_ARG_FILENAME, &a->credentials,
      N_ ("A file with the accounts to log on with, which only you can read"), N_ ("FILE") },
    { "credential", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->keyring,
      N_ ("A credential of the keyring, repeatable, in order; before those of --credentials"), N_ ("NAME") },
    { "public", 0, 0, G_OPTION_ARG_NONE, &a->public, N_ ("Public addresses are meant: neither ask nor warn"),
      NULL },
    ROLL_DATABASE_OPTION (a->database),
    { "name", 0, 0, G_OPTION_ARG_FILENAME, &a->name, N_ ("The scan's name"), N_ ("TEXT") },
    { "csv", 0, 0, G_OPTION_ARG_FILENAME, &a->csv, N_ ("Write the results when done; - is standard output"),
      N_ ("FILE") },
    { "csv-raw", 0, 0, G_OPTION_ARG_NONE, &a->csv_raw,
      N_ ("Leave cells alone that a spreadsheet would take for a formula"), NULL },
    { "json", 0, 0, G_OPTION_ARG_NONE, &a->as_json,
      N_ ("Events and summary as JSON lines on standard output"), NULL },
    { "probe-only", 0, 0, G_OPTION_ARG_NONE, &a->probe_only,
      N_ ("Name and TCP port 135 only: no credential leaves this machine"), NULL },
    { "no-side-probes", 0, 0, G_OPTION_ARG_NONE, &a->no_side_probes,
      N_ ("Do not try ports 22, 445, 3389 and 5985 of computers that fail on 135, which helps to say why"), NULL },
    { "collect", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->collect,
      N_ ("Collect only this: hardware, software, Win32_Service and others, repeatable"), N_ ("ID[,ID…]") },
    { "skip", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->skip,
      N_ ("Do not collect this; software takes most of the time"), N_ ("ID[,ID…]") },
    { "port", 0, 0, G_OPTION_ARG_FILENAME, &a->port, N_ ("The endpoint mapper's port, default 135"),
      N_ ("N") },
    { "probes", 0, 0, G_OPTION_ARG_FILENAME, &a->probes, N_ ("Simultaneous connects, default 4096"),
      N_ ("N") },
    { "jobs", 0, 0, G_OPTION_ARG_FILENAME, &a->jobs,
      N_ ("Computers whose inventory is taken at the same time, default 256"), N_ ("N") },
    { "network-jobs", 0, 0, G_OPTION_ARG_FILENAME, &a->network_jobs,
      N_ ("The same in one network of 256 addresses, default 64; 0 is no limit"), N_ ("N") },
    { "rate", 0, 0, G_OPTION_ARG_FILENAME, &a->rate,
      N_ ("New connects a second to other networks, default 2000; 0 is no limit"), N_ ("N") },
    { "connect-timeout", 0, 0, G_OPTION_ARG_FILENAME, &a->connect_timeout,
      N_ ("How long to wait for an answer, default 3.5"), N_ ("SECONDS") },
    { "watchdog", 0, 0, G_OPTION_ARG_FILENAME, &a->watchdog,
      N_ ("How long a computer may send nothing before it is given up, default 300"), N_ ("SECONDS") },
    { "retries", 0, 0, G_OPTION_ARG_FILENAME, &a->retries,
      N_ ("Further attempts after an error that may pass, default 3"), N_ ("N") },
    { "retry-delay", 0, 0, G_OPTION_ARG_FILENAME, &a->retry_delay,
      N_ ("Pause before a computer's next attempt, default 30"), N_ ("SECONDS") },
    { "logon-failures", 0, 0, G_OPTION_ARG_FILENAME, &a->logon_failures,
      N_ ("Refused logons after which an account rests, default 2"), N_ ("N") },
    { "logon-window", 0, 0, G_OPTION_ARG_FILENAME, &a->logon_window,
      N_ ("How long refused logons count, default 30"), N_ ("MINUTES") },
    { "dns", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->dns,
      N_ ("Ask this name server instead of the system's, repeatable"), N_ ("ADDRESS[:PORT]") },
    { "dns-search", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &a->dns_search,
      N_ ("Complete short names with this domain, repeatable"), N_ ("DOMAIN") },
    { "dry-run", 0, 0, G_OPTION_ARG_NONE, &a->dry_run,
      N_ ("Only say which credentials would be tried on each target; no computer is asked"), NULL },
    { "practice", 0, 0, G_OPTION_ARG_NONE, &a->practice,
      N_ ("Scan the practice network, which exists only inside this program"), NULL },
    { "resume", 0, 0, G_OPTION_ARG_NONE, &a->resume,
      N_ ("Go on with a stopped or interrupted scan, the newest or number ID"), N_ ("[ID]") },
    G_OPTION_ENTRY_NULL,
  };
  g_auto (GStrv) split = split_resume (words);

  return roll_arguments_parse ("scan", entries, _ (description), split, &a->targets.entries, ret_exit);
}

static gboolean
has_targets (const RollScanArguments *a)
{
  return a->targets.entries[0] || a->targets.files || a->directory.domain;
}

/* A stored scan goes on as it was begun. */
static gboolean
check_resume (const RollScanArguments *a)
{
  gboolean more = a->targets.files || a->directory.domain || a->targets.excludes || a->public || a->name || a->port || a->probes || a->jobs ||
                  a->network_jobs || a->watchdog || a->connect_timeout || a->rate || a->retries || a->retry_delay || a->logon_failures ||
                  a->logon_window || a->collect || a->skip || a->dns || a->dns_search || a->probe_only || a->no_side_probes || a->dry_run || a->practice;

  if (!a->resume || !more)
    return TRUE;
  roll_arguments_wrong ("scan", _ ("--resume goes on with the scan's own targets and options. Beside it only "
                                   "--credential, --credentials, --database, --csv, --csv-raw and --json have a meaning."));
  return FALSE;
}

static gboolean
check_column (const RollScanArguments *a)
{
  if (!a->targets.column || a->targets.files)
    return TRUE;
  roll_arguments_wrong ("scan", _ ("--targets-column says which column of a CSV file to read. Name the file with --targets FILE."));
  return FALSE;
}

static gboolean
check_practice (const RollScanArguments *a)
{
  if (!a->practice || !(has_targets (a) || a->targets.excludes || a->port || a->dns || a->dns_search))
    return TRUE;
  roll_arguments_wrong ("scan",
                        _ ("--practice brings its own computers, port and name server. Leave out TARGET, "
                           "--targets, --from-ad, --exclude, --port, --dns and --dns-search."));
  return FALSE;
}

static gboolean
check_probe_only (const RollScanArguments *a)
{
  gboolean logs_on = (a->credentials || a->keyring) && !a->directory.domain;

  if (!a->probe_only || !(logs_on || a->collect || a->skip || a->jobs || a->network_jobs || a->watchdog))
    return TRUE;
  roll_arguments_wrong ("scan", _ ("--probe-only logs on nowhere. Leave out --credential, --credentials, --collect, "
                                   "--skip, --jobs, --network-jobs and --watchdog, or --probe-only."));
  return FALSE;
}

static gboolean
check_dry_run (const RollScanArguments *a)
{
  if (!a->dry_run || !(a->practice || a->probe_only || a->csv))
    return TRUE;
  roll_arguments_wrong ("scan", _ ("--dry-run asks no computer. Leave out --practice, --probe-only and --csv, or --dry-run."));
  return FALSE;
}

static gboolean
check_name_servers (const RollScanArguments *a)
{
  const RollResolverOptions options = {
    .servers = (const char *const *) a->dns,
    .search = (const char *const *) a->dns_search,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (RollResolverConfig) config = roll_resolver_config_new (&options, &error);

  if (!config)
    roll_arguments_wrong ("scan", "%s", error->message);
  return config != NULL;
}

static gboolean
check_text (const char *option, const char *text)
{
  if (!text || g_utf8_validate (text, -1, NULL))
    return TRUE;
  roll_arguments_wrong ("scan", _ ("%s is not valid UTF-8 text."), option);
  return FALSE;
}

static gboolean
check (const RollScanArguments *a)
{
  if (!check_text ("--profile", a->profile) || !roll_scan_profile_check (a) || !check_resume (a) || !check_practice (a) || !check_probe_only (a) || !check_dry_run (a) ||
      !roll_scan_directory_check (a) || !check_column (a) ||
      !check_text ("--name", a->name) || !check_text ("--targets-column", a->targets.column) ||
      !check_name_servers (a))
    return FALSE;
  if (a->as_json && g_strcmp0 (a->csv, "-") == 0)
    {
      roll_arguments_wrong ("scan", _ ("--json and --csv - both want standard output. Give --csv a file."));
      return FALSE;
    }
  if (a->resume || a->practice || a->profile || has_targets (a))
    return TRUE;
  roll_arguments_wrong ("scan", _ ("What shall be scanned? Name a computer, an address, a network such as "
                                   "10.1.2.0/24, --targets FILE, or --practice to try it out."));
  return FALSE;
}

gboolean
roll_scan_arguments_parse (char **words, RollScanArguments *arguments, RollExit *ret_exit)
{
  if (!parse (words, arguments, ret_exit))
    return FALSE;
  *ret_exit = ROLL_EXIT_USAGE;
  return check (arguments);
}

/* (transfer full) (nullable) */
static char **
split_ids (char **lists)
{
  g_autofree char *all = lists ? g_strjoinv (",", lists) : NULL;

  return all ? g_strsplit (all, ",", -1) : NULL;
}

static gboolean
read_choice (const RollScanArguments *a, RollScanOptions *options)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) collect = split_ids (a->collect);
  g_auto (GStrv) skip = split_ids (a->skip);

  if (roll_collectors_choose ((const char *const *) collect, (const char *const *) skip, &options->skipped, &error))
    return TRUE;
  roll_arguments_wrong ("scan", "%s", error->message);
  return FALSE;
}

RollScanOptions *
roll_scan_arguments_get_options (const RollScanArguments *a)
{
  g_autoptr (RollScanOptions) options = roll_scan_options_new ();
  guint port = options->port;
  guint window = options->logon_window_ms / MINUTE_MS;

  if (a->practice)
    {
      options->retry_delay_ms = PRACTICE_RETRY_DELAY_MS;
      options->watchdog_ms = ROLL_LAB_WATCHDOG_MS;
    }
  if (!roll_arguments_number ("scan", "--port", a->port, 1, G_MAXUINT16, &port) ||
      !roll_arguments_number ("scan", "--probes", a->probes, 1, MAX_PROBES, &options->probes) ||
      !roll_arguments_number ("scan", "--jobs", a->jobs, 1, MAX_JOBS, &options->jobs) ||
      !roll_arguments_number ("scan", "--network-jobs", a->network_jobs, 0, MAX_JOBS, &options->network_jobs) ||
      !roll_arguments_number ("scan", "--rate", a->rate, 0, MAX_RATE, &options->rate) ||
      !roll_arguments_number ("scan", "--retries", a->retries, 0, MAX_RETRIES, &options->retries) ||
      !roll_arguments_seconds ("scan", "--connect-timeout", a->connect_timeout, 100, MAX_CONNECT_TIMEOUT_MS,
                               &options->connect_timeout_ms) ||
      !roll_arguments_seconds ("scan", "--watchdog", a->watchdog, 1000, MAX_WATCHDOG_MS, &options->watchdog_ms) ||
      !roll_arguments_seconds ("scan", "--retry-delay", a->retry_delay, 0, MAX_RETRY_DELAY_MS,
                               &options->retry_delay_ms) ||
      !roll_arguments_number ("scan", "--logon-failures", a->logon_failures, 1, ROLL_LOGON_FAILURES_MAX,
                              &options->logon_failures) ||
      !roll_arguments_number ("scan", "--logon-window", a->logon_window, 1, MAX_LOGON_WINDOW_MINUTES, &window) ||
      !read_choice (a, options))
    return NULL;
  options->logon_window_ms = window * MINUTE_MS;
  options->port = (guint16) port;
  options->probe_only = a->probe_only;
  options->no_side_probes = a->no_side_probes;
  options->dns = g_strdupv (a->dns);
  options->dns_search = g_strdupv (a->dns_search);
  return g_steal_pointer (&options);
}
