/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-scan.h"

#include "scan/roll-sieve.h"

#define DEFAULT_RETRIES 3
#define DEFAULT_RETRY_DELAY_MS 30000

RollScanOptions *
roll_scan_options_new (void)
{
  RollScanOptions *options = g_new0 (RollScanOptions, 1);

  options->port = ROLL_SIEVE_PORT;
  options->probes = ROLL_SIEVE_PROBES;
  options->connect_timeout_ms = ROLL_SIEVE_CONNECT_TIMEOUT_MS;
  options->rate = ROLL_SIEVE_RATE;
  options->retries = DEFAULT_RETRIES;
  options->retry_delay_ms = DEFAULT_RETRY_DELAY_MS;
  return options;
}

RollScanOptions *
roll_scan_options_copy (const RollScanOptions *options)
{
  RollScanOptions *copy;

  g_return_val_if_fail (options != NULL, NULL);

  copy = g_memdup2 (options, sizeof *options);
  copy->dns = g_strdupv (options->dns);
  copy->dns_search = g_strdupv (options->dns_search);
  return copy;
}

void
roll_scan_options_free (RollScanOptions *options)
{
  if (options == NULL)
    return;
  g_strfreev (options->dns);
  g_strfreev (options->dns_search);
  g_free (options);
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
  g_variant_dict_insert (&dict, "retries", "u", options->retries);
  g_variant_dict_insert (&dict, "retry-delay-ms", "u", options->retry_delay_ms);
  g_variant_dict_insert (&dict, "probe-only", "b", options->probe_only);
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

  g_return_val_if_fail (text != NULL, NULL);

  variant = g_variant_parse (G_VARIANT_TYPE_VARDICT, text, NULL, NULL, error);
  if (variant == NULL)
    return NULL;

  g_variant_dict_init (&dict, variant);
  g_variant_dict_lookup (&dict, "port", "q", &options->port);
  g_variant_dict_lookup (&dict, "probes", "u", &options->probes);
  g_variant_dict_lookup (&dict, "connect-timeout-ms", "u", &options->connect_timeout_ms);
  g_variant_dict_lookup (&dict, "rate", "u", &options->rate);
  g_variant_dict_lookup (&dict, "retries", "u", &options->retries);
  g_variant_dict_lookup (&dict, "retry-delay-ms", "u", &options->retry_delay_ms);
  g_variant_dict_lookup (&dict, "probe-only", "b", &options->probe_only);
  g_variant_dict_lookup (&dict, "dns", "^as", &options->dns);
  g_variant_dict_lookup (&dict, "dns-search", "^as", &options->dns_search);
  g_variant_dict_clear (&dict);
  return g_steal_pointer (&options);
}
