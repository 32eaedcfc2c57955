/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "inventory/roll-credential.h"
#include "scan/roll-scan.h"

G_BEGIN_DECLS

/*
 * What a scan would do, said before it begins. Nothing is sent and nobody is asked, so that of a name and a network it
 * can only be said "maybe".
 */

/**
 * RollForecastFunc: one target.
 * @applying: (element-type RollCredential): those that may be tried on it, in order
 * @certain: (array): for each of them, whether its rules certainly fit, whatever the address of a name turns out to be
 *
 * Returns: FALSE to end
 */
typedef gboolean (*RollForecastFunc) (const RollTarget *target, GPtrArray *applying, const gboolean *certain,
                                      gpointer user_data);

void roll_forecast_foreach (RollTargetList *targets, GPtrArray *credentials, RollForecastFunc func, gpointer user_data);

/**
 * RollForecast:
 * @counts: (array length=n_credentials): on how many computers each may be tried
 * @n_without: computers that no credential applies to
 * @n_unsure: computers of which only their address tells
 * @silence_us: how long it takes when nobody answers and all is tried again
 * @inventory_us: how long it takes beside that when everybody lets us in, by experience; 0: none is taken
 */
typedef struct
{
  guint n_targets;
  guint n_names;
  guint n_public;
  guint n_credentials;
  guint *counts;
  guint n_without;
  guint n_unsure;
  gint64 silence_us;
  gint64 inventory_us;
} RollForecast;

/**
 * roll_forecast_new: run in a worker thread; a million computers take a second.
 * @credentials: (nullable) (element-type RollCredential)
 *
 * Returns: (nullable): NULL when cancelled
 */
RollForecast *roll_forecast_new (RollTargetList *targets, GPtrArray *credentials, const RollScanOptions *options,
                                 GCancellable *cancellable);
void roll_forecast_free (RollForecast *forecast);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (RollForecast, roll_forecast_free)

G_END_DECLS
