/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan.h"

#include <glib/gi18n-lib.h>

#include "inventory/roll-collectors.h"
#include "scan/roll-logon-budget.h"
#include "scan/roll-resolver-config.h"
#include "scan/roll-sieve.h"

#define DEFAULT_JOBS 256
#define MAX_JOBS 65536
#define DEFAULT_NETWORK_JOBS 64
#define DEFAULT_WATCHDOG_MS 300000
#define DEFAULT_RETRIES 3
#define DEFAULT_RETRY_DELAY_MS 30000
#define MAX_RETRIES 1000

RollScanOptions *
roll_scan_options_new (void)
{
  RollScanOptions *options = g_new0 (RollScanOptions, 1);

  options->port = ROLL_SIEVE_PORT;
  options->probes = ROLL_SIEVE_PROBES;
  options->connect_timeout_ms = ROLL_SIEVE_CONNECT_TIMEOUT_MS;
  options->rate = ROLL_SIEVE_RATE;
  options->jobs = DEFAULT_JOBS;
  options->network_jobs = DEFAULT_NETWORK_JOBS;
  options->watchdog_ms = DEFAULT_WATCHDOG_MS;
  options->retries = DEFAULT_RETRIES;
  options->retry_delay_ms = DEFAULT_RETRY_DELAY_MS;
  options->logon_failures = ROLL_LOGON_FAILURES;
  options->logon_window_ms = ROLL_LOGON_WINDOW_MS;
  return options;
}

RollScanOptions *
roll_scan_options_copy (const RollScanOptions *options)
{
  RollScanOptions *copy;

  g_return_val_if_fail (options != NULL, NULL);

  copy = g_memdup2 (options, sizeof *options);
  copy->skipped = g_strdupv (options->skipped);
  copy->dns = g_strdupv (options->dns);
  copy->dns_search = g_strdupv (options->dns_search);
  return copy;
}

void
roll_scan_options_free (RollScanOptions *options)
{
  if (options == NULL)
    return;
  g_strfreev (options->skipped);
  g_strfreev (options->dns);
  g_strfreev (options->dns_search);
  g_free (options);
}

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, reason);
  return FALSE;
}

static gboolean
check_name_servers (const RollScanOptions *options, GError **error)
{
  const RollResolverOptions names = {
    .servers = (const char *const *) options->dns,
    .search = (const char *const *) options->dns_search,
  };
  g_autoptr (RollResolverConfig) config = NULL;

  if (options->dns == NULL && options->dns_search == NULL)
    return TRUE;
  config = roll_resolver_config_new (&names, error);
  return config != NULL;
}

static gboolean
check_collectors (const RollScanOptions *options, GError **error)
{
  guint n;
  const RollCollector *collectors = roll_collectors (&n);

  if (options->skipped == NULL)
    return TRUE;
  for (guint i = 0; i < n; i++)
    if (!g_strv_contains ((const char *const *) options->skipped, collectors[i].id))
      return TRUE;
  return refuse (error, _ ("Nothing is left to collect. Leave out less."));
}

gboolean
roll_scan_options_check (const RollScanOptions *options, GError **error)
{
  g_return_val_if_fail (options != NULL, FALSE);

  if (options->port == 0)
    return refuse (error, _ ("There is no port 0. Choose one from 1 to 65535."));
  if (options->side_ports > G_MAXUINT16 - 3)
    return refuse (error, _ ("Behind the first of the side ports there is no room for the others. Choose a lower one."));
  if (options->probes == 0)
    return refuse (error, _ ("Without connections nobody can be asked. Allow at least one at once."));
  if (options->connect_timeout_ms == 0)
    return refuse (error, _ ("Without time nobody can answer. Choose a longer connection time-out."));
  if (options->jobs == 0)
    return refuse (error, _ ("Without sessions nobody can be asked. Allow at least one at once."));
  if (options->jobs > MAX_JOBS)
    return refuse (error, _ ("These are too many sessions at once. Choose 65,536 at most."));
  if (options->watchdog_ms == 0)
    return refuse (error, _ ("Without time nobody can answer. Choose a longer watchdog time."));
  if (options->retries > MAX_RETRIES)
    return refuse (error, _ ("These are too many retries. Choose 1,000 at most."));
  if (options->logon_failures == 0)
    return refuse (error, _ ("Without a single refused logon no account can be tried. Allow at least one."));
  if (options->logon_failures > ROLL_LOGON_FAILURES_MAX)
    return refuse (error, _ ("So many refused logons lock any account. Choose 100 at most."));
  if (options->logon_window_ms == 0)
    return refuse (error, _ ("Refused logons have to be counted over some time. Choose at least a minute."));
  return check_collectors (options, error) && check_name_servers (options, error);
}

char *
roll_scan_options_to_text (const RollScanOptions *options)
{
  g_autoptr (GVariant) variant = NULL;
  GVariantDict dict;

  g_return_val_if_fail (options != NULL, NULL);

  g_variant_dict_init (&dict, NULL);
  g_variant_dict_insert (&dict, "port", "q", options->port);
  g_variant_dict_insert (&dict, "probes", "u", options->probes);
  g_variant_dict_insert (&dict, "connect-timeout-ms", "u", options->connect_timeout_ms);
  g_variant_dict_insert (&dict, "rate", "u", options->rate);
  g_variant_dict_insert (&dict, "jobs", "u", options->jobs);
  g_variant_dict_insert (&dict, "network-jobs", "u", options->network_jobs);
  g_variant_dict_insert (&dict, "watchdog-ms", "u", options->watchdog_ms);
  g_variant_dict_insert (&dict, "retries", "u", options->retries);
  g_variant_dict_insert (&dict, "retry-delay-ms", "u", options->retry_delay_ms);
  g_variant_dict_insert (&dict, "logon-failures", "u", options->logon_failures);
  g_variant_dict_insert (&dict, "logon-window-ms", "u", options->logon_window_ms);
  g_variant_dict_insert (&dict, "probe-only", "b", options->probe_only);
  g_variant_dict_insert (&dict, "no-side-probes", "b", options->no_side_probes);
  g_variant_dict_insert (&dict, "side-ports", "q", options->side_ports);
  if (options->skipped != NULL)
    g_variant_dict_insert (&dict, "skipped", "^as", options->skipped);
  if (options->dns != NULL)
    g_variant_dict_insert (&dict, "dns", "^as", options->dns);
  if (options->dns_search != NULL)
    g_variant_dict_insert (&dict, "dns-search", "^as", options->dns_search);

  variant = g_variant_ref_sink (g_variant_dict_end (&dict));
  return g_variant_print (variant, TRUE);
}

/* Missing keys keep their defaults, unknown ones are passed over: scans outlive versions of the program. */
RollScanOptions *
roll_scan_options_from_text (const char *text, GError **error)
{
  g_autoptr (RollScanOptions) options = roll_scan_options_new ();
  g_autoptr (GVariant) variant = NULL;
  GVariantDict dict;

  if (text != NULL)
    variant = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, NULL);
  if (variant == NULL)
    {
      refuse (error, _ ("What is stored of this scan’s options can’t be read. Start a new scan of its computers."));
      return NULL;
    }

  g_variant_dict_init (&dict, variant);
  g_variant_dict_lookup (&dict, "port", "q", &options->port);
  g_variant_dict_lookup (&dict, "probes", "u", &options->probes);
  g_variant_dict_lookup (&dict, "connect-timeout-ms", "u", &options->connect_timeout_ms);
  g_variant_dict_lookup (&dict, "rate", "u", &options->rate);
  g_variant_dict_lookup (&dict, "jobs", "u", &options->jobs);
  g_variant_dict_lookup (&dict, "network-jobs", "u", &options->network_jobs);
  g_variant_dict_lookup (&dict, "watchdog-ms", "u", &options->watchdog_ms);
  g_variant_dict_lookup (&dict, "retries", "u", &options->retries);
  g_variant_dict_lookup (&dict, "retry-delay-ms", "u", &options->retry_delay_ms);
  g_variant_dict_lookup (&dict, "logon-failures", "u", &options->logon_failures);
  g_variant_dict_lookup (&dict, "logon-window-ms", "u", &options->logon_window_ms);
  g_variant_dict_lookup (&dict, "probe-only", "b", &options->probe_only);
  g_variant_dict_lookup (&dict, "no-side-probes", "b", &options->no_side_probes);
  g_variant_dict_lookup (&dict, "side-ports", "q", &options->side_ports);
  g_variant_dict_lookup (&dict, "skipped", "^as", &options->skipped);
  g_variant_dict_lookup (&dict, "dns", "^as", &options->dns);
  g_variant_dict_lookup (&dict, "dns-search", "^as", &options->dns_search);
  g_variant_dict_clear (&dict);
  return roll_scan_options_check (options, error) ? g_steal_pointer (&options) : NULL;
}

guint
roll_scan_options_retries_of (const char *text)
{
  g_autoptr (RollScanOptions) options = roll_scan_options_from_text (text, NULL);

  return options != NULL ? options->retries : 0;
}

char *
roll_scan_status_text (const RollComputer *computer, guint retries)
{
  const char *label = roll_status_label (computer->status);

  if (computer->status != ROLL_STATUS_WAITING_FOR_RETRY || computer->attempts == 0 || computer->attempts > retries)
    return g_strdup (label);
  /* Translators: “Waiting for retry”, which one it will be, and how many there may be */
  return g_strdup_printf (_ ("%s (%u of %u)"), label, computer->attempts, retries);
}
