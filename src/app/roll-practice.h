/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "app/roll-session.h"

G_BEGIN_DECLS

/* Starts the practice network in a worker thread and plans a scan of it; the network lives as long as the plan. */
void roll_practice_plan_async (GAsyncReadyCallback callback, gpointer user_data);
RollScanPlan *roll_practice_plan_finish (GAsyncResult *result, GError **error); /* (transfer full) */

/* The network of an earlier practice scan, as long as it is not let go with roll_practice_network_free(). */
typedef struct _RollPracticeNetwork RollPracticeNetwork;

/**
 * roll_practice_start_again_async: for a computer of @info, of a scan of the practice network, to be there once more.
 */
void roll_practice_start_again_async (const RollScanInfo *info, GAsyncReadyCallback callback, gpointer user_data);

/**
 * roll_practice_start_again_finish:
 *
 * Errors: G_IO_ERROR; ADDRESS_IN_USE: somebody has its port, be it a practice network that runs already
 */
RollPracticeNetwork *roll_practice_start_again_finish (GAsyncResult *result, GError **error);
void roll_practice_network_free (gpointer network); /* does not wait */

G_END_DECLS
