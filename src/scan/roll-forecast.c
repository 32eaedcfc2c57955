/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scan/roll-forecast.h"

#define INVENTORY_US (10 * G_USEC_PER_SEC) /* a busy computer behind a slow line; most take two */
#define LOOK_UP_EVERY 4096                 /* targets between two looks at the cancellable */

/* Its name alone says so, whatever its address turns out to be. */
static gboolean
is_certain (const RollCredential *credential, const RollTarget *target)
{
  const RollAddress in_no_network = { .family = AF_UNIX };

  return target->address.family != AF_UNSPEC || roll_credential_applies (credential, target->text, &in_no_network);
}

void
roll_forecast_foreach (RollTargetList *targets, GPtrArray *credentials, RollForecastFunc func, gpointer user_data)
{
  g_autoptr (GPtrArray) applying = g_ptr_array_new ();
  g_autofree gboolean *certain = g_new0 (gboolean, credentials->len + 1);
  RollTargetIter iter;
  RollTarget target;
  gboolean more = TRUE;

  roll_target_iter_init (&iter, targets, 0);
  while (more && roll_target_iter_next (&iter, &target))
    {
      g_ptr_array_set_size (applying, 0);
      for (guint i = 0; i < credentials->len; i++)
        {
          RollCredential *credential = credentials->pdata[i];

          if (!roll_credential_applies (credential, target.text, &target.address))
            continue;
          certain[applying->len] = is_certain (credential, &target);
          g_ptr_array_add (applying, credential);
        }
      more = func (&target, applying, certain, user_data);
    }
}

typedef struct
{
  RollForecast *forecast;
  GHashTable *places; /* of the credentials */
  GCancellable *cancellable;
} Counting;

static gboolean
count_target (const RollTarget *target, GPtrArray *applying, const gboolean *certain, gpointer user_data)
{
  Counting *counting = user_data;
  RollForecast *forecast = counting->forecast;
  gboolean sure = FALSE;

  if (target->address.family == AF_UNSPEC)
    forecast->n_names++;
  for (guint i = 0; i < applying->len; i++)
    {
      forecast->counts[GPOINTER_TO_UINT (g_hash_table_lookup (counting->places, applying->pdata[i]))]++;
      sure |= certain[i];
    }
  if (applying->len == 0)
    forecast->n_without++;
  else if (!sure)
    forecast->n_unsure++;
  return target->ordinal % LOOK_UP_EVERY != 0 || !g_cancellable_is_cancelled (counting->cancellable);
}

static gint64
estimate_silence (guint n, const RollScanOptions *options)
{
  gint64 timeout = (gint64) options->connect_timeout_ms * 1000;
  gint64 delay = (gint64) options->retry_delay_ms * 1000;
  gint64 by_rate = options->rate > 0 ? (gint64) n * G_USEC_PER_SEC / options->rate : 0;
  gint64 by_probes = (gint64) n * timeout / MAX (options->probes, 1);
  gint64 round = MAX (by_rate, by_probes) + timeout;

  return round + options->retries * (round + delay);
}

RollForecast *
roll_forecast_new (RollTargetList *targets, GPtrArray *credentials, const RollScanOptions *options,
                   GCancellable *cancellable)
{
  g_autoptr (RollForecast) forecast = g_new0 (RollForecast, 1);
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GHashTable) places = g_hash_table_new (NULL, NULL);
  Counting counting = { forecast, places, cancellable };

  g_return_val_if_fail (targets != NULL && options != NULL, NULL);

  if (credentials == NULL)
    credentials = none;
  for (guint i = 0; i < credentials->len; i++)
    g_hash_table_insert (places, credentials->pdata[i], GUINT_TO_POINTER (i));
  forecast->n_credentials = credentials->len;
  forecast->counts = g_new0 (guint, credentials->len + 1);
  forecast->n_targets = roll_target_list_get_count (targets);
  forecast->n_public = roll_target_list_get_n_public (targets);
  roll_forecast_foreach (targets, credentials, count_target, &counting);
  forecast->silence_us = estimate_silence (forecast->n_targets, options);
  if (!options->probe_only)
    forecast->inventory_us
        = ((forecast->n_targets - forecast->n_without) / MAX (options->jobs, 1) + 1) * (gint64) INVENTORY_US;
  return g_cancellable_is_cancelled (cancellable) ? NULL : g_steal_pointer (&forecast);
}

void
roll_forecast_free (RollForecast *forecast)
{
  if (forecast == NULL)
    return;
  g_free (forecast->counts);
  g_free (forecast);
}
